"""Which products fit, and in what order. The package says what that means."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from salesfloor.catalog.search import slips, tables
from salesfloor.catalog.search.kinds import without_kinds
from salesfloor.catalog.search.query import (
    DEAREST,
    LONGEST_WORD,
    Group,
    Query,
    Synonyms,
    parse,
    price_class,
    same_code,
    synonyms_in,
    whole,
)
from salesfloor.words import compact

if TYPE_CHECKING:
    from salesfloor.catalog.models import Category, Manufacturer
    from salesfloor.staff.models import Account, Shop

# So many of a tier are looked at more closely and put in order.
CANDIDATES = 200
# Looked at one after the other, until there are enough: their details are read so many at a time.
_AT_ONCE = 24

HERE, ELSEWHERE, NOWHERE = range(3)


@dataclass(frozen=True)
class Wanted:
    """Prices are those of the shop. `stock` is "" for whatever there is, "here" for what is in
    stock in the shop, "any" for what is so in some shop."""

    shop: "Shop"
    text: str = ""
    category: "Category | None" = None
    brand: "Manufacturer | None" = None
    tag: str = ""
    stock: str = ""
    price_from: Decimal | None = None
    price_to: Decimal | None = None
    archived: bool = False

    @property
    def is_filtered(self) -> bool:
        """By more than a category."""
        return bool(self.brand or self.tag or self.stock or self.has_price)

    @property
    def has_filters(self) -> bool:
        return self.category is not None or self.is_filtered

    @property
    def has_only_a_category(self) -> bool:
        return self.category is not None and not self.is_filtered

    @property
    def has_price(self) -> bool:
        return self.price_from is not None or self.price_to is not None


@dataclass(frozen=True, slots=True)
class Variant:
    """`words` are those it does not share with all its siblings; `shops` have it in stock, none
    where it is not counted; `picture` is whose it is and its version."""

    pk: int
    words: str
    codes: str
    description: str
    attributes: Sequence[str]
    price: str
    prices: Mapping[str, str]
    shops: Sequence[int]
    picture: Sequence[Any] | None
    has_stock: bool

    def price_at(self, shop: "Shop") -> Decimal:
        return Decimal(self.prices.get(str(shop.price_level_lightspeed_id), self.price))

    @property
    def label(self) -> str:
        """What tells it from its siblings: "Blue 10.5"."""
        return " ".join(self.attributes) or self.description


@dataclass(frozen=True, slots=True)
class Hit:
    """A product with those of its variants that fit; `fitting` is None where all of several do."""

    card: Mapping[str, Any]
    fitting: Sequence[Variant] | None

    @property
    def name(self) -> str:
        return str(self.card["name"])

    @property
    def matrix_pk(self) -> int | None:
        pk: int | None = self.card["matrix"]
        return pk

    @property
    def first_pk(self) -> int:
        """Of the items that fit."""
        return self.fitting[0].pk if self.fitting else int(self.card["first"])

    @property
    def only(self) -> Variant | None:
        """The one that fits, if there is but one: then it is clear what to sell."""
        return self.fitting[0] if self.fitting and len(self.fitting) == 1 else None

    @property
    def count(self) -> int:
        return self.card["count"] if self.fitting is None else len(self.fitting)

    @property
    def has_stock(self) -> bool:
        if self.fitting is None:
            return bool(self.card["counted"])
        return any(variant.has_stock for variant in self.fitting)

    def here_and_anywhere(self, shop: "Shop") -> tuple[int, int]:
        """How many of those that fit are in stock in the shop, and how many in any."""
        if self.fitting is None:
            here, anywhere = self.card["shops"].get(str(shop.pk), 0), self.card["anywhere"]
            return here + self._uncounted, anywhere + self._uncounted
        tiers = [_tier(variant, shop.pk) for variant in self.fitting]
        return tiers.count(HERE), len(tiers) - tiers.count(NOWHERE)

    def tier(self, shop: "Shop") -> int:
        if self.fitting is None:
            if str(shop.pk) in self.card["shops"] or self._uncounted:
                return HERE
            return ELSEWHERE if self.card["anywhere"] else NOWHERE
        return min(_tier(variant, shop.pk) for variant in self.fitting)

    @property
    def _uncounted(self) -> int:
        """Of all variants; 0 where the index was made before it told so."""
        count: int = self.card.get("uncounted", 0)
        return count

    def prices_at(self, shop: "Shop") -> tuple[Decimal, Decimal]:
        """The least and the highest of those that fit."""
        if self.fitting is None:
            spans = self.card["prices"]
            least, most = spans.get(str(shop.price_level_lightspeed_id), spans[""])
            return Decimal(least), Decimal(most)
        prices = [variant.price_at(shop) for variant in self.fitting]
        return min(prices), max(prices)

    @property
    def picture(self) -> Sequence[Any] | None:
        """Of the first that fits and has one, or else of the product."""
        own = (variant.picture for variant in self.fitting or () if variant.picture)
        picture: Sequence[Any] | None = next(own, self.card["picture"])
        return picture


@dataclass(frozen=True)
class Found:
    """`instead` are words taken for slips of the finger, each with those that were looked for;
    `nearest` what else might be typed where nothing is found. `counted_at` is when all changes of
    stock had last been read."""

    hits: list[Hit]
    query: Query
    counted_at: datetime | None = None
    instead: Mapping[str, Sequence[str]] = field(default_factory=dict)
    nearest: Sequence[str] = ()

    @property
    def typed_instead(self) -> str:
        return ", ".join(self.instead)

    @property
    def meant_instead(self) -> str:
        return ", ".join(word for words in self.instead.values() for word in words)


def find(wanted: Wanted, *, first: int = 0, count: int = CANDIDATES) -> Found:
    """At most `count` products from the `first`-th on. Nothing that can be typed makes it fail."""
    account_pk = wanted.shop.account_id
    generation, synonyms, counted_at = tables.state(account_pk)
    query = parse(wanted.text, synonyms_in(synonyms))
    if not query.is_empty and not query.words:
        return Found([], query)
    space = tables.space(account_pk, generation, archived=wanted.archived)
    owner = tables.space(account_pk, generation)
    readings = _readings(query, synonyms_in(synonyms), account_pk, owner, space)
    for meant, near in readings:
        hits = _Search(wanted, meant, space).hits()
        if (best := next(hits, None)) is not None:
            page = list(islice(chain([best], hits), first, first + count))
            return Found(page, meant, counted_at, instead=near)

    def finds(text: str) -> bool:
        meant = parse(text, synonyms_in(synonyms))
        return _Search(wanted, meant, space).finds_anything()

    return Found([], query, nearest=slips.nearest(query, owner, space, finds))


def whole_products(shop: "Shop", matrix_pks: Collection[int]) -> Found:
    """Those of the matrices that are for sale, with all their variants, in no order."""
    from salesfloor.catalog.models import Product

    if not matrix_pks:
        return Found([], Query())
    generation, _, counted_at = tables.state(shop.account_id)
    products = Product.everywhere.filter(
        account__also=shop.account_id, matrix__in=matrix_pks, generation=generation, archived=False
    )
    cards = map(json.loads, products.values_list("card", flat=True))
    hits = [Hit(card, [Variant(*card["only"])] if "only" in card else None) for card in cards]
    return Found(hits, Query(), counted_at)


def _readings(
    query: Query, synonyms: Synonyms, account_pk: int, owner: int, space: int
) -> Iterator[tuple[Query, slips.Near]]:
    """What was typed and what may be meant by it, in the order in which that is tried."""
    yield query, {}
    bare = without_kinds(query, synonyms, account_pk)
    if bare is not None:
        yield bare, {}
    yield from slips.readings(query, owner, space)
    if bare is not None:
        yield from slips.readings(bare, owner, space)


def tags_of(account: "Account") -> list[str]:
    """Names, in the order of the alphabet."""
    from salesfloor.catalog.models import SearchIndex

    state = SearchIndex.everywhere.filter(account=account).first()
    return tables.tags(tables.space(account.pk, state.generation)) if state else []


def items_of(hits: Iterable[Hit]) -> list[int]:
    """The keys of the items that fit, product by product."""
    from salesfloor.catalog.models import Item

    hits = list(hits)
    matrices = {hit.matrix_pk for hit in hits if hit.fitting is None}
    whole_runs: dict[int | None, list[int]] = defaultdict(list)
    items = Item.everywhere.filter(archived=False, matrix__in=matrices).order_by("lightspeed_id")
    for pk, matrix_pk in items.values_list("pk", "matrix_id"):
        whole_runs[matrix_pk].append(pk)
    return [
        pk
        for hit in hits
        for pk in (
            whole_runs[hit.matrix_pk]
            if hit.fitting is None
            else (variant.pk for variant in hit.fitting)
        )
    ]


# --- One search -------------------------------------------------------------------------

# How close, rank, and the text of the row.
_Row = tuple[tuple[int, int, bool], int, str]


class _Search:
    def __init__(self, wanted: Wanted, query: Query, space: int) -> None:
        self.wanted, self.query, self.space = wanted, query, space
        self.filters = tuple(_filters(wanted))
        self.all_of = (*query.groups, *self.filters)
        self.asked = (*self.all_of, *_price_classes(wanted))
        # Usually each group is one word, and then quicker to compare.
        self.plain = [group[0][0] for group in query.groups if _is_plain(group)]
        self.has_choices = len(self.plain) < len(query.groups)
        terms = (term for group in query.groups for terms in group for term in terms)
        self.narrowing = [f"{term} " for term in terms]

    def finds_anything(self) -> bool:
        """Asks once where nothing has all the words, and then looks no further for codes."""
        asked = tables.expression(self.asked)
        return bool(tables.first(asked, self.space, 1)) and next(self.hits(), None) is not None

    def hits(self) -> Iterator[Hit]:
        seen: set[int] = set()
        shown: set[int] = set()
        last_tier = NOWHERE
        if not self.wanted.archived:
            last_tier = {"here": HERE, "any": ELSEWHERE}.get(self.wanted.stock, NOWHERE)
        if self.query.code:
            asked = tables.expression(
                (*self.filters, *_price_classes(self.wanted)), f"={self.query.code}"
            )
            rows = self._ordered(tables.first(asked, self.space, CANDIDATES), seen)
            for row, hit in self._judged(rows, self._have_code):
                if hit and hit.tier(self.wanted.shop) <= last_tier:
                    shown.add(row[1])
                    yield hit
        later: dict[int, list[tuple[_Row, Hit]]] = {ELSEWHERE: [], NOWHERE: []}
        for tier, marks in self._tiers():
            if tier > last_tier:
                break
            asked = tables.expression((*self.asked, *marks))
            fresh = self._ordered(tables.first(asked, self.space, CANDIDATES), seen)
            put_off = later.get(tier, [])
            for row, hit in self._merged(fresh, put_off):
                if hit is None:
                    continue
                own_tier = hit.tier(self.wanted.shop)
                if own_tier <= tier:
                    shown.add(row[1])
                    yield hit
                else:
                    later[own_tier].append((row, hit))
        if self.query.code_part:
            found = tables.with_code_part(self.query.code_part, self.space, CANDIDATES)
            rows = [((0, 0, False), rank, text) for rank, text in found if rank not in shown]
            for _, hit in self._judged(rows, self._have_code_part):
                if hit and hit.tier(self.wanted.shop) <= last_tier:
                    yield hit

    def _tiers(self) -> Sequence[tuple[int, Sequence[Group]]]:
        if self.wanted.archived:
            return [(NOWHERE, ())]
        here = (whole(f"@{self.wanted.shop.pk}"),), (whole(tables.UNCOUNTED),)
        return [(HERE, (here,)), (ELSEWHERE, (((whole("@"),),),)), (NOWHERE, ())]

    def _ordered(self, found: Iterable[tuple[int, str]], seen: set[int]) -> list[_Row]:
        rows = [(self._closeness(text), rank, text) for rank, text in found if rank not in seen]
        seen.update(rank for _, rank, _ in rows)
        rows.sort()
        return rows

    def _closeness(self, text: str) -> tuple[int, int, bool]:
        """How far the name and the attributes are from what was typed; least where nearest."""
        if not self.query.groups:
            return 0, 0, False
        name, _, attributes = text.split(" | ")
        named = name + attributes
        if not self.has_choices:
            begun = [term for term in self.plain if term in named]
            held = [term for term in begun if f"{term} " in named]
            return -len(begun), -len(held), not name.startswith(self.plain[0])
        groups = self.query.groups
        begun_groups = [group for group in groups if _holds(named, group)]
        held_groups = [group for group in begun_groups if _holds_whole(named, group)]
        starts = any(name.startswith(terms[0]) for terms in groups[0])
        return -len(begun_groups), -len(held_groups), not starts

    def _merged(
        self, fresh: list[_Row], put_off: list[tuple[_Row, Hit]]
    ) -> Iterator[tuple[_Row, Hit | None]]:
        """What is new in this tier and what was put off until it, in one order."""
        known = {row[1]: hit for row, hit in put_off}
        rows = sorted([*fresh, *(row for row, _ in put_off)]) if put_off else fresh
        return self._judged(rows, self.fitting, known)

    def _judged(
        self,
        rows: Sequence[_Row],
        choose: Any,
        known: Mapping[int, Hit] = {},
    ) -> Iterator[tuple[_Row, Hit | None]]:
        """With each row its product, or None where no variant has all the words."""
        for start in range(0, len(rows), _AT_ONCE):
            chunk = rows[start : start + _AT_ONCE]
            certain = {row[1] for row in chunk if choose == self.fitting and self._all_fit(row[2])}
            cards = _cards([row[1] for row in chunk if row[1] not in known], certain)
            for row in chunk:
                if row[1] in known:
                    yield row, known[row[1]]
                elif row[1] in cards:
                    yield row, self._hit(*cards[row[1]], row, choose, row[1] in certain)

    def _hit(
        self, card: Mapping[str, Any], variants: str, row: _Row, choose: Any, certain: bool
    ) -> Hit | None:
        if certain and card["count"] > 1:
            return Hit(card, None)
        several = [Variant(*each) for each in json.loads(variants)] if variants else []
        several = several or [Variant(*card["only"])]
        if certain:
            return Hit(card, several)
        fitting = choose(several, row[2])
        return Hit(card, fitting) if fitting else None

    def _all_fit(self, text: str) -> bool:
        """Whether all variants do, as far as can be told without looking at each."""
        if self.wanted.has_price:
            return False
        _, common, attributes = text.split(" | ")
        return all(_holds(common, group) for group in self.all_of) and not any(
            term in attributes for term in self.narrowing
        )

    def fitting(self, variants: Sequence[Variant], text: str) -> list[Variant]:
        _, common, _ = text.split(" | ")
        fit = [
            variant
            for variant in self._affordable(variants)
            if all(_holds(common + variant.words, group) for group in self.all_of)
        ]
        for term in self.narrowing:
            meant = [v for v in fit if term in v.words.split(" | ", 1)[0]]
            fit = meant or fit
        return fit

    def _have_code(self, variants: Sequence[Variant], text: str) -> list[Variant]:
        return [
            variant
            for variant in self._within(variants, text)
            if any(same_code(code) == self.query.code for code in variant.codes.split())
        ]

    def _have_code_part(self, variants: Sequence[Variant], text: str) -> list[Variant]:
        return [v for v in self._within(variants, text) if self.query.code_part in v.codes]

    def _within(self, variants: Sequence[Variant], text: str) -> list[Variant]:
        _, common, _ = text.split(" | ")
        return [
            variant
            for variant in self._affordable(variants)
            if all(_holds(common + variant.words, group) for group in self.filters)
        ]

    def _affordable(self, variants: Sequence[Variant]) -> Sequence[Variant]:
        least, most = self.wanted.price_from, self.wanted.price_to
        if not self.wanted.has_price:
            return variants
        return [
            variant
            for variant in variants
            if (least is None or variant.price_at(self.wanted.shop) >= least)
            and (most is None or variant.price_at(self.wanted.shop) <= most)
        ]


def _filters(wanted: Wanted) -> Iterator[Group]:
    if wanted.category is not None:
        branch = wanted.category.subtree().values_list("pk", flat=True)
        yield tuple((whole(f"#{pk}"),) for pk in branch)
    if wanted.brand is not None:
        yield ((whole(f"%{wanted.brand.pk}"),),)
    if wanted.tag:
        yield ((whole(f"+{compact(wanted.tag)[:LONGEST_WORD]}"),),)


def _price_classes(wanted: Wanted) -> Iterator[Group]:
    if wanted.has_price:
        least = price_class(wanted.price_from or Decimal(0))
        most = DEAREST if wanted.price_to is None else price_class(wanted.price_to)
        yield tuple((whole(f"${each}"),) for each in range(least, max(least, most) + 1))


def _is_plain(group: Group) -> bool:
    return len(group) == 1 and len(group[0]) == 1


def _holds(text: str, group: Group) -> bool:
    return any(all(term in text for term in terms) for terms in group)


def _holds_whole(text: str, group: Group) -> bool:
    return any(all(f"{term} " in text for term in terms) for terms in group)


def _tier(variant: Variant, shop_pk: int) -> int:
    if shop_pk in variant.shops or not variant.has_stock:
        return HERE
    return ELSEWHERE if variant.shops else NOWHERE


def _cards(ranks: Sequence[int], certain: set[int]) -> dict[int, tuple[Mapping[str, Any], str]]:
    """By rank, and with the variants of those that are not `certain`."""
    rows = [
        *tables.details([rank for rank in ranks if rank in certain], "''"),
        *tables.details([rank for rank in ranks if rank not in certain], "variants"),
    ]
    return {rank: (json.loads(card), variants) for rank, card, variants in rows}
