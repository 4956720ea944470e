"""How much of an account's leaky bucket a request takes, and when it may be sent.

One bucket serves everybody who works in an account with our client: each request pours its cost in,
the bucket leaks at a steady rate, and what finds it full is answered 429. So a request waits until
it fits, and the less it matters, the more room it has to leave to others (`Right`).

What is computed here is an estimate, put right by the headers of every answer.

https://developers.lightspeedhq.com/retail/introduction/ratelimits/ (as of 17 March 2026)
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from threading import Lock
from typing import Protocol

from salesfloor.lightspeed.errors import LONGEST_WAIT_SECONDS

# Until the first answer tells: the least bucket that any subscription has.
SIZE, DRIP_RATE = 90.0, 1.0
SLOWEST_DRIP_RATE = 0.1
HOUR = timedelta(hours=1)
# How far back stores know what the calls of an hour came to.
FIGURES_KEPT = timedelta(hours=48)


class Right(Enum):
    """Who goes first; the value is the part of the bucket to be left free for those above."""

    COMPLETE = 0.0
    QUOTE = 0.1
    LOOK_UP = 0.2
    STOCK = 0.4
    CATALOGUE = 0.5


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """Levels, sizes and costs are in drips, `drip_rate` in drips a second.

    `in_flight` is the cost of what was sent and not yet answered, by anybody. `burst_size` is how
    many requests Lightspeed takes within one second (None: not told), `sent_this_second` how many
    we have sent since the full second before `read_at`. From then on nothing is to be sent for
    `closed_seconds`, as a 429 told.

    All is told by `read_at`, and one that is yet to come counts as now: it is from a host whose
    clock is ahead, and nobody else waits for the time that it shows.
    """

    level: float
    size: float
    drip_rate: float
    read_at: datetime
    in_flight: float = 0.0
    burst_size: int | None = None
    sent_this_second: int = 0
    closed_seconds: float = 0.0

    def level_at(self, now: datetime) -> float:
        bucket = self._at(now)
        return bucket.level + bucket.in_flight

    def wait_seconds(self, cost: float, now: datetime, keep_free: float = 0.0) -> float:
        """How long until a request of this cost leaves `keep_free`, a fraction, to others.

        One that costs more than there is room for has its turn as soon as the next class would have
        to stop: to wait for less, while that one pours, would be to wait for ever. Lightspeed
        serves the request that makes the bucket run over.
        """
        room = max(self.size * (1 - keep_free) - cost, self._room_below(keep_free))
        waits = max(0.0, self.level_at(now) - room) / self.drip_rate
        closed = self._at(now).closed_seconds
        return max(waits, closed, self._burst_wait_seconds(now, keep_free))

    def sending(self, cost: float, now: datetime) -> "Bucket":
        """The bucket once a request of this cost is on its way."""
        bucket = self._at(now)
        return replace(
            bucket,
            in_flight=bucket.in_flight + cost,
            sent_this_second=bucket.sent_this_second + 1,
        )

    def not_sent(self, cost: float, now: datetime) -> "Bucket":
        """The bucket once a request of this cost is not on its way any more, or never was."""
        bucket = self._at(now)
        return replace(bucket, in_flight=max(0.0, bucket.in_flight - cost))

    def answered(self, cost: float, headers: Mapping[str, str], now: datetime) -> "Bucket":
        """The bucket as the answer to a request of this cost shows it.

        `headers` have to be looked up without regard to case, which has varied.
        """
        bucket = self.not_sent(cost, now)
        return replace(bucket, level=bucket.level + cost)._as_told(headers)

    def refused(self, cost: float, headers: Mapping[str, str], now: datetime) -> "Bucket":
        """The bucket after a 429: nobody's request is sent before `Retry-After` is over, and for a
        second at least. Answers to what was sent before it do not change that.
        """
        bucket = self.not_sent(cost, now)
        if headers.get("X-LS-API-RateLimit-Type") != "api-burst-limiter":
            bucket = replace(bucket, level=max(bucket.level, bucket.size))
        wait = min(max(_number(headers.get("Retry-After")), 1.0), LONGEST_WAIT_SECONDS)
        closed = max(bucket.closed_seconds, wait)
        return replace(bucket, closed_seconds=closed)._as_told(headers)

    def _as_told(self, headers: Mapping[str, str]) -> "Bucket":
        bucket = self
        if rate := _number(headers.get("X-LS-API-Drip-Rate")):
            bucket = replace(bucket, drip_rate=max(rate, SLOWEST_DRIP_RATE))
        if told := _used_of(headers.get("X-LS-API-Bucket-Level")):
            level, size = told
            highest = size + bucket.drip_rate * LONGEST_WAIT_SECONDS
            bucket = replace(bucket, level=min(level, highest), size=size)
        if told := _used_of(headers.get("X-LS-API-Burst-Level")):
            bucket = replace(bucket, burst_size=int(told[1]) or 1)
        return bucket

    def _at(self, now: datetime) -> "Bucket":
        passed = max(0.0, (now - self.read_at).total_seconds())
        leaked = passed * self.drip_rate
        same_second = math.floor(now.timestamp()) == math.floor(self.read_at.timestamp())
        return replace(
            self,
            level=max(0.0, self.level - leaked),
            # A request whose process died is never answered, so what is on its way leaks as well.
            in_flight=max(0.0, self.in_flight - leaked),
            sent_this_second=self.sent_this_second if same_second else 0,
            closed_seconds=max(0.0, self.closed_seconds - passed),
            read_at=now,
        )

    def _room_below(self, keep_free: float) -> float:
        """How full the next class may make the bucket; 0.0 for the last one."""
        below = [right.value for right in Right if right.value > keep_free]
        return self.size * (1 - min(below)) if below else 0.0

    def _burst_wait_seconds(self, now: datetime, keep_free: float) -> float:
        if self.burst_size is None:
            return 0.0
        # Lightspeed's seconds need not begin when ours do: half its limit in each of ours
        # is never more than its limit in one of its own.
        limit = max(1, int(self.burst_size // 2 * (1 - keep_free)))
        return 0.0 if self._at(now).sent_this_second < limit else 1.0 - now.timestamp() % 1.0


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request that is over. `drips` is 0 where it was refused for their sake."""

    right: Right
    ended_at: datetime
    drips: float
    waited_seconds: float = 0.0
    refused: bool = False

    @property
    def hour(self) -> datetime:
        """When the full hour began in which it ended."""
        return self.ended_at.replace(minute=0, second=0, microsecond=0)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What calls came to: `waited` of them had to wait for their turn, `refused` got a 429."""

    calls: int = 0
    drips: float = 0.0
    waited: int = 0
    waited_seconds: float = 0.0
    refused: int = 0

    @classmethod
    def of(cls, call: Call) -> "Figures":
        return cls(
            calls=1,
            drips=call.drips,
            waited=int(call.waited_seconds > 0),
            waited_seconds=call.waited_seconds,
            refused=int(call.refused),
        )

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            calls=self.calls + other.calls,
            drips=self.drips + other.drips,
            waited=self.waited + other.waited,
            waited_seconds=self.waited_seconds + other.waited_seconds,
            refused=self.refused + other.refused,
        )

    @property
    def average_wait_seconds(self) -> float:
        """Of those that waited."""
        return self.waited_seconds / self.waited if self.waited else 0.0


class BucketStore(Protocol):
    """Where the bucket of one account is kept, and what its calls came to; shared by all processes
    that call for it."""

    def update(self, change: Callable[[Bucket | None], Bucket], call: Call | None = None) -> None:
        """Put `change(what is stored, or None)` in its place and add `call`, as one atomic step.

        `change` is quick and has no effects of its own, so that it may be called again.
        """

    def bucket(self) -> Bucket | None:
        """As last known; None before the first call."""

    def figures(self, since: datetime) -> Mapping[Right, Figures]:
        """Of the hours that had not ended by then, as far back as `FIGURES_KEPT`."""


class MemoryStore:
    """For a single process."""

    def __init__(self) -> None:
        self._bucket: Bucket | None = None
        self._hours: dict[datetime, dict[Right, Figures]] = {}
        self._lock = Lock()

    def update(self, change: Callable[[Bucket | None], Bucket], call: Call | None = None) -> None:
        with self._lock:
            self._bucket = change(self._bucket)
            if call:
                self._add(call)

    def _add(self, call: Call) -> None:
        if call.hour not in self._hours:
            oldest = call.hour - FIGURES_KEPT
            self._hours = {hour: kept for hour, kept in self._hours.items() if hour > oldest}
        hour = self._hours.setdefault(call.hour, {})
        hour[call.right] = hour.get(call.right, Figures()) + Figures.of(call)

    def bucket(self) -> Bucket | None:
        return self._bucket

    def figures(self, since: datetime) -> Mapping[Right, Figures]:
        summed: dict[Right, Figures] = {}
        with self._lock:
            for hour, kept in self._hours.items():
                for right, figures in kept.items() if hour > since - HOUR else ():
                    summed[right] = summed.get(right, Figures()) + figures
        return summed


class Pacer:
    """Hands out an account's bucket. One for each account; cheap to make anew for each call.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 5, 4, 12, tzinfo=UTC)
    >>> store = MemoryStore()
    >>> pacer = Pacer(store)
    >>> pacer.reserve(2.0, Right.QUOTE, noon)
    0.0
    >>> pacer.answered(2.0, {"X-LS-API-Bucket-Level": "80/90"}, noon, right=Right.QUOTE)
    >>> pacer.reserve(2.0, Right.CATALOGUE, noon)  # sync leaves half of the bucket to others
    37.0
    >>> store.figures(noon)[Right.QUOTE].drips
    2.0
    """

    def __init__(self, store: BucketStore | None = None) -> None:
        self._store = store or MemoryStore()

    def reserve(self, cost: float, right: Right, now: datetime) -> float:
        """Seconds to wait before asking again, or 0.0: reserved, send it now."""
        wait = 0.0

        def take(stored: Bucket | None) -> Bucket:
            nonlocal wait
            bucket = _or_new(stored, now)
            wait = bucket.wait_seconds(cost, now, right.value)
            return bucket if wait else bucket.sending(cost, now)

        self._store.update(take)
        return wait

    def answered(
        self,
        cost: float,
        headers: Mapping[str, str],
        now: datetime,
        *,
        right: Right = Right.LOOK_UP,
        waited_seconds: float = 0.0,
    ) -> None:
        """What was reserved is over; with no headers where it was sent and no answer came."""
        drips = _number(headers.get("X-LS-API-Request-Cost")) or cost
        call = Call(right=right, ended_at=now, drips=drips, waited_seconds=waited_seconds)
        self._store.update(lambda stored: _or_new(stored, now).answered(cost, headers, now), call)

    def not_sent(self, cost: float, now: datetime) -> None:
        """What was reserved never left, and so has cost nothing."""
        self._store.update(lambda stored: _or_new(stored, now).not_sent(cost, now))

    def refused(
        self,
        cost: float,
        headers: Mapping[str, str],
        now: datetime,
        *,
        right: Right = Right.LOOK_UP,
        waited_seconds: float = 0.0,
    ) -> None:
        """What was reserved was answered 429."""
        call = Call(
            right=right, ended_at=now, drips=0.0, waited_seconds=waited_seconds, refused=True
        )
        self._store.update(lambda stored: _or_new(stored, now).refused(cost, headers, now), call)


def _or_new(stored: Bucket | None, now: datetime) -> Bucket:
    if stored is None:
        return Bucket(level=0.0, size=SIZE, drip_rate=DRIP_RATE, read_at=now)
    # Also where nothing is sent: what was read in time to come would never leak for who waits.
    return replace(stored, read_at=min(stored.read_at, now))


_NUMBER = r"\s*([0-9]{1,7}(?:\.[0-9]+)?)\s*"


def _number(told: str | None) -> float:
    """0.0 where nothing sensible was told."""
    sensible = re.fullmatch(_NUMBER, told or "")
    return float(sensible[1]) if sensible else 0.0


def _used_of(told: str | None) -> tuple[float, float] | None:
    """Of "12.5/90" both numbers; None where nothing sensible was told."""
    sensible = re.fullmatch(f"{_NUMBER}/{_NUMBER}", told or "")
    if not sensible or not float(sensible[2]):
        return None
    return float(sensible[1]), float(sensible[2])


# --- What a request costs --------------------------------------------------------------

_TO_ONE_THOUGH_PLURAL = {"TaxClass", "ItemAttributes", "SaleNotes"}


def request_cost(
    method: str,
    resource: str,
    *,
    relations: Iterable[str] = (),
    body: Mapping[str, object] | None = None,
    counting: bool = False,
) -> float:
    """Drips that a request takes; `resource` is the path below the account, without suffix.

    >>> lines = {"SaleLine": [{"itemID": 12}, {"itemID": 31}, {"itemID": 7}]}
    >>> body = {"completed": True, "SaleLines": lines, "SalePayments": {"SalePayment": [{}]}}
    >>> request_cost("POST", "Sale", body=body)
    7.0
    >>> request_cost("GET", "Item", relations=["ItemShops", "Images"])
    1.8
    """
    if counting:
        return 10.0
    parts = resource.split("/")
    cost = _base_cost(method, parts, body or {})
    if body:
        cost += 0.5 * _nested_entities(body)
    a_list = method == "GET" and len(parts) % 2 == 1
    return round(cost + sum(_relation_cost(relation, a_list) for relation in relations), 3)


def _base_cost(method: str, parts: list[str], body: Mapping[str, object]) -> float:
    if method == "GET":
        return 1.0
    match parts:
        case ["Sale", _, "EmailReceipt"]:
            return 5.0
        case ["Sale", _, "refund"] | ["Category", *_] | ["InventoryCountReconcile", *_]:
            return 10.0
        case ["Sale"] | ["Sale", _]:
            return 5.0 if str(body.get("completed", "")).lower() == "true" else 2.0
        case ["SaleLine", *_] | ["Sale", _, "SaleLine", *_]:
            return 2.0
    return 1.0


def _nested_entities(value: object) -> int:
    """Entities below this one: `{"SaleLines": {"SaleLine": [{…}, {…}]}}` holds two."""
    if isinstance(value, list | tuple):
        return sum(_is_entity(child) + _nested_entities(child) for child in value)
    if isinstance(value, Mapping):
        return sum(
            _nested_entities(child) + (0 if isinstance(child, list | tuple) else _is_entity(child))
            for child in value.values()
        )
    return 0


def _is_entity(value: object) -> bool:
    # What only holds entities by their names, such as SaleLines, is a wrapper around them.
    return isinstance(value, Mapping) and not (value and all(key[:1].isupper() for key in value))


def _relation_cost(relation: str, a_list: bool) -> float:
    *above, name = relation.split(".")
    cost = 0.2 if _to_many(name) else 0.1
    if a_list:
        cost *= 2
    if any(_to_many(parent) for parent in above):
        cost *= 2
    return cost


def _to_many(relation: str) -> bool:
    return relation.endswith("s") and relation not in _TO_ONE_THOUGH_PLURAL
