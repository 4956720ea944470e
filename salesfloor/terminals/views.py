"""The readers of an account, what needs a person about them, and Stripe's nudges."""

import logging
from typing import Any

import stripe
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from salesfloor.staff import clock
from salesfloor.staff.access import RepRequest, manager_only
from salesfloor.staff.models import Account
from salesfloor.terminals import on_reader, tasks
from salesfloor.terminals.forms import ReaderForm
from salesfloor.terminals.models import Charge, Refund
from salesfloor.terminals.protocol import Status
from salesfloor.terminals.stripe_api import NoAnswer, NotDone

log = logging.getLogger(__name__)

# Stripe's events are a few kilobytes.
LONGEST_EVENT = 512 * 1024


@require_GET
@manager_only
def readers(request: RepRequest) -> HttpResponse:
    return _page(request, ReaderForm(request.rep.account))


@require_POST
@manager_only
def add_reader(request: RepRequest) -> HttpResponse:
    account = request.rep.account
    form = ReaderForm(account, request.POST)
    if not on_reader.is_configured_for(account):
        raise Http404
    if form.is_valid() and (label := _label_at_stripe(account, form)):
        try:
            with transaction.atomic():
                account.readers.create(
                    register=form.cleaned_data["register"],
                    stripe_id=form.cleaned_data["stripe_id"],
                    label=form.cleaned_data["label"] or label,
                )
            return redirect("terminals:readers")
        except IntegrityError:
            form.add_error("stripe_id", _("This reader stands at another register already."))
    return _page(request, form, status=422)


@require_POST
@manager_only
def remove_reader(request: RepRequest, pk: int) -> HttpResponse:
    reader = get_object_or_404(request.rep.account.readers.filter(removed_at=None), pk=pk)
    if reader.is_busy:
        messages.error(request, _("A payment is on this reader. Nothing was changed."))
    else:
        reader.remove()
    return redirect("terminals:readers")


@require_POST
@manager_only
def look_again(request: RepRequest, pk: int) -> HttpResponse:
    charge = get_object_or_404(request.rep.account.charges.live(), pk=pk)
    tasks.look_at(charge.pk)
    messages.info(request, _("Stripe is being asked. What it says shows here in a moment."))
    return redirect("terminals:readers")


@require_POST
@manager_only
def give_back(request: RepRequest, pk: int) -> HttpResponse:
    """Money that was taken for no sale goes back to the card."""
    charge = get_object_or_404(request.rep.account.charges.filter(state=Charge.State.STRAY), pk=pk)
    standing = on_reader.give_back_stray(charge)
    request.rep.account.events.create(
        rep=request.rep, act="gave_back_stray", reference=charge.reference, amount=charge.taken
    )
    if standing.status is Status.APPROVED:
        messages.info(request, _("The money goes back to the card."))
    else:
        messages.error(request, standing.words)
    return redirect("terminals:readers")


def _label_at_stripe(account: Account, form: ReaderForm) -> str:
    """The reader's name there; empty, and said in the form, where Stripe does not show it."""
    try:
        reader = on_reader.api_for(account).reader(form.cleaned_data["stripe_id"])
    except NotDone:
        form.add_error("stripe_id", _("Stripe knows no such reader for this key."))
    except NoAnswer:
        form.add_error(None, _("Stripe did not answer. Nothing was changed: try again."))
    else:
        return reader.label[:64] or form.cleaned_data["stripe_id"]
    return ""


def _page(request: RepRequest, form: ReaderForm, status: int = 200) -> HttpResponse:
    account, now = request.rep.account, clock.now()
    refunds = Refund.everywhere.filter(charge__account=account)
    context: dict[str, Any] = {
        "rep": request.rep,
        "currency": account.currency,
        "is_configured": on_reader.is_configured_for(account),
        "readers": account.readers.filter(removed_at=None).select_related("register__shop"),
        "charges": account.charges.for_a_person(now),
        "refunds": refunds.for_a_person(now),
        "form": form,
    }
    return render(request, "terminals/readers.html", context, status=status)


# --- Stripe -------------------------------------------------------------------------------


@csrf_exempt
@login_not_required
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Something has changed at Stripe. It is looked at there: the event itself is not believed."""
    if not settings.STRIPE_WEBHOOK_SECRET:
        raise Http404
    if int(request.headers.get("Content-Length") or 0) > LONGEST_EVENT:
        return HttpResponse(status=413)
    try:
        event = stripe.Webhook.construct_event(
            request.body,
            request.headers.get("Stripe-Signature"),
            settings.STRIPE_WEBHOOK_SECRET,
        )
    except (ValueError, stripe.SignatureVerificationError):
        return HttpResponse(status=400)
    for pk in Charge.everywhere.live().filter(intent_id=_intent_of(event)).values_list("pk"):
        tasks.look_at(*pk)
    return HttpResponse(status=200)


def _intent_of(event: stripe.Event) -> str:
    """The intent that a payment's or a reader's event is about; else a word no intent has."""
    about: dict[str, Any] = event.data.object.to_dict()
    if about.get("object") == "payment_intent":
        return str(about.get("id") or "none")
    action = about.get("action") or {}
    processed = action.get("process_payment_intent") or {}
    return str(processed.get("payment_intent") or about.get("payment_intent") or "none")
