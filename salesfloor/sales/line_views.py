"""What may be changed of a line besides how many there are: its size or colour, and which unit of
those that have serial numbers it is."""

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from salesfloor.catalog.sheet_views import item_of, sheet_context, show_sheet
from salesfloor.sales import serials
from salesfloor.sales.forms import CartForm, SerialForm, VariantForm
from salesfloor.sales.models import Sale, SaleLine
from salesfloor.sales.refusals import Refused
from salesfloor.sales.views import claimed_line, cleaned, on_the_cart, show_cart
from salesfloor.staff.access import RepRequest, selling
from salesfloor.staff.models import Rep
from salesfloor.staff.transactions import atomic_soon_on_disk


@require_GET
@selling
def line_variants(request: RepRequest, pk: int) -> HttpResponse:
    """The sheet of the line's item, on which a tap swaps it for another size or colour."""
    sale, line = _line_of(request.rep, pk)
    if not line.may_become_another:
        raise Http404
    context: dict[str, Any] = sheet_context(request.rep, item_of(request.rep, line.item_id))
    context |= {"line": line, "sale": sale, "action_id": uuid4(), "focus_on": line.item_id}
    return show_sheet(request, context)


@on_the_cart
def swap_variant(request: RepRequest, pk: int) -> HttpResponse:
    form = cleaned(VariantForm, request)
    with atomic_soon_on_disk():
        line = claimed_line(request.rep, pk, form, removed=False)
        item = get_object_or_404(request.rep.account.items.for_sale(), pk=form["item"])
        if item == line.item:
            return show_cart(request, line.sale)
        line.become(item)
    return show_cart(request, line.sale, swapped=line)


@on_the_cart
def swap_back(request: RepRequest, pk: int) -> HttpResponse:
    """Undo of `swap_variant`."""
    form = cleaned(CartForm, request)
    with atomic_soon_on_disk():
        line = claimed_line(request.rep, pk, form, removed=False)
        former = line.former.select_related("item").order_by("-pk").first()
        if former is None:
            raise Http404
        line.turn_back(former)
    return show_cart(request, line.sale)


@on_the_cart
def tell_serial(request: RepRequest, pk: int) -> HttpResponse:
    """Which unit is sold; with an empty form it is asked again."""
    form = cleaned(SerialForm, request)
    with atomic_soon_on_disk():
        line = claimed_line(request.rep, pk, form, removed=False)
        if not line.item.serialized or line.is_return or line.is_kept:
            raise Http404
        if serial := form["known"] or form["serial"]:
            _refuse_twice(line, serial)
            line.tell_serial(serial)
        elif form["has_none"]:
            line.tell_serial("")
        else:
            line.ask_serial()
    return show_cart(request, line.sale)


@require_GET
@selling
def known_serials(request: RepRequest, pk: int) -> HttpResponse:
    """Those of the line's item that Lightspeed knows and has not sold, without this cart's own."""
    sale, line = _line_of(request.rep, pk)
    in_cart = {other.serial for other in sale.live_lines if other.item_id == line.item_id}
    known = serials.unsold(request.rep, line.item)
    context = {"line": line, "serials": [serial for serial in known if serial not in in_cart]}
    return render(request, "sales/_known_serials.html", context)


def _refuse_twice(line: SaleLine, serial: str) -> None:
    for other in line.sale.live_lines:
        if other.pk != line.pk and (other.item_id, other.serial) == (line.item_id, serial):
            raise Refused(
                _("%(serial)s is in this cart already. Nothing was changed.") % {"serial": serial}
            )


def _line_of(rep: Rep, pk: int) -> tuple[Sale, SaleLine]:
    """A line of the rep's cart. Raises Http404."""
    sale: Sale | None = rep.account.sales.current(rep)
    line = next((line for line in sale.live_lines if line.pk == pk), None) if sale else None
    if sale is None or line is None:
        raise Http404
    return sale, line
