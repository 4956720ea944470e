"""Whatever stands where a value belongs, it is taken, ignored or refused: nothing breaks."""

import pytest

from salesfloor.simulator.description import Embedded
from salesfloor.simulator.entities import BY_NAME, ENTITIES

ODD = (None, "", "abc", [1], {"a": 1}, [], {}, "1e400", -1, "a\0b🧦" * 1000)
# What a new record needs before its other values are looked at.
USUAL = {
    "code": "9000001234567",
    "customFieldID": 1,
    "description": "Boot",
    "employeeID": 1,
    "firstName": "Ann",
    "itemID": 12,
    "labelTitle": "Shop Name",
    "name": "Boot",
    "paymentTypeID": 1,
    "registerID": 1,
    "saleID": 1,
    "shopID": 1,
    "timeZone": "America/Toronto",
    "type": "single_choice",
    "value": "boot",
    "workorderID": 1,
}
# What is only made below another record, and where.
BELOW = {
    "ItemCustomFieldChoice": "Item/CustomField/1/CustomFieldChoice",
    "CustomerCustomFieldChoice": "Customer/CustomField/1/CustomFieldChoice",
    "WorkorderItem": "Workorder/1/WorkorderItem",
    "WorkorderLine": "Workorder/1/WorkorderLine",
}


def written_to():
    """All but the account, which stands above them."""
    found = [e for e in ENTITIES if e.name in BELOW or {"POST", "PUT"} & set(e.methods.split())]
    return [entity for entity in found if entity.name != "Account"]


def oddities(entity, value):
    """Bodies with `value` in one place each, nested records' keys and fields among them."""
    yield from ({field.name: value} for field in entity.fields if field.write)
    for relation in entity.relations:
        if not (getattr(relation, "writable", False) or getattr(relation, "owned", False)):
            continue
        yield {relation.name: value}
        item, fields = inside(relation)
        for name in fields:
            inner = {name: value}
            yield {relation.name: {item: inner} if relation.many else inner}


def inside(relation):
    """What a nested record is called, and where it may be written."""
    if isinstance(relation, Embedded):
        return relation.item, [field.name for field in relation.fields]
    below = BY_NAME[relation.entity]
    written = {field.name for field in below.fields if field.write}
    return below.shown_as, sorted(
        written | {below.key, getattr(relation, "match", "") or below.key}
    )


def usual(entity):
    fields = {field.name for field in entity.fields} - {entity.key}
    return {name: value for name, value in USUAL.items() if name in fields}


@pytest.mark.parametrize("entity", written_to(), ids=lambda entity: entity.name)
def test_no_odd_value_upsets_a_write(stocked, owner, entity):
    stocked.put({"Sale": [{"saleID": 1, "employeeID": 1, "shopID": 1, "registerID": 1}]})
    for name in ("ItemCustomField", "CustomerCustomField", "Workorder"):
        stocked.put({name: [usual(BY_NAME[name])]})
    path = BELOW.get(entity.name, entity.served_at)
    stocked.put({entity.name: [{entity.key: 9} | usual(entity)]})
    broken = []
    for value in ODD:
        odd = list(oddities(entity, value))
        answers = [owner.post(path, usual(entity) | body) for body in odd]
        answers += [owner.put(f"{path}/9", body) for body in odd]
        broken += [answer.request.body for answer in answers if answer.status_code >= 500]
    assert broken == []
    assert owner.get("Item/12").status_code == 200


def test_no_odd_value_upsets_the_account(owner):
    for value in ODD:
        for body in oddities(BY_NAME["Account"], value):
            answer = owner.http.put(
                f"{owner.url}.json", json=body, headers=owner.grant.headers, timeout=5
            )
            assert answer.status_code < 500, (body, answer.text)
    assert owner.get("Item/12").status_code == 200
