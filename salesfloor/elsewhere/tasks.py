"""Nudges for the worker. A lost or doubled one does no harm: the rows say what is to be done."""

import logging
from datetime import timedelta

from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from salesfloor.elsewhere import there
from salesfloor.elsewhere.models import KeptCart
from salesfloor.lightspeed import errors
from salesfloor.staff import clock
from salesfloor.staff.models import Account

log = logging.getLogger(__name__)

# What is due later than this is found by `bring_on_all`.
SOON = timedelta(seconds=60)


@db_task(priority=8)
def bring_on(pk: int) -> None:
    there.bring_on(pk)
    kept = KeptCart.everywhere.get(pk=pk)
    wait = kept.due_at - clock.now()
    if kept.is_at_work and wait < SOON:
        bring_on.schedule(args=(pk,), delay=max(0.2, wait.total_seconds()))


@db_periodic_task(crontab(minute="*"))
def bring_on_all() -> None:
    for pk in KeptCart.everywhere.due(clock.now()).values_list("pk", flat=True):
        bring_on(pk)


@db_task()
def look(account_pk: int, kind: str) -> None:
    """See what others have made of them. Stops quietly where Lightspeed is away."""
    account = Account.objects.get(pk=account_pk)
    try:
        there.look(account, KeptCart.Kind(kind))
    except errors.LightspeedError as error:
        log.info("%s of %s are looked at later: %s", kind, account, error)


@db_periodic_task(crontab(minute="*"))
def look_at_tills() -> None:
    _look_at_all(KeptCart.Kind.TILL)


@db_periodic_task(crontab(minute="23"))
def look_at_quotes() -> None:
    _look_at_all(KeptCart.Kind.QUOTE)


def _look_at_all(kind: KeptCart.Kind) -> None:
    kept = KeptCart.everywhere.there(kind)
    for account_pk in kept.order_by("account").values_list("account", flat=True).distinct():
        look(account_pk, kind)
