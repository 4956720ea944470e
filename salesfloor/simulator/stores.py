"""Shops to start with: empty, large, and the demonstration shop."""

import random
from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from typing import Any

from . import defaults, demo, rights
from .description import words

Records = Iterator[tuple[str, dict[str, Any]]]

STORES = ("demo", "empty", "large")
OPENED = "2024-01-08T14:00:00+00:00"
PAYMENT_TYPES = (
    (1, "Cash", "cash", True),
    (2, "Check", "user defined", True),
    (3, "Credit Card", "credit card", False),
    (4, "Credit Account", "credit account", True),
    (5, "Gift Card", "gift card", True),
    (6, "Debit Card", "credit card", False),
)
# Believable enough to search, whatever the number of items.
BRANDS = words(
    "Alder Ashfield Birchway Brackenridge Calder Cairnmoor Dunlin Eastfell Fellrunner Foxglove "
    "Glenmore Greyling Harrier Heathrow Ironwood Juniper Kestrel Larkspur Linden Merlin Moorhen "
    "Northlight Otterburn Pinecrest Quillback Ridgeway Rowan Sandpiper Stonechat Thornbury "
    "Underhill Wayfarer Whinfell Yarrow"
)
LINES = words(
    "Ascent Breeze Comet Drift Element Fjord Glide Horizon Impulse Journey Kite Lumen Metro "
    "Nomad Orbit Pulse Quest Rapid Summit Trail Ultra Vista Wander Zephyr"
)
KINDS = (
    ("Shoes", "Running Shoe", 60, 180),
    ("Shoes", "Trail Shoe", 70, 190),
    ("Shoes", "Hiking Boot", 90, 260),
    ("Shoes", "Sandal", 30, 90),
    ("Clothing", "Rain Jacket", 80, 320),
    ("Clothing", "Fleece", 40, 140),
    ("Clothing", "T-Shirt", 15, 45),
    ("Clothing", "Shorts", 25, 70),
    ("Clothing", "Wool Sock", 8, 28),
    ("Equipment", "Backpack", 40, 240),
    ("Equipment", "Water Bottle", 8, 40),
    ("Equipment", "Head Torch", 15, 90),
    ("Equipment", "Sleeping Bag", 60, 400),
    ("Equipment", "Tent", 120, 700),
)
COLOURS = words("Black White Navy Grey Red Olive Teal Sand Plum Orange")
SIZES = words("XS S M L XL 36 37 38 39 40 41 42 43 44 45")
CATEGORIES = {"Shoes": 1, "Clothing": 2, "Equipment": 3}
# What comes in colours and sizes; each piece of equipment is an item of its own.
IN_RUNS = ("Shoes", "Clothing")
COLOUR_AND_SIZE = 1


def records(store: str, items: int, seed: int) -> Records:
    match store:
        case "demo":
            return demo.records(items, seed)
        case "empty":
            return _empty()
        case "large":
            return _large(items, seed)
    raise ValueError(f"There is no store '{store}'. Stores: {', '.join(STORES)}.")


def _empty() -> Records:
    """One account, one shop with one register, one employee who may do everything."""
    yield "Account", {"accountID": 4711, "name": "Example Outfitters", "employeeLimit": 5}
    yield "PriceLevel", {"priceLevelID": 1, "name": "Default"}
    yield "PriceLevel", {"priceLevelID": 2, "name": "MSRP"}
    yield "TaxClass", {"taxClassID": 1, "name": "Item", "classType": "item"}
    yield "TaxClass", {"taxClassID": 2, "name": "Labor", "classType": "service"}
    yield (
        "TaxCategory",
        {
            "taxCategoryID": 1,
            "tax1Name": "GST",
            "tax2Name": "PST",
            "tax1Rate": Decimal("0.05"),
            "tax2Rate": Decimal("0.09975"),
        },
    )
    for key, name, kind, reserved in PAYMENT_TYPES:
        yield (
            "PaymentType",
            {
                "paymentTypeID": key,
                "code": name,
                "name": name,
                "type": kind,
                "internalReserved": reserved,
            },
        )
    yield "Shop", {"shopID": 1, "name": "Main Street", "taxCategoryID": 1, "timeStamp": OPENED}
    yield (
        "Register",
        {
            "registerID": 1,
            "name": "Register 1",
            "shopID": 1,
            "open": True,
            "openTime": OPENED,
            "openEmployeeID": 1,
        },
    )
    yield (
        "EmployeeRole",
        {
            "employeeRoleID": 4,
            "name": "Owner",
            "system": True,
            "EmployeeRights": {
                "EmployeeRight": [
                    {"employeeRightID": number, "name": name}
                    for number, name in rights.EMPLOYEE_RIGHTS
                ]
            },
        },
    )
    yield (
        "Employee",
        {
            "employeeID": 1,
            "firstName": "Ada",
            "lastName": "Owner",
            "employeeRoleID": 4,
            "systemUserID": 508464,
            "lastShopID": 1,
            "lastRegisterID": 1,
        },
    )
    for key, (name, *attributes) in enumerate(
        (("Color/Size", "Color", "Size"), ("Size", "Size"), ("Color", "Color")), 1
    ):
        yield (
            "ItemAttributeSet",
            {
                "itemAttributeSetID": key,
                "name": name,
                "system": True,
                **{f"attributeName{number}": label for number, label in enumerate(attributes, 1)},
            },
        )
    yield from defaults.records(options={}, locale={})


