"""A rep's tablet: signed in, on one kept connection, with a clock."""

import gzip
import re
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import brotli  # type: ignore[import-untyped]
import requests

# As htmx sends them from an iPad.
HEADERS = {"Accept": "*/*", "Accept-Encoding": "gzip, br", "HX-Request": "true"}
SILENT_AT_MOST_SECONDS = 5
DECODERS = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}


@dataclass(frozen=True)
class Answer:
    status: int
    sent: bytes  # as it travelled
    encoding: str
    seconds: float

    @property
    def body(self) -> bytes:
        return bytes(DECODERS[self.encoding](self.sent))

    @property
    def text(self) -> str:
        return self.body.decode()


class Tablet:
    def __init__(self, url: str, *, cookies: str) -> None:
        self.cookies = cookies
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
        self._headers = HEADERS | {"Cookie": cookies}
        self._token = ""
        self._silent_since = 0.0

    @classmethod
    def of(cls, employee_id: int, url: str) -> "Tablet":
        """Signs in as this employee, on the page of the Lightspeed that `url` is connected to."""
        return cls(url, cookies=_sign_in(url, employee_id))

    @property
    def session_key(self) -> str:
        return str(re.findall(r"sessionid=(\w+)", self.cookies)[0])

    def get(self, path: str, *, htmx: bool = True, **parameters: str) -> Answer:
        headers = dict(self._headers)
        if not htmx:
            del headers["HX-Request"]
        query = f"?{urlencode(parameters)}" if parameters else ""
        answer = self._ask("GET", path + query, b"", headers)
        if not htmx and (token := re.search(r'X-CSRFToken": "(\w+)"', answer.text)):
            self._token = token[1]
        return answer

    def post(self, path: str, **form: str) -> Answer:
        headers = self._headers | {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": self._token,
        }
        return self._ask("POST", path, urlencode(form).encode(), headers)

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        # A server may close a connection that was silent for long, just as it is used again.
        if time.perf_counter() - self._silent_since > SILENT_AT_MOST_SECONDS:
            self._connection.close()
        began = time.perf_counter()
        self._connection.request(method, path, body or None, headers)
        response = self._connection.getresponse()
        sent = response.read()
        self._silent_since = time.perf_counter()
        seconds = self._silent_since - began
        return Answer(response.status, sent, response.headers.get("Content-Encoding", ""), seconds)


def _sign_in(url: str, employee_id: int) -> str:
    """The cookies of a rep who came in as everyone does."""
    with requests.Session() as browser:
        page = browser.get(f"{url}/sign-in/", timeout=60)
        token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[0]
        consent = browser.post(
            f"{url}/accounts/lightspeed/login/?process=login",
            {"csrfmiddlewaretoken": token},
            timeout=60,
        )
        entered = browser.post(consent.url, {"employeeID": str(employee_id)}, timeout=60)
        entered.raise_for_status()
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)
