"""What the customer takes away: printed, by e-mail, or as a page on their own phone."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from salesfloor.money import to_cents
from salesfloor.receipts import code128
from salesfloor.receipts.taxes import taxes
from salesfloor.sales.models import Sale
from salesfloor.staff.access import RepRequest, selling


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


def _sale(request: RepRequest, pk: int) -> Sale:
    sale: Sale = get_object_or_404(
        request.rep.account.sales.paid().select_related("tax_category"), pk=pk
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
        "payments": sale.approved_payments,
        "is_inclusive": is_inclusive,
        "taxes": taxes((line.priced for line in sale.live_lines), names, included=is_inclusive),
        # The total is Lightspeed's, and all above it is ours.
        "adjustment": sale.total - sale.running_total,
    }


def _barcode_of(sale: Sale) -> HttpResponse:
    if not sale.ticket_number:
        raise Http404
    return HttpResponse(code128.svg(sale.ticket_number), content_type="image/svg+xml")
