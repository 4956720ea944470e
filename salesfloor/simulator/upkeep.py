"""What the store works out from its records: stock roll-ups, the category tree, item numbers."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from . import lots, wire
from .description import words
from .store import Record, Store

SUMMED = words(
    "qoh backorder componentQoh componentBackorder onLayaway onSpecialOrder onWorkorder "
    "onTransferOut onTransferIn"
)
BY_HAND = words("ManualQuantityAdjustment ManualCostAdjustment")
# Reasons that are logged under another name when there was too little to remove.
CREATED_AND_REMOVED = {
    f"RemoveFor{what}": f"CreateAndRemoveInventoryFor{what}"
    for what in words("Layaway SpecialOrder Transaction TransactionLine VendorReturn Workorder")
}
PRICE_LEVELS = {1: "Default", 2: "MSRP"}


def with_price_levels(
    records: Iterable[tuple[str, Record]], known: dict[int, str]
) -> Iterator[tuple[str, Record]]:
    """Names the price level of prices that give only its id."""
    levels = PRICE_LEVELS | known
    for name, record in records:
        if name == "PriceLevel":
            levels[record["priceLevelID"]] = record["name"]
        if name in ("Item", "ItemMatrix"):
            for price in wire.entries(record.get("Prices"), "ItemPrice"):
                if "useType" not in price:
                    price["useType"] = levels.get(price["useTypeID"], "")
        yield name, record


def number_items(store: Store) -> None:
    """A system SKU for items that came without: 12 digits from 21…, printed as their barcode."""
    store.execute(
        "UPDATE Item SET systemSku = '21' || printf('%010d', itemID) WHERE systemSku = ''"
    )


def roll_up(store: Store, item_ids: Iterable[int] | None = None) -> None:
    """Brings the shop-0 row of these items (of all, with None) in line with their shops' rows."""
    columns = ", ".join(SUMMED)
    if item_ids is None:
        store.execute(
            "CREATE TEMP TABLE rolled AS SELECT itemID FROM ItemShop GROUP BY itemID "
            "HAVING min(shopID) > 0"
        )
        sums = ", ".join(f"sum({column})" for column in SUMMED)
        table_columns = [row[1] for row in store.execute("PRAGMA table_info(ItemShop)")]
        rest = [c for c in table_columns if c not in ("itemShopID", "itemID", "shopID", *SUMMED)]
        blanks = ", ".join(
            "(SELECT avgCost FROM Item i WHERE i.itemID = s.itemID)"
            if column == "averageCost"
            else f"max({column})"
            for column in rest
        )
        store.execute(
            f"INSERT INTO ItemShop (itemID, shopID, {columns}, {', '.join(rest)}) "  # noqa: S608
            f"SELECT itemID, 0, {sums}, {blanks} FROM ItemShop s "
            "WHERE itemID IN (SELECT itemID FROM rolled) GROUP BY itemID"
        )
        store.execute("DROP TABLE rolled")
        return
    for item_id in item_ids:
        rows = store.find("ItemShop", itemID=item_id)
        if not rows:
            continue
        totals = {name: sum(row[name] for row in rows if row["shopID"]) for name in SUMMED}
        summary = next((row for row in rows if not row["shopID"]), None)
        if summary is None:
            item = store.get("Item", item_id)
            cost = item["avgCost"] if item else ""
            store.add("ItemShop", {"itemID": item_id, "averageCost": cost, **totals})
        elif any(summary[name] != totals[name] for name in SUMMED):
            store.change("ItemShop", summary["itemShopID"], totals)


