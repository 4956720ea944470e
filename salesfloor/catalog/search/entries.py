"""What the index says of each product, made of its items."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import takewhile
from typing import Any

from salesfloor.catalog.search import tables
from salesfloor.catalog.search.query import LONGEST_WORD, price_class, same_code
from salesfloor.catalog.search.tables import Row
from salesfloor.words import compact, joined, words

# What an entry holds. Where it is another than an account's index was made by, that is made anew.
VERSION = 2
# Of the words of a code, those of more characters are the code itself or nearly: parts of codes
# have an index of their own, and these would fill that of the words with numbers.
LONGEST_WORD_OF_CODE = 5
FEWEST_LETTERS_TO_KNOW = 3


@dataclass(frozen=True)
class Source:
    """An item as read for the index. `prices` are amounts by price level."""

    pk: int
    lightspeed_id: int
    matrix_id: int | None
    archived: bool
    description: str
    system_sku: str
    custom_sku: str
    manufacturer_sku: str
    upc: str
    ean: str
    price: Decimal
    prices: tuple[tuple[str, str], ...]
    item_type: str
    attribute1: str
    attribute2: str
    attribute3: str
    tags: str
    picture: str  # its version, "" where there is none
    sold: int
    category_id: int | None
    category: str
    manufacturer_id: int | None
    manufacturer: str
    matrix_description: str
    attribute_names: tuple[str, ...]

    @property
    def is_counted(self) -> bool:
        return self.item_type != "non_inventory"


@dataclass(frozen=True)
class Facts:
    """What is made of one item, whatever its siblings are. `words` has those marks too that filters
    ask for; `marks` are the others, `other_prices` those of levels that differ from the usual."""

    words: tuple[str, ...]
    attributes: tuple[str, ...]
    attribute_words: tuple[str, ...]
    codes: tuple[str, ...]
    marks: tuple[str, ...]
    tags: tuple[tuple[str, str], ...]  # each as a mark, and its name
    other_prices: Mapping[str, str]


@lru_cache(maxsize=5_000)
def facts(source: Source) -> Facts:
    """Kept, as the items of a run come again with each of them that changes."""
    attributes = [
        each for each in (source.attribute1, source.attribute2, source.attribute3) if each
    ]
    written = (
        source.system_sku,
        source.custom_sku,
        source.manufacturer_sku,
        source.upc,
        source.ean,
    )
    codes = [code for code in written if code]
    names = [name.strip() for name in source.tags.split(",")]
    tags = [(_tag(name), name) for name in dict.fromkeys(names) if _tag(name)]
    found = [
        *_words_in(source.description),
        *_words_in(" ".join(attributes)),
        *_words_in(f"{source.category} {source.manufacturer}"),
        *_words_in(", ".join(names)),
        *(word for code in codes for word in _words_in(code) if _is_no_code(word)),
        *(mark for mark, _ in tags),
    ]
    if source.category_id:
        found.append(f"#{source.category_id}")
    if source.manufacturer_id:
        found.append(f"%{source.manufacturer_id}")
    exact = [f"={key[:LONGEST_WORD]}" for key in map(same_code, codes) if key]
    prices = [f"${price_class(price)}" for price in _amounts(source)]
    return Facts(
        words=tuple(dict.fromkeys(found)),
        attributes=tuple(attributes),
        attribute_words=tuple(dict.fromkeys(_cut(words(" ".join(attributes))))),
        codes=tuple(map(compact, codes)),
        marks=tuple(dict.fromkeys([*exact, *prices])),
        tags=tuple(tags),
        other_prices={
            level: amount for level, amount in source.prices if Decimal(amount) != source.price
        },
    )


def _amounts(source: Source) -> list[Decimal]:
    return [source.price, *(Decimal(amount) for _, amount in source.prices)]


@lru_cache(maxsize=5_000)
def _words_in(text: str) -> tuple[str, ...]:
    return tuple(_cut([*words(text), *joined(text)]))


def _cut(some: Iterable[str]) -> list[str]:
    return [word[:LONGEST_WORD] for word in some]


def _is_no_code(word: str) -> bool:
    return len(word) <= LONGEST_WORD_OF_CODE or not any(c.isdigit() for c in word)


def _tag(name: str) -> str:
    key = compact(name)[:LONGEST_WORD]
    return f"+{key}" if key else ""


# --- One product ------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """`known` are words and their tails, tags and their names: see `tables.know`."""

    row: Row
    card: str
    variants: str
    known: frozenset[tuple[str, str]]

    @property
    def digest(self) -> str:
        row = self.row
        told = "\n".join(
            [" ".join(row.words), row.text, " ".join(row.codes), self.card, self.variants]
        )
        return hashlib.sha256(told.encode()).hexdigest()[:32]


def entry(space: int, sources: Sequence[Source], shops: Mapping[int, Sequence[int]]) -> Entry:
    """Of the variants of one product, live or archived ones; `shops` by item are those in which it
    is in stock.

    The text is `name | words that all have | attributes`, with blanks around each word.
    """
    sources = sorted(sources, key=lambda source: source.lightspeed_id)
    shops = {source.pk: shops[source.pk] if source.is_counted else () for source in sources}
    uncounted = sum(not source.is_counted for source in sources)
    of = [facts(source) for source in sources]
    name = _name(sources)
    named = dict.fromkeys(_cut(words(name)))
    common = set(of[0].words).intersection(*(each.words for each in of[1:]))
    told = [
        _variant(source, each, common, shops[source.pk])
        for source, each in zip(sources, of, strict=True)
    ]
    every = dict.fromkeys(word for each in of for word in each.words)
    in_all = (word for word in of[0].words if word in common)
    attribute_words = dict.fromkeys(word for each in of for word in each.attribute_words)
    marks = dict.fromkeys(mark for each in of for mark in each.marks)
    stocked = dict.fromkeys(shop for source in sources for shop in shops[source.pk])
    in_stock = [f"@{shop}" for shop in stocked] + [tables.UNCOUNTED] * bool(uncounted)
    row = Row(
        rank=tables.rank(space, sum(source.sold for source in sources), sources[0].lightspeed_id),
        words=[*every, *marks, *in_stock, *["@"] * bool(in_stock)],
        text=" | ".join(map(_spaced, (named, in_all, attribute_words))),
        codes=list(dict.fromkeys(code for each in of for code in each.codes)),
    )
    card = {
        "name": name,
        "count": len(sources),
        "prices": _spans(sources, of),
        "shops": {shop: sum(shop in shops[source.pk] for source in sources) for shop in stocked},
        "anywhere": sum(bool(shops[source.pk]) for source in sources),
        "counted": uncounted < len(sources),
        "uncounted": uncounted,
        "picture": next((_picture(source) for source in sources if source.picture), None),
        "names": _names_of_attributes(sources[0]),
        "differ": _differing(sources),
        "matrix": sources[0].matrix_id,
        "first": sources[0].pk,
    }
    if len(sources) == 1:
        card["only"] = told[0]
    known = {(word, word[1:]) for word in every if _is_known(word)}
    return Entry(
        row,
        _json(card),
        _json(told) if len(sources) > 1 else "",
        frozenset(known.union(*(each.tags for each in of))),
    )


def _json(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _name(sources: Sequence[Source]) -> str:
    """The matrix's, or where that may not be read what the names of all variants begin with."""
    if sources[0].matrix_description:
        return sources[0].matrix_description
    alike = takewhile(
        lambda each: len(set(each)) == 1,
        zip(*(s.description.split() for s in sources), strict=False),
    )
    shared = " ".join(each[0] for each in alike).strip(" -–,/") if len(sources) > 1 else ""
    return shared or sources[0].description


