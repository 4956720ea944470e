"""What is kept is found, picked up at the price promised, or cancelled."""

import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from html import unescape
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.urls import reverse

from salesfloor.customers import search
from salesfloor.money import to_cents
from salesfloor.orders import leaving
from salesfloor.orders.kept import kept_for, total_of_order
from salesfloor.outbox import sweep
from salesfloor.outbox.courier import deliver
from salesfloor.sales.models import Sale
from salesfloor.staff import clock
from salesfloor.staff.models import Account
from tests.conftest import SHOE, SOCK, pay_cash, price_carts, reread
from tests.orders.conftest import keep, kept_lines, shelf, written


@pytest.fixture
def layaway(screen, rep, cart, simulator):
    """Three socks and a pair of shoes, kept for Ann."""
    keep(screen, cart)
    return written(rep.account)


@pytest.fixture
def special(screen, rep, cart, simulator):
    keep(screen, cart, kind="special order")
    return written(rep.account)


def page(screen, customer) -> str:
    return screen.get(reverse("orders:of_customer", args=[customer.pk])).content.decode()


def act(screen, name: str, order, *lines, **form):
    chosen = [line.lightspeed_id for line in lines or order.kept_lines]
    url = reverse(f"orders:{name}", args=[order.customer_id])
    return screen.post(url, {"line": chosen, "action_id": uuid4()} | form)


def picked_up(rep) -> Sale:
    sale = rep.account.sales.current(rep)
    assert sale
    return sale


def test_layaway_is_found_by_shop_by_slip_and_by_customer(screen, layaway, ann):
    search.index([ann])
    assert "Ann Lee" in screen.get(reverse("orders:kept_here")).content.decode()
    scanned = {"code": layaway.reference, "action_id": uuid4()}
    found = screen.get(screen.post(reverse("sales:scan"), scanned)["HX-Redirect"])
    assert found.url == reverse("orders:of_customer", args=[ann.pk])
    assert layaway.reference in page(screen, ann)
    found = screen.post(reverse("orders:find_customer"), {"words": "ann"}).content.decode()
    assert reverse("orders:of_customer", args=[ann.pk]) in found


def test_list_comes_to_what_slip_and_cart_come_to(screen, rep, ann, sock, shoe):
    rep.account.tax_categories.update(tax1_rate=Decimal("0.05"), tax2_rate=Decimal("0.09975"))
    sale = Sale.start(rep)
    sale.set_customer(ann, sale.version)
    sale.add_line(sock, 3)
    sale.add_line(shoe)
    keep(screen, sale)
    order = written(rep.account)
    found = kept_for(rep, ann)
    assert total_of_order(found) == order.total
    html = page(screen, ann)
    lines = [f"${to_cents(line.priced.net)}" for line in order.kept_lines]
    assert [told for told in (*lines, f"${order.total}") if told not in html] == []
    act(screen, "pick_up", order)
    assert picked_up(rep).due == order.total


def test_lines_of_several_orders_come_to_no_total(screen, rep, layaway, ann, sock):
    sale = Sale.start(rep)
    sale.set_customer(ann, sale.version)
    sale.add_line(sock)
    keep(screen, sale)
    written(rep.account)
    html = page(screen, ann)
    assert "Total, with tax" not in html
    assert f"${layaway.total}" not in html


def test_layaway_made_at_the_till_can_be_picked_up_too(screen, rep, ann, simulator):
    place = {"employeeID": 1, "shopID": 1, "customerID": 88}
    body = place | {"isLayaway": True, "itemID": SOCK, "unitQuantity": 1, "unitPrice": "8.88"}
    line = simulator.client().post("SaleLine", body).json()["SaleLine"]
    url = reverse("orders:pick_up", args=[ann.pk])
    screen.post(url, {"line": [line["saleLineID"]], "action_id": uuid4()})
    assert picked_up(rep).live_lines[0].unit_price == Decimal("8.88")


