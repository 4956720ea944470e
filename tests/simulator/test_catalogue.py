"""Items, matrices and what describes them, as a client writes and reads them."""

import pytest


def new_item(owner, **body):
    answer = owner.post("Item", {"description": "Cap", **body})
    assert answer.status_code == 200, answer.text
    return answer.json()["Item"]


# --- Items ----------------------------------------------------------------------------


def test_vendor_numbers_are_kept_inside_the_item_and_changed_by_their_id(owner):
    numbers = {"ItemVendorNum": [{"vendorID": 3, "value": "V-1"}, {"vendorID": 4, "value": "W-1"}]}
    owner.put("Item/12", {"ItemVendorNums": numbers})
    kept = owner.record("Item/12", load_relations=["ItemVendorNums"])["ItemVendorNums"]
    first, second = kept["ItemVendorNum"]
    change = {"itemVendorNumID": first["itemVendorNumID"], "value": "V-2", "cost": "2.50"}
    owner.put("Item/12", {"ItemVendorNums": {"ItemVendorNum": change}})
    kept = owner.record("Item/12", load_relations=["ItemVendorNums"])["ItemVendorNums"]
    assert [number["value"] for number in kept["ItemVendorNum"]] == ["V-2", "W-1"]
    assert kept["ItemVendorNum"][0]["cost"] == "2.5"
    assert "cost" not in second


def test_e_commerce_record_is_made_once_and_then_changed(owner):
    owner.put("Item/12", {"ItemECommerce": {"shortDescription": "Warm", "weight": "0.20"}})
    first = owner.record("Item/12", load_relations=["ItemECommerce"])
    owner.put("Item/12", {"ItemECommerce": {"longDescription": "Very warm"}})
    item = owner.record("Item/12", load_relations=["ItemECommerce"])
    assert item["itemECommerceID"] == first["itemECommerceID"] != "0"
    described = item["ItemECommerce"]
    assert (described["shortDescription"], described["longDescription"]) == ("Warm", "Very warm")
    assert described["weight"] == "0.2"


def test_note_of_an_item_is_written_inside_it(owner):
    owner.put("Item/12", {"Note": {"note": "Wash cold", "isPublic": True}})
    item = owner.record("Item/12", load_relations=["Note"])
    assert (item["Note"]["note"], item["Note"]["isPublic"]) == ("Wash cold", "true")
    assert item["noteID"] == item["Note"]["noteID"]


@pytest.mark.parametrize("by", [{"useTypeID": 2}, {"useType": "MSRP"}])
def test_price_is_found_by_the_id_or_the_name_of_its_level(owner, by):
    owner.put("Item/12", {"Prices": {"ItemPrice": [{"amount": "15.00", **by}]}})
    prices = owner.record("Item/12")["Prices"]["ItemPrice"]
    assert [(p["useTypeID"], p["useType"], p["amount"]) for p in prices] == [
        ("1", "Default", "9.99"),
        ("2", "MSRP", "15"),
    ]


def test_price_of_no_level_is_left_out(owner):
    owner.put("Item/12", {"Prices": {"ItemPrice": [{"amount": "1", "useType": "Wholesale"}]}})
    assert len(owner.record("Item/12")["Prices"]["ItemPrice"]) == 2


def test_renamed_price_level_shows_in_every_price(owner):
    owner.put("PriceLevel/2", {"name": 'List "price"'})
    prices = owner.record("Item/12")["Prices"]["ItemPrice"]
    assert [price["useType"] for price in prices] == ["Default", 'List "price"']


@pytest.mark.parametrize("relation", ["ItemPrices", "Prices"])
def test_prices_come_whether_or_not_their_relation_is_named(owner, relation):
    answer = owner.get("Item/12", load_relations=[relation])
    assert answer.status_code == (200 if relation == "ItemPrices" else 400)
    assert "Prices" in owner.record("Item/12")


