"""Where the goods of a cart are sent. Lightspeed is told with the cart."""

from typing import Any
from uuid import uuid4

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect

from salesfloor.customers import exchange
from salesfloor.customers.models import Customer
from salesfloor.lightspeed import errors
from salesfloor.sales import checkout
from salesfloor.sales.forms import CartForm, ShipToForm
from salesfloor.sales.models import Sale, ShipTo
from salesfloor.sales.refusals import AlreadyDone, Refused
from salesfloor.sales.views import cleaned, on_the_cart, open_cart, show_cart
from salesfloor.staff.access import RepRequest, selling


@require_http_methods(["GET", "POST"])
@selling
def ship_to(request: RepRequest) -> HttpResponse:
    sale = request.rep.account.sales.current(request.rep)
    if request.method == "GET":
        if sale is None or not sale.has_contents:
            return redirect("sales:sell")
        form = ShipToForm(initial=_known(sale))
        return render(request, "sales/ship_to.html", _context(sale, form))
    form = ShipToForm(request.POST)
    if not form.is_valid():
        return _form(request, sale, form, status=422)
    try:
        _send_to(request, form)
    except AlreadyDone:
        pass
    except Refused as refusal:
        return _form(request, sale, form, refusal=refusal, status=refusal.status)
    url = f"{reverse('sales:sell')}#cart"
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def _send_to(request: RepRequest, form: ShipToForm) -> None:
    account, sent = request.rep.account, form.cleaned_data
    with transaction.atomic():
        checkout.do_once(account, sent["action_id"])
        sale = open_cart(request.rep, sent["action_id"])
        address = ShipTo.everywhere.create(account=account, **form.address)
        sale.send_to(address, sent["version"])


@require_GET
@selling
@vary_on_headers("HX-Request")
def customers_address(request: RepRequest) -> HttpResponse:
    """The same form with the address that Lightspeed has of the customer. The rep waits for it."""
    sale = request.rep.account.sales.current(request.rep)
    if sale is None or sale.customer is None:
        return redirect("sales:ship_to")
    try:
        address = exchange.address_of(sale.customer, request.rep)
    except errors.LightspeedError:
        return _form(request, sale, ShipToForm(initial=_known(sale)), is_away=True)
    known = {name: getattr(address, name) for name in ("address1", "address2", "city", "zip")}
    known |= {"state": address.state, "country_code": address.country_code}
    form = ShipToForm(initial=_of_customer(sale.customer) | known)
    return _form(request, sale, form, is_asked=True)


@on_the_cart
def remove_ship_to(request: RepRequest) -> HttpResponse:
    form = cleaned(CartForm, request)
    with transaction.atomic():
        checkout.do_once(request.rep.account, form["action_id"])
        open_cart(request.rep).send_to(None, form["version"])
    return show_cart(request)


def _known(sale: Sale) -> dict[str, Any]:
    """What the form begins with: the address so far, or what is known of the customer here."""
    if address := sale.ship_to:
        return {name: getattr(address, name, "") for name in ShipToForm.base_fields}
    return _of_customer(sale.customer) if sale.customer else {}


def _of_customer(customer: Customer) -> dict[str, Any]:
    names = {name: getattr(customer, name) for name in ("first_name", "last_name", "company")}
    return names | {"city": customer.city, "phone": customer.phones.partition(" ")[0]}


def _form(
    request: RepRequest, sale: Sale | None, form: ShipToForm, status: int = 200, **told: object
) -> HttpResponse:
    template = "sales/_ship_to_form.html" if request.htmx else "sales/ship_to.html"
    return render(request, template, _context(sale, form) | told, status=status)


def _context(sale: Sale | None, form: ShipToForm) -> dict[str, Any]:
    return {"sale": sale, "form": form, "action_id": uuid4()}
