"""Fees that come with items of some categories, on lines of their own."""

import pytest


@pytest.fixture
def bottle(stocked):
    """Item 12 with a deposit of 0.50 that comes back; item 13 with a fee of 2 that does not."""
    stocked.put(
        {
            "Category": [{"categoryID": 2, "name": "Drinks"}, {"categoryID": 3, "name": "Tyres"}],
            "Item": [{"itemID": 12, "categoryID": 2}, {"itemID": 13, "categoryID": 3}],
            "ItemFee": [
                {
                    "itemFeeID": 6,
                    "name": "Bottle Deposit",
                    "feeValue": "0.5",
                    "ItemFeeCategories": {"ItemFeeCategory": {"categoryID": 2}},
                },
                {
                    "itemFeeID": 7,
                    "name": "Tire Recycling",
                    "feeValue": "2",
                    "taxable": True,
                    "nonRefundable": True,
                    "ItemFeeCategories": {"ItemFeeCategory": {"categoryID": 3}},
                },
            ],
        }
    )


BOTTLES = {"itemID": 12, "unitQuantity": 2}
TYRE = {"itemID": 13, "unitQuantity": 1}


def test_fee_is_a_line_below_its_item_and_part_of_the_total(bottle, open_sale):
    sale = open_sale(BOTTLES, TYRE)
    bottles, _, deposit, recycling = sale["SaleLines"]["SaleLine"]
    assert (deposit["lineType"], deposit["unitQuantity"], deposit["itemFeeID"]) == (
        "item_fee",
        "2",
        "6",
    )
    assert deposit["parentSaleLineID"] == bottles["saleLineID"]
    assert (deposit["calcTotal"], recycling["calcTotal"]) == ("1", "2.2995")
    assert (sale["calcItemFees"], sale["MetaData"]["itemFeesSubtotal"]) == ("3", "3")
    assert sale["calcSubtotal"] == "42.98"


def test_fee_follows_the_quantity_and_goes_with_its_item(bottle, owner, open_sale):
    sale = open_sale(BOTTLES)
    path = f"Sale/{sale['saleID']}/SaleLine/{sale['SaleLines']['SaleLine'][0]['saleLineID']}"
    owner.put(path, {"unitQuantity": 5})
    assert owner.record(f"Sale/{sale['saleID']}")["calcItemFees"] == "2.5"
    owner.delete(path)
    assert "SaleLines" not in owner.record(f"Sale/{sale['saleID']}", load_relations=["SaleLines"])


def test_deposit_comes_back_with_the_goods_and_a_fee_for_good_does_not(bottle, owner, open_sale):
    sale = open_sale(BOTTLES, TYRE)
    paid = {"SalePayments": {"SalePayment": {"paymentTypeID": 1, "amount": sale["calcTotal"]}}}
    owner.put(f"Sale/{sale['saleID']}", paid | {"completed": True})
    cash = {"SalePayments": {"SalePayment": {"paymentTypeID": 1}}}
    made = owner.post(f"Sale/{sale['saleID']}/refund", cash).json()["Sale"]
    types = [line["lineType"] for line in made["SaleLines"]["SaleLine"]]
    assert (types, made["calcItemFees"]) == (["", "", "item_fee_refund"], "-1")
    assert made["completed"] == "true"


def test_archived_fee_is_charged_no_more_and_shown_with_its_line_before(bottle, owner, open_sale):
    line_id = open_sale(BOTTLES)["SaleLines"]["SaleLine"][1]["saleLineID"]
    assert owner.record(f"SaleLine/{line_id}")["ItemFee"]["name"] == "Bottle Deposit"
    assert owner.delete("ItemFee/6").json()["ItemFee"]["archived"] == "true"
    assert isinstance(open_sale(BOTTLES)["SaleLines"]["SaleLine"], dict)


def test_fee_shows_the_categories_it_is_charged_in(bottle, owner):
    fee = owner.record("ItemFee/6", load_relations=["ItemFeeCategories.Category"])
    category = fee["ItemFeeCategories"]["ItemFeeCategory"]["Category"]
    assert (fee["calculationMethod"], category["name"]) == ("fixed_amount", "Drinks")
