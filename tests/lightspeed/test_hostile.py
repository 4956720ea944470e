"""However odd an answer is, the call ends in time, and with an error that has a name."""

import random
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesfloor.lightspeed import errors, records
from salesfloor.lightspeed.client import Client
from salesfloor.lightspeed.ratelimit import Pacer, Right
from tests.lightspeed import recordings
from tests.lightspeed.conftest import Clock
from tests.lightspeed.scripted import Step, answer, scripted
from tests.lightspeed.test_client import DRAFT, TAX_CLASSES, names, sale_body

MakeClient = Callable[..., Client]
OK = b"HTTP/1.1 200 OK\r\n"


def raw(*pieces: bytes) -> Step:
    """These bytes, with a short pause between the pieces, and the end of the connection."""

    def send(connection: Any) -> None:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(0.05)
        connection.shutdown(2)

    return send


ODD = {
    "nothing": raw(b""),
    "no HTTP": raw(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "status that is none": raw(b"HTTP/1.1 abc OK\r\n\r\n"),
    "status beyond all": raw(b"HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\n{}"),
    "early hints": raw(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
    "switching protocols": raw(b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n"),
    "no content": raw(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "not modified": raw(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    "length of nonsense": raw(OK + b"Content-Length: much\r\n\r\n{}"),
    "negative length": raw(OK + b"Content-Length: -5\r\n\r\n{}"),
    "two lengths": raw(OK + b"Content-Length: 2, 7\r\n\r\n{}"),
    "endless length": raw(OK + b"Content-Length: 99999999999999999999999\r\n\r\n{}"),
    "bad chunks": raw(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"),
    "cut chunks": raw(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{}"),
    "not gzip": raw(OK + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"),
    "not brotli": raw(OK + b"Content-Encoding: br\r\nContent-Length: 2\r\n\r\n{}"),
    "unknown encoding": raw(OK + b"Content-Encoding: lzma\r\nContent-Length: 2\r\n\r\n{}"),
    "bad charset": raw(OK + b"Content-Type: application/json; charset=x\r\n\r\n\xff\xfe"),
    "bare header": raw(OK + b"no colon\r\n\xff\xfe: \xff\r\n\r\n{}"),
    "long header": raw(OK + b"X: " + b"y" * 100_000 + b"\r\n\r\n{}"),
    "many headers": raw(OK + b"X: y\r\n" * 500 + b"\r\n{}"),
    "redirect to nonsense": raw(b"HTTP/1.1 302 Found\r\nLocation: http://[\r\n\r\n"),
    "redirect in no language": raw(b"HTTP/1.1 301 Moved\r\nLocation: \xff\xfe\r\n\r\n"),
    "redirect to files": raw(b"HTTP/1.1 307 Moved\r\nLocation: file:///etc/passwd\r\n\r\n"),
    "account of nonsense": answer(200, TAX_CLASSES, {"X-LS-Acct-Id": "9" * 5000}),
    "page of nonsense": answer(200, TAX_CLASSES | {"@attributes": {"next": "http://["}}),
    "cookie of nonsense": answer(500, {}, {"Set-Cookie": "=;;=\x01; expires=never; domain=.."}),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_odd_answer_to_a_read_has_a_name(make_client: MakeClient, odd: Step) -> None:
    with scripted(odd) as server:
        client = make_client(server.url, connect_seconds=0.3, call_seconds=1, patience_seconds=0)
        with pytest.raises(errors.LightspeedError) as caught:
            names(client)
    assert type(caught.value) not in (errors.LightspeedError, errors.OutcomeUnknown)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_odd_answer_to_a_write_leaves_it_in_doubt(make_client: MakeClient, odd: Step) -> None:
    with scripted(odd) as server:
        client = make_client(server.url, connect_seconds=0.3, call_seconds=1)
        with pytest.raises(errors.OutcomeUnknown) as caught:
            client.create_sale(DRAFT.body())
        assert len(server.requests) == 1
    assert not caught.value.can_write_again


@pytest.mark.parametrize("status", [200, 400])
def test_no_text_of_an_answer_is_one_that_cannot_be_kept(
    make_client: MakeClient, status: int
) -> None:
    odd = b'"a\\ud800b\\u0000c\xed\xa0\x80 \\ud83d\\ude00"'
    body = b'{"TaxClass": [{"taxClassID": "1", "name": %s}], "message": %s, "@attributes": {}}' % (
        odd,
        odd,
    )
    with scripted(answer(status, body)) as server:
        client = make_client(server.url, patience_seconds=0)
        if status == 200:
            [told] = names(client)
        else:
            with pytest.raises(errors.Rejected) as caught:
                names(client)
            told = caught.value.message
    assert told.encode().startswith(b"a?bc")
    assert told.endswith(" \U0001f600")


def test_what_follows_early_hints_is_not_taken_for_the_next_answer(
    make_client: MakeClient,
) -> None:
    foreign = b'{"TaxClass": {"taxClassID": "9", "name": "Foreign"}}'
    late = OK + b"Content-Length: %d\r\n\r\n" % len(foreign) + foreign
    with scripted(raw(b"HTTP/1.1 103 Early Hints\r\n\r\n", late)) as server:
        server.then(answer(200, TAX_CLASSES))
        client = make_client(server.url, patience_seconds=0)
        with pytest.raises(errors.GarbledAnswer):
            names(client)
        assert names(client) == ["Item"]


def test_a_refusal_that_names_account_0_is_still_that_refusal(make_client: MakeClient) -> None:
    nobodys = {"X-LS-Acct-Id": "0", "Retry-After": "1"}
    with scripted(answer(429, {}, nobodys), answer(200, TAX_CLASSES)) as server:
        assert names(make_client(server.url)) == ["Item"]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-LS-API-Bucket-Level": "1.2.3/90"},
        {"X-LS-API-Bucket-Level": "9e99/1e400", "Retry-After": "inf"},
        {"X-LS-API-Bucket-Level": "9999999/1", "X-LS-API-Drip-Rate": "0.0000001"},
        {"X-LS-API-Burst-Level": "99999999999/0", "Retry-After": "9999999"},
        {"X-LS-API-Drip-Rate": "-1", "X-LS-API-Bucket-Level": "-5/-5"},
        {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"},
    ],
)
def test_odd_limits_keep_nobody_waiting_for_long(
    make_client: MakeClient, clock: Clock, headers: dict[str, str]
) -> None:
    pacer = Pacer()
    with scripted(answer(429, {}, headers)) as server, pytest.raises(errors.RateLimited):
        make_client(server.url, pacer=pacer, patience_seconds=0).create_sale(DRAFT.body())
    assert 0 <= pacer.reserve(1.0, Right.COMPLETE, clock.now()) <= 3100


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["Sale", "Item", "Session", "Customer"]),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.text()
        | st.sampled_from(
            ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1E999999", "-0", "NaN"]
        ),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["Tag", "TagRelation", "name", "Note", "x"]), inner)
        ),
        max_leaves=10,
    ),
    st.randoms(use_true_random=False),
)
def test_a_body_of_nonsense_is_a_value_error(name: str, nonsense: Any, dice: random.Random) -> None:
    entity = getattr(records, name)
    body = {**ITEM, **sale_body()["Sale"]}
    for field in dice.sample([*body, "TagRelations", "Tags", "Note", "Rights", "Employee"], 3):
        body[field] = nonsense
    try:
        [found] = records.many({name: body}, entity)
    except ValueError:
        return
    records.to_wire(found)


NAMES = """itemID systemSku description itemType customSku manufacturerSku upc ean discountable tax
    archived defaultCost avgCost categoryID taxClassID itemMatrixID manufacturerID defaultVendorID
    customerID firstName lastName company customerTypeID discountID taxCategoryID creditAccountID
    employeeID systemCustomerID"""
ITEM = {"timeStamp": "2026-05-04T09:00:00+00:00", **dict.fromkeys(NAMES.split(), "1")}


@recordings.needs_recordings
def test_a_recorded_sale_bent_out_of_shape_is_read_or_refused(make_client: MakeClient) -> None:
    body = recordings.response("sale-get-200-pos-1-3d9a86")["body"]
    dice = random.Random(4711)
    for _ in range(500):
        bent = bend(body, dice)
        try:
            found = records.many(bent, records.Sale)
        except ValueError:
            continue
        assert all(isinstance(sale.sale_id, int) for sale in found)


def bend(value: Any, dice: random.Random) -> Any:
    if dice.random() < 0.02:
        return dice.choice([None, [], {}, "", "x", "-1", False, "9" * 40, [value], {"a": value}])
    if isinstance(value, dict):
        return {name: bend(inner, dice) for name, inner in value.items() if dice.random() > 0.005}
    return [bend(inner, dice) for inner in value] if isinstance(value, list) else value
