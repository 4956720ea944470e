import json
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from salesfloor.lightspeed import errors, records
from salesfloor.lightspeed.client import Client
from salesfloor.lightspeed.drafts import DraftLine, SaleDraft
from salesfloor.lightspeed.ratelimit import MemoryStore, Pacer, Right
from tests.lightspeed.conftest import Clock
from tests.lightspeed.scripted import answer, cut, drip, drip_body, hang, reset, scripted

MakeClient = Callable[..., Client]

TAX_CLASSES = {
    "@attributes": {"next": "", "previous": ""},
    "TaxClass": {"taxClassID": "1", "name": "Item"},
}
FULL_BUCKET = {"X-LS-API-Bucket-Level": "90/90", "Retry-After": "3"}


def names(client: Client) -> list[str]:
    return [tax_class.name for tax_class in client.tax_classes()]


NUMBERS = """calcSubtotal calcDiscount calcTaxable calcNonTaxable calcTax1 calcTax2 calcTotal
    calcPayments calcAvgCost calcFIFOCost total totalDue displayableTotal balance change tax1Rate
    tax2Rate discountPercent customerID discountID employeeID quoteID registerID shipToID shopID
    taxCategoryID"""
FLAGS = "completed archived voided enablePromotions"


def sale_body(**fields: Any) -> dict[str, Any]:
    sale = {
        "saleID": "120",
        "timeStamp": "2026-05-04T15:02:11+00:00",
        "referenceNumber": "",
        "referenceNumberSource": "",
        **dict.fromkeys(NUMBERS.split(), "0"),
        **dict.fromkeys(FLAGS.split(), "false"),
    }
    return {"@attributes": {"count": "1"}, "Sale": sale | fields}


DRAFT = SaleDraft(
    reference_number="SF-1",
    employee_id=7,
    shop_id=1,
    register_id=3,
    lines=[DraftLine(item_id=12, unit_quantity=2, unit_price=Decimal("9.90"))],
)


# --- Trying again ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault", [answer(500), answer(503), reset, cut(TAX_CLASSES), answer(200, b"<html>")]
)
def test_a_read_is_tried_again_when_that_can_help(make_client: MakeClient, fault: Any) -> None:
    with scripted(fault, answer(200, TAX_CLASSES)) as server:
        assert names(make_client(server.url)) == ["Item"]
        assert len(server.requests) == 2


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422])
def test_a_read_is_not_tried_again_after_a_refusal(make_client: MakeClient, status: int) -> None:
    with scripted(answer(status, {"message": "no"})) as server:
        with pytest.raises(errors.LightspeedError, match="no"):
            names(make_client(server.url))
        assert len(server.requests) == 1


def test_a_read_gives_up_after_four_tries_with_growing_pauses(
    make_client: MakeClient, clock: Clock
) -> None:
    with scripted(*[answer(502)] * 5) as server:
        with pytest.raises(errors.ServerError):
            names(make_client(server.url))
        assert len(server.requests) == 4
    first, second, third = clock.slept
    assert 0.25 <= first <= 0.5 <= second <= 1.0 <= third <= 2.0


def test_a_read_answered_429_waits_as_told(make_client: MakeClient, clock: Clock) -> None:
    with scripted(answer(429, {}, FULL_BUCKET), answer(200, TAX_CLASSES)) as server:
        assert names(make_client(server.url)) == ["Item"]
    assert sum(clock.slept) >= 3


def test_a_read_does_not_outlast_the_patience_it_was_given(
    make_client: MakeClient, clock: Clock
) -> None:
    with scripted(answer(429, {}, {"Retry-After": "30"})) as server:
        with pytest.raises(errors.RateLimited) as caught:
            names(make_client(server.url, patience_seconds=5))
        assert caught.value.retry_after == 30
    assert clock.slept == []


