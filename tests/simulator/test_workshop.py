"""Work orders: what they keep aside, and the sale they end in."""

import json

import pytest

WORKORDER = {"employeeID": 1, "shopID": 1, "customerID": 88, "note": "Rear wheel"}
HOUR = {"hours": 1, "minutes": 30, "note": "True the wheel"}


@pytest.fixture
def owner(stocked):
    """As ever, with customer 88 in a shop that works for 60 an hour."""
    customer = {"customerID": 88, "firstName": "Ann", "Contact": {}}
    stocked.put({"Customer": [customer], "Shop": [{"shopID": 1, "serviceRate": "60"}]})
    return stocked.client()


@pytest.fixture
def workorder(owner):
    answer = owner.post("Workorder", WORKORDER)
    assert answer.status_code == 200, answer.text
    return answer.json()["Workorder"]


@pytest.fixture
def add(owner, workorder):
    """Adds a `WorkorderItem` or `WorkorderLine` to the work order."""

    def make(kind, **fields):
        answer = owner.post(f"Workorder/{workorder['workorderID']}/{kind}", fields)
        assert answer.status_code == 200, answer.text
        return answer.json()[kind]

    return make


def checkout(client, workorder):
    answer = client.post(f"Workorder/{workorder['workorderID']}/Checkout", {})
    assert answer.status_code == 200, answer.text
    assert list(answer.json()) == ["Checkout"]
    sale_id = answer.json()["Checkout"]["saleID"]
    return client.record(f"Sale/{sale_id}", load_relations=["SaleLines", "SaleLines.Note"])


def lines_of(sale):
    lines = sale["SaleLines"]["SaleLine"]
    return lines if isinstance(lines, list) else [lines]


def work_in(sale):
    """A sale's lines but for the first, which is the work order's own."""
    return lines_of(sale)[1:]


def pay(client, sale):
    payment = {"paymentTypeID": 1, "amount": sale["calcTotal"]}
    body = {"completed": True, "SalePayments": {"SalePayment": payment}}
    answer = client.put(f"Sale/{sale['saleID']}", body)
    assert answer.status_code == 200, answer.text


def shelf(client, item_id=12):
    """(on hand, kept for work orders) in shop 1, and the same of all shops."""
    rows = client.records("ItemShop", itemID=item_id)
    by_shop = {row["shopID"]: (row["qoh"], row["onWorkorder"]) for row in rows}
    assert by_shop["0"] == by_shop["1"]
    return by_shop["1"]


# --- Taking in ------------------------------------------------------------------------


def test_new_work_order_is_open_numbered_and_taken_in_now(owner, workorder):
    assert workorder["systemSku"] == f"25{int(workorder['workorderID']):010d}"
    assert (workorder["saleID"], workorder["archived"]) == ("0", "false")
    status = owner.record(f"WorkorderStatus/{workorder['workorderStatusID']}")
    assert (status["name"], status["systemValue"]) == ("Open", "open")
    assert "timeIn" in workorder
    assert "etaOut" not in workorder


def test_work_order_shows_all_that_belongs_to_it(owner, workorder, add):
    add("WorkorderItem", itemID=12)
    add("WorkorderLine", **HOUR)
    shown = owner.record(f"Workorder/{workorder['workorderID']}", load_relations="all")
    assert shown["Customer"]["firstName"] == "Ann"
    assert shown["Employee"]["employeeID"] == "1"
    assert shown["WorkorderStatus"]["systemValue"] == "open"
    assert shown["WorkorderItems"]["WorkorderItem"]["Item"]["description"] == "Wool sock M"
    assert shown["WorkorderLines"]["WorkorderLine"]["TaxClass"]["name"] == "Labor"


def test_work_order_has_a_line_of_its_own_that_costs_nothing(owner, workorder):
    line = owner.record(f"SaleLine/{workorder['saleLineID']}", load_relations=["Note"])
    assert (line["isWorkorder"], line["saleID"], line["customerID"]) == ("true", "0", "88")
    assert (line["unitQuantity"], line["unitPrice"], line["tax"]) == ("1", "0", "false")
    assert (line["itemID"], line["taxClassID"]) == ("0", "2")
    assert line["Note"]["note"] == "Rear wheel"
    owner.put(f"Workorder/{workorder['workorderID']}", {"note": "Both wheels"})
    line = owner.record(f"SaleLine/{workorder['saleLineID']}", load_relations=["Note"])
    assert line["Note"]["note"] == "Both wheels"


