"""Nudges for the worker. A lost or doubled one does no harm: the rows say what is to be done."""

from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from salesfloor.terminals import on_reader
from salesfloor.terminals.models import SETTLED_WITHIN, Charge, Refund

# The customer stands at the reader; what takes longer is found by `look_at_all`.
LOOK_EVERY_SECONDS = 1.0


@db_task(priority=10)
def look_at(charge_pk: int) -> None:
    charge = Charge.everywhere.select_related("account", "reader").get(pk=charge_pk)
    on_reader.bring_on(charge)
    if charge.is_live and charge.age < SETTLED_WITHIN:
        look_at.schedule(args=(charge_pk,), delay=LOOK_EVERY_SECONDS)


@db_periodic_task(crontab(minute="*"), priority=10)
def look_at_all() -> None:
    for charge in Charge.everywhere.live().select_related("account", "reader"):
        on_reader.bring_on(charge)
    for refund in Refund.everywhere.live().select_related("charge__account"):
        on_reader.bring_refund_on(refund)
