"""What a rep sees before anything is typed."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from salesfloor.catalog import favourites, search, sold
from salesfloor.catalog.favourites import MOST
from salesfloor.catalog.models import Category, Favourite, Item
from salesfloor.catalog.sold import Sold
from salesfloor.catalog.views import PAGE
from salesfloor.staff.models import Account, Rep, Shop
from tests.catalog.conftest import MakeItem
from tests.mirror.connected import make_rep

HTMX = {"HX-Request": "true"}
ITEMS = reverse("catalog:item_search")


def signed_in(rep: Rep) -> Client:
    browser = Client()
    browser.force_login(rep.user, backend="salesfloor.staff.sign_in.SignInBackend")
    return browser


@pytest.fixture
def browser(rep: Rep) -> Client:
    return signed_in(rep)


@pytest.fixture
def manager(account: Account, rep: Rep) -> Rep:
    """At the rep's register."""
    manager = make_rep(account, 1, rights=["admin", "register"])
    manager.register = rep.register
    manager.save()
    return manager


def results(browser: Client, **query: Any) -> str:
    return browser.get(ITEMS, query, headers=HTMX).content.decode()


def names(browser: Client, **query: Any) -> list[str]:
    page = results(browser, **query).replace("<mark>", "").replace("</mark>", "")
    return re.findall(r"<b>([^<]*)</b>", page)


def put(browser: Client, item: Item, whose: str = "mine") -> Any:
    url = reverse("catalog:favourite", args=[item.pk])
    return browser.post(url, {"put": whose}, headers=HTMX)


def take(browser: Client, item: Item, whose: str = "mine") -> Any:
    url = reverse("catalog:favourite", args=[item.pk])
    return browser.post(url, {"take": whose}, headers=HTMX)


def sell(item: Item, shop: Shop, units: int = 1, *, days_ago: float = 1, sale: int = 0) -> None:
    number = sale or 1 + sum(1 for _ in item.account.sold_lines.all())
    at = timezone.now() - timedelta(days=days_ago)
    read = Sold(lightspeed_id=number, reference="", shop_pk=shop.pk, at=at, units={item.pk: units})
    sold.count(item.account, [number], [read])


# --- Favourites -------------------------------------------------------------------------


def test_star_puts_an_item_among_the_reps_own_favourites_and_takes_it_out(
    browser: Client, make_item: MakeItem
) -> None:
    boot, _sock = make_item("Boot"), make_item("Sock")
    page = put(browser, boot).content.decode()
    assert 'aria-pressed="true"' in page
    assert f'id="favourite-{boot.pk}"' in page
    assert names(browser, view="favourites") == ["Boot"]
    assert 'aria-pressed="false"' in take(browser, boot).content.decode()
    assert names(browser, view="favourites") == []


def test_no_favourites_say_how_to_have_some(browser: Client, make_item: MakeItem) -> None:
    make_item("Boot")
    page = results(browser, view="favourites")
    assert "No favourites yet." in page
    assert "Touch its star" in page


def test_favourites_of_the_shop_come_before_those_of_all_and_the_reps_own(
    browser: Client, manager: Rep, make_item: MakeItem
) -> None:
    items = {name: make_item(name) for name in ("Own", "All", "Shop", "Both", "Other")}
    put(browser, items["Own"])
    put(browser, items["Both"])
    of_manager = signed_in(manager)
    put(of_manager, items["All"], "all")
    put(of_manager, items["Both"], "all")
    put(of_manager, items["Shop"], "shop")
    put(of_manager, items["Other"], "mine")
    assert names(browser, view="favourites") == ["Shop", "All", "Both", "Own"]


def test_favourites_of_one_shop_are_not_shown_in_another(
    browser: Client, rep: Rep, manager: Rep, other_shop: Shop, make_item: MakeItem
) -> None:
    boot = make_item("Boot")
    put(signed_in(manager), boot, "shop")
    assert names(browser, view="favourites") == ["Boot"]
    rep.register = rep.account.registers.create(shop=other_shop, lightspeed_id=2, name="2")
    rep.save()
    assert names(browser, view="favourites") == []


def test_rep_cannot_choose_favourites_for_others(browser: Client, make_item: MakeItem) -> None:
    boot = make_item("Boot")
    for whose in ("shop", "all"):
        assert put(browser, boot, whose).status_code == 403
        assert take(browser, boot, whose).status_code == 403
    assert not Favourite.everywhere.exists()
    star = browser.get(reverse("catalog:favourite", args=[boot.pk])).content.decode()
    assert star.count("aria-pressed") == 1


