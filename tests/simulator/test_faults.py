"""What goes wrong on demand, and what it has done by then."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
import requests

SALE = {"employeeID": 1, "shopID": 1, "registerID": 1, "referenceNumber": "SF-1"}


def post_sale(client, seconds=10):
    """The status of the answer, or the name of what went wrong on the way."""
    try:
        answer = client.http.post(
            f"{client.url}/Sale.json",
            json=SALE,
            headers=client.grant.headers,
            timeout=seconds,
            allow_redirects=False,
        )
        answer.json()
    except requests.RequestException as error:
        return type(error).__name__
    return answer.status_code


@pytest.mark.parametrize(
    ("kind", "seen", "recorded"),
    [
        ("reset", "ConnectionError", 0),
        ("reset_after", "ConnectionError", 1),
        ("timeout", "ReadTimeout", 0),
        ("timeout_after", "ReadTimeout", 1),
        ("hang_up", "ConnectionError", 0),
        ("hang_up_after", "ConnectionError", 1),
        ("cut_body", "ChunkedEncodingError", 1),
        ("empty_200", "JSONDecodeError", 0),
        ("empty_200_after", "JSONDecodeError", 1),
        ("redirect", "JSONDecodeError", 0),
        ("html_400", "JSONDecodeError", 0),
        ("html_503", "JSONDecodeError", 0),
        ("wrong_content_type", 200, 1),
        ("malformed_json", "JSONDecodeError", 1),
        ("html_200", "JSONDecodeError", 0),
        ("html_200_after", "JSONDecodeError", 1),
        ("html_502", "JSONDecodeError", 0),
        ("html_502_after", "JSONDecodeError", 1),
        ("401", 401, 0),
        ("403", 403, 0),
        ("404", 404, 0),
        ("409", 409, 0),
        ("422", 422, 0),
        ("429", 429, 0),
        ("429_burst", 429, 0),
        ("500", 500, 0),
        ("500_after", 500, 1),
        ("503", 503, 0),
        ("503_after", 503, 1),
    ],
)
def test_fault_shows_once_and_has_its_effect(owner, stocked, kind, seen, recorded):
    silent = kind.startswith("timeout")
    stocked.fault("Sale", kind, seconds=1.5)
    assert post_sale(owner, seconds=1 if silent else 30) == seen
    assert len(stocked.sales(referenceNumber="SF-1")) == recorded
    assert post_sale(owner) == 200


@pytest.mark.parametrize("kind", ["late", "slow_drip"])
def test_slow_answer_arrives_whole(owner, stocked, kind):
    stocked.fault("Sale", kind, seconds=0.5)
    started = time.monotonic()
    assert post_sale(owner) == 200
    assert time.monotonic() - started >= 0.45


def test_nobody_listens_while_connections_are_refused(owner, stocked):
    assert owner.get("Item/12").status_code == 200
    stocked.fault("*", "refused", seconds=3)
    with pytest.raises(requests.ConnectionError):
        owner.get("Item/12")  # though its connection was kept alive
    with pytest.raises(requests.ConnectionError, match="Connection refused"):
        requests.get(stocked.url, timeout=5)
    for _ in range(200):
        with suppress(requests.ConnectionError):
            assert requests.get(stocked.url, timeout=5).ok
            return
        time.sleep(0.1)
    pytest.fail("nobody listens again")


def test_limit_faults_say_which_limiter_and_how_long(owner, stocked):
    stocked.fault("Item", "429", seconds=7)
    answer = owner.get("Item")
    assert answer.headers["Retry-After"] == "7"
    assert answer.headers["X-LS-API-RateLimit-Type"] == "api-leaky-bucket"
    stocked.fault("Item", "429_burst")
    assert owner.get("Item").headers["X-LS-API-RateLimit-Type"] == "api-burst-limiter"


def test_fault_strikes_only_its_route_method_and_body(owner, stocked, open_sale):
    sale = open_sale()
    stocked.fault("Sale/{id}", "500", method="PUT", containing="completed", times=2)
    assert owner.get(f"Sale/{sale['saleID']}").status_code == 200
    assert owner.put(f"Sale/{sale['saleID']}", {"referenceNumber": "SF-2"}).status_code == 200
    assert owner.put(f"Sale/{sale['saleID']}", {"completed": True}).status_code == 500
    (fault,) = stocked.control("GET", "faults")["faults"]
    assert (fault["struck"], fault["times"]) == (1, 1)


def test_fault_can_let_requests_through_first(owner, stocked):
    stocked.fault("Item", "503", skip=2)
    assert [owner.get("Item").status_code for _ in range(4)] == [200, 200, 503, 200]


def test_seeded_share_strikes_the_same_requests_every_time(owner, stocked):
    def run():
        stocked.clear_faults()
        stocked.fault("Item", "500", share=0.4, seed=7)
        return [owner.get("Item").status_code for _ in range(12)]

    first = run()
    assert first == run()
    assert {200, 500} == set(first)


def test_token_endpoint_can_fail_as_well(stocked):
    grant = stocked.grant()
    stocked.fault("token", "reset_after")
    body = {
        "client_id": "salesfloor",
        "client_secret": "salesfloor-secret",
        "grant_type": "refresh_token",
        "refresh_token": grant.refresh_token,
    }
    with pytest.raises(requests.ConnectionError):
        requests.post(f"{stocked.url}/auth/oauth/token", json=body, timeout=5)
    assert requests.post(f"{stocked.url}/auth/oauth/token", json=body, timeout=5).ok


def test_second_writer_changes_the_sale_before_the_request_arrives(owner, stocked, open_sale):
    sale = open_sale({"itemID": 12, "unitQuantity": 1})
    stocked.fault("Sale/{id}", "second_writer", method="PUT")
    body = {
        "completed": True,
        "SalePayments": {"SalePayment": {"paymentTypeID": 3, "amount": sale["calcTotal"]}},
    }
    answer = owner.put(f"Sale/{sale['saleID']}", body)
    assert (answer.status_code, answer.json()["balance"]) == (400, "11.48")


def test_second_writer_may_put_in_any_record(owner, stocked):
    stocked.fault(
        "Item/{id}", "second_writer", records={"Item": [{"itemID": 12, "archived": True}]}
    )
    assert owner.record("Item/12")["archived"] == "true"


# --- What another hand does first -------------------------------------------------------


@pytest.fixture
def pay(owner):
    """Completes a sale by card at the total it had; the answer."""

    def put(sale):
        paid = {"SalePayment": {"paymentTypeID": 3, "amount": sale["calcTotal"]}}
        return owner.put(f"Sale/{sale['saleID']}", {"completed": True, "SalePayments": paid})

    return put


@pytest.mark.parametrize(
    ("fault", "status", "completed", "archived"),
    [
        ("second_writer", 400, False, False),
        ("line_removed", 400, False, False),
        ("sale_completed", 400, True, False),
        ("sale_voided", 200, True, False),
        ("record_archived", 400, False, True),
        ("tax_changed", 400, False, False),
    ],
)
def test_a_sale_meddled_with_answers_as_it_then_is(
    stocked, open_sale, pay, fault, status, completed, archived
):
    sale = open_sale({"itemID": 12, "unitQuantity": 1}, {"itemID": 13, "unitQuantity": 1})
    stocked.fault("Sale/{id}", fault, method="PUT")
    assert pay(sale).status_code == status
    (kept,) = stocked.sales(saleID=sale["saleID"])
    assert (kept["completed"], kept["archived"]) == (completed, archived)


def test_a_voided_sale_says_so(stocked, owner, open_sale):
    sale = open_sale({"itemID": 12, "unitQuantity": 1})
    stocked.fault("Sale/{id}", "sale_voided", method="GET")
    assert owner.record(f"Sale/{sale['saleID']}")["voided"] == "true"


def test_items_are_dearer_or_gone_by_the_time_they_are_sold(owner, stocked):
    body = SALE | {"SaleLines": {"SaleLine": [{"itemID": 12, "unitQuantity": 1}]}}
    stocked.fault("Sale", "price_changed", method="POST")
    assert owner.post("Sale", body).json()["Sale"]["calcSubtotal"] == "10.99"
    stocked.fault("Sale", "item_archived", method="POST")
    assert owner.post("Sale", body).status_code == 400


def test_a_register_closes_before_the_sale(owner, stocked):
    stocked.settings(closed_register_refused=True)
    stocked.fault("Sale", "register_closed")
    assert "is closed" in owner.post("Sale", SALE).json()["message"]


def test_a_hand_that_is_refused_has_done_nothing(stocked, owner, open_sale, pay):
    sale = open_sale({"itemID": 12, "unitQuantity": 1})
    assert pay(sale).status_code == 200
    for fault in ("second_writer", "line_removed", "sale_completed"):
        stocked.fault("Sale/{id}", fault, method="GET")
        assert owner.record(f"Sale/{sale['saleID']}")["completed"] == "true"
    stocked.fault("Nothing/{id}", "record_archived")
    assert owner.get("Nothing/1").status_code == 404


# --- What is wrong with the answer ------------------------------------------------------


def test_a_balanced_sale_is_refused_and_keeps_its_payment(stocked, open_sale, pay):
    sale = open_sale({"itemID": 12, "unitQuantity": 1})
    stocked.fault("Sale/{id}", "out_of_balance", method="PUT")
    answer = pay(sale)
    assert (answer.status_code, answer.json()["errorClass"]) == (400, "OutOfBalanceError")
    assert (answer.json()["saleID"], answer.json()["balance"]) == (sale["saleID"], "-0")
    (kept,) = stocked.sales(saleID=sale["saleID"])
    assert (kept["completed"], len(kept["payments"])) == (False, 1)


def test_relations_go_missing_without_a_word(owner, stocked):
    stocked.fault("Item", "relation_missing")
    asked = {"load_relations": ["ItemShops"]}
    assert all("ItemShops" not in item for item in owner.records("Item", **asked))
    assert any("ItemShops" in item for item in owner.records("Item", **asked))


def test_the_next_page_forgets_the_relations(owner, stocked):
    stocked.fault("Item", "next_without_relations")
    lists = [owner.get("Item", limit=1, load_relations=["ItemShops"]).json() for _ in range(2)]
    asked_again = ["load_relations" in answer["@attributes"]["next"] for answer in lists]
    assert asked_again == [False, True]


def test_a_row_comes_on_two_pages(owner, stocked):
    following = owner.get("Item", limit=2).json()["@attributes"]["next"]
    stocked.fault("Item", "duplicate_rows")
    pages = [
        owner.http.get(following, headers=owner.grant.headers, timeout=5).json()["Item"]
        for _ in range(2)
    ]
    assert [item["itemID"] for item in pages[0]] == ["13", "14"]
    assert pages[1]["itemID"] == "14"


def test_a_list_does_not_know_yet_what_was_just_created(owner, stocked, open_sale):
    open_sale(referenceNumber="SF-9")
    stocked.fault("Sale", "lagging_list", method="GET", seconds=60)
    found = [len(owner.records("Sale", referenceNumber="SF-9")) for _ in range(2)]
    assert found == [0, 1]


def test_an_answer_is_another_accounts_or_another_record(owner, stocked):
    stocked.fault("Item/{id}", "another_account")
    seen = [owner.get("Item/12").headers["X-LS-Acct-Id"] for _ in range(2)]
    assert seen == ["4712", "4711"]
    stocked.fault("Item/{id}", "another_record")
    assert [owner.record("Item/12")["itemID"] for _ in range(2)] == ["14", "12"]


def test_lightspeeds_clock_is_ahead_for_one_answer(owner, stocked):
    stocked.clock(now="2026-05-04T12:00:00+00:00", frozen=True)
    stocked.fault("Sale", "clock_skew", seconds=300)
    made = [owner.post("Sale", SALE).json()["Sale"]["createTime"] for _ in range(2)]
    assert made == ["2026-05-04T12:05:00+00:00", "2026-05-04T12:00:00+00:00"]


# --- What happens to a sign-in ----------------------------------------------------------


def refreshed(stocked, grant):
    body = {
        "client_id": "salesfloor",
        "client_secret": "salesfloor-secret",
        "grant_type": "refresh_token",
        "refresh_token": grant.refresh_token,
    }
    return requests.post(f"{stocked.url}/auth/oauth/token", json=body, timeout=5)


@pytest.mark.parametrize(
    ("fault", "renewable"),
    [("token_expired", 200), ("token_revoked", 400), ("employee_locked_out", 400)],
)
def test_a_token_ends_between_two_calls(owner, stocked, fault, renewable):
    stocked.fault("Item", fault)
    assert [owner.get("Item").status_code for _ in range(2)] == [401, 401]
    assert refreshed(stocked, owner.grant).status_code == renewable


def test_another_process_refreshes_first(owner, stocked):
    stocked.fault("token", "rotation_race")
    answer = refreshed(stocked, owner.grant)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_every_kind_of_fault_is_told_with_its_meaning(stocked):
    kinds = stocked.control("GET", "faults")["kinds"]
    assert len(kinds) >= 60
    assert all(meaning.endswith(".") for meaning in kinds.values())


@pytest.mark.parametrize("wrong", [{"fault": "gremlins"}, {"fault": "500", "rout": "Sale"}, {}])
def test_unknown_fault_is_refused(stocked, wrong):
    answer = requests.post(f"{stocked.url}/_simulator/faults", json=wrong, timeout=5)
    assert answer.status_code == 400


def test_settings_turned_while_faults_strike_stay_turned(stocked, owner):
    """A fault turns a switch for one request; it must not turn others back."""
    stocked.fault("Item", "relation_missing", times=-1)
    stocked.fault("Item", "clock_skew", times=-1, seconds=60)

    def read(_):
        return owner.get("Item", load_relations=["ItemShops"]).status_code

    with ThreadPoolExecutor(4) as threads:
        statuses = threads.map(read, range(120))
        for number in range(40):
            stocked.settings(refreshes_per_minute=number)
            assert stocked.control("GET", "settings")["refreshes_per_minute"]["value"] == number
        assert set(statuses) == {200}