def _large(items: int, seed: int) -> Records:
    """As empty, with a second shop and any number of items in stock, most of them in matrices."""
    yield from _empty()
    yield "Shop", {"shopID": 2, "name": "Harbour", "taxCategoryID": 1, "timeStamp": OPENED}
    yield "Register", {"registerID": 2, "name": "Register 2", "shopID": 2}
    for name, key in CATEGORIES.items():
        yield "Category", {"categoryID": key, "name": name, "createTime": OPENED}
    for key, name in enumerate(BRANDS, 1):
        yield "Manufacturer", {"manufacturerID": key, "name": name, "createTime": OPENED}
    choose = random.Random(seed)  # noqa: S311 (repeatable on purpose)
    models = list(product(range(len(BRANDS)), LINES, KINDS))
    choose.shuffle(models)
    variants = list(product(COLOURS, SIZES))
    for number in range(items):
        # Every model comes in a run of twelve variants before the next begins.
        run, place = divmod(number, 12)
        brand, line, (category, kind, low, high) = models[run % len(models)]
        colour, size = variants[(run * 7 + place * 11) % len(variants)]
        edition = run // len(models)
        price = Decimal(choose.randrange(low, high)) + Decimal("0.99")
        changed = f"2025-{1 + number % 12:02}-{1 + number % 28:02}T{number % 24:02}:00:00+00:00"
        here, there = choose.randrange(0, 12), choose.randrange(0, 12)
        name = f"{BRANDS[brand]} {line}{f' {edition + 1}' if edition else ''} {kind}"
        owners = {"categoryID": CATEGORIES[category], "manufacturerID": brand + 1}
        own: dict[str, Any] = {}
        if category in IN_RUNS:
            own["itemMatrixID"] = run + 1
            own["ItemAttributes"] = {
                "attribute1": colour,
                "attribute2": size,
                "itemAttributeSetID": COLOUR_AND_SIZE,
            }
        if own and not place:
            matrix = {"itemMatrixID": run + 1, "description": name, "timeStamp": changed}
            yield "ItemMatrix", matrix | owners | {"itemAttributeSetID": COLOUR_AND_SIZE}
        yield (
            "Item",
            own
            | owners
            | {
                "itemID": number + 1,
                "systemSku": f"21{number + 7:010}",
                "description": f"{name} {colour} {size}",
                "ean": f"29{number:011}",
                "customSku": f"{BRANDS[brand][:3].upper()}-{run:05}-{place:02}",
                "defaultCost": price / 2,
                "avgCost": price / 2,
                "createTime": OPENED,
                "timeStamp": changed,
                "Prices": {
                    "ItemPrice": [
                        {"amount": price, "useTypeID": 1, "useType": "Default"},
                        {"amount": price + 10, "useTypeID": 2, "useType": "MSRP"},
                    ]
                },
                "ItemShops": {
                    "ItemShop": [
                        {"shopID": 1, "qoh": here, "timeStamp": changed},
                        {"shopID": 2, "qoh": there, "timeStamp": changed},
                    ]
                },
            },
        )
