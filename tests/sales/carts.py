"""Carts by chance, meaner than shops see: ties, mixed taxes, refunds, exchanges, free goods."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from salesfloor.sales import totals
from salesfloor.simulator import money

D = Decimal
ZERO = D(0)
CENT = D("0.01")

# First and second rate of sales taxes in use somewhere, ending in all sorts of digits.
RATES = [
    (D(first), D(second))
    for first, second in [
        ("0.05", "0.09975"),
        ("0.05", "0.07"),
        ("0.13", "0"),
        ("0.0825", "0.05"),
        ("0.09", "0"),
        ("0.08875", "0"),
        ("0.0625", "0.0025"),
        ("0.25", "0"),
        ("0", "0"),
    ]
]
PERCENTAGES = [D(percent) for percent in ("0.05", "0.1", "0.125", "0.15", "0.333", "0.4", "1")]


@dataclass(frozen=True)
class CartLine:
    """`tax_class` 0 is not taxed, 1 has the rates of the tax category, 2 those of its exception.

    `discount_amount` is off the whole line, and above zero on a refund as well.
    """

    unit_quantity: int
    unit_price: Decimal
    tax_class: int
    discount_percent: Decimal = ZERO
    discount_amount: Decimal = ZERO

    @property
    def gross(self) -> Decimal:
        return self.unit_quantity * self.unit_price


@dataclass(frozen=True)
class Cart:
    """`category` and `exception` are indexes of RATES."""

    category: int
    exception: int
    lines: tuple[CartLine, ...]

    def rates_of(self, line: CartLine) -> tuple[Decimal, Decimal]:
        return ((ZERO, ZERO), RATES[self.category], RATES[self.exception])[line.tax_class]

    def ours(self) -> list[totals.Line]:
        return [
            totals.Line(
                unit_quantity=D(line.unit_quantity),
                unit_price=line.unit_price,
                tax1_rate=self.rates_of(line)[0],
                tax2_rate=self.rates_of(line)[1],
                discount_percent=line.discount_percent,
                discount_amount=line.discount_amount.copy_sign(line.unit_quantity),
            )
            for line in self.lines
        ]

    def simulators(self) -> list[money.Line]:
        return [
            money.Line(
                line.unit_quantity,
                line.unit_price,
                *self.rates_of(line),
                discount_percent=line.discount_percent,
                discount_amount=line.discount_amount,
            )
            for line in self.lines
        ]

    @property
    def kinds(self) -> set[str]:
        """What makes this cart a mean one."""
        lines, ours = self.lines, self.ours()
        tax1 = sum((line.tax1 for line in ours), ZERO)
        tax2 = sum((line.tax2 for line in ours), ZERO)
        off = [line.gross * line.discount_percent for line in lines]
        quantities = [line.unit_quantity for line in lines]
        found = {
            "tie in a tax": is_tie(tax1) or is_tie(tax2),
            "tie in a discount": any(is_tie(amount) for amount in off),
            "mixed tax": len({self.rates_of(line) for line in lines}) > 1,
            "two rates": bool(tax1 and tax2),
            "refund": max(quantities) < 0,
            "exchange": min(quantities) < 0 < max(quantities),
            "even exchange": len(lines) > 1 and not sum(line.net for line in ours),
            "free": any(line.discount_percent == 1 for line in lines),
            "amount off": any(line.discount_amount for line in lines),
            "many lines": len(lines) > 20,
            "big quantity": max(map(abs, quantities)) > 10_000,
        }
        return {name for name, is_so in found.items() if is_so}


def is_tie(amount: Decimal) -> bool:
    return abs(amount) % CENT == CENT / 2


def cart_by_chance(dice: Random) -> Cart:
    category, exception = dice.randrange(len(RATES)), dice.randrange(len(RATES))
    count = dice.choices((dice.randint(1, 4), dice.randint(21, 40)), (50, 1))[0]
    direction = dice.choices((1, -1, 0), (6, 1, 1))[0]
    lines = [_line(dice, RATES[category], direction or dice.choice((1, -1))) for _ in range(count)]
    if not direction and dice.random() < 0.2:
        lines = [*lines, *map(_returned, lines)]
    return Cart(category, exception, tuple(lines))


def _line(dice: Random, rates: Sequence[Decimal], direction: int) -> CartLine:
    quantities = (1, dice.randint(2, 9), dice.randint(10_001, 99_999))
    quantity = direction * dice.choices(quantities, (40, 20, 1))[0]
    price = D(dice.choice((dice.randint(1, 300), dice.randint(1, 200_000)))) * CENT
    if dice.random() < 0.25:
        quantity, price = direction, _price_of_a_tie(dice, rates, price)
    line = CartLine(quantity, price, dice.choices((0, 1, 2), (2, 6, 2))[0])
    chance = dice.random()
    if chance < 0.2:
        return CartLine(quantity, price, line.tax_class, discount_percent=dice.choice(PERCENTAGES))
    if chance < 0.3:
        cents = dice.randint(1, int(abs(line.gross) / CENT))
        return CartLine(quantity, price, line.tax_class, discount_amount=cents * CENT)
    return line


def _price_of_a_tie(dice: Random, rates: Sequence[Decimal], otherwise: Decimal) -> Decimal:
    """One whose tax lies half way between two cents, where the dice find one."""
    rate = dice.choice(rates)
    for _ in range(20 if rate else 0):
        price = (dice.randint(0, 2000) + D("0.5")) * CENT / rate
        if price == price.quantize(CENT):
            return price.quantize(CENT)
    return otherwise


def _returned(line: CartLine) -> CartLine:
    return CartLine(
        -line.unit_quantity,
        line.unit_price,
        line.tax_class,
        line.discount_percent,
        line.discount_amount,
    )
