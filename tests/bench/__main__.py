"""`make bench`: how fast salesfloor answers, beside a bare Django view on the same server.

Prints Markdown; times are milliseconds. Ends with 1 where any answer was wrong.
"""

import argparse
import json
import math
import os
import platform
import random
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from statistics import median

from tests.bench import crowd, lightspeed, taps
from tests.bench.catalogue import BARCODE, KINDS, Catalogue
from tests.bench.crowd import TABLETS, Throughput
from tests.bench.rounds import (
    ADD,
    FLOOR,
    LINES_A_SALE,
    PAY,
    RECORDED,
    SCAN,
    SCREEN,
    SEARCH,
    Measures,
    Rep,
    p95,
)
from tests.bench.running import (
    DATABASES,
    POSTGRES,
    SQLITE,
    Salesfloor,
    salesfloor,
    wait_for_mirror,
)
from tests.bench.tablet import Tablet
from tests.bench.weight import weights

MANAGER = 1
WARM_UP_SALES = 3
# A larger mirror would take the worker longer than anyone waits for a bench.
SYNCED_AT_MOST = 10_000
MEASURED = (FLOOR, SEARCH, *(f"… {kind}" for kind in KINDS), SCAN, ADD, PAY, RECORDED, SCREEN)
# At the 95th percentile, as multiples of the floor; and of the floor's searches a second.
GOALS = {SEARCH: 2.5, f"… {BARCODE}": 2.5, SCAN: 3.0, ADD: 3.0}
THROUGHPUT_GOAL = 0.4
GROWTH_GOAL = 0.3
# PostgreSQL's time as a multiple of SQLite's, where there are so many items.
POSTGRES_GOAL, COMPARED_AT = 3.0, 100_000
# Of five lines and one payment, priced before the money is taken: the POST of a sale costs 2 drips,
# the PUT that completes it 5, and each line or payment in them half of one.
FEWEST_DRIPS = 2 + 5 + (LINES_A_SALE + 1) / 2


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--items", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--database", nargs="+", choices=DATABASES, default=DATABASES)
    parser.add_argument("--sales", type=int, default=30, help="of five lines each")
    parser.add_argument(
        "--taps", type=int, default=20, help="on a payment while Lightspeed is slow or silent"
    )
    parser.add_argument(
        "--simulator", type=int, nargs="*", default=[100_000], help="items of the simulator alone"
    )
    parser.add_argument(
        "--copied", type=int, nargs="*", default=[2_000], help="items of a first sync alone"
    )
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    # Whatever ends it, its processes end with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    load = os.getloadavg()[0]
    say(
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {os.cpu_count()} cores, {platform.machine()}, "
        f"load {load:.1f} before · Python {platform.python_version()} · seed {asked.seed}\n"
    )
    for items in asked.copied:
        say("## The first sync alone\n")
        command = [sys.executable, "-m", "tests.bench.copying", "--items", str(items)]
        subprocess.run([*command, "--seed", str(asked.seed)], check=True)
    right = True
    measured: dict[str, dict[int, Measures]] = {}
    for database in asked.database:
        measured[database] = {}
        for items in sorted(asked.items):
            is_first = not any(measured.values())
            tapped = asked.taps if is_first else 0
            measures = measure(database, items, asked.sales, asked.seed, tapped)
            measured[database][items] = measures
            right &= not measures.wrong
        if len(asked.items) > 1:
            say_growth(database, measured[database])
    if len(measured) > 1:
        say_beside(measured[SQLITE], measured[POSTGRES])
    alone = [lightspeed.measure(items, say) for items in asked.simulator]
    if not (right and all(alone)):
        sys.exit(1)


def say(text: str) -> None:
    print(text, flush=True)


def measure(database: str, items: int, sales: int, seed: int, tapped: int) -> Measures:
    say(f"## {items:,} items on {'SQLite' if database == SQLITE else 'PostgreSQL'}\n")
    with salesfloor(items, database) as running:
        tablet = synced(running, items) if items <= SYNCED_AT_MOST else filled(running, items)
        choose_register(tablet)
        tablet.get("/bench/fill/")
        catalogue = Catalogue(items)
        rep = Rep(tablet, running, catalogue, random.Random(seed))
        for _ in range(WARM_UP_SALES):
            rep.sell()
        rep.measures = measures = Measures()
        for _ in range(sales):
            rep.sell()
        say_times(measures)
        say_throughput(crowd.measure(running, tablet, catalogue, seed))
        say_weights(tablet)
        say_queries(running, tablet)
        if drips := measures.drips:
            say(
                f"Drips of an ordinary sale (5 lines, one payment): {median(drips):g}, of at least "
                f"{FEWEST_DRIPS:g} where the price comes before the money.\n"
            )
        if tapped and not taps.measure(rep, tapped, say):
            measures.wrong[PAY].append("while Lightspeed was slow or silent")
    return measures


