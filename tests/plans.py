"""How SQLite goes about a query: it knows nothing of how many rows there are, and plans for few as
for many."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

sqlite_alone = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL plans by how many rows there are"
)


@contextmanager
def looking_through_none(tables: str, *owners: str) -> Iterator[None]:
    """Fails for a query that reads all rows of one of the tables that grow, or all those of an
    owner. `tables` have a `|` between them, `owners` are as plans have it: `account_id=?`."""
    asked: list[tuple[str, Any]] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("SELECT", "UPDATE", "DELETE")) or "SELECT line.item_id" in sql:
            asked.append((sql, params[0] if many else params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        yield
    assert asked
    owned = "|".join(re.escape(owner) for owner in owners)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '%WHERE%'")
        of_few_rows = {name for (name,) in cursor.fetchall()}
        for sql, params in asked:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            for *_, step in cursor.fetchall():
                index = re.search(r"USING (?:COVERING )?INDEX (\w+)", step)
                is_of_few = index and index[1] in of_few_rows
                reads_all = re.match(rf"SCAN ({tables})\b", step)
                reads_owners = re.match(rf"SEARCH ({tables})\b.*\(({owned})\)", step)
                assert is_of_few or not (reads_all or reads_owners), f"{step}: {sql}"
