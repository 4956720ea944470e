"""A process that calls Lightspeed in virtual time, as our worker or our web processes do.

Several tasks run in it at once. Time passes for a task only while it sleeps, until the conductor
wakes it: `{"task": …, "sleeps": seconds}` goes out in a line on standard output, `{"task": …,
"now": …}` comes in on standard input, with null for the end of time.
"""

import json
import os
import random
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from queue import SimpleQueue
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402

from salesfloor.lightspeed import errors, records, transport  # noqa: E402
from salesfloor.lightspeed.client import Client  # noqa: E402
from salesfloor.lightspeed.drafts import DraftLine, SaleDraft, Tender, completion  # noqa: E402
from salesfloor.lightspeed.ratelimit import Pacer, Right  # noqa: E402
from salesfloor.mirror.feeds import ITEM_RELATIONS  # noqa: E402
from salesfloor.staff.connection import bucket_of  # noqa: E402
from salesfloor.staff.models import Account  # noqa: E402

saying = threading.Lock()


def say(**facts: Any) -> None:
    with saying:
        print(json.dumps(facts), flush=True)


class TimeIsOver(Exception):
    pass


class Task(threading.Thread):
    """`calls` are the status and, in seconds since the beginning, the time of each answer."""

    def __init__(self, name: str, token: str, began_at: datetime) -> None:
        super().__init__(daemon=True)
        self.name = name
        self.told: SimpleQueue[str | None] = SimpleQueue()
        self.calls: list[tuple[float, int]] = []
        self.failures: list[str] = []
        self._token = token
        self._began_at = self._now = began_at

    def now(self) -> datetime:
        return self._now

    def sleep(self, seconds: float) -> None:
        say(task=self.name, sleeps=seconds)
        now = self.told.get()
        if now is None:
            raise TimeIsOver
        self._now = datetime.fromisoformat(now)

    def client(self, right: Right) -> Client:
        http = transport.new_session()
        http.hooks["response"].append(self._note)
        return Client(
            4711,
            self,
            base_url=os.environ["SIMULATOR_URL"],
            right=right,
            pacer=Pacer(bucket_of(Account.objects.get(lightspeed_id=4711))),
            http=http,
            now=self.now,
            sleep=self.sleep,
        )

    def access_token(self) -> str:
        return self._token

    def replace(self, rejected: str) -> str:
        raise errors.SignInLost("the only token was refused")

    def _note(self, response: Any, **kwargs: Any) -> None:
        self.calls.append(((self._now - self._began_at).total_seconds(), response.status_code))

    def run(self) -> None:
        with suppress(TimeIsOver):
            for _ in TASKS[self.name](self):
                pass
        connection.close()
        say(task=self.name, calls=self.calls, failures=self.failures)


def repeatedly(task: Task, every_seconds: float, call: Callable[[int], Any]) -> Iterator[None]:
    """Calls now and then for ever; what Lightspeed refuses is noted, and the next call made."""
    for number in count():
        try:
            call(number)
        except errors.LightspeedError as error:
            task.failures.append(f"{type(error).__name__}: {error}")
        task.sleep(every_seconds)
        yield


def catalogue(task: Task) -> Iterator[None]:
    """As often as it may; small requests and the dearest that there are."""
    client = task.client(Right.CATALOGUE)

    def read(_: int) -> None:
        list(client.items(relations=ITEM_RELATIONS))
        client.count(records.Item)

    return repeatedly(task, 0.1, read)


def stock(task: Task) -> Iterator[None]:
    client = task.client(Right.STOCK)
    return repeatedly(task, 120, lambda _: list(client.stock()))


def look_ups(task: Task) -> Iterator[None]:
    client = task.client(Right.LOOK_UP)
    return repeatedly(task, 15, lambda _: client.stock_of(12))


def sales(task: Task) -> Iterator[None]:
    """Now and then two at once, and each in two steps: the customer pays in between."""
    quoting, completing = task.client(Right.QUOTE), task.client(Right.COMPLETE)

    def sell(number: int) -> None:
        reference = f"{task.name}-{number}"
        line = DraftLine(item_id=12, unit_quantity=1)
        draft = SaleDraft(
            reference_number=reference, employee_id=1, shop_id=1, register_id=1, lines=[line]
        )
        quoted = quoting.create_sale(draft.body())
        task.sleep(8)
        tender = Tender(
            payment_type_id=1, amount=quoted.calc_total or Decimal(0), remote_reference=reference
        )
        assert completing.update_sale(quoted.sale_id, completion([tender])).completed

    return repeatedly(task, 52, sell)


TASKS: dict[str, Callable[[Task], Iterator[None]]] = {
    "catalogue": catalogue,
    "stock": stock,
    "look-ups": look_ups,
    "sales": sales,
    "more sales": sales,
}


def main() -> None:
    given = json.loads(sys.stdin.readline())
    random.seed(given["seed"])
    began_at = datetime.fromisoformat(given["now"]).astimezone(UTC)
    tasks = {name: Task(name, given["token"], began_at) for name in given["tasks"]}
    for task in tasks.values():
        task.start()
    for line in sys.stdin:
        told = json.loads(line)
        tasks[told["task"]].told.put(told["now"])
    for task in tasks.values():
        task.join(timeout=30)


if __name__ == "__main__":
    main()