def synced(running: Salesfloor, items: int) -> Tablet:
    """A manager has signed in, and the worker has copied everything."""
    began, drips = time.monotonic(), running.drips()
    tablet = Tablet.of(MANAGER, running.url)
    wait_for_mirror(tablet)
    seconds = time.monotonic() - began
    rows = items * 4  # an item, its counts in two shops, and their sum
    say(
        f"First sync by the worker: {rows:,} rows, of them {items:,} items, in {seconds:.0f} s: "
        f"{rows / seconds:,.0f} rows/s, {running.drips() - drips:,.0f} drips.\n"
    )
    return tablet


def filled(running: Salesfloor, items: int) -> Tablet:
    """A manager has signed in, but items and stock were saved without asking for them."""
    running.run("fill", "hold")
    tablet = Tablet.of(MANAGER, running.url)
    wait_for_mirror(tablet, held=2)
    seconds = float(running.run("fill", str(items)))
    wait_for_mirror(tablet)
    rows = items * 3  # an item and its counts in two shops
    say(
        f"Mirror filled without the network: {rows:,} rows, of them {items:,} items, saved and "
        f"indexed in {seconds:.0f} s: {rows / seconds:,.0f} rows/s.\n"
    )
    return tablet


def choose_register(tablet: Tablet) -> None:
    page = tablet.get("/register/", htmx=False).text
    tablet.post("/register/", register=re.findall(r'name="register"\s+value="(\d+)"', page)[0])


def say_times(measures: Measures) -> None:
    say("| | n | p50 | p95 | p50 ÷ floor | p95 ÷ floor | goal |")
    say("|---|---:|---:|---:|---:|---:|---:|")
    floor = measures.seconds[FLOOR]
    for name in MEASURED:
        taken = measures.seconds[name]
        if name in measures.wrong or not taken:
            say(f"| {name} | {len(taken)} | FAIL | FAIL | | | |")
            continue
        middle, high = median(taken), p95(taken)
        goal = f"≤ {GOALS[name]:g}" if name in GOALS else ""
        say(
            f"| {name} | {len(taken)} | {1000 * middle:.2f} | {1000 * high:.2f} "
            f"| {middle / median(floor):.2f} | {high / p95(floor):.2f} | {goal} |"
        )
    say("")
    for name, problems in measures.wrong.items():
        say(f"FAIL {name}: {len(problems)} wrong answers, the first: {problems[0]}\n")


def say_throughput(at_once: Throughput) -> None:
    say(
        f"{TABLETS} tablets at once: {at_once.search:.0f} searches a second, where the floor makes "
        f"{at_once.floor:.0f}: {at_once.search / at_once.floor:.2f} of it "
        f"(goal: ≥ {THROUGHPUT_GOAL:g}).\n"
    )


def say_weights(tablet: Tablet) -> None:
    say("| | requests | bytes raw | as sent | goal |")
    say("|---|---:|---:|---:|---|")
    for weight in weights(tablet):
        bytes_ = f"{weight.raw:,} | {weight.sent:,}"
        say(f"| {weight.name} | {weight.requests} | {bytes_} | {weight.goal} |")
    say("")


def say_queries(running: Salesfloor, tablet: Tablet) -> None:
    counted = running.run("inside", tablet.session_key)
    queries = json.loads(counted).items()
    say(f"Queries: {', '.join(f'{view} {number}' for view, number in queries)}.\n")


def say_growth(database: str, measured: dict[int, Measures]) -> None:
    few, many = min(measured), max(measured)
    say(f"## Growth from {few:,} to {many:,} items on {database}\n")
    say("| | exponent of p95 | of p95 ÷ floor | goal |")
    say("|---|---:|---:|---:|")
    rise = math.log(many / few)
    floors = [p95(measured[items].seconds[FLOOR]) for items in (few, many)]
    for name in (FLOOR, SEARCH, *(f"… {kind}" for kind in KINDS), SCAN, ADD, PAY):
        if any(name in measured[items].wrong for items in (few, many)):
            say(f"| {name} | FAIL | | |")
            continue
        small, large = (p95(measured[items].seconds[name]) for items in (few, many))
        absolute = math.log(large / small) / rise
        relative = absolute - math.log(floors[1] / floors[0]) / rise
        goal = f"≤ {GROWTH_GOAL:g}" if name in GOALS else ""
        say(f"| {name} | {absolute:.2f} | {relative:.2f} | {goal} |")
    say("")


def say_beside(sqlite: dict[int, Measures], postgres: dict[int, Measures]) -> None:
    say("## PostgreSQL beside SQLite, p95\n")
    say("| | items | SQLite | PostgreSQL | ÷ SQLite | goal |")
    say("|---|---:|---:|---:|---:|---:|")
    for name in (SEARCH, *(f"… {kind}" for kind in KINDS), SCAN, ADD):
        for items in sqlite:
            if name in sqlite[items].wrong or name in postgres[items].wrong:
                say(f"| {name} | {items:,} | FAIL | FAIL | | |")
                continue
            one, other = (1000 * p95(each[items].seconds[name]) for each in (sqlite, postgres))
            goal = f"≤ {POSTGRES_GOAL:g}" if items == COMPARED_AT and name in GOALS else ""
            say(f"| {name} | {items:,} | {one:.2f} | {other:.2f} | {other / one:.2f} | {goal} |")
    say("")


if __name__ == "__main__":
    main()
