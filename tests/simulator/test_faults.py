"""What goes wrong on demand, and what it has done by then."""

import time

import pytest
import requests

SALE = {"employeeID": 1, "shopID": 1, "registerID": 1, "referenceNumber": "SF-1"}


def post_sale(client, seconds=10):
    """The status of the answer, or the name of what went wrong on the way."""
    try:
        answer = client.http.post(
            f"{client.url}/Sale.json", json=SALE, headers=client.grant.headers, timeout=seconds
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
        ("cut_body", "ChunkedEncodingError", 1),
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
    stocked.fault("Sale", kind, seconds=1.5)
    assert post_sale(owner, seconds=1) == seen
    assert len(stocked.sales(referenceNumber="SF-1")) == recorded
    assert post_sale(owner) == 200


@pytest.mark.parametrize("kind", ["late", "slow_drip"])
def test_slow_answer_arrives_whole(owner, stocked, kind):
    stocked.fault("Sale", kind, seconds=0.5)
    started = time.monotonic()
    assert post_sale(owner) == 200
    assert time.monotonic() - started >= 0.45


def test_nobody_listens_while_connections_are_refused(owner, stocked):
    stocked.fault("*", "refused", seconds=0.6)
    with pytest.raises(requests.ConnectionError, match="Connection refused"):
        requests.get(stocked.url, timeout=5)
    time.sleep(0.8)
    assert requests.get(stocked.url, timeout=5).ok


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


@pytest.mark.parametrize("wrong", [{"fault": "gremlins"}, {"fault": "500", "rout": "Sale"}, {}])
def test_unknown_fault_is_refused(stocked, wrong):
    answer = requests.post(f"{stocked.url}/_simulator/faults", json=wrong, timeout=5)
    assert answer.status_code == 400
