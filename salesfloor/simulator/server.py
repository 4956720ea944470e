"""The simulator's HTTP server: real sockets, so that faults can be as rude as networks are."""

import re
import signal
import socket
import struct
import threading
import time
import traceback
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from . import formats, images, oauth, pictures, stores
from .api import Api
from .clock import Clock
from .control import PREFIX, Control
from .errors import ApiError, OAuthError
from .exchange import HTML, JSON, Answer, Request, json_answer
from .faults import Fault
from .oauth import CLIENT_ID, REDIRECT_URI, OAuth
from .other_hands import meddle
from .simulation import Simulation, load
from .store import Store

HOST = "127.0.0.1"
MOST_BODY_BYTES = 8 * 1024 * 1024
# Reset instead of a polite close: linger on, for no time at all.
LINGER_ZERO = struct.pack("ii", 1, 0)
DRIP_PIECES = 20
IMAGE_PATH = re.compile(r"/images/(?:[^/]*/)*(?P<public_id>[^/]+)\.(?:svg|png|jpe?g)")
# What is kept beside the records.
SCHEMA = (*oauth.SCHEMA, *images.SCHEMA)
HTML_PAGE = (
    b"<html><body><h1>%d %s</h1>\nYour browser sent an invalid request, or the server is away.\n"
    b"</body></html>\n"
)
FAULT_MESSAGES = {
    401: ("Invalid access token.", "BadAuthenticationRequestError"),
    409: ("The record was changed by someone else.", "ConflictError"),
    429: ("Rate limit exceeded.", "RateLimitedException"),
}


