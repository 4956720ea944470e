"""Carts that the till finishes, and quotes: left to Lightspeed, found again, taken back."""

from functools import wraps
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import (
    HTMX_STOP_POLLING,
    HttpResponseClientRedirect,
    HttpResponseClientRefresh,
)

from salesfloor.elsewhere import finding, hands, keeping, tasks
from salesfloor.elsewhere.models import KeptCart
from salesfloor.elsewhere.slips import slip
from salesfloor.receipts import code128
from salesfloor.sales import checkout
from salesfloor.sales.forms import CartForm
from salesfloor.sales.refusals import Refused
from salesfloor.sales.views import cleaned, on_the_cart, open_cart, show_cart
from salesfloor.staff import clock
from salesfloor.staff.access import RepRequest, View, selling

SVG = "image/svg+xml"


# --- From the cart ------------------------------------------------------------------------


@on_the_cart
def hand_over(request: RepRequest) -> HttpResponse:
    """The till finishes it."""
    return _keep(request, KeptCart.Kind.TILL)


@on_the_cart
def make_quote(request: RepRequest) -> HttpResponse:
    return _keep(request, KeptCart.Kind.QUOTE)


def _keep(request: RepRequest, kind: KeptCart.Kind) -> HttpResponse:
    form = cleaned(CartForm, request)
    with transaction.atomic():
        checkout.do_once(request.rep.account, form["action_id"])
        keeping.keep(request.rep, open_cart(request.rep), form["version"], kind)
    return show_cart(request)


# --- What was left there ------------------------------------------------------------------


@require_GET
@selling
@vary_on_headers("HX-Request")
def tills(request: RepRequest) -> HttpResponse:
    """Those of this shop that a till is to finish, and what became of them in the last day."""
    account, now = request.rep.account, clock.now()
    if not request.htmx:
        tasks.look(account.pk, KeptCart.Kind.TILL)
    shown = account.kept_carts.to_list(KeptCart.Kind.TILL, request.rep, now).for_work()
    template = "elsewhere/_tills.html" if request.htmx else "elsewhere/tills.html"
    return render(request, template, {"kept_carts": shown[:100], "rep": request.rep})


@require_http_methods(["GET", "POST"])
@selling
def quotes(request: RepRequest) -> HttpResponse:
    """Those that stand, the latest first; by number, code or customer what is sent as `q`, in the
    body, since a name or an address is to stand in no URL and no log."""
    query = _typed(request.POST.get("q", ""))
    context = {"query": query, "kept_carts": finding.quotes(request.rep, query), "rep": request.rep}
    return render(request, "elsewhere/quotes.html", context)


@require_GET
@selling
def scanned(request: RepRequest) -> HttpResponse:
    """By the barcode on a quote or a slip for the till. What came to its end may be a receipt."""
    number = _typed(request.GET.get("number", ""))
    live = request.rep.account.kept_carts.filter(state__in=KeptCart.State.live())
    if kept := live.filter(ticket_number=number).first():
        return redirect("elsewhere:kept_cart", kept.pk)
    return redirect(f"{reverse('returns:find')}?{urlencode({'number': number})}")


@require_GET
@selling
@vary_on_headers("HX-Request")
def kept_cart(request: RepRequest, pk: int) -> HttpResponse:
    """Its page, to be printed too; follows what becomes of it. `seen` is the state that a page
    shows which asks again."""
    kept = _kept(request, pk)
    if request.htmx and kept.state == KeptCart.State.REOPENED and kept.wanted_by == request.rep:
        return _to_the_cart(request, kept)
    if request.htmx and request.GET.get("seen", kept.state) != kept.state:
        return HttpResponseClientRefresh()  # the slip says something else now
    if not request.htmx and kept.state == KeptCart.State.THERE:
        tasks.look(kept.account_id, kept.kind)
    template = "elsewhere/_state.html" if request.htmx else "elsewhere/kept_cart.html"
    context = slip(kept.sale) | {"kept": kept, "rep": request.rep}
    return render(request, template, context)


@require_GET
@selling
def strip(request: RepRequest, pk: int) -> HttpResponse:
    """On the empty cart, asked for again until there is nothing more to tell."""
    kept = _kept(request, pk)
    status = 200 if kept.is_live else HTMX_STOP_POLLING
    return render(request, "elsewhere/_strip.html", {"kept": kept}, status=status)


@require_GET
@selling
def barcode(request: RepRequest, pk: int) -> HttpResponse:
    """Of the open sale's number, which Lightspeed's till reads."""
    kept = _kept(request, pk)
    if not kept.ticket_number:
        raise Http404
    return HttpResponse(code128.svg(kept.ticket_number), content_type=SVG)


# --- Back again ---------------------------------------------------------------------------


def told(view: View) -> View:
    """A refusal is told on the page of what it is about."""

    @require_POST
    @selling
    @wraps(view)
    def answered(request: RepRequest, pk: int) -> HttpResponse:
        kept = _kept(request, pk)
        try:
            return view(request, kept)
        except Refused as refusal:
            messages.warning(request, str(refusal.text))
            return redirect("elsewhere:kept_cart", pk)

    return answered


@told
def take_back(request: RepRequest, kept: KeptCart) -> HttpResponse:
    keeping.want_back(request.rep, kept)
    return redirect("elsewhere:kept_cart", kept.pk)


@told
def give_up(request: RepRequest, kept: KeptCart) -> HttpResponse:
    keeping.want_no_more(request.rep, kept)
    return redirect("elsewhere:kept_cart", kept.pk)


@told
def reopen(request: RepRequest, kept: KeptCart) -> HttpResponse:
    hands.reopen(request.rep, kept)
    return _to_the_cart(request, kept)


# --- What they share ----------------------------------------------------------------------


def _typed(text: str) -> str:
    """Without what PostgreSQL takes in no text."""
    return text.replace("\0", " ").strip()


def _kept(request: RepRequest, pk: int) -> KeptCart:
    kept: KeptCart = get_object_or_404(request.rep.account.kept_carts.for_work(), pk=pk)
    return kept


def _to_the_cart(request: RepRequest, kept: KeptCart) -> HttpResponse:
    if kept.changes:
        what = ", ".join(str(each) for each in kept.change_words)
        text = _("In Lightspeed it was changed: %(what)s. This cart is as it was left there.")
        messages.warning(request, text % {"what": what})
    url = f"{reverse('sales:sell')}#cart"
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
