"""Goods kept for a customer outside any sale: layaways, special orders, parts of work orders."""

from . import upkeep
from .errors import ApiError
from .store import Record, Store

# Where an item's stock row counts the units that lines of each kind have reserved.
COUNTED = {
    "isLayaway": "onLayaway",
    "isSpecialOrder": "onSpecialOrder",
    "isWorkorder": "onWorkorder",
}
REASONS = {"onLayaway": "RemoveForLayaway", "onWorkorder": "RemoveForWorkorder"}


def counted(line: Record) -> str:
    """Empty for an ordinary line."""
    return next((column for flag, column in COUNTED.items() if line[flag]), "")


def reserved(store: Store, line: Record) -> int:
    rows = store.find("InventorySale", saleLineID=line["saleLineID"])
    return sum(row["quantity"] for row in rows)


def reserve(store: Store, line: Record, *, whole: bool = False) -> None:
    """Puts a line's units aside, as many as there are; `whole`: all of them, or ApiError.

    Nothing is put aside for a special order, whose goods are still to come.
    """
    column = counted(line)
    item = store.get("Item", line["itemID"])
    if column not in REASONS or item is None or item["itemType"] == "non_inventory":
        return
    rows = store.find("ItemShop", itemID=line["itemID"], shopID=line["shopID"])
    there = max(rows[0]["qoh"], 0) if rows else 0
    units = min(there, line["unitQuantity"])
    if whole and units < line["unitQuantity"]:
        raise ApiError(400, f"Only {there} of {line['unitQuantity']} units are in stock.")
    if units:
        _take(store, line, units, REASONS[column])
        _count(store, line, column, units)


def release(store: Store, line: Record) -> None:
    """Puts what a line has reserved back on the shelf."""
    if units := reserved(store, line):
        _count(store, line, counted(line), -units)
        _move(store, line, units, "PutBackForTransaction")
    for row in store.find("InventorySale", saleLineID=line["saleLineID"]):
        store.remove("InventorySale", row["inventorySaleID"])


def hand_over(store: Store, line: Record, sale: Record) -> None:
    """A completed sale: the line's goods leave with the customer, or come back from them."""
    line = {**line, "customerID": sale["customerID"], "shopID": line["shopID"] or sale["shopID"]}
    _tie_serial_numbers(store, line)
    if (column := counted(line)) and (units := reserved(store, line)):
        _count(store, line, column, -units)
        line["unitQuantity"] -= units
    if line["unitQuantity"] > 0:
        _take(store, line, line["unitQuantity"], "RemoveForTransactionLine")
    elif line["unitQuantity"] < 0:
        _move(store, line, -line["unitQuantity"], "RefundAddInventory")


def _tie_serial_numbers(store: Store, line: Record) -> None:
    """Each serialized unit sold is one of the item's that are not sold yet, the oldest first.

    A choice: one that nobody has entered is made; what comes back is free to be sold again.
    """
    item = store.get("Item", line["itemID"])
    if item is None or not item["serialized"]:
        return
    sold_on = line["parentSaleLineID"] if line["unitQuantity"] < 0 else 0
    units = store.find("Serialized", itemID=line["itemID"], saleLineID=sold_on)
    owner = {"saleLineID": line["saleLineID"], "customerID": line["customerID"]}
    if line["unitQuantity"] < 0:
        owner = {"saleLineID": 0, "customerID": 0}
    for number in range(abs(line["unitQuantity"])):
        if number < len(units):
            store.change("Serialized", units[number]["serializedID"], owner)
        elif line["unitQuantity"] > 0:
            store.add("Serialized", {**owner, "itemID": line["itemID"]})


def _take(store: Store, line: Record, units: int, reason: str) -> None:
    rows = store.find("ItemShop", itemID=line["itemID"], shopID=line["shopID"])
    if rows:
        lot = {"quantity": units, "inventoryID": rows[0]["nextFifoLotID"] or 0}
        store.add("InventorySale", {**lot, "saleLineID": line["saleLineID"]})
    _move(store, line, -units, reason)


def _move(store: Store, line: Record, units: int, reason: str) -> None:
    upkeep.move_stock(
        store,
        line["itemID"],
        line["shopID"],
        units,
        reason=reason,
        sale_id=line["saleID"],
        employee_id=line["employeeID"],
        customer_id=line["customerID"],
    )


def _count(store: Store, line: Record, column: str, units: int) -> None:
    """More or fewer units of a line's item are reserved in its shop."""
    for row in store.find("ItemShop", itemID=line["itemID"], shopID=line["shopID"]):
        store.change("ItemShop", row["itemShopID"], {column: max(row[column] + units, 0)})
    upkeep.roll_up(store, [line["itemID"]])


# --- Work orders ----------------------------------------------------------------------


def work_paid(store: Store, sale_id: int) -> None:
    """A completed sale: the work order that it was made of is done."""
    for workorder in store.find("Workorder", saleID=sale_id):
        for status in store.find("WorkorderStatus", systemValue="paid"):
            done = {"workorderStatusID": status["workorderStatusID"]}
            store.change("Workorder", workorder["workorderID"], done)


# --- Special orders -------------------------------------------------------------------


def order(store: Store, line: Record) -> None:
    """Keeps the special order of a line in step with it; a new one is not yet ordered."""
    shared = {name: line[name] for name in ("unitQuantity", "customerID", "shopID")}
    if orders := store.find("SpecialOrder", saleLineID=line["saleLineID"]):
        store.change("SpecialOrder", orders[0]["specialOrderID"], shared)
    else:
        store.add("SpecialOrder", {**shared, "saleLineID": line["saleLineID"]})


def picked_up(store: Store, line: Record) -> None:
    for row in store.find("SpecialOrder", saleLineID=line["saleLineID"]):
        done = {"completed": True, "status": "Completed"}
        store.change("SpecialOrder", row["specialOrderID"], done)


def kept_again(store: Store, line: Record) -> None:
    for row in store.find("SpecialOrder", saleLineID=line["saleLineID"]):
        waiting = {"completed": False, "status": "Ready For Pickup"}
        store.change("SpecialOrder", row["specialOrderID"], waiting)


def cancel(store: Store, line: Record) -> None:
    """Raises ApiError for a special order whose goods are already on their way."""
    for row in store.find("SpecialOrder", saleLineID=line["saleLineID"]):
        if row["orderLineID"] or row["transferItemID"]:
            raise ApiError(400, "The special order is already on a purchase order or transfer.")
        store.remove("SpecialOrder", row["specialOrderID"])
    release(store, line)
