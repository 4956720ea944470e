"""No recorded answer loses anything by becoming records: written again, it is the same."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import pytest

from salesfloor.lightspeed import records
from salesfloor.lightspeed.records import Record
from tests.lightspeed import recordings

ENTITIES = {
    name: entity
    for name, entity in vars(records).items()
    if isinstance(entity, type) and issubclass(entity, Record)
}

# A relation that has nothing, and text that is empty, however it is written or left out
# (reference, 2.3).
NOTHING = (None, "", False, {}, [])
# What a field that the answer of an older Lightspeed lacks comes back as.
BLANK = (*NOTHING, "0", "false")
# Two spellings of one field (reference, 2.5, 6.6, 6.16, 6.17); ours is the latter.
SPELT_AS = {
    "updatetime": "updateTime",
    "timeStamp": "timestamp",
    "onWorkorder": "onWorkOrder",
    "SalesAccounts": "SaleAccounts",
    "ID": "id",
}


def losses(recorded: Any, written: Any, place: str = "") -> Iterator[str]:
    """Where what was written differs from what was recorded."""
    if isinstance(recorded, dict) and isinstance(written, dict):
        for name, value in recorded.items():
            other = name if name in written else SPELT_AS.get(name, name)
            yield from losses(value, written.get(other), f"{place}.{name}")
        for name in written.keys() - recorded.keys() - set(SPELT_AS.values()):
            if written[name] not in BLANK:
                yield f"{place}.{name}: made up {written[name]!r}"
    elif isinstance(recorded, list) and isinstance(written, list):
        if len(recorded) != len(written):
            yield f"{place}: {len(recorded)} became {len(written)}"
        for index, (one, other) in enumerate(zip(recorded, written, strict=False)):
            yield from losses(one, other, f"{place}[{index}]")
    elif isinstance(recorded, list) and len(recorded) == 1:
        yield from losses(recorded[0], written, place)
    elif not is_same(recorded, written):
        yield f"{place}: {recorded!r} became {written!r}"


def is_same(recorded: Any, written: Any) -> bool:
    if recorded in NOTHING and written in NOTHING:
        return True
    if not (isinstance(recorded, str) and isinstance(written, str)):
        return bool(recorded == written)
    return recorded == written or any(
        read(recorded) == read(written) is not None for read in (number, moment)
    )


def number(text: str) -> Decimal | None:
    """Numbers are the same however they are spelt: "-0" is "0", "10.50" is "10.5"."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def moment(text: str) -> datetime | None:
    """Moments are the same in every zone."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return None


def unwrapped(body: Any, resource: str) -> list[Any]:
    found = body.get(resource, [])
    return found if isinstance(found, list) else [found]


RECORDED = [row for row in recordings.index("INDEX", "wire", "wire-body") if row["status"] == "200"]


@recordings.needs_recordings
@pytest.mark.parametrize("row", RECORDED, ids=lambda row: row["name"])
def test_a_recorded_answer_comes_back_as_it_was(row: dict[str, str]) -> None:
    body, resource = recordings.body(row["name"]), row["resource"]
    recorded = unwrapped(body, resource)
    parsed: list[Record] = records.many(body, ENTITIES[resource])
    assert len(parsed) == len(recorded)
    written = [records.to_wire(record) for record in parsed]
    assert list(losses(recorded, written)) == []


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ({"name": "Quay", "archived": "false", "qoh": "0"}, []),
        ({"name": "Quays"}, [".name: 'Quay' became 'Quays'"]),
        ({}, [".name: 'Quay' became None"]),
        ({"name": "Quay", "qoh": "1"}, [".qoh: made up '1'"]),
    ],
)
def test_a_loss_would_be_noticed(written: Any, found: list[str]) -> None:
    assert list(losses({"name": "Quay", "Images": ""}, written)) == found


def test_what_has_no_field_is_kept_out_of_the_way() -> None:
    body = {"tagID": "8", "name": "winter", "colour": "#08f", "unknown": "too"}
    plain, odd = (records.Tag(tag_id=8, name="winter"), records.one({"Tag": body}, records.Tag))
    assert (odd, repr(odd), hash(odd)) == (plain, repr(plain), hash(plain))
    assert odd.unknown == {"colour": "#08f", "unknown": "too"}
    assert records.to_wire(odd) == body


def test_a_field_of_a_hostile_answer_takes_no_methods_place() -> None:
    image = {"imageID": "1", "baseImageURL": "https://a.test", "publicID": "boot", "url": "evil"}
    assert records.one({"Image": image}, records.Image).url() == "https://a.test/boot.jpg"


SAMPLES = [
    row
    for row in recordings.index("INDEX", "vendor-sample")
    if row["status"] == "200" and row["resource"] in ENTITIES
]
# Published answers that no client could take for what their address promises.
ODD_SAMPLES = {
    "order-get-200-docs-a87fdd": "is a report about orders",
}


@recordings.needs_recordings
@pytest.mark.parametrize("row", SAMPLES, ids=lambda row: row["name"])
def test_a_published_answer_becomes_records(row: dict[str, str]) -> None:
    if reason := ODD_SAMPLES.get(row["name"]):
        pytest.skip(reason)
    body, resource = recordings.body(row["name"]), row["resource"]
    parsed = records.many(body, ENTITIES[resource])
    assert len(parsed) == len(unwrapped(body, resource)) > 0
    written = [records.to_wire(record) for record in parsed]
    lost = list(losses(unwrapped(body, resource), written))
    # Some samples tell of a day that does not exist.
    assert [loss for loss in lost if "'2021-02-29T" not in loss] == []
