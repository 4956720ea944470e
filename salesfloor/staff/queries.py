"""Queries that are written out: Django takes longer to put one together than the database to
answer, which counts for what is asked with each letter or tap."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection


def places(values: Collection[Any]) -> str:
    """For so many values."""
    return ", ".join(["%s"] * len(values))


def fetched(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows that it answers."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
