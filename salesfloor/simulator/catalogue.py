"""Items and their matrices: what they do beyond being kept."""

import json

from . import lots, upkeep, wire
from .actions import Action
from .custom_fields import show_choices
from .description import ToMany, number, ref, words
from .errors import ApiError
from .relations import Tree
from .resources import Resource
from .store import Record, Store
from .taxonomy import TaggedResource

QOH = number("qoh")
ITEM_SHOP_ID, SHOP_ID, MATRIX_ID = map(ref, words("itemShopID shopID itemMatrixID"))
ITEM_TYPES = words("default non_inventory box assembly serialized serialized_assembly")
NEED_SERIALIZED = ("serialized", "serialized_assembly")
ATTRIBUTES = ("attribute1", "attribute2", "attribute3")
# What a variant has from its matrix unless it is sent with it.
INHERITED = words(
    "tax defaultCost itemType serialized modelYear manufacturerID categoryID defaultVendorID "
    "taxClassID seasonID departmentID"
)


class WareResource(TaggedResource):
    """What items and matrices have in common."""

    refers_to = {
        "categoryID": "Category",
        "taxClassID": "TaxClass",
        "departmentID": "Department",
        "itemMatrixID": "ItemMatrix",
        "itemAttributeSetID": "ItemAttributeSet",
        "manufacturerID": "Manufacturer",
        "seasonID": "Season",
        "defaultVendorID": "Vendor",
    }

    def update(self, key: int, body: Record, fixed: Record | None = None) -> None:
        # A PUT can only bring one back; archiving takes a DELETE.
        if "archived" in body and wire.truth("archived", body["archived"]):
            body = {name: value for name, value in body.items() if name != "archived"}
        super().update(key, body, fixed)

    def check(self, record: Record, done: str) -> None:
        super().check(record, done)
        if record["itemType"] not in ITEM_TYPES:
            raise ApiError(400, f"Invalid itemType '{record['itemType']}'.")
        if record["itemType"] in NEED_SERIALIZED and not record["serialized"]:
            raise ApiError(400, f"itemType '{record['itemType']}' needs serialized to be true.")

    def _give_prices(self, key: int) -> None:
        """Every price level has a price, 0 where none was given."""
        given = self.existing(key)["Prices"] or []
        prices = [
            {
                "amount": next((p["amount"] for p in given if _is_of(p, level)), "0"),
                "useTypeID": level["priceLevelID"],
                "useType": level["name"],
            }
            for level in self.store.find("PriceLevel")
        ]
        self.store.change(self.entity.name, key, {"Prices": {"ItemPrice": prices}}, stamp=False)


def _is_of(price: Record, level: Record) -> bool:
    return "amount" in price and (
        str(price.get("useTypeID")) == str(level["priceLevelID"])
        or price.get("useType") == level["name"]
    )


class ItemResource(WareResource):
    entity_name = "Item"

    def create(self, body: Record, fixed: Record) -> int:
        return super().create(self._as_variant(body), fixed)

    def _as_variant(self, body: Record) -> Record:
        """With what it has from its matrix, its description among it."""
        matrix = self._matrix(body)
        if matrix is None:
            return body
        inherited = {name: matrix[name] for name in INHERITED}
        if matrix["Prices"]:
            inherited["Prices"] = {"ItemPrice": matrix["Prices"]}
        attributes = body.get("ItemAttributes") or {}
        if not isinstance(attributes, dict):
            raise ApiError(400, "ItemAttributes must be an object.")
        named = {"description": variant_description(matrix, attributes)}
        sets = {"itemAttributeSetID": matrix["itemAttributeSetID"], **attributes}
        return {**inherited, **body, **named, "ItemAttributes": sets}

    def _matrix(self, body: Record) -> Record | None:
        """The one that a body puts the item into."""
        key = wire.read(MATRIX_ID, body.get("itemMatrixID"), self.zone)
        return self.store.get("ItemMatrix", key) if key else None

    def update(self, key: int, body: Record, fixed: Record | None = None) -> None:
        super().update(key, body, fixed)
        if "ItemAttributes" in body or "itemMatrixID" in body:
            describe_variant(self.store, self.existing(key))

    def touched(self, body: Record) -> bool:
        return set(body) != {"ItemShops"}

    def saved(self, key: int, *, new: bool) -> None:
        self._give_prices(key)
        if new:
            upkeep.number_items(self.store)
            for shop in [{"shopID": 0}, *self.store.find("Shop")]:
                if not self.store.find("ItemShop", itemID=key, shopID=shop["shopID"]):
                    self.store.add("ItemShop", {"itemID": key, "shopID": shop["shopID"]})
            lots.settle(self.store, key)
        upkeep.roll_up(self.store, [key])
        upkeep.count_buildable(self.store, key)

    def adorn(self, shown: list[Record], tree: Tree) -> None:
        show_choices(self.store, "Item", shown, tree)

    # --- Stock ------------------------------------------------------------------------

    def write_child(self, relation: ToMany, key: int, child: Record) -> None:
        if relation.entity != "ItemShop":
            super().write_child(relation, key, child)
            return
        place = self._place(child)
        others = {n: v for n, v in child.items() if n not in ("itemShopID", "shopID")}
        super().write_child(relation, key, others | place)
        if child.get("qoh") is not None:
            self._count(key, place, int(wire.read(QOH, child["qoh"], self.zone)))

    def _place(self, child: Record) -> Record:
        """Its own key, or else its shop's; null and "" mean 0, the roll-up of all shops."""
        if key := wire.read(ITEM_SHOP_ID, child.get("itemShopID"), self.zone):
            return {"itemShopID": key}
        if "shopID" not in child:
            raise ApiError(400, "An ItemShop needs its itemShopID or a shopID.")
        shop_id = wire.read(SHOP_ID, child["shopID"], self.zone)
        if shop_id and self.store.get("Shop", shop_id) is None:
            raise ApiError(400, f"There is no Shop '{shop_id}'.")
        return {"shopID": shop_id}

    def _count(self, key: int, place: Record, qoh: int) -> None:
        """Stock as counted by hand; the roll-up of all shops only ever follows."""
        row = self.store.find("ItemShop", itemID=key, **place)[0]
        if row["shopID"]:
            self._move(row, qoh - row["qoh"], "ManualQuantityAdjustment")

    def _move(self, row: Record, units: int, reason: str) -> None:
        upkeep.move_stock(
            self.store,
            row["itemID"],
            row["shopID"],
            units,
            reason=reason,
            employee_id=self.employee_id,
        )

    def delete(self, key: int) -> None:
        super().delete(key)
        for row in self.store.find("ItemShop", itemID=key):
            if row["shopID"]:
                reason = "RemoveForArchiveItem" if row["qoh"] > 0 else "AddForArchiveItem"
                self._move(row, -row["qoh"], reason)


