"""The sale without its receipt at hand: by who bought, or by what and when."""

import pytest
from django.urls import reverse
from django.utils import timezone

from salesfloor.mirror.sync import sync
from tests.conftest import SHOE, SOCK


@pytest.fixture
def sold(account, till, simulator):
    """A sock, to Ann."""
    simulator.put({"Customer": [{"customerID": 88, "firstName": "Ann", "lastName": "Lee"}]})
    sync(account, everything=True)
    return till({"itemID": SOCK, "unitQuantity": 1}, customerID=88)


def find(screen, **asked) -> str:
    return screen.get(reverse("returns:find"), asked).content.decode()


def test_customer_is_found_and_then_what_they_bought(screen, account, sold):
    ann = account.customers.get()
    typed = screen.post(reverse("returns:find"), {"customer": "ann"})
    assert f"?of={ann.pk}" in typed.content.decode()
    html = find(screen, of=ann.pk)
    assert reverse("returns:original", args=[sold["saleID"]]) in html
    assert "Wool sock M" in html


def test_sale_is_found_by_item_and_day(screen, account, sold, till, sock):
    other = till({"itemID": SHOE, "unitQuantity": 1})
    html = find(screen, sold=sock.pk, sold_on=timezone.localdate())
    assert reverse("returns:original", args=[sold["saleID"]]) in html
    assert reverse("returns:original", args=[other["saleID"]]) not in html


def test_other_day_has_no_such_sale(screen, sold, sock):
    assert "no sale like this" in find(screen, sold=sock.pk, sold_on="2020-01-01")


def test_sale_that_took_goods_back_is_none_to_return_from(screen, account, sold, simulator):
    refund = {"SalePayments": {"SalePayment": {"paymentTypeID": 1}}}
    made = simulator.client().post(f"Sale/{sold['saleID']}/refund", refund).json()["Sale"]
    html = find(screen, of=account.customers.get().pk)
    assert reverse("returns:original", args=[made["saleID"]]) not in html


@pytest.mark.parametrize("number", ["5", "SF-unknown", "220000009999", "22000000000١"])
def test_number_of_no_sale_is_told_so(screen, account, number):
    answer = screen.get(reverse("returns:find"), {"number": number}, follow=True)
    assert answer.status_code in (404, 422)


def test_number_that_is_wrong_is_there_to_be_put_right(rep, browser_of):
    page = {"HX-Request": "false"}
    answer = browser_of(rep).get(reverse("returns:find"), {"number": "22000"}, headers=page)
    assert 'name="number" value="22000"' in answer.content.decode()


def test_customer_of_another_account_is_not_found(screen, account):
    assert screen.get(reverse("returns:find"), {"of": 99999}).status_code == 404


def test_lightspeed_away_is_told(screen, account, sold, simulator):
    simulator.fault("Sale", "503", method="GET", times=9)
    answer = screen.get(reverse("returns:find"), {"of": account.customers.get().pk})
    assert (answer.status_code, "did not answer" in answer.content.decode()) == (503, True)
