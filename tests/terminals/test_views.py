"""The page of readers, and Stripe's webhook."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from salesfloor.terminals import tasks
from salesfloor.terminals.models import Charge, Reader
from salesfloor.terminals.protocol import Status
from tests.terminals.conftest import AMOUNT, look, some_time_later
from tests.terminals.fake_stripe import READER

READERS = reverse("terminals:readers")


@pytest.fixture
def nudges(monkeypatch):
    """Charges that the worker was asked to look at."""
    asked: list[int] = []
    monkeypatch.setattr(tasks, "look_at", asked.append)
    return asked


def put(browser, register, stripe_id=READER, label=""):
    form = {"register": register.pk, "stripe_id": stripe_id, "label": label}
    return browser.post(reverse("terminals:add_reader"), form)


def test_manager_puts_a_reader_at_a_register(stripe, manager, register, browser_of):
    assert put(browser_of(manager), register).status_code == 302
    reader = register.readers.get()
    assert (reader.stripe_id, reader.label) == (READER, "Till 1")
    assert "Till 1" in browser_of(manager).get(READERS).content.decode()


def test_reader_that_stripe_does_not_know_is_refused(stripe, manager, register, browser_of):
    page = put(browser_of(manager), register, stripe_id="tmr_other")
    assert page.status_code == 422
    assert "Stripe knows no such reader" in page.content.decode()
    assert not Reader.everywhere.exists()


def test_card_number_typed_for_a_name_is_neither_kept_nor_shown(
    stripe, manager, register, browser_of
):
    page = put(browser_of(manager), register, label="4242 4242 4242 4242").content.decode()
    assert "looks like a card number" in page
    assert "4242 4242" not in page
    assert not Reader.everywhere.exists()


def test_register_has_one_reader_and_a_reader_one_register(reader, manager, register, browser_of):
    other = manager.account.registers.create(lightspeed_id=2, shop=register.shop, name="2")
    assert put(browser_of(manager), register).status_code == 422
    assert put(browser_of(manager), other).status_code == 422
    assert Reader.everywhere.count() == 1


def test_reader_stays_while_a_payment_is_on_it(terminal, manager, browser_of):
    terminal.begin("SF-1-1", AMOUNT)
    url = reverse("terminals:remove_reader", args=[terminal.reader.pk])
    browser_of(manager).post(url)
    assert terminal.account.readers.filter(removed_at=None).exists()
    terminal.cancel("SF-1-1")
    browser_of(manager).post(url)
    assert not terminal.account.readers.filter(removed_at=None).exists()


def test_rep_may_not_see_the_readers(rep, browser_of):
    assert browser_of(rep).get(READERS).status_code == 403
    assert browser_of(rep).post(reverse("terminals:add_reader")).status_code == 403


def test_page_says_so_where_stripe_is_not_set_up(manager, browser_of):
    assert "not set up" in browser_of(manager).get(READERS).content.decode()
    assert browser_of(manager).post(reverse("terminals:add_reader")).status_code == 404


# --- What needs a person ------------------------------------------------------------------


@pytest.fixture
def stray(terminal, stripe) -> Charge:
    """49.00 by Interac, approved after the rep had cancelled."""
    terminal.begin("SF-1-1", AMOUNT)
    intent = stripe.insert_card()
    terminal.cancel("SF-1-1")
    stripe.approve(intent["id"], interac=True)
    look(terminal)
    return terminal.account.charges.get()


def test_stray_is_shown_until_a_manager_gives_it_back(stray, stripe, manager, browser_of):
    browser = browser_of(manager)
    assert "no sale counts on it" in browser.get(READERS).content.decode()
    for _ in "ab":  # the second tap finds nothing more to do
        browser.post(reverse("terminals:give_back", args=[stray.pk]))
    assert "no sale counts on it" not in browser.get(READERS).content.decode()
    assert stripe.taken() == 0
    assert manager.account.events.get().amount == Decimal("49.00")


def test_payment_that_stays_unknown_is_shown_after_a_minute(terminal, stripe, manager, browser_of):
    terminal.begin("SF-1-1", AMOUNT)
    stripe.tap()
    stripe.fail("pi_1", "error_before")
    look(terminal)
    assert "not known yet" not in browser_of(manager).get(READERS).content.decode()
    some_time_later(terminal, seconds=61)
    assert "not known yet" in browser_of(manager).get(READERS).content.decode()


def test_stray_of_another_account_is_not_found(stray, browser_of, manager):
    stray.account = type(stray.account).objects.create(lightspeed_id=12, name="Elsewhere")
    stray.save()
    give_back = reverse("terminals:give_back", args=[stray.pk])
    assert browser_of(manager).post(give_back).status_code == 404


# --- Webhook ------------------------------------------------------------------------------


def send(stripe, kind, about, signature=None):
    body, signed = stripe.webhook(kind, about)
    return Client(enforce_csrf_checks=True).post(
        reverse("terminals:webhook"),
        body,
        content_type="application/json",
        headers={"Stripe-Signature": signature or signed},
    )


def test_webhook_makes_the_worker_look_however_often_it_comes(terminal, stripe, nudges):
    terminal.begin("SF-1-1", AMOUNT)
    stripe.tap()
    for _ in "ab":
        assert send(stripe, "payment_intent.succeeded", stripe.only_intent()).status_code == 200
    assert nudges == [terminal.account.charges.get().pk] * 2
    look(terminal)
    send(stripe, "terminal.reader.action_succeeded", stripe.readers[READER])
    assert (len(nudges), stripe.taken()) == (2, 4900)


def test_webhook_is_not_believed(terminal, stripe, nudges):
    terminal.begin("SF-1-1", AMOUNT)
    send(stripe, "payment_intent.succeeded", stripe.only_intent() | {"status": "succeeded"})
    assert len(nudges) == 1
    assert look(terminal).status is Status.WAITING


def test_webhook_before_our_own_answer_does_no_harm(terminal, stripe, nudges):
    terminal.begin("SF-1-1", AMOUNT)
    intent = stripe.only_intent()
    Charge.everywhere.update(intent_id="", state="creating")
    assert send(stripe, "payment_intent.created", intent).status_code == 200
    assert nudges == []


@pytest.mark.parametrize("signature", ["", "t=1,v1=00", "nonsense"])
def test_webhook_without_a_true_signature_is_refused(terminal, stripe, nudges, signature):
    terminal.begin("SF-1-1", AMOUNT)
    answer = send(stripe, "payment_intent.succeeded", stripe.only_intent(), signature or "x")
    assert (answer.status_code, nudges) == (400, [])


def test_webhook_is_off_without_a_secret(stripe, settings):
    settings.STRIPE_WEBHOOK_SECRET = ""
    assert send(stripe, "payment_intent.succeeded", {"object": "payment_intent"}).status_code == 404
