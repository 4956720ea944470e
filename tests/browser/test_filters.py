"""Narrowing down what is shown: by kind, brand, stock and price, and back again."""

import re
from decimal import Decimal
from typing import Literal

import pytest
from playwright.sync_api import FloatRect, Locator, expect

from tests.browser.conftest import Take, both_orientations
from tests.browser.rep import Rep
from tests.browser.running import MAYA, wait_until
from tests.browser.test_looks import SMALLEST_TARGET, TARGETS, serious_violations, widest_overflow

HERE = re.compile(r"All \d+ here|[1-9]\d*( of \d+)? here")
CHOSEN = ("Brand", "Tag", "In stock")
SOON = 60


def opener(rep: Rep) -> Locator:
    return rep.page.locator("#filters summary")


def field(rep: Rep, name: str) -> Locator:
    role: Literal["combobox", "textbox"] = "combobox" if name in CHOSEN else "textbox"
    return rep.page.get_by_role(role, name=name, exact=True)


def open_filters(rep: Rep) -> None:
    opener(rep).tap()
    expect(field(rep, "Price from")).to_be_visible()


def shown(rep: Rep) -> list[str]:
    """All that the cards say, at one moment."""
    return rep.page.locator("#item-results .item-card").all_inner_texts()


def prices(rep: Rep) -> list[Decimal]:
    """The least of each card."""
    found = [re.search(r"\$([\d,]+\.\d\d)", card) for card in shown(rep)]
    return [Decimal(each[1].replace(",", "")) for each in found if each]


def names(rep: Rep) -> list[str]:
    return [card.partition("\n")[0] for card in shown(rep)]


def box(place: Locator) -> FloatRect:
    found = place.bounding_box()
    assert found
    return found


def test_filters_are_chosen_shown_and_taken_away_again(rep: Rep) -> None:
    everything = names(rep)
    plain = opener(rep).evaluate("(each) => getComputedStyle(each).backgroundColor")
    open_filters(rep)
    field(rep, "Price from").fill("100")
    field(rep, "to").fill("150")
    field(rep, "to").press("Enter")
    wait_until(
        lambda: all(100 <= price <= 150 for price in prices(rep)), SOON, "Still other prices"
    )
    assert prices(rep)
    field(rep, "In stock").select_option("here")
    wait_until(lambda: all(HERE.search(card) for card in shown(rep)), SOON, "Still not all here")
    opener(rep).tap()
    expect(field(rep, "Price from")).to_be_hidden()
    expect(opener(rep)).not_to_have_css("background-color", plain)  # says that some are chosen
    opener(rep).tap()
    field(rep, "In stock").select_option("")
    for name in ("Price from", "to"):
        field(rep, name).fill("")
    field(rep, "to").press("Enter")
    wait_until(lambda: names(rep) == everything, SOON, "Not all there again")
    expect(opener(rep)).to_have_css("background-color", plain)


def test_brand_narrows_what_was_searched_and_nothing_left_offers_the_way_back(rep: Rep) -> None:
    product = rep.page.locator(".item-card").filter(
        has=rep.page.get_by_text("Trail Runner GTX", exact=True)
    )
    open_filters(rep)
    rep.search("trail runner gtx")
    field(rep, "Brand").select_option(label="Korvane")
    expect(rep.page).to_have_url(re.compile(r"q=trail.*brand=\d+"))
    expect(product).to_be_visible()
    other = field(rep, "Brand").locator("option:not(:checked)").nth(1)
    field(rep, "Brand").select_option(label=other.inner_text())
    expect(product).to_have_count(0)
    rep.link("Search without filters").tap()
    expect(product).to_be_visible()
    expect(field(rep, "Brand")).to_have_value("")


@both_orientations
def test_category_and_filters_are_there_again_after_back_and_reload(at_register: Take) -> None:
    rep = at_register(MAYA)
    rep.page.get_by_role("radio", name="Shoes", exact=True).tap()
    expect(rep.page).to_have_url(re.compile(r"view=\d+"))
    open_filters(rep)
    field(rep, "Price from").fill("150")
    field(rep, "Price from").press("Enter")
    expect(rep.page).to_have_url(re.compile(r"price_from=150"))
    found = names(rep)
    assert found
    assert all(price >= 150 for price in prices(rep))
    rep.page.locator(".item-card a").first.tap()
    expect(rep.page.locator("#item-sheet[open]")).to_be_visible()
    rep.page.go_back()
    expect(rep.page.locator("#item-sheet[open]")).to_have_count(0)
    assert names(rep) == found
    rep.page.goto("/sales/")
    rep.page.go_back()
    expect(field(rep, "Price from")).to_have_value("150.00")
    assert names(rep) == found
    rep.page.reload()
    expect(field(rep, "Price from")).to_have_value("150.00")
    expect(rep.page.get_by_role("radio", name="Shoes", exact=True)).to_be_checked()
    assert names(rep) == found


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@both_orientations
def test_filters_are_readable_and_their_opener_stands_beside_the_chips(
    at_register: Take, color_scheme: str
) -> None:
    rep = at_register(MAYA, color_scheme=color_scheme)
    chips, chip = box(rep.page.locator("#categories")), box(opener(rep))
    assert chips["y"] <= chip["y"]
    assert chip["y"] + chip["height"] <= chips["y"] + chips["height"]
    assert chips["x"] + chips["width"] <= chip["x"]
    open_filters(rep)
    field(rep, "In stock").select_option("here")
    expect(rep.page).to_have_url(re.compile(r"stock=here"))
    assert serious_violations(rep.page) == []
    small = [
        target
        for target in rep.page.evaluate(TARGETS.replace("input, ", "input, select, "))
        if min(target["width"], target["height"]) < SMALLEST_TARGET
    ]
    assert small == []
    assert widest_overflow(rep.page) == {}
