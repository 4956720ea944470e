"""The share of a line's discount that comes back with some of its units.

Rounded to cents, the shares of several returns would not add up: the last of them has what is left.

>>> given, back = Decimal("10.00"), Decimal("6.66")
>>> discount_share(1, sold=3, left=3, given=given)
Decimal('3.33')
>>> discount_share(1, sold=3, left=1, given=given, back=back)
Decimal('3.34')
"""

from decimal import Decimal

from salesfloor.money import to_cents


def discount_share(
    units: int, *, sold: int, left: int, given: Decimal, back: Decimal = Decimal(0)
) -> Decimal:
    """For `units` of the `left` that may come back; `back` of the discount `given` came back."""
    return given - back if units == left else to_cents(given * units / sold)
