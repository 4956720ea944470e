"""What stock is worth: it comes in as lots, each with its cost, and the oldest leaves first."""

from collections.abc import Iterable
from decimal import Decimal

from .description import ZERO
from .store import Record, Store

# What an item's stock cost where nothing tells.
COST = "CASE i.avgCost WHEN '0' THEN i.defaultCost ELSE i.avgCost END"


def settle(store: Store, item_id: int, cost: Decimal | None = None) -> None:
    """Brings an item's lots in line with its stock, and its figures with its lots.

    `cost`: of one unit of what came in; None: what the item costs on average.
    """
    item = store.get("Item", item_id)
    if item is None:
        return
    unit_cost = cost if cost is not None else item["avgCost"] or item["defaultCost"]
    rows = store.find("ItemShop", itemID=item_id)
    for row in rows:
        if row["shopID"]:
            _fit(store, row, unit_cost)
    lots = store.find("Inventory", itemID=item_id)
    average = _average(lots, item["avgCost"] or item["defaultCost"])
    for row in rows:
        here = [lot for lot in lots if row["shopID"] in (0, lot["shopID"])]
        figures = _figures(row, here, average)
        if any(row[name] != value for name, value in figures.items()):
            store.change("ItemShop", row["itemShopID"], figures)


def _fit(store: Store, row: Record, unit_cost: Decimal) -> None:
    place = {"itemID": row["itemID"], "shopID": row["shopID"]}
    lots = store.find("Inventory", **place)
    missing = max(row["qoh"], 0) - sum(lot["units"] for lot in lots)
    if missing > 0:
        store.add("Inventory", {**place, "units": missing, "cost": unit_cost})
    for lot in lots:
        taken = min(lot["units"], -missing)
        if taken > 0:
            store.change("Inventory", lot["inventoryID"], {"units": lot["units"] - taken})
            missing += taken


def _average(lots: Iterable[Record], otherwise: Decimal) -> Decimal:
    units = sum(lot["units"] for lot in lots)
    worth = sum((lot["units"] * lot["cost"] for lot in lots), ZERO)
    return worth / units if units else otherwise


def _figures(row: Record, lots: list[Record], average: Decimal) -> Record:
    nothing: Record = {"inventoryID": 0, "cost": ZERO}
    first = next((lot for lot in lots if lot["units"]), nothing)
    last = lots[-1] if lots else nothing
    return {
        "averageCost": "" if row["shopID"] else average,
        "nextFifoLotID": first["inventoryID"],
        "nextFifoLotCost": first["cost"],
        "lastReceivedLotID": last["inventoryID"],
        "lastReceivedCost": last["cost"],
        "totalValueFifo": sum((lot["units"] * lot["cost"] for lot in lots), ZERO),
        "totalValueAvgCost": max(row["qoh"], 0) * average,
        "totalValueNegativeInventory": min(row["qoh"], 0) * average,
    }


def open_all(store: Store) -> None:
    """The first lots of a whole shop at once: one for each shop's stock of each item."""
    store.execute(
        "INSERT INTO Inventory (itemID, shopID, units, cost) "  # noqa: S608
        f"SELECT s.itemID, s.shopID, s.qoh, {COST} FROM ItemShop s JOIN Item i USING (itemID) "
        "WHERE s.shopID > 0 AND s.qoh > 0"
    )
    lots = (
        "SELECT itemID, shopID, inventoryID AS first, inventoryID AS last, cost FROM Inventory "
        "UNION ALL SELECT itemID, 0, min(inventoryID), max(inventoryID), cost FROM Inventory "
        "GROUP BY itemID"
    )
    worth = "printf('%.14g', max(qoh, 0) * lot.cost)"
    store.execute(
        "UPDATE ItemShop SET nextFifoLotID = lot.first, nextFifoLotCost = lot.cost, "  # noqa: S608
        "lastReceivedLotID = lot.last, lastReceivedCost = lot.cost, "
        f"totalValueFifo = {worth}, totalValueAvgCost = {worth} FROM ({lots}) lot "
        "WHERE lot.itemID = ItemShop.itemID AND lot.shopID = ItemShop.shopID"
    )
