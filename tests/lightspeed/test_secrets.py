"""No token, code or secret is in any log at any level, nor in any error, nor in what led to it."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from salesfloor.lightspeed import errors, oauth
from salesfloor.lightspeed.client import Client
from tests.lightspeed.scripted import Step, answer, reset, scripted
from tests.lightspeed.test_client import DRAFT, TAX_CLASSES, names, sale_body
from tests.lightspeed.test_oauth import CLIENT, PAIR


def faults(echo: str) -> dict[str, Step]:
    """Refusals that quote what they were sent, among others."""
    return {
        "401": answer(401, {"error": "access_denied", "hint": echo}),
        "an echo": answer(400, {"message": f"I know {echo}", "errorClass": echo}),
        "an echo of OAuth": answer(400, {"error": echo, "error_description": echo}),
        "502": answer(502, b"<html>" + echo.encode()),
        "redirect": answer(302, {}, {"Location": f"http://127.0.0.1:9/?token={echo}"}),
        "reset": reset,
        "no HTTP": lambda connection: connection.sendall(f"{echo}\r\n\r\n".encode()),
    }


@pytest.fixture
def everything_logged() -> Iterator[list[str]]:
    """What any logger of this process says, made into text with all that hangs on it."""
    told: list[str] = []

    class Teller(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(f"{self.format(record)} {record.__dict__!r}")

    libraries = ("urllib3", "requests", "oauthlib", "requests_oauthlib", "salesfloor")
    loggers = [
        logging.getLogger(name) for name in ("", *libraries, *logging.root.manager.loggerDict)
    ]
    levels = [(logger, logger.level, logger.disabled) for logger in loggers]
    teller = Teller(logging.DEBUG)
    logging.root.addHandler(teller)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
        logger.disabled = False
    yield told
    logging.root.removeHandler(teller)
    for logger, level, disabled in levels:
        logger.setLevel(level)
        logger.disabled = disabled


def whole(error: BaseException | None) -> str:
    """An error as any reporter may print it, with those that it came from."""
    if error is None:
        return ""
    facts = f"{error} {error!r} {error.args!r} {vars(error)!r}"
    return facts + whole(error.__cause__) + whole(error.__context__)


CALLS: dict[str, Callable[[Client, str], Any]] = {
    "read": lambda client, url: names(client),
    "write": lambda client, url: client.create_sale(DRAFT.body()),
    "refresh": lambda client, url: oauth.refresh("secret-old", login_url=url, **CLIENT),
    "revoke": lambda client, url: oauth.revoke("secret-old", login_url=url, **CLIENT),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", faults(""))
def test_a_call_that_fails_tells_no_secret(
    make_client: Callable[..., Client], everything_logged: list[str], fault: str, call: str
) -> None:
    known = "secret-token" if call in ("read", "write") else "secret-old secret-client"
    with scripted(*[faults(known)[fault]] * 2) as server:
        client = make_client(server.url, call_seconds=1, connect_seconds=0.3, patience_seconds=0)
        with pytest.raises(errors.NotSent) as caught:
            on_behalf_of_a_rep(CALLS[call], client, server.url)
    assert len(everything_logged) > 0
    assert "secret" not in "".join(everything_logged) + whole(caught.value)


def on_behalf_of_a_rep(call: Callable[[Client, str], Any], client: Client, url: str) -> None:
    try:
        call(client, url)
    except errors.LightspeedError as error:
        raise errors.NotSent(f"on behalf of a rep: {error}") from error


@pytest.mark.parametrize(
    ("call", "good"),
    [
        ("read", TAX_CLASSES),
        ("write", sale_body()),
        ("refresh", PAIR),
        ("revoke", {}),
    ],
)
def test_a_call_that_goes_well_logs_no_secret(
    make_client: Callable[..., Client], everything_logged: list[str], call: str, good: Any
) -> None:
    with scripted(answer(200, good)) as server:
        CALLS[call](make_client(server.url), server.url)
    assert any("HTTP/1.1" in line for line in everything_logged)
    assert "secret" not in "".join(everything_logged)


def test_a_token_that_no_header_can_hold_is_not_quoted(
    make_client: Callable[..., Client],
) -> None:
    with scripted() as server, pytest.raises(errors.LightspeedError) as caught:
        names(make_client(server.url, "secret-token\r\nX: y", patience_seconds=0))
    assert "secret" not in whole(caught.value)