def test_picked_up_layaway_is_recorded_once_out_of_what_was_reserved(
    screen, rep, layaway, simulator
):
    assert act(screen, "pick_up", layaway)["HX-Redirect"].endswith("#cart")
    sale = picked_up(rep)
    assert sale.due == layaway.total
    sale = pay_cash(sale, sale.due)
    deliver(rep.account)
    assert reread(sale).progress == "recorded"
    assert kept_lines(simulator) == []
    assert shelf(simulator, SOCK) == (7, 0)
    assert shelf(simulator, SHOE) == (1, 0)


def test_price_promised_holds_though_the_item_costs_more_now(screen, rep, layaway, simulator, sock):
    dearer = {"ItemPrice": [{"amount": "19.99", "useTypeID": 1, "useType": "Default"}]}
    simulator.put({"Item": [{"itemID": SOCK, "Prices": dearer}]})
    sock.price = Decimal("19.99")
    sock.save()
    act(screen, "pick_up", layaway)
    sale = pay_cash(picked_up(rep), layaway.total)
    assert (sale.state, sale.total) == (Sale.State.PAID, layaway.total)


def test_discount_promised_holds(screen, rep, cart, simulator):
    line = cart.live_lines[0]
    line.discount_percent = Decimal("0.1")
    line.save()
    cart.forget_lines()
    keep(screen, cart)
    order = written(rep.account)
    act(screen, "pick_up", order)
    sale = pay_cash(picked_up(rep), order.total)
    deliver(rep.account)
    assert reread(sale).progress == "recorded"


def test_units_of_what_is_kept_do_not_change_in_the_cart(screen, rep, layaway):
    act(screen, "pick_up", layaway)
    sale = picked_up(rep)
    form = {"unit_quantity": 9, "version": sale.version, "action_id": uuid4()}
    url = reverse("sales:change_line", args=[sale.live_lines[0].pk])
    assert "kept for the customer" in screen.post(url, form).content.decode()
    assert picked_up(rep).live_lines[0].unit_quantity == 3


def test_more_of_the_same_item_stands_beside_what_is_kept(screen, rep, layaway, sock, simulator):
    act(screen, "pick_up", layaway, layaway.kept_lines[0])
    picked_up(rep).add_line(sock)
    sale = picked_up(rep)
    assert [line.unit_quantity for line in sale.live_lines] == [3, 1]
    sale = pay_cash(sale, sale.due)
    deliver(rep.account)
    assert reread(sale).progress == "recorded"
    assert shelf(simulator, SOCK) == (6, 0)


def test_no_two_carts_pick_the_same_up(screen, rep, other_rep, browser_of, layaway):
    act(screen, "pick_up", layaway)
    refused = act(browser_of(other_rep), "pick_up", layaway)
    assert "in a cart already" in refused.content.decode()
    assert rep.account.sales.current(other_rep) is None


@pytest.mark.django_db(transaction=True)
def test_pick_up_and_a_payment_from_a_card_wait_for_each_other_and_not_for_ever(rep, ann, layaway):
    """On PostgreSQL: whoever draws from a card holds the cart first, and then the account."""
    cart, chosen = Sale.start(rep), kept_for(rep, ann)

    def pick_up() -> None:
        try:
            leaving.pick_up(rep, rep.shop, ann, chosen, uuid4())
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            cart.hold()
            ended = other.submit(pick_up)
            time.sleep(0.5)
            Account.objects.select_for_update(no_key=True).get(pk=rep.account_id)
        ended.result()
    assert len(picked_up(rep).live_lines) == 2


