"""What can be made to go wrong, on which request, and how often."""

import random
import threading
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

from .store import Record

Delivery = Literal[
    "status",
    "reset",
    "hang_up",
    "silence",
    "late",
    "cut",
    "drip",
    "garble",
    "html",
    "empty",
    "mislabel",
    "redirect",
    "refuse",
    "pass",
]


@dataclass(frozen=True)
class Kind:
    """`takes_effect`: whether the request is carried out before the fault shows."""

    name: str
    meaning: str
    takes_effect: bool
    delivery: Delivery
    status: int = 200
    other_hand: str = ""
    """What someone else does first: a name in `other_hands`."""
    switch: str = ""
    """Turned for this one request: on, or to the fault's `seconds`."""


def _statuses() -> list[Kind]:
    kinds = [
        Kind(str(status), f"{status} in Lightspeed's shape, nothing done.", False, "status", status)
        for status in (400, 401, 403, 404, 405, 409, 422, 500, 502, 503, 504)
    ]
    return kinds + [
        Kind(f"{status}_after", f"{status} although all was done.", True, "status", status)
        for status in (400, 401, 403, 404, 409, 422, 500, 502, 503, 504)
    ]


def _bent(name: str, meaning: str, switch: str) -> Kind:
    """All is done, but Lightspeed itself is not as it should be."""
    return Kind(name, meaning, True, "pass", switch=switch)


def _meddled(name: str, meaning: str, other_hand: str) -> Kind:
    """Between the client's last look and this request something happened."""
    return Kind(name, meaning, True, "pass", other_hand=other_hand)


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "refused",
            "Nobody listens at all for `seconds`, from now, not even this door.",
            False,
            "refuse",
        ),
        Kind("reset", "The connection is reset, nothing done.", False, "reset"),
        Kind("reset_after", "All is done, then the connection is reset.", True, "reset"),
        Kind("hang_up", "The connection ends without an answer, nothing done.", False, "hang_up"),
        Kind("hang_up_after", "All is done, the connection ends without one.", True, "hang_up"),
        Kind("timeout", "No answer for `seconds`, nothing done.", False, "silence"),
        Kind("timeout_after", "All is done, no answer for `seconds`.", True, "silence"),
        Kind("late", "All is done, the answer comes after `seconds`.", True, "late"),
        Kind("cut_body", "All is done, half of the body arrives.", True, "cut"),
        Kind("slow_drip", "All is done, the body trickles in over `seconds`.", True, "drip"),
        Kind("malformed_json", "All is done, 200 with broken JSON.", True, "garble"),
        Kind("empty_200", "200 without a body, nothing done.", False, "empty"),
        Kind("empty_200_after", "All is done, 200 without a body.", True, "empty"),
        Kind("html_200", "A web page with status 200, nothing done.", False, "html", 200),
        Kind("html_200_after", "All is done, a web page with status 200.", True, "html", 200),
        Kind("html_400", "The front proxy's 400 page, nothing done.", False, "html", 400),
        Kind("html_502", "The front proxy's 502 page, nothing done.", False, "html", 502),
        Kind("html_502_after", "All is done, the front proxy's 502 page.", True, "html", 502),
        Kind("html_503", "The page of planned maintenance, nothing done.", False, "html", 503),
        Kind("wrong_content_type", "All is done, the JSON calls itself HTML.", True, "mislabel"),
        Kind("redirect", "302 to a sign-in page, nothing done.", False, "redirect", 302),
        Kind("429", "Bucket full: 429 with Retry-After of `seconds`.", False, "status", 429),
        Kind("429_burst", "Burst limit: 429 with Retry-After of 1.", False, "status", 429),
        _bent("clock_skew", "Lightspeed's clock is `seconds` ahead.", "clock_skew_seconds"),
        _bent("relation_missing", "Relations asked for are left out.", "relations_missing"),
        _bent("next_without_relations", "`next` lost load_relations.", "next_drops_relations"),
        _bent("duplicate_rows", "The page begins where the last one ended.", "pages_overlap"),
        _bent("lagging_list", "What is younger than `seconds` is missing.", "lists_lag_seconds"),
        _bent("another_account", "The answer says it is another account's.", "another_account"),
        _bent("another_record", "Another record of the kind is answered.", "another_record"),
        _bent(
            "out_of_balance",
            "A balanced sale is refused as out of balance; it stays open with its payments.",
            "balanced_sales_refused",
        ),
        _meddled(
            "second_writer",
            "Another hand changes the sale: one unit more on its first line, or `records`.",
            "change_sale",
        ),
        _meddled("line_removed", "Another hand takes the sale's first line out.", "remove_line"),
        _meddled("sale_completed", "Another till completes the sale in cash.", "complete_sale"),
        _meddled("sale_voided", "A manager voids the sale.", "void_sale"),
        _meddled("record_archived", "Another hand archives the record.", "archive_record"),
        _meddled("item_archived", "The sale's items are archived.", "archive_items"),
        _meddled("price_changed", "The items' prices rise by 1.00.", "raise_prices"),
        _meddled("tax_changed", "The first rate of every sales tax doubles.", "double_tax"),
        _meddled("register_closed", "Every register is closed.", "close_registers"),
        _meddled("token_expired", "The access token's time is over.", "expire_token"),
        _meddled("token_revoked", "The merchant revokes the connection.", "revoke_token"),
        _meddled("employee_locked_out", "The employee is locked out.", "lock_employee_out"),
        _meddled(
            "rotation_race",
            "Another process refreshes first and uses what it got.",
            "refresh_first",
        ),
        *_statuses(),
    )
}


