"""What Lightspeed makes of a sale, from the first line to the stock on the shelf."""

from decimal import Decimal

import pytest

SOCK = {"itemID": 12, "unitQuantity": 1}
HAT = {"itemID": 13, "unitQuantity": 1}


def pay(amount, payment_type=1, **fields):
    return {
        "SalePayments": {"SalePayment": [{"paymentTypeID": payment_type, "amount": amount}]}
    } | {
        "completed": True,
        **fields,
    }


def test_open_sale_takes_price_tax_class_and_seller_from_item_shop_and_sale(open_sale):
    sale = open_sale({"itemID": "12", "unitQuantity": "2"})
    line = sale["SaleLines"]["SaleLine"]
    assert (line["unitPrice"], line["tax"], line["employeeID"]) == ("9.99", "true", "1")
    assert (line["avgCost"], line["taxClassID"], line["shopID"]) == ("4", "1", "1")
    assert (sale["taxCategoryID"], sale["tax2Rate"]) == ("1", "0.09975")
    assert (sale["completed"], sale["calcAvgCost"]) == ("false", "8")
    assert "completeTime" not in sale


def test_sale_without_lines_has_no_lines_key(open_sale):
    sale = open_sale(taxCategoryID=0)
    assert "SaleLines" not in sale
    assert (sale["calcTotal"], sale["Shop"]["name"]) == ("0", "Main Street")


@pytest.mark.parametrize("missing", ["employeeID", "shopID", "registerID"])
def test_sale_of_nobody_or_nowhere_is_refused(owner, missing):
    body = {"employeeID": 1, "shopID": 1, "registerID": 1, missing: 0}
    answer = owner.post("Sale", body)
    assert answer.status_code == 400
    assert missing in answer.json()["message"]


def test_tax_category_zero_silently_removes_tax_from_all_lines(open_sale):
    sale = open_sale({"itemID": 12, "unitQuantity": 1, "tax": True}, taxCategoryID=0)
    line = sale["SaleLines"]["SaleLine"]
    assert (line["tax"], line["tax1Rate"], sale["calcTotal"]) == ("false", "0", "9.99")
    assert "TaxCategory" not in sale


@pytest.mark.parametrize("code", ["5012345678900", "12"])
def test_line_finds_its_item_by_bar_code_or_id(open_sale, code):
    sale = open_sale({"itemCode": code, "unitQuantity": 1})
    assert sale["SaleLines"]["SaleLine"]["itemID"] == "12"


def test_line_finds_its_item_by_system_sku(open_sale):
    sale = open_sale({"itemCode": "210000000177", "unitQuantity": 1})
    assert sale["SaleLines"]["SaleLine"]["itemID"] == "13"


def test_line_posted_without_quantity_has_quantity_zero(owner, open_sale):
    sale = open_sale()
    line = owner.post(f"Sale/{sale['saleID']}/SaleLine", {"itemID": 12}).json()["SaleLine"]
    assert (line["unitQuantity"], line["calcTotal"], line["taxCategoryID"]) == ("0", "0", "1")


def test_lines_sent_again_without_their_ids_are_appended(owner, open_sale):
    sale = open_sale(SOCK)
    changed = owner.put(f"Sale/{sale['saleID']}", {"SaleLines": [{"SaleLine": SOCK}]}).json()
    lines = changed["Sale"]["SaleLines"]["SaleLine"]
    assert [line["itemID"] for line in lines] == ["12", "12"]
    assert changed["Sale"]["calcSubtotal"] == "19.98"


def test_line_sent_with_its_id_is_changed(owner, open_sale):
    sale = open_sale(SOCK)
    line_id = sale["SaleLines"]["SaleLine"]["saleLineID"]
    body = {"SaleLines": {"SaleLine": {"saleLineID": line_id, "unitQuantity": 3}}}
    changed = owner.put(f"Sale/{sale['saleID']}", body).json()["Sale"]
    assert changed["SaleLines"]["SaleLine"]["unitQuantity"] == "3"
    assert changed["calcSubtotal"] == "29.97"


def test_removed_line_is_gone_and_the_sale_worth_less(owner, open_sale):
    sale = open_sale(SOCK, HAT)
    line_id = sale["SaleLines"]["SaleLine"][0]["saleLineID"]
    assert owner.delete(f"Sale/{sale['saleID']}/SaleLine/{line_id}").status_code == 200
    left = owner.record(f"Sale/{sale['saleID']}", load_relations=["SaleLines"])
    assert (left["SaleLines"]["SaleLine"]["itemID"], left["calcSubtotal"]) == ("13", "20")


