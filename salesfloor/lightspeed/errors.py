"""What can go wrong when Lightspeed is called, each by its name.

    LightspeedError
    ├── NotSent              could not connect; the request never left
    ├── SignInLost           401 and no new token to be had, or invalid_grant: sign in again
    ├── ClientRefused        our client id or secret is wrong or blocked
    ├── Forbidden            403: the scope or the employee's right is missing
    ├── RateLimited          429, or the account's budget would keep us too long
    └── OutcomeUnknown       sent, and nothing came back that settles it
        ├── NoAnswer         time-out, connection reset
        ├── ServerError      5xx
        ├── GarbledAnswer    cut, not JSON, too large, a redirect, or not what was asked for
        ├── WrongAccount     the answer is another account's
        ├── NotFound         404
        ├── Conflict         409
        └── Rejected         400, 422 and other 4xx
            └── OutOfBalance the tenders do not fit the total; the sale exists all the same

Repeating a read does no harm after any of them, and helps where `can_read_again`. A write may be
repeated only where `can_write_again`, which is where it has had no effect. That a refusal such as
400 has had none is not certain: Lightspeed is known to keep the sale it refuses to complete.

>>> refused = from_answer(429, {"Retry-After": "3"}, {"message": "Rate limit exceeded."})
>>> refused.can_read_again, refused.can_write_again, refused.retry_after
(True, True, 3.0)
>>> lost = from_answer(502, {}, None)
>>> lost.can_read_again, lost.can_write_again, str(lost)
(True, False, 'Lightspeed answered 502 (502)')
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import ClassVar

# Lightspeed tells of seconds. No odd answer may keep anybody from selling for long.
LONGEST_WAIT_SECONDS = 300.0


class LightspeedError(Exception):
    """`status` is None where no answer came, `retry_after` is in seconds.

    `error_class` is Lightspeed's own name for what went wrong, `request_id` what its support asks
    for; both are "" where not told.
    """

    # Whether the same write, sent once more, cannot be done twice: this one has had no effect.
    can_write_again: ClassVar[bool] = False
    # Whether the same read may fare better a little later.
    can_read_again: ClassVar[bool] = False

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        error_class: str = "",
        request_id: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.error_class = error_class
        self.request_id = request_id
        self.retry_after = retry_after

    def __str__(self) -> str:
        facts = [str(fact) for fact in (self.status, self.error_class) if fact]
        return f"{self.message} ({', '.join(facts)})" if facts else self.message


class NotSent(LightspeedError):
    can_write_again = True
    can_read_again = True


class SignInLost(LightspeedError):
    can_write_again = True


class ClientRefused(LightspeedError):
    can_write_again = True


class Forbidden(LightspeedError):
    can_write_again = True


class RateLimited(LightspeedError):
    can_write_again = True
    can_read_again = True


class OutcomeUnknown(LightspeedError):
    pass


class NoAnswer(OutcomeUnknown):
    can_read_again = True


class ServerError(OutcomeUnknown):
    can_read_again = True


class GarbledAnswer(OutcomeUnknown):
    can_read_again = True


class WrongAccount(OutcomeUnknown):
    pass


class NotFound(OutcomeUnknown):
    pass


class Conflict(OutcomeUnknown):
    pass


class Rejected(OutcomeUnknown):
    pass


class OutOfBalance(Rejected):
    """`sale_id` is the sale that stayed open, `balance` what it lacks; None where not said."""

    sale_id: int | None = None
    balance: Decimal | None = None


# What the body says makes the status more exact. It never makes it another: a gateway's 502 leaves
# a write in doubt, whatever it quotes.
_BY_CLASS: dict[tuple[int, str], type[LightspeedError]] = {
    (400, "OutOfBalanceError"): OutOfBalance,
    (422, "OutOfBalanceError"): OutOfBalance,
    (400, "invalid_client"): ClientRefused,
    (401, "invalid_client"): ClientRefused,
    (400, "invalid_grant"): SignInLost,
    (401, "invalid_grant"): SignInLost,
}
_BY_STATUS: dict[int, type[LightspeedError]] = {
    401: SignInLost,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    429: RateLimited,
}


def from_answer(
    status: int,
    headers: Mapping[str, str],
    body: object,
    *,
    secrets: Iterable[str] = (),
) -> LightspeedError:
    """The error that an answer other than 200 stands for.

    `headers` have to be looked up without regard to case; `body` is parsed JSON, or None where the
    answer held something else (a gateway's HTML). `secrets` are taken out of what is quoted.
    """
    told: Mapping[object, object] = body if isinstance(body, Mapping) else {}
    # Two envelopes are in use: the API's own, and OAuth's for tokens.
    error_class = str(told.get("errorClass") or told.get("error") or "")
    message = str(told.get("message") or told.get("error_description") or "")
    for secret in filter(None, secrets):
        message, error_class = (text.replace(secret, "…") for text in (message, error_class))
    kind = _kind(status, error_class)
    error = kind(
        message[:300] or f"Lightspeed answered {status}",
        status=status,
        error_class=error_class[:100],
        request_id=request_id(headers),
        retry_after=_seconds(headers.get("Retry-After")),
    )
    if isinstance(error, OutOfBalance):
        sale_id = str(told.get("saleID", ""))
        error.sale_id = int(sale_id) if re.fullmatch(r"[0-9]{1,18}", sale_id) else None
        error.balance = _decimal(told.get("balance"))
    return error


def request_id(headers: Mapping[str, str]) -> str:
    told = headers.get("X-Request-Id") or headers.get("Cf-Ray") or ""
    return told.replace("\0", "")[:100]


def _kind(status: int, error_class: str) -> type[LightspeedError]:
    if kind := _BY_CLASS.get((status, error_class)) or _BY_STATUS.get(status):
        return kind
    if status >= 500:
        return ServerError
    # 1xx to 3xx answer no request of ours: redirects are not followed.
    return Rejected if status >= 400 else GarbledAnswer


def _seconds(header: str | None) -> float | None:
    # A date is allowed there too, but never used by Lightspeed.
    told = re.fullmatch(r"\s*([0-9]{1,7}(?:\.[0-9]+)?)\s*", header or "")
    return min(float(told[1]), LONGEST_WAIT_SECONDS) if told else None


def _decimal(value: object) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return (number or Decimal(0)) if number.is_finite() else None
