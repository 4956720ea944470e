"""A card is taken on the shop's own terminal; only the rep can say what it answered."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import both_orientations
from tests.browser.rep import Rep
from tests.browser.running import RunningSalesfloor, Ware

QUESTION = "Take $32.14 on the shop's terminal. Did it approve?"


def start_card(rep: Rep, ware: Ware) -> None:
    rep.scan(ware)
    rep.button(re.compile("^Card")).tap()
    expect(rep.page.get_by_text(QUESTION)).to_be_visible()


@both_orientations
def test_approved_card_is_recorded(rep: Rep, salesfloor: RunningSalesfloor, sock: Ware) -> None:
    start_card(rep, sock)
    rep.button("Approved").tap()
    sale = salesfloor.completed_sale(rep.ticket_number())
    [payment] = sale["payments"]
    assert (payment["amount"], payment["paymentTypeID"]) == ("32.14", 3)


def test_declined_card_charges_nothing_and_keeps_the_cart(
    rep: Rep, salesfloor: RunningSalesfloor, sock: Ware
) -> None:
    sales_before = salesfloor.completed_sales()
    start_card(rep, sock)
    rep.button("Declined").tap()
    expect(rep.message).to_contain_text("Declined. Nothing was charged.")
    expect(rep.quantity(sock)).to_have_value("1")
    assert salesfloor.completed_sales() == sales_before


def test_declined_card_can_be_followed_by_cash(
    rep: Rep, salesfloor: RunningSalesfloor, sock: Ware
) -> None:
    start_card(rep, sock)
    rep.button("Declined").tap()
    rep.pay_exact_cash()
    [payment] = salesfloor.completed_sale(rep.ticket_number())["payments"]
    assert payment["paymentTypeID"] == 1


def test_reloading_in_the_middle_comes_back_to_the_question(rep: Rep, sock: Ware) -> None:
    start_card(rep, sock)
    rep.page.reload()
    expect(rep.page.get_by_text(QUESTION)).to_be_visible()
    rep.button("Approved").tap()
    rep.ticket_number()


def test_nothing_is_added_while_the_terminal_has_the_card(rep: Rep, sock: Ware, shoe: Ware) -> None:
    start_card(rep, sock)
    rep.scan_code(shoe.barcode)
    expect(rep.scan_note).to_contain_text("This cart is being paid")
    expect(rep.line(shoe)).to_have_count(0)
    expect(rep.page.get_by_text(QUESTION)).to_be_visible()
