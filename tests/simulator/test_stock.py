"""Stock: what moves it, what is written down of each movement, and what it is worth."""

import pytest


def log(client, **params):
    return client.records("InventoryLog", **params)


def stock_row(client, item_id, shop_id):
    rows = client.records("ItemShop", itemID=item_id, shopID=shop_id)
    return rows[0]


@pytest.fixture
def sell(owner, open_sale):
    """Sells so many of item 12, or takes them back."""

    def sell(quantity, **fields):
        sale = open_sale({"itemID": 12, "unitQuantity": quantity}, **fields)
        body = {"SalePayments": {"SalePayment": {"paymentTypeID": 1, "amount": sale["calcTotal"]}}}
        answer = owner.put(f"Sale/{sale['saleID']}", body | {"completed": True})
        assert answer.status_code == 200, answer.text
        return sale

    return sell


def test_sale_is_logged_with_its_reason_and_who_sold(owner, sell):
    sale = sell(2)
    (entry,) = log(owner)
    assert (entry["reason"], entry["qohChange"]) == ("RemoveForTransactionLine", "-2")
    assert (entry["saleID"], entry["employeeID"]) == (sale["saleID"], "1")
    assert (entry["automated"], entry["causedNegative"]) == ("true", "false")


def test_selling_more_than_there_is_creates_stock_first(owner, sell):
    sell(7)
    (entry,) = log(owner)
    assert entry["reason"] == "CreateAndRemoveInventoryForTransactionLine"
    assert (entry["qohChange"], entry["causedNegative"]) == ("-7", "true")
    row = stock_row(owner, 12, 1)
    assert (row["qoh"], row["sellable"], row["totalValueNegativeInventory"]) == ("-2", "0", "-8")


def test_what_comes_back_is_logged_as_a_refund(owner, sell):
    sell(-1)
    assert [entry["reason"] for entry in log(owner)] == ["RefundAddInventory"]
    assert stock_row(owner, 12, 0)["qoh"] == "6"


def test_counting_by_hand_is_no_automatic_change(owner):
    owner.put("Item/12", {"ItemShops": {"ItemShop": {"shopID": 1, "qoh": 3}}})
    (entry,) = log(owner)
    assert (entry["reason"], entry["automated"]) == ("ManualQuantityAdjustment", "false")
    assert (entry["qohChange"], entry["employeeID"]) == ("-2", "1")


def test_stock_is_also_found_by_the_id_of_its_row(owner, stocked):
    row = stock_row(owner, 12, 1)
    body = {"itemShopID": row["itemShopID"], "qoh": 9, "reorderPoint": 4}
    owner.put("Item/12", {"ItemShops": {"ItemShop": [body]}})
    assert stocked.stock(12) == {1: 9, 0: 9}
    assert stock_row(owner, 12, 1)["reorderPoint"] == "4"


def test_summary_of_all_shops_cannot_be_counted(owner, stocked):
    owner.put("Item/12", {"ItemShops": {"ItemShop": {"shopID": 0, "qoh": 70}}})
    assert stocked.stock(12) == {1: 5, 0: 5}


@pytest.mark.parametrize("row", [{"qoh": 3}, {"shopID": 99, "qoh": 3}, {"shopID": 1, "qoh": "3,0"}])
def test_stock_of_no_shop_or_no_number_is_refused(owner, row):
    assert owner.put("Item/12", {"ItemShops": {"ItemShop": row}}).status_code == 400
    assert [found["qoh"] for found in owner.records("ItemShop", itemID=12)] == ["5", "5"]


def test_archiving_an_item_writes_its_stock_off(owner):
    owner.delete("Item/12")
    (entry,) = log(owner)
    assert (entry["reason"], entry["qohChange"]) == ("RemoveForArchiveItem", "-5")


def test_stock_change_moves_the_time_of_the_stock_and_not_of_the_item(owner, stocked, sell):
    stocked.clock(now="2026-05-04T15:00:00+00:00", frozen=True)
    before = owner.record("Item/12")["timeStamp"]
    sell(1)
    owner.put("Item/12", {"ItemShops": {"ItemShop": {"shopID": 1, "qoh": 3}}})
    assert owner.record("Item/12")["timeStamp"] == before
    assert stock_row(owner, 12, 1)["timeStamp"] == "2026-05-04T15:00:00+00:00"


