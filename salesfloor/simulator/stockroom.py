"""The assortment as Lightspeed's records: categories, matrices, items, barcodes and stock."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from salesfloor.simulator.assortment import (
    COLOURS,
    FOR_STAFF,
    LINES,
    MANUFACTURERS,
    SERVICE_LINE,
    Style,
    styles,
)

Record = dict[str, object]

COLOUR_SIZE, SIZE, COLOUR = 1, 2, 3  # Lightspeed's own attribute sets
SHOPS = ((1, 1.0), (2, 0.6))  # and how much each keeps, compared with the first
CHEAP, DEAR = 20, 100

CATEGORY_PATHS = [
    path
    for leaf in dict.fromkeys(line.category for line in (*LINES, SERVICE_LINE))
    for path in ("/".join(leaf.split("/")[:depth]) for depth in range(1, leaf.count("/") + 2))
]
CATEGORY_IDS = {path: number for number, path in enumerate(dict.fromkeys(CATEGORY_PATHS), 1)}
MANUFACTURER_IDS = {name: number for number, name in enumerate(MANUFACTURERS, 1)}
TAG_IDS = {
    name: number for number, name in enumerate(sorted({t for ln in LINES for t in ln.tags}), 1)
}

# Who delivers: each maker's goods come through one of them.
VENDORS = (
    ("Laurentide Distribution", "LD-20417", "orders@laurentide.example.com"),
    ("Harbour & Hill Trading", "HH-3381", "sales@harbourhill.example.com"),
    ("Quatre-Vents Import", "QV-077", "commandes@quatrevents.example.com"),
)

# Who prints which barcode: Europe EAN-13, America UPC-A, small makers and the house brand none.
UNCODED = {"Cairn & Keel", "Alder & Wick"}
AMERICAN = {"Kestrane", "Korvane", "Lumaro", "Nightjar Camp", "Portage Provisions", "Tarnwood"}
BOTH = {"Northfell", "Haulstead"}


@dataclass(frozen=True, slots=True)
class Ware:
    """What a past sale needs to know of an item."""

    item_id: int
    style: Style
    archived: bool


def check_digit(digits: str) -> int:
    """Of an EAN-13 (12 digits given) or UPC-A (11): weights 3 and 1 from the right."""
    odd, even = digits[::-2], digits[-2::-2]
    return -(3 * sum(map(int, odd)) + sum(map(int, even))) % 10


def stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def taxonomy(opened: datetime) -> Iterator[tuple[str, Record]]:
    """The category tree beneath its roots (the store numbers its nodes), makers, tags, sets."""
    times: Record = {"createTime": stamp(opened), "timeStamp": stamp(opened)}
    for path, number in CATEGORY_IDS.items():
        parent, _, name = path.rpartition("/")
        category: Record = {"categoryID": number, "name": name}
        yield "Category", category | {"parentID": CATEGORY_IDS.get(parent, 0)} | times
    for name, number in MANUFACTURER_IDS.items():
        yield "Manufacturer", {"manufacturerID": number, "name": name} | times
    for number, vendor in enumerate(VENDORS, 1):
        yield "Vendor", _vendor(number, *vendor) | {"timeStamp": stamp(opened)}
    for name, number in TAG_IDS.items():
        yield "Tag", {"tagID": number, "name": name}
    for number, name, first, second, third in (
        (COLOUR_SIZE, "Color/Size", "Color", "Size", ""),
        (SIZE, "Size", "Size", "", ""),
        (COLOUR, "Color", "Color", "", ""),
        (4, "3 Attributes", "Attribute 1", "Attribute 2", "Attribute 3"),
    ):
        yield (
            "ItemAttributeSet",
            {
                "itemAttributeSetID": number,
                "name": name,
                "attributeName1": first,
                "attributeName2": second,
                "attributeName3": third,
                "system": True,
            },
        )


def _vendor(number: int, name: str, account: str, address: str) -> Record:
    email = {"address": address, "useType": "Primary"}
    return {
        "vendorID": number,
        "name": name,
        "accountNumber": account,
        "Contact": {"Emails": {"ContactEmail": [email]}},
        "Reps": {"VendorRep": [{"firstName": "Orders", "lastName": "Desk"}]},
        "purchasingCurrency": {"code": "CAD", "symbol": "$", "rate": "1"},
    }


def items(
    number: int, seed: int, opened: datetime, today: datetime
) -> Iterator[tuple[str, Record, Ware | None]]:
    """`number` items and the matrices of their runs, each matrix before its items."""
    left = number
    item_id = matrix_id = 0
    for style in styles(seed):
        if left <= 0:
            return
        dice = random.Random(f"{seed}/{style.number}")  # noqa: S311
        created = opened + (today - opened) * dice.random()
        common = _common(style)
        colours = style.colours if style.line.in_colours > 1 else ("",)
        variants = [(c, s) for c in colours for s in style.line.sizes or ("",)][:left]
        left -= len(variants)
        if style.line.is_run:
            matrix_id += 1
            changed = created + (today - created) * dice.random()
            yield "ItemMatrix", common | _matrix(matrix_id, style, variants, changed), None
        for colour, size in variants:
            item_id += 1
            archived = style.discontinued or (style.line.is_run and dice.random() < 0.008)
            changed = created + (today - created) * dice.random()
            record = common | _item(item_id, style, colour, size, created, changed)
            record["archived"] = archived
            if style.line.is_run:
                record["itemMatrixID"] = matrix_id
                record["ItemAttributes"] = _attributes(colour, size)
            if not style.line.service:
                record["ItemShops"] = {"ItemShop": _stock(style, size, archived, today, dice)}
            yield "Item", record, Ware(item_id, style, archived)


def _item(
    item_id: int, style: Style, colour: str, size: str, created: datetime, changed: datetime
) -> Record:
    record: Record = {
        "itemID": item_id,
        # Other records take numbers too, so SKU and id drift apart.
        "systemSku": f"21{item_id + 6 + item_id // 210:010d}",
        "avgCost": style.cost,
        "itemType": "non_inventory" if style.line.service else "default",
        "itemMatrixID": 0,
        "description": " ".join(filter(None, (style.name, colour, size))),
        "createTime": stamp(created),
        "timeStamp": stamp(changed),
        "Images": {"Image": [_image(style, colour or style.colours[0], created)]},
    }
    if style.note:
        record["Note"] = {"note": style.note, "isPublic": style.note not in FOR_STAFF}
    return record | _codes(item_id, style, colour, size)


def _common(style: Style) -> Record:
    """What a matrix and its items share."""
    prices: list[Record] = [
        {"amount": style.price, "useTypeID": 1, "useType": "Default"},
        {"amount": style.list_price, "useTypeID": 2, "useType": "MSRP"},
    ]
    if style.price < style.list_price:
        prices.append({"amount": style.price, "useTypeID": 3, "useType": "Sale"})
    record: Record = {
        "defaultCost": style.cost,
        "categoryID": CATEGORY_IDS[style.line.category],
        "manufacturerID": MANUFACTURER_IDS[style.brand],
        "defaultVendorID": MANUFACTURER_IDS[style.brand] % len(VENDORS) + 1,
        "taxClassID": style.line.tax_class,
        "Prices": {"ItemPrice": prices},
    }
    if style.line.tags:
        relations = [{"tagID": TAG_IDS[tag]} for tag in style.line.tags]
        record["TagRelations"] = {"TagRelation": relations}
    return record


def _matrix(
    matrix_id: int, style: Style, variants: list[tuple[str, str]], changed: datetime
) -> Record:
    attributes = [_attributes(colour, size) for colour, size in variants]
    record: Record = {
        "itemMatrixID": matrix_id,
        "description": style.name,
        "archived": style.discontinued,
        "timeStamp": stamp(changed),
        "itemAttributeSetID": attributes[0]["itemAttributeSetID"],
        "Images": {"Image": [_image(style, style.colours[0], changed)]},
    }
    for place in (1, 2):
        values = list(dict.fromkeys(a.get(f"attribute{place}") for a in attributes))
        if values != [None]:
            record[f"attribute{place}Values"] = values
    return record


def _attributes(colour: str, size: str) -> Record:
    if colour and size:
        return {"attribute1": colour, "attribute2": size, "itemAttributeSetID": COLOUR_SIZE}
    return {"attribute1": colour or size, "itemAttributeSetID": COLOUR if colour else SIZE}


def _codes(item_id: int, style: Style, colour: str, size: str) -> Record:
    """Barcodes of prefixes nobody has, own and maker's SKUs; not every item has each."""
    maker = MANUFACTURER_IDS[style.brand]
    # 7654321 is prime to 10**8: every item gets another number, in no visible order.
    serial = item_id * 7_654_321 % 10**8
    upc = f"4{maker:02d}{serial:08d}"
    ean = f"15{maker:02d}{serial:08d}"
    codes: Record = {}
    if style.brand in AMERICAN or style.brand in BOTH:
        codes["upc"] = f"{upc}{check_digit(upc)}"
    if style.brand in BOTH:
        codes["ean"] = f"0{codes['upc']}"
    elif style.brand not in AMERICAN and style.brand not in UNCODED:
        codes["ean"] = f"{ean}{check_digit(ean)}"
    variant = "-".join(filter(None, (colour[:3].upper(), size.replace("/", ""))))
    if style.brand in UNCODED or style.number % 3:
        stem = "SVC" if style.line.service else style.line.picture[:3].upper()
        codes["customSku"] = f"{stem}-{style.number:04d}" + (variant and f"-{variant}")
    if style.brand not in UNCODED:
        codes["manufacturerSku"] = f"{style.brand[0]}{style.number:05d}{variant}"
    return codes


