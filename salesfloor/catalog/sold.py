"""What was sold lately, so that a rep finds it first: best sellers, recently sold, `Item.sold`.

Kept by sale, so that a sale may come from Lightspeed as often as it likes, changed or voided. What
our own carts sold counts at once, under the cart's reference, until the sale comes from there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Sum

from salesfloor.catalog import search
from salesfloor.catalog.models import Item, ShopSales, SoldLine
from salesfloor.staff.models import Account, Shop
from salesfloor.staff.queries import places

COUNTED_FOR = timedelta(days=90)
# Items that are summed up again in one transaction: it has to leave room for a sale's.
AT_ONCE = 100
# The same of items that search may have to rank anew, with all their sizes and colours.
INDEXED_AT_ONCE = 20
# Two transactions that sum up the same item at once may each miss what the other adds; what was
# sold so lately is summed up once more.
LATELY = timedelta(hours=3)


@dataclass(frozen=True, kw_only=True)
class Sold:
    """A sale that is in Lightspeed: `units` by the item's primary key, none of them 0."""

    lightspeed_id: int
    reference: str  # "" unless the sale is of ours
    shop_pk: int
    at: datetime
    units: Mapping[int, int] = field(default_factory=dict)


def count(account: Account, read: Sequence[int], sales: Collection[Sold]) -> None:
    """Count these sales, and no others of those that were `read` (by Lightspeed's ids): what does
    not count any more, or was counted otherwise, is forgotten. In the caller's transaction.
    """
    lines = SoldLine.everywhere.filter(account=account)
    known = lines.filter(sale_lightspeed_id__in=read)
    own = lines.filter(
        sale_lightspeed_id=None, reference__in={sale.reference for sale in sales} - {""}
    )
    touched = set(known.values_list("item_id", flat=True))
    touched |= set(own.values_list("item_id", flat=True))
    known.delete()
    own.delete()
    SoldLine.everywhere.bulk_create(
        SoldLine(
            account=account,
            sale_lightspeed_id=sale.lightspeed_id,
            reference=sale.reference,
            item_id=item_pk,
            shop_id=sale.shop_pk,
            units=units,
            sold_at=sale.at,
        )
        for sale in sales
        for item_pk, units in sale.units.items()
    )
    sum_up(touched | {item_pk for sale in sales for item_pk in sale.units})


def count_own(
    account: Account, reference: str, shop: Shop, units: Mapping[int, int], at: datetime
) -> None:
    """Count what a cart of ours sold, by the item's primary key, before Lightspeed tells of it.

    In the transaction that makes it sold: nobody can have read it in Lightspeed before that.
    """
    lines = [
        SoldLine(
            account=account,
            reference=reference,
            item_id=item_pk,
            shop=shop,
            units=count,
            sold_at=at,
        )
        for item_pk, count in units.items()
        if count
    ]
    # The same cart may have been paid before, in a copy of the database that was restored.
    SoldLine.everywhere.bulk_create(lines, ignore_conflicts=True)


@transaction.atomic
def sum_up(item_pks: Iterable[int]) -> None:
    """Make `ShopSales` of these items what their lines come to."""
    pks = sorted(set(item_pks))
    if not pks:
        return
    of_both = SoldLine.everywhere.filter(item=OuterRef("item"), shop=OuterRef("shop"))
    left = ShopSales.everywhere.filter(~Exists(of_both), item__in=pks)
    left.exclude(units=0).update(units=0)
    with connection.cursor() as cursor:
        cursor.execute(_SUMS.format(pks=places(pks)), pks)


# In one order, so that two that meet wait for each other and not in a circle.
_SUMS = """
    INSERT INTO catalog_shopsales (item_id, shop_id, units, last_sold_at)
    SELECT item_id, shop_id, SUM(units), MAX(sold_at) FROM catalog_soldline
    WHERE item_id IN ({pks}) GROUP BY item_id, shop_id ORDER BY item_id, shop_id
    ON CONFLICT (item_id, shop_id)
    DO UPDATE SET units = EXCLUDED.units, last_sold_at = EXCLUDED.last_sold_at
"""


# --- In the worker, in short transactions ---------------------------------------------------


def look_after(
    account: Account, now: datetime, may_go_on: Callable[[], bool] = lambda: True
) -> None:
    """Drop what was sold too long ago, and make `Item.sold` what its sums come to. May stop after
    any step."""
    lines = SoldLine.everywhere.filter(account=account)
    old = lines.filter(sold_at__lt=now - COUNTED_FOR)
    for pks in _some(old.order_by("item").values_list("item", flat=True).distinct()):
        if not may_go_on():
            return
        with transaction.atomic():
            old.filter(item__in=pks).delete()
            sum_up(pks)
    lately = lines.filter(sold_at__gt=now - LATELY).order_by("item")
    for pks in _some(lately.values_list("item", flat=True).distinct()):
        if not may_go_on():
            return
        with transaction.atomic():
            sum_up(pks)
    for pks in _some(_miscounted(account), at_once=INDEXED_AT_ONCE):
        if not may_go_on():
            return
        with transaction.atomic():
            _tell_items(account, pks)
    sales = ShopSales.everywhere.filter(item__account=account, units=0, item__sold=0)
    of_both = SoldLine.everywhere.filter(item=OuterRef("item"), shop=OuterRef("shop"))
    sales.exclude(Exists(of_both)).delete()


def _miscounted(account: Account) -> list[int]:
    """Items whose `sold` is not what was sold."""
    sales = ShopSales.everywhere.filter(item__account=account)
    sums = sales.values_list("item", "item__sold").annotate(units=Sum("units"))
    return [item for item, told, units in sums if told != max(units, 0)]


def _tell_items(account: Account, pks: Sequence[int]) -> None:
    sales = ShopSales.everywhere.filter(item__in=pks)
    sums = dict(sales.values_list("item").annotate(units=Sum("units")))
    ranked: list[Item] = []
    items = list(account.items.filter(pk__in=pks).select_related("category", "manufacturer"))
    for item in items:
        # What was returned more often than sold ranks like what was never sold.
        before, item.sold = item.sold, max(sums.get(item.pk, 0), 0)
        # A product ranks by what all its variants sold, which may move it where none does.
        if item.matrix_id or rank_class(before) != rank_class(item.sold):
            ranked.append(item)
    Item.everywhere.bulk_update(items, ["sold"])
    if ranked:
        search.index(ranked)


def rank_class(sold: int) -> int:
    """Search ranks by powers of two of what was sold: only another one is worth a new index."""
    return max(sold, 0).bit_length()


def _some(pks: Iterable[int], at_once: int = AT_ONCE) -> Iterator[list[int]]:
    """All that there are now, so many at a time."""
    every = list(pks)
    for start in range(0, len(every), at_once):
        yield every[start : start + at_once]
