"""JSON and XML: how a client asks for either, and that both say the same."""

from xml.etree import ElementTree

import pytest
import requests


@pytest.fixture
def ask(owner):
    """A GET below the account, exactly as written; only the token is added."""

    def get(path, accept=None, **params):
        headers = owner.grant.headers | {"Accept": accept}
        return requests.get(f"{owner.url}/{path}", headers=headers, params=params, timeout=10)

    return get


def as_json(element):
    """An XML record in the words of its JSON: repeated elements are a list."""
    if not len(element):
        return element.text or ""
    record = {}
    for child in element:
        record.setdefault(child.tag, []).append(as_json(child))
    return {name: found[0] if len(found) == 1 else found for name, found in record.items()}


@pytest.mark.parametrize(
    ("path", "accept", "kind"),
    [
        ("Item/12.json", None, "json"),
        ("Item/12.json", "*/*", "json"),
        ("Item/12.xml", None, "xml"),
        ("Item/12", None, "xml"),
        ("Item/12", "application/json", "json"),
        ("Item/12.xml", "application/json, text/plain, */*", "json"),
        ("Item/12.json", "application/xml", "xml"),
        ("Item/12.json", "text/xml;q=0.9, application/json;q=0.2", "xml"),
        ("Item/12.json", "image/png", "json"),
    ],
)
def test_accept_beats_the_suffix_and_xml_is_the_default(ask, path, accept, kind):
    assert kind in ask(path, accept).headers["Content-Type"]


@pytest.mark.parametrize("path", ["Item/12", "Shop/1", "Sale/1", "Customer/1"])
def test_a_record_says_the_same_in_both_formats(ask, stocked, open_sale, path):
    stocked.put({"Customer": [{"firstName": "Zoé <&>", "Contact": {"custom": "x"}}]})
    open_sale({"itemID": 12, "unitQuantity": 2}, {"itemID": 13, "unitQuantity": 1})
    name = path.split("/")[0]
    record = ask(f"{path}.json", load_relations="all").json()[name]
    element = ElementTree.fromstring(ask(f"{path}.xml", load_relations="all").content)
    assert (element.tag, as_json(element)) == (name, record)


def test_a_list_is_named_for_several_and_carries_its_paging(ask):
    element = ElementTree.fromstring(ask("Item.xml", limit=2).content)
    assert (element.tag, [child.tag for child in element]) == ("Items", ["Item", "Item"])
    assert "after=" in element.attrib["next"]
    empty = ElementTree.fromstring(ask("Item.xml", itemID=999).content)
    assert (empty.tag, list(empty)) == ("Items", [])


def test_money_in_xml_names_its_currency(ask):
    element = ElementTree.fromstring(ask("Item/12.xml").content)
    amounts = element.findall("Prices/ItemPrice/amount")
    assert (amounts[0].text, amounts[0].get("currency")) == ("9.99", "USD")
    assert element.find("itemID").get("currency") is None


def test_a_refusal_comes_in_the_format_that_was_asked_for(ask):
    element = ElementTree.fromstring(ask("Item/999.xml").content)
    assert element.find("httpCode").text == "404"
    assert ask("Item/999.json").json()["httpCode"] == "404"


def test_a_record_may_be_written_in_xml(owner):
    written = b"<?xml version='1.0'?><Item><description>Wool sock L</description></Item>"
    answer = owner.http.put(
        f"{owner.url}/Item/12.json", data=written, headers=owner.grant.headers, timeout=5
    )
    assert answer.json()["Item"]["description"] == "Wool sock L"


def test_xml_of_another_root_is_refused_as_clients_saw_it(owner):
    answer = owner.http.put(
        f"{owner.url}/Item/12.json", data=b"<Order/>", headers=owner.grant.headers, timeout=5
    )
    assert answer.json()["message"] == (
        "XML object name (root) does not match the endpoint type (Item)."
    )


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "text/plain", None])
def test_json_is_read_whatever_it_calls_itself(owner, content_type):
    headers = owner.grant.headers | ({"Content-Type": content_type} if content_type else {})
    answer = owner.http.put(
        f"{owner.url}/Item/12.json", data='{"customSku": "S-1"}', headers=headers, timeout=5
    )
    assert answer.json()["Item"]["customSku"] == "S-1"
