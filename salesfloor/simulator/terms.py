"""What a sale refers to: discounts and taxes."""

from .actions import Action
from .description import Entity
from .entities import ENTITIES
from .errors import ApiError
from .resources import Resource
from .store import Record, Store


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


class TaxCategoryResource(Resource):
    entity_name = "TaxCategory"

    def delete(self, key: int) -> None:
        check_unused(self.store, self.entity, key, save=("TaxCategoryClass",))
        super().delete(key)
        for override in self.store.find("TaxCategoryClass", taxCategoryID=key):
            self.store.remove("TaxCategoryClass", override["taxCategoryClassID"])


class TaxClassResource(Resource):
    entity_name = "TaxClass"

    def delete(self, key: int) -> None:
        check_unused(self.store, self.entity, key)
        super().delete(key)


def check_unused(store: Store, entity: Entity, key: int, save: tuple[str, ...] = ()) -> None:
    """Raises ApiError where any record names this one, but for those of the entities in `save`."""
    for other in ENTITIES:
        names = {field.name for field in other.fields}
        if entity.key not in names or other.name in (entity.name, *save):
            continue
        sql = f'SELECT 1 FROM "{other.name}" WHERE "{entity.key}" = ? LIMIT 1'  # noqa: S608
        if store.execute(sql, (key,)):
            raise ApiError(400, f"{entity.name} not deleted. It is in use by {other.shown_as}.")


RESOURCES: tuple[type[Resource], ...] = (
    DiscountResource,
    TaxCategoryResource,
    TaxClassResource,
)
ACTIONS: tuple[Action, ...] = ()
