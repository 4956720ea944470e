"""Cards on the register's own reader, as the rep, the manager, Stripe and Lightspeed see it."""

import re

import pytest
from django.urls import reverse

from salesfloor.outbox.courier import deliver
from salesfloor.sales import on_reader
from salesfloor.sales.models import Sale, SalePayment
from salesfloor.staff.models import Account
from salesfloor.terminals import tasks
from salesfloor.terminals.models import Charge
from tests.conftest import price_carts, reread, start_card, tapped
from tests.terminals.conftest import stripe  # noqa: F401 (a fixture)
from tests.terminals.fake_stripe import READER


@pytest.fixture
def sale(rep, sock, stripe) -> Sale:  # noqa: F811
    """A sock for 11.49, which the reader was told to take."""
    rep.account.readers.create(register=rep.register, stripe_id=READER, label="Till 1")
    sale = Sale.start(rep)
    sale.add_line(sock)
    sale = start_card(sale)
    begin(sale)
    return sale


def begin(sale: Sale) -> None:
    payment = sale.payments.latest("pk")
    tasks.take.call_local(sale.register_id, payment.remote_reference, payment.amount)


def look(account: Account) -> None:
    """What the worker does a second later."""
    for charge in account.charges.live():
        tasks.look_at.call_local(charge.pk)


def poll(screen, sale: Sale, seen: str = "waiting"):
    pk = sale.payments.latest("pk").pk
    return screen.get(reverse("sales:cart"), {"waiting": pk, "seen": seen})


def test_cart_waits_for_the_card_and_asks_nobody(sale, screen, stripe):  # noqa: F811
    page = screen.get(reverse("sales:cart")).content.decode()
    assert "Waiting for the card on the reader" in page
    assert "Did it approve" not in page
    assert poll(screen, sale).status_code == 204


def test_approved_card_pays_the_sale_by_itself_and_reaches_lightspeed_once(
    sale,
    screen,
    stripe,  # noqa: F811
    simulator,
):
    stripe.tap(last4="1881")
    look(sale.account)
    payment = sale.payments.get()
    assert (payment.state, payment.card_last4) == (SalePayment.State.APPROVED, "1881")
    assert 'id="done"' in poll(screen, sale).content.decode()
    deliver(sale.account)
    [recorded] = [each for each in simulator.sales() if each["completed"]]
    assert [float(each["amount"]) for each in recorded["payments"]] == [11.49]


def test_declined_card_leaves_the_cart_ready_and_says_that_nothing_was_charged(
    sale,
    screen,
    stripe,  # noqa: F811
):
    stripe.decline()
    look(sale.account)
    page = poll(screen, sale).content.decode()
    assert "Card declined. Nothing was charged" in page
    assert reread(sale).state == Sale.State.READY


def test_rep_cancels_and_may_take_cash_instead(sale, screen, stripe):  # noqa: F811
    payment = sale.payments.get()
    page = screen.post(reverse("sales:cancel_payment", args=[payment.pk])).content.decode()
    assert "asked to stop" in page
    tasks.cancel.call_local(sale.register_id, payment.remote_reference)
    assert "Cancelled. Nothing was charged" in poll(screen, sale).content.decode()
    assert stripe.only_intent()["status"] == "canceled"


def test_rep_cannot_answer_for_the_reader(sale, screen):
    url = reverse("sales:answer_card", args=[sale.payments.get().pk])
    assert screen.post(url, {"answer": "approved"}).status_code == 409
    assert reread(sale).state == Sale.State.TENDERING


def test_unknown_outcome_says_do_not_charge_again_and_is_on_the_board(
    sale,
    screen,
    stripe,  # noqa: F811
    manager,
    browser_of,
):
    stripe.tap()
    stripe.fail("pi_1", "error_before", times=9)
    look(sale.account)
    long_ago = sale.started_at.replace(year=2020)
    Charge.everywhere.update(unanswered_since=long_ago)
    assert "Do not charge again" in poll(screen, sale).content.decode()
    board = browser_of(manager).get(reverse("dashboard:board")).content.decode()
    assert "not known yet whether the reader charged" in board
    stripe.mend()
    look(sale.account)
    assert 'id="done"' in poll(screen, sale, "unknown").content.decode()


def test_nudge_that_was_lost_is_made_up_for(rep, sock, stripe):  # noqa: F811
    rep.account.readers.create(register=rep.register, stripe_id=READER, label="Till 1")
    sale = Sale.start(rep)
    sale.add_line(sock)
    sale = start_card(sale)
    assert not stripe.intents
    on_reader.go_on(sale.payments.get())
    stripe.tap()
    on_reader.go_on(sale.payments.get())
    assert reread(sale).state == Sale.State.PAID


def test_stray_keeps_the_cart_until_a_manager_has_given_it_back(
    sale,
    screen,
    stripe,  # noqa: F811
    manager,
    browser_of,
):
    intent = stripe.insert_card()
    tasks.cancel.call_local(sale.register_id, sale.payments.get().remote_reference)
    stripe.approve(intent["id"], interac=True)
    look(sale.account)
    assert "Do not charge again" in poll(screen, sale).content.decode()
    board = browser_of(manager).get(reverse("dashboard:board")).content.decode()
    [give_back] = re.findall(r'action="(/terminals/charges/\d+/give-back/)"', board)
    browser_of(manager).post(give_back)
    assert stripe.taken() == 0
    assert reread(sale).state == Sale.State.READY


def test_reader_taken_away_leaves_the_question_to_the_rep(rep, sock, stripe, screen):  # noqa: F811
    reader = rep.account.readers.create(register=rep.register, stripe_id=READER, label="Till 1")
    sale = Sale.start(rep)
    sale.add_line(sock)
    sale = start_card(sale)
    reader.remove()
    begin(sale)
    assert "Did it approve" in screen.get(reverse("sales:cart")).content.decode()
    assert not stripe.calls


# --- Part payments ------------------------------------------------------------------------


@pytest.fixture
def part(rep, sock, stripe) -> Sale:  # noqa: F811
    """5.00 of 11.49 taken on the reader."""
    from decimal import Decimal

    from salesfloor.sales import checkout

    rep.account.readers.create(register=rep.register, stripe_id=READER, label="Till 1")
    sale = Sale.start(rep)
    sale.add_line(sock)
    card = checkout.payment_type_of(sale.account, "credit card")
    checkout.start_payment(sale, tapped(sale), card, Decimal("5.00"))
    price_carts()
    sale = reread(sale)
    begin(sale)
    stripe.tap()
    look(sale.account)
    return reread(sale)


def test_part_payment_goes_back_to_the_card(part, screen, stripe):  # noqa: F811
    assert stripe.taken() == 500
    screen.post(reverse("sales:give_back", args=[part.payments.get().pk]))
    assert stripe.taken() == 0
    assert part.payments.get().state == SalePayment.State.REVERSED


def test_nothing_more_is_taken_until_it_is_known_that_it_went_back(
    part,
    screen,
    stripe,  # noqa: F811
):
    stripe.fail("refunds", "lost_after")
    stripe.fail("refunds", "error_before", times=2)
    url = reverse("sales:give_back", args=[part.payments.get().pk])
    assert "Do not give it back again" in screen.post(url).content.decode()
    with pytest.raises(Exception, match="Take nothing more"):
        start_card(reread(part))
    stripe.mend()
    tasks.look_at_all.call_local()
    assert (part.payments.get().state, stripe.taken()) == (SalePayment.State.REVERSED, 0)
