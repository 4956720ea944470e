"""When Lightspeed, the network or the session fails beside the customer."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.rep import NO_NETWORK, Rep
from tests.browser.running import MAYA, RunningSalesfloor, Ware

# What a paid sale may be shown as on its way. "Failed" would make somebody charge twice.
TRUE_WORDS = re.compile(
    r"Paid\. Recording in Lightspeed|We could not confirm yet\. Do not charge again"
    r"|Recorded\. Ticket \d+"
)
FOLLOW_DONE = """
    window.shown = [];
    const look = () => {
        const words = document.querySelector("#done .done__words")?.innerText.trim();
        if (words && words !== window.shown.at(-1)) window.shown.push(words);
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
"""


@pytest.mark.parametrize("fault", ["503", "reset", "html_502", "cut_body", "429"])
def test_no_price_from_lightspeed_charges_nothing_and_keeps_the_cart(
    rep: Rep, salesfloor: RunningSalesfloor, sock: Ware, fault: str
) -> None:
    rep.scan(sock)
    sales_before = salesfloor.completed_sales()
    # More than once: the price is also asked ahead of the tap.
    salesfloor.simulator.fault("Sale", fault, method="POST", seconds=1, times=9)
    rep.pay_exact_cash()
    expect(rep.message).to_contain_text("Nothing was charged", timeout=40_000)
    expect(rep.quantity(sock)).to_have_value("1")
    assert salesfloor.completed_sales() == sales_before
    salesfloor.simulator.clear_faults()
    rep.pay_exact_cash()
    assert salesfloor.completed_sale(rep.ticket_number())["total"] == "32.14"


def test_silence_from_lightspeed_charges_nothing_and_keeps_the_cart(
    rep: Rep, salesfloor: RunningSalesfloor, sock: Ware
) -> None:
    rep.scan(sock)
    salesfloor.simulator.fault("Sale", "timeout", method="POST", seconds=60)
    rep.pay_exact_cash()
    expect(rep.page.get_by_text("Asking Lightspeed for the total…")).to_be_visible()
    expect(rep.message).to_contain_text("Nothing was charged", timeout=40_000)
    expect(rep.quantity(sock)).to_have_value("1")


@pytest.mark.parametrize("fault", ["cut_body", "reset_after", "malformed_json", "502_after"])
def test_lost_answer_to_the_completed_sale_is_never_called_failed(
    rep: Rep, salesfloor: RunningSalesfloor, sock: Ware, fault: str
) -> None:
    sales_before = salesfloor.completed_sales()
    salesfloor.simulator.fault("Sale/{id}", fault, method="PUT")
    rep.page.evaluate(FOLLOW_DONE)
    rep.scan(sock)
    rep.pay_exact_cash()
    salesfloor.completed_sale(rep.ticket_number())
    assert salesfloor.completed_sales() == sales_before + 1
    shown = rep.page.evaluate("window.shown")
    assert all(TRUE_WORDS.search(words) for words in shown), shown


def test_two_quick_taps_on_pay_make_one_sale(
    rep: Rep, salesfloor: RunningSalesfloor, sock: Ware
) -> None:
    sales_before = salesfloor.completed_sales()
    rep.scan(sock)
    box = rep.button(re.compile("^Exact cash")).bounding_box()
    assert box
    for _ in range(2):
        rep.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    rep.ticket_number()
    assert salesfloor.completed_sales() == sales_before + 1


def test_cart_outlives_the_session(rep: Rep, sock: Ware, shoe: Ware) -> None:
    rep.scan(sock)
    rep.search(shoe.name)
    expect(rep.card(shoe).locator("mark").first).to_be_visible()  # it was there before, unmarked
    rep.page.context.clear_cookies()
    rep.card(shoe).tap()
    expect(rep.button("Sign in with Lightspeed")).to_be_visible()
    rep.sign_in(MAYA)
    expect(rep.quantity(sock)).to_have_value("1")


def test_payment_without_network_is_told_and_goes_through_once_it_is_back(
    rep: Rep, salesfloor: RunningSalesfloor, sock: Ware
) -> None:
    sales_before = salesfloor.completed_sales()
    rep.scan(sock)
    rep.forgive(NO_NETWORK)
    rep.page.context.set_offline(True)
    rep.pay_exact_cash()
    expect(rep.alert).to_contain_text("No network")
    rep.page.context.set_offline(False)
    rep.pay_exact_cash()
    rep.ticket_number()
    expect(rep.alert).to_be_empty()
    assert salesfloor.completed_sales() == sales_before + 1


def test_payment_whose_answer_was_lost_on_the_way_is_made_once(
    rep: Rep, salesfloor: RunningSalesfloor, sock: Ware
) -> None:
    def lose_answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    sales_before = salesfloor.completed_sales()
    rep.scan(sock)
    rep.forgive(NO_NETWORK)
    rep.page.route("**/sale/cash/", lose_answer, times=1)
    rep.pay_exact_cash()
    expect(rep.alert).to_contain_text("nothing is charged twice")
    rep.pay_exact_cash()
    rep.ticket_number()
    assert salesfloor.completed_sales() == sales_before + 1


def test_scans_without_network_wait_in_order(rep: Rep, sock: Ware, shoe: Ware) -> None:
    rep.forgive(NO_NETWORK)
    rep.page.context.set_offline(True)
    rep.scan_codes([sock.barcode, shoe.barcode, sock.barcode])
    expect(rep.alert).to_contain_text("Scans are kept in order")
    rep.page.context.set_offline(False)
    expect(rep.quantity(sock)).to_have_value("2")
    expect(rep.quantity(shoe)).to_have_value("1")
    expect(rep.alert).to_be_empty()


def test_rep_signed_out_of_lightspeed_is_told_before_any_money(
    rep: Rep, salesfloor: RunningSalesfloor, sock: Ware
) -> None:
    rep.scan(sock)
    salesfloor.simulator.fault("Sale", "401", method="POST", times=9)
    rep.pay_exact_cash()
    expect(rep.message).to_contain_text("Nothing was charged", timeout=40_000)
