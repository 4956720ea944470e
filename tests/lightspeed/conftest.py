import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from salesfloor.lightspeed import errors
from salesfloor.lightspeed.client import Client


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.time = datetime(2026, 5, 4, 12, tzinfo=UTC)
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)


class Keeper:
    """Keeps tokens for the client; hands out the next one when one was rejected."""

    def __init__(self, *tokens: str) -> None:
        self.tokens = list(tokens)

    def access_token(self) -> str:
        return self.tokens[0]

    def replace(self, rejected: str) -> str:
        assert rejected == self.tokens.pop(0)
        if not self.tokens:
            raise errors.SignInLost("no token left")
        return self.tokens[0]


@pytest.fixture
def debug_log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """All that is logged, by the libraries below us too, which the settings keep quiet."""
    for logger in ("", "urllib3", "requests_oauthlib", "oauthlib"):
        caplog.set_level(logging.DEBUG, logger=logger)
    return caplog


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_client(clock: Clock) -> Callable[..., Client]:
    def make(url: str, *tokens: str, account_id: int | None = 4711, **options: Any) -> Client:
        keeper = Keeper(*(tokens or ("secret-token",)))
        options = {"now": clock.now, "sleep": clock.sleep, **options}
        return Client(account_id, keeper, base_url=url, **options)

    return make
