"""Goods kept for a customer: put on layaway with a deposit, found by the slip, picked up."""

import re

from playwright.sync_api import expect

from tests.browser.rep import Rep
from tests.browser.running import RunningSalesfloor, Ware


def choose_customer(rep: Rep, words: str) -> str:
    """The first one found; their name."""
    rep.page.locator("#find-customer").tap()
    rep.page.locator("#customer-finder").get_by_role("searchbox").fill(words)
    first = rep.page.locator("#customer-results").get_by_role("button").first
    expect(first).to_contain_text(re.compile(words, re.IGNORECASE))
    first.tap()
    name = rep.cart.locator(".customer__name")
    expect(name).to_be_visible()
    return name.inner_text()


def test_layaway_with_deposit_is_picked_up_and_the_rest_is_paid(
    rep: Rep, salesfloor: RunningSalesfloor, sock: Ware, shoe: Ware
) -> None:
    rep.scan(sock)
    rep.scan(shoe)
    name = choose_customer(rep, "nguyen")
    rep.cart.get_by_label("More", exact=True).tap()
    rep.page.get_by_role("link", name="Put on layaway").tap()
    expect(rep.page.get_by_text(f"For {name}")).to_be_visible()
    rep.page.get_by_label("Deposit").fill("40")
    rep.button("Put on layaway").tap()

    rep.button(re.compile(r"^Exact cash.*\$40\.00")).tap()
    rep.ticket_number()
    rep.page.get_by_role("link", name="Slip of the layaway").tap()
    slip = rep.page.locator("#slip")
    expect(slip).to_contain_text("Kept in Lightspeed")
    expect(slip).to_contain_text(re.compile(r"Deposit paid.*\$40\.00", re.DOTALL))
    number = slip.get_by_text(re.compile("^SK-")).last.inner_text()

    rep.page.get_by_role("link", name="Back to selling").tap()
    rep.page.get_by_text("Maya R.", exact=True).tap()
    rep.page.get_by_role("link", name="Kept for customers").tap()
    rep.page.get_by_label("Number of the slip").fill(number)
    rep.page.get_by_label("Number of the slip").press("Enter")
    rep.button("Pick up").tap()
    expect(rep.line(sock)).to_contain_text("at the price promised")
    rep.button(re.compile(r"^From store credit \$40\.00")).tap()
    expect(rep.page.locator("#due")).to_be_visible()
    rep.button(re.compile("^Exact cash")).tap()
    ticket = rep.ticket_number()
    lines = salesfloor.completed_sale(ticket)["lines"]
    assert {line["itemID"] for line in lines} == {sock.item_id, shoe.item_id}


def test_layaway_without_a_customer_says_what_is_missing(rep: Rep, sock: Ware) -> None:
    rep.scan(sock)
    rep.cart.get_by_label("More", exact=True).tap()
    rep.page.get_by_role("link", name="Put on layaway").tap()
    expect(rep.page.get_by_text("choose the customer on the cart first")).to_be_visible()
    expect(rep.button("Put on layaway")).to_be_disabled()
