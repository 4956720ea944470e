"""How what was found is shown: one card a product."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from salesfloor.catalog.addresses import address, no_picture
from salesfloor.catalog.browsing import Shown
from salesfloor.catalog.claims import Claim
from salesfloor.catalog.marking import marked
from salesfloor.catalog.models import Item, add_stock
from salesfloor.catalog.search import Found, Hit, Wanted, whole_products
from salesfloor.staff.models import Rep, Shop

# More variants than this are counted, not named.
MOST_NAMED = 3


@dataclass
class Card:
    """`is_sold_by_a_tap` where it is one item, otherwise a tap opens the sheet of `pk`, which is
    one of the items that fit. Of one item the stock is added by `add_stock`, of several it is
    `sizes_in_stock`. `highest_price` is None where all cost the same.
    """

    pk: int
    name: SafeString
    which: SafeString  # of its variants; "" of one item
    price: Decimal
    highest_price: Decimal | None
    image_url: str
    is_sold_by_a_tap: bool
    has_stock: bool
    sizes_in_stock: str = ""
    here: int | None = None
    elsewhere: int | None = None
    in_carts: list[Claim] = field(default_factory=list)
    counted_at: datetime | None = None

    @property
    def sheet_url(self) -> str:
        return address("catalog:item_sheet", self.pk)

    @property
    def stock_url(self) -> str:
        one = "catalog:item_stock" if self.is_sold_by_a_tap else "catalog:product_stock"
        return address(one, self.pk)


def cards(found: Found, wanted: Wanted) -> list[Card]:
    """Costs one query for the stock of all single items, and one for those in carts."""
    made = [_card(hit, found, wanted.shop) for hit in found.hits]
    if wanted.archived:
        for card in made:
            card.is_sold_by_a_tap = card.has_stock = False
    _count(made, wanted.shop)
    return made


def cards_of(keys: Sequence[Shown], rep: Rep, wanted: Wanted) -> list[Card]:
    """In the order of the keys, as far as they are for sale."""
    items = rep.account.items.for_sale().select_related("matrix")
    singles = items.filter(pk__in=[key.item for key in keys if key.item])
    made = {Shown(item=card.pk): card for card in _singles(singles, wanted.shop)}
    products = whole_products(wanted.shop, [key.matrix for key in keys if key.matrix])
    for hit, card in zip(products.hits, cards(products, wanted), strict=True):
        made[Shown(matrix=hit.matrix_pk)] = card
    return [made[key] for key in keys if key in made]


def _singles(items: Iterable[Item], shop: Shop) -> list[Card]:
    """Their matrix is to be read along, for its picture."""
    made = [
        Card(
            pk=item.pk,
            name=marked(item.description, ()),
            which=SafeString(""),
            price=item.price_at(shop),
            highest_price=None,
            image_url=item.image_url,
            is_sold_by_a_tap=True,
            has_stock=item.has_stock,
        )
        for item in items
    ]
    _count(made, shop)
    return made


def _count(made: Iterable[Card], shop: Shop) -> None:
    if singles := [card for card in made if card.is_sold_by_a_tap and card.has_stock]:
        add_stock(singles, shop)


def _card(hit: Hit, found: Found, shop: Shop) -> Card:
    least, most = hit.prices_at(shop)
    words = found.query.marked
    card = Card(
        pk=hit.first_pk,
        name=marked(hit.only.description if hit.only else hit.name, words),
        which=SafeString("") if hit.only else marked(_which(hit), words),
        price=least,
        highest_price=most if most != least else None,
        image_url=_image_url(hit.picture),
        is_sold_by_a_tap=hit.only is not None,
        has_stock=hit.has_stock,
    )
    if hit.only is None and hit.has_stock:
        # Before all stock was read once, a size that is not known to be here may be here.
        if found.counted_at is None:
            card.sizes_in_stock = _("Not counted yet")
        else:
            here, anywhere = hit.here_and_anywhere(shop)
            card.sizes_in_stock = _in_stock(here, anywhere, hit.count)
            card.counted_at = found.counted_at
    return card


def _in_stock(here: int, anywhere: int, count: int) -> str:
    numbers = {"here": here, "elsewhere": anywhere - here, "count": count}
    if here == count:
        return _("All %(count)d here") % numbers
    if anywhere == here:
        return _("%(here)d of %(count)d here") % numbers
    return _("%(here)d of %(count)d here · %(elsewhere)d elsewhere") % numbers


def _which(hit: Hit) -> str:
    """ "Blue 10, Blue 10.5"; of many what they share and how many they are: "Blue · 12 sizes"."""
    if hit.fitting is None:
        return _how_many(hit.count, hit.card["differ"])
    if len(hit.fitting) <= MOST_NAMED:
        return ", ".join(variant.label for variant in hit.fitting)
    values = list(zip(*(variant.attributes for variant in hit.fitting), strict=False))
    shared = [each[0] for each in values if len(set(each)) == 1]
    named = zip(hit.card["names"], values, strict=False)
    differ = [name for name, each in named if len(set(each)) > 1]
    return " · ".join([*shared, _how_many(hit.count, differ)])


def _how_many(count: int, differ: Iterable[str]) -> str:
    """`differ` are what the attributes are called, in the words of the shop."""
    names = [name.casefold() for name in differ]
    if len(names) == 1 and names[0].startswith(("size", "taille", "pointure")):
        return ngettext("%(count)d size", "%(count)d sizes", count) % {"count": count}
    if len(names) == 1 and names[0].startswith(("colo", "couleur")):
        return ngettext("%(count)d colour", "%(count)d colours", count) % {"count": count}
    return ngettext("%(count)d variant", "%(count)d variants", count) % {"count": count}


def _image_url(picture: Sequence[Any] | None) -> str:
    if picture is None:
        return no_picture()
    pk, version = picture
    return f"{address('catalog:item_image', pk)}?v={version}"
