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


def refusal(store: Store, switches: Switches, sale: Record) -> str:
    """Why the sale's cards and accounts do not allow its payments; empty where they do."""
    balances: dict[int, Decimal] = {}
    for payment, account in _held(store, sale):
        key = account["creditAccountID"]
        balances[key] = balances.get(key, account["balance"]) + payment["amount"]
        if not account["giftCard"] and account["customerID"] != sale["customerID"]:
            return "The account is not that of the sale's customer."
        if payment["amount"] > 0 and not _covers(account, switches, balances[key]):
            what = "gift card" if account["giftCard"] else "account"
            return f"The {what} does not hold enough."
    return ""


def move(store: Store, sale: Record) -> None:
    """On completion: paying from an account raises its balance towards what is owed."""
    for payment, account in _held(store, sale):
        # Two payments may be of one account.
        key = account["creditAccountID"]
        balance = store.must("CreditAccount", key)["balance"] + payment["amount"]
        store.change("CreditAccount", key, {"balance": balance})


def _held(store: Store, sale: Record) -> list[tuple[Record, Record]]:
    """Payments that move a card or an account, each with it."""
    return [
        (payment, account)
        for payment in store.find("SalePayment", saleID=sale["saleID"], archived=0)
        if (account := store.get("CreditAccount", payment["creditAccountID"]))
        and store.must("PaymentType", payment["paymentTypeID"])["type"]
        in (GIFT_CARD, CREDIT_ACCOUNT)
    ]


def _covers(account: Record, switches: Switches, balance: Decimal) -> bool:
    """Whether an account may come to this `balance`. A customer without a limit may owe any."""
    if account["giftCard"]:
        return switches.gift_card_overdraw or balance <= 0
    return not account["creditLimit"] or bool(balance <= account["creditLimit"])
