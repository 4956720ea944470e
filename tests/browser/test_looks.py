"""What can be measured of how it looks: contrast, names, widths, sizes for fingers."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import LANDSCAPE, PORTRAIT, Take, both_orientations
from tests.browser.rep import Rep
from tests.browser.running import INGRID, MAYA, RunningSalesfloor, Ware

WIDTHS = (375, 820, 1024, 1180, 1366)
SMALLEST_TARGET = 44

# Of everything that can be tapped and is on the page: where a finger meets it.
TARGETS = """() => Array.from(document.querySelectorAll("a, button, input, summary, label.chip"))
    .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.disabled)
    .filter((each) => each.type !== "radio" && !each.closest(".visually-hidden"))
    .map((each) => [...(each.labels ?? [])].find((label) => label.matches(".button")) ?? each)
    .map((each) => {
        const { width, height } = each.getBoundingClientRect();
        const name = each.getAttribute("aria-label") || each.innerText || each.id;
        return { name: name.trim(), width: Math.round(width), height: Math.round(height) };
    })"""


def serious_violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['help']} at {[node['target'] for node in each['nodes']]}"
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


def widest_overflow(page: Page) -> dict[int, int]:
    """How far the page scrolls sideways, by its width."""
    overflow = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 820})
        overflow[width] = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
    return {width: pixels for width, pixels in overflow.items() if pixels > 0}


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "page",
    [
        "/sign-in/",
        "/sell/",
        "/register/",
        "/sales/",
        "/till/",
        "/quotes/",
        "/connection/",
        "/manage/board/",
        "/manage/day/",
        "/manage/synonyms/",
        "/manage/barcodes/",
        "/items/?price_from=100",
        "/items/favourites/",
        "/scan/camera/",
        "/shelf/",
    ],
)
def test_page_is_readable_and_never_wider_than_the_screen(
    at_register: Take, take_ipad: Take, salesfloor: RunningSalesfloor, page: str, color_scheme: str
) -> None:
    if page == "/sign-in/":
        ipad = take_ipad(salesfloor.url, color_scheme=color_scheme)
    else:
        ipad = at_register(INGRID, color_scheme=color_scheme)
    ipad.page.goto(page)
    expect(ipad.page.locator("main")).to_be_visible()
    for size in (LANDSCAPE, PORTRAIT):
        ipad.page.set_viewport_size(size)
        assert serious_violations(ipad.page) == []
    assert widest_overflow(ipad.page) == {}


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_favourites_are_readable_where_there_are_some(
    at_register: Take, sock: Ware, color_scheme: str
) -> None:
    manager = at_register(INGRID, color_scheme=color_scheme)
    manager.search(sock.name)
    card = manager.page.locator(".item-card").filter(has_text=sock.name)
    card.get_by_text("elsewhere").tap()
    star = manager.button("Favourite of all shops")
    if star.get_attribute("aria-pressed") == "false":
        star.tap()
    expect(star).to_have_attribute("aria-pressed", "true")
    assert serious_violations(manager.page) == []
    manager.page.goto("/items/favourites/")
    product = "Wool sock"  # in all its sizes and colours
    expect(manager.link(product)).to_be_visible()
    for size in (LANDSCAPE, PORTRAIT):
        manager.page.set_viewport_size(size)
        assert serious_violations(manager.page) == []
    assert widest_overflow(manager.page) == {}
    manager.button(f"Take {product} out").tap()
    expect(manager.link(product)).to_have_count(0)


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_sale_is_readable_from_cart_to_receipt(
    at_register: Take, sock: Ware, shoe: Ware, color_scheme: str
) -> None:
    rep = at_register(MAYA, color_scheme=color_scheme)
    rep.search("trail")
    rep.scan(shoe)
    rep.scan(sock)
    assert serious_violations(rep.page) == []
    assert widest_overflow(rep.page) == {}
    rep.pay_cash("300")
    rep.ticket_number()
    assert serious_violations(rep.page) == []
    assert widest_overflow(rep.page) == {}
    rep.page.get_by_role("link", name="Receipt", exact=True).click()
    expect(rep.button("Print")).to_be_visible()
    assert serious_violations(rep.page) == []
    assert widest_overflow(rep.page) == {}


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_refusals_and_the_card_question_are_readable(
    at_register: Take, sock: Ware, color_scheme: str
) -> None:
    rep = at_register(MAYA, color_scheme=color_scheme)
    rep.scan(sock)
    rep.scan_code("9990000000012")
    expect(rep.scan_note).to_be_visible()
    assert serious_violations(rep.page) == []
    rep.button("Card $32.14").tap()
    expect(rep.button("Approved")).to_be_visible()
    assert serious_violations(rep.page) == []


@both_orientations
def test_everything_to_tap_while_selling_is_large_enough_for_a_finger(
    rep: Rep, viewport: ViewportSize, sock: Ware, shoe: Ware
) -> None:
    rep.scan(sock)
    rep.scan(shoe)
    targets = rep.page.evaluate(TARGETS)
    if viewport == PORTRAIT:
        rep.page.get_by_role("link", name="Items").tap()
        targets += rep.page.evaluate(TARGETS)
    small = [each for each in targets if min(each["width"], each["height"]) < SMALLEST_TARGET]
    assert len(targets) > 20
    assert small == []


@pytest.mark.parametrize("height", [820, 714], ids=["whole screen", "below the bars of Safari"])
def test_managers_menu_is_reached_to_its_end_where_the_page_does_not_scroll(
    at_register: Take, height: int
) -> None:
    manager = at_register(INGRID, viewport=ViewportSize(width=1180, height=height))
    manager.page.locator("#rep-menu summary").tap()
    sheet = manager.page.locator("#rep-menu .menu__sheet").bounding_box()
    assert sheet
    assert sheet["y"] + sheet["height"] <= height
    manager.button("Sign out").scroll_into_view_if_needed()
    sign_out = manager.button("Sign out").bounding_box()
    assert sign_out
    assert sign_out["y"] + sign_out["height"] <= sheet["y"] + sheet["height"]
    assert manager.page.evaluate("scrollY") == 0


# Of each button for cash how far its sum keeps from the nearer edge, in pixels.
SPACE_BESIDE_SUMS = """() => Array.from(document.querySelectorAll(".pay__tenders .number"))
    .filter((sum) => sum.checkVisibility())
    .map((sum) => [sum.getBoundingClientRect(), sum.closest("button").getBoundingClientRect()])
    .map(([sum, button]) => Math.min(sum.left - button.left, button.right - sum.right))"""


@pytest.mark.parametrize("width", [375, 820, 1024, 1180])
def test_sums_of_five_digits_fit_the_buttons_for_cash(rep: Rep, sock: Ware, width: int) -> None:
    rep.scan(sock)
    rep.quantity(sock).tap()
    rep.type_on_keypad("480", "Set quantity")
    expect(rep.total).to_have_text("$15,425.05")
    rep.page.set_viewport_size({"width": width, "height": 820})
    space = rep.page.evaluate(SPACE_BESIDE_SUMS)
    assert len(space) >= 3
    assert min(space) >= 4
    assert widest_overflow(rep.page) == {}


def test_what_was_undone_is_said_to_its_end(rep: Rep, sock: Ware) -> None:
    rep.scan(sock)
    rep.more().tap()
    rep.button("Empty the cart").tap()
    words = rep.page.get_by_text("The cart was emptied. Nothing was charged.")
    expect(words).to_be_visible()
    assert words.evaluate("each => each.scrollWidth <= each.clientWidth")


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_words_of_the_same_meaning_are_written_in_a_field_of_ours(
    at_register: Take, color_scheme: str
) -> None:
    manager = at_register(INGRID, color_scheme=color_scheme)
    manager.page.goto("/manage/synonyms/")
    field = manager.page.get_by_label("Words", exact=True)
    looks = field.evaluate(
        """each => ({
            own: getComputedStyle(each).fontFamily,
            ours: getComputedStyle(document.body).fontFamily,
            hint: getComputedStyle(each, "::placeholder").color,
            soft: getComputedStyle(each.parentElement).color,
            narrower: each.form.clientWidth - each.offsetWidth,
            unseen: each.scrollHeight - each.clientHeight,
        })"""
    )
    assert looks["own"] == looks["ours"]
    assert looks["hint"] == looks["soft"]
    assert looks["narrower"] <= 2 * 20  # the form's own space at both sides
    assert looks["unseen"] == 0


def test_chosen_category_is_in_sight_after_a_reload(rep: Rep) -> None:
    rep.page.set_viewport_size(PORTRAIT | {"width": 600})
    rep.open_items()
    last = rep.page.locator("#categories .chip").last
    last.tap()
    expect(rep.page).to_have_url(re.compile("view="))
    rep.page.reload()
    expect(last.locator("input")).to_be_checked()
    row = rep.page.locator("#categories").bounding_box()
    chip = last.bounding_box()
    assert row
    assert chip
    assert row["x"] <= chip["x"]
    assert chip["x"] + chip["width"] <= row["x"] + row["width"]
