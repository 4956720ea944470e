"""Payments on Stripe readers: brought on step by step, by whoever comes, one process at a time.

Killing the process at any line loses nothing: the row says what may have been sent, Stripe says
what came of it, and `next_step` decides.
"""

import logging
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Sum

from salesfloor.staff import clock
from salesfloor.staff.locks import holding
from salesfloor.staff.models import Account, Register
from salesfloor.terminals import words
from salesfloor.terminals.models import Charge, Reader, Refund
from salesfloor.terminals.next_step import Record, Seen, Step, next_step
from salesfloor.terminals.protocol import ByHand, Standing, Status, Terminal
from salesfloor.terminals.stripe_api import NoAnswer, NotDone, Sight, StripeApi

log = logging.getLogger(__name__)

# Look, take, look again, and one to spare.
MOST_STEPS = 4
# Stripe keeps idempotency keys for 24 hours: until then a refund may be sent again with its own.
KEY_HOLDS_FOR = timedelta(hours=23)
# A send whose answer was lost may still have its effect for so long.
SETTLED_AFTER = timedelta(seconds=180)


def terminal_at(register: Register, reference: str) -> Terminal:
    """What takes this payment: the reader that has it, the register's, or the shop's terminal."""
    begun = register.account.charges.filter(reference=reference)
    if charge := begun.select_related("reader__account").first():
        return OnReader(charge.reader)
    reader = register.readers.filter(removed_at=None).select_related("account").first()
    return OnReader(reader) if reader else ByHand()


def is_configured_for(account: Account) -> bool:
    """One Stripe account serves one retailer: nobody charges through another's readers."""
    whose = settings.STRIPE_LIGHTSPEED_ACCOUNT_ID
    return bool(settings.STRIPE_API_KEY) and account.lightspeed_id == whose


def api_for(account: Account) -> StripeApi:
    """Raises NoAnswer where Stripe was switched off, or is somebody else's."""
    if not is_configured_for(account):
        raise NoAnswer("Stripe is not configured")
    return StripeApi(
        settings.STRIPE_API_KEY,
        base_url=settings.STRIPE_API_URL,
        connect_seconds=settings.LIGHTSPEED_CONNECT_SECONDS,
        call_seconds=settings.LIGHTSPEED_CALL_SECONDS,
    )


class OnReader:
    """A `Terminal`: the reader of one register."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.account = reader.account

    def begin(self, reference: str, amount: Decimal) -> Standing:
        charge = self._charge(reference, amount)
        bring_on(charge)
        return charge.standing

    def look(self, reference: str) -> Standing:
        """What is known by now; nobody is asked. A payment that is not here has not begun."""
        refund = Refund.everywhere.filter(charge__account=self.account, reference=reference).first()
        found = refund or self.account.charges.filter(reference=reference).first()
        return found.standing if found else Standing(Status.WAITING)

    def cancel(self, reference: str) -> Standing:
        """What has not begun never will."""
        charge, was_new = self.account.charges.get_or_create(
            reference=reference,
            defaults={
                "reader": self.reader,
                "amount": 0,
                "currency": self.account.currency,
                "state": Charge.State.CANCELLED,
            },
        )
        if not was_new:
            charge.give_up(clock.now())
            bring_on(charge)
        standing: Standing = charge.standing
        return standing

    def refund(self, reference: str, amount: Decimal, of: str) -> Standing:
        charge = self.account.charges.filter(reference=of).first()
        if charge is None:  # paid elsewhere: given back on the shop's own terminal
            return ByHand().refund(reference, amount, of)
        refund = _refund(charge, reference, amount)
        bring_refund_on(refund)
        return refund.standing

    def _charge(self, reference: str, amount: Decimal) -> Charge:
        """Its row, committed before Stripe is asked. One payment at a time is on a reader."""
        row = {"reader": self.reader, "amount": amount, "currency": self.account.currency}
        try:
            with transaction.atomic():
                charge, _ = self.account.charges.get_or_create(reference=reference, defaults=row)
        except IntegrityError:
            row |= {"state": Charge.State.DECLINED, "code": words.READER_IN_USE}
            charge, _ = self.account.charges.get_or_create(reference=reference, defaults=row)
        found: Charge = charge
        return found


def disown(account: Account, reference: str) -> None:
    """No sale counts on what was taken: a manager decides."""
    for charge in account.charges.filter(reference=reference):
        charge.be_stray()


def give_back_stray(charge: Charge) -> Standing:
    """A manager's act. May be repeated: the money goes back once."""
    terminal = OnReader(charge.reader)
    return terminal.refund(f"{charge.reference}-back", charge.taken, of=charge.reference)


# --- Payments -----------------------------------------------------------------------------


def bring_on(charge: Charge) -> None:
    """Take the steps that can be taken now. Where another process is at it, it takes them."""
    with holding(f"charge-{charge.pk}") as alone:
        if alone:
            charge.refresh_from_db()
            _take_steps(charge)
    charge.refresh_from_db()


def _take_steps(charge: Charge) -> None:
    try:
        for _ in range(MOST_STEPS):
            if charge.state == Charge.State.CREATING:
                _create(charge)
            if not charge.is_live or not _take_step(charge):
                return
    except NoAnswer as error:
        log.warning("%s: %s", charge, error)
        charge.note_silence(clock.now())


