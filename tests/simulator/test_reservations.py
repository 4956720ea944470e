"""Layaways and special orders: lines that keep goods for a customer outside any sale."""

import pytest

ANN = {"customerID": 88, "firstName": "Ann"}
LAYAWAY = {
    "isLayaway": True,
    "customerID": 88,
    "employeeID": 1,
    "shopID": 1,
    "itemID": 12,
    "unitQuantity": 3,
}
SPECIAL = {**LAYAWAY, "isLayaway": False, "isSpecialOrder": True}


@pytest.fixture
def keep(stocked, owner):
    """Makes such a line for Ann; answers it as Lightspeed does."""
    stocked.put({"Customer": [ANN, {"customerID": 89, "firstName": "Bo"}]})

    def make(body=LAYAWAY, **fields):
        answer = owner.post("SaleLine", {**body, **fields}, load_relations=["InventorySales"])
        assert answer.status_code == 200, answer.text
        return answer.json()["SaleLine"]

    return make


def shelf(client, item_id=12):
    """(on hand, on layaway) in the shop and over all shops."""
    rows = client.records("ItemShop", itemID=item_id)
    return [(row["shopID"], row["qoh"], row["onLayaway"]) for row in rows]


def pay(client, sale):
    paid = {"SalePayments": {"SalePayment": {"paymentTypeID": 1, "amount": sale["calcTotal"]}}}
    answer = client.put(f"Sale/{sale['saleID']}", paid | {"completed": True})
    assert answer.status_code == 200, answer.text
    return answer.json()["Sale"]


def test_layaway_takes_its_units_off_the_shelf_and_shows_taxes_without_rates(owner, keep):
    line = keep()
    assert (line["saleID"], line["customerID"], line["isLayaway"]) == ("0", "88", "true")
    assert (line["tax1Rate"], line["taxCategoryID"]) == ("0", "0")
    assert (line["calcTax1"], line["calcTotal"]) == ("1.4985", "34.4580075")
    assert line["InventorySales"]["InventorySale"]["quantity"] == "3"
    assert shelf(owner) == [("1", "2", "3"), ("0", "2", "3")]
    assert [row["reason"] for row in owner.records("InventoryLog")] == ["RemoveForLayaway"]


def test_layaway_reserves_what_there_is_unless_all_of_it_is_required(owner, keep):
    assert keep(unitQuantity=7)["InventorySales"]["InventorySale"]["quantity"] == "5"
    refused = owner.post("SaleLine", {**LAYAWAY, "itemID": 13, "requireFullReservation": True})
    assert refused.status_code == 400
    assert shelf(owner, 13)[0] == ("1", "2", "0")


@pytest.mark.parametrize("missing", ["employeeID", "shopID", "itemID", "customerID"])
def test_kept_line_needs_its_compulsory_fields(owner, keep, missing):
    answer = owner.post("SaleLine", {**LAYAWAY, missing: 0})
    assert answer.status_code == 400
    assert missing in answer.json()["message"]


@pytest.mark.parametrize("fields", [{"isLayaway": False}, {"unitQuantity": 0}])
def test_line_outside_a_sale_is_kept_for_somebody_or_refused(owner, keep, fields):
    assert owner.post("SaleLine", LAYAWAY | fields).status_code == 400


def test_flags_of_a_kept_line_are_ignored_in_a_cart(owner, open_sale):
    sale = open_sale({"itemID": 12, "unitQuantity": 1, "isLayaway": True})
    line = owner.post(
        f"Sale/{sale['saleID']}/SaleLine", {"itemID": 13, "unitQuantity": 1, "isSpecialOrder": True}
    ).json()["SaleLine"]
    assert (sale["SaleLines"]["SaleLine"]["isLayaway"], line["isSpecialOrder"]) == (
        "false",
        "false",
    )


def test_changed_quantity_is_reserved_anew_and_a_cancelled_layaway_goes_back(owner, keep):
    path = f"SaleLine/{keep()['saleLineID']}"
    owner.put(path, {"unitQuantity": 1})
    assert shelf(owner)[0] == ("1", "4", "1")
    assert owner.delete(path).status_code == 200
    assert shelf(owner) == [("1", "5", "0"), ("0", "5", "0")]


def test_cart_line_becomes_a_layaway_and_leaves_its_sale(owner, keep, open_sale):
    sale = open_sale({"itemID": 12, "unitQuantity": 1}, {"itemID": 13, "unitQuantity": 1})
    line_id = sale["SaleLines"]["SaleLine"][0]["saleLineID"]
    line = owner.put(f"SaleLine/{line_id}", {"isLayaway": True, "customerID": "88"}).json()
    left = owner.record(f"Sale/{sale['saleID']}", load_relations=["SaleLines"])
    assert (line["SaleLine"]["saleID"], left["calcSubtotal"]) == ("0", "20")
    assert shelf(owner)[0] == ("1", "4", "1")


