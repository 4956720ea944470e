"""Asking another shop to look on its shelf, and answering, on any selling screen of either."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from salesfloor.catalog.models import Item, add_stock
from salesfloor.shelf import asking
from salesfloor.shelf.asking import Refused
from salesfloor.shelf.models import Question
from salesfloor.shelf.screens import CHANGED
from salesfloor.staff import clock
from salesfloor.staff.access import RepRequest, selling


@require_GET
@selling
def questions(request: RepRequest) -> HttpResponse:
    """What this shop asks and is asked: for the top bar, or as a page of its own."""
    template = "shelf/_shelf.html" if request.htmx else "shelf/questions.html"
    response = render(request, template, {"rep": request.rep})
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_GET
@selling
def of_item(request: RepRequest, pk: int) -> HttpResponse:
    """The other shops that have an item by Lightspeed's count, each with a button to ask there."""
    item = _item(request, pk)
    assert request.rep.shop is not None  # noqa: S101 (see `selling`)
    add_stock([item], request.rep.shop)
    return render(request, "shelf/of_item.html", {"rep": request.rep, "item": item})


@require_POST
@selling
def ask(request: RepRequest, item_pk: int, shop_pk: int) -> HttpResponse:
    item = _item(request, item_pk)
    shop = get_object_or_404(request.rep.account.shops.filter(archived=False), pk=shop_pk)
    refusal, status = "", 200
    try:
        asking.ask(request.rep, item, shop, clock.now())
    except Refused as refused:
        refusal, status = str(refused.text), refused.status
    if not request.htmx:
        if refusal:
            messages.error(request, refusal)
        return redirect("shelf:questions")
    context = {"rep": request.rep, "item": item, "shop": shop, "refusal": refusal}
    response = render(request, "shelf/_asked.html", context, status=status)
    return trigger_client_event(response, CHANGED)


@require_POST
@selling
def answer(request: RepRequest, pk: int) -> HttpResponse:
    """`answer` is held (with `until`, a time of day), not_found or moment."""
    question, now = _question(request, pk), clock.now()
    try:
        match request.POST.get("answer"):
            case "held":
                until = asking.next_time(request.POST.get("until", ""), now)
                asking.say_held(request.rep, question, until, now)
            case "not_found":
                asking.say_not_found(request.rep, question, now)
            case "moment":
                asking.say_one_moment(request.rep, question, now)
            case _:
                raise Refused(asking.NO_ANSWER)
    except Refused as refused:
        return _shelf(request, refused)
    return _shelf(request)


@require_POST
@selling
def see_answers(request: RepRequest) -> HttpResponse:
    """The list with the answers to each `question` was opened: they are no news any more. What the
    screen shows follows with its next look."""
    asked = [pk for pk in request.POST.getlist("question") if pk.isascii() and pk.isdecimal()]
    asking.see_answers(request.rep, [int(pk) for pk in asked if len(pk) < 19])
    return HttpResponse(status=204)


@require_POST
@selling
def end(request: RepRequest, pk: int) -> HttpResponse:
    try:
        asking.end(request.rep, _question(request, pk), clock.now())
    except Refused as refused:
        return _shelf(request, refused)
    return _shelf(request)


def _shelf(request: RepRequest, refused: Refused | None = None) -> HttpResponse:
    if not request.htmx:
        if refused:
            messages.error(request, str(refused.text))
        return redirect("shelf:questions")
    context = {"rep": request.rep, "refusal": refused.text if refused else ""}
    status = refused.status if refused else 200
    return render(request, "shelf/_shelf.html", context, status=status)


def _item(request: RepRequest, pk: int) -> Item:
    return get_object_or_404(request.rep.account.items.for_sale(), pk=pk)


def _question(request: RepRequest, pk: int) -> Question:
    """One that the rep's shop asks or is asked; another's is as unknown as none."""
    shown = request.rep.account.questions.between(request.rep.shop)
    return get_object_or_404(shown.told(), pk=pk)
