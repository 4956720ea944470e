"""What can be done with the receipt of a sale, and what is known of its e-mail."""

from typing import Any
from uuid import uuid4

from salesfloor.sales.models import Sale


def offers(sale: Sale) -> dict[str, Any]:
    """What `receipts/_offers.html` shows."""
    wish = sale.email_receipts.order_by("-pk").first()
    return {
        "sale": sale,
        "wish": wish,
        "address": "" if wish or not sale.customer else sale.customer.email,
        "action_id": uuid4(),
        "refusal": "",
    }
