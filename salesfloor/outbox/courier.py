"""Completes paid sales in Lightspeed: one courier for each account at a time.

It takes one step after another from `next_action`, commits a journal row before each call and
closes it with the outcome. The rows are the truth; killing the process at any line loses nothing.
"""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from salesfloor.lightspeed import errors, records
from salesfloor.lightspeed.client import Client
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.outbox import high_water, quotes
from salesfloor.outbox.models import Attempt, Draft, Finding, Submission
from salesfloor.outbox.next_action import (
    SLOW_PACE,
    Act,
    Action,
    Entry,
    Facts,
    Look,
    Outcome,
    Reason,
    Record,
    Send,
    next_action,
)
from salesfloor.outbox.next_action import Draft as DraftEntry
from salesfloor.outbox.paid_sale import PaidSale
from salesfloor.staff import clock
from salesfloor.staff.connection import client_for
from salesfloor.staff.locks import LockLost, holding
from salesfloor.staff.models import Account

log = logging.getLogger(__name__)


@dataclass
class Courier:
    """A process that completes sales. `name` tells whose clock a journal's times are of."""

    name: str = field(default_factory=lambda: uuid4().hex)
    now: Callable[[], datetime] = clock.now
    # By account whose lock it has held: the newest submission that was there before it.
    inherited: dict[int, int] = field(default_factory=dict)

    def take_over(self, account: Account) -> None:
        """At the first time it holds the account's lock: whatever others planned, look now."""
        if account.pk in self.inherited:
            return
        if high_water.is_above(account):
            self._begin_anew(account)
        account.submissions.undelivered().update(due_at=self.now())
        newest = account.submissions.order_by("-pk").values_list("pk", flat=True).first()
        self.inherited[account.pk] = newest or 0

    def _begin_anew(self, account: Account) -> None:
        """In an older copy of the database: whatever is owed may have been sent since."""
        log.warning("An older copy of the database was restored: all of %s is in doubt", account)
        with transaction.atomic(durable=True):
            Finding.tell_of_old_copy(account, self.now())
            for submission in account.submissions.undelivered():
                submission.be_in_doubt(self.now())
        high_water.level_with(account)


_OF_THIS_PROCESS: list[Courier] = []


def of_this_process() -> Courier:
    if not _OF_THIS_PROCESS:
        _OF_THIS_PROCESS.append(Courier())
    return _OF_THIS_PROCESS[0]


def deliver(account: Account, courier: Courier | None = None) -> datetime | None:
    """Bring on every sale of the account that is due. When the next one will be; None if none.

    None also where another courier is at it: that one takes what comes meanwhile.
    """
    courier = courier or of_this_process()
    due = account.submissions.due
    is_new = account.pk not in courier.inherited
    while is_new or due(courier.now()).exists():
        is_new = False
        with holding(f"courier-{account.pk}") as alone:
            if not alone:
                return None
            _close_cut_off_attempts(account, courier)
            courier.take_over(account)
            while submission := due(courier.now()).select_related("rep").first():
                _bring_on_safely(submission, courier)
        # Whoever was turned away while this one was at its last sale left it to this one.
    upcoming = account.submissions.undelivered().order_by("due_at").first()
    return upcoming.due_at if upcoming else None


def _close_cut_off_attempts(account: Account, courier: Courier) -> None:
    """Only the lock's holder calls Lightspeed, so an open attempt is one whose courier died."""
    cut_off = Attempt.everywhere.filter(submission__account=account, finished_at=None)
    noticed = {"finished_at": courier.now(), "courier": courier.name}
    cut_off.exclude(kind=Attempt.Kind.LOOK).update(
        **noticed, outcome=Outcome.DOUBT, detail="The courier was stopped while sending."
    )
    cut_off.filter(kind=Attempt.Kind.LOOK).update(**noticed, outcome=Outcome.NO_ANSWER)


def _bring_on_safely(submission: Submission, courier: Courier) -> None:
    """One sale that we fail at keeps no other waiting, and a person is told of it."""
    try:
        _bring_on(submission, courier)
    except LockLost:
        raise
    except Exception:
        log.exception("%s", submission)
        due_at = courier.now() + SLOW_PACE
        state = Submission.State.ATTENTION
        submission.change(state=state, reason=Reason.BROKEN, due_at=due_at)


