"""Who may come in, and what a shop looks like before it is connected."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import running
from tests.browser.conftest import Take
from tests.browser.rep import Rep
from tests.browser.running import (
    CONNECTED_SECONDS,
    INGRID,
    MAYA,
    SOPHIE,
    TOMAS,
    RunningSalesfloor,
    Ware,
)


@pytest.fixture
def new_shop(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningSalesfloor]:
    """Where nobody has signed in yet. Lightspeed takes its time there."""
    shop = running.start(tmp_path_factory.mktemp("new-shop"), items=150)
    shop.simulator.settings(latency_seconds=0.3)
    yield shop
    shop.stop()


def test_rep_waits_for_the_manager_who_connects_the_shop(
    take_ipad: Take, new_shop: RunningSalesfloor
) -> None:
    rep = take_ipad(new_shop.url)
    rep.sign_in(MAYA)
    expect(rep.heading).to_have_text("Please fetch a manager")

    manager = take_ipad(new_shop.url)
    manager.sign_in(INGRID)
    expect(manager.page.get_by_role("progressbar", name="Copied from Lightspeed")).to_be_visible()
    expect(manager.page.get_by_text(re.compile(r"\d+ of [\d,]+ records"))).to_be_visible()
    new_shop.simulator.settings(latency_seconds=0)
    expect(manager.page.get_by_text("Connected. ")).to_be_visible(timeout=CONNECTED_SECONDS * 1000)

    rep.page.get_by_role("link", name="Look again").tap()
    expect(rep.heading).to_have_text("Where do you sell today?")


def test_refusing_lightspeeds_consent_leads_back_and_can_be_tried_again(
    take_ipad: Take, salesfloor: RunningSalesfloor
) -> None:
    rep = take_ipad(salesfloor.url)
    rep.page.goto("/sign-in/")
    rep.button("Sign in with Lightspeed").tap()
    rep.button(re.compile("^Do not sign in")).tap()
    expect(rep.heading).to_have_text("You did not sign in")
    expect(rep.page.get_by_text("Nothing was changed")).to_be_visible()
    rep.page.get_by_role("link", name="Try again").tap()
    expect(rep.button("Sign in with Lightspeed")).to_be_visible()


def test_name_is_shown_and_the_register_remembered_at_the_next_sign_in(
    take_ipad: Take, salesfloor: RunningSalesfloor
) -> None:
    rep = take_ipad(salesfloor.url)
    rep.sign_in(SOPHIE)
    expect(rep.page.get_by_role("status")).to_have_text("Signed in as Sophie T.")
    rep.choose_register("Mile End", "Register 2")
    expect(rep.heading).to_have_text("Mile End Register 2")
    rep.sign_out("Sophie T.")
    rep.sign_in(SOPHIE)
    expect(rep.heading).to_have_text("Mile End Register 2")


def test_signing_out_closes_every_page(take_ipad: Take, salesfloor: RunningSalesfloor) -> None:
    rep = take_ipad(salesfloor.url, salesfloor.sign_in_at_register(SOPHIE))
    rep.sell()
    rep.sign_out("Sophie T.")
    for page in ("/sell/", "/sales/", "/connection/"):
        rep.page.goto(page)
        expect(rep.button("Sign in with Lightspeed")).to_be_visible()


def test_rep_does_not_get_the_managers_board(rep: Rep, salesfloor: RunningSalesfloor) -> None:
    answer = rep.page.request.get(f"{salesfloor.url}/manage/board/")
    assert answer.status == 403


def test_rep_whom_lightspeed_signed_out_signs_in_again_from_the_cart_and_is_paid(
    take_ipad: Take, salesfloor: RunningSalesfloor, sock: Ware
) -> None:
    rep = take_ipad(salesfloor.url, salesfloor.sign_in_at_register(TOMAS))
    rep.sell()
    rep.scan(sock)
    salesfloor.simulator.fault("Sale", "token_revoked", method="POST", times=1)
    rep.pay_cash("300")
    expect(rep.message).to_contain_text("You are signed out of Lightspeed. Nothing was charged")
    rep.message.get_by_role("link", name="Sign in again").tap()
    rep.button("Sign in with Lightspeed").tap()
    rep.button(re.compile("Tomás")).tap()
    expect(rep.total).to_contain_text("32.14")
    rep.pay_cash("300")
    assert rep.ticket_number()
