"""Putting items among the favourites, taking them away, and in which order they stand.

A product in several sizes and colours is one favourite, whichever of its items is named.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from django.db import transaction
from django.db.models import Max, Min

from salesfloor.catalog.models import Favourite, FavouriteQuerySet, Item
from salesfloor.staff.models import Account, Rep, Shop

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
    """In which of the lists that the rep sees the item's product is."""
    rows = rep.account.favourites.of_product(item).shown_to(rep).values_list("rep", "shop")
    return {
        Whose.MINE if of_rep else Whose.SHOP if of_shop else Whose.ALL for of_rep, of_shop in rows
    }


def put(rep: Rep, item: Item, whose: Whose) -> None:
    """At the end of the list; where it is already it stays. Raises ListFull."""
    shown = list_of(rep, whose)
    with transaction.atomic():
        if shown.of_product(item).exists():
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
    list_of(rep, whose).of_product(item).delete()


def of_everybody(account: Account, shop: Shop | None) -> list[Favourite]:
    """A manager's list, for one shop or None for all, in its order and each product once. Each has
    `is_for_sale`: whether anything of the product is. Two queries."""
    listed = account.favourites.of_everybody(shop).order_by("position", "pk")
    shown = [rows[0] for rows in _by_product(listed.select_related("item__matrix"))]
    living = living_of(each.item.matrix_id for each in shown)
    for each in shown:
        matrix = each.item.matrix_id
        each.is_for_sale = matrix in living if matrix else not each.item.archived
    return shown


def living_of(matrices: Iterable[int | None]) -> dict[int | None, tuple[int, int]]:
    """Of the matrices of which anything is for sale the first and the last of such items' keys; one
    key twice where it is one item."""
    wanted = {matrix for matrix in matrices if matrix}
    rows = Item.everywhere.filter(matrix__in=wanted, archived=False).order_by().values("matrix")
    found = rows.annotate(first=Min("pk"), last=Max("pk"))
    return {row["matrix"]: (row["first"], row["last"]) for row in found}


def _by_product(listed: Iterable[Favourite]) -> list[list[Favourite]]:
    products: dict[tuple[int | None, int | None], list[Favourite]] = {}
    for each in listed:
        products.setdefault(each.item.product_key, []).append(each)
    return list(products.values())


def take_out(favourite: Favourite) -> None:
    """Of its manager's list."""
    listed = favourite.account.favourites.of_everybody(favourite.shop)
    listed.of_product(favourite.item).delete()


@transaction.atomic
def move(favourite: Favourite, places: int) -> None:
    """So many places down its manager's list, or up where below 0; no further than its ends.

    Nothing is moved where another manager has just taken it out.
    """
    shop: Shop | None = favourite.shop
    listed = favourite.account.favourites.of_everybody(shop).order_by("position", "pk")
    products = _by_product(listed.select_related("item").select_for_update(of=("self",)))
    before = next((place for place, rows in enumerate(products) if favourite in rows), None)
    if before is None:
        return
    products.insert(min(max(before + places, 0), len(products)), products.pop(before))
    rows = [row for each in products for row in each]
    for position, row in enumerate(rows):
        row.position = position
    Favourite.everywhere.bulk_update(rows, ["position"])
