"""What there is to see before anything is typed: favourites, best sellers, what was sold last, and
the tree of categories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from salesfloor.catalog.favourites import living_of
from salesfloor.catalog.models import Category, ShopSales
from salesfloor.staff.models import Rep

# So many of the best sellers and of what was sold last are shown.
MOST_SHOWN = 96
# As a shoe sells in many sizes, and is shown once, more rows are read than that.
MOST_READ = 4 * MOST_SHOWN


class View(models.TextChoices):
    FAVOURITES = "favourites", _("Favourites")
    BEST_SELLERS = "best-sellers", _("Best sellers")
    RECENTLY_SOLD = "recently-sold", _("Recently sold")


class Shown(NamedTuple):
    """The key of what stands on one card: an item, or a matrix with all that is for sale of it."""

    item: int | None = None
    matrix: int | None = None


def shown_in(view: View, rep: Rep) -> list[Shown]:
    """What a view shows, in its order; what is archived is in none."""
    match view:
        case View.FAVOURITES:
            return _favourites(rep)
        case View.BEST_SELLERS:
            return list(map(Shown, _best_sellers(rep)))
        case View.RECENTLY_SOLD:
            return list(map(Shown, _recently_sold(rep)))


def front(rep: Rep) -> list[Shown]:
    """What stands before all other items: favourites, then best sellers of the shop."""
    return list(dict.fromkeys([*_favourites(rep), *map(Shown, _best_sellers(rep))]))


def _favourites(rep: Rep) -> list[Shown]:
    """Each product once; of one in which a single item is left for sale, that item."""
    listed = rep.account.favourites.shown_to(rep)
    rows = list(listed.values_list("item", "item__matrix", "item__archived"))
    living = living_of(matrix for _, matrix, _ in rows)
    found: list[Shown] = []
    for item, matrix, archived in rows:
        if matrix in living:
            first, last = living[matrix]
            found.append(Shown(item=first) if first == last else Shown(matrix=matrix))
        elif not matrix and not archived:
            found.append(Shown(item=item))
    return list(dict.fromkeys(found))


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
