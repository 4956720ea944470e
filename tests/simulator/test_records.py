"""Creating, changing and deleting records of every kind through the API."""

import pytest


def test_created_item_has_its_number_prices_and_empty_stock(owner):
    body = {
        "description": "Cap",
        "ean": "5099",
        "Prices": {"ItemPrice": [{"amount": "12.50", "useType": "Default"}]},
    }
    answer = owner.post("Item", body)
    item = answer.json()["Item"]
    assert answer.status_code == 200
    assert [price["amount"] for price in item["Prices"]["ItemPrice"]] == ["12.5", "0"]
    assert item["systemSku"].startswith("21")
    assert len(item["systemSku"]) == 12
    assert {row["qoh"] for row in item["ItemShops"]["ItemShop"]} == {"0"}


def test_put_changes_what_is_sent_and_empties_what_is_null(owner):
    owner.put("Item/12", {"customSku": None, "description": "Warm sock", "itemID": 99, "odd": 1})
    item = owner.record("Item/12")
    assert (item["customSku"], item["description"]) == ("", "Warm sock")
    assert (item["ean"], item["itemID"]) == ("5012345678900", "12")


def test_one_price_changes_and_the_other_stays(owner):
    owner.put("Item/12", {"Prices": {"ItemPrice": {"useType": "Default", "amount": "8.00"}}})
    prices = owner.record("Item/12")["Prices"]["ItemPrice"]
    assert [(price["useType"], price["amount"]) for price in prices] == [
        ("Default", "8"),
        ("MSRP", "12"),
    ]


@pytest.mark.parametrize("wrong", [{"ItemPrice": {"amount": "4,900", "useTypeID": 1}}, "dear"])
def test_price_that_is_no_number_is_a_bad_request(owner, wrong):
    assert owner.put("Item/12", {"Prices": wrong}).status_code == 400


def test_stock_is_counted_through_the_item_and_not_through_its_stock_row(owner, stocked):
    owner.put("ItemShop/1", {"qoh": 99, "reorderPoint": 3})
    assert stocked.stock(12)[1] == 5
    assert owner.record("ItemShop/1")["reorderPoint"] == "3"
    owner.put("Item/12", {"ItemShops": {"ItemShop": [{"shopID": 1, "qoh": 8}]}})
    assert stocked.stock(12) == {1: 8, 0: 8}


def test_deleted_item_is_archived_without_its_stock_and_comes_back_without_it(owner, stocked):
    assert owner.delete("Item/12").json()["Item"]["archived"] == "true"
    assert owner.put("Item/13", {"archived": True}).json()["Item"]["archived"] == "false"
    assert owner.put("Item/12", {"archived": False}).json()["Item"]["archived"] == "false"
    assert stocked.stock(12) == {1: 0, 0: 0}


def test_item_attributes_and_tags_are_written_inside_the_item(owner, stocked):
    stocked.put({"Tag": [{"tagID": 4, "name": "winter"}]})
    body = {
        "ItemAttributes": {"attribute1": "Grey", "itemAttributeSetID": 3},
        "TagRelations": {"TagRelation": [{"tagID": 4}]},
    }
    owner.put("Item/12", body)
    owner.put("Item/12", body)
    item = owner.record("Item/12", load_relations=["ItemAttributes", "TagRelations.Tag"])
    assert item["ItemAttributes"] == {"attribute1": "Grey", "itemAttributeSetID": "3"}
    assert item["TagRelations"]["TagRelation"]["Tag"]["name"] == "winter"


def test_new_customer_is_opted_out_unless_told_otherwise(owner):
    answer = owner.post("Customer", {"firstName": "Ann", "Contact": {"noEmail": "false"}})
    contact = answer.json()["Customer"]["Contact"]
    assert (contact["noEmail"], contact["noPhone"]) == ("false", "true")
    assert contact["Phones"] == ""


