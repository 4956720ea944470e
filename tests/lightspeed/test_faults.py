"""Every kind of fault the simulated Lightspeed knows, and what the client makes of it."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

import pytest
import requests

from salesfloor.lightspeed import errors, oauth
from salesfloor.lightspeed.client import Client
from salesfloor.lightspeed.drafts import DraftLine, SaleDraft, Tender, completion
from salesfloor.lightspeed.errors import LightspeedError
from tests.conftest import REP, SHOE, SOCK
from tests.lightspeed.conftest import Clock, Keeper
from tests.simulator.running import RunningSimulator

CALL_SECONDS = 1.0
TOO_LATE_SECONDS = 2.5
# Connecting, four tries and their back-off, however slow the machine.
LONGEST_SECONDS = 20.0

Outcome = type[LightspeedError] | None


@dataclass(frozen=True)
class Meets:
    """What a fault that lasts ends in: None is an answer like any other.

    `once`: whether a read that meets it a single time is answered all the same. `sold`: whether
    Lightspeed has the sale completed after the write.
    """

    read: Outcome
    write: Outcome
    once: bool = True
    sold: bool = False


AS_IF_NOTHING = Meets(None, None, sold=True)
NO_ANSWER = Meets(errors.NoAnswer, errors.NoAnswer)
GARBLED = Meets(errors.GarbledAnswer, errors.GarbledAnswer)
SERVER_ERROR = Meets(errors.ServerError, errors.ServerError)
# Also for a read: a 404 or 422 does not pass by itself.
NOT_FOUND = Meets(errors.NotFound, errors.NotFound, once=False)
REJECTED = Meets(errors.Rejected, errors.Rejected, once=False)
SIGNED_OUT = Meets(errors.SignInLost, errors.SignInLost, once=False)


def but_done(meets: Meets) -> Meets:
    """The same to the eye, though the sale was completed."""
    return Meets(meets.read, meets.write, meets.once, sold=True)


TABLE: dict[str, Meets] = {
    "refused": Meets(errors.NotSent, errors.NotSent),
    "reset": NO_ANSWER,
    "reset_after": but_done(NO_ANSWER),
    "hang_up": NO_ANSWER,
    "hang_up_after": but_done(NO_ANSWER),
    "timeout": NO_ANSWER,
    "timeout_after": but_done(NO_ANSWER),
    "late": but_done(NO_ANSWER),
    "slow_drip": but_done(GARBLED),
    "cut_body": but_done(GARBLED),
    "malformed_json": but_done(GARBLED),
    "empty_200": GARBLED,
    "empty_200_after": but_done(GARBLED),
    "html_200": GARBLED,
    "html_200_after": but_done(GARBLED),
    "redirect": GARBLED,
    "html_400": REJECTED,
    "html_502": SERVER_ERROR,
    "html_502_after": but_done(SERVER_ERROR),
    "html_503": SERVER_ERROR,
    # JSON is JSON, whatever it calls itself; Lightspeed's own errors do so.
    "wrong_content_type": AS_IF_NOTHING,
    "429": Meets(errors.RateLimited, errors.RateLimited),
    "429_burst": Meets(errors.RateLimited, errors.RateLimited),
    # Times are taken from Lightspeed, and compared with nothing of ours.
    "clock_skew": AS_IF_NOTHING,
    # A sale without its lines is noticed, and read again; a list's items look as if they had none.
    "relation_missing": AS_IF_NOTHING,
    "next_without_relations": AS_IF_NOTHING,
    # A walk may see a record twice, as it may without any fault.
    "duplicate_rows": AS_IF_NOTHING,
    # Not found is not known: the courier waits before it believes it.
    "lagging_list": AS_IF_NOTHING,
    "another_account": Meets(errors.WrongAccount, errors.WrongAccount, once=False, sold=True),
    # Of a list it cannot be told.
    "another_record": Meets(None, errors.GarbledAnswer, sold=True),
    "out_of_balance": Meets(None, errors.OutOfBalance),
    "second_writer": Meets(None, errors.OutOfBalance),
    # Cash that was too much by then: Lightspeed gives change. The courier compares every cent.
    "line_removed": AS_IF_NOTHING,
    "tax_changed": Meets(None, errors.OutOfBalance),
    # Paid for by another till already; our own payment has been refused.
    "sale_completed": Meets(None, errors.Rejected, sold=True),
    "sale_voided": AS_IF_NOTHING,
    "record_archived": Meets(None, errors.Rejected),
    # The lines of a sale keep what they were sold for.
    "item_archived": AS_IF_NOTHING,
    "price_changed": AS_IF_NOTHING,
    "register_closed": AS_IF_NOTHING,
    "token_expired": SIGNED_OUT,
    "token_revoked": SIGNED_OUT,
    "employee_locked_out": SIGNED_OUT,
    # Strikes where tokens are renewed: below.
    "rotation_race": AS_IF_NOTHING,
    "400": REJECTED,
    "400_after": but_done(REJECTED),
    # A second token is asked for, and there is none.
    "401": SIGNED_OUT,
    "401_after": but_done(SIGNED_OUT),
    "403": Meets(errors.Forbidden, errors.Forbidden, once=False),
    "403_after": Meets(errors.Forbidden, errors.Forbidden, once=False, sold=True),
    "404": NOT_FOUND,
    "404_after": but_done(NOT_FOUND),
    "405": REJECTED,
    "409": Meets(errors.Conflict, errors.Conflict, once=False),
    "409_after": Meets(errors.Conflict, errors.Conflict, once=False, sold=True),
    "422": REJECTED,
    "422_after": but_done(REJECTED),
    **dict.fromkeys(("500", "502", "503", "504"), SERVER_ERROR),
    **{f"{status}_after": but_done(SERVER_ERROR) for status in ("500", "502", "503", "504")},
}
# Two kinds that Lightspeed is not known for: a refusal that means no effect, and yet all was done.
UNTRUE_REFUSALS = {"401_after", "403_after"}


@pytest.fixture
def call(simulator: RunningSimulator, clock: Clock) -> Client:
    """A client of Maya's to whom waiting between tries seems longer than it is."""

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        time.sleep(min(seconds, 0.2))

    simulator.settings(rate_limits="off")
    return Client(
        4711,
        Keeper(simulator.grant(REP).access_token),
        base_url=simulator.url,
        connect_seconds=0.4,
        call_seconds=CALL_SECONDS,
        patience_seconds=120.0,
        now=clock.now,
        sleep=sleep,
    )


