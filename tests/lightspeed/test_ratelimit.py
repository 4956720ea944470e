from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from requests.structures import CaseInsensitiveDict

from salesfloor.lightspeed.ratelimit import Bucket, MemoryStore, Pacer, Right, request_cost

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def bucket(level: float, **fields: Any) -> Bucket:
    return Bucket(**{"level": level, "size": 90.0, "drip_rate": 1.0, "read_at": NOW, **fields})


def told(**headers: str) -> Mapping[str, str]:
    return CaseInsensitiveDict({key.replace("_", "-"): value for key, value in headers.items()})


LINES = [{"itemID": 12}, {"itemID": 31, "Note": {"note": "gift"}}]
TENDERS = {"SalePayment": [{"amount": "20"}, {"amount": "14.48"}]}


@pytest.mark.parametrize(
    ("method", "resource", "options", "drips"),
    [
        ("GET", "Item/12", {}, 1),
        ("GET", "Item", {"relations": ["ItemShops", "Images"]}, 1.8),
        ("GET", "Item", {"relations": ["ItemAttributes", "TaxClass"]}, 1.4),
        ("GET", "Sale/120", {"relations": ["SaleLines", "SalePayments"]}, 1.4),
        ("GET", "Sale/120", {"relations": ["SaleLines", "SaleLines.Item"]}, 1.4),
        ("GET", "Item", {"counting": True}, 10),
        ("POST", "Sale", {"body": {"completed": False, "SaleLines": {"SaleLine": LINES}}}, 3.5),
        ("PUT", "Sale/120", {"body": {"completed": True, "SalePayments": TENDERS}}, 6),
        ("PUT", "Sale/120", {"body": {"completed": "true"}}, 5),
        ("PUT", "Sale/120", {"body": {"SaleLines": {"SaleLine": LINES[0]}}}, 2.5),
        ("DELETE", "Sale/120", {}, 2),
        ("PUT", "Sale/120/SaleLine/345", {"body": {"unitQuantity": "3"}}, 2),
        ("POST", "Sale/120/EmailReceipt", {"body": {"emailAddress": "a@example.com"}}, 5),
        ("POST", "Sale/120/refund", {"body": {"SalePayments": [{"SalePayment": {}}]}}, 10.5),
        ("PUT", "Category/3", {"body": {"name": "Boots"}}, 10),
        ("PUT", "Customer/88", {"body": {"firstName": "Ann"}}, 1),
    ],
)
def test_a_request_costs_what_lightspeed_says(
    method: str, resource: str, options: dict[str, Any], drips: float
) -> None:
    assert request_cost(method, resource, **options) == drips


def test_a_bucket_leaks_until_it_is_empty() -> None:
    assert bucket(10).level_at(after(4)) == 6
    assert bucket(10, drip_rate=2.5).level_at(after(4)) == 0


def test_a_request_waits_until_it_fits() -> None:
    assert bucket(80).wait_seconds(7, NOW) == 0
    assert bucket(88).wait_seconds(7, NOW) == 5
    assert bucket(88).wait_seconds(7, after(5)) == 0


def test_the_catalogue_leaves_half_of_the_bucket_to_others() -> None:
    half_full = bucket(44)
    assert half_full.wait_seconds(2, NOW, Right.CATALOGUE.value) == 1
    assert half_full.wait_seconds(2, NOW, Right.STOCK.value) == 0
    assert bucket(84).wait_seconds(6, NOW, Right.COMPLETE.value) == 0


def test_rights_differ_in_what_they_leave_to_others() -> None:
    left = [right.value for right in Right]
    assert left == sorted(set(left))
    assert (left[0], left[-1]) == (0.0, 0.5)


def test_a_request_larger_than_its_room_waits_for_an_empty_bucket() -> None:
    assert bucket(3, size=8.0).wait_seconds(10, NOW, Right.CATALOGUE.value) == 3
    assert bucket(0, size=8.0).wait_seconds(10, NOW, Right.CATALOGUE.value) == 0


@pytest.mark.parametrize(
    ("right", "filled_by_those_below"),
    [(Right.COMPLETE, 81), (Right.QUOTE, 72), (Right.LOOK_UP, 54), (Right.STOCK, 45)],
)
def test_a_request_larger_than_its_room_never_waits_for_those_below_to_stop(
    right: Right, filled_by_those_below: float
) -> None:
    assert bucket(filled_by_those_below).wait_seconds(60, NOW, right.value) == 0
    assert bucket(filled_by_those_below + 3).wait_seconds(60, NOW, right.value) == 3


@pytest.mark.parametrize(
    "headers",
    [
        {"X-LS-API-Bucket-Level": "12.537/130", "X-LS-API-Drip-Rate": "3"},
        {"x-ls-api-bucket-level": "12.537/130", "X-LS-Api-Drip-Rate": "3.0"},
    ],
)
def test_the_headers_put_the_estimate_right(headers: dict[str, str]) -> None:
    seen = bucket(50, in_flight=2.0).answered(2.0, CaseInsensitiveDict(headers), NOW)
    assert (seen.level, seen.size, seen.drip_rate) == (12.537, 130, 3)
    assert seen.in_flight == 0


def test_what_others_have_sent_counts_until_it_is_answered() -> None:
    sent = bucket(0).sending(40, NOW).sending(7, NOW)
    seen = sent.answered(7, told(X_LS_API_Bucket_Level="7/90"), NOW)
    assert seen.level_at(NOW) == 47


def test_a_request_that_is_never_answered_does_not_hold_its_place_for_ever() -> None:
    assert bucket(0).sending(7, NOW).level_at(after(7)) == 0


