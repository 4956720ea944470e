"""One item, or one product in all its sizes and colours, as a rep shows it to a customer."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from salesfloor.catalog import variants
from salesfloor.catalog.models import Item, ItemComponent, add_stock
from salesfloor.catalog.stock_by_shop import by_shop, sizes_by_shop
from salesfloor.staff.access import RepRequest, selling
from salesfloor.staff.models import Rep, Shop


@require_GET
@selling
def item_sheet(request: RepRequest, pk: int) -> HttpResponse:
    """`q` is what was searched: of a product in several sizes, those that it names are marked."""
    context = sheet_context(request.rep, item_of(request.rep, pk), request.GET.get("q", ""))
    return show_sheet(request, context)


@require_GET
@selling
def item_stock(request: RepRequest, pk: int) -> HttpResponse:
    """The stock shop by shop: of a size whose grid is on the screen that alone, else its sheet."""
    item = item_of(request.rep, pk)
    context: dict[str, Any] = {"item": item, "stock": by_shop(item, request.rep)}
    if _is_for_the_grid(request):
        return _show_stock(request, context)
    return show_sheet(request, sheet_context(request.rep, item, request.GET.get("q", "")) | context)


@require_GET
@selling
def product_stock(request: RepRequest, pk: int) -> HttpResponse:
    """Of the product in its sizes what there is shop by shop: of those that `q` names, or of all.

    Shown as by `item_stock`.
    """
    item = item_of(request.rep, pk)
    context = sheet_context(request.rep, item, request.GET.get("q", ""))
    if grid := context.get("grid"):
        wanted = context["meant"] or {each.pk for each in grid.variants}
        context["sizes_by_shop"] = sizes_by_shop(grid, wanted, request.rep)
    if _is_for_the_grid(request):
        return _show_stock(request, context)
    return show_sheet(request, context)


def _is_for_the_grid(request: RepRequest) -> bool:
    return request.htmx.target == "item-stock" and not request.htmx.history_restore_request


def _show_stock(request: RepRequest, context: dict[str, Any]) -> HttpResponse:
    response = render(request, "catalog/_item_stock.html", context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def show_sheet(request: RepRequest, context: dict[str, Any]) -> HttpResponse:
    is_part = request.htmx and not request.htmx.history_restore_request
    template = "catalog/_item_sheet.html" if is_part else "catalog/item_sheet.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def item_of(rep: Rep, pk: int) -> Item:
    """Archived ones too, which a rep may look at."""
    items = rep.account.items.select_related(
        "category", "manufacturer", "matrix__attribute_set", "matrix__manufacturer"
    )
    return get_object_or_404(items, pk=pk)


def sheet_context(rep: Rep, item: Item, query: str = "") -> dict[str, Any]:
    """What `catalog/_item_sheet.html` shows. Nothing in it tells what an item costs the shop."""
    shop = _shop(rep)
    context: dict[str, Any] = {
        "item": item,
        "pictured": item,
        "name": item.description,
        "shop": shop,
        "currency": rep.account.currency,
        "q": query,
        "price": item.price_at(shop),
        "msrp": item.msrp,
        "notes": _notes([item]),
    }
    matrix = item.matrix
    if matrix is None:
        add_stock([item], shop)
        components = _components(item, shop)
        stock = by_shop(item, rep) if item.has_stock else []
        return context | {"components": components, "stock": stock}
    siblings = variants.variants_of(matrix, shop)
    called = matrix.attribute_set
    names = [getattr(called, f"{name}_name", "") for name in variants.ATTRIBUTES]
    grid = variants.grid(siblings, names, chosen=item)
    shown = grid.variants
    msrps = {each.msrp for each in shown}
    meant = variants.meant(shown, query)
    living = [each for each in shown if not each.archived]
    prices = sorted({each.price_at(shop) for each in living})
    return context | {
        "name": matrix.description or item.description,
        "grid": grid,
        "meant": meant,
        "pictured": _pictured(item, [each for each in shown if each.pk in meant]),
        # Of counts that are not equally old, how old the oldest is.
        "counted_at": min((each.counted_at for each in living if each.counted_at), default=None),
        "focus_on": next((each.pk for each in shown if each.pk in meant), None),
        "msrp": msrps.pop() if len(msrps) == 1 else Decimal(0),
        "price": prices[0] if prices else item.price_at(shop),
        "has_several_prices": len(prices) > 1,
        "notes": _notes(shown),
    }


def _shop(rep: Rep) -> Shop:
    assert rep.shop is not None  # noqa: S101 (see `selling`)
    return rep.shop


def _pictured(item: Item, meant: list[Item]) -> Item:
    """One of those that were searched, if `item` is none of them and they have a picture."""
    return next((each for each in meant if each.has_picture and item not in meant), item)


def _notes(items: list[Item]) -> list[tuple[str, bool]]:
    """Each once, and whether customers may see it."""
    return list(dict.fromkeys((each.note, each.note_is_public) for each in items if each.note))


def _components(item: Item, shop: Shop) -> list[ItemComponent]:
    """Of a box or an assembly, with the stock of each."""
    components = list(item.components.select_related("component").order_by("pk"))
    add_stock([each.component for each in components], shop)
    return components
