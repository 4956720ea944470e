"""What the worker does about kept goods. The rows say what is to be done; a lost task does no
harm."""

from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from salesfloor.orders import keeping, leaving
from salesfloor.orders.models import Order
from salesfloor.staff import clock

# Imported with this module, so that the worker knows it.
write_in_worker = keeping.write_in_worker


@db_periodic_task(crontab(minute="*"))
def write_due() -> None:
    """Orders whose nudge was lost, or that Lightspeed did not take at once."""
    for order in Order.everywhere.due(clock.now()):
        write_in_worker(order.pk)


@db_periodic_task(crontab(minute="*"))
def let_go_of_given_up() -> None:
    """What carts held that were given up is kept again, for others to find it."""
    leaving.let_go_of_given_up()
