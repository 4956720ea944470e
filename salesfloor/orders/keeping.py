"""From the cart to what Lightspeed keeps: the rep's wish, and the worker that carries it out.

Whatever answer is lost, nothing is kept twice: an open sale more costs nothing, and a line that is
taken out of it once more is where it was.
"""

import logging
from decimal import Decimal
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from huey.contrib.djhuey import db_task

from salesfloor.customers import exchange
from salesfloor.customers.models import Customer
from salesfloor.lightspeed import errors, records
from salesfloor.lightspeed.client import Client
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.orders.models import Kind, Order, OrderLine
from salesfloor.outbox import errands, quotes
from salesfloor.outbox.models import Errand
from salesfloor.outbox.paid_sale import is_line
from salesfloor.sales import checkout
from salesfloor.sales.models import Sale, SaleLine
from salesfloor.sales.refusals import BeingPaid, CartChanged, Refused
from salesfloor.staff import clock
from salesfloor.staff.connection import client_of
from salesfloor.staff.locks import holding

log = logging.getLogger(__name__)

# What is due again within this time needs no turn of the clock.
SOON_SECONDS = 60


# --- The wish ------------------------------------------------------------------------------


def lines_to_keep(sale: Sale) -> list[SaleLine]:
    """Those of a cart that can be kept: not what comes back, nor what is kept already."""
    return [line for line in sale.live_lines if not (line.is_return or line.is_kept)]


def prepare_deposit(sale: Sale) -> None:
    """The customer has an account for it to go onto. Raises LightspeedError."""
    if sale.customer and not sale.customer.credit_account_lightspeed_id:
        exchange.open_account(sale.customer, sale.rep)


def keep(
    sale: Sale,
    kind: Kind,
    line_ids: set[int],
    *,
    seen_version: int,
    action_id: UUID,
    deposit: Decimal | None = None,
) -> Order:
    """These lines leave the cart to be kept for its customer; the deposit stays to be paid.

    Raises Refused, with the cart as it was.
    """
    with transaction.atomic():
        checkout.do_once(sale.account, action_id)
        sale.hold()
        if sale.version != seen_version:
            raise CartChanged
        if sale.taken_payments:
            raise BeingPaid
        if sale.customer is None:
            raise Refused(_("Goods are kept for somebody: choose the customer first."))
        lines = [line for line in lines_to_keep(sale) if line.pk in line_ids]
        if not lines or len(lines) != len(line_ids):
            raise CartChanged
        order = _made(sale, kind, sale.customer, lines)
        if deposit:
            _ask_for_deposit(sale, order, deposit)
        elif not sale.has_contents:
            sale.abandon(sale.version)
        transaction.on_commit(partial(write_in_worker, order.pk), robust=True)
    return order


def _made(sale: Sale, kind: Kind, customer: Customer, lines: list[SaleLine]) -> Order:
    sale.open_for_change(sale.version)
    order: Order = sale.account.orders.create(
        kind=kind,
        rep=sale.rep,
        register=sale.register,
        shop=sale.shop,
        customer=customer,
        tax_category=sale.tax_category,
    )
    for line in lines:
        kept = OrderLine.of(line)
        kept.order = order
        kept.save()
        line.delete()  # not taken out with Undo: it is the order's now
    sale.forget_lines()
    return order


def _ask_for_deposit(sale: Sale, order: Order, deposit: Decimal) -> None:
    if deposit > order.total:
        raise Refused(_("The deposit is more than the goods cost. Nothing was changed."))
    checkout.deposit(sale, seen_version=sale.version, amount=deposit)
    order.deposit, order.deposit_load = deposit, sale.loads[-1]
    order.save(update_fields=["deposit", "deposit_load"])


# --- Its way into Lightspeed ---------------------------------------------------------------


@db_task(priority=8)
def write_in_worker(order_pk: int) -> None:
    order = Order.everywhere.get(pk=order_pk)
    write(order)
    wait = (order.due_at - clock.now()).total_seconds()
    if order.is_writing and wait <= SOON_SECONDS:
        write_in_worker.schedule(args=(order_pk,), delay=max(0.2, wait))


def write(order: Order) -> None:
    """Bring an order on as far as it goes now. One process at a time."""
    with holding(f"order-{order.pk}") as alone:
        if not alone:
            return
        order.refresh_from_db()
        if not order.is_writing:
            return
        try:
            if order.draft is None:
                _write_draft(order)
            for line in order.lines.filter(is_put_aside=False).order_by("pk"):
                order.refresh_from_db(fields=["state"])
                if not order.is_writing:
                    return  # a manager sees to the rest by hand
                _put_aside(order, line)
            _read_back(order)
        except errors.LightspeedError as error:
            log.info("%s is not kept yet: %s", order.reference, error)
            order.try_again_later(error.message)
        except Exception as error:
            order.try_again_later(type(error).__name__)
            raise
        else:
            order.be_kept()


def _client(order: Order) -> Client:
    """As the rep who was asked; where their sign-in is over, as whoever's is not."""
    return client_of(order.account, Right.QUOTE, rather=order.rep)


def _write_draft(order: Order) -> None:
    cart = order.as_draft()
    draft, sale = quotes.write_as(lambda: _client(order), order.account, cart)
    left = list(sale.sale_lines)
    with transaction.atomic():
        for line in order.kept_lines:
            drafted = line.as_draft()
            # There is one: write_as has compared the lines.
            found = next(each for each in left if is_line(drafted, each))
            left.remove(found)
            line.lightspeed_id = found.sale_line_id
            line.save(update_fields=["lightspeed_id"])
        order.draft = draft
        order.save(update_fields=["draft"])


def _put_aside(order: Order, line: OrderLine) -> None:
    """Out of the open sale, to be kept for the customer: in doubt looked for before it is done once
    more, though that would do no harm."""
    assert line.lightspeed_id is not None  # noqa: S101 (the draft is written)
    line_id, flag = line.lightspeed_id, Kind(order.kind).flag
    customer_id = order.customer.lightspeed_id
    client = _client(order)

    def look() -> records.SaleLine | None:
        there = client.kept_lines([line_id])
        return next((each for each in there if each.is_kept and each.sale_id == 0), None)

    errands.carry_out(
        order.rep,
        Errand.Kind.KEPT_LINE,
        {"saleLineID": line_id, flag: True, "customerID": customer_id},
        send=lambda: client.keep_line(line_id, {flag: True, "customerID": customer_id}),
        look=look,
    )
    line.is_put_aside = True
    line.save(update_fields=["is_put_aside"])


def _read_back(order: Order) -> None:
    """All of it is kept, and how much of a layaway was there to be reserved."""
    lines = {line.lightspeed_id: line for line in order.lines.all()}
    there = _client(order).kept_lines([key for key in lines if key])
    # Some may have been picked up or cancelled at a till meanwhile: that is no doing of ours.
    for record in there:
        line = lines[record.sale_line_id]
        if order.is_layaway:
            line.units_reserved = int(record.units_reserved)
            line.save(update_fields=["units_reserved"])