def test_work_posted_inside_its_work_order_comes_after_it(owner):
    body = {
        "WorkorderItems": {"WorkorderItem": [{"itemID": 12}, {"itemID": 13}]},
        "WorkorderLines": {"WorkorderLine": HOUR},
    }
    workorder = owner.post("Workorder", WORKORDER | body).json()["Workorder"]
    lines = lines_of(checkout(owner, workorder))
    assert lines[0]["saleLineID"] == workorder["saleLineID"]
    assert [line["unitPrice"] for line in lines] == ["0", "9.99", "20", "90"]


def test_part_has_its_items_price_and_a_line_without_a_sale(owner, add):
    part = add("WorkorderItem", itemID=12, unitQuantity=2)
    assert (part["unitPrice"], part["unitQuantity"], part["saleID"]) == ("9.99", "2", "0")
    line = owner.record(f"SaleLine/{part['saleLineID']}")
    assert (line["isWorkorder"], line["saleID"], line["customerID"]) == ("true", "0", "88")
    assert (line["tax1Rate"], line["calcTax1"]) == ("0", "0.999")


def test_flat_endpoints_of_parts_and_labour_are_read_only(owner, add):
    part = add("WorkorderItem", itemID=12)
    path = f"WorkorderItem/{part['workorderItemID']}"
    assert owner.record(path)["itemID"] == "12"
    assert owner.put(path, {"unitQuantity": 3}).status_code == 405
    assert owner.post("WorkorderLine", HOUR | {"workorderID": 1}).status_code == 405
    assert owner.post("WorkorderImage", {}).status_code == 405


@pytest.mark.parametrize("name", ["shopID", "employeeID", "customerID", "workorderStatusID"])
def test_work_order_names_what_it_does_not_find(owner, name):
    answer = owner.post("Workorder", WORKORDER | {name: 99})
    assert answer.status_code == 400
    assert name in answer.json()["message"]


# --- Keeping parts aside --------------------------------------------------------------


def test_parts_are_kept_aside_and_out_of_what_is_on_hand(owner, workorder, add):
    part = add("WorkorderItem", itemID=12, unitQuantity=2)
    assert shelf(owner) == ("3", "2")
    path = f"Workorder/{workorder['workorderID']}/WorkorderItem/{part['workorderItemID']}"
    owner.put(path, {"unitQuantity": 4})
    assert shelf(owner) == ("1", "4")
    owner.delete(path)
    assert shelf(owner) == ("5", "0")
    assert owner.get(f"SaleLine/{part['saleLineID']}").status_code == 404


def test_part_on_special_order_takes_nothing_off_the_shelf(owner, add):
    part = add("WorkorderItem", itemID=12, unitQuantity=2, isSpecialOrder=True)
    (order,) = owner.records("SpecialOrder")
    assert shelf(owner) == ("5", "0")
    assert (order["saleLineID"], order["status"]) == (part["saleLineID"], "Not Ordered")


def test_part_of_an_unknown_item_is_refused(owner, workorder):
    answer = owner.post(f"Workorder/{workorder['workorderID']}/WorkorderItem", {"itemID": 99})
    assert answer.status_code == 400


def test_work_order_that_moves_takes_its_parts_from_the_other_shop(stocked, owner, workorder, add):
    stocked.put({"Shop": [{"shopID": 2, "name": "Harbour"}]})
    add("WorkorderItem", itemID=12, unitQuantity=2)
    owner.put(f"Workorder/{workorder['workorderID']}", {"shopID": 2})
    rows = owner.records("ItemShop", itemID=12, shopID=1)
    assert (rows[0]["qoh"], rows[0]["onWorkorder"]) == ("5", "0")


def test_archiving_answers_name_and_key_and_puts_the_parts_back(owner, workorder, add):
    add("WorkorderItem", itemID=12, unitQuantity=2)
    key = workorder["workorderID"]
    assert owner.delete(f"Workorder/{key}").json() == {"name": "Workorder", "primaryID": key}
    assert shelf(owner) == ("5", "0")
    assert owner.records("Workorder") == []
    assert owner.record(f"Workorder/{key}")["archived"] == "true"
    owner.put(f"Workorder/{key}", {"archived": False})
    assert shelf(owner) == ("3", "2")


# --- Checkout -------------------------------------------------------------------------


def test_checkout_makes_an_open_sale_of_parts_and_labour(owner, workorder, add):
    add("WorkorderItem", itemID=12, unitQuantity=2)
    add("WorkorderLine", **HOUR)
    sale = checkout(owner, workorder)
    part, labour = work_in(sale)
    assert (sale["completed"], sale["customerID"], sale["employeeID"]) == ("false", "88", "1")
    assert (part["itemID"], part["unitPrice"], part["isWorkorder"]) == ("12", "9.99", "true")
    assert (labour["itemID"], labour["unitPrice"], labour["taxClassID"]) == ("0", "90", "2")
    assert labour["Note"]["note"] == "True the wheel"
    assert sale["calcSubtotal"] == "109.98"