def test_star_tapped_twice_is_there_once(browser: Client, make_item: MakeItem) -> None:
    boot = make_item("Boot")
    put(browser, boot)
    put(browser, boot)
    assert Favourite.everywhere.count() == 1


def test_list_that_is_full_takes_no_more(
    browser: Client, account: Account, rep: Rep, make_item: MakeItem
) -> None:
    items = Item.everywhere.bulk_create(
        Item(account=account, lightspeed_id=1000 + number, description=f"Cap {number}")
        for number in range(MOST)
    )
    Favourite.everywhere.bulk_create(
        Favourite(account=account, item=item, rep=rep) for item in items
    )
    refused = put(browser, make_item("Boot"))
    assert refused.status_code == 422
    assert "That list is full." in refused.content.decode()


def test_star_works_as_a_plain_page_and_stands_on_the_sheet(
    browser: Client, make_item: MakeItem
) -> None:
    boot = make_item("Boot")
    url = reverse("catalog:favourite", args=[boot.pk])
    assert "Boot" in browser.get(url).content.decode()
    assert browser.post(url, {"put": "mine"})["Location"] == url
    sheet = browser.get(reverse("catalog:item_sheet", args=[boot.pk])).content.decode()
    assert f'id="favourite-{boot.pk}"' in sheet
    assert 'aria-pressed="true"' in sheet


def test_manager_puts_favourites_in_order_and_out(
    browser: Client, manager: Rep, make_item: MakeItem
) -> None:
    of_manager = signed_in(manager)
    for name in ("One", "Two", "Three"):
        put(of_manager, make_item(name), "all")
    page = reverse("catalog:favourites")

    def move(name: str, to: str) -> None:
        one = Favourite.everywhere.get(item__description=name)
        answer = of_manager.post(reverse("catalog:move_favourite", args=[one.pk]), {"to": to})
        assert answer["Location"] == page

    move("Three", "up")
    move("One", "down")
    move("Three", "up")
    assert names(browser, view="favourites") == ["Three", "One", "Two"]
    shown = of_manager.get(page).content.decode()
    assert re.findall(r'favourites__name"[^>]*>([^<]*)<', shown) == ["Three", "One", "Two"]
    move("One", "out")
    assert names(browser, view="favourites") == ["Three", "Two"]


def test_favourite_that_another_manager_has_just_taken_out_moves_nothing(
    browser: Client, manager: Rep, make_item: MakeItem
) -> None:
    for name in ("One", "Two", "Three"):
        put(signed_in(manager), make_item(name), "all")
    one = Favourite.everywhere.get(item__description="Three")
    Favourite.everywhere.filter(pk=one.pk).delete()
    with transaction.atomic():
        favourites.move(one, -1)
    assert names(browser, view="favourites") == ["One", "Two"]


def test_favourites_page_is_the_managers_alone(
    browser: Client, manager: Rep, shop: Shop, make_item: MakeItem
) -> None:
    put(signed_in(manager), make_item("Boot"), "shop")
    one = Favourite.everywhere.get()
    assert browser.get(reverse("catalog:favourites")).status_code == 403
    move = reverse("catalog:move_favourite", args=[one.pk])
    assert browser.post(move, {"to": "out"}).status_code == 403
    of_manager = signed_in(manager)
    assert (
        "no favourites for all shops"
        in of_manager.get(reverse("catalog:favourites")).content.decode()
    )
    page = of_manager.get(reverse("catalog:favourites"), {"shop": shop.pk}).content.decode()
    assert "Boot" in page
    assert of_manager.get(reverse("catalog:favourites"), {"shop": "x"}).status_code == 404


# --- Favourites in several sizes --------------------------------------------------------


@pytest.fixture
def boots(account: Account, make_item: MakeItem) -> list[Item]:
    matrix = account.item_matrices.create(lightspeed_id=5, description="Ridgeback Mid")
    return [
        make_item(f"Ridgeback Mid Olive {size}", matrix=matrix, attribute1=str(size))
        for size in (8, 9, 10)
    ]


def star(browser: Client, item: Item) -> str:
    return browser.get(reverse("catalog:item_sheet", args=[item.pk]), headers=HTMX).content.decode()


def archive(item: Item) -> None:
    item.archived = True
    item.save()
    search.index([item])


def test_star_is_of_the_product_whichever_size_it_is_opened_by(
    browser: Client, boots: list[Item]
) -> None:
    put(browser, boots[0])
    put(browser, boots[1])
    assert Favourite.everywhere.count() == 1
    for boot in boots:
        assert 'aria-pressed="true"' in star(browser, boot)
    assert 'aria-pressed="false"' in take(browser, boots[2]).content.decode()
    assert not Favourite.everywhere.exists()


