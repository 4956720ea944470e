"""Goods that come back with their receipt."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.rep import Rep
from tests.browser.running import RunningSalesfloor, Ware

COUNT_TOUCHES = """
    addEventListener("pointerup", () => {
      sessionStorage.touches = Number(sessionStorage.touches ?? 0) + 1;
    }, { capture: true });
"""


@pytest.fixture
def ticket(rep: Rep, sock: Ware) -> str:
    """Of a sock that was just sold for cash."""
    rep.scan(sock)
    rep.pay_exact_cash()
    return rep.ticket_number()


def test_item_with_its_receipt_comes_back_with_one_scan_and_three_touches(
    rep: Rep, salesfloor: RunningSalesfloor, sock: Ware, ticket: str
) -> None:
    rep.page.add_init_script(COUNT_TOUCHES)
    rep.page.reload()
    rep.scan_code(ticket)
    rep.tick(sock)
    rep.button("Return 1").tap()
    rep.button(re.compile("^Back as Cash")).tap()
    expect(rep.done).to_contain_text("Given back")
    assert rep.page.evaluate("sessionStorage.touches") == "3"
    (line,) = salesfloor.completed_sale(rep.ticket_number())["lines"]
    assert (line["itemID"], line["unitQuantity"]) == (sock.item_id, -1)


def test_exchange_shows_one_balance(rep: Rep, sock: Ware, shoe: Ware, ticket: str) -> None:
    rep.scan_code(ticket)
    rep.tick(sock)
    rep.button("Return 1").tap()
    expect(rep.line(sock)).to_contain_text("1 comes back")
    expect(rep.quantity(sock)).to_have_count(0)
    rep.scan(shoe)
    expect(rep.button(re.compile("^Exact cash"))).to_be_visible()


def test_receipt_that_came_back_already_says_so(rep: Rep, sock: Ware, ticket: str) -> None:
    rep.scan_code(ticket)
    rep.tick(sock)
    rep.button("Return 1").tap()
    expect(rep.line(sock)).to_be_visible()
    rep.scan_code(ticket)
    expect(rep.page.get_by_text("Nothing of this sale can come back")).to_be_visible()
