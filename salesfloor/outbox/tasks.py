"""Nudges for the worker. A lost or doubled one does no harm: the rows say what is to be done."""

from datetime import timedelta

from django.core.cache import cache
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task, on_startup

from salesfloor.outbox import courier, sweep
from salesfloor.outbox.models import Submission
from salesfloor.staff import clock
from salesfloor.staff.models import Account

# What is due later than this is found by `deliver_all`.
SOON = timedelta(seconds=60)


@db_task(priority=10, retries=2, retry_delay=2)  # where the database was away
def deliver_account(account_pk: int) -> None:
    upcoming = courier.deliver(Account.objects.get(pk=account_pk))
    now = clock.now()
    if upcoming is None or upcoming > now + SOON:
        return
    # One task for each second is enough, however many nudges there were.
    second = int(upcoming.timestamp())
    if cache.add(f"courier-{account_pk}-at-{second}", True, timeout=SOON.total_seconds()):
        delay = max(0.2, (upcoming - now).total_seconds())
        deliver_account.schedule(args=(account_pk,), delay=delay)


@db_periodic_task(crontab(minute="*"), priority=10)
def deliver_all() -> None:
    waiting = Submission.everywhere.undelivered().values_list("account", flat=True)
    for account_pk in waiting.distinct():
        deliver_account(account_pk)


@db_periodic_task(crontab(minute="*/5"))
def sweep_all() -> None:
    for pk in Account.objects.exclude(connected_at=None).values_list("pk", flat=True):
        sweep_account(pk)


@on_startup()
def look_at_start() -> None:
    """The database may be an older copy that was restored: the courier notices, and the sweep finds
    sales that it has forgotten."""
    for pk in Account.objects.exclude(connected_at=None).values_list("pk", flat=True):
        deliver_account(pk)
        sweep_account(pk)


@db_task()
def sweep_account(account_pk: int, *, far_back: bool = False) -> None:
    account = Account.objects.get(pk=account_pk)
    sweep.sweep(account, clock.now(), far_back=far_back)
    sweep.archive_strays(account, clock.now())
