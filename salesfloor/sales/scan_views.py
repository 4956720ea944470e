"""Scans: by a scanner on the selling screen, or by the camera on a page of its own."""

from typing import Any
from uuid import UUID, uuid4

from csp.decorators import csp_update
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from salesfloor.catalog.models import add_stock
from salesfloor.sales import checkout, scanning
from salesfloor.sales.forms import ScanForm, refuse_payment_card
from salesfloor.sales.models import Sale, SaleLine
from salesfloor.sales.papers import Paper
from salesfloor.sales.refusals import AlreadyDone, CartChanged, Refused
from salesfloor.sales.scanning import Meaning
from salesfloor.sales.views import Message, cart_context, cleaned, on_the_cart, show_cart
from salesfloor.staff.access import RepRequest, selling
from salesfloor.staff.models import Rep
from salesfloor.staff.transactions import atomic_soon_on_disk

# Compiling WebAssembly counts as evaluating code; only the camera's page does it.
WASM = "'wasm-unsafe-eval'"


@on_the_cart
def scan(request: RepRequest) -> HttpResponse:
    """The cart with the item, the page of a receipt or slip, or what the code may mean."""
    form = cleaned(ScanForm, request)
    try:
        meant = _meaning(request.rep, form)
    except scanning.Known as refusal:
        response = show_cart(request, message=Message.of(refusal), status=refusal.status)
        return trigger_client_event(response, refusal.event)
    if line := _added(request.rep, meant, form):
        return show_cart(request, line.sale)
    if meant.paper and not meant.offers:
        return _open(request, meant.paper)
    template = "sales/_scan_choices.html" if request.htmx else "sales/scan_choices.html"
    return render(request, template, _choices(request.rep, meant) | {"rep": request.rep})


@csp_update({"script-src": [WASM]})
@require_http_methods(["GET", "POST"])
@selling
@vary_on_headers("HX-Request")
def camera(request: RepRequest) -> HttpResponse:
    """One code after the other into the cart, and each time what came of it."""
    told: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        try:
            form = cleaned(ScanForm, request)
            meant = _meaning(request.rep, form)
            if line := _added(request.rep, meant, form):
                told = {"added": line, "code": meant.code}
            elif meant.paper and not meant.offers:
                return _open(request, meant.paper)
            else:
                told = _choices(request.rep, meant)
        except AlreadyDone:
            pass
        except Refused as refusal:
            told, status = {"message": Message.of(refusal)}, refusal.status
            if isinstance(refusal, scanning.Archived):
                told["archived_code"] = form["code"]
    context = cart_context(request.rep) | {"rep": request.rep} | told
    template = "sales/_scanned.html" if request.htmx else "sales/camera.html"
    return render(request, template, context, status=status)


def _meaning(rep: Rep, form: dict[str, Any]) -> Meaning:
    """Raises Refused; AlreadyDone for a scan that comes again, and means nothing now because of
    what it did: the number that the cart asked for is told."""
    try:
        return scanning.meaning(rep, form["code"])
    except Refused:
        if checkout.is_done(rep.account, form["action_id"]):
            raise AlreadyDone from None
        raise


def _added(rep: Rep, meant: Meaning, form: dict[str, Any]) -> SaleLine | None:
    """The line with one more unit, or its serial number; None where the rep has to choose first."""
    if meant.is_serial:
        return _numbered(rep, meant.code, form["action_id"])
    chosen = form["item"]
    offer = meant.offer_of(chosen)
    if offer is None:
        if chosen is not None:
            raise Http404
        return None
    with atomic_soon_on_disk():
        checkout.do_once(rep.account, form["action_id"])
        return Sale.cart_of(rep).add_line(offer.item, price=offer.price, note=offer.note)


def _numbered(rep: Rep, code: str, action_id: UUID) -> SaleLine:
    try:
        serial = refuse_payment_card(code)
    except ValidationError as refused:
        raise Refused(refused.messages[0]) from None
    with atomic_soon_on_disk():
        checkout.do_once(rep.account, action_id)
        sale = Sale.in_hand(rep)
        line = sale.asking_line if sale else None
        if sale is None or line is None:
            raise CartChanged
        sale.open_for_change(sale.version)
        line.tell_serial(serial)
    return line


def _choices(rep: Rep, meant: Meaning) -> dict[str, Any]:
    assert rep.shop is not None  # noqa: S101 (see `selling`)
    add_stock([offer.item for offer in meant.offers], rep.shop)
    return {
        "meant": meant,
        "shop": rep.shop,
        "currency": rep.account.currency,
        "action_id": uuid4(),
    }


def _open(request: RepRequest, paper: Paper) -> HttpResponse:
    return HttpResponseClientRedirect(paper.url) if request.htmx else redirect(paper.url)
