"""A manager allows reps to sell at our own totals while Lightspeed does not answer."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from salesfloor.outbox.courier import deliver
from salesfloor.sales import checkout
from salesfloor.sales.models import Sale
from salesfloor.sales.refusals import Refused
from salesfloor.staff import clock
from salesfloor.staff.models import Account
from tests.conftest import give_leave, pay_cash, price_carts, reread, tapped

USUAL = {"lasts": "hour", "a_sale": "50.00", "sales": "5", "together": "100"}


@pytest.fixture
def lightspeed_away(simulator):
    simulator.fault("Sale", "503", method="POST", times=99)
    yield
    simulator.clear_faults()


@pytest.fixture
def desk(manager, browser_of):
    """The manager's browser."""
    return browser_of(manager)


def page(desk) -> str:
    return desk.get(reverse("dashboard:leave")).content.decode()


def board(desk) -> str:
    return desk.get(reverse("dashboard:board")).content.decode()


def allow(desk, **said):
    return desk.post(reverse("dashboard:give_leave"), USUAL | said)


def sell_exactly(rep, item, count: int = 1) -> Sale:
    """For cash; as it is once Lightspeed was asked."""
    sale = Sale.start(rep)
    sale.add_line(item, count)
    return pay_cash(sale, sale.total)


def refused(sale: Sale) -> str:
    assert (sale.state, sale.submission) == (Sale.State.OPEN, None)
    return str(sale.refusal_told.text)


def test_what_was_sold_without_lightspeed_is_recorded_once_it_is_back(
    desk, rep, sock, simulator, lightspeed_away
):
    allow(desk)
    sale = sell_exactly(rep, sock)
    assert sale.state == Sale.State.PAID
    assert "1 sale of $11.49 waits to be recorded" in page(desk)
    simulator.clear_faults()
    deliver(rep.account)
    assert [there["total"] for there in simulator.sales() if there["completed"]] == ["11.49"]
    html = page(desk)
    assert "All of them are recorded" in html
    assert reread(sale).ticket_number in html


def test_nothing_is_sold_without_lightspeed_unless_a_manager_allows_it(rep, sock, lightspeed_away):
    assert "a manager can allow" in refused(sell_exactly(rep, sock))


def test_leave_changes_nothing_while_lightspeed_answers(desk, rep, sock):
    allow(desk)
    sale = sell_exactly(rep, sock)
    assert (sale.state, sale.is_provisional) == (Sale.State.PAID, False)


def test_sale_beyond_the_limit_is_refused(desk, rep, sock, lightspeed_away):
    allow(desk, a_sale="11.48")
    text = refused(sell_exactly(rep, sock))
    assert "more than a manager allows for a sale" in text
    assert "Nothing was charged" in text


@pytest.mark.parametrize("limits", [{"sales": "1"}, {"together": "22.97", "a_sale": "22.97"}])
def test_no_more_is_sold_than_may_wait_until_lightspeed_has_it(
    desk, rep, sock, simulator, lightspeed_away, limits
):
    allow(desk, **limits)
    assert sell_exactly(rep, sock).state == Sale.State.PAID
    second = sell_exactly(rep, sock)
    assert "as much waits for it as a manager allows" in refused(second)
    simulator.clear_faults()
    deliver(rep.account)
    simulator.fault("Sale", "503", method="POST", times=99)
    assert pay_cash(second, second.total).state == Sale.State.PAID


def test_what_is_being_paid_in_parts_counts_as_waiting(desk, rep, other_rep, sock, lightspeed_away):
    allow(desk, sales="1")
    sale = Sale.start(rep)
    sale.add_line(sock)
    assert pay_cash(sale, Decimal(5)).state == Sale.State.TENDERING
    assert "as much waits" in refused(sell_exactly(other_rep, sock))
    assert pay_cash(reread(sale), Decimal("6.49")).state == Sale.State.PAID


def test_leave_that_was_ended_ends_at_once_for_a_cart_that_had_its_total(
    desk, rep, sock, lightspeed_away
):
    allow(desk)
    sale = Sale.start(rep)
    sale.add_line(sock)
    checkout.ask_for_price(sale)
    price_carts()
    assert reread(sale).is_provisional
    desk.post(reverse("dashboard:end_leave"))
    assert "Nothing was charged" in refused(pay_cash(reread(sale), Decimal("11.49")))
    assert not reread(sale).is_provisional  # nor does the cart say that it is allowed


def test_total_of_ours_that_is_a_while_old_is_not_taken_before_lightspeed_is_asked_again(
    desk, rep, sock, simulator, settings, lightspeed_away
):
    allow(desk)
    sale = Sale.start(rep)
    sale.add_line(sock)
    checkout.ask_for_price(sale)
    price_carts()
    simulator.clear_faults()
    Sale.everywhere.update(quoting_since=reread(sale).quoting_since - 2 * settings.QUOTE_FRESH_FOR)
    sold = pay_cash(reread(sale), Decimal("11.49"))
    assert (sold.state, sold.is_provisional) == (Sale.State.PAID, False)