def test_line_of_another_sale_is_not_found_here(owner, open_sale):
    one, other = open_sale(SOCK), open_sale(HAT)
    line_id = one["SaleLines"]["SaleLine"]["saleLineID"]
    answer = owner.put(f"Sale/{other['saleID']}/SaleLine/{line_id}", {"unitQuantity": 9})
    assert answer.status_code == 404


def test_miscellaneous_line_needs_a_price_of_its_own(owner, open_sale):
    sale = open_sale({"itemID": 0, "unitQuantity": 1, "unitPrice": "5", "note": "Engraving"})
    line = owner.record(f"Sale/{sale['saleID']}", load_relations=["SaleLines", "SaleLines.Note"])[
        "SaleLines"
    ]["SaleLine"]
    assert (line["itemID"], line["Note"]["note"]) == ("0", "Engraving")
    refused = owner.put(f"Sale/{sale['saleID']}", {"SaleLines": {"SaleLine": {"unitQuantity": 1}}})
    assert refused.status_code == 400


def test_quantity_with_thousands_separator_is_unprocessable(owner, open_sale):
    sale = open_sale()
    body = {"itemID": 12, "unitQuantity": "1,000.00"}
    assert owner.post(f"Sale/{sale['saleID']}/SaleLine", body).status_code == 422


def test_amount_with_thousands_separator_is_a_bad_request(owner, open_sale):
    sale = open_sale(SOCK)
    assert owner.put(f"Sale/{sale['saleID']}", pay("4,900.00")).status_code == 400
    assert owner.record(f"Sale/{sale['saleID']}")["completed"] == "false"


def test_completing_with_the_exact_amount_closes_the_sale(owner, open_sale):
    sale = open_sale(SOCK, HAT)
    done = owner.put(f"Sale/{sale['saleID']}", pay("34.48")).json()["Sale"]
    assert (done["completed"], done["balance"], done["change"]) == ("true", "0", "0")
    assert done["completeTime"] == done["timeStamp"]
    assert done["SalePayments"]["SalePayment"]["registerID"] == "1"


def test_cash_above_the_total_is_cut_and_given_back_as_change(owner, open_sale):
    sale = open_sale(SOCK)
    done = owner.put(f"Sale/{sale['saleID']}", pay("15")).json()["Sale"]
    assert done["SalePayments"]["SalePayment"]["amount"] == "11.49"
    assert (done["change"], done["calcPayments"]) == ("3.51", "11.49")


def test_oldest_cash_is_cut_first_and_stays_as_a_row_of_nothing(owner, open_sale):
    sale = open_sale({"itemID": 0, "unitQuantity": 2, "unitPrice": "19.99"}, taxCategoryID=0)
    owner.put(f"Sale/{sale['saleID']}", pay("39.98") | {"completed": False})
    done = owner.put(f"Sale/{sale['saleID']}", pay("39.98")).json()["Sale"]
    amounts = [row["amount"] for row in done["SalePayments"]["SalePayment"]]
    assert (amounts, done["change"]) == (["0", "39.98"], "39.98")


def test_overpaid_open_sale_merely_has_a_negative_balance(owner, open_sale):
    sale = open_sale(SOCK)
    body = pay("20") | {"completed": False}
    owed = owner.put(f"Sale/{sale['saleID']}", body).json()["Sale"]
    assert (owed["balance"], owed["completed"], owed["change"]) == ("-8.51", "false", "0")


def test_card_above_the_total_is_out_of_balance(owner, open_sale):
    sale = open_sale(SOCK)
    answer = owner.put(f"Sale/{sale['saleID']}", pay("15", payment_type=3))
    assert answer.status_code == 400
    assert answer.json()["errorClass"] == "OutOfBalanceError"
    assert answer.json()["message"] == (
        "Cannot complete an out of balance sale. Non-cash payments are greater than the total."
    )


def test_too_little_money_leaves_sale_open_with_the_payment_attached(owner, stocked, open_sale):
    sale = open_sale(SOCK)
    answer = owner.put(f"Sale/{sale['saleID']}", pay("10"))
    assert answer.json()["message"].endswith("Payments are insufficient.")
    assert (answer.json()["saleID"], answer.json()["balance"]) == (sale["saleID"], "1.49")
    (kept,) = stocked.sales()
    assert (kept["completed"], len(kept["payments"])) == (False, 1)


def test_sale_that_cannot_be_completed_by_its_post_exists_all_the_same(owner, stocked):
    body = {"employeeID": 1, "shopID": 1, "registerID": 1, "referenceNumber": "SF-1"}
    answer = owner.post("Sale", body | {"SaleLines": {"SaleLine": SOCK}} | pay("5"))
    assert answer.status_code == 400
    (sale,) = stocked.sales(referenceNumber="SF-1")
    assert (sale["saleID"], sale["completed"]) == (int(answer.json()["saleID"]), False)


