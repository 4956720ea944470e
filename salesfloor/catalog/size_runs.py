"""The order in which a rep looks for sizes: 8, 8.5, 9; S, M, L; 30/32, 30/34; 11, 12, 13, 1, 2.

Lightspeed lists the values of an attribute as they were entered. Where they are no sizes that are
known here, as colours are not, that is the order.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from salesfloor.words import compact, fold

Rank = tuple[float, ...]

_NUMBERS = re.compile(r"\d+(?:\.\d+)?(?: \d+/\d+)?|\.\d+")
_VULGAR = re.compile(r"(?<=\d)(?=[¼-¾⅐-⅞])")  # "10½" would else be read as 101/2
# Letters beside a number that belong to one run: widths, lengths, cups. Units of measure do not.
_BESIDE = re.compile(r"([a-h]|[nmwrlst])\1{0,3}|wide|narrow|reg|regular|short|long|tall|xw|ww")
_CUP = re.compile(r"([a-h])\1*|")
_LETTERS = re.compile(r"(\d*)(x*)(s|m|l)")
_WORDS = {"xsmall": "xs", "small": "s", "sm": "s", "medium": "m", "med": "m", "large": "l"}
_WORDS |= {"lg": "l", "xlarge": "xl", "xxlarge": "xxl", "xxxlarge": "xxxl"}
_MIDDLES = {"s": -1, "m": 0, "l": 1}
# Each a run by itself, as "Short, Regular, Long".
_LENGTHS = {"petite": 0, "xshort": 1, "short": 2, "regular": 3, "standard": 3, "reg": 3}
_LENGTHS |= {"long": 4, "tall": 5, "xlong": 6, "xtall": 6, "wide": 7, "extrawide": 8}
_LENGTHS |= {"narrow": 2, "xwide": 8}
# Children's shoes count to 13 and begin again.
_CHILDRENS_LAST, _CHILDRENS_FIRST, _LEAP = (12.5, 13.5), (1, 1.5), 3


def in_order(values: Iterable[str]) -> list[str]:
    """Each value once. `values` come as Lightspeed numbers the items that have them."""
    seen = list(dict.fromkeys(values))
    ranks = sizes(seen)
    return sorted(seen, key=ranks.__getitem__) if ranks else seen


def sizes(values: Sequence[str]) -> dict[str, Rank]:
    """The rank of each value where all are sizes of one kind, else empty."""
    if not values:
        return {}
    for rank_all in (_by_letters, _by_lengths, _by_numbers):
        ranks = rank_all(values)
        if len(ranks) == len(set(values)):
            return ranks
    return {}


def _by_letters(values: Sequence[str]) -> dict[str, Rank]:
    """XS, S, S/M, M, L, XL, 2XL."""
    ranks: dict[str, Rank] = {}
    for value in values:
        parts = [_letter(part) for part in re.split(r"\s*[/-]\s*(?=\D)", _whole_words(value))]
        known = [part for part in parts if part is not None]
        if len(known) == len(parts) <= 2:
            ranks[value] = (sum(known) / len(known),)
    return ranks


def _whole_words(value: str) -> str:
    """ "X-Large" and "Extra large" in one, so that the hyphen does not part them."""
    return re.sub(r"\bx[- ](?=[a-z])|\bextra[- ]", "x", fold(value).strip())


def _letter(part: str) -> float | None:
    plain = compact(part)
    if not (found := _LETTERS.fullmatch(_WORDS.get(plain, plain))):
        return None
    digits, crosses, middle = found.groups()
    if digits and len(crosses) != 1:
        return None
    many = int(digits) if digits else len(crosses)
    # An XM has not been seen.
    return None if middle == "m" and many else _MIDDLES[middle] * (1 + many)


def _by_lengths(values: Sequence[str]) -> dict[str, Rank]:
    plain = {value: compact(_whole_words(value)) for value in values}
    return {value: (_LENGTHS[word],) for value, word in plain.items() if word in _LENGTHS}


def _by_numbers(values: Sequence[str]) -> dict[str, Rank]:
    """8, 8.5, 10 1/2, EU 42, 32/34, W32 L34, 34B, 4-5Y."""
    folded = {value: fold(_VULGAR.sub(" ", value)).strip() for value in values}
    numbers = {value: _numbers(text) for value, text in folded.items()}
    letters = {value: compact(_NUMBERS.sub(" ", text)) for value, text in folded.items()}
    if not all(numbers.values()) or not _are_of_one_run(set(letters.values())):
        return {}
    order = sorted(dict.fromkeys(letters.values()), key=bool)  # stable: plain ones come first
    if all(_CUP.fullmatch(each) for each in order):
        order.sort()
    if _are_fractions(folded.values()):
        numbers = {value: (pair[0] / pair[1],) for value, pair in numbers.items()}
    last_again = _last_that_begins_again(numbers.values())
    return {
        value: (found[0] <= last_again, *found, *[-1] * (3 - len(found)), order.index(own))
        for (value, found), own in zip(numbers.items(), letters.values(), strict=True)
    }


def _numbers(text: str) -> Rank:
    """At most three, or none."""
    found = []
    for number in _NUMBERS.findall(text):
        whole, _, fraction = number.partition(" ")
        above, _, below = fraction.partition("/")
        found.append(float(whole) + (float(above) / (float(below) or 1) if fraction else 0))
    return tuple(found) if len(found) <= 3 else ()


def _are_of_one_run(letters: set[str]) -> bool:
    return len(letters) == 1 or all(not each or _BESIDE.fullmatch(each) for each in letters)


def _are_fractions(texts: Iterable[str]) -> bool:
    """Of an inch, as tools and ropes come in: "3/8", not the waist and length of "30/32"."""
    pairs = [re.fullmatch(r"(\d+)/(\d+)", text) for text in texts]
    return all(
        pair and int(pair[1]) < int(pair[2]) <= 64 and int(pair[2]).bit_count() == 1
        for pair in pairs
    ) and any(pair and int(pair[2]) <= 16 for pair in pairs)


def _last_that_begins_again(ranks: Iterable[Rank]) -> float:
    """Where these are children's sizes on both sides of 13, after which they begin again with 1:
    the largest of those after it. Else none is as small as the answer."""
    numbers = sorted({rank[0] for rank in ranks if len(rank) == 1})
    low, high = _CHILDRENS_LAST
    if len(numbers) < 2 or numbers[0] not in _CHILDRENS_FIRST or not low <= numbers[-1] <= high:
        return -1
    leap, last = max((after - before, before) for before, after in pairwise(numbers))
    return last if leap >= _LEAP else -1