def test_line_taken_out_of_a_priced_cart_is_kept_again_and_the_rest_is_sold(
    screen, rep, layaway, simulator, ann
):
    act(screen, "pick_up", layaway)
    sale = picked_up(rep)
    screen.post(reverse("sales:ask_ahead"), {"version": sale.version})
    price_carts()
    sale = picked_up(rep)
    assert kept_lines(simulator) == []
    shoe = sale.live_lines[1]
    form = {"version": sale.version, "action_id": uuid4()}
    screen.post(reverse("sales:remove_line", args=[shoe.pk]), form)
    sale = pay_cash(picked_up(rep), picked_up(rep).due)
    deliver(rep.account)
    assert reread(sale).progress == "recorded"
    assert [line["itemID"] for line in kept_lines(simulator)] == [str(SHOE)]


def test_given_up_cart_leaves_all_of_it_kept(screen, rep, layaway, simulator, monkeypatch, ann):
    monkeypatch.setattr(sweep, "LEFT_ALONE_FOR", sweep.LEFT_ALONE_FOR * 0)
    act(screen, "pick_up", layaway)
    sale = picked_up(rep)
    screen.post(reverse("sales:ask_ahead"), {"version": sale.version})
    price_carts()
    sale = picked_up(rep)
    sale.abandon(sale.version)
    assert "Wool sock M" in page(screen, ann)
    leaving.let_go_of_given_up()
    assert len(kept_lines(simulator)) == 2
    assert shelf(simulator, SOCK) == (7, 3)


def test_given_up_cart_does_not_stand_in_the_way_of_the_next_pick_up(
    screen, rep, layaway, simulator
):
    act(screen, "pick_up", layaway)
    screen.post(reverse("sales:ask_ahead"), {"version": picked_up(rep).version})
    price_carts()
    picked_up(rep).abandon(picked_up(rep).version)
    act(screen, "pick_up", layaway)
    sale = pay_cash(picked_up(rep), layaway.total)
    deliver(rep.account)
    assert reread(sale).progress == "recorded"


def test_what_was_picked_up_at_a_till_meanwhile_is_named_and_nothing_taken(
    screen, rep, layaway, simulator
):
    act(screen, "pick_up", layaway)
    till = simulator.client()
    body = {"employeeID": 1, "registerID": 1, "shopID": 1, "customerID": 88}
    sale_id = till.post("Sale", body).json()["Sale"]["saleID"]
    till.put(f"SaleLine/{layaway.kept_lines[0].lightspeed_id}", {"saleID": sale_id})
    sale = pay_cash(picked_up(rep), layaway.total)
    assert "Wool sock M is not kept" in str(sale.refusal_told)
    assert sale.approved_payments == []


@pytest.mark.parametrize(
    ("method", "route"), [("POST", "Sale"), ("GET", "SaleLine"), ("PUT", "Sale/{id}")]
)
def test_lost_answers_sell_what_was_kept_once(
    screen, rep, layaway, simulator, settings, method, route
):
    settings.DELIVERY_SETTLE_SECONDS = 0
    act(screen, "pick_up", layaway)
    simulator.fault(route, "reset_after", method=method)
    for _ in range(2):  # the second tap, where the price did not come
        sale = picked_up(rep)
        sale = pay_cash(sale, layaway.total)
        if sale.state == Sale.State.PAID:
            break
    assert sale.state == Sale.State.PAID
    for _ in range(4):
        rep.account.submissions.update(due_at=clock.now())
        deliver(rep.account)
    sold = [each for each in simulator.sales() if each["completed"]]
    assert [each["referenceNumber"] for each in sold] == [sale.reference]
    assert shelf(simulator, SOCK) == (7, 0)


def test_special_order_waits_until_its_goods_have_come(screen, rep, special, simulator):
    refused = act(screen, "pick_up", special)
    assert "has not come in yet" in refused.content.decode()
    ids = [int(each["specialOrderID"]) for each in simulator.client().records("SpecialOrder")]
    come = {"status": "Ready For Pickup"}
    simulator.put({"SpecialOrder": [{"specialOrderID": each} | come for each in ids]})
    act(screen, "pick_up", special)
    sale = pay_cash(picked_up(rep), special.total)
    deliver(rep.account)
    assert reread(sale).progress == "recorded"
    statuses = {each["status"] for each in simulator.client().records("SpecialOrder")}
    assert statuses == {"Completed"}


