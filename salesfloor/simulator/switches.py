"""What can be turned while the simulator runs, each with its meaning.

The defaults are what Lightspeed documents or was recorded doing; where it is silent they are a
choice, and the other choice is here too.
"""

from dataclasses import dataclass, field, fields
from typing import Any


def switch(default: Any, meaning: str, *choices: str) -> Any:
    return field(default=default, metadata={"meaning": meaning, "choices": choices})


@dataclass
class Switches:
    rate_limits: str = switch(
        "current",
        "Which limits hold: 'current'; 'legacy', before March 2026: reads 1, writes 10, bucket 60; "
        "'oldest', the same with 503 instead of 429; 'off', none.",
        "current",
        "legacy",
        "oldest",
        "off",
    )
    bucket_size: float = switch(0.0, "Drips the bucket holds; 0: 90 + 10 per further register.")
    drip_rate: float = switch(0.0, "Drips lost a second; 0: 1 + 0.5 per further register.")
    burst_limit: int = switch(0, "Requests a second; 0: 20 for each 90 of the bucket.")
    latency_seconds: float = switch(0.0, "Waited before every answer of the API.")
    access_token_seconds: float = switch(3600.0, "Life of an access token.")
    refresh_token_seconds: float = switch(30 * 86400.0, "Life of an unused refresh token.")
    code_seconds: float = switch(60.0, "Life of an authorization code.")
    refreshes_per_minute: int = switch(5, "Refresh attempts a connection has per minute.")
    strict_rotation: bool = switch(
        False,
        "A used refresh token dies at once; otherwise when the new access token is first used.",
    )
    old_error_bodies: bool = switch(False, "401 in the shape of before 2021: httpCode, message.")
    employees_need_right: bool = switch(
        False, "Reading Employee needs admin_employees; otherwise any token may."
    )
    closed_register_refused: bool = switch(False, "A sale on a closed register answers 400.")
    archived_items_refused: bool = switch(True, "An archived item cannot be put on a line.")
    completed_sales: str = switch(
        "some",
        "What a PUT may change on a completed sale: 'some' leaves notes, reference, completeTime "
        "and customer open.",
        "some",
        "all",
        "none",
    )
    failed_post_kept: bool = switch(
        True,
        "A sale that cannot be completed as it is created exists all the same: open, payments "
        "attached.",
    )
    failed_put_kept: bool = switch(
        True,
        "Where a PUT cannot complete its sale, the rest of it stays written, payments too.",
    )
    discount_amount_per: str = switch(
        "line", "A line's discountAmount is for the line or for each unit.", "line", "unit"
    )
    sale_discounts: bool = switch(
        True, "discountPercent and discountID of the sale are spread over its lines."
    )
    customer_defaults_applied: bool = switch(
        False,
        "Attaching a customer takes over their tax category and discount, or those of their type.",
    )
    bad_refund_refused: bool = switch(
        False,
        "A line that takes back what was not sold, or more than is left, answers 400; otherwise "
        "it is left out.",
    )
    gift_card_overdraw: bool = switch(False, "A gift card may pay more than it holds.")
    relations_missing: bool = switch(
        False, "Relations that were asked for are silently left out, as when there are too many."
    )
    pages_overlap: bool = switch(False, "A page begins with the last record of the one before.")
    lists_lag_seconds: float = switch(0.0, "Lists leave out what was created this recently.")
    another_account: bool = switch(False, "Answers say that they are another account's.")
    another_record: bool = switch(False, "One record asked for, another of its kind is answered.")
    balanced_sales_refused: bool = switch(
        False, "Completing a balanced sale fails as out of balance by -0: float noise on record."
    )
    clock_skew_seconds: float = switch(0.0, "How far Lightspeed's clock is ahead of the real one.")
    old_authorization: bool = switch(
        False,
        "A token may come as the query parameter oauth_token, or as the user of Basic whose "
        "password is the word apikey.",
    )
    old_token_answers: bool = switch(
        True,
        "/oauth/access_token.php answers with scope, and its refreshes hand out no new refresh "
        "token; otherwise it answers as /auth/oauth/token does.",
    )
    next_drops_relations: bool = switch(False, "`next` and `previous` leave out load_relations.")
    exact_like: bool = switch(False, "`~` takes its pattern as given, without a closing %.")
    images_url: str = switch(
        "", "Where Image.baseImageURL points; empty: this simulator's own /images/."
    )

    def turn(self, values: dict[str, Any]) -> None:
        """Raises ValueError for an unknown name, type or choice, and then changes nothing."""
        known = {switch.name: switch for switch in fields(self)}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"There is no setting '{name}'. Known: {', '.join(known)}.")
            choices = known[name].metadata["choices"]
            if choices and value not in choices:
                raise ValueError(f"'{name}' is one of {', '.join(choices)}.")
            expected: type | tuple[type, ...] = type(known[name].default)
            if expected is float:
                expected = (int, float)
            if not isinstance(value, expected) or (
                isinstance(value, bool) and expected is not bool
            ):
                raise ValueError(f"'{name}' cannot be {value!r}.")
        for name, value in values.items():
            setattr(self, name, value)

    def described(self) -> dict[str, dict[str, Any]]:
        return {
            switch.name: {
                "value": getattr(self, switch.name),
                "default": switch.default,
                "meaning": switch.metadata["meaning"],
                **({"choices": switch.metadata["choices"]} if switch.metadata["choices"] else {}),
            }
            for switch in fields(self)
        }
