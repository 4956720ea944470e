"""The day sheet: what was taken at each register, ours and Lightspeed's."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from salesfloor.dashboard.day import Day, Sheet, lightspeeds_sales, sheet_of
from salesfloor.dashboard.sheets import Cell, csv_response
from salesfloor.lightspeed import errors
from salesfloor.staff import clock
from salesfloor.staff.access import RepRequest, manager_only
from salesfloor.staff.models import Shop


@require_GET
@manager_only
def today(request: RepRequest) -> HttpResponse:
    return redirect("dashboard:day", timezone.localdate())


@require_GET
@manager_only
def day(request: RepRequest, on: date) -> HttpResponse:
    """`shop` narrows it to one, `compare` reads Lightspeed's figures, `format=csv` saves it."""
    shops = _shops(request)
    days = [Day(shop, on) for shop in shops]
    sales, away = None, None
    if "compare" in request.GET:
        try:
            sales = lightspeeds_sales(request.rep, days)
        except errors.LightspeedError as error:
            away = error
    sheets = [sheet_of(day, sales) for day in days]
    if request.GET.get("format") == "csv":
        return csv_response(f"day-{on}.csv", _rows(sheets))
    return render(request, "dashboard/day.html", _context(request, on, sheets) | {"away": away})


def _shops(request: RepRequest) -> list[Shop]:
    shops = request.rep.account.shops.filter(archived=False).select_related("account")
    wanted = request.GET.get("shop", "")
    if not wanted:
        return list(shops)
    if not wanted.isdecimal():
        raise Http404
    return [get_object_or_404(shops, pk=wanted)]


def _context(request: RepRequest, on: date, sheets: Sequence[Sheet]) -> dict[str, Any]:
    compared = any(sheet.theirs is not None for sheet in sheets)
    next_day = on + timedelta(days=1)
    return {
        "rep": request.rep,
        "currency": request.rep.account.currency,
        "on": on,
        "before": on - timedelta(days=1),
        "after": next_day if next_day <= timezone.localdate() else None,
        "shops": request.rep.account.shops.filter(archived=False),
        "shop": request.GET.get("shop", ""),
        "sheets": sheets,
        "compared": compared,
        "as_of": clock.now() if compared else None,
    }


def _rows(sheets: Sequence[Sheet]) -> Iterator[Sequence[Cell]]:
    yield (
        *(_("Day"), _("Shop"), _("Register"), _("Payment type"), _("salesfloor")),
        *(_("Lightspeed"), _("Difference"), _("At the tills")),
    )
    for sheet in sheets:
        for register in sheet.registers:
            for row in register.rows:
                figure = row.figure
                yield (
                    *(sheet.day.on.isoformat(), sheet.day.shop.name, register.name, row.name),
                    *(figure.ours, figure.theirs, figure.difference, figure.at_tills),
                )