def test_phone_number_is_found_again_by_its_use(owner):
    def phone(number, use):
        return {"Contact": {"Phones": {"ContactPhone": [{"number": number, "useType": use}]}}}

    customer = owner.post("Customer", {"firstName": "Ann"} | phone("1", "Home")).json()["Customer"]
    owner.put(f"Customer/{customer['customerID']}", phone("2", "Mobile"))
    owner.put(f"Customer/{customer['customerID']}", phone("3", "Home"))
    contact = owner.record(f"Customer/{customer['customerID']}", load_relations=["Contact"])
    assert contact["Contact"]["Phones"]["ContactPhone"] == [
        {"number": "3", "useType": "Home"},
        {"number": "2", "useType": "Mobile"},
    ]


def test_customer_account_is_made_inside_the_customer_and_archived_with_them(owner):
    body = {"lastName": "Lee", "CreditAccount": {"name": "Ann Lee", "creditLimit": 100}}
    customer = owner.post("Customer", body).json()["Customer"]
    shown = owner.record(f"Customer/{customer['customerID']}", load_relations=["CreditAccount"])
    assert shown["CreditAccount"]["creditLimit"] == "100"
    account = f"CreditAccount/{shown['creditAccountID']}"
    assert owner.record(account)["customerID"] == customer["customerID"]
    owner.delete(f"Customer/{customer['customerID']}")
    assert owner.record(account)["archived"] == "true"


def test_gift_cards_show_only_when_asked_for_and_masked_without_the_scope(owner, stocked):
    owner.post("CreditAccount", {"code": "2312345678904", "name": "Gift Card"})
    assert owner.records("CreditAccount") == []
    find = {"giftCard": "true", "archived": "true", "code": "2312345678904"}
    (card,) = owner.records("CreditAccount", **find)
    assert (card["code"], card["giftCard"]) == ("2312345678904", "true")
    again = owner.post("CreditAccount", {"code": "2312345678904"})
    assert "already exists" in again.json()["message"]


def test_categories_keep_their_tree_in_order(owner):
    parent = owner.post("Category", {"name": "Shoes"}).json()["Category"]
    child = owner.post("Category", {"name": "Boots", "parentID": parent["categoryID"]}).json()
    assert child["Category"]["fullPathName"] == "Shoes/Boots"
    assert owner.delete(f"Category/{parent['categoryID']}").status_code == 400
    owner.put(f"Category/{parent['categoryID']}", {"name": "Footwear"})
    below = owner.record(f"Category/{child['Category']['categoryID']}", load_relations=["Parent"])
    assert (below["fullPathName"], below["Parent"]["rightNode"]) == ("Footwear/Boots", "4")


def test_removed_record_is_answered_and_then_gone(owner):
    tag = owner.post("Tag", {"name": "New Tag"}).json()["Tag"]
    assert tag["name"] == "newtag"
    assert owner.delete(f"Tag/{tag['tagID']}").json()["Tag"] == tag
    assert owner.get(f"Tag/{tag['tagID']}").status_code == 404


def test_tax_override_is_written_inside_its_category(owner):
    body = {"TaxCategoryClasses": {"TaxCategoryClass": {"taxClassID": 2, "tax1Rate": "0.1"}}}
    owner.put("TaxCategory/1", body)
    category = owner.record("TaxCategory/1", load_relations=["TaxCategoryClasses.TaxClass"])
    override = category["TaxCategoryClasses"]["TaxCategoryClass"]
    assert (override["tax1Rate"], override["TaxClass"]["name"]) == ("0.1", "Labor")


def test_discount_is_an_amount_or_a_percentage(owner):
    body = {"name": "Both", "discountAmount": "1", "discountPercent": "0.1"}
    assert owner.post("Discount", body).status_code == 400
    assert owner.post("Discount", body | {"discountAmount": "0"}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "Register"),
        ("DELETE", "Shop/1"),
        ("PUT", "SalePayment/1"),
        ("POST", "Item/12"),
        ("PUT", "Item"),
        ("POST", "SalePayment"),
    ],
)
def test_method_an_endpoint_does_not_have_is_not_allowed(owner, method, path):
    assert owner.call(method, path, {"name": "x"}).status_code == 405


