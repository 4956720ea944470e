"""What a card says of an item: its price in this shop, and how old the count of stock is."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.template import RequestContext
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from salesfloor.catalog import favourites
from salesfloor.catalog.favourites import Whose
from salesfloor.catalog.models import Counted, Item
from salesfloor.staff.models import Rep, Shop

register = template.Library()


@register.simple_tag(takes_context=True)
def item_cards(context: RequestContext) -> SafeString:
    """`catalog/_item_cards.html`, which is one of Jinja2's."""
    names = ("cards", "wanted", "q", "currency", "next_page_url")
    shown = {name: context[name] for name in names}
    drawn = render_to_string("catalog/_item_cards.html", shown, context["request"])
    return mark_safe(drawn)  # noqa: S308 (Jinja2 has escaped it)


@register.filter
def price_at(item: Item, shop: Shop) -> Decimal:
    return item.price_at(shop)


@register.simple_tag
def price_other_than(price: Decimal, item: Item, shop: Shop) -> Decimal | None:
    """What the item costs in this shop where that is not `price`, which stands above."""
    own = item.price_at(shop)
    return None if own == price else own


@register.filter
def in_stock(item: Counted) -> str:
    """`{{ item|in_stock }}` of an item from `add_stock`: "2 here · 5 elsewhere"."""
    if item.here is None and item.elsewhere is None:
        return _("Not counted yet")
    return _here_and_elsewhere(item.here or 0, item.elsewhere or 0, get_language())


@lru_cache(maxsize=1000)
def _here_and_elsewhere(here: int, elsewhere: int, language: str | None) -> str:
    return _("%(here)d here · %(elsewhere)d elsewhere") % {"here": here, "elsewhere": elsewhere}


@register.filter
def in_carts(item: Counted, rep: Rep) -> str:
    """`{{ item|in_carts:rep }}` of an item from `add_stock`: "1 in Ana's cart", or "" if in none.

    What `here` does not count any more.
    """
    units = sum(claim.units for claim in item.in_carts)
    if not units:
        return ""
    holders = {claim.rep_pk for claim in item.in_carts}
    if holders == {rep.pk}:
        return _("%(units)d in your cart") % {"units": units}
    if len(holders) == 1:
        name = item.in_carts[0].holder
        return _("%(units)d in %(name)s’s cart") % {"units": units, "name": name}
    return _("%(units)d in carts") % {"units": units}


@register.filter
def units_by_place(item: Counted) -> str:
    """`in_stock` where there is room for the numbers alone: "2 · 5"; "?" where nobody counted."""
    if item.here is None and item.elsewhere is None:
        return "?"
    return f"{item.here or 0} · {item.elsewhere or 0}"


@register.filter
def tag_names(tags: str) -> list[str]:
    return [name for name in tags.split(", ") if name]


@register.filter
def age(moment: datetime) -> str:
    """`{{ item.counted_at|age }}`: "now", "3 min", "2 h", "5 d"."""
    return _told((timezone.now() - moment) // timedelta(minutes=1), get_language())


@lru_cache(maxsize=1000)  # most cards of a page say the same
def _told(minutes: int, language: str | None) -> str:
    if minutes < 1:
        return _("now")
    if minutes < 60:
        return _("%(minutes)d min") % {"minutes": minutes}
    if minutes < 24 * 60:
        return _("%(hours)d h") % {"hours": minutes // 60}
    return _("%(days)d d") % {"days": minutes // (24 * 60)}


@register.filter
def counted(moment: datetime) -> str:
    """The same in words that tell what it is the age of."""
    if timezone.now() - moment < timedelta(minutes=1):
        return _("counted just now")
    return _("counted %(age)s ago") % {"age": age(moment)}


@register.inclusion_tag("catalog/_favourite.html", takes_context=True)
def favourite_star(context: RequestContext, item: Item, refusal: str = "") -> dict[str, Any]:
    """The star that puts an item among the rep's favourites; managers have two more, for the shop
    they are in and for all. For a rep at a register. One query."""
    rep: Rep = context["request"].rep
    among = favourites.lists_with(rep, item)
    words = {Whose.MINE: _("Favourite")}
    if rep.is_manager:
        words = {
            Whose.MINE: _("My favourite"),
            Whose.SHOP: _("Favourite of %(shop)s") % {"shop": rep.shop},
            Whose.ALL: _("Favourite of all shops"),
        }
    of_shop = among - {Whose.MINE} and not rep.is_manager
    return {
        "item": item,
        "lists": [
            {"whose": whose.value, "words": label, "is_in": whose in among}
            for whose, label in words.items()
        ],
        "told": _("Among the shop's favourites") if of_shop else "",
        "refusal": refusal,
    }
