from decimal import Decimal

import pytest

from salesfloor.money import AmbiguousMoney, NotMoney, format_money, notes_of, parse_money, to_cents


@pytest.mark.parametrize(
    ("exact", "cents"),
    [
        ("0.705", "0.71"),
        ("0.315", "0.32"),
        ("3.495", "3.50"),
        ("-0.705", "-0.71"),
        ("2.9915", "2.99"),
        ("-0.004", "0.00"),
        ("34", "34.00"),
    ],
)
def test_half_a_cent_is_rounded_away_from_zero(exact: str, cents: str) -> None:
    assert str(to_cents(Decimal(exact))) == cents


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12,50", "12.50"),
        ("12.5", "12.50"),
        (" 7 ", "7.00"),
        ("5.", "5.00"),
        (".5", "0.50"),
        ("0", "0.00"),
        ("1 200.00", "1200.00"),
        ("1\u202f200,00", "1200.00"),
        ("1,200.00", "1200.00"),
        ("1.200,5", "1200.50"),
        ("1,234,567", "1234567.00"),
        ("1'200", "1200.00"),
        ("1200", "1200.00"),
    ],
)
def test_money_is_read_as_it_is_typed(typed: str, meant: str) -> None:
    assert str(parse_money(typed)) == meant


@pytest.mark.parametrize("typed", ["1,200", "1.200", "12.000"])
def test_what_could_be_a_thousand_times_more_is_refused(typed: str) -> None:
    with pytest.raises(AmbiguousMoney):
        parse_money(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        ".",
        "-5",
        "+5",
        "1234567890",
        "1,234,567,890",
        "1.234.567.890,00",
        "1 234 567 890",
        "1e5",
        "NaN",
        "12.5051",
        "0.500",
        "1,2.3",
        "12 00",
        "1,23,456",
        "١٢",
        "9" * 12,
    ],
)
def test_what_is_no_sum_of_money_is_refused(typed: str) -> None:
    with pytest.raises(NotMoney) as caught:
        parse_money(typed)
    assert not isinstance(caught.value, AmbiguousMoney)


def test_money_is_shown_as_people_there_write_it() -> None:
    assert format_money(Decimal("1234.5"), "CAD", "en_CA") == "$1,234.50"
    assert format_money(Decimal("1234.5"), "CAD", "fr_CA") == "1\u00a0234,50\u00a0$"


def test_notes_are_those_of_the_currency() -> None:
    assert notes_of("GBP")[-1] == 50
    assert [int(note) for note in notes_of("CAD")] == [5, 10, 20, 50, 100]
