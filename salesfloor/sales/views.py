"""The selling screen: the cart beside the items, and the payment on the cart."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HTMX_STOP_POLLING, trigger_client_event

from salesfloor.catalog.models import Item
from salesfloor.catalog.views import results_context
from salesfloor.customers.models import Customer
from salesfloor.money import notes_of
from salesfloor.outbox.models import Submission
from salesfloor.sales import checkout, on_reader, provisional, refunds, totals
from salesfloor.sales.forms import (
    AddForm,
    AnswerForm,
    CartForm,
    CartVersionForm,
    CartWaitsForm,
    CashForm,
    PayBackForm,
    PayForm,
    PaymentForm,
    QuantityForm,
)
from salesfloor.sales.models import Sale, SaleLine, SalePayment
from salesfloor.sales.refusals import (
    AlreadyDone,
    BeingPriced,
    CartChanged,
    Refused,
)
from salesfloor.shelf.screens import CHANGED, is_old
from salesfloor.staff import clock
from salesfloor.staff.access import RepRequest, View, selling
from salesfloor.staff.models import Account, PaymentButton, PaymentType, Rep, payment_buttons
from salesfloor.staff.transactions import atomic_soon_on_disk
from salesfloor.terminals.protocol import Status as ReaderStatus

F = TypeVar("F", bound=forms.Form)


@dataclass(frozen=True)
class Message:
    """What the cart tells the rep; `kind` is info, warning or error."""

    kind: str
    text: str | Promise
    by_sign_in: bool = False  # a link to sign in stands by

    @classmethod
    def of(cls, refusal: Refused) -> "Message":
        return cls(refusal.kind, refusal.text, refusal.by_sign_in)


@dataclass(frozen=True)
class CustomerChange:
    """Who was on the cart before the last tap, and what it came to then."""

    before: Customer | None
    running_total: Decimal


def on_the_cart(view: View) -> View:
    """A refusal is told on the cart itself, as it is now."""

    @require_POST
    @selling
    @wraps(view)
    def answered(request: RepRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except AlreadyDone:
            return show_cart(request)
        except Refused as refusal:
            return show_cart(request, message=Message.of(refusal), status=refusal.status)

    return answered


# --- Pages --------------------------------------------------------------------------------


@require_GET
@selling
def sell(request: RepRequest) -> HttpResponse:
    context = results_context(request) | cart_context(request.rep)
    return render(
        request,
        "sales/sale.html",
        context
        | {
            "rep": request.rep,
            "shop": request.rep.shop,
            "register": request.rep.register,
            "status": _status(request.rep.account),
        },
    )


@require_GET
@selling
def recent(request: RepRequest) -> HttpResponse:
    """The list behind the status spot: what this shop, or this rep, sold in the last day."""
    since = clock.now() - timedelta(days=1)
    sales = request.rep.account.sales.paid().filter(
        register__shop=request.rep.shop, paid_at__gt=since
    )
    mine = request.GET.get("by") == "me"
    if mine:
        sales = sales.filter(rep=request.rep)
    context = {"sales": sales.with_payments()[:200], "rep": request.rep, "mine": mine}
    return render(request, "sales/recent.html", context)


@require_GET
@selling
def status(request: RepRequest) -> HttpResponse:
    """Also tells the page, by an event, that the questions between shops that it shows are old."""
    response = render(request, "sales/_status.html", {"status": _status(request.rep.account)})
    return trigger_client_event(response, CHANGED) if is_old(request, request.rep) else response


@require_GET
@selling
def done(request: RepRequest, pk: int) -> HttpResponse:
    """The done strip, asked for again until there is nothing more to tell."""
    sale = get_object_or_404(request.rep.account.sales.paid(), pk=pk)
    following = sale.progress in ("recording", "checking")
    response = render(
        request,
        "sales/_done.html",
        {"done": sale, "currency": sale.account.currency},
        status=200 if following else HTMX_STOP_POLLING,
    )
    return response if following else trigger_client_event(response, "recording")


# --- The cart -----------------------------------------------------------------------------


@on_the_cart
def add_line(request: RepRequest) -> HttpResponse:
    item = _item(request.rep, cleaned(AddForm, request)["item"])
    with atomic_soon_on_disk():
        sale = Sale.cart_of(request.rep)
        sale.add_line(item)
    return show_cart(request, sale)


@on_the_cart
def change_line(request: RepRequest, pk: int) -> HttpResponse:
    form = cleaned(QuantityForm, request)
    with atomic_soon_on_disk():
        line = claimed_line(request.rep, pk, form, removed=False)
        line.set_quantity(form["unit_quantity"])
    return show_cart(request, line.sale)


@on_the_cart
def remove_line(request: RepRequest, pk: int) -> HttpResponse:
    form = cleaned(CartForm, request)
    with atomic_soon_on_disk():
        line = claimed_line(request.rep, pk, form, removed=False)
        line.remove()
    return show_cart(request, line.sale, removed=line)


@on_the_cart
def restore_line(request: RepRequest, pk: int) -> HttpResponse:
    form = cleaned(CartForm, request)
    with atomic_soon_on_disk():
        line = claimed_line(request.rep, pk, form, removed=True)
        line.restore()
    return show_cart(request, line.sale)


@on_the_cart
def empty_cart(request: RepRequest) -> HttpResponse:
    form = cleaned(CartForm, request)
    with transaction.atomic():
        checkout.do_once(request.rep.account, form["action_id"])
        sale = open_cart(request.rep)
        sale.abandon(form["version"])
    return show_cart(request, emptied=sale)


@on_the_cart
def restore_cart(request: RepRequest, pk: int) -> HttpResponse:
    """Undo of `empty_cart`, as long as no new cart was begun."""
    with transaction.atomic():
        if Sale.in_hand(request.rep):
            raise CartChanged
        emptied = request.rep.account.sales.filter(rep=request.rep, state=Sale.State.ABANDONED)
        get_object_or_404(emptied, pk=pk).take_up_again()
    return show_cart(request)


# --- Paying -------------------------------------------------------------------------------


@require_GET
@selling
def cart(request: RepRequest) -> HttpResponse:
    """The cart as it is. Asked by one that waits: nothing, as long as it has to."""
    sale = request.rep.account.sales.current(request.rep)
    payment = sale.pending_payment if sale else None
    if sale and payment and payment.is_overdue:
        checkout.give_up_overdue(sale)
    elif payment and "waiting" in request.GET and _still_waits(request, payment):
        return HttpResponse(status=204)
    return show_cart(request, message=_ended_on_reader(request))


def _still_waits(request: RepRequest, payment: SalePayment) -> bool:
    """Whether there is nothing new to show: `seen` is what the cart shows of the reader."""
    if payment.state == SalePayment.State.WANTED:
        return True
    if not payment.on_reader:
        return False
    standing = on_reader.look(payment)
    if standing.status.is_final:  # and nobody was told
        on_reader.follow(payment, standing)
    return standing.status == request.GET.get("seen")


def _ended_on_reader(request: RepRequest) -> Message | None:
    """Why the payment that the cart waited for came to nothing."""
    waited_for = CartWaitsForm(request.GET)
    payments = SalePayment.everywhere.filter(sale__rep=request.rep, on_reader=True)
    if not waited_for.is_valid():
        return None
    payment = payments.filter(pk=waited_for.cleaned_data["waiting"]).first()
    if payment is None or not payment.is_closed_without_money:
        return None
    return Message("warning", on_reader.look(payment).words)


@require_POST
@selling
def ask_ahead(request: RepRequest) -> HttpResponse:
    """The cart has been still for a moment, and may be paid next."""
    form = CartVersionForm(request.POST)
    sale = request.rep.account.sales.current(request.rep)
    if sale and form.is_valid():
        checkout.ask_ahead(sale, form.cleaned_data["version"])
    return HttpResponse(status=204)


@on_the_cart
def pay_cash(request: RepRequest) -> HttpResponse:
    form = cleaned(CashForm, request)
    checkout.pay_cash(*tapped(request.rep, form), form["amount_tendered"])
    return show_cart(request)


@on_the_cart
def start_card(request: RepRequest) -> HttpResponse:
    """All that is due, by card on the shop's own terminal."""
    form = cleaned(PayForm, request)
    card = checkout.payment_type_of(request.rep.account, PaymentType.CREDIT_CARD)
    checkout.start_payment(*tapped(request.rep, form), card)
    return show_cart(request)