@pytest.mark.parametrize("fault", [reset, hang, drip, drip_body, cut(sale_body()), answer(500)])
def test_a_write_is_sent_once_and_left_in_doubt(make_client: MakeClient, fault: Any) -> None:
    with scripted(fault, answer(200, sale_body())) as server:
        client = make_client(server.url, connect_seconds=0.2, call_seconds=0.6)
        with pytest.raises(errors.OutcomeUnknown) as caught:
            client.create_sale(DRAFT.body())
        assert not caught.value.can_write_again
        assert len(server.requests) == 1


def test_a_write_answered_429_had_no_effect_and_is_not_repeated(make_client: MakeClient) -> None:
    with scripted(answer(429, {}, FULL_BUCKET)) as server:
        with pytest.raises(errors.RateLimited) as caught:
            make_client(server.url).create_sale(DRAFT.body())
        assert len(server.requests) == 1
    assert (caught.value.can_write_again, caught.value.retry_after) == (True, 3.0)


def test_a_call_that_cannot_connect_was_not_sent(make_client: MakeClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(errors.NotSent) as caught:
        make_client(url).create_sale(DRAFT.body())
    assert caught.value.can_write_again


def test_calls_that_cannot_connect_take_nothing_from_the_bucket(
    make_client: MakeClient, clock: Clock
) -> None:
    store = MemoryStore()
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    client = make_client(url, pacer=Pacer(store), right=Right.COMPLETE, patience_seconds=0)
    for _ in range(40):  # 108 drips, of 90 that there are
        with pytest.raises(errors.NotSent):
            client.create_sale(DRAFT.body())
    bucket = store.bucket()
    assert bucket is not None
    assert bucket.level_at(clock.now()) == 0
    assert store.figures(clock.now()) == {}


# --- Tokens ----------------------------------------------------------------------------


def test_a_write_is_sent_again_with_a_new_token_after_a_401(make_client: MakeClient) -> None:
    with scripted(answer(401, {"error": "access_denied"}), answer(200, sale_body())) as server:
        sale = make_client(server.url, "old", "new").create_sale(DRAFT.body())
        sent = [request.headers["authorization"] for request in server.requests]
    assert sale.sale_id == 120
    assert sent == ["Bearer old", "Bearer new"]


def test_the_sign_in_is_lost_when_the_new_token_is_refused_too(make_client: MakeClient) -> None:
    old_shape = {"httpCode": "401", "message": "Invalid access token.", "errorClass": "Bad"}
    with scripted(answer(401, old_shape), answer(401, old_shape)) as server:
        with pytest.raises(errors.SignInLost):
            names(make_client(server.url, "old", "new"))
        assert len(server.requests) == 2


@pytest.mark.parametrize(
    "fault", [answer(400, {}), answer(401, {}), answer(301), hang, reset, cut(TAX_CLASSES)]
)
def test_no_token_reaches_a_log_or_an_error(
    make_client: MakeClient, debug_log: pytest.LogCaptureFixture, fault: Any
) -> None:
    with scripted(answer(200, TAX_CLASSES), fault) as server:
        client = make_client(server.url, call_seconds=0.5, connect_seconds=0.2, patience_seconds=0)
        names(client)
        with pytest.raises(errors.LightspeedError) as caught:
            names(client)
    assert "GET /API/V3/Account/4711/TaxClass.json" in debug_log.text
    told = [caught.value, caught.value.__cause__, caught.value.__context__]
    assert "secret-token" not in debug_log.text + "".join(f"{error}{error!r}" for error in told)


def test_cookies_of_one_answer_do_not_go_along_with_the_next_request(
    make_client: MakeClient,
) -> None:
    cookie = {"Set-Cookie": "PHPSESSID=1; Path=/"}
    with scripted(answer(200, TAX_CLASSES, cookie), answer(200, TAX_CLASSES)) as server:
        client = make_client(server.url)
        names(client)
        names(client)
        assert "cookie" not in server.requests[1].headers
        assert server.connections == 1


# --- Answers not to be trusted ---------------------------------------------------------


@pytest.mark.parametrize("slow", [drip, drip_body, hang])
def test_a_call_ends_in_time_however_the_answer_drips_in(
    make_client: MakeClient, slow: Any
) -> None:
    with scripted(slow) as server:
        client = make_client(server.url, connect_seconds=0.2, call_seconds=0.8, patience_seconds=0)
        began = time.monotonic()
        with pytest.raises(errors.OutcomeUnknown):
            names(client)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"TaxClass": {"taxClassID": NaN}}',
        b"[" * 100_000,
        b"<html></html>",
        b"\xff",
    ],
)
def test_a_body_that_makes_no_sense_is_garbled(make_client: MakeClient, body: bytes) -> None:
    with scripted(answer(200, body)) as server, pytest.raises(errors.GarbledAnswer):
        names(make_client(server.url, patience_seconds=0))


