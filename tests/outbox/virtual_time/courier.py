"""The shop's side in virtual time: what is owed, and the courier, as plain as can be.

Only the decisions are the real ones, of `next_action`. Everything that takes time is a generator
that yields seconds. Between two yields nothing else happens, so each is a point at which a process
can be killed, be stopped, or be overtaken.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any

from salesfloor.outbox.next_action import (
    SLOW_PACE,
    Act,
    Draft,
    Entry,
    Facts,
    Look,
    Outcome,
    Reason,
    Record,
    Send,
    next_action,
)
from tests.outbox.virtual_time.lightspeed import LOOKED, SENT, Fate, Lightspeed, Tender, There

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
CALL_SECONDS = 25.0
# No call has its effect later than this after it was given up.
SETTLE_SECONDS = 180.0

Process = Generator[float, None, None]


@dataclass(eq=False)
class Owed:
    """A paid sale in our database: what a submission and its attempts are."""

    reference: str
    cents: int
    tenders: tuple[Tender, ...]
    paid_at: float
    due_at: float
    draft_id: int | None
    # What Lightspeed makes of it, where it was sold without asking.
    their_cents: int
    pk: int = 0
    is_provisional: bool = False
    look_wanted: bool = False
    journal: list[Entry] = field(default_factory=list)
    under_way: list[Attempt] = field(default_factory=list)
    difference: int = 0  # a line that makes Lightspeed's total what was collected
    reason: Reason | None = None
    completed_at: float | None = None

    def kept(self) -> Owed:
        return replace(self, journal=list(self.journal), under_way=list(self.under_way))


@dataclass(eq=False)
class Worker:
    """A process that may be the courier. Its clock is wrong by `skew` seconds."""

    name: str
    skew: float
    inherited: int | None = None  # the newest sale that was owed before it came
    is_dead: bool = False
    stopped_until: float = 0.0


@dataclass(eq=False)
class Turn:
    """A worker's hold of the account's lock, which ends with its session."""

    worker: Worker
    is_over: bool = False


@dataclass(eq=False)
class Attempt:
    kind: type[Entry]
    turn: Turn
    began_at: datetime


class LockLost(Exception):
    pass


class Shop:
    """One account of the retailer, with a worker or several; `trouble` is the share of calls that
    go wrong. Tests of what must not be take a rule away by overriding one of its methods."""

    has_lock = True

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = random.Random(seed)
        self.trouble = self.random.choice((0.0, 0.02, 0.05, 0.1, 0.2, 0.5, 0.8))
        self.clocks_agree = self.random.random() < 0.5
        self.done: Counter[str] = Counter()  # what happened, and how often
        self.lightspeed = Lightspeed()
        self.owed: list[Owed] = []
        # What the database counts, and beside it, where no copy reaches, how far it had counted.
        self.attempts = self.mark_of_attempts = 0
        self.restores = self.mark_of_restores = 0
        self.now = self.down_until = 0.0
        self.agenda: list[tuple[float, int, Process, Worker | None]] = []
        self.numbers = count()
        self.late_effects = 0  # still to come
        self.touched: set[str] = set()  # what a person may have to see to
        self.turn: Turn | None = None
        self.workers = [self.new_worker() for _ in range(self.random.choice((1, 2, 3)))]

    # --- Time ----------------------------------------------------------------------------

    def begin(self, process: Process, *, after: float = 0.0, by: Worker | None = None) -> None:
        heappush(self.agenda, (self.now + after, next(self.numbers), process, by))

    def go_on(self) -> None:
        """Let the next thing happen."""
        self.now, _, process, worker = heappop(self.agenda)
        if worker and worker.is_dead:
            return
        if worker and worker.stopped_until > self.now:
            self.begin(process, after=worker.stopped_until - self.now, by=worker)
            return
        with suppress(StopIteration, LockLost):
            self.begin(process, after=next(process), by=worker)

    def at(self, worker: Worker) -> datetime:
        """What its clock shows."""
        return NOON + timedelta(seconds=self.now + worker.skew)

    # --- One turn of a courier ---------------------------------------------------------------

    def new_worker(self) -> Worker:
        skew = 0.0 if self.clocks_agree else self.random.uniform(-600, 600)
        return Worker(f"{next(self.numbers)}", skew, stopped_until=self.down_until)

    def nudge(self, after: float = 0.0) -> None:
        worker = self.random.choice(self.workers)
        self.begin(self.deliver(worker), after=after, by=worker)

    def deliver(self, worker: Worker) -> Process:
        if self.has_lock and self.turn:
            return
        turn = self.turn = Turn(worker)
        self.close_cut_off_attempts(worker)
        self.take_over(worker)
        while owed := self.next_due():
            yield from self.bring_on(owed, turn)
        self.turn = None
        waiting = [owed.due_at for owed in self.owed if not owed.completed_at]
        if waiting:
            self.nudge(after=max(0.0, min(waiting) - self.now))

    def next_due(self) -> Owed | None:
        due = [owed for owed in self.owed if not owed.completed_at and owed.due_at <= self.now]
        return min(due, key=lambda owed: owed.due_at) if due else None

    def close_cut_off_attempts(self, worker: Worker) -> None:
        for owed in self.owed:
            for attempt in owed.under_way:
                outcome = Outcome.NO_ANSWER if attempt.kind is Look else Outcome.DOUBT
                owed.journal.append(attempt.kind(self.at(worker), outcome, worker.name))
            owed.under_way.clear()

    def take_over(self, worker: Worker) -> None:
        if worker.inherited is not None:
            return
        worker.inherited = max((owed.pk for owed in self.owed), default=0)
        is_old_copy = self.is_old_copy
        for owed in self.owed:
            if not owed.completed_at:
                owed.due_at = min(owed.due_at, self.now)
                if is_old_copy:
                    self.be_in_doubt(owed)
        self.restores += is_old_copy
        self.mark_of_attempts, self.mark_of_restores = self.attempts, self.restores

    @property
    def is_old_copy(self) -> bool:
        return self.mark_of_attempts > self.attempts or self.mark_of_restores > self.restores

    def be_in_doubt(self, owed: Owed) -> None:
        """It may have been sent since the copy was made."""
        owed.journal.append(Send(NOON + timedelta(seconds=self.now), Outcome.DOUBT))

    def facts(self, worker: Worker) -> Facts:
        return Facts(
            courier=worker.name,
            settle_for=timedelta(seconds=SETTLE_SECONDS),
            jitter=self.random.random(),
        )

    def record(self, owed: Owed, worker: Worker) -> Record:
        return Record(
            NOON + timedelta(seconds=owed.paid_at),
            tuple(owed.journal),
            owed.look_wanted,
            is_inherited=owed.pk <= (worker.inherited or 0),
            is_provisional=owed.is_provisional,
        )

    def bring_on(self, owed: Owed, turn: Turn) -> Process:
        worker = turn.worker
        facts = self.facts(worker)
        while not owed.completed_at:
            record = self.record(owed, worker)
            action = next_action(record, facts, self.at(worker))
            owed.reason = action.reason
            if action.act is Act.WAIT:
                owed.due_at = self.now + (action.at - self.at(worker)).total_seconds()
                return
            yield 0.01
            self.make_sure(turn)
            call = {Act.SEND: self.send, Act.DRAFT: self.draft, Act.LOOK: self.look}[action.act]
            yield from call(owed, record, turn)
            if owed.due_at > self.now:
                return

    def make_sure(self, turn: Turn) -> None:
        if self.has_lock and turn.is_over:
            raise LockLost

    def fate(self, fates: tuple[Fate, ...]) -> Fate | None:
        if self.random.random() >= self.trouble:
            return None
        fate = self.random.choice(fates)
        self.done[fate.name] += 1
        return fate

    def open_attempt(self, owed: Owed, kind: type[Entry], turn: Turn) -> Attempt:
        """A row in the journal before anything is sent."""
        owed.look_wanted = False
        attempt = Attempt(kind, turn, self.at(turn.worker))
        owed.under_way.append(attempt)
        if kind is not Look:
            self.attempts += 1
            self.mark_of_attempts = self.attempts
        return attempt

    def close(self, owed: Owed, attempt: Attempt, outcome: Outcome, **known: Any) -> None:
        self.make_sure(attempt.turn)
        if attempt in owed.under_way:
            owed.under_way.remove(attempt)
        at = self.noticed_at(attempt, outcome)
        owed.journal.append(attempt.kind(at, outcome, attempt.turn.worker.name, **known))

    def noticed_at(self, attempt: Attempt, outcome: Outcome) -> datetime:
        """What a look saw may be as old as its beginning."""
        found_nothing = outcome is Outcome.NOT_FOUND
        return attempt.began_at if found_nothing else self.at(attempt.turn.worker)

    def calling(self, fate: Fate | None, effect: Callable[[], None]) -> Process:
        """The time that a call takes, and what it does there meanwhile or later."""
        is_slow = fate or self.random.random() < self.trouble
        seconds = self.random.uniform(0.1, CALL_SECONDS if is_slow else 1.0)
        if self.random.random() < self.trouble / 4:
            self.begin(self.mischief(), after=seconds * self.random.random())
        if fate and fate.is_late:
            least = self.random.choice((0.0, SETTLE_SECONDS - CALL_SECONDS))
            late = self.random.uniform(least, SETTLE_SECONDS)
            self.late_effects += 1
            self.begin(self.later(effect), after=late)
        elif fate is None or fate.has_effect:
            effect()
        yield seconds

    def mischief(self) -> Process:
        """In the middle of a call."""
        yield from ()

    def later(self, effect: Callable[[], None]) -> Process:
        self.late_effects -= 1
        effect()
        yield from ()

    def send(self, owed: Owed, record: Record, turn: Turn) -> Process:
        attempt = self.open_attempt(owed, Send, turn)
        fate, sale_id = self.fate(SENT), owed.draft_id
        assert sale_id is not None
        there = self.lightspeed.sales[sale_id]
        tenders = self.tenders_to_send(owed, record)

        def effect() -> None:
            if fate and fate.is_half:
                there.payments += tenders
                if owed.is_provisional:  # a restored copy may forget which open sale has them
                    self.touched.add(owed.reference)
            else:
                self.lightspeed.complete(sale_id, tenders)

        yield from self.calling(fate, effect)
        if fate:
            self.close(owed, attempt, self.outcome(fate), retry_after=fate.retry_after)
        elif there.completed:
            self.settle(owed, attempt, [there])
        else:  # refused as out of balance
            self.close(owed, attempt, Outcome.DOUBT)

    def tenders_to_send(self, owed: Owed, record: Record) -> list[Tender]:
        return [tender for tender in owed.tenders if tender[0] not in record.tenders_there]

    def outcome(self, fate: Fate) -> Outcome:
        return fate.outcome

    def draft(self, owed: Owed, record: Record, turn: Turn) -> Process:
        attempt = self.open_attempt(owed, Draft, turn)
        fate, total = self.fate(SENT), owed.their_cents + owed.difference
        written: list[int] = []
        yield from self.calling(
            fate, lambda: written.append(self.lightspeed.create(owed.reference, total))
        )
        if fate:
            self.close(owed, attempt, fate.outcome, retry_after=fate.retry_after)
        elif total != owed.cents:
            self.close(owed, attempt, Outcome.UNEQUAL)
            owed.difference += owed.cents - total
        else:
            self.close(owed, attempt, Outcome.DRAFTED)
            [owed.draft_id] = written

    def look(self, owed: Owed, record: Record, turn: Turn) -> Process:
        """Sees what there was when it began."""
        attempt, fate = self.open_attempt(owed, Look, turn), self.fate(LOOKED)
        draft, others = self.sales_of(owed)
        yield from self.calling(fate, lambda: None)
        if fate:
            self.close(owed, attempt, fate.outcome, retry_after=fate.retry_after)
        elif completed := [sale for sale in (draft, *others) if sale and sale.completed]:
            self.settle(owed, attempt, completed)
        else:
            there = frozenset(name for name, _ in draft.payments) if draft else frozenset()
            trouble = self.trouble_with(owed, draft, others)
            known = {"trouble": trouble, "tenders_there": there}
            self.close(owed, attempt, Outcome.NOT_FOUND, **known)

    def sales_of(self, owed: Owed) -> tuple[There | None, list[There]]:
        """As they are now: the one that it was drafted as, and others of its reference."""
        draft = self.lightspeed.sales[owed.draft_id] if owed.draft_id else None
        others = [sale for sale in self.lightspeed.of(owed.reference) if sale is not draft]
        return draft and draft.as_it_is(), [sale.as_it_is() for sale in others]

    def trouble_with(self, owed: Owed, draft: There | None, others: list[There]) -> Reason | None:
        if any(sale.payments for sale in others):
            return Reason.PAID_THERE
        if draft is None:
            return None
        if draft.archived:
            return Reason.GONE_THERE
        names = [name for name, _ in draft.payments]
        if len(names) != len(set(names)) or not set(names) <= {name for name, _ in owed.tenders}:
            return Reason.PAID_THERE
        return Reason.CHANGED_THERE if draft.cents != owed.cents else None

    def settle(self, owed: Owed, attempt: Attempt, completed: list[There]) -> None:
        """Recorded, if it is there once and as it was sold."""
        difference = self.difference(owed, completed)
        self.close(owed, attempt, Outcome.FOUND, trouble=difference)
        owed.reason = difference
        if difference:
            owed.due_at = self.now + SLOW_PACE.total_seconds()
        else:
            owed.completed_at = self.now

    def difference(self, owed: Owed, completed: list[There]) -> Reason | None:
        there = completed[0]
        if sorted(there.payments) != sorted(owed.tenders):
            return Reason.PAID_THERE
        if len(completed) > 1 or there.cents != owed.cents:
            return Reason.DIFFERENT
        return Reason.PROVISIONAL_DIFFERED if owed.difference else None
