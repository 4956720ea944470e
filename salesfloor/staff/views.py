from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from salesfloor.staff.access import RepRequest


# Browsers hold the redirects of a form against form-action: Lightspeed's host joins it here alone.
@csp_update({"form-action": [settings.LIGHTSPEED_LOGIN_URL]})
@login_not_required
@require_GET
def sign_in(request: HttpRequest) -> HttpResponse:
    # Signed in here, and yet Lightspeed may have refused the sign-in there: `again`.
    if request.user.is_authenticated and "again" not in request.GET:
        if "over" in request.GET:  # the page was from before they signed in elsewhere
            words = _("The last tap did nothing, as you signed in anew meanwhile. Tap again.")
            messages.warning(request, words)
        return redirect("staff:home")
    wanted = request.GET.get("next", "")
    local = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return render(
        request,
        "staff/sign_in.html",
        {
            "next": wanted if local else "",
            "over": "over" in request.GET,
            "again": "again" in request.GET,
            "simulated": settings.SIMULATED,
        },
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("staff:sign_in")


@login_not_required
def session_over(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its session (CSRF): say so, or take htmx to the sign-in page."""
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(f"{resolve_url('staff:sign_in')}?over=1")
    return render(request, "403_csrf.html", status=403)


@require_GET
def home(request: RepRequest) -> HttpResponse:
    """Where a rep goes next: wait for a manager, choose a register, or sell."""
    rep = request.rep
    if rep.account.connected_at is None:
        return render(request, "staff/not_connected.html", {"rep": rep})
    if not rep.account.registers.filter(archived=False).exists():
        return redirect("mirror:connection")
    if not rep.is_at_a_register:
        return redirect("staff:choose_register")
    return redirect("sales:sell")


@require_http_methods(["GET", "POST"])
def choose_register(request: RepRequest) -> HttpResponse:
    rep = request.rep
    registers = rep.account.registers.filter(archived=False, shop__archived=False)
    if request.method == "POST":
        wanted = request.POST.get("register", "")
        if not wanted.isdecimal():
            raise Http404
        rep.register = get_object_or_404(registers, pk=wanted)
        rep.save(update_fields=["register"])
        return redirect("sales:sell")
    shops = rep.account.shops.filter(registers__in=registers).distinct()
    shops = shops.prefetch_related(Prefetch("registers", registers, to_attr="registers_here"))
    return render(request, "staff/choose_register.html", {"rep": rep, "shops": shops})
