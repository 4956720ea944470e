"""Goods taken back: the whole of a sale, a part of it, or in exchange."""

from decimal import Decimal

import pytest

SOCK = {"itemID": 12, "unitQuantity": 1}
HAT = {"itemID": 13, "unitQuantity": 1}
CASH = {"SalePayments": {"SalePayment": {"paymentTypeID": "1"}}}


@pytest.fixture
def sold(owner, open_sale):
    """A completed sale of these lines, with its lines in a list."""

    def make(*lines, **fields):
        sale = open_sale(*lines, **fields)
        paid = {"SalePayments": {"SalePayment": {"paymentTypeID": 1, "amount": sale["calcTotal"]}}}
        answer = owner.put(f"Sale/{sale['saleID']}", paid | {"completed": True})
        assert answer.status_code == 200, answer.text
        sale = answer.json()["Sale"]
        return sale | {"lines": lines_of(sale)}

    return make


def lines_of(sale):
    lines = sale.get("SaleLines", {}).get("SaleLine", [])
    return lines if isinstance(lines, list) else [lines]


def back(line, units=1, **fields):
    return {"parentSaleLineID": line["saleLineID"], "unitQuantity": -units, **fields}


def part(*lines, **fields):
    return {"SaleLines": {"SaleLine": list(lines)}, **fields}


def refund(client, sale, body=CASH, number="saleID"):
    answer = client.post(f"Sale/{sale[number]}/refund", body)
    assert answer.status_code == 200, answer.text
    return answer.json()["Sale"]


@pytest.mark.parametrize("number", ["saleID", "ticketNumber"])
def test_whole_sale_comes_back_by_its_id_or_the_number_on_its_receipt(owner, sold, number):
    sale = sold(SOCK, HAT)
    made = refund(owner, sale, number=number)
    assert (made["completed"], made["total"], made["balance"]) == ("true", "-34.48", "0")
    assert (made["calcTax1"], made["calcTax2"], made["totalDue"]) == ("-1.5", "-2.99", "0")
    assert made["SalePayments"]["SalePayment"]["amount"] == "-34.48"
    assert [
        (line["unitQuantity"], line["unitPrice"], line["parentSaleLineID"])
        for line in lines_of(made)
    ] == [("-1", line["unitPrice"], line["saleLineID"]) for line in sale["lines"]]


def test_goods_taken_back_are_on_the_shelf_again_and_logged(owner, stocked, sold):
    sale = sold({"itemID": 12, "unitQuantity": 2})
    refund(owner, sale)
    assert stocked.stock(12) == {1: 5, 0: 5}
    reasons = [row["reason"] for row in owner.records("InventoryLog")]
    assert reasons == ["RemoveForTransactionLine", "RefundAddInventory"]


def test_part_of_a_sale_comes_back_for_a_given_amount(owner, sold):
    sale = sold({"itemID": 12, "unitQuantity": 2}, HAT)
    paid = {"SalePayments": {"SalePayment": {"amount": -11.49, "paymentTypeID": 1}}}
    made = refund(owner, sale, part(back(sale["lines"][0], itemID=12), **paid))
    assert (made["total"], made["completed"]) == ("-11.49", "true")
    rest = refund(owner, sale)
    assert [line["unitQuantity"] for line in lines_of(rest)] == ["-1", "-1"]


def test_refund_can_be_left_open_to_read_its_total_first(owner, stocked, sold):
    sale = sold(SOCK)
    made = refund(owner, sale, part(back(sale["lines"][0]), completed=False))
    assert (made["completed"], made["calcTotal"], stocked.stock(12)[1]) == ("false", "-11.49", 4)
    paid = {"SalePayments": {"SalePayment": {"paymentTypeID": 1, "amount": made["calcTotal"]}}}
    done = owner.put(f"Sale/{made['saleID']}", paid | {"completed": True}).json()["Sale"]
    assert (done["completed"], stocked.stock(12)[1]) == ("true", 5)


def test_line_that_cannot_come_back_is_silently_missing_and_the_refund_left_open(owner, sold):
    sale = sold(SOCK)
    taken = lines_of(refund(owner, sale))[0]
    paid = {"SalePayments": {"SalePayment": {"amount": -11.49, "paymentTypeID": 1}}}
    for bad in (back(taken), back(sale["lines"][0]), back({"saleLineID": "999"})):
        made = refund(owner, sale, part(bad, **paid))
        assert "SaleLines" not in made
        assert (made["completed"], made["total"], made["balance"]) == ("false", "0", "11.49")


def test_line_that_cannot_come_back_is_refused_where_so_set(owner, stocked, sold):
    sale = sold(SOCK)
    stocked.settings(bad_refund_refused=True)
    before = len(stocked.sales())
    answer = owner.post(f"Sale/{sale['saleID']}/refund", part(back(sale["lines"][0], 2)) | CASH)
    assert (answer.status_code, len(stocked.sales())) == (400, before)


def test_ordinary_sale_takes_back_no_more_than_was_sold(owner, sold, open_sale):
    sale = sold({"itemID": 12, "unitQuantity": 3})
    line = sale["lines"][0]
    made = open_sale(back(line, 2), back(line, 2))
    assert [row["unitQuantity"] for row in lines_of(made)] == ["-2"]
    path = f"Sale/{made['saleID']}/SaleLine"
    assert owner.post(path, back(line, 2)).status_code == 400
    assert owner.post(path, back(line, 1)).json()["SaleLine"]["itemID"] == "12"


