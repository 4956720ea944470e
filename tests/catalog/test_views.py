import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from salesfloor.catalog.models import Item, StockCheck
from salesfloor.staff.models import Account, Rep, Shop
from tests.catalog.conftest import MakeItem
from tests.mirror.connected import make_rep
from tests.simulator.running import RunningSimulator

HTMX = {"HX-Request": "true"}
SEARCH = "/items/"


@pytest.fixture
def browser(client: Client, rep: Rep) -> Client:
    client.force_login(rep.user, backend="salesfloor.staff.sign_in.SignInBackend")
    return client


def unmarked(page: str) -> str:
    return page.replace("<mark>", "").replace("</mark>", "")


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [("gzip, br", "br"), ("gzip, deflate, br, zstd", "zstd"), ("gzip, deflate", "gzip")],
)
def test_results_are_sent_as_small_as_the_browser_can_read_them(
    browser: Client, make_item: MakeItem, accepted: str, sent: str
) -> None:
    for number in range(8):
        make_item(f"Trail Runner {number}")
    read = browser.get(SEARCH, {"q": "trail"}, headers=HTMX).content
    answer = browser.get(SEARCH, {"q": "trail"}, headers=HTMX | {"Accept-Encoding": accepted})
    assert answer["Content-Encoding"] == sent
    assert "Accept-Encoding" in answer["Vary"]
    assert len(answer.content) < len(read) / 2


def test_search_as_one_types_answers_the_results_alone(
    browser: Client, shop: Shop, make_item: MakeItem
) -> None:
    item = make_item("Trail Runner", price=149, prices={"1": "149"}, stock={shop: 2})
    answer = browser.get(SEARCH, {"q": "trai"}, headers=HTMX)
    page = answer.content.decode()
    assert "<b><mark>Trai</mark>l Runner</b>" in page
    page = unmarked(page)
    assert page.lstrip().startswith("<section")
    assert f'name="item" value="{item.pk}"' in page
    assert "Trail Runner" in page
    assert "149.00" in page
    assert "2 here · 0 elsewhere" in page
    assert "HX-Request" in answer["Vary"]


def test_product_in_sizes_says_how_many_are_here_and_how_old_that_is(
    browser: Client, account: Account, shop: Shop, make_item: MakeItem
) -> None:
    confirmed_at = timezone.now() - timedelta(minutes=3, seconds=5)
    StockCheck.everywhere.create(account=account, confirmed_at=confirmed_at)
    matrix = account.item_matrices.create(lightspeed_id=5, description="Trail Runner")
    make_item("Trail Runner 9", matrix=matrix, attribute1="9", stock={shop: 2})
    make_item("Trail Runner 10", matrix=matrix, attribute1="10", stock={shop: 0})
    page = browser.get(SEARCH, {"q": "trai"}, headers=HTMX).content.decode()
    assert "1 of 2 here" in page
    assert "<small>3 min</small>" in page


def test_product_in_sizes_of_which_stock_was_never_read_says_so(
    browser: Client, account: Account, make_item: MakeItem
) -> None:
    matrix = account.item_matrices.create(lightspeed_id=5, description="Trail Runner")
    for size in ("9", "10"):
        make_item(f"Trail Runner {size}", matrix=matrix, attribute1=size)
    page = browser.get(SEARCH, {"q": "trai"}, headers=HTMX).content.decode()
    assert "Not counted yet" in page
    assert "of 2 here" not in page


@pytest.mark.parametrize("query", ["", "trai"])
def test_page_that_is_beyond_all_pages_is_empty(
    browser: Client, make_item: MakeItem, query: str
) -> None:
    make_item("Trail Runner")
    answer = browser.get(SEARCH, {"q": query, "page": "9" * 18}, headers=HTMX)
    assert answer.status_code == 200
    assert "Trail Runner" not in unmarked(answer.content.decode())


