"""Putting items among the favourites, taking them away, and in which order they stand."""

from __future__ import annotations

from enum import StrEnum

from django.db import transaction
from django.db.models import Max

from salesfloor.catalog.models import Favourite, FavouriteQuerySet, Item
from salesfloor.staff.models import Rep, Shop

# In one list: more are no favourites, and search finds the others.
MOST = 200


class ListFull(Exception):
    """As many favourites as one list may have are in it already."""


class Whose(StrEnum):
    """The lists that a rep, or a manager at a register, may put an item into."""

    MINE = "mine"
    SHOP = "shop"
    ALL = "all"


def list_of(rep: Rep, whose: Whose) -> FavouriteQuerySet:
    """The rep's own list, or the managers' for the shop where the rep stands, or for all shops."""
    favourites: FavouriteQuerySet = rep.account.favourites.all()
    if whose is Whose.MINE:
        return favourites.filter(rep=rep)
    return favourites.of_everybody(rep.shop if whose is Whose.SHOP else None)


def lists_with(rep: Rep, item: Item) -> set[Whose]:
    """In which of the lists that the rep sees the item is."""
    rows = rep.account.favourites.filter(item=item).shown_to(rep).values_list("rep", "shop")
    return {
        Whose.MINE if of_rep else Whose.SHOP if of_shop else Whose.ALL for of_rep, of_shop in rows
    }


def put(rep: Rep, item: Item, whose: Whose) -> None:
    """At the end of the list; where it is already it stays. Raises ListFull."""
    shown = list_of(rep, whose)
    with transaction.atomic():
        if shown.filter(item=item).exists():
            return
        if shown.count() >= MOST:
            raise ListFull
        last = shown.aggregate(last=Max("position"))["last"]
        # Put there by another device in this moment it is there, which is all that was wanted.
        Favourite.everywhere.bulk_create(
            [
                Favourite(
                    account=rep.account,
                    item=item,
                    rep=rep if whose is Whose.MINE else None,
                    shop=rep.shop if whose is Whose.SHOP else None,
                    position=0 if last is None else last + 1,
                )
            ],
            ignore_conflicts=True,
        )


def take_away(rep: Rep, item: Item, whose: Whose) -> None:
    list_of(rep, whose).filter(item=item).delete()


@transaction.atomic
def move(favourite: Favourite, places: int) -> None:
    """So many places down its manager's list, or up where below 0; no further than its ends.

    Nothing is moved where another manager has just taken it out.
    """
    shop: Shop | None = favourite.shop
    listed = favourite.account.favourites.of_everybody(shop).order_by("position", "pk")
    rows = list(listed.select_for_update(of=("self",)))
    if favourite not in rows:
        return
    before = rows.index(favourite)
    rows.insert(min(max(before + places, 0), len(rows)), rows.pop(before))
    for position, row in enumerate(rows):
        row.position = position
    Favourite.everywhere.bulk_update(rows, ["position"])
