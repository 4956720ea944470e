"""Nudges for the worker. A lost or doubled one does no harm: the rows say what is to be done."""

from datetime import timedelta

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from salesfloor.outbox import courier, sweep
from salesfloor.outbox.models import Submission
from salesfloor.staff.models import Account


@db_task(priority=10)
def deliver_account(account_pk: int) -> None:
    account = Account.objects.get(pk=account_pk)
    upcoming = courier.deliver(account)
    # What is due later than the next minute is found by `deliver_all`.
    if upcoming and upcoming <= timezone.now() + timedelta(seconds=60):
        delay = max(0.2, (upcoming - timezone.now()).total_seconds())
        deliver_account.schedule(args=(account_pk,), delay=delay)


def look_again(submission: Submission) -> None:
    """Have the courier look this one up at once, whatever its schedule says."""
    submission.asked_at = submission.due_at = timezone.now()
    submission.save(update_fields=["asked_at", "due_at"])
    deliver_account(submission.account_id)


@db_periodic_task(crontab(minute="*"), priority=10)
def deliver_all() -> None:
    waiting = Submission.everywhere.undelivered().values_list("account", flat=True)
    for account_pk in waiting.distinct():
        deliver_account(account_pk)


@db_periodic_task(crontab(minute="*/5"))
def archive_strays() -> None:
    for account in Account.objects.exclude(connected_at=None):
        sweep.archive_strays(account, timezone.now())
