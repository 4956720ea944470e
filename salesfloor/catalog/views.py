"""Finding what to sell."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_GET

from salesfloor.catalog import browsing, images
from salesfloor.catalog.browsing import View, branch_of
from salesfloor.catalog.models import Category, Item, add_stock
from salesfloor.staff.access import RepRequest, selling
from salesfloor.staff.models import Rep, Shop

PAGE = 24
# An address names one version of a picture, so it may be kept for ever.
PICTURE_KEPT_FOR = timedelta(days=365)
# A picture that could not be had is asked for again after this.
NO_PICTURE_KEPT_FOR = timedelta(seconds=30)


@require_GET
@selling
def item_search(request: RepRequest) -> HttpResponse:
    context = results_context(request)
    response = render(request, _template(request, context["page"]), context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_GET
def item_image(request: RepRequest, pk: int, size: str = images.Size.CARD) -> HttpResponse:
    """Our copy of an item's picture, since Lightspeed forbids to show theirs from its place."""
    if size not in list(images.Size):
        raise Http404
    item = get_object_or_404(request.rep.account.items.select_related("matrix"), pk=pk)
    picture = images.picture_of(item, images.Size(size))
    if picture is None:
        response: HttpResponse = HttpResponseRedirect(static("catalog/no-picture.svg"))
        patch_cache_control(
            response, private=True, max_age=int(NO_PICTURE_KEPT_FOR.total_seconds())
        )
        return response
    response = HttpResponse(picture.content, content_type=picture.content_type)
    # It came from outside and may be an SVG: opened by itself it must not be able to do anything.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(
        response, private=True, immutable=True, max_age=int(PICTURE_KEPT_FOR.total_seconds())
    )
    return response


def results_context(request: RepRequest) -> dict[str, Any]:
    """What `catalog/_item_results.html` shows for the `q`, `view`, `category` and `page` of this
    request. `view` is a `browsing.View` or the key of a category at the top of the tree, as on the
    chips; `category` one anywhere in it.

    The rep has to stand at a register.
    """
    rep = request.rep
    account, shop = rep.account, rep.shop
    assert shop is not None  # noqa: S101 (see `selling`)
    query = request.GET.get("q", "").strip()
    categories = list(account.categories.top())
    view = _view(request) if not query else None
    category = _category(request, categories)
    page = _number(request.GET.get("page", "")) or 1
    first = (page - 1) * PAGE
    if view or not (query or category):
        found, has_more = _browsed(rep, shop, view, first)
    else:
        found = account.items.search(
            query, shop=shop, category=category, first=first, count=PAGE + 1
        )
        has_more = len(found) > PAGE
    return {
        "items": found[:PAGE],
        "shop": shop,
        "q": query,
        "view": view,
        "views": View.choices,
        "category": category,
        "categories": categories,
        "chip": view or _top_of(category, categories),
        "branch": branch_of(category) if category and page == 1 else None,
        "currency": account.currency,
        "page": page,
        "next_page": page + 1 if has_more else None,
    }


def _template(request: RepRequest, page: int) -> str:
    if not request.htmx or request.htmx.history_restore_request:
        return "catalog/item_search.html"
    return "catalog/_item_results.html" if page == 1 else "catalog/_item_cards.html"


def _browsed(rep: Rep, shop: Shop, view: View | None, first: int) -> tuple[list[Item], bool]:
    """A page of what there is to see before anything is typed, and whether there is more. Without
    a view those are all items, what is most looked for in front."""
    items = rep.account.items
    front = browsing.front(rep) if view is None else browsing.items_in(view, rep)
    last = first + PAGE
    found = browsing.in_order(items.for_sale(), front[first:last])
    add_stock(found, shop)
    if view or len(front) > last:
        return found, len(front) > last
    after = max(first - len(front), 0)
    missing = last - max(first, len(front))
    others = items.search("", shop=shop, first=after, count=missing + 1)
    # Their places stay those that they have without a front, so that no page repeats another.
    seen = set(front)
    found += [item for item in others[:missing] if item.pk not in seen]
    return found, len(others) > missing


def _view(request: RepRequest) -> View | None:
    named = request.GET.get("view", "")
    return View(named) if named in View.values else None


def _category(request: RepRequest, top: list[Category]) -> Category | None:
    """The one of `category`, unless a chip was chosen since that leads elsewhere."""
    categories = request.rep.account.categories.filter(archived=False)
    key = _number(request.GET.get("view", ""))
    chosen = next((each for each in top if each.pk == key), None)
    if chosen is None and "view" in request.GET:
        return None
    if not (pk := _number(request.GET.get("category", ""))):
        return chosen
    return (chosen.subtree() if chosen else categories).filter(pk=pk).first() or chosen


def _top_of(category: Category | None, top: list[Category]) -> int | None:
    """The key of the category at the top of the tree above this one."""
    if category is None:
        return None
    left, right = category.left_node, category.right_node
    above = (each.pk for each in top if each.left_node <= left and right <= each.right_node)
    return next(above, None)


def _number(text: str) -> int:
    """0 for what is none, or none that we could have given out."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