def test_favourite_in_several_sizes_is_one_card_that_opens_them(
    browser: Client, make_item: MakeItem, boots: list[Item]
) -> None:
    sock = make_item("Sock")
    for item in (sock, boots[1], make_item("Cap")):
        put(browser, item)
    for view in ("favourites", ""):
        page = results(browser, view=view)
        assert re.findall(r"<b>([^<]*)</b>", page) == ["Sock", "Ridgeback Mid", "Cap"]
        assert "<b>Ridgeback Mid</b><i>3 variants</i>" in page
        assert f'<a href="/items/{boots[0].pk}/">' in page
        assert re.findall(r'name="item" value="(\d+)"', page)[0] == str(sock.pk)
        assert not any(f'value="{boot.pk}"' in page for boot in boots)


def test_sizes_that_were_favourites_each_are_shown_once_and_taken_away_together(
    browser: Client, rep: Rep, manager: Rep, boots: list[Item]
) -> None:
    for boot in boots:
        Favourite.everywhere.create(account=rep.account, item=boot, rep=rep)
        Favourite.everywhere.create(account=rep.account, item=boot)
    assert names(browser, view="favourites") == ["Ridgeback Mid"]
    take(browser, boots[0])
    assert names(browser, view="favourites") == ["Ridgeback Mid"]  # of all shops
    take(signed_in(manager), boots[0], "all")
    assert names(browser, view="favourites") == []


def test_favourite_of_which_one_size_is_left_is_sold_by_a_tap(
    browser: Client, shop: Shop, boots: list[Item]
) -> None:
    put(browser, boots[0])
    sell(boots[2], shop)
    archive(boots[0])
    assert names(browser, view="favourites") == ["Ridgeback Mid"]
    archive(boots[1])
    page = results(browser, view="favourites")
    assert f'name="item" value="{boots[2].pk}"' in page
    assert names(browser, view="favourites") == ["Ridgeback Mid Olive 10"]
    assert names(browser) == ["Ridgeback Mid Olive 10"]
    archive(boots[2])
    assert names(browser, view="favourites") == []


def test_size_that_sells_best_stands_beside_the_favourite_of_its_product(
    browser: Client, shop: Shop, boots: list[Item]
) -> None:
    put(browser, boots[0])
    sell(boots[2], shop)
    assert names(browser) == ["Ridgeback Mid", "Ridgeback Mid Olive 10"]
    assert names(browser, view="best-sellers") == ["Ridgeback Mid Olive 10"]


def test_manager_moves_and_takes_out_products_by_their_names(
    browser: Client, rep: Rep, manager: Rep, make_item: MakeItem, boots: list[Item]
) -> None:
    of_manager = signed_in(manager)
    for item in (boots[0], make_item("Sock"), boots[1]):
        Favourite.everywhere.create(account=rep.account, item=item)
    url = reverse("catalog:favourites")

    def shown() -> list[str]:
        page = of_manager.get(url).content.decode()
        return re.findall(r'favourites__name"[^>]*>([^<]*)<', page)

    def act(name: str, to: str) -> None:
        one = Favourite.everywhere.filter(item__description=name).earliest("position", "pk")
        of_manager.post(reverse("catalog:move_favourite", args=[one.pk]), {"to": to})

    assert shown() == ["Ridgeback Mid", "Sock"]
    act("Sock", "up")
    assert shown() == names(browser, view="favourites") == ["Sock", "Ridgeback Mid"]
    act("Ridgeback Mid Olive 8", "up")
    assert shown() == ["Ridgeback Mid", "Sock"]
    page = of_manager.get(url).content.decode()
    assert "Take Ridgeback Mid out" in page
    assert "archived" not in page
    archive(boots[0])
    assert "archived" not in of_manager.get(url).content.decode()
    act("Ridgeback Mid Olive 8", "out")
    assert shown() == names(browser, view="favourites") == ["Sock"]


def test_favourites_in_sizes_cost_three_queries_however_many_they_are(
    browser: Client, account: Account, make_item: MakeItem, boots: list[Item]
) -> None:
    put(browser, make_item("Sock"))

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            results(browser, view="favourites")
        return len(captured)

    before = asked()
    put(browser, boots[0])
    for number in range(10, 14):
        matrix = account.item_matrices.create(lightspeed_id=number, description=f"Boot {number}")
        made = [make_item(f"Boot {number} {size}", matrix=matrix) for size in "SM"]
        put(browser, made[0])
    assert asked() == before + 3


