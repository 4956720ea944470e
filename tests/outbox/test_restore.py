"""An older copy of the database is restored: what it has forgotten is not sold again."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from salesfloor.outbox import courier, sweep
from salesfloor.outbox.comparison import Kind
from salesfloor.sales import checkout
from salesfloor.sales.models import Sale
from salesfloor.staff import clock
from tests.conftest import give_leave, pay_cash, price_carts, reread, sell, start_card

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="Copies of PostgreSQL are its tools' own business"
    ),
]


@pytest.fixture
def copy(tmp_path, monkeypatch) -> Callable[[], Callable[[], None]]:
    """Copies the database; what it returns restores the copy, for processes that begin then."""

    def make() -> Callable[[], None]:
        connection.ensure_connection()
        kept = sqlite3.connect(tmp_path / "copy.sqlite3")
        connection.connection.backup(kept)

        def restore() -> None:
            kept.backup(connection.connection)
            kept.close()
            began_at = clock.now()
            monkeypatch.setattr(clock, "process_began_at", lambda: began_at)

        return restore

    return make


@pytest.fixture
def cart(rep, sock) -> Sale:
    sale = Sale.start(rep)
    sale.add_line(sock)
    return sale


def completed(simulator) -> list[str]:
    return [sale["referenceNumber"] for sale in simulator.sales() if sale["completed"]]


def test_cart_that_the_copy_believes_open_is_not_paid_again(cart, copy, simulator):
    restore = copy()
    courier.deliver(pay_cash(cart, cart.total).account)
    restore()
    cart = reread(cart)
    cart = pay_cash(cart, cart.total)
    assert "has been paid already" in str(cart.refusal_told.text)
    assert not cart.approved_payments
    assert completed(simulator) == [cart.reference]


def test_cart_that_the_copy_believes_priced_is_not_paid_again(cart, copy, simulator):
    checkout.ask_for_price(cart)
    price_carts()
    restore = copy()
    courier.deliver(pay_cash(reread(cart), cart.total).account)
    restore()
    cart = pay_cash(reread(cart), cart.total)
    assert "has been paid already" in str(cart.refusal_told.text)
    assert not cart.approved_payments
    assert completed(simulator) == [cart.reference]


def test_card_that_the_copy_believes_unanswered_is_recorded_once(cart, copy, simulator):
    cart = start_card(cart)
    restore = copy()
    checkout.answer_card(cart.payments.get(), approved=True)
    courier.deliver(cart.account)
    restore()
    checkout.answer_card(reread(cart).payments.get(), approved=True)
    courier.deliver(cart.account, courier.Courier())
    (sale,) = simulator.sales()
    assert len(sale["payments"]) == 1
    assert reread(cart).progress == "recorded"


def test_sale_that_the_copy_believes_owed_is_recorded_once(cart, copy, simulator):
    cart = pay_cash(cart, cart.total)
    restore = copy()
    courier.deliver(cart.account)
    restore()
    courier.deliver(cart.account, courier.Courier())
    (sale,) = simulator.sales()
    assert len(sale["payments"]) == 1
    assert reread(cart).progress == "recorded"


def test_cart_that_the_copy_has_forgotten_to_be_paid_is_in_doubt_until_that_settles(
    cart, copy, simulator
):
    cart = start_card(cart)
    restore = copy()
    simulator.fault("Sale/{id}", "reset", method="PUT")  # it may still arrive
    checkout.answer_card(cart.payments.get(), approved=True)
    courier.deliver(cart.account)
    restore()
    courier.deliver(cart.account, courier.Courier())  # notices
    checkout.answer_card(reread(cart).payments.get(), approved=True)
    courier.deliver(cart.account, courier.Courier())
    assert reread(cart).progress == "checking"
    assert completed(simulator) == []


def test_cart_from_before_a_restore_is_not_sold_without_lightspeed(cart, copy, simulator):
    give_leave(cart.account)
    restore = copy()
    courier.deliver(pay_cash(cart, cart.total).account)
    restore()
    courier.deliver(cart.account, courier.Courier())  # notices
    simulator.fault("Sale", "503", times=99)
    cart = pay_cash(reread(cart), cart.total)
    assert "may have been paid since" in str(cart.refusal_told.text)
    assert not cart.approved_payments


def test_next_courier_has_no_doubts_of_what_came_after_the_restore(cart, copy, simulator):
    restore = copy()
    courier.deliver(pay_cash(cart, cart.total).account)
    restore()
    courier.deliver(cart.account, courier.Courier())  # notices
    later = Sale.start(cart.rep)
    later.add_line(cart.live_lines[0].item)
    pay_cash(later, later.total)
    courier.deliver(cart.account, courier.Courier())
    assert reread(later).progress == "recorded"


def test_sales_since_the_copy_are_told_to_a_manager(rep, sock, account, copy, simulator):
    sweep.sweep(account, clock.now())
    restore = copy()
    sell(rep, sock)
    courier.deliver(account)
    restore()
    sweep.sweep(account, clock.now() + timedelta(minutes=1))
    (finding,) = account.findings.unsettled()
    assert finding.kind == Kind.UNKNOWN
    assert completed(simulator) == [finding.reference]


def test_sale_that_was_paid_and_forgotten_before_it_was_sent_is_told_to_a_manager(
    rep, sock, account, copy, simulator
):
    sweep.sweep(account, clock.now())
    restore = copy()
    forgotten = sell(rep, sock)
    restore()
    sweep.sweep(account, clock.now() + timedelta(minutes=1))
    (finding,) = account.findings.for_a_person()
    assert (finding.kind, finding.reference) == (Kind.STRAY, forgotten.reference)
    assert finding.amount == forgotten.total


def test_manager_is_told_once_that_an_older_copy_was_put_back(rep, sock, account, copy, simulator):
    known = sell(rep, sock)
    courier.deliver(account)
    restore = copy()
    sell(rep, sock)
    courier.deliver(account)
    restore()
    courier.deliver(account, courier.Courier())
    courier.deliver(account, courier.Courier())
    sweep.sweep(account, clock.now() + timedelta(minutes=1))
    told = account.findings.for_a_person().get(kind=Kind.RESTORED)
    assert told.sold_at == reread(known).paid_at


def test_cart_that_a_till_completed_is_not_paid_again(cart, account, simulator):
    checkout.ask_for_price(cart)
    price_carts()
    simulator.client().put(
        f"Sale/{reread(cart).draft.sale_lightspeed_id}",
        {
            "completed": True,
            "SalePayments": {"SalePayment": [{"paymentTypeID": 1, "amount": "11.49"}]},
        },
    )
    sweep.sweep(account, clock.now())
    cart = reread(cart)
    cart.add_line(cart.live_lines[0].item)  # so that it is written anew
    cart = pay_cash(reread(cart), cart.total)
    assert "has been paid already" in str(cart.refusal_told.text)
