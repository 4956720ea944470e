from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from salesfloor.catalog import search
from salesfloor.catalog.models import Item
from salesfloor.customers import search as customer_search
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.mirror import feeds
from salesfloor.mirror.models import Feed
from salesfloor.mirror.sync import is_ready, sync
from salesfloor.staff.connection import client_of
from salesfloor.staff.locks import holding
from salesfloor.staff.models import Account
from tests.mirror.comparison import differences, told
from tests.mirror.connected import connect
from tests.simulator import running
from tests.simulator.running import RunningSimulator


class Killed(BaseException):
    """Ends the sync as abruptly as the death of its process would."""


def lightspeeds_items(account: Account) -> dict[int, Any]:
    listing = client_of(account, Right.LOOK_UP).items(
        feeds.THE_BEGINNING, relations=feeds.ITEM_RELATIONS
    )
    return {record.item_id: record for record in listing}


def mirrored_stock(account: Account) -> dict[tuple[int, int], int]:
    rows = account.items.values_list("lightspeed_id", "stock__shop__lightspeed_id", "stock__qoh")
    return {(item, shop): qoh for item, shop, qoh in rows if shop}


def assert_equal_to_lightspeed(account: Account, simulator: RunningSimulator) -> None:
    found = differences(account, simulator)
    assert not found, told(found)


def test_first_sync_makes_the_mirror_equal_to_lightspeed(
    account: Account, simulator: RunningSimulator
) -> None:
    assert not is_ready(account)
    assert sync(account) is False
    assert is_ready(account)
    assert_equal_to_lightspeed(account, simulator)
    assert not account.feeds.exclude(trouble="").exists()


def test_shops_registers_taxes_and_payment_types_come_with_what_selling_needs(
    account: Account,
) -> None:
    sync(account)
    shop = account.shops.exclude(tax_category=None).first()
    assert shop is not None
    assert shop.registers.filter(archived=False).count() == 3
    assert sum(shop.tax_category.rates_for(1)) > 0
    assert account.payment_types.filter(kind="cash", archived=False).exists()
    account.refresh_from_db()
    assert account.name != "?"


def test_products_in_several_sizes_come_with_what_tells_them_apart(account: Account) -> None:
    sync(account)
    matrix = account.item_matrices.get(description="Trail Runner GTX")
    assert matrix.attribute_set is not None
    assert matrix.attribute_set.attribute_names == ["Color", "Size"]
    assert matrix.category.name == "Trail running"
    assert all(item.description.startswith("Trail Runner GTX ") for item in matrix.items.all())


def test_what_a_box_holds_is_mirrored_as_it_is_now(
    account: Account, simulator: RunningSimulator
) -> None:
    part = {"itemComponentID": 1, "assemblyItemID": 1, "componentItemID": 2, "quantity": "6"}
    simulator.put({"ItemComponent": [part], "Item": [{"itemID": 1, "itemType": "box"}]})
    sync(account)
    box = account.items.get(lightspeed_id=1)
    assert [(row.component.lightspeed_id, row.quantity) for row in box.components.all()] == [(2, 6)]


def have_coin(simulator: RunningSimulator, coin: str) -> None:
    """What Lightspeed says that cash is rounded to."""
    simulator.put(
        {"Locale": [{"localeID": 1, "currencyCode": "CAD", "cashRoundingPrecision": coin}]}
    )


def test_coin_to_which_cash_is_rounded_is_lightspeeds(
    account: Account, simulator: RunningSimulator
) -> None:
    sync(account)
    assert account.cash_rounding == 0
    have_coin(simulator, "0.05")
    sync(account, everything=True)
    account.refresh_from_db()
    assert (account.currency, account.cash_rounding) == ("CAD", Decimal("0.05"))


@pytest.mark.parametrize("coin", ["7", "-0.05", "0.03", "2", "0"])
def test_coin_that_there_is_not_leaves_cash_as_it_is(
    account: Account, simulator: RunningSimulator, coin: str
) -> None:
    have_coin(simulator, coin)
    sync(account)
    assert is_ready(account)
    assert account.cash_rounding == 0


