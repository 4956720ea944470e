"""What is sold or in carts is not there any more, whatever Lightspeed counts."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from salesfloor.catalog.models import add_stock
from salesfloor.catalog.templatetags.catalog import in_carts
from salesfloor.mirror.sync import sync
from salesfloor.outbox import courier
from salesfloor.outbox.models import Submission
from salesfloor.sales.models import CARTS_CLAIM_FOR, Sale, SaleLine
from salesfloor.staff import clock
from tests.conftest import SOCK, reread, sell


@pytest.fixture(autouse=True)
def counted_long_before(sock) -> None:
    """Lightspeed tells its times in seconds: a count of this very moment may hold the sale."""
    sock.stock.update(changed_at=clock.now() - timedelta(minutes=5))


def here(item, register) -> int:
    add_stock([item], register.shop)
    return item.here


def cart_of(rep, item, units=1) -> Sale:
    sale = Sale.start(rep)
    sale.add_line(item, units)
    return sale


def test_units_in_a_colleagues_cart_are_not_here_and_said_to_be_there(
    rep, other_rep, sock, register
):
    before = here(sock, register)
    cart_of(other_rep, sock, 3)
    assert here(sock, register) == before - 3
    assert in_carts(sock, rep) == "3 in Ana’s cart"
    assert in_carts(sock, other_rep) == "3 in your cart"
    cart_of(rep, sock)
    assert here(sock, register) == before - 4
    assert in_carts(sock, rep) == "4 in carts"


def test_card_says_so(rep, other_rep, sock, browser_of):
    cart_of(other_rep, sock, 2)
    page = browser_of(rep).get(reverse("catalog:item_search"), {"q": "wool"}).content.decode()
    assert "8 here · 4 elsewhere · 2 in Ana’s cart" in " ".join(page.split())


def test_units_taken_out_of_a_cart_or_left_with_it_are_here_again(rep, sock, register):
    before = here(sock, register)
    sale = cart_of(rep, sock, 2)
    line = sale.live_lines[0]
    line.remove()
    assert here(sock, register) == before
    line.restore()
    assert here(sock, register) == before - 2
    sale.abandon(reread(sale).version)
    assert (here(sock, register), sock.in_carts) == (before, [])
    SaleLine.everywhere.release(clock.now())
    reread(sale).take_up_again()
    assert here(sock, register) == before - 2


def test_cart_that_nobody_touches_for_long_claims_nothing(rep, sock, register):
    before = here(sock, register)
    sale = cart_of(rep, sock)
    Sale.everywhere.filter(pk=sale.pk).update(changed_at=clock.now() - CARTS_CLAIM_FOR)
    assert here(sock, register) == before


def test_what_is_sold_is_gone_at_once_and_once_when_lightspeed_counts_it(
    account, rep, sock, register, simulator
):
    before = here(sock, register)
    sale = sell(rep, sock)
    assert (here(sock, register), sock.in_carts) == (before - 1, [])
    courier.deliver(account)
    assert simulator.stock(SOCK)[1] == before - 1
    assert here(sock, register) == before - 1  # Lightspeed's count of before, less what was sold
    sync(account, everything=True)
    assert sock.stock.get(shop=register.shop).qoh == before - 1
    assert here(sock, register) == before - 1
    assert reread(sale).submission.recorded_at


def test_sale_of_others_that_is_counted_meanwhile_confirms_none_of_ours(
    account, rep, sock, register, simulator
):
    """It changes the same count before Lightspeed has recorded what we sold."""
    sell(rep, sock)
    set_stock(simulator, 6)
    sync(account, everything=True)
    assert here(sock, register) == 5
    courier.deliver(account)
    sync(account, everything=True)
    assert here(sock, register) == 5


def set_stock(simulator, units) -> None:
    row = next(r for r in simulator.state(itemID=SOCK)["stock"] if r["shopID"] == 1)
    simulator.put({"ItemShop": [row | {"qoh": units, "timeStamp": simulator.state()["now"]}]})


def test_more_sold_than_counted_leaves_none_here(rep, sock, register):
    cart_of(rep, sock, 99)
    assert here(sock, register) == 0


def test_what_comes_back_is_not_here_before_lightspeed_counts_it(rep, sock, register):
    before = here(sock, register)
    sale = Sale.start(rep)
    back = SaleLine.of(sale, sock)
    back.unit_quantity = -2
    sale.add_returns([back], [])
    assert here(sock, register) == before


def test_what_is_sold_in_another_shop_is_gone_there_alone(rep, sock, account, register):
    before = here(sock, register)
    there = account.registers.get(lightspeed_id=2)
    rep.register = there
    rep.save()
    cart_of(rep, sock)
    assert here(sock, register) == before
    assert sock.elsewhere == 3


def test_carts_of_another_retailer_claim_nothing_of_ours(rep, sock, register):
    """Not even where their lines named our item."""
    before = here(sock, register)
    sale = cart_of(rep, sock)
    other = type(rep.account).objects.create(lightspeed_id=99, name="Elsewhere")
    Sale.everywhere.filter(pk=sale.pk).update(account=other)
    assert here(sock, register) == before


@pytest.mark.parametrize("state", [Submission.State.SETTLED, Submission.State.COMPLETED])
def test_sale_that_moves_no_count_is_let_go_in_the_end(rep, sock, register, state):
    before = here(sock, register)
    sale = sell(rep, sock)
    now = timezone.now()
    Submission.everywhere.filter(pk=sale.submission_id).update(state=state, completed_at=now)
    SaleLine.everywhere.release(now + timedelta(hours=1))
    assert here(sock, register) == before


def test_sale_that_waits_for_lightspeed_claims_its_units_however_long(rep, sock, register):
    before = here(sock, register)
    sell(rep, sock)
    SaleLine.everywhere.release(timezone.now() + timedelta(days=9))
    assert here(sock, register) == before - 1


def test_counted_lines_are_released_and_found_without_looking_through_the_others(
    account, rep, sock, register
):
    sell(rep, sock)
    courier.deliver(account)
    sync(account, everything=True)
    assert SaleLine.everywhere.release(clock.now()) == 1
    assert not SaleLine.everywhere.filter(claims_stock=True).exists()
    caps = [account.items.create(lightspeed_id=n, description="Cap") for n in range(500, 530)]
    with CaptureQueriesContext(connection) as captured:
        add_stock([sock, *caps], register.shop)
    assert len([query for query in captured if "clock_timestamp" not in query["sql"]]) == 2
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {captured[0]['sql']}")
            first, *_others = (step for *_, step in cursor.fetchall())
        assert first == "SEARCH line USING INDEX lines_claiming_stock (item_id=?)"
