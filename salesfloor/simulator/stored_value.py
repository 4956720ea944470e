"""Money that the shop holds for somebody: gift cards and customers' accounts.

Such an account's balance is negative while there is money to spend, positive what is owed.
"""

from decimal import Decimal
from typing import TYPE_CHECKING

from .calculation import CREDIT_ACCOUNT, GIFT_CARD
from .errors import ApiError
from .store import Record, Store
from .switches import Switches

if TYPE_CHECKING:
    from .simulation import Simulation

NO_LOADS = "eCom"
"""The register, by its name, where no gift card can be loaded."""


def account_of(store: Store, sale: Record, payment: Record, kind: str) -> int:
    """The account that a payment moves: the one it names, or that of the sale's customer."""
    key = int(payment.get("creditAccountID", 0))
    customer = store.get("Customer", sale["customerID"])
    if not key and kind == CREDIT_ACCOUNT and customer:
        key = customer["creditAccountID"]
    account = store.get("CreditAccount", key)
    if account is None or bool(account["giftCard"]) != (kind == GIFT_CARD):
        raise ApiError(400, f"Payment not created. '{key}' is no {kind}.")
    return key


def record(simulation: "Simulation", sale: Record, payment: Record, kind: str) -> None:
    """Ties a payment to its account; loading a gift card also makes a line that tells of it."""
    store = simulation.store
    line_id = 0
    if kind == GIFT_CARD and payment["amount"] < 0:
        register = store.get("Register", payment["registerID"])
        if register and register["name"] == NO_LOADS:
            raise ApiError(400, f"Gift cards cannot be loaded on register '{NO_LOADS}'.")
        if not _takes_back(store, sale):
            line_id = _tell(store, sale, payment)
    store.add(
        "SaleAccount",
        {
            "creditAccountID": payment["creditAccountID"],
            "salePaymentID": payment["salePaymentID"],
            "saleLineID": line_id,
        },
    )


def _takes_back(store: Store, sale: Record) -> bool:
    """In a refund, money put on a card is paid back and not bought."""
    lines = store.find("SaleLine", saleID=sale["saleID"])
    return any(line["unitQuantity"] < 0 for line in lines)


def _tell(store: Store, sale: Record, payment: Record) -> int:
    card = store.must("CreditAccount", payment["creditAccountID"])
    note = {"note": f"Gift Card Purchase {card['code'][-4:]}"}
    line = {
        "saleID": sale["saleID"],
        "employeeID": payment["employeeID"],
        "shopID": sale["shopID"],
        "unitQuantity": 1,
        "tax": False,
        "noteID": store.add("Note", note),
    }
    return store.add("SaleLine", line)


def move(store: Store, switches: Switches, sale: Record) -> None:
    """On completion: paying from an account raises its balance towards what is owed.

    Raises ApiError where a card or an account does not allow it.
    """
    for payment in store.find("SalePayment", saleID=sale["saleID"], archived=0):
        account = store.get("CreditAccount", payment["creditAccountID"])
        kind = store.must("PaymentType", payment["paymentTypeID"])["type"]
        if account is None or kind not in (GIFT_CARD, CREDIT_ACCOUNT):
            continue
        balance = account["balance"] + payment["amount"]
        if payment["amount"] > 0:
            _check(account, switches, balance)
        if kind == CREDIT_ACCOUNT and account["customerID"] != sale["customerID"]:
            raise ApiError(400, "The account is not that of the sale's customer.")
        store.change("CreditAccount", account["creditAccountID"], {"balance": balance})


def _check(account: Record, switches: Switches, balance: Decimal) -> None:
    limit = 0 if account["giftCard"] else account["creditLimit"]
    if account["giftCard"] and switches.gift_card_overdraw:
        return
    # A customer without a limit may owe any amount.
    if (account["giftCard"] or limit) and balance > limit:
        what = "gift card" if account["giftCard"] else "account"
        raise ApiError(400, f"The {what} does not hold enough.")
