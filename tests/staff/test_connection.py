"""Tokens are renewed once, by one, and kept before they are used."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.db import connection
from django.utils import timezone
from redis import ConnectionError, Redis

from salesfloor.lightspeed import errors
from salesfloor.lightspeed.ratelimit import HOUR, Call, Pacer, Right
from salesfloor.lightspeed.redis_store import RedisStore
from salesfloor.staff.connection import (
    DatabaseBucket,
    GrantTokens,
    bucket_of,
    client_for,
    client_of,
)
from salesfloor.staff.models import Account, Grant, RateLimit


def test_token_that_is_about_to_end_is_renewed_before_the_call(rep, simulator):
    old = rep.grant.access_token
    Grant.everywhere.filter(rep=rep).update(expires_at=timezone.now() + timedelta(seconds=30))
    assert client_for(rep, Right.LOOK_UP).session().employee_id == rep.employee.lightspeed_id
    rep.grant.refresh_from_db()
    assert rep.grant.access_token != old
    assert rep.grant.expires_at > timezone.now() + timedelta(minutes=5)


def test_rejected_token_is_renewed_once_and_the_call_goes_through(rep, simulator):
    simulator.fault("Session", "401", times=1)
    assert client_for(rep, Right.LOOK_UP).session().employee_id == rep.employee.lightspeed_id
    assert simulator.state()["calls"]["POST token"] == 1


def test_revoked_sign_in_is_noticed_and_said(rep, simulator):
    Grant.everywhere.filter(rep=rep).update(
        expires_at=timezone.now() - timedelta(hours=1), refresh_token="revoked"
    )
    with pytest.raises(errors.SignInLost):
        client_for(rep, Right.LOOK_UP).session()
    assert rep.account.grants.live().filter(rep=rep).count() == 0


def test_colleague_may_send_for_one_who_is_signed_out(rep, manager, simulator):
    rep.grant.lose()
    client = client_of(rep.account, Right.COMPLETE, rather=rep)
    assert client.session().employee_id == manager.employee.lightspeed_id


@pytest.mark.django_db(transaction=True)
def test_many_at_once_renew_a_token_only_once(rep, simulator):
    rejected = rep.grant.access_token

    def renew(_: int) -> str:
        try:
            return GrantTokens(Grant.everywhere.get(rep=rep)).replace(rejected)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        renewed = set(threads.map(renew, range(8)))
    assert len(renewed) == 1
    assert simulator.state()["calls"]["POST token"] == 1


# --- The bucket that all processes share -----------------------------------------------


def test_calls_are_kept_for_the_manager_by_account_and_hour(rep, simulator):
    client_for(rep, Right.QUOTE).session()
    told = bucket_of(rep.account).figures(timezone.now() - HOUR)
    stranger = Account.objects.create(lightspeed_id=9, name="Elsewhere")
    assert (told[Right.QUOTE].calls, told[Right.QUOTE].drips) == (1, 1.0)
    assert bucket_of(stranger).figures(timezone.now() - HOUR) == {}


def test_call_refused_by_lightspeed_is_kept_as_such(rep, simulator):
    simulator.fault("Session", "429", times=1, seconds=1)
    client_for(rep, Right.COMPLETE).session()
    told = bucket_of(rep.account).figures(timezone.now() - HOUR)[Right.COMPLETE]
    assert (told.calls, told.refused) == (2, 1)


def test_figures_of_the_day_before_yesterday_make_room(account):
    now, store = timezone.now(), bucket_of(account)
    for hours_ago in (60, 50, 20, 0):
        ended_at = now - timedelta(hours=hours_ago)
        call = Call(right=Right.LOOK_UP, ended_at=ended_at, drips=1.0)
        store.update(lambda bucket: bucket, call)
    kept = account.hours_of_calls.filter(right="LOOK_UP")
    assert kept.count() == 2
    assert store.figures(now - timedelta(hours=10))[Right.LOOK_UP].calls == 1


def test_figures_of_a_right_of_another_release_are_passed_over(account):
    now = timezone.now()
    account.hours_of_calls.all().delete()
    account.hours_of_calls.create(began_at=now, right="SOME_DAY", calls=1)
    assert bucket_of(account).figures(now) == {}


def test_call_is_settled_in_the_database_when_redis_goes_before_its_answer(
    account, settings, redis_url, monkeypatch
):
    settings.REDIS_URL = redis_url
    Redis.from_url(redis_url).flushall()
    pacer, now = Pacer(bucket_of(account)), timezone.now()
    assert pacer.reserve(2.0, Right.QUOTE, now) == 0
    monkeypatch.setattr(RedisStore, "update", Mock(side_effect=ConnectionError("gone")))
    pacer.answered(2.0, {"X-LS-API-Bucket-Level": "7/90"}, now, right=Right.QUOTE)
    assert DatabaseBucket(account).bucket().level == 7
    assert pacer.reserve(2.0, Right.QUOTE, now) == 0


def test_bucket_is_in_redis_where_there_is_one(rep, simulator, settings, redis_url):
    settings.REDIS_URL = redis_url
    Redis.from_url(redis_url).flushall()
    RateLimit.everywhere.all().delete()
    client_for(rep, Right.QUOTE).session()
    assert bucket_of(rep.account).figures(timezone.now() - HOUR)[Right.QUOTE].calls == 1
    assert RateLimit.everywhere.count() == 0


def test_waiting_for_a_turn_writes_nothing(account, django_assert_num_queries):
    pacer, now = Pacer(bucket_of(account)), timezone.now()
    pacer.refused(1.0, {"Retry-After": "60"}, now)
    with django_assert_num_queries(3):  # begin, read, end
        assert pacer.reserve(1.0, Right.COMPLETE, now) > 0


def test_figures_that_are_none_in_redis_are_the_databases(rep, settings, redis_url):
    redis = Redis.from_url(redis_url)
    redis.flushall()
    now = timezone.now()
    kept_in_database = bucket_of(rep.account).figures(now - HOUR)
    settings.REDIS_URL = redis_url
    hour = f"lightspeed:{rep.account.lightspeed_id}:{now:%Y-%m-%dT%H}"
    redis.hset(hour, "QUOTE.calls", "many")
    assert bucket_of(rep.account).figures(now - HOUR) == kept_in_database


def test_database_paces_while_redis_is_away(rep, simulator, settings, caplog):
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    client_for(rep, Right.QUOTE).session()
    assert bucket_of(rep.account).figures(timezone.now() - HOUR)[Right.QUOTE].calls == 1
    assert bucket_of(rep.account).bucket().size == 5000
    assert "Redis is away" in caplog.text
