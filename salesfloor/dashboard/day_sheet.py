"""One day's money by register and payment type, ours held against Lightspeed's. Pure.

>>> ours = [Payment("SF-1", 2, 1, Decimal("11.49")), Payment("SF-2", 2, 1, Decimal("-5.00"))]
>>> theirs = [Payment("SF-1", 2, 1, Decimal("11.49")), Payment("", 2, 1, Decimal("20.00"))]
>>> (figure,) = figures(ours, theirs)
>>> str(figure.ours), str(figure.theirs), str(figure.difference), str(figure.at_tills)
('6.49', '11.49', '5.00', '20.00')
>>> [difference.reference for difference in differences(ours, theirs)]
['SF-2']
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)
# A register and a payment type, by Lightspeed's ids.
Place = tuple[int, int]


@dataclass(frozen=True)
class Payment:
    """Signed: below zero is money given back. Cash is what was kept, without the change.

    `reference` is "" for what was rung up at a till, without salesfloor.
    """

    reference: str
    register_id: int
    payment_type_id: int
    amount: Decimal
    ticket_number: str = ""

    @property
    def place(self) -> Place:
        return self.register_id, self.payment_type_id


@dataclass(frozen=True)
class Figure:
    """`theirs` None: Lightspeed has not been asked. `at_tills` is not among `theirs`."""

    register_id: int
    payment_type_id: int
    ours: Decimal
    theirs: Decimal | None = None
    at_tills: Decimal | None = None

    @property
    def difference(self) -> Decimal | None:
        return None if self.theirs is None else self.theirs - self.ours


@dataclass(frozen=True)
class Difference:
    """A sale whose payments are not the same on both sides; None where a side has none of it."""

    reference: str
    ours: Decimal | None
    theirs: Decimal | None
    ticket_number: str


def figures(ours: Sequence[Payment], theirs: Sequence[Payment] | None) -> list[Figure]:
    """By register, then payment type; whatever either side has."""
    of_us = _sums(ours)
    of_them = _sums(payment for payment in theirs or () if payment.reference)
    at_tills = _sums(payment for payment in theirs or () if not payment.reference)
    places = sorted({*of_us, *of_them, *at_tills})
    if theirs is None:
        return [Figure(*place, of_us[place]) for place in places]
    return [Figure(*place, of_us[place], of_them[place], at_tills[place]) for place in places]


def total(of: Sequence[Figure]) -> Figure:
    """Their sum, of no register and no payment type."""
    known = [figure for figure in of if figure.theirs is not None]
    return Figure(
        0,
        0,
        sum((figure.ours for figure in of), ZERO),
        sum((figure.theirs or ZERO for figure in known), ZERO) if known else None,
        sum((figure.at_tills or ZERO for figure in known), ZERO) if known else None,
    )


def differences(ours: Sequence[Payment], theirs: Sequence[Payment]) -> list[Difference]:
    """The sales behind the differences, in the order of their references."""
    by_us, by_them = _by_reference(ours), _by_reference(theirs)
    return [
        Difference(
            reference,
            _sum(by_us.get(reference)),
            _sum(by_them.get(reference)),
            _ticket(by_them.get(reference) or by_us[reference]),
        )
        for reference in sorted({*by_us, *by_them} - {""})
        if _nonzero(by_us.get(reference, [])) != _nonzero(by_them.get(reference, []))
    ]


def _sums(payments: Iterable[Payment]) -> defaultdict[Place, Decimal]:
    sums: defaultdict[Place, Decimal] = defaultdict(Decimal)
    for payment in payments:
        sums[payment.place] += payment.amount
    return sums


def _by_reference(payments: Sequence[Payment]) -> dict[str, list[Payment]]:
    found: dict[str, list[Payment]] = defaultdict(list)
    for payment in payments:
        found[payment.reference].append(payment)
    return dict(found)


def _nonzero(payments: Sequence[Payment]) -> dict[Place, Decimal]:
    return {place: amount for place, amount in _sums(payments).items() if amount}


def _sum(payments: Sequence[Payment] | None) -> Decimal | None:
    return None if payments is None else sum((each.amount for each in payments), ZERO)


def _ticket(payments: Sequence[Payment]) -> str:
    return next((each.ticket_number for each in payments if each.ticket_number), "")
