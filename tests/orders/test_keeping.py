"""Goods leave the cart to be kept for a customer, once, whatever answer is lost."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from salesfloor.lightspeed.client import Client
from salesfloor.orders.models import Order
from salesfloor.outbox import sweep
from salesfloor.outbox.courier import deliver
from salesfloor.sales.models import Sale
from salesfloor.staff import clock
from tests.conftest import SHOE, SOCK, pay_cash, reread
from tests.orders.conftest import keep, kept_lines, shelf, written


def test_cart_goes_on_layaway_and_takes_its_units_off_the_shelf(screen, rep, cart, simulator):
    answer = keep(screen, cart)
    order = written(rep.account)
    assert answer["HX-Redirect"] == reverse("orders:slip", args=[order.pk])
    assert (order.state, order.total) == (Order.State.KEPT, Decimal("57.45"))
    lines = kept_lines(simulator, isLayaway="true", customerID=88)
    assert [(line["itemID"], line["unitQuantity"]) for line in lines] == [("12", "3"), ("31", "1")]
    assert shelf(simulator, SOCK) == (7, 3)
    assert rep.account.sales.current(rep) is None


def test_slip_says_what_could_not_be_reserved(screen, rep, cart, shoe, simulator):
    cart.add_line(shoe, 4)
    keep(screen, cart)
    order = written(rep.account)
    page = screen.get(reverse("orders:slip", args=[order.pk])).content.decode()
    assert "2 of 5 put aside: more were not in stock" in page
    assert "Kept in Lightspeed" in page


def test_nothing_is_kept_without_a_customer(screen, rep, sock, simulator):
    sale = Sale.start(rep)
    sale.add_line(sock)
    answer = keep(screen, sale)
    assert "choose the customer first" in answer.content.decode()
    assert reread(sale).live_lines
    assert not rep.account.orders.exists()


def test_same_form_sent_twice_keeps_once(screen, rep, cart, sock):
    form = {"action_id": "7f7f2f6e-0000-4000-8000-000000000001"}
    first = cart.live_lines[0]
    keep(screen, cart, first, **form)
    assert keep(screen, cart, first, **form).status_code in (200, 409, 422)
    assert rep.account.orders.count() == 1


def test_old_version_of_the_cart_keeps_nothing(screen, rep, cart, sock):
    keep(screen, cart, version=cart.version - 1)
    assert not rep.account.orders.exists()


def test_special_order_of_some_lines_leaves_the_others_to_be_paid(screen, rep, cart, simulator):
    socks, shoe = cart.live_lines
    keep(screen, cart, shoe, kind="special order")
    written(rep.account)
    (line,) = kept_lines(simulator, isSpecialOrder="true")
    assert (line["itemID"], line["SpecialOrder"]["status"]) == (str(SHOE), "Not Ordered")
    assert shelf(simulator, SHOE) == (2, 0)
    left = rep.account.sales.current(rep)
    assert [line.item_id for line in left.live_lines] == [socks.item_id]


@pytest.mark.parametrize("fault", ["reset", "reset_after", "503", "html_400"])
@pytest.mark.parametrize(
    ("route", "method"), [("Sale", "POST"), ("SaleLine/{id}", "PUT"), ("SaleLine", "GET")]
)
def test_lost_answers_keep_nothing_twice(screen, rep, cart, simulator, fault, route, method):
    simulator.fault(route, fault, method=method)
    keep(screen, cart)
    order = written(rep.account)
    assert order.is_writing or method == "GET"  # which is asked again at once
    order = written(rep.account)
    assert order.state == Order.State.KEPT
    assert [line["itemID"] for line in kept_lines(simulator)] == ["12", "31"]
    assert shelf(simulator, SOCK) == (7, 3)


def test_open_sales_it_was_written_as_are_archived(screen, rep, cart, simulator, monkeypatch):
    monkeypatch.setattr(sweep, "LEFT_ALONE_FOR", sweep.LEFT_ALONE_FOR * 0)
    simulator.fault("Sale", "reset_after", method="POST")
    keep(screen, cart)
    written(rep.account)
    written(rep.account)
    sweep.archive_strays(rep.account, clock.now())
    assert [sale["archived"] for sale in simulator.sales()] == [True, True]
    assert len(kept_lines(simulator)) == 2


def test_deposit_is_paid_with_a_sale_that_credits_the_customer(screen, rep, cart, simulator):
    answer = keep(screen, cart, deposit="20")
    assert answer["HX-Redirect"].endswith("#cart")
    sale = rep.account.sales.current(rep)
    assert (sale.live_lines, sale.due) == ([], Decimal(20))
    deliver(pay_cash(sale, Decimal(20)).account)
    assert reread(sale).progress == "recorded"
    (account,) = simulator.client().records("CreditAccount")
    assert account["balance"] == "-20"
    order = written(rep.account)
    assert (order.paid, order.owed) == (Decimal(20), order.total - 20)


def test_deposit_above_the_price_is_refused_and_the_cart_is_kept(screen, rep, cart):
    answer = keep(screen, cart, deposit="60")
    assert "more than the goods cost" in answer.content.decode()
    assert len(reread(cart).live_lines) == 2
    assert not rep.account.orders.exists()


def test_what_lightspeed_does_not_take_is_on_the_board_and_written_once_it_does(
    screen, rep, manager, browser_of, cart, simulator
):
    simulator.fault("SaleLine/{id}", "403", method="PUT", times=1)
    keep(screen, cart)
    assert written(rep.account).is_writing
    board, office = reverse("dashboard:board"), browser_of(manager)
    assert "Layaway for Ann Lee" not in office.get(board).content.decode()
    made_a_while_ago = clock.now() - timedelta(seconds=61)
    Order.everywhere.update(made_at=made_a_while_ago)
    assert "Layaway for Ann Lee" in office.get(board).content.decode()
    written(rep.account)
    assert "Layaway for Ann Lee" not in office.get(board).content.decode()
    assert len(kept_lines(simulator)) == 2


def test_manager_settles_by_hand_what_is_not_to_be_kept(
    screen, rep, manager, browser_of, cart, simulator
):
    simulator.fault("Sale", "503", method="POST", times=5)
    keep(screen, cart)
    written(rep.account)
    order = rep.account.orders.get()
    Order.everywhere.update(made_at=clock.now() - timedelta(seconds=61))
    url = reverse("dashboard:give_up_order", args=[order.pk])
    browser_of(manager).post(url, {"note": "Kept at the till", "confirmed": "on"})
    simulator.clear_faults()
    assert written(rep.account).state == Order.State.GIVEN_UP
    assert kept_lines(simulator) == []
    assert rep.account.events.get().note == "Kept at the till"


def test_what_a_manager_settles_meanwhile_is_kept_no_further(
    screen, rep, cart, simulator, monkeypatch
):
    keep(screen, cart)
    order, keep_line = rep.account.orders.get(), Client.keep_line

    def keep_line_and_give_up(client, *line):
        order.give_up()
        return keep_line(client, *line)

    monkeypatch.setattr(Client, "keep_line", keep_line_and_give_up)
    assert written(rep.account).state == Order.State.GIVEN_UP
    assert len(kept_lines(simulator)) == 1


def test_slip_is_one_tap_from_the_cart_on_which_its_deposit_is_paid(screen, rep, cart):
    keep(screen, cart, deposit="20")
    slip = reverse("orders:slip", args=[rep.account.orders.get().pk])
    assert slip in screen.get(reverse("sales:cart")).content.decode()
    pay_cash(rep.account.sales.current(rep), Decimal(20))
    assert slip in screen.get(reverse("sales:cart")).content.decode()


def test_deposit_taken_out_of_the_cart_counts_as_unpaid(screen, rep, cart, sock):
    keep(screen, cart, deposit="20")
    sale = rep.account.sales.current(rep)
    form = {"version": sale.version, "action_id": uuid4()}
    screen.post(reverse("sales:remove_load", args=[sale.loads[0].pk]), form)
    sale = rep.account.sales.current(rep)
    sale.add_line(sock)
    pay_cash(sale, sale.due)
    assert rep.account.orders.get().paid == 0
