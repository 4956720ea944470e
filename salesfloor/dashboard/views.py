"""What managers steer by."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import reswap, retarget

from salesfloor.dashboard.forms import AnswerForm, NoteForm, SettleForm
from salesfloor.dashboard.waiting import count_waiting, waiting
from salesfloor.orders.keeping import write_in_worker
from salesfloor.outbox.models import Submission, Sweep
from salesfloor.outbox.tasks import deliver_account, sweep_account
from salesfloor.sales import checkout
from salesfloor.sales.refusals import AlreadyDone
from salesfloor.staff import clock
from salesfloor.staff.access import RepRequest, manager_only


@require_GET
@manager_only
def board(request: RepRequest) -> HttpResponse:
    """What needs a person: money that is not recorded, or not as it was sold, or perhaps taken.

    The page asks again with what it shows (`seen`). As long as that holds it is told the time
    alone, so that nothing that was opened or typed goes away.
    """
    context = _board_context(request)
    if not request.htmx or request.htmx.history_restore_request:
        # What was asked for by the last tap may be there in a moment.
        response = render(request, "dashboard/board.html", context | {"soon": True})
    elif request.GET.get("seen") == context["waiting"].digest:
        response = render(request, "dashboard/_looked.html", context)
    else:
        response = render(request, "dashboard/_board.html", context)
        reswap(retarget(response, "#board"), "outerHTML")
    patch_vary_headers(response, ["HX-Request"])
    return response


def _board_context(request: RepRequest) -> dict[str, Any]:
    now = clock.now()
    return {
        "rep": request.rep,
        "currency": request.rep.account.currency,
        "waiting": waiting(request.rep, now),
        "looked_at": now,
        "sweep": Sweep.everywhere.filter(account=request.rep.account).first(),
    }


@require_GET
@manager_only
def count(request: RepRequest) -> HttpResponse:
    """For the count on every page of a manager."""
    found = count_waiting(request.rep, clock.now())
    return render(request, "dashboard/_waiting.html", {"count": found, "is_manager": True})


@require_POST
@manager_only
def answer_card(request: RepRequest, pk: int) -> HttpResponse:
    """What the terminal said to a payment whose rep did not say."""
    payment = get_object_or_404(checkout.unanswered_payments(request.rep.account), pk=pk)
    if (form := _checked(AnswerForm, request)) is None:
        return redirect("dashboard:board")
    answer = form["answer"]
    try:
        with transaction.atomic():
            checkout.answer_card(payment, approved=answer == "approved")
            _log(request, f"answered_{answer}", payment.remote_reference, payment.amount)
    except AlreadyDone:
        messages.info(request, _("The rep has answered meanwhile. Nothing was changed."))
    return redirect("dashboard:board")


@require_POST
@manager_only
def look_again(request: RepRequest, pk: int) -> HttpResponse:
    submission = get_object_or_404(request.rep.account.submissions.undelivered(), pk=pk)
    submission.ask_for_look()
    deliver_account(request.rep.account.pk)
    messages.info(request, _("Lightspeed is being asked. What it says shows here in a moment."))
    return redirect("dashboard:board")


@require_POST
@manager_only
def settle(request: RepRequest, pk: int) -> HttpResponse:
    """A manager has entered the sale in Lightspeed, paid it back or accepted it as it is there."""
    needs_a_person = request.rep.account.submissions.filter(state=Submission.State.ATTENTION)
    submission = get_object_or_404(needs_a_person, pk=pk)
    if (form := _checked(SettleForm, request)) is None:
        return redirect("dashboard:board")
    ticket_number, note = form["ticket_number"], form["note"]
    with transaction.atomic():
        settled = submission.settle_by_hand(request.rep, note, ticket_number)
        if settled:
            told = " · ".join(filter(None, (ticket_number, note)))
            _log(request, "settled_sale", submission.reference, submission.total, told)
    if not settled:
        messages.warning(
            request, _("It was recorded meanwhile, or is being sent. Nothing was changed.")
        )
    return redirect("dashboard:board")


@require_POST
@manager_only
def settle_finding(request: RepRequest, pk: int) -> HttpResponse:
    """A manager has seen to what was found, in Lightspeed or with the customer."""
    finding = get_object_or_404(request.rep.account.findings.for_a_person(), pk=pk)
    if (form := _checked(NoteForm, request)) is None:
        return redirect("dashboard:board")
    with transaction.atomic():
        if finding.settle(clock.now(), form["note"], by=request.rep):
            _log(request, "settled_finding", finding.reference, finding.amount, form["note"])
    return redirect("dashboard:board")


@require_POST
@manager_only
def write_order_again(request: RepRequest, pk: int) -> HttpResponse:
    """Goods to be kept for a customer that Lightspeed did not take in good time."""
    order = get_object_or_404(request.rep.account.orders.for_a_person(clock.now()), pk=pk)
    write_in_worker(order.pk)
    messages.info(request, _("Lightspeed is being asked. What it says shows here in a moment."))
    return redirect("dashboard:board")


@require_POST
@manager_only
def give_up_order(request: RepRequest, pk: int) -> HttpResponse:
    order = get_object_or_404(request.rep.account.orders.for_a_person(clock.now()), pk=pk)
    if (form := _checked(NoteForm, request)) is None:
        return redirect("dashboard:board")
    with transaction.atomic():
        if order.give_up():
            _log(request, "gave_up_order", order.reference, order.total, form["note"])
    return redirect("dashboard:board")


@require_POST
@manager_only
def compare(request: RepRequest) -> HttpResponse:
    """Compare the last days with Lightspeed at once, as when the shop closes."""
    sweep_account(request.rep.account.pk, far_back=True)
    messages.info(request, _("Sales are being compared. What differs shows here in a moment."))
    return redirect("dashboard:board")


def _checked(form_class: type[forms.Form], request: HttpRequest) -> dict[str, Any] | None:
    """What was sent; None where it cannot be taken, which the next page then says."""
    form = form_class(request.POST)
    if form.is_valid():
        return form.cleaned_data
    messages.error(request, str(next(iter(form.errors.values()))[0]))
    return None


def _log(request: RepRequest, act: str, reference: str, amount: Any, note: str = "") -> None:
    request.rep.account.events.create(
        rep=request.rep, act=act, reference=reference, amount=amount, note=note
    )
