"""Several tablets at once: how many searches they get through together."""

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from tests.bench.catalogue import Catalogue, typed_for
from tests.bench.running import Salesfloor
from tests.bench.tablet import Tablet

TABLETS = 8
SECONDS = 4.0
# Which of the two is asked changes so often: a disturbance then meets both.
TURNS = 4


@dataclass(frozen=True)
class Throughput:
    """Searches a second, of all tablets together."""

    floor: float
    search: float


def measure(running: Salesfloor, tablet: Tablet, catalogue: Catalogue, seed: int) -> Throughput:
    """The same words are asked of both, by tablets of one rep."""
    tablets = [Tablet(running.url, cookies=tablet.cookies) for _ in range(TABLETS)]
    rates: dict[str, list[float]] = {"/bench/search/": [], "/items/": []}
    with ThreadPoolExecutor(TABLETS) as pool:
        for turn in range(TURNS):
            for path, measured in rates.items():
                until = time.perf_counter() + SECONDS
                words = [_typed(catalogue, seed + turn * TABLETS + n) for n in range(TABLETS)]
                ask = partial(_ask, path, until)
                measured.append(sum(pool.map(ask, tablets, words)) / SECONDS)
    floor, search = (sum(measured) / TURNS for measured in rates.values())
    return Throughput(floor, search)


def _ask(path: str, until: float, tablet: Tablet, words: Iterator[str]) -> int:
    answered = 0
    while time.perf_counter() < until:
        if tablet.get(path, q=next(words)).status != 200:
            raise RuntimeError(f"{path} did not answer")
        answered += 1
    return answered


def _typed(catalogue: Catalogue, seed: int) -> Iterator[str]:
    choose = random.Random(seed)
    while True:
        yield from (typed for _, typed in typed_for(choose.choice(catalogue.items), choose))
