"""Lightspeed does not answer: a manager lets reps sell without it, and it is recorded later."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Take
from tests.browser.rep import Rep
from tests.browser.running import INGRID, MAYA, RunningSalesfloor, Ware, wait_until
from tests.browser.test_board import shoot
from tests.browser.test_looks import SMALLEST_TARGET, TARGETS, serious_violations, widest_overflow

# Where Lightspeed has refused it a few times, it is tried again only every so often.
RECORDED_SECONDS = 240


@pytest.fixture
def rep(at_register: Take, salesfloor: RunningSalesfloor) -> Rep:
    """Whom Lightspeed refuses every price."""
    salesfloor.simulator.fault("Sale", "503", method="POST", times=999)
    return at_register(MAYA)


def test_sale_without_lightspeed_is_allowed_made_and_recorded_later(
    rep: Rep, at_register: Take, salesfloor: RunningSalesfloor, sock: Ware
) -> None:
    sales_before = salesfloor.completed_sales()
    rep.scan(sock)
    rep.pay_exact_cash()
    expect(rep.message).to_contain_text("a manager can allow", timeout=40_000)
    manager = at_register(INGRID)
    page = manager.page
    page.goto("/manage/board/")
    shoot(page, "board-silent")
    page.get_by_role("link", name="Sell without Lightspeed…").tap()
    expect(manager.heading).to_have_text("Selling without Lightspeed")
    assert serious_violations(page) == []
    small = [
        each
        for each in page.evaluate(TARGETS)
        if min(each["width"], each["height"]) < SMALLEST_TARGET and each["name"]
    ]
    assert small == []
    manager.button("Allow selling without Lightspeed").tap()
    expect(manager.button("End it now")).to_be_visible()
    rep.pay_exact_cash()
    expect(rep.done).to_contain_text("Paid", timeout=40_000)
    page.reload()
    expect(page.get_by_text("1 sale of $32.14 waits to be recorded.")).to_be_visible()
    for width, height in ((1180, 820), (820, 1180), (375, 812)):
        page.set_viewport_size({"width": width, "height": height})
        assert widest_overflow(page) == {}
        shoot(page, f"leave-{width}")
    assert salesfloor.completed_sales() == sales_before
    manager.button("End it now").tap()
    expect(manager.button("Allow selling without Lightspeed")).to_be_visible()
    expect(page.get_by_text(re.compile("ended it at"))).not_to_have_count(0)
    salesfloor.simulator.clear_faults()
    wait_until(
        lambda: salesfloor.completed_sales() == sales_before + 1, RECORDED_SECONDS, "Not recorded"
    )
    page.reload()
    expect(page.get_by_text("All of them are recorded, or with a manager.")).to_be_visible()
