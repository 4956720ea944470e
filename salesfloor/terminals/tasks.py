"""What the worker does about readers. A lost or doubled task does no harm: the rows say what is to
be done."""

from decimal import Decimal

from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from salesfloor.staff.models import Register
from salesfloor.terminals import on_reader, signals
from salesfloor.terminals.models import SETTLED_WITHIN, Charge, Refund
from salesfloor.terminals.protocol import Status

# The customer stands at the reader; what takes longer is found by `look_at_all`.
LOOK_EVERY_SECONDS = 1.0


@db_task(priority=9)
def take(register_pk: int, reference: str, amount: Decimal) -> None:
    """Begin a payment at this register. What comes of it, `signals.settled` tells."""
    register = Register.everywhere.select_related("account").get(pk=register_pk)
    standing = on_reader.terminal_at(register, reference).begin(reference, amount)
    if standing.status is Status.ASK_THE_REP:  # the reader was taken away meanwhile
        signals.settled.send_robust(
            Charge, account=register.account, reference=reference, standing=standing
        )
    elif not standing.status.is_final:
        _look_soon(register.account.charges.get(reference=reference))


@db_task(priority=9)
def cancel(register_pk: int, reference: str) -> None:
    register = Register.everywhere.select_related("account").get(pk=register_pk)
    on_reader.terminal_at(register, reference).cancel(reference)


@db_task(priority=9)
def look_at(charge_pk: int) -> None:
    charge = Charge.everywhere.select_related("account", "reader").get(pk=charge_pk)
    on_reader.bring_on(charge)
    _look_soon(charge)


def _look_soon(charge: Charge) -> None:
    if charge.is_live and charge.age < SETTLED_WITHIN:
        look_at.schedule(args=(charge.pk,), delay=LOOK_EVERY_SECONDS)


@db_periodic_task(crontab(minute="*"), priority=9)
def look_at_all() -> None:
    for charge in Charge.everywhere.live().select_related("account", "reader"):
        on_reader.bring_on(charge)
    for refund in Refund.everywhere.live().select_related("charge__account"):
        on_reader.bring_refund_on(refund)
