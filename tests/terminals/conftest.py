from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from salesfloor.staff.models import Account, Employee, Register, Rep, User
from salesfloor.terminals.models import Charge, Reader
from salesfloor.terminals.on_reader import OnReader, bring_on
from salesfloor.terminals.protocol import Standing
from tests.terminals.fake_stripe import READER, WEBHOOK_SECRET, FakeStripe


@pytest.fixture
def account(db) -> Account:
    """A retailer whose Lightspeed nobody asks here."""
    return Account.objects.create(lightspeed_id=4711, name="Demo", connected_at=timezone.now())


@pytest.fixture
def register(account) -> Register:
    shop = account.shops.create(lightspeed_id=1, name="Harbour Street")
    return account.registers.create(lightspeed_id=1, shop=shop, name="Register 1")


@pytest.fixture
def manager(account, register) -> Rep:
    return _person(account, register, 1, ["admin", "register"])


@pytest.fixture
def rep(account, register) -> Rep:
    return _person(account, register, 2, ["register"])


def _person(account: Account, register: Register, number: int, rights: list[str]) -> Rep:
    return account.reps.create(
        user=User.objects.create(username=f"person-{number}"),
        employee=Employee.everywhere.create(account=account, lightspeed_id=number),
        rights=rights,
        register=register,
    )


@pytest.fixture
def stripe(settings):
    fake = FakeStripe()
    settings.STRIPE_API_KEY = "sk_test_of_the_tests"
    settings.STRIPE_LIGHTSPEED_ACCOUNT_ID = 4711
    settings.STRIPE_API_URL = fake.url
    settings.STRIPE_WEBHOOK_SECRET = WEBHOOK_SECRET
    yield fake
    fake.stop()


@pytest.fixture
def reader(stripe, account, register) -> Reader:
    return account.readers.create(register=register, stripe_id=READER, label="Till 1")


@pytest.fixture
def terminal(reader) -> OnReader:
    return OnReader(reader)


AMOUNT = Decimal("49.00")


def look(terminal: OnReader, reference: str = "SF-1-1") -> Standing:
    """What the worker's next look finds."""
    charge: Charge = terminal.account.charges.get(reference=reference)
    bring_on(charge)
    return charge.standing


def some_time_later(terminal: OnReader, **passed: int) -> None:
    """Move all that was written into the past by so much."""
    for charge in terminal.account.charges.all():
        for name in ("begun_at", "handed_over_at", "unanswered_since"):
            if moment := getattr(charge, name):
                setattr(charge, name, moment - timedelta(**passed))
        charge.save()
