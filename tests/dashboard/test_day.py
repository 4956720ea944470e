"""The day sheet: what was taken here, what Lightspeed has, and which sales make the difference."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from salesfloor.outbox import courier
from salesfloor.sales.models import Sale
from tests.conftest import sell
from tests.elsewhere.conftest import cart, handed_over, quote, till
from tests.outbox.test_sweep import CASH, at_lightspeed, change

__all__ = ["at_lightspeed", "cart", "handed_over", "quote", "till"]


@pytest.fixture
def recorded(paid, account) -> Sale:
    courier.deliver(account)
    paid.submission.refresh_from_db()
    return paid


@pytest.fixture
def day_sheet(manager, browser_of):
    def read(on=None, **filters) -> str:
        url = reverse("dashboard:day", args=[on or timezone.now().date()])
        return browser_of(manager).get(url, filters).content.decode()

    return read


def csv_of(day_sheet, **filters) -> list[list[str]]:
    return [row.split(",") for row in day_sheet(format="csv", **filters).splitlines()[1:]]


def test_sheet_has_the_cash_that_stayed_by_register_and_payment_type(recorded, day_sheet):
    (row,) = csv_of(day_sheet)
    assert row[2:] == ["Register 1", "Cash", "11.49", "", "", ""]


def test_all_agrees_where_all_is_recorded(recorded, day_sheet):
    (row,) = csv_of(day_sheet, compare=1)
    assert row[4:] == ["11.49", "11.49", "0.00", "0"]
    assert "is in Lightspeed as it was paid" in day_sheet(compare=1)


def test_sale_on_its_way_makes_a_difference_and_is_named(paid, day_sheet):
    (row,) = csv_of(day_sheet, compare=1)
    assert row[4:7] == ["11.49", "0", "-11.49"]
    assert paid.reference in day_sheet(compare=1)


def test_sale_that_was_voided_makes_a_difference_and_is_named(recorded, day_sheet, simulator):
    change(simulator, recorded.submission.sale_lightspeed_id, voided=True)
    html = day_sheet(compare=1)
    assert "not among Lightspeed" in html
    assert recorded.ticket_number in html


def test_sale_that_only_lightspeed_knows_makes_a_difference(account, at_lightspeed, day_sheet):
    at_lightspeed(payments=[CASH])
    (row,) = csv_of(day_sheet, compare=1)
    assert row[4:7] == ["0", "11.49", "11.49"]
    assert "salesfloor does not know it" in day_sheet(compare=1)


def test_what_tills_took_stands_apart(recorded, at_lightspeed, day_sheet):
    at_lightspeed(payments=[CASH | {"remoteReference": ""}], referenceNumberSource="")
    (row,) = csv_of(day_sheet, compare=1)
    assert row[4:] == ["11.49", "11.49", "0.00", "11.49"]


@pytest.mark.parametrize("kind", ["handed_over", "quote"])
def test_cart_that_was_left_to_lightspeed_and_paid_there_is_a_tills_sale(
    kind, recorded, request, day_sheet
):
    kept = request.getfixturevalue(kind)
    request.getfixturevalue("till").complete(kept)
    (row,) = csv_of(day_sheet, compare=1)
    assert row[4:] == ["11.49", "11.49", "0.00", "34.48"]
    assert "is in Lightspeed as it was paid" in day_sheet(compare=1)


def test_it_is_so_too_where_another_register_and_employee_finished_it(
    handed_over, till, simulator, day_sheet
):
    other = simulator.client().record("Register/1") | {"registerID": 3, "name": "Register 3"}
    simulator.put({"Register": [other]})
    till.complete(handed_over, registerID=3, employeeID=2)
    (row,) = csv_of(day_sheet, compare=1)
    assert row[2:] == ["#3", "Cash", "0", "0", "0", "34.48"]
    assert "salesfloor does not know it" not in day_sheet(compare=1)


def test_own_figures_stand_while_lightspeed_is_away(recorded, day_sheet, simulator):
    simulator.fault("Sale", "503", method="GET", times=4)
    html = day_sheet(compare=1)
    assert "Lightspeed did not answer" in html
    assert "$11.49" in html
    assert "Retry" in html


def test_day_begins_at_midnight_on_the_shops_clock(recorded, account, day_sheet):
    account.shops.update(time_zone="America/Montreal")
    late = datetime(2026, 3, 7, 23, 30, tzinfo=ZoneInfo("America/Montreal"))
    Sale.everywhere.update(paid_at=late)
    assert "$11.49" in day_sheet(late.date())
    assert "$11.49" not in day_sheet(late.date() + timedelta(days=1))


def test_sale_of_last_night_that_was_completed_after_midnight_is_last_nights(
    recorded, account, simulator, day_sheet
):
    midnight = datetime.combine(
        timezone.now().date(), datetime.min.time(), account.shops.first().zone
    )
    Sale.everywhere.update(paid_at=midnight - timedelta(seconds=5))
    sale_id = recorded.submission.sale_lightspeed_id
    change(simulator, sale_id, completeTime=(midnight + timedelta(seconds=5)).isoformat())
    for on in (midnight.date() - timedelta(days=1), midnight.date()):
        assert "Sales that make the difference" not in day_sheet(on, compare=1)


def test_sheet_of_one_shop_leaves_the_others_out(recorded, account, day_sheet):
    other = account.shops.get(lightspeed_id=2)
    assert "$11.49" not in day_sheet(shop=other.pk)
    assert "$11.49" in day_sheet(shop=recorded.shop.pk)


def test_names_that_look_like_formulas_are_kept_from_running(recorded, account, day_sheet):
    account.registers.update(name="=cmd|calc")
    (row,) = csv_of(day_sheet)
    assert row[2] == "'=cmd|calc"


@pytest.mark.parametrize("on", ["2026-13-01", "2026-02-30", "9999-12-31"])
def test_day_that_is_none_is_not_found(on, manager, browser_of):
    assert browser_of(manager).get(f"/manage/day/{on}/").status_code == 404


def test_foreign_shop_is_not_found(manager, browser_of):
    url = reverse("dashboard:day", args=[timezone.now().date()])
    assert browser_of(manager).get(url, {"shop": 999_999}).status_code == 404


def test_rep_may_not_see_the_day_sheet(rep, browser_of):
    url = reverse("dashboard:day", args=[timezone.now().date()])
    assert browser_of(rep).get(url).status_code == 403


def test_comparing_a_day_costs_few_drips(rep, sock, account, simulator, day_sheet):
    for _ in range(3):
        sell(rep, sock)
    courier.deliver(account)
    before = simulator.state()["drips"]
    day_sheet(compare=1)
    assert simulator.state()["drips"] - before < 2
