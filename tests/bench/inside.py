"""`python -m tests.bench.inside SESSION_KEY`: queries of the main views, counted by Django.

Runs in the environment of a running salesfloor, as its rep; leaves a paid sale behind.
"""

import json
import re
import sys
from uuid import uuid4

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402


def main(session_key: str) -> None:
    client = Client(headers={"HX-Request": "true", "Host": "127.0.0.1"})
    client.cookies[settings.SESSION_COOKIE_NAME] = session_key
    queries: dict[str, int] = {}

    def ask(view: str, method: str, path: str, **values: str) -> str:
        with CaptureQueriesContext(connection) as captured:
            answer: HttpResponse = getattr(client, method)(path, values)
        if answer.status_code != 200:
            raise SystemExit(f"{view}: status {answer.status_code}")
        queries[view] = len(captured)
        return answer.content.decode()

    ask("the floor", "get", "/bench/search/", q="s")
    ask("the selling screen", "get", "/sell/")
    page = ask("search", "get", "/items/", q="s", category="")
    first, second = re.findall(r'name="item" value="(\d+)"', page)[:2]
    ask("add a line, the first", "post", "/sale/lines/", item=first)
    cart = ask("add a line", "post", "/sale/lines/", item=second)
    fields = dict(re.findall(r'name="(\w+)"\s+value="([^"]*)"', cart))
    total = fields["expected_total"]
    ask(
        "pay in cash",
        "post",
        "/sale/cash/",
        version=fields["version"],
        action_id=str(uuid4()),
        expected_total=total,
        amount_tendered=total,
    )
    print(json.dumps(queries))


if __name__ == "__main__":
    main(sys.argv[1])