@dataclass
class Fault:
    id: int
    kind: Kind
    route: str
    """As `calls` counts them, `Sale/{id}`; * and ? match."""
    method: str
    containing: str
    """Only requests whose body contains this."""
    times: int
    """How often it still strikes; with a share, unlimited unless given."""
    skip: int
    """Requests let through first."""
    share: float
    """Of the requests that match, drawn from `seed`."""
    seed: int
    seconds: float
    records: dict[str, list[Record]]
    struck: int = 0
    generator: random.Random = field(default_factory=random.Random)

    def strikes(self, method: str, route: str, body: bytes) -> bool:
        if not fnmatchcase(route, self.route) or self.method not in ("*", method):
            return False
        if self.containing and self.containing.encode() not in body:
            return False
        if self.times == 0:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.share < 1 and self.generator.random() >= self.share:
            return False
        self.times -= 1 if self.times > 0 else 0
        self.struck += 1
        return True

    def described(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "fault": self.kind.name,
            "route": self.route,
            "method": self.method,
            "containing": self.containing,
            "times": self.times,
            "skip": self.skip,
            "share": self.share,
            "seed": self.seed,
            "seconds": self.seconds,
            "struck": self.struck,
        }


@dataclass
class Faults:
    active: list[Fault] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    made: int = 0

    def add(self, given: Record) -> Fault:
        """Raises ValueError when it cannot be made of what was given."""
        known = {
            "fault",
            "route",
            "method",
            "containing",
            "times",
            "skip",
            "share",
            "seed",
            "seconds",
            "records",
        }
        if unknown := set(given) - known:
            raise ValueError(f"Unknown: {', '.join(sorted(unknown))}.")
        kind = KINDS.get(str(given.get("fault")))
        if kind is None:
            raise ValueError(f"'fault' is one of {', '.join(KINDS)}.")
        share = float(given.get("share", 1))
        seed = int(given.get("seed", 0))
        with self.lock:
            self.made += 1
            fault = Fault(
                id=self.made,
                kind=kind,
                route=str(given.get("route", "*")),
                method=str(given.get("method", "*")).upper(),
                containing=str(given.get("containing", "")),
                times=int(given.get("times", 1 if share == 1 else -1)),
                skip=int(given.get("skip", 0)),
                share=share,
                seed=seed,
                seconds=float(given.get("seconds", 5)),
                records=dict(given.get("records", {})),
                generator=random.Random(seed),  # noqa: S311 (repeatable on purpose)
            )
            self.active.append(fault)
        return fault

    def clear(self) -> None:
        with self.lock:
            self.active.clear()

    def striking(self, method: str, route: str, body: bytes) -> Fault | None:
        with self.lock:
            return next((f for f in self.active if f.strikes(method, route, body)), None)
