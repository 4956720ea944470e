"""What to do about a card payment on a reader: a pure function of what is written and what is seen.

The reader's approval only holds the money. We take it ourselves (Stripe's capture), after our row
says so, and only if nobody has given the payment up: whoever changes the row first wins, and the
loser takes nothing. Interac is the exception: it takes the money at once, and an approval after
the payment was given up is then a stray, for a manager.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

# A reader that was handed a payment may take this long to show it.
SHOWN_WITHIN = timedelta(seconds=20)


class Seen(StrEnum):
    """The payment as Stripe has it."""

    ASKING = "asking"  # on the reader, or with the bank
    IDLE = "idle"  # not on the reader, and nothing held
    FAILED = "failed"  # declined, or given up at the reader
    HELD = "held"  # approved; ours to take or to let go
    TAKEN = "taken"
    GONE = "gone"  # cancelled at Stripe: no money will ever move


class Step(StrEnum):
    WAIT = "wait"
    TAKE = "take"
    CANCEL = "cancel"
    # Ends:
    APPROVE = "approve"
    CLOSE = "close"  # nothing was taken
    STRAY = "stray"  # money was taken, and no sale may count on it


@dataclass(frozen=True)
class Record:
    amount: Decimal
    handed_over_at: datetime
    is_given_up: bool  # by the rep, a manager, or because it was declined


def next_step(record: Record, seen: Seen, seen_amount: Decimal, now: datetime) -> Step:
    """`seen_amount` is what is held or taken; it counts only then."""
    match seen:
        case Seen.TAKEN:
            as_asked = seen_amount == record.amount and not record.is_given_up
            return Step.APPROVE if as_asked else Step.STRAY
        case Seen.HELD:
            as_asked = seen_amount == record.amount and not record.is_given_up
            return Step.TAKE if as_asked else Step.CANCEL
        case Seen.GONE:
            return Step.CLOSE
        case Seen.FAILED:
            return Step.CANCEL
        case Seen.IDLE:
            is_late = now - record.handed_over_at > SHOWN_WITHIN
            return Step.CANCEL if record.is_given_up or is_late else Step.WAIT
    return Step.CANCEL if record.is_given_up else Step.WAIT
