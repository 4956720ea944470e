"""What the customer takes away, offered on pages that know nothing else of receipts."""

from typing import Any

from django import template

from salesfloor.receipts.offers import offers
from salesfloor.sales.models import Sale

register = template.Library()


@register.inclusion_tag("receipts/_offers.html")
def receipt_offers(sale: Sale) -> dict[str, Any]:
    return offers(sale)
