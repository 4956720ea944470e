"""A Lightspeed that keeps books of its own, and what may become of calls to it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

from salesfloor.outbox.next_action import Outcome

Tender = tuple[str, int]  # its reference, and cents


@dataclass
class There:
    """One sale in Lightspeed."""

    reference: str
    cents: int  # what its lines come to
    payments: list[Tender] = field(default_factory=list)
    completed: bool = False
    archived: bool = False

    def as_it_is(self) -> There:
        return replace(self, payments=list(self.payments))

    @property
    def paid(self) -> int:
        return sum(cents for _, cents in self.payments)


class Lightspeed:
    """Knows nothing of repetition: what is sent again, it adds again, to a completed sale too."""

    def __init__(self) -> None:
        self.sales: dict[int, There] = {}
        self.by_reference: dict[str, list[int]] = {}

    def create(self, reference: str, cents: int) -> int:
        sale_id = len(self.sales) + 1
        self.sales[sale_id] = There(reference, cents)
        self.by_reference.setdefault(reference, []).append(sale_id)
        return sale_id

    def complete(self, sale_id: int, tenders: list[Tender]) -> None:
        """Out of balance it stays open, and keeps the payments."""
        sale = self.sales[sale_id]
        if sale.archived:
            return
        sale.payments += tenders
        sale.completed = sale.completed or sale.paid == sale.cents

    def of(self, reference: str) -> list[There]:
        return [self.sales[sale_id] for sale_id in self.by_reference.get(reference, [])]


@dataclass(frozen=True)
class Fate:
    """What becomes of a call: does it have its effect, and what is known of it."""

    name: str
    outcome: Outcome
    has_effect: bool = False
    is_late: bool = False  # the effect comes when the answer has long been given up
    is_half: bool = False  # payments are added, the sale stays open
    retry_after: timedelta | None = None


SENT = (
    Fate("lost on the way", Outcome.DOUBT),
    Fate("answer lost", Outcome.DOUBT, has_effect=True),
    Fate("answer cut", Outcome.DOUBT, has_effect=True),
    Fate("late effect", Outcome.DOUBT, has_effect=True, is_late=True),
    Fate("late effect", Outcome.DOUBT, has_effect=True, is_late=True),
    Fate("refused", Outcome.DOUBT),
    Fate("refused, but done", Outcome.DOUBT, has_effect=True),
    Fate("refused, payments kept", Outcome.DOUBT, has_effect=True, is_half=True),
    Fate("not connected", Outcome.NOT_SENT),
    Fate("busy", Outcome.BUSY, retry_after=timedelta(seconds=1)),
    Fate("busy for long", Outcome.BUSY, retry_after=timedelta(seconds=60)),
    Fate("token refused", Outcome.TOKEN_REFUSED),
    Fate("forbidden", Outcome.FORBIDDEN),
    Fate("signed out", Outcome.SIGNED_OUT),
)
LOOKED = (
    Fate("look lost", Outcome.NO_ANSWER),
    Fate("look not answered", Outcome.NO_ANSWER),
    Fate("look not connected", Outcome.NOT_SENT),
    Fate("look while busy", Outcome.BUSY, retry_after=timedelta(seconds=5)),
    Fate("look with token refused", Outcome.TOKEN_REFUSED),
    Fate("look forbidden", Outcome.FORBIDDEN),
)