@pytest.mark.parametrize("item_type", ["serialized", "serialized_assembly"])
def test_serialized_types_need_the_serialized_flag(owner, item_type):
    assert owner.put("Item/12", {"itemType": item_type}).status_code == 400
    answer = owner.put("Item/12", {"itemType": item_type, "serialized": True})
    assert answer.json()["Item"]["itemType"] == item_type


def test_item_type_is_one_of_lightspeeds(owner):
    assert owner.put("Item/12", {"itemType": "bundle"}).status_code == 400
    assert new_item(owner, itemType="non_inventory")["itemType"] == "non_inventory"


def test_read_only_and_unknown_fields_of_an_item_are_ignored(owner):
    body = {"systemSku": "219999999999", "avgCost": "1", "itemECommerceID": 9, "colour": "red"}
    item = owner.put("Item/12", body).json()["Item"]
    assert (item["systemSku"], item["avgCost"], item["itemECommerceID"]) == (
        "210000000012",
        "4",
        "0",
    )


def test_old_accounts_have_departments_and_seasons(owner):
    department = owner.post("Department", {"name": "Shoes"}).json()["Department"]
    season = owner.post("Season", {"name": "Spring-16"}).json()["Season"]
    ids = {"departmentID": department["departmentID"], "seasonID": season["seasonID"]}
    owner.post("ItemMatrix", {"description": "Sock", **ids})
    owner.put("Item/12", ids)
    (matrix,) = owner.records("ItemMatrix", load_relations=["Department", "Season"])
    assert (matrix["Department"]["name"], matrix["Season"]["name"]) == ("Shoes", "Spring-16")
    assert owner.delete(f"Season/{season['seasonID']}").json()["Season"] == season
    assert owner.record("Item/12")["seasonID"] == "0"


def test_serial_numbers_are_kept_changed_and_removed_for_good(stocked, owner):
    stocked.put({"SaleLine": [{"saleLineID": 7}]})
    body = {"serial": "YL-123456", "itemID": 12, "colorName": "Yellow", "customerID": 0}
    made = owner.post("Serialized", body).json()["Serialized"]
    assert set(made) == {
        "serializedID", "colorName", "sizeName", "serial", "description", "timeStamp", "itemID",
        "saleLineID", "customerID",
    }  # fmt: skip
    path = f"Serialized/{made['serializedID']}"
    assert owner.put(path, {"saleLineID": 7}).json()["Serialized"]["saleLineID"] == "7"
    assert [found["serial"] for found in owner.records("Serialized", itemID=12)] == ["YL-123456"]
    assert owner.delete(path).json()["Serialized"]["serial"] == "YL-123456"
    assert owner.get(path).status_code == 404


@pytest.mark.parametrize("field", ["categoryID", "taxClassID", "manufacturerID", "seasonID"])
@pytest.mark.parametrize("entity", ["Item", "ItemMatrix"])
def test_what_an_item_names_has_to_be_there(owner, entity, field):
    body = {"description": "Boot", field: 99}
    assert owner.post(entity, body).status_code == 400
    assert owner.post(entity, body | {field: 0}).json()[entity][field] == "0"


def test_item_may_be_changed_whose_class_is_gone(stocked, owner):
    stocked.put({"Item": [{"itemID": 12, "taxClassID": 99}]})
    assert owner.put("Item/12", {"description": "Sock", "taxClassID": 99}).status_code == 400
    assert owner.put("Item/12", {"description": "Sock"}).status_code == 200


def test_serial_number_of_no_item_is_refused(owner):
    assert owner.post("Serialized", {"serial": "S-1", "itemID": 99}).status_code == 400
    assert owner.records("Serialized") == []


def test_category_cannot_be_moved_below_its_own_children(owner):
    top, middle, bottom = (
        owner.post("Category", {"name": name}).json()["Category"]["categoryID"]
        for name in ("Top", "Middle", "Bottom")
    )
    owner.put(f"Category/{middle}", {"parentID": top})
    owner.put(f"Category/{bottom}", {"parentID": middle})
    for below in (top, middle, bottom):
        assert owner.put(f"Category/{top}", {"parentID": below}).status_code == 400
    assert owner.record(f"Category/{bottom}")["fullPathName"] == "Top/Middle/Bottom"


