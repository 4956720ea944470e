"""What was left to Lightspeed, told on pages that know nothing else of it."""

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from salesfloor.elsewhere import finding
from salesfloor.elsewhere.models import KeptCart
from salesfloor.sales import papers
from salesfloor.staff import clock
from salesfloor.staff.models import Rep

register = template.Library()


@register.simple_tag
def just_kept(rep: Rep) -> KeptCart | None:
    kept: KeptCart | None = rep.account.kept_carts.for_work().just_kept(rep, clock.now())
    return kept


@register.simple_tag
def paper(rep: Rep, number: str) -> papers.Paper | None:
    """The receipt, quote or slip that has this number, if it looks like one."""
    kept = finding.by_number(rep, number)
    if kept is None:
        return papers.paper(rep, number)
    words = _("Open quote %(number)s") if kept.is_quote else _("Open till slip %(number)s")
    return papers.Paper(reverse("elsewhere:kept_cart", args=[kept.pk]), words % {"number": number})