def _bring_on(submission: Submission, courier: Courier) -> None:
    """Take steps until the submission is recorded or has to wait."""
    facts = Facts(
        courier=courier.name,
        settle_for=timedelta(seconds=settings.DELIVERY_SETTLE_SECONDS),
        jitter=random.random(),  # noqa: S311 (spreads retries, guards nothing)
    )
    while True:
        record = _record(submission, courier)
        action = next_action(record, facts, courier.now())
        if action.act is Act.WAIT:
            _rest(submission, action)
            return
        if _call(submission, record, action, courier):
            return


def _record(submission: Submission, courier: Courier) -> Record:
    return Record(
        submission.paid_at,
        tuple(_entry(attempt) for attempt in submission.attempts.all()),
        submission.look_wanted,
        is_inherited=submission.pk <= courier.inherited[submission.account_id],
        is_provisional=submission.payload["draft_id"] is None,
    )


def _entry(attempt: Attempt) -> Entry:
    at = attempt.finished_at or attempt.started_at
    outcome = Outcome(attempt.outcome)
    trouble = Reason(attempt.trouble) if attempt.trouble else None
    if attempt.kind == Attempt.Kind.LOOK:
        at = attempt.started_at if outcome is Outcome.NOT_FOUND else at
        there = frozenset(attempt.tenders_there)
        return Look(at, outcome, attempt.courier, trouble=trouble, tenders_there=there)
    kind = Send if attempt.kind == Attempt.Kind.SEND else DraftEntry
    seconds = attempt.retry_after_seconds
    retry_after = timedelta(seconds=seconds) if seconds is not None else None
    return kind(at, outcome, attempt.courier, retry_after, trouble)


def _call(submission: Submission, record: Record, action: Action, courier: Courier) -> bool:
    """Draft, send or look, journalled. Whether there is nothing more to do at once."""
    attempt = _open_attempt(submission, action, courier)
    if attempt is None:
        return True  # a manager has settled it
    paid_sale = _as_drafted(submission)
    try:
        match action.act:
            case Act.DRAFT:
                _write_draft(submission, record, attempt, courier)
                return False
            case Act.SEND:
                sales = [_complete(submission, record, paid_sale, courier)]
            case _:
                sales = _look_up(_client(submission, record), paid_sale)
    except errors.LightspeedError as error:
        outcome = _outcome(error, submission, looking=action.act is Act.LOOK)
        _close(attempt, outcome, courier.now(), error)
        return False
    completed = [sale for sale in sales if sale.completed]
    # Together, so that nobody finds the one without the other.
    with transaction.atomic(durable=True):
        if completed:
            _settle(submission, attempt, paid_sale, completed, courier.now())
        else:
            _tell_of_open_sale(submission, attempt, paid_sale, sales)
        _close(attempt, Outcome.FOUND if completed else Outcome.NOT_FOUND, courier.now())
    return bool(completed)


def _open_attempt(submission: Submission, action: Action, courier: Courier) -> Attempt | None:
    """Journal what is about to be done, so that no outside call is ever made unseen. None, and
    nothing may be done, where the submission was settled by hand."""
    looking = action.act is Act.LOOK
    state = Submission.State.CHECKING if looking else Submission.State.SUBMITTING
    with transaction.atomic(durable=True):
        if not _enter(submission, state, action.reason, look_wanted=False):
            return None
        attempt: Attempt = submission.attempts.create(
            kind=Attempt.Kind(action.act.value), courier=courier.name, started_at=courier.now()
        )
    if not looking:
        high_water.raise_to(attempt, submission.account)
    return attempt


def _client(submission: Submission, record: Record) -> Client:
    """Acts as the seller; where their sign-in was just refused, as the next of the account's people
    whose sign-in is good. Raises SignInLost where nobody's is."""
    grants = list(submission.account.grants.live().select_related("rep__account"))
    grants.sort(key=lambda grant: grant.rep_id != submission.rep_id)
    if not grants:
        raise errors.SignInLost("Nobody of this account is signed in to Lightspeed.")
    refused = record.in_a_row(Outcome.TOKEN_REFUSED)
    return client_for(grants[refused % len(grants)].rep, Right.COMPLETE)


# --- The calls -------------------------------------------------------------------------


