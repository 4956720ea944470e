"""Check digits and UPC-E are compared with biip, which others wrote."""

import doctest
from decimal import Decimal

import pytest
from biip import EncodeError, ParseError
from biip.checksums import gs1_price_weight_check_digit, gs1_standard_check_digit
from biip.upc import Upc
from hypothesis import example, given
from hypothesis import strategies as st

from salesfloor.catalog import barcodes
from salesfloor.catalog.barcodes import InStore, Misread

PRICE = InStore(item_digits=5, value_digits=4, decimals=2, checks_value=True)
LONG_PRICE = InStore(item_digits=5, value_digits=5, decimals=2)
KILOGRAMS = InStore(item_digits=5, value_digits=5, decimals=3)

numbers = st.text("0123456789", min_size=1, max_size=13)


def of_length(count: int):
    return st.text("0123456789", min_size=count, max_size=count)


def test_examples_in_the_docstrings_are_true():
    tried = doctest.testmod(barcodes, optionflags=doctest.ELLIPSIS)
    assert tried.attempted
    assert not tried.failed


# --- Check digits, UPC-E ----------------------------------------------------------------------


@given(numbers)
def test_check_digit_is_gs1s(digits):
    assert barcodes.check_digit(digits) == str(gs1_standard_check_digit(digits))


@given(of_length(4) | of_length(5))
def test_check_digit_of_a_price_is_gs1s(digits):
    assert barcodes.price_check_digit(digits) == str(gs1_price_weight_check_digit(digits))


@given(st.sampled_from("01"), of_length(6))
def test_every_upc_e_stands_for_the_upc_a_that_gs1_says(system, digits):
    upc_a = Upc.parse(system + digits).as_upc_a()
    assert barcodes.from_short_upc_e(system + digits) == upc_a
    assert barcodes.from_upc_e(system + digits + upc_a[-1]) == upc_a


@given(st.sampled_from("01"), st.text("0012345", min_size=10, max_size=10))
@example("0", "4210000526")
def test_upc_a_is_shortened_as_gs1_says(system, digits):
    upc_a = system + digits + barcodes.check_digit(system + digits)
    try:
        upc_e = Upc.parse(upc_a).as_upc_e()
    except EncodeError:
        upc_e = ""
    assert barcodes.to_upc_e(upc_a) == upc_e


@given(of_length(8))
def test_eight_digits_are_a_upc_e_only_with_its_check_digit(digits):
    try:
        expected = Upc.parse(digits).as_upc_a()
    except ParseError:
        expected = ""
    assert barcodes.from_upc_e(digits) == expected


@pytest.mark.parametrize(
    "code", ["5012345678901", "036000291453", "96385075", "15012345678908", "2112345007990"]
)
def test_wrong_last_digit_is_misread(code):
    assert barcodes.is_misread(code)


@pytest.mark.parametrize("code", ["5012345678900", "036000291452", "96385074", "04252614"])
def test_right_last_digit_is_not_misread(code):
    assert not barcodes.is_misread(code)


@pytest.mark.parametrize(
    "code", ["210000000434", "220000000107", "SOCK-M", "12345", "٤٢٤٢٤٢٤٢", "1234567890123456", ""]
)
def test_what_has_no_check_digit_is_not_misread(code):
    """System SKUs and ticket numbers have as many digits as a UPC-A, and none that checks."""
    assert not barcodes.is_misread(code)


# --- The same number --------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["036000291452", "0036000291452", "00036000291452", "36000291452"])
def test_leading_zeros_make_no_difference(code):
    assert {"036000291452", "0036000291452", "00036000291452"} <= barcodes.spellings(code)


def test_upc_e_and_upc_a_are_spelled_both_ways():
    assert "042100005264" in barcodes.spellings("04252614")
    assert "0042100005264" in barcodes.spellings("04252614")
    assert "04252614" in barcodes.spellings("042100005264")
    assert "04252614" in barcodes.spellings("0042100005264")


@pytest.mark.parametrize("code", ["", "0", "00000", "12345", "SOCK-M", "1" * 15, "٤٢٤٢٤٢٤٢"])
def test_what_is_no_barcode_is_spelled_in_no_other_way(code):
    assert barcodes.spellings(code) == set()


@pytest.mark.parametrize("scanned", ["]E05012345678900", " 5012345678900\n", "]C15012345678900 "])
def test_what_scanners_put_around_a_code_is_taken_off(scanned):
    assert barcodes.bare(scanned) == "5012345678900"


