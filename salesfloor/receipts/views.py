"""What the customer takes away: printed, by e-mail, or as a page on their own phone."""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from functools import partial, wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HTMX_STOP_POLLING

from salesfloor.money import to_cents
from salesfloor.receipts import code128, links, tasks
from salesfloor.receipts.forms import EmailForm
from salesfloor.receipts.models import EmailReceipt
from salesfloor.receipts.offers import offers
from salesfloor.receipts.taxes import taxes
from salesfloor.sales import checkout, stored_value
from salesfloor.sales.models import Sale, SalePayment
from salesfloor.sales.refusals import AlreadyDone
from salesfloor.staff.access import RepRequest, View, selling
from salesfloor.staff.models import PaymentType

SVG = "image/svg+xml"


@require_GET
@selling
@vary_on_headers("HX-Request")
def receipt(request: RepRequest, pk: int) -> HttpResponse:
    """Asks for its slip again until Lightspeed's ticket number stands on it."""
    template = "receipts/_slip.html" if request.htmx else "receipts/receipt.html"
    context = _slip(_sale(request, pk), reverse("receipts:barcode", args=[pk]))
    return render(request, template, context | {"follow": True})


@require_GET
@selling
def barcode(request: RepRequest, pk: int) -> HttpResponse:
    return _barcode_of(_sale(request, pk))


@require_GET
@selling
def qr(request: RepRequest, pk: int) -> HttpResponse:
    """The way to the receipt for a customer's phone."""
    return HttpResponse(links.qr_of(_sale(request, pk)), content_type=SVG)


@require_GET
@selling
def gift(request: RepRequest, pk: int) -> HttpResponse:
    """Without prices; which lines are printed is ticked on the page."""
    context = _slip(_sale(request, pk), reverse("receipts:barcode", args=[pk]))
    return render(request, "receipts/gift.html", context)


# --- By e-mail -----------------------------------------------------------------------------


@require_POST
@selling
def email(request: RepRequest, pk: int) -> HttpResponse:
    sale = _sale(request, pk)
    form = EmailForm(request.POST)
    if not form.is_valid():
        refusal = str(next(iter(form.errors.values()))[0])
        return _email(request, sale, refusal=refusal, address=request.POST.get("address", ""))
    with suppress(AlreadyDone), transaction.atomic():
        checkout.do_once(sale.account, form.cleaned_data["action_id"])
        wish = EmailReceipt.want(sale, form.cleaned_data["address"])
        transaction.on_commit(partial(tasks.send_email_receipt, wish.pk), robust=True)
    return _email(request, sale)


@require_GET
@selling
def email_state(request: RepRequest, pk: int) -> HttpResponse:
    """Asked for again until there is nothing more to tell."""
    context = offers(_sale(request, pk))
    following = context["wish"] and context["wish"].is_unsettled
    status = 200 if following else HTMX_STOP_POLLING
    return render(request, "receipts/_email_state.html", context, status=status)


def _email(request: RepRequest, sale: Sale, **told: str) -> HttpResponse:
    if not request.htmx:
        return redirect("receipts:receipt", sale.pk)
    status = 422 if told else 200
    return render(request, "receipts/_email.html", offers(sale) | told, status=status)


# --- For customers, who do not sign in ------------------------------------------------------


def for_customers(view: Callable[[HttpRequest, str, Sale], HttpResponse]) -> View:
    """Opened by a token, kept by no cache, listed by no search engine and told to no other site.

    Whatever is wrong with a token, the answer is the same.
    """

    @login_not_required
    @require_GET
    @wraps(view)
    def answered(request: HttpRequest, token: str) -> HttpResponse:
        if links.is_too_much(get_adapter(request).get_client_ip(request)):
            response = render(request, "receipts/busy.html", status=429)
        elif sale := links.sale_of(token):
            response = view(request, token, sale)
        else:
            response = render(request, "receipts/over.html", status=404)
        patch_cache_control(response, private=True, no_store=True)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return answered


@for_customers
def taken_away(request: HttpRequest, token: str, sale: Sale) -> HttpResponse:
    context = _slip(sale, reverse("receipts:taken_away_barcode", args=[token]))
    return render(request, "receipts/taken_away.html", context)


@for_customers
def taken_away_barcode(request: HttpRequest, token: str, sale: Sale) -> HttpResponse:
    return _barcode_of(sale)


# --- What they share ------------------------------------------------------------------------


def _sale(request: RepRequest, pk: int) -> Sale:
    sale: Sale = get_object_or_404(
        request.rep.account.sales.paid().select_related("tax_category", "customer"), pk=pk
    )
    return sale


def _slip(sale: Sale, barcode_url: str) -> dict[str, Any]:
    """What `receipts/_slip.html` shows."""
    category = sale.tax_category
    names = (category.tax1_name, category.tax2_name) if category else ("", "")
    is_inclusive = bool(category and category.is_tax_inclusive)
    return {
        "sale": sale,
        "barcode_url": barcode_url,
        "shop": sale.shop,
        "currency": sale.account.currency,
        "lines": sale.live_lines,
        "subtotal": to_cents(sale.totals.subtotal - sale.totals.discount),
        "new_cards": _new_cards(sale),
        "payments": sale.taken_payments,
        "cash_rounding": sum((pay.rounding for pay in sale.taken_payments), Decimal(0)),
        "is_inclusive": is_inclusive,
        "taxes": taxes((line.priced for line in sale.live_lines), names, included=is_inclusive),
        # The total is Lightspeed's, and all above it is ours.
        "adjustment": sale.total - sale.running_total,
    }


def _new_cards(sale: Sale) -> list[tuple[SalePayment, str]]:
    """Gift cards without plastic, each with its number: whoever takes it along has it from here."""
    cards = [load for load in sale.loads if load.payment_type.kind == PaymentType.GIFT_CARD]
    numbered = [(card, stored_value.number_of_new(card.credit_account_name)) for card in cards]
    return [(card, number) for card, number in numbered if number]


def _barcode_of(sale: Sale) -> HttpResponse:
    if not sale.ticket_number:
        raise Http404
    return HttpResponse(code128.svg(sale.ticket_number), content_type=SVG)