def _as_drafted(submission: Submission) -> PaidSale:
    """What was sold, with the open sale that it is to be completed as, if there is one."""
    paid_sale = PaidSale.from_json(submission.payload)
    drafted = submission.attempts.filter(outcome=Outcome.DRAFTED).last()
    if drafted is None:
        return paid_sale
    paid_sale = paid_sale.with_difference(drafted.difference)
    return replace(paid_sale, draft_id=drafted.sale_lightspeed_id)


def _write_draft(
    submission: Submission, record: Record, attempt: Attempt, courier: Courier
) -> None:
    """Write the open sale of what was sold while Lightspeed was away. Where Lightspeed comes to
    another total, the next one has a line for the difference from the start."""
    paid_sale = PaidSale.from_json(submission.payload)
    difference = Decimal(0)
    if unequal := submission.attempts.filter(outcome=Outcome.UNEQUAL).last():
        assert unequal.total is not None  # noqa: S101 (that is how it is known to be unequal)
        difference = paid_sale.total - unequal.total + unequal.difference
    cart = paid_sale.with_difference(difference).draft
    draft, _ = quotes.write_as(lambda: _client(submission, record), submission.account, cart)
    attempt.sale_lightspeed_id, attempt.total = draft.sale_lightspeed_id, draft.total
    attempt.difference = difference
    is_equal = draft.total == paid_sale.total
    if not is_equal:
        Draft.everywhere.filter(pk=draft.pk).update(stray_since=courier.now())
    _close(attempt, Outcome.DRAFTED if is_equal else Outcome.UNEQUAL, courier.now())


def _complete(
    submission: Submission, record: Record, paid_sale: PaidSale, courier: Courier
) -> records.Sale:
    assert paid_sale.draft_id is not None  # noqa: S101 (next_action had it written)
    body = paid_sale.completion(record.tenders_there, courier.now())
    sale = _client(submission, record).update_sale(paid_sale.draft_id, body)
    if not paid_sale.is_in(sale) or not sale.completed:
        raise errors.GarbledAnswer("The answer is not our sale, completed.")
    return sale


def _look_up(client: Client, paid_sale: PaidSale) -> list[records.Sale]:
    """All sales with our reference, and the draft, which somebody may have given another."""
    found = {sale.sale_id: sale for sale in client.sales_by_reference(paid_sale.reference)}
    if paid_sale.draft_id is not None and paid_sale.draft_id not in found:
        try:
            found[paid_sale.draft_id] = client.sale(paid_sale.draft_id)
        except errors.NotFound:
            log.warning("The open sale of %s is gone", paid_sale.reference)
    return list(found.values())


# --- What came of them -----------------------------------------------------------------


def _tell_of_open_sale(
    submission: Submission, attempt: Attempt, paid_sale: PaidSale, sales: list[records.Sale]
) -> None:
    draft = next((sale for sale in sales if sale.sale_id == paid_sale.draft_id), None)
    if draft:
        attempt.tenders_there = [payment.remote_reference for payment in draft.live_payments]
    trouble, detail = _trouble(paid_sale, draft) if paid_sale.draft_id else (None, "")
    if paid := [sale for sale in sales if sale is not draft and _is_part_paid(sale)]:
        # As where a restored older copy has forgotten which open sale it was sent as.
        ids = ", ".join(str(sale.sale_id) for sale in paid)
        trouble, detail = Reason.PAID_THERE, f"another open sale of it has payments: {ids}"
    attempt.trouble = trouble or ""
    attempt.detail = detail
    if detail:
        submission.change(detail=detail)


def _is_part_paid(sale: records.Sale) -> bool:
    return bool(sale.live_payments) and not (sale.archived or sale.voided)


def _trouble(paid_sale: PaidSale, draft: records.Sale | None) -> tuple[Reason | None, str]:
    """Why the open sale must not be completed as it is now, in a manager's words."""
    if draft is None:
        return Reason.GONE_THERE, "it is not there any more"
    if draft.archived or draft.voided:
        return Reason.GONE_THERE, "it was archived or voided"
    if strange := paid_sale.strange_payments(draft):
        amounts = ", ".join(str(payment.amount) for payment in strange)
        return Reason.PAID_THERE, f"it is still open, with payments of {amounts}"
    if changes := paid_sale.changes(draft):
        return Reason.CHANGED_THERE, "; ".join(changes)
    return None, ""


