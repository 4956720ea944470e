"""How soon what is committed has to be on the disk."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def atomic_soon_on_disk() -> Iterator[None]:
    """`transaction.atomic` for what nobody has to wait for the disk for: the lines of a cart.

    It holds at once, and whatever happens to our processes. Should the machine lose its power, or
    PostgreSQL be killed, the last of it may be lost, but never from under what was committed after
    it: both databases write their logs in order (SQLite as long as it keeps a write-ahead log, see
    settings), so a payment is on the disk with the cart that it is for.

    Nothing is to be written by `on_commit` here: SQLite would not wait for that either.
    """
    if connection.in_atomic_block:  # which is on the disk as soon as the outer one has it
        with transaction.atomic():
            yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            _tell("SET LOCAL synchronous_commit TO OFF")
            yield
    else:
        _tell("PRAGMA synchronous = NORMAL")
        try:
            with transaction.atomic():
                yield
        finally:
            _tell("PRAGMA synchronous = FULL")


def _tell(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
