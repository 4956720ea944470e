"""How fast the simulated Lightspeed itself is, so that nobody measures it for salesfloor."""

import base64
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from tests.simulator.running import Client, RunningSimulator, start

ASKED = 40
# In milliseconds, and for starts of up to so many items.
GOALS = {"100 items with their stock": 40.0}
STARTS = ((100_000, "under 20 s"), (1_000_000, "under 4 min and 3 GB"))


def measure(items: int, say: Callable[[str], None]) -> bool:
    """Prints Markdown; False where an answer was wrong."""
    began = time.monotonic()
    simulator = start("large", items=items)
    started = time.monotonic() - began
    try:
        simulator.settings(rate_limits="off")
        client = simulator.client()
        say(f"## The simulated Lightspeed with {items:,} items\n")
        say("| | p50 | p95 | goal |")
        say("|---|---:|---:|---:|")
        right = [_times(client, name, ask, say) for name, ask in _questions(client, items)]
        peak = _peak_gigabytes(simulator)
    finally:
        simulator.stop()
    most = next((goal for size, goal in STARTS if items <= size), None)
    say(
        f"\nBuilt and listening after {started:.1f} s, with at most {peak:.2f} GB of memory"
        f"{f' (goal: {most})' if most else ''}.\n"
    )
    return all(right)


def _questions(client: Client, items: int) -> list[tuple[str, Callable[[int], bool]]]:
    """What is asked, and whether the n-th answer was right."""

    def page(entity: str, place: int, **params: Any) -> list[dict[str, Any]]:
        after = items // (ASKED + 1) * place
        cursor = base64.b64encode(json.dumps([after]).encode()).decode()
        found = client.records(entity, after=cursor, **params)
        key = f"{entity[0].lower()}{entity[1:]}ID"
        right = [int(record[key]) for record in found] == [*range(after + 1, after + 101)]
        return found if right else []

    def with_stock(place: int) -> bool:
        found = page("Item", place, load_relations=["ItemShops"])
        return len(found) == 100 and all(len(i["ItemShops"]["ItemShop"]) == 3 for i in found)

    def by_barcode(place: int) -> bool:
        code = f"29{place * 7:011}"
        return [item["ean"] for item in client.records("Item", ean=code)] == [code]

    def sale(place: int) -> bool:
        line = {"itemID": place + 1, "unitQuantity": 1}
        body: dict[str, Any] = {"employeeID": 1, "shopID": 1, "registerID": 1}
        body["SaleLines"] = {"SaleLine": [line] * 5}
        answer = client.post("Sale", body).json()["Sale"]
        return len(answer["SaleLines"]["SaleLine"]) == 5

    return [
        ("100 items with their stock", with_stock),
        ("100 counts of stock", lambda place: len(page("ItemShop", place)) == 100),
        ("an item by its barcode", by_barcode),
        ("a sale of five lines", sale),
    ]


def _times(
    client: Client, name: str, ask: Callable[[int], bool], say: Callable[[str], None]
) -> bool:
    seconds, wrong = [], 0
    for place in range(ASKED):
        began = time.perf_counter()
        wrong += not ask(place)
        seconds.append(time.perf_counter() - began)
    if wrong:
        say(f"| {name} | FAIL | FAIL | |")
        return False
    high = sorted(seconds)[int(ASKED * 0.95)]
    goal = f"≤ {GOALS[name]:g}" if name in GOALS else ""
    say(f"| {name} | {1000 * median(seconds):.1f} | {1000 * high:.1f} | {goal} |")
    return True


def _peak_gigabytes(simulator: RunningSimulator) -> float:
    status = Path(f"/proc/{simulator.process.pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+)", status)
    return int(found[1]) / 1e6 if found else float("nan")
