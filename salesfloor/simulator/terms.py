"""What a sale refers to: discounts and taxes."""

from .actions import Action
from .errors import ApiError
from .resources import Resource
from .store import Record


class DiscountResource(Resource):
    entity_name = "Discount"

    def check(self, record: Record, done: str) -> None:
        super().check(record, done)
        amount, percent = record["discountAmount"], record["discountPercent"]
        if amount and percent:
            raise ApiError(400, "A discount is either an amount or a percentage.")
        if amount < 0 or not 0 <= percent <= 1:
            raise ApiError(400, "The discount is out of range.")


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
