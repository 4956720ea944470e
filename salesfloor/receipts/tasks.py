"""When the worker sends receipts. Lost or doubled tasks do no harm: the rows say what is wanted."""

from datetime import timedelta

from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from salesfloor.receipts import mailing
from salesfloor.receipts.models import EmailReceipt
from salesfloor.staff import clock

# A sale is in Lightspeed seconds after it was paid: its receipt follows at once. Later is the
# business of `send_all`.
FOLLOWED_FOR = timedelta(seconds=60)
FOLLOWED_EVERY_SECONDS = 2.0


@db_task()
def send_email_receipt(pk: int) -> None:
    wish = EmailReceipt.everywhere.select_related("sale__account").get(pk=pk)
    mailing.send(wish)
    wish.refresh_from_db()
    wanted = wish.state == EmailReceipt.State.WANTED
    if wanted and clock.now() - wish.wanted_at < FOLLOWED_FOR:
        send_email_receipt.schedule(args=(pk,), delay=FOLLOWED_EVERY_SECONDS)


@db_periodic_task(crontab(minute="*"))
def send_all() -> None:
    now = clock.now()
    mailing.settle_cut_off(now)
    for pk in EmailReceipt.everywhere.due(now).values_list("pk", flat=True):
        send_email_receipt(pk)


@db_periodic_task(crontab(hour="4", minute="17"))
def forget_addresses() -> None:
    EmailReceipt.everywhere.forget_addresses(clock.now())
