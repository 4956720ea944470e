"""A shop to show: Cairn & Keel Outfitters, outdoor gear and shoes, two shops in Montréal.

The same seed gives the same shop. People, brands and models are invented; telephone
numbers, e-mail addresses and barcode prefixes are ones that nobody has.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

from salesfloor.simulator import defaults, stockroom
from salesfloor.simulator.assortment import BOOKS, FOOD
from salesfloor.simulator.clientele import (
    CASH,
    CITY_TAX,
    CLUB,
    DAMAGED,
    FRIENDS,
    GST,
    MEMBER,
    MEMBER_DISCOUNT,
    NO_TAX,
    PERCENT_OFF,
    QST,
    RATES,
    REGISTERS,
    SEASON,
    STAFF,
    STAFF_DISCOUNT,
    customers,
    sales,
)
from salesfloor.simulator.rights import EMPLOYEE_RIGHTS
from salesfloor.simulator.stockroom import Record, Ware, stamp

SOLD_FROM = 2_500  # past sales are made of the first items, which every size of shop has

SHOPS = ((1, "Harbour Street", "118 Harbour Street", "H2Y 1A4"),
         (2, "Mile End", "5240 Avenue des Tanneurs", "H2T 2B7"))  # fmt: skip

ALL = frozenset(name for _, name in EMPLOYEE_RIGHTS)
CASHIER = frozenset({
    "allow_login", "change_password", "messages_read", "register", "register_read",
    "register_layaway", "special_orders", "customers", "customers_read", "inventory_base",
    "inventory_read",
})  # fmt: skip
DISCOUNTS = {"register_line_discount", "register_transaction_discount"}
REP = CASHIER | DISCOUNTS | {"register_refund", "register_open", "register_close"}

ROLES: dict[int, tuple[str, frozenset[str]]] = {
    1: ("Owner", ALL),
    2: ("Floor lead", REP | {"register_price", "register_withdraw", "reports", "workbench"}),
    3: ("Sales rep", REP),
    4: ("Sales rep, list prices", REP - DISCOUNTS),
    5: ("Sales rep, no refunds", REP - {"register_refund"}),
}

# (first name, last name, role, limited to shop, locked out)
EMPLOYEES = (
    ("Ingrid", "Solberg", 1, 0, False),
    ("Maya", "Rosen", 3, 0, False),
    ("Ana", "Duarte", 3, 0, False),
    ("Tomás", "Leclerc", 4, 0, False),
    ("Priya", "Nair", 5, 0, False),
    ("Jonas", "Weber", 3, 2, False),
    ("Colin", "Hale", 3, 0, True),
    ("Sophie", "Tran", 2, 0, False),
)

PAYMENT_TYPES = (
    ("Cash", "cash", False),
    ("Check", "user defined", False),
    ("Credit Card", "credit card", False),
    ("Credit Account", "credit account", True),
    ("Gift Card", "gift card", False),
    ("Debit Card", "user defined", False),
    ("Club Voucher", "user defined", True),
)


def records(items: int, seed: int, last_day: date | None = None) -> Iterator[tuple[str, Record]]:
    """(entity, record) in the form `entities` describes, parents before children.

    The shop closed on `last_day` (left out: yesterday) and nothing in it is younger. The day
    moves its dates and nothing else.
    """
    if last_day is None:
        last_day = datetime.now(UTC).date() - timedelta(days=1)
    # Seven in the evening in Montréal.
    closing = datetime(last_day.year, last_day.month, last_day.day, 23, tzinfo=UTC)
    opened = closing - timedelta(days=900)
    yield from _account(opened)
    yield from _money(opened)
    yield from _places(closing)
    yield from _staff(closing)
    yield from stockroom.taxonomy(opened)
    wares: list[Ware] = []
    for entity, record, ware in stockroom.items(items, seed, opened, closing):
        if ware and len(wares) < SOLD_FROM:
            wares.append(ware)
        yield entity, record
    people: list[Record] = []
    for entity, record in customers(seed, opened, closing):
        if entity == "Customer":
            people.append(record)
        yield entity, record
    if wares:
        yield from sales(seed, wares, people, closing)


def _account(opened: datetime) -> Iterator[tuple[str, Record]]:
    yield (
        "Account",
        {
            "accountID": 4711,
            "name": "Cairn & Keel Outfitters",
            "employeeCount": len(EMPLOYEES),
            "employeeLimit": 15,
            "defaultCurrency": {"code": "CAD", "symbol": "$"},
        },
    )
    yield from defaults.records(
        options={
            "locale": "en_CA",
            "tax_pricing": "exclusive",
            "date_format": "YYYY-MM-DD",
            "no_discounts_on_labor": "1",
            "email_reply_to": "hello@cairnandkeel.example.com",
        },
        locale={
            "dateFormat": "YYYY-MM-DD",
            "datetimeFormat": "YYYY-MM-DD HH:mm",
            "taxName2": "QST",
        },
    )


def _money(opened: datetime) -> Iterator[tuple[str, Record]]:
    at = stamp(opened)
    for number, name in enumerate(("Default", "MSRP", "Sale"), 1):
        yield "PriceLevel", {"priceLevelID": number, "name": name, "canBeArchived": number > 2}
    for number, (name, class_type) in enumerate(
        (("Item", "item"), ("Labor", "service"), ("Food", "item"), ("Books", "item")), 1
    ):
        record = {"taxClassID": number, "name": name, "classType": class_type, "timeStamp": at}
        yield "TaxClass", record
    overrides = [
        {"taxClassID": tax_class, "tax1Rate": rate1, "tax2Rate": rate2, "timeStamp": at}
        for tax_class in (FOOD, BOOKS)
        for rate1, rate2 in [RATES[CITY_TAX, tax_class]]
    ]
    ontario = [{"taxClassID": BOOKS, "tax1Rate": GST, "timeStamp": at}]
    for number, tax1, rate1, tax2, rate2, classes in (
        (CITY_TAX, "GST", GST, "QST", QST, overrides),
        (NO_TAX, "Exempt", Decimal(0), "", Decimal(0), []),
        (3, "HST", Decimal("0.13"), "", Decimal(0), ontario),
    ):
        yield (
            "TaxCategory",
            {
                "taxCategoryID": number,
                "tax1Name": tax1,
                "tax1Rate": rate1,
                "tax2Name": tax2,
                "tax2Rate": rate2,
                "timeStamp": at,
                "TaxCategoryClasses": {"TaxCategoryClass": classes},
            },
        )
    for number, (name, type_, require_customer) in enumerate(PAYMENT_TYPES, CASH):
        yield (
            "PaymentType",
            {
                "paymentTypeID": number,
                "code": name,
                "name": name,
                "type": type_,
                "requireCustomer": require_customer,
                "internalReserved": type_ in {"cash", "credit account", "gift card"},
            },
        )
    for number, name in (
        (FRIENDS, "Friends 10 %"),
        (STAFF_DISCOUNT, "Staff 30 %"),
        (DAMAGED, "Damaged, 5.00 off"),
        (MEMBER_DISCOUNT, "Members 5 %"),
        (SEASON, "End of season 25 %"),
    ):
        yield (
            "Discount",
            {
                "discountID": number,
                "name": name,
                "discountPercent": PERCENT_OFF.get(number, Decimal(0)),
                "discountAmount": Decimal(5 if number == DAMAGED else 0),
                "requireCustomer": number in (STAFF_DISCOUNT, MEMBER_DISCOUNT),
                "createTime": at,
                "timeStamp": at,
            },
        )
    for number, name, discount in (
        (MEMBER, "Member", MEMBER_DISCOUNT),
        (STAFF, "Staff", STAFF_DISCOUNT),
        (CLUB, "Club or school", 0),
    ):
        yield "CustomerType", {"customerTypeID": number, "name": name, "discountID": discount}


def _places(closing: datetime) -> Iterator[tuple[str, Record]]:
    morning = stamp(closing.replace(hour=13, minute=40))
    for number, name, street, postcode in SHOPS:
        yield (
            "Shop",
            {
                "shopID": number,
                "name": name,
                "serviceRate": Decimal(60),
                "timeZone": "America/Toronto",
                "taxLabor": True,
                "taxCategoryID": CITY_TAX,
                "priceLevelID": 1,
                "timeStamp": morning,
                "Contact": _address(street, postcode, f"579555011{number}", "shop"),
                "ReceiptSetup": {
                    "header": "Cairn & Keel Outfitters",
                    "generalMsg": "Unworn goods come back within 30 days with this receipt.",
                },
            },
        )
    for shop, registers in REGISTERS.items():
        for place, number in enumerate(registers, 1):
            yield (
                "Register",
                {
                    "registerID": number,
                    "name": f"Register {place}",
                    "open": place < 3,
                    "openTime": morning,
                    "openEmployeeID": 1,
                    "shopID": shop,
                },
            )


def _staff(closing: datetime) -> Iterator[tuple[str, Record]]:
    for number, (name, allowed) in ROLES.items():
        rights = [
            {"employeeRightID": i, "name": right}
            for i, right in EMPLOYEE_RIGHTS
            if right in allowed
        ]
        role: Record = {"employeeRoleID": number, "name": name, "system": True}
        yield "EmployeeRole", role | {"EmployeeRights": {"EmployeeRight": rights}}
    system_user = count(508_464, 137)
    for number, (first, last, role_id, shop, locked) in enumerate(EMPLOYEES, 1):
        yield (
            "Employee",
            {
                "employeeID": number,
                "firstName": first,
                "lastName": last,
                "lockOut": locked,
                "employeeRoleID": role_id,
                "limitToShopID": shop,
                "lastShopID": shop or 1,
                "lastRegisterID": REGISTERS[shop or 1][0],
                "systemUserID": next(system_user),
                "timeStamp": stamp(closing - timedelta(days=30 - number)),
                "Contact": _address("", "", f"579555012{number}", first.lower()),
            },
        )


def _address(street: str, postcode: str, phone: str, mailbox: str) -> Record:
    ascii_mailbox = mailbox.replace("á", "a")
    address = {
        "address1": street,
        "city": "Montréal",
        "state": "Québec",
        "stateCode": "QC",
        "zip": postcode,
        "country": "Canada",
        "countryCode": "CA",
    }
    email = {"address": f"{ascii_mailbox}@cairnandkeel.example.com", "useType": "Primary"}
    return {
        "Addresses": {"ContactAddress": [address]},
        "Phones": {"ContactPhone": [{"number": phone, "useType": "Work"}]},
        "Emails": {"ContactEmail": [email]},
    }
