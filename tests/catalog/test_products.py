"""Products: their variants that fit, named; and the index that follows every change."""

import json
import time
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from salesfloor.catalog import search
from salesfloor.catalog.marking import marked
from salesfloor.catalog.models import Item, ItemMatrix, Product, SearchIndex, StockCheck
from salesfloor.catalog.search import tables
from salesfloor.staff.models import Account, Shop
from tests.catalog.conftest import MakeItem
from tests.catalog.test_search import names
from tests.catalog.test_views import HTMX, SEARCH, browser

__all__ = ["browser"]


@pytest.fixture
def matrix(account: Account) -> ItemMatrix:
    sizes = account.item_attribute_sets.create(
        lightspeed_id=1, name="Color/Size", attribute1_name="Color", attribute2_name="Size"
    )
    run: ItemMatrix = account.item_matrices.create(
        lightspeed_id=1, description="Trail Runner", attribute_set=sizes
    )
    return run


@pytest.fixture
def run(matrix: ItemMatrix, make_item: MakeItem, shop: Shop) -> list[Item]:
    """Blue and red, each in 9, 10, 10.5 and S; the blue ones in stock."""
    return [
        make_item(
            f"Trail Runner {colour} {size}",
            matrix=matrix,
            attribute1=colour,
            attribute2=size,
            price=price,
            stock={shop: 1} if colour == "Blue" else None,
        )
        for colour, price in (("Blue", 149), ("Red", 99))
        for size in ("9", "10", "10.5", "S")
    ]


def fitting(shop: Shop, query: str, **filters: object) -> list[str]:
    found = search.find(search.Wanted(shop, query, **filters)).hits  # type: ignore[arg-type]
    items = Item.everywhere.in_bulk(search.items_of(found))
    return [items[pk].description.removeprefix("Trail Runner ") for pk in search.items_of(found)]


@pytest.mark.usefixtures("run")
def test_variants_that_fit_are_those_with_all_the_words(shop: Shop) -> None:
    assert len(fitting(shop, "trail")) == 8
    assert fitting(shop, "trail red") == ["Red 9", "Red 10", "Red 10.5", "Red S"]
    assert fitting(shop, "runner 10.5") == ["Blue 10.5", "Red 10.5"]
    assert fitting(shop, "blue red") == []  # each is some variant's, both are none's


@pytest.mark.usefixtures("run")
def test_size_that_is_whole_is_meant(shop: Shop) -> None:
    assert fitting(shop, "runner blue 10") == ["Blue 10"]
    assert fitting(shop, "runner blue s") == ["Blue S"]
    assert fitting(shop, "runner blue 1") == ["Blue 10", "Blue 10.5"]  # half of either


@pytest.mark.usefixtures("run")
def test_price_and_stock_hold_for_the_variant_that_has_the_words(shop: Shop) -> None:
    dear = Decimal(120)
    assert fitting(shop, "red", price_from=dear) == []
    assert fitting(shop, "", price_from=dear) == ["Blue 9", "Blue 10", "Blue 10.5", "Blue S"]
    assert fitting(shop, "red", stock="here") == []
    assert len(fitting(shop, "red")) == 4


@pytest.mark.usefixtures("run")
def test_product_whose_fitting_size_is_not_here_comes_after_one_that_is(
    account: Account, shop: Shop, make_item: MakeItem
) -> None:
    make_item("Red Runner's Belt", stock={shop: 1})
    assert names(account, "runner", shop) == ["Trail Runner", "Red Runner's Belt"]
    assert names(account, "runner red", shop) == ["Red Runner's Belt", "Trail Runner"]


def test_variant_that_is_a_service_makes_its_product_one_that_is_here(
    account: Account, shop: Shop, run: list[Item], make_item: MakeItem
) -> None:
    StockCheck.everywhere.create(account=account, confirmed_at=timezone.now())
    make_item("Red Runner's Belt", stock={shop: 1})
    run[5].item_type = "non_inventory"
    run[5].save()
    search.index([run[5]])
    assert names(account, "runner red", shop) == ["Trail Runner", "Red Runner's Belt"]
    assert names(account, "runner red 9", shop) == ["Trail Runner Red 9"]
    [all_of_it, _belt] = search.find(search.Wanted(shop, "runner")).hits
    [red, _belt] = search.find(search.Wanted(shop, "red", stock="here")).hits
    assert all_of_it.here_and_anywhere(shop) == (5, 5)
    assert red.here_and_anywhere(shop) == (1, 1)
    assert fitting(shop, "runner red 9", stock="here") == []


