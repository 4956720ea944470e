"""What a manager sees of money that needs a person, from where it shows to where it is settled."""

import os
import re
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Take
from tests.browser.running import INGRID, RunningSalesfloor, Ware
from tests.browser.test_looks import SMALLEST_TARGET, TARGETS, serious_violations, widest_overflow


def forget_a_sale(salesfloor: RunningSalesfloor, ware: Ware) -> str:
    """A completed sale with our source that salesfloor knows nothing of; its ticket number."""
    lightspeed = salesfloor.simulator.client()
    line = {"itemID": ware.item_id, "unitQuantity": 1}
    sale = {
        "referenceNumber": f"SF-{uuid4().hex[:20]}",
        "referenceNumberSource": "salesfloor",
        "employeeID": INGRID,
        "shopID": 1,
        "registerID": 1,
        "SaleLines": {"SaleLine": [line]},
    }
    opened = lightspeed.post("Sale", sale).json()["Sale"]
    payment = {"paymentTypeID": 1, "amount": opened["calcTotal"]}
    completed = lightspeed.put(
        f"Sale/{opened['saleID']}",
        {"completed": True, "SalePayments": {"SalePayment": [payment]}},
    )
    assert completed.ok, completed.text
    return str(completed.json()["Sale"]["ticketNumber"])


def shoot(page: Page, name: str) -> None:
    """For people who want to look; `SHOTS` names a folder."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_manager_finds_and_settles_a_sale_that_nobody_here_knows(
    at_register: Take, salesfloor: RunningSalesfloor, sock: Ware, color_scheme: str
) -> None:
    ticket = forget_a_sale(salesfloor, sock)
    manager = at_register(INGRID, color_scheme=color_scheme)
    page = manager.page
    page.goto("/manage/board/")
    manager.button("Compare now").tap()
    card = page.locator("article").filter(has_text=ticket)
    expect(card).to_contain_text("knows nothing of", timeout=40_000)
    expect(page.get_by_role("link", name=re.compile("needs? you"))).to_be_visible()
    card.get_by_text("Seen to it…").tap()
    small = [
        each
        for each in page.evaluate(TARGETS)
        if min(each["width"], each["height"]) < SMALLEST_TARGET and each["name"]
    ]
    assert small == []
    assert serious_violations(page) == []
    assert widest_overflow(page) == {}
    for width, height in ((1180, 820), (820, 1180), (375, 812)):
        page.set_viewport_size({"width": width, "height": height})
        shoot(page, f"board-{width}-{color_scheme}")
    card.get_by_label("What was done").fill("Customer was there, sale is right")
    card.get_by_role("checkbox").check()
    card.get_by_role("button", name="Settle").tap()
    expect(card).to_have_count(0)


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_day_sheet_agrees_with_lightspeed_after_a_sale(
    at_register: Take, sock: Ware, salesfloor: RunningSalesfloor, color_scheme: str
) -> None:
    manager = at_register(INGRID, color_scheme=color_scheme)
    manager.scan(sock)
    manager.pay_cash("300")
    ticket = manager.ticket_number()
    page = manager.page
    page.goto("/manage/day/")
    page.get_by_role("link", name="Compare with Lightspeed").tap()
    expect(page.get_by_text("Lightspeed's figures as of")).to_be_visible()
    page.get_by_text("The sales behind it").first.tap()
    expect(page.get_by_role("link", name=ticket)).to_be_visible()
    assert serious_violations(page) == []
    assert widest_overflow(page) == {}
    for width, height in ((1180, 820), (820, 1180), (375, 812)):
        page.set_viewport_size({"width": width, "height": height})
        shoot(page, f"day-{width}-{color_scheme}")
