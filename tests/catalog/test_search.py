import random
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salesfloor.catalog import search
from salesfloor.catalog.models import Item
from salesfloor.staff.models import Account, Shop
from tests.catalog.conftest import MakeItem


def names(account: Account, query: str, shop: Shop, **options: Any) -> list[str]:
    """Of what is found: the item where it is one, otherwise the product."""
    first, count = options.pop("first", 0), options.pop("count", 200)
    found = search.find(search.Wanted(shop, query, **options), first=first, count=count)
    return [hit.only.description if hit.only else hit.name for hit in found.hits]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("runner trail", "Trail Runner GTX Blue 10.5"),
        ("tra run", "Trail Runner GTX Blue 10.5"),
        ("TRAIL", "Trail Runner GTX Blue 10.5"),
        ("10.5", "Trail Runner GTX Blue 10.5"),
        ("10,5 blue", "Trail Runner GTX Blue 10.5"),
        ("ete", "Chapeau d’été"),
        ("ÉTÉ", "Chapeau d’été"),
        ("tshirt", "T-Shirt Wool"),
        ("t-shirt", "T-Shirt Wool"),
        ("womens", "Women's Vest"),
        ("3/8", "Tubing 3/8 in"),
        ("straße", "Strasse Bag"),
        ("kestrel", "Wool Sock"),  # its brand
        ("hosiery", "Wool Sock"),  # its category
        ("merino", "Wool Sock"),  # a tag
        ("4006381333931", "Wool Sock"),
        ("sk-100", "Wool Sock"),
        ("sk100", "Wool Sock"),
        ("63813", "Wool Sock"),  # an inner part of a code
    ],
)
def test_item_is_found_by(
    account: Account, shop: Shop, make_item: MakeItem, query: str, found: str
) -> None:
    make_item("Trail Runner GTX Blue 10.5")
    make_item("Trail Runner GTX Blue 10")
    make_item("Chapeau d’été")
    make_item("T-Shirt Wool")
    make_item("Women's Vest")
    make_item("Tubing 3/8 in")
    make_item("Strasse Bag")
    make_item(
        "Wool Sock",
        ean="4006381333931",
        custom_sku="SK-100",
        tags="merino, winter",
        manufacturer=account.manufacturers.create(lightspeed_id=1, name="Kestrel"),
        category=account.categories.create(
            lightspeed_id=1, name="Socks", full_path_name="Hosiery/Socks"
        ),
    )
    assert names(account, query, shop)[0] == found


def test_what_is_here_comes_before_what_is_elsewhere_before_what_is_nowhere(
    account: Account, shop: Shop, other_shop: Shop, make_item: MakeItem
) -> None:
    make_item("Boot nowhere")
    make_item("Boot elsewhere", stock={other_shop: 5})
    make_item("Boot here", stock={shop: 1, other_shop: 2})
    assert names(account, "boot", shop) == ["Boot here", "Boot elsewhere", "Boot nowhere"]
    assert names(account, "boot", other_shop) == ["Boot elsewhere", "Boot here", "Boot nowhere"]


def test_service_is_never_out_of_stock_in_any_shop(
    account: Account, shop: Shop, other_shop: Shop, make_item: MakeItem
) -> None:
    make_item("Zip repair kit")
    make_item("Zip repair set", stock={other_shop: 1})
    make_item("Zip repair", item_type="non_inventory")
    make_item("Zip repair tape", stock={shop: 1})
    everything = ["Zip repair", "Zip repair tape", "Zip repair set", "Zip repair kit"]
    assert names(account, "zip repair", shop) == everything
    assert names(account, "zip repair", shop, stock="here") == everything[:2]
    assert names(account, "zip repair", shop, stock="any") == everything[:3]
    opened_later = account.shops.create(lightspeed_id=3, name="New Quay")
    assert names(account, "zip", opened_later, stock="here") == ["Zip repair"]


def test_item_that_becomes_a_service_and_ceases_to_be_one_is_ranked_anew(
    account: Account, shop: Shop, make_item: MakeItem
) -> None:
    make_item("Fitting set", stock={shop: 1})
    fitting = make_item("Fitting")
    for item_type, found in (("non_inventory", 2), ("default", 1), ("box", 1)):
        fitting.item_type = item_type
        fitting.save()
        search.index([fitting])
        assert len(names(account, "fitting", shop, stock="here")) == found


