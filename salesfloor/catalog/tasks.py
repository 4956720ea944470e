from datetime import timedelta

from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from salesfloor.catalog import sold
from salesfloor.staff import clock
from salesfloor.staff.locks import holding
from salesfloor.staff.models import Account

# A worker's thread is given back after this long; the rest is for the next time.
AT_A_TIME = timedelta(seconds=20)


@db_periodic_task(crontab(minute="*/10"))
def look_after_all_sold() -> None:
    for pk in Account.objects.exclude(connected_at=None).values_list("pk", flat=True):
        look_after_sold(pk)


@db_task()
def look_after_sold(account_pk: int) -> None:
    """Best sellers as they are today. A lost or doubled task does no harm."""
    until = clock.now() + AT_A_TIME
    with holding(f"sold-{account_pk}") as held:
        if held:
            account = Account.objects.get(pk=account_pk)
            sold.look_after(account, clock.now(), may_go_on=lambda: clock.now() < until)
