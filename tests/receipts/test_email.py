"""A receipt by e-mail: sent by Lightspeed once it has the sale, and once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from salesfloor.outbox.courier import deliver
from salesfloor.receipts import mailing, tasks
from salesfloor.receipts.models import EmailReceipt

ROUTE = "Sale/{id}/EmailReceipt"


@pytest.fixture(autouse=True)
def nudges(monkeypatch) -> list[int]:
    """What the worker was told to look at; the tests do its work themselves."""
    told: list[int] = []
    monkeypatch.setattr(tasks, "send_email_receipt", told.append)
    return told


def ask(screen, sale, address="ann@example.com", **data):
    form = {"address": address, "action_id": uuid4()} | data
    return screen.post(reverse("receipts:email", args=[sale.pk]), form)


def state(screen, sale) -> str:
    answer = screen.get(reverse("receipts:email_state", args=[sale.pk]))
    return " ".join(answer.content.decode().split())


def work(after: timedelta = timedelta(0)) -> None:
    """All that the worker finds to do at this time from now."""
    now = timezone.now() + after
    for wish in EmailReceipt.everywhere.due(now):
        mailing.send(wish, lambda: now)


def mailbox(simulator) -> list[str]:
    return [mail["address"] for mail in simulator.control("GET", "mail")["mail"]]


def test_receipt_waits_for_the_sale_and_is_sent_once_it_is_recorded(
    screen, simulator, account, paid
):
    html = ask(screen, paid).content.decode()
    assert "as soon as Lightspeed has recorded the sale" in html
    work()
    assert mailbox(simulator) == []
    deliver(account)
    work()
    assert mailbox(simulator) == ["ann@example.com"]
    assert "E-mailed to ann@example.com." in state(screen, paid)


def test_worker_is_told_once_however_often_the_button_is_tapped(
    screen, paid, nudges, django_capture_on_commit_callbacks
):
    action_id = uuid4()
    with django_capture_on_commit_callbacks(execute=True):
        ask(screen, paid, action_id=action_id)
        html = ask(screen, paid, action_id=action_id).content.decode()
    assert nudges == [paid.email_receipts.get().pk]
    assert "ann@example.com" in html


@pytest.mark.parametrize("address", ["", "ann", "ann@", "a b@example.com", "a@b.ca\nBcc: x@y.z"])
def test_what_is_no_address_is_refused_and_kept_to_be_put_right(screen, paid, address):
    answer = ask(screen, paid, address)
    assert answer.status_code == 422
    assert "Nothing was sent." in answer.content.decode()
    assert not paid.email_receipts.exists()


def test_receipt_that_could_not_be_sent_is_tried_again(screen, simulator, account, paid):
    deliver(account)
    ask(screen, paid)
    simulator.fault(ROUTE, "429_burst")
    work()
    assert mailbox(simulator) == []
    assert "Being e-mailed to" in state(screen, paid)
    work(after=timedelta(seconds=15))
    assert mailbox(simulator) == ["ann@example.com"]


def test_lost_answer_is_told_and_nothing_is_sent_a_second_time(screen, simulator, account, paid):
    deliver(account)
    ask(screen, paid)
    simulator.fault(ROUTE, "reset_after")
    work()
    work(after=timedelta(hours=1))
    assert mailbox(simulator) == ["ann@example.com"]
    assert "it may come twice" in state(screen, paid)


def test_rep_may_send_it_again_after_a_lost_answer(screen, simulator, account, paid):
    deliver(account)
    ask(screen, paid)
    simulator.fault(ROUTE, "reset")
    work()
    ask(screen, paid)
    work()
    assert mailbox(simulator) == ["ann@example.com"]
    assert "E-mailed to" in state(screen, paid)


def test_receipt_that_lightspeed_refuses_is_not_tried_again(screen, simulator, account, paid):
    deliver(account)
    ask(screen, paid)
    simulator.fault(ROUTE, "403")
    work()
    work(after=timedelta(hours=1))
    assert mailbox(simulator) == []
    assert "Could not be e-mailed" in state(screen, paid)


def test_receipt_is_given_up_after_a_few_tries(screen, simulator, account, paid):
    deliver(account)
    ask(screen, paid)
    simulator.fault(ROUTE, "429", times=100)
    for hours in range(8):
        work(after=timedelta(hours=hours))
    wish = paid.email_receipts.get()
    assert (wish.state, wish.tries) == ("failed", 5)


def test_another_address_takes_the_place_of_one_that_waits(screen, simulator, account, paid):
    ask(screen, paid, "an@example.com")
    ask(screen, paid, "ann@example.com")
    deliver(account)
    work()
    assert mailbox(simulator) == ["ann@example.com"]


def test_two_workers_send_it_once(simulator, screen, account, paid):
    deliver(account)
    ask(screen, paid)
    one, other = (EmailReceipt.everywhere.get() for _ in range(2))
    mailing.send(one)
    assert not other.begin(timezone.now())
    mailing.send(other)
    assert mailbox(simulator) == ["ann@example.com"]


def test_try_that_was_cut_off_is_in_doubt(screen, account, paid):
    deliver(account)
    ask(screen, paid)
    paid.email_receipts.get().begin(timezone.now() - timedelta(minutes=3))
    mailing.settle_cut_off(timezone.now())
    assert "did not say whether" in state(screen, paid)


def test_address_is_forgotten_after_a_month(screen, account, paid):
    deliver(account)
    ask(screen, paid)
    work()
    EmailReceipt.everywhere.forget_addresses(timezone.now() + timedelta(days=29))
    assert paid.email_receipts.get().address
    EmailReceipt.everywhere.forget_addresses(timezone.now() + timedelta(days=31))
    assert paid.email_receipts.get().address == ""


def test_sale_that_differs_in_lightspeed_is_not_mailed(screen, simulator, account, paid):
    deliver(account)
    account.submissions.update(state="attention", reason="different")
    ask(screen, paid)
    work()
    assert mailbox(simulator) == []


def test_polling_ends_with_the_last_news(screen, account, paid):
    ask(screen, paid)
    url = reverse("receipts:email_state", args=[paid.pk])
    assert screen.get(url).status_code == 200
    deliver(account)
    work()
    assert screen.get(url).status_code == 286


def test_done_strip_offers_all_that_a_customer_may_take_away(screen, paid):
    html = screen.get(reverse("sales:sell")).content.decode()
    names = ("receipt", "gift", "qr", "email")
    wanted = [reverse(f"receipts:{name}", args=[paid.pk]) for name in names]
    assert [url for url in wanted if url not in html] == []


def test_customers_own_address_is_at_hand(screen, account, paid):
    paid.customer = account.customers.create(lightspeed_id=88, email="ann@example.com")
    paid.save()
    html = screen.get(reverse("sales:sell")).content.decode()
    assert 'value="ann@example.com"' in html