@pytest.mark.parametrize("path", ["Unicorn", "Contact", "Item/12/Shoe", "Item/abc"])
def test_unknown_resource_is_not_found(owner, path):
    assert owner.get(path).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[1]",
        b'"text"',
        b"<Order/>",
        b"<Item>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><Item/>',
        b'{"tax": NaN}',
        b'{"defaultCost": "1e999999"}',
        b'{"upc": "\\ud800"}',
        b'{"categoryID": 99999999999999999999}',
        b'{"Prices":' * 5000,
    ],
)
def test_body_that_cannot_be_understood_or_kept_is_a_bad_request(owner, body):
    answer = owner.http.put(
        f"{owner.url}/Item/12.json", data=body, headers=owner.grant.headers, timeout=5
    )
    assert answer.status_code == 400


def test_json_is_read_whatever_its_content_type(owner):
    headers = owner.grant.headers | {"Content-Type": "application/x-www-form-urlencoded"}
    answer = owner.http.put(
        f"{owner.url}/Item/12.json", data=b'{"upc": "77"}', headers=headers, timeout=5
    )
    assert answer.json()["Item"]["upc"] == "77"


def test_option_and_locale_come_without_attributes(owner):
    assert set(owner.get("Locale").json()) == {"Locale"}
    names = [option["name"] for option in owner.records("Option")]
    assert "currency_code" in names


def test_account_is_unlike_all_others(owner):
    account = owner.http.get(f"{owner.url}.json", headers=owner.grant.headers, timeout=5).json()
    assert account["@attributes"] == {"systemCustomerID": "4711"}
    assert account["name"] == "Example Outfitters"


def test_picture_is_served_with_settings_or_without(owner, stocked):
    stocked.put({"Image": [{"itemID": 12, "publicID": "sock-grey"}]})
    image = owner.record("Item/12", load_relations=["Images"])["Images"]["Image"]
    for settings in ("", "w_300,h_200,c_fill/"):
        answer = owner.http.get(
            f"{image['baseImageURL']}{settings}{image['publicID']}.jpg", timeout=5
        )
        assert answer.headers["Content-Type"] == "image/svg+xml"
        assert b"<svg" in answer.content


@pytest.mark.parametrize(
    ("entity", "record"),
    [
        ("Shop", {"shopID": 1, "taxCategoryID": 7}),
        ("Customer", {"firstName": "Ann", "taxCategoryID": 7}),
        ("CustomerType", {"name": "Trade", "taxCategoryID": 7}),
        ("Sale", {"employeeID": 1, "shopID": 1, "registerID": 1, "taxCategoryID": 7}),
    ],
)
def test_tax_category_in_use_is_not_deleted(stocked, owner, entity, record):
    stocked.put({"TaxCategory": [{"taxCategoryID": 7}], entity: [record]})
    answer = owner.delete("TaxCategory/7")
    assert (answer.status_code, entity in answer.json()["message"]) == (400, True)
    assert owner.record("TaxCategory/7")


@pytest.mark.parametrize("entity", ["Item", "ItemMatrix", "TaxCategoryClass", "WorkorderLine"])
def test_tax_class_in_use_is_not_deleted(stocked, owner, entity):
    stocked.put({"TaxClass": [{"taxClassID": 7, "name": "Books"}], entity: [{"taxClassID": 7}]})
    answer = owner.delete("TaxClass/7")
    assert (answer.status_code, entity in answer.json()["message"]) == (400, True)
    assert owner.record("TaxClass/7")


def test_tax_category_that_nobody_uses_goes_with_its_overrides(stocked, owner):
    overrides = {"TaxCategoryClass": [{"taxClassID": 2, "tax1Rate": "0.1"}]}
    stocked.put({"TaxCategory": [{"taxCategoryID": 7, "TaxCategoryClasses": overrides}]})
    before = len(owner.records("TaxCategoryClass"))
    assert owner.delete("TaxCategory/7").status_code == 200
    assert owner.get("TaxCategory/7").status_code == 404
    assert len(owner.records("TaxCategoryClass")) == before - 1
