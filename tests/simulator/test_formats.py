"""JSON and XML: how a client asks for either, and that both say the same."""

import gzip
import socket
from urllib.parse import urlsplit
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


def test_xml_nested_without_end_is_refused(owner):
    written = b"<Item>" + b"<a>" * 3000 + b"</a>" * 3000 + b"</Item>"
    answer = requests.post(
        f"{owner.url}/Item.xml", data=written, headers=owner.grant.headers, timeout=5
    )
    assert (answer.status_code, owner.get("Item/12").status_code) == (400, 200)


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


# --- As clients in other languages have been seen to ask ---------------------------------


@pytest.fixture
def send(owner):
    """One request, byte for byte; the status line, headers and body of its answer."""

    def exchange(head, body=b""):
        host, port = urlsplit(owner.url).netloc.split(":")
        token = f"Authorization: Bearer {owner.grant.access_token}\r\n"
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(f"{head}\r\nHost: {host}:{port}\r\n{token}".encode() + body)
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        start, _, content = answer.partition(b"\r\n\r\n")
        return start.decode(), content

    return exchange


@pytest.mark.parametrize(
    "path",
    [
        "/API/V3/Account.json",
        "/API/Account.json",
        "/API/Account/.json",
        "/API/Account/?",
        "/API//Account.json",
    ],
)
def test_the_account_is_found_under_every_spelling(owner, path):
    base = owner.url.partition("/API")[0]
    headers = owner.grant.headers | {"Accept": "application/json"}
    answer = requests.get(base + path, headers=headers, timeout=5).json()
    assert (answer["@attributes"]["count"], answer["Account"]["accountID"]) == ("1", "4711")


@pytest.mark.parametrize(
    "path",
    [
        "Item.json?&itemID=IN,[12]&limit=50",
        "Item.json?itemID=12&",
        "Item/?itemID=12",
        "Item?itemID=IN,[%2712%27]",
        'Item.json?itemID=IN,["12"]',
        "Item.json?load_relations=[%22Category%22,+%22Images%22]&itemID=12",
        "item.json?itemID=12",
        "Item.json?or=itemID=12|itemID=99",
        "Item.json?or=itemID%3D12%7CitemID%3D99",
        "Item.json?or=customSku%253D~,%2525OCK-M%7Cupc%3D1",
        "Item.json?archived=&itemID=12",
    ],
)
def test_one_item_is_found_however_it_is_asked_for(ask, path):
    assert ask(path, "application/json").json()["Item"]["itemID"] == "12"


def test_head_is_a_get_that_keeps_its_body(send, owner):
    path = urlsplit(owner.url).path
    start, body = send(f"HEAD {path}/Item/12.json HTTP/1.1", b"Connection: close\r\n\r\n")
    assert (start.split(" ")[1], body) == ("200", b"")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ("Transfer-Encoding: chunked", b'8\r\n{"custom\r\nA\r\nSku": "C"}\r\n0\r\n\r\n'),
        ("Content-Length: {}\r\nExpect: 100-continue", b'{"customSku": "C"}'),
        (
            "Content-Length: {}\r\nContent-Encoding: gzip",
            gzip.compress(b'{"customSku": "C"}', mtime=0),
        ),
    ],
)
def test_a_body_may_come_in_pieces_late_or_packed(send, owner, headers, body):
    path = urlsplit(owner.url).path
    head = f"PUT {path}/Item/12.json HTTP/1.1\r\n{headers.format(len(body))}"
    send(head, b"Connection: close\r\n\r\n" + body)
    assert owner.record("Item/12")["customSku"] == "C"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ("Content-Encoding: gzip\r\nContent-Length: 3", b"abc"),
        ("Transfer-Encoding: chunked", b"-1\r\n\r\n"),
        ("Transfer-Encoding: chunked", b"zz\r\n\r\n"),
        ("Content-Length: 99999999999", b""),
    ],
)
def test_a_body_that_cannot_be_unpacked_is_answered_all_the_same(send, owner, headers, body):
    path = urlsplit(owner.url).path
    start, _ = send(f"PUT {path}/Item/12.json HTTP/1.1\r\n{headers}", b"\r\n" + body)
    assert start.split(" ")[1] == "413"


def test_a_path_in_other_scripts_is_no_number(owner):
    assert [owner.get(path).status_code for path in ("Item/²", "Item/١٢", "Sale/²/refund")] == [
        404,
        404,
        404,
    ]


def test_what_is_not_there_or_not_ours_tells_of_the_bucket_as_well(owner):
    base = owner.url.rpartition("/")[0]
    for url in (f"{base}/1/Item.json", f"{owner.url}/Nothing.json", f"{base}X.json"):
        answer = owner.http.get(url, headers=owner.grant.headers, timeout=5)
        assert (answer.status_code // 100, "X-LS-API-Bucket-Level" in answer.headers) == (4, True)


def test_bodies_of_reads_and_phps_empty_object_mean_nothing(owner):
    headers = owner.grant.headers | {"Content-Type": "application/json"}
    read = owner.http.get(f"{owner.url}/Item/12.json", data="[]", headers=headers, timeout=5)
    written = owner.http.put(f"{owner.url}/Item/12.json", data="[]", headers=headers, timeout=5)
    assert read.json()["Item"]["customSku"] == written.json()["Item"]["customSku"] == "SOCK-M"


def test_a_list_of_one_account_stands_in_a_list_in_xml(owner):
    base = owner.url.rpartition("/")[0]
    content = requests.get(f"{base}.xml", headers=owner.grant.headers, timeout=5).content
    element = ElementTree.fromstring(content)
    assert (element.tag, element[0].tag, element[0].find("accountID").text) == (
        "Accounts",
        "Account",
        "4711",
    )


def test_drip_rates_are_whole_numbers_and_levels_come_even_without_limits(simulator, stocked):
    stocked.put({"Register": [{"registerID": n, "name": "R", "shopID": 1} for n in (2, 3, 4)]})
    stocked.settings(rate_limits="current")
    headers = stocked.client().get("Item").headers
    assert (headers["X-LS-Api-Drip-Rate"], headers["X-LS-API-Bucket-Level"][-4:]) == ("2", "/120")
    stocked.settings(rate_limits="off")
    assert stocked.client().get("Item").headers["X-LS-API-Bucket-Level"] == "1/120"
