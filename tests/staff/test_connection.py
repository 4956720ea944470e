"""Tokens are renewed once, by one, and kept before they are used."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from salesfloor.lightspeed import errors
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.staff.connection import GrantTokens, client_for, client_of
from salesfloor.staff.models import Grant


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
