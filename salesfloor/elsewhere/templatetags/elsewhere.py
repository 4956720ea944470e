"""What the rep has just left to Lightspeed, told on a cart that knows nothing else of it."""

from django import template

from salesfloor.elsewhere.models import KeptCart
from salesfloor.staff import clock
from salesfloor.staff.models import Rep

register = template.Library()


@register.simple_tag
def just_kept(rep: Rep) -> KeptCart | None:
    kept: KeptCart | None = rep.account.kept_carts.for_work().just_kept(rep, clock.now())
    return kept
