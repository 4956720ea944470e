"""Counts of stock: what was counted, what there should be, and making the one the other."""

from . import upkeep, wire
from .actions import Action, Call
from .description import rights
from .errors import ApiError
from .resources import Resource
from .store import Record, Store

RECONCILE_COST = 10


def _count(store: Store, key: int) -> Record:
    """One that is still going on. Raises ApiError."""
    count = store.get("InventoryCount", key)
    if count is None or count["archived"]:
        raise ApiError(400, f"There is no open InventoryCount '{key}'.")
    return count


class InventoryCountResource(Resource):
    entity_name = "InventoryCount"
    refers_to = {"shopID": "Shop"}
    compulsory = frozenset(refers_to)

    def check(self, record: Record, done: str) -> None:
        super().check(record, done)
        before = self.store.get("InventoryCount", record["inventoryCountID"])
        if before and before["shopID"] != record["shopID"] and self._counted(before):
            raise ApiError(400, f"InventoryCount not {done}. Its shop has been counted.")

    def _counted(self, count: Record) -> bool:
        key = count["inventoryCountID"]
        return bool(self.store.find("InventoryCountItem", inventoryCountID=key))


class InventoryCountItemResource(Resource):
    """An item may be counted in several places; together they are what there is of it."""

    entity_name = "InventoryCountItem"

    def create(self, body: Record, fixed: Record) -> int:
        return super().create({"employeeID": self.employee_id, **body}, fixed)

    def check(self, record: Record, done: str) -> None:
        super().check(record, done)
        _count(self.store, record["inventoryCountID"])
        item = self.store.get("Item", record["itemID"])
        if item is None or item["itemType"] == "non_inventory":
            raise ApiError(400, f"InventoryCountItem not {done}. It has no valid itemID.")
        if _reconciled(self.store, record):
            raise ApiError(400, f"InventoryCountItem not {done}. It is reconciled.")

    def update(self, key: int, body: Record, fixed: Record | None = None) -> None:
        """Published: what was counted may turn out to be another item."""
        before = self.existing(key)
        self.check(before, "updated")
        super().update(key, body, fixed)
        if self.existing(key)["itemID"] != before["itemID"]:
            self._add_up(before)

    def saved(self, key: int, *, new: bool) -> None:
        self._add_up(self.existing(key))

    def delete(self, key: int) -> None:
        counted = self.existing(key)
        self.check(counted, "deleted")
        super().delete(key)
        self._add_up(counted)

    def _add_up(self, counted: Record) -> None:
        """What was counted is compared with the stock of the moment in which it was counted."""
        place = {name: counted[name] for name in ("inventoryCountID", "itemID")}
        calcs = self.store.find("InventoryCountCalc", **place)
        key = calcs[0]["inventoryCountCalcID"] if calcs else 0
        found = self.store.find("InventoryCountItem", **place)
        if not found:
            self.store.remove("InventoryCountCalc", key)
            return
        shop_id = self.store.must("InventoryCount", counted["inventoryCountID"])["shopID"]
        stock = self.store.find("ItemShop", itemID=counted["itemID"], shopID=shop_id)
        figures = {
            "calcQoh": stock[0]["qoh"] if stock else 0,
            "countedQoh": sum(row["qty"] for row in found),
        }
        if key:
            self.store.change("InventoryCountCalc", key, figures)
        else:
            self.store.add("InventoryCountCalc", {**place, **figures})


def _reconciled(store: Store, counted: Record) -> bool:
    place = {name: counted[name] for name in ("inventoryCountID", "itemID")}
    return bool(store.find("InventoryCountReconcile", **place))


# --- Reconciling ----------------------------------------------------------------------


def _reconcile(call: Call) -> Record:
    """For good: all that was counted, or one item of it.

    A choice: what nobody counted is left as it is, and units sold since the counting stay sold.
    """
    store = call.simulation.store
    resource = call.simulation.resource("InventoryCountReconcile")
    asked = resource.read(call.body, "C")
    count = _count(store, asked.get("inventoryCountID", 0))
    calcs = store.find("InventoryCountCalc", inventoryCountID=count["inventoryCountID"])
    due = [
        calc
        for calc in calcs
        if asked.get("itemID", 0) in (0, calc["itemID"]) and not _reconciled(store, calc)
    ]
    if not due:
        raise ApiError(400, "InventoryCountReconcile not created. Nothing is left to reconcile.")
    employee_id = call.granted.employee["employeeID"]
    shown = [
        call.single("InventoryCountReconcile", _apply(store, calc, count, employee_id))
        for calc in due
    ]
    records = [body["InventoryCountReconcile"] for body in shown]
    return {
        "@attributes": {"count": str(len(records))},
        "InventoryCountReconcile": wire.one_or_many(records),
    }


def _apply(store: Store, calc: Record, count: Record, employee_id: int) -> int:
    change = calc["countedQoh"] - calc["calcQoh"]
    item = store.must("Item", calc["itemID"])
    upkeep.move_stock(
        store,
        calc["itemID"],
        count["shopID"],
        change,
        reason="InventoryCountReconcile",
        employee_id=employee_id,
        inventory_count_id=count["inventoryCountID"],
    )
    return store.add(
        "InventoryCountReconcile",
        {
            "qohChange": change,
            "costChange": change * (item["avgCost"] or item["defaultCost"]),
            "inventoryCountID": count["inventoryCountID"],
            "itemID": calc["itemID"],
        },
    )


RESOURCES: tuple[type[Resource], ...] = (InventoryCountResource, InventoryCountItemResource)
ACTIONS: tuple[Action, ...] = (
    Action(
        "POST",
        "InventoryCountReconcile",
        _reconcile,
        "InventoryCountReconcile",
        cost=RECONCILE_COST,
        entity="InventoryCountReconcile",
        rights=rights("inventory_counts_reconcile"),
    ),
)
