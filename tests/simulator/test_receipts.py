"""Receipts: sent by e-mail, shown as a page, and the data a receipt's template sees."""

import pytest

from salesfloor.simulator.description import words

RECEIPT = {"template": "SaleReceipt"}
# What a published answer has of the customer's open layaways, special orders and work orders.
SUMS = words(
    "Subtotal SubtotalNoDiscount Tax Tax1 Tax2 Tax3 Tax4 Tax5 LineDiscount AllDiscounts TaxTotal "
    "Total"
)


@pytest.fixture
def sale(stocked, owner, open_sale):
    """A sock and a hat sold to Ann, paid with 40 in cash."""
    stocked.put(
        {
            "Shop": [
                {
                    "shopID": 1,
                    "Contact": {"custom": ""},
                    "ReceiptSetup": {"header": "Open till six", "generalMsg": "Come again"},
                }
            ],
            "Customer": [{"customerID": 88, "firstName": "Ann", "lastName": "<Lee>"}],
        }
    )
    opened = open_sale(
        {"itemID": 12, "unitQuantity": 1, "note": "gift wrap"},
        {"itemID": 13, "unitQuantity": 1},
        customerID=88,
        SaleNotes={"PrintedNote": {"note": "Thank you"}},
    )
    paid = {"SalePayments": {"SalePayment": {"paymentTypeID": 1, "amount": "40"}}}
    answer = owner.put(f"Sale/{opened['saleID']}", paid | {"completed": True})
    return answer.json()["Sale"]


def page(client, sale, suffix=".html", headers=None, **params):
    return client.http.get(
        f"{client.url}/DisplayTemplate/Sale/{sale['saleID']}{suffix}",
        headers=client.grant.headers | (headers or {}),
        params=params,
        timeout=5,
    )


def test_receipt_goes_to_any_address_and_can_be_read_by_a_test(owner, stocked, sale):
    stocked.settings(rate_limits="current")
    path = f"Sale/{sale['saleID']}/EmailReceipt"
    answer = owner.post(path, {"emailAddress": "a@example.com"})
    assert answer.json() == {"message": "Receipt emailed to: a@example.com"}
    assert answer.headers["X-LS-Api-Request-Cost"] == "5"
    (mail,) = stocked.control("GET", "mail")["mail"]
    assert (mail["address"], mail["sale_id"]) == ("a@example.com", int(sale["saleID"]))
    assert sale["ticketNumber"] in mail["subject"]
    assert "34.48" in mail["html"]


@pytest.mark.parametrize("body", [{}, {"emailAddress": "nobody"}])
def test_receipt_without_an_address_goes_nowhere(owner, stocked, sale, body):
    assert owner.post(f"Sale/{sale['saleID']}/EmailReceipt", body).status_code == 400
    assert stocked.control("GET", "mail")["mail"] == []


def test_receipt_of_no_sale_is_not_found(owner):
    assert owner.post("Sale/999/EmailReceipt", {"emailAddress": "a@b.c"}).status_code == 404


@pytest.mark.parametrize(
    ("suffix", "headers"),
    [(".html", {}), ("", {"Accept": "text/html"}), (".json", {"Accept": "text/html"})],
)
def test_receipt_is_a_page_of_what_was_sold_and_how_it_was_paid(owner, sale, suffix, headers):
    answer = page(owner, sale, suffix, headers, **RECEIPT)
    assert answer.headers["Content-Type"].startswith("text/html")
    for text in (
        "Sales Receipt", "Main Street", "Open till six", "Ann &lt;Lee&gt;", sale["ticketNumber"],
        "1 × Wool sock M", "gift wrap", "9.99", "GST", "2.99", "34.48", "Cash</td><td>40.00",
        "Change</td><td>5.52", "Thank you", "Come again",
    ):  # fmt: skip
        assert text in answer.text, text


def test_number_on_a_receipt_finds_it_again(owner, sale):
    by_number = owner.record(f"DisplayTemplate/Sale/{sale['ticketNumber']}")
    assert by_number["saleID"] == sale["saleID"]


def test_page_needs_a_template_and_takes_its_parameters(owner, sale):
    assert page(owner, sale).status_code == 400
    gift = page(owner, sale, gift_receipt="1", **RECEIPT).text
    assert "Gift Receipt" in gift
    assert "9.99" not in gift
    assert "Invoice" in page(owner, sale, invoice_as_title="true", **RECEIPT).text


