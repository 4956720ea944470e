"""In which ways money goes back for goods that come back.

Goods are given back as they were paid, and no more in a way than was paid in it, but for the cents
that come of rounding: Lightspeed rounds the two taxes of each refund by themselves, so that three
socks come to 34.47 one by one which together were sold for 34.46.

Lightspeed may say of a payment type that it is given back as another (`refundAsPaymentTypeID`): it
books it so, whatever it is told. Beyond that a manager may give money back in any way, and so may
who took goods back without a receipt, which takes a right of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from salesfloor.sales.models import OriginalPayment, Sale, SalePayment
from salesfloor.sales.refusals import Refused
from salesfloor.staff.models import PaymentType

ZERO = Decimal(0)
# By so much a refund may come to more than its share: half a cent for each of two taxes.
ROUNDED = Decimal("0.01")


@dataclass(frozen=True)
class Way:
    """`amount`, above zero, is the most that goes back as this."""

    payment_type: PaymentType
    amount: Decimal
    credit_account_id: int | None = None

    @property
    def has_its_account(self) -> bool:
        """False where it would go onto an account that the customer does not have."""
        return self.payment_type.kind not in PaymentType.STORED or bool(self.credit_account_id)

    @property
    def key(self) -> str:
        """Names it in a form."""
        return f"{self.payment_type.pk}-{self.credit_account_id or 0}"


def ways_back(sale: Sale) -> list[Way]:
    """For what is owed, those first in which the goods were paid; empty if only a manager can."""
    owed, in_kind = -sale.due, _in_kind(sale)
    if not _is_free(sale):
        return in_kind
    offered = {way.payment_type for way in in_kind}
    others = [each for each in _handed_over(sale) if each not in offered]
    return in_kind + [Way(payment_type, owed) for payment_type in others]


def check(sale: Sale, payment: SalePayment) -> None:
    """Raises Refused for a payment to the customer that must not be made so."""
    payment_type, amount = payment.payment_type, -payment.amount
    if not payment_type.is_given_back_as_itself:
        raise Refused(
            _("Lightspeed has %(name)s given back in another way. Nothing was given back.")
            % {"name": payment_type}
        )
    if _is_free(sale):
        return
    account_id = payment.credit_account_lightspeed_id
    ways = [way for way in _in_kind(sale) if _key(way) == (payment_type, account_id)]
    most = sum((way.amount for way in ways), ZERO)
    if amount > most:
        raise Refused(
            _(
                "Only %(most)s was paid with %(name)s, so no more goes back that way. Nothing was "
                "given back: choose another way, or ask a manager."
            )
            % {"most": most, "name": payment_type}
        )


def check_loads(sale: Sale) -> None:
    """Raises Refused where what is given back would be put on a card or an account instead."""
    if sale.total < 0 and sale.loads and not _is_free(sale):
        raise Refused(
            _(
                "Money goes back as it was paid, not onto another card or account. Nothing was "
                "given back: take that out of the cart, or ask a manager."
            )
        )


def _in_kind(sale: Sale) -> list[Way]:
    """As it was paid, for what is owed."""
    owed = -sale.due
    left = [
        way
        for way in _left(sale)
        if way.payment_type.is_given_back_as_itself and way.has_its_account
    ]
    lacking = owed - sum((way.amount for way in left), ZERO)
    if left and 0 < lacking <= ROUNDED * _roundings(sale):
        left[0] = replace(left[0], amount=left[0].amount + lacking)
    return [replace(way, amount=min(owed, way.amount)) for way in left if way.amount > 0]


def _roundings(sale: Sale) -> int:
    """How often taxes were rounded of what comes back: when sold, by each refund, and now."""
    paid = {each.original_lightspeed_id: each.refunds_before + 2 for each in _paid(sale)}
    return sum(paid.values())


def _is_free(sale: Sale) -> bool:
    """Whether it need not go back as it was paid."""
    returned = sale.returned_lines
    return sale.rep.is_manager or any(line.parent_lightspeed_id is None for line in returned)


def _left(sale: Sale) -> list[Way]:
    """What may still go back in each way, the most first."""
    left: dict[tuple[PaymentType, int | None], Decimal] = {}
    for paid in _paid(sale):
        key = _instead_of(sale, paid)
        left[key] = left.get(key, ZERO) + paid.amount
    for given in sale.taken_payments:
        key = given.payment_type, given.credit_account_lightspeed_id
        if key in left:
            left[key] += given.amount  # below zero
    ways = [Way(key[0], amount, key[1]) for key, amount in left.items()]
    return sorted(ways, key=lambda way: way.amount, reverse=True)


def _paid(sale: Sale) -> Iterable[OriginalPayment]:
    originals = [line.original_lightspeed_id or 0 for line in sale.returned_lines]
    payments = sale.original_payments.filter(original_lightspeed_id__in=originals)
    return payments.select_related("payment_type").order_by("pk")


def _instead_of(sale: Sale, paid: OriginalPayment) -> tuple[PaymentType, int | None]:
    """As what Lightspeed has a payment given back, and onto which card or account."""
    payment_type: PaymentType = paid.payment_type
    if payment_type.is_given_back_as_itself:
        return payment_type, paid.credit_account_lightspeed_id
    number = payment_type.refund_as_lightspeed_id
    other: PaymentType = sale.account.payment_types.get(lightspeed_id=number)
    if other.kind == PaymentType.CREDIT_ACCOUNT and sale.customer:
        return other, sale.customer.credit_account_lightspeed_id or None
    return other, None


def _key(way: Way) -> tuple[PaymentType, int | None]:
    return way.payment_type, way.credit_account_id


def _handed_over(sale: Sale) -> list[PaymentType]:
    """Cash, and what is given back on a terminal or by hand."""
    types = sale.account.payment_types
    cash = types.filter(kind=PaymentType.CASH, archived=False)
    offered = (*cash, *types.taken_elsewhere())
    return [each for each in offered if each.is_given_back_as_itself]
