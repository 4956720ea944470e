"""A request and its answer, between the socket and what decides."""

from dataclasses import dataclass, field

from . import wire
from .errors import ApiError, OAuthError

JSON = "application/json"
HTML = "text/html; charset=UTF-8"


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


def refusal(error: ApiError | OAuthError) -> Answer:
    if isinstance(error, OAuthError):
        return json_answer(error.body(), error.status)
    # Recorded: JSON in a body that calls itself HTML.
    return Answer(error.status, wire.dumps(error.body()), HTML, dict(error.headers))
