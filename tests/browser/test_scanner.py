"""A barcode scanner is a keyboard that types fast and ends with Enter."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import both_orientations
from tests.browser.rep import AZERTY, Rep
from tests.browser.running import Ware

UNKNOWN = "9990000000017"


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


def test_scan_is_understood_on_a_french_keyboard(rep: Rep, sock: Ware) -> None:
    """Its top row gives signs where the scanner means digits."""
    rep.scan_code(sock.barcode, keyboard=AZERTY)
    expect(rep.quantity(sock)).to_have_value("1")


def test_person_typing_slowly_searches_and_adds_nothing(rep: Rep, shoe: Ware) -> None:
    rep.search_field.press_sequentially(shoe.barcode, delay=70)
    rep.search_field.press("Enter")
    expect(rep.card(shoe)).to_be_visible()
    expect(rep.line(shoe)).to_have_count(0)
