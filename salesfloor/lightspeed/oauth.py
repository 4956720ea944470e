"""Tokens: where a sign-in goes, how a token is renewed and how it is given back.

https://developers.lightspeedhq.com/retail/authentication/authentication-overview/
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import requests

from salesfloor.lightspeed import errors, transport

LOGIN_URL = "https://cloud.lightspeedapp.com"
AUTHORIZE_PATH = "/auth/oauth/authorize"
TOKEN_PATH = "/auth/oauth/token"  # noqa: S105 (a path)
REVOKE_PATH = "/auth/oauth/revoke"


@dataclass(frozen=True)
class TokenPair:
    """Both are long, and secret: they stay out of its repr.

    >>> TokenPair("eyJ0eXAi", "def50200", expires_at=datetime(2026, 5, 4, 12, tzinfo=UTC))
    TokenPair(expires_at=datetime.datetime(2026, 5, 4, 12, 0, tzinfo=datetime.timezone.utc))
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime


def refresh(
    refresh_token: str,
    *,
    client_id: str,
    client_secret: str,
    login_url: str = LOGIN_URL,
    http: requests.Session | None = None,
    connect_seconds: float = 3.0,
    call_seconds: float = 25.0,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> TokenPair:
    """A new pair for an old refresh token. Commit it before its access token is used.

    Until then the old refresh token still works, so that after a NoAnswer this may be repeated, at
    most five times a minute. One at a time for each connection. SignInLost: it works no longer.
    """
    asked_at = now()
    # No scope: the server refuses a refresh that names one.
    answer = transport.exchange(
        http or transport.shared_session(),
        "POST",
        transport.checked_base_url(login_url) + TOKEN_PATH,
        body={
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
            "client_id": client_id,
            "client_secret": client_secret,
        },
        connect_seconds=connect_seconds,
        call_seconds=call_seconds,
    )
    if answer.status != 200:
        secrets = [refresh_token, client_secret]
        error = errors.from_answer(answer.status, answer.headers, answer.body, secrets=secrets)
        if isinstance(error, errors.SignInLost) and error.error_class != "invalid_grant":
            # A gateway's, perhaps: nobody is signed out for less.
            raise errors.GarbledAnswer("a refusal without a reason", status=answer.status)
        raise error
    return _pair(answer.body, asked_at)


def revoke(
    refresh_token: str,
    *,
    client_id: str,
    client_secret: str,
    login_url: str = LOGIN_URL,
    http: requests.Session | None = None,
    connect_seconds: float = 3.0,
    call_seconds: float = 25.0,
) -> None:
    """Ends both tokens of the connection."""
    answer = transport.exchange(
        http or transport.shared_session(),
        "POST",
        transport.checked_base_url(login_url) + REVOKE_PATH,
        body={
            "refresh_token": refresh_token,
            "client_id": client_id,
            "client_secret": client_secret,
        },
        connect_seconds=connect_seconds,
        call_seconds=call_seconds,
    )
    if answer.status >= 300:
        secrets = [refresh_token, client_secret]
        raise errors.from_answer(answer.status, answer.headers, answer.body, secrets=secrets)


def _pair(body: object, asked_at: datetime) -> TokenPair:
    match body:
        case {
            "access_token": str(access_token),
            "refresh_token": str(refresh_token),
            "expires_in": told,
        } if access_token and refresh_token and (seconds := _seconds(told)):
            return TokenPair(access_token, refresh_token, asked_at + timedelta(seconds=seconds))
    raise errors.GarbledAnswer("the answer to a refresh holds no pair of tokens", status=200)


def _seconds(told: object) -> int:
    """Of 1800, 1800.0 or "1800"; 0 where no sensible time was told."""
    sensible = re.fullmatch(r"([0-9]{1,8})(?:\.0*)?", str(told))
    return int(sensible[1]) if sensible else 0
