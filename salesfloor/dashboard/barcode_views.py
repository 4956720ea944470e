"""The manager says how the shop's own labels are made, and tries one."""

from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.db import transaction
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from salesfloor.catalog.models import InStoreBarcodes
from salesfloor.dashboard.forms import InStoreBarcodesForm
from salesfloor.sales import scanning
from salesfloor.sales.forms import LONGEST_CODE
from salesfloor.sales.refusals import Refused
from salesfloor.sales.scanning import Meaning
from salesfloor.staff.access import RepRequest, manager_only
from salesfloor.staff.models import Rep

SET = "set_in_store_barcodes"


@dataclass(frozen=True)
class Example:
    """A label, and the codes by which an item in Lightspeed is known to be meant."""

    name: str
    code: str
    number: str
    value: Decimal
    item_codes: tuple[str, str]


@require_http_methods(["GET", "POST"])
@manager_only
def barcodes(request: RepRequest) -> HttpResponse:
    """`code` is tried: told what a scan of it would do."""
    rep = request.rep
    labels = InStoreBarcodes.of(rep.account)
    form = InStoreBarcodesForm(request.POST or None, initial=model_to_dict(labels))
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save(labels)
            # They fix prices, so it is kept who said so.
            rep.account.events.create(rep=rep, act=SET, amount=0, note=str(labels))
        messages.success(request, _("Saved. Scans follow it from now on."))
        return redirect("dashboard:barcodes")
    code = request.GET.get("code", "").strip()[:LONGEST_CODE]
    context = {
        "rep": rep,
        "form": form,
        "labels": labels,
        "currency": rep.account.currency,
        "examples": _examples(labels),
        "code": code,
        "tried": _tried(rep, code) if code else None,
    }
    status = 422 if form.errors else 200
    return render(request, "dashboard/barcodes.html", context, status=status)


def _examples(labels: InStoreBarcodes) -> list[Example]:
    layout = labels.layout
    if layout is None:
        return []
    number, value = "123456"[: layout.item_digits], Decimal(799).scaleb(-layout.decimals)
    return [
        Example(
            name=name,
            code=layout.label(number, value, front),
            number=number,
            value=value,
            item_codes=(front + number, layout.label(number, Decimal(0), front)),
        )
        for name, front in (("UPC-A", "2"), ("EAN-13", "20"))
    ]


def _tried(rep: Rep, code: str) -> Meaning | Refused:
    try:
        return scanning.meaning(rep, code)
    except Refused as refusal:
        return refusal
