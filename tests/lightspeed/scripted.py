"""An HTTP server that answers as it was told, byte by byte: for what no decent server does."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

Step = Callable[[socket.socket], None]


@dataclass
class Request:
    line: str
    headers: dict[str, str]
    body: Any

    @property
    def path(self) -> str:
        return self.line.split(" ")[1]


class Scripted:
    def __init__(self, steps: list[Step]) -> None:
        self.requests: list[Request] = []
        self.connections = 0
        self._steps = steps
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def then(self, *steps: Step) -> None:
        self._steps.extend(steps)

    def run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def stop(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self, connection: socket.socket) -> None:
        # A client that gives up on us ends the conversation; that is its good right.
        with suppress(OSError), connection, connection.makefile("rb") as incoming:
            while line := incoming.readline().decode().strip():
                headers = {}
                while header := incoming.readline().decode().strip():
                    name, _, value = header.partition(": ")
                    headers[name.lower()] = value
                text = incoming.read(int(headers.get("content-length", 0)))
                self.requests.append(Request(line, headers, json.loads(text) if text else None))
                self._steps.pop(0)(connection)


@contextmanager
def scripted(*steps: Step) -> Iterator[Scripted]:
    """Serves one step for each request, in their order."""
    server = Scripted(list(steps))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(timeout=5)


def answer(status: int = 200, body: Any = None, headers: Mapping[str, str] | None = None) -> Step:
    """`body` is sent as JSON, or as it is if it is bytes."""
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda connection: connection.sendall(_head(status, len(payload), headers) + payload)


def cut(body: Any) -> Step:
    """Half of the answer, then the end of the connection."""
    payload = json.dumps(body).encode()

    def send(connection: socket.socket) -> None:
        connection.sendall(_head(200, len(payload), None) + payload[: len(payload) // 2])
        connection.shutdown(socket.SHUT_RDWR)

    return send


def reset(connection: socket.socket) -> None:
    # To linger for zero seconds makes closing a reset.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.close()
    raise ConnectionResetError


def hang(connection: socket.socket) -> None:
    connection.recv(1)


def drip(connection: socket.socket) -> None:
    """Headers without end, a byte at a time, never pausing for long."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        connection.sendall(b"z")
        time.sleep(0.05)


def drip_body(connection: socket.socket) -> None:
    connection.sendall(_head(200, 1_000_000, None))
    while True:
        connection.sendall(b" ")
        time.sleep(0.05)


def _head(status: int, length: int, headers: Mapping[str, str] | None) -> bytes:
    lines = [f"HTTP/1.1 {status} Told", f"Content-Length: {length}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