# --- Tags -----------------------------------------------------------------------------


def tags_of(owner, path):
    found = owner.record(path, load_relations=["Tags"]).get("Tags") or {"tag": []}
    return found["tag"]


@pytest.mark.parametrize(
    "tags", ["Sale, wool", ["Sale", "wool"], {"tag": ["Sale", "wool"]}, {"tag": "sale,wool"}]
)
def test_item_is_tagged_by_name_in_every_shape_clients_write(owner, tags):
    owner.put("Item/12", {"Tags": tags})
    assert tags_of(owner, "Item/12") == ["sale", "wool"]
    assert [tag["name"] for tag in owner.records("Tag")] == ["sale", "wool"]


def test_names_given_are_all_the_tags_there_are(owner):
    owner.put("Item/12", {"Tags": {"tag": ["sale", "wool"]}})
    owner.put("Item/12", {"Tags": {"tag": "wool"}})
    assert tags_of(owner, "Item/12") == "wool"
    owner.put("Item/12", {"Tags": ""})
    assert "Tags" not in owner.record("Item/12", load_relations=["Tags"])


def test_tags_by_id_and_by_name_are_the_same_tags(owner):
    tag = owner.post("Tag", {"name": "Wool"}).json()["Tag"]
    owner.put("Item/12", {"TagRelations": {"TagRelation": {"tagID": tag["tagID"]}}})
    assert tags_of(owner, "Item/12") == "wool"
    owner.put("Item/13", {"Tags": {"Tag": {"tagID": tag["tagID"]}}})
    item = owner.record("Item/13", load_relations=["TagRelations.Tag"])
    assert item["TagRelations"]["TagRelation"]["Tag"] == tag


def test_tags_are_not_among_all_relations_of_an_item(owner):
    owner.put("Item/12", {"Tags": "wool"})
    item = owner.record("Item/12", load_relations="all")
    assert "TagRelations" in item
    assert "Tags" not in item


def test_deleted_tag_is_taken_off_everything(owner):
    owner.put("Item/12", {"Tags": "wool"})
    (tag,) = owner.records("Tag")
    owner.delete(f"Tag/{tag['tagID']}")
    item = owner.record("Item/12", load_relations=["TagRelations", "Tags"])
    assert "TagRelations" not in item
    assert "Tags" not in item


def test_tag_groups_are_only_listed(owner):
    assert owner.get("TagGroup").json() == {"@attributes": {"count": "0"}}
    owner.put("Item/12", {"Tags": "wool, sale"})
    assert owner.get("TagGroup").json()["TagGroup"] == [{"tag": "sale"}, {"tag": "wool"}]
    assert owner.get("TagGroup/1").status_code == 404
    assert owner.post("TagGroup", {"tag": "x"}).status_code == 404


# --- Matrices -------------------------------------------------------------------------


@pytest.fixture
def matrix(owner):
    """T-Shirt, in colours and sizes, at 20."""
    body = {
        "description": "T-Shirt",
        "itemAttributeSetID": 1,
        "defaultCost": "7",
        "Prices": {"ItemPrice": {"amount": "20", "useType": "Default"}},
    }
    answer = owner.post("ItemMatrix", body)
    assert answer.status_code == 200, answer.text
    return answer.json()["ItemMatrix"]


def variant(owner, matrix, colour, size, **body):
    attributes = {"attribute1": colour, "attribute2": size}
    body = {"itemMatrixID": matrix["itemMatrixID"], "ItemAttributes": attributes, **body}
    answer = owner.post("Item", body)
    assert answer.status_code == 200, answer.text
    return answer.json()["Item"]


