"""Payments that a card reader takes: what it says, and what follows for the sale."""

from typing import Any

from django.dispatch import receiver

from salesfloor.sales import checkout
from salesfloor.sales.models import Sale, SalePayment
from salesfloor.sales.refusals import AlreadyDone
from salesfloor.staff.models import Account
from salesfloor.terminals import on_reader, signals, tasks
from salesfloor.terminals.protocol import Standing, Status, Terminal

# Ends the reference of what goes back to the card of a part payment.
BACK = "-back"


def look(payment: SalePayment) -> Standing:
    """What is known by now. Asks nobody."""
    return _terminal(payment).look(payment.remote_reference)


def go_on(payment: SalePayment) -> None:
    """Where a nudge or an answer was lost: begins it if it has not, and heeds what came of it."""
    follow(payment, _terminal(payment).begin(payment.remote_reference, payment.amount))


def cancel(payment: SalePayment) -> None:
    """Asks for it. Whether the card was faster, the reader tells."""
    tasks.cancel(payment.sale.register_id, payment.remote_reference)


def give_back(payment: SalePayment) -> Standing:
    """Back to the card, all of it. May be repeated: it goes back once."""
    reference = payment.remote_reference
    return _terminal(payment).refund(reference + BACK, payment.amount, of=reference)


def follow(payment: SalePayment, standing: Standing) -> None:
    match standing.status:
        case Status.APPROVED:
            _answer(payment, standing, approved=True)
        case Status.DECLINED | Status.CANCELLED:
            _answer(payment, standing, approved=False)
        case Status.STRAY:
            payment.be_doubtful()
        case Status.ASK_THE_REP:
            payment.leave_reader()


@receiver(signals.settled)
def heed(account: Account, reference: str, standing: Standing, **_: Any) -> None:
    payments = SalePayment.everywhere.filter(
        sale__account=account, remote_reference=reference.removesuffix(BACK)
    )
    payment = payments.select_related("payment_type").first()
    if payment and reference.endswith(BACK):
        _follow_back(payment, standing)
    elif payment:
        follow(payment, standing)


def _follow_back(payment: SalePayment, standing: Standing) -> None:
    if standing.status is Status.APPROVED and payment.state == SalePayment.State.APPROVED:
        payment.sale = Sale.everywhere.for_pricing().get(pk=payment.sale_id)
        checkout.give_back(payment)


def _answer(payment: SalePayment, standing: Standing, *, approved: bool) -> None:
    payment.sale = Sale.everywhere.for_pricing().get(pk=payment.sale_id)
    try:
        checkout.answer_card(
            payment,
            approved=approved,
            card_brand=standing.card.brand,
            card_last4=standing.card.last4,
            terminal_reference=standing.terminal_reference,
        )
    except AlreadyDone:
        payment.refresh_from_db(fields=["state"])
        if approved and payment.is_closed_without_money:
            on_reader.disown(payment.sale.account, payment.remote_reference)


def _terminal(payment: SalePayment) -> Terminal:
    return on_reader.terminal_at(payment.sale.register, payment.remote_reference)
