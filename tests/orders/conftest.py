"""A customer for whom goods are kept, and what Lightspeed has of it."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from salesfloor.orders import keeping
from salesfloor.orders.models import Order
from salesfloor.sales.models import Sale

ANN = {"customerID": 88, "firstName": "Ann", "lastName": "Lee", "creditAccountID": 11}
ANNS_ACCOUNT = {"creditAccountID": 11, "customerID": 88, "balance": "0"}


@pytest.fixture
def ann(account, simulator):
    simulator.put({"Customer": [ANN], "CreditAccount": [ANNS_ACCOUNT]})
    return account.customers.create(
        lightspeed_id=88, first_name="Ann", last_name="Lee", credit_account_lightspeed_id=11
    )


@pytest.fixture
def screen(rep, browser_of):
    return browser_of(rep)


@pytest.fixture
def cart(rep, ann, sock, shoe) -> Sale:
    """Three socks and a pair of shoes, for Ann: 57.44 with tax."""
    sale = Sale.start(rep)
    sale.set_customer(ann, sale.version)
    sale.add_line(sock, 3)
    sale.add_line(shoe)
    return sale


def keep(screen, sale: Sale, *lines, kind: str = "layaway", **form: Any):
    """All lines of the cart, unless some are named."""
    chosen = [line.pk for line in lines or sale.live_lines]
    data = {"kind": kind, "line": chosen, "version": sale.version, "action_id": uuid4()}
    return screen.post(reverse("orders:keep"), data | form)


def written(account) -> Order:
    """The latest order, once the worker was at it."""
    order = account.orders.latest("pk")
    keeping.write(order)
    return account.orders.get(pk=order.pk)


def kept_lines(simulator, **filters: Any) -> list[dict[str, Any]]:
    """What Lightspeed keeps outside of sales, in the order in which it came."""
    filters = {"saleID": 0, "sort": "saleLineID", "load_relations": ["InventorySales"]} | filters
    return simulator.client().records("SaleLine", **filters)


def shelf(simulator, item_id: int) -> tuple[int, int]:
    """On hand and on layaway in the first shop."""
    (row,) = simulator.client().records("ItemShop", itemID=item_id, shopID=1)
    return int(row["qoh"]), int(row["onLayaway"])
