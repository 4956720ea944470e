"""A worker's courier for one account, in a process of its own: comes again until it is killed."""

import sys
import time

import django

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
