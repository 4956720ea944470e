"""What the store works out from its records: stock roll-ups, the category tree, item numbers."""

from collections.abc import Iterable, Iterator

from . import wire
from .store import Record, Store

SUMMED = ("qoh", "backorder", "componentQoh", "onLayaway", "onSpecialOrder", "onWorkorder")
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


def move_stock(store: Store, item_id: int, shop_id: int, units: int) -> None:
    """Adds units (negative: takes them) to a shop's stock and to the roll-up."""
    for shop in (shop_id, 0):
        rows = store.find("ItemShop", itemID=item_id, shopID=shop)
        if rows:
            row = rows[0]
            store.change("ItemShop", row["itemShopID"], {"qoh": row["qoh"] + units})
        else:
            store.add("ItemShop", {"itemID": item_id, "shopID": shop, "qoh": units})


def number_categories(store: Store) -> None:
    """Path, depth and nested-set numbers of every category; siblings stand in order of name."""
    below: dict[int, list[Record]] = {}
    categories = store.find("Category")
    known = {category["categoryID"] for category in categories}
    for category in sorted(categories, key=lambda c: (str(c["name"]).lower(), c["categoryID"])):
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