def test_work_order_and_its_parts_name_the_sale_they_ended_in(owner, workorder, add):
    part = add("WorkorderItem", itemID=12)
    sale = checkout(owner, workorder)
    shown = owner.record(f"Workorder/{workorder['workorderID']}", load_relations="all")
    sold = shown["WorkorderItems"]["WorkorderItem"]
    assert (shown["saleID"], sold["saleID"]) == (sale["saleID"], sale["saleID"])
    assert sold["saleLineID"] == part["saleLineID"] == work_in(sale)[0]["saleLineID"]
    assert shown["saleLineID"] == lines_of(sale)[0]["saleLineID"]


def test_parts_leave_the_shop_when_the_sale_is_paid(owner, workorder, add):
    add("WorkorderItem", itemID=12, unitQuantity=2)
    sale = checkout(owner, workorder)
    assert shelf(owner) == ("3", "2")
    pay(owner, sale)
    assert shelf(owner) == ("3", "0")
    done = owner.record(f"Workorder/{workorder['workorderID']}", load_relations=["WorkorderStatus"])
    assert done["WorkorderStatus"]["systemValue"] == "paid"


@pytest.mark.parametrize(
    ("agreed", "price"),
    [
        ({"unitPriceOverride": "25"}, "25"),
        ({"itemID": 14}, "30"),
        ({"hours": 0, "minutes": 35}, "35"),
    ],
)
def test_labour_costs_what_was_agreed_or_its_item_or_its_time(owner, workorder, add, agreed, price):
    add("WorkorderLine", **(HOUR | agreed))
    assert work_in(checkout(owner, workorder))[0]["unitPrice"] == price


def test_labour_is_taxed_where_the_shop_taxes_labour(stocked, owner, add):
    assert add("WorkorderLine", **HOUR)["tax"] == "false"
    stocked.put({"Shop": [{"shopID": 1, "taxLabor": True}]})
    assert add("WorkorderLine", **HOUR)["tax"] == "true"


def test_checked_out_work_order_is_closed(owner, workorder, add):
    part = add("WorkorderItem", itemID=12)
    checkout(owner, workorder)
    path = f"Workorder/{workorder['workorderID']}"
    assert owner.post(f"{path}/Checkout", {}).status_code == 400
    assert owner.post(f"{path}/WorkorderLine", HOUR).status_code == 400
    part_path = f"{path}/WorkorderItem/{part['workorderItemID']}"
    assert owner.put(part_path, {"unitQuantity": 9}).status_code == 400
    assert owner.delete(part_path).status_code == 400
    assert owner.put(path, {"hookOut": "7"}).json()["Workorder"]["hookOut"] == "7"


def test_sale_that_is_dropped_gives_the_work_order_back(owner, workorder, add):
    add("WorkorderItem", itemID=12, unitQuantity=2)
    sale = checkout(owner, workorder)
    assert owner.delete(f"Sale/{sale['saleID']}").status_code == 200
    assert shelf(owner) == ("3", "2")
    again = checkout(owner, workorder)
    assert again["saleID"] != sale["saleID"]
    assert [line["itemID"] for line in work_in(again)] == ["12"]


def test_line_that_somebody_deleted_is_made_anew_at_the_checkout(owner, workorder, add):
    part = add("WorkorderItem", itemID=12, unitQuantity=2)
    assert owner.delete(f"SaleLine/{part['saleLineID']}").status_code == 200
    assert shelf(owner) == ("5", "0")
    sale = checkout(owner, workorder)
    assert [line["unitQuantity"] for line in work_in(sale)] == ["2"]
    assert shelf(owner) == ("3", "2")


def test_part_sold_by_hand_is_not_sold_again(owner, workorder, add, open_sale):
    part = add("WorkorderItem", itemID=12)
    sale = open_sale(customerID=88)
    moved = owner.put(f"SaleLine/{part['saleLineID']}", {"saleID": sale["saleID"]})
    assert moved.status_code == 200
    pay(owner, owner.record(f"Sale/{sale['saleID']}"))
    answer = owner.post(f"Workorder/{workorder['workorderID']}/Checkout", {})
    assert answer.status_code == 400
    assert owner.record(f"SaleLine/{part['saleLineID']}")["saleID"] == sale["saleID"]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("WorkorderItem", "employeeID"),
        ("WorkorderItem", "discountID"),
        ("WorkorderLine", "itemID"),
        ("WorkorderLine", "taxClassID"),
    ],
)
def test_work_names_what_it_does_not_find(owner, workorder, kind, name):
    body = {"itemID": 12} | {name: 99}
    answer = owner.post(f"Workorder/{workorder['workorderID']}/{kind}", body)
    assert (answer.status_code, owner.records(kind)) == (400, [])
    assert name in answer.json()["message"]


