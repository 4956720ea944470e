"""Words that say only of what kind the next one is: "size 10", "tan colour", "pointure 10".

They are what the account's attributes are called, and what reps of either language call them.
"""

from collections.abc import Iterator

from salesfloor.catalog.search.query import Query, Synonyms, is_phrase, parse
from salesfloor.words import words

# As singulars.
_CALLED = ("size", "colour", "color", "taille", "pointure", "couleur")


def without_kinds(query: Query, synonyms: Synonyms, account_pk: int) -> Query | None:
    """None where no such words were typed, or no others."""
    if len(query.words) < 2:
        return None
    names = sorted(_names(account_pk), key=len, reverse=True)
    rest: list[str] = []
    place = 0
    while place < len(query.words):
        here = query.words[place:]
        name = next((n for n in names if is_phrase(here[: len(n)], n)), None)
        if name is None:
            rest.append(here[0])
        place += len(name or here[:1])
    if not rest or len(rest) == len(query.words):
        return None
    return parse(" ".join(rest), synonyms).without_codes()


def _names(account_pk: int) -> Iterator[tuple[str, ...]]:
    from salesfloor.catalog.models import ItemAttributeSet

    yield from ((word,) for word in _CALLED)
    sets = ItemAttributeSet.everywhere.filter(account=account_pk)
    rows = sets.values_list("attribute1_name", "attribute2_name", "attribute3_name").distinct()
    yield from filter(None, (tuple(words(name)) for names in rows for name in names))
