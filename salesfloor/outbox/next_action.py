"""What the courier does next for a sale that is owed to Lightspeed.

Lightspeed has no idempotency keys, a repeated PUT appends its payments once more, and nothing
undoes a completed sale. So the rule is: send once; while the outcome is in doubt, only look; send
again only when the sale was looked for long enough and was not completed.

* A send that certainly had no effect (not connected, refused) may be repeated after a pause.
* Any other answer than a whole, sensible one is **doubt**, counted from when it was noticed. It is
  looked into after 2, 6, 14, 30, 60 seconds and so on. Found counts at once; not found counts only
  after two looks and once the settling time has passed.
* Time is what single couriers' clocks bear witness to: a courier that takes over goes on counting
  from its own first look, so restarts cost only the time when nobody looked, and no two clocks
  have to agree.
* A refusal settles its own attempt alone: an earlier doubt stays.
* Before the first send of a sale that is not fresh (owed before this courier came, or paid over a
  minute ago) and before any repeated send, the sale is looked up. A journal of which an older copy
  was restored says itself that each sale may have been sent since: a doubt like any other.
* An open sale that is no longer the one that was paid for is not completed, and a sale that was
  found completed is never sent again, whatever is wrong with it: both are for a person.
* A sale that was paid while Lightspeed was away has no open sale there yet. It is written first;
  one too many costs nothing. Once it was sent it is the only one.
* After 5 doubtful sends or 10 minutes of doubt a person is told; looking goes on for two days. A
  doubt may still settle by itself then, but after 5 doubtful sends nothing more is sent.

Pure: no clock, no database, no network. Everything it may know is in its arguments.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import takewhile

LOOK_AFTER = [timedelta(seconds=seconds) for seconds in (2, 6, 14, 30, 60, 90, 120, 150, 180)]
LOOKS_THAT_SETTLE = 2
FAILED_LOOK_PAUSE = timedelta(seconds=20)
FRESH_FOR = timedelta(seconds=60)
MOST_SENDS = 5
MOST_DRAFTS = 3
DOUBT_UNTIL_TOLD = timedelta(minutes=10)
SIGN_IN_PAUSE = timedelta(seconds=30)
PEOPLE_PAUSE = timedelta(minutes=2)
SLOW_PACE = timedelta(minutes=5)
GIVE_UP_LOOKING_AFTER = timedelta(hours=48)

NONE = timedelta(0)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class Act(StrEnum):
    DRAFT = "draft"  # write the open sale that is still missing
    SEND = "send"
    LOOK = "look"
    WAIT = "wait"


class Outcome(StrEnum):
    """How one attempt ended."""

    FOUND = "found"  # the sale is completed in Lightspeed
    DOUBT = "doubt"  # a write that may or may not have had its effect
    NOT_SENT = "not_sent"  # could not connect
    BUSY = "busy"  # 429: come back later
    FORBIDDEN = "forbidden"  # 403
    SIGNED_OUT = "signed_out"  # nobody's sign-in to Lightspeed is good any more
    TOKEN_REFUSED = "token_refused"  # noqa: S105 (this one's is not, others' may be)
    CLIENT_REFUSED = "client_refused"  # Lightspeed does not know salesfloor any more
    NOT_FOUND = "not_found"  # a look that saw the sale not completed
    NO_ANSWER = "no_answer"  # a look that failed; it tells nothing
    DRAFTED = "drafted"  # an open sale was written, of the total that was collected
    UNEQUAL = "unequal"  # an open sale was written, of another total: of no use


class Reason(StrEnum):
    """Why a person must act."""

    UNCONFIRMED = "unconfirmed"
    TOO_MANY_SENDS = "too_many_sends"
    FORBIDDEN = "forbidden"
    SIGNED_OUT = "signed_out"
    SIGN_IN_REFUSED = "sign_in_refused"
    CLIENT_REFUSED = "client_refused"
    CHANGED_THERE = "changed_there"  # the open sale is not what was sold
    GONE_THERE = "gone_there"  # the open sale was archived, voided or deleted
    PAID_THERE = "paid_there"  # it has payments that are not ours, completed or not
    NOT_DRAFTED = "not_drafted"  # Lightspeed does not take the cart that was sold without it
    PROVISIONAL_DIFFERED = "provisional_differed"  # recorded, with a line for the difference
    DIFFERENT = "different"  # recorded, but not as it was sold
    GIVEN_UP = "given_up"  # looked for during two days
    BROKEN = "broken"  # our own code failed at it


@dataclass(frozen=True)
class Entry:
    """`at` is when its outcome was noticed, by the clock of `courier`: of an attempt that was cut
    off, when the next one found it so. Only a look that did not find the sale bears witness to the
    moment when it began, since what it saw may be as old as that."""

    at: datetime
    outcome: Outcome
    courier: str = ""
    retry_after: timedelta | None = None
    # What is wrong with the sale that was seen, open or completed.
    trouble: Reason | None = None


@dataclass(frozen=True)
class Draft(Entry):
    """The open sale was written of what was sold while Lightspeed was away."""


@dataclass(frozen=True)
class Send(Entry):
    pass


@dataclass(frozen=True)
class Look(Entry):
    # Our tenders that the look saw on the open sale: they must not be sent again.
    tenders_there: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Record:
    """What our journal says of one paid sale that is not yet known to be right in Lightspeed."""

    paid_at: datetime
    journal: tuple[Entry, ...] = ()
    # Before anything else, as a manager wants, or as the open sale was last read long ago.
    look_wanted: bool = False
    is_inherited: bool = False  # owed before this courier came
    is_provisional: bool = False  # paid without an open sale in Lightspeed

    @property
    def doubts(self) -> list[Send]:
        return [
            entry
            for entry in self.journal
            if isinstance(entry, Send) and entry.outcome is Outcome.DOUBT
        ]

    @property
    def found(self) -> bool:
        return any(entry.outcome is Outcome.FOUND for entry in self.journal)

    @property
    def last_look(self) -> Look | None:
        """The last one that told that the sale is not completed."""
        for entry in reversed(self.journal):
            if isinstance(entry, Look) and entry.outcome is Outcome.NOT_FOUND:
                return entry
        return None

    @property
    def tenders_there(self) -> frozenset[str]:
        """Payments of ours that the open sale has already: to be sent once more, they would add."""
        return self.last_look.tenders_there if self.last_look else frozenset()

    @property
    def trouble(self) -> Reason | None:
        """What was wrong with the sale when it was last seen."""
        seen = (Outcome.FOUND, Outcome.NOT_FOUND)
        latest = (entry.trouble for entry in reversed(self.journal) if entry.outcome in seen)
        return next(latest, None)

    @property
    def wants_draft(self) -> bool:
        return self.is_provisional and not any(
            entry.outcome is Outcome.DRAFTED for entry in self.journal
        )

    @property
    def unlucky_drafts(self) -> int:
        """How many were written without giving an open sale that can be completed."""
        return sum(
            isinstance(entry, Draft) and entry.outcome in (Outcome.DOUBT, Outcome.UNEQUAL)
            for entry in self.journal
        )

    def in_a_row(self, *outcomes: Outcome) -> int:
        """How many of the latest entries ended so."""
        latest = takewhile(lambda entry: entry.outcome in outcomes, reversed(self.journal))
        return sum(1 for _ in latest)


@dataclass(frozen=True)
class Facts:
    """What is true of the courier, whichever sale it looks at."""

    courier: str = ""
    settle_for: timedelta = timedelta(seconds=180)
    jitter: float = 0.0  # 0 to 1, stretches pauses so that couriers do not march in step


@dataclass(frozen=True)
class Action:
    act: Act
    at: datetime  # for WAIT: until when; otherwise now
    reason: Reason | None = None  # a person must be told
    in_doubt: bool = False


def next_action(record: Record, facts: Facts, now: datetime) -> Action:
    action = _by_the_rules(record, facts, now)
    if action.act in (Act.WAIT, Act.SEND) and record.look_wanted:
        return replace(action, act=Act.LOOK, at=now)
    return action


def _by_the_rules(record: Record, facts: Facts, now: datetime) -> Action:
    if record.found:  # and yet not settled: it is there, but not as it was sold
        return _keep_looking(record, record.trouble or Reason.DIFFERENT, facts, now)
    since_doubt = _since_doubt(record)
    if since_doubt and not _is_settled(since_doubt, facts):
        return _look_into(record, since_doubt, facts, now)
    if len(record.doubts) >= MOST_SENDS:
        return _keep_looking(record, Reason.TOO_MANY_SENDS, facts, now)
    if record.trouble:
        return _keep_looking(record, record.trouble, facts, now)
    pause = _pause(record, facts)
    if pause and now < pause.at:
        return pause
    return Action(_attempt(record, facts, now), now, pause.reason if pause else None)


def _attempt(record: Record, facts: Facts, now: datetime) -> Act:
    if _must_look_first(record, facts, now):
        return Act.LOOK
    return Act.DRAFT if record.wants_draft else Act.SEND


# --- Doubt -----------------------------------------------------------------------------


def _since_doubt(record: Record) -> Sequence[Entry]:
    """What was noticed from the latest doubtful send on, that one included; empty without doubt."""
    for index in reversed(range(len(record.journal))):
        entry = record.journal[index]
        if isinstance(entry, Send) and entry.outcome is Outcome.DOUBT:
            return record.journal[index:]
    return ()


def _is_settled(since_doubt: Sequence[Entry], facts: Facts) -> bool:
    """Whether looks have shown that a doubtful send had no effect and will have none."""
    looks = [
        index
        for index, entry in enumerate(since_doubt)
        if isinstance(entry, Look) and entry.outcome is Outcome.NOT_FOUND
    ]
    if len(looks) < LOOKS_THAT_SETTLE:
        return False
    return _witnessed(since_doubt[: looks[-1] + 1]) >= facts.settle_for


def _witnessed(entries: Sequence[Entry]) -> timedelta:
    """The time from the first to the last of these, at the least: as much of it as lies between two
    entries of the same courier, since two couriers' clocks may differ by anything."""
    longest = NONE
    begun: dict[str, timedelta] = {}  # by courier: what was witnessed at its zero hour
    for entry in entries:
        clock = entry.at - _EPOCH
        if entry.courier in begun:
            longest = max(longest, begun[entry.courier] + clock)
        begun[entry.courier] = max(begun.get(entry.courier, longest - clock), longest - clock)
    return longest


