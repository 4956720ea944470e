"""However many sales an account has made, none of what is asked again and again looks through them.

Asked of the database itself: SQLite, which knows nothing of how many rows there are, plans for few
sales as for many.
"""

import re
from contextlib import contextmanager

import pytest
from django.db import connection
from django.urls import reverse

from salesfloor.orders.tasks import let_go_of_given_up
from salesfloor.outbox.tasks import deliver_all
from salesfloor.sales.tasks import follow_readers, give_up_lost_prices, release_stock
from tests.conftest import sell
from tests.sales.test_views import scan

GROWING = "sales_sale|sales_saleline|sales_salepayment|outbox_submission"

pytestmark = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL plans by how many rows there are"
)


@contextmanager
def looking_through_none():
    """Fails for a query that reads all rows of a table that grows, or all those of an account."""
    asked = []

    def keep(execute, sql, params, many, context):
        if sql.startswith(("SELECT", "UPDATE", "DELETE")) or "SELECT line.item_id" in sql:
            asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '%WHERE%'")
        of_few_rows = {name for (name,) in cursor.fetchall()}
        for sql, params in asked:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            for *_, step in cursor.fetchall():
                index = re.search(r"USING (?:COVERING )?INDEX (\w+)", step)
                is_of_few = index and index[1] in of_few_rows
                reads_all = re.match(rf"SCAN ({GROWING})\b", step)
                reads_account = re.match(rf"SEARCH ({GROWING})\b.*\(account_id=\?\)", step)
                assert is_of_few or not (reads_all or reads_account), f"{step}: {sql}"


def test_what_every_tablet_asks(browser_of, rep, sock):
    sell(rep, sock)
    screen = browser_of(rep)
    with looking_through_none():
        for page in ("sell", "cart", "status", "recent"):
            assert screen.get(reverse(f"sales:{page}")).status_code == 200
        assert screen.get(reverse("catalog:item_search"), {"q": "s"}).status_code == 200
        assert scan(screen, "5012345678900").status_code == 200
        assert screen.post(reverse("sales:add_line"), {"item": sock.pk}).status_code == 200


def test_every_page_of_a_manager(browser_of, manager, sock):
    sell(manager, sock)
    with looking_through_none():
        assert browser_of(manager).get(reverse("dashboard:board")).status_code == 200


@pytest.mark.parametrize(
    "task",
    [deliver_all, follow_readers, give_up_lost_prices, let_go_of_given_up, release_stock],
    ids=lambda task: task.task_class.__name__,
)
def test_what_workers_ask_every_minute(task, paid):
    with looking_through_none():
        task.call_local()
