"""Card numbers must never reach us: where one was typed it is refused, and not repeated."""

import re

_RUN_OF_DIGITS = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")


def has_card_number(text: str) -> bool:
    """Whether 13 to 19 digits in it, perhaps in groups, carry a card number's check digit."""
    runs = _RUN_OF_DIGITS.findall(text)
    return any(_has_check_digit(re.sub(r"\D", "", run)) for run in runs)


def _has_check_digit(digits: str) -> bool:
    """By Luhn: every second digit from the right doubled, its digits summed."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(sum(divmod(number, 10)) for number in doubled) % 10 == 0