@pytest.mark.parametrize("door", ["line", "sale"])
def test_picked_up_layaway_is_sold_from_what_was_reserved(owner, keep, open_sale, door):
    line, sale = keep(), open_sale(customerID=88)
    if door == "line":
        owner.put(f"SaleLine/{line['saleLineID']}", {"saleID": sale["saleID"]})
    else:
        body = {"SaleLines": {"SaleLine": [{"saleLineID": line["saleLineID"]}]}}
        owner.put(f"Sale/{sale['saleID']}", body)
    sale = owner.record(f"Sale/{sale['saleID']}", load_relations=["SaleLines"])
    assert (sale["calcTotal"], sale["SaleLines"]["SaleLine"]["tax1Rate"]) == ("34.46", "0.05")
    pay(owner, sale)
    assert shelf(owner) == [("1", "2", "0"), ("0", "2", "0")]


def test_units_that_could_not_be_reserved_leave_with_the_sale(owner, keep, open_sale):
    line, sale = keep(unitQuantity=7), open_sale(customerID=88)
    owner.put(f"SaleLine/{line['saleLineID']}", {"saleID": sale["saleID"]})
    pay(owner, owner.record(f"Sale/{sale['saleID']}"))
    assert shelf(owner)[0] == ("1", "-2", "0")


def test_pick_up_in_a_sales_body_may_change_the_line_on_the_way(owner, keep, open_sale):
    line, sale = keep(), open_sale(customerID=88)
    picked = {"saleLineID": line["saleLineID"], "unitQuantity": 2}
    changed = owner.put(f"Sale/{sale['saleID']}", {"SaleLines": {"SaleLine": picked}}).json()
    assert changed["Sale"]["calcSubtotal"] == "19.98"
    assert shelf(owner)[0] == ("1", "3", "2")


def test_sale_that_is_given_up_leaves_the_layaway_kept_for_its_customer(owner, keep, open_sale):
    line, sale = keep(), open_sale(customerID=88)
    owner.put(f"SaleLine/{line['saleLineID']}", {"saleID": sale["saleID"]})
    assert owner.delete(f"Sale/{sale['saleID']}").json()["Sale"]["calcTotal"] == "0"
    kept = owner.record(f"SaleLine/{line['saleLineID']}")
    assert (kept["saleID"], kept["calcTotal"]) == ("0", line["calcTotal"])
    assert shelf(owner)[0] == ("1", "2", "3")


def test_layaway_goes_into_no_sale_of_another_customer(owner, keep, open_sale):
    line, sale = keep(), open_sale(customerID=89)
    answer = owner.put(f"SaleLine/{line['saleLineID']}", {"saleID": sale["saleID"]})
    assert answer.status_code == 400
    assert owner.record(f"SaleLine/{line['saleLineID']}")["saleID"] == "0"


def test_special_order_reserves_nothing_and_is_completed_when_picked_up(owner, keep, open_sale):
    line = keep(SPECIAL)
    order = owner.records("SpecialOrder", load_relations=["SaleLine", "SaleLine.Item"])[0]
    assert (order["status"], order["customerID"], order["completed"]) == (
        "Not Ordered",
        "88",
        "false",
    )
    assert order["SaleLine"]["Item"]["itemID"] == "12"
    assert shelf(owner)[0] == ("1", "5", "0")
    sale = open_sale(customerID=88)
    owner.put(f"SaleLine/{line['saleLineID']}", {"saleID": sale["saleID"]})
    assert owner.record(f"SpecialOrder/{order['specialOrderID']}")["completed"] == "true"


def test_special_order_that_is_on_its_way_cannot_be_cancelled(owner, stocked, keep):
    on_its_way, not_yet = keep(SPECIAL), keep(SPECIAL)
    stocked.put({"SpecialOrder": [{"specialOrderID": 1, "status": "Ordered", "orderLineID": 19}]})
    assert owner.delete(f"SaleLine/{on_its_way['saleLineID']}").status_code == 400
    assert owner.delete(f"SaleLine/{not_yet['saleLineID']}").status_code == 200
    assert [row["specialOrderID"] for row in owner.records("SpecialOrder")] == ["1"]


@pytest.mark.parametrize(
    ("scope", "layaway", "special", "cart"),
    [
        ("register", 200, 200, 200),
        ("register_layaway", 200, 403, 403),
        ("special_orders", 403, 200, 403),
        ("customers", 403, 403, 403),
    ],
)
def test_each_kind_of_line_has_a_scope_that_is_enough(
    stocked, keep, open_sale, scope, layaway, special, cart
):
    sale = open_sale()
    client = stocked.client(scope=f"employee:{scope}")
    assert client.post("SaleLine", LAYAWAY).status_code == layaway
    assert client.post("SaleLine", SPECIAL).status_code == special
    line = {"itemID": 12, "unitQuantity": 1}
    assert client.post(f"Sale/{sale['saleID']}/SaleLine", line).status_code == cart


def test_line_on_special_order_shows_that_order(owner, keep):
    line = owner.record(f"SaleLine/{keep(SPECIAL)['saleLineID']}")
    (order,) = owner.records("SpecialOrder")
    assert line["SpecialOrder"] == order
    assert "SpecialOrder" not in owner.record(f"SaleLine/{keep()['saleLineID']}")