def test_variant_is_named_and_priced_by_its_matrix(owner, matrix):
    item = variant(owner, matrix, "Red", "Small")
    assert (item["description"], item["defaultCost"]) == ("T-Shirt Red Small", "7")
    assert item["Prices"]["ItemPrice"][0]["amount"] == "20"
    assert item["itemAttributesID"] != "0"
    shown = owner.record(
        f"Item/{item['itemID']}", load_relations=["ItemAttributes.ItemAttributeSet"]
    )
    assert shown["ItemAttributes"]["ItemAttributeSet"]["name"] == "Color/Size"


def test_variant_follows_its_matrix_and_its_attributes(owner, matrix):
    item = variant(owner, matrix, "Red", "Small", defaultCost="8")
    owner.put(f"ItemMatrix/{matrix['itemMatrixID']}", {"description": "Tee"})
    owner.put(f"Item/{item['itemID']}", {"ItemAttributes": {"attribute2": "Large"}})
    item = owner.record(f"Item/{item['itemID']}", load_relations=["ItemAttributes"])
    assert (item["description"], item["defaultCost"]) == ("Tee Red Large", "8")
    assert item["ItemAttributes"]["attribute1"] == "Red"


def test_matrix_lists_the_values_of_the_attributes_of_its_set(owner, matrix):
    assert (matrix["attribute1Values"], matrix["attribute2Values"]) == ("", "")
    assert "attribute3Values" not in matrix
    variant(owner, matrix, "Red", "Small")
    variant(owner, matrix, "Green", "Small")
    owner.put(f"ItemMatrix/{matrix['itemMatrixID']}", {"attribute2Values": ["Large"]})
    shown = owner.record(f"ItemMatrix/{matrix['itemMatrixID']}")
    assert shown["attribute1Values"] == ["Red", "Green"]
    assert shown["attribute2Values"] == ["Large", "Small"]


def test_deleted_matrix_takes_its_items_along_and_still_lists_them(owner, stocked, matrix):
    item = variant(owner, matrix, "Red", "Small", ItemShops={"ItemShop": {"shopID": 1, "qoh": 3}})
    path = f"ItemMatrix/{matrix['itemMatrixID']}"
    assert owner.delete(path).json()["ItemMatrix"]["archived"] == "true"
    assert stocked.stock(int(item["itemID"])) == {1: 0, 0: 0}
    listed = owner.record(path, load_relations=["Items"])["Items"]["Item"]
    assert (listed["itemID"], listed["archived"]) == (item["itemID"], "true")
    assert owner.put(path, {"archived": True}).json()["ItemMatrix"]["archived"] == "true"
    assert owner.put(path, {"archived": False}).json()["ItemMatrix"]["archived"] == "false"


@pytest.mark.parametrize(
    "body", [{"itemMatrixID": 99}, {"itemMatrixID": 1, "ItemAttributes": "Red"}]
)
def test_variant_that_makes_no_sense_is_refused(owner, matrix, body):
    assert owner.post("Item", {"description": "x", **body}).status_code == 400
    assert owner.put("Item/12", body).status_code == 400


def test_emptied_attributes_leave_the_name_of_the_matrix(owner, matrix):
    item = variant(owner, matrix, "Red", "Small")
    owner.put(f"Item/{item['itemID']}", {"ItemAttributes": None})
    item = owner.record(f"Item/{item['itemID']}", load_relations=["ItemAttributes"])
    assert (item["description"], item["itemAttributesID"]) == ("T-Shirt", "0")
    assert "ItemAttributes" not in item


# --- Categories and vendors -----------------------------------------------------------


def test_of_categories_with_one_name_the_newest_stands_first(owner):
    first = owner.post("Category", {"name": "Caps"}).json()["Category"]
    second = owner.post("Category", {"name": "Caps"}).json()["Category"]
    shown = owner.records("Category", sort="leftNode")
    assert [category["categoryID"] for category in shown] == [
        second["categoryID"],
        first["categoryID"],
    ]


