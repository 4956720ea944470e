"""Finding what to sell."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_GET

from salesfloor.catalog import browsing, images, search
from salesfloor.catalog.addresses import no_picture
from salesfloor.catalog.browsing import Shown, View, branch_of
from salesfloor.catalog.cards import Card, cards, cards_of
from salesfloor.catalog.models import Category
from salesfloor.money import NotMoney, parse_money
from salesfloor.staff.access import RepRequest, selling
from salesfloor.staff.models import Mirrored, Rep

Row = TypeVar("Row", bound=Mirrored)

PAGE = 20
# No search comes so far, and Python counts on to an end.
MOST_PAGES = 10_000
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
@selling
def item_filters(request: RepRequest) -> HttpResponse:
    """What can be chosen, asked for once somebody opens the filters."""
    context = filters_context(request) | {"wanted": wanted_by(request, [])}
    return render(request, "catalog/_item_filters.html", context)


@require_GET
def item_image(request: RepRequest, pk: int, size: str = images.Size.CARD) -> HttpResponse:
    """Our copy of an item's picture, since Lightspeed forbids to show theirs from its place."""
    if size not in list(images.Size):
        raise Http404
    item = get_object_or_404(request.rep.account.items.select_related("matrix"), pk=pk)
    picture = images.picture_of(item, images.Size(size))
    if picture is None:
        response: HttpResponse = HttpResponseRedirect(no_picture())
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
    """What `catalog/_item_results.html` shows for the `q`, `view`, `category`, filters and `page`
    of this request. `view` is a `browsing.View` or the key of a category at the top of the tree, as
    on the chips; `category` one anywhere in it.

    The rep has to stand at a register.
    """
    account = request.rep.account
    # Neither put together nor read but where something asks for them.
    categories = SimpleLazyObject(account.categories.top)
    wanted = wanted_by(request, categories)
    is_searched = wanted.text or wanted.is_filtered or wanted.archived
    view = None if is_searched else _view(request)
    category = wanted.category
    page = min(_number(request.GET.get("page", "")) or 1, MOST_PAGES)
    first = (page - 1) * PAGE
    found = search.Found([], search.Query())
    if view or not (is_searched or category):
        shown, has_more = _browsed(request.rep, wanted, view, first)
    else:
        found = search.find(wanted, first=first, count=PAGE + 1)
        shown = cards(replace(found, hits=found.hits[:PAGE]), wanted)
        has_more = len(found.hits) > PAGE
    return filters_context(request) | {
        "cards": shown,
        "found": found,
        "wanted": wanted,
        "shop": wanted.shop,
        "q": wanted.text,
        "view": view,
        "views": View.choices,
        "category": category,
        "categories": categories,
        "chip": view or _top_of(category, categories),
        "branch": branch_of(category) if category and page == 1 else None,
        "currency": account.currency,
        "page": page,
        "next_page_url": _page_url(request, page + 1) if has_more else "",
    }


def _page_url(request: RepRequest, page: int) -> str:
    asked = request.GET.copy()
    asked["page"] = str(page)
    return f"{reverse('catalog:item_search')}?{asked.urlencode()}"


def filters_context(request: RepRequest) -> dict[str, Any]:
    """Asks the database only where a template shows it."""
    account = request.rep.account
    return {
        "brands": lambda: account.manufacturers.filter(archived=False).order_by("name"),
        "tags": lambda: search.tags_of(account),
    }


def wanted_by(request: RepRequest, categories: Iterable[Category]) -> search.Wanted:
    """What is none, or another account's, is as if it had not been asked for."""
    rep, asked = request.rep, request.GET
    assert rep.shop is not None  # noqa: S101 (see `selling`)
    return search.Wanted(
        shop=rep.shop,
        text=asked.get("q", "").strip(),
        category=_category(request, categories),
        brand=_named(rep.account.manufacturers, asked.get("brand", "")),
        tag=asked.get("tag", ""),
        stock=asked["stock"] if asked.get("stock") in ("here", "any") else "",
        price_from=_price(asked.get("price_from", "")),
        price_to=_price(asked.get("price_to", "")),
        archived=asked.get("archived") == "1",
    )


def _template(request: RepRequest, page: int) -> str:
    if not request.htmx or request.htmx.history_restore_request:
        return "catalog/item_search.html"
    return "catalog/_item_results.html" if page == 1 else "catalog/_item_cards.html"


def _browsed(
    rep: Rep, wanted: search.Wanted, view: View | None, first: int
) -> tuple[list[Card], bool]:
    """A page of what there is to see before anything is typed, and whether there is more. Without
    a view those are all items, what is most looked for in front."""
    front = browsing.front(rep) if view is None else browsing.shown_in(view, rep)
    last = first + PAGE
    shown = cards_of(front[first:last], rep, wanted)
    if view or len(front) > last:
        return shown, len(front) > last
    after = max(first - len(front), 0)
    missing = last - max(first, len(front))
    found = search.find(wanted, first=after, count=missing + 1)
    # Their places stay those that they have without a front, so that no page repeats another.
    seen = set(front)
    others = [hit for hit in found.hits[:missing] if _shown(hit) not in seen]
    return shown + cards(replace(found, hits=others), wanted), len(found.hits) > missing


def _shown(hit: search.Hit) -> Shown:
    return Shown(item=hit.only.pk) if hit.only else Shown(matrix=hit.matrix_pk)


def _view(request: RepRequest) -> View | None:
    named = request.GET.get("view", "")
    return View(named) if named in View.values else None


def _category(request: RepRequest, top: Iterable[Category]) -> Category | None:
    """The one of `category`, unless a chip was chosen since that leads elsewhere."""
    key = _number(request.GET.get("view", ""))
    chosen = next((each for each in top if each.pk == key), None) if key else None
    if chosen is None and "view" in request.GET:
        return None
    if not (pk := _number(request.GET.get("category", ""))):
        return chosen
    within = chosen.subtree() if chosen else request.rep.account.categories.filter(archived=False)
    return within.filter(pk=pk).first() or chosen


def _top_of(category: Category | None, top: Iterable[Category]) -> int | None:
    """The key of the category at the top of the tree above this one."""
    if category is None:
        return None
    left, right = category.left_node, category.right_node
    above = (each.pk for each in top if each.left_node <= left and right <= each.right_node)
    return next(above, None)


def _named(rows: models.Manager[Row], pk: str) -> Row | None:
    return rows.filter(pk=_number(pk), archived=False).first() if pk else None


def _price(text: str) -> Decimal | None:
    try:
        return parse_money(text) if text else None
    except NotMoney:
        return None


def _number(text: str) -> int:
    """0 for what is none, or none that we could have given out."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
