"""Every recording, compared with what the simulator answers: the same keys, the same types.

What differs stands in a table here with its reason; an entry that is no longer true fails too.
"""

import csv
import json
import re
from collections import defaultdict
from functools import cache
from xml.etree import ElementTree

import pytest

from salesfloor.simulator.entities import ENTITIES
from tests.simulator.conftest import RECORDINGS
from tests.simulator.running import start
from tests.simulator.test_formats import as_json

pytestmark = pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason=f"no recorded answers at {RECORDINGS} (LIGHTSPEED_RECORDINGS)"
)


def because(reason, keys):
    return dict.fromkeys(keys.split(), reason)


# Keys that recordings have and the simulator leaves out.
NOT_ANSWERED = {
    "@attributes": because("of the XML of a card terminal's answer", "readonly"),
    "CCCharge": because("the XML of a card terminal's answer", "rawVoidResponse"),
    "CreatedByEmployee": because("in samples alone; no recorded employee has it", "systemUserID"),
    "Employee": because("in samples alone; no recorded employee has it", "systemUserID")
    | because("recorded empty in 2016, and removed in that year", "accessPin"),
    "Item": because("of labels alone, which are not printed here", "Vendor"),
    "Label": because("labels are not printed here", "Item Order copies itemID m"),
    "OrderLine": because(
        "in a special order of 2016, of integrations long gone",
        "integrationOrdered integrationQoh integrationResponse",
    ),
    "RegisterCount": because("of the data of a count's print-out", "Employee Register"),
    "Reps": because("one sample has the person without its list", "firstName lastName"),
    "Sale": because("the documentation's spelling of updateTime", "updatetime"),
    "ShipTo": because("in one sample", "contactID") | because("in a recast sale", "saleLineID"),
    "Shop": because("in two samples of one account", "networkHealthTool"),
    "Tax": because("the same as `id`, in one sample", "ID"),
    "Vendor": because(
        "of vendors inside purchase orders and labels, of integrations long gone",
        "contactID currencyRateID integrationAccount integrationEnabled integrationLogin "
        "integrationName integrationPassword noteID",
    ),
    "m": because("of labels alone", "currency_symbol price title"),
    "rawVoidResponse": because("the XML of a card terminal's answer", "@attributes"),
}
# Keys that the simulator answers and no recording has.
NOT_RECORDED = {
    "fields in the reference's lists": {
        "Account": "defaultCurrency employeeCount employeeLimit purchasingCurrencies status "
        "uniqueSubscriptionIdentifier",
        "CCCharge": "response",
        "CurrencyDenomination": "value",
        "ItemFeeCategory": "categoryID itemFeeCategoryID itemFeeID",
        "ItemMatrix": "attribute3Values",
        "Locale": "CurrencyDenominations cashRoundingPrecision country countryCode currencyCode "
        "currencyPrecision currencySymbol dateFormat datetimeFormat includeTaxOnLabels "
        "languageTag name states taxName1 taxName2",
        "MetaData": "itemFeesSubtotal",
        "Option": "name value",
        "ReceivingShop": "gatewayConfigID vendorID",
        "Sale": "calcSurcharges",
        "SaleLine": "SpecialOrder",
        "SendingShop": "gatewayConfigID vendorID",
        "TagRelation": "tagID",
        "state": "code",
    },
    "relations that no recording loaded, or that had nothing there": {
        "Category": "Parent",
        "CreatedByEmployee": "Contact",
        "CreditAccount": "WithdrawalPayments",
        "CustomField": "CustomFieldChoices",
        "Customer": "CustomerType Discount TaxCategory",
        "CustomerType": "Discount",
        "Image": "Item ItemMatrix",
        "InventoryCountCalc": "Item",
        "InventoryCountItem": "Item",
        "Item": "Images TagRelations",
        "ItemFee": "ItemFeeCategories",
        "ItemFeeCategory": "Category",
        "ItemMatrix": "Images TagRelations",
        "OrderShipment": "Employee Order OrderShipmentItems",
        "OrderShipmentItem": "Employee Item OrderLine OrderShipment",
        "Parent": "categoryID createTime fullPathName leftNode name nodeDepth parentID rightNode "
        "timeStamp",
        "ReceivingShop": "Contact",
        "RegisterWithdraw": "PaymentType",
        "SalePayment": "ProcessingFees",
        "SendingShop": "Contact",
        "TagRelation": "Tag",
        "TaxCategoryClass": "TaxClass",
        "Transfer": "TransferItems",
        "TransferItem": "Item",
        "Workorder": "Customer Employee Images WorkorderItems WorkorderLines WorkorderStatus",
        "WorkorderItem": "Item",
        "WorkorderLine": "TaxClass",
    },
    "lists around what such relations hold": {
        "CurrencyDenominations": "CurrencyDenomination",
        "CustomFieldChoices": "CustomFieldChoice",
        "Images": "Image WorkorderImage",
        "ItemFeeCategories": "ItemFeeCategory",
        "OrderShipmentItems": "OrderShipmentItem",
        "ProcessingFees": "ProcessingFee",
        "TagRelations": "TagRelation",
        "Tags": "tag",
        "TransferItems": "TransferItem",
        "WithdrawalPayments": "SalePayment",
        "WorkorderItems": "WorkorderItem",
        "WorkorderLines": "WorkorderLine",
        "states": "state",
    },
}
# Text that is sometimes made of digits and sometimes not.
DIGITS_BY_CHANCE = {"ContactPhone.number", "CreditAccount.code", "Order.refNum"}

