"""The accounting reports, compared with the sales that were just made."""

from decimal import Decimal

import pytest

TILL = {"employeeID": 1, "shopID": 1, "registerID": 1}
EVER = {"startDate": "2020-01-01", "endDate": "9999-12-31"}


@pytest.fixture
def day(stocked, owner):
    """Two sales on one day of the shop's, though of two days by UTC, and one on the next."""
    moments = (
        "2026-05-04T23:00:00+00:00",
        "2026-05-05T03:30:00+00:00",
        "2026-05-05T14:00:00+00:00",
    )
    card, cash = {"paymentTypeID": 3, "amount": "20"}, {"paymentTypeID": 1, "amount": "50"}
    line = {"itemID": 13, "unitQuantity": 2, "discountPercent": "0.1"}
    for moment in moments:
        stocked.clock(now=moment, frozen=True)
        body = TILL | {"completed": True, "SaleLines": {"SaleLine": line}}
        done = owner.post("Sale", body | {"SalePayments": {"SalePayment": [card, cash]}})
        assert done.status_code == 200, done.text
    return {"startDate": "2026-05-04", "endDate": "2026-05-04"}


def report(client, name, root, **dates):
    answer = client.get(f"Reports/Accounting/{name}", **dates)
    assert answer.status_code == 200, answer.text
    return answer.json().get(root, [])


def test_a_day_of_sales_is_a_day_by_the_shops_clock(owner, day):
    (found,) = report(owner, "DiscountsByDay", "Discounts", **day)
    assert found == {"date": "05/04/2026", "shopID": "1", "discount": "8.00"}
    both = report(owner, "DiscountsByDay", "Discounts", **{**day, "endDate": "2026-05-05"})
    assert [row["discount"] for row in both] == ["8.00", "4.00"]


def test_shop_in_another_zone_has_days_of_its_own(owner, stocked, day):
    stocked.put({"Sale": [{"saleID": 2, "shopID": 2}]})
    stocked.put({"Shop": [{"shopID": 2, "name": "Lisbon", "timeZone": "Europe/Lisbon"}]})
    rows = report(owner, "DiscountsByDay", "Discounts", **EVER)
    assert [(row["date"], row["shopID"]) for row in rows] == [
        ("05/04/2026", "1"),
        ("05/05/2026", "1"),
        ("05/05/2026", "2"),
    ]


def test_payments_are_told_by_type_and_without_the_change(owner, day):
    found = report(owner, "PaymentsByDay", "Payments", **day)
    assert [(row["paymentTypeName"], row["amount"]) for row in found] == [
        ("Cash", "42.78"),
        ("Credit Card", "40.00"),
    ]


def test_taxes_add_up_what_the_sales_were_taxed(owner, day):
    (found,) = report(owner, "TaxesByDay", "Taxes", **day)
    assert (found["taxCategoryName"], found["tax"]) == ("GST", "10.78")


def test_tax_classes_tell_what_was_sold_and_what_it_had_cost(owner, day):
    (found,) = report(owner, "TaxClassSalesByDay", "SalesDay", **day)
    assert (found["taxClassName"], found["subtotal"]) == ("Item", "80.00")
    assert found["avgCost"] == "40.000000000"


def test_cost_of_nothing_is_written_with_all_its_zeros(owner, open_sale):
    sale = open_sale({"itemID": 14, "unitQuantity": 1})
    paid = {"SalePayments": {"SalePayment": {"paymentTypeID": 3, "amount": sale["calcTotal"]}}}
    owner.put(f"Sale/{sale['saleID']}", paid | {"completed": True})
    (found,) = report(owner, "TaxClassSalesByDay", "SalesDay", **EVER)
    assert (found["subtotal"], found["avgCost"]) == ("30.00", "0.000000000")


