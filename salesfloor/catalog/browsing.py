"""What there is to see before anything is typed: favourites, best sellers, what was sold last, and
the tree of categories."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from salesfloor.catalog.models import Category, Item, ShopSales
from salesfloor.staff.models import Rep

# So many of the best sellers and of what was sold last are shown.
MOST_SHOWN = 96
# As a shoe sells in many sizes, and is shown once, more rows are read than that.
MOST_READ = 4 * MOST_SHOWN


class View(models.TextChoices):
    FAVOURITES = "favourites", _("Favourites")
    BEST_SELLERS = "best-sellers", _("Best sellers")
    RECENTLY_SOLD = "recently-sold", _("Recently sold")


def items_in(view: View, rep: Rep) -> list[int]:
    """The keys of the items that a view shows, in its order; archived ones are in none."""
    match view:
        case View.FAVOURITES:
            return _favourites(rep)
        case View.BEST_SELLERS:
            return _best_sellers(rep)
        case View.RECENTLY_SOLD:
            return _recently_sold(rep)


def front(rep: Rep) -> list[int]:
    """What stands before all other items: favourites, then best sellers of the shop."""
    return list(dict.fromkeys([*_favourites(rep), *_best_sellers(rep)]))


def _favourites(rep: Rep) -> list[int]:
    shown = rep.account.favourites.shown_to(rep).filter(item__archived=False)
    return list(dict.fromkeys(shown.values_list("item", flat=True)))


def _best_sellers(rep: Rep) -> list[int]:
    """Of each product that of its sizes and colours that sells best, ranked by all of them."""
    sales = _sales_in_shop(rep).filter(units__gt=0).order_by("-units", "-last_sold_at")
    rows = list(sales.values_list("item", "item__matrix", "units")[:MOST_READ])
    units: dict[tuple[str, int], int] = {}
    best: dict[tuple[str, int], int] = {}
    for item, matrix, count in rows:
        product = ("matrix", matrix) if matrix else ("item", item)
        units[product] = units.get(product, 0) + count
        best.setdefault(product, item)
    ranked = sorted(best, key=lambda product: -units[product])  # stable: equals as they came
    return [best[product] for product in ranked[:MOST_SHOWN]]


def _recently_sold(rep: Rep) -> list[int]:
    latest = _sales_in_shop(rep).order_by("-last_sold_at").values_list("item", "units")
    return [item for item, units in latest[:MOST_READ] if units > 0][:MOST_SHOWN]


def _sales_in_shop(rep: Rep) -> models.QuerySet[ShopSales]:
    """With what came back as often as it was sold."""
    return ShopSales.everywhere.filter(shop=rep.shop, item__archived=False)


def in_order(items: models.QuerySet[Item], keys: Iterable[int]) -> list[Item]:
    """Those of the items that have these keys, in the keys' order."""
    wanted = list(keys)
    by_key = {item.pk: item for item in items.filter(pk__in=wanted)}
    return [by_key[key] for key in wanted if key in by_key]


# --- The tree -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Branch:
    """A category with the way back, None at the top of the tree, and the ways on."""

    category: Category
    parent: Category | None
    children: list[Category]


def branch_of(category: Category) -> Branch:
    """Two queries, one at the top. Categories that are archived are no way on."""
    categories = category.account.categories.filter(archived=False)
    parent = None
    if category.parent_lightspeed_id:
        parent = categories.filter(lightspeed_id=category.parent_lightspeed_id).first()
    children = categories.filter(parent_lightspeed_id=category.lightspeed_id)
    return Branch(category, parent, list(children.order_by("left_node", "name")))
