"""Two iPads in two shops: one asks the other to look on its shelf."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Take
from tests.browser.rep import Rep
from tests.browser.running import MAYA, PRIYA, RunningSalesfloor, Ware
from tests.browser.test_looks import serious_violations

OTHER_SHOP = "Mile End"
OTHER_REGISTER = 3  # among those that are offered, the first of the other shop
# A screen asks every five seconds; a busy machine takes its time besides.
SOON = 60_000


def ask(rep: Rep, ware: Ware) -> None:
    """Where its stock is told by shop."""
    rep.search(ware.name)
    card = rep.page.locator(".item-card").filter(has_text=ware.name)
    card.get_by_text("elsewhere").tap()
    rep.page.locator("#item-sheet").get_by_role("button", name=f"Ask {OTHER_SHOP}").tap()


def brightness(element: Locator) -> float:
    """Of what it is filled with, from 0 to 255."""
    color = element.evaluate("each => getComputedStyle(each).backgroundColor")
    red, green, blue = (int(part) for part in re.findall(r"\d+", color)[:3])
    return (red + green + blue) / 3


def test_what_another_shop_is_asked_it_answers_and_both_see_it(
    at_register: Take, take_ipad: Take, salesfloor: RunningSalesfloor, bike: Ware
) -> None:
    maya = at_register(MAYA)
    session = salesfloor.sign_in_at_register(PRIYA, OTHER_REGISTER)
    priya = take_ipad(salesfloor.url, session, color_scheme="dark")
    priya.sell()
    expect(priya.heading).to_contain_text(OTHER_SHOP)
    ask(maya, bike)
    expect(maya.page.locator("#item-sheet")).to_contain_text(f"{OTHER_SHOP} is asked to look.")

    there = priya.page.locator("#shelf")
    expect(there).to_contain_text("1 question", timeout=SOON)
    expect(priya.toast).to_contain_text(bike.name)
    there.locator("summary").tap()
    expect(there).to_contain_text("Harbour Street asks whether it is here.")
    assert serious_violations(priya.page) == []
    sheet = brightness(there.locator(".menu__sheet"))
    for answer in ("Not found", "One moment"):
        assert abs(brightness(there.get_by_role("button", name=answer)) - sheet) >= 10
    there.get_by_role("button", name="Held until").tap()
    expect(there).to_contain_text(re.compile(r"Priya \w+\.? holds it for Harbour Street until"))

    expect(maya.toast).to_contain_text(
        re.compile(rf"Priya .* at {OTHER_SHOP} holds it until \d\d:\d\d"), timeout=SOON
    )
    here = maya.page.locator("#shelf")
    expect(here).to_contain_text("1 answer")
    here.locator("summary").tap()
    assert serious_violations(maya.page) == []
    expect(here).not_to_contain_text("1 answer", timeout=SOON)
    expect(here).to_have_attribute("open", "")
    here.get_by_role("button", name="No longer hold it").tap()
    expect(there).to_contain_text("No longer held for Harbour Street: put it back.", timeout=SOON)
    there.get_by_role("button", name="Put away").tap()
    expect(there).to_be_hidden()
