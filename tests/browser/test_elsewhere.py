"""Carts that Lightspeed's till finishes, quotes, and goods that are sent."""

import re
from typing import Literal

from playwright.sync_api import expect

from tests.browser.rep import Rep
from tests.browser.running import RunningSalesfloor, Ware


def choose_under_more(rep: Rep, name: str, role: Literal["button", "link"] = "button") -> None:
    rep.cart.locator(".pay__more > summary").tap()
    rep.page.get_by_role(role, name=name).tap()


def code_shown(rep: Rep) -> str:
    code = rep.page.locator("#kept .kept__code")
    expect(code).to_have_text(re.compile(r"^\w+$"))
    return code.inner_text()


def complete_at_the_till(salesfloor: RunningSalesfloor, ticket_number: str) -> None:
    """As a cashier who has scanned it and takes cash."""
    till = salesfloor.simulator.client()
    sale = till.record(f"Sale/{int(ticket_number[2:])}")
    payment = {"paymentTypeID": 1, "amount": sale["balance"]}
    body = {"completed": True, "SalePayments": {"SalePayment": payment}}
    assert till.put(f"Sale/{sale['saleID']}", body).status_code == 200


def test_cart_is_handed_to_the_till_and_seen_to_be_finished(
    rep: Rep, salesfloor: RunningSalesfloor, sock: Ware
) -> None:
    rep.scan(sock)
    choose_under_more(rep, "The till finishes it")
    code = code_shown(rep)
    expect(rep.cart).to_contain_text("Waits for the till")
    ticket = re.search(r"22\d{10}", rep.cart.inner_text())
    assert ticket
    rep.scan(sock)  # the next customer's
    expect(rep.line(sock)).to_be_visible()
    complete_at_the_till(salesfloor, ticket[0])
    rep.page.goto("/till/")
    handed_over = rep.page.get_by_role("link").filter(has_text=code)
    expect(handed_over).to_contain_text("Paid at the till, ticket")


def test_cart_handed_to_the_till_is_taken_back_and_sold_here(
    rep: Rep, salesfloor: RunningSalesfloor, sock: Ware
) -> None:
    rep.scan(sock)
    choose_under_more(rep, "The till finishes it")
    expect(rep.cart).to_contain_text("Waits for the till")
    rep.page.get_by_role("link", name="Print, or take it back").tap()
    rep.button("Take it back").tap()
    expect(rep.line(sock)).to_be_visible()
    rep.pay_exact_cash()
    salesfloor.completed_sale(rep.ticket_number())


def test_quote_is_made_found_and_sold(rep: Rep, salesfloor: RunningSalesfloor, sock: Ware) -> None:
    rep.scan(sock)
    choose_under_more(rep, "Make a quote")
    expect(rep.cart).to_contain_text("In Lightspeed as a quote")
    number = code_shown(rep)
    rep.page.goto("/quotes/")
    rep.page.get_by_label("Number, or customer").fill(number)
    rep.button("Find").tap()
    rep.page.get_by_role("link").filter(has_text="In Lightspeed as a quote").first.tap()
    expect(rep.page.locator("#slip")).to_contain_text(f"Quote {number}")
    rep.button("Sell it").tap()
    expect(rep.line(sock)).to_be_visible()
    rep.pay_exact_cash()
    salesfloor.completed_sale(rep.ticket_number())


def test_number_of_a_receipt_opens_it_typed_by_hand_too(rep: Rep, sock: Ware) -> None:
    rep.scan(sock)
    rep.pay_exact_cash()
    ticket_number = rep.ticket_number()
    rep.page.get_by_label("Search items").fill(ticket_number)
    rep.page.get_by_role("link", name=f"Open ticket {ticket_number}").tap()
    expect(rep.page.locator("main")).to_contain_text("1 of 1 can come back")


def test_sale_is_sent_to_an_address(rep: Rep, salesfloor: RunningSalesfloor, sock: Ware) -> None:
    rep.scan(sock)
    choose_under_more(rep, "Ship it…", role="link")
    rep.page.get_by_label("Last name").fill("Lind")
    rep.page.get_by_label("Address", exact=True).fill("1 Quay")
    rep.page.get_by_label("Country, in two letters").fill("I")
    rep.button("Ship it there").tap()
    expect(rep.page.get_by_text("Two letters, such as")).to_be_visible()
    rep.page.get_by_label("Country, in two letters").fill("IE")
    rep.page.get_by_label("City").fill("Cork")
    rep.button("Ship it there").tap()
    expect(rep.cart).to_contain_text("Lind, 1 Quay, Cork IE")
    rep.pay_exact_cash()
    sale = salesfloor.completed_sale(rep.ticket_number())
    kept = salesfloor.simulator.client().record(f"Sale/{sale['saleID']}", load_relations=["ShipTo"])
    assert kept["ShipTo"]["lastName"] == "Lind"
    rep.page.get_by_role("link", name="Receipt", exact=True).tap()
    expect(rep.page.locator("#slip")).to_contain_text("Ship to")