def _look_into(record: Record, since_doubt: Sequence[Entry], facts: Facts, now: datetime) -> Action:
    """Look at the times of the schedule. A look that failed told nothing; the next one will."""
    told = _is_told(record, now)
    pause = _pause(record, facts)
    reason = record.trouble or (Reason.UNCONFIRMED if told else pause.reason if pause else None)
    if _is_over(record, now):
        return _give_up(now, in_doubt=True)
    due = _next_look(record, since_doubt, facts, now, told=told)
    act = Act.LOOK if due <= now else Act.WAIT
    return Action(act, max(due, now), reason, in_doubt=True)


def _is_told(record: Record, now: datetime) -> bool:
    doubts = record.doubts
    return now - doubts[0].at >= DOUBT_UNTIL_TOLD or len(doubts) >= MOST_SENDS


def _next_look(
    record: Record, since_doubt: Sequence[Entry], facts: Facts, now: datetime, *, told: bool
) -> datetime:
    if not _is_own(record, facts):
        return now
    last = record.journal[-1]
    waited = _witnessed(since_doubt)
    if waited < facts.settle_for:
        later = [after for after in (*LOOK_AFTER, facts.settle_for) if after > waited]
        return last.at + min(later) - waited
    if last.outcome is Outcome.NOT_FOUND:
        return last.at + LOOK_AFTER[0]  # the second of the looks that settle
    return last.at + (PEOPLE_PAUSE if told else FAILED_LOOK_PAUSE) * (1 + facts.jitter)


