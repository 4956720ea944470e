"""The taxes of a sale as a receipt tells them: each by its name and rate."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from salesfloor.money import to_cents
from salesfloor.sales import totals


@dataclass(frozen=True)
class Tax:
    """`rate` is a fraction."""

    name: str
    rate: Decimal
    amount: Decimal

    @property
    def percent(self) -> Decimal:
        """9.975 for 0.09975000, and 10 for 0.10000000."""
        percent = self.rate * 100
        return Decimal(f"{percent.normalize():f}")


def taxes(
    lines: Iterable[totals.Line], names: tuple[str, str], *, included: bool = False
) -> list[Tax]:
    """What each rate brought. The rates of one tax add up to that tax as Lightspeed rounds it: once
    for the whole sale. Where prices include tax, how much of them it is, so far as we can tell.
    """
    lines = list(lines)
    return [
        *_of_one_tax(((line.tax1_rate, line) for line in lines), names[0], included=included),
        *_of_one_tax(((line.tax2_rate, line) for line in lines), names[1], included=included),
    ]


def _of_one_tax(
    lines: Iterable[tuple[Decimal, totals.Line]], name: str, *, included: bool
) -> list[Tax]:
    exact: dict[Decimal, Decimal] = defaultdict(Decimal)
    for rate, line in lines:
        price = 1 + line.tax1_rate + line.tax2_rate if included else 1
        exact[rate] += line.net * rate / price
    exact.pop(Decimal(0), None)
    amounts = {rate: to_cents(amount) for rate, amount in exact.items()}
    if amounts:
        # What is lost in rounding each on its own belongs to the largest.
        lost = to_cents(sum(exact.values(), Decimal(0))) - sum(amounts.values(), Decimal(0))
        amounts[max(amounts, key=lambda rate: abs(amounts[rate]))] += lost
    return [Tax(name, rate, amount) for rate, amount in sorted(amounts.items())]
