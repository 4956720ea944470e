"""What managers are shown of money that is not in Lightspeed."""

import pytest
from django.urls import reverse

from salesfloor.outbox.models import Submission


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


def test_look_again_asks_the_courier_for_a_look(stuck, manager, browser_of):
    url = reverse("dashboard:look_again", args=[stuck.submission_id])
    assert browser_of(manager).post(url).status_code == 302
    stuck.submission.refresh_from_db()
    assert stuck.submission.asked_at is not None


def test_recent_sales_show_what_needs_a_manager(stuck, rep, browser_of):
    html = browser_of(rep).get(reverse("sales:recent")).content.decode()
    assert "needs a manager" in html
