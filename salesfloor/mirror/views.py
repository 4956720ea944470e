"""What a manager sees of the connection to Lightspeed, and a rep who waits for it."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_POST

from salesfloor.mirror.feeds import KINDS
from salesfloor.mirror.sync import is_ready
from salesfloor.mirror.tasks import sync_account
from salesfloor.staff.access import RepRequest, manager_only
from salesfloor.staff.models import Account


@require_GET
def connection(request: RepRequest) -> HttpResponse:
    rep = request.rep
    partial = request.htmx and not request.htmx.history_restore_request
    template = "mirror/_progress.html" if partial else "mirror/connection.html"
    response = render(request, template, {"rep": rep} | _progress_context(rep.account))
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
@manager_only
def again(request: RepRequest) -> HttpResponse:
    sync_account(request.rep.account.pk, everything=True)
    return redirect("mirror:connection")


def _progress_context(account: Account) -> dict[str, Any]:
    now = timezone.now()
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
        "is_running": len(feeds) < len(KINDS) or not all(f.is_finished for f in feeds.values()),
        "has_trouble": any(feed.trouble for feed in feeds.values()),
    }


def _minutes(left: timedelta | None) -> int | None:
    """Rounded up: who waits is rather told too much."""
    return None if left is None else -(-left // timedelta(minutes=1))
