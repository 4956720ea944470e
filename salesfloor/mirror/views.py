"""What a manager sees of the connection to Lightspeed, and a rep who waits for it."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import floatformat
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from salesfloor.lightspeed.ratelimit import Right
from salesfloor.mirror.feeds import KINDS, Kind
from salesfloor.mirror.models import Feed
from salesfloor.mirror.refresh import refresh
from salesfloor.mirror.sync import compare_everything, is_ready
from salesfloor.mirror.tasks import sync_account
from salesfloor.staff import clock
from salesfloor.staff.access import RepRequest, manager_only, selling
from salesfloor.staff.connection import bucket_of
from salesfloor.staff.models import Account

# Told to a page when newer counts of stock are there than those that it shows.
REFRESHED = "stock-refreshed"
FIGURES_SHOWN = timedelta(hours=24)
# What calls are made for, in words of the shop, the most urgent first.
CALLED_FOR = {
    Right.COMPLETE: _("Recording sales"),
    Right.QUOTE: _("Pricing carts"),
    Right.LOOK_UP: _("Look-ups"),
    Right.STOCK: _("Copying stock"),
    Right.CATALOGUE: _("Copying everything else"),
}


@require_GET
def connection(request: RepRequest) -> HttpResponse:
    rep = request.rep
    partial = request.htmx and not request.htmx.history_restore_request
    template = "mirror/_progress.html" if partial else "mirror/connection.html"
    context = {"rep": rep} | _progress_context(rep.account)
    if rep.is_manager:
        context["calls"] = _calls_context(rep.account)
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
@manager_only
def again(request: RepRequest) -> HttpResponse:
    """Read what has changed or, with `whole`, compare everything."""
    if "whole" in request.POST:
        compare_everything(request.rep.account)
    sync_account(request.rep.account.pk, everything=True)
    return redirect("mirror:connection")


@require_POST
@selling
def refresh_stock(request: RepRequest, pk: int) -> HttpResponse:
    """Of the item and its other sizes and colours, if that is due and can be had at once.

    Tells the page by the event `stock-refreshed`, which comes only where counts came; without htmx
    leads back to `next`.
    """
    rep = request.rep
    item = get_object_or_404(rep.account.items.select_related("account", "matrix"), pk=pk)
    assert rep.shop is not None  # noqa: S101 (see `selling`)
    has_come = refresh(item, rep.shop, rep)
    if not request.htmx:
        wanted = request.POST.get("next", "")
        local = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
        return redirect(wanted if local else "staff:home")
    response = HttpResponse(status=204)
    return trigger_client_event(response, REFRESHED) if has_come else response


def _progress_context(account: Account) -> dict[str, Any]:
    now = clock.now()
    feeds = {feed.name: feed for feed in account.feeds.all()}
    rows = [
        {
            "title": kind.title,
            "feed": feeds.get(kind.name),
            "minutes_left": _minutes(feeds[kind.name].time_left(now))
            if kind.name in feeds
            else None,
        }
        for kind in KINDS
    ]
    progress = account.feeds.progress(now)
    return {
        "account": account,
        "rows": rows,
        "progress": progress,
        "minutes_left": _minutes(progress.time_left),
        "is_ready": is_ready(account),
        "is_running": any(_is_to_come(kind, feeds.get(kind.name)) for kind in KINDS),
        "has_trouble": any(feed.trouble for feed in feeds.values()),
    }


def _is_to_come(kind: Kind, feed: Feed | None) -> bool:
    """Whether it has never been read whole, and one may wait for it."""
    if feed is None or kind.needed:
        return feed is None or not feed.is_finished
    return not (feed.is_finished or feed.trouble == Feed.Trouble.FORBIDDEN)


def _calls_context(account: Account) -> dict[str, Any]:
    now, store = clock.now(), bucket_of(account)
    bucket, figures = store.bucket(), store.figures(now - FIGURES_SHOWN)
    rows = [
        {"title": title, "figures": figures[right]}
        for right, title in CALLED_FOR.items()
        if right in figures
    ]
    if not bucket:
        return {"rows": rows}
    level = min(bucket.level_at(now), bucket.size)
    return {
        "rows": rows,
        "bucket": bucket,
        "level": round(level),
        "size": round(bucket.size),
        "drip_rate": floatformat(bucket.drip_rate, -1),
    }


def _minutes(left: timedelta | None) -> int | None:
    """Rounded up: who waits is rather told too much."""
    return None if left is None else -(-left // timedelta(minutes=1))
