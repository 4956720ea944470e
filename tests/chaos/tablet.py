"""An iPad without a screen: signed in, on kept connections, at any of the webs."""

import random
import re
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode, urlsplit

import requests

from tests.chaos.floor import Floor

PATIENCE_SECONDS = 8


class Lost(Exception):
    """No answer came: what was asked for may have been done or not."""


class SignedOut(Exception):
    """The app asks for a sign-in."""


class Restored(Exception):
    """An older copy of the database was put back since this customer came."""


@dataclass(frozen=True)
class Answer:
    status: int
    text: str


@dataclass
class Tablet:
    floor: Floor
    employee_id: int
    random: random.Random
    register: int = 0
    cookies: str = ""
    token: str = ""
    connections: dict[str, HTTPConnection] = field(default_factory=dict)

    def twin(self) -> "Tablet":
        """The same page open on other connections: a second finger, or another tab."""
        seeded = random.Random(self.random.random())
        return Tablet(self.floor, self.employee_id, seeded, 0, self.cookies, self.token)

    def come_in_as(self, other: "Tablet") -> None:
        self.cookies, self.token = other.cookies, other.token

    def sign_in(self) -> None:
        """On the page of the Lightspeed; tries until it is let in. Raises Lost after a minute."""
        give_up_at = time.monotonic() + 60
        while True:
            try:
                self._sign_in()
                return
            except (requests.RequestException, AttributeError, OSError):
                if time.monotonic() > give_up_at:
                    raise Lost from None
                time.sleep(0.3)

    def _sign_in(self) -> None:
        url = self.floor.urls[0]
        with requests.Session() as browser:
            form = _csrf(browser.get(f"{url}/sign-in/", timeout=10).text)
            begin = f"{url}/accounts/lightspeed/login/?process=login"
            consent = browser.post(begin, form, timeout=10)
            employee = {"employeeID": str(self.employee_id)}
            browser.post(consent.url, employee, timeout=10).raise_for_status()
            if self.register:
                page = browser.get(f"{url}/register/", timeout=10)
                registers = re.findall(r'name="register"\s+value="(\d+)"', page.text)
                chosen = {"register": registers[self.register % len(registers)]}
                browser.post(f"{url}/register/", _csrf(page.text) | chosen, timeout=10)
            self.cookies = "; ".join(f"{each.name}={each.value}" for each in browser.cookies)
            self.token = _csrf(browser.get(f"{url}/sell/", timeout=10).text)["csrfmiddlewaretoken"]

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, fields: dict[str, str], *, drop_after: float = 0) -> Answer:
        """`drop_after` so many seconds the page is left without waiting for the answer."""
        return self.ask("POST", path, fields, drop_after)

    def ask(
        self, method: str, path: str, fields: dict[str, str] | None = None, drop_after: float = 0
    ) -> Answer:
        """Raises Lost, SignedOut."""
        url = self.random.choice(self.floor.urls)
        headers = {"Cookie": self.cookies, "X-CSRFToken": self.token}
        if path != "/sell/":
            headers["HX-Request"] = "true"
        body = urlencode(fields or {}).encode() if method == "POST" else None
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = self.connections.get(url) or HTTPConnection(urlsplit(url).netloc)
        connection.timeout = PATIENCE_SECONDS
        self.connections[url] = connection
        try:
            connection.request(method, path, body, headers)
            if drop_after:
                time.sleep(drop_after)
                raise Lost
            response = connection.getresponse()
            text = response.read().decode()
        except (OSError, HTTPException) as error:
            self.connections.pop(url).close()
            raise Lost from error
        except Lost:
            self.connections.pop(url).close()
            raise
        gone = response.headers.get("HX-Redirect") or response.headers.get("Location") or ""
        if "/sign-in/" in gone or (gone and method == "GET") or response.status == 403:
            raise SignedOut
        return Answer(response.status, text)


def _csrf(page: str) -> dict[str, str]:
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if token is None:  # the pages for reps carry it for htmx
        token = re.search(r'X-CSRFToken": "(\w+)"', page)
    assert token is not None
    return {"csrfmiddlewaretoken": token[1]}
