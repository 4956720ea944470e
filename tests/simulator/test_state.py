"""The control door, and what survives a restart."""

import sqlite3
from contextlib import closing

import requests

from tests.simulator.running import start


def sell_a_sock(client):
    body = {
        "employeeID": 1,
        "shopID": 1,
        "registerID": 1,
        "completed": True,
        "SaleLines": {"SaleLine": {"itemID": 12, "unitQuantity": 1}},
        "SalePayments": {"SalePayment": {"paymentTypeID": 1, "amount": "20"}},
    }
    assert client.post("Sale", body).status_code == 200


def test_state_shows_sales_calls_drips_and_stock(owner, stocked):
    sell_a_sock(owner)
    state = stocked.state(itemID=12)
    (sale,) = state["sales"]
    assert (sale["total"], sale["change"], sale["completed"]) == ("11.49", "8.51", True)
    assert sale["lines"][0]["itemID"] == 12
    assert sale["payments"][0]["amount"] == "11.49"
    assert state["calls"] == {"GET Account": 1, "POST Sale": 1}
    assert (state["drips"], state["stock"][0]["qoh"]) == (7, 4)


def test_reset_returns_to_the_store_it_was_started_with(owner, stocked):
    sell_a_sock(owner)
    stocked.fault("Sale", "500")
    stocked.clock(advance=86400)
    stocked.reset()
    state = stocked.state()
    assert (state["counts"]["Sale"], state["counts"]["Item"], state["calls"]) == (0, 0, {})
    assert stocked.control("GET", "faults")["faults"] == []
    assert owner.get("Item").status_code == 401


def test_restart_keeps_sales_tokens_and_stock():
    simulator = start("empty")
    try:
        simulator.put(
            {
                "Item": [
                    {
                        "itemID": 12,
                        "Prices": {"ItemPrice": {"amount": "9.99", "useTypeID": 1}},
                        "ItemShops": {"ItemShop": {"shopID": 1, "qoh": 5}},
                        "Images": {"Image": {"publicID": "sock"}},
                    }
                ]
            }
        )
        client = simulator.client()
        sell_a_sock(client)
        simulator.kill()
        again = simulator.restarted()
    finally:
        simulator.process.kill()
    try:
        assert (len(again.sales()), again.stock(12)) == (1, {1: 4, 0: 4})
        client.url = client.url.replace(simulator.url, again.url)
        image = client.record("Item/12", load_relations=["Images"])["Images"]["Image"]
        assert image["baseImageURL"] == f"{again.url}/images/"
    finally:
        again.stop()


def test_state_of_other_tables_gives_way_to_a_new_shop(tmp_path):
    simulator = start("empty", data=tmp_path / "simulator.sqlite3")
    simulator.put({"Tag": [{"name": "wool"}]})
    simulator.stop()
    with closing(sqlite3.connect(simulator.data)) as kept:
        kept.execute("PRAGMA user_version = 1")
    again = simulator.restarted()
    try:
        assert again.state()["counts"]["Tag"] == 0
    finally:
        again.stop()


def test_records_put_in_again_change_only_the_given_fields(owner, stocked):
    stocked.put(
        {
            "Item": [
                {
                    "itemID": 12,
                    "description": "Thick sock",
                    "ItemShops": {"ItemShop": [{"shopID": 1, "qoh": 1}]},
                }
            ]
        }
    )
    item = owner.record("Item/12")
    assert (item["description"], item["ean"]) == ("Thick sock", "5012345678900")
    assert stocked.stock(12) == {1: 1, 0: 1}


def test_sale_put_in_without_totals_is_worked_out_and_moves_no_stock(owner, stocked):
    sale = {
        "completed": True,
        "completeTime": "2026-05-04T15:02:11+00:00",
        "shopID": 1,
        "registerID": 1,
        "employeeID": 1,
        "taxCategoryID": 1,
        "SaleLines": {
            "SaleLine": [{"itemID": 12, "unitQuantity": 1, "unitPrice": "9.99", "taxClassID": 1}]
        },
        "SalePayments": {"SalePayment": [{"paymentTypeID": 1, "amount": "11.49"}]},
    }
    (sale_id,) = stocked.put({"Sale": [sale]})["Sale"]
    shown = owner.record(f"Sale/{sale_id}")
    assert (shown["total"], shown["balance"], shown["taxTotal"]) == ("11.49", "0", "1.5")
    assert shown["timeStamp"] == "2026-05-04T15:02:11+00:00"
    assert stocked.stock(12)[1] == 5


def test_clock_can_be_set_and_stopped(stocked):
    stocked.clock(now="2030-01-01T00:00:00+00:00", frozen=True)
    stocked.clock(advance=90)
    assert stocked.state()["now"] == "2030-01-01T00:01:30+00:00"


def test_settings_list_their_meaning_and_refuse_what_they_do_not_know(stocked):
    described = stocked.control("GET", "settings")
    assert all(setting["meaning"] for setting in described.values())
    for wrong in ({"colour": "red"}, {"rate_limits": "none"}, {"strict_rotation": "yes"}):
        answer = requests.post(f"{stocked.url}/_simulator/settings", json=wrong, timeout=5)
        assert answer.status_code == 400


def test_grant_is_refused_for_strangers(stocked):
    for wrong in ({"employeeID": 99}, {"employeeID": 1, "client_id": "x"}, {}):
        answer = requests.post(f"{stocked.url}/_simulator/grants", json=wrong, timeout=5)
        assert answer.status_code == 400


def test_granted_code_can_be_exchanged(stocked):
    body = {
        "client_id": "salesfloor",
        "client_secret": "salesfloor-secret",
        "grant_type": "authorization_code",
        "code": stocked.grant().code,
    }
    assert requests.post(f"{stocked.url}/auth/oauth/token", json=body, timeout=5).ok


def test_large_store_is_searched_and_walked():
    simulator = start("large", items=600)
    try:
        client = simulator.client()
        page = client.get("Item", limit=100, load_relations=["ItemShops"]).json()
        assert len(page["Item"]) == 100
        assert {len(item["ItemShops"]["ItemShop"]) for item in page["Item"]} == {3}
        name = page["Item"][0]["description"].split()[0]
        assert client.records("Item", description=f"~,%{name}%")
    finally:
        simulator.stop()
