"""Purchase orders, shipments, transfers and returns, as far as others' clients read them."""

import pytest

ORDERED = {"vendorID": 1, "shopID": 1, "refNum": "PO-1"}
SOCKS_TO_HARBOUR = {"sendingShopID": 1, "receivingShopID": 2, "note": "Socks"}


@pytest.fixture
def owner(owner, stocked):
    """Of two shops and one vendor."""
    stocked.put({"Shop": [{"shopID": 2, "name": "Harbour"}]})
    stocked.put({"Vendor": [{"vendorID": 1, "name": "Alder"}]})
    return owner


def test_a_purchase_order_is_written_with_its_lines_and_archived(owner):
    lines = {"OrderLine": [{"itemID": 12, "quantity": 5, "price": "4"}]}
    order = owner.post("Order", ORDERED | {"OrderLines": lines}).json()["Order"]
    found = owner.record(f"Order/{order['orderID']}", load_relations="all")
    assert (found["Vendor"]["name"], found["OrderLines"]["OrderLine"]["quantity"]) == ("Alder", "5")
    assert owner.delete(f"Order/{order['orderID']}").json()["Order"]["archived"] == "true"
    assert owner.records("Order") == []


def test_an_order_is_answered_with_the_published_keys_whatever_was_done_to_it(owner, recording):
    given = {"orderedDate": "2021-04-04", "receivedDate": "2021-10-17", "vendorID": "1"}
    created = owner.post("Order", given).json()["Order"]
    path = f"Order/{created['orderID']}"
    changed = owner.put(path, {"refNum": "12"}).json()["Order"]
    archived = owner.delete(path).json()["Order"]
    for name, shown in (
        ("order-post-200-docs-e15c7a", created),
        ("order-put-200-docs-343488", changed),
        ("order-delete-200-docs-2c3314", archived),
    ):
        published = recording(name)["response"]["body"]["Order"]
        assert list(shown) == list(published)
        assert list(shown["Note"]) == list(published["Note"])
    # By the shop's clock.
    assert created["orderedDate"] == "2021-04-04T04:00:00+00:00"


def test_new_order_is_for_the_shop_where_its_maker_was_last(owner, stocked):
    assert owner.post("Order", {}).json()["Order"]["shopID"] == "1"
    stocked.put({"Employee": [{"employeeID": 1, "lastShopID": 2}]})
    assert owner.post("Order", {}).json()["Order"]["shopID"] == "2"


def test_order_counts_what_is_on_its_lines_and_what_was_taken_off(owner):
    line = {"itemID": 12, "quantity": 5, "originalPrice": "4", "price": "3.5"}
    order = owner.post("Order", {"OrderLines": {"OrderLine": [line, line | {"quantity": 1}]}})
    path = f"Order/{order.json()['Order']['orderID']}"

    def totals():
        return [owner.record(path)[name] for name in ("totalQuantity", "totalDiscount")]

    assert totals() == ["6", "3"]
    owner.put("OrderLine/2", {"quantity": 3})
    assert totals() == ["8", "4"]
    owner.delete("OrderLine/1")
    assert totals() == ["3", "1.5"]
    owner.put("OrderLine/2", {"orderID": owner.post("Order", {}).json()["Order"]["orderID"]})
    assert totals() == ["0", "0"]


def test_lines_written_inside_an_order_change_with_their_id_and_are_added_without(owner):
    line = {"itemID": 12, "quantity": 5, "price": "4"}
    order = owner.post("Order", {"OrderLines": {"OrderLine": line}}).json()["Order"]
    path = f"Order/{order['orderID']}"
    again = [{"orderLineID": 1, "quantity": 2}, {"itemID": 13, "quantity": 1, "price": "9"}]
    shown = owner.put(path, {"OrderLines": {"OrderLine": again}}, load_relations=["OrderLines"])
    lines = shown.json()["Order"]["OrderLines"]["OrderLine"]
    assert [(line["quantity"], line["total"]) for line in lines] == [("2", "8"), ("1", "9")]


@pytest.mark.parametrize("wrong", [{"orderID": 9}, {"itemID": 99}, {"orderID": ""}])
def test_line_of_no_order_or_no_item_is_refused(owner, wrong):
    order = owner.post("Order", ORDERED).json()["Order"]["orderID"]
    answer = owner.post("OrderLine", {"orderID": order, "itemID": 12, "quantity": 1} | wrong)
    assert (answer.status_code, owner.records("OrderLine")) == (400, [])
    assert next(iter(wrong)) in answer.json()["message"]