def test_refund_paid_out_short_is_out_of_balance(owner, open_sale):
    sale = open_sale({"itemID": 12, "unitQuantity": -1})
    answer = owner.put(f"Sale/{sale['saleID']}", pay("-5"))
    assert answer.json()["message"].endswith("Refunds are insufficient.")
    assert owner.put(f"Sale/{sale['saleID']}", pay("-6.49")).status_code == 200


def test_sale_of_nothing_completes_without_payment(owner, open_sale):
    sale = open_sale()
    done = owner.put(f"Sale/{sale['saleID']}", {"completed": "true"}).json()["Sale"]
    assert (done["completed"], done["total"]) == ("true", "0")


def test_stock_moves_when_the_sale_is_completed_and_not_before(owner, stocked, open_sale):
    sale = open_sale({"itemID": 12, "unitQuantity": 2}, {"itemID": 14, "unitQuantity": 1})
    assert stocked.stock(12) == {1: 5, 0: 5}
    total = Decimal(sale["calcTotal"])
    assert owner.put(f"Sale/{sale['saleID']}", pay(str(total))).status_code == 200
    assert stocked.stock(12) == {1: 3, 0: 3}
    assert stocked.stock(14) == {}


def test_stock_may_go_below_zero_but_what_can_be_sold_may_not(owner, open_sale):
    sale = open_sale({"itemID": 13, "unitQuantity": 3})
    owner.put(f"Sale/{sale['saleID']}", pay("100"))
    rows = owner.record("Item/13", load_relations=["ItemShops"])["ItemShops"]["ItemShop"]
    assert [(row["shopID"], row["qoh"], row["sellable"]) for row in rows] == [
        ("1", "-1", "0"),
        ("0", "-1", "0"),
    ]


def test_sold_stock_shows_by_its_own_time_stamp_and_not_the_items(owner, stocked, open_sale):
    before = owner.record("Item/12")["timeStamp"]
    stocked.clock(advance=600)
    sale = open_sale(SOCK)
    done = owner.put(f"Sale/{sale['saleID']}", pay("11.49")).json()["Sale"]
    assert owner.record("Item/12")["timeStamp"] == before
    changed = owner.records("ItemShop", timeStamp=f">=,{done['completeTime']}")
    assert {row["itemID"] for row in changed} == {"12"}


@pytest.mark.parametrize(
    "body",
    [
        {"SaleLines": {"SaleLine": SOCK}},
        {"SalePayments": {"SalePayment": {"paymentTypeID": 1, "amount": "1"}}},
        {"completed": False},
        {"taxCategoryID": 0},
    ],
)
def test_completed_sale_refuses_lines_payments_and_reopening(owner, open_sale, body):
    sale = open_sale(SOCK)
    owner.put(f"Sale/{sale['saleID']}", pay("11.49"))
    assert owner.put(f"Sale/{sale['saleID']}", body).status_code == 400
    kept = owner.record(f"Sale/{sale['saleID']}", load_relations=["SaleLines", "SalePayments"])
    assert (kept["completed"], kept["calcTotal"], kept["balance"]) == ("true", "11.49", "0")


@pytest.mark.parametrize(
    ("may_change", "reference", "line"), [("some", 200, 400), ("all", 200, 200), ("none", 400, 400)]
)
def test_what_a_completed_sale_lets_change_can_be_set(
    owner, stocked, open_sale, may_change, reference, line
):
    sale = open_sale(SOCK)
    owner.put(f"Sale/{sale['saleID']}", pay("11.49"))
    stocked.settings(completed_sales=may_change)
    path = f"Sale/{sale['saleID']}"
    assert owner.put(path, {"referenceNumber": "SF-2"}).status_code == reference
    assert owner.put(path, {"SaleLines": {"SaleLine": HAT}}).status_code == line


def test_completed_sale_takes_a_new_reference_and_a_second_completion_changes_nothing(
    owner, stocked, open_sale
):
    sale = open_sale(SOCK)
    owner.put(f"Sale/{sale['saleID']}", pay("11.49"))
    assert owner.put(f"Sale/{sale['saleID']}", {"completed": True}).status_code == 200
    owner.put(f"Sale/{sale['saleID']}", {"referenceNumber": "SF-2"})
    assert [row["saleID"] for row in stocked.sales(referenceNumber="SF-2")] == [int(sale["saleID"])]
    assert stocked.stock(12)[1] == 4