def test_exact_code_comes_before_all_else(
    account: Account, shop: Shop, make_item: MakeItem
) -> None:
    make_item("Cable 1234567", stock={shop: 9})
    make_item("Sold out", upc="1234567")
    assert names(account, "1234567", shop) == ["Sold out", "Cable 1234567"]


def test_name_that_fits_comes_before_a_brand_that_does(
    account: Account, shop: Shop, make_item: MakeItem
) -> None:
    brand = account.manufacturers.create(lightspeed_id=1, name="Trail")
    make_item("Mug", manufacturer=brand)
    make_item("Trailer hitch")
    make_item("Trail mix")
    assert names(account, "trail", shop) == ["Trail mix", "Trailer hitch", "Mug"]


def test_archived_item_is_not_found(account: Account, shop: Shop, make_item: MakeItem) -> None:
    make_item("Old boot", archived=True, upc="012345678905")
    assert names(account, "boot", shop) == []
    assert not Item.by_code(account, "012345678905")


def test_category_holds_those_of_its_branches(
    account: Account, shop: Shop, make_item: MakeItem
) -> None:
    shoes = account.categories.create(
        lightspeed_id=1, name="Shoes", full_path_name="Shoes", left_node=1, right_node=4
    )
    trail = account.categories.create(
        lightspeed_id=2, name="Trail", full_path_name="Shoes/Trail", left_node=2, right_node=3
    )
    make_item("Runner", category=trail, system_sku="210000000011")
    make_item("Runner's belt", system_sku="210000000012")
    assert names(account, "runner", shop, category=shoes) == ["Runner"]
    assert names(account, "", shop, category=shoes) == ["Runner"]
    assert names(account, "0000001", shop, category=shoes) == ["Runner"]


def test_untyped_search_shows_what_is_here_and_sells_best(
    account: Account, shop: Shop, make_item: MakeItem
) -> None:
    matrix = account.item_matrices.create(lightspeed_id=5, description="Runner")
    make_item("Mug", stock={shop: 1})
    for size in ("8", "9", "10"):
        make_item(f"Runner {size}", matrix=matrix, attribute1=size, sold=3, stock={shop: 1})
    make_item("Sold out mug", sold=99)
    assert names(account, "", shop) == ["Runner", "Mug", "Sold out mug"]


def test_further_results_go_on_where_the_first_ended(
    account: Account, shop: Shop, make_item: MakeItem
) -> None:
    for number in range(30):
        make_item(f"Boot {number:02}", stock={shop: number % 2})
    first = names(account, "boot", shop, first=0, count=20)
    then = names(account, "boot", shop, first=20, count=20)
    assert len({*first, *then}) == 30
    assert first + then == names(account, "boot", shop, count=40)


def test_found_items_tell_their_stock_and_cost_no_query_each(
    account: Account,
    shop: Shop,
    other_shop: Shop,
    make_item: MakeItem,
    django_assert_max_num_queries: Any,
) -> None:
    third = account.shops.create(lightspeed_id=3, name="Third")
    for number in range(10):
        make_item(f"Boot {number}", stock={shop: 2, other_shop: 3, third: 4})
    # PostgreSQL is asked for the first rows before its index is.
    with django_assert_max_num_queries(9 if connection.vendor == "sqlite" else 18):
        found = account.items.search("boot", shop=shop)
    assert {(item.here, item.elsewhere) for item in found} == {(2, 7)}
    assert all(item.counted_at for item in found)


@pytest.mark.parametrize("code", ["036000291452", "0036000291452", "36000291452", " 036000291452 "])
def test_upc_and_ean_are_the_same_code_whatever_zeros_lead(
    account: Account, make_item: MakeItem, code: str
) -> None:
    upc = make_item("As UPC-A", upc="036000291452")
    ean = make_item("As EAN-13", ean="0036000291452")
    assert set(Item.by_code(account, code)) == {upc, ean}


def test_code_is_whole_or_it_is_none(account: Account, make_item: MakeItem) -> None:
    item = make_item("Sock", custom_sku="SK-100", system_sku="210000000001")
    make_item("Without any code")
    assert Item.by_code(account, "sk-100").get() == item
    assert Item.by_code(account, "210000000001").get() == item
    assert not Item.by_code(account, "SK-10")
    assert not Item.by_code(account, "")
    assert not Item.by_code(account, "0")


