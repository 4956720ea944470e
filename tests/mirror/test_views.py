from typing import Any

import pytest
from django.test import Client
from huey.contrib.djhuey import HUEY

from salesfloor.lightspeed.ratelimit import Right
from salesfloor.mirror.sync import is_ready, sync
from salesfloor.staff.connection import client_of
from salesfloor.staff.models import Account, Rep
from tests.mirror.connected import make_rep
from tests.mirror.test_sync import Killed, die_while_saving
from tests.simulator.running import RunningSimulator

PAGE = "/connection/"
HTMX = {"HX-Request": "true"}


def signed_in(client: Client, rep: Rep) -> Client:
    client.force_login(rep.user, backend="salesfloor.staff.sign_in.SignInBackend")
    return client


@pytest.fixture
def manager(account: Account) -> Rep:
    rep: Rep = account.reps.get()
    return rep


def test_manager_sees_how_far_the_first_sync_is(
    client: Client, account: Account, manager: Rep, monkeypatch: Any
) -> None:
    die_while_saving(monkeypatch, "items", after=2)
    with pytest.raises(Killed):
        sync(account)
    page = signed_in(client, manager).get(PAGE).content.decode()
    assert "<html" in page
    assert "200 of 250" in " ".join(page.split())
    assert "Copying" in page
    assert 'hx-trigger="every 2s"' in page
    partial = client.get(PAGE, headers=HTMX).content.decode()
    assert partial.lstrip().startswith("<section")
    assert 'hx-trigger="every 2s"' in partial


def test_page_stops_asking_when_all_has_come(
    client: Client, account: Account, manager: Rep
) -> None:
    sync(account)
    page = signed_in(client, manager).get(PAGE, headers=HTMX).content.decode()
    assert "hx-trigger" not in page
    assert "Start selling" in page
    assert page.count("Up to date") == account.feeds.count()


def test_page_does_not_wait_for_what_lightspeed_never_shows(
    client: Client, account: Account, manager: Rep, simulator: RunningSimulator
) -> None:
    simulator.fault("Customer", "403", times=9)
    sync(account)
    page = signed_in(client, manager).get(PAGE, headers=HTMX).content.decode()
    assert "Connected. " in page
    assert "hx-trigger" not in page
    assert "needs a manager with the right to see it" in page


def test_trouble_is_told_with_a_way_to_try_again(
    client: Client, account: Account, manager: Rep, settings: Any
) -> None:
    settings.LIGHTSPEED_API_URL = "http://127.0.0.1:9"
    sync(account)
    page = signed_in(client, manager).get(PAGE).content.decode()
    assert "Lightspeed could not be reached" in page
    assert "Try again" in page


def test_rep_sees_a_plain_line_and_cannot_start_a_sync(client: Client, account: Account) -> None:
    rep = make_rep(account, 5, rights=["register"])
    page = signed_in(client, rep).get(PAGE).content.decode()
    assert "being copied from Lightspeed" in page
    assert "<table" not in page
    assert client.post(f"{PAGE}again/").status_code == 403


def test_try_again_hands_the_sync_to_the_worker(
    client: Client, account: Account, manager: Rep
) -> None:
    HUEY.flush()
    answer = signed_in(client, manager).post(f"{PAGE}again/")
    assert answer["Location"] == PAGE
    task = HUEY.dequeue()
    assert task.args == (account.pk,)
    sync(Account.objects.get(pk=task.args[0]), **task.kwargs)
    assert is_ready(account)


def test_manager_sees_what_calls_cost_who_waited_and_who_was_refused(
    client: Client, account: Account, manager: Rep, simulator: RunningSimulator
) -> None:
    sync(account)
    simulator.fault("Session", "429", times=1, seconds=1)
    client_of(account, Right.COMPLETE).session()
    page = " ".join(signed_in(client, manager).get(PAGE).content.decode().split())
    calls = page[page.index("Calls to Lightspeed") :]
    assert "each call uses some of that. Used now: " in calls
    assert "of 100000, with 1000 given back each second" in calls
    assert calls.index("Calls</th>") < calls.index("Used</th>") < calls.index("Had to wait</th>")
    assert calls.index("Recording sales") < calls.index("Copying stock")
    assert '<strong class="trouble">1</strong>' in calls


def test_manager_of_another_account_sees_none_of_these_calls(
    client: Client, account: Account
) -> None:
    sync(account)
    elsewhere = Account.objects.create(lightspeed_id=9, name="Elsewhere")
    stranger = make_rep(elsewhere, 1, rights=["admin"])
    page = signed_in(client, stranger).get(PAGE).content.decode()
    assert "None in the last 24 hours." in page
    assert "given back each second" not in page


def test_rep_sees_nothing_of_the_calls(client: Client, account: Account) -> None:
    sync(account)
    page = signed_in(client, make_rep(account, 5, rights=["register"])).get(PAGE)
    assert "Calls to Lightspeed" not in page.content.decode()
