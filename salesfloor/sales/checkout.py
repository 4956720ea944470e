"""From a full cart to a paid sale: Lightspeed's price first, then the money, then the promise.

A tap on a payment never waits for Lightspeed. Where the price is fresh the payment begins at once;
else it is kept as wanted, `price` asks Lightspeed in a worker, and the payment begins if what is
due is what the rep saw. Each step raises a `Refused` that tells what happened, or leaves it on the
sale; none leaves money taken without its row, and no transaction stays open while Lightspeed is
asked.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from huey.contrib.djhuey import db_task

from salesfloor.lightspeed import errors, records
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.money import notes_of
from salesfloor.outbox import quotes, tasks
from salesfloor.outbox.models import Draft
from salesfloor.outbox.paid_sale import PaidSale
from salesfloor.sales import provisional, refunds, stored_value, totals
from salesfloor.sales.models import Sale, SaleLine, SalePayment, SalePaymentQuerySet
from salesfloor.sales.refusals import (
    AlreadyDone,
    BeingGivenBack,
    BeingPriced,
    CartChanged,
    Refused,
    TotalDiffers,
    Unpriced,
)
from salesfloor.sales.stored_value import Credit
from salesfloor.staff import clock
from salesfloor.staff.connection import bucket_of, client_for
from salesfloor.staff.models import Account, PaymentType
from salesfloor.terminals import tasks as reader_tasks

# Change of so many of the largest notes is a slip of the finger: 20000 typed for 200.00.
MOST_CHANGE_IN_NOTES = 10
# A card payment that nobody has answered for so long is a manager's business.
ANSWERED_WITHIN = timedelta(minutes=3)


@dataclass(frozen=True, kw_only=True)
class Tap:
    """What the rep had before their eyes when they tapped, and the form's own one-use id."""

    version: int
    due: Decimal
    action_id: UUID


def unanswered_payments(account: Account) -> SalePaymentQuerySet:
    """Card payments that reps began and never answered; the oldest first."""
    payments = SalePayment.everywhere.filter(sale__account=account)
    before = clock.now() - ANSWERED_WITHIN
    return payments.unanswered(started_before=before).order_by("started_at")


def do_once(account: Account, action_id: UUID) -> None:
    """Remember, in the transaction of what a form asks for, that it was done.

    Raises AlreadyDone where the same form was carried out before: that transaction is over then.
    """
    try:
        account.actions.create(action_id=action_id)
    except IntegrityError:
        raise AlreadyDone from None


def is_done(account: Account, action_id: UUID) -> bool:
    return account.actions.filter(action_id=action_id).exists()


# --- Taps on a payment --------------------------------------------------------------------


def pay_cash(sale: Sale, tap: Tap, amount_tendered: Decimal) -> None:
    """The customer hands over cash: all that is due, more, or a part of it."""
    cash = totals.cash(tap.due, amount_tendered, sale.account.cash_rounding)
    if cash.change >= MOST_CHANGE_IN_NOTES * notes_of(sale.account.currency)[-1]:
        raise Refused(_("That would be too much change. Nothing was taken: type the cash again."))
    _want(
        sale,
        tap,
        SalePayment(
            payment_type=payment_type_of(sale.account, PaymentType.CASH),
            amount=cash.amount,
            amount_tendered=cash.amount_tendered,
            change=cash.change,
        ),
    )


def start_payment(
    sale: Sale, tap: Tap, payment_type: PaymentType, amount: Decimal | None = None
) -> None:
    """Commit to a payment of all that is due, or of `amount`, before anybody is told to take it.

    Cash and what Lightspeed keeps for itself have ways of their own.
    """
    amount = tap.due if amount is None else amount
    _want(
        sale,
        tap,
        SalePayment(payment_type=payment_type, amount=amount, amount_tendered=amount),
    )


def pay_from_account(
    sale: Sale,
    tap: Tap,
    payment_type: PaymentType,
    amount: Decimal,
    credit: Credit,
    *,
    may_owe: bool = False,
) -> None:
    """Pay with a gift card or a customer's account, if a worker finds enough on it.

    Where money goes back to the customer, it goes onto the card or account instead.
    """
    _want(
        sale,
        tap,
        SalePayment(
            payment_type=payment_type,
            amount=amount,
            amount_tendered=amount,
            credit_account_lightspeed_id=credit.credit_account_id,
            credit_account_name=credit.name,
            may_owe=may_owe,
        ),
    )


