"""Keeps an account's bucket in Redis, for processes on many machines.

    store = RedisStore(redis.Redis.from_url("redis://cache:6379/0"), "lightspeed:4711")
    client = Client(4711, tokens, pacer=Pacer(store))

What is stored may be lost at any time: the next answer tells the bucket's level again. A change is
made under WATCH, and made anew where another process was faster.

https://redis.io/docs/latest/develop/using-commands/transactions/
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError
from redis import Redis
from redis.client import Pipeline

from salesfloor.lightspeed.ratelimit import (
    FIGURES_KEPT,
    HOUR,
    Bucket,
    BucketStore,
    Call,
    Figures,
    Right,
)

# By then a bucket that nobody pours into is empty, whatever its size.
BUCKET_KEPT = timedelta(days=1)
_BUCKET = TypeAdapter(Bucket)


class RedisStore(BucketStore):
    """`name` begins the keys of this account's bucket.

    Raises redis.RedisError, and ValueError for figures that are none.
    """

    def __init__(self, redis: Redis, name: str) -> None:
        self._redis = redis
        self._name = name

    def update(self, change: Callable[[Bucket | None], Bucket], call: Call | None = None) -> None:
        def make(pipe: Pipeline) -> None:
            stored = _read(pipe.get(self._name))
            changed = change(stored)
            pipe.multi()
            if changed != stored:
                pipe.set(self._name, _BUCKET.dump_json(changed), ex=BUCKET_KEPT)
            if call:
                self._add(pipe, call)

        self._redis.transaction(make, self._name)

    def _add(self, pipe: Pipeline, call: Call) -> None:
        key = self._key_of(call.hour)
        for name, value in asdict(Figures.of(call)).items():
            if value:
                pipe.hincrbyfloat(key, f"{call.right.name}.{name}", value)
        pipe.expire(key, FIGURES_KEPT)

    def bucket(self) -> Bucket | None:
        return _read(self._redis.get(self._name))

    def figures(self, since: datetime) -> Mapping[Right, Figures]:
        hours = self._redis.pipeline(transaction=False)
        hour = since.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        while hour < since + FIGURES_KEPT:
            hours.hgetall(self._key_of(hour))
            hour += HOUR
        summed = dict.fromkeys(Right, Figures())
        for stored in hours.execute():
            for right in Right:
                summed[right] += _figures_of(right, stored)
        return {right: figures for right, figures in summed.items() if figures.calls}

    def _key_of(self, hour: datetime) -> str:
        return f"{self._name}:{hour.astimezone(UTC):%Y-%m-%dT%H}"


def _read(stored: Any) -> Bucket | None:
    """None also for what cannot be read: a bucket begins anew, as where it was lost.

    What another release keeps besides is passed over, and what it lacks has its default.
    """
    if stored is None:
        return None
    try:
        bucket = _BUCKET.validate_json(stored)
    except ValidationError:
        return None
    return bucket if bucket.read_at.tzinfo else None


def _figures_of(right: Right, stored: Mapping[bytes, bytes]) -> Figures:
    def told(name: str) -> float:
        return float(stored.get(f"{right.name}.{name}".encode(), 0))

    return Figures(
        calls=int(told("calls")),
        drips=told("drips"),
        waited=int(told("waited")),
        waited_seconds=told("waited_seconds"),
        refused=int(told("refused")),
    )
