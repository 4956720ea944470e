from decimal import Decimal

import pytest

from salesfloor.terminals.card_numbers import has_card_number
from salesfloor.terminals.minor_units import NoSuchAmount, from_minor_units, to_minor_units


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [("49.00", "USD", 4900), ("0.01", "CAD", 1), ("4900", "JPY", 4900), ("4900.00", "KRW", 4900)],
)
def test_amount_goes_to_stripe_and_back_unchanged(amount, currency, units):
    assert to_minor_units(Decimal(amount), currency) == units
    assert from_minor_units(units, currency) == Decimal(amount)


@pytest.mark.parametrize(("amount", "currency"), [("0.005", "USD"), ("49.50", "JPY"), ("1", "KWD")])
def test_amount_that_the_currency_does_not_have_is_refused(amount, currency):
    with pytest.raises(NoSuchAmount):
        to_minor_units(Decimal(amount), currency)


@pytest.mark.parametrize(
    "text", ["4242424242424242", "4242 4242 4242 4242", "card 3782-822463-10005, Ana"]
)
def test_card_number_is_seen_however_it_is_written(text):
    assert has_card_number(text)


@pytest.mark.parametrize("text", ["4242424242424241", "tmr_FDOt2wlRZEdpd7", "Till 1", "4242"])
def test_other_numbers_are_no_card_numbers(text):
    assert not has_card_number(text)
