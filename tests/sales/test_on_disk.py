"""A rep waits for the disk where money is taken, and not for each line of a cart."""

from contextlib import contextmanager

import pytest
from django.db import connection

from tests.conftest import price_carts
from tests.sales.test_views import pay_cash, scan
from tests.staff.test_transactions import DOES_NOT_WAIT, WAITS, setting

pytestmark = pytest.mark.django_db(transaction=True)

SOCK = "5012345678900"


@contextmanager
def noting_how_a_row_is_written(table):
    """How long whoever writes into the table will wait at the end of the transaction."""
    noted = []

    def note(execute, sql, params, many, context):
        if sql.startswith((f'INSERT INTO "{table}"', f'UPDATE "{table}"')):
            noted.append(setting())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield noted


def test_line_that_is_scanned_does_not_wait(screen):
    with noting_how_a_row_is_written("sales_saleline") as noted:
        assert scan(screen, SOCK).status_code == 200
    assert set(noted) == {DOES_NOT_WAIT[connection.vendor]}


@pytest.mark.parametrize("table", ["sales_salepayment", "outbox_submission"])
def test_payment_waits_from_the_tap_to_the_sale_that_is_owed_to_lightspeed(screen, table):
    scan(screen, SOCK)
    with noting_how_a_row_is_written(table) as noted:
        pay_cash(screen, "20")
        price_carts()
    assert noted
    assert set(noted) == {WAITS[connection.vendor]}
