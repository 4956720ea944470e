"""Goods that come back: find the sale, tap what comes back, and it is in the cart."""

from functools import wraps
from typing import Any, TypeVar
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from salesfloor.lightspeed import errors
from salesfloor.returns import finding, originals, taking
from salesfloor.returns.forms import FindForm, Reason, ReturnForm, WithoutReceiptForm
from salesfloor.sales.models import SaleLine
from salesfloor.sales.refusals import AlreadyDone, Away, Refused
from salesfloor.staff.access import RepRequest, View, manager_only, selling

F = TypeVar("F", bound=Any)
MOST_SET_ASIDE = 200


def told(view: View) -> View:
    """A refusal is told beside the button, or on a page where there is none yet."""

    @selling
    @wraps(view)
    def answered(request: RepRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except AlreadyDone:
            return _to_the_cart(request)
        except errors.NotFound:
            return _refused(request, Refused(_("Lightspeed has no sale with this number.")))
        except errors.LightspeedError:
            return _refused(request, Away(_("Lightspeed did not answer. Nothing was changed.")))
        except Refused as refusal:
            return _refused(request, refusal)

    return answered


@require_http_methods(["GET", "POST"])
@told
def find(request: RepRequest) -> HttpResponse:
    """By what is on the receipt, or by who bought what and when.

    Names come in the body of a POST, so that they stand in no URL and no log.
    """
    asked = _valid(FindForm(request.POST or request.GET)).cleaned_data
    if number := asked["number"]:
        return redirect("returns:original", finding.sale_id_of(request.rep, number))
    context = _page(request) | {"asked": asked, "found": finding.find(request.rep, asked)}
    return render(request, "returns/find.html", context)


@require_GET
@told
def original(request: RepRequest, sale_id: int) -> HttpResponse:
    found = originals.read(request.rep, sale_id)
    return render(request, "returns/original.html", _page(request) | {"original": found})


@require_POST
@told
def take_back(request: RepRequest, sale_id: int) -> HttpResponse:
    _check_right(request)
    found = originals.read(request.rep, sale_id)
    form = ReturnForm(request.POST, line_ids=[line.sold.sale_line_id for line in found.lines])
    taking.take_back(request.rep, found, _valid(form))
    return _to_the_cart(request)


@require_http_methods(["GET", "POST"])
@told
def without_receipt(request: RepRequest, pk: int) -> HttpResponse:
    _check_right(request)
    item = get_object_or_404(request.rep.account.items, pk=pk)
    if request.method == "POST":
        taking.take_back_without_receipt(
            request.rep, item, _valid(WithoutReceiptForm(request.POST))
        )
        return _to_the_cart(request)
    context = _page(request) | {"item": item}
    return render(request, "returns/without_receipt.html", context)


@require_GET
@manager_only
def set_aside(request: RepRequest) -> HttpResponse:
    """What came back and is not to be sold again, though Lightspeed has put it back into stock."""
    lines = SaleLine.everywhere.set_aside(request.rep.account)[:MOST_SET_ASIDE]
    return render(request, "returns/set_aside.html", {"lines": lines})


# --- What they share ------------------------------------------------------------------------


def _check_right(request: RepRequest) -> None:
    if not request.rep.may_refund:
        raise PermissionDenied


def _valid(form: F) -> F:
    if not form.is_valid():
        raise Refused(str(next(iter(form.errors.values()))[0]))
    return form


def _page(request: RepRequest) -> dict[str, Any]:
    return {
        "rep": request.rep,
        "currency": request.rep.account.currency,
        "reasons": Reason.choices,
        "action_id": uuid4(),
    }


def _to_the_cart(request: RepRequest) -> HttpResponse:
    url = f"{reverse('sales:sell')}#cart"
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def _refused(request: RepRequest, refusal: Refused) -> HttpResponse:
    template = "returns/_refusal.html" if request.htmx else "returns/refusal.html"
    context = {"refusal": refusal, "number": request.GET.get("number", "")}
    return render(request, template, context, status=refusal.status)
