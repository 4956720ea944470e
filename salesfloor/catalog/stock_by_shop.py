"""How many of an item there are in each shop, what of them is spoken for and what is to come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from salesfloor.catalog.claims import Claim, claims_on
from salesfloor.catalog.models import Item, ItemStock, StockCheck
from salesfloor.catalog.variants import Grid
from salesfloor.staff.models import Rep, Shop


@dataclass(frozen=True)
class ShopStock:
    """`units` that can be sold, None where the shop never had the item. `counted_at` is when
    Lightspeed last confirmed the count; what was sold or put into carts since is taken off it."""

    shop: Shop
    is_here: bool
    units: int | None = None
    counted_at: datetime | None = None
    could_be_built: int = 0
    reserved: tuple[str, ...] = ()  # in words, each with its number
    to_come: tuple[str, ...] = ()


def by_shop(item: Item, rep: Rep) -> list[ShopStock]:
    """Of every shop in use: that of the rep first, then those that have most."""
    account = rep.account
    rows = {row.shop_id: row for row in ItemStock.everywhere.filter(item=item)}
    claims: dict[int, list[Claim]] = defaultdict(list)
    for claim in claims_on(account.pk, [item.pk]):
        claims[claim.shop_pk].append(claim)
    check = StockCheck.everywhere.filter(account=account).first()
    confirmed_at = check.confirmed_at if check else None
    stock = [
        _of_shop(shop, rows.get(shop.pk), claims[shop.pk], confirmed_at, rep)
        for shop in account.shops.filter(archived=False).order_by("name")
    ]
    return sorted(stock, key=lambda each: (not each.is_here, -(each.units or 0)))


@dataclass(frozen=True)
class SizesInShop:
    """Of some sizes of a product those that a shop has: by the row of the grid that they stand in,
    what each is called there and its units. `counted_at` is None where the shop never had one, else
    that of the oldest count."""

    shop: Shop
    is_here: bool
    rows: dict[str, list[tuple[str, int]]]
    counted_at: datetime | None

    @property
    def units(self) -> int:
        return sum(units for sizes in self.rows.values() for _size, units in sizes)


def sizes_by_shop(grid: Grid, wanted: Collection[int], rep: Rep) -> list[SizesInShop]:
    """Of every shop in use, in the order of `by_shop`; `wanted` are the keys of the variants that
    are told of."""
    account = rep.account
    named = [(row, size, each.pk) for row, size, each in grid.named() if each.pk in wanted]
    pks = [pk for _row, _size, pk in named]
    stock: dict[int, dict[int, ItemStock]] = defaultdict(dict)
    for counted in ItemStock.everywhere.filter(item__in=pks):
        stock[counted.shop_id][counted.item_id] = counted
    claimed: dict[tuple[int, int], int] = defaultdict(int)
    for claim in claims_on(account.pk, pks):
        claimed[claim.shop_pk, claim.item_pk] += claim.units
    check = StockCheck.everywhere.filter(account=account).first()

    def in_shop(shop: Shop) -> SizesInShop:
        counts = stock[shop.pk]
        rows: dict[str, list[tuple[str, int]]] = {}
        for row, size, pk in named:
            units = counts[pk].sellable - claimed[shop.pk, pk] if pk in counts else 0
            if units > 0:
                rows.setdefault(row, []).append((size, units))
        oldest = min((each.read_at for each in counts.values()), default=None)
        if oldest and check:
            oldest = max(oldest, check.confirmed_at)
        return SizesInShop(shop, shop == rep.shop, rows, oldest)

    shops = map(in_shop, account.shops.filter(archived=False).order_by("name"))
    return sorted(shops, key=lambda each: (not each.is_here, -each.units))


def _of_shop(
    shop: Shop, row: ItemStock | None, claims: list[Claim], confirmed_at: datetime | None, rep: Rep
) -> ShopStock:
    is_here = shop == rep.shop
    if row is None:
        return ShopStock(shop, is_here)
    return ShopStock(
        shop,
        is_here,
        max(row.sellable - sum(claim.units for claim in claims), 0),
        max(row.read_at, confirmed_at) if confirmed_at else row.read_at,
        row.component_qoh,
        _in_carts(claims, rep)
        + _told(
            (row.on_layaway, ngettext("%d on layaway", "%d on layaway", row.on_layaway)),
            (
                row.on_special_order,
                ngettext("%d for a special order", "%d for special orders", row.on_special_order),
            ),
            (
                row.on_work_order,
                ngettext("%d for a work order", "%d for work orders", row.on_work_order),
            ),
        ),
        _told(
            (row.backorder, ngettext("%d on order", "%d on order", row.backorder)),
            (
                row.on_transfer_in,
                ngettext("%d on its way here", "%d on their way here", row.on_transfer_in),
            ),
            (
                row.on_transfer_out,
                ngettext("%d on its way out", "%d on their way out", row.on_transfer_out),
            ),
        ),
    )


def _in_carts(claims: list[Claim], rep: Rep) -> tuple[str, ...]:
    units: dict[int, int] = defaultdict(int)
    names = {}
    for claim in claims:
        if claim.rep_pk is not None:
            units[claim.rep_pk] += claim.units
            names[claim.rep_pk] = claim.holder
    return tuple(
        _("%(units)d in your cart") % {"units": units[pk]}
        if pk == rep.pk
        else _("%(units)d in %(name)s’s cart") % {"units": units[pk], "name": name}
        for pk, name in names.items()
    )


def _told(*counts: tuple[int, str]) -> tuple[str, ...]:
    """Without what there is none of."""
    return tuple(words % count for count, words in counts if count)