def test_open_sale_is_archived_by_delete_and_a_completed_one_is_not(owner, open_sale):
    stray, sold = open_sale(SOCK), open_sale(SOCK)
    owner.put(f"Sale/{sold['saleID']}", pay("11.49"))
    assert owner.delete(f"Sale/{stray['saleID']}").json()["Sale"]["archived"] == "true"
    assert owner.delete(f"Sale/{sold['saleID']}").status_code == 400
    assert [row["saleID"] for row in owner.records("Sale")] == [sold["saleID"]]
    assert len(owner.records("Sale", archived="true")) == 2


def test_sale_can_be_completed_in_the_past_and_never_in_the_future(owner, open_sale):
    sale = open_sale(SOCK)
    future = pay("11.49", completeTime="2999-01-01T00:00:00+00:00")
    assert owner.put(f"Sale/{sale['saleID']}", future).status_code == 400
    past = pay("11.49", completeTime="2020-02-03T10:00:00-05:00")
    done = owner.put(f"Sale/{sale['saleID']}", past).json()["Sale"]
    assert done["completeTime"] == "2020-02-03T15:00:00+00:00"


def test_discount_record_puts_its_percentage_on_the_line(owner, stocked, open_sale):
    stocked.put({"Discount": [{"discountID": 34, "name": "Staff", "discountPercent": "0.4"}]})
    sale = open_sale({"itemID": 0, "unitPrice": "24.99", "unitQuantity": 1, "discountID": 34})
    line = sale["SaleLines"]["SaleLine"]
    assert (line["discountPercent"], line["calcLineDiscount"]) == ("0.4", "10")
    assert (sale["calcDiscount"], sale["calcSubtotal"]) == ("10", "24.99")


def test_discount_on_the_whole_sale_is_spread_over_its_lines_to_the_cent(open_sale):
    lines = [{"itemID": 0, "unitQuantity": 1, "unitPrice": "3.33"} for _ in range(3)]
    sale = open_sale(*lines, discountPercent="0.1", taxCategoryID=0)
    shares = [line["calcTransactionDiscount"] for line in sale["SaleLines"]["SaleLine"]]
    assert (shares, sale["calcTotal"]) == (["0.33", "0.33", "0.34"], "8.99")


def test_override_of_a_tax_class_goes_before_the_category_rate(stocked, open_sale):
    stocked.put(
        {
            "TaxCategory": [
                {
                    "taxCategoryID": 1,
                    "TaxCategoryClasses": {"TaxCategoryClass": [{"taxClassID": 2, "tax1Rate": 0}]},
                }
            ]
        }
    )
    sale = open_sale({"itemID": 14, "unitQuantity": 1}, HAT)
    assert (sale["calcNonTaxable"], sale["calcTaxable"]) == ("30", "20")


def test_tax_inclusive_prices_are_what_the_customer_pays(stocked, open_sale):
    stocked.put({"TaxCategory": [{"taxCategoryID": 9, "isTaxInclusive": True, "tax1Rate": "0.2"}]})
    sale = open_sale({"itemID": 0, "unitQuantity": 1, "unitPrice": "12"}, taxCategoryID=9)
    assert (sale["total"], sale["calcTax1"], sale["calcSubtotal"]) == ("12", "2", "10")
    assert (sale["isTaxInclusive"], sale["displayableSubtotal"]) == ("true", "12")


def test_sale_notes_are_kept_one_of_each_kind(owner, open_sale):
    sale = open_sale(SaleNotes={"PrintedNote": {"note": "Thank you"}})
    owner.put(f"Sale/{sale['saleID']}", {"SaleNotes": {"InternalNote": {"note": "Regular"}}})
    notes = owner.record(f"Sale/{sale['saleID']}", load_relations=["SaleNotes"])["SaleNotes"]
    assert notes["PrintedNote"]["note"] == "Thank you"
    assert notes["InternalNote"]["note"] == "Regular"


def test_archived_item_cannot_be_sold(owner, open_sale):
    owner.delete("Item/12")
    sale = open_sale()
    answer = owner.post(f"Sale/{sale['saleID']}/SaleLine", SOCK)
    assert answer.status_code == 400
    assert "archived" in answer.json()["message"]


def test_shop_sells_at_its_own_price_level(stocked, open_sale):
    stocked.put(
        {
            "Shop": [{"shopID": 1, "priceLevelID": 2}],
            "Item": [
                {
                    "itemID": 12,
                    "Prices": {
                        "ItemPrice": [
                            {"amount": "9.99", "useTypeID": 1},
                            {"amount": "8", "useTypeID": 2},
                        ]
                    },
                }
            ],
        }
    )
    prices = [line["unitPrice"] for line in open_sale(SOCK, HAT)["SaleLines"]["SaleLine"]]
    assert prices == ["8", "20"]