def test_an_endless_body_is_not_read_to_its_end(make_client: MakeClient) -> None:
    endless = json.dumps(TAX_CLASSES).encode() + b" " * 9_000_000
    with scripted(answer(200, endless)) as server, pytest.raises(errors.GarbledAnswer):
        names(make_client(server.url, patience_seconds=0))


def test_a_redirect_is_not_followed(make_client: MakeClient) -> None:
    with scripted() as elsewhere, scripted() as server:
        server.then(answer(302, {}, {"Location": elsewhere.url}))
        with pytest.raises(errors.GarbledAnswer):
            names(make_client(server.url, patience_seconds=0))
        assert elsewhere.requests == []


def test_an_answer_of_another_account_is_refused(make_client: MakeClient) -> None:
    foreign = answer(200, sale_body(), {"x-ls-acct-id": "9"})
    with scripted(foreign) as server, pytest.raises(errors.WrongAccount):
        make_client(server.url).create_sale(DRAFT.body())


def test_a_session_of_another_account_is_refused(make_client: MakeClient) -> None:
    session = {"systemCustomerID": "9", "employeeID": "7", "Employee": {"employeeID": "7"}}
    with scripted(answer(200, session), answer(200, session)) as server:
        assert make_client(server.url, account_id=None).session().account_id == 9
        with pytest.raises(errors.WrongAccount):
            make_client(server.url).session()


def test_a_sale_without_the_payments_it_counts_is_garbled(make_client: MakeClient) -> None:
    paid = sale_body(calcPayments="10")
    with (
        scripted(answer(200, paid)) as server,
        pytest.raises(errors.GarbledAnswer, match="payments"),
    ):
        make_client(server.url, patience_seconds=0).sale(120)


# --- Lists -----------------------------------------------------------------------------


def page(ids: list[int], next_url: str) -> Any:
    classes = [{"taxClassID": str(key), "name": f"Class {key}"} for key in ids]
    return answer(200, {"@attributes": {"next": next_url, "previous": ""}, "TaxClass": classes})


def tax_class_page(url: str) -> str:
    return f"{url}/API/V3/Account/4711/TaxClass.json?limit=100&after=WzFd"


def test_a_list_is_walked_to_its_last_page(make_client: MakeClient) -> None:
    with scripted() as server:
        server.then(page([1, 2], tax_class_page(server.url)), page([3], ""))
        assert names(make_client(server.url)) == ["Class 1", "Class 2", "Class 3"]


def test_a_list_resumes_where_it_was_left(make_client: MakeClient) -> None:
    categories = {"@attributes": {"next": ""}}
    with scripted(answer(200, categories)) as server:
        left = f"{server.url}/API/V3/Account/4711/Category.json?after=WzFd"
        assert list(make_client(server.url).categories(resume_at=left)) == []
        assert server.requests[0].path.endswith("Category.json?after=WzFd")


