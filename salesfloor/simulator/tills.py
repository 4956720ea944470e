"""Shops and their registers: opening, what a drawer should hold, counting and closing."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from . import wire
from .actions import Action, Call
from .description import rights
from .errors import ApiError
from .resources import Resource
from .store import Record, Store

ZERO = Decimal(0)
LABEL_TITLES = ("No Title", "Shop Name", "Website", "Phone", "Custom")


class ShopResource(Resource):
    entity_name = "Shop"
    refers_to = {
        "contactID": "Contact",
        "taxCategoryID": "TaxCategory",
        "receiptSetupID": "ReceiptSetup",
        "ccGatewayID": "CCGateway",
        "priceLevelID": "PriceLevel",
    }

    def create(self, body: Record, fixed: Record) -> int:
        # Recorded: a new shop has an address and a receipt of its own, blank unless given.
        own: Record = {} if body.get("contactID") else {"Contact": {}}
        own |= {} if body.get("receiptSetupID") else {"ReceiptSetup": {}}
        return super().create({**own, **body}, fixed)

    def check(self, record: Record, done: str) -> None:
        super().check(record, done)
        if record["labelTitle"] not in LABEL_TITLES:
            raise ApiError(400, f"Shop has no valid labelTitle: '{record['labelTitle']}'.")
        # Every time without an offset is read in it.
        if not _is_zone(record["timeZone"]):
            raise ApiError(400, f"Shop has no valid timeZone: '{record['timeZone']}'.")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


class RegisterWithdrawResource(Resource):
    entity_name = "RegisterWithdraw"
    refers_to = {
        "registerID": "Register",
        "paymentTypeID": "PaymentType",
        "employeeID": "Employee",
    }
    compulsory = frozenset(refers_to)

    def create(self, body: Record, fixed: Record) -> int:
        return super().create({"employeeID": self.employee_id, **body}, fixed)


@dataclass
class Takings:
    """What went through a drawer in one kind of payment since the register was opened."""

    add: Decimal = field(default=ZERO)
    withdraw: Decimal = field(default=ZERO)
    """Negative, as the withdrawals themselves are."""
    payment: Decimal = field(default=ZERO)

    @property
    def calculated(self) -> Decimal:
        return self.add + self.withdraw + self.payment


def takings(store: Store, register: Record) -> dict[int, Takings]:
    """By payment type: every one in use, and any other that has moved.

    A payment counts from when it was made, wherever its sale's completeTime was put. Change is
    off its amount already.
    """
    found = {row["paymentTypeID"]: Takings() for row in store.find("PaymentType", archived=0)}
    since = (register["registerID"], register["openTime"])
    for payment_type, given in store.execute(
        "SELECT paymentTypeID, amount FROM RegisterWithdraw "
        "WHERE registerID = ? AND createTime >= ? AND registerWithdrawID > ?",
        (*since, register["countedWithdrawID"]),
    ):
        drawer = found.setdefault(payment_type, Takings())
        drawer.add += max(Decimal(given), ZERO)
        drawer.withdraw += min(Decimal(given), ZERO)
    for payment_type, paid in store.execute(
        "SELECT p.paymentTypeID, p.amount FROM SalePayment p JOIN Sale s ON s.saleID = p.saleID "
        "WHERE p.registerID = ? AND p.createTime >= ? AND p.salePaymentID > ? "
        "AND NOT p.archived AND s.completed AND NOT s.voided",
        (*since, register["countedPaymentID"]),
    ):
        found.setdefault(payment_type, Takings()).payment += Decimal(paid)
    return dict(sorted(found.items()))


def _register(call: Call) -> Record:
    return call.simulation.resource("Register").existing(call.keys[0])


def _open(call: Call) -> Record:
    register = _register(call)
    if register["open"] or register["archived"]:
        state = "archived" if register["archived"] else "already open"
        raise ApiError(400, f"Register '{register['name']}' is {state}.")
    body = {"employeeID": call.granted.employee["employeeID"], **call.body}
    store = call.simulation.store
    opened = {"open": True, "openTime": store.clock.stamp()}
    store.change("Register", register["registerID"], opened)
    withdrawals = call.simulation.resource("RegisterWithdraw")
    key = withdrawals.create(body, {"registerID": register["registerID"]})
    by = store.must("RegisterWithdraw", key)["employeeID"]
    store.change("Register", register["registerID"], {"openEmployeeID": by})
    return call.single("RegisterWithdraw", key)


def _calculated(call: Call) -> Record:
    shown = [
        {
            "add": wire.decimal_text(drawer.add),
            "withdraw": wire.decimal_text(drawer.withdraw),
            "payment": wire.decimal_text(drawer.payment),
            "paymentTypeID": str(payment_type),
        }
        for payment_type, drawer in takings(call.simulation.store, _register(call)).items()
    ]
    return wire.wrapped("CalculatedAmount", shown)


def _close(call: Call) -> Record:
    register = _register(call)
    if not register["open"]:
        raise ApiError(400, f"Register '{register['name']}' is not open.")
    key = _count(call, register)
    call.simulation.store.change(
        "Register",
        register["registerID"],
        {
            "open": False,
            "countedWithdrawID": _last(call, "RegisterWithdraw", "registerWithdrawID"),
            "countedPaymentID": _last(call, "SalePayment", "salePaymentID"),
        },
    )
    return call.single("RegisterCount", key, {**call.tree, "RegisterCountAmounts": {}})


def _count(call: Call, register: Record) -> int:
    """A count of every kind of payment; what nobody counted is 0, as recorded."""
    store = call.simulation.store
    values = call.simulation.resource("RegisterCount").read(call.body, "C")
    by = values.setdefault("closeEmployeeID", call.granted.employee["employeeID"])
    if store.get("Employee", by) is None:
        raise ApiError(400, f"RegisterCount has no valid closeEmployeeID: '{by}'.")
    names = ("registerID", "openTime", "openEmployeeID")
    key = store.add("RegisterCount", {**values, **{name: register[name] for name in names}})
    counted = _counted(call)
    for payment_type, drawer in takings(store, register).items():
        amount = {
            "registerCountID": key,
            "paymentTypeID": payment_type,
            "calculated": drawer.calculated,
            "actual": counted.pop(payment_type, ZERO),
        }
        store.add("RegisterCountAmount", amount)
    if counted:
        raise ApiError(400, f"Unknown payment type '{next(iter(counted))}'.")
    return key


def _counted(call: Call) -> dict[Any, Any]:
    """Counted amounts by payment type, posted inside the closing."""
    resource = call.simulation.resource("RegisterCountAmount")
    given = wire.entries(call.body.get("RegisterCountAmounts"), "RegisterCountAmount")
    read = [resource.read(entry, "C") for entry in given]
    return {entry.get("paymentTypeID", 0): entry.get("actual", ZERO) for entry in read}


def _last(call: Call, entity: str, key: str) -> int:
    rows = call.simulation.store.execute(f'SELECT max("{key}") FROM "{entity}"')  # noqa: S608
    return int(rows[0][0] or 0)


RESOURCES: tuple[type[Resource], ...] = (ShopResource, RegisterWithdrawResource)
ACTIONS: tuple[Action, ...] = (
    Action(
        "POST",
        "Register/{id}/open",
        _open,
        "RegisterWithdraw",
        entity="RegisterWithdraw",
        rights=rights("register_open"),
    ),
    Action(
        "POST",
        "Register/{id}/close",
        _close,
        "RegisterCount",
        entity="RegisterCount",
        rights=rights("register_close"),
    ),
    Action(
        "GET",
        "Register/{id}/calculated",
        _calculated,
        "CalculatedAmount",
        rights=rights("register"),
    ),
)
