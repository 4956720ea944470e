"""Filters, relations, sorting and paging, as Lightspeed's query language has them."""

import base64
import json
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

BOOTS = [
    {
        "itemID": number,
        "description": f"Boot {size}",
        "customSku": f"BOOT-{number}",
        "upc": f"00000000{number:04}",
        "timeStamp": f"2026-01-{number - 99:02}T10:00:00+00:00",
        "itemMatrixID": 1,
        "archived": size == "XXL",
        "Prices": {"ItemPrice": [{"amount": "100", "useTypeID": 1}]},
        "ItemAttributes": {"attribute1": "Brown", "attribute2": size, "itemAttributeSetID": 1},
        "ItemShops": {"ItemShop": [{"shopID": 1, "qoh": number - 100}]},
        "TagRelations": {"TagRelation": [{"tagID": 1}] if size == "S" else []},
    }
    for number, size in enumerate(["XS", "S", "M", "L", "XL", "XXL"], 100)
]


@pytest.fixture
def boots(simulator):
    """Boots XS to XL, items 100 to 104, with as many in stock as they come after the first; XXL,
    item 105, is archived."""
    simulator.put({"Tag": [{"tagID": 1, "name": "winter"}], "Item": BOOTS})
    return simulator.client()


def ids(records):
    return [int(record["itemID"]) for record in records]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"itemID": "102"}, [102]),
        ({"itemID": "><,101,103"}, [101, 102, 103]),
        ({"itemID": "IN,[100,104,999]"}, [100, 104]),
        ({"itemID": "IN,100,104"}, [100, 104]),
        ({"itemID": ">,103"}, [104]),
        ({"itemID": "!=,104"}, [100, 101, 102, 103]),
        ({"description": "~,%boot x%"}, [100, 104]),
        ({"description": "~,boot x"}, [100, 104]),
        ({"description": "!~,%x%"}, [101, 102, 103]),
        ({"customSku": "boot-103"}, [103]),
        ({"itemCode": "000000000101"}, [101]),
        ({"itemCode": "IN,102,000000000101"}, [101, 102]),
        ({"timeStamp": ">=,2026-01-04T10:00:00+00:00"}, [103, 104]),
        ({"timeStamp": ">=,2026-01-04T05:00:00-05:00"}, [103, 104]),
        ({"or": "description=~,%XS|customSku=BOOT-103"}, [100, 103]),
        ({"defaultCost": "<,1", "itemID": "<=,101"}, [100, 101]),
        ({"archived": "only"}, [105]),
        ({"archived": "true", "itemID": ">=,104"}, [104, 105]),
    ],
)
def test_filter_finds(boots, filters, found):
    assert ids(boots.records("Item", **filters)) == found


def test_filter_by_relation_finds_when_the_relation_is_loaded(boots):
    stocked = {"ItemShops.qoh": ">=,3", "load_relations": ["ItemShops"]}
    assert ids(boots.records("Item", **stocked)) == [103, 104]
    by_size = {"ItemAttributes.attribute2": "M", "load_relations": ["ItemAttributes"]}
    assert ids(boots.records("Item", **by_size)) == [102]


@pytest.mark.parametrize(
    "wrong",
    [
        {"colour": "red"},
        {"itemID": "boot"},
        {"itemID": "99999999999999999999"},
        {"timeStamp": ">,yesterday"},
        {"timeStamp": ">=,2026-01-04T10:00:00 00:00"},
        {"itemID": f"IN,{','.join(str(n) for n in range(101))}"},
        {"itemID": "><,1"},
        {"ItemShops.qoh": ">,1"},
        {"limit": "101"},
        {"archived": "perhaps"},
        {"or": "description"},
        {"load_relations": '["Colour"]'},
        {"load_relations": "[ItemShops"},
        {"after": "bm90IGpzb24="},
        {"count": "1", "limit": "5"},
        {"offset": "100"},
    ],
)
def test_malformed_query_is_a_bad_request_that_says_why(boots, wrong):
    answer = boots.get("Item", **wrong)
    assert answer.status_code == 400
    assert answer.json()["message"]


def test_sorting_by_another_field_lists_the_ones_allowed(boots):
    answer = boots.get("Item", sort="upc")
    assert answer.status_code == 400
    assert "itemID, timeStamp, description" in answer.json()["message"]


def test_sort_descends_behind_a_minus(boots):
    assert ids(boots.records("Item", sort="-timeStamp", limit=2)) == [104, 103]


def test_walk_along_next_sees_every_record_once_and_ends_with_nothing(boots):
    walked, url = [], f"{boots.url}/Item.json?sort=description&limit=2"
    while url:
        body = requests.get(url, headers=boots.grant.headers, timeout=10).json()
        page = body["Item"] if isinstance(body["Item"], list) else [body["Item"]]
        walked.append([item["description"] for item in page])
        url = body["@attributes"]["next"]
    assert walked == [["Boot L", "Boot M"], ["Boot S", "Boot XL"], ["Boot XS"]]