@pytest.mark.parametrize("wrong", [{"vendorID": 9}, {"shopID": 9}])
def test_order_for_no_such_vendor_or_shop_is_refused(owner, wrong):
    assert owner.post("Order", ORDERED | wrong).status_code == 400
    assert owner.records("Order") == []


def test_a_line_has_the_published_keys(owner, recording):
    interaction = recording("orderline-post-200-docs-33b374")
    order = owner.post("Order", ORDERED).json()["Order"]["orderID"]
    given = interaction["request"]["body"] | {"orderID": order, "itemID": "12"}
    shown = owner.post("OrderLine", given).json()["OrderLine"]
    published = interaction["response"]["body"]["OrderLine"]
    assert list(shown) == list(published)
    own = ("orderLineID", "orderID", "itemID", "timeStamp", "createTime")
    assert {k: v for k, v in shown.items() if k not in own} == {
        k: v for k, v in published.items() if k not in own
    }


def test_lines_of_an_order_have_a_door_of_their_own(owner):
    order = owner.post("Order", ORDERED).json()["Order"]["orderID"]
    line = owner.post("OrderLine", {"orderID": order, "itemID": 12, "quantity": 10, "price": "20"})
    key = line.json()["OrderLine"]["orderLineID"]
    assert line.json()["OrderLine"]["total"] == "200"
    changed = owner.put(f"OrderLine/{key}", {"quantity": 3}).json()["OrderLine"]
    assert (changed["total"], changed["originalPrice"]) == ("60", "20")
    owner.delete(f"OrderLine/{key}")
    assert owner.get(f"OrderLine/{key}").status_code == 404


def test_open_orders_of_a_vendor_are_found_as_clients_ask_for_them(owner):
    for complete in (True, False):
        owner.post("Order", ORDERED | {"complete": complete})
    found = owner.records("Order", vendorID=1, complete="false", load_relations="all")
    assert [order["complete"] for order in found] == ["false"]


def test_a_transfer_answers_who_sends_who_receives_and_who_made_it(owner, stocked):
    made = owner.post("Inventory/Transfer", SOCKS_TO_HARBOUR).json()["Transfer"]
    assert (made["ReceivingShop"]["name"], made["status"]) == ("Harbour", "open")
    assert (made["createdByEmployeeID"], made["CreatedByEmployee"]["employeeID"]) == ("1", "1")
    stocked.put({"TransferItem": [{"transferID": made["transferID"], "itemID": 12, "toSend": 3}]})
    items = owner.get(f"Inventory/Transfer/{made['transferID']}/TransferItems").json()
    assert items["TransferItem"]["toSend"] == "3"


def test_a_transfer_has_the_published_keys_and_changes_until_it_is_sent(owner, stocked, recording):
    interaction = recording("transfer-post-200-docs-6cd8db")
    made = owner.post("Inventory/Transfer", interaction["request"]["body"]).json()["Transfer"]
    assert list(made) == list(interaction["response"]["body"]["Transfer"])
    path = f"Inventory/Transfer/{made['transferID']}"
    assert owner.put(path, {"note": "Hats"}).json()["Transfer"]["note"] == "Hats"
    stocked.put({"Transfer": [{"transferID": made["transferID"], "status": "sent"}]})
    assert owner.put(path, {"note": "Gloves"}).status_code == 400
    assert owner.record(path)["note"] == "Hats"


def test_a_transfer_is_also_read_where_transfers_were_before(owner, stocked):
    made = owner.post("Inventory/Transfer", SOCKS_TO_HARBOUR).json()["Transfer"]
    stocked.put({"TransferItem": [{"transferID": made["transferID"], "itemID": 12, "toSend": 3}]})
    old = owner.record(f"Transfer/{made['transferID']}", load_relations="all")
    assert (old["sent"], old["note"], old["transferToID"]) == ("false", "Socks", "1")
    assert old["TransferItems"]["TransferItem"]["toSend"] == "3"


@pytest.mark.parametrize("name", ["sendingShopID", "receivingShopID"])
def test_a_transfer_takes_two_shops(owner, name):
    answer = owner.post("Inventory/Transfer", SOCKS_TO_HARBOUR | {name: 9})
    assert (answer.status_code, owner.records("Transfer")) == (400, [])
    assert name in answer.json()["message"]


def test_items_of_a_return_come_unasked_and_may_be_asked_for(owner, stocked):
    items = {"VendorReturnItem": {"vendorReturnItemID": "1", "itemID": "12", "quantity": "10"}}
    stocked.put({"VendorReturn": [{"vendorID": 1, "VendorReturnItems": items}]})
    for asked in ([], ["VendorReturnItems", "VendorReturnItems.Item"]):
        shown = owner.record("VendorReturn/1", load_relations=asked)
        assert shown["VendorReturnItems"]["VendorReturnItem"]["quantity"] == "10"


