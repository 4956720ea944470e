"""Every calculated figure of a sale and its lines, worked out and stored."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation

from . import money, wire
from .errors import ApiError
from .store import Record, Store
from .switches import Switches

ZERO = Decimal(0)
CASH = "cash"
GIFT_CARD = "gift card"
CREDIT_ACCOUNT = "credit account"
FEE = "item_fee"
FEE_REFUND = "item_fee_refund"
TIP_OPTIONS = {"tipOption1": "10", "tipOption2": "15", "tipOption3": "20"}


class Taxes:
    """The rates of one tax category: its own, and those that some tax classes have instead."""

    def __init__(self, store: Store, category_id: int) -> None:
        self.category = store.get("TaxCategory", category_id) if category_id else None
        self.overrides = {
            row["taxClassID"]: row
            for row in store.find("TaxCategoryClass", taxCategoryID=category_id)
        }

    @property
    def inclusive(self) -> bool:
        return bool(self.category and self.category["isTaxInclusive"])

    def own_rates(self) -> tuple[Decimal, Decimal]:
        """Fractions."""
        return _rates(self.category)

    def of(self, line: Record) -> tuple[Decimal, Decimal]:
        """Fractions; zero under no category and on a line without tax."""
        if not self.category or not line["tax"]:
            return ZERO, ZERO
        return _rates(self.overrides.get(line["taxClassID"], self.category))


def _rates(row: Record | None) -> tuple[Decimal, Decimal]:
    return (row["tax1Rate"], row["tax2Rate"]) if row else (ZERO, ZERO)


@contextmanager
def _within_range() -> Iterator[None]:
    """Raises ApiError for amounts of more digits than are reckoned with."""
    try:
        yield
    except InvalidOperation as error:
        raise ApiError(400, "The amounts are too large.") from error


def recalculate(store: Store, switches: Switches, sale_id: int) -> money.Totals:
    sale = store.must("Sale", sale_id)
    taxes = Taxes(store, sale["taxCategoryID"])
    lines = store.find("SaleLine", saleID=sale_id)
    with _within_range():
        totals = money.totals(
            [_arithmetic(line, taxes) for line in lines],
            [payment for _, payment in live_payments(store, sale_id)],
            inclusive=taxes.inclusive,
            sale_discount_percent=_sale_discount(store, switches, sale),
            discount_per_unit=switches.discount_amount_per == "unit",
        )
    for line, figures in zip(lines, totals.lines, strict=True):
        values = _line_figures(line, figures) | {"taxCategoryID": sale["taxCategoryID"]}
        values["tax1Rate"], values["tax2Rate"] = taxes.of(line)
        store.change("SaleLine", line["saleLineID"], values, stamp=False)
    store.change("Sale", sale_id, _sale_figures(taxes, lines, totals), stamp=False)
    return totals


def recalculate_line(store: Store, switches: Switches, line_id: int) -> None:
    """A line outside any sale: it carries the taxes of its shop and shows no rates."""
    line = store.must("SaleLine", line_id)
    shop = store.get("Shop", line["shopID"])
    taxes = Taxes(store, shop["taxCategoryID"] if shop else 0)
    with _within_range():
        totals = money.totals(
            [_arithmetic(line, taxes)],
            inclusive=taxes.inclusive,
            discount_per_unit=switches.discount_amount_per == "unit",
        )
    unshown = {"taxCategoryID": 0, "tax1Rate": ZERO, "tax2Rate": ZERO}
    values = _line_figures(line, totals.lines[0]) | unshown
    store.change("SaleLine", line_id, values, stamp=False)


def _arithmetic(line: Record, taxes: Taxes) -> money.Line:
    tax1_rate, tax2_rate = taxes.of(line)
    return money.Line(
        unit_quantity=line["unitQuantity"],
        unit_price=line["unitPrice"],
        tax1_rate=tax1_rate,
        tax2_rate=tax2_rate,
        discount_percent=line["discountPercent"],
        discount_amount=line["discountAmount"],
        avg_cost=line["avgCost"],
        fifo_cost=line["fifoCost"],
    )


def _line_figures(line: Record, figures: money.LineTotals) -> Record:
    return {
        "displayableSubtotal": figures.displayable_subtotal,
        "displayableUnitPrice": line["unitPrice"],
        "calcLineDiscount": figures.line_discount,
        "calcTransactionDiscount": figures.transaction_discount,
        "calcSubtotal": figures.subtotal,
        "calcTax1": figures.tax1,
        "calcTax2": figures.tax2,
        "calcTotal": figures.total,
    }


def _sale_figures(taxes: Taxes, lines: list[Record], totals: money.Totals) -> Record:
    tax1_rate, tax2_rate = taxes.own_rates()
    fees = [
        figures.displayable_subtotal
        for line, figures in zip(lines, totals.lines, strict=True)
        if line["lineType"] in (FEE, FEE_REFUND)
    ]
    return {
        "isTaxInclusive": taxes.inclusive,
        "tax1Rate": tax1_rate,
        "tax2Rate": tax2_rate,
        "displayableSubtotal": totals.displayable_subtotal,
        "calcSubtotal": totals.subtotal,
        "calcDiscount": totals.discount,
        "calcTaxable": totals.taxable,
        "calcNonTaxable": totals.non_taxable,
        "calcTax1": totals.tax1,
        "calcTax2": totals.tax2,
        "taxTotal": totals.tax1 + totals.tax2,
        "calcTotal": totals.total,
        "total": totals.total,
        "calcPayments": totals.payments,
        "calcTips": totals.tips,
        "calcItemFees": sum(fees, ZERO),
        "totalDue": totals.total_due,
        "displayableTotal": totals.displayable_total,
        "balance": totals.balance,
        "calcAvgCost": totals.avg_cost,
        "calcFIFOCost": totals.fifo_cost,
    }


def live_payments(store: Store, sale_id: int) -> list[tuple[Record, money.Payment]]:
    """A sale's payments that are not archived, oldest first."""
    types = {row["paymentTypeID"]: row["type"] for row in store.find("PaymentType")}
    return [
        (
            row,
            money.Payment(
                amount=row["amount"],
                cash=types.get(row["paymentTypeID"]) == CASH,
                stored_value=types.get(row["paymentTypeID"]) in (GIFT_CARD, CREDIT_ACCOUNT),
                tip=row["tipAmount"],
            ),
        )
        for row in store.find("SalePayment", saleID=sale_id, archived=0)
    ]


