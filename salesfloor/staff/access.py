"""Who may see a view. Rights are Lightspeed's; views decide, templates only follow."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.middleware import HtmxDetails

from salesfloor.staff.models import Rep

View = Callable[..., HttpResponse]


class RepRequest(HttpRequest):
    """A request whose rep is known, as `SignedInMiddleware` makes it."""

    rep: Rep
    htmx: HtmxDetails


def selling(view: View) -> View:
    """For a rep who stands at a register of a connected account; others are sent to get there."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rep = cast(RepRequest, request).rep
        if rep.account.connected_at is None or not rep.is_at_a_register:
            return redirect("staff:home")
        return view(request, *args, **kwargs)

    return guarded


def manager_only(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not cast(RepRequest, request).rep.is_manager:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
