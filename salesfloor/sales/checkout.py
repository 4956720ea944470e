"""From a full cart to a paid sale: Lightspeed's price first, then the money, then the promise.

No step keeps a database transaction open while Lightspeed is asked. Each raises a `Refused` that
tells the rep what happened; none leaves money taken without its row.
"""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from salesfloor.lightspeed import drafts, errors, records
from salesfloor.money import notes_of
from salesfloor.outbox import quotes, tasks
from salesfloor.outbox.paid_sale import PaidSale
from salesfloor.sales.models import Sale, SaleLine, SalePayment, SalePaymentQuerySet
from salesfloor.sales.refusals import (
    AlreadyDone,
    Away,
    BeingPriced,
    CartChanged,
    Refused,
    TotalDiffers,
)
from salesfloor.staff.models import Account, PaymentType

# Change of so many of the largest notes is a slip of the finger: 20000 typed for 200.00.
MOST_CHANGE_IN_NOTES = 10
# A card payment that nobody has answered for so long is a manager's business.
ANSWERED_WITHIN = timedelta(minutes=3)


def unanswered_payments(account: Account) -> SalePaymentQuerySet:
    """Card payments that reps began and never answered; the oldest first."""
    payments = SalePayment.everywhere.filter(sale__account=account)
    before = timezone.now() - ANSWERED_WITHIN
    return payments.unanswered(started_before=before).order_by("started_at")


def do_once(account: Account, action_id: UUID) -> None:
    """Remember, in the transaction of what a form asks for, that it was done.

    Raises AlreadyDone where the same form was carried out before.
    """
    try:
        with transaction.atomic():
            account.actions.create(action_id=action_id)
    except IntegrityError:
        raise AlreadyDone from None


def pay_cash(
    sale: Sale,
    *,
    seen_version: int,
    seen_total: Decimal,
    amount_tendered: Decimal,
    action_id: UUID,
) -> None:
    """The customer has handed over cash for the total the rep saw. The sale is paid."""
    _refuse_repeated(sale.account, action_id)
    payment_type = _payment_type(sale.account, PaymentType.CASH)
    _price(sale, seen_version, seen_total)
    if amount_tendered < sale.total:
        raise Refused(_("That is less than the total. Nothing was taken: tap a larger amount."))
    if amount_tendered - sale.total >= MOST_CHANGE_IN_NOTES * notes_of(sale.account.currency)[-1]:
        raise Refused(_("That would be too much change. Nothing was taken: type the cash again."))
    with transaction.atomic():
        do_once(sale.account, action_id)
        now = timezone.now()
        sale.payments.create(
            payment_type=payment_type,
            remote_reference=_next_remote_reference(sale),
            amount=sale.total,
            amount_tendered=amount_tendered,
            state=SalePayment.State.APPROVED,
            started_at=now,
            answered_at=now,
        )
        _owe_to_lightspeed(sale)


def start_card(sale: Sale, *, seen_version: int, seen_total: Decimal, action_id: UUID) -> None:
    """Commit to a card payment, before the rep takes it on the shop's own terminal."""
    _refuse_repeated(sale.account, action_id)
    payment_type = _payment_type(sale.account, PaymentType.CREDIT_CARD)
    _price(sale, seen_version, seen_total)
    with transaction.atomic():
        do_once(sale.account, action_id)
        sale.begin_tendering(sale.version)
        sale.payments.create(
            payment_type=payment_type,
            remote_reference=_next_remote_reference(sale),
            amount=sale.total,
            amount_tendered=sale.total,
        )


def answer_card(payment: SalePayment, *, approved: bool) -> None:
    """What the terminal said, as the rep read it there."""
    sale = payment.sale
    now = timezone.now()
    with transaction.atomic():
        state = SalePayment.State.APPROVED if approved else SalePayment.State.DECLINED
        if not payment.answer(state, now):
            raise AlreadyDone
        if approved:
            _owe_to_lightspeed(sale)
        else:
            sale.end_tendering()


def _refuse_repeated(account: Account, action_id: UUID) -> None:
    if account.actions.filter(action_id=action_id).exists():
        raise AlreadyDone


def _payment_type(account: Account, kind: str) -> PaymentType:
    found: PaymentType | None = account.payment_types.filter(kind=kind, archived=False).first()
    if found is None:
        raise Refused(
            _("Lightspeed has no payment type for this. Nothing was taken: ask a manager.")
        )
    return found