def test_archived_items_are_found_whatever_stock_was_wanted(
    browser: Client, make_item: MakeItem
) -> None:
    make_item("Trail Runner", archived=True)
    asked = {"q": "trail", "stock": "here", "archived": "1"}
    page = browser.get(SEARCH, asked, headers=HTMX).content.decode()
    assert "Trail Runner" in unmarked(page)


def test_address_opened_by_itself_is_a_whole_page(browser: Client, make_item: MakeItem) -> None:
    make_item("Trail Runner")
    for headers in ({}, HTMX | {"HX-History-Restore-Request": "true"}):
        page = unmarked(browser.get(SEARCH, {"q": "trail"}, headers=headers).content.decode())
        assert "<html" in page
        assert "Trail Runner" in page
        assert 'value="trail"' in page


def test_nothing_found_says_what_was_looked_for_and_offers_a_way_on(
    browser: Client, account: Account
) -> None:
    shoes = account.categories.create(
        lightspeed_id=1, name="Shoes", full_path_name="Shoes", left_node=1, right_node=2
    )
    page = browser.get(SEARCH, {"q": "<b>zzz"}, headers=HTMX).content.decode()
    assert "Nothing fits “&lt;b&gt;zzz”" in page
    page = browser.get(SEARCH, {"q": "zzz", "category": shoes.pk}, headers=HTMX).content.decode()
    assert "Nothing in Shoes fits “zzz”" in page
    assert f'href="{SEARCH}?q=zzz"' in page


def test_long_results_come_a_page_at_a_time(browser: Client, make_item: MakeItem) -> None:
    for number in range(30):
        make_item(f"Boot {number:02}")
    first = browser.get(SEARCH, {"q": "boot"}, headers=HTMX).content.decode()
    assert first.count('name="item"') == 20
    assert "?q=boot&amp;page=2" in first
    second = browser.get(SEARCH, {"q": "boot", "page": 2}, headers=HTMX).content.decode()
    assert second.count('name="item"') == 10
    assert "<section" not in second
    assert "page=3" not in second


@pytest.mark.parametrize("category", ["0", "-1", "x", "9" * 30, "²", "1'"])
def test_odd_categories_and_pages_are_as_if_none_was_given(
    browser: Client, make_item: MakeItem, category: str
) -> None:
    make_item("Boot")
    answer = browser.get(SEARCH, {"category": category, "page": category}, headers=HTMX)
    assert answer.status_code == 200


def test_category_of_another_account_is_none(browser: Client, make_item: MakeItem) -> None:
    other = Account.objects.create(lightspeed_id=2, name="Other")
    theirs = other.categories.create(lightspeed_id=1, name="Secrets", full_path_name="Secrets")
    make_item("Boot")
    page = browser.get(SEARCH, {"category": theirs.pk}).content.decode()
    assert "Boot" in page
    assert "Secrets" not in page


def test_page_of_results_is_light(browser: Client, shop: Shop, make_item: MakeItem) -> None:
    for number in range(30):
        make_item(
            f"Trail Runner GTX Blue {number}", price=149, image_public_id="x", stock={shop: 2}
        )
    answer = browser.get(SEARCH, {"q": "trail"}, headers=HTMX)
    assert answer.content.count(b"<img") == 20
    assert len(answer.content) <= 7_000


def test_service_is_opened_by_words_where_others_have_their_stock(
    browser: Client, shop: Shop, make_item: MakeItem
) -> None:
    fitting = make_item("Boot fitting", item_type="non_inventory")
    make_item("Boot", stock={shop: 2})
    page = browser.get(SEARCH, {"q": "boot"}, headers=HTMX).content.decode()
    assert re.findall(r'<a href="([^"]*)">Details</a>', page) == [f"/items/{fitting.pk}/"]


