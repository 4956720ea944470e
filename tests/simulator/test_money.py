"""The simulator's arithmetic against documented and recorded sales."""

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import pytest

from salesfloor.simulator import money
from salesfloor.simulator.money import Line, OutOfBalance, Payment, Settled
from tests.simulator.conftest import RECORDINGS

D = Decimal
NONE = ("0", "0")
CANADA = ("0.05", "0.09975")
NINE = ("0.09", "0")


@dataclass(frozen=True)
class Vector:
    """`lines` as (quantity, price, rates, discount percent); `totals` as subtotal, discount,
    tax 1, tax 2, total."""

    lines: tuple[tuple[int, str, tuple[str, str], str], ...]
    totals: tuple[str, str, str, str, str]


VECTORS = {
    "sum then round": Vector(
        ((1, "9.99", CANADA, "0"), (1, "20", CANADA, "0")), ("29.99", "0", "1.5", "2.99", "34.48")
    ),
    "half up": Vector(((1, "14.1", CANADA, "0"),), ("14.1", "0", "0.71", "1.41", "16.22")),
    "single": Vector(((1, "9.99", CANADA, "0"),), ("9.99", "0", "0.5", "1", "11.49")),
    "even": Vector(((1, "23", CANADA, "0"),), ("23", "0", "1.15", "2.29", "26.44")),
    "refund": Vector(
        ((-1, "9.99", CANADA, "0"), (-1, "20", CANADA, "0")),
        ("-29.99", "0", "-1.5", "-2.99", "-34.48"),
    ),
    "nine per cent": Vector(((1, "13.95", NINE, "0"),), ("13.95", "0", "1.26", "0", "15.21")),
    "tie": Vector(((1, "3.5", NINE, "0"),), ("3.5", "0", "0.32", "0", "3.82")),
    "mixed": Vector(
        ((2, "1.23", NINE, "0"), (2, "1.23", NONE, "0"), *((1, "0.01", NONE, "0"),) * 3),
        ("4.95", "0", "0.22", "0", "5.17"),
    ),
    "many": Vector(((90090, "7", NINE, "0"),), ("630630", "0", "56756.7", "0", "687386.7")),
    "discount rounded": Vector(((1, "24.99", NONE, "0.4"),), ("24.99", "10", "0", "0", "14.99")),
    "discount before tax": Vector(
        ((2, "34.95", ("0.13", "0"), "0.05"),), ("69.9", "3.5", "8.63", "0", "75.03")
    ),
    "half price": Vector(((2, "45", CANADA, "0.5"),), ("90", "45", "2.25", "4.49", "51.74")),
    "two rates": Vector(
        ((1, "280", ("0.0825", "0.05"), "0"),), ("280", "0", "23.1", "14", "317.1")
    ),
}


@pytest.mark.parametrize("vector", VECTORS.values(), ids=list(VECTORS))
def test_documented_sales_come_out_to_the_cent(vector):
    lines = [
        Line(quantity, D(price), D(rates[0]), D(rates[1]), discount_percent=D(percent))
        for quantity, price, rates, percent in vector.lines
    ]
    totals = money.totals(lines)
    assert (totals.subtotal, totals.discount, totals.tax1, totals.tax2, totals.total) == tuple(
        D(figure) for figure in vector.totals
    )


def test_line_total_keeps_the_taxes_unrounded():
    totals = money.totals([Line(1, D("14.1"), D("0.05"), D("0.09975"))])
    assert totals.lines[0].total == D("16.211475")
    assert totals.total == D("16.22")


@pytest.mark.parametrize(
    ("total", "cash", "stored", "change"),
    [
        ("11.49", ["15"], ["11.49"], "3.51"),
        ("19.99", ["119.99"], ["19.99"], "100"),
        ("39.98", ["39.98", "39.98"], ["0", "39.98"], "39.98"),
        ("59.97", ["39.98", "39.98"], ["19.99", "39.98"], "19.99"),
        ("79.96", ["39.98", "39.98"], ["39.98", "39.98"], "0"),
    ],
)
def test_cash_above_the_total_becomes_change(total, cash, stored, change):
    settled = money.settle(D(total), [Payment(D(amount), cash=True) for amount in cash])
    assert settled == Settled(tuple(D(amount) for amount in stored), D(change))


def test_change_is_never_given_on_a_card():
    payments = [Payment(D(20)), Payment(D(5), cash=True)]
    assert money.settle(D(18), payments) == OutOfBalance(
        "Non-cash payments are greater than the total."
    )


def test_gift_card_load_and_redemption_move_what_is_due():
    load = money.totals([], [Payment(D(-100), stored_value=True), Payment(D(100), cash=True)])
    assert (load.total, load.total_due, load.displayable_total) == (0, 100, 100)
    line = Line(1, D("9.99"), D("0.05"), D("0.09975"))
    redeemed = money.totals([line], [Payment(D("11.49"), stored_value=True)])
    assert (redeemed.total_due, redeemed.displayable_total) == (0, D("11.49"))


# --- Recorded sales -------------------------------------------------------------------


@cache
def recorded_sales():
    """(name, row) of every recorded sale whose figures were not edited or composed."""
    index = RECORDINGS / "SALES.tsv"
    if not index.is_file():
        return []
    with index.open() as file:
        rows = [
            row
            for row in csv.DictReader(file, delimiter="\t")
            if row["fidelity"] in ("wire", "wire-body", "recast")
        ]
    return [pytest.param(row, id=row["name"]) for row in rows] or []


def lines_of(sale):
    lines = (sale.get("SaleLines") or {}).get("SaleLine") or []
    return lines if isinstance(lines, list) else [lines]


def recorded_line(line):
    """What was put in, and none of what was worked out."""
    taxed = str(line["tax"]).lower() == "true"
    return Line(
        unit_quantity=int(D(str(line["unitQuantity"]))),
        unit_price=D(str(line["unitPrice"])),
        tax1_rate=D(str(line["tax1Rate"])) if taxed else D(0),
        tax2_rate=D(str(line["tax2Rate"])) if taxed else D(0),
        discount_percent=D(str(line["discountPercent"])),
        discount_amount=D(str(line["discountAmount"])),
        avg_cost=D(str(line["avgCost"])),
        fifo_cost=D(str(line["fifoCost"])),
    )


@pytest.mark.skipif(not recorded_sales(), reason="no recorded sales (LIGHTSPEED_RECORDINGS)")
@pytest.mark.parametrize("row", recorded_sales())
def test_recorded_sale_comes_out_to_the_cent(recording, row):
    sale = recording(row["name"])["response"]["body"]["Sale"]
    totals = money.totals([recorded_line(line) for line in lines_of(sale)])
    worked = {
        "calcSubtotal": totals.subtotal,
        "calcDiscount": totals.discount,
        "calcTaxable": totals.taxable,
        "calcNonTaxable": totals.non_taxable,
        "calcTax1": totals.tax1,
        "calcTax2": totals.tax2,
        "calcTotal": totals.total,
        "calcAvgCost": totals.avg_cost,
    }
    assert worked == {name: D(str(sale[name])) for name in worked}
    for line, figures in zip(lines_of(sale), totals.lines, strict=True):
        assert figures.line_discount == D(str(line["calcLineDiscount"]))
        assert figures.total == D(str(line["calcTotal"]))