DATE = re.compile(r"\d{4}-\d\d-\d\d(T[\d:]{8}([+-]\d\d:?\d\d|Z)?)?")
NUMBER = re.compile(r"-?\d+(\.\d+)?(E-?\d+)?")


def kind(value):
    """What a value looks like on the wire; "" says nothing and looks like anything."""
    if isinstance(value, dict | list):
        return "object"
    text = str(value).strip()
    if text.lower() in ("true", "false"):
        return "flag"
    if DATE.fullmatch(text):
        return "date"
    return "number" if NUMBER.fullmatch(text) else "text" if text else ""


def shapes(bodies):
    """Name of an object, wherever it stands → its keys → the kinds of value seen there."""
    found = defaultdict(lambda: defaultdict(set))

    def walk(name, value):
        if isinstance(value, list):
            for entry in value:
                walk(name, entry)
        elif isinstance(value, dict):
            for key, inner in value.items():
                found[name][key].add(kind(inner))
                walk(key, inner)

    for body in bodies:
        for name, value in body.items():
            walk(name, value)
    return found


@cache
def index():
    with (RECORDINGS / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def recorded_bodies():
    for row in index():
        body = json.loads((RECORDINGS / f"{row['name']}.json").read_text())["response"]["body"]
        if row["status"] == "200" and isinstance(body, dict):
            yield body


# What the demo shop has no need of, and recordings tell of.
FURTHER = {
    "Account": [
        {
            "accountID": 4711,
            "purchasingCurrencies": {
                "purchasingCurrency": [{"code": "EUR", "symbol": "€", "rate": "1.5"}]
            },
        }
    ],
    "Image": [{"itemID": 1, "publicID": "boot", "filename": "boot.jpg", "description": "Boot"}],
    "ItemVendorNum": [{"itemID": 1, "vendorID": 1, "value": "V-1"}],
    "Item": [
        {
            "itemID": 2,
            "ItemAttributes": {"attribute1": "Red", "attribute2": "9", "attribute3": "Wide"},
            "ItemComponents": {
                "ItemComponent": [{"componentItemID": 1, "quantity": 2, "componentGroup": 0}]
            },
            "CustomFieldValues": {"CustomFieldValue": [{"customFieldID": 1, "value": "x"}]},
        }
    ],
    "ItemCustomField": [{"customFieldID": 1, "name": "Care", "type": "string", "default": "x"}],
    "CustomerCustomField": [{"customFieldID": 1, "name": "Size", "type": "single_choice"}],
    "CustomerCustomFieldChoice": [{"customFieldID": 1, "name": "Wide", "value": "wide"}],
    "InventoryLog": [{"itemID": 1, "qohChange": 1}],
    "Serialized": [{"itemID": 1, "serial": "S-1", "colorName": "Red"}],
    "Season": [{"name": "Spring"}],
    "Quote": [{"saleID": 1, "employeeID": 1, "issueDate": "2026-05-04T09:00:00+00:00"}],
    "ShipTo": [
        {
            "saleID": 1,
            "Contact": {
                "Addresses": {
                    "ContactAddress": [{"address1": "1 Quay", "address2": "Rear", "zip": "02110"}]
                },
                "Websites": {"ContactWebsite": [{"url": "https://ann.example"}]},
            },
        }
    ],
    "SpecialOrder": [{"saleLineID": 1, "shopID": 1, "orderLineID": 1}],
    "Sale": [{"saleID": 1, "shipToID": 1}],
    "SaleLine": [{"saleLineID": 1, "Note": {"note": "Gift wrap"}}],
    "Vendor": [{"vendorID": 1, "Reps": {"VendorRep": [{"firstName": "Ann", "lastName": "Lee"}]}}],
    "SaleVoid": [{"saleID": 1, "reason": "Mistake"}],
    "CCCharge": [{"ccChargeID": 1, "saleID": 1, "xnum": "4242"}],
    "ProcessingFee": [{"salePaymentID": 1, "processingTime": "2025-11-27T21:57:02+00:00"}],
    "ItemFee": [
        {
            "name": "Bottle Deposit",
            "feeValue": "0.5",
            "ItemFeeCategories": {"ItemFeeCategory": [{"categoryID": 2}]},
        }
    ],
    "CatalogVendorItem": [{"description": "Wool sock"}],
    "Order": [
        {
            "vendorID": 1,
            "shopID": 1,
            "orderedDate": "2026-05-04T09:00:00+00:00",
            "receivedDate": "2026-05-06T09:00:00+00:00",
            "arrivalDate": "2026-05-06T09:00:00+00:00",
            "refNum": "PO-1",
            "Note": {"note": "Soon"},
            "OrderLines": {"OrderLine": [{"itemID": 1, "quantity": 5, "price": "4"}]},
        }
    ],
    "OrderShipment": [
        {"orderID": 1, "employeeID": 1, "receptionDate": "2026-05-06T09:00:00+00:00"}
    ],
    "OrderShipmentItem": [{"orderShipmentID": 1, "employeeID": 1, "itemID": 1, "orderLineID": 1}],
    "Transfer": [
        {
            "sendingShopID": 1,
            "receivingShopID": 2,
            "createdByEmployeeID": 1,
            "sentOn": "2026-05-04T09:00:00+00:00",
            "needBy": "2026-05-06T09:00:00+00:00",
            "TransferItems": {"TransferItem": [{"itemID": 1, "toSend": 3}]},
        }
    ],
    "CCGateway": [{"ccGatewayID": 1, "marketType": "1", "gateway": "test"}],
    "Shop": [{"shopID": 1, "ccGatewayID": 1}],
    "Workorder": [
        {
            "customerID": 1,
            "employeeID": 1,
            "shopID": 1,
            "timeIn": "2026-05-04T09:00:00+00:00",
            "etaOut": "2026-05-06T09:00:00+00:00",
        }
    ],
    "WorkorderItem": [{"workorderID": 1, "itemID": 1}],
    "WorkorderLine": [{"workorderID": 1, "note": "New laces"}],
    "WorkorderImage": [{"workorderID": 1, "description": "Sole", "filename": "sole.jpg"}],
    "InventoryCount": [{"name": "Spring", "shopID": 1}],
    "InventoryCountItem": [{"inventoryCountID": 1, "itemID": 1, "qty": 3, "employeeID": 1}],
    "InventoryCountCalc": [{"inventoryCountID": 1, "itemID": 1, "countedQoh": 3, "calcQoh": 4}],
    "InventoryCountReconcile": [{"inventoryCountID": 1, "itemID": 1, "qohChange": -1}],
    "OldTransfer": [{"transferFromID": 1, "transferToID": 2}],
    "VendorReturn": [{"vendorID": 1, "shopID": 1, "Note": {"note": ""}}],
    "EmployeeHours": [
        {
            "employeeID": 1,
            "shopID": 1,
            "checkIn": "2026-05-04T09:00:00+00:00",
            "checkOut": "2026-05-04T17:00:00+00:00",
        }
    ],
}


def work_a_day_at_the_till(client):
    """Sells a gift card, keeps boots for a customer, pays out, counts and closes the register."""
    client.post("CreditAccount", {"code": "90000012345", "name": "Gift Card"})
    card = client.records("CreditAccount", giftCard="true", archived="true", code="90000012345")
    load = [
        {"amount": "-100", "creditAccountID": card[0]["creditAccountID"], "paymentTypeID": "5"},
        {"amount": "100", "paymentTypeID": "1"},
    ]
    till = {"employeeID": "1", "shopID": "1", "registerID": "1"}
    client.post("Sale", till | {"completed": True, "SalePayments": {"SalePayment": load}})
    kept = {"employeeID": "1", "shopID": "1", "customerID": "1", "itemID": "1", "unitQuantity": "1"}
    client.post("SaleLine", kept | {"isLayaway": True})
    client.post("SaleLine", kept | {"isSpecialOrder": True})
    client.post("Workorder", {"employeeID": "1", "shopID": "1", "customerID": "1"})
    payout = {"amount": "-5", "registerID": "1", "paymentTypeID": "1", "employeeID": "1"}
    client.post("RegisterWithdraw", payout)
    client.post("Register/1/close", {"closeEmployeeID": "1"})


def sell_with_a_fee_and_take_a_line_out(client):
    """To whom something is kept: the receipt's data, and what remains without the line."""
    client.put("Item/1", {"categoryID": 2})
    body = {"employeeID": "1", "shopID": "1", "registerID": "2", "customerID": "1"}
    lines = {"SaleLine": [{"itemID": "1", "unitQuantity": "1"}] * 2}
    sale = client.post("Sale", body | {"SaleLines": lines}).json()["Sale"]
    below = f"Sale/{sale['saleID']}/SaleLine"
    shown = client.get(below, load_relations="all")
    receipt = client.get(f"DisplayTemplate/Sale/{sale['saleID']}")
    taken = client.delete(f"{below}/{sale['SaleLines']['SaleLine'][0]['saleLineID']}")
    return [shown, receipt, taken]


@pytest.fixture(scope="module")
def shop():
    """A demo shop in which everything has happened that a recording tells of."""
    simulator = start("demo", items=300)
    simulator.settings(rate_limits="off")
    simulator.put(FURTHER)
    work_a_day_at_the_till(simulator.client())
    yield simulator
    simulator.stop()


@pytest.fixture(scope="module")
def answers(shop):
    """Every list the simulator has, with all relations, and what is more than a list."""
    client, older = shop.client(), shop.client(version="")
    account = client.url.removesuffix("/Account/4711")
    # The demo shop's history ends today; the orders put in above are of one day.
    ever = {"startDate": "2026-01-01", "endDate": shop.state()["now"][:10]}
    more = [
        *sell_with_a_fee_and_take_a_line_out(client),
        older.get("Item", limit=1),
        client.http.get(f"{account}/Account.json", headers=client.grant.headers, timeout=10),
        client.http.get(f"{client.url}.json", headers=client.grant.headers, timeout=10),
        *(client.get(path, load_relations=NEVER_IN_ALL) for path in ("Item", "Customer")),
        *(client.get(f"Reports/Accounting/{name}", **ever) for name in REPORTS),
    ]
    for path, asked in lists():
        asked = {"load_relations": "all", "archived": "true"} | asked
        more.append(client.get(path, **asked))
    assert [answer.url for answer in more if answer.status_code != 200] == []
    return [answer.json() for answer in more]


NEVER_IN_ALL = ["CustomFieldValues", "CustomFieldValues.value"]
REPORTS = (
    "DiscountsByDay",
    "PaymentsByDay",
    "TaxesByDay",
    "TaxClassSalesByDay",
    "OrdersByTaxClass",
)


def lists():
    """Where the simulator lists records, and what has to be asked to see them."""
    for entity in ENTITIES:
        if "GET" in entity.methods:
            asked = {"giftCard": "true"} if entity.name == "CreditAccount" else {}
            # From both ends, as a page has a hundred.
            yield entity.served_at, asked
            yield entity.served_at, asked | {"sort": f"-{entity.key}"}


def differences(left, right):
    """Name of an object → the keys that it has on the left alone."""
    found = {name: set(keys) - set(right.get(name, ())) for name, keys in left.items()}
    return {name: keys for name, keys in found.items() if keys}


def test_what_recordings_have_is_answered_but_for_what_is_listed(answers):
    found = differences(shapes(recorded_bodies()), shapes(answers))
    assert found == {name: set(reasons) for name, reasons in NOT_ANSWERED.items()}


def test_what_is_answered_was_recorded_but_for_what_is_listed(answers):
    found = differences(shapes(answers), shapes(recorded_bodies()))
    listed = defaultdict(set)
    for keys in NOT_RECORDED.values():
        for name, written in keys.items():
            listed[name] |= set(written.split())
    assert found == listed


def test_values_are_of_the_recorded_kinds(answers):
    recorded, ours = shapes(recorded_bodies()), shapes(answers)
    wrong = {
        f"{name}.{key}": (sorted(kinds - {""}), sorted(ours[name][key] - {""}))
        for name, keys in recorded.items()
        for key, kinds in keys.items()
        if key in ours.get(name, ()) and (kinds - {""}) and (ours[name][key] - {""})
        if not (kinds - {""}) & ours[name][key]
    }
    assert wrong.keys() == DIGITS_BY_CHANCE


def test_a_record_of_every_kind_says_the_same_in_xml(shop):
    client, compared = shop.client(), 0
    for path, asked in lists():
        asked = {"limit": 1, "load_relations": "all", "archived": "true", **asked}
        records = [
            value
            for name, value in client.get(path, **asked).json().items()
            if name != "@attributes" and isinstance(value, dict)
        ]
        answer = client.http.get(
            f"{client.url}/{path}.xml", params=asked, headers=client.grant.headers, timeout=10
        )
        shown = [as_json(element) for element in ElementTree.fromstring(answer.content)]
        assert shown == records, path
        compared += len(records)
    assert compared > 40


def recorded(resource, statuses):
    for row in index():
        if row["resource"] == resource or (resource is None and row["status"] in statuses):
            yield json.loads((RECORDINGS / f"{row['name']}.json").read_text())["response"]


def test_token_answers_have_the_recorded_keys(shop):
    body = {"client_id": "salesfloor", "client_secret": "salesfloor-secret"}

    def answer(path):
        code = {"grant_type": "authorization_code", "code": shop.grant().code}
        return shop.http.post(f"{shop.url}{path}", json=body | code, timeout=10).json()

    new, old = answer("/auth/oauth/token"), answer("/oauth/access_token.php")
    for response in recorded("oauth", ()):
        ours = old if "scope" in response["body"] else new
        assert set(response["body"]) <= set(ours)
        assert type(response["body"]["expires_in"]) is type(ours["expires_in"])


def test_refusals_have_the_recorded_keys_and_classes(shop):
    client = shop.client()
    shop.settings(old_error_bodies=True)
    shop.fault("Vendor/{id}", "429", method="DELETE")
    ours = {
        "400": client.post("Category", {"name": ""}),
        "401": client.http.get(f"{client.url}/Item.json", timeout=10),
        "404": client.get("Employee/999"),
        "429": client.delete("Vendor/1"),
    }
    shop.settings(old_error_bodies=False)
    for response in recorded(None, ours):
        if isinstance(response["body"], str):  # the front proxy's page, which is a fault here
            assert "<html>" in response["body"]
            continue
        answer = ours[str(response["status"])]
        assert (answer.status_code, set(answer.json())) == (
            response["status"],
            set(response["body"]),
        )
        assert answer.json()["errorClass"] == response["body"]["errorClass"]
