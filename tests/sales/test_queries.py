"""How often, at most, the database is asked for what people do all day.

What begins and ends transactions is counted too; not so the time, for which PostgreSQL alone is
asked.
"""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from salesfloor.catalog import search
from salesfloor.catalog.models import ItemStock
from salesfloor.catalog.views import PAGE
from tests.conftest import price_carts
from tests.sales.test_views import fields, scan


@pytest.fixture
def account(account):
    """With more in stock than one page shows, as in any shop."""
    shop = account.registers.get(lightspeed_id=1).shop
    now = timezone.now()
    for number in range(100, 101 + PAGE):
        cap = account.items.create(lightspeed_id=number, description=f"Cap {number}", price=9)
        stock = {"qoh": 5, "sellable": 5, "changed_at": now, "read_at": now}
        ItemStock.everywhere.create(item=cap, shop=shop, **stock)
    search.index(account.items.all())
    return account


def asked(client, method, name, **form) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = getattr(client, method)(reverse(f"sales:{name}"), form)
    assert answer.status_code == 200
    return sum("clock_timestamp" not in query["sql"] for query in captured)


@pytest.fixture(params=["rep", "manager"])
def seller(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def screen(seller, browser_of):
    return browser_of(seller)


def test_selling_screen_asks_at_most_17_times_and_once_more_where_units_are_in_a_cart(screen):
    # PostgreSQL reads along the order of a small shop twice before it asks its index.
    walks = 2 if connection.vendor == "postgresql" else 0
    assert asked(screen, "get", "sell") <= 17 + walks
    scan(screen, "5012345678900")
    assert asked(screen, "get", "sell") <= 18 + walks


def test_scan_asks_at_most_12_times_and_a_little_more_for_what_is_new(screen):
    def scan_sock():
        return asked(screen, "post", "scan", code="5012345678900", action_id=uuid4())

    assert scan_sock() <= 16  # begins the cart
    assert scan_sock() <= 12
    shoe = {"code": "012345678905", "action_id": uuid4()}
    assert asked(screen, "post", "scan", **shoe) <= 13  # looks up its tax


def test_tap_on_an_item_asks_at_most_12_times(screen, sock, shoe):
    scan(screen, "5012345678900")
    assert asked(screen, "post", "add_line", item=sock.pk) <= 11
    assert asked(screen, "post", "add_line", item=shoe.pk) <= 12


def test_tap_on_cash_asks_at_most_19_times(screen):
    html = scan(screen, "5012345678900").content.decode()
    form = fields(html) | {"expected_total": "11.49", "amount_tendered": "11.49"}
    assert asked(screen, "post", "pay_cash", **form) <= 19
    price_carts()
    assert asked(screen, "get", "cart") <= 9


def test_status_spot_asks_at_most_4_times(screen):
    assert asked(screen, "get", "status") <= 4
