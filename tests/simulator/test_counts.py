"""Counts of stock: what was counted, what there should be, and making the one the other."""

import pytest


@pytest.fixture
def count(owner):
    answer = owner.post("InventoryCount", {"name": "end-March", "shopID": 1})
    assert answer.status_code == 200, answer.text
    return answer.json()["InventoryCount"]


@pytest.fixture
def counted(owner, count):
    def make(item_id, qty):
        body = {"inventoryCountID": count["inventoryCountID"], "itemID": item_id, "qty": qty}
        answer = owner.post("InventoryCountItem", body)
        assert answer.status_code == 200, answer.text
        return answer.json()["InventoryCountItem"]

    return make


def reconcile(client, count, **fields):
    body = {"inventoryCountID": count["inventoryCountID"], **fields}
    return client.post("InventoryCountReconcile", body)


def calcs(client):
    """Item → (should be there, was counted)."""
    rows = client.records("InventoryCountCalc")
    return {row["itemID"]: (row["calcQoh"], row["countedQoh"]) for row in rows}


def test_places_an_item_was_counted_in_add_up(owner, counted):
    counted(12, 1)
    counted(12, 3)
    counted(13, 2)
    assert calcs(owner) == {"12": ("5", "4"), "13": ("2", "2")}


def test_counting_again_and_taking_back_changes_the_sum(owner, counted):
    first, second = counted(12, 1), counted(12, 3)
    owner.put(f"InventoryCountItem/{first['inventoryCountItemID']}", {"qty": 2})
    assert calcs(owner) == {"12": ("5", "5")}
    for row in (first, second):
        assert owner.delete(f"InventoryCountItem/{row['inventoryCountItemID']}").status_code == 200
    assert calcs(owner) == {}


def test_counting_moves_no_stock_until_it_is_reconciled(owner, stocked, count, counted):
    counted(12, 3)
    assert stocked.stock(12) == {0: 5, 1: 5}
    answer = reconcile(owner, count).json()
    record = answer["InventoryCountReconcile"]
    assert (record["qohChange"], record["costChange"], record["itemID"]) == ("-2", "-8", "12")
    assert answer["@attributes"] == {"count": "1"}
    assert stocked.stock(12) == {0: 3, 1: 3}


def test_reconciling_all_answers_every_item_and_logs_its_count(owner, stocked, count, counted):
    counted(12, 6)
    counted(13, 2)
    answer = reconcile(owner, count).json()
    changes = [record["qohChange"] for record in answer["InventoryCountReconcile"]]
    assert (changes, answer["@attributes"]) == (["1", "0"], {"count": "2"})
    (logged,) = owner.records("InventoryLog", itemID=12)
    assert (logged["qohChange"], logged["inventoryCountID"]) == ("1", count["inventoryCountID"])


def test_one_item_is_reconciled_by_itself_and_once(owner, stocked, count, counted):
    counted(12, 6)
    counted(13, 9)
    assert reconcile(owner, count, itemID=12).status_code == 200
    assert (stocked.stock(12)[1], stocked.stock(13)[1]) == (6, 2)
    assert reconcile(owner, count, itemID=12).status_code == 400
    assert reconcile(owner, count).json()["InventoryCountReconcile"]["itemID"] == "13"
    assert reconcile(owner, count).status_code == 400


def test_what_was_sold_since_the_counting_stays_sold(owner, stocked, count, counted, open_sale):
    counted(12, 4)
    sale = open_sale({"itemID": 12, "unitQuantity": 2})
    payment = {"paymentTypeID": 1, "amount": sale["calcTotal"]}
    paid = {"completed": True, "SalePayments": {"SalePayment": payment}}
    assert owner.put(f"Sale/{sale['saleID']}", paid).status_code == 200
    reconcile(owner, count)
    assert stocked.stock(12) == {0: 2, 1: 2}


def test_reconciled_item_is_counted_no_more(owner, count, counted):
    row = counted(12, 4)
    reconcile(owner, count)
    path = f"InventoryCountItem/{row['inventoryCountItemID']}"
    assert owner.put(path, {"qty": 1}).status_code == 400
    assert owner.delete(path).status_code == 400


@pytest.mark.parametrize("wrong", [{"itemID": 99}, {"itemID": 14}, {"inventoryCountID": 99}])
def test_what_cannot_be_counted_is_refused(owner, count, wrong):
    body = {"inventoryCountID": count["inventoryCountID"], "itemID": 12, "qty": 1}
    assert owner.post("InventoryCountItem", body | wrong).status_code == 400
    assert owner.records("InventoryCountItem") == []


def test_row_counted_as_another_item_moves_to_that_items_sum(owner, counted):
    row = counted(12, 3)
    path = f"InventoryCountItem/{row['inventoryCountItemID']}"
    changed = owner.put(path, {"qty": "4", "itemID": "13"}).json()["InventoryCountItem"]
    assert (changed["itemID"], changed["qty"]) == ("13", "4")
    assert calcs(owner) == {"13": ("2", "4")}
    assert owner.put(path, {"itemID": 99}).status_code == 400


def test_row_of_a_reconciled_item_cannot_become_another_items(owner, count, counted):
    row = counted(12, 4)
    reconcile(owner, count)
    answer = owner.put(f"InventoryCountItem/{row['inventoryCountItemID']}", {"itemID": 13})
    assert answer.status_code == 400
    assert set(calcs(owner)) == {"12"}


def test_count_changes_its_shop_only_before_anything_is_counted(stocked, owner, count, counted):
    stocked.put({"Shop": [{"shopID": 2, "name": "Harbour"}]})
    path = f"InventoryCount/{count['inventoryCountID']}"
    assert owner.put(path, {"shopID": 2}).json()["InventoryCount"]["shopID"] == "2"
    counted(12, 1)
    assert owner.put(path, {"shopID": 1}).status_code == 400
    renamed = owner.put(path, {"name": "April", "shopID": 2}).json()["InventoryCount"]
    assert renamed["name"] == "April"


def test_deleted_count_is_archived_and_takes_no_more(owner, count, counted):
    counted(12, 4)
    path = f"InventoryCount/{count['inventoryCountID']}"
    assert owner.delete(path).json()["InventoryCount"]["archived"] == "true"
    assert owner.records("InventoryCount") == []
    assert reconcile(owner, count).status_code == 400


def test_count_needs_a_shop(owner):
    assert owner.post("InventoryCount", {"name": "Nowhere"}).status_code == 400


def test_reconciling_costs_ten_drips_and_its_own_right(owner, stocked, count, counted):
    counted(12, 4)
    counter = stocked.client(scope="employee:register employee:inventory_read")
    assert reconcile(counter, count).status_code == 403
    assert counter.get("InventoryCount").status_code == 403
    answer = reconcile(owner, count)
    assert answer.headers["X-LS-Api-Request-Cost"] == "10"