def test_data_of_a_receipt_has_a_fixed_set_of_relations_whatever_is_asked_for(owner, sale):
    data = owner.record(f"DisplayTemplate/Sale/{sale['saleID']}", load_relations=["Bogus"])
    assert (data["Employee"]["employeeID"], data["Register"]["name"]) == ("1", "Register 1")
    assert data["Shop"]["ReceiptSetup"]["header"] == "Open till six"
    assert {"Contact"} <= set(data["Shop"])
    line = data["SaleLines"]["SaleLine"][0]
    assert (line["Item"]["itemID"], line["taxCategoryID"], line["Note"]["note"]) == (
        "12",
        "1",
        "gift wrap",
    )
    assert {"TaxClass", "TaxCategory", "Employee"} <= set(line)
    assert data["SalePayments"]["SalePayment"]["PaymentType"]["type"] == "cash"
    assert data["TaxClassTotals"]["Tax"]["rate2"] == "9.975"


def test_data_of_receipts_comes_in_pages_too(owner, sale, open_sale):
    open_sale()
    answer = owner.get("DisplayTemplate/Sale", limit=1, sort="saleID", template="SaleReceipt")
    body = answer.json()
    assert (body["Sale"]["saleID"], body["Sale"]["Register"]["registerID"]) == ("1", "1")
    following = owner.http.get(
        body["@attributes"]["next"],
        headers=owner.grant.headers | {"Accept": "application/json"},
        timeout=5,
    )
    assert following.json()["Sale"]["saleID"] == "2"


def test_xml_of_a_receipt_says_the_same(owner, sale):
    answer = page(owner, sale, ".xml")
    assert "<ticketNumber>" + sale["ticketNumber"] in answer.text


def test_data_of_a_receipt_tells_what_is_kept_for_the_customer(owner, sale):
    kept = {"employeeID": 1, "shopID": 1, "customerID": 88, "itemID": 12, "unitQuantity": 1}
    owner.post("SaleLine", kept | {"isLayaway": True, "unitPrice": "23"})
    owner.post("SaleLine", kept | {"isSpecialOrder": True, "unitPrice": "34", "unitQuantity": 5})
    customer = owner.record(f"DisplayTemplate/Sale/{sale['saleID']}")["Customer"]
    assert customer["Layaways"]["SaleLine"]["Item"]["itemID"] == "12"
    assert customer["SpecialOrders"]["SaleLine"]["calcTotal"] == "195.4575"
    sums = customer["m"]
    assert (sums["layawaysTax"], sums["layawaysTax1"], sums["layawaysTotal"]) == (
        "1.15",
        "2.29425",
        "26.44",
    )
    assert (sums["subtotal"], sums["taxTotal"], sums["total"]) == ("193", "28.9", "221.9")
    for prefix in ("layaways", "specialOrders", "workorders"):
        assert {prefix + name for name in SUMS} <= set(sums)


def test_data_of_a_receipt_has_the_published_keys(owner, open_sale, sale, recording):
    published = recording("sale-get-200-docs-10-10470e")["response"]["body"]["Sale"]
    ours = owner.record(f"DisplayTemplate/Sale/{sale['saleID']}")
    # Of a sale that is sent somewhere; spelt updateTime elsewhere.
    assert set(published) - set(ours) == {"ShipTo", "updatetime"}
    missing = set(published["SaleLines"]["SaleLine"]) - set(ours["SaleLines"]["SaleLine"][0])
    assert missing == set()


def test_rounded_cash_shows_on_the_sale_and_on_its_receipt(owner, stocked, sale):
    stocked.put({"Locale": [{"localeID": 1, "cashRoundingPrecision": "0.05"}]})
    shown = owner.record(f"Sale/{sale['saleID']}")["MetaData"]
    assert (shown["isCashRoundingEnabled"], shown["cash_rounding_delta"]) == ("true", "-0.02")
    assert "34.50" in page(owner, sale, **RECEIPT).text


def test_surcharges_are_told_in_a_receipts_data_alone(owner, sale):
    shown = owner.record(f"DisplayTemplate/Sale/{sale['saleID']}")
    assert shown["calcSurcharges"] == "0"
    assert "calcSurcharges" not in owner.record(f"Sale/{sale['saleID']}")
