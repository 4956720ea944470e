"""The cart beside the customer, changed by touch."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Take
from tests.browser.rep import Rep
from tests.browser.running import MAYA, Ware


def test_quantity_goes_up_and_down_by_touch(rep: Rep, sock: Ware) -> None:
    rep.scan(sock)
    rep.button(f"One more {sock.name}").tap()
    expect(rep.quantity(sock)).to_have_value("2")
    rep.button(f"One fewer {sock.name}").tap()
    expect(rep.quantity(sock)).to_have_value("1")
    expect(rep.button(f"One fewer {sock.name}")).to_be_disabled()


def test_every_one_of_some_quick_touches_counts_without_loading_the_page_anew(
    rep: Rep, sock: Ware
) -> None:
    rep.scan(sock)
    rep.page.evaluate("window.sameDocument = true")
    for _ in range(4):
        rep.button(f"One more {sock.name}").tap()
    expect(rep.quantity(sock)).to_have_value("5")
    assert rep.page.evaluate("window.sameDocument")


def test_total_follows_every_change(rep: Rep, sock: Ware) -> None:
    rep.scan(sock)
    # 27.95 with 5 % and 9.975 % on top, each rounded to the cent.
    expect(rep.total).to_have_text("$32.14")
    rep.button(f"One more {sock.name}").tap()
    expect(rep.total).to_have_text("$64.28")
    rep.button(f"Remove {sock.name}").tap()
    expect(rep.total).to_have_count(0)


def test_quantity_is_set_by_the_keypad(rep: Rep, sock: Ware) -> None:
    rep.scan(sock)
    rep.quantity(sock).tap()
    rep.type_on_keypad("12", "Set quantity")
    expect(rep.quantity(sock)).to_have_value("12")
    expect(rep.cart).to_contain_text("$335.40")


def test_no_units_at_all_are_refused_with_the_line_kept(rep: Rep, sock: Ware) -> None:
    rep.scan(sock)
    rep.quantity(sock).tap()
    rep.type_on_keypad("0", "Set quantity")
    expect(rep.message).to_contain_text("Nothing was changed")
    expect(rep.quantity(sock)).to_have_value("1")


def test_more_units_than_anyone_buys_are_refused(rep: Rep, sock: Ware) -> None:
    rep.scan(sock)
    rep.quantity(sock).tap()
    rep.type_on_keypad("9999", "Set quantity")
    expect(rep.quantity(sock)).to_have_value("9999")
    rep.button(f"One more {sock.name}").tap()
    expect(rep.message).to_contain_text("1 to 9999 units")
    expect(rep.quantity(sock)).to_have_value("9999")


def test_removed_line_comes_back_with_undo(rep: Rep, sock: Ware, shoe: Ware) -> None:
    rep.scan(shoe)
    rep.scan(sock)
    rep.button(f"Remove {sock.name}").tap()
    expect(rep.line(sock)).to_have_count(0)
    rep.button("Undo").tap()
    expect(rep.line(sock)).to_have_count(1)
    expect(rep.line(shoe)).to_have_count(1)


def test_removing_the_only_line_can_be_undone(rep: Rep, sock: Ware) -> None:
    rep.scan(sock)
    rep.button(f"Remove {sock.name}").tap()
    rep.button("Undo").tap()
    expect(rep.quantity(sock)).to_have_value("1")


def test_stale_cart_of_a_second_tab_is_told_so_and_shown_anew(
    rep: Rep, at_register: Take, sock: Ware
) -> None:
    rep.scan(sock)
    second_tab = at_register(MAYA)
    rep.button(f"One more {sock.name}").tap()
    expect(rep.quantity(sock)).to_have_value("2")
    second_tab.button(f"One more {sock.name}").tap()
    expect(second_tab.message).to_contain_text("The cart has changed meanwhile")
    expect(second_tab.quantity(sock)).to_have_value("2")


def test_cash_below_the_total_is_a_part_and_the_rest_is_asked_for(rep: Rep, sock: Ware) -> None:
    rep.scan(sock)
    rep.pay_cash("20")
    expect(rep.page.locator("#due")).to_have_text("$12.14")
    rep.button(re.compile("^Exact cash")).tap()
    rep.ticket_number()


def test_cart_is_the_same_on_another_ipad_of_the_rep(
    rep: Rep, at_register: Take, sock: Ware
) -> None:
    rep.scan(sock)
    expect(at_register(MAYA).quantity(sock)).to_have_value("1")


def test_emptied_cart_is_ready_for_the_next_customer(rep: Rep, sock: Ware) -> None:
    rep.scan(sock)
    rep.cart.get_by_label("More", exact=True).tap()
    rep.button("Empty the cart").tap()
    expect(rep.cart).to_contain_text("Nothing was charged")
    expect(rep.cart).to_contain_text(re.compile("[Ss]can a barcode or tap an item"))


def test_typed_quantity_replaces_the_one_that_stands_there(rep: Rep, sock: Ware) -> None:
    rep.scan(sock)
    rep.quantity(sock).tap()
    rep.page.keyboard.type("2", delay=120)
    rep.button("Set quantity").tap()
    expect(rep.quantity(sock)).to_have_value("2")
