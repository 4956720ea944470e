"""The sheet of an item: sizes and colours at a tap, stock by shop, and another size in the cart."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import LANDSCAPE, PORTRAIT, Take, both_orientations
from tests.browser.rep import Rep
from tests.browser.running import MAYA, RunningSalesfloor, Ware
from tests.browser.test_looks import SMALLEST_TARGET, TARGETS, serious_violations, widest_overflow
from tests.browser.test_tap_budgets import COUNT_TOUCHES

RUN = "Trail Runner GTX"
OTHER_SHOP = "Mile End"
HOLD_MILLISECONDS = 700


@pytest.fixture(scope="module")
def smaller_shoe(salesfloor: RunningSalesfloor) -> Ware:
    return salesfloor.ware(f"{RUN} Blue 8.5")


def sheet(rep: Rep) -> Locator:
    return rep.page.get_by_role("dialog", name=re.compile(f"^{RUN}"))


def size_of(rep: Rep, ware: Ware) -> Locator:
    return sheet(rep).get_by_role("button", name=re.compile(f"^{re.escape(ware.name)}(,|$)"))


def shops_of(rep: Rep, ware: Ware) -> Locator:
    return rep.page.get_by_role("dialog", name=ware.name, exact=True)


def product_card(rep: Rep) -> Locator:
    """In which all its sizes are folded."""
    product = rep.page.get_by_text(RUN, exact=True)
    return rep.page.locator(".item-card").filter(has=product)


def open_sheet(rep: Rep, words: str = RUN) -> None:
    rep.search(words)
    product_card(rep).locator("a").first.tap()
    expect(sheet(rep)).to_be_visible()


@both_orientations
def test_size_and_colour_are_picked_with_two_touches(at_register: Take, shoe: Ware) -> None:
    rep = at_register(MAYA)
    rep.page.add_init_script(COUNT_TOUCHES)
    rep.page.reload()
    open_sheet(rep)
    size_of(rep, shoe).tap()
    expect(rep.line(shoe)).to_have_count(1)
    assert rep.page.evaluate("window.touches") == 2
    expect(sheet(rep)).to_be_visible()  # for a second size


def test_stock_elsewhere_costs_no_touch_and_by_shop_one(rep: Rep, shoe: Ware) -> None:
    rep.page.add_init_script(COUNT_TOUCHES)
    rep.page.reload()
    rep.search(shoe.name)
    stock = rep.page.locator(".item-card").filter(has_text=shoe.name).get_by_text("elsewhere")
    expect(stock).to_be_visible()
    assert rep.page.evaluate("window.touches") == 0
    stock.tap()
    expect(rep.page.get_by_role("row", name=re.compile(OTHER_SHOP))).to_be_visible()
    assert rep.page.evaluate("window.touches") == 1


def test_shops_that_have_a_product_and_in_which_sizes_cost_one_touch(
    rep: Rep, shoe: Ware, smaller_shoe: Ware
) -> None:
    rep.page.add_init_script(COUNT_TOUCHES)
    rep.page.reload()
    rep.search(f"{RUN} Blue")
    stock = product_card(rep).get_by_text(re.compile("here"))
    expect(stock).to_be_visible()
    assert rep.page.evaluate("window.touches") == 0
    stock.tap()
    shops = rep.page.locator("#item-stock")
    here = shops.get_by_role("row", name=re.compile("here"))
    expect(here).to_contain_text(re.compile(r"Blue\s.*\b9 ×", re.DOTALL))
    expect(shops.get_by_role("row", name=re.compile(OTHER_SHOP))).to_be_visible()
    expect(shops).not_to_contain_text("Orange")
    assert rep.page.evaluate("window.touches") == 1
    shops.get_by_role("button", name="Close the shops").tap()
    size_of(rep, shoe).tap()
    expect(rep.line(shoe)).to_have_count(1)


def test_size_that_was_searched_is_marked_and_one_key_away(rep: Rep, shoe: Ware) -> None:
    open_sheet(rep, f"{RUN} Blue")
    expect(size_of(rep, shoe)).to_have_class(re.compile("run__add--meant"))
    first = sheet(rep).locator(".run__add--meant").first
    expect(first).to_be_focused()
    size_of(rep, shoe).focus()
    rep.page.keyboard.press("Enter")
    expect(rep.line(shoe)).to_have_count(1)


def test_finger_that_stays_opens_the_shops_and_adds_nothing(rep: Rep, shoe: Ware) -> None:
    open_sheet(rep)
    size = size_of(rep, shoe)
    size.scroll_into_view_if_needed()
    size.hover()
    rep.page.mouse.down()
    rep.page.wait_for_timeout(HOLD_MILLISECONDS)
    rep.page.mouse.up()
    expect(shops_of(rep, shoe)).to_contain_text(OTHER_SHOP)
    expect(rep.cart.get_by_role("listitem")).to_have_count(0)
    rep.page.keyboard.press("Escape")
    expect(shops_of(rep, shoe)).to_have_count(0)
    size.tap()
    expect(rep.line(shoe)).to_have_count(1)


def test_stock_text_of_a_size_opens_its_shops_over_the_grid(rep: Rep, shoe: Ware) -> None:
    open_sheet(rep)
    sheet(rep).get_by_role("link", name=re.compile(f"^{re.escape(shoe.name)}:")).tap()
    shops = shops_of(rep, shoe)
    expect(shops).to_contain_text(OTHER_SHOP)
    shops.get_by_role("button", name="Close the shops").tap()
    expect(shops).to_have_count(0)
    expect(sheet(rep)).to_be_visible()


@pytest.mark.parametrize("way", ["cross", "Escape", "Back", "search"])
def test_sheet_closes_and_leaves_the_items_as_they_were(rep: Rep, way: str) -> None:
    open_sheet(rep)
    if way == "cross":
        sheet(rep).get_by_role("button", name="Close", exact=True).tap()
    elif way == "Escape":
        rep.page.keyboard.press("Escape")
    elif way == "Back":
        rep.page.go_back()
    else:
        rep.page.keyboard.type("wool", delay=90)
        expect(rep.search_field).to_have_value("wool")
    expect(sheet(rep)).to_have_count(0)
    expect(rep.page).to_have_url(re.compile(r"/sell/(\?[^#]*)?$"))
    expect(rep.page.locator(".item-card").first).to_be_visible()
    rep.search("sock")  # nothing is in the way of it
    expect(rep.page.locator(".item-card").first).to_contain_text(re.compile("sock", re.I))


def test_scanning_goes_on_over_an_open_sheet(rep: Rep, sock: Ware, shoe: Ware) -> None:
    open_sheet(rep)
    rep.scan_codes([sock.barcode, shoe.barcode, sock.barcode])
    expect(rep.quantity(sock)).to_have_value("2")
    expect(rep.quantity(shoe)).to_have_value("1")
    expect(sheet(rep)).to_be_visible()


def test_counts_on_the_sheet_fall_by_what_the_cart_takes(rep: Rep, shoe: Ware) -> None:
    open_sheet(rep)
    stock = sheet(rep).get_by_role("link", name=re.compile(f"^{re.escape(shoe.name)}:"))
    here = int(stock.inner_text().split(" ")[0])
    size_of(rep, shoe).tap()
    expect(stock).to_have_text(re.compile(f"^{here - 1} "))


@both_orientations
def test_size_of_a_line_is_swapped_in_place_with_two_touches_and_undone(
    at_register: Take, shoe: Ware, smaller_shoe: Ware, sock: Ware
) -> None:
    rep = at_register(MAYA)
    rep.page.add_init_script(COUNT_TOUCHES)
    rep.page.reload()
    rep.scan(shoe)
    rep.scan(sock)
    rep.cart.get_by_role("link", name=re.compile("^Blue . 9: change")).tap()
    expect(size_of(rep, shoe)).to_have_attribute("aria-current", "true")
    size_of(rep, smaller_shoe).tap()
    expect(rep.line(smaller_shoe)).to_be_visible()
    assert rep.page.evaluate("window.touches") == 2
    expect(rep.line(shoe)).to_have_count(0)
    expect(sheet(rep)).to_have_count(0)
    expect(rep.cart.get_by_role("listitem").first).to_contain_text(smaller_shoe.name)
    rep.button("Undo").tap()
    expect(rep.line(shoe)).to_be_visible()


def test_cart_that_changes_under_an_open_grid_is_no_reason_to_begin_again(
    rep: Rep, shoe: Ware, smaller_shoe: Ware, sock: Ware
) -> None:
    rep.scan(shoe)
    rep.cart.get_by_role("link", name=re.compile("^Blue . 9: change")).tap()
    expect(sheet(rep)).to_be_visible()
    rep.scan(sock)
    size_of(rep, smaller_shoe).tap()
    expect(rep.line(smaller_shoe)).to_be_visible()


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"])
def test_sheet_is_readable_made_for_fingers_and_never_wider_than_the_screen(
    at_register: Take, shoe: Ware, color_scheme: str
) -> None:
    rep = at_register(MAYA, color_scheme=color_scheme)
    rep.scan(shoe)
    selling = rep.page.get_by_role("navigation").get_by_role("link", name="Items")
    if selling.is_visible():
        selling.tap()
    open_sheet(rep)
    sheet(rep).get_by_role("link", name=re.compile(f"^{re.escape(shoe.name)}:")).tap()
    expect(shops_of(rep, shoe)).to_be_visible()
    assert serious_violations(rep.page) == []
    on_sheet = TARGETS.replace("document.query", "document.getElementById('item-sheet').query")
    small = [
        target
        for target in rep.page.evaluate(on_sheet)
        if min(target["width"], target["height"]) < SMALLEST_TARGET
    ]
    assert small == []
    assert widest_overflow(rep.page) == {}
    rep.page.evaluate("document.documentElement.style.fontSize = '200%'")
    overflow = rep.page.locator("#item-sheet").evaluate(
        "(each) => each.scrollWidth - each.clientWidth"
    )
    assert overflow <= 0
