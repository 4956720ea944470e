"""Gift cards and customers' accounts: sold, scanned and paid with."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import both_orientations
from tests.browser.rep import Rep
from tests.browser.running import RunningSalesfloor, Ware

GIFT_CARD, CREDIT_ACCOUNT = 5, 4


def payments(salesfloor: RunningSalesfloor, rep: Rep) -> list[tuple[str, int]]:
    """Of the sale just made, as Lightspeed has it."""
    sale = salesfloor.completed_sale(rep.ticket_number())
    return [(each["amount"], each["paymentTypeID"]) for each in sale["payments"]]


@both_orientations
def test_gift_card_is_sold_and_pays_for_the_next_sale(
    rep: Rep, salesfloor: RunningSalesfloor, sock: Ware
) -> None:
    rep.open_cart()
    rep.link("Gift card").tap()
    rep.button("$50.00").tap()
    sold = rep.cart.get_by_role("listitem").filter(has_text="Gift Card")
    number = re.sub(r"\D", "", re.findall(r"(?:\d{4} ){3}\d{4}", sold.inner_text())[0])
    rep.pay_exact_cash()
    assert payments(salesfloor, rep) == [("-50", GIFT_CARD), ("50", 1)]

    rep.scan(sock)
    rep.more().tap()
    rep.link("Gift card").tap()
    expect(rep.page.get_by_label("Scan the card")).to_be_visible()
    rep.scan_code(number)
    expect(rep.cart).to_contain_text("$50.00")
    rep.button(re.compile("^Pay with it")).tap()
    assert payments(salesfloor, rep) == [("32.14", GIFT_CARD)]


def test_number_of_a_new_card_is_scanned_and_its_amount_typed(
    rep: Rep, salesfloor: RunningSalesfloor
) -> None:
    rep.link("Gift card").tap()
    expect(rep.page.get_by_label("Scan the card")).to_be_visible()
    rep.scan_code("770012345678")
    expect(rep.cart).to_contain_text("no gift card with the number 770012345678")
    rep.cart.locator("label").filter(has_text="Other").tap()
    rep.type_on_keypad("35", "Put it on")
    expect(rep.total).to_have_text("$35.00")
    rep.pay_exact_cash()
    assert payments(salesfloor, rep) == [("-35", GIFT_CARD), ("35", 1)]


def test_scan_that_is_no_item_may_be_a_gift_card(rep: Rep, salesfloor: RunningSalesfloor) -> None:
    [card] = salesfloor.simulator.client().records("CreditAccount", giftCard="true", limit="1")
    rep.scan_code(card["code"])
    rep.scan_note.get_by_role("button", name="Gift card").tap()
    expect(rep.cart).to_contain_text(f"···· {card['code'][-4:]}")


def test_card_is_looked_at_and_left_again(
    rep: Rep, salesfloor: RunningSalesfloor, sock: Ware
) -> None:
    [card] = salesfloor.simulator.client().records("CreditAccount", giftCard="true", limit="1")
    rep.scan(sock)
    rep.more().tap()
    rep.link("Gift card").tap()
    rep.page.get_by_label("Scan the card").fill(card["code"])
    rep.button("Look up").tap()
    expect(rep.cart).to_contain_text(f"···· {card['code'][-4:]}")
    rep.link("Close").tap()
    expect(rep.button(re.compile("^Exact cash"))).to_be_visible()


def test_lightspeed_away_leaves_the_cart_to_be_paid_otherwise(
    rep: Rep, salesfloor: RunningSalesfloor, sock: Ware
) -> None:
    rep.scan(sock)
    rep.more().tap()
    rep.link("Gift card").tap()
    salesfloor.simulator.fault("CreditAccount", "503", method="GET", times=9)
    rep.page.get_by_label("Scan the card").fill("770099999999")
    rep.button("Look up").tap()
    expect(rep.cart.get_by_role("alert")).to_contain_text("Nothing was charged")
    rep.link("Close").tap()
    rep.pay_exact_cash()
    expect(rep.done).to_contain_text("Paid")


@pytest.fixture
def customer(salesfloor: RunningSalesfloor) -> dict[str, str]:
    """Who owes something, and may owe more."""
    lightspeed = salesfloor.simulator.client()
    accounts = lightspeed.records("CreditAccount", giftCard="false", archived="false")
    owing = next(each for each in accounts if 0 < float(each["balance"]) < 100)
    return lightspeed.record(f"Customer/{owing['customerID']}")


def test_customer_buys_on_account(
    rep: Rep, salesfloor: RunningSalesfloor, sock: Ware, customer: dict[str, str]
) -> None:
    rep.scan(sock)
    name = f"{customer['firstName']} {customer['lastName']}"
    rep.link("Add customer").tap()
    rep.page.locator("#customer-words").fill(name)
    rep.button(re.compile(f"^{name}")).first.tap()
    rep.more().tap()
    rep.link(f"Account of {name}").tap()
    rep.button(re.compile("^On account")).tap()
    sale = salesfloor.completed_sale(rep.ticket_number())
    (payment,) = sale["payments"]
    assert (payment["amount"], payment["paymentTypeID"]) == (sale["total"], CREDIT_ACCOUNT)