def test_number_is_found_in_more():
    assert barcodes.inner_numbers("978020137962454995") == ["9780201379624"]
    assert barcodes.inner_numbers("03600029145212") == ["036000291452"]
    assert barcodes.inner_numbers("0109780201379624101234") == ["09780201379624"]
    assert barcodes.inner_numbers("(01)09780201379624(10)A") == ["09780201379624"]
    assert barcodes.inner_numbers("https://id.gs1.org/01/9780201379624?x=1") == ["9780201379624"]
    assert barcodes.inner_numbers("425261") == ["042100005264"]
    for code in ("5012345678900", "https://x.org/01/5012345678901", "SOCK-M", ""):
        assert barcodes.inner_numbers(code) == []


def test_case_names_what_is_in_it():
    assert barcodes.in_the_case("15012345678907") == "5012345678900"


@pytest.mark.parametrize(
    "code", ["05012345678900", "95012345678903", "15012345678908", "5012345678900", "SOCK"]
)
def test_what_is_no_case_names_nothing(code):
    """Zero in front is the thing itself, nine is of varying measure."""
    assert barcodes.in_the_case(code) == ""


# --- Labels made in a shop --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layout", "code", "number", "value"),
    [
        (PRICE, "212345307991", "12345", "7.99"),  # UPC-A
        (PRICE, "0212345307991", "12345", "7.99"),  # the same, read as EAN-13
        (LONG_PRICE, "2012345107991", "12345", "107.99"),
        (LONG_PRICE, "212345107997", "12345", "107.99"),
        (KILOGRAMS, "2112345015002", "12345", "1.500"),  # from Odoo's manual
        (InStore(item_digits=4, value_digits=5, decimals=2, checks_value=True), None, "1234", "9"),
        (InStore(item_digits=6, value_digits=4, decimals=0), None, "123456", "7"),
    ],
)
def test_label_is_read(layout, code, number, value):
    label = layout.read(code or layout.label(number, Decimal(value), "20"))
    assert (label.item_number, label.value) == (number, Decimal(value))


def test_item_is_named_by_the_barcode_with_zeros_for_the_value_or_by_what_stands_before_it():
    upc_a = PRICE.read("212345307991").item_codes
    assert {"212345000007", "0212345000007", "212345", "0212345"} <= set(upc_a)
    ean = KILOGRAMS.read("2112345015002").item_codes
    assert {"2112345000008", "2112345000000", "2112345"} <= set(ean)
    assert "12345" not in upc_a + ean  # may be the SKU of something that has a price of its own


@pytest.mark.parametrize(
    "code",
    ["5012345678900", "036000291452", "12345", "SK-2112345015002", "02112345015002x", "", "2" * 15],
)
def test_other_codes_are_no_labels(code):
    assert PRICE.read(code) is None


def test_label_with_a_wrong_digit_is_misread():
    for code in ("212345307992", "212345407991", "212345317991"):
        with pytest.raises(Misread):
            PRICE.read(code)


def test_price_that_does_not_fit_its_check_digit_is_misread():
    code = LONG_PRICE.label("12345", Decimal("7.99"))
    with pytest.raises(Misread):
        PRICE.read(code)


@given(
    st.integers(0, 99999),
    st.integers(0, 9999),
    st.sampled_from(["2", *map(str, range(20, 30))]),
)
def test_label_says_what_was_put_into_it(number, cents, front):
    label = PRICE.read(PRICE.label(str(number), Decimal(cents) / 100, front))
    assert (int(label.item_number), label.value * 100) == (number, cents)


@pytest.mark.parametrize(
    "layout",
    [
        {"item_digits": 5, "value_digits": 6, "decimals": 2},
        {"item_digits": 4, "value_digits": 4, "decimals": 2},
        {"item_digits": 5, "value_digits": 5, "decimals": 2, "checks_value": True},
        {"item_digits": 6, "value_digits": 3, "decimals": 2, "checks_value": True},
        {"item_digits": 5, "value_digits": 5, "decimals": 6},
    ],
)
def test_layout_that_cannot_be_is_refused(layout):
    with pytest.raises(ValueError, match="digit"):
        InStore(**layout)


@given(st.text(max_size=40) | st.text("0123456789]()E ", max_size=20))
def test_nothing_scanned_is_an_error(code):
    code = barcodes.bare(code)
    barcodes.spellings(code)
    barcodes.is_misread(code)
    barcodes.inner_numbers(code)
    barcodes.in_the_case(code)
    try:
        PRICE.read(code)
    except Misread:
        assert code.isdigit()
