"""Several worker processes share an account, and some of them come to grief."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import psycopg
import pytest
from django.db import Error, connection

from salesfloor.outbox import courier
from salesfloor.outbox.models import Submission
from salesfloor.sales.models import Sale
from salesfloor.staff import clock, locks
from salesfloor.staff.locks import LockLost, holding
from salesfloor.staff.models import Account
from tests.conftest import sell
from tests.processes import environment
from tests.simulator.running import ROOT

WAIT_SECONDS = 30
THE_PUT = "PUT Sale/{id}"

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start_worker(transactional_db, account) -> Iterator[Start]:
    """Starts a worker for the account, and answers when it has looked after everything once."""
    workers = []

    def start(clock_minutes: int = 0) -> subprocess.Popen[str]:
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.outbox.worker", str(account.pk)],
            cwd=ROOT,
            env=environment() | {"CLOCK_MINUTES": str(clock_minutes)},
            stdout=subprocess.PIPE,
            text=True,
        )
        workers.append(worker)
        assert "everything" in worker.stdout.readline()
        return worker

    yield start
    for worker in workers:
        worker.kill()
        worker.wait(10)


@pytest.fixture
def postgresql(transactional_db) -> Iterator[None]:
    if connection.vendor != "postgresql":
        pytest.skip("A lock in a file ends with its process and never before")
    yield
    connection.close()  # whatever the test made of it


def eventually(is_so: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + WAIT_SECONDS
    while not is_so():
        assert time.monotonic() < give_up_at
        time.sleep(0.05)


def is_recorded(sale) -> bool:
    sale.submission.refresh_from_db()
    return sale.submission.state == Submission.State.COMPLETED


def completed_sales(simulator) -> list[dict]:
    return [sale for sale in simulator.sales() if sale["completed"]]


def puts(simulator) -> int:
    return simulator.state()["calls"].get(THE_PUT, 0)


def end_session(pid: int) -> None:
    """As a restart of the server does, or a network that breaks: nobody is told."""
    where = connection.settings_dict
    with psycopg.connect(
        host=where["HOST"], port=where["PORT"], user=where["USER"], dbname=where["NAME"]
    ) as another:
        another.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def own_session() -> int:
    return connection.connection.info.backend_pid


def session_with_a_lock() -> int:
    """Of another process, in this test's database of the cluster."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        [[pid]] = cursor.fetchall()
    return pid


def test_two_workers_send_each_sale_once(start_worker, rep, sock, simulator):
    start_worker(), start_worker()
    sales = [sell(rep, sock) for _ in range(15)]
    eventually(lambda: all(map(is_recorded, sales)))
    assert len(completed_sales(simulator)) == puts(simulator) == 15


@pytest.fixture
def sending(start_worker, rep, sock, simulator) -> tuple[subprocess.Popen[str], Sale]:
    """A worker in the middle of its call, which has had its effect, and the sale it is about."""
    simulator.fault("Sale/{id}", "timeout_after", method="PUT", times=1, seconds=5)
    worker, sale = start_worker(), sell(rep, sock)
    eventually(lambda: puts(simulator) == 1)
    return worker, sale


def test_worker_killed_in_mid_call_is_followed_by_another_that_finds_the_sale(
    sending, start_worker, simulator
):
    worker, sale = sending
    start_worker()
    worker.kill()
    eventually(lambda: is_recorded(sale))
    assert len(completed_sales(simulator)) == puts(simulator) == 1


def test_worker_stopped_in_mid_call_keeps_the_account_to_itself(sending, start_worker, simulator):
    worker, sale = sending
    worker.send_signal(signal.SIGSTOP)
    other = start_worker()
    assert "everything" in other.stdout.readline()
    assert sale.submission.attempts.count() == 1
    worker.send_signal(signal.SIGCONT)
    eventually(lambda: is_recorded(sale))
    assert len(completed_sales(simulator)) == puts(simulator) == 1


def test_stopped_worker_that_lost_its_session_wakes_to_do_nothing(
    postgresql, sending, start_worker, simulator
):
    worker, sale = sending
    worker.send_signal(signal.SIGSTOP)
    end_session(session_with_a_lock())
    start_worker()
    eventually(lambda: is_recorded(sale))
    worker.send_signal(signal.SIGCONT)
    assert worker.wait(WAIT_SECONDS) == 1  # by LockLost: another is at it
    assert is_recorded(sale)
    assert len(completed_sales(simulator)) == puts(simulator) == 1


def test_request_does_not_leave_once_the_session_has_ended(
    postgresql, rep, sock, simulator, monkeypatch
):
    sale, really = sell(rep, sock), locks.make_sure

    def at_the_last_moment() -> None:
        end_session(own_session())
        really()

    monkeypatch.setattr(locks, "make_sure", at_the_last_moment)
    with pytest.raises(LockLost):
        courier.deliver(sale.account)
    assert puts(simulator) == 0


@pytest.mark.parametrize("turn", range(2, 8))
def test_session_may_end_at_any_turn(postgresql, rep, sock, simulator, turn, monkeypatch):
    """Whatever the courier was about to write goes to no other session: the next one finds out."""
    monkeypatch.setattr("salesfloor.outbox.courier.random.random", lambda: 0.0)
    sale, turns = sell(rep, sock), 0
    later = timedelta(0)

    def now() -> datetime:
        nonlocal turns
        turns += 1
        if turns == turn:
            end_session(own_session())
        return clock.now() + later

    mine = courier.Courier(now=now)
    with pytest.raises((LockLost, Error)):
        courier.deliver(sale.account, mine)
    sent = puts(simulator)
    connection.close()
    while not is_recorded(sale):
        courier.deliver(sale.account, mine)
        later += timedelta(seconds=10)
        assert later < timedelta(minutes=5)
    assert len(completed_sales(simulator)) == 1
    assert puts(simulator) == max(sent, 1)


def test_second_session_takes_the_lock_when_the_first_has_ended(postgresql):
    with holding("the-till"):
        end_session(own_session())
        connection.close()
        with ThreadPoolExecutor(1) as another:
            assert another.submit(takes, "the-till").result()
        with pytest.raises(LockLost):
            Account.objects.exists()


def takes(name: str) -> bool:
    with holding(name) as taken:
        pass
    connection.close()
    return taken


def test_lock_is_not_given_to_its_own_holder_again(transactional_db):
    with holding("the-till") as first, holding("the-till") as second:
        assert (first, second) == (True, False)
    assert takes("the-till")
