"""What managers are shown of money that is not in Lightspeed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from salesfloor.outbox.courier import deliver
from salesfloor.outbox.models import Submission
from salesfloor.sales import checkout
from salesfloor.sales.models import Sale


@pytest.fixture
def stuck(paid):
    paid.submission.state = Submission.State.ATTENTION
    paid.submission.reason = "forbidden"
    paid.submission.save()
    return paid


def test_board_tells_amount_reason_and_who_took_the_money(stuck, manager, browser_of):
    html = browser_of(manager).get(reverse("dashboard:board")).content.decode()
    assert "$11.49" in html
    assert "does not let this rep complete sales" in html
    assert "Maya R." in html


def test_board_is_empty_when_all_is_on_its_way(paid, manager, browser_of):
    html = browser_of(manager).get(reverse("dashboard:board")).content.decode()
    assert "Every payment taken is in Lightspeed or on its way" in html


def test_rep_may_not_see_the_board(rep, browser_of):
    assert browser_of(rep).get(reverse("dashboard:board")).status_code == 403


@pytest.fixture
def unanswered(rep, sock):
    """A card payment that was begun five minutes ago."""
    sale = Sale.start(rep)
    sale.add_line(sock)
    checkout.start_card(sale, seen_version=sale.version, seen_total=sale.total, action_id=uuid4())
    sale.payments.update(started_at=timezone.now() - timedelta(minutes=5))
    return sale.payments.get()


def test_card_payment_that_nobody_answered_is_on_the_board(unanswered, manager, browser_of):
    html = browser_of(manager).get(reverse("dashboard:board")).content.decode()
    assert "nobody said whether the terminal approved it" in html
    assert "Every payment taken" not in html


def test_rep_sees_that_a_card_payment_needs_an_answer(unanswered, rep, browser_of):
    assert "1 needs a manager" in browser_of(rep).get(reverse("sales:status")).content.decode()


def test_manager_answers_for_the_terminal(unanswered, manager, browser_of, account):
    url = reverse("dashboard:answer_card", args=[unanswered.pk])
    browser_of(manager).post(url, {"answer": "approved"})
    assert account.sales.paid().get().total == unanswered.amount


def test_look_again_makes_the_courier_look(stuck, manager, browser_of):
    url = reverse("dashboard:look_again", args=[stuck.submission_id])
    assert browser_of(manager).post(url).status_code == 302
    deliver(stuck.account)
    stuck.submission.refresh_from_db()
    assert stuck.submission.state == Submission.State.COMPLETED


def test_recent_sales_show_what_needs_a_manager(stuck, rep, browser_of):
    html = browser_of(rep).get(reverse("sales:recent")).content.decode()
    assert "needs a manager" in html
