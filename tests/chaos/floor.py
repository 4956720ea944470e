"""A whole salesfloor in processes that can be killed one by one: simulator, webs and workers."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from tests.chaos.databases import Database
from tests.simulator import running
from tests.simulator.running import ROOT, RunningSimulator

READY_SECONDS = 120
# Where people wait for minutes, chaos waits for seconds.
CALL_SECONDS, SETTLE_SECONDS, FRESH_SECONDS = 1.5, 5, 4
NO_LIMITS = {"bucket_size": 1_000_000, "drip_rate": 10_000, "burst_limit": 10_000}
# What is not told would be taken from whoever starts this.
NOT_OURS = ("DJANGO_", "LIGHTSPEED_", "DATABASE_URL", "REDIS_URL", "SITE_URL", "SIMULATOR_URL")

UNFINISHED = """
    SELECT COUNT(*) FROM outbox_submission WHERE state IN ('waiting', 'submitting', 'checking')
    AND reason = ''
"""


@dataclass
class Member:
    """One process of the floor, with whatever it has started."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    end_signal: signal.Signals
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def signal(self, number: signal.Signals) -> None:
        assert self.process
        os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """At once, in whatever it is at: nothing of it is left."""
        self.signal(signal.SIGKILL)
        assert self.process
        self.process.wait(30)

    def end(self) -> None:
        """Asked to, as an operator does it: it finishes what it is at."""
        assert self.process
        self.process.send_signal(self.end_signal)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()


@dataclass
class Floor:
    folder: Path
    database: Database
    simulator: RunningSimulator
    webs: list[Member]
    workers: list[Member]
    urls: list[str]
    # Sales that couriers are still at, as last counted.
    unfinished: int = 0
    # Grows with each older copy of the database that is put back.
    epoch: int = 0
    # What the sales were called, by epoch and the key that screens show.
    references: dict[tuple[int, int], str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def members(self) -> list[Member]:
        return [*self.webs, *self.workers]

    def wait_for(self, url: str, seconds: float = READY_SECONDS) -> None:
        give_up_at = time.monotonic() + seconds
        while True:
            try:
                requests.get(f"{url}/sign-in/", timeout=5)
                return
            except requests.RequestException:
                if time.monotonic() > give_up_at:
                    raise
                time.sleep(0.1)

    def count_unfinished(self) -> int:
        with self.lock:  # not while the database is away
            self.unfinished = self.database.number(UNFINISHED)
        return self.unfinished

    def note_references(self) -> None:
        for key, reference in self.database.rows("SELECT id, reference FROM sales_sale"):
            self.references[self.epoch, key] = reference

    def put_database_back(self) -> None:
        """The disk is lost: everything stops, and starts again from an older copy."""
        for member in self.members:
            member.kill()
        with self.lock:
            self.note_references()
            self.database.put_back()
            self.epoch += 1
        for member in self.members:
            member.start()
        self.wait_for(self.urls[0])

    def restart_simulator(self) -> None:
        self.simulator.kill()
        self.simulator = self.simulator.restarted()
        self.simulator.settings(**NO_LIMITS)


@contextmanager
def running_floor(
    folder: Path, database: Database, *, webs: int, workers: int, redis_url: str = ""
) -> Iterator[Floor]:
    ports = _free_ports(webs + 1)
    urls = [f"http://127.0.0.1:{port}" for port in ports[1:]]
    simulator = running.start(
        "demo",
        items=300,
        data=folder / "simulator.sqlite3",
        port=ports[0],
        redirect_uri=f"{urls[0]}/accounts/lightspeed/login/callback/",
    )
    simulator.settings(**NO_LIMITS)
    environment = _environment(folder, database, simulator.url, urls[0], redis_url)
    floor = Floor(folder, database, simulator, [], [], urls)
    try:
        for command in (["migrate"], ["collectstatic", "--no-input"]):
            subprocess.run(
                [sys.executable, "manage.py", *command, "--verbosity=0"],
                cwd=ROOT,
                env=environment,
                check=True,
            )
        for port in ports[1:]:
            floor.webs.append(_web(folder, environment, port))
        for number in range(workers):
            floor.workers.append(_worker(folder, environment, number))
        for member in floor.members:
            member.start()
        for url in urls:
            floor.wait_for(url)
        yield floor
    finally:
        for member in floor.members:
            if member.process and member.process.poll() is None:
                member.kill()
        floor.simulator.kill()


def _environment(
    folder: Path, database: Database, simulator_url: str, site_url: str, redis_url: str
) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_OURS)}
    return kept | {
        "DATA_DIR": str(folder),
        "DATABASE_URL": database.url,
        "REDIS_URL": redis_url,
        "SITE_URL": site_url,
        "SIMULATOR_URL": simulator_url,
        "LIGHTSPEED_CONNECT_SECONDS": "1",
        "LIGHTSPEED_CALL_SECONDS": str(CALL_SECONDS),
        "DELIVERY_SETTLE_SECONDS": str(SETTLE_SECONDS),
        "QUOTE_FRESH_SECONDS": str(FRESH_SECONDS),
        "LOG_LEVEL": "WARNING",
    }


def _web(folder: Path, environment: dict[str, str], port: int) -> Member:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1", "--blocking-threads", "6"]
    command += ["--log-level", "error", "salesfloor.wsgi:application"]
    name = f"web-{port}"
    return Member(name, command, environment, folder / f"{name}.log", signal.SIGTERM)


def _worker(folder: Path, environment: dict[str, str], number: int) -> Member:
    command = [sys.executable, "manage.py", "run_huey", "--quiet"]
    name = f"worker-{number}"
    return Member(name, command, environment, folder / f"{name}.log", signal.SIGINT)


def _free_ports(how_many: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(how_many)]
    ports: list[int] = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
