"""What items, matrices, categories and tags do beyond being kept."""

from . import lots, upkeep, wire
from .actions import Action
from .description import ToMany, number
from .errors import ApiError
from .resources import Resource
from .store import Record

QOH = number("qoh")


class ItemResource(Resource):
    entity_name = "Item"

    def update(self, key: int, body: Record, fixed: Record | None = None) -> None:
        # A PUT can only bring an item back; archiving takes a DELETE.
        if "archived" in body and wire.truth("archived", body["archived"]):
            body = {name: value for name, value in body.items() if name != "archived"}
        super().update(key, body, fixed)

    def touched(self, body: Record) -> bool:
        return set(body) != {"ItemShops"}

    def saved(self, key: int, *, new: bool) -> None:
        if new:
            self._give_prices(key)
            upkeep.number_items(self.store)
            for shop in [{"shopID": 0}, *self.store.find("Shop")]:
                if not self.store.find("ItemShop", itemID=key, shopID=shop["shopID"]):
                    self.store.add("ItemShop", {"itemID": key, "shopID": shop["shopID"]})
            lots.settle(self.store, key)
        upkeep.roll_up(self.store, [key])
        upkeep.count_buildable(self.store, key)

    def write_child(self, relation: ToMany, key: int, child: Record) -> None:
        if relation.entity != "ItemShop":
            super().write_child(relation, key, child)
            return
        qoh = child.get("qoh")
        super().write_child(relation, key, {n: v for n, v in child.items() if n != "qoh"})
        if qoh is not None:
            self._count(key, child, int(wire.read(QOH, qoh, self.zone)))

    def _count(self, key: int, child: Record, qoh: int) -> None:
        """Stock as counted by hand; the roll-up of all shops only ever follows."""
        by = "itemShopID" if child.get("itemShopID") else "shopID"
        row = self.store.find("ItemShop", itemID=key, **{by: child.get(by)})[0]
        if row["shopID"]:
            upkeep.move_stock(
                self.store,
                key,
                row["shopID"],
                qoh - row["qoh"],
                reason="ManualQuantityAdjustment",
                employee_id=self.employee_id,
            )

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
            if row["shopID"]:
                upkeep.move_stock(
                    self.store,
                    key,
                    row["shopID"],
                    -row["qoh"],
                    reason="RemoveForArchiveItem" if row["qoh"] > 0 else "AddForArchiveItem",
                    employee_id=self.employee_id,
                )


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


RESOURCES: tuple[type[Resource], ...] = (
    ItemResource,
    ItemMatrixResource,
    CategoryResource,
    TagResource,
)
ACTIONS: tuple[Action, ...] = ()
