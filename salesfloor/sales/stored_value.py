"""Gift cards and customers' accounts: what Lightspeed keeps on them, asked while a rep waits.

What a rep has seen of a card is told back by the browser in a sealed `Credit`, so that nobody pays
with a card, or loads one, that was not looked up. How much is on it counts only when a worker has
read it once more, right before the payment begins (`checkout.draw`).
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.core import signing
from django.utils.translation import gettext as _

from salesfloor.customers import exchange
from salesfloor.customers.models import Customer
from salesfloor.lightspeed import errors, records
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.money import to_cents
from salesfloor.outbox import errands
from salesfloor.outbox.models import Errand
from salesfloor.sales.refusals import Away, CartChanged, Refused, SignedOut, Unpriced
from salesfloor.staff import clock
from salesfloor.staff.connection import client_for
from salesfloor.staff.models import Account, Rep

# As long as a customer may think about it.
SEALED_FOR = timedelta(hours=1)
# No payment card's number begins so.
NEW_CARDS_BEGIN_WITH, MORE_DIGITS = "9", 15
# Lightspeed loads no gift cards on a register of this name.
NO_LOADS = "eCom"


@dataclass(frozen=True)
class Credit:
    """A gift card or a customer's account in Lightspeed, and how it is told to people."""

    credit_account_id: int
    name: str

    def sealed(self, account: Account) -> str:
        """For a form; good for an hour, and for this retailer alone."""
        return signing.dumps([self.credit_account_id, self.name], salt=_salt(account))

    @classmethod
    def opened(cls, account: Account, sealed: str) -> "Credit":
        try:
            return cls(*signing.loads(sealed, salt=_salt(account), max_age=SEALED_FOR))
        except signing.BadSignature:
            raise CartChanged(
                _("That was too long ago. Nothing was charged: look the card up again.")
            ) from None


@dataclass(frozen=True)
class Card:
    """A gift card as Lightspeed told of it at `read_at`."""

    credit: Credit
    available: Decimal
    read_at: datetime


class NoSuchCard(Refused):
    pass


def look_up(rep: Rep, code: str) -> Card:
    """Raises NoSuchCard, or another Refused where Lightspeed does not tell."""
    with _in_plain_words():
        record = _found(rep, code)
    if record is None:
        raise NoSuchCard(_("Lightspeed has no gift card with this number."))
    _refuse_archived(record)
    return _card(record, _masked(code))


def create(rep: Rep, code: str) -> Credit:
    """The card with this number, made where there is none yet. Empty, unless there was one.

    Raises Refused, as `look_up` does.
    """

    def send() -> records.CreditAccount:
        return _found(rep, code) or client_for(rep, Right.LOOK_UP).create_gift_card(code)

    with _in_plain_words():
        record = errands.carry_out(
            rep, Errand.Kind.GIFT_CARD, {"code": code}, send=send, look=lambda: _found(rep, code)
        )
    _refuse_archived(record)
    return Credit(record.credit_account_id, _masked(code))


def generate(rep: Rep, action_id: UUID) -> Credit:
    """A card whose number is the form's own, so that the form sent again makes no second card.

    Its name is the whole number, which the customer knows from the receipt alone.
    """
    code = f"{NEW_CARDS_BEGIN_WITH}{action_id.int % 10**MORE_DIGITS:0{MORE_DIGITS}d}"
    card = create(rep, code)
    return Credit(card.credit_account_id, " ".join(re.findall("....", code)))


def number_of_new(name: str) -> str:
    """Of a card that was generated, from its `Credit.name`; "" of one whose name hides it."""
    number = name.replace(" ", "")
    return number if re.fullmatch(rf"{NEW_CARDS_BEGIN_WITH}\d{{{MORE_DIGITS}}}", number) else ""


def read_account(rep: Rep, customer: Customer) -> None:
    """Have the customer's balance and limit as they are now. Raises Refused, and then what is known
    is as old as before."""
    with _in_plain_words():
        exchange.refresh(customer, rep)


def open_account(rep: Rep, customer: Customer) -> None:
    with _in_plain_words():
        exchange.open_account(customer, rep)


def account_of(customer: Customer | None) -> Credit:
    """Raises Refused where there is no customer, or none with an account."""
    if customer is None:
        raise Refused(_("An account is a customer's. Nothing was charged: choose one first."))
    if not customer.credit_account_lightspeed_id:
        raise Refused(
            _("%(customer)s has no account with the shop yet. Nothing was charged: open one first.")
            % {"customer": customer}
        )
    return Credit(customer.credit_account_lightspeed_id, str(customer)[:64])


def check_can_load_cards(rep: Rep) -> None:
    if rep.register and rep.register.name == NO_LOADS:
        raise Refused(
            _("Lightspeed loads no gift cards on the register %(name)s. Change the register first.")
            % {"name": rep.register}
        )


def spendable(record: records.CreditAccount, *, may_owe: bool) -> Decimal | None:
    """How much can be paid from it; None where there is no limit."""
    if not may_owe or record.gift_card:
        return to_cents(record.available)
    return to_cents(record.available + record.credit_limit) if record.credit_limit else None


def _found(rep: Rep, code: str) -> records.CreditAccount | None:
    try:
        return client_for(rep, Right.LOOK_UP).gift_card(code)
    except errors.NotFound:
        return None


def _refuse_archived(record: records.CreditAccount) -> None:
    """Neither paid with nor loaded: it has been done away with, perhaps as it was lost."""
    if record.archived:
        raise Unpriced.GONE_ACCOUNT.told("")


def _card(record: records.CreditAccount, name: str) -> Card:
    return Card(Credit(record.credit_account_id, name), to_cents(record.available), clock.now())


def _masked(code: str) -> str:
    """Whoever knows a card's number can spend it."""
    return f"···· {code[-4:]}"


def _salt(account: Account) -> str:
    return f"salesfloor.sales.stored_value.{account.pk}"


@contextmanager
def _in_plain_words() -> Iterator[None]:
    try:
        yield
    except errors.SignInLost:
        raise SignedOut from None
    except errors.Forbidden:
        raise Away(
            _("Lightspeed shows you no cards and accounts. Nothing was charged: ask a manager.")
        ) from None
    except errors.RateLimited:
        raise Unpriced.BUSY.told("") from None
    except errors.Rejected as error:
        raise Away(
            _("Lightspeed refused this. Nothing was charged. It said: %(said)s")
            % {"said": error.message}
        ) from error
    except errors.LightspeedError as error:
        raise Away(
            _("Lightspeed did not answer. Nothing was charged and the cart is kept: try again.")
        ) from error