def test_goods_do_not_come_back_without_lightspeed(desk, rep, sock, lightspeed_away):
    allow(desk)
    sale = Sale.start(rep)
    sale.add_line(sock)
    sale.lines.update(unit_quantity=-1)
    checkout.ask_for_price(reread(sale))
    price_carts()
    assert reread(sale).state == Sale.State.OPEN


def test_gift_card_does_not_pay_the_rest_without_lightspeed(desk, rep, sock, lightspeed_away):
    allow(desk)
    sale = Sale.start(rep)
    sale.add_line(sock)
    sale = pay_cash(sale, Decimal(5))
    gift_card = checkout.payment_type_of(rep.account, "gift card")
    with pytest.raises(Refused, match="cannot be done without it"):
        checkout.pay_from_account(
            sale, tapped(sale), gift_card, Decimal("6.49"), checkout.Credit(7, "Card 123")
        )


def test_who_allowed_and_who_ended_it_is_kept(desk, manager, account):
    allow(desk)
    desk.post(reverse("dashboard:end_leave"))
    desk.post(reverse("dashboard:end_leave"))
    ended, given = account.events.all()
    assert (given.rep, given.act, given.amount) == (manager, "gave_leave", Decimal(50))
    assert (ended.rep, ended.act) == (manager, "ended_leave")
    assert f"{manager.employee.short_name} ended it" in page(desk)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"lasts": "for ever"}, "Select a valid choice"),
        ({"a_sale": "much"}, "not an amount of money"),
        ({"a_sale": "1,200"}, "thousands or cents"),
        ({"a_sale": "200"}, "cannot be less than one"),
        ({"a_sale": "0"}, "cannot be less than one"),
        ({"sales": "0"}, "At least one sale"),
        ({"sales": "many"}, "not a number of sales"),
    ],
)
def test_leave_that_makes_no_sense_changes_nothing(desk, account, said, told):
    answer = allow(desk, **said)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    account.refresh_from_db()
    assert account.provisional_until is None
    assert not account.events.exists()


@pytest.mark.parametrize(
    ("method", "name"), [("get", "leave"), ("post", "give_leave"), ("post", "end_leave")]
)
def test_rep_allows_and_ends_nothing(rep, browser_of, method, name):
    give_leave(rep.account)
    answer = getattr(browser_of(rep), method)(reverse(f"dashboard:{name}"), USUAL)
    assert answer.status_code == 403
    rep.account.refresh_from_db()
    assert rep.account.provisional_limit == 20
    assert rep.account.provisional_until


def test_leave_is_of_one_account_alone(desk, account):
    other = Account.objects.create(lightspeed_id=99, name="Elsewhere")
    allow(desk)
    other.refresh_from_db()
    assert other.provisional_until is None


def test_rep_sees_in_the_cart_that_it_is_allowed_while_lightspeed_is_silent(
    desk, rep, sock, browser_of
):
    allow(desk)
    Sale.start(rep).add_line(sock)
    told = "Without Lightspeed you may sell until"
    assert told not in browser_of(rep).get(reverse("sales:sell")).content.decode()
    now = clock.now() + timedelta(seconds=9)
    rep.account.feeds.filter(name="stock").update(trouble="away", run_started_at=now)
    assert told in browser_of(rep).get(reverse("sales:sell")).content.decode()


def test_board_offers_it_while_lightspeed_is_silent(desk, rep, sock, lightspeed_away):
    assert "Lightspeed does not answer" not in board(desk)
    sale = sell_exactly(rep, sock)
    assert "Sell without Lightspeed…" in board(desk)
    checkout.ask_ahead(sale, sale.version)  # as the cart does by itself, in vain
    price_carts()
    assert "Sell without Lightspeed…" in board(desk)
    allow(desk)
    assert "Selling without Lightspeed is allowed" in board(desk)


def test_board_offers_it_while_the_mirror_cannot_reach_lightspeed(desk, account):
    latest = account.feeds.latest("last_run_at").last_run_at
    stock = account.feeds.filter(name="stock")
    stock.update(trouble="away", run_started_at=latest - timedelta(seconds=9))
    assert "Sell without Lightspeed…" not in board(desk)  # others came through since
    stock.update(run_started_at=latest + timedelta(seconds=9))
    assert "Sell without Lightspeed…" in board(desk)


def test_difference_that_came_out_afterwards_is_shown(desk, rep, sock, simulator, lightspeed_away):
    allow(desk)
    rep.account.tax_categories.update(tax1_rate=0, tax2_rate=0)
    sale = sell_exactly(rep, sock)
    assert sale.total == Decimal("9.99")
    simulator.clear_faults()
    deliver(rep.account)
    html = page(desk)
    assert "-$1.50" in html
    assert "needs a manager" in html
