"""Words that mean the same to the shop's customers, as its managers know them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from salesfloor.catalog import search
from salesfloor.staff.access import RepRequest, manager_only

# Each search reads all of them.
LONGEST = 20_000


@require_http_methods(["GET", "POST"])
@manager_only
def synonyms(request: RepRequest) -> HttpResponse:
    """One text for all, so that words can be moved between meanings and lines be sorted."""
    account = request.rep.account
    if request.method == "GET":
        return _page(request, search.synonyms_of(account))
    text = request.POST.get("synonyms", "").replace("\0", " ")[:LONGEST]
    if faults := search.lines_without_synonyms(text):
        return _page(request, text, faults)
    search.set_synonyms(account, text)
    messages.success(request, _("Saved."))
    return redirect("catalog:synonyms")


def _page(request: RepRequest, text: str, faults: list[str] | None = None) -> HttpResponse:
    context = {"rep": request.rep, "synonyms": text, "faults": faults, "longest": LONGEST}
    return render(request, "catalog/synonyms.html", context, status=422 if faults else 200)
