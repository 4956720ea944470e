"""Completes paid sales in Lightspeed: one courier for each account at a time.

It takes one step after another from `next_action`, commits a journal row before each call and
closes it with the outcome. The rows are the truth; killing the process at any line loses nothing.
"""

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from salesfloor.lightspeed import errors, records
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.outbox.models import Attempt, Submission
from salesfloor.outbox.next_action import (
    SLOW_PACE,
    Act,
    Action,
    Facts,
    Look,
    Outcome,
    Reason,
    Record,
    Send,
    next_action,
)
from salesfloor.outbox.paid_sale import PaidSale
from salesfloor.staff import clock
from salesfloor.staff.connection import client_of
from salesfloor.staff.locks import LockLost, holding
from salesfloor.staff.models import Account

log = logging.getLogger(__name__)


def deliver(
    account: Account,
    *,
    now: Callable[[], datetime] = clock.now,
    started_at: datetime | None = None,
) -> datetime | None:
    """Bring on every sale of the account that is due. When the next one will be; None if none.

    None also where another courier is at it: that one takes what comes meanwhile. What was paid
    before `started_at`, when this process began, may have been sent by one that died.
    """
    started_at = started_at or clock.process_began_at()
    due = account.submissions.due
    while due(now()).exists():
        with holding(f"courier-{account.pk}") as alone:
            if not alone:
                return None
            _close_cut_off_attempts(account, now())
            while submission := due(now()).select_related("rep").first():
                _bring_on_safely(submission, started_at, now)
        # Whoever was turned away while this one was at its last sale left it to this one.
    upcoming = account.submissions.undelivered().order_by("due_at").first()
    return upcoming.due_at if upcoming else None


def _close_cut_off_attempts(account: Account, now: datetime) -> None:
    """Only the lock's holder calls Lightspeed, so an open attempt is one whose courier died."""
    cut_off = Attempt.everywhere.filter(submission__account=account, finished_at=None)
    cut_off.filter(kind=Attempt.Kind.SEND).update(
        finished_at=now, outcome=Outcome.DOUBT, detail="The courier was stopped while sending."
    )
    cut_off.filter(kind=Attempt.Kind.LOOK).update(finished_at=now, outcome=Outcome.NO_ANSWER)


def _bring_on_safely(
    submission: Submission, started_at: datetime, now: Callable[[], datetime]
) -> None:
    """One sale that we fail at keeps no other waiting, and a person is told of it."""
    try:
        _bring_on(submission, started_at, now)
    except LockLost:
        raise
    except Exception:
        log.exception("%s", submission)
        submission.state, submission.reason = Submission.State.ATTENTION, Reason.BROKEN
        submission.due_at = now() + SLOW_PACE
        submission.save(update_fields=["state", "reason", "due_at"])


def _bring_on(submission: Submission, started_at: datetime, now: Callable[[], datetime]) -> None:
    """Take steps until the submission is recorded or has to wait."""
    facts = Facts(
        courier_started_at=started_at,
        settle_for=timedelta(seconds=settings.DELIVERY_SETTLE_SECONDS),
        jitter=random.random(),  # noqa: S311 (spreads retries, guards nothing)
    )
    while True:
        record = _record(submission)
        action = next_action(record, facts, now())
        if action.act is Act.WAIT:
            _rest(submission, action)
            return
        if _call(submission, record, action, now):
            return


def _record(submission: Submission) -> Record:
    journal: list[Send | Look] = []
    for attempt in submission.attempts.all():
        at = attempt.finished_at or attempt.started_at
        outcome = Outcome(attempt.outcome)
        if attempt.kind == Attempt.Kind.LOOK:
            journal.append(Look(at, outcome, frozenset(attempt.tenders_there)))
            continue
        seconds = attempt.retry_after_seconds
        retry_after = timedelta(seconds=seconds) if seconds is not None else None
        journal.append(Send(at, outcome, retry_after))
    return Record(submission.paid_at, tuple(journal), submission.look_wanted)