def test_a_clock_that_is_ahead_keeps_no_other_host_waiting() -> None:
    pacer, full = Pacer(), told(X_LS_API_Bucket_Level="90/90", X_LS_API_Burst_Level="1/20")
    pacer.reserve(1, Right.COMPLETE, after(600))
    pacer.answered(1, full, after(600))
    waits = [pacer.reserve(2, Right.COMPLETE, after(second)) for second in range(4)]
    assert waits == [2.0, 1.0, 0.0, 0.0]


def test_a_clock_that_was_set_back_stops_nobody() -> None:
    pacer = Pacer()
    pacer.answered(0, told(X_LS_API_Bucket_Level="0/90", X_LS_API_Burst_Level="1/20"), NOW)
    waits = [pacer.reserve(0.1, Right.COMPLETE, after(second - 900)) for second in range(60)]
    assert set(waits) == {0.0}


def test_what_never_left_gives_its_place_back() -> None:
    store = MemoryStore()
    pacer = Pacer(store)
    assert pacer.reserve(60, Right.COMPLETE, NOW) == 0
    pacer.not_sent(60, NOW)
    assert pacer.reserve(60, Right.COMPLETE, NOW) == 0
    assert store.figures(NOW) == {}


def test_after_a_429_nobody_sends_before_the_time_told() -> None:
    pacer = Pacer()
    pacer.refused(7, told(X_LS_API_Bucket_Level="90/90", Retry_After="3"), NOW)
    assert pacer.reserve(1, Right.COMPLETE, NOW) >= 3
    assert pacer.reserve(1, Right.COMPLETE, after(4)) == 0


def test_no_more_is_sent_within_a_second_than_the_burst_limit_allows() -> None:
    pacer = Pacer()
    pacer.answered(0, told(X_LS_API_Bucket_Level="0/90", X_LS_API_Burst_Level="1/20"), NOW)
    waits = [pacer.reserve(0.1, Right.COMPLETE, after(0.25)) for _ in range(11)]
    assert waits == [0.0] * 10 + [0.75]
    assert pacer.reserve(0.1, Right.COMPLETE, after(1.0)) == 0


def test_a_sale_is_not_kept_waiting_by_a_burst_of_sync() -> None:
    pacer = Pacer()
    pacer.answered(0, told(X_LS_API_Bucket_Level="0/90", X_LS_API_Burst_Level="1/20"), NOW)
    waits = [pacer.reserve(0.1, Right.CATALOGUE, after(0.25)) for _ in range(20)]
    assert waits.count(0.0) == 5
    assert pacer.reserve(2.7, Right.QUOTE, after(0.25)) == 0
    assert pacer.reserve(5.9, Right.COMPLETE, after(0.25)) == 0


BURST = {"X-LS-API-RateLimit-Type": "api-burst-limiter"}


@pytest.mark.parametrize("kind", [{}, BURST], ids=["bucket", "burst"])
@pytest.mark.parametrize(("retry_after", "wait"), [("3", 3), ("0", 1), (None, 1), ("9999", 300)])
def test_what_a_429_tells_holds_for_everybody(
    kind: dict[str, str], retry_after: str | None, wait: float
) -> None:
    seen, headers = bucket(0), dict(kind, **{"X-LS-API-Bucket-Level": "9/90"})
    if retry_after is not None:
        headers["Retry-After"] = retry_after
    closed = seen.refused(1, headers, after(0.99))
    assert closed.wait_seconds(1, after(0.99)) == wait
    assert closed.wait_seconds(1, after(0.99 + wait)) == 0


def test_an_answer_that_was_on_its_way_does_not_undo_what_a_429_told() -> None:
    pacer = Pacer()
    assert [pacer.reserve(1, Right.COMPLETE, NOW) for _ in range(2)] == [0, 0]
    pacer.refused(1, told(X_LS_API_Bucket_Level="90/90", Retry_After="22"), NOW)
    pacer.answered(1, told(X_LS_API_Bucket_Level="1/90"), after(2))
    assert pacer.reserve(1, Right.COMPLETE, after(2)) == 20
    assert pacer.reserve(1, Right.COMPLETE, after(22)) == 0


def test_a_burst_refused_says_nothing_of_the_bucket() -> None:
    assert bucket(12).refused(1, BURST, NOW).level == 12
    assert bucket(12).refused(1, {}, NOW).level == 90


def test_what_is_refused_a_place_takes_none() -> None:
    pacer = Pacer()
    pacer.answered(0, told(X_LS_API_Bucket_Level="60/90"), NOW)
    assert pacer.reserve(2, Right.CATALOGUE, NOW) > 0
    assert pacer.reserve(30, Right.COMPLETE, NOW) == 0


def test_an_hour_of_sync_and_sales_never_fills_the_bucket_nor_keeps_a_sale_waiting() -> None:
    pacer, level, sale_waits = Pacer(), 0.0, []
    for second in range(3600):
        level = max(0.0, level - 1)
        now = after(second)
        wanted = [(2.0, Right.CATALOGUE)] * 5
        if second % 60 == 0:  # an ordinary sale a minute: quote, then completion
            wanted = [(2.7, Right.QUOTE), (5.9, Right.COMPLETE), *wanted]
        for cost, right in wanted:
            wait = pacer.reserve(cost, right, now)
            if right is not Right.CATALOGUE:
                sale_waits.append(wait)
            if not wait:
                level += cost
                pacer.answered(cost, told(X_LS_API_Bucket_Level=f"{level}/90"), now)
        assert level < 90
    assert set(sale_waits) == {0.0}
