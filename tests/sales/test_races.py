"""Two devices, or a device and a worker, are at one cart in the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import transaction
from django.urls import reverse

from salesfloor.outbox.models import Submission
from salesfloor.sales import checkout
from salesfloor.sales.models import Sale, SalePayment
from salesfloor.sales.refusals import BeingPaid, BeingPriced, CartChanged, Refused
from salesfloor.staff.models import PaymentType
from tests.conftest import give_leave, price_carts, reread, tapped
from tests.races import alone, while_open

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cart(rep, sock) -> Sale:
    """A sock that Lightspeed is being asked about."""
    sale = Sale.start(rep)
    sale.add_line(sock)
    checkout.ask_for_price(sale)
    return reread(sale)


@pytest.fixture
def priced(cart) -> Sale:
    price_carts()
    return reread(cart)


def tap_card(sale: Sale) -> None:
    checkout.start_payment(
        sale, tapped(sale), checkout.payment_type_of(sale.account, PaymentType.CREDIT_CARD)
    )


def pay_cash(sale: Sale) -> None:
    checkout.pay_cash(sale, tapped(sale), sale.due)


def add(sale: Sale, item) -> None:
    with transaction.atomic():
        sale.add_line(item)


def test_change_that_comes_with_a_tap_on_a_payment_is_refused(cart, shoe):
    other_device = reread(cart)
    change = while_open(lambda: tap_card(cart), lambda: add(other_device, shoe))
    with pytest.raises(BeingPaid):
        change.result()
    price_carts()
    assert cart.payments.get().state == SalePayment.State.STARTED
    assert cart.lines.count() == 1


def test_tap_that_comes_with_a_change_is_refused(priced, shoe):
    other_device = reread(priced)
    tap = while_open(lambda: priced.add_line(shoe), lambda: tap_card(other_device))
    with pytest.raises(CartChanged):
        tap.result()
    assert not priced.payments.exists()


def test_price_that_comes_with_a_tap_begins_the_payment(cart):
    worker = reread(cart)
    while_open(lambda: tap_card(cart), lambda: checkout.price(worker))
    assert cart.payments.get().state == SalePayment.State.STARTED
    assert reread(cart).state == Sale.State.TENDERING


def test_price_of_the_cart_as_it_was_leaves_a_later_tapalone(cart, shoe):
    worker = reread(cart)
    add(reread(cart), shoe)
    tap_card(reread(cart))
    checkout.price(worker)
    price_carts()
    assert cart.payments.get().state == SalePayment.State.STARTED


def test_two_devices_take_the_money_of_one_cart_once(priced):
    other_device = reread(priced)
    other_tap = while_open(lambda: pay_cash(priced), lambda: tap_card(other_device))
    with pytest.raises((BeingPriced, CartChanged)):
        other_tap.result()
    assert priced.payments.get().state == SalePayment.State.APPROVED
    assert Submission.everywhere.count() == 1


def test_two_first_taps_begin_one_cart(rep, sock, shoe, browser_of):
    def tap(item) -> int:
        url = reverse("sales:add_line")
        return alone(lambda: browser_of(rep).post(url, {"item": item.pk})).status_code

    with ThreadPoolExecutor(4) as hands:
        assert set(hands.map(tap, [sock, shoe, sock, shoe])) == {200}
    sale = rep.account.sales.get()
    assert sale.unit_count == 4


@pytest.mark.parametrize("turn", range(3))
def test_answer_and_giving_back_at_once_lose_no_money(priced, turn):
    """The second half is approved while the first is given back: the one or the other counts."""
    checkout.pay_cash(priced, tapped(priced), priced.due / 2)
    sale = reread(priced)
    tap_card(sale)
    half, card = sale.payments.order_by("pk")
    answers = [
        lambda: checkout.answer_card(_again(card), approved=True),
        lambda: checkout.give_back(_again(half)),
    ]
    with ThreadPoolExecutor(2) as hands:
        list(hands.map(lambda act: alone(lambda: _or_refused(act)), answers))
    sale = reread(sale)
    taken = sum(payment.amount for payment in sale.approved_payments)
    assert (sale.state == Sale.State.PAID) == (taken == sale.total)


def _again(payment: SalePayment) -> SalePayment:
    return SalePayment.everywhere.select_related("sale__account", "sale__draft").get(pk=payment.pk)


def _or_refused(act: Callable[[], None]) -> None:
    with suppress(Refused):
        act()


def test_two_carts_at_once_sell_no_more_without_lightspeed_than_is_allowed(
    rep, other_rep, sock, simulator
):
    give_leave(rep.account, sales=1)
    simulator.fault("Sale", "503", method="POST", times=9)
    carts = [Sale.start(each) for each in (rep, other_rep)]
    for cart in carts:
        cart.add_line(sock)
        checkout.ask_for_price(cart)
    price_carts()
    first, second = map(reread, carts)
    assert first.is_provisional
    assert second.is_provisional
    while_open(lambda: pay_cash(first), lambda: pay_cash(second)).result()
    assert [reread(cart).state for cart in carts] == [Sale.State.PAID, Sale.State.QUOTING]
    price_carts()
    assert "as much waits" in str(reread(second).refusal_told.text)


def test_two_reps_who_pay_with_one_card_at_once_spend_it_once(rep, other_rep, sock, simulator):
    """A card with 15 on it pays for one of two socks, which are 11.49 each."""
    card = {"creditAccountID": 9, "code": "90000012345", "giftCard": True, "balance": "-15"}
    simulator.put({"CreditAccount": [card]})
    first, second = _paid_by_card(rep, sock), _paid_by_card(other_rep, sock)
    while_open(lambda: checkout.draw(first), lambda: checkout.draw(second)).result()
    states = [SalePayment.everywhere.get(pk=each.pk).state for each in (first, second)]
    assert states == [SalePayment.State.APPROVED, SalePayment.State.CANCELLED]
    assert "only 3.51" in str(reread(second.sale).refusal_told)


def _paid_by_card(rep, sock) -> SalePayment:
    """Waiting for what is on the card, where the price is known."""
    sale = Sale.start(rep)
    sale.add_line(sock)
    checkout.ask_for_price(sale)
    checkout.price(reread(sale))
    sale = reread(sale)
    gift_card = checkout.payment_type_of(sale.account, PaymentType.GIFT_CARD)
    credit = checkout.Credit(9, "···· 2345")
    checkout.pay_from_account(sale, tapped(sale), gift_card, sale.due, credit)
    return sale.payments.get()
