"""Barcodes as scanners read them; the figures are of other programs and of a real scanner."""

import pytest

from salesfloor.receipts import code128


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("220000000107", [105, 22, 0, 0, 0, 1, 7, 71]),
        ("Wikipedia", [104, 55, 73, 75, 73, 80, 69, 68, 73, 65, 88]),
        ("12", [105, 12, 14]),
        ("SF-00", [104, 51, 38, 13, 16, 16, 2]),
        ("123456x12", [105, 12, 34, 56, 100, 88, 17, 18, 82]),
    ],
)
def test_characters_and_check_are_those_of_the_standard(text, expected):
    assert code128.values(text) == expected


def test_bars_of_a_symbol_are_those_of_the_standard():
    drawn = code128.bars("12")
    widths = "".join(str(width) for _, width in drawn)
    # Bars alone of 211232 112232 122231 2331112: start C, 12, check, stop.
    assert widths == "213" + "123" + "123" + "2312"
    assert sum(drawn[-1]) == 3 * 11 + 13


@pytest.mark.parametrize("text", ["", "é", "٤٢", "a\nb"])
def test_what_it_cannot_write_is_refused(text):
    with pytest.raises(ValueError, match="Code 128"):
        code128.svg(text)


def test_every_character_is_eleven_modules_wide_and_looks_like_no_other():
    assert {sum(map(int, pattern)) for pattern in code128.PATTERNS} == {11}
    assert len(set(code128.PATTERNS)) == 106
