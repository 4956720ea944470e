"""When the worker syncs. Lost or doubled tasks do no harm: the feeds know what is due."""

from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from salesfloor.mirror.sync import sync
from salesfloor.staff.models import Account


@db_periodic_task(crontab(minute="*"))
def sync_all() -> None:
    for pk in Account.objects.exclude(connected_at=None).values_list("pk", flat=True):
        sync_account(pk)


@db_task()
def sync_account(account_pk: int, *, everything: bool = False) -> None:
    if sync(Account.objects.get(pk=account_pk), everything=everything):
        sync_account(account_pk)
