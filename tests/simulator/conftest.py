import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.running import ROOT, Client, RunningSimulator, start

RECORDINGS = Path(os.environ.get("LIGHTSPEED_RECORDINGS", ROOT.parent / "shared" / "recorded"))

SOCK = {
    "itemID": 12,
    "description": "Wool sock M",
    "ean": "5012345678900",
    "customSku": "SOCK-M",
    "defaultCost": "4",
    "avgCost": "4",
    "Prices": {"ItemPrice": [{"amount": "9.99", "useTypeID": 1}, {"amount": "12", "useTypeID": 2}]},
    "ItemShops": {"ItemShop": [{"shopID": 1, "qoh": 5}]},
}
HAT = {
    "itemID": 13,
    "description": "Felt hat",
    "systemSku": "210000000177",
    "avgCost": "10",
    "Prices": {"ItemPrice": [{"amount": "20", "useTypeID": 1}]},
    "ItemShops": {"ItemShop": [{"shopID": 1, "qoh": 2}]},
}
SERVICE = {
    "itemID": 14,
    "description": "Fitting",
    "itemType": "non_inventory",
    "taxClassID": 2,
    "Prices": {"ItemPrice": [{"amount": "30", "useTypeID": 1}]},
}


@pytest.fixture(scope="session")
def running_simulator() -> Iterator[RunningSimulator]:
    simulator = start("empty")
    yield simulator
    simulator.stop()


@pytest.fixture
def simulator(running_simulator: RunningSimulator) -> RunningSimulator:
    """An empty shop, fresh for every test, that answers as fast as it is asked."""
    running_simulator.reset()
    running_simulator.settings(rate_limits="off")
    return running_simulator


@pytest.fixture
def stocked(simulator: RunningSimulator) -> RunningSimulator:
    """Items 12 (9.99, five in stock), 13 (20, two) and 14 (a service, 30)."""
    simulator.put({"Item": [SOCK, HAT, SERVICE]})
    return simulator


@pytest.fixture
def owner(stocked: RunningSimulator) -> Client:
    return stocked.client()


@pytest.fixture
def open_sale(owner: Client) -> Callable[..., dict[str, Any]]:
    """Makes a sale of these lines; answers it as Lightspeed does."""

    def make(*lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
        body = {"employeeID": 1, "shopID": 1, "registerID": 1, **fields}
        if lines:
            body["SaleLines"] = {"SaleLine": list(lines)}
        answer = owner.post("Sale", body)
        assert answer.status_code == 200, answer.text
        sale: dict[str, Any] = answer.json()["Sale"]
        return sale

    return make


@pytest.fixture(scope="session")
def recording() -> Callable[[str], dict[str, Any]]:
    """One recorded interaction by name; skips where the recordings are not kept."""
    if not RECORDINGS.is_dir():
        pytest.skip(f"no recorded answers at {RECORDINGS} (LIGHTSPEED_RECORDINGS)")

    def read(name: str) -> dict[str, Any]:
        interaction: dict[str, Any] = json.loads((RECORDINGS / f"{name}.json").read_text())
        return interaction

    return read