def test_discount_of_a_part_is_on_its_line(stocked, owner, workorder, add):
    stocked.put({"Discount": [{"discountID": 3, "name": "Club", "discountPercent": "0.1"}]})
    add("WorkorderItem", itemID=13, discountID=3)
    sale = checkout(owner, workorder)
    assert (sale["calcDiscount"], work_in(sale)[0]["discountID"]) == ("2", "3")


def test_receipt_tells_the_customer_of_open_work_and_what_it_comes_to(owner, add, open_sale):
    add("WorkorderItem", itemID=12, unitQuantity=2)
    sale = open_sale({"itemID": 13}, customerID=88)
    customer = owner.record(f"DisplayTemplate/Sale/{sale['saleID']}")["Customer"]
    own, part = customer["Workorders"]["SaleLine"]
    assert own["m"]["workorderSystemSku"] == "250000000001"
    assert (own["m"]["workorderSubtotal"], own["m"]["workorderTotal"]) == ("19.98", "22.97")
    assert customer["m"]["workordersTotal"] == "22.97"
    assert (part["itemID"], "m" in part) == ("12", False)


def test_work_that_is_checked_out_is_open_no_more(owner, workorder, add):
    add("WorkorderItem", itemID=12)
    sale = checkout(owner, workorder)
    customer = owner.record(f"DisplayTemplate/Sale/{sale['saleID']}")["Customer"]
    assert "Workorders" not in customer


# --- Cloning, pictures, statuses, rights ----------------------------------------------


def test_clone_is_taken_in_anew_with_the_same_work(owner, workorder, add):
    part = add("WorkorderItem", itemID=12, unitQuantity=2)
    body = {"shopID": 1, "employeeID": 1}
    clone = owner.post(f"Workorder/{workorder['workorderID']}/Clone", body).json()["Workorder"]
    assert clone["workorderID"] != workorder["workorderID"]
    assert (clone["note"], clone["customerID"], clone["saleID"]) == ("Rear wheel", "88", "0")
    (copy,) = owner.records("WorkorderItem", workorderID=clone["workorderID"])
    assert (copy["unitQuantity"], shelf(owner)) == ("2", ("1", "4"))
    assert copy["saleLineID"] != part["saleLineID"]


def test_picture_of_a_work_order_is_uploaded_in_two_parts(owner, workorder):
    path = f"Workorder/{workorder['workorderID']}/WorkorderImage"
    parts = {
        "data": (None, json.dumps({"description": "Before", "ordering": 1})),
        "image": ("wheel.jpg", b"\xff\xd8\xff picture"),
    }
    answer = owner.http.post(
        f"{owner.url}/{path}.json", files=parts, headers=owner.grant.headers, timeout=5
    )
    image = answer.json()["WorkorderImage"]
    assert (image["description"], image["filename"], image["size"]) == ("Before", "wheel.jpg", "11")
    listed = owner.get(path).json()["WorkorderImage"]
    assert listed["workorderImageID"] == image["workorderImageID"]
    assert owner.post(path, {"description": "Nothing"}).status_code == 400


def test_statuses_of_the_system_stay(owner):
    assert [status["systemValue"] for status in owner.records("WorkorderStatus")] == [
        "open",
        "waiting",
        "estimate",
        "finished",
        "paid",
    ]
    own = owner.post("WorkorderStatus", {"name": "Painting", "sortOrder": 7}).json()
    assert owner.delete("WorkorderStatus/4").status_code == 400
    key = own["WorkorderStatus"]["workorderStatusID"]
    assert owner.delete(f"WorkorderStatus/{key}").status_code == 200


def test_work_orders_take_the_workbench(stocked, workorder):
    path = f"Workorder/{workorder['workorderID']}"
    seller = stocked.client(scope="employee:register")
    assert seller.get(path).status_code == 403
    assert seller.post(f"{path}/Checkout", {}).status_code == 403
    assert seller.delete(path).status_code == 403
    mechanic = stocked.client(scope="employee:workbench")
    assert mechanic.post(f"{path}/Checkout", {}).status_code == 200
