"""What the number on a receipt or a slip opens, scanned or typed."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from salesfloor.lightspeed import tickets
from salesfloor.sales.models import ORDER_PREFIX, REFERENCE_PREFIX
from salesfloor.staff.models import Rep


@dataclass(frozen=True)
class Paper:
    url: str
    words: str  # of a link to it


def is_order_slip(number: str) -> bool:
    return number.upper().startswith(ORDER_PREFIX)


def paper(rep: Rep, number: str) -> Paper | None:
    """By its form alone: whether there is one, its page tells."""
    if is_order_slip(number):
        url = f"{reverse('orders:find')}?{urlencode({'slip': number})}"
        return Paper(url, _("Open slip %(number)s") % {"number": number})
    if tickets.sale_id_of(number) is None and not number.startswith(REFERENCE_PREFIX):
        return None
    page = reverse("elsewhere:scanned" if _is_kept(rep, number) else "returns:find")
    url = f"{page}?{urlencode({'number': number})}"
    return Paper(url, _("Open ticket %(number)s") % {"number": number})


def _is_kept(rep: Rep, number: str) -> bool:
    """Whether the ticket is of a cart that was left to Lightspeed, for a till or as a quote."""
    drafts = rep.account.drafts.kept()
    return bool(drafts.filter(sale_lightspeed_id=tickets.sale_id_of(number) or 0).exists())