def test_service_has_no_stock_to_move(owner):
    owner.put("Item/14", {"ItemShops": {"ItemShop": {"shopID": 1, "qoh": 3}}})
    assert log(owner) == []


def test_stock_is_worth_its_lots_and_the_oldest_goes_first(owner, stocked, sell):
    first = stock_row(owner, 12, 1)
    assert (first["totalValueFifo"], first["nextFifoLotCost"]) == ("20", "4")
    owner.put("Item/12", {"ItemShops": {"ItemShop": {"shopID": 1, "qoh": 8}}})
    received = stock_row(owner, 12, 1)
    assert received["nextFifoLotID"] == first["nextFifoLotID"]
    assert received["lastReceivedLotID"] != first["lastReceivedLotID"]
    sell(5)
    assert stock_row(owner, 12, 1)["nextFifoLotID"] == received["lastReceivedLotID"]
    summary = stock_row(owner, 12, 0)
    assert (summary["averageCost"], summary["totalValueAvgCost"]) == ("4", "12")


def test_lots_name_their_item_and_nothing_else(owner):
    lots = owner.records("Inventory", itemID=12)
    assert lots == [{"inventoryID": lots[0]["inventoryID"], "itemID": "12"}]
    (lot,) = owner.records("Inventory", itemID=12, load_relations="all")
    assert lot["Item"]["ItemShops"]["ItemShop"][0]["itemID"] == "12"


def test_log_is_read_as_a_list_only_and_never_written(owner, sell):
    sell(1)
    sell(1)
    assert [entry["qohChange"] for entry in log(owner, sort="-inventoryLogID")] == ["-1", "-1"]
    assert owner.get("InventoryLog/1").status_code == 405
    assert owner.post("InventoryLog", {"itemID": 12}).status_code == 405


# --- Boxes and assemblies -------------------------------------------------------------


def made_of(owner, item_type, *parts):
    """A new item of these (item, quantity, group)."""
    components = [
        {"componentItemID": item, "quantity": quantity, "componentGroup": group}
        for item, quantity, group in parts
    ]
    body = {"description": "Set", "itemType": item_type}
    made = owner.post("Item", body | {"ItemComponents": {"ItemComponent": components}})
    assert made.status_code == 200, made.text
    return made.json()["Item"]["itemID"]


def test_assembly_can_be_built_as_often_as_its_scarcest_part_allows(owner, sell):
    assembly = made_of(owner, "assembly", (12, 2, 0), (13, 1, 0))
    assert stock_row(owner, assembly, 1)["componentQoh"] == "2"
    sell(4)
    assert stock_row(owner, assembly, 1)["componentQoh"] == "0"
    assert stock_row(owner, assembly, 0)["componentQoh"] == "0"


def test_box_shows_what_it_holds(owner):
    box = made_of(owner, "box", (12, 2, 1))
    item = owner.record(f"Item/{box}", load_relations=["ItemComponents", "ItemShops"])
    component = item["ItemComponents"]["ItemComponent"]
    assert (component["assemblyItemID"], component["componentItemID"]) == (box, "12")
    assert [row["componentQoh"] for row in item["ItemShops"]["ItemShop"]] == ["2", "2"]


def test_a_shops_stock_stays_in_its_shop_whatever_other_shop_is_named(stocked, owner):
    stocked.put({"Shop": [{"shopID": 2, "name": "Harbour"}]})
    row = stock_row(owner, 12, 1)["itemShopID"]
    body = {"itemShopID": row, "shopID": 2, "qoh": 7}
    assert owner.put("Item/12", {"ItemShops": {"ItemShop": body}}).status_code == 200
    assert stocked.stock(12) == {0: 7, 1: 7}
    assert stock_row(owner, 12, 1)["itemShopID"] == row


@pytest.mark.parametrize("nothing", [None, "", 0, "0"])
@pytest.mark.parametrize("values", [{"qoh": 3}, {"reorderPoint": 3}])
def test_stock_of_no_shop_is_the_one_of_all_shops(stocked, owner, nothing, values):
    body = {"ItemShops": {"ItemShop": {"shopID": nothing, **values}}}
    assert owner.put("Item/12", body).status_code == 200
    assert [row["qoh"] for row in owner.records("ItemShop", itemID=12)] == ["5", "5"]
