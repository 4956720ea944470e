"""Locks that hold across processes and die with the process that holds them."""

import fcntl
import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.conf import settings
from django.db import Error, connection

TRY_AGAIN_SECONDS = 0.05


class LockLost(Exception):
    """The database let go of a lock while it was needed; by now another may hold it."""


@contextmanager
def holding(name: str, *, wait_seconds: float = 0.0) -> Iterator[bool]:
    """Hold the lock of this name; yields False where another kept it all the while.

    PostgreSQL keeps it with the database session (so no pooler may stand between that shares
    sessions), SQLite's installations with an open file: either is given up by the system when the
    process is killed, and kept while it is stopped. Where the session is lost but not the process,
    every query raises LockLost as long as the block lasts.
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


def make_sure() -> None:
    """Raises LockLost unless this thread still has all the locks that it holds, if any.

    To be asked at the last moment before what only the lock's holder may do.
    """
    if _held():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")


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
    # PostgreSQL would give a session again what it has already.
    if key in _held() or not _advisory("pg_try_advisory_lock", key):
        yield False
        return
    session = _OneSession(key)
    try:
        with connection.execute_wrapper(session):
            yield True
    finally:
        if session.lasts:
            _advisory("pg_advisory_unlock", key)


def _advisory(function: str, key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [key])
        done: bool = cursor.fetchone()[0]
    return done


def _held() -> list[int]:
    """The keys of the locks that this thread's session is bound to."""
    wrappers = connection.execute_wrappers
    return [wrapper.key for wrapper in wrappers if isinstance(wrapper, _OneSession)]


class _OneSession:
    """Lets queries through to the database session that there was at first, and to no other.

    Django makes a new one by itself where the old one broke, and would go on without the lock.
    """

    def __init__(self, key: int) -> None:
        self.key = key
        self._session = connection.connection

    @property
    def lasts(self) -> bool:
        return connection.connection is self._session and not self._session.closed

    def __call__(self, execute: Callable[..., Any], *query: Any) -> Any:
        if not self.lasts:
            raise LockLost
        try:
            return execute(*query)
        except Error as error:
            if self.lasts:
                raise
            raise LockLost from error