def test_subtree_is_found_between_its_parents_numbers(owner):
    parent = owner.post("Category", {"name": "Shoes"}).json()["Category"]
    for name in ("Boots", "Clogs"):
        owner.post("Category", {"name": name, "parentID": parent["categoryID"]})
    owner.post("Category", {"name": "Zips"})
    parent = owner.record(f"Category/{parent['categoryID']}")
    between = f"><,{parent['leftNode']},{parent['rightNode']}"
    names = [c["fullPathName"] for c in owner.records("Category", leftNode=between)]
    assert names == ["Shoes", "Shoes/Boots", "Shoes/Clogs"]


def test_deleted_category_leaves_items_and_matrices_without_one(owner, matrix):
    category = owner.post("Category", {"name": "Shirts"}).json()["Category"]
    ids = {"categoryID": category["categoryID"]}
    owner.put("Item/12", ids)
    owner.put(f"ItemMatrix/{matrix['itemMatrixID']}", ids)
    owner.delete(f"Category/{category['categoryID']}")
    assert owner.record("Item/12")["categoryID"] == "0"
    assert owner.record(f"ItemMatrix/{matrix['itemMatrixID']}")["categoryID"] == "0"


def test_vendor_is_as_recorded_even_without_a_name(owner):
    vendor = owner.post("Vendor", {"accountNumber": "XY-1"}).json()["Vendor"]
    assert (vendor["name"], vendor["accountNumber"], vendor["archived"]) == ("", "XY-1", "false")
    assert "Contact" not in vendor
    path = f"Vendor/{vendor['vendorID']}"
    owner.put(path, {"name": "Alder"})
    assert owner.put(path, {"accountNumber": "XY-2"}).json()["Vendor"]["name"] == "Alder"
    assert owner.delete(path).json()["Vendor"]["archived"] == "true"
    assert owner.records("Vendor") == []
    assert owner.records("Vendor", archived="only")[0]["accountNumber"] == "XY-2"


def test_vendor_has_a_contact_and_representatives(owner, stocked):
    rep = {"firstName": "Tatum", "lastName": "Lee"}
    contact = {"Emails": {"ContactEmail": {"address": "t@example.com", "useType": "Primary"}}}
    stocked.put({"Vendor": [{"vendorID": 7, "purchasingCurrency": {"code": "CAD", "rate": "2"}}]})
    owner.put("Vendor/7", {"Contact": contact, "Reps": {"VendorRep": rep}})
    owner.put("Vendor/7", {"Reps": "John Doe"})
    vendor = owner.record("Vendor/7", load_relations="all")
    assert vendor["Reps"] == {"VendorRep": rep}
    assert vendor["Contact"]["Emails"]["ContactEmail"]["address"] == "t@example.com"
    assert vendor["purchasingCurrency"] == {"code": "CAD", "rate": "2"}
    found = owner.records(
        "Vendor", load_relations=["Contact"], **{"Contact.email": "t@example.com"}
    )
    assert len(found) == 1


# --- Queries --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entity", "sort"),
    [
        ("Item", "description"),
        ("ItemMatrix", "description"),
        ("ItemShop", "timeStamp"),
        ("Vendor", "name"),
        ("Manufacturer", "name"),
        ("Tag", "name"),
        ("Serialized", "serial"),
        ("Category", "rightNode"),
        ("InventoryLog", "itemID"),
        ("Item/CustomField", "name"),
    ],
)
def test_entity_is_sorted_by_its_own_keys_and_no_other(owner, entity, sort):
    assert owner.get(entity, sort=f"-{sort}").status_code == 200
    refused = owner.get(entity, sort="colour")
    assert refused.status_code == 400
    assert sort in refused.json()["message"]


def test_relations_of_an_item_cost_by_how_many_they_bring(owner, stocked):
    def drips(path, relations):
        before = stocked.state()["drips"]
        owner.get(path, load_relations=relations)
        return round(stocked.state()["drips"] - before, 3)

    assert drips("Item/12", ["ItemECommerce", "ItemVendorNums"]) == 1.3
    assert drips("Item", ["Tags", "ItemComponents"]) == 1.8
    assert drips("Item", ["CustomFieldValues.value"]) == 1.8