# --- Pauses ----------------------------------------------------------------------------


def _is_own(record: Record, facts: Facts) -> bool:
    """Whether the last entry is this courier's, whose times mean something to it."""
    return bool(record.journal) and record.journal[-1].courier == facts.courier


def _is_over(record: Record, now: datetime) -> bool:
    return now - record.paid_at > GIVE_UP_LOOKING_AFTER


def _give_up(now: datetime, *, in_doubt: bool) -> Action:
    return Action(Act.WAIT, now + GIVE_UP_LOOKING_AFTER, Reason.GIVEN_UP, in_doubt)


def _keep_looking(record: Record, reason: Reason, facts: Facts, now: datetime) -> Action:
    """Sending is over; what somebody puts right by hand in Lightspeed is seen."""
    if _is_over(record, now):
        return _give_up(now, in_doubt=False)
    due = record.journal[-1].at + SLOW_PACE if _is_own(record, facts) else now
    return Action(Act.LOOK, now, reason) if due <= now else Action(Act.WAIT, due, reason)


def _pause(record: Record, facts: Facts) -> Action | None:
    """How long the last attempt asks to be left alone. None after one that tells to go on, or whose
    courier is gone."""
    if not _is_own(record, facts):
        return None
    last = record.journal[-1]
    wait, reason = _asked_for(record, last)
    if wait is None:
        return None
    return Action(Act.WAIT, last.at + wait * (1 + facts.jitter), reason)