class Server:
    """Listens, and gives each connection a thread of its own."""

    def __init__(self, simulation: Simulation, port: int, redirect_uri: str | None) -> None:
        self.simulation = simulation
        self.redirect_uri = redirect_uri
        self.oauth = OAuth(simulation)
        self.api = Api(simulation, self.oauth)
        self.control = Control(simulation, self.oauth, self)
        self.stopping = False
        self._idle: set[socket.socket] = set()
        """Connections kept alive, on which nothing is being asked."""
        self._refusing_until = 0.0
        self._listener = self._listen(port)
        self.port = int(self._listener.getsockname()[1])
        self.redirected()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def redirected(self) -> None:
        """A redirect URI given on the command line goes before the stored one."""
        if self.redirect_uri:
            self.oauth.redirect_to(CLIENT_ID, self.redirect_uri)

    def _listen(self, port: int) -> socket.socket:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(256)
        return listener

    def run(self) -> None:
        while not self.stopping:
            try:
                connection, address = self._listener.accept()
            except OSError:
                # Closed to refuse connections or to stop; or too many files, which passes.
                if self._listener.fileno() == -1:
                    self._wait_to_listen_again()
                continue
            # Small answers leave at once.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection, address), daemon=True).start()

    def _serve(self, connection: socket.socket, address: tuple[str, int]) -> None:
        self._idle.add(connection)
        try:
            Handler(connection, address, self)  # type: ignore[arg-type]
        except OSError:
            pass  # The client left.
        finally:
            self._idle.discard(connection)
            connection.close()

    @contextmanager
    def serving(self, connection: socket.socket) -> Iterator[None]:
        self._idle.discard(connection)
        try:
            yield
        finally:
            self._idle.add(connection)
            if time.monotonic() < self._refusing_until:  # since it was asked
                self._end(connection)

    def _wait_to_listen_again(self) -> None:
        while not self.stopping and time.monotonic() < self._refusing_until:
            time.sleep(0.02)
        if not self.stopping:
            self._listener = self._listen(self.port)

    def _close_listener(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def refuse_for(self, seconds: float) -> None:
        """Nobody listens for a while: new connections are refused by the machine itself, and those
        kept alive are ended, so that nobody goes on with one."""
        self._refusing_until = time.monotonic() + seconds
        self._close_listener()
        for connection in tuple(self._idle):
            self._end(connection)

    @staticmethod
    def _end(connection: socket.socket) -> None:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        self.stopping = True
        self._close_listener()

    # --- Answers ----------------------------------------------------------------------

    def answer(self, request: Request) -> Answer:
        """What the simulated Lightspeed says; its effects are stored when this returns."""
        try:
            if (answer := self.api.answer(request)) is not None:
                return answer
            with self.simulation.store.transaction():
                if (answer := self.oauth.answer(request)) is not None:
                    return answer
        except (ApiError, OAuthError) as error:
            return formats.refusal(request, error)
        except (OverflowError, UnicodeEncodeError):
            return formats.refusal(
                request, ApiError(400, "The request holds a value that cannot be kept.")
            )
        except Exception:
            # A fault of ours must not look like a network's.
            traceback.print_exc()
            return formats.refusal(
                request, ApiError(500, "The simulator failed; its output says why.")
            )
        if match := IMAGE_PATH.fullmatch(request.path):
            return self._picture(unquote(match["public_id"]))
        if request.path == "/":
            return Answer(200, b"A simulated Lightspeed Retail.\n", "text/plain")
        return json_answer({"httpCode": "404", "httpMessage": "Not Found"}, 404)

    def _picture(self, public_id: str) -> Answer:
        """As it was uploaded; what never was is drawn."""
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        if uploaded := images.uploaded(self.simulation.store, public_id):
            return Answer(200, uploaded, images.content_type(uploaded), headers)
        return Answer(200, pictures.svg(public_id), "image/svg+xml", headers)

    def is_simulated(self, path: str) -> bool:
        """Faults and counting are for what stands in for Lightspeed, not for the doors beside."""
        return path != "/" and not path.startswith((PREFIX, "/images/"))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server  # type: ignore[assignment]

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Every other method is handled alike: `do_PUT` and so on."""
        if name.startswith("do_"):
            return self._exchange
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:
        """Silent: the state door tells who called what."""

    def _exchange(self) -> None:
        with self.server.serving(self.connection):
            self._answer()

    def _answer(self) -> None:
        request = self._read_request()
        if request is None:
            return
        if (answer := self.server.control.answer(request)) is not None:
            self._send(answer)
            return
        if not self.server.is_simulated(request.path):
            self._send(self.server.answer(request))
            return
        simulation = self.server.simulation
        route = self.server.api.route(request.path)
        simulation.calls[f"{request.method} {route}"] += 1
        if simulation.switches.latency_seconds:
            time.sleep(simulation.switches.latency_seconds)
        fault = simulation.faults.striking(request.method, route, request.body)
        if fault is None:
            self._send(self.server.answer(request))
        else:
            self._fail(fault, request)

    def _read_request(self) -> Request | None:
        address = urlsplit(self.path)
        try:
            body = self._read_body()
        except ValueError as error:
            self.close_connection = True
            self._send(json_answer({"httpCode": "413", "httpMessage": str(error)}, 413))
            return None
        return Request(
            # HEAD is a GET whose body stays here.
            method="GET" if self.command == "HEAD" else self.command,
            path=unquote(address.path),
            params=parse_qsl(address.query, keep_blank_values=True),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
            base_url=f"http://{self.headers.get('Host', '') or f'{HOST}:{self.server.port}'}",
        )

    def _read_body(self) -> bytes:
        """ValueError when it is too large or cannot be read."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            body = b"".join(self._chunks())
        else:
            given = self.headers.get("Content-Length") or "0"
            length = int(given) if given.isdecimal() else MOST_BODY_BYTES + 1
            if length > MOST_BODY_BYTES:
                raise ValueError("Too Large")
            body = self.rfile.read(length)
        if self.headers.get("Content-Encoding", "").lower() == "gzip":
            try:
                body = zlib.decompressobj(wbits=31).decompress(body, MOST_BODY_BYTES)
            except zlib.error as error:
                raise ValueError("Not gzip") from error
        return body

    def _chunks(self) -> Iterator[bytes]:
        left = MOST_BODY_BYTES
        while length := int(self.rfile.readline(20).split(b";")[0], 16):
            left -= length
            if length < 0 or left < 0:
                raise ValueError("Too Large")
            yield self.rfile.read(length)
            self.rfile.readline()
        while self.rfile.readline(1000).strip():
            pass  # trailers

    def _head(self, answer: Answer, length: int) -> bytes:
        phrase = HTTPStatus(answer.status).phrase
        lines = [
            f"HTTP/1.1 {answer.status} {phrase}",
            f"Date: {self.date_time_string()}",
            f"Content-Type: {answer.content_type}",
            f"Content-Length: {length}",
            *(f"{name}: {value}" for name, value in answer.headers.items()),
        ]
        if self.close_connection:
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def _send(self, answer: Answer) -> None:
        body = b"" if self.command == "HEAD" else answer.body
        self.connection.sendall(self._head(answer, len(answer.body)) + body)

    # --- Faults -----------------------------------------------------------------------

    def _fail(self, fault: Fault, request: Request) -> None:
        kind = fault.kind
        server = self.server
        if kind.other_hand:
            meddle(server.simulation, server.oauth, kind.other_hand, request, fault.records)
        with server.simulation.turned(kind.switch, fault.seconds):
            answer = server.answer(request) if kind.takes_effect else json_answer({})
        match kind.delivery:
            case "pass":
                self._send(answer)
            case "status":
                self._send(_status_answer(fault, request))
            case "html":
                page = HTML_PAGE % (kind.status, HTTPStatus(kind.status).phrase.encode())
                self._send(Answer(kind.status, page, HTML))
            case "garble":
                self._send(Answer(200, answer.body[: -len(answer.body) // 3] + b'"}{', JSON))
            case "empty":
                self._send(Answer(200, b"", JSON, answer.headers))
            case "mislabel":
                self._send(Answer(answer.status, answer.body, HTML, answer.headers))
            case "redirect":
                self._send(Answer(302, b"", HTML, {"Location": f"{server.url}/login.html"}))
            case "hang_up":
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
            case "late":
                time.sleep(fault.seconds)
                self._send(answer)
            case "drip":
                self._drip(answer, fault.seconds)
            case "cut":
                self.close_connection = True
                half = answer.body[: len(answer.body) // 2]
                self.connection.sendall(self._head(answer, len(answer.body)) + half)
                self.connection.shutdown(socket.SHUT_RDWR)
            case "silence":
                time.sleep(fault.seconds)
                self._reset()
            case _:
                self._reset()

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_ZERO)
        # The handler's own file objects keep the socket open; without them close() resets it.
        self.rfile.close()
        self.connection.close()

    def _drip(self, answer: Answer, seconds: float) -> None:
        self.connection.sendall(self._head(answer, len(answer.body)))
        step = max(len(answer.body) // DRIP_PIECES, 1)
        pieces = [answer.body[i : i + step] for i in range(0, len(answer.body), step)]
        for piece in pieces:
            time.sleep(seconds / len(pieces))
            self.connection.sendall(piece)


def _status_answer(fault: Fault, request: Request) -> Answer:
    status = fault.kind.status
    message, error_class = FAULT_MESSAGES.get(status, ("Something went wrong.", "Exception"))
    headers = {}
    if status == 429:
        burst = fault.kind.name == "429_burst"
        message = "burst rate limit exceeded" if burst else message
        headers = {
            "Retry-After": "1" if burst else f"{max(fault.seconds, 1):.0f}",
            "X-LS-API-RateLimit-Type": "api-burst-limiter" if burst else "api-leaky-bucket",
        }
    if status == 401:
        return formats.refusal(
            request,
            OAuthError(
                401,
                "access_denied",
                "The resource owner or authorization server denied the request.",
                "Access token could not be verified",
            ),
        )
    return formats.refusal(request, ApiError(status, message, error_class, headers=headers))


def open_store(path: Path, store: str, items: int, seed: int, clock: Clock) -> Simulation:
    """The kept state, or a shop built new where there is none, or one with other tables."""
    simulation = Simulation(Store(path, clock), clock)
    if simulation.store.built(SCHEMA):
        return simulation
    simulation.store.close()
    for leftover in path.parent.glob(path.name + "*"):
        leftover.unlink()
    simulation = Simulation(Store(path, clock), clock)
    simulation.store.create(SCHEMA)
    with simulation.store.bulk():
        load(simulation, stores.records(store, items, seed))
    OAuth(simulation).prepare(REDIRECT_URI)
    simulation.store.seal()
    return simulation


def serve(
    *,
    port: int = 8100,
    store: str = "demo",
    items: int = 2000,
    seed: int = 1,
    data: Path = Path("var/simulator.sqlite3"),
    redirect_uri: str | None = None,
) -> None:
    """Runs until SIGTERM or SIGINT. Port 0 takes a free one; the ready line ends with the URL."""
    server = Server(open_store(data, store, items, seed, Clock()), port, redirect_uri)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stop())
    print(f"Simulator ready at {server.url}", flush=True)
    server.run()
    server.simulation.store.close()
