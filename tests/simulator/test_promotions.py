"""Price rules: promotions that lower prices without being discounts."""

import pytest

HAT = {"itemID": 13, "unitQuantity": 1}


@pytest.fixture
def promoted(stocked, open_sale):
    """A cart that asks for promotions, in a shop that has these rules; its lines."""

    def make(rule, *lines, **fields):
        stocked.put({"PriceRule": [{"priceRuleID": 1, "name": "Promotion", **rule}]})
        sale = open_sale(*lines, enablePromotions=True, **fields)
        found = sale["SaleLines"]["SaleLine"]
        return found if isinstance(found, list) else [found]

    return make


def prices(lines):
    return [(line["unitPrice"], line["normalUnitPrice"]) for line in lines]


def test_rule_lowers_the_price_keeps_the_old_one_and_is_no_discount(promoted):
    (line,) = promoted({"percent": "0.295", "itemID": 13}, HAT)
    assert prices([line]) == [("14.1", "20")]
    assert (line["priceRuleID"], line["displayableUnitPrice"]) == ("1", "14.1")
    assert (line["calcLineDiscount"], line["calcTotal"]) == ("0", "16.211475")


def test_without_promotions_asked_for_no_rule_fires_and_they_cannot_be_asked_for_later(
    owner, stocked, open_sale
):
    stocked.put({"PriceRule": [{"percent": "0.5"}]})
    sale = open_sale(HAT)
    changed = owner.put(f"Sale/{sale['saleID']}", {"enablePromotions": True}).json()["Sale"]
    assert (changed["enablePromotions"], changed["calcSubtotal"]) == ("false", "20")
    assert "priceRuleID" not in changed["SaleLines"]["SaleLine"]


@pytest.mark.parametrize(
    ("rule", "price"),
    [
        ({"fixedPrice": "15", "categoryID": 2}, "15"),
        ({"amountOff": "3", "tagID": 4}, "17"),
        ({"percent": "0.1", "customerTypeID": 5}, "18"),
        ({"percent": "0.1", "customerTypeID": 6}, "20"),
        ({"percent": "0.1", "categoryID": 3}, "20"),
        ({"percent": "0.1", "archived": True}, "20"),
    ],
)
def test_rule_covers_category_tag_or_kind_of_customer(stocked, promoted, rule, price):
    stocked.put(
        {
            "Category": [{"categoryID": 2, "name": "Hats"}],
            "Tag": [{"tagID": 4, "name": "winter"}],
            "Item": [
                {
                    "itemID": 13,
                    "categoryID": 2,
                    "TagRelations": {"TagRelation": [{"tagID": 4}]},
                }
            ],
            "Customer": [{"customerID": 88, "customerTypeID": 5}],
        }
    )
    (line,) = promoted(rule, HAT, customerID=88)
    assert line["unitPrice"] == price


def test_rule_by_quantity_counts_the_whole_cart_and_ends_when_units_leave(owner, promoted):
    lines = promoted({"percent": "0.5", "minimumQuantity": 2}, HAT, HAT)
    assert prices(lines) == [("10", "20"), ("10", "20")]
    sale = f"Sale/{lines[0]['saleID']}"
    owner.delete(f"{sale}/SaleLine/{lines[0]['saleLineID']}")
    left = owner.record(sale, load_relations=["SaleLines"])["SaleLines"]["SaleLine"]
    assert prices([left]) == [("20", "0")]


def test_best_of_several_rules_wins_and_a_price_of_the_reps_own_is_left_alone(stocked, promoted):
    stocked.put({"PriceRule": [{"priceRuleID": 2, "percent": "0.3"}]})
    lines = promoted({"percent": "0.1"}, HAT, {**HAT, "unitPrice": "19"})
    assert prices(lines) == [("14", "20"), ("19", "0")]


def test_line_sent_back_as_it_was_answered_keeps_its_promotion(owner, promoted):
    (line,) = promoted({"percent": "0.5"}, HAT)
    path = f"Sale/{line['saleID']}/SaleLine/{line['saleLineID']}"
    changed = owner.put(path, {**line, "unitQuantity": 2}).json()["SaleLine"]
    assert (prices([changed]), changed["calcSubtotal"]) == ([("10", "20")], "20")
    by_hand = owner.put(path, {"unitPrice": "12"}).json()["SaleLine"]
    assert prices([by_hand]) == [("12", "0")]
