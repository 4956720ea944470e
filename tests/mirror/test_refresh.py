"""Counts that are asked for when somebody looks at an item."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from salesfloor.catalog.models import Item, ItemStock, StockCheck, add_stock
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.mirror import feeds
from salesfloor.mirror.sync import sync
from salesfloor.staff import clock
from salesfloor.staff.connection import client_of
from salesfloor.staff.locks import holding
from salesfloor.staff.models import Account, RateLimit, Register, Rep
from tests.mirror.connected import make_rep
from tests.mirror.test_sync import calls, set_stock
from tests.races import while_open
from tests.simulator.running import RunningSimulator


@pytest.fixture
def rep(account: Account) -> Rep:
    """Stands at a register of a shop whose counts are some minutes old."""
    cache.clear()
    sync(account)
    rep = make_rep(account, 5, rights=["register"])
    rep.register = Register.everywhere.filter(account=account, archived=False).earliest("pk")
    rep.save()
    make_old(account)
    return rep


def make_old(account: Account, minutes: int = 7) -> None:
    then = clock.now() - timedelta(minutes=minutes)
    ItemStock.everywhere.filter(item__account=account).update(read_at=then)
    StockCheck.everywhere.filter(account=account).update(confirmed_at=then)


@pytest.fixture
def item(account: Account, rep: Rep) -> Item:
    """In several sizes."""
    assert rep.shop
    found: Item = account.items.filter(
        archived=False, stock__shop=rep.shop, matrix__isnull=False
    ).earliest("pk")
    return found


def look(client: Client, rep: Rep, item: Item) -> Any:
    client.force_login(rep.user, backend="salesfloor.staff.sign_in.SignInBackend")
    url = reverse("mirror:refresh_stock", args=[item.pk])
    return client.post(url, headers={"HX-Request": "true"})


def shown(item: Item, rep: Rep) -> tuple[int | None, bool]:
    """Units here, and whether that is news."""
    assert rep.shop
    add_stock([item], rep.shop)
    assert item.counted_at
    return item.here, clock.now() - item.counted_at < timedelta(minutes=1)


def test_look_at_an_item_brings_its_counts_and_those_of_its_other_sizes(
    client: Client, simulator: RunningSimulator, rep: Rep, item: Item
) -> None:
    assert rep.shop
    assert item.matrix
    other = item.matrix.items.filter(archived=False).exclude(pk=item.pk).earliest("pk")
    for each in (item, other):
        units_in_shop(simulator, each, rep.shop.lightspeed_id, 41)
    drips = simulator.state()["drips"]
    answer = look(client, rep, item)
    assert answer.status_code == 204
    assert "stock-refreshed" in answer["HX-Trigger"]
    assert shown(item, rep) == shown(other, rep) == (41, True)
    assert round(simulator.state()["drips"] - drips, 3) == 1.4


def units_in_shop(simulator: RunningSimulator, item: Item, shop_id: int, units: int) -> None:
    rows = simulator.state(itemID=item.lightspeed_id)["stock"]
    row = next(row for row in rows if row["shopID"] == shop_id)
    simulator.put({"ItemShop": [row | {"qoh": units, "timeStamp": simulator.state()["now"]}]})


def test_item_that_comes_in_one_kind_costs_one_drip(
    client: Client, simulator: RunningSimulator, rep: Rep, item: Item
) -> None:
    Item.everywhere.filter(pk=item.pk).update(matrix=None)
    set_stock(simulator, item, 17)
    drips = simulator.state()["drips"]
    look(client, rep, item)
    assert item.stock.filter(qoh=17).exists()
    assert round(simulator.state()["drips"] - drips, 3) == 1


def test_young_counts_are_not_asked_for(
    client: Client, simulator: RunningSimulator, account: Account, rep: Rep, item: Item
) -> None:
    StockCheck.everywhere.filter(account=account).update(confirmed_at=clock.now())
    before = sum(simulator.state()["calls"].values())
    answer = look(client, rep, item)
    assert answer.status_code == 204
    assert "HX-Trigger" not in answer
    assert sum(simulator.state()["calls"].values()) == before


def test_one_look_at_a_time_and_no_second_right_after_it(
    client: Client, simulator: RunningSimulator, account: Account, rep: Rep, item: Item
) -> None:
    before = calls(simulator, "Item")
    with holding(f"stock-look-{account.pk}-{item.matrix_id % 16}"):
        look(client, rep, item)
    assert calls(simulator, "Item") == before
    look(client, rep, item)
    make_old(account)
    look(client, rep, item)
    assert calls(simulator, "Item") == before + 1


def test_lightspeed_away_leaves_the_old_count_with_its_age(
    client: Client, rep: Rep, item: Item, settings: Any
) -> None:
    before = shown(item, rep)
    settings.LIGHTSPEED_API_URL = "http://127.0.0.1:9"  # nobody listens at the discard port
    answer = look(client, rep, item)
    assert answer.status_code == 204
    assert shown(item, rep) == before
    assert before[1] is False


@pytest.mark.parametrize("fault", ["429", "500", "malformed_json", "403"])
def test_odd_answer_is_asked_for_once_and_leaves_the_old_count(
    client: Client, simulator: RunningSimulator, rep: Rep, item: Item, fault: str
) -> None:
    before, asked = shown(item, rep), calls(simulator, "Item")
    simulator.fault("Item", fault, times=9)
    assert look(client, rep, item).status_code == 204
    assert shown(item, rep) == before
    assert calls(simulator, "Item") <= asked + 1


def test_budget_that_sales_need_is_not_spent(
    client: Client, simulator: RunningSimulator, account: Account, rep: Rep, item: Item
) -> None:
    full = {"level": 75.0, "size": 90.0, "drip_rate": 0.01, "in_flight": 0.0}
    RateLimit.everywhere.filter(account=account).update(**full, read_at=clock.now())
    before = calls(simulator, "Item")
    assert look(client, rep, item).status_code == 204
    assert calls(simulator, "Item") == before


def test_older_answer_does_not_undo_a_newer_count(
    client: Client, simulator: RunningSimulator, account: Account, rep: Rep, item: Item
) -> None:
    """A page of a sync may have been read before, and be saved after."""
    assert rep.shop
    page = client_of(account, Right.STOCK).stock_of(item.lightspeed_id)
    simulator.clock(advance=60)
    units_in_shop(simulator, item, rep.shop.lightspeed_id, 33)
    look(client, rep, item)
    feeds.save_stock(account, page)
    assert shown(item, rep)[0] == 33


@pytest.mark.django_db(transaction=True)
def test_older_page_that_comes_while_a_newer_count_is_saved_does_not_undo_it(
    simulator: RunningSimulator, account: Account, rep: Rep, item: Item
) -> None:
    assert rep.shop
    client = client_of(account, Right.STOCK)
    older = client.stock_of(item.lightspeed_id)
    simulator.clock(advance=60)
    units_in_shop(simulator, item, rep.shop.lightspeed_id, 33)
    newer = client.stock_of(item.lightspeed_id)

    def save_older() -> None:
        with transaction.atomic():
            feeds.save_stock(account, older)

    while_open(lambda: feeds.save_stock(account, newer), save_older).result(timeout=30)
    assert shown(item, rep)[0] == 33


def test_without_htmx_one_is_led_back(client: Client, rep: Rep, item: Item) -> None:
    client.force_login(rep.user, backend="salesfloor.staff.sign_in.SignInBackend")
    url = reverse("mirror:refresh_stock", args=[item.pk])
    assert client.post(url, {"next": "/items/?q=boot"})["Location"] == "/items/?q=boot"
    assert client.post(url, {"next": "https://evil.example/"})["Location"] == "/"
    assert client.get(url).status_code == 405


def test_item_of_another_account_is_not_found(client: Client, rep: Rep) -> None:
    other = Account.objects.create(lightspeed_id=2, name="Other")
    theirs = other.items.create(lightspeed_id=1, description="Boot")
    assert look(client, rep, theirs).status_code == 404
