"""A manager's leave to sell at our own totals while Lightspeed is away."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from salesfloor.dashboard.forms import LeaveForm
from salesfloor.dashboard.leave import ENDED, GAVE, standing
from salesfloor.staff import clock
from salesfloor.staff.access import RepRequest, manager_only
from salesfloor.staff.models import Account, Leave

# What a manager is offered who never gave leave before.
USUAL = {"a_sale": "200.00", "sales": 20, "together": "2000.00"}


@require_GET
@manager_only
def leave(request: RepRequest) -> HttpResponse:
    return _page(request, LeaveForm(initial=_initial(request.rep.account)))


@require_POST
@manager_only
def give_leave(request: RepRequest) -> HttpResponse:
    form = LeaveForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    leave = form.leave(clock.now())
    with transaction.atomic():
        request.rep.account.give_leave(leave)
        _log(request, GAVE, leave)
    return redirect("dashboard:leave")


@require_POST
@manager_only
def end_leave(request: RepRequest) -> HttpResponse:
    account, now = request.rep.account, clock.now()
    leave = account.leave_at(now)
    with transaction.atomic():
        ended = leave is not None and account.end_leave(now)
        if leave and ended:
            _log(request, ENDED, leave)
    if not ended:
        messages.info(request, _("It had ended already."))
    return redirect("dashboard:leave")


def _page(request: RepRequest, form: LeaveForm, status: int = 200) -> HttpResponse:
    account, now = request.rep.account, clock.now()
    context = {
        "rep": request.rep,
        "currency": account.currency,
        "standing": standing(account, now),
        "form": form,
    }
    return render(request, "dashboard/leave.html", context, status=status)


def _initial(account: Account) -> dict[str, object]:
    """What was allowed the last time."""
    if not account.provisional_sales_limit:
        return {"lasts": LeaveForm.Lasts.HOUR, **USUAL}
    return {
        "lasts": LeaveForm.Lasts.HOUR,
        "a_sale": account.provisional_limit,
        "sales": account.provisional_sales_limit,
        "together": account.provisional_total_limit,
    }


def _log(request: RepRequest, act: str, leave: Leave) -> None:
    note = f"until {leave.until:%Y-%m-%d %H:%M} UTC, {leave.sales} sales, {leave.together} together"
    request.rep.account.events.create(rep=request.rep, act=act, amount=leave.a_sale, note=note)