def test_index_made_before_it_told_of_services_is_read_until_it_is_made_anew(
    account: Account, shop: Shop, run: list[Item]
) -> None:
    product = Product.everywhere.get(account=account)
    card = json.loads(product.card)
    del card["uncounted"]
    product.card = json.dumps(card)
    product.save()
    [hit] = search.find(search.Wanted(shop, "trail")).hits
    assert hit.here_and_anywhere(shop) == (4, 4)
    assert hit.tier(shop) == 0


def test_card_names_the_sizes_that_fit(browser: Client, account: Account, run: list[Item]) -> None:
    StockCheck.everywhere.create(account=account, confirmed_at=timezone.now())

    def card(query: str) -> str:
        page = browser.get(SEARCH, {"q": query}, headers=HTMX).content.decode()
        return page.replace("<mark>", "").replace("</mark>", "")

    assert "<b>Trail Runner</b><i>8 variants</i>" in card("trail")
    assert "<i>Blue · 4 sizes</i>" in card("trail blue")
    assert "<i>Blue 10.5, Red 10.5</i>" in card("trail 10.5")
    assert f'<a href="/items/{run[2].pk}/?q=trail%2010.5">' in card("trail 10.5")
    assert "$99.00 – $149.00" in card("trail")
    assert "4 of 8 here" in card("trail")
    single = card("trail blue 10.5")
    assert f'name="item" value="{run[2].pk}"' in single
    assert "<b>Trail Runner Blue 10.5</b>" in single


# --- Marks ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "typed", "shown"),
    [
        ("Trail Runner", ["run"], "Trail <mark>Run</mark>ner"),
        ("Gaspésie", ["gaspe"], "<mark>Gaspé</mark>sie"),
        ("Gaspe\u0301sie", ["gaspe"], "<mark>Gaspe\u0301</mark>sie"),
        ("Straße", ["strass"], "<mark>Straß</mark>e"),
        ("T-Shirt", ["tsh"], "<mark>T-Sh</mark>irt"),
        ("T-Shirt", ["shirt"], "T-<mark>Shirt</mark>"),
        ("Size 10,5", ["10.5"], "Size <mark>10,5</mark>"),
        ("Tubing ½ in", ["1/2"], "Tubing <mark>½</mark> in"),
        ("A <b> & c", ["b"], "A &lt;<mark>b</mark>&gt; &amp; c"),
        ("<script>", ["script"], "&lt;<mark>script</mark>&gt;"),
        ("Boot", [], "Boot"),
        ("", ["x"], ""),
    ],
)
def test_what_was_typed_is_marked_in_the_text_as_it_is_written(
    text: str, typed: list[str], shown: str
) -> None:
    assert marked(text, typed) == shown


# --- Upkeep -----------------------------------------------------------------------------


def test_variant_that_changes_changes_its_product(
    account: Account, shop: Shop, run: list[Item]
) -> None:
    item = run[0]
    item.description, item.attribute1 = "Trail Runner Teal 9", "Teal"
    item.save()
    search.index([item])
    assert fitting(shop, "teal") == ["Teal 9"]
    item.archived = True
    item.save()
    search.index([item])
    assert fitting(shop, "teal") == []
    assert fitting(shop, "teal", archived=True) == ["Teal 9"]
    assert len(fitting(shop, "trail")) == 7


def test_item_that_leaves_its_matrix_is_a_product_by_itself(
    account: Account, shop: Shop, run: list[Item], matrix: ItemMatrix
) -> None:
    item = run[0]
    item.matrix = None
    item.save()
    search.index([item], left=[matrix.pk])
    assert names(account, "trail blue 9", shop) == ["Trail Runner Blue 9"]
    assert len(fitting(shop, "trail")) == 8
    item.matrix = matrix
    item.save()
    search.index([item])
    assert names(account, "trail", shop) == ["Trail Runner"]


def test_what_sells_better_comes_first(account: Account, shop: Shop, make_item: MakeItem) -> None:
    first, second = make_item("Boot one"), make_item("Boot two")
    second.sold = 5
    second.save()
    search.index([second])
    assert names(account, "boot", shop) == ["Boot two", "Boot one"]
    first.sold = 4  # of the same class: nothing moves for one sale more or less
    first.save()
    search.index([first])
    assert names(account, "boot", shop) == ["Boot one", "Boot two"]


