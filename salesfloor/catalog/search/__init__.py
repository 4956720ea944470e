"""Finding what to sell as a rep types: words, beginnings of words, sizes, codes, parts of codes.

What is found are *products*: a matrix with those of its variants that fit, or an item that comes
in one kind only. Case, accents and the way of writing a size make no difference (`words.fold`).

**What fits.** A variant does if each word that was typed begins one of its words: those of its
description, attributes, category, brand, tags and codes, but for the long numbers in these. A
synonym that a manager entered is as good as the word. What looks like a code also finds those with
a code that it is a part of. Filters (category and those below it, brand, tag, price in this shop,
stock) hold for the same variant as the words do. What is not counted, as a service, is never out of
stock: it is so in every shop, whatever they are. Where variants of one product have a word whole
among their attributes, only they are meant: "10" is not "10.5" there, and "s" no "Sand".

**In what order.** First what has exactly this code. Then by tier: what is in stock in this shop,
what is so in another, what is nowhere. Within a tier those come first whose name and attributes
have begun more of the words, then more of them whole, then whose name begins with the first word;
then the best sold, by powers of two; then in the order in which Lightspeed numbered them. Of each
tier the `CANDIDATES` best sold are looked at, no more: who sees so many types another letter. Last
come those of which a code has what was typed in it.

**Where nothing fits.** Then words count for nothing that are what an attribute is called ("size 10
tan boot"), if there are others: see `kinds`. If still nothing fits, two words are taken for one, or
one for two ("soft shell", "750ml"), where there are such words. Otherwise a word of four letters or
more with which nothing begins stands for those that are one slip of the finger away: a letter too
many, too few or another, or two exchanged, anywhere in what may be half a word. Where that finds
nothing either, something else to type is offered: only what does find something with the same
filters. See `slips`.

Archived items are found only where they are asked for, and apart from the others; of them nobody
wants to know what is in stock.

The same on SQLite and PostgreSQL: the database names candidates in the order of their ranks
(`tables`), all else is decided here in Python, alike for both. `tests/catalog/oracle.py` reads
every item to say the same.
"""

from salesfloor.catalog.search.entries import VERSION
from salesfloor.catalog.search.finding import (
    CANDIDATES,
    Found,
    Hit,
    Variant,
    Wanted,
    find,
    items_of,
    tags_of,
    whole_products,
)
from salesfloor.catalog.search.query import Query, lines_without_synonyms
from salesfloor.catalog.search.upkeep import (
    hold,
    index,
    make_ready,
    rebuild,
    set_synonyms,
    synonyms_of,
)

__all__ = [
    "CANDIDATES",
    "VERSION",
    "Found",
    "Hit",
    "Query",
    "Variant",
    "Wanted",
    "find",
    "hold",
    "index",
    "items_of",
    "lines_without_synonyms",
    "make_ready",
    "rebuild",
    "set_synonyms",
    "synonyms_of",
    "tags_of",
    "whole_products",
]
