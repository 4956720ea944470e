from decimal import Decimal

import pytest

from salesfloor.customers.models import Customer


@pytest.mark.parametrize(
    ("who", "shown"),
    [
        ({"first_name": "Ann", "last_name": "Lee", "company": "Quay Sports"}, "Ann Lee"),
        ({"company": "Quay Sports", "email": "shop@example.com"}, "Quay Sports"),
        ({"email": "ann@example.com"}, "ann@example.com"),
        ({}, "Customer without a name"),
    ],
)
def test_customer_is_called_by_the_best_that_is_known(who, shown):
    assert str(Customer(**who)) == shown


def test_what_is_owed_already_leaves_less_of_the_limit():
    owing = Customer(credit_balance=Decimal(-30), credit_limit=Decimal(100))
    holding = Customer(credit_balance=Decimal(20), credit_limit=Decimal(100))
    assert (owing.spendable, holding.spendable) == (70, 120)
    assert Customer(credit_balance=Decimal(20)).spendable is None
