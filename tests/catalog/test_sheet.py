"""The sheet of an item, and the sizes and colours of a product on it."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from salesfloor.catalog import variants
from salesfloor.catalog.models import Item, ItemMatrix
from salesfloor.catalog.size_runs import in_order
from salesfloor.sales.models import Sale
from salesfloor.staff.models import Account, Rep, Shop
from tests.catalog.conftest import MakeItem
from tests.mirror.connected import make_rep

HTMX = {"HX-Request": "true", "HX-Target": "item-sheet"}

MakeRun = Callable[..., dict[tuple[str, ...], Item]]


@pytest.fixture
def browser(client: Client, rep: Rep) -> Client:
    client.force_login(rep.user, backend="salesfloor.staff.sign_in.SignInBackend")
    return client


@pytest.fixture
def make_run(account: Account, make_item: MakeItem) -> MakeRun:
    """Makes a product and the items of these combinations of values, in this order."""

    def make(
        name: str, *combinations: tuple[str, ...], names: tuple[str, ...] = (), **fields: Any
    ) -> dict[tuple[str, ...], Item]:
        number = ItemMatrix.everywhere.count() + 1
        called = {f"attribute{place}_name": each for place, each in enumerate(names, 1)}
        matrix = account.item_matrices.create(
            lightspeed_id=number,
            description=name,
            attribute_set=account.item_attribute_sets.create(
                lightspeed_id=number, name="/".join(names), **called
            ),
        )
        items = {}
        for values in combinations:
            own = {f"attribute{place}": value for place, value in enumerate(values, 1)}
            description = " ".join([name, *filter(None, values)])
            items[values] = make_item(description, matrix=matrix, **own, **fields)
        return items

    return make


@pytest.fixture
def run(make_run: MakeRun, shop: Shop, other_shop: Shop) -> dict[tuple[str, ...], Item]:
    """Blue in 9, 10 and 10.5, Red in 9 and 10: two here of each, five elsewhere."""
    return make_run(
        "Trail Runner",
        *(("Blue", "10"), ("Blue", "9"), ("Red", "9"), ("Red", "10"), ("Blue", "10.5")),
        names=("Color", "Size"),
        price=149,
        stock={shop: 2, other_shop: 5},
    )


def sheet(browser: Client, item: Item, **query: str) -> str:
    answer = browser.get(reverse("catalog:item_sheet", args=[item.pk]), query, headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def rows_of(html: str) -> list[list[str]]:
    """The grid as it reads: the head of each row, then its cells."""
    body = re.findall(r"<tr role=\"row\">(.*?)</tr>", html, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in body]
    return [[text_of(cell) for cell in row] for row in cells]


# --- What a rep shows to a customer -------------------------------------------------------


def test_sheet_says_what_it_is_and_what_it_costs_the_customer(
    browser: Client, account: Account, shop: Shop, make_item: MakeItem
) -> None:
    account.shops.filter(pk=shop.pk).update(price_level_lightspeed_id=3)
    item = make_item(
        "Ember Stove",
        price=60,
        prices={"1": "60", "3": "55"},
        msrp=79,
        note="Not by air.",
        note_is_public=True,
        tags="camping, gas",
        manufacturer=account.manufacturers.create(lightspeed_id=1, name="Cindervale"),
        category=account.categories.create(
            lightspeed_id=1, name="Stoves", full_path_name="Camping/Stoves"
        ),
        stock={shop: 3},
    )
    html = sheet(browser, item)
    text = text_of(html)
    for told in ("Ember Stove", "55.00", "Cindervale", "Camping/Stoves", "Not by air.", "camping"):
        assert told in text
    assert "60.00" not in text
    assert re.search(r"<s [^>]*>.*79\.00", html, re.DOTALL)
    assert "For staff only" not in text


def test_suggested_price_is_not_shown_where_it_is_no_higher(
    browser: Client, make_item: MakeItem
) -> None:
    assert "<s " not in sheet(browser, make_item("Mug", price=9, msrp=9))


def test_note_that_is_not_public_is_marked_for_staff(browser: Client, make_item: MakeItem) -> None:
    text = text_of(sheet(browser, make_item("Boot", note="Runs half a size small.")))
    assert "For staff only Runs half a size small." in text


def test_sheet_lies_over_the_items_and_stands_alone_when_opened_by_its_address(
    browser: Client, make_item: MakeItem
) -> None:
    item = make_item("Boot")
    assert sheet(browser, item).lstrip().startswith("<dialog")
    page = browser.get(reverse("catalog:item_sheet", args=[item.pk]))
    assert "<html" in page.content.decode()
    assert "Boot" in page.content.decode()
    assert "HX-Request" in page["Vary"]


def test_archived_item_can_be_looked_at_but_not_added(browser: Client, make_item: MakeItem) -> None:
    html = sheet(browser, make_item("Boot", archived=True))
    assert "No longer sold" in html
    assert 'name="item"' not in html


def test_item_of_another_account_is_as_unknown_as_none(
    browser: Client, make_item: MakeItem
) -> None:
    other = Account.objects.create(lightspeed_id=2, name="Other")
    theirs = make_item("Secret boot", of=other)
    for name in ("item_sheet", "item_stock"):
        for pk in (theirs.pk, 99999):
            answer = browser.get(reverse(f"catalog:{name}", args=[pk]), headers=HTMX)
            assert answer.status_code == 404


def test_what_is_not_counted_shows_no_stock(browser: Client, make_item: MakeItem) -> None:
    html = sheet(browser, make_item("Boot fitting", item_type="non_inventory"))
    assert "Harbour Street" not in html.split("<article")[1]
    assert "here" not in text_of(html.split("<article")[1])


def test_box_lists_its_parts_and_how_many_could_be_built(
    browser: Client, shop: Shop, make_item: MakeItem
) -> None:
    wax = make_item("Dubbin", stock={shop: 8})
    box = make_item("Care box", item_type="box", stock={shop: 1})
    box.components.create(component=wax, quantity=2)
    box.stock.filter(shop=shop).update(component_qoh=4)
    text = text_of(sheet(browser, box))
    assert "2 × Dubbin" in text
    assert "8 here · 0 elsewhere" in text
    assert "4 could be built" in text


# --- The grid -----------------------------------------------------------------------------


def test_colours_are_rows_and_sizes_columns_in_the_order_of_sizes(
    browser: Client, run: dict[tuple[str, ...], Item]
) -> None:
    html = sheet(browser, run["Red", "9"])
    assert rows_of(html) == [
        ["Color", "Size 9", "Size 10", "Size 10.5"],
        ["Blue", "9 2 · 5", "10 2 · 5", "10.5 2 · 5"],
        ["Red", "9 2 · 5", "10 2 · 5", "– not made"],
    ]
    assert "Trail Runner" in text_of(html)
    assert f'value="{run["Blue", "10"].pk}"' in html


def test_sizes_before_colours_are_columns_too(make_run: MakeRun, browser: Client) -> None:
    items = make_run("Sock", ("M", "Plum"), ("S", "Plum"), ("S", "Sage"), names=("Size", "Color"))
    assert rows_of(sheet(browser, items["M", "Plum"]))[0] == ["Color", "Size S", "Size M"]


def test_one_attribute_is_a_single_row(make_run: MakeRun, browser: Client, shop: Shop) -> None:
    items = make_run("Insole", ("L",), ("S",), ("M",), names=("Size",), stock={shop: 1})
    assert rows_of(sheet(browser, items[("L",)]))[1] == ["", "S 1 · 0", "M 1 · 0", "L 1 · 0"]


def test_third_attribute_parts_the_grid_into_sections(make_run: MakeRun, browser: Client) -> None:
    combinations = [
        (colour, size, width)
        for colour in ("Tan", "Black", "Oak")
        for size in ("8", "9")
        for width in ("Regular", "Wide")
    ]
    items = make_run("Boot", *combinations, names=("Color", "Size", "Width"))
    html = sheet(browser, items["Tan", "8", "Wide"])
    captions = [text_of(found) for found in re.findall(r"<caption.*?</caption>", html, re.DOTALL)]
    assert captions == ["Width Regular", "Width Wide"]
    assert html.count('name="item"') == 12


def test_product_whose_attributes_were_entered_as_free_text_has_a_grid_too() -> None:
    """Not 150 to the third cells, each of them looked for among all items."""
    items = [
        Item(pk=each, attribute1=f"a{each}", attribute2=f"b{each}", attribute3=f"c{each}")
        for each in range(150)
    ]
    grid = variants.grid(items, ("One", "Two", "Three"), chosen=items[0])
    rows = [row for section in grid.sections for row in section.rows]
    assert len(rows) == 150
    assert sorted(item.pk for item in grid.variants) == [item.pk for item in items]


def test_archived_size_is_shown_as_gone_and_a_colour_that_is_all_gone_is_not(
    run: dict[tuple[str, ...], Item], browser: Client
) -> None:
    for values in (("Blue", "9"), ("Red", "9"), ("Red", "10")):
        Item.everywhere.filter(pk=run[values].pk).update(archived=True)
    Item.everywhere.filter(pk=run["Blue", "10.5"].pk).update(attribute2="9.5")
    rows = rows_of(sheet(browser, run["Blue", "10"]))
    assert [row[0] for row in rows] == ["Color", "Blue"]
    Item.everywhere.filter(pk=run["Red", "10"].pk).update(archived=False)
    rows = rows_of(sheet(browser, run["Blue", "10"]))
    assert rows[2] == ["Red", "– not made", "10 2 · 5"]


def test_size_that_is_gone_in_one_colour_only_says_so(
    run: dict[tuple[str, ...], Item], browser: Client
) -> None:
    Item.everywhere.filter(pk=run["Red", "9"].pk).update(archived=True)
    html = sheet(browser, run["Blue", "10"])
    assert rows_of(html)[2] == ["Red", "9 gone", "10 2 · 5", "– not made"]
    assert f'value="{run["Red", "9"].pk}"' not in html


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("blue 10", [("Blue", "10")]),
        ("10 trail blu", [("Blue", "10")]),
        ("trail runner", []),
        ("", []),
        ("red", [("Red", "9"), ("Red", "10")]),
        ("runner 10,5", [("Blue", "10.5")]),
        ("ABC-1", [("Red", "9")]),
    ],
)
def test_sizes_that_were_searched_are_marked(
    run: dict[tuple[str, ...], Item], query: str, marked: list[tuple[str, str]]
) -> None:
    run["Red", "9"].custom_sku = "abc-1"
    assert variants.meant(list(run.values()), query) == {run[values].pk for values in marked}


def test_first_size_that_was_searched_has_the_focus(
    run: dict[tuple[str, ...], Item], browser: Client
) -> None:
    html = sheet(browser, run["Red", "9"], q="blue 10")
    meant = re.search(r"<button[^>]*run__add--meant[^>]*>", html)
    assert meant
    assert f'value="{run["Blue", "10"].pk}"' in meant[0]
    assert "autofocus" in meant[0]
    assert html.count("autofocus") == 1


def test_picture_is_of_the_colour_that_was_searched_and_each_colour_can_be_shown(
    run: dict[tuple[str, ...], Item], browser: Client
) -> None:
    for (colour, _), item in run.items():
        Item.everywhere.filter(pk=item.pk).update(image_public_id=colour)
    blue, red = run["Blue", "10"], run["Red", "9"]
    large = Item.everywhere.get(pk=red.pk).large_image_url
    assert f'id="item-picture" src="{large}"' in sheet(browser, blue, q="red").replace("&amp;", "&")
    html = sheet(browser, blue)
    assert large not in html
    shown = re.findall(r'<a class="run__show"[^>]*href="([^"]*)"', html)
    assert reverse("catalog:item_sheet", args=[red.pk]) in shown
    assert len(shown) == 2


def test_prices_that_differ_stand_on_their_sizes(
    run: dict[tuple[str, ...], Item], browser: Client
) -> None:
    Item.everywhere.filter(pk=run["Blue", "10.5"].pk).update(price=Decimal(159))
    text = text_of(sheet(browser, run["Blue", "10"]))
    assert "from $149.00" in text
    assert "10.5 $159.00" in text


def test_items_that_share_their_values_can_each_be_tapped(
    make_run: MakeRun, make_item: MakeItem, browser: Client
) -> None:
    first = make_run("Cap", ("Red",), ("Blue",), names=("Color",))[("Red",)]
    twin = make_item("Cap Red again", matrix=first.matrix, attribute1="Red")
    html = sheet(browser, first)
    assert f'value="{first.pk}"' in html
    assert f'value="{twin.pk}"' in html


def test_product_of_which_nothing_but_its_items_is_known_has_a_grid_all_the_same(
    account: Account, make_item: MakeItem, browser: Client
) -> None:
    unknown = account.item_matrices.create(lightspeed_id=7, archived=True)
    item = make_item("Tee M", matrix=unknown, attribute2="M")
    make_item("Tee S", matrix=unknown, attribute2="S")
    html = sheet(browser, item)
    assert "Tee M" in html
    assert rows_of(html)[1] == ["", "S ?", "M ?"]


def test_sheet_of_many_sizes_asks_the_database_as_little_as_one_of_few(
    make_run: MakeRun, browser: Client, shop: Shop
) -> None:
    sizes = [(f"Colour {row}", str(size)) for row in range(6) for size in range(6, 18)]
    items = make_run("Boot", *sizes, names=("Color", "Size"), stock={shop: 1})
    item = items["Colour 0", "6"]
    sheet(browser, item)
    with CaptureQueriesContext(connection) as captured:
        html = sheet(browser, item)
    assert html.count('name="item"') == 72
    assert len(captured) <= 9


@pytest.mark.parametrize(
    ("entered", "shown"),
    [
        ("10 8 8.5 9 10.5", "8 8.5 9 10 10.5"),
        ("XL S M XXL L", "S M L XL XXL"),
        ("3XL XL 2XL XS", "XS XL 2XL 3XL"),
        ("M/L S/M L/XL", "S/M M/L L/XL"),
        ("Large Small X-Large Medium", "Small Medium Large X-Large"),
        ("32/34 30/34 30/30 32/32", "30/30 30/34 32/32 32/34"),
        ("W32L34 W30L32 W32L32", "W30L32 W32L32 W32L34"),
        ("11 12 13 1 2 3", "11 12 13 1 2 3"),
        ("2 13 1 11 3 12", "11 12 13 1 2 3"),
        ("13 12 11 10 9 8 7", "7 8 9 10 11 12 13"),
        ("10½ 10 9½", "9½ 10 10½"),
        ("8,5 9 8", "8 8,5 9"),
        ("3/8 1/2 1/4", "1/4 3/8 1/2"),
        ("10W 9 10 9W", "9 9W 10 10W"),
        ("34DD 34B 32C 34A", "32C 34A 34B 34DD"),
        ("4-5Y 2-3Y 6-7Y", "2-3Y 4-5Y 6-7Y"),
        ("Regular Long Short", "Short Regular Long"),
        ("Teal Blue Red", "Teal Blue Red"),
        ("750ml 1L", "750ml 1L"),
        ("S M Onesize", "S M Onesize"),
    ],
)
def test_sizes_come_in_the_order_of_a_shelf(entered: str, shown: str) -> None:
    assert in_order(entered.split()) == shown.split()


# --- The shops ----------------------------------------------------------------------------


def test_shops_are_told_with_count_age_and_what_is_spoken_for_or_to_come(
    browser: Client, shop: Shop, other_shop: Shop, make_item: MakeItem
) -> None:
    item = make_item("Boot", stock={shop: 2, other_shop: 7})
    item.stock.filter(shop=other_shop).update(
        on_layaway=1, on_special_order=2, on_work_order=1, backorder=6, on_transfer_in=3
    )
    far = shop.account.shops.create(lightspeed_id=3, name="Airport")
    answer = browser.get(reverse("catalog:item_stock", args=[item.pk]), headers=HTMX)
    text = text_of(answer.content.decode().split("<tbody>")[1])
    assert text.startswith("Harbour Street here 2 now")
    assert (
        "Mill Lane 1 on layaway 2 for special orders 1 for a work order 6 on order "
        "3 on their way here Ask Mill Lane 7 now" in text
    )
    assert f"{far.name} never had it" in text


def test_shops_take_off_what_is_in_carts_and_say_whose(
    browser: Client, rep: Rep, shop: Shop, make_item: MakeItem
) -> None:
    item = make_item("Boot", price=20, stock={shop: 9})
    ana = make_rep(rep.account, 8, rights=["register"])
    ana.employee.first_name = "Ana"
    ana.employee.save()
    ana.register = rep.register
    for seller, units in ((rep, 1), (ana, 2)):
        Sale.start(seller).add_line(item, units)
    answer = browser.get(reverse("catalog:item_stock", args=[item.pk]), headers=HTMX)
    text = text_of(answer.content.decode().split("<tbody>")[1])
    assert text.startswith("Harbour Street here 1 in your cart 2 in Ana’s cart 6 now")


def test_key_of_the_grid_tells_what_is_how_old(
    browser: Client, run: dict[tuple[str, ...], Item]
) -> None:
    item = run["Blue", "9"]
    assert "here · elsewhere counted just now" in text_of(sheet(browser, item))
    for each in run.values():
        each.stock.update(read_at=timezone.now() - timedelta(hours=3))
    assert "here · elsewhere counted 3 h ago" in text_of(sheet(browser, item))


def test_count_of_an_hour_ago_says_so(browser: Client, shop: Shop, make_item: MakeItem) -> None:
    item = make_item("Boot", stock={shop: 2})
    item.stock.update(read_at=timezone.now() - timedelta(hours=3))
    answer = browser.get(reverse("catalog:item_stock", args=[item.pk]), headers=HTMX)
    assert "3 h" in text_of(answer.content.decode())


def test_shops_of_a_size_open_over_its_grid(
    browser: Client, run: dict[tuple[str, ...], Item]
) -> None:
    item = run["Blue", "10"]
    url = reverse("catalog:item_stock", args=[item.pk])
    assert f'href="{url}"' in sheet(browser, item)
    part = browser.get(url, headers=HTMX | {"HX-Target": "item-stock"}).content.decode()
    assert 'id="item-stock"' in part
    assert "Trail Runner Blue 10" in part
    assert "item-grid" not in part
    whole = browser.get(url, headers=HTMX).content.decode()
    assert "item-grid" in whole
    assert "Mill Lane" in whole


def test_shops_of_a_product_are_told_with_the_sizes_that_were_searched(
    browser: Client,
    run: dict[tuple[str, ...], Item],
    rep: Rep,
    account: Account,
    shop: Shop,
    other_shop: Shop,
) -> None:
    run["Blue", "9"].stock.filter(shop=other_shop).update(sellable=1)
    run["Blue", "10"].stock.filter(shop=other_shop).update(sellable=0)
    Sale.start(rep).add_line(run["Blue", "10"], 2)
    account.shops.create(lightspeed_id=3, name="Airport")
    url = reverse("catalog:product_stock", args=[run["Red", "9"].pk])
    for headers in (HTMX, HTMX | {"HX-Target": "item-stock"}):
        html = browser.get(url, {"q": "blue"}, headers=headers).content.decode()
        text = text_of(html.split('id="item-stock"')[1])
        assert "Harbour Street here Blue 9 ×2 10.5 ×2 4 now" in text
        assert "Mill Lane Blue 9 10.5 ×5 6 now" in text
        assert "Airport never had it" in text
        assert ('id="item-grid"' in html) == (headers == HTMX)
    text = text_of(browser.get(url, headers=HTMX).content.decode())
    assert "Red 9 ×2 10 ×2" in text


def test_stock_on_the_card_of_a_product_opens_its_shops(
    browser: Client, run: dict[tuple[str, ...], Item]
) -> None:
    page = browser.get("/items/", {"q": "trail blue"}, headers=HTMX).content.decode()
    url = reverse("catalog:product_stock", args=[run["Blue", "10"].pk])
    assert f'<a href="{url}?q=trail%20blue">' in page


def test_shops_of_a_product_that_comes_in_one_kind_are_those_of_the_item(
    browser: Client, shop: Shop, make_item: MakeItem
) -> None:
    item = make_item("Boot", stock={shop: 2})
    url = reverse("catalog:product_stock", args=[item.pk])
    text = text_of(browser.get(url, headers=HTMX).content.decode())
    assert "Harbour Street here 2 now" in text


def test_stock_on_a_card_opens_the_shops(browser: Client, shop: Shop, make_item: MakeItem) -> None:
    item = make_item("Boot", stock={shop: 2})
    page = browser.get("/items/", {"q": "boot"}, headers=HTMX).content.decode()
    link = re.search(r"<a href=\"[^\"]*/stock/\">(.*?)</a>", page, re.DOTALL)
    assert link
    assert reverse("catalog:item_stock", args=[item.pk]) in link[0]
    assert "2 here · 0 elsewhere" in text_of(link[1])
