"""What is found where nothing fits as typed, what is offered, and what managers' synonyms do."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from salesfloor.catalog import search
from salesfloor.staff.models import Account, Rep, Shop
from tests.catalog.conftest import MakeItem
from tests.catalog.test_search import names
from tests.catalog.test_views import HTMX, SEARCH, browser
from tests.mirror.connected import make_rep

__all__ = ["browser"]


@pytest.fixture
def shelf(make_item: MakeItem) -> None:
    for name in ("Trail Runner", "Harrier Tent", "Softshell Jacket", "Soft Shell Trousers"):
        make_item(name)
    for name in ("Water Bottle 750 mL", "Wool Sock", "Ice Axe", "Boot"):
        make_item(name)


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("runer", "Trail Runner"),  # a letter too few
        ("runnner", "Trail Runner"),  # too many
        ("rubner", "Trail Runner"),  # another
        ("urnner", "Trail Runner"),  # exchanged
        ("eunner", "Trail Runner"),  # the first is another
        ("unner", "Trail Runner"),  # the first is missing
        ("rrunner", "Trail Runner"),  # the first is too many
        ("harier", "Harrier Tent"),
        ("hariier te", "Harrier Tent"),
        ("harri tnet", "Harrier Tent"),
        ("bottel", "Water Bottle 750 mL"),
        ("botl", "Water Bottle 750 mL"),  # of half a word
        ("boots", "Boot"),
        ("750ml", "Water Bottle 750 mL"),
        ("bottle 750ml", "Water Bottle 750 mL"),
        ("soft shell jacket", "Softshell Jacket"),
        ("softshell trousers", "Soft Shell Trousers"),
    ],
)
def test_slip_of_the_finger_finds(account: Account, shop: Shop, typed: str, meant: str) -> None:
    assert names(account, typed, shop)[0] == meant


@pytest.mark.usefixtures("shelf")
def test_word_that_is_there_stands_for_itself_alone(account: Account, shop: Shop) -> None:
    assert names(account, "boot", shop) == ["Boot"]
    assert names(account, "soft", shop) == ["Soft Shell Trousers", "Softshell Jacket"]
    assert names(account, "ixe", shop) == []  # three letters may be anything
    assert names(account, "rnunre", shop) == []  # two slips


@pytest.mark.usefixtures("shelf")
def test_slip_is_told_and_what_it_meant_is_marked(browser: Client) -> None:
    page = browser.get(SEARCH, {"q": "trial runner"}, headers=HTMX).content.decode()
    assert "Nothing fits “trial”. Shown is what fits “trail”." in " ".join(page.split())
    assert "<mark>Trail</mark> <mark>Runner</mark>" in page


@pytest.mark.usefixtures("shelf")
def test_nothing_found_offers_near_words_and_the_archive(browser: Client) -> None:
    page = browser.get(SEARCH, {"q": "harbiar"}, headers=HTMX).content.decode()
    assert f'href="{SEARCH}?q=harrier"' in page
    page = browser.get(SEARCH, {"q": "wool tent"}, headers=HTMX).content.decode()
    assert f'href="{SEARCH}?q=wool"' in page
    assert f'href="{SEARCH}?q=tent"' in page
    assert f"{SEARCH}?q=wool+tent&amp;archived=1" in page


def offers(shop: Shop, typed: str, **filters: Any) -> list[str]:
    found = search.find(search.Wanted(shop, typed, **filters))
    assert found.hits == []
    return list(found.nearest)


def test_word_of_the_archive_is_not_offered_where_it_finds_nothing(
    shop: Shop, make_item: MakeItem
) -> None:
    make_item("Sneaker", archived=True)
    make_item("Boot")
    assert offers(shop, "sneakers") == []
    assert offers(shop, "sneaker") == []
    assert offers(shop, "sneaker boot") == ["boot"]


def test_offer_is_never_what_was_typed_and_keeps_as_much_of_it_as_finds_something(
    shop: Shop, make_item: MakeItem
) -> None:
    for name in ("Upland Boot", "Shoe Wax", "Upland Belt", "Oat Bar", "Rain Jacket"):
        make_item(name)
    assert offers(shop, "upland shoe wax") == ["shoe wax", "upland", "shoe"]
    assert offers(shop, "rain coat") == ["rain"]  # although there is an oat
    assert offers(shop, "upland shoe wxa")[0] == "shoe wax"  # the slip is mended beside it


def test_unknown_word_is_left_out_before_one_is_taken_that_is_far_from_it(
    shop: Shop, make_item: MakeItem
) -> None:
    for name in ("Tarp 10", "Sage 10", "Mat 10"):
        make_item(name)
    assert offers(shop, "sahr 10") == ["10", "sage 10"]
    assert offers(shop, "mqt 10") == ["mat 10", "10"]  # one letter is nearer than nothing


def test_offers_find_something_with_the_same_filters(
    account: Account, shop: Shop, make_item: MakeItem
) -> None:
    tents = account.categories.create(lightspeed_id=1, name="Tents", left_node=1, right_node=2)
    make_item("Wool Sock", stock={shop: 1})
    make_item("Ridge Tent", category=tents)
    assert offers(shop, "wool tent") == ["wool", "tent"]
    assert offers(shop, "wool tent", category=tents) == ["tent"]
    assert offers(shop, "wool tent", stock="here") == ["wool"]
    assert offers(shop, "wool", category=tents) == []


def test_words_that_are_never_together_cost_few_searches_however_many_they_are(
    shop: Shop, make_item: MakeItem, django_assert_max_num_queries: Any
) -> None:
    words = ["axe", "bar", "cap", "dot", "elk", "fox", "gum", "hat"]
    for word in words:
        make_item(word)
    assert offers(shop, " ".join(words)) == words[:3]
    # Two of a kind are far more than eight, and each offer that finds nothing is asked for once.
    with django_assert_max_num_queries(40 if connection.vendor == "sqlite" else 80):
        assert offers(shop, " ".join(words), stock="here") == []


def test_archived_items_are_shown_where_they_are_asked_for_and_cannot_be_sold(
    browser: Client, make_item: MakeItem
) -> None:
    make_item("Old boot", archived=True)
    make_item("New boot")
    page = browser.get(SEARCH, {"q": "boot", "archived": "1"}, headers=HTMX).content.decode()
    assert "item-card--gone" in page
    assert "Old <mark>boot</mark>" in page
    assert "New" not in page
    assert 'name="item"' not in page


# --- Names of attributes ----------------------------------------------------------------


@pytest.fixture
def boots(account: Account, make_item: MakeItem) -> None:
    """Tan and blue, each in 10 and 10.5."""
    named = account.item_attribute_sets.create(
        lightspeed_id=1, name="x", attribute1_name="Shade", attribute2_name="Shoe size"
    )
    matrix = account.item_matrices.create(
        lightspeed_id=1, description="Upland Boot", attribute_set=named
    )
    for colour in ("Tan", "Blue"):
        for size in ("10", "10.5"):
            name = f"Upland Boot {colour} {size}"
            make_item(name, matrix=matrix, attribute1=colour, attribute2=size)


@pytest.mark.usefixtures("boots")
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("size 10 tan boot", "Upland Boot Tan 10"),
        ("upland tan pointure 10,5", "Upland Boot Tan 10.5"),
        ("boot colour blue sizes 10", "Upland Boot Blue 10"),
        ("shade tan shoe size 10", "Upland Boot Tan 10"),
        ("Couleur: tan, taille: 10", "Upland Boot Tan 10"),
        ("size 10 tan bott", "Upland Boot Tan 10"),  # a slip beside it
    ],
)
def test_what_an_attribute_is_called_counts_for_nothing(
    account: Account, shop: Shop, typed: str, found: str
) -> None:
    assert names(account, typed, shop) == [found]


@pytest.mark.usefixtures("boots")
def test_what_an_attribute_is_called_counts_where_something_is_called_so(
    account: Account, shop: Shop, make_item: MakeItem
) -> None:
    make_item("Boot in a pocket size")
    make_item("Shoe Horn")
    assert names(account, "boot size", shop) == ["Boot in a pocket size"]
    assert names(account, "tan size 10", shop) == ["Upland Boot Tan 10"]
    assert names(account, "shoe", shop) == ["Shoe Horn"]
    assert names(account, "shoe tan", shop) == []  # half of what the attribute is called
    assert names(account, "colour", shop) == []
    assert names(account, "colour taille", shop) == []


@pytest.mark.usefixtures("boots")
def test_what_is_found_without_what_an_attribute_is_called_is_shown_without_a_word(
    browser: Client,
) -> None:
    page = browser.get(SEARCH, {"q": "upland boots size 10"}, headers=HTMX).content.decode()
    assert "Nothing fits “boots”. Shown is what fits “boot”." in " ".join(page.split())
    page = browser.get(SEARCH, {"q": "upland tan size 10"}, headers=HTMX).content.decode()
    assert "Nothing fits" not in page
    assert "<mark>Upland</mark> Boot <mark>Tan</mark> <mark>10</mark>" in page


@pytest.mark.usefixtures("boots")
def test_attributes_of_another_account_are_words_like_others(shop: Shop) -> None:
    other = Account.objects.create(lightspeed_id=2, name="Other")
    other.item_attribute_sets.create(lightspeed_id=1, name="x", attribute1_name="Heel")
    assert offers(shop, "heel tan") == ["tan"]


# --- Synonyms ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("sneaker", ["Running Shoe"]),
        ("sneakers", ["Running Shoe"]),
        ("snea", ["Running Shoe"]),  # half typed
        ("blue sneaker", ["Running Shoe Blue"]),
        ("running shoe", ["Running Shoe"]),
        ("trainer", ["Running Shoe"]),
        ("sn", []),
    ],
)
def test_synonym_finds_what_has_the_other_words(
    account: Account, shop: Shop, make_item: MakeItem, typed: str, found: list[str]
) -> None:
    search.set_synonyms(account, "sneaker = running shoe = trainer\n\npolar = fleece")
    make_item("Running Shoe" + (" Blue" if "blue" in typed else ""))
    make_item("Shoe horn")
    make_item("Fleece")
    assert names(account, typed, shop) == found


def test_manager_enters_synonyms_and_a_rep_may_not(
    client: Client, account: Account, rep: Rep, shop: Shop, make_item: MakeItem
) -> None:
    make_item("Running Shoe")
    url = "/manage/synonyms/"
    client.force_login(rep.user, backend="salesfloor.staff.sign_in.SignInBackend")
    assert client.get(url).status_code == 403
    assert client.post(url, {"synonyms": "a = b"}).status_code == 403
    manager = make_rep(account, 9, rights=["admin", "register"])
    client.force_login(manager.user, backend="salesfloor.staff.sign_in.SignInBackend")
    refused = client.post(url, {"synonyms": "sneaker = running shoe\nalone"})
    assert refused.status_code == 422
    assert "alone" in refused.content.decode()
    assert names(account, "sneaker", shop) == []
    assert client.post(url, {"synonyms": "sneaker = running shoe"}).status_code == 302
    assert "sneaker = running shoe" in client.get(url).content.decode()
    assert names(account, "sneaker", shop) == ["Running Shoe"]
