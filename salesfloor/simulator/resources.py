"""Creating, changing and deleting any entity as its description says, and where some differ."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from . import upkeep, wire
from .description import Embedded, Entity, ToMany, ToOne
from .errors import ApiError, not_found
from .store import Record

if TYPE_CHECKING:
    from .simulation import Simulation


class Resource:
    """One entity's writes; subclasses are for entities whose records have rules of their own."""

    entity_name: ClassVar[str] = ""

    def __init__(self, simulation: "Simulation", entity: Entity) -> None:
        self.simulation = simulation
        self.store = simulation.store
        self.switches = simulation.switches
        self.entity = entity
        self.zone = simulation.zone()

    def existing(self, key: int) -> Record:
        record = self.store.get(self.entity.name, key)
        if record is None:
            raise not_found(self.entity.name, key)
        return record

    # --- What the API calls -----------------------------------------------------------

    def create(self, body: Record, fixed: Record) -> int:
        """`fixed`: fields the URL has settled. The new record's id."""
        values = self.read(body, "C") | fixed
        self.check({**self._defaults(), **values}, "created")
        for relation in self.entity.relations:
            if isinstance(relation, Embedded) and relation.writable and relation.name in body:
                values[relation.name] = self._merged(relation, None, body[relation.name])
        values |= self._write_owned({}, body)
        key = self.store.add(self.entity.name, values)
        self._write_children(key, body)
        self.saved(key, new=True)
        return key

    def update(self, key: int, body: Record, fixed: Record | None = None) -> None:
        before = self.existing(key)
        values = self.read(body, "U") | (fixed or {})
        self.check({**before, **values}, "updated")
        for relation in self.entity.relations:
            if isinstance(relation, Embedded) and relation.writable and relation.name in body:
                current = before[relation.name]
                values[relation.name] = self._merged(relation, current, body[relation.name])
        values |= self._write_owned(before, body)
        self.store.change(self.entity.name, key, values)
        self._write_children(key, body)
        self.saved(key, new=False)

    def delete(self, key: int) -> None:
        self.existing(key)
        if self.entity.archives:
            self.store.change(self.entity.name, key, {"archived": True})
        else:
            self.store.remove(self.entity.name, key)

    # --- What subclasses add to -------------------------------------------------------

    def check(self, record: Record, done: str) -> None:
        """Refuses a record, as it would be after the write."""
        for name, message in self.entity.required:
            if not str(record[name]).strip():
                raise ApiError(400, message.format(done=done))

    def saved(self, key: int, *, new: bool) -> None:
        """Follows up a write."""

    # --- Reading a body ---------------------------------------------------------------

    def read(self, body: Record, rule: str) -> Record:
        """The body's fields that may be written; others are ignored, as Lightspeed does."""
        return {
            field.name: wire.read(field, body[field.name], self.zone)
            for field in self.entity.fields
            if rule in field.write and field.name in body
        }

    def _defaults(self) -> Record:
        return {field.name: field.default for field in self.entity.fields}

    def _merged(self, relation: Embedded, current: Any, given: Any) -> Any:
        """An embedded thing after a write. Entries of a list are found again by `match`."""
        if not relation.fields:
            return given
        if not relation.item:
            return {**(current or {}), **self._entry(relation, given or {})}
        entries = [self._entry(relation, entry) for entry in wire.entries(given, relation.item)]
        if not relation.match:
            return {relation.item: entries}
        merged = [dict(entry) for entry in current or []]
        for entry in entries:
            same = next((old for old in merged if self._same(relation, old, entry)), None)
            if same is None:
                merged.append(dict(entry))
            else:
                same.update(entry)
        return {relation.item: merged}

    def _entry(self, relation: Embedded, given: Any) -> Record:
        if not isinstance(given, dict):
            raise ApiError(400, f"{relation.name} must be an object.")
        return {
            field.name: wire.read(field, given[field.name], self.zone)
            for field in relation.fields
            if field.name in given
        }

    def _same(self, relation: Embedded, old: Record, new: Record) -> bool:
        return any(
            name in old and name in new and str(old[name]) == str(new[name])
            for name in relation.match
        )

    def _write_owned(self, before: Record, body: Record) -> Record:
        """Writes nested records that live inside this one; the keys to keep of them."""
        keys: Record = {}
        for relation in self.entity.relations:
            if not isinstance(relation, ToOne) or not relation.owned:
                continue
            given = body.get(relation.name)
            if not isinstance(given, dict):
                continue
            owned = self.simulation.resource(relation.entity)
            if key := before.get(relation.by):
                owned.update(int(key), given)
            else:
                keys[relation.by] = owned.create(given, {})
        return keys

    def _write_children(self, key: int, body: Record) -> None:
        for relation in self.entity.relations:
            if isinstance(relation, ToMany) and relation.writable and relation.name in body:
                for child in wire.entries(body[relation.name], relation.entity):
                    self.write_child(relation, key, child)

    def write_child(self, relation: ToMany, key: int, child: Record) -> None:
        """With its key, or what `match` says is as good, a child is changed; else appended."""
        resource = self.simulation.resource(relation.entity)
        child_key = wire.read(resource.entity.fields[0], child.get(resource.entity.key), self.zone)
        same: Sequence[Record] = []
        if child_key:
            same = self.store.find(
                relation.entity, **{resource.entity.key: child_key, relation.by: key}
            )
            if not same:
                raise not_found(relation.entity, child_key)
        elif relation.match and relation.match in child:
            same = self.store.find(
                relation.entity, **{relation.by: key, relation.match: child[relation.match]}
            )
        fixed = {
            field.name: wire.read(field, child[field.name], self.zone)
            for field in resource.entity.fields
            if field.name in (*relation.nested_only, relation.match) and field.name in child
        }
        if same:
            resource.update(int(same[0][resource.entity.key]), child, fixed)
        else:
            resource.create(child, {**fixed, relation.by: key})


