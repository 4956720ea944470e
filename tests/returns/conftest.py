"""Sales that goods come back from, made at a till, and a rep who may take them back."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from salesfloor.outbox.courier import deliver
from salesfloor.sales import checkout, refunds
from salesfloor.sales.models import Sale
from tests.conftest import price_carts, reread, tapped

CASH, CARD = 1, 3


@pytest.fixture
def rep(rep):
    rep.rights = ["register", "register_refund"]
    rep.save()
    return rep


@pytest.fixture
def screen(rep, browser_of):
    return browser_of(rep)


@pytest.fixture
def till(simulator):
    """Sells lines there and then, paid in full by one payment type or with these payments."""
    client = simulator.client()

    def sell(*lines, payment_type=CASH, payments=None, **fields):
        place = {"employeeID": 1, "registerID": 1, "shopID": 1, "taxCategoryID": 1}
        body = place | {"SaleLines": {"SaleLine": list(lines)}} | fields
        sale = client.post("Sale", body).json()["Sale"]
        whole = [{"paymentTypeID": payment_type, "amount": sale["calcTotal"]}]
        paid = {"SalePayments": {"SalePayment": payments or whole}, "completed": True}
        answer = client.put(f"Sale/{sale['saleID']}", paid)
        assert answer.status_code == 200, answer.text
        return answer.json()["Sale"]

    return sell


def lines_of(sale: dict[str, Any]) -> list[dict[str, Any]]:
    lines = sale["SaleLines"]["SaleLine"]
    return lines if isinstance(lines, list) else [lines]


def take_back(screen, sale, *units, **form):
    """Of each line so many units; none of those with 0."""
    lines = [line["saleLineID"] for line in lines_of(sale)]
    kept = {line: count for line, count in zip(lines, units, strict=False) if count}
    data = {"line": list(kept), "reason": "size", "action_id": uuid4()} | form
    data |= {f"units-{line}": count for line, count in kept.items()}
    return screen.post(reverse("returns:take_back", args=[sale["saleID"]]), data)


def cart_of(rep) -> Sale:
    sale = rep.account.sales.current(rep)
    assert sale
    return sale


def give_back(rep, kind: str = "cash") -> Sale:
    """The first way of this kind, then on to Lightspeed."""
    sale = cart_of(rep)
    way = next(way for way in refunds.ways_back(sale) if way.payment_type.kind == kind)
    checkout.pay_back(sale, tapped(sale), way.key)
    price_carts()
    return reread(sale)


def recorded(simulator, sale) -> dict[str, Any]:
    """The one completed sale there with our reference."""
    deliver(sale.account)
    (found,) = (
        each
        for each in simulator.sales()
        if each["referenceNumber"] == sale.reference and each["completed"]
    )
    relations = ["SaleLines", "SalePayments"]
    return simulator.client().record(f"Sale/{found['saleID']}", load_relations=relations)
