"""All of salesfloor as `manage.py serve` runs it, on free ports, and ways into it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

import psycopg
import requests

from tests.simulator.running import ROOT, RunningSimulator

READY_SECONDS = 120
CONNECTED_SECONDS = 120
STOPPED_SECONDS = 60

# People of the demo shop, by their ids as Lightspeed's employees.
INGRID, MAYA, ANA, TOMAS, PRIYA, JONAS, SOPHIE = 1, 2, 3, 4, 5, 6, 8
NAMES = {
    INGRID: "Ingrid Solberg",
    MAYA: "Maya Rosen",
    ANA: "Ana Duarte",
    TOMAS: "Tomás Leclerc",
    PRIYA: "Priya Nair",
    JONAS: "Jonas Weber",
    SOPHIE: "Sophie Tran",
}


@dataclass(frozen=True)
class Ware:
    """An item as it lies on the shelf: what is printed on it, and on its barcode."""

    item_id: int
    name: str
    barcode: str


@dataclass(frozen=True)
class Person:
    """A customer as they tell who they are."""

    customer_id: int
    name: str
    phone: str


@dataclass
class RunningSalesfloor:
    url: str
    simulator: RunningSimulator
    process: subprocess.Popen[str]
    log: Path

    def sign_in(self, employee_id: int) -> requests.Session:
        """A session as the browser of this employee would have it; the manager's connects."""
        session = requests.Session()
        form = _fields(session.get(f"{self.url}/sign-in/", timeout=30))
        consent = session.post(
            f"{self.url}/accounts/lightspeed/login/?process=login", data=form, timeout=30
        )
        session.post(consent.url, data={"employeeID": employee_id}, timeout=60).raise_for_status()
        return session

    def sign_in_at_register(self, employee_id: int, which: int = 0) -> requests.Session:
        """At the first register of the first shop, or another in the order in which they are
        offered, shop by shop."""
        session = self.sign_in(employee_id)
        page = session.get(f"{self.url}/register/", timeout=30)
        registers = re.findall(r'name="register"\s+value="(\d+)"', page.text)
        assert registers, page.text
        session.post(page.url, data=_fields(page) | {"register": registers[which]}, timeout=30)
        return session

    def empty_cart(self, session: requests.Session) -> None:
        """Whatever state it is in; a card payment under way is declined first."""
        for act, answer in ((r"/sale/payments/\d+/", {"answer": "declined"}), ("/sale/empty/", {})):
            page = session.get(f"{self.url}/sell/", timeout=30)
            if form := re.search(f'action="({act})".*?</form>', page.text, re.DOTALL):
                fields = dict(re.findall(r'name="(\w+)"\s+value="([^"]*)"', form[0]))
                session.post(self.url + form[1], data=fields | answer, timeout=30)

    def connect(self) -> None:
        """Have the manager sign in, and wait until everything has come over from Lightspeed."""
        manager = self.sign_in(INGRID)
        wait_until(
            lambda: "Connected. " in manager.get(f"{self.url}/connection/", timeout=30).text,
            CONNECTED_SECONDS,
            "The first sync did not end",
        )

    def ware(self, name: str) -> Ware:
        [item] = self.simulator.client().records("Item", description=name)
        return Ware(int(item["itemID"]), name, item["upc"] or item["ean"])

    def customer(self) -> Person:
        """Somebody who buys as anybody does: without discount, tax or account of their own."""
        nobody_special = {"archived": "false", "discountID": "0", "customerTypeID": "0"}
        people = self.simulator.client().records(
            "Customer", load_relations=["Contact"], taxCategoryID="0", **nobody_special
        )
        one = next(each for each in people if each["creditAccountID"] == "0")
        phones = one["Contact"]["Phones"]["ContactPhone"]
        first = phones[0] if isinstance(phones, list) else phones
        name = f"{one['firstName']} {one['lastName']}"
        return Person(int(one["customerID"]), name, first["number"])

    def stock_up(self, *names: str) -> None:
        """Enough of these in the first shop for all tests: what is sold out ranks lower."""
        for ware in map(self.ware, names):
            rows = self.simulator.state(itemID=ware.item_id)["stock"]
            [here] = [row for row in rows if row["shopID"] == 1]
            self.simulator.put({"ItemShop": [here | {"qoh": 90}]})

    def completed_sale(self, ticket_number: str) -> dict[str, Any]:
        """As Lightspeed has it. The ticket must be there once, and completed."""
        [sale] = [s for s in self.simulator.sales() if s["ticketNumber"] == ticket_number]
        assert sale["completed"]
        return sale

    def completed_sales(self) -> int:
        return sum(sale["completed"] for sale in self.simulator.sales())

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def stop(self) -> None:
        self.simulator.http.close()
        children = _descendants(self.process.pid)
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=STOPPED_SECONDS)
        except subprocess.TimeoutExpired:
            for pid in (self.process.pid, *children):
                os.kill(pid, signal.SIGKILL)
            raise
        left = [pid for pid in children if Path(f"/proc/{pid}").exists()]
        assert not left, f"Processes {left} outlived serve:\n{self.output()}"


def start(folder: Path, items: int = 400, **environment: str) -> RunningSalesfloor:
    """Everything running over an empty folder; its caller stops it. `environment` configures it."""
    port, simulator_port = _free_ports(2)
    log = folder / "serve.log"
    arguments = ["--port", str(port), "--simulator-port", str(simulator_port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", *arguments, "--items", str(items)],
            cwd=ROOT,
            env=bare_environment()
            | _database()
            | {"DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"}
            | environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # Ctrl-C is for the tests, which then stop it themselves
        )
    simulator = RunningSimulator(f"http://127.0.0.1:{simulator_port}", process, [], folder)
    running = RunningSalesfloor(f"http://127.0.0.1:{port}", simulator, process, log)
    try:
        wait_until(
            lambda: process.poll() is not None or "salesfloor is ready" in running.output(),
            READY_SECONDS,
            "serve did not get ready",
        )
        assert process.poll() is None, "serve stopped"
    except BaseException as error:
        if process.poll() is None:
            running.stop()
        error.add_note(running.output())
        raise
    return running


def wait_until(is_so: Callable[[], bool], seconds: float, otherwise: str) -> None:
    give_up_at = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < give_up_at, f"{otherwise} within {seconds} seconds"
        time.sleep(0.1)


def bare_environment() -> dict[str, str]:
    """The tests' own settings, and whatever the app would take for its configuration, left out."""
    ours = ("DJANGO_", "LIGHTSPEED_", "DATABASE_URL", "REDIS_URL", "SITE_URL", "SIMULATOR_URL")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def _database() -> dict[str, str]:
    """A new one where the tests run on PostgreSQL; SQLite's is in the folder."""
    cluster = os.environ.get("DATABASE_URL", "")
    if not cluster.startswith("postgres"):
        return {}
    name = f"salesfloor_{token_hex(4)}"
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return {"DATABASE_URL": f"{cluster.rsplit('/', 1)[0]}/{name}"}


def _free_ports(how_many: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(how_many)]
    ports: list[int] = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def free_port() -> int:
    return _free_ports(1)[0]


def _descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    found = [int(child) for child in children.read_text().split()] if children.exists() else []
    return found + [each for child in found for each in _descendants(child)]


def _fields(page: requests.Response) -> dict[str, str]:
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert token, page.text
    return {"csrfmiddlewaretoken": token[1]}
