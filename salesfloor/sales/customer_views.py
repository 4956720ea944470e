"""The customer on the cart: found while the rep types, chosen with one tap, changed and taken off.

What is typed is sent in the body of a POST: no name, address or number stands in a URL or a log.
"""

from typing import Any
from uuid import uuid4

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from salesfloor.customers import search
from salesfloor.sales import checkout
from salesfloor.sales.forms import CartForm, CustomerForm
from salesfloor.sales.models import Sale
from salesfloor.sales.views import CustomerChange, cleaned, on_the_cart, open_cart, show_cart
from salesfloor.staff.access import RepRequest, selling

# More do not fit on the screen: one letter more finds the right one sooner.
MOST_FOUND = 12


@require_GET
@selling
def customer(request: RepRequest) -> HttpResponse:
    """A page of its own, for browsers without scripts; else it opens over the cart."""
    return render(request, "sales/customer.html", _found(request, ""))


@require_POST
@selling
def find_customer(request: RepRequest) -> HttpResponse:
    template = "sales/_customer_results.html" if request.htmx else "sales/customer.html"
    return render(request, template, _found(request, request.POST.get("words", "")))


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


def _found(request: RepRequest, query: str) -> dict[str, Any]:
    """What `sales/_customer_results.html` shows."""
    account = request.rep.account
    return {
        "words": query,
        "customers": search.find(account, query, count=MOST_FOUND),
        "currency": account.currency,
        "action_id": uuid4(),
    }
