"""Taking goods back: what of a sale may still come back, and the request that does it."""

from decimal import Decimal
from typing import TYPE_CHECKING

from . import money, tickets, wire
from .actions import Action, Call
from .calculation import FEE
from .completion import complete
from .description import rights
from .entities import BY_NAME
from .errors import ApiError
from .relations import Tree
from .resources import Resource
from .store import Record, Store

if TYPE_CHECKING:
    from .simulation import Simulation

ZERO = Decimal(0)
# Each line comes back with its own share of the discount on the whole sale.
NO_DISCOUNT = {"discountID": 0, "discountPercent": 0}
# What a refunded line has of the line that it takes back, unless it says otherwise.
INHERITED = ("itemID", "unitPrice", "tax", "taxClassID", "avgCost", "fifoCost")


def refundable(store: Store, line_id: int) -> int:
    """Units of a line that may still come back; 0 for what was never sold."""
    line = store.get("SaleLine", line_id)
    sale = store.get("Sale", line["saleID"]) if line else None
    if line is None or sale is None or not sale["completed"] or sale["voided"]:
        return 0
    if line["parentSaleLineID"] and line["lineType"] != FEE:
        return 0
    units = line["unitQuantity"] + sum(row["unitQuantity"] for row in _returned(store, line_id))
    return int(max(units, 0))


def _returned(store: Store, line_id: int) -> list[Record]:
    """The lines that took back a part of this one, those of open refunds too."""
    return [
        row
        for row in store.find("SaleLine", parentSaleLineID=line_id)
        if row["lineType"] != FEE and _counts(store, row)
    ]


def _counts(store: Store, line: Record) -> bool:
    sale = store.get("Sale", line["saleID"])
    return bool(sale and not sale["archived"] and not sale["voided"])


def inherited(store: Store, line_id: int, units: int, *, per_unit: bool) -> Record:
    """What a refund of so many `units` (positive) takes over of the line sold, discount and all.

    The discounts of partial refunds add up to the one that was given: what rounding leaves over
    comes with the last of them. `per_unit`: a line's discountAmount is for each unit.
    """
    line = store.must("SaleLine", line_id)
    sale = store.must("Sale", line["saleID"])
    inclusive = bool(sale["isTaxInclusive"])
    given = _taken_off(line, inclusive)
    share = money.round2(given * units / line["unitQuantity"])
    if units == refundable(store, line_id):
        back = sum((_taken_off(row, inclusive) for row in _returned(store, line_id)), ZERO)
        share = given + back
    values = {name: line[name] for name in INHERITED}
    by_percent = money.round2(units * line["unitPrice"] * line["discountPercent"])
    if share == by_percent:
        return values | {name: line[name] for name in ("discountID", "discountPercent")}
    return values | {"discountAmount": share / units if per_unit else share}


def _taken_off(line: Record, inclusive: bool) -> Decimal:
    """All discounts of a line, in its prices' money: with the tax where prices include it."""
    if not inclusive:
        return Decimal(line["calcLineDiscount"] + line["calcTransactionDiscount"])
    return Decimal(line["unitQuantity"] * line["unitPrice"] - line["calcTotal"])


def refund(call: Call) -> Record:
    """Makes a sale that takes back another's lines, all that are left or those that are named.

    Recorded: with a line that cannot be taken back the refund is answered without it, and open.
    """
    store = call.simulation.store
    original = _original(store, call.keys[0])
    asked = wire.entries(call.body.get("SaleLines"), "SaleLine") or _all_left(store, original)
    sales = call.simulation.resource("Sale")
    key = sales.create(_header(original, call.body) | {"SaleLines": {"SaleLine": asked}}, {})
    made = [line for line in store.find("SaleLine", saleID=key) if not line["lineType"]]
    _pay_back(call.simulation, key, call.body)
    wanted = wire.truth("completed", call.body.get("completed", True))
    if wanted and asked and len(made) == len(asked):
        complete(call.simulation, key, keep=call.simulation.switches.failed_post_kept)
    tree: Tree = {name: {} for name in BY_NAME["Sale"].after_write}
    return call.single("Sale", key, tree | call.tree)


def _original(store: Store, number: int) -> Record:
    sale = tickets.sale_of(store, number)
    if not sale["completed"] or sale["voided"]:
        raise ApiError(400, "Sale not refunded. Only a completed sale can be.")
    return sale


def _all_left(store: Store, original: Record) -> list[Record]:
    return [
        {"parentSaleLineID": line["saleLineID"], "unitQuantity": -units}
        for line in store.find("SaleLine", saleID=original["saleID"])
        if not line["lineType"] and (units := refundable(store, line["saleLineID"]))
    ]


def _header(original: Record, body: Record) -> Record:
    names = ("employeeID", "registerID", "shopID", "customerID", "taxCategoryID")
    later = ("SaleLines", "SalePayments", "completed")
    return (
        {name: original[name] for name in names}
        | NO_DISCOUNT
        | {name: value for name, value in body.items() if name not in later}
    )


def _pay_back(simulation: "Simulation", key: int, body: Record) -> None:
    """A payment that names no amount pays back all that is left to pay back."""
    sales = simulation.resource("Sale")
    for payment in wire.entries(body.get("SalePayments"), "SalePayment"):
        left = simulation.store.must("Sale", key)["balance"]
        amount = payment.get("amount") or wire.decimal_text(left)
        sales.update(key, {"SalePayments": {"SalePayment": {**payment, "amount": amount}}})


RESOURCES: tuple[type[Resource], ...] = ()
ACTIONS: tuple[Action, ...] = (
    Action(
        "POST",
        "Sale/{id}/refund",
        refund,
        root="Sale",
        cost=10,
        entity="Sale",
        rights=rights("register register_refund"),
    ),
)
