"""The leaky bucket of an account and client, the burst window, and what requests cost."""

import math
from dataclasses import dataclass, field
from typing import Any

from .description import Embedded, Entity, ToMany, ToOne
from .entities import BY_NAME
from .store import Record
from .switches import Switches

COMPLETING_COST = 3.0
NESTED_COST = 0.5
OLD_REGIMES = ("legacy", "oldest")
OLD_WRITE_COST = 10.0
OLD_BUCKET = 60.0
BURST_SHARE = 20 / 90


def write_cost(entity: Entity, method: str, body: Record) -> float:
    cost = entity.write_cost + nested_cost(entity, body)
    if entity.name == "Sale" and method in ("POST", "PUT") and "completed" in body:
        cost += COMPLETING_COST * (str(body["completed"]).lower() in ("true", "1"))
    return cost


def nested_cost(entity: Entity, body: Record) -> float:
    return NESTED_COST * _nested(entity, body)


def _nested(entity: Entity, body: Record) -> int:
    """How many records a body carries inside its own."""
    found = 0
    for relation in entity.relations:
        given = body.get(relation.name)
        if not given:
            continue
        item = relation.item if isinstance(relation, Embedded) else ""
        if isinstance(relation, ToMany):
            item = BY_NAME[relation.entity].shown_as
        for entry in _entries(given, item):
            found += 1
            if isinstance(relation, ToOne | ToMany) and isinstance(entry, dict):
                found += _nested(BY_NAME[relation.entity], entry)
    return found


def _entries(given: Any, item: str) -> list[Any]:
    if isinstance(given, list):
        return [entry.get(item, entry) if isinstance(entry, dict) else entry for entry in given]
    if isinstance(given, dict) and item in given:
        inner = given[item]
        return inner if isinstance(inner, list) else [inner]
    return [given]


@dataclass(frozen=True)
class Allowance:
    """An account's limits; a subscription's registers beyond the first add to them."""

    size: float
    drip_rate: float
    burst: int

    @classmethod
    def of(cls, switches: Switches, registers: int) -> "Allowance":
        further = max(registers - 1, 0)
        if switches.rate_limits in OLD_REGIMES:
            size = switches.bucket_size or OLD_BUCKET
            drip_rate = switches.drip_rate or size / 60
        else:
            size = switches.bucket_size or 90.0 + 10 * further
            drip_rate = switches.drip_rate or 1.0 + 0.5 * further
        return cls(size, drip_rate, switches.burst_limit or round(size * BURST_SHARE))


@dataclass
class Bucket:
    level: float = 0.0
    seen_at: float = 0.0
    window: int = 0
    in_window: int = 0


@dataclass(frozen=True)
class Verdict:
    headers: dict[str, str]
    refused: str = ""
    """Which limiter refused, as `X-LS-API-RateLimit-Type` names it."""


@dataclass
class Limiter:
    buckets: dict[str, Bucket] = field(default_factory=dict)
    spent: float = 0.0
    """Drips of every request that was served."""
    looked_up: dict[str, float] = field(default_factory=dict)
    """When each client last looked up a gift card."""

    def may_look_up(self, key: str, now: float) -> bool:
        """Whether a second has passed since the last gift card was looked up."""
        if now - self.looked_up.get(key, -math.inf) < 1:
            return False
        self.looked_up[key] = now
        return True

    def admit(self, key: str, cost: float, now: float, allowance: Allowance) -> Verdict:
        """The request that crosses the bucket's size is still served."""
        bucket = self.buckets.setdefault(key, Bucket(seen_at=now))
        elapsed = max(now - bucket.seen_at, 0.0)
        bucket.level = max(bucket.level - elapsed * allowance.drip_rate, 0.0)
        bucket.seen_at = now
        if bucket.window != int(now):
            bucket.window, bucket.in_window = int(now), 0
        bucket.in_window += 1
        if bucket.in_window > allowance.burst:
            return self._refused(bucket, allowance, cost, "api-burst-limiter", 1)
        if bucket.level >= allowance.size:
            wait = math.floor((bucket.level - allowance.size) / allowance.drip_rate) + 1
            return self._refused(bucket, allowance, cost, "api-leaky-bucket", wait)
        bucket.level += cost
        self.spent += cost
        return Verdict(self._headers(bucket, allowance, cost))

    def admit_all(self, cost: float, allowance: Allowance) -> Verdict:
        """Without limits every answer is the first."""
        self.spent += cost
        return Verdict(self._headers(Bucket(level=cost, in_window=1), allowance, cost))

    def _refused(
        self, bucket: Bucket, allowance: Allowance, cost: float, limiter: str, wait: int
    ) -> Verdict:
        headers = self._headers(bucket, allowance, cost) | {
            "X-LS-API-RateLimit-Type": limiter,
            "Retry-After": str(wait),
        }
        return Verdict(headers, refused=limiter)

    def _headers(self, bucket: Bucket, allowance: Allowance, cost: float) -> dict[str, str]:
        return {
            "X-LS-API-Bucket-Level": f"{bucket.level:.10g}/{allowance.size:g}",
            "X-LS-API-Burst-Level": f"{bucket.in_window}/{allowance.burst}",
            "X-LS-Api-Drip-Rate": _whole(allowance.drip_rate),
            "X-LS-Api-Request-Cost": f"{cost:g}",
        }


def _whole(drip_rate: float) -> str:
    """Every rate on record is whole, and clients read it so; too slow a one is never wrong."""
    return str(math.floor(drip_rate)) if drip_rate >= 1 else f"{drip_rate:g}"