def test_previous_leads_back_to_the_first_page(boots):
    first = boots.get("Item", limit=2).json()
    second = requests.get(
        first["@attributes"]["next"], headers=boots.grant.headers, timeout=10
    ).json()
    back = requests.get(
        second["@attributes"]["previous"], headers=boots.grant.headers, timeout=10
    ).json()
    assert ids(back["Item"]) == ids(first["Item"]) == [100, 101]
    assert (first["@attributes"]["previous"], back["@attributes"]["previous"]) == ("", "")
    assert ids(second["Item"]) == [102, 103]


def test_cursor_is_base64_json_in_an_absolute_url_that_keeps_every_parameter(boots):
    given = {"load_relations": ["ItemShops"], "timeStamp": ">=,2026-01-01T00:00:00+00:00"}
    following = boots.get("Item", limit=2, sort="timeStamp", **given).json()["@attributes"]["next"]
    assert following.startswith(f"{boots.url}/Item.json?")
    params = parse_qs(urlsplit(following).query)
    cursor = json.loads(base64.b64decode(params["after"][0]))
    assert cursor == ["2026-01-02T10:00:00+00:00", 101]
    assert params["load_relations"] == ['["ItemShops"]']
    assert params["timeStamp"] == [">=,2026-01-01T00:00:00+00:00"]


def test_next_loses_its_relations_when_told_to(boots, simulator):
    simulator.settings(next_drops_relations=True)
    answer = boots.get("Item", limit=2, load_relations=["ItemShops"]).json()
    assert "load_relations" not in parse_qs(urlsplit(answer["@attributes"]["next"]).query)


def test_list_of_nothing_has_no_entity_key(boots):
    answer = boots.get("Item", itemID="999").json()
    assert answer == {"@attributes": {"next": "", "previous": ""}}


def test_list_of_one_is_a_bare_record(boots):
    assert boots.get("Item", itemID="100").json()["Item"]["description"] == "Boot XS"


def test_count_counts_and_lists_nothing(boots):
    answer = boots.get("Item", count=1, description="~,%X%").json()
    assert answer == {"@attributes": {"count": "2"}}


def test_relation_not_asked_for_or_with_nothing_in_it_is_absent(boots):
    assert "ItemShops" not in boots.record("Item/100")
    loaded = boots.record("Item/100", load_relations=["Images", "ItemVendorNums", "Category"])
    assert {"Images", "ItemVendorNums", "Category"}.isdisjoint(loaded)


def test_stock_of_an_item_lists_every_shop_and_their_sum(boots):
    item = boots.record("Item/103", load_relations=["ItemShops"])
    rows = [(row["shopID"], row["qoh"]) for row in item["ItemShops"]["ItemShop"]]
    assert rows == [("1", "3"), ("0", "3")]


def test_nested_relation_comes_with_its_parent(boots):
    item = boots.record("Item/101", load_relations=["TagRelations.Tag"])
    assert item["TagRelations"]["TagRelation"] == {
        "tagID": "1",
        "Tag": {"tagID": "1", "name": "winter"},
    }
    attributes = boots.record(
        "Item/101", load_relations=["ItemAttributes", "ItemAttributes.ItemAttributeSet"]
    )["ItemAttributes"]
    assert attributes["ItemAttributeSet"]["attributeName2"] == "Size"


def test_all_relations_load_but_never_custom_fields(boots):
    item = boots.record("Item/101", load_relations="all")
    assert {"ItemShops", "ItemAttributes", "TagRelations", "TaxClass"} <= set(item)


def test_archived_record_is_found_by_its_id(boots):
    assert boots.record("Item/105")["archived"] == "true"


def test_customer_is_found_by_phone_number_and_by_mail(simulator):
    contact = {
        "Phones": {"ContactPhone": [{"number": "0215550100", "useType": "Mobile"}]},
        "Emails": {"ContactEmail": [{"address": "Ann@example.com", "useType": "Primary"}]},
    }
    simulator.put({"Customer": [{"firstName": "Ann", "Contact": contact}, {"firstName": "Bob"}]})
    client = simulator.client()
    for name, value in (("mobile", "0215550100"), ("email", "ann@example.com")):
        found = client.records(
            "Customer", **{f"Contact.{name}": value, "load_relations": ["Contact"]}
        )
        assert [customer["firstName"] for customer in found] == ["Ann"]
    home = {"Contact.phoneHome": "0215550100", "load_relations": ["Contact"]}
    assert client.records("Customer", **home) == []


def test_older_paths_page_by_offset_and_count(boots, simulator):
    client = simulator.client(version="")
    answer = client.get("Item", limit=2, offset=3, orderby="description", orderby_desc=1).json()
    assert answer["@attributes"] == {"count": "5", "offset": "3", "limit": "2"}
    assert [item["description"] for item in answer["Item"]] == ["Boot M", "Boot L"]


def test_sub_tree_of_categories_lies_between_its_node_numbers(simulator):
    simulator.put(
        {
            "Category": [
                {"categoryID": 1, "name": "Shoes"},
                {"categoryID": 2, "name": "Boots", "parentID": 1},
                {"categoryID": 3, "name": "Hats"},
            ]
        }
    )
    client = simulator.client()
    shoes = client.record("Category/1")
    below = client.records("Category", leftNode=f"><,{shoes['leftNode']},{shoes['rightNode']}")
    assert [category["fullPathName"] for category in below] == ["Shoes", "Shoes/Boots"]
    assert below[1]["nodeDepth"] == "1"