def test_ticket_number_is_22_and_the_sale_id_in_ten_digits(stocked, owner):
    stocked.put({"Sale": [{"saleID": 107, "shopID": 1, "registerID": 1, "employeeID": 1}]})
    assert owner.record("Sale/107")["ticketNumber"] == "220000000107"


@pytest.mark.parametrize("body", [{"referenceNumber": "x"}, {"customerID": 88}])
def test_completed_sale_keeps_its_figures_when_taxes_change(stocked, owner, open_sale, body):
    stocked.put({"Customer": [{"customerID": 88, "firstName": "Ann", "taxCategoryID": 1}]})
    stocked.settings(customer_defaults_applied=True)
    sale = owner.put(f"Sale/{open_sale(SOCK)['saleID']}", pay("11.49")).json()["Sale"]
    owner.put("TaxCategory/1", {"tax1Rate": "0.5"})
    changed = owner.put(f"Sale/{sale['saleID']}", body).json()["Sale"]
    assert (changed["calcTotal"], changed["balance"], changed["tax1Rate"]) == ("11.49", "0", "0.05")
    assert changed["SaleLines"] == sale["SaleLines"]


@pytest.mark.parametrize("given", [{"firstName": "Ann"}, {"customerID": None}, {"customerID": 0}])
def test_customer_nested_without_id_is_ignored(owner, open_sale, given):
    before = len(owner.records("Customer"))
    assert open_sale(SOCK, Customer=given)["customerID"] == "0"
    assert len(owner.records("Customer")) == before


@pytest.mark.parametrize(
    "body",
    [
        {"Customer": {"customerID": "abc"}},
        {"Shop": {"shopID": []}, "shopID": None},
        {"SaleLines": {"SaleLine": {"saleLineID": {"a": 1}, "itemID": 12}}},
        {"SalePayments": {"SalePayment": {"salePaymentID": [1], "paymentTypeID": 1}}},
    ],
)
def test_ids_of_no_number_are_refused(owner, body):
    answer = owner.post("Sale", {"employeeID": 1, "shopID": 1, "registerID": 1, **body})
    assert (answer.status_code, answer.json()["errorClass"]) == (400, "Exception")


def test_amounts_too_large_to_reckon_with_are_refused(owner, open_sale):
    largest = {"unitQuantity": 10**12 - 1, "unitPrice": 10**11}
    body = {"SaleLines": {"SaleLine": [largest] * 40}}
    owner.put("TaxCategory/1", {"tax1Rate": 10**9})
    answer = owner.put(f"Sale/{open_sale()['saleID']}", body)
    assert answer.status_code == 400
    assert "too large" in answer.json()["message"]


def test_line_of_another_item_has_that_items_price_cost_and_taxes(owner, stocked, open_sale):
    stocked.put({"Item": [{"itemID": 14, "tax": False}]})
    sale = open_sale(SOCK)
    path = f"Sale/{sale['saleID']}/SaleLine/{sale['SaleLines']['SaleLine']['saleLineID']}"
    hat = owner.put(path, {"itemID": 13}).json()["SaleLine"]
    assert (hat["unitPrice"], hat["avgCost"], hat["fifoCost"]) == ("20", "10", "10")
    fitting = owner.put(path, {"itemID": 14, "unitPrice": "25"}).json()["SaleLine"]
    assert (fitting["unitPrice"], fitting["avgCost"]) == ("25", "0")
    assert (fitting["tax"], fitting["taxClassID"]) == ("false", "2")


def test_line_without_its_item_keeps_its_price_and_costs_nothing(owner, open_sale):
    sale = open_sale(SOCK)
    path = f"Sale/{sale['saleID']}/SaleLine/{sale['SaleLines']['SaleLine']['saleLineID']}"
    line = owner.put(path, {"itemID": 0}).json()["SaleLine"]
    assert (line["itemID"], line["unitPrice"], line["avgCost"]) == ("0", "9.99", "0")


def test_time_of_a_line_is_told_when_it_is_made_and_never_after(owner, open_sale):
    long_ago = "2001-02-03T04:05:06+00:00"
    sale = open_sale({**SOCK, "createTime": long_ago})
    line = sale["SaleLines"]["SaleLine"]
    assert line["createTime"] == long_ago
    path = f"Sale/{sale['saleID']}/SaleLine/{line['saleLineID']}"
    assert (
        owner.put(path, {"createTime": "2002-01-01"}).json()["SaleLine"]["createTime"] == long_ago
    )
