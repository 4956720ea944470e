"""Quotes and addresses to send goods to, which belong to a sale; and voids, which are only read."""

import pytest

SOCK = {"itemID": 12, "unitQuantity": 1}


@pytest.fixture
def quote(owner, open_sale):
    sale = open_sale(SOCK)
    body = {"saleID": sale["saleID"], "employeeID": "1", "notes": "Valid for a month"}
    answer = owner.post("Quote", body)
    assert answer.status_code == 200, answer.text
    return answer.json()["Quote"]


def test_quote_of_an_open_sale_is_linked_both_ways(owner, quote):
    sale = owner.record(f"Sale/{quote['saleID']}", load_relations=["Quote"])
    assert (sale["quoteID"], sale["Quote"]["notes"]) == (quote["quoteID"], "Valid for a month")
    assert quote["issueDate"] == sale["createTime"]


def test_sale_of_a_quote_is_another_one_after_every_edit(owner, quote):
    changed = owner.put(f"Quote/{quote['quoteID']}", {"notes": "Two months"}).json()["Quote"]
    assert changed["saleID"] != quote["saleID"]
    sale = owner.record(f"Sale/{changed['saleID']}", load_relations=["SaleLines"])
    assert (sale["quoteID"], sale["SaleLines"]["SaleLine"]["itemID"]) == (quote["quoteID"], "12")
    assert (sale["calcTotal"], sale["archived"]) == ("11.49", "false")
    old = owner.record(f"Sale/{quote['saleID']}")
    assert (old["archived"], old["quoteID"]) == ("true", "0")


def test_edit_that_names_a_sale_takes_that_one(owner, open_sale, quote):
    sale = open_sale(SOCK)
    body = {"saleID": sale["saleID"], "issueDate": "2021-04-05"}
    changed = owner.put(f"Quote/{quote['quoteID']}", body).json()["Quote"]
    assert (changed["saleID"], changed["issueDate"]) == (
        sale["saleID"],
        "2021-04-05T04:00:00+00:00",
    )


def test_deleted_quote_is_archived_and_its_sale_stays(owner, quote):
    assert owner.delete(f"Quote/{quote['quoteID']}").json()["Quote"]["archived"] == "true"
    assert owner.records("Quote") == []
    assert owner.record(f"Sale/{quote['saleID']}")["archived"] == "false"


def test_quote_needs_an_open_sale(owner):
    assert owner.post("Quote", {"saleID": "999"}).status_code == 404
    assert owner.post("Quote", {"notes": "x"}).status_code == 404


def test_address_is_made_inside_its_sale_and_changed_there(owner, stocked, open_sale):
    stocked.put({"Customer": [{"customerID": 88, "firstName": "Ann"}]})
    address = {"ContactAddress": {"address1": "1 Quay", "city": "Cork"}}
    to = {"firstName": "Bo", "shipNote": "Ring twice", "Contact": {"Addresses": address}}
    sale = open_sale(SOCK, customerID=88, ShipTo=to)
    shown = owner.record(f"Sale/{sale['saleID']}", load_relations=["ShipTo", "ShipTo.Contact"])
    assert shown["ShipTo"]["Contact"]["Addresses"]["ContactAddress"]["city"] == "Cork"
    owner.put(f"Sale/{sale['saleID']}", {"ShipTo": {"shipped": True}})
    (kept,) = owner.records("ShipTo")
    assert (kept["saleID"], kept["customerID"], kept["shipped"]) == (sale["saleID"], "88", "true")
    assert (kept["firstName"], kept["shipNote"]) == ("Bo", "Ring twice")
    assert owner.post("ShipTo", {"saleID": sale["saleID"]}).status_code == 405


def test_voids_are_read_and_never_made(stocked, owner, open_sale):
    sale = open_sale(SOCK)
    stocked.put({"SaleVoid": [{"saleVoidID": 2, "reason": "Slip", "saleID": sale["saleID"]}]})
    assert owner.record("SaleVoid/2")["reason"] == "Slip"
    assert owner.post("SaleVoid", {"saleID": sale["saleID"]}).status_code == 405
    assert owner.put(f"Sale/{sale['saleID']}", {"voided": True}).json()["Sale"]["voided"] == "false"
    assert stocked.client(scope="employee:register").get("SaleVoid").status_code == 403


def test_edited_quote_takes_lines_payments_and_address_to_its_new_sale(owner, open_sale):
    paid = {"SalePayment": [{"paymentTypeID": 1, "amount": "1"}]}
    notes = {"InternalNote": {"note": "Call first"}}
    sale = open_sale(SOCK, SalePayments=paid, ShipTo={"firstName": "Bo"}, SaleNotes=notes)
    quote = owner.post("Quote", {"saleID": sale["saleID"], "employeeID": 1}).json()["Quote"]
    moved = owner.put(f"Quote/{quote['quoteID']}", {"notes": "x"}).json()["Quote"]["saleID"]
    parts = ["SaleLines", "SalePayments", "ShipTo", "SaleNotes"]
    new = owner.record(f"Sale/{moved}", load_relations=parts)
    old = owner.record(f"Sale/{sale['saleID']}", load_relations=parts)
    line, payment = new["SaleLines"]["SaleLine"], new["SalePayments"]["SalePayment"]
    assert line["saleLineID"] == sale["SaleLines"]["SaleLine"]["saleLineID"]
    assert (payment["amount"], new["calcPayments"], new["balance"]) == ("1", "1", "10.49")
    assert (new["ShipTo"]["saleID"], new["SaleNotes"]["InternalNote"]["note"]) == (
        moved,
        "Call first",
    )
    assert not {"SaleLines", "SalePayments", "ShipTo"} & set(old)
    assert (old["archived"], old["calcTotal"], old["calcPayments"]) == ("true", "0", "0")


def test_layaway_in_an_edited_quote_is_sold_from_what_was_reserved(stocked, owner, open_sale):
    stocked.put({"Customer": [{"customerID": 88, "firstName": "Ann"}]})
    kept = {"isLayaway": True, "customerID": 88, "employeeID": 1, "shopID": 1, **SOCK}
    line_id = owner.post("SaleLine", kept).json()["SaleLine"]["saleLineID"]
    sale = open_sale({"saleLineID": line_id}, customerID=88)
    quote = owner.post("Quote", {"saleID": sale["saleID"], "employeeID": 1}).json()["Quote"]
    moved = owner.put(f"Quote/{quote['quoteID']}", {"notes": "x"}).json()["Quote"]["saleID"]
    paid = {"SalePayments": {"SalePayment": {"paymentTypeID": 1, "amount": "11.49"}}}
    assert owner.put(f"Sale/{moved}", paid | {"completed": True}).status_code == 200
    rows = owner.records("ItemShop", itemID=12)
    assert [(row["qoh"], row["onLayaway"]) for row in rows] == [("4", "0"), ("4", "0")]
