"""The index as the databases hold it, and how each is asked without ever reading all of it.

`catalog_productwords` has one row a product: as `words` the tokens it is found by, as `text` what
is looked at to put it in order. Its row id is the product's rank, so that rows lie in the order in
which they are shown, and a query may stop as soon as it has enough. `catalog_productcodes`, on the
same rank, finds inner parts of codes by trigrams.

Tokens are words, and these marks, which cannot be typed: `=tr095` each of its codes; `@7` each
shop (by primary key) in which it is in stock, `@*` if it is so in all as nobody counts it, `@` if
in any; `#7` its category; `%7` its brand; `+winter` a tag; `$31` the class of a price; `!12` the
space that its rank lies in.

A rank is made of the *space* (account, generation of the index, whether archived), a class of
popularity and the least of Lightspeed's ids of its items. A range of ranks is one space, and no
account's rows are reached from another.

SQLite has FTS5, which answers in the order of its row ids; with `detail=none`, as neither phrases
nor columns are ever asked for. PostgreSQL has a GIN index of a `tsvector`, which names all that
fits: much of a large catalogue for a common word. There the first rows are read in their order,
and the index is asked only where few of them fit.

`catalog_word` are the words of an account's index, to find those that are a slip away, and with a
`+` the names of its tags.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from salesfloor.catalog.search.query import Group, Term
from salesfloor.staff import clock
from salesfloor.staff.queries import fetched, places

GENERATION_BITS, ARCHIVED_BITS, CLASS_BITS, ID_BITS = 1, 1, 6, 35
MOST_POPULAR = (1 << CLASS_BITS) - 1
SPACE_SHIFT = CLASS_BITS + ID_BITS
UNCOUNTED = "@*"

# On PostgreSQL so many rows are read in their order before the index is asked, and then so many
# where that is likely to be enough.
_WALK, _LONG_WALK = 1_000, 10_000

Expression = str
Value = int | str | list[str]


@dataclass(frozen=True)
class Row:
    rank: int
    words: Sequence[str]
    text: str
    codes: Sequence[str]


def space(account_pk: int, generation: int, *, archived: bool = False) -> int:
    return (account_pk << GENERATION_BITS | generation) << ARCHIVED_BITS | int(archived)


def rank(space: int, sold: int, lightspeed_id: int) -> int:
    """Sold by powers of two: else each sale would move a row."""
    unpopular = MOST_POPULAR - min(max(sold, 0).bit_length(), MOST_POPULAR)
    return space << SPACE_SHIFT | unpopular << ID_BITS | lightspeed_id & ((1 << ID_BITS) - 1)


def ranks_in(space: int) -> tuple[int, int]:
    return space << SPACE_SHIFT, ((space + 1) << SPACE_SHIFT) - 1


# --- Asking -----------------------------------------------------------------------------


def expression(groups: Iterable[Group], *marks: str) -> Expression:
    """All of the groups and the marks, in the language of FTS5 or of PostgreSQL."""
    sqlite = connection.vendor == "sqlite"
    also, instead = (" AND ", " OR ") if sqlite else (" & ", " | ")

    def any_of(group: Group) -> str:
        return "(" + instead.join(f"({also.join(map(_term, terms))})" for terms in group) + ")"

    return also.join([*map(any_of, groups), *(_term(f" {mark} ") for mark in marks)])


def _term(term: Term) -> str:
    """Tokens are letters, digits and the marks above; none has a quote in it."""
    word, beginning = term.strip(), not term.endswith(" ")
    if connection.vendor == "sqlite":
        return f'"{word}"{"*" if beginning else ""}'
    return f"'{word}'{':*' if beginning else ''}"


def first(fits: Expression, space: int, count: int) -> list[tuple[int, str]]:
    """Rank and text of the first `count` rows that fit, in their order."""
    everything = _term(f" !{space} ")
    if connection.vendor == "sqlite":
        return fetched(*fts5_words(fits or everything, space, count))
    fits = f"{fits} & {everything}" if fits else everything
    return _adaptive("words @@ %s::tsquery", fits, space, count)


def with_code_part(part: str, space: int, count: int) -> list[tuple[int, str]]:
    """The first rows that have a code with this part, of ASCII letters and digits."""
    if connection.vendor == "sqlite":
        return fetched(*fts5_codes(part, space, count))
    return _adaptive("codes LIKE %s", f"%{part}%", space, count)


def state(account_pk: int) -> tuple[int, str, datetime | None]:
    """Which generation is asked, a manager's synonyms, and when stock had last been read."""
    rows = fetched(
        "SELECT generation, synonyms, confirmed_at FROM catalog_searchindex made"
        " LEFT JOIN catalog_stockcheck checked ON checked.account_id = made.account_id"
        " WHERE made.account_id = %s",
        [account_pk],
    )
    generation, synonyms, counted_at = rows[0] if rows else (0, "", None)
    return generation, synonyms, counted_at and clock.aware(counted_at)


def details(ranks: Sequence[int], variants: str) -> list[tuple[int, str, str]]:
    """Of products their card, and the column `variants` or a constant in its place."""
    if not ranks:
        return []
    return fetched(
        f"SELECT rank, card, {variants} FROM catalog_product"  # noqa: S608 (no values)
        f" WHERE rank IN ({places(ranks)})",
        ranks,
    )


