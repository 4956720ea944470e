"""`python -m tests.bench.copying --items 2000`: what a first sync costs Lightspeed and us.

Runs the sync alone, in this process and in a folder of its own, and prints Markdown: rows a second,
what saving a page of a hundred takes, how long a sale would have had to wait for a transaction of
the mirror, and the drips spent beside those that the pages would have cost that there had to be.
"""

import argparse
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import ceil
from statistics import median
from types import SimpleNamespace
from typing import Any

# At the 95th percentile, in milliseconds; of transactions the longest.
SAVING_GOAL, TRANSACTION_GOAL = 30.0, 50.0
DRIPS_GOAL = 1.1
A_PAGE = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    data = tempfile.mkdtemp(prefix="salesfloor-copying-")
    os.environ |= {"DATA_DIR": data, "DJANGO_SETTINGS_MODULE": "salesfloor.settings"}
    os.environ.setdefault("LOG_LEVEL", "WARNING")

    import django

    django.setup()
    from django.core.management import call_command

    from tests.simulator import running

    call_command("migrate", verbosity=0)
    simulator = running.start("demo", items=asked.items, seed=asked.seed)
    try:
        measure(simulator, asked.items)
    finally:
        simulator.stop()


def measure(simulator: Any, items: int) -> None:
    from django.conf import settings

    from salesfloor.mirror import feeds, sync
    from tests.mirror.connected import connect

    account = connect(simulator, settings)
    saved: dict[str, list[float]] = defaultdict(list)
    cpu: dict[str, list[float]] = defaultdict(list)
    transactions: dict[str, list[float]] = defaultdict(list)
    drips = simulator.state()["drips"]
    with timed(sync, feeds, saved, cpu, transactions):
        began = time.perf_counter()
        while sync.sync(account):
            pass
        seconds = time.perf_counter() - began
    spent = simulator.state()["drips"] - drips
    rows = {feed.name: feed.rows_done for feed in account.feeds.all()}
    print(f"A first sync of {items:,} items, {sum(rows.values()):,} rows, in {seconds:.1f} s: ")
    print(f"{sum(rows.values()) / seconds:,.0f} rows/s.\n")
    print("| saved a page of 100 | n | p50 | p95 | goal | CPU p50 | longest transaction | goal |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for name in ("items", "stock", "customers"):
        if taken := sorted(saved[name]):
            print(
                f"| {name} | {len(taken)} | {median(taken):.1f} | {_p95(taken):.1f} "
                f"| ≤ {SAVING_GOAL:g} | {median(cpu[name]):.1f} "
                f"| {max(transactions[name]):.1f} | ≤ {TRANSACTION_GOAL:g} |"
            )
    longest = max(max(taken) for taken in transactions.values())
    print(f"\nThe longest transaction of any kind took {longest:.1f} ms.")
    needed = needed_drips(simulator, account, rows)
    print(
        f"Drips: {spent:,.1f} spent, {needed:,.1f} for the pages needed: "
        f"{spent / needed:.3f} of them (goal: ≤ {DRIPS_GOAL}).\n"
    )


def _p95(taken: list[float]) -> float:
    return taken[min(len(taken) - 1, int(len(taken) * 0.95))]


@contextmanager
def timed(
    sync: Any,
    feeds: Any,
    saved: dict[str, list[float]],
    cpu: dict[str, list[float]],
    transactions: dict[str, list[float]],
) -> Iterator[None]:
    """Have noted what saving whole pages takes, by the clock and of the processor, and each
    transaction, by kinds, in milliseconds."""
    kinds, atomic = feeds.KINDS, sync.transaction.atomic
    kind_now = ""

    def watched(kind: Any) -> Any:
        def save(account: Any, page: Any) -> None:
            nonlocal kind_now
            kind_now = kind.name
            began, busy = time.perf_counter(), time.process_time()
            kind.save(account, page)
            if len(page) == A_PAGE:
                saved[kind.name].append(1000 * (time.perf_counter() - began))
                cpu[kind.name].append(1000 * (time.process_time() - busy))

        return replace(kind, save=save)

    def noted(block: Any = None) -> Any:
        """Also as a decorator, as it is used where a feed is finished."""
        return _noted() if block is None else _noted()(block)

    @contextmanager
    def _noted() -> Iterator[None]:
        began = time.perf_counter()
        with atomic():
            yield
        transactions[kind_now].append(1000 * (time.perf_counter() - began))

    sync.KINDS = tuple(map(watched, kinds))
    sync.transaction = feeds.transaction = SimpleNamespace(atomic=noted)
    try:
        yield
    finally:
        sync.KINDS = kinds
        sync.transaction = feeds.transaction = SimpleNamespace(atomic=atomic)


def needed_drips(simulator: Any, account: Any, rows: dict[str, int]) -> float:
    """Of the least pages that hold so many rows, at least one of each kind, at what Lightspeed
    takes for a page."""
    from salesfloor.lightspeed.ratelimit import Right
    from salesfloor.mirror.feeds import KINDS, THE_BEGINNING
    from salesfloor.staff.connection import client_of

    needed, client = 0.0, client_of(account, Right.COMPLETE)
    for kind in KINDS:
        before = simulator.state()["drips"]
        next(iter(kind.listing(client, THE_BEGINNING, "").pages()))
        page = simulator.state()["drips"] - before
        needed += page * max(1, ceil(rows[kind.name] / A_PAGE))
    return needed


if __name__ == "__main__":
    main()
