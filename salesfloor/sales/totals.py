"""What a cart comes to, computed as Lightspeed computes it, for prices without tax.

A line is quantity times price, less its discount, which is a percentage rounded to cents once for
the whole line, or an amount, and less its share of a discount on the sale. Each of the two taxes is
its rate of what is left; neither is taken of the other, and neither is rounded on the line.

The sale adds up its lines, and only then rounds each tax to cents, on its own. So its total is the
subtotal less discounts plus the two rounded taxes, not the sum of the lines' totals. Rounding is
half away from zero. A line is taxable if either of its rates is other than zero.

    1 at 14.10 with 5 % and 9.975 %   taxes 0.705 and 1.406475, rounded 0.71 and 1.41
                                     14.10 + 0.71 + 1.41 = 16.22, though the line is 16.211475

Where prices include tax Lightspeed's rounding is not known: nothing here claims such a total, and
`estimated_inclusive_total` says what it is. The total that is collected is always Lightspeed's.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from salesfloor.money import to_cents

ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Line:
    """Rates and `discount_percent` are fractions. Discounts by percentage and by amount exclude
    each other; both amounts are money off the whole line, negative on a refund."""

    unit_quantity: Decimal
    unit_price: Decimal
    tax1_rate: Decimal = ZERO
    tax2_rate: Decimal = ZERO
    discount_percent: Decimal = ZERO
    discount_amount: Decimal = ZERO
    transaction_discount: Decimal = ZERO

    def __post_init__(self) -> None:
        if self.discount_percent and self.discount_amount:
            raise ValueError("a line has a discount by percentage or by amount, not both")

    @property
    def subtotal(self) -> Decimal:
        return self.unit_quantity * self.unit_price

    @property
    def line_discount(self) -> Decimal:
        if self.discount_percent:
            return to_cents(self.subtotal * self.discount_percent)
        return self.discount_amount

    @property
    def discount(self) -> Decimal:
        return self.line_discount + self.transaction_discount

    @property
    def net(self) -> Decimal:
        return self.subtotal - self.discount

    @property
    def tax1(self) -> Decimal:
        return self.net * self.tax1_rate

    @property
    def tax2(self) -> Decimal:
        return self.net * self.tax2_rate

    @property
    def total(self) -> Decimal:
        """Not rounded, as Lightspeed's is not."""
        return self.net + self.tax1 + self.tax2

    @property
    def is_taxable(self) -> bool:
        return bool(self.tax1_rate or self.tax2_rate)


@dataclass(frozen=True, kw_only=True)
class Totals:
    subtotal: Decimal
    discount: Decimal
    taxable: Decimal
    non_taxable: Decimal
    tax1: Decimal
    tax2: Decimal

    @property
    def tax(self) -> Decimal:
        return self.tax1 + self.tax2

    @property
    def total(self) -> Decimal:
        return self.subtotal - self.discount + self.tax


@dataclass(frozen=True, kw_only=True)
class Cash:
    """Of `amount_tendered`, `change` goes back; `amount` counts against what is due.

    They differ by what rounding to coins leaves over. On a refund all but the change are negative.
    """

    amount: Decimal
    amount_tendered: Decimal
    change: Decimal = ZERO


def totals(lines: Iterable[Line]) -> Totals:
    lines = list(lines)

    def total_of(part: Callable[[Line], Decimal]) -> Decimal:
        return sum((part(line) for line in lines), ZERO)

    return Totals(
        subtotal=total_of(lambda line: line.subtotal),
        discount=total_of(lambda line: line.discount),
        taxable=total_of(lambda line: line.net if line.is_taxable else ZERO),
        non_taxable=total_of(lambda line: ZERO if line.is_taxable else line.net),
        tax1=to_cents(total_of(lambda line: line.tax1)),
        tax2=to_cents(total_of(lambda line: line.tax2)),
    )


def estimated_inclusive_total(lines: Iterable[Line]) -> Decimal:
    """What lines whose prices include tax come to: a guess, until Lightspeed's total is known."""
    return to_cents(sum((line.net for line in lines), ZERO))


def in_coins(amount: Decimal, unit: Decimal) -> Decimal:
    """Rounded to what can be paid in cash, half away from zero; as it is where `unit` is 0."""
    if not unit:
        return amount
    return to_cents((amount / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit)


def cash(due: Decimal, tendered: Decimal, unit: Decimal = ZERO) -> Cash:
    """What cash comes to that is handed over for `due`, or given back where that is below zero.

    `unit` is the smallest coin to which totals in cash are rounded, 0 where they are not.

    >>> cash(Decimal("11.49"), Decimal("20"), Decimal("0.05"))
    Cash(amount=Decimal('11.49'), amount_tendered=Decimal('20'), change=Decimal('8.50'))
    """
    in_cash = in_coins(due, unit)
    if due < 0:
        is_all = tendered in (abs(due), abs(in_cash))
        amount = due if is_all else -tendered
        return Cash(amount=amount, amount_tendered=in_cash if is_all else amount)
    if tendered >= min(due, in_cash):
        return Cash(
            amount=due, amount_tendered=tendered, change=max(ZERO, tendered - max(in_cash, ZERO))
        )
    return Cash(amount=tendered, amount_tendered=tendered)


def next_notes(total: Decimal, denominations: Iterable[Decimal]) -> list[Decimal]:
    """The sums above `total` that a customer may hand over in notes, the least first.

    Each is the total rounded up to full notes of one kind.

    >>> [str(sum) for sum in next_notes(Decimal("187.82"), map(Decimal, (5, 10, 20, 50, 100)))]
    ['190', '200']
    """
    sums = {note * math.ceil(total / note) for note in denominations}
    return sorted(handed for handed in sums if handed > total)


def part_notes(due: Decimal, denominations: Iterable[Decimal]) -> list[Decimal]:
    """The notes that pay a part of what is due, the least first."""
    return sorted(note for note in denominations if note < due)