def _close(
    attempt: Attempt,
    outcome: Outcome,
    now: datetime,
    error: errors.LightspeedError | None = None,
) -> None:
    attempt.finished_at = now
    attempt.outcome = outcome
    if error:
        attempt.status = error.status
        attempt.request_id = error.request_id[:64]
        attempt.retry_after_seconds = error.retry_after
        attempt.detail = str(error)
        log.warning("%s of %s: %s: %s", attempt.kind, attempt.submission, outcome, error)
    attempt.save()
    if isinstance(error, errors.Rejected) and attempt.kind != Attempt.Kind.LOOK:
        attempt.submission.change(detail=f"Lightspeed said: {error.message.rstrip('.')}")


def _outcome(error: errors.LightspeedError, submission: Submission, *, looking: bool) -> Outcome:
    match error:
        case errors.NotSent():
            return Outcome.NOT_SENT
        case errors.RateLimited():
            return Outcome.BUSY
        case errors.Forbidden():
            return Outcome.FORBIDDEN
        case errors.ClientRefused():
            return Outcome.CLIENT_REFUSED
        case errors.SignInLost():
            others = submission.account.grants.live().exists()
            return Outcome.TOKEN_REFUSED if others else Outcome.SIGNED_OUT
    return Outcome.NO_ANSWER if looking else Outcome.DOUBT


def _settle(
    submission: Submission,
    attempt: Attempt,
    paid_sale: PaidSale,
    completed: list[records.Sale],
    now: datetime,
) -> None:
    """The sale is in Lightspeed. Recorded, if it is there once and as it was sold."""
    sale = next((sale for sale in completed if sale.sale_id == paid_sale.draft_id), completed[0])
    reason, detail = _difference(submission, paid_sale, sale, completed)
    attempt.trouble = reason or ""
    found = {
        "sale_lightspeed_id": sale.sale_id,
        "ticket_number": sale.ticket_number[:32],
        # Of completed sales `time_stamp` may be an earlier one, which we gave.
        "recorded_at": sale.update_time or sale.time_stamp,
    }
    if reason:
        state = Submission.State.ATTENTION
        due_at = now + SLOW_PACE
        submission.change(state=state, reason=reason, detail=detail, due_at=due_at, **found)
    else:
        state = Submission.State.COMPLETED
        submission.change(state=state, reason="", detail="", completed_at=now, **found)
    if submission.payload["draft_id"] is None:
        drafts = submission.account.drafts
        kept = drafts.filter(sale_lightspeed_id=sale.sale_id).first()
        drafts.leave(submission.reference, but=kept)


def _difference(
    submission: Submission,
    paid_sale: PaidSale,
    sale: records.Sale,
    completed: list[records.Sale],
) -> tuple[Reason | None, str]:
    differences = paid_sale.differences(sale)
    if len(completed) > 1:
        tickets = ", ".join(sale.ticket_number for sale in completed)
        differences.append(f"it is there {len(completed)} times: {tickets}")
    if differences:
        ours = paid_sale.has_payments_of(sale)
        return (Reason.DIFFERENT if ours else Reason.PAID_THERE), "; ".join(differences)
    drafted = submission.attempts.filter(outcome=Outcome.DRAFTED).last()
    if drafted and drafted.difference:
        theirs = paid_sale.total - drafted.difference
        told = f"Lightspeed's total was {theirs}, collected were {paid_sale.total}"
        return Reason.PROVISIONAL_DIFFERED, told
    return None, ""


def _rest(submission: Submission, action: Action) -> None:
    state = Submission.State.CHECKING if action.in_doubt else Submission.State.WAITING
    _enter(submission, state, action.reason)
    # Unless a manager has asked for a look since this was decided.
    waiting = Submission.everywhere.filter(pk=submission.pk, look_wanted=False)
    waiting.update(due_at=action.at)


def _enter(
    submission: Submission, state: Submission.State, reason: Reason | None, **more: bool
) -> bool:
    """A reason keeps the submission with the manager, whatever the courier does meanwhile. False
    where a manager has settled it."""
    state = Submission.State.ATTENTION if reason else state
    return submission.change(state=state, reason=reason or "", **more)
