from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from salesfloor.customers.models import Look
from salesfloor.staff import clock


@db_periodic_task(crontab(hour="4", minute="23"))
def forget_looks() -> None:
    Look.forget_old(clock.now())
