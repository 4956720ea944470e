"""The star on an item, and the managers' page on which favourites are put in order."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from salesfloor.catalog import favourites
from salesfloor.catalog.favourites import Whose
from salesfloor.catalog.models import Favourite
from salesfloor.staff.access import RepRequest, manager_only, selling
from salesfloor.staff.models import Shop


@require_http_methods(["GET", "POST"])
@selling
def favourite(request: RepRequest, pk: int) -> HttpResponse:
    """The star of one product. `put` and `take` name one of the lists; those of everybody are a
    manager's."""
    item = get_object_or_404(request.rep.account.items.select_related("matrix"), pk=pk)
    refusal, status = "", 200
    if request.method == "POST":
        is_put = "put" in request.POST
        whose = _whose(request, request.POST.get("put" if is_put else "take", ""))
        try:
            change = favourites.put if is_put else favourites.take_away
            change(request.rep, item, whose)
        except favourites.ListFull:
            refusal, status = _("That list is full. Take another item out of it first."), 422
        if not request.htmx:
            if refusal:
                messages.error(request, refusal)
            return redirect("catalog:favourite", pk)
    template = "catalog/_favourite_of.html" if request.htmx else "catalog/favourite.html"
    context = {"rep": request.rep, "item": item, "refusal": refusal}
    return render(request, template, context, status=status)


@require_GET
@manager_only
def favourites_page(request: RepRequest) -> HttpResponse:
    """Of everybody: `shop` chooses one, without it those of all shops are shown."""
    account = request.rep.account
    shop = _shop(request, request.GET.get("shop", ""))
    context = {
        "rep": request.rep,
        "shop": shop,
        "shops": account.shops.filter(archived=False),
        "favourites": favourites.of_everybody(account, shop),
    }
    return render(request, "catalog/favourites.html", context)


@require_POST
@manager_only
def move_favourite(request: RepRequest, pk: int) -> HttpResponse:
    """`to` is up, down or out."""
    listed = request.rep.account.favourites.filter(rep=None)
    one = get_object_or_404(listed.select_related("account", "shop", "item"), pk=pk)
    match request.POST.get("to"):
        case "up":
            favourites.move(one, -1)
        case "down":
            favourites.move(one, 1)
        case "out":
            favourites.take_out(one)
    return redirect(_page_of(one))


def _page_of(one: Favourite) -> str:
    page = reverse("catalog:favourites")
    return f"{page}?shop={one.shop_id}" if one.shop_id else page


def _whose(request: RepRequest, named: str) -> Whose:
    whose = Whose(named) if named in list(Whose) else Whose.MINE
    if whose is not Whose.MINE and not request.rep.is_manager:
        raise PermissionDenied
    return whose


def _shop(request: RepRequest, pk: str) -> Shop | None:
    if not pk:
        return None
    known = pk.isascii() and pk.isdecimal() and len(pk) < 19
    return get_object_or_404(request.rep.account.shops, pk=int(pk) if known else 0)
