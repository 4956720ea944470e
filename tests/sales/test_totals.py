from decimal import Decimal

import pytest

from salesfloor.lightspeed import records
from salesfloor.sales.totals import (
    Line,
    cash,
    estimated_inclusive_total,
    next_notes,
    totals,
)
from tests.lightspeed import recordings

TWO_TAXES = (Decimal("0.05"), Decimal("0.09975"))
NINE = (Decimal("0.09"), Decimal(0))
THIRTEEN = (Decimal("0.13"), Decimal(0))
NONE = (Decimal(0), Decimal(0))
NOTES = [Decimal(note) for note in (5, 10, 20, 50, 100)]


def line(
    quantity: int, price: str, rates: tuple[Decimal, Decimal] = NONE, percent: str = "0"
) -> Line:
    return Line(
        unit_quantity=Decimal(quantity),
        unit_price=Decimal(price),
        tax1_rate=rates[0],
        tax2_rate=rates[1],
        discount_percent=Decimal(percent),
    )


# Lightspeed's documentation and recorded traffic: subtotal, discount, tax 1, tax 2, total.
KNOWN = [
    ([line(1, "9.99", TWO_TAXES), line(1, "20", TWO_TAXES)], "29.99 0 1.5 2.99 34.48"),
    ([line(1, "14.1", TWO_TAXES)], "14.1 0 0.71 1.41 16.22"),
    ([line(1, "9.99", TWO_TAXES)], "9.99 0 0.5 1 11.49"),
    ([line(1, "23", TWO_TAXES)], "23 0 1.15 2.29 26.44"),
    ([line(-1, "9.99", TWO_TAXES), line(-1, "20", TWO_TAXES)], "-29.99 0 -1.5 -2.99 -34.48"),
    ([line(1, "13.95", NINE)], "13.95 0 1.26 0 15.21"),
    ([line(1, "3.5", NINE)], "3.5 0 0.32 0 3.82"),
    ([line(2, "1.23", NINE), line(2, "1.23"), *[line(1, "0.01")] * 3], "4.95 0 0.22 0 5.17"),
    ([line(90090, "7", NINE)], "630630 0 56756.7 0 687386.7"),
    ([line(1, "24.99", percent="0.4")], "24.99 10 0 0 14.99"),
    ([line(2, "34.95", THIRTEEN, "0.05")], "69.9 3.5 8.63 0 75.03"),
    ([line(2, "45", TWO_TAXES, "0.5")], "90 45 2.25 4.49 51.74"),
    ([line(1, "280", (Decimal("0.0825"), Decimal("0.05")))], "280 0 23.1 14 317.1"),
    ([line(3, "33.33", TWO_TAXES, "1")], "99.99 99.99 0 0 0"),
    ([], "0 0 0 0 0"),
]


@pytest.mark.parametrize(("lines", "expected"), KNOWN)
def test_a_cart_comes_to_what_lightspeed_makes_of_it(lines: list[Line], expected: str) -> None:
    cart = totals(lines)
    figures = [cart.subtotal, cart.discount, cart.tax1, cart.tax2, cart.total]
    assert figures == [Decimal(figure) for figure in expected.split()]


SALES = recordings.index("SALES", "wire", "wire-body", "recast")


@recordings.needs_recordings
@pytest.mark.parametrize("row", SALES, ids=lambda row: row["name"])
def test_a_recorded_sale_comes_to_the_same_cent(row: dict[str, str]) -> None:
    found = records.many(recordings.body(row["name"]), records.Sale)
    sale = next(sale for sale in found if str(sale.sale_id) == row["saleID"])
    cart = totals(line_of(sold) for sold in sale.sale_lines)
    columns = ["calcSubtotal", "calcDiscount", "calcTax1", "calcTax2", "calcTotal"]
    assert [cart.subtotal, cart.discount, cart.tax1, cart.tax2, cart.total] == [
        Decimal(row[column]) for column in columns
    ]
    assert (cart.taxable, cart.non_taxable) == (sale.calc_taxable, sale.calc_non_taxable)


def line_of(sold: records.SaleLine) -> Line:
    return Line(
        unit_quantity=sold.unit_quantity,
        unit_price=sold.unit_price,
        tax1_rate=sold.tax1_rate if sold.tax else Decimal(0),
        tax2_rate=sold.tax2_rate if sold.tax else Decimal(0),
        discount_percent=sold.discount_percent,
        discount_amount=sold.discount_amount,
        transaction_discount=sold.calc_transaction_discount,
    )


def test_taxable_is_what_a_rate_applies_to() -> None:
    cart = totals([line(2, "1.23", NINE), line(2, "1.23"), *[line(1, "0.01")] * 3])
    assert (cart.taxable, cart.non_taxable) == (Decimal("2.46"), Decimal("2.49"))


def test_an_amount_off_a_line_lowers_its_tax_as_well() -> None:
    sold = Line(
        unit_quantity=Decimal(2),
        unit_price=Decimal("20"),
        tax1_rate=Decimal("0.05"),
        discount_amount=Decimal("10"),
    )
    assert totals([sold]).total == Decimal("31.50")


def test_a_line_has_one_kind_of_discount() -> None:
    with pytest.raises(ValueError, match="not both"):
        Line(
            unit_quantity=Decimal(1),
            unit_price=Decimal(1),
            discount_percent=Decimal("0.1"),
            discount_amount=Decimal("0.1"),
        )


def test_prices_with_tax_in_them_give_an_estimate_alone() -> None:
    assert estimated_inclusive_total([line(3, "9.99", NINE), line(1, "5", NINE, "0.1")]) == Decimal(
        "34.47"
    )


@pytest.mark.parametrize(
    ("total", "tendered", "card", "change"),
    [
        ("11.49", "15", "0", "3.51"),
        ("19.99", "119.99", "0", "100"),
        ("59.97", "79.96", "0", "19.99"),
        ("34.48", "20", "20", "5.52"),
        ("34.48", "10", "20", "0"),
        ("34.48", "0", "34.48", "0"),
        ("-34.48", "34.48", "0", "0"),
    ],
)
def test_change_is_the_cash_above_what_was_due_in_cash(
    total: str, tendered: str, card: str, change: str
) -> None:
    assert cash(Decimal(total) - Decimal(card), Decimal(tendered)).change == Decimal(change)


@pytest.mark.parametrize(
    ("due", "tendered", "change"),
    [
        ("11.49", "11.50", "0"),
        ("11.49", "20", "8.50"),
        ("11.52", "11.50", "0"),
        ("11.52", "11.52", "0.02"),
        ("0.02", "5", "5"),
        ("-11.49", "11.50", "0"),
    ],
)
def test_in_cash_the_total_is_rounded_to_coins_and_yet_wholly_paid(
    due: str, tendered: str, change: str
) -> None:
    paid = cash(Decimal(due), Decimal(tendered), Decimal("0.05"))
    assert (paid.amount, paid.change) == (Decimal(due), Decimal(change))


@pytest.mark.parametrize(
    ("total", "handed"),
    [
        ("187.82", [190, 200]),
        ("12.30", [15, 20, 50, 100]),
        ("20.00", [50, 100]),
        ("0.05", [5, 10, 20, 50, 100]),
    ],
)
def test_the_next_notes_are_those_a_customer_may_hand_over(total: str, handed: list[int]) -> None:
    assert next_notes(Decimal(total), NOTES) == handed
