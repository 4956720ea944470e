from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from salesfloor.lightspeed import errors
from tests.lightspeed import recordings

OUT_OF_BALANCE = st.just("OutOfBalanceError")
KEYS = st.sampled_from(["errorClass", "error", "message", "error_description", "saleID", "balance"])


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, errors.SignInLost),
        (403, errors.Forbidden),
        (429, errors.RateLimited),
        (302, errors.GarbledAnswer),
        (400, errors.Rejected),
        (404, errors.NotFound),
        (405, errors.Rejected),
        (409, errors.Conflict),
        (422, errors.Rejected),
        (500, errors.ServerError),
        (503, errors.ServerError),
    ],
)
def test_a_status_has_one_error(status: int, error: type[errors.LightspeedError]) -> None:
    raised = errors.from_answer(status, {}, None)
    assert type(raised) is error
    assert raised.status == status


@pytest.mark.parametrize("code", ["OutOfBalanceError", "invalid_client", "invalid_grant"])
@pytest.mark.parametrize("status", [200, 302, 403, 404, 405, 409, 429, 500, 502, 503, 504])
def test_what_a_body_says_never_outweighs_the_status(status: int, code: str) -> None:
    bare = errors.from_answer(status, {}, None)
    for told in ({"error": code}, {"errorClass": code}):
        assert type(errors.from_answer(status, {}, told)) is type(bare)


def test_an_error_keeps_what_lightspeed_told() -> None:
    headers = CaseInsensitiveDict({"cf-ray": "8f3-YYZ", "RETRY-AFTER": "3"})
    body = {"httpCode": "429", "message": "Rate limit exceeded.", "errorClass": "TooMany"}
    error = errors.from_answer(429, headers, body)
    assert (error.message, error.error_class) == ("Rate limit exceeded.", "TooMany")
    assert (error.request_id, error.retry_after) == ("8f3-YYZ", 3.0)
    assert str(error) == "Rate limit exceeded. (429, TooMany)"


@pytest.mark.parametrize(
    ("code", "error"),
    [("invalid_grant", errors.SignInLost), ("invalid_client", errors.ClientRefused)],
)
def test_a_token_refused_for_good_differs_from_a_client_refused(
    code: str, error: type[errors.LightspeedError]
) -> None:
    raised = errors.from_answer(400, {}, {"error": code, "error_description": "No."})
    assert type(raised) is error
    assert raised.message == "No."


@pytest.mark.parametrize(
    ("sale_id", "balance", "kept"),
    [
        ("120", "3.51", (120, Decimal("3.51"))),
        (None, None, (None, None)),
        ("x" * 50, "much", (None, None)),
        ("7", "NaN", (7, None)),
    ],
)
def test_out_of_balance_tells_the_sale_and_the_balance_where_they_make_sense(
    sale_id: Any, balance: Any, kept: tuple[int | None, Decimal | None]
) -> None:
    body = {"errorClass": "OutOfBalanceError", "saleID": sale_id, "balance": balance}
    error = errors.from_answer(400, {}, body)
    assert isinstance(error, errors.OutOfBalance)
    assert (error.sale_id, error.balance) == kept


@pytest.mark.parametrize("body", [None, [], "<html>", {"message": {"deep": []}}, {"message": None}])
def test_no_body_is_too_odd_for_an_error(body: Any) -> None:
    error = errors.from_answer(500, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, body)
    assert error.retry_after is None
    assert "500" in str(error)


@pytest.mark.parametrize(
    ("status", "read_again", "write_again"),
    [
        (400, False, False),
        (401, False, True),
        (403, False, True),
        (404, False, False),
        (409, False, False),
        (429, True, True),
        (500, True, False),
        (302, True, False),
    ],
)
def test_an_error_says_whether_to_read_or_write_again(
    status: int, read_again: bool, write_again: bool
) -> None:
    error = errors.from_answer(status, {}, None)
    assert (error.can_read_again, error.can_write_again) == (read_again, write_again)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | KEYS, inner),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(
    status=st.integers(100, 999),
    headers=st.dictionaries(st.sampled_from(["Retry-After", "Cf-Ray", "X-Request-Id"]), st.text()),
    body=JSON | st.dictionaries(KEYS, JSON | OUT_OF_BALANCE),
)
def test_any_answer_at_all_has_a_name(status: int, headers: dict[str, str], body: Any) -> None:
    error = errors.from_answer(status, CaseInsensitiveDict(headers), body)
    assert type(error) is not errors.LightspeedError
    assert error.status == status
    assert len(str(error)) < 500
    assert error.retry_after is None or 0 <= error.retry_after <= errors.LONGEST_WAIT_SECONDS


REFUSED = [row for row in recordings.index("INDEX", "wire") if row["status"] != "200"]
NAMED = {
    "400": errors.Rejected,
    "401": errors.SignInLost,
    "404": errors.NotFound,
    "429": errors.RateLimited,
}


@recordings.needs_recordings
@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row["name"])
def test_a_recorded_refusal_is_named_and_quoted(row: dict[str, str]) -> None:
    answer = recordings.response(row["name"])
    headers = CaseInsensitiveDict(answer["headers"])
    error = errors.from_answer(int(row["status"]), headers, answer["body"])
    assert type(error) is NAMED[row["status"]]
    if isinstance(answer["body"], dict):
        assert error.message == answer["body"]["message"]
        assert error.error_class == answer["body"]["errorClass"]