def _image(style: Style, colour: str, created: datetime) -> Record:
    main, accent = COLOURS[colour]
    public_id = f"{style.line.picture}-{main}-{accent}-{style.number % 10_000:04d}"
    return {
        "publicID": public_id,
        "filename": f"{public_id}.svg",
        "ordering": 0,
        "size": 2_048,
        "createTime": stamp(created),
        "timeStamp": stamp(created),
    }


def _stock(
    style: Style, size: str, archived: bool, today: datetime, dice: random.Random
) -> list[Record]:
    """Middle sizes sell first, so they are the ones that run out."""
    if archived:
        usual = 0.0
    elif style.line.is_run:
        sizes = style.line.sizes or ("",)
        middle = (len(sizes) - 1) / 2
        usual = 3 + 5 * abs(sizes.index(size) - middle) / (middle or 1)
    else:
        usual = 40 if style.price < CHEAP else 14 if style.price < DEAR else 6
    at = stamp(today - timedelta(minutes=int(dice.random() * 130_000)))
    total: Record = {"shopID": 0, "averageCost": style.cost, "timeStamp": at}
    rows = [total]
    units = ordered = 0
    for shop, share in SHOPS:
        qoh = int(dice.random() * (usual + 1) * share)
        if qoh == 0 and usual and dice.random() < 0.04:
            qoh = -dice.choice((1, 1, 2))  # sold before it was booked in
        on_order = 6 if qoh <= 0 and usual and dice.random() < 0.4 else 0
        rows.append({"shopID": shop, "qoh": qoh, "backorder": on_order, "timeStamp": at})
        units += qoh
        ordered += on_order
    total |= {"qoh": units, "backorder": ordered}
    return rows
