"""What the customer takes away, offered on pages that know nothing else of receipts."""

from typing import Any

from django import template

from salesfloor.receipts.offers import offers
from salesfloor.sales.models import Sale

register = template.Library()


@register.inclusion_tag("receipts/_offers.html")
def receipt_offers(sale: Sale, *, is_shown: bool = False) -> dict[str, Any]:
    """`is_shown`: on the page of the receipt itself."""
    return offers(sale) | {"is_shown": is_shown}
