"""What the customer takes away, offered on pages that know nothing else of receipts."""

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from salesfloor.receipts import code128
from salesfloor.receipts.offers import offers
from salesfloor.sales.models import Sale

register = template.Library()


@register.inclusion_tag("receipts/_offers.html")
def receipt_offers(sale: Sale, *, is_shown: bool = False) -> dict[str, Any]:
    """`is_shown`: on the page of the receipt itself."""
    return offers(sale) | {"is_shown": is_shown}


@register.filter
def barcode(number: str) -> SafeString:
    """Code 128, drawn in the page itself. ValueError for what is not printable ASCII."""
    return mark_safe(code128.svg(number))  # noqa: S308 (drawn of numbers alone)
