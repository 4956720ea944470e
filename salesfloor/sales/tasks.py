"""What the worker does for carts. The rows say what is to be done; a lost task does no harm."""

from datetime import timedelta

from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from salesfloor.sales import checkout, on_reader
from salesfloor.sales.models import Action, Sale, SaleLine, SalePayment
from salesfloor.sales.refusals import Unpriced
from salesfloor.staff import clock

# A page that could send the same form again has ended long before, with its sign-in.
ACTIONS_KEPT = timedelta(days=30)

# Imported with this module, so that the worker knows them.
price_in_worker = checkout.price_in_worker
draw_in_worker = checkout.draw_in_worker


@db_periodic_task(crontab(minute="*"))
def give_up_lost_prices() -> None:
    """Open carts again whose price never came, or what is on a card, so that nothing waits for
    it."""
    for sale in Sale.everywhere.left_in_quoting(clock.now()):
        sale.be_open_again(Unpriced.SILENT)
    waiting = SalePayment.everywhere.overdue(clock.now()).values("sale")
    for sale in Sale.everywhere.for_pricing().filter(pk__in=waiting):
        checkout.give_up_overdue(sale)


@db_periodic_task(crontab(minute="*"))
def follow_readers() -> None:
    """Payments whose reader was never told, or whose end nobody heard of."""
    for payment in SalePayment.everywhere.on_readers().select_related("sale__register__account"):
        on_reader.go_on(payment)


@db_periodic_task(crontab(minute="17", hour="*"))
def forget_old_actions() -> None:
    Action.everywhere.filter(done_at__lt=clock.now() - ACTIONS_KEPT).delete()


@db_periodic_task(crontab(minute="*"))
def release_stock() -> None:
    """Of sales that Lightspeed counts by now."""
    SaleLine.everywhere.release(clock.now())
