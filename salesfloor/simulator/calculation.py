"""Every calculated figure of a sale and its lines, worked out and stored."""

from decimal import Decimal
from typing import Any

from . import money, wire
from .store import Record, Store
from .switches import Switches

ZERO = Decimal(0)
STORED_VALUE_TYPES = ("gift card", "credit account")


def recalculate(store: Store, switches: Switches, sale_id: int) -> money.Totals:
    """Works out and stores every calculated figure of a sale and its lines."""
    sale = store.must("Sale", sale_id)
    category = store.get("TaxCategory", sale["taxCategoryID"])
    overrides = {
        row["taxClassID"]: row
        for row in store.find("TaxCategoryClass", taxCategoryID=sale["taxCategoryID"])
    }
    lines = store.find("SaleLine", saleID=sale_id)
    worked = []
    for line in lines:
        # No tax category on the sale, no tax on its lines.
        rates = overrides.get(line["taxClassID"], category) if line["tax"] else None
        line["tax1Rate"] = rates["tax1Rate"] if category and rates else ZERO
        line["tax2Rate"] = rates["tax2Rate"] if category and rates else ZERO
        worked.append(
            money.Line(
                unit_quantity=line["unitQuantity"],
                unit_price=line["unitPrice"],
                tax1_rate=line["tax1Rate"],
                tax2_rate=line["tax2Rate"],
                discount_percent=line["discountPercent"],
                discount_amount=line["discountAmount"],
                avg_cost=line["avgCost"],
                fifo_cost=line["fifoCost"],
            )
        )
    totals = money.totals(
        worked,
        [payment for _, payment in live_payments(store, sale_id)],
        inclusive=bool(category and category["isTaxInclusive"]),
        sale_discount_percent=_sale_discount(store, switches, sale),
        discount_per_unit=switches.discount_amount_per == "unit",
    )
    for line, figures in zip(lines, totals.lines, strict=True):
        store.change(
            "SaleLine",
            line["saleLineID"],
            {
                "tax1Rate": line["tax1Rate"],
                "tax2Rate": line["tax2Rate"],
                "taxCategoryID": sale["taxCategoryID"],
                "displayableSubtotal": figures.displayable_subtotal,
                "displayableUnitPrice": line["unitPrice"],
                "calcLineDiscount": figures.line_discount,
                "calcTransactionDiscount": figures.transaction_discount,
                "calcSubtotal": figures.subtotal,
                "calcTax1": figures.tax1,
                "calcTax2": figures.tax2,
                "calcTotal": figures.total,
            },
            stamp=False,
        )
    store.change(
        "Sale",
        sale_id,
        {
            "isTaxInclusive": bool(category and category["isTaxInclusive"]),
            "tax1Rate": category["tax1Rate"] if category else ZERO,
            "tax2Rate": category["tax2Rate"] if category else ZERO,
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
            "totalDue": totals.total_due,
            "displayableTotal": totals.displayable_total,
            "balance": totals.balance,
            "calcAvgCost": totals.avg_cost,
            "calcFIFOCost": totals.fifo_cost,
        },
        stamp=False,
    )
    return totals


def live_payments(store: Store, sale_id: int) -> list[tuple[Record, money.Payment]]:
    """A sale's payments that are not archived, oldest first."""
    types = {row["paymentTypeID"]: row["type"] for row in store.find("PaymentType")}
    return [
        (
            row,
            money.Payment(
                amount=row["amount"],
                cash=types.get(row["paymentTypeID"]) == "cash",
                stored_value=types.get(row["paymentTypeID"]) in STORED_VALUE_TYPES,
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


def tax_class_totals(store: Store, sale_id: int) -> dict[str, Any] | None:
    """`TaxClassTotals` of a taxed sale: by tax class, rates in per cent, amounts unrounded."""
    sale = store.get("Sale", sale_id)
    category = store.get("TaxCategory", sale["taxCategoryID"]) if sale else None
    if not category:
        return None
    taxes: dict[int, dict[str, Any]] = {}
    for line in store.find("SaleLine", saleID=sale_id):
        if not line["tax1Rate"] and not line["tax2Rate"]:
            continue
        tax = taxes.setdefault(
            line["taxClassID"],
            {
                "rate": line["tax1Rate"] * 100,
                "rate2": line["tax2Rate"] * 100,
                "amount": ZERO,
                "amount2": ZERO,
                "subtotal": ZERO,
            },
        )
        tax["amount"] += line["calcTax1"]
        tax["amount2"] += line["calcTax2"]
        tax["subtotal"] += line["calcTotal"] - line["calcTax1"] - line["calcTax2"]
    shown = []
    for class_id, tax in taxes.items():
        tax_class = store.get("TaxClass", class_id)
        figures = {name: wire.decimal_text(value) for name, value in tax.items()}
        entry = {
            "id": str(class_id),
            "name": tax_class["name"] if tax_class else "",
            "taxable": figures["subtotal"],
            "rate": figures["rate"],
            "amount": figures["amount"],
            "taxname": category["tax1Name"],
            "subtotal": figures["subtotal"],
        }
        if tax["rate2"]:
            entry |= {
                "rate2": figures["rate2"],
                "amount2": figures["amount2"],
                "taxname2": category["tax2Name"],
                "subtotal2": figures["subtotal"],
            }
        shown.append(entry)
    return wire.wrapped("Tax", shown) if shown else None