def test_sales_less_discounts_with_taxes_are_what_was_paid_also_after_a_refund(owner, day):
    refund = {"SaleLines": {"SaleLine": {"parentSaleLineID": 1, "unitQuantity": -1}}}
    owner.post("Sale", TILL | refund | {"completed": True, "SalePayments": {"SalePayment": [
        {"paymentTypeID": 1, "amount": "-20.70"},
    ]}})  # fmt: skip

    def total(name, root, figure):
        return sum(Decimal(row[figure]) for row in report(owner, name, root, **EVER))

    sold = total("TaxClassSalesByDay", "SalesDay", "subtotal")
    discounted = total("DiscountsByDay", "Discounts", "discount")
    taxed = total("TaxesByDay", "Taxes", "tax")
    assert (sold, discounted) == (Decimal("100.00"), Decimal("10.00"))
    assert sold - discounted + taxed == total("PaymentsByDay", "Payments", "amount")


def test_orders_are_told_by_vendor_and_tax_class_on_the_day_they_came_in(owner, stocked):
    stocked.put({"Vendor": [{"vendorID": 57, "name": "Alder"}]})
    lines = [{"itemID": 12, "quantity": 3, "price": "4"}, {"itemID": 14, "quantity": 1}]
    dates = {"orderedDate": "2026-05-01", "receivedDate": "2026-05-04"}
    ordered = {"vendorID": 57, "shopID": 1, "shipCost": "12"} | dates
    owner.post("Order", ordered | {"OrderLines": {"OrderLine": lines}})
    day = {"startDate": "2026-05-04", "endDate": "2026-05-04"}
    goods, labor = report(owner, "OrdersByTaxClass", "Order", **day)
    assert (goods["vendorName"], goods["taxClassName"]) == ("Alder", "Item")
    assert (goods["cost"], goods["totalShipCost"]) == ("12.000000000", "12.00")
    assert (labor["taxClassID"], labor["cost"]) == ("2", "0.000000000")
    before = {"startDate": "2026-05-01", "endDate": "2026-05-03"}
    assert report(owner, "OrdersByTaxClass", "Order", **before) == []


def test_days_are_in_order_over_the_turn_of_the_year_and_backwards_when_asked(owner):
    for moment in ("2025-12-31T18:00:00+00:00", "2026-01-02T18:00:00+00:00"):
        owner.post("Sale", TILL | {"completed": True, "completeTime": moment})
    years = {"startDate": "2025-12-31T00:00:00-05:00", "endDate": "2026-12-31"}
    days = [row["date"] for row in report(owner, "DiscountsByDay", "Discounts", **years)]
    back = report(owner, "DiscountsByDay", "Discounts", sort="-date", **years)
    assert days == ["12/31/2025", "01/02/2026"]
    assert [row["date"] for row in back] == days[::-1]
    wrong = owner.get("Reports/Accounting/DiscountsByDay", sort="shopID", **years)
    assert (wrong.status_code, wrong.json()["message"][-5:]) == (400, "date.")


def test_a_voided_sale_is_in_no_report(owner, stocked, day):
    stocked.put({"Sale": [{"saleID": 1, "voided": True}, {"saleID": 2, "voided": True}]})
    assert report(owner, "TaxesByDay", "Taxes", **day) == []


@pytest.mark.parametrize(
    "dates", [{}, {"startDate": "2026-05-04"}, {"startDate": "today", "endDate": "x"}]
)
def test_a_report_needs_two_dates(owner, dates):
    assert owner.get("Reports/Accounting/TaxesByDay", **dates).status_code == 400


@pytest.mark.parametrize(
    ("name", "row", "recorded"),
    [
        ("DiscountsByDay", "Discounts", "discounts-get-200-docs-d26052"),
        ("PaymentsByDay", "Payments", "payments-get-200-docs-f00759"),
        ("TaxesByDay", "Taxes", "taxes-get-200-docs-3eef7c"),
        ("TaxClassSalesByDay", "SalesDay", "salesday-get-200-docs-13c4cd"),
    ],
)
def test_rows_are_written_as_the_published_ones(owner, day, recording, name, row, recorded):
    (published,) = recording(recorded)["response"]["body"][row]
    shown = report(owner, name, row, **day)[0]
    assert list(shown) == list(published)
    for key, value in published.items():
        # As many digits behind the point.
        assert len(shown[key].partition(".")[2]) == len(value.partition(".")[2]), key


def test_reports_take_a_right_of_their_own(stocked, day):
    client = stocked.client(scope="employee:register")
    assert client.get("Reports/Accounting/TaxesByDay", **day).status_code == 403