def test_cancelled_layaway_is_on_the_shelf_again(screen, rep, layaway, simulator, ann):
    act(screen, "cancel", layaway, layaway.kept_lines[0])
    assert shelf(simulator, SOCK) == (10, 0)
    assert [line["itemID"] for line in kept_lines(simulator)] == [str(SHOE)]
    assert rep.account.events.get().act == "cancelled_kept"


def test_cancelling_tells_where_the_deposit_is(screen, rep, cart, ann):
    keep(screen, cart, deposit="20")
    pay_cash(picked_up(rep), Decimal(20))
    deliver(rep.account)
    act(screen, "cancel", written(rep.account))
    assert "stays on the customer's account, which has $20.00" in unescape(page(screen, ann))


def test_cancelling_without_a_deposit_tells_of_none(screen, layaway, ann):
    act(screen, "cancel", layaway)
    html = unescape(page(screen, ann))
    assert "Nothing was charged." in html
    assert "store credit" not in html


@pytest.mark.parametrize("fault", ["reset", "reset_after"])
def test_lost_answer_to_a_cancelling_is_looked_into_by_the_next_one(
    screen, rep, layaway, simulator, fault, ann
):
    simulator.fault("SaleLine/{id}", fault, method="DELETE")
    doubtful = act(screen, "cancel", layaway, layaway.kept_lines[0])
    assert "could not confirm" in doubtful.content.decode()
    act(screen, "cancel", layaway, layaway.kept_lines[0])
    assert len(kept_lines(simulator)) == 1
    assert shelf(simulator, SOCK) == (10, 0)


def test_special_order_that_is_on_its_way_is_not_cancelled(screen, special, simulator):
    simulator.put({"SpecialOrder": [{"specialOrderID": 1, "status": "Ordered", "orderLineID": 19}]})
    refused = act(screen, "cancel", special, special.kept_lines[0])
    assert "on order already" in refused.content.decode()
    assert len(kept_lines(simulator)) == 2


def test_what_is_in_a_cart_is_not_cancelled(screen, layaway, simulator):
    act(screen, "pick_up", layaway)
    assert "in a cart" in act(screen, "cancel", layaway).content.decode()
    assert len(kept_lines(simulator)) == 2


def test_lightspeed_away_is_said_in_plain_words(screen, layaway, simulator, ann):
    simulator.fault("SaleLine", "503", method="GET", times=20)
    for url in (reverse("orders:kept_here"), reverse("orders:of_customer", args=[ann.pk])):
        answer = screen.get(url)
        assert (answer.status_code, "did not answer" in answer.content.decode()) == (503, True)


def test_what_was_paid_in_advance_pays_at_pick_up_and_cash_the_rest(
    screen, rep, cart, ann, simulator
):
    keep(screen, cart, deposit="20")
    pay_cash(picked_up(rep), Decimal(20))
    deliver(rep.account)
    order = written(rep.account)
    act(screen, "pick_up", order)
    sale = picked_up(rep)
    assert 'id="pay-credit"' in screen.get(reverse("sales:cart")).content.decode()
    form = {"version": sale.version, "expected_total": sale.due, "action_id": uuid4()}
    screen.post(reverse("sales:pay_from_account"), form | {"amount": "20"})
    price_carts()
    sale = picked_up(rep)
    assert sale.due == order.total - 20
    assert 'id="pay-credit"' not in screen.get(reverse("sales:cart")).content.decode()
    sale = pay_cash(sale, sale.due)
    deliver(rep.account)
    assert reread(sale).progress == "recorded"
    (account,) = simulator.client().records("CreditAccount")
    assert account["balance"] == "0"
