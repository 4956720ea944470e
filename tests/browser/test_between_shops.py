"""Two iPads in two shops: one asks the other to look on its shelf."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Take
from tests.browser.rep import Rep
from tests.browser.running import JONAS, MAYA, RunningSalesfloor
from tests.browser.test_looks import serious_violations, widest_overflow


@pytest.fixture(scope="module")
def ware(salesfloor: RunningSalesfloor) -> str:
    """The name of something that both shops have, and that comes in one kind only."""
    lightspeed = salesfloor.simulator.client()
    stock: list[dict[str, Any]] = lightspeed.records("ItemShop", qoh=">,2")
    shops: dict[str, set[str]] = {}
    for row in stock:
        shops.setdefault(row["itemID"], set()).add(row["shopID"])
    both = [item for item, where in shops.items() if {"1", "2"} <= where]
    items = lightspeed.records("Item", itemID=f"IN,[{','.join(both[:100])}]")
    kinds = [item["description"] for item in items if item["itemMatrixID"] == "0"]
    return next(name for name in kinds if kinds.count(name) == 1)


@pytest.fixture
def at_mill(salesfloor: RunningSalesfloor, take_ipad: Take) -> Rep:
    """Jonas, at the last register of the last shop."""
    rep = take_ipad(salesfloor.url, salesfloor.sign_in_at_register(JONAS, which=-1))
    rep.sell()
    return rep


def shelf(rep: Rep) -> Locator:
    return rep.page.locator("#shelf")


def ask(rep: Rep, ware: str) -> None:
    rep.search(ware)
    card = rep.page.locator(".item-card").filter(has=rep.page.get_by_text(ware, exact=True))
    card.get_by_role("link").tap()  # its stock
    rep.page.locator("#item-sheet").get_by_role("button", name=re.compile("^Ask ")).first.tap()
    expect(rep.page.locator("#item-sheet")).to_contain_text("is asked to look.")


def test_question_is_seen_in_the_other_shop_and_the_answer_here_without_a_reload(
    at_register: Take, at_mill: Rep, ware: str
) -> None:
    maya = at_register(MAYA)
    expect(shelf(at_mill)).to_be_hidden()
    ask(maya, ware)
    expect(at_mill.page.locator(".toast")).to_contain_text("asks whether it is here.")
    expect(shelf(at_mill).locator("summary")).to_contain_text("1 question")
    shelf(at_mill).locator("summary").tap()
    expect(shelf(at_mill)).to_contain_text(ware)
    at_mill.button("One moment").tap()
    expect(maya.page.locator(".toast").last).to_contain_text("Jonas W. at")
    at_mill.button("Held until").tap()
    expect(shelf(at_mill)).to_contain_text("holds it for")
    expect(maya.page.locator(".toast").last).to_contain_text(re.compile(r"holds it until \d\d:00"))
    maya.page.locator("#item-sheet").get_by_role("button", name="Close").first.tap()
    shelf(maya).locator("summary").tap()
    expect(shelf(maya)).to_contain_text("holds it until")
    maya.button("No longer hold it").tap()
    expect(shelf(at_mill)).to_contain_text("put it back")
    assert serious_violations(at_mill.page) == []
    assert not widest_overflow(at_mill.page)


def test_list_that_is_open_stays_open_while_news_come(
    at_register: Take, at_mill: Rep, ware: str
) -> None:
    maya = at_register(MAYA)
    ask(maya, ware)
    shelf(at_mill).locator("summary").tap()
    expect(at_mill.button("Not found")).to_be_visible()
    at_mill.button("One moment").tap()
    expect(shelf(at_mill)).to_contain_text("is looking")
    expect(at_mill.button("Not found")).to_be_visible()
    at_mill.button("Not found").tap()
    expect(maya.page.locator(".toast").last).to_contain_text("did not find it.")