def test_answer_about_coins_that_cannot_be_read_keeps_nobody_from_selling(
    account: Account, simulator: RunningSimulator
) -> None:
    have_coin(simulator, "0.05")
    sync(account)
    simulator.fault("Locale", "malformed_json", times=9)
    sync(account, everything=True)
    assert is_ready(account)
    assert account.feeds.get(name="locales").trouble == Feed.Trouble.ODD
    account.refresh_from_db()
    assert account.cash_rounding == Decimal("0.05")
    assert not account.feeds.exclude(name="locales").exclude(trouble="").exists()


@pytest.mark.parametrize("pages", [1, 2])
@pytest.mark.parametrize("feed", ["items", "stock"])
def test_sync_killed_between_two_pages_is_resumed_there(
    account: Account, simulator: RunningSimulator, monkeypatch: Any, feed: str, pages: int
) -> None:
    route = {"items": "Item", "stock": "ItemShop"}[feed]
    die_while_saving(monkeypatch, feed, after=pages)
    with pytest.raises(Killed):
        sync(account)
    monkeypatch.undo()
    before = calls(simulator, route)
    rows = account.feeds.get(name=feed).rows_done
    assert rows == 100 * pages
    sync(account)
    asked = calls(simulator, route) - before
    assert_equal_to_lightspeed(account, simulator)
    # What had been saved was not asked for again; how many items there are, perhaps.
    assert asked <= -(-account.feeds.get(name=feed).rows_done // 100) - pages + 1


def calls(simulator: RunningSimulator, route: str) -> int:
    counted = simulator.state()["calls"]
    return int(counted.get(f"GET {route}", counted.get(route, 0)))


def die_while_saving(monkeypatch: Any, name: str, *, after: int) -> None:
    """Once so many pages of this feed are saved, the next is saved half and then all ends."""
    kind = next(kind for kind in feeds.KINDS if kind.name == name)
    saved = 0

    def save(account: Account, page: Any) -> None:
        nonlocal saved
        if saved == after:
            kind.save(account, page[: len(page) // 2])
            raise Killed
        kind.save(account, page)
        saved += 1

    fatal = feeds.Kind(**{**vars(kind), "save": save})
    kinds = tuple(fatal if each is kind else each for each in feeds.KINDS)
    monkeypatch.setattr("salesfloor.mirror.sync.KINDS", kinds)


def test_place_that_lightspeed_no_longer_knows_is_replaced_by_the_last_change_read(
    account: Account, simulator: RunningSimulator, monkeypatch: Any
) -> None:
    die_while_saving(monkeypatch, "items", after=1)
    with pytest.raises(Killed):
        sync(account)
    monkeypatch.undo()
    simulator.fault("Item", "400", times=1)
    sync(account)
    assert not account.feeds.exclude(trouble="").exists()
    assert_equal_to_lightspeed(account, simulator)


def test_changes_of_price_stock_and_archive_arrive_in_the_next_sync(
    account: Account, simulator: RunningSimulator
) -> None:
    sync(account)
    first, second = account.items.filter(archived=False, stock__isnull=False).distinct()[:2]
    change_at_lightspeed(simulator, account, first, description="Renamed by hand", price="12.34")
    change_at_lightspeed(simulator, account, second, archived=True)
    set_stock(simulator, first, 77)
    sync(account, everything=True)
    shop = first.stock.first().shop
    [found] = account.items.search("renamed by hand", shop=shop)
    assert (found.price, found.here) == (Decimal("12.34"), 77)
    assert not account.items.search(second.system_sku, shop=shop)
    assert_equal_to_lightspeed(account, simulator)


def change_at_lightspeed(
    simulator: RunningSimulator, account: Account, item: Item, *, price: str = "", **fields: Any
) -> None:
    body: dict[str, Any] = {"itemID": item.lightspeed_id, **fields}
    if price:
        amounts = [{"amount": price, "useTypeID": 1, "useType": "Default"}]
        body["Prices"] = {"ItemPrice": amounts}
    body["timeStamp"] = simulator.state()["now"]
    simulator.put({"Item": [body]})


def set_stock(simulator: RunningSimulator, item: Item, units: int) -> None:
    stock = item.stock.order_by("pk").first()
    assert stock is not None
    rows = simulator.state(itemID=item.lightspeed_id)["stock"]
    row = next(r for r in rows if int(r["shopID"]) == stock.shop.lightspeed_id)
    row |= {"qoh": units, "timeStamp": simulator.state()["now"]}
    simulator.put({"ItemShop": [row]})


def test_quiet_minute_costs_one_page_of_items_and_one_of_stock(
    account: Account, simulator: RunningSimulator
) -> None:
    sync(account)
    account.feeds.filter(name__in=["items", "stock"]).update(last_run_at=None)
    before = simulator.state()
    sync(account)
    after = simulator.state()
    assert sum(after["calls"].values()) - sum(before["calls"].values()) == 2
    assert after["drips"] - before["drips"] < 6


def test_renamed_category_is_found_by_its_new_name_alone(
    account: Account, simulator: RunningSimulator
) -> None:
    sync(account)
    item = account.items.filter(archived=False).exclude(category=None).first()
    category = item.category
    simulator.put(
        {"Category": [{"categoryID": category.lightspeed_id, "name": "Quxware", "parentID": 0}]}
    )
    sync(account, everything=True)
    shop = account.shops.first()
    assert item.pk in {found.pk for found in account.items.search("quxware", shop=shop, count=200)}


def test_deleted_brand_leaves_the_mirror_as_archived(account: Account) -> None:
    account.manufacturers.create(lightspeed_id=999_999, name="Gone")
    sync(account)
    assert account.manufacturers.get(name="Gone").archived
    assert account.manufacturers.filter(archived=False).exists()


def test_lightspeed_away_is_told_in_plain_words_and_tried_again_later(
    account: Account, simulator: RunningSimulator, settings: Any
) -> None:
    settings.LIGHTSPEED_API_URL = "http://127.0.0.1:9"  # nobody listens at the discard port
    sync(account)
    feed = account.feeds.exclude(trouble="").get()
    assert feed.get_trouble_display().startswith("Lightspeed could not be reached")
    settings.LIGHTSPEED_API_URL = simulator.url
    sync(account)
    assert not is_ready(account)  # it is not yet time
    sync(account, everything=True)
    assert is_ready(account)
    assert not account.feeds.exclude(trouble="").exists()


def test_lost_sign_in_asks_for_a_manager(account: Account) -> None:
    for grant in account.grants.all():
        grant.lose()
    sync(account)
    assert account.feeds.get().trouble == Feed.Trouble.SIGNED_OUT


def test_one_feed_that_is_forbidden_does_not_keep_the_others_back(
    account: Account, simulator: RunningSimulator
) -> None:
    simulator.fault("Employee", "403")
    sync(account)
    assert account.feeds.exclude(trouble="").get().name == "employees"
    assert is_ready(account)


def test_stock_of_an_item_not_yet_listed_is_there_when_the_item_comes(
    account: Account, simulator: RunningSimulator
) -> None:
    sync(account)
    item = account.items.filter(archived=False, stock__isnull=False).first()
    expected = mirrored_stock(account)
    item.delete()
    stock = [
        record
        for record in client_of(account, Right.STOCK).stock()
        if record.item_id == item.lightspeed_id
    ]
    feeds.save_stock(account, stock)
    assert not account.items.for_sale().filter(lightspeed_id=item.lightspeed_id).exists()
    feeds.save_items(account, [lightspeeds_items(account)[item.lightspeed_id]])
    assert mirrored_stock(account) == expected


def test_second_sync_of_the_same_account_does_nothing_meanwhile(
    account: Account, simulator: RunningSimulator
) -> None:
    with holding(f"sync-{account.pk}"):
        sync(account)
    assert not account.feeds.exists()


def test_items_of_another_account_are_neither_found_nor_touched(
    account: Account, simulator: RunningSimulator
) -> None:
    other = Account.objects.create(lightspeed_id=1, name="Other")
    item = other.items.create(
        lightspeed_id=1, description="Trail secret", system_sku="210000000001"
    )
    search.index([item])
    sync(account)
    shop = account.shops.first()
    assert item.pk not in {
        found.pk for found in account.items.search("trail", shop=shop, count=200)
    }
    assert not account.items.search("secret", shop=shop)
    item.refresh_from_db()
    assert item.description == "Trail secret"


def test_stock_in_parts_of_a_unit_is_mirrored_in_whole_ones(account: Account) -> None:
    sync(account)
    [told, *_] = [row for row in client_of(account, Right.LOOK_UP).stock() if row.shop_id]
    for qoh, whole, sellable in (("2.75", 2, 2), ("-0.5", 0, 0), ("-3", -3, 0)):
        changed = replace(told, qoh=Decimal(qoh), sellable=None)
        feeds.save_stock(account, [changed])
        row = account.items.get(lightspeed_id=told.item_id).stock.get(
            shop__lightspeed_id=told.shop_id
        )
        assert (row.qoh, row.sellable) == (whole, sellable)


def test_customers_come_with_what_their_accounts_hold_and_are_found(account: Account) -> None:
    sync(account)
    listing = client_of(account, Right.LOOK_UP).customers(feeds.THE_BEGINNING)
    theirs = {record.customer_id: record for record in listing}
    ours = {customer.lightspeed_id: customer for customer in account.customers.all()}
    assert len(ours) == len(theirs) == account.feeds.get(name="customers").rows_done
    for key, record in theirs.items():
        held = record.credit_account
        assert str(ours[key]) == f"{record.first_name} {record.last_name}".strip()
        assert ours[key].credit_balance == (held.available if held else 0)
        assert ours[key].credit_account_lightspeed_id == record.credit_account_id
    someone = account.customers.filter(archived=False).exclude(email="").first()
    assert someone is not None
    assert someone in customer_search.find(account, someone.email)


def test_changed_and_archived_customers_follow(
    account: Account, simulator: RunningSimulator
) -> None:
    sync(account)
    ann, bo = account.customers.order_by("lightspeed_id")[:2]
    owner = simulator.client()
    owner.put(f"Customer/{ann.lightspeed_id}", {"lastName": "Brandnew"})
    owner.delete(f"Customer/{bo.lightspeed_id}")
    sync(account, everything=True)
    ann.refresh_from_db()
    bo.refresh_from_db()
    assert (ann.last_name, bo.archived) == ("Brandnew", True)
    assert customer_search.find(account, "brandnew") == [ann]
    assert bo not in customer_search.find(account, bo.email)


def test_contacts_are_kept_where_lightspeed_leaves_them_out(
    account: Account, simulator: RunningSimulator
) -> None:
    sync(account)
    someone = account.customers.filter(archived=False).exclude(email="").first()
    assert someone is not None
    simulator.client().put(f"Customer/{someone.lightspeed_id}", {"lastName": "Brandnew"})
    simulator.fault("Customer", "relation_missing", method="GET")
    sync(account, everything=True)
    assert account.feeds.get(name="customers").trouble == Feed.Trouble.ODD
    assert account.customers.get(pk=someone.pk).email == someone.email


def test_nobody_waits_for_customers_to_sell(account: Account, simulator: RunningSimulator) -> None:
    simulator.fault("Customer", "403", times=100)
    sync(account)
    assert is_ready(account)
    assert account.feeds.get(name="customers").trouble == Feed.Trouble.FORBIDDEN


def test_items_are_found_as_they_are_while_stock_may_not_be_read(
    account: Account, simulator: RunningSimulator
) -> None:
    simulator.fault("ItemShop", "403", times=100)
    sync(account)
    assert account.feeds.get(name="stock").trouble == Feed.Trouble.FORBIDDEN
    simulator.client().post("Item", {"description": "Zeppelin", "defaultCost": "1"})
    sync(account, everything=True)
    shop = account.shops.first()
    assert shop is not None
    assert [hit.name for hit in search.find(search.Wanted(shop, "zeppelin")).hits] == ["Zeppelin"]


def test_two_accounts_that_number_their_records_alike_share_one_database(
    account: Account, simulator: RunningSimulator, settings: Any
) -> None:
    sync(account)
    elsewhere = running.start("empty")
    try:
        item = {"itemID": 12, "description": "Their wool sock", "ean": "5012345678900"}
        stock = {"itemID": 12, "shopID": 1, "qoh": 3}
        elsewhere.put({"Account": [{"accountID": 99}], "Item": [item], "ItemShop": [stock]})
        other = connect(elsewhere, settings)
        assert other.lightspeed_id == 99
        sync(other)
        assert_equal_to_lightspeed(other, elsewhere)
    finally:
        elsewhere.stop()
    assert_equal_to_lightspeed(account, simulator)
    [found] = other.items.search("5012345678900", shop=other.shops.get())
    assert (found.description, found.here) == ("Their wool sock", 3)
