"""What was typed, taken apart."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from salesfloor.words import compact, words

# What is longer than this was not typed by a rep.
LONGEST_QUERY = 200
MOST_WORDS = 8
# Longer words are cut, in what is typed and in what is found: databases have limits.
LONGEST_WORD = 60
# Of a synonym that is still being typed.
FEWEST_LETTERS_OF_SYNONYM = 3
# Trigrams need three characters. Sizes ("10.5") are shorter than any code worth typing.
SHORTEST_CODE_PART = 4
DEAREST = 63

# In a text of words with blanks around them " trail" is the beginning of one, " #7 " a whole one.
Term = str
# All of these terms; any of such; all of those.
Alternative = tuple[Term, ...]
Group = tuple[Alternative, ...]
Synonyms = tuple[tuple[tuple[str, ...], ...], ...]


@dataclass(frozen=True)
class Query:
    """`code` is what an exact code is compared with, `code_part` what a code may have in it; both
    are "" where it can be none. Nothing was typed where `is_empty`; where it is not, and there
    are no words, nothing fits."""

    text: str = ""
    words: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    code: str = ""
    code_part: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.text

    @property
    def marked(self) -> tuple[str, ...]:
        """Beginnings of words that are shown marked."""
        found = {term.strip() for group in self.groups for terms in group for term in terms}
        return tuple(sorted(found))

    def corrected(self, near: Mapping[str, Sequence[str]]) -> "Query":
        """With some of its words standing for others."""
        groups = []
        for group in self.groups:
            alternatives = list(group)
            for terms in group:
                for word, others in near.items():
                    if begins(word) in terms:
                        alternatives += [_put(terms, begins(word), begins(o)) for o in others]
            groups.append(tuple(dict.fromkeys(alternatives)))
        return replace(self, groups=tuple(groups))

    def without_codes(self) -> "Query":
        return replace(self, code="", code_part="")

    def reworded(self, old: Sequence[str], new: Sequence[str]) -> "Query":
        """With some words that follow one another in the place of others; without synonyms."""
        place = self.words.index(old[0])
        own = (*self.words[:place], *new, *self.words[place + len(old) :])
        return replace(self, words=own, groups=tuple(_groups(own, ())))


def _put(terms: Alternative, old: Term, new: Term) -> Alternative:
    return tuple(new if term == old else term for term in terms)


def begins(word: str) -> Term:
    return f" {word}"


def whole(word: str) -> Term:
    return f" {word} "


def parse(typed: str, synonyms: Synonyms = ()) -> Query:
    """Nothing that can be typed makes it fail."""
    text = typed[:LONGEST_QUERY].replace("\0", " ").strip()
    found = tuple(dict.fromkeys(word[:LONGEST_WORD] for word in words(text)))[:MOST_WORDS]
    code, part = "", ""
    if " " not in text and (key := compact(text)) and key.isascii():
        if len(key) >= 3 or key.isdigit():
            code = same_code(key)
        if len(key) >= SHORTEST_CODE_PART and any(c.isdigit() for c in key):
            part = key[:LONGEST_WORD]
    elif any(c.isdigit() for c in text):
        code = same_code(compact(text))
    return Query(text, found, tuple(_groups(found, synonyms)), code[:LONGEST_WORD], part)


def _groups(typed: Sequence[str], synonyms: Synonyms) -> Iterable[Group]:
    place = 0
    while place < len(typed):
        length, others = _synonyms_at(typed, place, synonyms)
        own = tuple(begins(word) for word in typed[place : place + length])
        yield (own, *(tuple(map(begins, phrase)) for phrase in others))
        place += length


def _synonyms_at(
    typed: Sequence[str], place: int, synonyms: Synonyms
) -> tuple[int, list[tuple[str, ...]]]:
    """How many words from here on are a phrase of which there are synonyms, and these."""
    longest = 1
    others: list[tuple[str, ...]] = []
    for phrases in synonyms:
        for phrase in phrases:
            here = typed[place : place + len(phrase)]
            last = place + len(phrase) == len(typed)
            if len(phrase) >= longest and is_phrase(here, phrase, half_typed=last):
                if len(phrase) > longest:
                    longest, others = len(phrase), []
                others += [other for other in phrases if other != phrase]
    return longest, others


def is_phrase(typed: Sequence[str], phrase: Sequence[str], *, half_typed: bool = False) -> bool:
    """Whether it is, in the singular or the plural; of what is half typed, whether it may be."""
    if len(typed) != len(phrase):
        return False
    *before, end = zip(typed, phrase, strict=True)
    if not all(_same(*pair) for pair in before):
        return False
    enough = half_typed and len(end[0]) >= FEWEST_LETTERS_OF_SYNONYM
    return _same(*end) or (enough and end[1].startswith(end[0]))


def _same(one: str, other: str) -> bool:
    """In English and French alike, most plurals end in s."""
    return one.removesuffix("s") == other.removesuffix("s")


@lru_cache(maxsize=256)
def synonyms_in(text: str) -> Synonyms:
    """Of a manager's lines, each with phrases of the same meaning: "sneaker = running shoe"."""
    found = []
    for line in text.splitlines():
        phrases = [tuple(words(phrase))[:MOST_WORDS] for phrase in line.split("=")]
        known = tuple(dict.fromkeys(filter(None, phrases)))
        if len(known) > 1:
            found.append(known)
    return tuple(found)


def lines_without_synonyms(text: str) -> list[str]:
    """Those that say nothing, although there is something in them."""
    return [line for line in text.splitlines() if line.strip() and not synonyms_in(line)]


def same_code(code: str) -> str:
    """Equal for codes that differ in case, hyphens and, of a number, leading zeros."""
    key = compact(code)
    return key.lstrip("0") if key.isdigit() else key


def price_class(price: Decimal) -> int:
    """Prices of one class lie within a fifth of each other: a range is then a few classes."""
    return 0 if price < 1 else min(int(math.log2(price) * 4) + 1, DEAREST)