def _sale_discount(store: Store, switches: Switches, sale: Record) -> Decimal:
    if not switches.sale_discounts:
        return ZERO
    if sale["discountID"] and (discount := store.get("Discount", sale["discountID"])):
        return Decimal(discount["discountPercent"])
    return Decimal(sale["discountPercent"])


def meta_data(sale: Record, cash_unit: Decimal) -> dict[str, str]:
    """Of an answered sale: rounding where the smallest coin is `cash_unit`, fees if it has any."""
    shown = dict(TIP_OPTIONS)
    if cash_unit:
        total = Decimal(sale["calcTotal"])
        shown["isCashRoundingEnabled"] = "true"
        delta = total - money.to_nearest(cash_unit, total)
        shown["cash_rounding_delta"] = wire.decimal_text(delta)
    if sale["calcItemFees"] != "0":
        shown["itemFeesSubtotal"] = sale["calcItemFees"]
    return shown


def show_taxes(store: Store, sales: list[Record]) -> None:
    """Adds `TaxClassTotals` to answered sales whose lines came with their tax classes.

    Recorded: on such an answer a line without tax shows the rates that it would have.
    """
    locale: Record = next(iter(store.find("Locale")), {})
    known: dict[int, Taxes] = {}
    for sale in sales:
        category_id = int(sale["taxCategoryID"])
        taxes = known.setdefault(category_id, Taxes(store, category_id))
        lines = wire.entries(sale.get("SaleLines"), "SaleLine")
        if taxes.category is None:
            continue
        names = [
            locale.get(f"taxName{number}") or taxes.category[f"tax{number}Name"]
            for number in (1, 2)
        ]
        if totals := tax_class_totals(lines, names):
            sale["TaxClassTotals"] = wire.wrapped("Tax", totals)
        for line in lines:
            taxed = {"tax": True, "taxClassID": int(line["taxClassID"])}
            rates = taxes.of(taxed)
            line["tax1Rate"], line["tax2Rate"] = map(wire.decimal_text, rates)


def tax_class_totals(lines: list[Record], names: list[str]) -> list[dict[str, str]]:
    """Of answered lines, by tax class: rates in per cent, amounts unrounded."""
    by_class: dict[str, list[Record]] = {}
    for line in lines:
        if line["tax"] == "true" and (line["tax1Rate"], line["tax2Rate"]) != ("0", "0"):
            by_class.setdefault(line["taxClassID"], []).append(line)
    return [_tax_class_total(of_class, names) for of_class in by_class.values()]


def _tax_class_total(lines: list[Record], names: list[str]) -> dict[str, str]:
    def total(name: str) -> Decimal:
        return sum((Decimal(line[name]) for line in lines), ZERO)

    net = wire.decimal_text(total("calcTotal") - total("calcTax1") - total("calcTax2"))
    shown = {
        "id": lines[0]["taxClassID"],
        "name": lines[0].get("TaxClass", {}).get("name", ""),
        "taxable": net,
        "rate": wire.decimal_text(Decimal(lines[0]["tax1Rate"]) * 100),
        "amount": wire.decimal_text(total("calcTax1")),
        "taxname": names[0],
        "subtotal": net,
    }
    if lines[0]["tax2Rate"] != "0":
        shown |= {
            "rate2": wire.decimal_text(Decimal(lines[0]["tax2Rate"]) * 100),
            "amount2": wire.decimal_text(total("calcTax2")),
            "taxname2": names[1],
            "subtotal2": net,
        }
    return shown
