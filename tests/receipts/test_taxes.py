"""Taxes by rate, and their sum to the cent."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from salesfloor.receipts.taxes import taxes
from salesfloor.sales import totals
from salesfloor.sales.totals import Line

NAMES = ("GST", "QST")


def line(price: str, rate: str, quantity: str = "1") -> Line:
    return Line(unit_quantity=Decimal(quantity), unit_price=Decimal(price), tax1_rate=Decimal(rate))


def test_each_rate_has_a_row_and_no_tax_has_none():
    found = taxes([line("10", "0.05"), line("20", "0.13"), line("5", "0")], NAMES)
    assert [(tax.name, tax.percent, tax.amount) for tax in found] == [
        ("GST", Decimal("5"), Decimal("0.50")),
        ("GST", Decimal("13"), Decimal("2.60")),
    ]


def test_percent_is_written_without_needless_zeros():
    found = taxes([line("100", "0.09975000"), line("100", "0.10000000")], NAMES)
    assert [str(tax.percent) for tax in found] == ["9.975", "10"]


def test_tax_that_prices_include_is_taken_out_of_them():
    [tax] = taxes([line("119", "0.19")], NAMES, included=True)
    assert tax.amount == Decimal("19.00")


def test_tax_of_a_return_is_negative():
    [tax] = taxes([line("10", "0.05", quantity="-1")], NAMES)
    assert tax.amount == Decimal("-0.50")


@given(
    st.lists(
        st.builds(
            Line,
            unit_quantity=st.integers(-3, 3).map(Decimal),
            unit_price=st.decimals("0.01", "99.99", places=2),
            tax1_rate=st.sampled_from(
                [Decimal(0), Decimal("0.05"), Decimal("0.13"), Decimal("0.07")]
            ),
            tax2_rate=st.sampled_from([Decimal(0), Decimal("0.09975"), Decimal("0.08")]),
        ),
        max_size=12,
    )
)
def test_rows_add_up_to_the_taxes_of_the_sale(lines):
    rows = taxes(lines, NAMES)
    assert sum((tax.amount for tax in rows), Decimal(0)) == totals.totals(lines).tax
