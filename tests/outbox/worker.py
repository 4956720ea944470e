"""A worker's courier for one account, in a process of its own: comes again until it is killed.

`CLOCK_MINUTES` puts its host's clock forward.
"""

import os
import sys
import time
from datetime import timedelta

import django
from django.utils import timezone

right = timezone.now
ahead = timedelta(minutes=float(os.environ.get("CLOCK_MINUTES", 0)))
timezone.now = lambda: right() + ahead  # before anything of ours looks

django.setup()

from salesfloor.outbox import courier  # noqa: E402
from salesfloor.staff.models import Account  # noqa: E402


def main() -> None:
    account = Account.objects.get(pk=int(sys.argv[1]))
    while True:
        courier.deliver(account)
        print("looked after everything", flush=True)
        time.sleep(0.05)


if __name__ == "__main__":
    main()
