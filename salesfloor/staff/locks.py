"""Locks that hold across processes and die with the process that holds them."""

import fcntl
import hashlib
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.conf import settings
from django.db import connection

TRY_AGAIN_SECONDS = 0.05


@contextmanager
def holding(name: str, *, wait_seconds: float = 0.0) -> Iterator[bool]:
    """Hold the lock of this name; yields False where another kept it all the while.

    PostgreSQL keeps it with the database session (so no pooler may stand between that shares
    sessions), SQLite's installations with an open file: either is given up by the system when the
    process is killed, and kept while it is stopped.
    """
    take = _taken_in_database if connection.vendor == "postgresql" else _taken_as_file
    give_up_at = time.monotonic() + wait_seconds
    with ExitStack() as held:
        while not (taken := held.enter_context(take(name))):
            if time.monotonic() >= give_up_at:
                break
            held.close()
            time.sleep(TRY_AGAIN_SECONDS)
        yield taken


@contextmanager
def _taken_as_file(name: str) -> Iterator[bool]:
    folder = settings.DATA_DIR / "locks"
    folder.mkdir(exist_ok=True)
    with (folder / name).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True  # closing the file gives it up


@contextmanager
def _taken_in_database(name: str) -> Iterator[bool]:
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        taken: bool = cursor.fetchone()[0]
        try:
            yield taken
        finally:
            if taken:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