def variant_description(matrix: Record, attributes: Record) -> str:
    """`{matrix} {attribute1} {attribute2} {attribute3}`, without those that are blank."""
    values = [str(attributes.get(name) or "") for name in ATTRIBUTES]
    return " ".join(filter(None, [matrix["description"], *values]))


def describe_variant(store: Store, item: Record) -> None:
    """Names an item as its matrix rules; one without a matrix keeps its name."""
    matrix = store.get("ItemMatrix", item["itemMatrixID"])
    if matrix:
        described = variant_description(matrix, item["ItemAttributes"] or {})
        store.change("Item", item["itemID"], {"description": described})


class ItemMatrixResource(WareResource):
    entity_name = "ItemMatrix"

    def update(self, key: int, body: Record, fixed: Record | None = None) -> None:
        super().update(key, body, fixed)
        for item in self.store.find("Item", itemMatrixID=key) if "description" in body else ():
            describe_variant(self.store, item)

    def saved(self, key: int, *, new: bool) -> None:
        self._give_prices(key)

    def adorn(self, shown: list[Record], tree: Tree) -> None:
        """Each attribute of the set lists its values: the matrix's own and its variants'."""
        sets = {s["itemAttributeSetID"]: s for s in self.store.find("ItemAttributeSet")}
        for matrix in shown:
            names = sets.get(int(matrix["itemAttributeSetID"]), {})
            variants = self._variants(int(matrix["itemMatrixID"]))
            for place, name in enumerate(ATTRIBUTES, 1):
                own = _listed(matrix.pop(f"{name}Values"))
                if names.get(f"attributeName{place}"):
                    found = [each[name] for each in variants if each.get(name)]
                    matrix[f"{name}Values"] = list(dict.fromkeys([*own, *found])) or ""

    def _variants(self, key: int) -> list[Record]:
        """Their attributes."""
        rows = self.store.execute(
            "SELECT ItemAttributes FROM Item WHERE itemMatrixID = ? ORDER BY itemID", (key,)
        )
        return [json.loads(attributes) for (attributes,) in rows if attributes]

    def delete(self, key: int) -> None:
        super().delete(key)
        items = self.simulation.resource("Item")
        for item in self.store.find("Item", itemMatrixID=key):
            if not item["archived"]:
                items.delete(item["itemID"])


class SerializedResource(Resource):
    entity_name = "Serialized"
    refers_to = {"itemID": "Item", "saleLineID": "SaleLine", "customerID": "Customer"}


def _listed(given: object) -> list[str]:
    """Values written as a list, or as one."""
    if isinstance(given, list):
        return [str(value) for value in given]
    return [given] if given and isinstance(given, str) else []


RESOURCES: tuple[type[Resource], ...] = (
    ItemResource,
    ItemMatrixResource,
    SerializedResource,
)
ACTIONS: tuple[Action, ...] = ()