def test_open_and_archived_sales_give_nothing_back(owner, open_sale):
    sale = open_sale(SOCK)
    assert owner.post(f"Sale/{sale['saleID']}/refund", CASH).status_code == 400
    assert "SaleLines" not in open_sale(back(sale["SaleLines"]["SaleLine"]))


def test_exchange_is_one_sale_of_both_signs(owner, stocked, sold, open_sale):
    sale = sold(SOCK)
    exchange = open_sale(back(sale["lines"][0]), HAT)
    assert (exchange["calcSubtotal"], exchange["calcTotal"]) == ("10.01", "11.51")
    paid = {"SalePayments": {"SalePayment": {"paymentTypeID": 1, "amount": "11.51"}}}
    owner.put(f"Sale/{exchange['saleID']}", paid | {"completed": True})
    assert (stocked.stock(12)[1], stocked.stock(13)[1]) == (5, 1)


def test_goods_without_a_receipt_come_back_by_a_negative_quantity_and_no_negative_price(open_sale):
    sale = open_sale({"itemID": 12, "unitQuantity": -1})
    assert sale["calcTotal"] == "-11.49"
    rebate = open_sale({"itemID": 0, "unitQuantity": 1, "unitPrice": -5}, taxCategoryID=0)
    assert rebate["calcTotal"] == "-5"


def test_negative_price_of_a_negative_quantity_is_refused(owner, open_sale):
    path = f"Sale/{open_sale()['saleID']}/SaleLine"
    wrong = {"itemID": 0, "unitQuantity": -1, "unitPrice": -5}
    assert owner.post(path, wrong).status_code == 400


@pytest.mark.parametrize(
    ("fields", "unit"),
    [
        ({"discountPercent": "0.15"}, "line"),
        ({"discountAmount": "1"}, "line"),
        ({"discountAmount": "0.1"}, "unit"),
    ],
)
def test_discounts_of_partial_refunds_add_up_to_the_one_given(owner, stocked, sold, fields, unit):
    stocked.settings(discount_amount_per=unit)
    line = {"itemID": 0, "unitPrice": "3.33", "unitQuantity": 3, **fields}
    sale = sold(line, taxCategoryID=0)
    made = [refund(owner, sale, part(back(sale["lines"][0])) | CASH) for _ in range(3)]
    assert sum(Decimal(one["total"]) for one in made) == -Decimal(sale["total"])
    assert sum(Decimal(one["calcDiscount"]) for one in made) == -Decimal(sale["calcDiscount"])


def test_share_of_a_discount_on_the_whole_sale_comes_back_with_its_line(owner, sold):
    lines = [{"itemID": 0, "unitQuantity": 1, "unitPrice": "3.33"} for _ in range(3)]
    sale = sold(*lines, discountPercent="0.1", taxCategoryID=0)
    made = [refund(owner, sale, part(back(line)) | CASH) for line in sale["lines"]]
    assert [one["total"] for one in made] == ["-3", "-3", "-2.99"]


def test_whole_refund_of_inclusive_prices_pays_back_what_was_paid(owner, stocked, sold):
    stocked.put({"TaxCategory": [{"taxCategoryID": 9, "isTaxInclusive": True, "tax1Rate": "0.2"}]})
    line = {"itemID": 0, "unitQuantity": 3, "unitPrice": "9.99", "discountPercent": "0.1"}
    sale = sold(line, taxCategoryID=9)
    made = [refund(owner, sale, part(back(sale["lines"][0])) | CASH) for _ in range(3)]
    assert sum(Decimal(one["total"]) for one in made) == -Decimal(sale["total"])


def test_tender_is_paid_back_as_the_merchant_has_that_type_paid_back(owner, stocked, sold):
    stocked.put({"PaymentType": [{"paymentTypeID": 12, "refundAsPaymentTypeID": 2}]})
    sale = sold(SOCK)
    made = refund(owner, sale, {"SalePayments": {"SalePayment": {"paymentTypeID": 12}}})
    assert made["SalePayments"]["SalePayment"]["paymentTypeID"] == "2"


def test_refund_names_the_payment_that_it_gives_back(owner, sold):
    sale = sold(SOCK)
    payment_id = sale["SalePayments"]["SalePayment"]["salePaymentID"]
    paid = {"paymentTypeID": 3, "refPaymentID": payment_id}
    made = refund(owner, sale, {"SalePayments": {"SalePayment": paid}})
    assert made["SalePayments"]["SalePayment"]["refPaymentID"] == payment_id


def test_refund_costs_ten_drips_and_takes_a_scope_for_it(owner, stocked, sold):
    one, other = sold(SOCK), sold(SOCK)
    stocked.settings(rate_limits="current")
    answer = owner.post(f"Sale/{one['saleID']}/refund", CASH)
    assert float(answer.headers["X-LS-Api-Request-Cost"]) == 10.5
    path = f"Sale/{other['saleID']}/refund"
    assert stocked.client(scope="employee:register_read").post(path, CASH).status_code == 403
    assert stocked.client(scope="employee:register_refund").post(path, CASH).status_code == 200