def test_a_page_that_lost_its_relations_gets_them_back(make_client: MakeClient) -> None:
    empty = {"@attributes": {"next": ""}}
    with scripted(answer(200, empty)) as server:
        lost = f"{server.url}/API/V3/Account/4711/Item.json?limit=100&after=WzFd"
        list(make_client(server.url).items(resume_at=lost))
        query = parse_qs(urlsplit(server.requests[0].path).query)
    assert query["after"] == ["WzFd"]
    assert query["load_relations"] == ['["ItemAttributes","Images"]']


@pytest.mark.parametrize(
    "elsewhere",
    [
        "{other}/API/V3/Account/4711/TaxClass.json?after=WzFd",
        "https://{host}/API/V3/Account/4711/TaxClass.json?after=WzFd",
        "http://user@{host}/API/V3/Account/4711/TaxClass.json?after=WzFd",
        "http://{host}/API/V3/Account/9/TaxClass.json?after=WzFd",
        "//{host}/API/V3/Account/4711/TaxClass.json?after=WzFd",
        "http://{host}@{otherhost}/API/V3/Account/4711/TaxClass.json?after=WzFd",
        "http://{host}\\@{otherhost}/API/V3/Account/4711/TaxClass.json?after=WzFd",
        "http://{host}:80/API/V3/Account/4711/TaxClass.json?after=WzFd",
        "http://{host}.evil.test/API/V3/Account/4711/TaxClass.json?after=WzFd",
        "http://localhost:{port}/API/V3/Account/4711/TaxClass.json?after=WzFd",
        "http://{host}/API/V3/Account/4711/../9/TaxClass.json?after=WzFd",
        "http://{host}/API/V3/Account/4711/TaxClass.json/../Sale.json?after=WzFd",
        "http://{host}/API/V3/Account/4711/Sale.json?after=WzFd",
        "http://[::1/API/V3/Account/4711/TaxClass.json",
        "javascript:alert(1)",
    ],
)
def test_the_token_does_not_follow_a_page_that_leads_elsewhere(
    make_client: MakeClient, elsewhere: str
) -> None:
    with scripted() as other, scripted() as server:
        here, there = urlsplit(server.url), urlsplit(other.url)
        url = elsewhere.format(
            other=other.url, host=here.netloc, otherhost=there.netloc, port=here.port
        )
        server.then(*[page([1], url)] * 4)
        with pytest.raises(errors.GarbledAnswer, match="paging leads"):
            names(make_client(server.url))
        assert (other.connections, len(server.requests)) == (0, 4)


def test_paging_in_a_circle_ends(make_client: MakeClient) -> None:
    with scripted() as server:
        here = tax_class_page(server.url)
        server.then(page([1], here), page([2], here))
        with pytest.raises(errors.GarbledAnswer, match="circle"):
            names(make_client(server.url))


def test_an_empty_page_may_lead_on(make_client: MakeClient) -> None:
    with scripted() as server:
        address = f"{tax_class_page(server.url)}&after="
        server.then(page([1], f"{address}1"), page([], f"{address}2"), page([2], ""))
        assert len(names(make_client(server.url))) == 2


def test_empty_pages_without_end_lead_nowhere(make_client: MakeClient) -> None:
    with scripted() as server:
        pages = [f"{tax_class_page(server.url)}&after={number}" for number in range(9)]
        server.then(page([1], pages[0]), *[page([], address) for address in pages[1:]])
        with pytest.raises(errors.GarbledAnswer, match="empty page"):
            names(make_client(server.url, patience_seconds=0))
        assert len(server.requests) == 6


def test_a_search_by_reference_ends_though_lightspeed_answers_all_its_sales(
    make_client: MakeClient,
) -> None:
    with scripted() as server:
        address = f"{server.url}/API/V3/Account/4711/Sale.json?after="
        for number in range(99):
            attributes = {"@attributes": {"next": f"{address}{number}"}}
            server.then(answer(200, sale_body() | attributes))
        with pytest.raises(errors.GarbledAnswer, match="more than 5 pages"):
            make_client(server.url).sales_by_reference("SF-1")
        assert len(server.requests) == 5