def test_service_is_put_among_the_favourites_by_its_star(
    browser: Client, make_item: MakeItem
) -> None:
    fitting = make_item("Boot fitting", item_type="non_inventory")
    assert "Details" in browser.get(SEARCH, {"view": "favourites"}).content.decode()
    star = f"/items/{fitting.pk}/favourite/"
    assert star in browser.get(f"/items/{fitting.pk}/", headers=HTMX).content.decode()
    browser.post(star, {"put": "mine"}, headers=HTMX)
    page = browser.get(SEARCH, {"view": "favourites"}, headers=HTMX).content.decode()
    assert "Boot fitting" in page
    assert "Details" in page


# --- Pictures ---------------------------------------------------------------------------


@pytest.fixture
def pictured(make_item: MakeItem, demo_simulator: RunningSimulator, settings: Any) -> Item:
    settings.SIMULATOR_URL = demo_simulator.url
    token = demo_simulator.grant().headers
    image = demo_simulator.http.get(
        f"{demo_simulator.url}/API/V3/Account/4711/Image.json?limit=1", headers=token, timeout=30
    ).json()["Image"]
    return make_item(
        "Boot", image_base_url=image["baseImageURL"], image_public_id=image["publicID"]
    )


def test_picture_is_fetched_once_and_then_served_by_us(
    browser: Client, pictured: Item, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    first = browser.get(pictured.image_url)
    settings.SIMULATOR_URL = "http://127.0.0.1:9"  # no more to be had from there
    second = browser.get(pictured.image_url)
    assert first["Content-Type"] == second["Content-Type"] == "image/svg+xml"
    assert first.content == second.content
    assert "immutable" in first["Cache-Control"]
    assert "private" in first["Cache-Control"]
    assert first["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in first["Content-Security-Policy"]
    assert "sandbox" in first["Content-Security-Policy"]


def test_new_picture_has_a_new_address(pictured: Item) -> None:
    before = pictured.image_url
    pictured.image_public_id = "another"
    assert pictured.image_url != before


@pytest.mark.parametrize(
    ("base", "public_id"),
    [
        ("http://169.254.169.254/latest", "secrets"),
        ("https://res.cloudinary.com.evil.example/", "x"),
        ("https://res.cloudinary.com@127.0.0.1:9/", "x"),
        ("file:///etc", "passwd"),
        ("", "x"),
    ],
)
def test_picture_from_elsewhere_is_not_fetched(
    browser: Client, make_item: MakeItem, settings: Any, tmp_path: Path, base: str, public_id: str
) -> None:
    settings.DATA_DIR = tmp_path
    item = make_item("Boot", image_base_url=base, image_public_id=public_id)
    answer = browser.get(item.image_url)
    assert answer.status_code == 302
    assert answer["Location"].endswith("/catalog/no-picture.svg")


def test_what_is_no_picture_is_not_handed_on(
    browser: Client,
    make_item: MakeItem,
    demo_simulator: RunningSimulator,
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.DATA_DIR, settings.SIMULATOR_URL = tmp_path, demo_simulator.url
    item = make_item(
        "Boot", image_base_url=f"{demo_simulator.url}/_simulator/state", image_public_id="x"
    )
    assert browser.get(item.image_url).status_code == 302
    assert not [
        path
        for path in (tmp_path / "images").rglob("*")
        if path.suffix != ".failed" and path.is_file()
    ]


def test_item_of_another_account_has_no_picture_for_us(
    browser: Client, make_item: MakeItem
) -> None:
    other = Account.objects.create(lightspeed_id=2, name="Other")
    theirs = make_item("Their boot", of=other, image_public_id="x")
    assert browser.get(theirs.image_url).status_code == 404


def test_nobody_searches_without_signing_in(client: Client, account: Account) -> None:
    assert client.get(SEARCH).status_code == 302


def test_rep_without_a_register_is_sent_to_choose_one(client: Client, account: Account) -> None:
    rep = make_rep(account, 8, rights=["register"])
    client.force_login(rep.user, backend="salesfloor.staff.sign_in.SignInBackend")
    assert client.get(SEARCH)["Location"] == reverse("staff:home")
