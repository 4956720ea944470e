"""The slips of what is kept, on pages that know nothing else of it."""

from typing import Any

from django import template

from salesfloor.sales.models import Sale

register = template.Library()


@register.inclusion_tag("orders/_slips.html")
def order_slips(sale: Sale) -> dict[str, Any]:
    """Of orders whose deposit is paid with this sale."""
    orders = sale.account.orders.filter(deposit_load__sale=sale)
    return {"orders": orders.order_by("pk")}
