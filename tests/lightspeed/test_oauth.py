from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from salesfloor.lightspeed import errors, oauth
from tests.lightspeed.scripted import Step, answer, hang, reset, scripted

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
PAIR = {
    "token_type": "Bearer",
    "expires_in": 1800,
    "access_token": "secret-access",
    "refresh_token": "secret-refresh",
}
ODD_SECONDS = [None, 0, -5, True, 10**12, 10**400, 0.5, "", "soon", "-5", [1800], {}]
CLIENT: dict[str, Any] = {"client_id": "floor", "client_secret": "secret-client"}


def test_a_refresh_gives_a_new_pair_and_when_it_ends() -> None:
    with scripted(answer(200, PAIR)) as server:
        pair = oauth.refresh("secret-old", login_url=server.url, now=lambda: NOW, **CLIENT)
        [request] = server.requests
    assert (pair.access_token, pair.refresh_token) == ("secret-access", "secret-refresh")
    assert pair.expires_at == NOW + timedelta(minutes=30)
    assert request.line == "POST /auth/oauth/token HTTP/1.1"
    assert request.body == CLIENT | {"grant_type": "refresh_token", "refresh_token": "secret-old"}


@pytest.mark.parametrize("told", [1800, 1800.0, "1800", "1800.0"])
def test_seconds_may_be_told_as_a_number_or_a_text(told: Any) -> None:
    with scripted(answer(200, PAIR | {"expires_in": told})) as server:
        pair = oauth.refresh("secret-old", login_url=server.url, now=lambda: NOW, **CLIENT)
    assert pair.expires_at == NOW + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("step", "error"),
    [
        (answer(400, {"error": "invalid_grant"}), errors.SignInLost),
        (answer(401, {"error": "invalid_client"}), errors.ClientRefused),
        (answer(429, {}), errors.RateLimited),
        (answer(502, b"<html>"), errors.ServerError),
        (answer(200, b"<html>"), errors.GarbledAnswer),
        (answer(200, PAIR | {"refresh_token": ""}), errors.GarbledAnswer),
        *[(answer(200, PAIR | {"expires_in": odd}), errors.GarbledAnswer) for odd in ODD_SECONDS],
        (answer(401, {"error": "invalid_grant"}), errors.SignInLost),
        (answer(401, b"<html>"), errors.GarbledAnswer),
        (answer(401, {"error": "access_denied"}), errors.GarbledAnswer),
        (reset, errors.NoAnswer),
        (hang, errors.NoAnswer),
    ],
)
def test_a_failed_refresh_has_a_name_and_tells_no_secret(
    step: Step, error: type[errors.LightspeedError], debug_log: pytest.LogCaptureFixture
) -> None:
    with scripted(step) as server, pytest.raises(error) as caught:
        oauth.refresh("secret-old", login_url=server.url, call_seconds=3.5, **CLIENT)
    assert type(caught.value) is error
    assert "POST /auth/oauth/token" in debug_log.text or error is errors.NoAnswer
    assert "secret" not in debug_log.text + str(caught.value) + repr(caught.value.__cause__)


def test_a_pair_keeps_its_tokens_out_of_sight() -> None:
    assert "secret" not in repr(oauth.TokenPair("secret-a", "secret-r", NOW))


def test_a_connection_can_be_ended() -> None:
    with scripted(answer(200, {}), answer(401, {"error": "invalid_client"})) as server:
        oauth.revoke("secret-old", login_url=server.url, **CLIENT)
        with pytest.raises(errors.ClientRefused):
            oauth.revoke("secret-old", login_url=server.url, **CLIENT)
        assert server.requests[0].body == CLIENT | {"refresh_token": "secret-old"}
