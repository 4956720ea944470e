"""What is for sale, known without salesfloor: so its answers can be told right from wrong."""

import random
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import islice, takewhile
from string import ascii_lowercase

from salesfloor.simulator import stores

SIMULATOR_SEED = 1  # its default

BARCODE, INFIX, SLIP = "barcode", "inner part of a code", "slip of the finger"
ONE_LETTER, ONE_WORD, TWO_WORDS, WHOLE_NAME = "one letter", "one word", "two words", "whole name"
KINDS = (ONE_LETTER, ONE_WORD, TWO_WORDS, WHOLE_NAME, INFIX, SLIP, BARCODE)
SHORTEST_WITH_A_SLIP = 4
# What is longer in a code is found by its parts, typed alone.
LONGEST_WORD_OF_CODE = 5


@dataclass(frozen=True)
class Item:
    description: str
    ean: str
    price: Decimal
    product: int  # of a matrix all its items are one
    other_words: str  # those of its category, brand and, as far as they are short, codes
    codes: str


class Catalogue:
    def __init__(self, count: int) -> None:
        records = list(stores.records("large", count, SIMULATOR_SEED))
        categories = {r["categoryID"]: r["name"] for name, r in records if name == "Category"}
        brands = {r["manufacturerID"]: r["name"] for name, r in records if name == "Manufacturer"}
        matrices = {r["itemMatrixID"]: r["description"] for n, r in records if n == "ItemMatrix"}
        self.items = [
            Item(
                description=record["description"],
                ean=record["ean"],
                price=record["Prices"]["ItemPrice"][0]["amount"],
                product=record.get("itemMatrixID") or -record["itemID"],
                other_words=" ".join(
                    [
                        categories[record["categoryID"]],
                        brands[record["manufacturerID"]],
                        *(word for word in _words(codes) if len(word) <= LONGEST_WORD_OF_CODE),
                    ]
                ),
                codes=codes,
            )
            for name, record in records
            if name == "Item"
            for codes in [f"{record['systemSku']} {record['customSku']} {record['ean']}"]
        ]
        names = [item.description for item in self.items]
        self.named = Words(names)
        self.number = {name: number for number, name in enumerate(names)}
        self._found = Words(f"{item.description} {item.other_words}" for item in self.items)
        self._codes = [item.codes.replace("-", "").lower() for item in self.items]
        # A product is shown by the name of its matrix or, if only one item fits, by that item's.
        self.product_named = {item.description: item.product for item in self.items}
        self.product_named |= {name: key for key, name in matrices.items()}

    def products(self, typed: str) -> set[int]:
        """Which may be found: those with words that begin so, or with a part of a code or, where
        there are none, with a word that is one slip of the finger away."""
        fitting = self._found.fitting(typed)
        if typed.isdigit():
            fitting = fitting | {n for n, codes in enumerate(self._codes) if typed in codes}
        if not fitting:
            fitting = self._found.fitting_with_a_slip(typed)
        return {self.items[number].product for number in fitting}


class Words:
    """Which of some texts have words that begin as typed: found by sets, with no index."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._holders: dict[str, set[int]] = defaultdict(set)
        for number, text in enumerate(texts):
            for word in _words(text):
                self._holders[word].add(number)
        self._sorted = sorted(self._holders)
        self.beginning_with = lru_cache(maxsize=1000)(self._beginning_with)

    def fitting(self, typed: str) -> set[int]:
        return set.intersection(*(self.beginning_with(word) for word in _words(typed)))

    def fitting_with_a_slip(self, typed: str) -> set[int]:
        """Of one word: those that begin with what may have been meant."""
        return set().union(*map(self.beginning_with, _one_slip_from(typed)))

    def _beginning_with(self, typed: str) -> set[int]:
        first = bisect_left(self._sorted, typed)
        words = takewhile(lambda word: word.startswith(typed), islice(self._sorted, first, None))
        return set().union(*(self._holders[word] for word in words))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def _one_slip_from(word: str) -> set[str]:
    """A letter too many, too few or another, or two exchanged."""
    found = set()
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        found |= {before + after[1:], before + after[1:2] + after[:1] + after[2:]}
        for letter in ascii_lowercase:
            found |= {before + letter + after, before + letter + after[1:]}
    return found


def typed_for(item: Item, choose: random.Random) -> Iterator[tuple[str, str]]:
    """What a rep types who looks for this item, letter by letter, and what kind of search it is.

    Some figures from within its barcode, a word with a slip of the finger, one of its words
    letter by letter, the beginning of another, then its whole name and, still unsure, its barcode.
    """
    first, second = choose.sample([w for w in item.description.lower().split() if w.isalpha()], 2)
    yield INFIX, item.ean[-6:-1]
    if len(first) > SHORTEST_WITH_A_SLIP:
        place = choose.randrange(1, len(first) - 2)
        yield SLIP, first[:place] + first[place + 1] + first[place] + first[place + 2 :]
    for length in range(1, len(first) + 1):
        yield (ONE_LETTER if length == 1 else ONE_WORD), first[:length]
    for length in range(1, min(3, len(second)) + 1):
        yield TWO_WORDS, f"{first} {second[:length]}"
    yield WHOLE_NAME, item.description.lower()
    yield BARCODE, item.ean
