from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from salesfloor.staff.models import Account
from tests.mirror.connected import connect
from tests.simulator import running
from tests.simulator.running import RunningSimulator

SMALL = 250  # three pages of items


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """One call reads all there is, however busy the machine."""
    monkeypatch.setattr("salesfloor.mirror.sync.AT_A_TIME", timedelta(hours=1))


@pytest.fixture(scope="package")
def small_shop() -> Iterator[RunningSimulator]:
    simulator = running.start("demo", items=SMALL)
    yield simulator
    simulator.stop()


@pytest.fixture
def simulator(small_shop: RunningSimulator) -> Iterator[RunningSimulator]:
    """The demo shop as it is on its first day, with a small assortment."""
    small_shop.reset()
    small_shop.clear_faults()
    yield small_shop
    small_shop.clear_faults()


@pytest.fixture
def account(db: None, simulator: RunningSimulator, settings: Any) -> Account:
    return connect(simulator, settings)
