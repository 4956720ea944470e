"""A manager sees to a sale that the courier cannot record; it is never sent again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from salesfloor.outbox import courier
from salesfloor.outbox.models import Attempt, Submission
from salesfloor.outbox.sweep import sweep
from tests.outbox.test_courier import completed_sales


@pytest.fixture
def stuck(paid) -> Submission:
    Submission.everywhere.update(state="attention", reason="too_many_sends")
    paid.submission.refresh_from_db()
    return paid.submission


def test_it_leaves_the_board_and_keeps_who_and_why(stuck, manager):
    assert stuck.settle_by_hand(manager, "Entered at the till.", "220000000077")
    stuck.refresh_from_db()
    assert (stuck.settled_by, stuck.settled_note) == (manager, "Entered at the till.")
    assert stuck.ticket_number == "220000000077"
    assert not stuck.account.submissions.stuck(paid_before=timezone.now()).exists()


def test_it_is_never_sent_again(stuck, manager, simulator):
    stuck.settle_by_hand(manager, "Entered at the till.")
    courier.deliver(stuck.account)
    assert completed_sales(simulator) == []
    assert not stuck.attempts.exists()


def test_it_is_settled_once(stuck, manager, rep):
    assert stuck.settle_by_hand(manager, "Entered at the till.")
    assert not stuck.settle_by_hand(rep, "Paid back.")
    stuck.refresh_from_db()
    assert stuck.settled_note == "Entered at the till."


def test_what_is_recorded_is_not_settled(paid, manager):
    courier.deliver(paid.account)
    assert not paid.submission.settle_by_hand(manager, "Entered at the till.")
    paid.submission.refresh_from_db()
    assert paid.submission.state == Submission.State.COMPLETED


def test_what_is_being_sent_is_not_settled(stuck, manager):
    stuck.attempts.create(kind=Attempt.Kind.SEND, started_at=timezone.now())
    assert not stuck.settle_by_hand(manager, "Entered at the till.")


def test_courier_that_was_about_to_send_it_finds_out(stuck, manager, simulator, monkeypatch):
    really = courier.next_action

    def settled_meanwhile(*args):
        Submission.everywhere.get(pk=stuck.pk).settle_by_hand(manager, "Entered at the till.")
        return really(*args)

    monkeypatch.setattr(courier, "next_action", settled_meanwhile)
    courier.deliver(stuck.account)
    stuck.refresh_from_db()
    assert stuck.state == Submission.State.SETTLED
    assert completed_sales(simulator) == []


def test_sweep_finds_it_where_it_was_completed_all_the_same(stuck, manager, simulator):
    stuck.settle_by_hand(manager, "Entered at the till.")
    client = simulator.client(1)
    amount = {"paymentTypeID": 1, "amount": "11.49"}
    body = {"completed": True, "SalePayments": {"SalePayment": amount}}
    client.put(f"Sale/{stuck.payload['draft_id']}", body)
    sweep(stuck.account, timezone.now() + timedelta(minutes=5))
    (finding,) = stuck.account.findings.for_a_person()
    assert finding.kind == "elsewhere"
