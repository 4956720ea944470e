"""When the worker syncs. Lost or doubled tasks do no harm: the feeds know what is due."""

from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task, on_startup

from salesfloor.mirror.sync import sync
from salesfloor.staff.models import Account


@db_periodic_task(crontab(minute="*"))
def sync_all() -> None:
    for pk in Account.objects.exclude(connected_at=None).values_list("pk", flat=True):
        sync_account(pk)


@on_startup()
def go_on_at_start() -> None:
    """The worker before may have been killed in the middle of a first sync."""
    for pk in Account.objects.exclude(connected_at=None).values_list("pk", flat=True):
        sync_account(pk)


@db_task()
def sync_account(account_pk: int, *, everything: bool = False) -> None:
    if sync(Account.objects.get(pk=account_pk), everything=everything):
        sync_account(account_pk)