def test_changes_are_asked_for_from_a_moment_on_with_archived_ones(
    make_client: MakeClient,
) -> None:
    with scripted(answer(200, {"@attributes": {"next": ""}})) as server:
        list(make_client(server.url).stock(changed_since=datetime(2026, 5, 4, 9, tzinfo=UTC)))
        query = parse_qs(urlsplit(server.requests[0].path).query)
    assert query["timeStamp"] == [">=,2026-05-04T09:00:00+00:00"]
    assert (query["sort"], query["archived"]) == (["timeStamp"], ["true"])


def test_a_count_is_asked_for_alone(make_client: MakeClient) -> None:
    with scripted(answer(200, {"@attributes": {"count": "764"}})) as server:
        assert make_client(server.url).count(records.Item, archived="only") == 764
        assert server.requests[0].path.endswith("Item.json?archived=only&count=1")


# --- Sales -----------------------------------------------------------------------------


def test_a_sale_is_found_by_exactly_its_reference_and_source(make_client: MakeClient) -> None:
    def sale(number: str, source: str) -> Any:
        return sale_body(referenceNumber=number, referenceNumberSource=source)["Sale"]

    found = [sale("SF-1", "salesfloor"), sale("sf-1", "salesfloor"), sale("SF-1", "shopify")]
    with scripted(answer(200, {"@attributes": {"next": ""}, "Sale": found})) as server:
        [ours] = make_client(server.url).sales_by_reference("SF-1")
        query = parse_qs(urlsplit(server.requests[0].path).query)
    assert (ours.reference_number, ours.reference_number_source) == ("SF-1", "salesfloor")
    assert query["archived"] == ["true"]


def test_a_refused_completion_names_the_sale_that_stayed_open(make_client: MakeClient) -> None:
    refusal = {
        "httpCode": "400",
        "message": "Cannot complete an out of balance sale. Payments are insufficient.",
        "errorClass": "OutOfBalanceError",
        "saleID": "120",
        "balance": "-0",
    }
    with scripted(answer(400, refusal)) as server, pytest.raises(errors.OutOfBalance) as caught:
        make_client(server.url).create_sale(DRAFT.body())
    assert (caught.value.sale_id, str(caught.value.balance)) == (120, "0")
    assert not caught.value.can_write_again


def test_what_is_sent_is_what_the_draft_says(make_client: MakeClient) -> None:
    with scripted(answer(200, sale_body())) as server:
        make_client(server.url).create_sale(DRAFT.body())
        [request] = server.requests
    assert request.line.startswith("POST /API/V3/Account/4711/Sale.json")
    assert request.headers["content-type"] == "application/json"
    assert request.body == DRAFT.body()


# --- The account's budget --------------------------------------------------------------


def test_a_full_bucket_is_waited_for_before_anything_is_sent(
    make_client: MakeClient, clock: Clock
) -> None:
    full = {"X-LS-API-Bucket-Level": "90/90", "X-LS-API-Drip-Rate": "1"}
    with scripted(answer(200, TAX_CLASSES, full), answer(200, TAX_CLASSES)) as server:
        client = make_client(server.url, right=Right.COMPLETE)
        names(client)
        names(client)
    assert sum(clock.slept) == pytest.approx(1, abs=0.2)


def test_a_rep_is_told_at_once_when_the_budget_would_take_too_long(
    make_client: MakeClient, clock: Clock
) -> None:
    pacer = Pacer()
    pacer.answered(0, {"X-LS-API-Bucket-Level": "90/90"}, clock.now())
    with scripted() as server:
        client = make_client(server.url, pacer=pacer, right=Right.QUOTE, patience_seconds=5)
        with pytest.raises(errors.RateLimited) as caught:
            client.create_sale(DRAFT.body())
        assert server.connections == 0
    assert caught.value.can_write_again


def test_a_plain_address_is_for_this_machine_only(make_client: MakeClient) -> None:
    with pytest.raises(ValueError, match="https"):
        make_client("http://api.lightspeedapp.com")
