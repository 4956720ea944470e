"""Paid sales reach Lightspeed once, whatever becomes of requests and answers on the way."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from salesfloor.lightspeed.ratelimit import Right
from salesfloor.outbox import courier, sweep
from salesfloor.outbox.models import Attempt, Submission
from salesfloor.outbox.paid_sale import PaidSale
from salesfloor.sales import checkout
from salesfloor.sales.models import Sale
from salesfloor.staff.connection import client_for
from salesfloor.staff.models import Grant
from tests.conftest import pay_cash, price_carts, sell

pytestmark = pytest.mark.filterwarnings("ignore:No directory")

# Reasons after which the courier only goes on looking.
FINAL = ("different", "too_many_sends")


class Clock:
    """Time as the courier sees it; it passes only when told."""

    def __init__(self) -> None:
        self.time = timezone.now()

    def __call__(self) -> datetime:
        return self.time

    def pass_to(self, moment: datetime) -> None:
        self.time = max(self.time, moment)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def deliver(sale: Sale, clock: Clock, *, by_another: bool = False) -> Submission:
    """By the courier that has been there all the time, or by another that comes now."""
    clock.pass_to(timezone.now())
    at_work = courier.Courier(now=clock)
    if not by_another:
        at_work.name, at_work.inherited = "the usual", {sale.account_id: 0}
    courier.deliver(sale.account, at_work)
    sale.submission.refresh_from_db()
    return sale.submission


def deliver_until_quiet(sale: Sale, clock: Clock) -> Submission:
    """Let the courier come back whenever it wants to, until there is nothing more to do."""
    for _ in range(60):
        submission = deliver(sale, clock)
        if submission.state == Submission.State.COMPLETED or submission.reason in FINAL:
            break
        clock.pass_to(submission.due_at)
    return submission


def completed_sales(simulator) -> list[dict]:
    return [sale for sale in simulator.sales() if sale["completed"]]


def test_sale_is_recorded_with_its_ticket_number(paid, simulator, clock):
    submission = deliver(paid, clock)
    (sale,) = completed_sales(simulator)
    assert submission.state == Submission.State.COMPLETED
    assert submission.ticket_number == sale["ticketNumber"]
    assert sale["referenceNumber"] == paid.reference


def test_payment_in_lightspeed_carries_our_reference_and_gives_the_change(paid, simulator, clock):
    deliver(paid, clock)
    (sale,) = completed_sales(simulator)
    (payment,) = sale["payments"]
    assert payment["remoteReference"] == paid.payments.get().remote_reference
    assert (payment["amount"], sale["change"]) == ("11.49", "9")


def test_busy_lightspeed_is_waited_for_and_leaves_no_doubt(paid, simulator, clock):
    # The pacer keeps real time: shorter than a call may wait for its turn in these tests.
    simulator.fault("Sale/{id}", "429", method="PUT", times=1, seconds=1)
    assert deliver(paid, clock).state == Submission.State.WAITING
    assert deliver_until_quiet(paid, clock).state == Submission.State.COMPLETED
    assert len(completed_sales(simulator)) == 1


def test_expired_token_is_renewed_on_the_way(paid, simulator, clock):
    simulator.fault("Sale/{id}", "401", method="PUT", times=1)
    assert deliver(paid, clock).state == Submission.State.COMPLETED
    assert len(completed_sales(simulator)) == 1


def test_unreachable_lightspeed_is_tried_again_without_doubt(paid, simulator, clock, settings):
    reachable, settings.LIGHTSPEED_API_URL = settings.LIGHTSPEED_API_URL, "http://127.0.0.1:9"
    assert deliver(paid, clock).state == Submission.State.WAITING
    settings.LIGHTSPEED_API_URL = reachable
    assert deliver_until_quiet(paid, clock).state == Submission.State.COMPLETED
    assert len(completed_sales(simulator)) == 1


def test_courier_killed_after_sending_leaves_doubt_that_is_looked_into(paid, simulator, clock):
    # As a courier leaves it that was killed before it could read Lightspeed's answer.
    paid.submission.attempts.create(kind=Attempt.Kind.SEND, started_at=clock.time)
    payload = PaidSale.from_json(paid.submission.payload)
    client = client_for(paid.rep, Right.COMPLETE)
    client.update_sale(payload.draft_id, payload.completion(frozenset(), clock.time))
    deliver(paid, clock, by_another=True)
    assert paid.submission.attempts.first().outcome == "doubt"
    assert deliver_until_quiet(paid, clock).state == Submission.State.COMPLETED
    assert len(completed_sales(simulator)[0]["payments"]) == 1
    assert paid.submission.attempts.filter(kind=Attempt.Kind.SEND).count() == 1


def test_restored_backup_looks_before_it_sends(paid, simulator, clock):
    deliver(paid, clock)
    # The database is an old copy: it knows nothing of what was sent.
    Attempt.everywhere.all().delete()
    Submission.everywhere.update(state=Submission.State.WAITING, due_at=clock.time)
    deliver(paid, clock, by_another=True)
    assert paid.submission.state == Submission.State.COMPLETED
    assert len(completed_sales(simulator)) == 1


def test_sale_changed_by_another_hand_is_put_before_a_manager(paid, simulator, clock):
    # The draft gets a second sock at the till after it was priced and paid here.
    simulator.fault("Sale/{id}", "second_writer", method="PUT", times=1)
    submission = deliver_until_quiet(paid, clock)
    assert submission.state == Submission.State.ATTENTION
    assert submission in paid.account.submissions.stuck(paid_before=clock.time)


def test_rep_without_the_right_is_put_before_a_manager(paid, simulator, clock):
    simulator.fault("Sale/{id}", "403", method="PUT", times=1)
    submission = deliver(paid, clock)
    assert (submission.state, submission.reason) == (Submission.State.ATTENTION, "forbidden")
    assert deliver_until_quiet(paid, clock).state == Submission.State.COMPLETED


def test_signed_out_account_keeps_the_sale_and_sends_it_after_the_next_sign_in(
    paid, simulator, clock
):
    Grant.everywhere.update(lost_at=clock.time)
    assert deliver(paid, clock).reason == "signed_out"
    Grant.everywhere.update(lost_at=None)
    assert deliver_until_quiet(paid, clock).state == Submission.State.COMPLETED


def test_unrecorded_money_is_on_the_board_after_a_minute(paid, simulator, clock):
    stuck = paid.account.submissions.stuck
    assert paid.submission not in stuck(paid_before=paid.paid_at - timedelta(seconds=60))
    assert paid.submission in stuck(paid_before=paid.paid_at + timedelta(seconds=1))


def test_twenty_cut_answers_in_twenty_sales_make_twenty_sales(rep, sock, simulator, clock):
    sales = []
    for n in range(20):
        sales.append(sell(rep, sock))
        simulator.fault("Sale/{id}", ["reset_after", "cut_body"][n % 2], method="PUT", times=1)
        submission = deliver(sales[-1], clock)
        assert submission.state in (Submission.State.CHECKING, Submission.State.COMPLETED), [
            str((a.kind, a.outcome, a.detail)) for a in submission.attempts.all()
        ]
    for sale in sales:
        assert deliver_until_quiet(sale, clock).state == Submission.State.COMPLETED
    assert sorted(sale["referenceNumber"] for sale in completed_sales(simulator)) == sorted(
        sale.reference for sale in sales
    )
    assert all(len(sale["payments"]) == 1 for sale in completed_sales(simulator))


def test_second_courier_leaves_the_first_alone(paid, simulator, clock):
    with courier.holding(f"courier-{paid.account_id}"):
        deliver(paid, clock)
    assert completed_sales(simulator) == []


def test_sale_that_we_fail_at_keeps_no_other_waiting(rep, sock, simulator, clock):
    broken, fine = sell(rep, sock), sell(rep, sock)
    Submission.everywhere.filter(pk=broken.submission_id).update(payload={"of": "another time"})
    deliver(fine, clock)
    assert fine.submission.state == Submission.State.COMPLETED
    broken.submission.refresh_from_db()
    assert broken.submission.reason == "broken"


def test_our_clock_may_be_ahead_of_lightspeeds(paid, simulator, clock):
    simulator.clock(advance=-30)
    assert deliver(paid, clock).state == Submission.State.COMPLETED


def test_late_sale_tells_when_it_was_made(paid, simulator, clock):
    clock.time += timedelta(hours=1)
    simulator.clock(advance=3600)
    deliver(paid, clock)
    (sale,) = completed_sales(simulator)
    assert sale["completeTime"] == paid.paid_at.isoformat(timespec="seconds")


def test_token_that_cannot_be_renewed_leaves_no_doubt(paid, simulator, clock):
    Grant.everywhere.update(expires_at=clock.time - timedelta(hours=1))
    simulator.fault("token", "503", times=1)
    assert deliver(paid, clock).state == Submission.State.WAITING
    assert deliver_until_quiet(paid, clock).state == Submission.State.COMPLETED


def draft_of(sale: Sale) -> None:
    """Have the cart priced in Lightspeed."""
    checkout.ask_for_price(sale)
    price_carts()
    sale.refresh_from_db()


def sweep_later(account) -> None:
    sweep.archive_strays(account, timezone.now() + timedelta(minutes=5))


def test_earlier_drafts_of_a_cart_are_archived_once_it_is_paid(rep, sock, simulator, clock):
    sale = Sale.start(rep)
    sale.add_line(sock)
    draft_of(sale)
    sale.add_line(sock)  # the customer takes one more: the draft is no longer this cart
    sweep_later(rep.account)
    assert [sale["archived"] for sale in simulator.sales()] == [False]
    sale = pay_cash(sale, sale.total)
    sweep_later(rep.account)
    deliver(sale, clock)
    assert [(sale["archived"], sale["completed"]) for sale in simulator.sales()] == [
        (True, False),
        (False, True),
    ]


def test_open_sale_whose_answer_was_lost_is_archived_once_the_cart_is_given_up(
    rep, sock, simulator
):
    simulator.fault("Sale", "reset_after", method="POST", times=1)
    sale = Sale.start(rep)
    sale.add_line(sock)
    draft_of(sale)
    sale.abandon(sale.version)
    sweep_later(rep.account)
    assert [sale["archived"] for sale in simulator.sales()] == [True]
