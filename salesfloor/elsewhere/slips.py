"""What a quote, or a slip for the till, says of its cart."""

from typing import Any

from salesfloor.money import to_cents
from salesfloor.receipts.taxes import taxes
from salesfloor.sales.models import Sale


def slip(sale: Sale) -> dict[str, Any]:
    """By our own arithmetic, as the cart was left; the total is Lightspeed's where it told one."""
    category = sale.tax_category
    names = (category.tax1_name, category.tax2_name) if category else ("", "")
    is_inclusive = bool(category and category.is_tax_inclusive)
    return {
        "sale": sale,
        "shop": sale.shop,
        "currency": sale.account.currency,
        "lines": sale.live_lines,
        "subtotal": to_cents(sale.totals.subtotal - sale.totals.discount),
        "is_inclusive": is_inclusive,
        "taxes": taxes((line.priced for line in sale.live_lines), names, included=is_inclusive),
    }
