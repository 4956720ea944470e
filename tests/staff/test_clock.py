"""No two hosts agree on the time; what they compare is told by one clock."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from salesfloor.outbox.models import Attempt, Submission
from salesfloor.staff import clock
from tests.conftest import sell
from tests.outbox.test_several_workers import completed_sales, eventually, is_recorded, start_worker

ROOT = Path(__file__).resolve().parents[2] / "salesfloor"
# Lightspeed's client is given its clock; templates only show how long ago something was.
OTHERS = ("simulator/", "lightspeed/", "migrations/", "templatetags/", "staff/clock.py")

__all__ = ["start_worker"]


def test_nothing_of_ours_looks_at_its_own_hosts_clock():
    own_clock = re.compile(r"timezone\.now\b|datetime\.now\(")
    modules = [path for path in ROOT.rglob("*.py") if not any(o in str(path) for o in OTHERS)]
    assert [str(path) for path in modules if own_clock.search(path.read_text())] == []


@pytest.mark.parametrize("minutes", [-10, 10])
def test_web_host_with_a_wrong_clock_keeps_no_sale_waiting(
    start_worker, rep, sock, simulator, monkeypatch, minutes
):
    if connection.vendor != "postgresql":
        pytest.skip("All processes of SQLite are on one host")
    start_worker()
    right = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: right() + timedelta(minutes=minutes))
    sales = [sell(rep, sock) for _ in range(3)]
    eventually(lambda: all(map(is_recorded, sales)))
    assert len(completed_sales(simulator)) == 3
    # Fresh as they are, none had to be looked for.
    assert not Attempt.everywhere.filter(kind=Attempt.Kind.LOOK).exists()


@pytest.mark.parametrize("minutes", [-10, 10])
def test_worker_with_a_wrong_clock_settles_a_doubt_and_sends_once(
    start_worker, rep, sock, simulator, minutes
):
    if connection.vendor != "postgresql":
        pytest.skip("All processes of SQLite are on one host")
    simulator.fault("Sale/{id}", "reset_after", method="PUT", times=1)
    start_worker(clock_minutes=minutes)
    sale = sell(rep, sock)
    eventually(lambda: is_recorded(sale))
    assert len(completed_sales(simulator)) == 1
    assert abs(sale.submission.completed_at - clock.now()) < timedelta(minutes=1)
    assert Submission.everywhere.get().paid_at < sale.submission.completed_at