def _create(charge: Charge) -> None:
    """Until the reader is told of it, whatever goes wrong has cost nobody anything."""
    if charge.given_up_at:
        charge.close(clock.now())
        return
    try:
        intent_id = api_for(charge.account).create(charge.reference, charge.amount, charge.currency)
    except (NotDone, NoAnswer, ValueError) as error:
        log.warning("%s: %s", charge, error)
        charge.give_up(clock.now(), words.NOT_PREPARED)
        charge.close(clock.now())
        return
    if charge.hand_over(intent_id, clock.now()):
        _hand_over(charge)


def _hand_over(charge: Charge) -> None:
    try:
        api_for(charge.account).hand_over(
            charge.reference, charge.intent_id, charge.reader.stripe_id
        )
    except NotDone as error:
        charge.give_up(clock.now(), error.code or words.NOT_SHOWN)
    except NoAnswer as error:  # the reader may have it: a look will tell
        log.warning("%s: %s", charge, error)


def _take_step(charge: Charge) -> bool:
    """Look, and do what follows. False where there is nothing more to do now."""
    api = api_for(charge.account)
    sight = api.look(charge.intent_id, charge.reader.stripe_id)
    charge.note_answer()
    now = clock.now()
    assert charge.handed_over_at  # noqa: S101 (it has an intent)
    record = Record(charge.amount, charge.handed_over_at, charge.given_up_at is not None)
    match next_step(record, sight.seen, sight.amount, now):
        case Step.TAKE:
            return charge.take() and _take(api, charge)
        case Step.CANCEL:
            charge.give_up(now, _why(sight))
            return _cancel(api, charge)
        case Step.APPROVE:
            charge.settle(Charge.State.APPROVED, now, sight)
        case Step.STRAY:
            charge.settle(Charge.State.STRAY, now, sight)
        case Step.CLOSE:
            charge.give_up(now, "cancelled_at_stripe")
            charge.close(now)
    return False


def _why(sight: Sight) -> str:
    if sight.seen is Seen.HELD:
        return words.WRONG_AMOUNT
    return words.NOT_SHOWN if sight.seen is Seen.IDLE else sight.code or "declined"


def _take(api: StripeApi, charge: Charge) -> bool:
    try:
        api.take(charge.intent_id, charge.amount, charge.currency)
    except NotDone as error:
        log.warning("%s: %s", charge, error)
    return True


def _cancel(api: StripeApi, charge: Charge) -> bool:
    try:
        api.cancel(charge.intent_id, charge.reader.stripe_id)
    except NotDone as error:  # the bank is being asked, or it is taken: the next look will tell
        log.info("%s: %s", charge, error)
        return False
    return True


# --- Refunds ------------------------------------------------------------------------------


def _refund(charge: Charge, reference: str, amount: Decimal) -> Refund:
    """Its row, committed before Stripe is asked; refused at once beyond what was taken."""
    known: Refund | None = charge.refunds.filter(reference=reference).first()
    if known:
        return known
    with holding(f"charge-{charge.pk}", wait_seconds=settings.LIGHTSPEED_CALL_SECONDS):
        others = charge.refunds.exclude(state=Refund.State.DECLINED)
        given_back = others.aggregate(sum=Sum("amount"))["sum"] or 0
        row: dict[str, object] = {"amount": amount}
        if not 0 < amount <= charge.taken - given_back:
            row |= {"state": Refund.State.DECLINED, "code": words.NOT_REFUNDABLE}
        refund, _ = charge.refunds.get_or_create(reference=reference, defaults=row)
    made: Refund = refund
    return made


def bring_refund_on(refund: Refund) -> None:
    with holding(f"refund-{refund.pk}") as alone:
        if alone:
            refund.refresh_from_db()
            _bring_refund_on(refund)
    refund.refresh_from_db()


def _bring_refund_on(refund: Refund) -> None:
    """Look before sending again: a refund whose answer was lost is found by our reference."""
    if not refund.is_live:
        return
    try:
        if refund.sends == 0 or not _look_for(refund):
            _send(refund)
    except NoAnswer as error:
        log.warning("%s: %s", refund, error)
        refund.note_silence(clock.now())


def _send(refund: Refund) -> None:
    if clock.now() - refund.begun_at > KEY_HOLDS_FOR:
        raise NoAnswer("not found, and too old to be sent again")
    charge = refund.charge
    api = api_for(charge.account)
    refund.note_send()
    try:
        api.refund(refund.reference, refund.amount, charge.currency, charge.intent_id)
    except NotDone as error:
        _refused(refund, error)
        return
    if not _look_for(refund):
        raise NoAnswer("Stripe took it and does not show it")


def _refused(refund: Refund, error: NotDone) -> None:
    """A refusal settles only its own send: an earlier one may have had its effect."""
    now = clock.now()
    if refund.sends > 1 and _look_for(refund):
        return
    if refund.sends > 1 and now - refund.begun_at < SETTLED_AFTER:
        raise NoAnswer("refused, after a send whose answer was lost")
    log.warning("%s: %s", refund, error)
    refund.settle(Refund.State.DECLINED, now)


def _look_for(refund: Refund) -> bool:
    """Whether Stripe has it."""
    charge = refund.charge
    found = api_for(charge.account).find_refund(refund.reference, charge.intent_id)
    now = clock.now()
    if found is None:
        return False
    if found.status == "succeeded" and found.amount == refund.amount:
        refund.settle(Refund.State.APPROVED, now, refund_id=found.refund_id)
    elif found.status in ("failed", "canceled"):
        refund.settle(Refund.State.DECLINED, now, refund_id=found.refund_id)
    return True
