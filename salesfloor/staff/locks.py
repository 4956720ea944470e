"""Locks that hold across processes and die with the process that holds them."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


@contextmanager
def holding(name: str, *, wait: bool = True) -> Iterator[bool]:
    """Hold the lock of this name; yields False where `wait` is off and another holds it.

    PostgreSQL keeps it with the database session, SQLite's installations with an open file:
    either is given up by the system when the process is killed, and kept while it is stopped.
    """
    if connection.vendor == "postgresql":
        with _holding_in_database(name, wait=wait) as held:
            yield held
    else:
        with _holding_file(name, wait=wait) as held:
            yield held


@contextmanager
def _holding_file(name: str, *, wait: bool) -> Iterator[bool]:
    folder = settings.DATA_DIR / "locks"
    folder.mkdir(exist_ok=True)
    with (folder / name).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True  # closing the file gives the lock up


@contextmanager
def _holding_in_database(name: str, *, wait: bool) -> Iterator[bool]:
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    take = "pg_advisory_lock" if wait else "pg_try_advisory_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {take}(%s)", [key])
        held = wait or cursor.fetchone()[0]
        try:
            yield held
        finally:
            if held:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