def pay_back(sale: Sale, tap: Tap, way_key: str) -> None:
    """Give back all that may go back in this way, or all that is owed if that is less."""
    offered = refunds.ways_back(sale) if tap.due == sale.due < 0 else []
    way = next((each for each in offered if each.key == way_key), None)
    if way is None:
        raise CartChanged
    payment_type = way.payment_type
    if payment_type.kind == PaymentType.CASH:
        pay_cash(sale, tap, way.amount)
    elif payment_type.kind not in PaymentType.STORED:
        start_payment(sale, tap, payment_type, -way.amount)
    elif way.credit_account_id:
        credit = Credit(way.credit_account_id, "")
        pay_from_account(sale, tap, payment_type, -way.amount, credit)


def load(
    sale: Sale, *, seen_version: int, payment_type: PaymentType, amount: Decimal, credit: Credit
) -> None:
    """Put an amount on a gift card or an account, to be paid with the rest of the cart.

    In the caller's transaction. Lightspeed moves the money when the sale is completed.
    """
    if amount <= 0:
        raise Refused(_("How much is to be put on it? Nothing was changed."))
    sale.open_for_change(seen_version)
    now = clock.now()
    sale.payments.create(
        payment_type=payment_type,
        remote_reference=_next_remote_reference(sale),
        amount=-amount,
        amount_tendered=-amount,
        is_load=True,
        credit_account_lightspeed_id=credit.credit_account_id,
        credit_account_name=credit.name,
        state=SalePayment.State.APPROVED,
        started_at=now,
        answered_at=now,
    )
    sale.forget_lines()


def deposit(sale: Sale, *, seen_version: int, amount: Decimal) -> None:
    """Put an amount on the account of the sale's customer. As `load`; Refused without account."""
    credit = stored_value.account_of(sale.customer)
    payment_type = payment_type_of(sale.account, PaymentType.CREDIT_ACCOUNT)
    load(sale, seen_version=seen_version, payment_type=payment_type, amount=amount, credit=credit)


def remove_load(sale: Sale, *, seen_version: int, payment: SalePayment) -> None:
    """In the caller's transaction."""
    sale.open_for_change(seen_version)
    payments = sale.payments.filter(pk=payment.pk, state=SalePayment.State.APPROVED, is_load=True)
    payments.update(state=SalePayment.State.CANCELLED, answered_at=clock.now())
    sale.forget_lines()


def complete_even(sale: Sale, tap: Tap) -> None:
    """Nothing is due either way, as in an even exchange: the sale only has to be recorded."""
    if tap.due:
        raise Refused(_("Something is still due. Nothing was taken: look again."))
    _want(
        sale,
        tap,
        SalePayment(
            payment_type=payment_type_of(sale.account, PaymentType.CASH),
            amount=Decimal(0),
            amount_tendered=Decimal(0),
        ),
    )


def cancel_wanted(payment: SalePayment) -> None:
    """The rep does not want to wait for the price. Raises AlreadyDone where it came meanwhile."""
    if not payment.cancel(clock.now()):
        raise AlreadyDone


def give_up_overdue(sale: Sale) -> None:
    """What was wanted of this cart waits for too long: it comes to nothing, and the next tap asks
    anew."""
    if not sale.be_open_again(Unpriced.SILENT):  # it has its price, and waits for a card's
        sale.refuse_wanted(Unpriced.SILENT)


def answer_card(
    payment: SalePayment,
    *,
    approved: bool,
    card_brand: str = "",
    card_last4: str = "",
    terminal_reference: str = "",
) -> None:
    """What the terminal said, as the rep read it there or the reader told."""
    sale = payment.sale
    state = SalePayment.State.APPROVED if approved else SalePayment.State.DECLINED
    with transaction.atomic():
        if payment.state == SalePayment.State.WANTED or not payment.answer(state, clock.now()):
            raise AlreadyDone
        payment.card_brand, payment.card_last4 = card_brand, card_last4
        payment.terminal_reference = terminal_reference
        payment.save(update_fields=["card_brand", "card_last4", "terminal_reference"])
        sale.forget_lines()
        if approved:
            _go_on(sale)
        else:
            sale.end_tendering()


