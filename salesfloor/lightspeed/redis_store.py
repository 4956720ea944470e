"""Keeps an account's bucket in Redis, for processes on many machines.

    store = RedisStore(redis.Redis.from_url("redis://cache:6379/0"), "lightspeed:4711")
    client = Client(4711, tokens, pacer=Pacer(store))

What is stored may be lost at any time: the next answer tells the bucket's level again. A change is
made under WATCH, and made anew where another process was faster.

https://redis.io/docs/latest/develop/using-commands/transactions/
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

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


class RedisStore(BucketStore):
    """`name` begins the keys of this account's bucket. Raises redis.RedisError."""

    def __init__(self, redis: Redis, name: str) -> None:
        self._redis = redis
        self._name = name

    def update(self, change: Callable[[Bucket | None], Bucket], call: Call | None = None) -> None:
        def make(pipe: Pipeline) -> None:
            changed = change(_read(pipe.get(self._name)))
            pipe.multi()
            pipe.set(self._name, _written(changed), ex=BUCKET_KEPT)
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


def _written(bucket: Bucket) -> str:
    return json.dumps(asdict(bucket) | {"read_at": bucket.read_at.isoformat()})


def _read(stored: Any) -> Bucket | None:
    if stored is None:
        return None
    columns = json.loads(stored)
    return Bucket(**columns | {"read_at": datetime.fromisoformat(columns["read_at"])})


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