def test_rebuild_finds_all_the_same_and_leaves_nothing_of_before(
    account: Account, shop: Shop, run: list[Item], make_item: MakeItem
) -> None:
    make_item("Boot", tags="winter")
    before = [names(account, query, shop) for query in ("", "trail", "red", "boot")]
    assert search.rebuild(account)
    assert [names(account, query, shop) for query in ("", "trail", "red", "boot")] == before
    assert SearchIndex.everywhere.get(account=account).generation == 1
    assert not Product.everywhere.filter(account=account, generation=0).exists()
    first, _ = tables.ranks_in(tables.space(account.pk, 0))
    _, last = tables.ranks_in(tables.space(account.pk, 1, archived=True))
    with connection.cursor() as cursor:
        between = "SELECT count(*) FROM catalog_productwords WHERE rowid BETWEEN %s AND %s"
        cursor.execute(between, [first, last])
        assert cursor.fetchone()[0] == account.products.count() == 2
    assert search.tags_of(account) == ["winter"]


@pytest.mark.django_db(transaction=True)
def test_rebuild_leaves_the_database_to_others_as_long_as_it_takes_it(
    account: Account, make_item: MakeItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite would keep a sale waiting for seconds."""
    monkeypatch.setattr("salesfloor.catalog.search.upkeep.REBUILT_AT_ONCE", 2)
    for number in range(7):
        make_item(f"Boot {number}")
    turns: list[float] = []
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        assert not connection.in_atomic_block
        pauses.append(seconds)

    def may_go_on() -> bool:
        turns.append(time.monotonic())
        return True

    monkeypatch.setattr("salesfloor.catalog.search.upkeep.time.sleep", pause)
    assert search.rebuild(account, may_go_on=may_go_on)
    assert len(pauses) == len(turns) > 4
    assert sum(pauses) > 0.5 * (turns[-1] - turns[0])


def test_rebuild_that_is_interrupted_goes_on_and_misses_no_change_meanwhile(
    account: Account, shop: Shop, make_item: MakeItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("salesfloor.catalog.search.upkeep.REBUILT_AT_ONCE", 2)
    boots = [make_item(f"Boot {number}") for number in range(7)]
    turns = iter([True] * 4)
    assert not search.rebuild(account, may_go_on=lambda: next(turns, False))
    boots[0].description = "Sandal 0"
    boots[0].save()
    search.index(boots[:1])
    assert names(account, "sandal", shop) == ["Sandal 0"]  # while the old index is asked
    boots[6].archived = True
    boots[6].save()
    search.index(boots[6:])
    assert search.rebuild(account)
    assert names(account, "sandal", shop) == ["Sandal 0"]
    assert names(account, "boot", shop) == [f"Boot {number}" for number in range(1, 6)]


def test_index_that_is_held_is_built_at_once_later(
    account: Account, shop: Shop, make_item: MakeItem
) -> None:
    make_item("Boot")
    search.hold(account)
    make_item("Sandal")
    assert names(account, "boot", shop) == ["Boot"]
    assert names(account, "sandal", shop) == []
    assert search.make_ready(account)
    assert names(account, "sandal", shop) == ["Sandal"]


# --- No query reads all of it -----------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["t", "trail", "trail bl", "tr bl 10", "zzz", "6789", "trial", "size blau"]
)
def test_no_query_of_a_search_scans(
    account: Account, shop: Shop, run: list[Item], make_item: MakeItem, query: str
) -> None:
    make_item("Boot", ean="0123456789012")
    with connection.execute_wrapper(explained):
        search.find(search.Wanted(shop, query, price_from=Decimal(5)))
        search.find(search.Wanted(shop, query))


def explained(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
    """Looks at each plan before the query is made."""
    if sql.lstrip().upper().startswith("SELECT"):
        if connection.vendor == "sqlite":
            plan = _plan(f"EXPLAIN QUERY PLAN {sql}", params)
            # A scan of a virtual table is one by its index. Of what a query found itself it may.
            scans = [line for line in plan if line.startswith("SCAN") and "VIRTUAL" not in line]
        else:
            with transaction.atomic(), connection.cursor() as cursor:
                # So few rows are read fastest one by one; this leaves it to where it must.
                cursor.cursor.execute("SET LOCAL enable_seqscan = off")
                plan = _plan(f"EXPLAIN {sql}", params)
            scans = [line for line in plan if "Seq Scan" in line]
        assert not scans, (sql, plan)
    return execute(sql, params, many, context)


def _plan(sql: str, params: object) -> list[str]:
    with connection.cursor() as cursor:
        # Past the wrapper, which would look at this plan too.
        cursor.cursor.execute(sql, params)
        return [str(row[-1]) for row in cursor.fetchall()]


def test_words_of_the_index_are_looked_up_in_ranges(account: Account, make_item: MakeItem) -> None:
    make_item("Trail")
    owner = tables.space(account.pk, 0)
    assert list(tables.known(owner, "word", "tra")) == [("trail", "rail")]
    assert list(tables.known(owner, "tail", "rai")) == [("trail", "rail")]
    assert list(tables.known(owner + 2, "word", "tra")) == []