def give_back(payment: SalePayment) -> None:
    """The rep has given this part payment back to the customer, before the sale was paid."""
    sale = payment.sale
    with transaction.atomic():
        if sale.state != Sale.State.TENDERING or payment.is_load:
            raise CartChanged
        if not payment.give_back(clock.now()):
            raise AlreadyDone
        sale.forget_lines()
        sale.end_tendering()


def _want(sale: Sale, tap: Tap, payment: SalePayment) -> None:
    """Begin the payment if the price is fresh, else as soon as Lightspeed has told it."""
    _check_amount(tap.due, payment.amount)
    _check_customer(sale, payment)
    with transaction.atomic():
        do_once(sale.account, tap.action_id)
        sale.hold()
        if sale.pending_payment:
            raise BeingPriced
        if sale.version != tap.version:
            raise CartChanged
        if sale.is_giving_back_to_a_card:
            raise BeingGivenBack
        if not sale.has_contents:
            raise Refused(_("The cart is empty."))
        if line := sale.asking_line:
            raise Refused(
                _(
                    "Which %(item)s is it? Nothing was taken: scan or type its serial number, or "
                    "say that it has none."
                )
                % {"item": line.description}
            )
        if payment.amount < 0:
            refunds.check(sale, payment)
        refunds.check_loads(sale)
        payment.sale, payment.expected_due = sale, tap.due
        payment.remote_reference = _next_remote_reference(sale)
        payment.state = SalePayment.State.WANTED
        payment.save()
        if not (sale.is_freshly_priced and _may_begin(sale, payment)):
            ask_for_price(sale)
        elif payment.is_from_account:
            transaction.on_commit(partial(draw_in_worker, payment.pk), robust=True)
        else:
            _begin(sale, payment)
    sale.forget_lines()


def _may_begin(sale: Sale, payment: SalePayment) -> bool:
    """Whether our own total, where it is that, is allowed still; else Lightspeed is asked again."""
    if not sale.is_provisional:
        return True
    if sale.state == Sale.State.TENDERING:
        if payment.credit_account_lightspeed_id:
            raise Unpriced.NEEDS_LIGHTSPEED.told("")
        return True  # it was allowed when the first payment began
    return provisional.refusal(sale) is None


def _check_amount(due: Decimal, amount: Decimal) -> None:
    """A payment brings what is due nearer to zero, and not beyond."""
    if not (0 < amount <= due or due <= amount < 0 or amount == due == 0):
        raise Refused(
            _("That is not between nothing and what is due. Nothing was taken: type it again.")
        )


def _check_customer(sale: Sale, payment: SalePayment) -> None:
    if sale.customer:
        sale.refuse_archived(sale.customer)
    elif payment.amount and payment.payment_type.require_customer:
        raise Refused(
            _("%(name)s needs a customer. Nothing was taken: choose one first.")
            % {"name": payment.payment_type}
        )


def _begin(sale: Sale, payment: SalePayment) -> None:
    """In the caller's transaction: the payment begins, if the rep saw what is due."""
    if sale.due != payment.expected_due:
        raise TotalDiffers
    if not payment.begin():
        return  # cancelled meanwhile
    sale.begin_tendering()
    if payment.on_reader:
        take = partial(
            reader_tasks.take, sale.register_id, payment.remote_reference, payment.amount
        )
        transaction.on_commit(take, robust=True)
    if payment.state == SalePayment.State.APPROVED:
        payment.answered_at = clock.now()
        payment.save(update_fields=["answered_at"])
        _go_on(sale)


def _go_on(sale: Sale) -> None:
    """After an approved payment: the sale is paid, or something is still due."""
    if sale.due == 0:
        _owe_to_lightspeed(sale)
    else:
        sale.begin_tendering()


def payment_type_of(account: Account, kind: str) -> PaymentType:
    found: PaymentType | None = account.payment_types.filter(kind=kind, archived=False).first()
    if found is None:
        raise Refused(
            _("Lightspeed has no payment type for this. Nothing was taken: ask a manager.")
        )
    return found


# --- Lightspeed's price -------------------------------------------------------------------


def ask_for_price(sale: Sale, *, ahead: bool = False) -> bool:
    """Have a worker ask Lightspeed what the cart comes to. False where that is under way."""
    asked = sale.begin_quoting(sale.version, ahead=ahead)
    if asked:
        transaction.on_commit(partial(price_in_worker, sale.pk), robust=True)
    return asked


