"""What was kept leaves: picked up with a sale, or cancelled."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from salesfloor.customers.models import Customer
from salesfloor.lightspeed import errors
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.orders.kept import Kept
from salesfloor.outbox import errands, sweep
from salesfloor.outbox.models import Draft, Errand
from salesfloor.sales import checkout
from salesfloor.sales.models import Sale, SaleLine
from salesfloor.sales.refusals import CartChanged, Refused
from salesfloor.staff import clock
from salesfloor.staff.connection import client_for
from salesfloor.staff.models import Account, Rep, Shop


def pick_up(
    rep: Rep, shop: Shop, customer: Customer, chosen: Sequence[Kept], action_id: UUID
) -> Sale:
    """Into the rep's cart, which is this customer's, or nobody's yet. Raises Refused."""
    for kept in chosen:
        _refuse_what_stays(kept, shop)
    with transaction.atomic():
        checkout.do_once(rep.account, action_id)
        sale = Sale.cart_of(rep)
        # One at a time, so that no two carts pick the same up; after the cart, as everywhere.
        Account.objects.select_for_update(no_key=True).get(pk=rep.account_id)
        picked_up = SaleLine.everywhere.picked_up(rep.account)
        if picked_up.filter(kept_lightspeed_id__in=[kept.line_id for kept in chosen]).exists():
            raise CartChanged(_("Something of this was picked up meanwhile. Look at it again."))
        if sale.customer is None:
            sale.set_customer(customer, sale.version)
        elif sale.customer != customer:
            raise Refused(
                _("Your cart is %(name)s's. Nothing was picked up: finish that one first.")
                % {"name": sale.customer}
            )
        sale.add_kept([kept.picked_up(sale) for kept in chosen])
    return sale


def _refuse_what_stays(kept: Kept, shop: Shop) -> None:
    if kept.may_leave(shop):
        return
    if kept.item is None:
        raise Refused(
            _("salesfloor does not know this item. Nothing was picked up: do it at the till.")
        )
    told = {"item": kept.description, "shop": kept.shop or "", "status": kept.status}
    if kept.shop != shop:
        raise Refused(_("%(item)s is kept at %(shop)s. Nothing was picked up.") % told)
    if not kept.has_come:
        raise Refused(_("%(item)s has not come in yet. Nothing was picked up.") % told)
    raise CartChanged(_("%(item)s is in a cart already. Nothing was picked up.") % told)


def let_go_of_given_up() -> None:
    """Archive the open sales that such carts left behind: what they held is kept again.

    The sweep would come to it too. Until then what is kept is missing from Lightspeed's own list.
    """
    strays = Draft.everywhere.exclude(stray_since=None).filter(archived_at=None)
    picked_up = SaleLine.everywhere.filter(kept_lightspeed_id__isnull=False)
    held = picked_up.filter(sale__reference__in=strays.values("reference"))
    for account in Account.objects.filter(pk__in=held.values("sale__account")):
        sweep.archive_strays(account, clock.now())


def cancel(rep: Rep, chosen: Sequence[Kept]) -> None:
    """Lightspeed keeps these no longer: their goods are free again. A deposit stays on the
    customer's account.

    Raises Refused where Lightspeed does not let go of one, of which some may have been before it;
    LightspeedError, after which asking for the same once more looks first.
    """
    for kept in chosen:
        if not kept.may_be_cancelled:
            raise CartChanged(
                _("%(item)s is in a cart. Nothing was cancelled: take it out there first.")
                % {"item": kept.description}
            )
    client = client_for(rep, Right.LOOK_UP)
    for kept in chosen:
        line_id = kept.line_id

        def look(line_id: int = line_id) -> bool | None:
            return None if client.kept_lines([line_id]) else True

        def send(line_id: int = line_id) -> bool:
            client.cancel_line(line_id)
            return True

        body = {"saleLineID": line_id}
        try:
            errands.carry_out(rep, Errand.Kind.CANCELLED_LINE, body, send=send, look=look)
        except errors.NotFound:
            continue  # somebody else was faster
        except errors.Rejected as refused:
            raise Refused(
                _(
                    "Lightspeed does not let go of %(item)s: perhaps it is on order already. It "
                    "stays kept. Lightspeed said: %(said)s"
                )
                % {"item": kept.description, "said": refused.message}
            ) from None
        rep.account.events.create(
            rep=rep,
            act="cancelled_kept",
            reference=kept.own.order.reference if kept.own else str(line_id),
            amount=kept.total,
            note=kept.description,
        )
