"""Carts that are left to Lightspeed, and what a till there does with them."""

from typing import Any

import pytest

from salesfloor.elsewhere import keeping, there
from salesfloor.elsewhere.models import KeptCart
from salesfloor.sales.models import Sale


@pytest.fixture
def screen(rep, browser_of):
    """The rep's iPad."""
    return browser_of(rep)


@pytest.fixture
def cart(rep, sock, shoe) -> Sale:
    """A sock and a shoe, 34.48."""
    sale = Sale.start(rep)
    sale.add_line(sock)
    sale.add_line(shoe)
    return sale


def keep(cart: Sale, kind=KeptCart.Kind.TILL) -> KeptCart:
    """As it is once a worker has seen to it."""
    kept = keeping.keep(cart.rep, cart, cart.version, kind)
    return brought_on(kept)


def brought_on(kept: KeptCart) -> KeptCart:
    there.bring_on(kept.pk)
    return reread(kept)


def reread(kept: KeptCart) -> KeptCart:
    return KeptCart.everywhere.for_work().get(pk=kept.pk)


@pytest.fixture
def handed_over(cart) -> KeptCart:
    return keep(cart)


@pytest.fixture
def quote(cart) -> KeptCart:
    return keep(cart, KeptCart.Kind.QUOTE)


class Till:
    """Lightspeed's own: a cashier with all rights, who knows nothing of salesfloor."""

    def __init__(self, simulator) -> None:
        self.simulator = simulator
        self.client = simulator.client()

    def open_sales(self, reference: str) -> list[dict[str, Any]]:
        return [
            sale
            for sale in self.simulator.sales()
            if sale["referenceNumber"] == reference and not (sale["completed"] or sale["archived"])
        ]

    def note(self, kept: KeptCart) -> str:
        path = f"Sale/{kept.sale_lightspeed_id}"
        sale = self.client.record(path, load_relations=["SaleNotes"])
        return sale["SaleNotes"]["InternalNote"]["note"]

    def add(self, kept: KeptCart, item_id: int) -> None:
        line = {"itemID": item_id, "unitQuantity": 1}
        self._put(kept, {"SaleLines": {"SaleLine": line}})

    def take_part(self, kept: KeptCart, amount: str) -> None:
        payment = {"paymentTypeID": 1, "amount": amount}
        self._put(kept, {"SalePayments": {"SalePayment": payment}})

    def complete(self, kept: KeptCart, **by: int) -> str:
        """Takes cash for all of it; the ticket number. `by`: another register or employee."""
        sale = self.client.record(f"Sale/{kept.sale_lightspeed_id}")
        payment = {"paymentTypeID": 1, "amount": sale["balance"]}
        return self._put(kept, {"completed": True, "SalePayments": {"SalePayment": payment}} | by)

    def archive(self, kept: KeptCart) -> None:
        assert self.client.delete(f"Sale/{kept.sale_lightspeed_id}").status_code == 200

    def _put(self, kept: KeptCart, body: dict[str, Any]) -> str:
        answer = self.client.put(f"Sale/{kept.sale_lightspeed_id}", body)
        assert answer.status_code == 200, answer.text
        return answer.json()["Sale"]["ticketNumber"]


@pytest.fixture
def till(simulator) -> Till:
    return Till(simulator)
