"""In which format a request was written, and in which it wants its answer."""

from collections.abc import Iterator
from typing import Any

from . import wire, xml_wire
from .errors import ApiError, OAuthError
from .exchange import HTML, JSON, Answer, Request, json_answer

KNOWN = {
    "application/json": "json",
    "text/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/vnd.merchantos.pos-v1+xml": "xml",
    "text/html": "html",
}
SUFFIXES = ("json", "xml", "html")


def wanted(request: Request, offered: tuple[str, ...] = ("json", "xml")) -> str:
    """Accept beats the suffix, and without either it is XML."""
    for media_type in _accepted(request.headers.get("accept", "")):
        if media_type == "*/*":
            break
        if KNOWN.get(media_type) in offered:
            return KNOWN[media_type]
    suffix = request.path.rpartition(".")[2]
    return suffix if suffix in offered else "xml"


def _accepted(header: str) -> Iterator[str]:
    """The media types of an Accept header, the best liked first."""
    types = []
    for entry in header.split(","):
        media_type, *parameters = (piece.strip().lower() for piece in entry.split(";"))
        quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        try:
            types.append((float(quality), media_type))
        except ValueError:
            continue
    yield from (media_type for _, media_type in sorted(types, key=lambda pair: -pair[0]))


def answer(request: Request, body: dict[str, Any], root: str, *, currency: str) -> Answer:
    """`root` names the record in XML."""
    if wanted(request) == "xml":
        return Answer(200, xml_wire.dumps(body, root, currency), xml_wire.CONTENT_TYPE)
    pretty = request.param("pretty_print") not in ("", "0", "false")
    return Answer(200, wire.dumps(body, pretty=pretty), JSON)


def refusal(request: Request, error: ApiError | OAuthError) -> Answer:
    if isinstance(error, OAuthError):
        return json_answer(error.body(), error.status)
    if wanted(request) == "xml":
        content = xml_wire.dumps(error.body(), "Error", "")
        return Answer(error.status, content, "application/xml", dict(error.headers))
    # Recorded: JSON in a body that calls itself HTML.
    return Answer(error.status, wire.dumps(error.body()), HTML, dict(error.headers))


def body(request: Request, root: str) -> dict[str, Any]:
    """What was written: JSON under whatever content type, XML, or the `data` of a multipart body.

    Raises ApiError.
    """
    try:
        given = request.parts.get("data", b"") if request.parts else request.body
    except (ValueError, AttributeError) as error:
        raise ApiError(400, "Unable to read the parts of the request.") from error
    if given.lstrip().startswith(b"<"):
        return xml_wire.loads(given, root)
    return wire.loads(given)