def _price(sale: Sale, seen_version: int, seen_total: Decimal) -> None:
    """Have Lightspeed's total for exactly this cart, and go on only if the rep saw the same."""
    if sale.is_being_priced:
        raise BeingPriced
    if sale.version != seen_version:
        raise CartChanged
    if not sale.live_lines:
        raise Refused(_("The cart is empty."))
    if sale.state == Sale.State.READY:
        _freshen(sale)
    else:
        _quote(sale, seen_version)
    if sale.total != seen_total:
        raise TotalDiffers(
            _("Lightspeed's total is not what the screen showed. Nothing was taken: look again.")
        )


def _quote(sale: Sale, seen_version: int) -> None:
    sale.begin_quoting(seen_version)
    try:
        draft, priced = quotes.write(sale.rep, sale.as_draft())
    except errors.LightspeedError as error:
        sale.be_open_again()
        raise _away(error) from error
    except Exception:
        sale.be_open_again()
        raise
    sale.be_ready(draft)
    if sale.lightspeed_differs and (line := _line_that_differs(sale, priced)):
        raise TotalDiffers(
            _(
                "Lightspeed prices %(item)s differently, so the total has changed. "
                "Nothing was taken: look again."
            )
            % {"item": line.description}
        )


def _line_that_differs(sale: Sale, priced: records.Sale) -> SaleLine | None:
    """The first line that Lightspeed makes something else of, tax included."""
    theirs: dict[int, Decimal] = defaultdict(Decimal)
    for line in priced.sale_lines:
        theirs[line.item_id] += line.calc_total
    ours: dict[int, Decimal] = defaultdict(Decimal)
    for own in sale.live_lines:
        ours[own.item.lightspeed_id] += own.priced.total
    return next(
        (
            own
            for own in sale.live_lines
            if ours[own.item.lightspeed_id] != theirs[own.item.lightspeed_id]
        ),
        None,
    )


def _freshen(sale: Sale) -> None:
    """Read a draft of some age again, as the same sale may be open at a till."""
    assert sale.draft is not None  # noqa: S101 (ready means drafted)
    if not sale.draft.is_stale(timezone.now()):
        return
    try:
        quotes.read_again(sale.rep, sale.draft, sale.as_draft())
    except quotes.DraftChanged:
        sale.open_for_change(sale.version)
        raise TotalDiffers(
            _("Somebody changed this sale in Lightspeed. Nothing was taken: tap again.")
        ) from None
    except errors.LightspeedError as error:
        raise _away(error) from error


def _away(error: errors.LightspeedError) -> Away:
    match error:
        case errors.SignInLost():
            return Away(
                _("You are signed out of Lightspeed. Nothing was charged: sign in and tap again.")
            )
        case errors.Forbidden():
            return Away(_("Lightspeed does not let you sell. Nothing was charged: ask a manager."))
        case errors.RateLimited():
            return Away(
                _("Lightspeed is busy with this shop. Nothing was charged: tap again in a moment.")
            )
        case errors.Rejected():
            return Away(
                _("Lightspeed refused this cart. Nothing was charged. It said: %(said)s")
                % {"said": error.message}
            )
    return Away(
        _("Lightspeed did not answer. Nothing was charged and the cart is kept: tap again.")
    )


def _next_remote_reference(sale: Sale) -> str:
    return f"{sale.reference}-{sale.payments.count() + 1}"


def _owe_to_lightspeed(sale: Sale) -> None:
    """Seal the sale and promise it to Lightspeed, in the caller's transaction."""
    assert sale.draft is not None  # noqa: S101 (ready means drafted)
    assert sale.draft.sale_lightspeed_id is not None  # noqa: S101 (and priced)
    now = timezone.now()
    payments = sale.approved_payments
    paid_sale = PaidSale(
        draft_id=sale.draft.sale_lightspeed_id,
        draft=sale.as_draft(),
        tenders=tuple(
            drafts.Tender(
                payment_type_id=payment.payment_type.lightspeed_id,
                amount=payment.amount_tendered,
                remote_reference=payment.remote_reference,
            )
            for payment in payments
            if payment.amount_tendered  # what costs nothing is completed without a payment
        ),
        total=sale.total,
        change=sale.change_due,
        completed_at=now,
    )
    submission = sale.account.submissions.create(
        rep=sale.rep,
        reference=sale.reference,
        payload=paid_sale.as_json(),
        total=sale.total,
        paid_at=now,
        due_at=now,
    )
    sale.be_paid(submission)
    transaction.on_commit(partial(tasks.deliver_account, sale.account_id), robust=True)
