"""Compares Lightspeed's sales that bear our source with what we know, both ways.

What does not fit becomes a `Finding` for a manager; nothing is put right by itself but our own
stray drafts, which are archived: earlier drafts and lost answers. What a restored older copy of the
database has forgotten is not: a customer may have paid it.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cached_property

from django.db import transaction

from salesfloor.lightspeed import errors, records
from salesfloor.lightspeed.client import Client
from salesfloor.lightspeed.drafts import SOURCE
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.outbox.comparison import Kind, Known, Wrong, is_overdrawn, what_is_wrong
from salesfloor.outbox.models import Draft, Finding, Submission, Sweep
from salesfloor.outbox.paid_sale import PaidSale
from salesfloor.staff import clock
from salesfloor.staff.connection import client_of
from salesfloor.staff.locks import holding
from salesfloor.staff.models import Account, PaymentType

log = logging.getLogger(__name__)

# A write whose answer was lost may still be on its way for as long as a call may take.
LEFT_ALONE_FOR = timedelta(seconds=60)
# By then the answer to a write has come or is lost, whatever it waited for.
ANSWERED_WITHIN = timedelta(minutes=10)
# Lists may lag, and several changes bear the same second.
MARGIN = timedelta(minutes=10)
# Now and then, and whenever a worker starts, everything of the last days is compared anew: what
# left the list, because its source was changed for example, shows in no list of changes.
FAR_BACK = timedelta(days=3)
FAR_BACK_EVERY = timedelta(hours=6)
# What was recorded a moment ago may not be in the lists yet.
LISTED_WITHIN = timedelta(minutes=2)
# Unsettled findings that are read again in one sweep; each costs 1.4 drips.
READ_AGAIN_AT_ONCE = 10


def sweep(account: Account, now: datetime, *, far_back: bool = False) -> None:
    """One comparison, quietly put off where Lightspeed is away. One at a time for an account."""
    with holding(f"sweep-{account.pk}") as alone:
        if alone:
            state = _state_of(account, now)
            try:
                _compare(account, state, now, far_back or _is_far_back_due(state, now))
                state.looked_at, state.trouble = now, ""
            except errors.LightspeedError as error:
                log.info("The sweep of %s is put off: %s", account, error)
                state.trouble = str(error)
            state.save()


def _state_of(account: Account, now: datetime) -> Sweep:
    first = (account.connected_at or now) - timedelta(days=1)  # whatever the clocks say
    state: Sweep = Sweep.everywhere.get_or_create(
        account=account, defaults={"changed_through": first}
    )[0]
    return state


def _is_far_back_due(state: Sweep, now: datetime) -> bool:
    last = state.looked_far_back_at
    # An older copy of the database may have been restored before this process began.
    return last is None or last < clock.process_began_at() or now - last > FAR_BACK_EVERY


def _compare(account: Account, state: Sweep, now: datetime, far_back: bool) -> None:
    client = client_of(account, Right.CATALOGUE)
    since = state.changed_through - MARGIN
    if far_back:
        since = min(since, now - FAR_BACK)
    look = Look(account, client, now, state.changed_through - MARGIN)
    for page in client.sales_changed(since).pages():
        look.at(page.records)
        moments = [sale.time_stamp for sale in page.records]
        state.changed_through = max([state.changed_through, *moments])
    for payment in client.payments_since(state.payment_id_through, "SF-"):
        look.at_payment(payment)
        state.payment_id_through = max(state.payment_id_through, payment.sale_payment_id)
    look.again()
    if far_back:
        look.for_missing()
        state.looked_far_back_at = now


class Look:
    """One comparison under way."""

    def __init__(
        self, account: Account, client: Client, now: datetime, news_since: datetime
    ) -> None:
        self.account = account
        self.client = client
        self.now = now
        self.news_since = news_since
        self.seen: set[int] = set()

    def at(self, sales: Sequence[records.Sale]) -> None:
        """Hold a page of a list against what we know. By then that is all there is to know: ours
        are committed before they are written to Lightspeed."""
        ours = [sale for sale in sales if sale.reference_number_source == SOURCE]
        self.seen |= {sale.sale_id for sale in ours}
        known = _known(self.account, ours)
        told = self.account.findings.that_hold_of([sale.sale_id for sale in ours])
        findings = {finding.sale_lightspeed_id: finding for finding in told}
        for sale in ours:
            wrong = what_is_wrong(sale, known[sale.sale_id])
            if wrong is None and sale.time_stamp >= self.news_since:
                with suppress(errors.Forbidden):
                    wrong = self._overdrawn(sale)
            finding = findings.get(sale.sale_id)
            if not finding.says(wrong) if finding else wrong:
                self.closely(sale.sale_id)

    def at_payment(self, payment: records.SalePayment) -> None:
        """One of ours, wherever it stands: other hands may have made another sale of it."""
        if payment.sale_id in self.seen or payment.archived:
            return
        reference = payment.remote_reference.rpartition("-")[0]
        at_home = {"reference": reference, "sale_lightspeed_id": payment.sale_id}
        if not (
            self.account.submissions.filter(**at_home).exists()
            or self.account.drafts.filter(**at_home).exists()
        ):
            self.closely(payment.sale_id)

    def again(self) -> None:
        """What was found earlier may no longer be so."""
        earlier = self.account.findings.unsettled().exclude(kind=Kind.RESTORED)
        earlier = earlier.exclude(looked_at=self.now)
        for finding in earlier.order_by("looked_at")[:READ_AGAIN_AT_ONCE]:
            self.closely(finding.sale_lightspeed_id)

    def for_missing(self) -> None:
        """What we recorded has to be among what was seen."""
        recorded = self.account.submissions.recorded().filter(
            completed_at__gt=self.now - FAR_BACK + MARGIN,
            completed_at__lt=self.now - LISTED_WITHIN,
        )
        ids = recorded.values_list("sale_lightspeed_id", flat=True)
        for sale_id in set(filter(None, ids)) - self.seen:
            self.closely(sale_id)

    def closely(self, sale_id: int) -> None:
        """Read the sale by itself, since lists lag and our courier goes on meanwhile, and keep what
        is wrong with it."""
        try:
            sale = self.client.sale(sale_id)
        except errors.NotFound:
            self._keep_missing(sale_id)
        except errors.GarbledAnswer as error:
            log.warning("Sale %s cannot be compared: %s", sale_id, error)
        else:
            known = _known(self.account, [sale])[sale_id]
            try:
                wrong = what_is_wrong(sale, known) or self._overdrawn(sale)
            except errors.Forbidden:
                return  # what was told of it stands
            self._keep(sale_id, Finding.about(self.account, sale, wrong) if wrong else None)

    def _overdrawn(self, sale: records.Sale) -> Wrong | None:
        """Raises Forbidden where those whose sign-in this is may not see cards and accounts."""
        if not sale.completed or sale.voided or sale.archived:
            return None
        paid_from = {
            payment.credit_account_id
            for payment in sale.live_payments
            if payment.payment_type_id in self._stored_types and payment.amount > 0
        }
        try:
            return is_overdrawn(self.client.credit_account(key) for key in paid_from)
        except errors.NotFound:
            return None  # it was done away with, and what was on it with it

    @cached_property
    def _stored_types(self) -> set[int]:
        stored = self.account.payment_types.filter(kind__in=PaymentType.STORED)
        return set(stored.values_list("lightspeed_id", flat=True))

    def _keep_missing(self, sale_id: int) -> None:
        recorded = self.account.submissions.recorded().filter(sale_lightspeed_id=sale_id).first()
        self._keep(sale_id, Finding.of_missing(recorded, sale_id) if recorded else None)

    def _keep(self, sale_id: int, found: Finding | None) -> None:
        with transaction.atomic():
            before = self.account.findings.that_hold_of([sale_id]).last()
            if before and before.says(found):
                before.look_at(self.now)
                return
            if before and before.settled_at is None:
                before.settle(self.now, note="It is no longer so.")
            if found:
                found.found_at = found.looked_at = self.now
                found.save()


def _known(account: Account, sales: Sequence[records.Sale]) -> dict[int, Known]:
    """What we have of each sale, by its id: what was recorded as it, or else by its reference."""
    ids = [sale.sale_id for sale in sales]
    references = {sale.reference_number for sale in sales}
    drafts = account.drafts.filter(reference__in=references)
    drafted = set(drafts.values_list("reference", flat=True))
    kept = dict(drafts.kept().values_list("reference", "sale_lightspeed_id"))
    submissions = account.submissions.filter(reference__in=references)
    by_reference = {each.reference: each for each in submissions}
    recorded = account.submissions.recorded().filter(sale_lightspeed_id__in=ids)
    by_id = {each.sale_lightspeed_id: each for each in recorded}
    return {
        sale.sale_id: _known_as(
            by_id.get(sale.sale_id) or by_reference.get(sale.reference_number),
            drafted=sale.reference_number in drafted,
            kept_id=kept.get(sale.reference_number),
        )
        for sale in sales
    }


def _known_as(submission: Submission | None, *, drafted: bool, kept_id: int | None) -> Known:
    if submission is None:
        return Known(drafted, kept_id=kept_id)
    if submission.state == Submission.State.SETTLED:
        # The courier does not look for it any more: what is found later is for a person.
        return Known(drafted=True, accepted_id=submission.sale_lightspeed_id)
    is_recorded = submission.state == Submission.State.COMPLETED
    return Known(
        drafted,
        PaidSale.from_json(submission.payload),
        submission.sale_lightspeed_id if is_recorded else None,
    )


# --- What our carts have left behind ------------------------------------------------------


def archive_strays(account: Account, now: datetime) -> int:
    """How many stray drafts are gone. Stops quietly where Lightspeed is away: there is no hurry."""
    gone = 0
    try:
        client = client_of(account, Right.CATALOGUE)
        for draft in account.drafts.strays(left_before=now - LEFT_ALONE_FOR):
            if _archive(client, account, draft, now):
                draft.archived_at = now
                draft.save(update_fields=["archived_at"])
                gone += 1
    except errors.LightspeedError as error:
        log.info("Strays of %s stay for now: %s", account, error)
    return gone


def _archive(client: Client, account: Account, draft: Draft, now: datetime) -> bool:
    """Archive the sale of a stray, or all that its lost answer may have left behind. False where
    one of them may be a draft that is being written just now: it is to be looked at again."""
    for sale in client.sales_by_reference(draft.reference):
        its_own = draft.sale_lightspeed_id in (None, sale.sale_id)
        if not its_own or not _is_untouched(sale):
            continue
        # In this order: meanwhile the draft may come to know its sale.
        if draft.sale_lightspeed_id is None and _is_being_written(account, draft, now):
            return False
        if not _is_wanted(account, sale):
            client.archive_sale(sale.sale_id)
    return True


def _is_being_written(account: Account, stray: Draft, now: datetime) -> bool:
    """Whether the answer to the write of a later draft of the same cart may be on its way."""
    unknown = account.drafts.filter(
        reference=stray.reference, sale_lightspeed_id=None, stray_since=None
    )
    return unknown.filter(started_at__gt=now - ANSWERED_WITHIN).exists()


def _is_wanted(account: Account, sale: records.Sale) -> bool:
    """Whether it is the draft that the courier is about to complete, or one that is kept."""
    wanted = account.drafts.filter(sale_lightspeed_id=sale.sale_id, stray_since=None)
    return wanted.exists()


def _is_untouched(sale: records.Sale) -> bool:
    return not (sale.completed or sale.archived or sale.sale_payments)
