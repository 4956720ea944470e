"""All of salesfloor in its own processes, as `manage.py serve` starts it, over a new folder."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests import running_postgres
from tests.bench.tablet import Tablet

SQLITE, POSTGRES = DATABASES = ("sqlite", "postgres")
ROOT = Path(__file__).resolve().parents[2]
STARTED_WITHIN_SECONDS = 900
MIRRORED_WITHIN_SECONDS = 3600
# More than a bench can spend: what is measured are our own processes.
NO_LIMITS = {"bucket_size": 1_000_000, "drip_rate": 10_000, "burst_limit": 10_000}


@dataclass(frozen=True)
class Salesfloor:
    environment: dict[str, str]

    @property
    def url(self) -> str:
        return self.environment["SITE_URL"]

    def lightspeed(self, door: str = "state", **picked: str) -> Any:
        """What the simulator says of itself; of its sales, those picked or all."""
        url = f"{self.environment['SIMULATOR_URL']}/_simulator/{door}"
        return requests.get(url, picked, timeout=60).json()

    def tell(self, door: str, **values: Any) -> None:
        """Have the simulator behave so."""
        url = f"{self.environment['SIMULATOR_URL']}/_simulator/{door}"
        requests.post(url, json=values, timeout=60).raise_for_status()

    def forget_faults(self) -> None:
        url = f"{self.environment['SIMULATOR_URL']}/_simulator/faults"
        requests.delete(url, timeout=60).raise_for_status()

    def drips(self) -> float:
        return float(self.lightspeed(referenceNumber="none")["drips"])

    def run(self, module: str, *arguments: str) -> str:
        """What one of the bench's programs prints inside this salesfloor."""
        command = [sys.executable, "-m", f"tests.bench.{module}", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout


@contextmanager
def salesfloor(items: int, database: str = SQLITE) -> Iterator[Salesfloor]:
    """Simulator, worker and web, with so many items at Lightspeed and nothing mirrored yet."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="salesfloor-bench-"))
        port, simulator_port = _free_ports()
        environment = {
            **os.environ,
            "DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
            "LOG_LEVEL": "WARNING",
            "SITE_URL": f"http://127.0.0.1:{port}",
            "SIMULATOR_URL": f"http://127.0.0.1:{simulator_port}",
        }
        if database == POSTGRES:
            # As it comes: what is committed is on the disk.
            cluster = running_postgres.running(settings=())
            environment["DATABASE_URL"] = stack.enter_context(cluster)
        command = [sys.executable, "manage.py", "serve", "--port", str(port)]
        command += ["--simulator-port", str(simulator_port)]
        command += ["--store", "large", "--items", str(items)]
        log = Path(folder, "serve.log")
        output = stack.enter_context(log.open("wb"))
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        stack.callback(_stop, process)
        _wait_until_ready(process, log)
        running = Salesfloor(environment)
        running.tell("settings", **NO_LIMITS)
        yield running


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=90)


def wait_for_mirror(tablet: Tablet, *, held: int = 0) -> None:
    """Until the manager's page says that all has come over, but for so many kinds of records."""
    give_up_at = time.monotonic() + MIRRORED_WITHIN_SECONDS
    while time.monotonic() < give_up_at:
        page = tablet.get("/connection/").text.partition('id="calls"')[0]
        kinds = page.count('<th scope="row">')
        if kinds and page.count("Up to date") == kinds - held:
            return
        time.sleep(0.5)
    raise TimeoutError(f"The mirror is not complete after {MIRRORED_WITHIN_SECONDS} seconds")


def _wait_until_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    give_up_at = time.monotonic() + STARTED_WITHIN_SECONDS
    while b"is ready at" not in log.read_bytes().partition(b"salesfloor")[2]:
        if process.poll() is not None or time.monotonic() > give_up_at:
            raise RuntimeError(f"salesfloor did not start:\n{log.read_text()}")
        time.sleep(0.2)


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        for each in (one, other):
            each.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]
