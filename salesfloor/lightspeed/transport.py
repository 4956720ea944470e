"""The HTTP session that calls go through: a limit on the whole call, no cookies, no redirects.

requests limits the wait for each piece of an answer, so one that drips in byte by byte would never
end. Here the limit that it is given for reading counts for the answer as a whole.
"""

import io
import json
import os
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from http import client as http_client
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests_oauthlib import OAuth2
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NewConnectionError

from salesfloor.lightspeed import errors

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BODY_LIMIT = 8 * 1024 * 1024
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@cache
def shared_session() -> requests.Session:
    """One for all calls of this process, whoever they act as: it keeps connections and no more."""
    return new_session()


def new_session() -> requests.Session:
    """Follows no redirects and keeps no cookies; answers have to be whole in time."""
    http = _Session()
    http.mount("https://", _WholeAnswerAdapter())
    http.mount("http://", _WholeAnswerAdapter())
    # A cookie of one sign-in must not go along with another's token.
    http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return http


def checked_base_url(url: str) -> str:
    """`url` without a slash at its end. ValueError unless it is https, or on this machine.

    >>> checked_base_url("https://api.lightspeedapp.com/")
    'https://api.lightspeedapp.com'
    """
    parts = urlsplit(url)
    if parts.hostname in LOOPBACK:
        # oauthlib refuses plain http everywhere, even to a simulator beside us, unless told so.
        os.environ.setdefault("OAUTHLIB_INSECURE_TRANSPORT", "1")
    elif parts.scheme != "https":
        raise ValueError(f"{url} is neither https nor on this machine")
    return url.rstrip("/")


@dataclass(frozen=True)
class Answer:
    """`headers` disregard case; `body` is parsed JSON, None if it was no JSON or broke off."""

    status: int
    headers: Mapping[str, str]
    body: object | None


def exchange(
    http: requests.Session,
    method: str,
    url: str,
    *,
    body: Mapping[str, Any] | None = None,
    token: str = "",
    connect_seconds: float,
    call_seconds: float,
) -> Answer:
    """One request and whatever was answered. NotSent or NoAnswer if there was nothing."""
    try:
        with http.request(
            method,
            url,
            json=body,
            headers={"Accept": "application/json"},
            # Not OAuth2Session, which writes tokens and secrets to the debug log.
            auth=OAuth2(token={"access_token": token, "token_type": "Bearer"}) if token else None,
            timeout=(connect_seconds, call_seconds - connect_seconds),
            allow_redirects=False,
            stream=True,
        ) as response:
            return Answer(response.status_code, response.headers, _body(response))
    # requests lets some of what urllib3 and http.client raise about odd answers through.
    except (
        requests.RequestException,
        HTTPError,
        http_client.HTTPException,
        OSError,
        ValueError,
    ) as error:
        kind = errors.NotSent if _never_left(error) else errors.NoAnswer
        failure = kind(f"{method} {urlsplit(url).path}: {type(error).__name__}")
    # Raised out here so that it leads nobody to the other, which holds the request, token and all.
    raise failure


def _body(response: requests.Response) -> object | None:
    body = bytearray()
    try:
        while piece := response.raw.read1(65536, decode_content=True):
            body += piece
            if len(body) > BODY_LIMIT:
                raise ValueError("the answer is too large")
        parsed = _storable(json.loads(body, parse_float=Decimal, parse_constant=_not_json))
    # Whatever is wrong with the body, the status has been read, and may settle the matter.
    except (ValueError, RecursionError, OSError, HTTPError):
        return None
    return parsed


def _storable(parsed: Any) -> object:
    """Without what no database and no page takes: NUL, and half of a surrogate pair (a "?" now)."""
    match parsed:
        case str():
            return parsed.encode(errors="replace").decode().replace("\0", "")
        case list():
            return [_storable(child) for child in parsed]
        case dict():
            return {_storable(name): _storable(child) for name, child in parsed.items()}
    return parsed


def _not_json(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _never_left(error: Exception) -> bool:
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    return any(
        isinstance(cause, NewConnectionError | ssl.SSLCertVerificationError)
        for cause in _causes(error)
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    yield error
    for cause in (*error.args, getattr(error, "reason", None)):
        if isinstance(cause, BaseException):
            yield from _causes(cause)


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """None: requests would read where a redirect leads, and the whole body, even if told not
        to follow."""
        return None


class _UntilDeadline(io.RawIOBase):
    """Reads from a socket until what was its time-out is over, counted from now."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        limit = sock.gettimeout()
        self._deadline = None if limit is None else time.monotonic() + limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
        if self._deadline is not None:
            remaining = self._deadline - time.monotonic()
            if remaining <= 0:
                raise TimeoutError("the answer took too long")
            self._sock.settimeout(remaining)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(http_client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = io.BufferedReader(_UntilDeadline(sock))

    def begin(self) -> None:
        super().begin()
        if self.status < 200:
            # More follows, which must not be taken for the answer to the next request.
            self.will_close = True


class _HTTPConnection(HTTPConnection):
    response_class = _Response


class _HTTPSConnection(HTTPSConnection):
    response_class = _Response


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _HTTPConnection


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _HTTPSConnection


class _WholeAnswerAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
