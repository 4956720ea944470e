"""Two who are at the same rows in one moment, for tests with `django_db(transaction=True)`."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.db import connection, transaction

# Long enough for the second to come to where it waits for the first.
HEAD_START_SECONDS = 0.5


def while_open(first: Callable[[], Any], second: Callable[[], Any]) -> Future[Any]:
    """`second` comes in a session of its own, when `first` is done and not yet committed."""
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            first()
            ended = other.submit(alone, second)
            time.sleep(HEAD_START_SECONDS)
        return ended


def alone(act: Callable[[], Any]) -> Any:
    """In a thread of its own, of which nothing is left."""
    try:
        return act()
    finally:
        connection.close()
