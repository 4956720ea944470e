"""Finding what to sell."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_GET

from salesfloor.catalog import images
from salesfloor.catalog.models import Category
from salesfloor.staff.access import RepRequest, selling
from salesfloor.staff.models import Account

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
    """What `catalog/_item_results.html` shows for the `q`, `category` and `page` of this request.

    The rep has to stand at a register.
    """
    rep = request.rep
    account, shop = rep.account, rep.shop
    assert shop is not None  # noqa: S101 (see `selling`)
    query = request.GET.get("q", "").strip()
    category = _category(account, request.GET.get("category", ""))
    page = _number(request.GET.get("page", "")) or 1
    found = account.items.search(
        query, shop=shop, category=category, first=(page - 1) * PAGE, count=PAGE + 1
    )
    return {
        "items": found[:PAGE],
        "shop": shop,
        "q": query,
        "category": category,
        "categories": account.categories.top(),
        "currency": account.currency,
        "page": page,
        "next_page": page + 1 if len(found) > PAGE else None,
    }


def _template(request: RepRequest, page: int) -> str:
    if not request.htmx or request.htmx.history_restore_request:
        return "catalog/item_search.html"
    return "catalog/_item_results.html" if page == 1 else "catalog/_item_cards.html"


def _category(account: Account, pk: str) -> Category | None:
    return account.categories.filter(pk=_number(pk), archived=False).first() if pk else None


def _number(text: str) -> int:
    """0 for what is none, or none that we could have given out."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