@on_the_cart
def start_payment(request: RepRequest) -> HttpResponse:
    form = cleaned(PaymentForm, request)
    offered = {each.pk: each for each in request.rep.account.payment_types.taken_elsewhere()}
    payment_type = offered.get(form["payment_type"])
    if payment_type is None:
        raise Http404
    sale, tap = tapped(request.rep, form)
    amount = form["amount"]
    if amount is not None and tap.due < 0:
        amount = -amount
    checkout.start_payment(sale, tap, payment_type, amount)
    return show_cart(request)


@on_the_cart
def pay_back(request: RepRequest) -> HttpResponse:
    """Money to the customer, in one of the ways that were offered."""
    form = cleaned(PayBackForm, request)
    checkout.pay_back(*tapped(request.rep, form), form["way"])
    return show_cart(request)


@on_the_cart
def complete_even(request: RepRequest) -> HttpResponse:
    form = cleaned(PayForm, request)
    checkout.complete_even(*tapped(request.rep, form))
    return show_cart(request)


@on_the_cart
def answer_card(request: RepRequest, pk: int) -> HttpResponse:
    form = cleaned(AnswerForm, request)
    approved = form["answer"] == "approved"
    payment = _payment(request.rep, pk)
    if payment.on_reader:  # which answers for itself
        raise CartChanged
    checkout.answer_card(
        payment,
        approved=approved,
        card_brand=form["card_brand"],
        card_last4=form["card_last4"],
    )
    if not approved:
        text = _("Declined. Nothing was charged. Try another card, or cash.")
        return show_cart(request, message=Message("warning", text))
    return show_cart(request)


