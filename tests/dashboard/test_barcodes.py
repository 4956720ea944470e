"""The manager's page for the shop's own labels."""

import re
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from salesfloor.catalog.models import InStoreBarcodes

URL = "dashboard:barcodes"
AMERICAN = {"holds": "price", "item_digits": 5, "value_digits": 4, "decimals": 2}
AMERICAN |= {"checks_value": "on"}


@pytest.fixture
def desk(manager, browser_of):
    return browser_of(manager)


def page(desk, **asked) -> str:
    return desk.get(reverse(URL), asked).content.decode()


def test_labels_hold_nothing_until_a_manager_says_so(desk):
    html = page(desk)
    assert re.search(r'value=""\s+checked', html)
    assert "Nothing, or we have no such labels" in html
    assert "For example" not in html


def test_what_was_said_is_kept_with_the_name_and_shown_by_example(desk, manager, account):
    assert desk.post(reverse(URL), AMERICAN).url == reverse(URL)
    html = page(desk)
    assert "212345307991" in html
    assert "$7.99" in html
    assert "212345 or 212345000007" in html
    event = account.events.get(act="set_in_store_barcodes")
    assert (event.rep, event.note) == (manager, "price 5+4")


def test_scans_follow_it_at_once(desk, account):
    account.items.create(lightspeed_id=50, description="Cheese", custom_sku="212345")
    desk.post(reverse(URL), AMERICAN)
    scanned = {"code": "212345307991", "action_id": uuid4()}
    html = desk.post(reverse("sales:scan"), scanned).content.decode()
    assert "Cheese" in html
    assert "$7.99" in html


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"value_digits": 6}, "ten digits together"),
        ({"item_digits": 4, "value_digits": 4}, "ten digits together"),
        ({"value_digits": 5}, "nine digits together"),
        ({"item_digits": 9}, "no way to make a label"),
        ({"decimals": "x"}, "no way to make a label"),
        ({"holds": "gold"}, "no way to make a label"),
    ],
)
def test_labels_that_cannot_be_are_refused_and_nothing_changes(desk, changed, words):
    answer = desk.post(reverse(URL), AMERICAN | changed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not InStoreBarcodes.everywhere.exists()


def test_code_is_tried_without_being_sold(desk, manager, account):
    account.items.create(lightspeed_id=50, description="Cheese", custom_sku="212345", price=12)
    desk.post(reverse(URL), AMERICAN)
    assert re.search(r"Cheese\s+<span[^>]*>\s+\$7\.99", page(desk, code="212345307991"))
    assert "$9.99" in page(desk, code="5012345678900")
    assert "No item has the code 4006381333931" in page(desk, code="4006381333931")
    assert account.sales.current(manager) is None


def test_weight_is_tried_by_the_price_of_the_item(desk, account):
    account.items.create(
        lightspeed_id=50, description="Cheese", custom_sku="2112345", price=Decimal("12.90")
    )
    kilograms = {"holds": "kg", "item_digits": 5, "value_digits": 5, "decimals": 3}
    desk.post(reverse(URL), kilograms)
    assert "0.799 kg" in page(desk)
    assert "1.500 kg × 12.90" in page(desk, code="2112345015002")


def test_rep_neither_sees_nor_changes_it(rep, browser_of):
    screen = browser_of(rep)
    assert screen.get(reverse(URL)).status_code == 403
    assert screen.post(reverse(URL), AMERICAN).status_code == 403
    assert not InStoreBarcodes.everywhere.exists()