@db_task(priority=9)
def price_in_worker(sale_pk: int) -> None:
    price(Sale.everywhere.for_pricing().get(pk=sale_pk))


def ask_ahead(sale: Sale, seen_version: int) -> None:
    """The cart has been still for a moment: if there is room, have its price already."""
    is_wanted = sale.state == Sale.State.OPEN and sale.version == seen_version and sale.has_contents
    bucket = bucket_of(sale.account).bucket()
    is_full = bucket and bucket.level_at(clock.now()) > bucket.size / 2
    if is_wanted and not is_full:
        ask_for_price(sale, ahead=True)


def price(sale: Sale) -> None:
    """Have Lightspeed's total for the cart as it is, and begin the payment that waits for it."""
    if sale.state != Sale.State.QUOTING:
        return
    try:
        draft, differing_line = _quoted(sale)
    except quotes.AlreadySold as sold:
        sale.be_open_again(Unpriced.SOLD_THERE, sold.ticket_number)
    except quotes.DraftChanged:
        sale.be_open_again(Unpriced.CHANGED_THERE)
    except quotes.LeftOut as left_out:
        sale.be_open_again(Unpriced.LEFT_OUT, sale.description_of(left_out.parent_sale_line_id))
    except quotes.NotKept as not_kept:
        (gone,) = sale.lines.filter(kept_lightspeed_id=not_kept.sale_line_id, removed_at=None)
        sale.be_open_again(Unpriced.NOT_KEPT, gone.description)
    except quotes.AddressLeftOut:
        sale.be_open_again(Unpriced.ADDRESS_LEFT_OUT)
    except errors.LightspeedError as error:
        _do_without(sale, Unpriced.by(error), error.message)
    except Exception:
        sale.be_open_again(Unpriced.BROKEN)
        raise
    else:
        if (wanted := _be_priced(sale, draft, differing_line)) and wanted.is_from_account:
            draw(wanted)


def _quoted(sale: Sale) -> tuple[Draft, SaleLine | None]:
    """The draft, and the first line that Lightspeed makes something else of."""
    if sale.draft:
        quotes.read_again(sale.rep, sale.draft, sale.as_draft())
        return sale.draft, None
    draft, priced = quotes.write(sale.rep, sale.as_draft(), begun_at=sale.started_at)
    differs = draft.total != sale.running_total
    return draft, _line_that_differs(sale, priced) if differs else None


def _be_priced(
    sale: Sale, draft: Draft | None, differing_line: SaleLine | None
) -> SalePayment | None:
    """The payment that was waiting and may begin: it has begun, if not `is_from_account`."""
    with transaction.atomic():
        if not sale.be_ready(draft):
            # It changed meanwhile, while nothing was wanted: what is now has a later price.
            return None
        wanted: SalePayment | None = sale.payments.filter(state=SalePayment.State.WANTED).first()
        if wanted is None:
            return None
        if wanted.is_overdue:  # the rep was told that nothing was taken, or is gone
            sale.refuse_wanted(Unpriced.SILENT)
            return None
        if sale.due != wanted.expected_due:
            why = Unpriced.LINE_DIFFERS if differing_line else Unpriced.DIFFERS
            sale.refuse_wanted(why, differing_line.description if differing_line else "")
            return None
        if not wanted.is_from_account:
            _begin(sale, wanted)
        return wanted


def _do_without(sale: Sale, why: Unpriced, said: str) -> None:
    """Our own total will do where Lightspeed is away and a manager has allowed it."""
    with transaction.atomic():
        # The cart before the account, as whoever taps holds them.
        Sale.everywhere.select_for_update(no_key=True).get(pk=sale.pk)
        refusal = provisional.refusal(sale) if why.is_away else why
        if refusal is None:
            _be_priced(sale, None, None)
        else:
            sale.be_open_again(why if refusal is Unpriced.SILENT else refusal, said)


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


def _next_remote_reference(sale: Sale) -> str:
    return f"{sale.reference}-{sale.payments.count() + 1}"


# --- What is on a card or an account ------------------------------------------------------


@db_task(priority=9)
def draw_in_worker(payment_pk: int) -> None:
    draw(SalePayment.everywhere.get(pk=payment_pk))


