"""Runs all of salesfloor on this machine: simulator (where none is configured), worker and web."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Mapping
from types import FrameType
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

READY_WITHIN_SECONDS = 120
# A store of a million items takes minutes to begin.
STORE_WITHIN_SECONDS = 900
STOPPED_WITHIN_SECONDS = 30


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address that the web listens on")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--simulator-port", type=int, default=8100)
        parser.add_argument("--store", default="demo", help="what a new simulator is filled with")
        parser.add_argument("--items", type=int, default=2000, help="how many items it then has")

    def handle(self, *args: Any, **options: Any) -> None:
        site = os.environ.get("SITE_URL", f"http://127.0.0.1:{options['port']}")
        simulator = f"http://127.0.0.1:{options['simulator_port']}"
        must_be_free(options["port"], "PORT")
        if settings.SIMULATED:
            must_be_free(options["simulator_port"], "SIMULATOR_PORT")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        processes = Processes({**os.environ, "SITE_URL": site, "SIMULATOR_URL": simulator})
        with processes:
            if settings.SIMULATED:
                callback = f"{site}/accounts/lightspeed/login/callback/"
                processes.start(
                    "simulator",
                    [
                        *(sys.executable, "manage.py", "simulator"),
                        *("--port", str(options["simulator_port"])),
                        *("--store", options["store"], "--items", str(options["items"])),
                        *("--redirect-uri", callback),
                    ],
                )
                processes.wait_for(f"{simulator}/_simulator/state", STORE_WITHIN_SECONDS)
            # Quiet, as it prints a line for every task; what goes wrong is logged all the same.
            processes.start("worker", [sys.executable, "manage.py", "run_huey", "--quiet"])
            processes.start(
                "web",
                [
                    *(sys.executable, "-m", "granian", "--interface", "wsgi"),
                    *("--host", options["host"], "--port", str(options["port"])),
                    *("--workers", str(os.cpu_count() or 1), "--blocking-threads", "8"),
                    *("--log-level", "error", "salesfloor.wsgi:application"),
                ],
            )
            processes.wait_for(f"http://127.0.0.1:{options['port']}/sign-in/")
            self.stdout.write(f"\nsalesfloor is ready at {site}")
            if settings.SIMULATED:
                self.tell_who_can_sign_in(simulator)
            self.stdout.flush()
            processes.watch()

    def tell_who_can_sign_in(self, simulator: str) -> None:
        with urlopen(f"{simulator}/_simulator/state", timeout=30) as answer:  # noqa: S310
            people = json.load(answer)["people"]
        self.stdout.write("\nSign in as anyone of the demo shop, there is no password:")
        for person in people:
            self.stdout.write(f"  {person['name']:20} {person['role']}")
        self.stdout.write(
            "The owner has to be the first: that connects the shop, and its items are copied in\n"
            "about half a minute. Ctrl-C stops everything."
        )


def must_be_free(port: int, variable: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CommandError(
                f"Port {port} is taken on this machine. Choose another: make run {variable}=…"
            ) from None


class Processes:
    """Children that live and end together."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "Processes":
        signal.signal(signal.SIGTERM, _interrupt)
        return self

    def __exit__(self, *exception: object) -> bool:
        """Ask all to finish what they are at, the worker its call to Lightspeed above all."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)  # one asking is enough; none may cut this short
        for name in ("web", "worker", "simulator"):
            if (process := self.running.get(name)) and process.poll() is None:
                # huey takes SIGINT as "finish the running task", SIGTERM as "stop at once".
                process.send_signal(signal.SIGINT if name == "worker" else signal.SIGTERM)
                try:
                    process.wait(STOPPED_WITHIN_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()
        return exception[0] is KeyboardInterrupt

    def start(self, name: str, command: list[str]) -> None:
        self.running[name] = subprocess.Popen(  # noqa: S603 (our own commands)
            command,
            cwd=settings.BASE_DIR,
            env=self.environment,
            # Ctrl-C in a terminal goes to the whole group; here one process decides for all.
            start_new_session=True,
        )

    def wait_for(self, url: str, within_seconds: int = READY_WITHIN_SECONDS) -> None:
        give_up_at = time.monotonic() + within_seconds
        while time.monotonic() < give_up_at:
            self._check()
            try:
                with urlopen(url, timeout=5):  # noqa: S310 (our own address)
                    return
            except (URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        raise CommandError(f"{url} did not answer within {within_seconds} seconds")

    def watch(self) -> None:
        while True:
            self._check()
            time.sleep(0.5)

    def _check(self) -> None:
        for name, process in self.running.items():
            if process.poll() is not None:
                raise CommandError(f"The {name} stopped with exit code {process.returncode}")


def _interrupt(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
