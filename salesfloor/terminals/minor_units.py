"""Amounts as Stripe writes them: whole numbers of the currency's smallest unit.

https://docs.stripe.com/currencies#zero-decimal
"""

import re
from decimal import Decimal

_WITHOUT_DECIMALS = frozenset(
    re.findall(r"[A-Z]{3}", "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF")
)
_WITH_THREE_DECIMALS = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])


class NoSuchAmount(ValueError):
    """The currency has no such amount, or is not one whose amounts we keep (to the cent)."""


def to_minor_units(amount: Decimal, currency: str) -> int:
    """49.00 USD is 4900, 4900 JPY is 4900. Raises NoSuchAmount."""
    if currency in _WITH_THREE_DECIMALS:
        raise NoSuchAmount(f"{currency} has thousandths")
    units = amount if currency in _WITHOUT_DECIMALS else amount * 100
    if units != int(units):
        raise NoSuchAmount(f"{amount} {currency}")
    return int(units)


def from_minor_units(units: int, currency: str) -> Decimal:
    return Decimal(units) if currency in _WITHOUT_DECIMALS else Decimal(units) / 100
