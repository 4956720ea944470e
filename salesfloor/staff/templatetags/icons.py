"""heroicons' own tags, each icon drawn once: they build it anew from its file for each use, which
takes longer than a whole line of the cart.
"""

from functools import cache

from django import template
from heroicons.templatetags import heroicons

register = template.Library()

for draw in (heroicons.heroicon_mini, heroicons.heroicon_outline, heroicons.heroicon_solid):
    register.simple_tag(cache(draw), name=draw.__name__)