@pytest.fixture
def quoted(call: Client) -> int:
    """An open sale of socks and shoes for 34.48; another one, so that answers can be mixed up."""
    for reference in ("SF-1", "SF-2"):
        lines = [DraftLine(item_id=item, unit_quantity=1) for item in (SOCK, SHOE)]
        draft = SaleDraft(
            reference_number=reference, employee_id=REP, shop_id=1, register_id=1, lines=lines
        )
        sale = call.create_sale(draft.body())
        if reference == "SF-1":
            ours = sale.sale_id
    return ours


def outcome_of(act: Callable[[], object]) -> Outcome:
    """Its error's class, which has to be a named one; it must not hang."""
    started = time.monotonic()
    try:
        act()
    except LightspeedError as error:
        return type(error)
    finally:
        assert time.monotonic() - started < LONGEST_SECONDS
    return None


def strike(simulator: RunningSimulator, kind: str, route: str, method: str, times: int) -> None:
    seconds = TOO_LATE_SECONDS
    if kind == "refused":
        seconds = 0.3 if times == 1 else seconds
    simulator.fault(route, kind, method=method, times=times, seconds=seconds)


def wait_until_listening(simulator: RunningSimulator) -> None:
    for _ in range(100):
        with suppress(requests.ConnectionError):
            requests.get(simulator.url, timeout=5)
            return
        time.sleep(0.1)


def test_the_table_names_every_kind_of_fault(simulator: RunningSimulator) -> None:
    assert TABLE.keys() == simulator.control("GET", "faults")["kinds"].keys()


@pytest.mark.parametrize("kind", TABLE)
def test_a_read_that_meets_a_fault_ends_in_its_named_error(
    call: Client, simulator: RunningSimulator, kind: str
) -> None:
    strike(simulator, kind, "Item", "GET", times=-1)
    seen = outcome_of(lambda: list(call.items()))
    wait_until_listening(simulator)
    assert seen is TABLE[kind].read


@pytest.mark.parametrize("kind", [kind for kind in TABLE if TABLE[kind].read])
def test_a_read_is_tried_again_where_that_can_help(
    call: Client, simulator: RunningSimulator, kind: str
) -> None:
    strike(simulator, kind, "Item", "GET", times=1)
    expected = None if TABLE[kind].once else TABLE[kind].read
    assert outcome_of(lambda: list(call.items())) is expected


@pytest.mark.parametrize("kind", TABLE)
def test_a_completion_that_meets_a_fault_is_sent_once_and_never_called_a_failure_if_it_may_be_done(
    call: Client, quoted: int, simulator: RunningSimulator, kind: str
) -> None:
    cash = Tender(payment_type_id=1, amount=Decimal("34.48"), remote_reference="SF-1-1")
    strike(simulator, kind, "Sale/{id}", "PUT", times=-1)
    seen = outcome_of(lambda: call.update_sale(quoted, completion([cash])))
    wait_until_listening(simulator)
    assert seen is TABLE[kind].write
    [sale] = simulator.sales(saleID=quoted)
    assert sale["completed"] is TABLE[kind].sold
    if sale["completed"] and seen and kind not in UNTRUE_REFUSALS:
        assert not seen("").can_write_again
    assert simulator.state()["calls"].get("PUT Sale/{id}", 0) <= 1


def test_a_lost_race_for_new_tokens_is_a_lost_sign_in(simulator: RunningSimulator) -> None:
    simulator.fault("token", "rotation_race")
    with pytest.raises(errors.SignInLost):
        oauth.refresh(
            simulator.grant(REP).refresh_token,
            client_id="salesfloor",
            client_secret="salesfloor-secret",
            login_url=simulator.url,
        )
