"""A request and its answer, between the socket and what decides."""

from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from functools import cached_property

from . import wire

JSON = "application/json"
HTML = "text/html; charset=UTF-8"


class Part(bytes):
    """What one part of a multipart body holds."""

    filename: str = ""


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    params: list[tuple[str, str]]
    headers: dict[str, str]
    """By name in lower case."""
    body: bytes
    base_url: str
    """As the client reached us, `http://127.0.0.1:8100`."""

    @cached_property
    def parts(self) -> dict[str, Part]:
        """Of a multipart body, by name; empty for any other. ValueError where it cannot be read."""
        content_type = self.headers.get("content-type", "")
        if not content_type.startswith("multipart/form-data"):
            return {}
        head = f"Content-Type: {content_type}\r\n\r\n".encode()
        message = BytesParser(policy=HTTP).parsebytes(head + self.body)
        parts = {}
        for given in message.iter_parts():
            part = Part(given.get_payload(decode=True) or b"")
            part.filename = given.get_filename("")
            parts[str(given.get_param("name", header="content-disposition"))] = part
        return parts

    def param(self, name: str, default: str = "") -> str:
        return next((value for key, value in self.params if key == name), default)


@dataclass
class Answer:
    status: int
    body: bytes
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


def json_answer(body: object, status: int = 200, *, pretty: bool = False) -> Answer:
    return Answer(status, wire.dumps(body, pretty=pretty))
