"""What is for sale, known without salesfloor: so its answers can be told right from wrong."""

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from salesfloor.simulator import stores

SIMULATOR_SEED = 1  # its default


@dataclass(frozen=True)
class Item:
    description: str
    ean: str
    price: Decimal
    other_words: str  # those of its category, brand and codes


class Catalogue:
    def __init__(self, count: int) -> None:
        records = list(stores.records("large", count, SIMULATOR_SEED))
        categories = {r["categoryID"]: r["name"] for name, r in records if name == "Category"}
        brands = {r["manufacturerID"]: r["name"] for name, r in records if name == "Manufacturer"}
        self.items = [
            Item(
                description=record["description"],
                ean=record["ean"],
                price=record["Prices"]["ItemPrice"][0]["amount"],
                other_words=" ".join(
                    [
                        categories[record["categoryID"]],
                        brands[record["manufacturerID"]],
                        *(record[code] for code in ("systemSku", "customSku", "ean")),
                    ]
                ),
            )
            for name, record in records
            if name == "Item"
        ]
        names = [item.description for item in self.items]
        self.named = Words(names)
        self.found = Words(f"{item.description} {item.other_words}" for item in self.items)
        self.number = {name: number for number, name in enumerate(names)}


class Words:
    """Which of some texts have words that begin as typed: found by sets, with no index."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._holders: dict[str, set[int]] = defaultdict(set)
        for number, text in enumerate(texts):
            for word in _words(text):
                self._holders[word].add(number)
        self.beginning_with = lru_cache(maxsize=1000)(self._beginning_with)

    def fitting(self, typed: str) -> set[int]:
        return set.intersection(*(self.beginning_with(word) for word in _words(typed)))

    def _beginning_with(self, typed: str) -> set[int]:
        fitting = (numbers for word, numbers in self._holders.items() if word.startswith(typed))
        return set().union(*fitting)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def typed_for(item: Item, choose: random.Random) -> Iterator[tuple[str, str]]:
    """What a rep types who looks for this item, letter by letter, and what kind of search it is.

    One of its words, the beginning of another, and then, still unsure, its whole name.
    """
    first, second = choose.sample([w for w in item.description.lower().split() if w.isalpha()], 2)
    for length in range(1, len(first) + 1):
        yield ("one letter" if length == 1 else "one word"), first[:length]
    for length in range(1, min(3, len(second)) + 1):
        yield "two words", f"{first} {second[:length]}"
    yield "whole name", item.description.lower()