def _call(
    submission: Submission, record: Record, action: Action, now: Callable[[], datetime]
) -> bool:
    """Send or look, journalled. Whether the sale was found completed, and so is settled."""
    paid_sale = PaidSale.from_json(submission.payload)
    sending = action.act is Act.SEND
    attempt = _open_attempt(submission, action, now())
    try:
        client = client_of(submission.account, Right.COMPLETE, rather=submission.rep)
        if sending:
            there = record.last_look.tenders_there if record.last_look else frozenset[str]()
            body = paid_sale.completion(there, now())
            assert paid_sale.draft_id is not None  # noqa: S101 (nothing provisional is owed yet)
            seen = client.update_sale(paid_sale.draft_id, body)
            if not paid_sale.is_in(seen) or not seen.completed:
                raise errors.GarbledAnswer("The answer is not our sale, completed.")
            sales = [seen]
        else:
            sales = client.sales_by_reference(paid_sale.reference)
    except errors.LightspeedError as error:
        _close(attempt, _outcome(error, sending=sending), now(), error)
        return False
    completed = [sale for sale in sales if sale.completed]
    attempt.tenders_there = [
        payment.remote_reference
        for sale in sales
        if sale.sale_id == paid_sale.draft_id
        for payment in sale.live_payments
    ]
    # Together, so that nobody finds the one without the other.
    with transaction.atomic(durable=True):
        _close(attempt, Outcome.FOUND if completed else Outcome.NOT_FOUND, now())
        if completed:
            _settle(submission, paid_sale, completed, now())
    return bool(completed)


def _open_attempt(submission: Submission, action: Action, now: datetime) -> Attempt:
    """Journal what is about to be done, so that no outside call is ever made unseen."""
    with transaction.atomic(durable=True):
        if action.act is Act.SEND:
            _enter(submission, Submission.State.SUBMITTING, action.reason)
        else:
            _enter(submission, Submission.State.CHECKING, action.reason)
        submission.look_wanted = False
        submission.save(update_fields=["look_wanted"])
        kind = Attempt.Kind.SEND if action.act is Act.SEND else Attempt.Kind.LOOK
        return submission.attempts.create(kind=kind, started_at=now)


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


def _outcome(error: errors.LightspeedError, *, sending: bool) -> Outcome:
    match error:
        case errors.NotSent():
            return Outcome.NOT_SENT
        case errors.RateLimited():
            return Outcome.BUSY
        case errors.Forbidden():
            return Outcome.FORBIDDEN
        case errors.SignInLost() | errors.ClientRefused():
            return Outcome.SIGNED_OUT
    return Outcome.DOUBT if sending else Outcome.NO_ANSWER


def _settle(
    submission: Submission, paid_sale: PaidSale, completed: list[records.Sale], now: datetime
) -> None:
    """The sale is in Lightspeed. Recorded, if it is there once and as it was sold."""
    sale = completed[0]
    differences = paid_sale.differences(sale)
    if len(completed) > 1:
        tickets = ", ".join(sale.ticket_number for sale in completed)
        differences.append(f"it is there {len(completed)} times: {tickets}")
    submission.sale_lightspeed_id = sale.sale_id
    submission.ticket_number = sale.ticket_number[:32]
    if differences:
        submission.state, submission.reason = Submission.State.ATTENTION, Reason.DIFFERENT
        submission.detail = "; ".join(differences)
        submission.due_at = now + SLOW_PACE
    else:
        submission.state, submission.reason = Submission.State.COMPLETED, ""
        submission.detail = ""
        submission.completed_at = now
    submission.save(
        update_fields=[
            *("state", "reason", "detail", "due_at", "completed_at"),
            *("sale_lightspeed_id", "ticket_number"),
        ]
    )


def _rest(submission: Submission, action: Action) -> None:
    state = Submission.State.CHECKING if action.in_doubt else Submission.State.WAITING
    _enter(submission, state, action.reason)
    # Unless a manager has asked for a look since this was decided.
    waiting = Submission.everywhere.filter(pk=submission.pk, look_wanted=False)
    waiting.update(due_at=action.at)


def _enter(submission: Submission, state: Submission.State, reason: Reason | None) -> None:
    """A reason keeps the submission with the manager, whatever the courier does meanwhile."""
    submission.state = Submission.State.ATTENTION if reason else state
    submission.reason = reason or ""
    submission.save(update_fields=["state", "reason"])
