"""Goods kept for customers: from the cart onto layaway or special order, found, picked up,
cancelled."""

from contextlib import suppress
from functools import wraps
from itertools import groupby
from typing import Any, TypeVar
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HTMX_STOP_POLLING, HttpResponseClientRedirect

from salesfloor.customers import exchange, search
from salesfloor.customers.models import Customer
from salesfloor.lightspeed import errors
from salesfloor.orders import keeping, kept, leaving
from salesfloor.orders.forms import ChosenForm, KeepForm, SlipForm
from salesfloor.orders.kept import Kept
from salesfloor.orders.models import Kind, Order
from salesfloor.receipts import code128
from salesfloor.sales.models import Sale
from salesfloor.sales.refusals import AlreadyDone, Away, CartChanged, Refused, SignedOut
from salesfloor.staff.access import RepRequest, View, selling
from salesfloor.staff.models import Shop
from salesfloor.staff.templatetags.money import money

F = TypeVar("F", bound=Any)
# More do not fit on the screen: one letter more finds the right one sooner.
MOST_FOUND = 12


def told(view: View) -> View:
    """A refusal is told beside the button, or on a page where there is none yet."""

    @selling
    @wraps(view)
    def answered(request: RepRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except AlreadyDone:
            return _to_the_cart(request)
        except Refused as refusal:
            return _refused(request, refusal)
        except errors.LightspeedError as error:
            return _refused(request, _told(error, writing=request.method == "POST"))

    return answered


# --- From the cart -------------------------------------------------------------------------


@require_GET
@told
def offer(request: RepRequest, kind: str) -> HttpResponse:
    """What of the cart is to be kept, and what the customer pays in advance."""
    if kind not in Kind.values:
        raise Http404
    sale = _cart(request)
    context = {
        "kind": Kind(kind),
        "sale": sale,
        "lines": keeping.lines_to_keep(sale),
        "currency": sale.account.currency,
        "action_id": uuid4(),
    }
    return render(request, "orders/offer.html", context)


@require_POST
@told
def keep(request: RepRequest) -> HttpResponse:
    sale = _cart(request)
    line_ids = [line.pk for line in keeping.lines_to_keep(sale)]
    form = _valid(KeepForm(request.POST, line_ids=line_ids)).cleaned_data
    if form["deposit"]:
        keeping.prepare_deposit(sale)
    order = keeping.keep(
        sale,
        Kind(form["kind"]),
        set(form["line"]),
        seen_version=form["version"],
        action_id=form["action_id"],
        deposit=form["deposit"],
    )
    if order.deposit_load:
        messages.info(request, _("Take the deposit now. The slip stands on the cart."))
        return _to_the_cart(request)
    return _to(request, reverse("orders:slip", args=[order.pk]))


@require_GET
@selling
@vary_on_headers("HX-Request")
def slip(request: RepRequest, pk: int) -> HttpResponse:
    """What the customer takes along. Asks again until Lightspeed keeps all of it."""
    order = _order(request, pk)
    template = "orders/_slip.html" if request.htmx else "orders/slip.html"
    context = {"order": order, "shop": order.shop, "currency": order.account.currency}
    over = request.htmx and not order.is_writing
    return render(request, template, context, status=HTMX_STOP_POLLING if over else 200)


@require_GET
@selling
def barcode(request: RepRequest, pk: int) -> HttpResponse:
    drawn = code128.svg(_order(request, pk).reference)
    return HttpResponse(drawn, content_type="image/svg+xml")


# --- What is kept --------------------------------------------------------------------------


@require_GET
@selling
def kept_here(request: RepRequest) -> HttpResponse:
    """By customer, the latest first. Where Lightspeed is away, what was made here is still told."""
    shop, refusal = _shop(request), None
    try:
        found = kept.kept_in(request.rep, shop)
    except errors.LightspeedError as error:
        found, refusal = [], _told(error, writing=False)
    found.sort(key=lambda each: (each.line.customer_id, each.line_id), reverse=True)
    by_customer = [
        (customer, list(lines))
        for customer, lines in groupby(found, key=lambda each: each.customer)
    ]
    by_customer.sort(key=lambda each: each[1][0].line_id, reverse=True)
    unwritten = request.rep.account.orders.filter(shop=shop, state=Order.State.WRITING)
    context = {
        "shop": shop,
        "by_customer": by_customer,
        "unwritten": unwritten.select_related("customer").order_by("-pk"),
        "refusal": refusal,
        "currency": request.rep.account.currency,
    }
    status = refusal.status if refusal else 200
    return render(request, "orders/kept_here.html", context, status=status)


@require_GET
@told
def find(request: RepRequest) -> HttpResponse:
    """By the slip, scanned on the selling screen or typed."""
    reference = _valid(SlipForm(request.GET)).cleaned_data["slip"].strip().upper()
    order = request.rep.account.orders.filter(reference=reference).first()
    if order is None:
        raise Refused(_("No slip has this number here."))
    return redirect("orders:of_customer", order.customer_id)


@require_POST
@selling
def find_customer(request: RepRequest) -> HttpResponse:
    """By what is typed, which stands in no URL and no log."""
    words = request.POST.get("words", "")
    found = search.find(request.rep.account, words, count=MOST_FOUND)
    template = "orders/_customers.html" if request.htmx else "orders/customers.html"
    return render(request, template, {"words": words, "customers": found})


@require_GET
@told
def of_customer(request: RepRequest, pk: int) -> HttpResponse:
    customer = _customer(request, pk)
    found = kept.kept_for(request.rep, customer)
    shop = _shop(request)
    context = {
        "customer": customer,
        "found": [(each, each.may_leave(shop)) for each in found],
        "total": kept.total_of_order(found),
        "can_pick_up": any(each.may_leave(shop) for each in found),
        "unwritten": request.rep.account.orders.filter(
            customer=customer, state=Order.State.WRITING
        ),
        "shop": shop,
        "currency": request.rep.account.currency,
        "action_id": uuid4(),
    }
    return render(request, "orders/of_customer.html", context)


@require_POST
@told
def pick_up(request: RepRequest, pk: int) -> HttpResponse:
    customer = _customer(request, pk)
    chosen, action_id = _chosen(request, customer)
    # What was paid in advance is offered at once; as last known, where Lightspeed does not tell.
    with suppress(errors.LightspeedError):
        exchange.refresh(customer, request.rep)
    leaving.pick_up(request.rep, _shop(request), customer, chosen, action_id)
    return _to_the_cart(request)


@require_POST
@told
def cancel(request: RepRequest, pk: int) -> HttpResponse:
    """Lightspeed lets it go at once, or says why not; done twice it is done once."""
    customer = _customer(request, pk)
    chosen, _action_id = _chosen(request, customer)
    leaving.cancel(request.rep, chosen)
    names = ", ".join(each.description for each in chosen)
    told = _("Cancelled: %(items)s. Nothing was charged.") % {"items": names}
    messages.success(request, f"{told} {_where_the_deposit_is(request, customer)}".rstrip())
    return _to(request, reverse("orders:of_customer", args=[pk]))


# --- What they share -----------------------------------------------------------------------


def _cart(request: RepRequest) -> Sale:
    sale: Sale | None = request.rep.account.sales.current(request.rep)
    if sale is None or not keeping.lines_to_keep(sale):
        raise CartChanged(_("There is nothing in your cart that could be kept."))
    return sale


def _order(request: RepRequest, pk: int) -> Order:
    orders = request.rep.account.orders.select_related(
        *("account", "shop", "customer", "rep__employee", "register", "draft"),
        *("deposit_load__sale", "tax_category"),
    )
    order: Order = get_object_or_404(orders, pk=pk)
    return order


def _customer(request: RepRequest, pk: int) -> Customer:
    customer: Customer = get_object_or_404(request.rep.account.customers, pk=pk)
    return customer


def _shop(request: RepRequest) -> Shop:
    assert request.rep.shop  # noqa: S101 (access.selling saw to it)
    return request.rep.shop


def _chosen(request: RepRequest, customer: Customer) -> tuple[list[Kept], Any]:
    """What was ticked, as Lightspeed keeps it now."""
    found = {each.line_id: each for each in kept.kept_for(request.rep, customer)}
    form = _valid(ChosenForm(request.POST, line_ids=list(found))).cleaned_data
    return [found[line_id] for line_id in form["line"]], form["action_id"]


def _where_the_deposit_is(request: RepRequest, customer: Customer) -> str:
    """Nothing where nothing was paid in advance, or where it is spent."""
    try:
        exchange.refresh(customer, request.rep)
    except errors.LightspeedError:
        return _("What was paid in advance stays on the customer's account as store credit.")
    if customer.credit_balance <= 0:
        return ""
    return _(
        "What was paid in advance stays on the customer's account, which has %(amount)s of store "
        "credit."
    ) % {"amount": money(customer.credit_balance, customer.account.currency)}


def _valid(form: F) -> F:
    if not form.is_valid():
        raise Refused(str(next(iter(form.errors.values()))[0]))
    return form


def _told(error: errors.LightspeedError, *, writing: bool) -> Refused:
    match error:
        case errors.SignInLost():
            return SignedOut(
                _("You are signed out of Lightspeed. Nothing was changed: sign in again.")
            )
        case errors.Forbidden():
            return Refused(_("Lightspeed does not let you do this. Nothing was changed."))
        case errors.OutcomeUnknown() if writing:
            return Away(
                _(
                    "We could not confirm this. Nothing was charged. Try again: it is looked for "
                    "first, and not done twice."
                )
            )
    return Away(_("Lightspeed did not answer. Nothing was changed: try again in a moment."))


def _to_the_cart(request: RepRequest) -> HttpResponse:
    return _to(request, f"{reverse('sales:sell')}#cart")


def _to(request: RepRequest, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def _refused(request: RepRequest, refusal: Refused) -> HttpResponse:
    template = "orders/_refusal.html" if request.htmx else "orders/refusal.html"
    return render(request, template, {"refusal": refusal}, status=refusal.status)