class ItemResource(Resource):
    entity_name = "Item"

    def update(self, key: int, body: Record, fixed: Record | None = None) -> None:
        # A PUT can only bring an item back; archiving takes a DELETE.
        if "archived" in body and wire.truth("archived", body["archived"]):
            body = {name: value for name, value in body.items() if name != "archived"}
        super().update(key, body, fixed)

    def saved(self, key: int, *, new: bool) -> None:
        if new:
            self._give_prices(key)
            upkeep.number_items(self.store)
            for shop in [{"shopID": 0}, *self.store.find("Shop")]:
                if not self.store.find("ItemShop", itemID=key, shopID=shop["shopID"]):
                    self.store.add("ItemShop", {"itemID": key, "shopID": shop["shopID"]})
        upkeep.roll_up(self.store, [key])

    def _give_prices(self, key: int) -> None:
        """Every price level has a price, 0 where none was given."""
        item = self.existing(key)
        given = item["Prices"] or []
        prices = []
        for level in self.store.find("PriceLevel"):
            price = next(
                (
                    price
                    for price in given
                    if str(price.get("useTypeID")) == str(level["priceLevelID"])
                    or price.get("useType") == level["name"]
                ),
                {"amount": "0"},
            )
            prices.append(
                {
                    "amount": price.get("amount", "0"),
                    "useTypeID": level["priceLevelID"],
                    "useType": level["name"],
                }
            )
        self.store.change("Item", key, {"Prices": {"ItemPrice": prices}})

    def delete(self, key: int) -> None:
        super().delete(key)
        for row in self.store.find("ItemShop", itemID=key):
            self.store.change("ItemShop", row["itemShopID"], {"qoh": 0})


class ItemMatrixResource(Resource):
    entity_name = "ItemMatrix"

    def delete(self, key: int) -> None:
        super().delete(key)
        items = self.simulation.resource("Item")
        for item in self.store.find("Item", itemMatrixID=key):
            items.delete(item["itemID"])


class CategoryResource(Resource):
    entity_name = "Category"

    def check(self, record: Record, done: str) -> None:
        super().check(record, done)
        parent = record["parentID"]
        if parent and (parent == record["categoryID"] or not self.store.get("Category", parent)):
            raise ApiError(400, f"Category {parent} cannot be the parent.")

    def saved(self, key: int, *, new: bool) -> None:
        upkeep.number_categories(self.store)

    def delete(self, key: int) -> None:
        if self.store.find("Category", parentID=key):
            raise ApiError(400, "Category not deleted. It has subcategories.")
        super().delete(key)
        for item in self.store.find("Item", categoryID=key):
            self.store.change("Item", item["itemID"], {"categoryID": 0})
        upkeep.number_categories(self.store)


class TagResource(Resource):
    entity_name = "Tag"

    def read(self, body: Record, rule: str) -> Record:
        values = super().read(body, rule)
        if "name" in values:
            # Recorded: "New Tag" came back as "newtag".
            values["name"] = "".join(c for c in str(values["name"]).lower() if c.isalnum())
        return values

    def check(self, record: Record, done: str) -> None:
        super().check(record, done)
        same = self.store.find("Tag", name=record["name"])
        if any(tag["tagID"] != record["tagID"] for tag in same):
            raise ApiError(400, f"Tag '{record['name']}' already exists.")


class CustomerResource(Resource):
    entity_name = "Customer"

    def saved(self, key: int, *, new: bool) -> None:
        customer = self.existing(key)
        if account := customer["creditAccountID"]:
            owned = {"customerID": key, "giftCard": False}
            self.store.change("CreditAccount", account, owned, stamp=False)

    def delete(self, key: int) -> None:
        super().delete(key)
        if account := self.existing(key)["creditAccountID"]:
            self.store.change("CreditAccount", account, {"archived": True})


class CreditAccountResource(Resource):
    entity_name = "CreditAccount"

    def create(self, body: Record, fixed: Record) -> int:
        """By itself a gift card; a customer's account is created inside the customer."""
        if not body.get("code"):
            return super().create(body, fixed)
        code = str(body["code"])
        if not 8 <= len(code) <= 32:
            raise ApiError(400, "A gift card code must have 8 to 32 characters.")
        if self.store.find("CreditAccount", code=code):
            raise ApiError(400, f"A gift card with code '{code}' already exists.")
        return super().create(body, fixed | {"giftCard": True})


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


RESOURCES: dict[str, type[Resource]] = {
    resource.entity_name: resource
    for resource in (
        ItemResource,
        ItemMatrixResource,
        CategoryResource,
        TagResource,
        CustomerResource,
        CreditAccountResource,
        DiscountResource,
        TaxClassResource,
    )
}
