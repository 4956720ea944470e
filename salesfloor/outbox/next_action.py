"""What the courier does next for a sale that is owed to Lightspeed.

Lightspeed has no idempotency keys, a repeated PUT appends its payments once more, and nothing
undoes a completed sale. So the rule is: send once; while the outcome is in doubt, only look; send
again only when the sale was looked for long enough and was not completed.

* A send that certainly had no effect (not connected, refused) may be repeated after a pause.
* Any other answer than a whole, sensible one is **doubt**, counted from when it was noticed. It is
  looked into after 2, 6, 14, 30, 60 seconds and so on. Found counts at once; not found counts only
  after two looks and once the settling time has passed.
* A refusal settles its own attempt alone: an earlier doubt stays.
* Before the first send of a sale that is not fresh (paid before this courier started, or over a
  minute ago) and before any repeated send, the sale is looked up: the journal may be an old copy.
* A sale that was found completed is never sent again, whatever is wrong with it.
* After 5 doubtful sends or 10 minutes of doubt a person is told; looking goes on for two days. A
  doubt may still settle by itself then, but after 5 doubtful sends nothing more is sent.

Pure: no clock, no database, no network. Everything it may know is in its arguments.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

LOOK_AFTER = [timedelta(seconds=seconds) for seconds in (2, 6, 14, 30, 60, 90, 120, 150, 180)]
LOOKS_THAT_SETTLE = 2
FAILED_LOOK_PAUSE = timedelta(seconds=20)
FRESH_FOR = timedelta(seconds=60)
MOST_SENDS = 5
DOUBT_UNTIL_TOLD = timedelta(minutes=10)
SLOW_PACE = timedelta(minutes=5)
GIVE_UP_LOOKING_AFTER = timedelta(hours=48)


class Act(StrEnum):
    SEND = "send"
    LOOK = "look"
    WAIT = "wait"


class Outcome(StrEnum):
    """How one attempt ended."""

    FOUND = "found"  # the sale is completed in Lightspeed
    DOUBT = "doubt"  # a send that may or may not have had its effect
    NOT_SENT = "not_sent"  # could not connect
    BUSY = "busy"  # 429: come back later
    FORBIDDEN = "forbidden"  # 403
    SIGNED_OUT = "signed_out"  # nobody's sign-in to Lightspeed is good any more
    NOT_FOUND = "not_found"  # a look that saw the sale not completed
    NO_ANSWER = "no_answer"  # a look that failed; it tells nothing


class Reason(StrEnum):
    """Why a person must act."""

    UNCONFIRMED = "unconfirmed"
    TOO_MANY_SENDS = "too_many_sends"
    FORBIDDEN = "forbidden"
    SIGNED_OUT = "signed_out"
    DIFFERENT = "different"  # recorded, but not as it was sold
    BROKEN = "broken"  # our own code failed at it


@dataclass(frozen=True)
class Send:
    """`at` is when its outcome was noticed: an attempt that was cut off, when it was found so."""

    at: datetime
    outcome: Outcome
    retry_after: timedelta | None = None


@dataclass(frozen=True)
class Look:
    at: datetime
    outcome: Outcome
    # Our tenders that the look saw on the open sale: they must not be sent again.
    tenders_there: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Record:
    """What our journal says of one paid sale that is not yet known to be right in Lightspeed."""

    paid_at: datetime
    journal: tuple[Send | Look, ...] = ()
    look_wanted: bool = False  # a manager wants it looked up at once

    @property
    def sends(self) -> list[Send]:
        return [entry for entry in self.journal if isinstance(entry, Send)]

    @property
    def doubts(self) -> list[Send]:
        return [send for send in self.sends if send.outcome is Outcome.DOUBT]

    @property
    def found(self) -> bool:
        return any(entry.outcome is Outcome.FOUND for entry in self.journal)

    @property
    def last_look(self) -> Look | None:
        """The last one that told something."""
        looks = [entry for entry in self.journal if isinstance(entry, Look)]
        return next((look for look in reversed(looks) if look.outcome is Outcome.NOT_FOUND), None)


@dataclass(frozen=True)
class Facts:
    """What is true of the courier, whichever sale it looks at."""

    courier_started_at: datetime
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
    if action.act is Act.WAIT and record.look_wanted:
        return replace(action, act=Act.LOOK, at=now)
    return action


def _by_the_rules(record: Record, facts: Facts, now: datetime) -> Action:
    if record.found:  # and yet not settled: it is there, but not as it was sold
        return _keep_looking(record, Reason.DIFFERENT, now)
    in_doubt = _unsettled(record, facts)
    if in_doubt:
        return _look_into(record, in_doubt, facts, now)
    if len(record.doubts) >= MOST_SENDS:
        return _keep_looking(record, Reason.TOO_MANY_SENDS, now)
    pause = _pause(record, facts)
    if pause and now < pause.at:
        return pause
    act = Act.LOOK if _must_look_first(record, facts, now) else Act.SEND
    return Action(act, now, pause.reason if pause else None)


def _unsettled(record: Record, facts: Facts) -> Send | None:
    """The latest doubtful send, unless later looks have shown that it had no effect.

    Looks of a courier before this one do not count, nor does the time before it took over: it may
    have had another clock.
    """
    if not record.doubts:
        return None
    doubt = record.doubts[-1]
    noticed_at = max(doubt.at, facts.courier_started_at)
    since = record.journal[record.journal.index(doubt) + 1 :]
    looks = [
        entry
        for entry in since
        if isinstance(entry, Look) and entry.outcome is Outcome.NOT_FOUND and entry.at >= noticed_at
    ]
    if len(looks) >= LOOKS_THAT_SETTLE and looks[-1].at - noticed_at >= facts.settle_for:
        return None
    return doubt


def _look_into(record: Record, doubt: Send, facts: Facts, now: datetime) -> Action:
    """Look at the times of the schedule. A look that failed told nothing; the next one will."""
    told = now - doubt.at >= DOUBT_UNTIL_TOLD or len(record.doubts) >= MOST_SENDS
    pause = _pause(record, facts)
    reason = Reason.UNCONFIRMED if told else pause.reason if pause else None
    if now - record.paid_at > GIVE_UP_LOOKING_AFTER:
        return Action(Act.WAIT, now + GIVE_UP_LOOKING_AFTER, reason, in_doubt=True)
    last = record.journal[-1]
    noticed_at = max(doubt.at, facts.courier_started_at)
    settled_at = noticed_at + facts.settle_for
    if last.at < settled_at:
        planned = [noticed_at + after for after in LOOK_AFTER if noticed_at + after > last.at]
        due = min([*planned, settled_at])
    elif last.outcome is Outcome.NOT_FOUND:
        due = last.at + LOOK_AFTER[0]  # the second of the looks that settle
    else:
        due = last.at + (SLOW_PACE if told else FAILED_LOOK_PAUSE * (1 + facts.jitter))
    if due > now:
        return Action(Act.WAIT, due, reason, in_doubt=True)
    return Action(Act.LOOK, now, reason, in_doubt=True)


def _keep_looking(record: Record, reason: Reason, now: datetime) -> Action:
    """Sending is over; what somebody puts right by hand in Lightspeed is seen."""
    due = record.journal[-1].at + SLOW_PACE
    if now - record.paid_at > GIVE_UP_LOOKING_AFTER:
        return Action(Act.WAIT, now + GIVE_UP_LOOKING_AFTER, reason)
    return Action(Act.LOOK, now, reason) if due <= now else Action(Act.WAIT, due, reason)


def _pause(record: Record, facts: Facts) -> Action | None:
    """How long the last attempt asks to be left alone. None after one that tells to go on."""
    if not record.journal:
        return None
    last = record.journal[-1]
    stretch = 1 + facts.jitter
    match last.outcome:
        case Outcome.NOT_SENT | Outcome.NO_ANSWER:
            tries = 0
            for entry in reversed(record.journal):
                if entry.outcome not in (Outcome.NOT_SENT, Outcome.NO_ANSWER):
                    break
                tries += 1
            seconds = min(30.0, 2.0 ** min(tries - 1, 5))
            return Action(Act.WAIT, last.at + timedelta(seconds=seconds) * stretch)
        case Outcome.BUSY:
            asked = last.retry_after if isinstance(last, Send) else None
            return Action(Act.WAIT, last.at + (asked or timedelta(seconds=1)) * stretch)
        case Outcome.FORBIDDEN:
            return Action(Act.WAIT, last.at + SLOW_PACE, Reason.FORBIDDEN)
        case Outcome.SIGNED_OUT:
            return Action(Act.WAIT, last.at + timedelta(seconds=30), Reason.SIGNED_OUT)
    return None


def _must_look_first(record: Record, facts: Facts, now: datetime) -> bool:
    fresh = (
        not record.doubts
        and record.paid_at >= facts.courier_started_at
        and now - record.paid_at <= FRESH_FOR
    )
    if fresh:
        return False
    look = record.last_look
    return look is None or look.at < facts.courier_started_at or now - look.at > FRESH_FOR
