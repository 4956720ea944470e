"""The leaky bucket, the burst window and what requests cost."""

import pytest


@pytest.fixture
def limited(stocked):
    """An account whose clock stands still, so that the bucket does not drip by itself."""
    client = stocked.client()
    stocked.settings(rate_limits="current", burst_limit=1000)
    stocked.clock(frozen=True)
    return client


def cost(answer):
    return float(answer.headers["X-LS-Api-Request-Cost"])


def test_every_answer_tells_bucket_burst_drip_rate_and_cost(limited):
    answer = limited.get("Item/999")
    assert answer.status_code == 404
    assert answer.headers["X-LS-API-Bucket-Level"] == "1/90"
    assert answer.headers["X-LS-API-Burst-Level"] == "1/1000"
    assert answer.headers["X-LS-Api-Drip-Rate"] == "1"
    assert answer.headers["X-LS-Acct-Id"] == "4711"


@pytest.mark.parametrize(
    ("path", "params", "drips"),
    [
        ("Item", {}, 1),
        ("Item", {"load_relations": ["ItemShops", "Images"]}, 1.8),
        ("Item/12", {"load_relations": ["ItemShops", "Category"]}, 1.3),
        ("Sale/1", {"load_relations": ["SaleLines", "SaleLines.Item"]}, 1.4),
        ("Item", {"count": 1}, 10),
        ("Item", {"or": "upc=1|ean=1"}, 3),
        ("Item", {"or": "upc=1|upc=2"}, 1),
        ("Item", {"or": "defaultCost=>,1|itemID=<,9"}, 12),
    ],
)
def test_reading_costs(limited, path, params, drips):
    assert cost(limited.get(path, **params)) == pytest.approx(drips)


def test_completing_in_one_post_costs_its_parts(limited):
    body = {
        "employeeID": 1,
        "shopID": 1,
        "registerID": 1,
        "completed": True,
        "SaleLines": {"SaleLine": [{"itemID": 12, "unitQuantity": 1}] * 3},
        "SalePayments": {"SalePayment": [{"paymentTypeID": 1, "amount": "100"}]},
    }
    assert cost(limited.post("Sale", body)) == 7


def test_completing_put_with_two_payments_costs_six(limited, open_sale):
    sale = open_sale()
    payments = [{"paymentTypeID": 1, "amount": "1"}, {"paymentTypeID": 1, "amount": "2"}]
    body = {"completed": "true", "SalePayments": {"SalePayment": payments}}
    assert cost(limited.put(f"Sale/{sale['saleID']}", body)) == 6


def test_writing_a_category_costs_ten(limited):
    assert cost(limited.post("Category", {"name": "Socks"})) == 10


def test_request_that_crosses_the_size_is_served_and_the_next_refused(limited, stocked):
    stocked.settings(bucket_size=5.0)
    assert [limited.get("Item", count=1).status_code for _ in range(2)] == [200, 429]
    refused = limited.get("Item")
    assert refused.headers["X-LS-API-RateLimit-Type"] == "api-leaky-bucket"
    assert refused.json()["httpCode"] == "429"
    stocked.clock(advance=int(refused.headers["Retry-After"]))
    assert limited.get("Item").status_code == 200


def test_bucket_drips_with_the_clock(limited, stocked):
    for _ in range(4):
        limited.get("Item")
    stocked.clock(advance=3)
    assert limited.get("Item").headers["X-LS-API-Bucket-Level"] == "2/90"


def test_burst_is_refused_for_the_rest_of_the_second(limited, stocked):
    stocked.settings(burst_limit=2)
    answers = [limited.get("Item") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["X-LS-API-RateLimit-Type"] == "api-burst-limiter"
    assert "burst rate limit exceeded" in answers[2].json()["message"]
    stocked.clock(advance=1)
    assert limited.get("Item").status_code == 200


def test_every_further_register_widens_the_bucket(limited, stocked):
    stocked.put({"Register": [{"name": "Second", "shopID": 1}, {"name": "Third", "shopID": 1}]})
    answer = limited.get("Item")
    assert answer.headers["X-LS-API-Bucket-Level"].endswith("/110")
    assert answer.headers["X-LS-Api-Drip-Rate"] == "2"


def test_reps_of_one_account_share_the_bucket_of_the_client(limited, stocked):
    other = stocked.client()
    level = limited.get("Item").headers["X-LS-API-Bucket-Level"]
    shared = other.get("Item").headers["X-LS-API-Bucket-Level"]
    assert float(shared.split("/")[0]) == float(level.split("/")[0]) + 1


def test_older_regime_takes_ten_for_a_write(limited, stocked):
    stocked.settings(rate_limits="legacy")
    assert cost(limited.get("Item", load_relations=["ItemShops"])) == 1
    assert cost(limited.put("Item/12", {"upc": "1"})) == 10
    assert limited.get("Item").headers["X-LS-API-Bucket-Level"].endswith("/60")


def test_oldest_regime_says_503_where_others_say_429(limited, stocked):
    stocked.settings(rate_limits="oldest", bucket_size=5.0)
    assert [limited.post("Item", {}).status_code for _ in range(2)] == [400, 503]
