"""Completing a sale: the money must be right, then stock and accounts move."""

from typing import TYPE_CHECKING

from . import money, upkeep, wire
from .calculation import live_payments, recalculate
from .errors import ApiError
from .store import Record, Store
from .switches import Switches

if TYPE_CHECKING:
    from .simulation import Simulation


class OutOfBalanceError(ApiError):
    def __init__(self, sale_id: int, reason: str, balance: str) -> None:
        super().__init__(
            400,
            f"Cannot complete an out of balance sale. {reason}",
            "OutOfBalanceError",
            extra={"saleID": str(sale_id), "balance": balance},
        )


def complete(simulation: "Simulation", key: int, complete_time: str = "") -> None:
    """Raises OutOfBalanceError. Without `complete_time` it is completed now."""
    store, switches = simulation.store, simulation.switches
    totals = recalculate(store, switches, key)
    payments = live_payments(store, key)
    settled = money.settle(totals.total, [payment for _, payment in payments])
    if isinstance(settled, money.OutOfBalance):
        raise OutOfBalanceError(key, settled.reason, wire.decimal_text(totals.balance))
    if switches.balanced_sales_refused:
        raise OutOfBalanceError(key, "Payments are insufficient.", "-0")
    _move_stored_value(store, switches, payments)
    for (row, payment), amount in zip(payments, settled.amounts, strict=True):
        if amount != payment.amount:
            store.change("SalePayment", row["salePaymentID"], {"amount": amount})
    sale = store.must("Sale", key)
    for line in store.find("SaleLine", saleID=key):
        store.change("SaleLine", line["saleLineID"], {})
        _move_stock(store, line, sale)
    values: Record = {
        "completed": True,
        "completeTime": complete_time or store.clock.stamp(),
    }
    if settled.change:
        values["change"] = settled.change
    store.change("Sale", key, values)
    recalculate(store, switches, key)
    stamp_completed(store, key)


def stamp_completed(store: Store, key: int) -> None:
    """timeStamp of a completed sale is when it was completed; updateTime goes on."""
    complete_time = store.must("Sale", key)["completeTime"]
    store.change("Sale", key, {"timeStamp": complete_time}, stamp=False)


def _move_stock(store: Store, line: Record, sale: Record) -> None:
    upkeep.move_stock(
        store,
        line["itemID"],
        line["shopID"] or sale["shopID"],
        -line["unitQuantity"],
        reason="RemoveForTransactionLine" if line["unitQuantity"] > 0 else "RefundAddInventory",
        sale_id=sale["saleID"],
        employee_id=line["employeeID"],
        customer_id=sale["customerID"],
    )


def _move_stored_value(
    store: Store, switches: Switches, payments: list[tuple[Record, money.Payment]]
) -> None:
    """Paying from a gift card or account raises its balance towards what is owed."""
    for row, payment in payments:
        account = store.get("CreditAccount", row["creditAccountID"])
        if not payment.stored_value or account is None:
            continue
        balance = account["balance"] + payment.amount
        if account["giftCard"] and balance > 0 and not switches.gift_card_overdraw:
            raise ApiError(400, "The gift card does not hold enough.")
        store.change("CreditAccount", row["creditAccountID"], {"balance": balance})