@on_the_cart
def cancel_payment(request: RepRequest, pk: int) -> HttpResponse:
    """The rep does not want to wait for Lightspeed's price, or for the card."""
    payment = _payment(request.rep, pk)
    if payment.on_reader:
        on_reader.cancel(payment)
        text = _("The reader is asked to stop. Wait for what it says.")
        return show_cart(request, message=Message("info", text))
    checkout.cancel_wanted(payment)
    text = _("Cancelled. Nothing was taken.")
    return show_cart(request, message=Message("info", text))


@on_the_cart
def give_back(request: RepRequest, pk: int) -> HttpResponse:
    payment = _payment(request.rep, pk)
    if payment.on_reader and not payment.is_given_back:
        if payment.sale.pending_payment:
            raise BeingPriced
        standing = on_reader.give_back(payment)
        if standing.status is not ReaderStatus.APPROVED:
            return show_cart(request, message=Message("error", standing.words))
        payment.refresh_from_db(fields=["state"])
    if not payment.is_given_back:
        checkout.give_back(payment)
    text = _("%(payment)s was given back and does not count any more.")
    return show_cart(request, message=Message("info", text % {"payment": payment.payment_type}))


@on_the_cart
def remove_load(request: RepRequest, pk: int) -> HttpResponse:
    form = cleaned(CartForm, request)
    payment = _payment(request.rep, pk)
    with transaction.atomic():
        checkout.do_once(request.rep.account, form["action_id"])
        checkout.remove_load(payment.sale, seen_version=form["version"], payment=payment)
    return show_cart(request)


# --- What they share ----------------------------------------------------------------------


def cleaned(form_class: type[F], request: HttpRequest) -> dict[str, Any]:
    form = form_class(request.POST)
    if not form.is_valid():
        raise Refused(str(next(iter(form.errors.values()))[0]))
    return form.cleaned_data


def tapped(rep: Rep, form: dict[str, Any]) -> tuple[Sale, checkout.Tap]:
    """The cart that is paid, and what the rep saw of it."""
    tap = checkout.Tap(
        version=form["version"], due=form["expected_total"], action_id=form["action_id"]
    )
    return open_cart(rep, tap.action_id), tap


def _payment(rep: Rep, pk: int) -> SalePayment:
    payments = SalePayment.everywhere.filter(sale__account=rep.account, sale__rep=rep)
    payment = get_object_or_404(payments.select_related("payment_type"), pk=pk)
    payment.sale = Sale.everywhere.for_pricing().get(pk=payment.sale_id)
    return payment


def _item(rep: Rep, pk: int) -> Item:
    return get_object_or_404(rep.account.items.for_sale().select_related("matrix"), pk=pk)


def open_cart(rep: Rep, action_id: UUID | None = None) -> Sale:
    """The rep's cart. Where there is none, a form may have come a second time."""
    sale: Sale | None = rep.account.sales.current(rep)
    if sale is None:
        if action_id and checkout.is_done(rep.account, action_id):
            raise AlreadyDone
        raise CartChanged
    return sale


def claimed_line(rep: Rep, pk: int, form: dict[str, Any], *, removed: bool) -> SaleLine:
    """A line of the rep's cart, claimed for the change that the form asks for."""
    checkout.do_once(rep.account, form["action_id"])
    sale = open_cart(rep)
    sale.open_for_change(form["version"])
    taken_out = sale.lines.exclude(removed_at=None).filter(became=None)
    lines = taken_out if removed else sale.live_lines
    line = next((line for line in lines if line.pk == pk), None)
    if line is None:
        raise Http404
    return line


def show_cart(
    request: RepRequest,
    sale: Sale | None = None,
    *,
    message: Message | None = None,
    removed: SaleLine | None = None,
    swapped: SaleLine | None = None,
    emptied: Sale | None = None,
    customer_change: CustomerChange | None = None,
    status: int = 200,
) -> HttpResponse:
    if not request.htmx:
        if message:
            messages.add_message(request, messages.INFO, str(message.text))
        return redirect("sales:sell")
    context = cart_context(request.rep, sale, removed=removed)
    if message is None and (told := context["refused"]):
        message = Message.of(told)
    context |= {"message": message, "swapped": swapped, "emptied": emptied}
    context |= {"customer_change": customer_change}
    response = render(request, "sales/_cart.html", context, status=status)
    # The status spot looks at once, not only at its next turn.
    return trigger_client_event(response, "recording") if context["done"] else response


