"""heroicons' own tags, each icon drawn once: they build it anew from its file for each use, which
takes longer than a whole line of the cart.
"""

from functools import cache

from django import template
from heroicons.templatetags import heroicons

register = template.Library()

heroicon_mini = cache(heroicons.heroicon_mini)
heroicon_outline = cache(heroicons.heroicon_outline)
heroicon_solid = cache(heroicons.heroicon_solid)

for draw in (heroicon_mini, heroicon_outline, heroicon_solid):
    register.simple_tag(draw, name=draw.__name__)
