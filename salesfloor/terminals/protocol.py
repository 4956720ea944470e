"""What selling asks of a card terminal, whoever made it.

A terminal never claims more than is known. `WAITING` and `UNKNOWN` both mean: do not charge again.
Each operation may be repeated: a payment is known by our reference, and takes money at most once.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol


class Status(StrEnum):
    ASK_THE_REP = "ask"  # only the person who sees the terminal knows
    WAITING = "waiting"  # the terminal asks the customer, or the bank is being asked
    APPROVED = "approved"  # the money is taken (or given back)
    DECLINED = "declined"  # nothing was taken, and nothing will be; `words` say why
    CANCELLED = "cancelled"  # given up by us; nothing was taken, and nothing will be
    UNKNOWN = "unknown"  # it may have been taken; it is looked up until it is known
    STRAY = "stray"  # taken, but not as it was asked for: a manager decides

    @property
    def is_final(self) -> bool:
        return self not in (self.ASK_THE_REP, self.WAITING, self.UNKNOWN)


@dataclass(frozen=True)
class Card:
    """As receipts show it; never a number."""

    brand: str = ""
    last4: str = ""


NO_CARD = Card()


@dataclass(frozen=True)
class Standing:
    """`terminal_reference` is the name the terminal's maker knows the payment by, `receipt` what
    the card schemes want printed (label to text)."""

    status: Status
    words: str = ""
    card: Card = NO_CARD
    terminal_reference: str = ""
    receipt: tuple[tuple[str, str], ...] = ()


class Terminal(Protocol):
    """Amounts are positive; `reference` is ours, one for each payment and each refund."""

    def begin(self, reference: str, amount: Decimal) -> Standing: ...

    def look(self, reference: str) -> Standing: ...

    def cancel(self, reference: str) -> Standing: ...

    def refund(self, reference: str, amount: Decimal, of: str) -> Standing:
        """Give back part or all of the payment whose reference is `of`."""
        ...


class ByHand:
    """The shop's own terminal, which only the rep sees: we ask, and claim nothing."""

    def begin(self, reference: str, amount: Decimal) -> Standing:
        return Standing(Status.ASK_THE_REP)

    def look(self, reference: str) -> Standing:
        return Standing(Status.ASK_THE_REP)

    def cancel(self, reference: str) -> Standing:
        return Standing(Status.ASK_THE_REP)

    def refund(self, reference: str, amount: Decimal, of: str) -> Standing:
        return Standing(Status.ASK_THE_REP)
