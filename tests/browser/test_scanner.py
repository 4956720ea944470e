"""A barcode scanner is a keyboard that types fast and ends with Enter."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import MUGS_CODE, OLD_MUG, OLD_MUGS_CODE, both_orientations
from tests.browser.rep import ARABIC, AZERTY, NO_NETWORK, Rep
from tests.browser.running import Ware

UNKNOWN = "9990000000012"


@pytest.mark.parametrize("end", ["Enter", "Tab"])
def test_scan_adds_one_unit_with_nothing_in_focus(rep: Rep, sock: Ware, end: str) -> None:
    rep.scan_code(sock.barcode, end=end)
    expect(rep.quantity(sock)).to_have_value("1")


def test_scan_into_the_search_field_leaves_what_was_typed_there(rep: Rep, sock: Ware) -> None:
    rep.search_field.press_sequentially("trail", delay=60)
    rep.page.wait_for_timeout(300)  # a person's hand goes from the keys to the scanner
    rep.scan_code(sock.barcode)
    expect(rep.quantity(sock)).to_have_value("1")
    expect(rep.search_field).to_have_value("trail")


def test_scans_enter_does_not_press_the_focused_button(rep: Rep, sock: Ware, shoe: Ware) -> None:
    rep.add(shoe)
    rep.button(f"One more {shoe.name}").focus()
    rep.scan_code(sock.barcode)
    expect(rep.quantity(sock)).to_have_value("1")
    expect(rep.quantity(shoe)).to_have_value("1")


def test_scan_does_not_press_pay(rep: Rep, sock: Ware) -> None:
    rep.scan(sock)
    rep.button(re.compile("^Exact cash")).focus()
    rep.scan_code(sock.barcode)
    expect(rep.quantity(sock)).to_have_value("2")
    expect(rep.done).to_have_count(0)


def test_scan_while_taps_are_under_way_is_not_lost(rep: Rep, sock: Ware, shoe: Ware) -> None:
    rep.add(shoe)
    rep.button(f"One more {shoe.name}").tap()
    rep.scan_code(sock.barcode)
    rep.card(shoe).tap()
    rep.scan_code(sock.barcode)
    expect(rep.quantity(shoe)).to_have_value("3")
    expect(rep.quantity(sock)).to_have_value("2")


def test_twenty_scans_in_two_seconds_are_twenty_units_in_order(
    rep: Rep, sock: Ware, shoe: Ware
) -> None:
    rep.scan_codes([sock.barcode, shoe.barcode] * 10)
    expect(rep.cart).to_contain_text("20 items", timeout=30_000)
    expect(rep.quantity(sock)).to_have_value("10")
    expect(rep.quantity(shoe)).to_have_value("10")
    names = rep.cart.get_by_role("listitem")
    expect(names.nth(0)).to_contain_text(sock.name)
    expect(names.nth(1)).to_contain_text(shoe.name)


@both_orientations
def test_unknown_code_is_said_beside_the_search_field(rep: Rep) -> None:
    rep.scan_code(UNKNOWN)
    expect(rep.scan_note).to_contain_text(UNKNOWN)
    rep.button("Search for it").tap()
    expect(rep.search_field).to_have_value(UNKNOWN)
    expect(rep.page.get_by_text(f"Nothing fits “{UNKNOWN}”")).to_be_visible()


def test_archived_item_is_shown_among_the_archived_and_offered_as_no_gift_card(
    rep: Rep, sock: Ware
) -> None:
    rep.scan(sock)
    rep.scan_code(UNKNOWN)
    expect(rep.button("Gift card")).to_be_visible()
    rep.scan_code(OLD_MUGS_CODE)
    expect(rep.scan_note).to_contain_text(f"{OLD_MUG} ({OLD_MUGS_CODE}) is archived in Lightspeed")
    expect(rep.button("Gift card")).to_be_hidden()
    rep.button("Search for it").tap()
    expect(rep.page.locator("#item-results")).to_contain_text(OLD_MUG)
    expect(rep.search_field).to_have_value(OLD_MUGS_CODE)


@pytest.mark.parametrize("keyboard", [AZERTY, ARABIC], ids=["French", "Arabic"])
def test_scan_is_understood_whatever_the_keyboards_language(
    rep: Rep, sock: Ware, keyboard: dict[str, str]
) -> None:
    """Its top row gives signs, or digits of its own, where the scanner means digits."""
    rep.scan_code(sock.barcode, keyboard=keyboard)
    expect(rep.quantity(sock)).to_have_value("1")


def test_letters_of_a_sku_are_understood_on_a_french_keyboard(rep: Rep, red_mug: Ware) -> None:
    rep.scan_code(f"MUG-ZA-{red_mug.item_id}", keyboard=AZERTY)
    expect(rep.quantity(red_mug)).to_have_value("1")


def test_person_typing_slowly_searches_and_adds_nothing(rep: Rep, shoe: Ware) -> None:
    rep.search_field.press_sequentially(shoe.barcode, delay=70)
    rep.search_field.press("Enter")
    expect(rep.card(shoe)).to_be_visible()
    expect(rep.line(shoe)).to_have_count(0)


def test_scanner_that_ends_twice_does_not_press_the_focused_button(
    rep: Rep, sock: Ware, shoe: Ware
) -> None:
    rep.add(shoe)
    rep.button(f"One more {shoe.name}").focus()
    rep.scan_code(sock.barcode)
    rep.scan_code("")  # its Enter alone, at once
    expect(rep.quantity(sock)).to_have_value("1")
    expect(rep.quantity(shoe)).to_have_value("1")


def test_misread_code_is_said_and_adds_nothing(rep: Rep, sock: Ware) -> None:
    right = sock.barcode
    rep.scan_code(right[:-1] + str((int(right[-1]) + 1) % 10))
    expect(rep.scan_note).to_contain_text("This code was misread")
    expect(rep.line(sock)).to_have_count(0)


# --- Several items with one code ----------------------------------------------------------------


@both_orientations
def test_code_of_several_items_lets_choose_while_scanning_goes_on(
    rep: Rep, sock: Ware, red_mug: Ware, blue_mug: Ware
) -> None:
    rep.scan_codes([sock.barcode, MUGS_CODE, sock.barcode])
    expect(rep.choices).to_contain_text("Which one is it?")
    expect(rep.quantity(sock)).to_have_value("2")
    expect(rep.line(red_mug)).to_have_count(0)
    rep.choices.get_by_role("button", name=blue_mug.name).tap()
    expect(rep.quantity(blue_mug)).to_have_value("1")
    expect(rep.quantity(blue_mug)).to_be_visible()
    expect(rep.choices).to_have_count(0)
    expect(rep.line(red_mug)).to_have_count(0)


def test_two_of_several_are_chosen_one_after_the_other(
    rep: Rep, red_mug: Ware, blue_mug: Ware
) -> None:
    rep.scan_codes([MUGS_CODE, MUGS_CODE])
    expect(rep.choices).to_have_count(2)
    for mug in (red_mug, blue_mug):
        rep.choices.first.get_by_role("button", name=mug.name).tap()
    expect(rep.quantity(red_mug)).to_have_value("1")
    expect(rep.quantity(blue_mug)).to_have_value("1")


def test_none_of_several_is_an_answer_too(rep: Rep) -> None:
    rep.scan_code(MUGS_CODE)
    rep.choices.get_by_role("button", name="None of these").tap()
    expect(rep.choices).to_have_count(0)
    expect(rep.cart).to_contain_text("Ready for the next customer")


def test_choice_made_without_network_is_kept_and_sent_once(rep: Rep, red_mug: Ware) -> None:
    rep.forgive(NO_NETWORK)
    rep.scan_code(MUGS_CODE)
    expect(rep.choices).to_be_visible()
    rep.page.context.set_offline(True)
    rep.choices.get_by_role("button", name=red_mug.name).tap()
    expect(rep.alert).to_contain_text("Scans are kept in order")
    rep.page.context.set_offline(False)
    expect(rep.quantity(red_mug)).to_have_value("1", timeout=30_000)
    expect(rep.alert).to_be_empty()


def test_scan_that_a_restarting_server_does_not_take_is_sent_again(rep: Rep, sock: Ware) -> None:
    rep.forgive(re.compile("502"))
    scans = "**/sale/scan/"
    rep.page.route(scans, lambda route: route.fulfill(status=502, body="Bad gateway"))
    rep.scan_code(sock.barcode)
    expect(rep.alert).to_contain_text("Scans are kept in order")
    rep.page.unroute(scans)
    expect(rep.quantity(sock)).to_have_value("1")
    expect(rep.alert).to_be_empty()


# --- During swaps and over dialogs --------------------------------------------------------------


def test_scan_while_the_cart_is_being_swapped_is_not_lost(rep: Rep, sock: Ware, shoe: Ware) -> None:
    rep.search(shoe.name)
    expect(rep.card(shoe)).to_be_visible()
    network = rep.page.context.new_cdp_session(rep.page)
    slow = {"offline": False, "latency": 700, "downloadThroughput": -1, "uploadThroughput": -1}
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", slow)
    rep.card(shoe).tap()
    rep.scan_codes([sock.barcode, sock.barcode])
    expect(rep.quantity(sock)).to_have_value("2")
    expect(rep.quantity(shoe)).to_have_value("1")
    expect(rep.cart.get_by_role("listitem").nth(0)).to_contain_text(shoe.name)


def over_nothing(rep: Rep, shoe: Ware) -> None:
    pass


def over_the_keypad(rep: Rep, shoe: Ware) -> None:
    rep.open_cart()
    rep.quantity(shoe).tap()
    expect(rep.page.get_by_role("dialog")).to_be_visible()


def over_the_customer_finder(rep: Rep, shoe: Ware) -> None:
    rep.open_cart()
    rep.open_finder()


def over_the_sheet_of_an_item(rep: Rep, shoe: Ware) -> None:
    rep.open_items()
    rep.search(shoe.name)
    rep.page.locator(".item-card > a").first.tap()
    expect(rep.page.locator("#item-sheet")).to_be_visible()


@both_orientations
@pytest.mark.parametrize(
    "over",
    [over_nothing, over_the_keypad, over_the_customer_finder, over_the_sheet_of_an_item],
)
def test_every_scan_is_answered_in_sight(
    rep: Rep, sock: Ware, shoe: Ware, over: Callable[[Rep, Ware], None]
) -> None:
    """What was added and what nothing has, whatever lies over the cart or the items."""
    rep.scan(shoe)
    over(rep, shoe)
    rep.scan_code(sock.barcode)
    expect(rep.line(sock)).to_have_count(1)
    assert in_sight(rep, f"{sock.name}")
    rep.scan_code(UNKNOWN)
    expect(rep.page.locator("#scan-note-words")).to_contain_text(UNKNOWN)
    assert in_sight(rep, f"No item has the code {UNKNOWN}")


def in_sight(rep: Rep, words: str) -> bool:
    """Whether the words stand where nothing lies over them: on cart, note or toast."""
    return bool(
        rep.page.evaluate(
            """(words) => [...document.querySelectorAll(
                "#cart .line__name, #cart-message, #scan-note-words, .toast"
            )].some((said) => {
                const { left, top, width, height } = said.getBoundingClientRect();
                if (!height || !said.textContent.includes(words)) return false;
                if (said.matches(".toast")) return true; // over everything, and lets taps through
                return said.contains(document.elementFromPoint(left + width / 2, top + height / 2));
            })""",
            words,
        )
    )


def test_items_scanned_after_a_receipt_are_in_the_cart_before_its_page_opens(
    rep: Rep, sock: Ware
) -> None:
    rep.scan_codes([sock.barcode, "220000999999", sock.barcode])
    rep.page.wait_for_url("**/returns/**")
    rep.sell()
    expect(rep.quantity(sock)).to_have_value("2")


def test_gift_card_that_was_made_here_is_looked_up_at_once(rep: Rep, sock: Ware) -> None:
    rep.scan(sock)
    rep.scan_code("9000000000000018")
    expect(rep.cart).to_contain_text("Lightspeed has no gift card with the number")
