"""Two hosts, each with a web and a worker process, share PostgreSQL, Redis and nothing else."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from tests import running_postgres, running_redis
from tests.browser import running
from tests.browser.running import MAYA, RunningSalesfloor, wait_until
from tests.simulator.running import ROOT

RECORDED_SECONDS = 60

Form = tuple[str, dict[str, str]]


@dataclass
class Hosts:
    """The first runs everything with `serve`; `second_url` is the other's web."""

    first: RunningSalesfloor
    second_url: str
    rep: requests.Session

    def cart_with_a_sock(self) -> None:
        """By its number, so that there is one size of it to tap."""
        found = {"archived": "false", "description": "~,%sock%"}
        sock = self.first.simulator.client().records("Item", **found)[0]
        shelf = self.rep.get(f"{self.first.url}/items/?q={sock['systemSku']}", timeout=30)
        self._send(self.first.url, _form(shelf.text, "/sale/lines/"))

    def cash_form(self) -> Form:
        """As it stands on the screen of one device; each time with an id of its own."""
        return _form(self.rep.get(f"{self.first.url}/sell/", timeout=30).text, "/sale/cash/")

    def cart_is_gone(self) -> bool:
        page = self.rep.get(f"{self.first.url}/sell/", timeout=30).text
        return 'action="/sale/empty/"' not in page

    def tap_at_once(self, *forms: Form) -> None:
        """The forms reach the hosts in turn, all at the same moment."""
        urls = [self.first.url, self.second_url] * len(forms)
        with ThreadPoolExecutor(len(forms)) as hands:
            for answer in hands.map(self._send, urls, forms):
                assert answer.status_code < 500, answer.text

    def recorded(self) -> list[dict[str, Any]]:
        ours = [s for s in self.first.simulator.sales() if s["referenceNumberSource"]]
        return [sale for sale in ours if sale["completed"]]

    def _send(self, url: str, form: Form) -> requests.Response:
        action, fields = form
        # A session for each request: the hosts answer at the same time.
        return requests.post(
            url + action, data=fields, cookies=self.rep.cookies.get_dict(), timeout=60
        )


@pytest.fixture(scope="module")
def environment() -> Iterator[dict[str, str]]:
    postgres, redis = map(contextmanager, (running_postgres.served, running_redis.served))
    with postgres() as database_url, redis() as redis_url:
        yield {"DATABASE_URL": database_url, "REDIS_URL": redis_url}


@pytest.fixture(scope="module")
def hosts(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosts]:
    first = running.start(tmp_path_factory.mktemp("first"), **environment)
    with ExitStack() as both:
        both.callback(first.stop)
        environment |= {"SIMULATOR_URL": first.simulator.url, "SITE_URL": first.url}
        second_url = both.enter_context(
            _second_host(tmp_path_factory.mktemp("second"), environment)
        )
        first.connect()
        yield Hosts(first, second_url, first.sign_in_at_register(MAYA))


@contextmanager
def _second_host(folder: Path, environment: dict[str, str]) -> Iterator[str]:
    surroundings = running.bare_environment() | environment | {"DATA_DIR": str(folder)}
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v", "0"]
    subprocess.run(collect, check=True, cwd=ROOT, env=surroundings)
    port = running.free_port()
    python = [sys.executable, "-m"]
    web = ["granian", "--interface=wsgi", f"--port={port}", "--blocking-threads=8"]
    web += ["--log-level=error", "salesfloor.wsgi:application"]
    commands = [[*python, *web], [sys.executable, "manage.py", "run_huey", "--quiet"]]
    processes = [subprocess.Popen(command, cwd=ROOT, env=surroundings) for command in commands]
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: _answers(url), running.READY_SECONDS, "the second host did not answer")
        yield url
    finally:
        for process in processes:
            process.send_signal(signal.SIGINT)
        for process in processes:
            process.wait(running.STOPPED_SECONDS)


def _answers(url: str) -> bool:
    with suppress(requests.ConnectionError):
        return requests.get(f"{url}/sign-in/", timeout=5).ok
    return False


def _form(page: str, action: str) -> Form:
    """Its address and fields, with the last of the buttons that it may be sent by."""
    found = re.search(rf'<form[^>]*action="{action}".*?</form>', page, re.DOTALL)
    assert found, page
    return action, dict(re.findall(r'name="(\w+)"\s+value="([^"]*)"', found[0]))


def test_every_cart_is_paid_and_recorded_once_however_it_is_tapped(hosts: Hosts) -> None:
    for turn in range(6):
        hosts.cart_with_a_sock()
        form = hosts.cash_form()
        hosts.tap_at_once(form, form if turn % 2 else hosts.cash_form())
        wait_until(lambda: hosts.cart_is_gone(), RECORDED_SECONDS, "The cart was not paid")
    wait_until(lambda: len(hosts.recorded()) >= 6, RECORDED_SECONDS, "Not all were recorded")
    sales = hosts.recorded()
    assert len({sale["referenceNumber"] for sale in sales}) == len(sales) == 6
    assert [len(sale["payments"]) for sale in sales] == [1] * 6