def cart_context(
    rep: Rep, sale: Sale | None = None, *, removed: SaleLine | None = None
) -> dict[str, Any]:
    """What `sales/_cart.html` shows; `sale` where the rep's cart is at hand."""
    sale = sale or rep.account.sales.to_show(rep)
    context: dict[str, Any] = {
        "sale": sale,
        "lines": sale.live_lines if sale else [],
        "removed": removed,
        "currency": rep.account.currency,
        "action_id": uuid4(),
        "payment": None,
        "done": None,
        "refused": sale.refusal_told if sale else None,
    }
    if not sale or not sale.has_contents:
        just_done = None if removed else rep.account.sales.just_done(rep, clock.now())
        return context | {"done": just_done}
    return context | _sums(sale) | _payment_context(sale)


def _payment_context(sale: Sale) -> dict[str, Any]:
    """What has been taken, what is due, and how it may be paid."""
    due, notes = sale.due, notes_of(sale.account.currency)
    payment = sale.pending_payment
    in_cash = totals.in_coins(due, sale.account.cash_rounding)
    ways_back = refunds.ways_back(sale) if due < 0 else []
    return {
        "payment": payment,
        "reader": on_reader.look(payment) if payment and payment.on_reader else None,
        "taken": sale.taken_payments,
        "loads": sale.loads,
        "due": due,
        "owed": -due,
        "in_cash": in_cash,
        "owed_in_cash": -in_cash,
        "notes": totals.next_notes(in_cash, notes),
        "part_notes": totals.part_notes(in_cash, notes),
        "payment_types": _payment_types(sale, ways_back),
        "ways_back": ways_back,
        "leave": provisional.leave_in_use(sale.account, clock.now()),
        "paid_in_advance": _paid_in_advance(sale),
        "quote_differs": sale.lightspeed_differs and not sale.is_provisional,
        "editable": sale.is_editable,
        "ask_ahead": sale.state == Sale.State.OPEN,
    }


def _paid_in_advance(sale: Sale) -> Decimal:
    """What of goods that are picked up may be paid at once by what the customer paid in advance."""
    uses_it = any(payment.payment_type.is_customers_account for payment in sale.approved_payments)
    if sale.customer is None or uses_it or not any(line.is_kept for line in sale.live_lines):
        return Decimal(0)
    return max(min(sale.due, sale.customer.credit_balance), Decimal(0))


def _payment_types(sale: Sale, ways_back: list[refunds.Way]) -> list[PaymentButton]:
    """Those that take or give all or a part, outside of salesfloor."""
    offered = payment_buttons(sale.account)
    back = {way.payment_type.pk for way in ways_back}
    return [each for each in offered if sale.due > 0 or each.pk in back]


def _sums(sale: Sale) -> dict[str, Any]:
    return {
        "totals": sale.totals,
        "loaded": sale.to_collect - sale.total,
        "to_collect": sale.to_collect,
        "currency": sale.account.currency,
        "tax1_name": sale.tax_category.tax1_name if sale.tax_category else "",
        "tax2_name": sale.tax_category.tax2_name if sale.tax_category else "",
    }


@dataclass(frozen=True)
class Status:
    """The whole truth about recording, in a few words."""

    kind: str  # ok, busy or warning
    words: str


SLOW_AFTER = timedelta(seconds=20)


def _status(account: Account) -> Status:
    now = clock.now()
    undelivered = account.submissions.undelivered().values_list("state")
    counted = list(undelivered.annotate(Count("pk"), Min("paid_at")))
    waiting = {state: count for state, count, _oldest in counted}
    stuck = waiting.get(Submission.State.ATTENTION, 0)
    charges = account.charges.for_a_person(now).order_by().values("pk")
    unanswered = checkout.unanswered_payments(account).order_by().values("pk")
    attention = stuck + unanswered.union(charges, all=True).count()
    checking = waiting.get(Submission.State.CHECKING, 0)
    on_its_way = sum(waiting.values()) - stuck
    if attention:
        words = ngettext("%d needs a manager", "%d need a manager", attention) % attention
        return Status("warning", words)
    if checking:
        return Status("warning", ngettext("checking %d", "checking %d", checking) % checking)
    if not on_its_way:
        return Status("ok", _("recorded"))
    if now - min(oldest for _state, _count, oldest in counted) > SLOW_AFTER:
        return Status("warning", _("Lightspeed is slow: %d on its way") % on_its_way)
    return Status("busy", ngettext("%d on its way", "%d on their way", on_its_way) % on_its_way)
