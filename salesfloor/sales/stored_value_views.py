"""Gift cards and customers' accounts beside the cart: to look at, to pay with, to load."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from salesfloor.customers.models import Customer
from salesfloor.money import notes_of
from salesfloor.sales import checkout, stored_value
from salesfloor.sales.forms import (
    CardCodeForm,
    LoadCardForm,
    LoadForm,
    PayFromAccountForm,
    PayWithCardForm,
)
from salesfloor.sales.models import Sale
from salesfloor.sales.refusals import AlreadyDone, Refused
from salesfloor.sales.stored_value import Card, Credit, NoSuchCard
from salesfloor.sales.views import cart_context, cleaned, on_the_cart, show_cart, tapped
from salesfloor.staff.access import RepRequest, selling
from salesfloor.staff.models import PaymentType, Rep

ZERO = Decimal(0)


# --- Gift cards ---------------------------------------------------------------------------


@require_GET
@selling
@vary_on_headers("HX-Request")
def gift_card(request: RepRequest) -> HttpResponse:
    return _card_panel(request)


@require_POST
@selling
def look_up_card(request: RepRequest) -> HttpResponse:
    code = ""
    try:
        code = cleaned(CardCodeForm, request)["code"]
        return _card_panel(request, card=stored_value.look_up(request.rep, code))
    except Refused as refusal:
        return _card_panel(request, refusal, code=code)


@on_the_cart
def pay_with_card(request: RepRequest) -> HttpResponse:
    form = cleaned(PayWithCardForm, request)
    card = Credit.opened(request.rep.account, form["card"])
    payment_type = checkout.payment_type_of(request.rep.account, PaymentType.GIFT_CARD)
    checkout.pay_from_account(*tapped(request.rep, form), payment_type, form["amount"], card)
    return show_cart(request)


@on_the_cart
def load_card(request: RepRequest) -> HttpResponse:
    """Put money on a card that is known, that has a number, or that is given one."""
    form = cleaned(LoadCardForm, request)
    rep = request.rep
    stored_value.check_can_load_cards(rep)
    payment_type = checkout.payment_type_of(rep.account, PaymentType.GIFT_CARD)
    if checkout.is_done(rep.account, form["action_id"]):
        raise AlreadyDone
    card = _card_to_load(rep, form)
    with transaction.atomic():
        checkout.do_once(rep.account, form["action_id"])
        sale = Sale.cart_of(rep)
        checkout.load(
            sale,
            seen_version=sale.version,
            payment_type=payment_type,
            amount=form["amount"],
            credit=card,
        )
    return show_cart(request, sale)


def _card_to_load(rep: Rep, form: dict[str, Any]) -> Credit:
    if form["card"]:
        return Credit.opened(rep.account, form["card"])
    if form["code"]:
        return stored_value.create(rep, form["code"])
    return stored_value.generate(rep, form["action_id"])


# --- The customer's account ---------------------------------------------------------------


@require_GET
@selling
@vary_on_headers("HX-Request")
def account(request: RepRequest) -> HttpResponse:
    """As it is now; where Lightspeed does not tell, as it was."""
    customer = _customer(request.rep)
    try:
        if customer:
            stored_value.read_account(request.rep, customer)
    except Refused as refusal:
        return _account_panel(request, refusal)
    return _account_panel(request)


@require_POST
@selling
def open_account(request: RepRequest) -> HttpResponse:
    customer = _customer(request.rep)
    try:
        if customer:
            stored_value.open_account(request.rep, customer)
    except Refused as refusal:
        return _account_panel(request, refusal)
    return _account_panel(request)


@on_the_cart
def pay_from_account(request: RepRequest) -> HttpResponse:
    form = cleaned(PayFromAccountForm, request)
    payment_type = checkout.payment_type_of(request.rep.account, PaymentType.CREDIT_ACCOUNT)
    sale, tap = tapped(request.rep, form)
    checkout.pay_from_account(
        sale,
        tap,
        payment_type,
        form["amount"],
        stored_value.account_of(sale.customer),
        may_owe=form["may_owe"],
    )
    return show_cart(request)


@on_the_cart
def deposit(request: RepRequest) -> HttpResponse:
    form = cleaned(LoadForm, request)
    with transaction.atomic():
        checkout.do_once(request.rep.account, form["action_id"])
        sale = Sale.cart_of(request.rep)
        checkout.deposit(sale, seen_version=sale.version, amount=form["amount"])
    return show_cart(request, sale)


# --- What they share ----------------------------------------------------------------------


def _customer(rep: Rep) -> Customer | None:
    sale: Sale | None = rep.account.sales.current(rep)
    return sale.customer if sale else None


def _account_panel(request: RepRequest, refusal: Refused | None = None) -> HttpResponse:
    cart = cart_context(request.rep)
    customer: Customer | None = cart["sale"].customer if cart["sale"] else None
    due = cart.get("due", ZERO)
    if customer is None:
        refusal = Refused(_("An account is a customer's. Nothing was charged: choose one first."))
        return _panel(request, "sales/_account.html", cart, refusal)
    credit, room = max(customer.credit_balance, ZERO), customer.spendable
    most = due if room is None else min(due, room)
    return _panel(
        request,
        "sales/_account.html",
        cart,
        refusal,
        customer=customer,
        from_credit=min(due, credit),
        # Where the credit covers what is due, nothing has to be owed.
        on_account=most if most > credit else ZERO,
        would_owe=most - customer.credit_balance,
    )


def _card_panel(
    request: RepRequest, refusal: Refused | None = None, card: Card | None = None, code: str = ""
) -> HttpResponse:
    """`code` is a number that Lightspeed does not know, or could not be asked for."""
    cart = cart_context(request.rep)
    due = cart.get("due", ZERO)
    return _panel(
        request,
        "sales/_gift_card.html",
        cart,
        refusal,
        card=card,
        sealed=card.credit.sealed(request.rep.account) if card else "",
        from_card=min(due, card.available) if card else ZERO,
        code=code,
        is_new=isinstance(refusal, NoSuchCard),
    )


def _panel(
    request: RepRequest,
    panel: str,
    cart: dict[str, Any],
    refusal: Refused | None,
    **context: Any,
) -> HttpResponse:
    """In the place of the payment, on the cart; a page of its own where it is not asked for so."""
    due = cart.get("due", ZERO)
    context |= cart | {
        "panel": panel,
        "refusal": refusal,
        "due": due,
        "editable": cart.get("editable", True),
        # What is given back may be put on a card or an account, if it may go there at all.
        "amounts": [-due] if due < 0 else notes_of(request.rep.account.currency)[-3:],
    }
    template = panel if request.htmx else "sales/stored_value.html"
    status = refusal.status if refusal else 200
    return render(request, template, context, status=status)
