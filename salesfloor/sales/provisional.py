"""Selling at our own totals while Lightspeed is away, as far as a manager allows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Max, Q, Sum

from salesfloor.mirror.models import Feed
from salesfloor.sales.models import Sale, SalePayment
from salesfloor.sales.refusals import Unpriced
from salesfloor.staff import clock
from salesfloor.staff.models import Account, Leave

# What a rep could not begin so long ago tells nothing of now.
TELLS_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class Waiting:
    """What was sold so and is not known to be in Lightspeed."""

    sales: int
    total: Decimal


def waiting(account: Account) -> Waiting:
    sales = account.sales.without_lightspeed()
    paid = sales.filter(state=Sale.State.PAID).aggregate(
        sales=Count("pk"), total=Sum("submission__total", default=Decimal(0))
    )
    being_paid = list(sales.filter(state=Sale.State.TENDERING).for_pricing())
    total = sum((sale.total for sale in being_paid), paid["total"])
    return Waiting(paid["sales"] + len(being_paid), total)


def is_silent(account: Account, now: datetime) -> bool:
    """Whether Lightspeed did not answer when it was asked last, by the mirror or for a price."""
    is_away = Q(trouble=Feed.Trouble.AWAY)
    runs = account.feeds.aggregate(
        well=Max("last_run_at"), in_vain=Max("run_started_at", filter=is_away)
    )
    if runs["in_vain"] and (runs["well"] is None or runs["in_vain"] > runs["well"]):
        return True
    payments = SalePayment.everywhere.filter(sale__account=account, is_load=False)
    begun = payments.exclude(state=SalePayment.State.WANTED)
    in_carts = begun.filter(sale__state__one_of=Sale.State.unfinished())
    last = in_carts.select_related("sale").last()
    if last is None or last.sale.refusal != Unpriced.SILENT or now - last.started_at >= TELLS_FOR:
        return False
    return not begun.filter(pk__gt=last.pk).exists()


def leave_in_use(account: Account, now: datetime) -> Leave | None:
    """The manager's leave, while Lightspeed is silent: while it answers nobody needs one."""
    leave = account.leave_at(now)
    return leave if leave and is_silent(account, now) else None


def refusal(sale: Sale) -> Unpriced | None:
    """Why the cart may not be sold at our own total, None where it may.

    In the transaction that begins its payment: until that ends nobody else begins one on the same
    leave, so that no more is sold than it says. Holds the cart already, the account only then.
    """
    account = Account.objects.select_for_update(no_key=True).get(pk=sale.account_id)
    leave = account.leave_at(clock.now())
    if leave is None:
        return Unpriced.SILENT
    if may_be_paid_already(sale):
        return Unpriced.MAY_BE_SOLD
    if not _can_do_without(sale):
        return Unpriced.NEEDS_LIGHTSPEED
    return _beyond(leave, sale.running_total, waiting(account))


def may_be_paid_already(sale: Sale) -> bool:
    """Whether it was begun before an older copy was restored, so that it may have been paid and
    sent before. No process outlives a restore."""
    if sale.started_at >= clock.process_began_at():
        return False
    restored = sale.account.findings.of_old_copies()
    return restored.filter(found_at__gt=sale.started_at).exists()


def _can_do_without(sale: Sale) -> bool:
    """Whether our total is sure, and Lightspeed has neither goods to take back or to hand over
    nor money to move that it keeps."""
    is_inclusive = sale.tax_category and sale.tax_category.is_tax_inclusive
    moves_goods = any(line.is_return or line.is_kept for line in sale.live_lines)
    counting = [SalePayment.State.WANTED, SalePayment.State.APPROVED]
    moves_money = sale.payments.filter(
        state__in=counting, credit_account_lightspeed_id__isnull=False
    )
    return not (is_inclusive or moves_goods or moves_money.exists())


def _beyond(leave: Leave, total: Decimal, waiting: Waiting) -> Unpriced | None:
    if total > leave.a_sale:
        return Unpriced.BEYOND_LEAVE
    if waiting.sales >= leave.sales or waiting.total + total > leave.together:
        return Unpriced.ENOUGH_WAITS
    return None
