"""What Lightspeed makes of a sale's lines and payments. Pure arithmetic on Decimals.

Sources: the documented line and header formulas, and recorded sales. A discount is rounded to
cents once per line; taxes are left unrounded on lines and each rounded once, after summing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
ONE = Decimal(1)
CENT = Decimal("0.01")


def round2(amount: Decimal) -> Decimal:
    """Half away from zero: 3.495 → 3.50, -0.705 → -0.71."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def to_nearest(unit: Decimal, amount: Decimal) -> Decimal:
    """What is paid in cash where the smallest coin is `unit`: 11.48 in units of 0.05 → 11.50."""
    return (amount / unit).quantize(ONE, ROUND_HALF_UP) * unit


@dataclass(frozen=True, slots=True)
class Line:
    unit_quantity: int
    unit_price: Decimal
    tax1_rate: Decimal = ZERO
    """Fractions; both zero on an untaxed line."""
    tax2_rate: Decimal = ZERO
    discount_percent: Decimal = ZERO
    """A fraction."""
    discount_amount: Decimal = ZERO
    """Money off the line, or off each unit, as `totals` is told."""
    avg_cost: Decimal = ZERO
    fifo_cost: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Payment:
    amount: Decimal
    cash: bool = False
    stored_value: bool = False
    """A gift card or a customer's account."""
    tip: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class LineTotals:
    subtotal: Decimal
    line_discount: Decimal
    transaction_discount: Decimal
    net: Decimal
    """After discounts, before tax."""
    tax1: Decimal
    tax2: Decimal
    total: Decimal
    displayable_subtotal: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    lines: tuple[LineTotals, ...]
    displayable_subtotal: Decimal
    subtotal: Decimal
    discount: Decimal
    taxable: Decimal
    non_taxable: Decimal
    tax1: Decimal
    tax2: Decimal
    total: Decimal
    payments: Decimal
    tips: Decimal
    total_due: Decimal
    displayable_total: Decimal
    balance: Decimal
    avg_cost: Decimal
    fifo_cost: Decimal


def totals(
    lines: Sequence[Line],
    payments: Sequence[Payment] = (),
    *,
    inclusive: bool = False,
    sale_discount_percent: Decimal = ZERO,
    discount_per_unit: bool = False,
) -> Totals:
    """`payments` without the archived ones."""
    gross = [line.unit_quantity * line.unit_price for line in lines]
    off = [_line_discount(line, discount_per_unit) for line in lines]
    spread = _spread(
        [before - discount for before, discount in zip(gross, off, strict=True)],
        sale_discount_percent,
    )
    worked = tuple(
        _line_totals(line, *figures, inclusive=inclusive)
        for line, *figures in zip(lines, gross, off, spread, strict=True)
    )
    tax1 = round2(sum((line.tax1 for line in worked), ZERO))
    tax2 = round2(sum((line.tax2 for line in worked), ZERO))
    discount = sum((line.line_discount + line.transaction_discount for line in worked), ZERO)
    if inclusive:
        # No sale of this kind is on record. Prices are gross; the header stays consistent:
        # subtotal - discount + taxes = total.
        total = round2(sum((line.total for line in worked), ZERO))
        subtotal = total + discount - tax1 - tax2
    else:
        subtotal = sum((line.subtotal for line in worked), ZERO)
        total = subtotal - discount + tax1 + tax2
    taxed = [bool(line.tax1_rate or line.tax2_rate) for line in lines]
    paid = sum((payment.amount for payment in payments), ZERO)
    stored_value = [payment.amount for payment in payments if payment.stored_value]
    return Totals(
        lines=worked,
        displayable_subtotal=sum(gross, ZERO),
        subtotal=subtotal,
        discount=discount,
        taxable=sum((line.net for line, on in zip(worked, taxed, strict=True) if on), ZERO),
        non_taxable=sum((line.net for line, on in zip(worked, taxed, strict=True) if not on), ZERO),
        tax1=tax1,
        tax2=tax2,
        total=total,
        payments=paid,
        tips=sum((payment.tip for payment in payments), ZERO),
        # Recorded: nothing is due on a refund.
        total_due=max(total - sum(stored_value, ZERO), ZERO),
        displayable_total=total - sum((amount for amount in stored_value if amount < 0), ZERO),
        balance=total - paid + sum((payment.tip for payment in payments), ZERO),
        avg_cost=sum((line.unit_quantity * line.avg_cost for line in lines), ZERO),
        fifo_cost=sum((line.unit_quantity * line.fifo_cost for line in lines), ZERO),
    )


def _line_discount(line: Line, per_unit: bool) -> Decimal:
    if line.discount_percent:
        return round2(line.unit_quantity * line.unit_price * line.discount_percent)
    if per_unit:
        return line.unit_quantity * line.discount_amount
    # What comes back with a refunded line is less by the discount it was sold with.
    return line.discount_amount if line.unit_quantity >= 0 else -line.discount_amount


def _spread(nets: list[Decimal], percent: Decimal) -> list[Decimal]:
    """A discount on the whole sale, by line in cents; the last line takes what rounding left."""
    if not percent or not nets:
        return [ZERO] * len(nets)
    shares = [round2(net * percent) for net in nets]
    shares[-1] += round2(sum(nets, ZERO) * percent) - sum(shares, ZERO)
    return shares


def _line_totals(
    line: Line, gross: Decimal, off: Decimal, share: Decimal, *, inclusive: bool
) -> LineTotals:
    if inclusive:
        divisor = ONE + line.tax1_rate + line.tax2_rate
        net = (gross - off - share) / divisor
        tax1, tax2 = net * line.tax1_rate, net * line.tax2_rate
        return LineTotals(
            subtotal=gross / divisor,
            line_discount=round2(off / divisor),
            transaction_discount=round2(share / divisor),
            net=net,
            tax1=tax1,
            tax2=tax2,
            total=gross - off - share,
            displayable_subtotal=gross - off,
        )
    net = gross - off - share
    tax1, tax2 = net * line.tax1_rate, net * line.tax2_rate
    return LineTotals(
        subtotal=gross,
        line_discount=off,
        transaction_discount=share,
        net=net,
        tax1=tax1,
        tax2=tax2,
        total=net + tax1 + tax2,
        displayable_subtotal=gross - off,
    )


@dataclass(frozen=True, slots=True)
class OutOfBalance:
    reason: str


@dataclass(frozen=True, slots=True)
class Settled:
    amounts: tuple[Decimal, ...]
    """What each payment is stored as, in their order."""
    change: Decimal


def settle(total: Decimal, payments: Sequence[Payment]) -> Settled | OutOfBalance:
    """Completing a sale: cash above what is due becomes change, cut from the oldest cash first.

    Recorded: 119.99 on 19.99 is stored as 19.99 with change 100; 39.98 twice on 59.97 as 19.99
    and 39.98 with change 19.99; rows cut to nothing stay.
    """
    amounts = [payment.amount for payment in payments]
    excess = sum((p.amount - p.tip for p in payments), ZERO) - total
    if excess < 0:
        return OutOfBalance("Payments are insufficient.")
    if excess == 0:
        return Settled(tuple(amounts), ZERO)
    if total < 0:
        return OutOfBalance("Refunds are insufficient.")
    if excess > sum((p.amount for p in payments if p.cash and p.amount > 0), ZERO):
        return OutOfBalance("Non-cash payments are greater than the total.")
    left = excess
    for index, payment in enumerate(payments):
        if payment.cash and payment.amount > 0:
            cut = min(left, payment.amount)
            amounts[index] -= cut
            left -= cut
    return Settled(tuple(amounts), excess)
