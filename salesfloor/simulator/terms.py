"""What a sale refers to: discounts and taxes."""

from .actions import Action
from .errors import ApiError
from .resources import Resource
from .store import Record


def check_discount(record: Record) -> None:
    """Raises ApiError for a discount of more than the price, or less than nothing."""
    percent = record.get("discountPercent", 0)
    if not 0 <= percent <= 1 or record.get("discountAmount", 0) < 0:
        raise ApiError(400, "The discount is out of range.")


class DiscountResource(Resource):
    entity_name = "Discount"

    def check(self, record: Record, done: str) -> None:
        super().check(record, done)
        if record["discountAmount"] and record["discountPercent"]:
            raise ApiError(400, "A discount is either an amount or a percentage.")
        check_discount(record)


class TaxClassResource(Resource):
    entity_name = "TaxClass"

    def delete(self, key: int) -> None:
        if self.store.find("Item", taxClassID=key):
            raise ApiError(400, "Tax class not deleted. It is in use.")
        super().delete(key)


RESOURCES: tuple[type[Resource], ...] = (
    DiscountResource,
    TaxClassResource,
)
ACTIONS: tuple[Action, ...] = ()