def draw(payment: SalePayment) -> None:
    """Begin a payment from a card or an account, if there is enough on it now.

    Not counted is what other carts of ours were paid with it and Lightspeed has not taken off yet,
    so that two reps do not spend the same money.
    """
    if payment.state != SalePayment.State.WANTED:
        return
    sale = payment.sale = Sale.everywhere.for_pricing().get(pk=payment.sale_id)
    # Once before Lightspeed is asked: what it takes off meanwhile counts twice rather than never.
    promised = _promised(payment)
    try:
        client = client_for(sale.rep, Right.QUOTE)
        record = client.credit_account(payment.credit_account_lightspeed_id or 0)
    except errors.NotFound:
        sale.refuse_wanted(Unpriced.GONE_ACCOUNT)
    except errors.LightspeedError as error:
        sale.refuse_wanted(Unpriced.by(error), error.message)
    else:
        _draw(sale, payment, record, promised)


def _draw(
    sale: Sale, payment: SalePayment, record: records.CreditAccount, promised: dict[int, Decimal]
) -> None:
    with transaction.atomic():
        sale.hold()
        payment.refresh_from_db(fields=["state"])
        if payment.state != SalePayment.State.WANTED:
            return  # cancelled meanwhile
        # One at a time, lest two find the same money; after the cart, as everywhere.
        Account.objects.select_for_update(no_key=True).get(pk=sale.account_id)
        left = stored_value.spendable(record, may_owe=payment.may_owe)
        if left is not None:
            left -= sum((promised | _promised(payment)).values())
        if payment.is_overdue:
            sale.refuse_wanted(Unpriced.SILENT)
        elif sale.due != payment.expected_due:
            sale.refuse_wanted(Unpriced.DIFFERS)
        elif not _is_of(sale, payment, record):
            sale.refuse_wanted(Unpriced.GONE_ACCOUNT)
        elif left is not None and payment.amount > left:
            why = Unpriced.OVER_LIMIT if payment.may_owe else Unpriced.TOO_LITTLE
            sale.refuse_wanted(why, str(max(left, Decimal(0))))
        else:
            _begin(sale, payment)


def _promised(payment: SalePayment) -> dict[int, Decimal]:
    """By payment, what is promised to others of the card or account that this one is from."""
    credit_account_id = payment.credit_account_lightspeed_id or 0
    promised = SalePayment.everywhere.promised(payment.sale.account, credit_account_id)
    return dict(promised.values_list("pk", "amount"))


def _is_of(sale: Sale, payment: SalePayment, record: records.CreditAccount) -> bool:
    if record.archived or record.gift_card != (payment.payment_type.kind == PaymentType.GIFT_CARD):
        return False
    return record.gift_card or bool(sale.customer and sale.customer.owns(record))


# --- The promise --------------------------------------------------------------------------


def _owe_to_lightspeed(sale: Sale) -> None:
    """Seal the sale and promise it to Lightspeed, in the caller's transaction."""
    now = clock.now()
    # Where more comes back than is bought, and a card is loaded, Lightspeed makes no change: it
    # calls cash above what is due a refund that is insufficient.
    makes_change = sale.total >= 0
    paid_sale = PaidSale(
        draft_id=sale.draft.sale_lightspeed_id if sale.draft else None,
        draft=sale.as_draft(),
        tenders=tuple(
            payment.as_tender(with_change=makes_change)
            for payment in sale.approved_payments
            if payment.amount  # what costs nothing is completed without a payment
        ),
        total=sale.total,
        change=sale.change_due if makes_change else Decimal(0),
        completed_at=now,
        expected_lines_added=sum(
            payment.amount < 0 and payment.payment_type.kind == PaymentType.GIFT_CARD
            for payment in sale.approved_payments
        ),
    )
    submission = sale.account.submissions.create(
        rep=sale.rep,
        reference=sale.reference,
        payload=paid_sale.as_json(),
        total=sale.total,
        paid_at=now,
        due_at=now,
        # A till, or we before an older copy was restored, may have completed it meanwhile.
        look_wanted=sale.draft is not None and sale.draft.is_stale(now),
    )
    if provisional.may_be_paid_already(sale):
        submission.be_in_doubt(now)
    sale.be_paid(submission)
    transaction.on_commit(partial(tasks.deliver_account, sale.account_id), robust=True)
