"""What became of the sales, by Lightspeed's own books."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import count

from tests.outbox.virtual_time.courier import Owed
from tests.outbox.virtual_time.day import (
    BY_OTHER_HANDS,
    FINISHED_WITHIN_SECONDS,
    FOR_A_PERSON,
    Day,
)
from tests.outbox.virtual_time.lightspeed import There


@dataclass
class Books:
    """All days together. Each finding is told with its day's seed."""

    sales: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    cents_off: int = 0
    unflagged: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)  # what needs nobody, and was not done in time
    needless: list[str] = field(default_factory=list)  # a person was told, and nothing was wrong
    done: Counter[str] = field(default_factory=Counter)

    @property
    def wrong(self) -> list[str]:
        off = [f"{self.cents_off} cents off"] if self.cents_off else []
        named = ("lost", "doubled", "unflagged", "late", "needless")
        return off + [f"{name}: {each}" for name in named for each in getattr(self, name)]

    def add(self, day: Day) -> None:
        self.done += day.done
        where = f"seed {day.seed}"
        payments = Counter(
            name for sale in day.lightspeed.sales.values() for name, _ in sale.payments if name
        )
        self.doubled += [f"{where}, {name}" for name, times in payments.items() if times > 1]
        for owed in day.owed:
            self.sales += 1
            self._add(day, owed, f"{where}, {owed.reference}")
        self.sales += len(day.forgotten)
        for owed in day.forgotten:
            if len(self._ours(day, owed)) > 1:
                self.doubled.append(f"{where}, {owed.reference}, forgotten")

    def _add(self, day: Day, owed: Owed, name: str) -> None:
        ours = self._ours(day, owed)
        is_there = any(sale.completed for sale in day.lightspeed.of(owed.reference))
        if len(ours) > 1:
            self.doubled.append(f"{name}, completed {len(ours)} times")
        if not is_there and not owed.reason:
            self.lost.append(name)
        if owed.completed_at:
            self.cents_off += sum(abs(sale.paid - owed.cents) for sale in ours)
            if len(ours) != 1 and owed.cents:
                self.unflagged.append(f"{name}: recorded here, {len(ours)} there")
            due_at = max(owed.paid_at, day.storm_seconds) + FINISHED_WITHIN_SECONDS
            if owed.completed_at > due_at and owed.reference not in day.touched:
                self.late.append(f"{name}: {owed.completed_at - due_at} seconds")
        elif not owed.reason:
            self.unflagged.append(name)
        elif owed.reason not in FOR_A_PERSON:
            self.late.append(f"{name}: {owed.reason}")
        if owed.reason in BY_OTHER_HANDS and owed.reference not in day.touched:
            self.needless.append(f"{name}: {owed.reason}")

    def _ours(self, day: Day, owed: Owed) -> list[There]:
        """Completed sales that have a payment of ours: other hands complete sales too."""
        names = {name for name, _ in owed.tenders}
        return [
            sale
            for sale in day.lightspeed.of(owed.reference)
            if sale.completed and names & {name for name, _ in sale.payments}
        ]


def play(sales: int, *, seed: int = 1, day: type[Day] = Day) -> Books:
    """Days of so many sales, or until the books show that something is wrong."""
    books, seeds = Books(), count(seed)
    while books.sales < sales and not books.wrong:
        books.add(day(next(seeds)).run())
    return books