def _variant(source: Source, of: Facts, common: Collection[str], shops: Sequence[int]) -> list[Any]:
    """In the order of `finding.Variant`. Of its words those of the attributes come first: they say
    what is meant, whatever else has the same word."""
    own = _spaced(word for word in of.words if word not in common)
    return [
        source.pk,
        f"{_spaced(of.attribute_words)} | {own}",
        " ".join(of.codes),
        source.description,
        of.attributes,
        str(source.price),
        of.other_prices,
        shops,
        _picture(source) if source.picture else None,
        source.is_counted,
    ]


def _spaced(some: Iterable[str]) -> str:
    together = " ".join(some)
    return f" {together} " if together else " "


def _picture(source: Source) -> list[Any]:
    return [source.pk, source.picture]


def _spans(sources: Sequence[Source], of: Sequence[Facts]) -> dict[str, list[str]]:
    """The least and the highest price, as "" the usual ones, and by level where others apply."""
    usual = [source.price for source in sources]
    found = {"": [str(min(usual)), str(max(usual))]}
    for level in sorted({level for each in of for level in each.other_prices}):
        amounts = [
            Decimal(each.other_prices.get(level, source.price))
            for source, each in zip(sources, of, strict=True)
        ]
        found[level] = [str(min(amounts)), str(max(amounts))]
    return found


def _names_of_attributes(source: Source) -> list[str]:
    names = [*source.attribute_names, "", "", ""]
    own = (source.attribute1, source.attribute2, source.attribute3)
    return [name for name, value in zip(names, own, strict=False) if value]


def _differing(sources: Sequence[Source]) -> list[str]:
    """What the attributes are called in which the variants differ, "" where it is not known."""
    names = [*sources[0].attribute_names, "", "", ""][:3]
    values = zip(*((s.attribute1, s.attribute2, s.attribute3) for s in sources), strict=True)
    return [name for name, each in zip(names, values, strict=True) if len(set(each)) > 1]


def _is_known(word: str) -> bool:
    return len(word) >= FEWEST_LETTERS_TO_KNOW and word.isalpha()
