"""Two processes share one account's budget for an hour of virtual time, which a conductor tells."""

import json
import math
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

import pytest
from redis import Redis

from salesfloor.lightspeed.ratelimit import Figures, Right
from salesfloor.staff.connection import bucket_of
from salesfloor.staff.models import Account
from tests.processes import environment
from tests.simulator.running import RunningSimulator

ROOT = Path(__file__).resolve().parents[2]
BEGAN_AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
SIZE, DRIP_RATE = 90, 1
# Those who wake within the same quarter of a second wake together, and call at once.
TICK_SECONDS = 0.25
ANSWER_SECONDS = 60
SALES_CLASSES = (Right.COMPLETE, Right.QUOTE)
SYNC_CLASSES = (Right.CATALOGUE, Right.STOCK)


@dataclass
class Conductor:
    """Owns the time: moves on once all tasks sleep, to when the first of them wakes."""

    simulator: RunningSimulator
    token: str
    heard: SimpleQueue[dict[str, Any]] = field(default_factory=SimpleQueue)
    processes: list[subprocess.Popen[str]] = field(default_factory=list)
    process_of: dict[str, subprocess.Popen[str]] = field(default_factory=dict)
    wakes: dict[str, float] = field(default_factory=dict)
    calls: dict[str, list[tuple[float, int]]] = field(default_factory=dict)
    failures: dict[str, list[str]] = field(default_factory=dict)
    elapsed: float = 0.0
    awake: int = 0

    def start(self, *tasks: str) -> None:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.staff.paced_worker"],
            cwd=ROOT,
            env=environment() | {"SIMULATOR_URL": self.simulator.url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.processes.append(process)
        self.process_of |= dict.fromkeys(tasks, process)
        self.awake += len(tasks)
        given = {"tasks": tasks, "token": self.token, "seed": len(self.processes)}
        self._tell(process, **given, now=BEGAN_AT.isoformat())
        Thread(target=self._listen, args=[process], daemon=True).start()

    def run_until(self, minute: float) -> None:
        self._until_all_sleep()
        while (wakes_at := min(self.wakes.values())) <= minute * 60:
            self.simulator.clock(advance=wakes_at - self.elapsed)
            self.elapsed = wakes_at
            self._wake([task for task, at in self.wakes.items() if at == wakes_at])
            self._until_all_sleep()

    def end(self) -> None:
        for task in self.process_of:
            self._tell(self.process_of[task], task=task, now=None)
        self.awake = len(self.process_of)
        self._until_all_sleep()

    def _wake(self, tasks: list[str]) -> None:
        now = (BEGAN_AT + timedelta(seconds=self.elapsed)).isoformat()
        for task in tasks:
            del self.wakes[task]
            self._tell(self.process_of[task], task=task, now=now)
        self.awake = len(tasks)

    def stop(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait(timeout=10)

    def _tell(self, process: subprocess.Popen[str], **facts: Any) -> None:
        assert process.stdin
        process.stdin.write(json.dumps(facts) + "\n")
        process.stdin.flush()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            self.heard.put(json.loads(line))

    def _until_all_sleep(self) -> None:
        while self.awake:
            heard = self.heard.get(timeout=ANSWER_SECONDS)
            self.awake -= 1
            if "calls" in heard:
                self.calls[heard["task"]] = heard["calls"]
                self.failures[heard["task"]] = heard["failures"]
            else:
                ticks = math.ceil((self.elapsed + heard["sleeps"]) / TICK_SECONDS)
                self.wakes[heard["task"]] = max(ticks * TICK_SECONDS, self.elapsed + TICK_SECONDS)


@pytest.fixture
def conductor(
    request: pytest.FixtureRequest,
    transactional_db: None,
    running_simulator: RunningSimulator,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Conductor]:
    settings.REDIS_URL = ""
    if request.param == "redis":
        settings.REDIS_URL = request.getfixturevalue("redis_url")
        Redis.from_url(settings.REDIS_URL).flushall()
    monkeypatch.setenv("REDIS_URL", settings.REDIS_URL)
    with shop_of_its_own(running_simulator):
        Account.objects.create(lightspeed_id=4711, name="Quay")
        conducting = Conductor(running_simulator, running_simulator.grant(1).access_token)
        yield conducting
        conducting.stop()


@contextmanager
def shop_of_its_own(simulator: RunningSimulator) -> Iterator[None]:
    simulator.reset()
    items = [{"itemID": number, "description": f"Peg {number}"} for number in range(1, 13)]
    simulator.put({"Item": items, "ItemShop": [{"itemID": 12, "shopID": 1, "qoh": 9999}]})
    simulator.settings(
        bucket_size=SIZE, drip_rate=DRIP_RATE, burst_limit=20, access_token_seconds=9999
    )
    simulator.clock(now=BEGAN_AT.isoformat(), frozen=True)
    yield
    simulator.reset()
    simulator.clock()


def drips(figures: dict[Right, Figures], classes: tuple[Right, ...]) -> float:
    return sum(figures[right].drips for right in classes)


# An hour with the usual store, and as long with Redis as does not take long.
@pytest.mark.parametrize(
    ("conductor", "minutes"), [("database", 60), ("redis", 10)], indirect=["conductor"]
)
def test_sync_and_look_ups_and_sales_are_never_answered_429_and_sales_never_wait(
    conductor: Conductor, minutes: int
) -> None:
    conductor.start("catalogue", "stock", "more sales")
    conductor.start("look-ups", "sales")
    conductor.run_until(minutes)
    conductor.end()
    figures = dict(bucket_of(Account.objects.get()).figures(BEGAN_AT))
    statuses = Counter(status for calls in conductor.calls.values() for _, status in calls)
    assert not any(conductor.failures.values())
    assert statuses.keys() == {200}
    assert sum(told.refused for told in figures.values()) == 0
    assert [figures[right].waited for right in SALES_CLASSES] == [0, 0]
    # Lightspeed and we count the same.
    state = conductor.simulator.state()
    assert sum(state["calls"].values()) == statuses.total()
    assert state["drips"] == pytest.approx(drips(figures, tuple(figures)))
    # Sync has not been idle: it took nearly all that the others left.
    left = minutes * 60 * DRIP_RATE - drips(figures, (*SALES_CLASSES, Right.LOOK_UP))
    assert drips(figures, SYNC_CLASSES) > 0.9 * left


@pytest.mark.parametrize("conductor", ["database", "redis"], indirect=True)
def test_nobody_calls_before_the_time_that_a_429_told(conductor: Conductor) -> None:
    conductor.start("catalogue", "stock")
    conductor.start("look-ups")
    conductor.run_until(1)
    conductor.simulator.fault("Item", "429", times=1, seconds=20)
    conductor.run_until(4)
    conductor.end()
    calls = sorted(call for calls in conductor.calls.values() for call in calls)
    [refused_at] = [at for at, status in calls if status == 429]
    following = [at for at, _ in calls if at > refused_at]
    assert refused_at + 20 <= following[0] <= refused_at + 60
    assert len(following) > 30
