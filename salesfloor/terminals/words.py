"""What the rep is told about a payment on a reader: where the money is, and what to do next."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from salesfloor.terminals.protocol import Status

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Ours, beside Stripe's own codes.
READER_IN_USE = "reader_in_use"
NOT_SHOWN = "reader_not_shown"
WRONG_AMOUNT = "wrong_amount"
NOT_PREPARED = "not_prepared"
GIVEN_BACK = "given_back"
NOT_REFUNDABLE = "not_refundable"


def words_of(status: Status, code: str) -> str:
    """`code` is Stripe's or ours, of why a payment was declined."""
    if status is Status.DECLINED:
        return str(_DECLINED.get(code) or _CARD_DECLINED)
    return str(_WORDS.get(status, ""))


def refund_words_of(status: Status, code: str) -> str:
    if status is Status.DECLINED:
        return str(_REFUND_DECLINED.get(code) or _REFUND_REFUSED)
    return str(_REFUND_WORDS.get(status, ""))


_CARD_DECLINED = _("Card declined. Nothing was charged. Try another card, or cash.")
_CUSTOMER_CANCELLED = _("The customer cancelled on the reader. Nothing was charged.")
_OFFLINE = _("The reader is not connected. Nothing was charged: switch it on and tap again.")
_DECLINED: dict[str, "StrOrPromise"] = {
    "customer_canceled": _CUSTOMER_CANCELLED,
    "canceled_by_user": _CUSTOMER_CANCELLED,
    "insufficient_funds": _(
        "Declined: not enough money on that card. Nothing was charged. Try another card, or cash."
    ),
    "terminal_reader_offline": _OFFLINE,
    "terminal_reader_busy": _(
        "The reader is busy. Nothing was charged: wait until it is free, then tap again."
    ),
    READER_IN_USE: _(
        "The reader is taking another payment. Nothing was charged: tap again when it is free."
    ),
    NOT_SHOWN: _("The reader did not show the payment. Nothing was charged: tap again."),
    WRONG_AMOUNT: _(
        "The reader was asked for another amount. The hold was released and nothing was charged: "
        "tap again."
    ),
    NOT_PREPARED: _("Stripe could not be asked. Nothing was charged: tap again, or take cash."),
    GIVEN_BACK: _("The card was charged after all, and a manager has given the money back."),
    "resource_missing": _("Stripe does not know this reader. Nothing was charged: ask a manager."),
}
_REFUND_REFUSED = _("The refund was refused. Nothing was given back: choose another way.")
_REFUND_DECLINED: dict[str, "StrOrPromise"] = {
    NOT_REFUNDABLE: _(
        "That is more than is left of the payment. Nothing was given back: choose another way."
    ),
}
_REFUND_WORDS: dict[Status, "StrOrPromise"] = {
    Status.WAITING: _("Stripe is giving the money back to the card."),
    Status.UNKNOWN: _("We could not confirm yet. Do not give it back again. We are checking."),
}
_WORDS: dict[Status, "StrOrPromise"] = {
    Status.ASK_THE_REP: _("Take it on the card terminal, then say what it said."),
    Status.WAITING: _("Waiting for the card on the reader."),
    Status.CANCELLED: _("Cancelled. Nothing was charged."),
    Status.UNKNOWN: _("We could not confirm yet. Do not charge again. We are checking."),
    Status.STRAY: _(
        "The card was charged after the payment was given up. Do not charge again: a manager "
        "decides."
    ),
}