def move_stock(
    store: Store,
    item_id: int,
    shop_id: int,
    units: int,
    *,
    reason: str,
    sale_id: int = 0,
    employee_id: int = 0,
    customer_id: int = 0,
    inventory_count_id: int = 0,
    cost: Decimal | None = None,
) -> None:
    """Adds units (negative: takes them) to a shop's stock and to the roll-up, and logs it.

    `reason`: one of Lightspeed's, `RemoveForTransactionLine`. `cost`: of each unit that comes in,
    where it is not the item's own. Items without inventory are left alone.
    """
    item = store.get("Item", item_id)
    if item is None or item["itemType"] == "non_inventory" or not units:
        return
    before = _stock_row(store, item_id, shop_id)
    after = before["qoh"] + units
    store.change("ItemShop", before["itemShopID"], {"qoh": after})
    short = units < 0 and after < 0
    store.add(
        "InventoryLog",
        {
            "itemID": item_id,
            "shopID": shop_id,
            "qohChange": units,
            "reason": CREATED_AND_REMOVED.get(reason, reason) if short else reason,
            "automated": reason not in BY_HAND,
            "causedNegative": after < 0 <= before["qoh"],
            "saleID": sale_id,
            "employeeID": employee_id,
            "customerID": customer_id,
            "inventoryCountID": inventory_count_id,
        },
    )
    roll_up(store, [item_id])
    lots.settle(store, item_id, cost)
    count_buildable(store, item_id)


def _stock_row(store: Store, item_id: int, shop_id: int) -> Record:
    rows = store.find("ItemShop", itemID=item_id, shopID=shop_id)
    if rows:
        return rows[0]
    key = store.add("ItemShop", {"itemID": item_id, "shopID": shop_id})
    return store.must("ItemShop", key)


def count_buildable(store: Store, item_id: int) -> None:
    """How many more could be made, of this item and of those that it is a part of."""
    made_of_it = store.find("ItemComponent", componentItemID=item_id)
    for assembly_id in {item_id, *(part["assemblyItemID"] for part in made_of_it)}:
        parts = store.find("ItemComponent", assemblyItemID=assembly_id)
        rows = store.find("ItemShop", itemID=assembly_id)
        for row in rows if parts else ():
            if row["shopID"]:
                _count_in_shop(store, row, parts)
        if parts:
            roll_up(store, [assembly_id])


def _count_in_shop(store: Store, row: Record, parts: list[Record]) -> None:
    """An assembly takes all of a group's parts; each group of a box makes one by itself."""
    counts = {}
    for name, source in (("componentQoh", "qoh"), ("componentBackorder", "backorder")):
        groups: dict[int, list[int]] = {}
        for part in parts:
            place = {"itemID": part["componentItemID"], "shopID": row["shopID"]}
            units = sum(stock[source] for stock in store.find("ItemShop", **place))
            enough_for = max(units, 0) // max(part["quantity"], 1)
            groups.setdefault(part["componentGroup"], []).append(enough_for)
        counts[name] = sum(min(group) for group in groups.values())
    if any(row[name] != count for name, count in counts.items()):
        store.change("ItemShop", row["itemShopID"], counts)


def number_categories(store: Store) -> None:
    """Path, depth and nested-set numbers of every category.

    Siblings stand in order of name; recorded: of those with one name the newest comes first.
    """
    below: dict[int, list[Record]] = {}
    categories = store.find("Category")
    known = {category["categoryID"] for category in categories}
    for category in sorted(categories, key=lambda c: (str(c["name"]).lower(), -c["categoryID"])):
        parent = category["parentID"] if category["parentID"] in known else 0
        below.setdefault(parent, []).append(category)
    number = 0

    def walk(parent: int, path: str, depth: int) -> None:
        nonlocal number
        for category in below.get(parent, ()):
            number += 1
            left = number
            full_path = f"{path}/{category['name']}" if path else str(category["name"])
            walk(category["categoryID"], full_path, depth + 1)
            number += 1
            worked = {
                "nodeDepth": depth,
                "fullPathName": full_path,
                "leftNode": left,
                "rightNode": number,
            }
            if any(category[name] != value for name, value in worked.items()):
                store.change("Category", category["categoryID"], worked, stamp=False)

    walk(0, "", 0)