def fts5_words(fits: Expression, space: int, count: int) -> tuple[str, list[Value]]:
    sql = (
        "SELECT rowid, text FROM catalog_productwords WHERE catalog_productwords MATCH %s"
        " AND rowid BETWEEN %s AND %s ORDER BY rowid LIMIT %s"
    )
    return sql, [fits, *ranks_in(space), count]


def fts5_codes(part: str, space: int, count: int) -> tuple[str, list[Value]]:
    sql = (
        "SELECT rowid,"
        " (SELECT text FROM catalog_productwords WHERE rowid = catalog_productcodes.rowid)"
        " FROM catalog_productcodes WHERE catalog_productcodes MATCH %s"
        " AND rowid BETWEEN %s AND %s ORDER BY rowid LIMIT %s"
    )
    return sql, [f'"{part}"', *ranks_in(space), count]


def _adaptive(condition: str, value: str, space: int, count: int) -> list[tuple[int, str]]:
    """PostgreSQL itself might take the order's index for two common words that never meet."""
    rows = fetched(*walk(condition, value, space, count, _WALK))
    if len(rows) < count <= len(rows) * _LONG_WALK // _WALK:
        rows = fetched(*walk(condition, value, space, count, _LONG_WALK))
    return rows if len(rows) == count else fetched(*look_up(condition, value, space, count))


def walk(condition: str, value: str, space: int, count: int, rows: int) -> tuple[str, list[Value]]:
    sql = (
        "SELECT rowid, text FROM (SELECT * FROM catalog_productwords"  # noqa: S608 (no values)
        " WHERE rowid BETWEEN %s AND %s ORDER BY rowid LIMIT %s) front"
        f" WHERE {condition} ORDER BY rowid LIMIT %s"
    )
    return sql, [*ranks_in(space), rows, value, count]


def look_up(condition: str, value: str, space: int, count: int) -> tuple[str, list[Value]]:
    """OFFSET 0 keeps PostgreSQL from walking: what fits is found before it is put in order."""
    sql = (
        "SELECT rowid, text FROM (SELECT rowid, text FROM catalog_productwords"  # noqa: S608
        f" WHERE {condition} AND rowid BETWEEN %s AND %s OFFSET 0) fitting"
        " ORDER BY rowid LIMIT %s"
    )
    return sql, [value, *ranks_in(space), count]


# --- Writing ----------------------------------------------------------------------------


def write(rows: Sequence[Row]) -> None:
    if connection.vendor == "sqlite":
        _many(
            "INSERT INTO catalog_productwords (rowid, words, text) VALUES (%s, %s, %s)",
            [(row.rank, " ".join(_tokens(row)), row.text) for row in rows],
        )
        _many(
            "INSERT INTO catalog_productcodes (rowid, codes) VALUES (%s, %s)",
            [(row.rank, " ".join(row.codes)) for row in rows],
        )
    else:
        _many(
            "INSERT INTO catalog_productwords (rowid, words, text, codes)"
            " VALUES (%s, array_to_tsvector(%s::text[]), %s, %s)",
            [(row.rank, _tokens(row), row.text, " ".join(row.codes)) for row in rows],
        )


def _tokens(row: Row) -> list[str]:
    return [*row.words, f"!{row.rank >> SPACE_SHIFT}"]


def delete(ranks: Iterable[int]) -> None:
    values = [(rank,) for rank in ranks]
    _many("DELETE FROM catalog_productwords WHERE rowid = %s", values)
    if connection.vendor == "sqlite":
        _many("DELETE FROM catalog_productcodes WHERE rowid = %s", values)


def _many(sql: str, values: Sequence[tuple[Value, ...]]) -> None:
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(sql, values)


# --- Words ------------------------------------------------------------------------------


def know(owner: int, entries: Iterable[tuple[str, str]]) -> None:
    """Keeps words, each with its tail: all but its first letter, or the name of a tag.

    `owner` is the account and the generation together, as in a rank.
    """
    _many(
        "INSERT INTO catalog_word (owner, word, tail) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        [(owner, word, tail) for word, tail in entries],
    )


def forget(owner: int) -> None:
    _many("DELETE FROM catalog_word WHERE owner = %s", [(owner,)])


def known(owner: int, column: str, beginning: str) -> list[tuple[str, str]]:
    """Words and tails of which the `column` (word or tail) begins so, in alphabetical order."""
    return fetched(*words_beginning(owner, column, beginning))


def words_beginning(owner: int, column: str, beginning: str) -> tuple[str, list[Value]]:
    sql = (
        "SELECT word, tail FROM catalog_word"  # noqa: S608 (no values)
        f" WHERE owner = %s AND {column} >= %s AND {column} < %s ORDER BY {column}"
    )
    return sql, [owner, beginning, f"{beginning}\U0010ffff"]


def tags(owner: int) -> list[str]:
    """Names of all tags, in the order of the alphabet."""
    return sorted((name for _, name in known(owner, "word", "+")), key=str.casefold)
