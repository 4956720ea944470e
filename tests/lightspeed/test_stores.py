"""Wherever a bucket is kept, all who share it see each other's calls."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis import Redis

from salesfloor.lightspeed.ratelimit import (
    Bucket,
    BucketStore,
    Call,
    Figures,
    MemoryStore,
    Pacer,
    Right,
)
from salesfloor.lightspeed.redis_store import RedisStore

NOW = datetime(2026, 5, 4, 12, 20, tzinfo=UTC)


BUCKET = {"level": 12.5, "size": 90, "drip_rate": 1, "read_at": NOW.isoformat()}
NAIVE = {"read_at": "2026-05-04T12:20:00"}


def call(right: Right = Right.QUOTE, **facts: float) -> Call:
    hours_later = facts.pop("hours_later", 0)
    told = {"right": right, "ended_at": NOW + timedelta(hours=hours_later), "drips": 2.0, **facts}
    return Call(**told)  # type: ignore[arg-type]


def unchanged(bucket: Bucket | None) -> Bucket:
    return bucket or Bucket(level=0.0, size=90.0, drip_rate=1.0, read_at=NOW)


@pytest.fixture(params=["memory", "redis"])
def store(request: pytest.FixtureRequest) -> Iterator[BucketStore]:
    if request.param == "memory":
        yield MemoryStore()
        return
    with Redis.from_url(request.getfixturevalue("redis_url")) as redis:
        redis.flushall()
        yield RedisStore(redis, "lightspeed:4711")


def test_a_bucket_is_kept_as_it_was_given(store: BucketStore) -> None:
    assert store.bucket() is None
    given = replace(unchanged(None), level=12.537, burst_size=20, sent_this_second=3)
    store.update(lambda bucket: given)
    assert store.bucket() == given


def test_changes_made_at_once_are_all_made(store: BucketStore) -> None:
    def pour(_: int) -> None:
        store.update(lambda bucket: replace(unchanged(bucket), level=unchanged(bucket).level + 1))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(pour, range(200)))
    bucket = store.bucket()
    assert bucket is not None
    assert bucket.level == 200


def test_no_two_reserve_the_same_room(store: BucketStore) -> None:
    with ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(lambda _: Pacer(store).reserve(2, Right.COMPLETE, NOW), range(60)))
    assert waits.count(0.0) == 45


def test_calls_are_counted_by_their_right(store: BucketStore) -> None:
    calls = [call(), call(waited_seconds=1.5), call(refused=True, drips=0.0), call(Right.STOCK)]
    for made in calls:
        store.update(unchanged, made)
    assert store.figures(NOW) == {
        Right.QUOTE: Figures(calls=3, drips=4.0, waited=1, waited_seconds=1.5, refused=1),
        Right.STOCK: Figures(calls=1, drips=2.0),
    }


def test_figures_are_of_the_hours_since(store: BucketStore) -> None:
    for hours_later in (0, 5, 24):
        store.update(unchanged, call(hours_later=hours_later))
    since = NOW + timedelta(hours=4.9)
    assert store.figures(since)[Right.QUOTE].calls == 2


def test_figures_of_long_ago_are_given_up(store: BucketStore) -> None:
    if isinstance(store, RedisStore):
        pytest.skip("Redis lets them go by itself, in two days")
    for hours_later in (0, 49):
        store.update(unchanged, call(hours_later=hours_later))
    assert store.figures(NOW)[Right.QUOTE].calls == 1


@pytest.mark.parametrize(
    "foreign",
    ["garbage", "[]", "{}", '{"level": "x", "size": 90}', b"\xff\xfe", json.dumps(BUCKET | NAIVE)],
)
def test_what_cannot_be_read_in_redis_begins_anew(redis_url: str, foreign: Any) -> None:
    with Redis.from_url(redis_url) as redis:
        redis.set("lightspeed:4711", foreign)
        store = RedisStore(redis, "lightspeed:4711")
        assert store.bucket() is None
        assert Pacer(store).reserve(2, Right.COMPLETE, NOW) == 0
        assert store.bucket() == replace(unchanged(None), in_flight=2.0, sent_this_second=1)


def test_another_release_may_keep_more_in_redis_or_less(redis_url: str) -> None:
    with Redis.from_url(redis_url) as redis:
        store = RedisStore(redis, "lightspeed:4711")
        for told in (BUCKET, BUCKET | {"new_some_day": 3}):
            redis.set("lightspeed:4711", json.dumps(told))
            assert store.bucket() == replace(unchanged(None), level=12.5)


def test_who_only_waits_disturbs_nobody_in_redis(redis_url: str) -> None:
    with Redis.from_url(redis_url) as redis, redis.pipeline() as another:
        store = RedisStore(redis, "lightspeed:4711")
        store.update(lambda bucket: replace(unchanged(bucket), level=90.0))
        another.watch("lightspeed:4711")
        assert Pacer(store).reserve(2, Right.COMPLETE, NOW) == 2
        another.multi()
        another.execute()


def test_all_that_redis_keeps_has_an_end(redis_url: str) -> None:
    with Redis.from_url(redis_url) as redis:
        redis.flushall()
        RedisStore(redis, "lightspeed:4711").update(unchanged, call())
        keys = sorted(redis.scan_iter())
        assert keys == [b"lightspeed:4711", b"lightspeed:4711:2026-05-04T12"]
        assert all(0 < redis.ttl(key) <= 2 * 24 * 3600 for key in keys)