def _asked_for(record: Record, last: Entry) -> tuple[timedelta | None, Reason | None]:
    match last.outcome:
        case Outcome.NOT_SENT | Outcome.NO_ANSWER:
            return _growing(record.in_a_row(Outcome.NOT_SENT, Outcome.NO_ANSWER)), None
        case Outcome.BUSY:
            return last.retry_after or timedelta(seconds=1), None
        case Outcome.FORBIDDEN:
            return PEOPLE_PAUSE, Reason.FORBIDDEN
        case Outcome.SIGNED_OUT:
            return SIGN_IN_PAUSE, Reason.SIGNED_OUT
        case Outcome.CLIENT_REFUSED:
            return SIGN_IN_PAUSE, Reason.CLIENT_REFUSED
        case Outcome.TOKEN_REFUSED:
            tries = record.in_a_row(Outcome.TOKEN_REFUSED)
            return _growing(tries), Reason.SIGN_IN_REFUSED if tries > LOOKS_THAT_SETTLE else None
        case Outcome.DOUBT | Outcome.UNEQUAL if isinstance(last, Draft):
            if record.unlucky_drafts >= MOST_DRAFTS:
                return PEOPLE_PAUSE, Reason.NOT_DRAFTED
            return (_growing(2) if last.outcome is Outcome.DOUBT else None), None
    return None, None


def _growing(tries: int) -> timedelta:
    """1, 2, 4 … 30 seconds."""
    return timedelta(seconds=min(30.0, 2.0 ** min(tries - 1, 5)))


def _must_look_first(record: Record, facts: Facts, now: datetime) -> bool:
    look = record.last_look
    if look and look.courier == facts.courier and now - look.at <= FRESH_FOR:
        return False
    # A look that was begun was wanted, and has to tell something.
    is_fresh = (
        not record.doubts
        and not any(isinstance(entry, Look) for entry in record.journal)
        and not record.is_inherited
        and now - record.paid_at <= FRESH_FOR
    )
    return not is_fresh
