"""Things of which each has a number of its own: which one is sold, Lightspeed has to know."""

import pytest
from playwright.sync_api import expect

from tests.browser.rep import Rep
from tests.browser.running import RunningSalesfloor, Ware


@pytest.mark.parametrize("focus", ["nothing", "the search"])
def test_scanned_serial_number_may_be_short(rep: Rep, bike: Ware, focus: str) -> None:
    rep.scan(bike)
    expect(rep.cart).to_contain_text("Serial number: scan or type it")
    if focus == "the search":
        rep.search_field.focus()
    rep.scan_code("ZA-71")
    expect(rep.cart).to_contain_text("Serial number ZA-71")
    expect(rep.search_field).to_have_value("")


@pytest.mark.parametrize("focus", ["nothing", "the search"])
def test_what_a_person_types_quickly_is_no_serial_number(rep: Rep, bike: Ware, focus: str) -> None:
    """Nobody strikes Enter within a scanner's time of what they typed, be that rolled over."""
    rep.scan(bike)
    expect(rep.cart).to_contain_text("Serial number: scan or type it")
    if focus == "the search":
        rep.search_field.focus()
    rep.page.keyboard.type("mug", delay=5)
    rep.page.wait_for_timeout(120)
    rep.page.keyboard.press("Enter")
    expect(rep.search_field).to_have_value("mug")
    expect(rep.cart).to_contain_text("Serial number: scan or type it")


@pytest.mark.parametrize("way", ["scanned", "typed"])
def test_serial_number_is_asked_for_and_stands_on_the_line_of_the_sale(
    rep: Rep, salesfloor: RunningSalesfloor, bike: Ware, way: str
) -> None:
    rep.scan(bike)
    expect(rep.cart).to_contain_text("Serial number: scan or type it")
    serial = f"TR-{way.upper()}"
    if way == "scanned":
        rep.scan_code(serial)
    else:
        rep.page.get_by_label("Serial number: scan or type it").fill(serial)
        rep.button("Save").tap()
    expect(rep.cart).to_contain_text(f"Serial number {serial}")
    rep.pay_exact_cash()
    sale = salesfloor.completed_sale(rep.ticket_number())
    there = salesfloor.simulator.client().record(
        f"Sale/{sale['saleID']}", load_relations=["SaleLines", "SaleLines.Note"]
    )
    assert there["SaleLines"]["SaleLine"]["Note"]["note"] == f"S/N {serial}"
