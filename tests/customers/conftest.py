from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from salesfloor.customers import search
from salesfloor.customers.models import Customer
from salesfloor.staff.models import Account

MakeCustomer = Callable[..., Customer]


@pytest.fixture
def retailer(db: None) -> Account:
    return Account.objects.create(lightspeed_id=4711, name="Quay Sports")


@pytest.fixture
def make_customer(retailer: Account) -> MakeCustomer:
    """A customer as the mirror leaves one; of this account unless told otherwise."""
    ids: Iterator[int] = count(1)

    def make(name: str = "Ann Lee", *, account: Account = retailer, **fields: Any) -> Customer:
        first, _, last = name.partition(" ")
        customer: Customer = account.customers.create(
            lightspeed_id=next(ids), first_name=first, last_name=last, **fields
        )
        search.index([customer])
        return customer

    return make