def test_a_return_shows_of_its_vendor_what_the_published_one_does(owner, stocked, recording):
    contact = {"Phones": {"ContactPhone": [{"number": "5550153", "useType": "Work"}]}}
    reps = {"VendorRep": [{"firstName": "Ellis", "lastName": "Lee"}]}
    stocked.put(
        {
            "Vendor": [{"vendorID": 1, "name": "Alder", "Contact": contact, "Reps": reps}],
            "VendorReturn": [{"vendorID": 1, "shopID": 1, "Note": {"note": ""}}],
        }
    )
    shown = owner.record("VendorReturn/1", load_relations="all")
    published = recording("vendorreturn-get-200-docs-65797d")["response"]["body"]["VendorReturn"]
    assert sorted(shown) == sorted(published)
    for name in ("Vendor", "Note"):
        assert sorted(shown[name]) == sorted(published[name])
    assert (shown["status"], shown["VendorReturnItems"]) == ("open", "")


@pytest.mark.parametrize("version", ["", "/V3"])
@pytest.mark.parametrize(
    ("path", "entity", "fields"),
    [
        ("Order", "Order", {"vendorID": 1, "shopID": 1}),
        ("OrderLine", "OrderLine", {"orderID": 1, "itemID": 12}),
        ("Shipment", "OrderShipment", {"orderID": 1}),
        ("Transfer", "OldTransfer", {}),
        ("Inventory/Transfer", "Transfer", {"sendingShopID": 1}),
        ("TransferItem", "TransferItem", {"transferID": 1, "itemID": 12}),
        ("VendorReturn", "VendorReturn", {"vendorID": 1, "shopID": 1}),
    ],
)
def test_both_apis_list_what_changed_since_with_all_relations(
    stocked, version, path, entity, fields
):
    stocked.put({entity: [{"timeStamp": "2026-05-04T09:00:00+00:00", **fields}]})
    client = stocked.client(version=version)
    (found,) = listed(client, path, load_relations="all", timeStamp=">,2026-05-04T08:59:59+00:00")
    assert found["timeStamp"] == "2026-05-04T09:00:00+00:00"
    assert listed(client, path, load_relations="all", timeStamp=">,2026-05-04T09:00:00Z") == []


def listed(client, path, **asked):
    answer = client.get(path, **asked)
    assert answer.status_code == 200, answer.text
    _, *found = answer.json().values()
    return found


def test_shipments_old_transfers_and_returns_are_listed(owner, stocked):
    stocked.put(
        {
            "OrderShipment": [{"orderID": 1, "totalCost": "137.12"}],
            "OldTransfer": [{"transferFromID": 1, "transferToID": 2}],
            "VendorReturn": [{"vendorID": 1, "shopID": 1, "Note": {"note": ""}}],
        }
    )
    listed = [list(owner.get(path).json()) for path in ("Shipment", "Transfer", "VendorReturn")]
    assert [names[1] for names in listed] == ["OrderShipment", "Transfer", "VendorReturn"]


def test_shipments_are_found_below_their_order_and_only_read(owner, stocked):
    order = owner.post("Order", ORDERED).json()["Order"]["orderID"]
    shipment = {"orderShipmentID": 101, "orderID": order, "totalQtyReceived": 10}
    item = {"orderShipmentItemID": 1011, "orderShipmentID": 101, "itemID": 12}
    stocked.put({"OrderShipment": [shipment], "OrderShipmentItem": [item]})
    for path in (f"Order/{order}/Shipment", f"Order/{order}/Shipment/101", "Shipment/101"):
        assert owner.get(path).json()["OrderShipment"]["totalQtyReceived"] == "10"
    for path in (f"Order/{order}/Shipment/101/Item", "Shipment/101/Item"):
        assert owner.get(path).json()["OrderShipmentItem"]["itemID"] == "12"
        assert owner.get(f"{path}/1011").json()["OrderShipmentItem"]["itemID"] == "12"
        assert owner.post(path, {}).status_code == 405
    other = owner.post("Order", ORDERED).json()["Order"]["orderID"]
    for wrong in (f"{order}/Shipment/102", f"{other}/Shipment/101", "99/Shipment/101"):
        for below in ("", "/Item", "/Item/1011"):
            assert owner.get(f"Order/{wrong}{below}").status_code == 404