def test_other_accounts_items_are_never_found(
    account: Account, shop: Shop, make_item: MakeItem
) -> None:
    other = Account.objects.create(lightspeed_id=2, name="Other")
    make_item("Their boot", of=other, upc="012345678905", stock={shop: 1})
    mine = make_item("My boot")
    assert account.items.search("boot", shop=shop) == [mine]
    assert account.items.search("", shop=shop) == [mine]
    assert names(account, "12345", shop) == []
    assert not Item.by_code(account, "012345678905")


def test_price_is_that_of_the_shops_level(
    account: Account, shop: Shop, make_item: MakeItem
) -> None:
    item = make_item("Boot", price=Decimal("149"), prices={"1": "149", "3": "129.5"})
    assert item.price_at(shop) == 149
    shop.price_level_lightspeed_id = 3
    assert item.price_at(shop) == Decimal("129.5")
    shop.price_level_lightspeed_id = 9
    assert item.price_at(shop) == 149


HOSTILE = ['"', "'", "*", "AND", "OR NOT", "NEAR(a b)", "^a", "a:b", "{a}:b", "-a", "(", ")", "\0"]
HOSTILE += [
    "%",
    "_",
    "\\",
    "@1",
    "#1",
    "!",
    "=1",
    "; DROP TABLE",
    "🥾🥾",
    "שלום",
    "مرحبا",
    "ﷺ",
    "½",
]


@given(
    st.lists(st.one_of(st.text(max_size=20), st.sampled_from(HOSTILE)), max_size=6).map(" ".join)
)
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nothing_typed_is_an_error(
    account: Account, shop: Shop, make_item: MakeItem, query: str
) -> None:
    if not account.items.exists():
        make_item("Boot", upc="012345678905", stock={shop: 1})
    assert len(account.items.search(query, shop=shop)) <= 1
    assert len(Item.by_code(account, query)) <= 1


@pytest.mark.parametrize("letter", ["a", "0", "\u202e", "é", "-", "🥾", " "])
def test_ten_thousand_characters_are_no_error(
    account: Account, shop: Shop, make_item: MakeItem, letter: str
) -> None:
    make_item("Boot")
    assert account.items.search("x" + letter * 10_000, shop=shop) == []


def test_marks_of_the_index_cannot_be_typed(
    account: Account, shop: Shop, make_item: MakeItem
) -> None:
    make_item("Boot", stock={shop: 1}, upc="012345678905")
    for mark in ("!", "@", f"@{shop.pk}", "#1", "=12345678905x"):
        assert names(account, mark, shop) == []


# --- The demo shop ----------------------------------------------------------------------


def demo_shop(demo: Account) -> Shop:
    shop: Shop = demo.shops.filter(archived=False).order_by("lightspeed_id").first()
    return shop


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "begins"),
    [
        ("trail runner", "Trail Runner"),
        ("trail run gtx", "Trail Runner GTX"),
        ("runner gtx 10.5", "Trail Runner GTX"),
        ("wool sock", "Wool sock"),
        ("sock wool m", "Wool sock"),
        ("beanie cable", "Cable Beanie"),
        ("gaspesie", "Trail Map: Gaspésie"),
        ("canoe map verendrye", "Canoe Map: La Vérendrye"),
        ("purifying tabs", "Purifying Tabs"),
        ("zip repair", "Zip repair"),  # before parts of which there are none
    ],
)
def test_first_hit_in_the_demo_shop(demo: Account, query: str, begins: str) -> None:
    [first, *_] = demo.items.search(query, shop=demo_shop(demo))
    assert first.description.startswith(begins)


@pytest.mark.django_db
def test_each_code_of_the_demo_shop_finds_its_item_first(demo: Account) -> None:
    shop = demo_shop(demo)
    items = list(demo.items.for_sale())
    for item in random.Random(7).sample(items, 60):
        for name in ("system_sku", "custom_sku", "manufacturer_sku", "upc", "ean"):
            if code := getattr(item, name):
                assert item in Item.by_code(demo, code)
                assert item == demo.items.search(code, shop=shop)[0]


def test_code_is_looked_up_in_indexes_alone(account: Account) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")  # so few rows it would rather read
        assert "Seq Scan" not in Item.by_code(account, "012345678905").explain()
        return
    plan = Item.by_code(account, "012345678905").explain()
    assert "SCAN catalog_item" not in plan
    for index in ("upc", "ean", "system_sku", "custom_sku", "manufacturer_sku"):
        assert f"item_by_{index}" in plan
