"""What items, matrices, categories and tags do beyond being kept."""

from . import upkeep, wire
from .actions import Action
from .errors import ApiError
from .resources import Resource
from .store import Record


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


RESOURCES: tuple[type[Resource], ...] = (
    ItemResource,
    ItemMatrixResource,
    CategoryResource,
    TagResource,
)
ACTIONS: tuple[Action, ...] = ()
