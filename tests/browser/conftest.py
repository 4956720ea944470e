"""Reps in real browsers at everything running; nothing is mocked.

What serve and its processes print during a test is shown with the test when it fails.
"""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import BrowserContext, ViewportSize, expect

from tests.browser import running
from tests.browser.rep import Rep
from tests.browser.running import ANA, INGRID, MAYA, RunningSalesfloor, Ware

CHROMIUM = "/usr/bin/chromium"
LANDSCAPE = ViewportSize(width=1180, height=820)
PORTRAIT = ViewportSize(width=820, height=1180)
both_orientations = pytest.mark.parametrize(
    "viewport", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"]
)

Take = Callable[..., Rep]
SHOE, SOCK = "Trail Runner GTX Blue 9", "Wool sock Plum M"
# With a number of its own for each unit.
BIKE, BIKES_CODE = "Gravel bike Tourer 54", "4006381333931"
# Two that were entered with one barcode, as happens.
RED_MUG, BLUE_MUG, MUGS_CODE = "Camp mug Red", "Camp mug Blue", "4012345678901"
# No longer sold.
OLD_MUG, OLD_MUGS_CODE = "Camp mug Green", "4012345678918"

expect.set_options(timeout=15_000)


def pytest_configure() -> None:
    # Who gives up on the tests sends SIGTERM: then too has to be stopped what they started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    if not Path(CHROMIUM).exists():
        pytest.skip("No Chromium. This installs it: apt-get install chromium")
    # Its sandbox does not work for root, nor in most containers.
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def salesfloor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSalesfloor]:
    """The demo shop, connected by its manager, everything mirrored."""
    everything = running.start(tmp_path_factory.mktemp("salesfloor"))
    try:
        everything.stock_up(SHOE, SOCK)
        everything.simulator.put({"Item": [_mug(RED_MUG, 900_001), _mug(BLUE_MUG, 900_002)]})
        gone = {"ean": OLD_MUGS_CODE, "archived": True}
        everything.simulator.put({"Item": [_mug(OLD_MUG, 900_004) | gone]})
        everything.simulator.put(_bike())
        everything.connect()
        yield everything
    finally:
        everything.stop()


def _mug(name: str, item_id: int) -> dict[str, Any]:
    price = {"amount": "18", "useTypeID": 1, "useType": "Default"}
    codes = {"ean": MUGS_CODE, "customSku": f"MUG-ZA-{item_id}"}
    return {"itemID": item_id, "description": name, "Prices": {"ItemPrice": [price]}} | codes


def _bike() -> dict[str, list[dict[str, Any]]]:
    """It stands in both shops."""
    price = {"amount": "900", "useTypeID": 1, "useType": "Default"}
    bike = {"itemID": 900_003, "description": BIKE, "upc": BIKES_CODE, "customSku": "BIKE-ZA-1"}
    return {
        "Item": [bike | {"serialized": True, "Prices": {"ItemPrice": [price]}}],
        "ItemShop": [{"itemID": 900_003, "shopID": shop, "qoh": 9} for shop in (1, 2)],
    }


@pytest.fixture(scope="session")
def bike() -> Ware:
    return Ware(900_003, BIKE, BIKES_CODE)


@pytest.fixture(scope="session")
def red_mug() -> Ware:
    return Ware(900_001, RED_MUG, MUGS_CODE)


@pytest.fixture(scope="session")
def blue_mug() -> Ware:
    return Ware(900_002, BLUE_MUG, MUGS_CODE)


@pytest.fixture(scope="session")
def shoe(salesfloor: RunningSalesfloor) -> Ware:
    return salesfloor.ware(SHOE)


@pytest.fixture(scope="session")
def sock(salesfloor: RunningSalesfloor) -> Ware:
    return salesfloor.ware(SOCK)


@pytest.fixture(scope="session")
def sessions(salesfloor: RunningSalesfloor) -> dict[int, requests.Session]:
    """Those who work at the first register, signed in once for all tests."""
    return {who: salesfloor.sign_in_at_register(who) for who in (INGRID, MAYA, ANA)}


@pytest.fixture
def viewport() -> ViewportSize:
    return LANDSCAPE


@pytest.fixture
def take_ipad(new_context: Callable[..., BrowserContext], viewport: ViewportSize) -> Iterator[Take]:
    """Opens a browser at an address. What its console had to complain of fails the test."""
    taken: list[Rep] = []

    def take(url: str, session: requests.Session | None = None, **options: Any) -> Rep:
        context = new_context(base_url=url, has_touch=True, **{"viewport": viewport} | options)
        if session:
            cookies = {name: session.cookies[name] for name in ("sessionid", "csrftoken")}
            context.add_cookies(
                [{"name": name, "value": value, "url": url} for name, value in cookies.items()]
            )
        taken.append(Rep(context.new_page(), url))
        return taken[-1]

    yield take
    complaints = [complaint for rep in taken for complaint in rep.unforgiven()]
    assert not complaints, complaints


@pytest.fixture
def at_register(
    take_ipad: Take, salesfloor: RunningSalesfloor, sessions: dict[int, requests.Session]
) -> Iterator[Take]:
    """Someone at the first register, before the selling screen with an empty cart."""
    used: list[requests.Session] = []

    def sell(employee_id: int, **options: Any) -> Rep:
        used.append(sessions[employee_id])
        rep = take_ipad(salesfloor.url, sessions[employee_id], **options)
        rep.sell()
        return rep

    yield sell
    salesfloor.simulator.clear_faults()
    for session in used:
        salesfloor.empty_cart(session)


@pytest.fixture
def rep(at_register: Take) -> Rep:
    return at_register(MAYA)


@pytest.fixture(autouse=True)
def output_of_serve(request: pytest.FixtureRequest) -> Iterator[None]:
    """Into what pytest shows of a test that failed."""
    if "salesfloor" not in request.fixturenames:
        yield
        return
    salesfloor: RunningSalesfloor = request.getfixturevalue("salesfloor")
    before = len(salesfloor.output())
    yield
    print(salesfloor.output()[before:])
