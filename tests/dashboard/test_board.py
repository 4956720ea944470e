"""What managers are shown of money that is not in Lightspeed."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from salesfloor.outbox.courier import deliver
from salesfloor.outbox.models import Finding, Submission
from salesfloor.sales.models import Sale
from tests.conftest import start_card


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
    start_card(sale)
    sale.payments.update(started_at=timezone.now() - timedelta(minutes=5))
    return sale.payments.get()


def test_card_payment_that_nobody_answered_is_on_the_board(unanswered, manager, browser_of):
    html = browser_of(manager).get(reverse("dashboard:board")).content.decode()
    assert "nobody said whether the terminal approved it" in html
    assert "Every payment taken" not in html


def test_payment_that_the_terminal_does_not_know_of_is_on_the_board(
    unanswered, manager, browser_of
):
    unanswered.sale.payments.update(state="doubtful")
    html = browser_of(manager).get(reverse("dashboard:board")).content.decode()
    assert "did not tell whether it took this payment" in html


def test_rep_sees_that_a_card_payment_needs_an_answer(unanswered, rep, browser_of):
    assert "1 needs a manager" in browser_of(rep).get(reverse("sales:status")).content.decode()


def test_manager_answers_for_the_terminal(unanswered, manager, browser_of, account):
    url = reverse("dashboard:answer_card", args=[unanswered.pk])
    browser_of(manager).post(url, {"answer": "approved"})
    assert account.sales.paid().get().total == unanswered.amount


def test_answer_for_the_terminal_is_kept_with_the_managers_name(
    unanswered, manager, browser_of, account
):
    url = reverse("dashboard:answer_card", args=[unanswered.pk])
    browser_of(manager).post(url, {"answer": "declined"})
    event = account.events.get()
    assert (event.rep, event.act, event.amount) == (manager, "answered_declined", unanswered.amount)


def test_look_again_makes_the_courier_look(stuck, manager, browser_of):
    url = reverse("dashboard:look_again", args=[stuck.submission_id])
    assert browser_of(manager).post(url).status_code == 302
    deliver(stuck.account)
    stuck.submission.refresh_from_db()
    assert stuck.submission.state == Submission.State.COMPLETED


def test_recent_sales_show_what_needs_a_manager(stuck, rep, browser_of):
    html = browser_of(rep).get(reverse("sales:recent")).content.decode()
    assert "needs a manager" in html


def test_journal_tells_what_was_tried_and_what_lightspeed_said(paid, manager, browser_of):
    paid.submission.attempts.create(
        kind="send", started_at=timezone.now(), outcome="doubt", status=502, detail="Bad gateway"
    )
    paid.account.submissions.update(paid_at=timezone.now() - timedelta(minutes=2))
    html = browser_of(manager).get(reverse("dashboard:board")).content.decode()
    assert "No answer that tells whether it was done." in html
    assert "Bad gateway" in html


@pytest.fixture
def finding(account):
    """A sale that salesfloor knows nothing of."""
    now = timezone.now()
    return account.findings.create(
        kind="unknown",
        reference="SF-0123",
        sale_lightspeed_id=99,
        ticket_number="220000000099",
        amount="34.48",
        found_at=now,
        looked_at=now,
    )


def test_finding_is_on_the_board_until_a_manager_has_seen_to_it(
    finding, manager, browser_of, account
):
    browser = browser_of(manager)
    html = browser.get(reverse("dashboard:board")).content.decode()
    assert "$34.48" in html
    assert "220000000099" in html
    url = reverse("dashboard:settle_finding", args=[finding.pk])
    browser.post(url, {"note": "Refunded in Lightspeed", "confirmed": "on"})
    assert "$34.48" not in browser.get(reverse("dashboard:board")).content.decode()
    event = account.events.get()
    assert (event.rep, event.note) == (manager, "Refunded in Lightspeed")


def test_restored_copy_is_told_with_the_last_sale_that_it_knows_and_without_an_amount(
    paid, account, manager, browser_of
):
    Finding.tell_of_old_copy(account, timezone.now())
    html = browser_of(manager).get(reverse("dashboard:board")).content.decode()
    assert "An older copy of salesfloor" in html
    assert "The last sale that it knows was paid at" in html
    assert "$0.00" not in html


@pytest.mark.parametrize("form", [{"note": "Refunded"}, {"note": " ", "confirmed": "on"}])
def test_nothing_is_settled_without_a_word_and_a_confirmation(
    finding, manager, browser_of, account, form
):
    url = reverse("dashboard:settle_finding", args=[finding.pk])
    browser_of(manager).post(url, form)
    assert list(account.findings.unsettled()) == [finding]
    assert not account.events.exists()


@pytest.mark.parametrize("name", ["settle", "settle_finding", "look_again", "answer_card"])
def test_rep_may_do_nothing_of_a_manager(name, rep, browser_of):
    url = reverse(f"dashboard:{name}", args=[1])
    assert browser_of(rep).post(url).status_code == 403


def test_sale_that_was_partly_paid_and_left_is_on_the_board(unanswered, manager, browser_of):
    unanswered.sale.payments.update(state="approved")
    Sale.everywhere.update(changed_at=timezone.now() - timedelta(minutes=5))
    html = browser_of(manager).get(reverse("dashboard:board")).content.decode()
    assert "the rest was not" in html


def test_board_that_shows_the_same_leaves_the_page_alone_but_for_the_time(
    finding, manager, browser_of
):
    browser = browser_of(manager)
    page = browser.get(reverse("dashboard:board")).content.decode()
    (seen,) = set(re.findall(r"seen=(\w+)", page))
    again = browser.get(reverse("dashboard:board"), {"seen": seen})
    assert 'id="board"' not in again.content.decode()
    finding.settle(timezone.now(), note="")
    changed = browser.get(reverse("dashboard:board"), {"seen": seen})
    assert changed["HX-Retarget"] == "#board"


def test_manager_sees_on_every_page_how_much_waits(finding, manager, rep, browser_of):
    assert "1 needs you" in browser_of(manager).get(reverse("sales:sell")).content.decode()
    assert "needs you" not in browser_of(rep).get(reverse("sales:sell")).content.decode()


def test_manager_who_is_signed_out_of_lightspeed_is_led_to_sign_in_again(manager, browser_of):
    manager.grant.lose()
    browser = browser_of(manager)
    html = browser.get(reverse("dashboard:board")).content.decode()
    assert "nothing is priced or recorded" in html
    page = browser.get(reverse("staff:sign_in") + "?again&next=/manage/board/")
    assert "Sign in with Lightspeed" in page.content.decode()


def test_comparison_can_be_had_at_once(manager, browser_of):
    assert browser_of(manager).post(reverse("dashboard:compare")).status_code == 302


def test_sale_that_is_settled_by_hand_leaves_the_board_and_is_never_sent(
    stuck, manager, browser_of, account, simulator
):
    browser = browser_of(manager)
    url = reverse("dashboard:settle", args=[stuck.submission_id])
    browser.post(url, {"ticket_number": "220000000777", "confirmed": "on"})
    assert "$11.49" not in browser.get(reverse("dashboard:board")).content.decode()
    deliver(account)
    assert [sale["completed"] for sale in simulator.sales()] == [False]
    event = account.events.get()
    assert (event.rep, event.act, event.note) == (manager, "settled_sale", "220000000777")


@pytest.mark.parametrize(
    "form", [{"confirmed": "on"}, {"note": "Paid back"}, {"note": " ", "confirmed": "on"}]
)
def test_no_sale_is_settled_without_a_word_and_a_confirmation(
    stuck, manager, browser_of, account, form
):
    browser_of(manager).post(reverse("dashboard:settle", args=[stuck.submission_id]), form)
    stuck.submission.refresh_from_db()
    assert stuck.submission.state == Submission.State.ATTENTION
    assert not account.events.exists()


def test_sale_on_its_way_cannot_be_settled_by_hand(paid, manager, browser_of):
    url = reverse("dashboard:settle", args=[paid.submission_id])
    form = {"note": "Paid back", "confirmed": "on"}
    assert browser_of(manager).post(url, form).status_code == 404
