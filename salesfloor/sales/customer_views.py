"""The customer on the cart: found while the rep types, chosen with one tap, changed and taken off.

What is typed is sent in the body of a POST: no name, address or number stands in a URL or a log.
"""

from typing import Any
from uuid import uuid4

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from salesfloor.customers import exchange, search
from salesfloor.customers.forms import NewCustomerForm, guess
from salesfloor.lightspeed import errors
from salesfloor.sales import checkout
from salesfloor.sales.forms import CartForm, CustomerForm
from salesfloor.sales.models import Sale
from salesfloor.sales.refusals import Away, Refused, SignedOut
from salesfloor.sales.views import CustomerChange, cleaned, on_the_cart, open_cart, show_cart
from salesfloor.staff.access import RepRequest, selling
from salesfloor.staff.models import Rep

# More do not fit on the screen: one letter more finds the right one sooner.
MOST_FOUND = 12


@require_GET
@selling
def customer(request: RepRequest) -> HttpResponse:
    """A page of its own, for browsers without scripts; else it opens over the cart."""
    return render(request, "sales/customer.html")


@require_POST
@selling
def find_customer(request: RepRequest) -> HttpResponse:
    words = request.POST.get("words", "")
    found = search.find(request.rep.account, words, count=MOST_FOUND)
    return _answer(request, {"words": words, "customers": found})


@require_POST
@selling
def new_customer(request: RepRequest) -> HttpResponse:
    """An empty form but for what was typed into the search."""
    words = request.POST.get("words", "")
    return _answer(request, {"form": NewCustomerForm(initial=guess(words)), "words": words})


@require_POST
@selling
def create_customer(request: RepRequest) -> HttpResponse:
    """The rep waits for Lightspeed. The same form sent twice makes one customer: see `exchange`."""
    form = NewCustomerForm(request.POST)
    if not form.is_valid():
        return _answer(request, {"form": form}, status=422)
    new = form.customer
    if not form.cleaned_data["is_somebody_else"]:
        known = search.known(request.rep.account, email=new.email, phone=new.phone)
        if known:
            return _answer(request, {"form": form, "known": known[:MOST_FOUND]})
    try:
        created = exchange.create(request.rep, new)
    except errors.LightspeedError as error:
        refusal = _not_created(error)
        return _answer(request, {"form": form, "refusal": refusal}, status=refusal.status)
    return _answer(request, {"created": created})


@on_the_cart
def choose_customer(request: RepRequest) -> HttpResponse:
    """For the cart as it is, which is begun if there is none."""
    form = cleaned(CustomerForm, request)
    chosen = get_object_or_404(request.rep.account.customers, pk=form["customer"])
    with transaction.atomic():
        checkout.do_once(request.rep.account, form["action_id"])
        sale = Sale.cart_of(request.rep)
        change = CustomerChange(sale.customer, sale.running_total)
        sale.set_customer(chosen, sale.version)
    return show_cart(request, sale, customer_change=change)


@on_the_cart
def remove_customer(request: RepRequest) -> HttpResponse:
    form = cleaned(CartForm, request)
    with transaction.atomic():
        checkout.do_once(request.rep.account, form["action_id"])
        sale = open_cart(request.rep)
        change = CustomerChange(sale.customer, sale.running_total)
        sale.set_customer(None, form["version"])
    return show_cart(request, sale, customer_change=change)


@require_POST
@selling
def look_at_customer(request: RepRequest) -> HttpResponse:
    """Asked for by the strip itself, so that no tap waits for Lightspeed."""
    sales = request.rep.account.sales
    sale = sales.current(request.rep)
    if sale is None or sale.customer is None:
        return HttpResponse(status=204)
    exchange.look_at(sale.customer, request.rep)
    has_followed = _follow_terms(request.rep)
    context = {
        "sale": sales.current(request.rep),
        "has_followed": has_followed,
        "currency": request.rep.account.currency,
        "action_id": uuid4(),
    }
    return render(request, "sales/_customer.html", context)


def _follow_terms(rep: Rep) -> bool:
    """Whether the cart had to change, since Lightspeed tells another tax or discount by now."""
    try:
        with transaction.atomic():
            sale = Sale.in_hand(rep)
            if sale is None or sale.customer is None or sale.follows(sale.customer):
                return False
            sale.set_customer(sale.customer, sale.version)
            return True
    except Refused:
        return False  # it is being paid as it was, or the customer is gone: the strip says so


def _answer(request: RepRequest, found: dict[str, Any], status: int = 200) -> HttpResponse:
    template = "sales/_customer_results.html" if request.htmx else "sales/customer.html"
    return render(request, template, {"action_id": uuid4(), **found}, status=status)


def _not_created(error: errors.LightspeedError) -> Refused:
    match error:
        case errors.SignInLost():
            return SignedOut(
                _("You are signed out of Lightspeed. Nobody was added: sign in again.")
            )
        case errors.Forbidden():
            return Refused(
                _("Lightspeed does not let you add customers. Nobody was added: ask a manager.")
            )
        case errors.Rejected():
            text = _("Lightspeed refused this customer. It said: %(said)s")
            return Refused(text % {"said": error.message})
        case errors.OutcomeUnknown():
            return Away(
                _(
                    "Lightspeed did not confirm: this customer may be there now. Tap again: who is "
                    "there is found, and nobody is added twice."
                )
            )
    return Away(_("Lightspeed cannot be reached. Nobody was added: tap again in a moment."))
