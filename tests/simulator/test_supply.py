"""Purchase orders, shipments, transfers and returns, as far as others' clients read them."""

ORDERED = {"vendorID": 1, "shopID": 1, "refNum": "PO-1"}


def test_a_purchase_order_is_written_with_its_lines_and_archived(owner, stocked):
    stocked.put({"Vendor": [{"vendorID": 1, "name": "Alder"}]})
    lines = {"OrderLine": [{"itemID": 12, "quantity": 5, "price": "4"}]}
    order = owner.post("Order", ORDERED | {"OrderLines": lines}).json()["Order"]
    found = owner.record(f"Order/{order['orderID']}", load_relations="all")
    assert (found["Vendor"]["name"], found["OrderLines"]["OrderLine"]["quantity"]) == ("Alder", "5")
    assert owner.delete(f"Order/{order['orderID']}").json()["Order"]["archived"] == "true"


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
    stocked.put({"Shop": [{"shopID": 2, "name": "Harbour"}]})
    body = {"sendingShopID": 1, "receivingShopID": 2, "createdByEmployeeID": 1, "note": "Socks"}
    made = owner.post("Inventory/Transfer", body).json()["Transfer"]
    assert (made["ReceivingShop"]["name"], made["status"]) == ("Harbour", "open")
    stocked.put({"TransferItem": [{"transferID": made["transferID"], "itemID": 12, "toSend": 3}]})
    items = owner.get(f"Inventory/Transfer/{made['transferID']}/TransferItems").json()
    assert items["TransferItem"]["toSend"] == "3"


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
    assert owner.get(f"Order/{order}/Shipment/102/Item").status_code == 404
