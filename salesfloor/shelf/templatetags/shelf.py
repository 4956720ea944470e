"""`{% shelf %}` for a screen's top bar, `{% ask_shop item shop %}` beside the stock of a shop."""

from typing import Any

from django import template
from django.template import RequestContext

from salesfloor.catalog.models import Item, ItemStock
from salesfloor.shelf import asking
from salesfloor.shelf.models import Question, version_of
from salesfloor.shelf.words import clock_time, said
from salesfloor.staff import clock
from salesfloor.staff.models import Rep, Shop

register = template.Library()


@register.simple_tag
def questions_of(rep: Rep) -> dict[str, Any]:
    """What this shop asks and is asked, with how many wait for an answer here, the answers that the
    rep has not looked at yet, and the hours until which goods may be held."""
    assert rep.shop is not None  # noqa: S101 (access.selling saw to it)
    now = clock.now()
    questions = rep.account.questions.told().shown_to(rep.shop, now)
    for question in questions:
        question.said = said(question, rep.shop)
        question.is_to_us = question.shop_id == rep.shop.pk
        question.is_told = _is_told(question, rep)
    return {
        "all": questions,
        "version": version_of(questions, now),
        "waiting": sum(
            each.is_to_us and each.standing == Question.State.ASKED for each in questions
        ),
        "answers": [each.pk for each in questions if each.is_news_to(rep)],
        "hours": [clock_time(hour) for hour in asking.hours_offered(now)],
        "usual": clock_time(asking.usual_hour(now)),
    }


def _is_told(question: Question, rep: Rep) -> bool:
    """Whether this rep has to hear of it, and not only find it when they look."""
    state = Question.State
    if question.is_to_us:
        # What a colleague holds in their hand for nobody has to go back.
        to_be_put_back = question.standing in (state.OVER, state.RELEASED) and question.answered_by
        return question.standing == state.ASKED or bool(to_be_put_back)
    known = question.standing in (state.ASKED, state.RELEASED)
    return question.asked_by_id == rep.pk and not known


@register.inclusion_tag("shelf/_ask.html", takes_context=True)
def ask_shop(context: RequestContext, item: Item, shop: Shop, refusal: str = "") -> dict[str, Any]:
    """A button that asks `shop` for the item, or how the question stands that was asked.

    For a rep at a register; nothing for the shop they are in. Beside all shops of an item it costs
    one query together.
    """
    request = context["request"]
    known = vars(request).setdefault("asked_of_shops", {})
    if item.pk not in known:
        known[item.pk] = _asked(request.rep, item)
    return _ask(item, shop, request.rep, known[item.pk], refusal=refusal)


@register.inclusion_tag("shelf/_ask_shops.html", takes_context=True)
def ask_shops(context: RequestContext, item: Item) -> dict[str, Any]:
    """The other shops that have the item by Lightspeed's count, those with most first, each with
    its button."""
    rep: Rep = context["request"].rep
    stock = ItemStock.everywhere.filter(item=item, sellable__gt=0, shop__archived=False)
    elsewhere = stock.exclude(shop=rep.shop).select_related("shop").order_by("-sellable", "shop")
    asked = _asked(rep, item)
    return {
        "item": item,
        "shops": [{"stock": each, "ask": _ask(item, each.shop, rep, asked)} for each in elsewhere],
    }


def _asked(rep: Rep, item: Item) -> dict[int, Question]:
    """What the rep's shop asked for the item and has not put away, the latest by asked shop."""
    assert rep.shop is not None  # noqa: S101 (access.selling saw to it)
    of_item = rep.account.questions.told().filter(item=item, asking_shop=rep.shop)
    return {each.shop_id: each for each in of_item.shown_to(rep.shop, clock.now())}


def _ask(
    item: Item, shop: Shop, rep: Rep, asked: dict[int, Question], refusal: str = ""
) -> dict[str, Any]:
    question = asked.get(shop.pk)
    return {
        "item": item,
        "shop": shop,
        "is_here": shop == rep.shop,
        "refusal": refusal,
        "said": said(question, question.asking_shop) if question else "",
        "may_ask": question is None or question.standing not in Question.State.unended(),
    }
