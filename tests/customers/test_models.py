from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from salesfloor.customers.models import Customer, Look


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


def test_one_look_a_minute_whoever_asks(make_customer):
    ann = make_customer()
    assert Look.begin(ann)
    assert Look.begin(ann) is None
    Look.everywhere.update(asked_at=timezone.now() - timedelta(seconds=61))
    assert Look.begin(ann)


def test_what_was_told_is_forgotten_after_a_month(make_customer):
    Look.everywhere.create(customer=make_customer(), note="Wide feet")
    Look.forget_old(timezone.now() + timedelta(days=29))
    assert Look.everywhere.get().note == "Wide feet"
    Look.forget_old(timezone.now() + timedelta(days=31))
    assert not Look.everywhere.exists()
