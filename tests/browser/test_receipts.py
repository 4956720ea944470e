"""What the customer takes away, as it looks on paper and on their phone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from salesfloor.receipts import links
from salesfloor.sales.models import Sale
from tests.browser.conftest import Take
from tests.browser.rep import Rep
from tests.browser.running import MAYA, RunningSalesfloor, Ware
from tests.browser.test_looks import serious_violations, widest_overflow

# Widths in CSS pixels, of which 96 are an inch: what is left of the paper between its margins.
PAPER = {"80 mm": 272, "A4": 763}


@pytest.fixture
def sold(rep: Rep, sock: Ware, shoe: Ware) -> Rep:
    """Two items, paid in cash and recorded."""
    rep.scan(sock)
    rep.scan(shoe)
    rep.pay_cash("300")
    rep.ticket_number()
    return rep


def open_receipt(rep: Rep) -> Page:
    rep.page.get_by_role("link", name="Receipt", exact=True).tap()
    expect(rep.button("Print")).to_be_visible()
    return rep.page


def shown(page: Page, selector: str) -> Locator:
    return page.locator(selector).filter(visible=True)


@pytest.mark.parametrize("paper", PAPER)
def test_receipt_fits_the_paper_and_prints_nothing_else(sold: Rep, paper: str) -> None:
    page = open_receipt(sold)
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": PAPER[paper], "height": 900})
    assert widest_part(page) <= PAPER[paper]
    expect(shown(page, "button, .top-bar, .offers")).to_have_count(0)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    expect(page.get_by_alt_text("Barcode of the ticket number")).to_be_visible()


def widest_part(page: Page) -> float:
    found: float = page.evaluate(
        "Math.max(...[...document.querySelectorAll('#slip, #slip *')]"
        ".filter((each) => !each.closest('.visually-hidden'))"
        ".map((each) => each.getBoundingClientRect().right))"
    )
    return found


def test_customer_opens_the_receipt_by_the_qr_code_of_the_done_strip(
    sold: Rep, take_ipad: Take, salesfloor: RunningSalesfloor
) -> None:
    sold.page.get_by_text("QR code", exact=True).tap()
    code = sold.page.get_by_alt_text("QR code that opens the receipt on a phone")
    expect(code).to_be_visible()
    assert code.evaluate("(image) => image.decode().then(() => true)")
    phone = take_ipad(salesfloor.url, viewport={"width": 375, "height": 812}, color_scheme="dark")
    phone.page.goto(link_to(salesfloor.completed_sale(sold.ticket_number())["referenceNumber"]))
    expect(phone.page.get_by_text("Print or save as PDF")).to_be_visible()
    assert serious_violations(phone.page) == []
    assert widest_overflow(phone.page) == {}


def link_to(reference: str) -> str:
    """As the code holds it: signed with the key of everybody's own machine."""
    return f"/r/{links.token_of(Sale(reference=reference))}/"


def test_receipt_is_e_mailed_from_the_done_strip(sold: Rep, salesfloor: RunningSalesfloor) -> None:
    sold.page.get_by_label("E-mail address for the receipt").fill("ann@example.com")
    sold.button("E-mail").tap()
    expect(sold.page.locator("#email-state")).to_have_text(
        "E-mailed to ann@example.com.", timeout=60_000
    )
    mails = salesfloor.simulator.control("GET", "mail")["mail"]
    assert [mail["address"] for mail in mails] == ["ann@example.com"]


def test_address_being_typed_outlives_the_news_of_recording(rep: Rep, sock: Ware) -> None:
    rep.scan(sock)
    rep.pay_exact_cash()
    field = rep.page.get_by_label("E-mail address for the receipt")
    field.fill("ann@exam")
    rep.ticket_number()
    expect(field).to_have_value("ann@exam")


def test_next_scan_takes_the_offers_away(sold: Rep, sock: Ware) -> None:
    expect(sold.page.get_by_role("region", name="Receipt")).to_be_visible()
    sold.scan(sock)
    expect(sold.page.get_by_role("region", name="Receipt")).to_have_count(0)


def test_gift_receipt_prints_what_is_ticked(sold: Rep, sock: Ware, shoe: Ware) -> None:
    sold.page.get_by_role("link", name="Gift receipt").tap()
    page = sold.page
    page.get_by_role("checkbox", name=re.compile(re.escape(sock.name))).uncheck()
    page.emulate_media(media="print")
    expect(page.locator("#slip").get_by_text(shoe.name)).to_be_visible()
    expect(page.locator("#slip").get_by_text(sock.name)).to_be_hidden()
    expect(page.get_by_text("Tick what is on")).to_be_hidden()


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_receipts_are_readable(at_register: Take, sock: Ware, color_scheme: str) -> None:
    rep = at_register(MAYA, color_scheme=color_scheme)
    rep.scan(sock)
    rep.pay_exact_cash()
    rep.ticket_number()
    rep.page.get_by_text("QR code", exact=True).tap()
    assert serious_violations(rep.page) == []
    rep.page.get_by_role("link", name="Gift receipt").tap()
    expect(rep.button("Print")).to_be_visible()
    assert serious_violations(rep.page) == []
    assert widest_overflow(rep.page) == {}
