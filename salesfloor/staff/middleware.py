"""Who is behind a request."""

from collections.abc import Callable
from datetime import UTC
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django_htmx.http import HttpResponseClientRedirect

from salesfloor.staff.models import Rep


class SignedInMiddleware(LoginRequiredMiddleware):
    """Denies by default, names the rep, and keeps signed-in pages out of every cache."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: Any,
        view_kwargs: Any,
    ) -> HttpResponseBase | None:
        denied: HttpResponseBase | None = super().process_view(
            request, view_func, view_args, view_kwargs
        )
        if denied is None and request.user.is_authenticated:
            try:
                rep = request.user.rep
            except Rep.DoesNotExist:
                return self.handle_no_permission(request, view_func)
            if rep.is_dismissed:
                logout(request)
                return self.handle_no_permission(request, view_func)
            request.rep = rep  # type: ignore[attr-defined]
            shop = rep.shop or rep.account.shops.first()
            timezone.activate(shop.zone if shop else UTC)
        return denied

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        over = f"{resolve_url(self.get_login_url(view_func))}?over=1"
        # A swap would put the sign-in page into a corner of the page: leave the page instead.
        if getattr(request, "htmx", False):
            return HttpResponseClientRedirect(over)
        if request.method != "GET":  # what was to be done cannot be come back to by its address
            return HttpResponseRedirect(over)
        return super().handle_no_permission(request, view_func)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        timezone.deactivate()
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if hasattr(request, "rep") and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response