# --- Best sellers, recently sold --------------------------------------------------------


def test_best_sellers_are_those_of_this_shop(
    browser: Client, shop: Shop, other_shop: Shop, make_item: MakeItem
) -> None:
    sock, boot, cap = make_item("Sock"), make_item("Boot"), make_item("Cap")
    sell(sock, shop, 2)
    sell(boot, shop, 5)
    sell(cap, other_shop, 50)
    assert names(browser, view="best-sellers") == ["Boot", "Sock"]


def test_best_seller_in_several_sizes_is_shown_once(
    browser: Client, account: Account, shop: Shop, make_item: MakeItem
) -> None:
    matrix = account.item_matrices.create(lightspeed_id=5, description="Trail Runner")
    eight, nine = (make_item(f"Trail Runner {size}", matrix=matrix) for size in (8, 9))
    sock = make_item("Sock")
    sell(eight, shop, 3)
    sell(nine, shop, 4)
    sell(sock, shop, 5)
    assert names(browser, view="best-sellers") == ["Trail Runner 9", "Sock"]


def test_what_came_back_counts_against(browser: Client, shop: Shop, make_item: MakeItem) -> None:
    sock, boot = make_item("Sock"), make_item("Boot")
    sell(sock, shop, 3)
    sell(boot, shop, 4)
    sell(boot, shop, -4)
    assert names(browser, view="best-sellers") == ["Sock"]


def test_recently_sold_come_latest_first(browser: Client, shop: Shop, make_item: MakeItem) -> None:
    for name, days_ago in (("Sock", 3), ("Boot", 1), ("Cap", 2)):
        sell(make_item(name), shop, days_ago=days_ago)
    assert names(browser, view="recently-sold") == ["Boot", "Cap", "Sock"]


@pytest.mark.parametrize("view", ["best-sellers", "recently-sold"])
def test_nothing_sold_says_so(browser: Client, make_item: MakeItem, view: str) -> None:
    make_item("Boot")
    page = results(browser, view=view)
    assert "Nothing was sold in Harbour Street in the last 90 days" in page
    assert f'href="{ITEMS}"' in page


def test_archived_items_are_in_no_view(browser: Client, shop: Shop, make_item: MakeItem) -> None:
    boot = make_item("Boot", archived=True)
    put(browser, boot)
    sell(boot, shop)
    for view in ("favourites", "best-sellers", "recently-sold", ""):
        assert names(browser, view=view) == []


def test_favourites_and_best_sellers_stand_before_all_others_and_nothing_twice(
    browser: Client, shop: Shop, make_item: MakeItem
) -> None:
    items = {name: make_item(name) for name in (f"Cap {number:02}" for number in range(60))}
    put(browser, items["Cap 41"])
    sell(items["Cap 57"], shop)
    sell(items["Cap 41"], shop)
    shown = [name for page in range(1, 5) for name in names(browser, page=page)]
    assert shown[:2] == ["Cap 41", "Cap 57"]
    assert sorted(shown) == sorted(items)


def test_views_come_a_page_at_a_time(browser: Client, shop: Shop, make_item: MakeItem) -> None:
    for number in range(30):
        sell(make_item(f"Cap {number:02}"), shop, 60 - number)
    first = results(browser, view="best-sellers")
    assert "?view=best-sellers&amp;page=2" in first
    assert names(browser, view="best-sellers", page=2) == [f"Cap {n:02}" for n in range(PAGE, 30)]


def test_what_is_typed_is_looked_for_everywhere(browser: Client, make_item: MakeItem) -> None:
    boot = make_item("Boot")
    make_item("Sock")
    put(browser, boot)
    assert names(browser, view="favourites", q="sock") == ["Sock"]


@pytest.mark.parametrize("view", ["x", "0", "-1", "9" * 30, "\0", "favourites "])
def test_view_that_is_none_shows_all(browser: Client, make_item: MakeItem, view: str) -> None:
    make_item("Boot")
    assert names(browser, view=view) == ["Boot"]


# --- The tree of categories -------------------------------------------------------------


@pytest.fixture
def tree(account: Account, make_item: MakeItem) -> dict[str, Category]:
    """Shoes (Trail (Winter), Road), Jackets; an item in each, named after it."""
    nodes = [
        ("Shoes", 0, 1, 8),
        ("Trail", 1, 2, 5),
        ("Winter", 2, 3, 4),
        ("Road", 1, 6, 7),
        ("Jackets", 0, 9, 10),
    ]
    made = {}
    for number, (name, parent, left, right) in enumerate(nodes, 1):
        made[name] = account.categories.create(
            lightspeed_id=number,
            name=name,
            full_path_name=name,
            parent_lightspeed_id=parent,
            left_node=left,
            right_node=right,
        )
        make_item(f"Thing of {name}", category=made[name])
    return made


