"""Slips of the finger: a letter too many, too few or another, or two exchanged; and words written
apart or together.

They are looked for only where nothing fits, in words of four letters or more, anywhere in what may
be the beginning of a word only. Where nothing begins with some of the words, these are the slips;
otherwise any may be, as "trial" is in "trial runner" where there are trials and runners, but no
such thing.

Compared are the words of the index (`catalog_word`) that begin with the same letter, and for a slip
on the first letter those that go on as they would after it; the optimal string alignment distance
is rapidfuzz's.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, combinations, islice, pairwise

from rapidfuzz.distance import OSA

from salesfloor.catalog.search import tables
from salesfloor.catalog.search.query import Query, begins

FEWEST_LETTERS = 4
SHORTEST_PART = 3
# A slip may mean so many words, and so many are offered where none is meant.
MOST_MEANT = 8
MOST_OFFERED = 3
# What might be offered is looked for first, and that costs a search each.
MOST_TRIED = 8

Near = Mapping[str, Sequence[str]]
Words = tuple[str, ...]


def readings(query: Query, owner: int, space: int) -> Iterator[tuple[Query, Near]]:
    """What else may be meant, in the order in which that should be tried, and what for what."""
    for old, new in chain(_together(query, space), _apart(query, space)):
        yield query.reworded(old, new), {" ".join(old): [" ".join(new)]}
    typed = [word for word in query.words if _may_be_slip(word)]
    unknown = [word for word in typed if not _is_begun(word, space)]
    for words_at_once in [unknown] if unknown else ([word] for word in typed):
        near = {word: meant for word in words_at_once if (meant := _meant(word, owner))}
        if near:
            yield query.corrected(near), near


def _together(query: Query, space: int) -> Iterator[tuple[list[str], list[str]]]:
    for one, other in pairwise(query.words):
        if _is_begun(one + other, space):
            yield [one, other], [one + other]


def _apart(query: Query, space: int) -> Iterator[tuple[list[str], list[str]]]:
    for word in query.words:
        for one, other in _parts(word):
            if _is_begun(one, space) and _is_begun(other, space):
                yield [word], [one, other]


def _parts(word: str) -> Iterator[tuple[str, str]]:
    """Where figures and letters meet, or anywhere between three letters and three."""
    if figures := re.fullmatch(r"([\d./]+)(\D+)|(\D+)([\d./]+)", word):
        one, other = filter(None, figures.groups())
        yield one, other
    elif word.isalpha():
        for end in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
            yield word[:end], word[end:]


def nearest(query: Query, owner: int, space: int, finds: Callable[[str], bool]) -> list[str]:
    """What might be typed instead, of which each `finds` something; what keeps more of what was
    typed first.

    Those are the words that are known, alone and with one that is near in the place of one that is
    not. Where those are not found together, fewer of them.
    """
    known = tuple(word for word in query.words if _is_begun(word, space))
    mended = _mended(query, known, owner)
    # What is not found together is, but for synonyms, not with one more word.
    are_together = not known or (known != query.words and finds(" ".join(known)))
    ways = dict.fromkeys(mended if are_together else _fewer(mended[0]))
    new = [" ".join(some) for some in ways if some and some != query.words]
    return list(islice(filter(finds, new[:MOST_TRIED]), MOST_OFFERED))


def _mended(query: Query, known: Words, owner: int) -> list[Words]:
    """What is one slip away stands for an unknown word rather than nothing, and nothing rather than
    what is further away."""
    close: list[Words] = []
    far: list[Words] = []
    for word in query.words:
        if word not in known:
            for distance, near in _nearest(word, owner):
                kept = [each for each in query.words if each == word or each in known]
                mended = tuple(near if each == word else each for each in kept)
                (close if distance <= 1 else far).append(mended)
    return [*close, known, *far]


def _fewer(words: Words) -> Iterator[Words]:
    """One less, but not all ways of it where there are many words, and each of them alone."""
    one_less = combinations(words, len(words) - 1)
    return chain(islice(one_less, MOST_TRIED // 2), ((word,) for word in words))


def _may_be_slip(word: str) -> bool:
    return len(word) >= FEWEST_LETTERS and word.isalpha()


def _is_begun(word: str, space: int) -> bool:
    fits = tables.expression((((begins(word),),),))
    return bool(tables.first(fits, space, 1))


def _meant(word: str, owner: int) -> list[str]:
    """The words one slip away; of them only the nearest kind, so that "trali" is no "trawl"."""
    kinds: dict[int, set[str]] = {}
    for known in _candidates(word, owner):
        kind = _kind(word, known)
        if kind is not None:
            kinds.setdefault(kind, set()).add(known)
    return sorted(kinds[min(kinds)])[:MOST_MEANT] if kinds else []


def _kind(typed: str, known: str) -> int | None:
    """0 for a slip in the whole word, 1 in its beginning, 2 where the last letter is too many."""
    length = len(typed)
    if abs(len(known) - length) <= 1 and _is_slip(typed, known):
        return 0
    if any(_is_slip(typed, known[:end]) for end in (length, length + 1) if end <= len(known)):
        return 1
    return 2 if len(known) >= length - 1 and _is_slip(typed, known[: length - 1]) else None


def _is_slip(typed: str, known: str) -> bool:
    return OSA.distance(typed, known, score_cutoff=1) <= 1


def _candidates(word: str, owner: int) -> Iterator[str]:
    ranges = (
        ("word", word[0]),  # the slip comes later
        ("tail", word[1:3]),  # another first letter
        ("tail", word[0:3]),  # none
        ("word", word[1:4]),  # one too many
        ("word", word[1] + word[0]),  # exchanged with the second
    )
    found = chain.from_iterable(tables.known(owner, *each) for each in ranges)
    return (known for known, _ in found if not known.startswith("+"))


def _nearest(word: str, owner: int) -> list[tuple[int, str]]:
    """With how far they are, the closest first."""
    if len(word) < 3 or not word.isalpha():
        return []
    distances = (
        (min(OSA.distance(word, known), OSA.distance(word, known[: len(word)]) + 1), known)
        for known in set(_candidates(word, owner))
    )
    close = sorted(pair for pair in distances if pair[0] <= max(2, len(word) // 3))
    return close[:MOST_OFFERED]
