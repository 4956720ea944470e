"""Completing a sale: the money must be right, then stock and accounts move."""

from typing import TYPE_CHECKING

from . import carts, money, reservations, stored_value, wire
from .calculation import live_payments, recalculate
from .errors import ApiError
from .store import Record, Store

if TYPE_CHECKING:
    from .simulation import Simulation


class NotCompletedError(ApiError):
    """Tells which sale stays open, where it is kept, and what is still to pay of it."""

    def __init__(
        self, sale_id: int, message: str, balance: str, *, keep: bool, error_class: str
    ) -> None:
        extra = {"saleID": str(sale_id), "balance": balance}
        super().__init__(400, message, error_class, keep=keep, extra=extra)


class OutOfBalanceError(NotCompletedError):
    def __init__(self, sale_id: int, reason: str, balance: str, *, keep: bool) -> None:
        message = f"Cannot complete an out of balance sale. {reason}"
        super().__init__(sale_id, message, balance, keep=keep, error_class="OutOfBalanceError")


def complete(
    simulation: "Simulation", key: int, complete_time: str = "", *, keep: bool = False
) -> None:
    """Raises NotCompletedError; `keep`: what was written before it then stays.

    Without `complete_time` the sale is completed now.
    """
    store, switches = simulation.store, simulation.switches
    totals = carts.refresh(simulation, key)
    payments = live_payments(store, key)
    settled = money.settle(totals.total, [payment for _, payment in payments])
    balance = wire.decimal_text(totals.balance)
    if isinstance(settled, money.OutOfBalance):
        raise OutOfBalanceError(key, settled.reason, balance, keep=keep)
    if switches.balanced_sales_refused:
        raise OutOfBalanceError(key, "Payments are insufficient.", "-0", keep=keep)
    sale = store.must("Sale", key)
    if refusal := stored_value.refusal(store, switches, sale):
        raise NotCompletedError(key, refusal, balance, keep=keep, error_class="Exception")
    for (row, payment), amount in zip(payments, settled.amounts, strict=True):
        if amount != payment.amount:
            store.change("SalePayment", row["salePaymentID"], {"amount": amount})
    stored_value.move(store, sale)
    for line in store.find("SaleLine", saleID=key):
        store.change("SaleLine", line["saleLineID"], {})
        reservations.hand_over(store, line, sale)
    reservations.work_paid(store, key)
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
