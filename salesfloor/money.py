"""Money as Decimal: round to cents, read what was typed, show it."""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache

from babel import Locale
from babel.numbers import format_currency

CENT = Decimal("0.01")

_USUAL_NOTES = (5, 10, 20, 50, 100)
_NOTES: Mapping[str, tuple[int, ...]] = {
    "CHF": (10, 20, 50, 100, 200),
    "EUR": (5, 10, 20, 50, 100, 200),
    "GBP": (5, 10, 20, 50),
}

_parsed = cache(Locale.parse)


class NotMoney(ValueError):
    pass


class AmbiguousMoney(NotMoney):
    """It may be read in two ways, such as 1,200."""


def to_cents(value: Decimal) -> Decimal:
    """Rounds half away from zero, as Lightspeed does: 0.705 is 0.71, -0.705 is -0.71."""
    # Adding zero makes a plain 0.00 of the -0.00 that small negatives round to.
    return value.quantize(CENT, rounding=ROUND_HALF_UP) + 0


def parse_money(text: str) -> Decimal:
    """What a person means who types `12,50`, `12.5`, `1 200.00` or `1,200.00`; never negative, and
    less than a thousand million.

    AmbiguousMoney for `1,200` and `1.200`, which is a thousand times more to some than to others;
    NotMoney for all else.

    >>> parse_money("12,5")
    Decimal('12.50')
    """
    typed = re.sub(r"(?<=[0-9])[ '\u2019\u00a0\u202f](?=[0-9]{3}(?![0-9]))", "", text.strip())
    if re.fullmatch(r"[1-9][0-9]{0,2}[.,][0-9]{3}", typed):
        raise AmbiguousMoney(text)
    for group, point in ((",", r"\."), (r"\.", ",")):
        grouped = rf"[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}}){{1,2}}"
        if re.fullmatch(rf"(?:[0-9]{{1,9}}|{grouped})(?:{point}[0-9]{{0,2}})?", typed) or (
            re.fullmatch(rf"{point}[0-9]{{1,2}}", typed)
        ):
            plain = re.sub(group, "", typed).replace(",", ".")
            return to_cents(Decimal(plain))
    raise NotMoney(text)


@lru_cache(maxsize=4096)  # Babel takes its time, and a shop has few different prices
def format_money(amount: Decimal, currency: str, locale: str) -> str:
    """`currency` as in ISO 4217, `locale` as in Babel (`fr_CA`)."""
    return format_currency(amount, currency, locale=_parsed(locale))


def notes_of(currency: str) -> tuple[Decimal, ...]:
    """The notes that customers commonly pay with, smallest first."""
    return tuple(Decimal(note) for note in _NOTES.get(currency, _USUAL_NOTES))
