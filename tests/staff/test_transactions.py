"""What may reach the disk a moment later, and that nothing else does."""

from contextlib import suppress

import pytest
from django.db import connection, transaction

from salesfloor.staff.models import Account
from salesfloor.staff.transactions import atomic_soon_on_disk

# As SQLite counts: 1 is NORMAL, which waits for no commit, 2 is FULL.
ASKED = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW synchronous_commit"}
WAITS = {"sqlite": 2, "postgresql": "on"}
DOES_NOT_WAIT = {"sqlite": 1, "postgresql": "off"}


def setting() -> object:
    with connection.cursor() as cursor:
        cursor.execute(ASKED[connection.vendor])
        return cursor.fetchone()[0]


@pytest.fixture
def waits() -> object:
    assert setting() == WAITS[connection.vendor]
    return WAITS[connection.vendor]


@pytest.mark.django_db(transaction=True)
def test_only_what_is_within_does_not_wait_for_the_disk(waits: object) -> None:
    with atomic_soon_on_disk():
        Account.objects.create(lightspeed_id=1)
        assert setting() == DOES_NOT_WAIT[connection.vendor]
    assert setting() == waits
    assert Account.objects.filter(lightspeed_id=1).exists()


@pytest.mark.django_db(transaction=True)
def test_what_fails_is_undone_and_the_next_waits_again(waits: object) -> None:
    with suppress(ZeroDivisionError), atomic_soon_on_disk():
        Account.objects.create(lightspeed_id=1)
        raise ZeroDivisionError
    assert setting() == waits
    assert not Account.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_within_another_transaction_that_one_decides(waits: object) -> None:
    with transaction.atomic():
        with atomic_soon_on_disk():
            assert setting() == waits
        assert setting() == waits
