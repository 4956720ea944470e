"""What search means, said once more by reading every item of the account: slow, and plain.

Shares nothing with `catalog.search` but the folding of words. It knows no synonyms; slips of the
finger have tests of their own.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from salesfloor.catalog.models import Category, Item, ItemStock
from salesfloor.catalog.search import CANDIDATES
from salesfloor.staff.models import Account, Shop
from salesfloor.words import compact, joined, words

HERE, ELSEWHERE, NOWHERE = range(3)
# The least and the highest units sold of a class differ by less than two times.
CLASSES = 63


@dataclass
class Variant:
    item: Item
    shops: set[int]
    name: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)

    @property
    def words(self) -> set[str]:
        return self.name | self.attributes | self.others

    @property
    def is_service(self) -> bool:
        """Not counted, so never out of stock in any shop."""
        return self.item.item_type == "non_inventory"

    def tier(self, shop: Shop) -> int:
        if self.is_service or shop.pk in self.shops:
            return HERE
        return ELSEWHERE if self.shops else NOWHERE


@dataclass
class Product:
    name: str
    variants: list[Variant]

    @property
    def rank(self) -> tuple[int, int]:
        sold = max(sum(v.item.sold for v in self.variants), 0)
        popularity = 0 if sold == 0 else min(int(math.log2(sold)) + 1, CLASSES)
        return -popularity, min(v.item.lightspeed_id for v in self.variants)


@dataclass
class Asked:
    """Given as to `search.Wanted`."""

    shop: Shop
    text: str = ""
    category: Category | None = None
    tag: str = ""
    stock: str = ""
    price_from: Decimal | None = None
    price_to: Decimal | None = None

    @property
    def typed(self) -> list[str]:
        return list(dict.fromkeys(words(self.text)))[:8]


class Oracle:
    def __init__(self, account: Account) -> None:
        shops: dict[int, set[int]] = defaultdict(set)
        for item_pk, shop_pk in ItemStock.everywhere.filter(
            item__account=account, sellable__gt=0
        ).values_list("item_id", "shop_id"):
            shops[item_pk].add(shop_pk)
        products: dict[str, list[Variant]] = defaultdict(list)
        items = account.items.filter(archived=False).order_by("lightspeed_id")
        for item in items.select_related("category", "manufacturer", "matrix"):
            key = f"matrix {item.matrix_id}" if item.matrix_id else f"item {item.pk}"
            products[key].append(_variant(item, shops[item.pk]))
        self.products = [Product(_name(variants), variants) for variants in products.values()]

    def find(self, asked: Asked) -> list[tuple[str, list[int]]]:
        """The names of the products in their order, each with the keys of the items that fit."""
        if asked.text.strip() and not asked.typed:
            return []
        return list(self._find(asked))

    def _find(self, asked: Asked) -> Iterator[tuple[str, list[int]]]:
        last_tier = {"here": HERE, "any": ELSEWHERE}.get(asked.stock, NOWHERE)
        seen: set[int] = set()
        shown: set[int] = set()
        ranked = sorted(self.products, key=lambda product: product.rank)

        exact = [p for p in ranked if code_of(asked.text) in _all_codes(p)]
        for product in sorted(exact, key=lambda p: (_distance(p, asked), p.rank)):
            seen.add(id(product))
            fitting = [v for v in product.variants if code_of(asked.text) in _codes(v.item)]
            fitting = [v for v in fitting if _passes(v, asked)]
            if fitting and min(v.tier(asked.shop) for v in fitting) <= last_tier:
                shown.add(id(product))
                yield product.name, [v.item.pk for v in fitting]

        put_off: list[tuple[Product, list[Variant], int]] = []
        for tier in range(last_tier + 1):
            candidates = [p for p in ranked if _may_fit(p, asked, tier)][:CANDIDATES]
            new = [
                (p, fitting, max(tier, min(v.tier(asked.shop) for v in fitting)))
                for p in candidates
                if id(p) not in seen and (fitting := _fitting(p, asked))
            ]
            seen |= {id(p) for p in candidates}
            due = [each for each in [*new, *put_off] if each[2] == tier]
            put_off = [each for each in [*new, *put_off] if each[2] > tier]
            due.sort(key=lambda each: (_distance(each[0], asked), each[0].rank))
            for product, fitting, _ in due:
                shown.add(id(product))
                yield product.name, [v.item.pk for v in fitting]

        part = compact(asked.text)
        if " " in asked.text.strip() or len(part) < 4 or not any(c.isdigit() for c in part):
            return
        holders = [p for p in ranked if any(part in code for code in _compact_codes(p))]
        for product in holders[:CANDIDATES]:
            fitting = [
                v
                for v in product.variants
                if any(part in compact(code) for code in _written(v.item)) and _passes(v, asked)
            ]
            tier = min((v.tier(asked.shop) for v in fitting), default=NOWHERE + 1)
            if id(product) not in shown and fitting and tier <= last_tier:
                yield product.name, [v.item.pk for v in fitting]


def _variant(item: Item, shops: set[int]) -> Variant:
    attributes = " ".join(filter(None, (item.attribute1, item.attribute2, item.attribute3)))
    others = set(_all_words(item.description))
    if item.category:
        others |= set(_all_words(item.category.full_path_name.replace("/", " / ")))
    if item.manufacturer:
        others |= set(_all_words(item.manufacturer.name))
    others |= set(_all_words(item.tags))
    for code in _written(item):
        parts = _all_words(code)
        others |= {p for p in parts if len(p) < 6 or not any(c.isdigit() for c in p)}
    return Variant(item, shops, set(), set(words(attributes)), others | set(_all_words(attributes)))


def _all_words(text: str) -> list[str]:
    return [*words(text), *joined(text)]


def _name(variants: list[Variant]) -> str:
    first = variants[0].item
    if first.matrix and first.matrix.description:
        return first.matrix.description
    if len(variants) == 1:
        return first.description
    split = [v.item.description.split() for v in variants]
    alike = []
    for each in zip(*split, strict=False):
        if len(set(each)) > 1:
            break
        alike.append(each[0])
    return " ".join(alike).strip(" -–,/") or first.description


def _written(item: Item) -> list[str]:
    codes = (item.system_sku, item.custom_sku, item.manufacturer_sku, item.upc, item.ean)
    return [code for code in codes if code]


def code_of(text: str) -> str:
    key = compact(text)
    return (key.lstrip("0") if key.isdigit() else key) or "none"


def _codes(item: Item) -> set[str]:
    return {code_of(code) for code in _written(item)}


def _all_codes(product: Product) -> set[str]:
    return {code for v in product.variants for code in _codes(v.item)}


def _compact_codes(product: Product) -> Iterable[str]:
    return (compact(code) for v in product.variants for code in _written(v.item))


def _begins(some: Iterable[str], beginning: str) -> bool:
    return any(word.startswith(beginning) for word in some)


def _may_fit(product: Product, asked: Asked, tier: int) -> bool:
    """Whether all that is asked for is somewhere in the product, as the index has it."""
    together = set().union(*(v.words for v in product.variants))
    in_tier = any(v.tier(asked.shop) <= tier for v in product.variants)
    return (
        in_tier
        and all(_begins(together, word) for word in asked.typed)
        and any(_is_in(asked.category, v.item) for v in product.variants)
        and any(_is_tagged(asked.tag, v.item) for v in product.variants)
        and any(_may_cost(asked, v.item) for v in product.variants)
    )


def _is_in(category: Category | None, item: Item) -> bool:
    if category is None:
        return True
    return item.category_id in _branch(category)


@cache
def _branch(category: Category) -> set[int]:
    return set(category.subtree().values_list("pk", flat=True))


def _is_tagged(tag: str, item: Item) -> bool:
    return not tag or compact(tag) in map(compact, item.tags.split(","))


def _may_cost(asked: Asked, item: Item) -> bool:
    """At any price level; prices that are as near as a fifth may be taken for the same."""
    if asked.price_from is None and asked.price_to is None:
        return True
    classes = {_price_class(item.price), *(_price_class(Decimal(p)) for p in item.prices.values())}
    least = _price_class(asked.price_from or Decimal(0))
    most = 99 if asked.price_to is None else _price_class(asked.price_to)
    return any(least <= each <= most for each in classes)


def _price_class(price: Decimal) -> int:
    return int(math.log2(price) * 4) + 1 if price >= 1 else 0


def _fitting(product: Product, asked: Asked) -> list[Variant]:
    found = [
        v
        for v in product.variants
        if all(_begins(v.words, word) for word in asked.typed) and _passes(v, asked)
    ]
    for word in asked.typed:
        meant = [v for v in found if word in v.attributes]
        found = meant or found
    return found


def _passes(variant: Variant, asked: Asked) -> bool:
    item = variant.item
    if not _is_in(asked.category, item) or not _is_tagged(asked.tag, item):
        return False
    price = item.price_at(asked.shop)
    if asked.price_from is not None and price < asked.price_from:
        return False
    return asked.price_to is None or price <= asked.price_to


def _distance(product: Product, asked: Asked) -> tuple[int, int, bool]:
    attributes = [word for v in product.variants for word in v.attributes]
    named = [*words(product.name), *attributes]
    begun = sum(_begins(named, word) for word in asked.typed)
    whole = sum(word in named for word in asked.typed)
    starts = asked.typed and words(product.name)[:1] and words(product.name)[0]
    return -begun, -whole, not (starts and starts.startswith(asked.typed[0]))
