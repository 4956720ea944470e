"""The clock that all hosts agree on, as their own never quite do."""

import time
from datetime import UTC, datetime, timedelta
from functools import cache

from django.db import connection
from django.utils import timezone


def now() -> datetime:
    """For every moment that is stored, or compared with one that is.

    PostgreSQL's, which tells the true time within a transaction too. An SQLite database has all its
    processes on one machine, and so its clock.
    """
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def aware(moment: datetime) -> datetime:
    """As a database told it to a plain cursor: SQLite keeps moments in UTC, without their zone."""
    return moment.replace(tzinfo=UTC) if timezone.is_naive(moment) else moment


@cache
def process_began_at() -> datetime:
    """What was under way before is not this process's doing."""
    return now() - timedelta(seconds=time.monotonic() - _LOADED_AT)


_LOADED_AT = time.monotonic()