def chips(page: str) -> list[str]:
    branch = page.partition('id="branch"')[2].partition("</nav>")[0]
    return re.findall(r">([^<>]+)</a>", branch)


def test_category_shows_all_below_it_and_the_ways_on(
    browser: Client, tree: dict[str, Category]
) -> None:
    page = results(browser, view=tree["Shoes"].pk)
    assert chips(page) == ["Trail", "Road"]
    assert sorted(names(browser, view=tree["Shoes"].pk)) == [
        "Thing of Road",
        "Thing of Shoes",
        "Thing of Trail",
        "Thing of Winter",
    ]
    page = results(browser, category=tree["Trail"].pk)
    assert chips(page) == ["Shoes", "Trail", "Winter"]
    assert sorted(names(browser, category=tree["Trail"].pk)) == [
        "Thing of Trail",
        "Thing of Winter",
    ]
    assert chips(results(browser, category=tree["Winter"].pk)) == ["Trail", "Winter"]
    assert chips(results(browser, view=tree["Jackets"].pk)) == []


def test_ways_in_the_tree_are_plain_addresses(browser: Client, tree: dict[str, Category]) -> None:
    page = results(browser, view=tree["Shoes"].pk, q="thing")
    assert f'href="{ITEMS}?q=thing&amp;category={tree["Trail"].pk}"' in page
    whole = browser.get(ITEMS, {"category": tree["Winter"].pk}).content.decode()
    assert "<html" in whole
    shoes = f'value="{tree["Shoes"].pk}"'
    assert re.search(rf"{shoes}\s+checked", whole)
    assert f'value="{tree["Winter"].pk}" form="finder"' in whole


def test_what_is_typed_below_a_branch_is_looked_for_there(
    browser: Client, tree: dict[str, Category]
) -> None:
    below = {"view": tree["Shoes"].pk, "category": tree["Trail"].pk, "q": "thing"}
    assert sorted(names(browser, **below)) == ["Thing of Trail", "Thing of Winter"]


def test_chip_that_leads_elsewhere_leaves_the_branch(
    browser: Client, tree: dict[str, Category]
) -> None:
    elsewhere = {"view": tree["Jackets"].pk, "category": tree["Trail"].pk}
    assert names(browser, **elsewhere) == ["Thing of Jackets"]
    assert len(names(browser, view="", category=tree["Trail"].pk)) == 5


def test_category_of_another_account_is_no_way(
    browser: Client, tree: dict[str, Category], account: Account
) -> None:
    other = Account.objects.create(lightspeed_id=2, name="Other")
    other.categories.create(
        lightspeed_id=9, name="Secrets", parent_lightspeed_id=1, left_node=1, right_node=2
    )
    page = results(browser, view=tree["Shoes"].pk)
    assert "Secrets" not in page


def test_archived_category_is_no_way(browser: Client, tree: dict[str, Category]) -> None:
    tree["Road"].archived = True
    tree["Road"].save()
    assert chips(results(browser, view=tree["Shoes"].pk)) == ["Trail"]


# --- Another account --------------------------------------------------------------------


def test_another_account_sees_and_changes_no_favourites_of_ours(
    manager: Rep, shop: Shop, make_item: MakeItem
) -> None:
    boot = make_item("Boot")
    put(signed_in(manager), boot, "all")
    sell(boot, shop)
    other = Account.objects.create(lightspeed_id=2, name="Other", connected_at=timezone.now())
    stranger = make_rep(other, 1, rights=["admin", "register"])
    far_away = other.shops.create(lightspeed_id=1, name="Far Away")
    stranger.register = other.registers.create(shop=far_away, lightspeed_id=1, name="1")
    stranger.save()
    theirs = signed_in(stranger)
    for view in ("favourites", "best-sellers", "recently-sold", ""):
        assert names(theirs, view=view) == []
    assert put(theirs, boot).status_code == 404
    assert take(theirs, boot, "all").status_code == 404
    one = Favourite.everywhere.get()
    move = reverse("catalog:move_favourite", args=[one.pk])
    assert theirs.post(move, {"to": "out"}).status_code == 404
    page = reverse("catalog:favourites")
    assert theirs.get(page, {"shop": shop.pk}).status_code == 404
    assert "Boot" not in theirs.get(page).content.decode()
