"""Finding items as a rep types: words, beginnings of words, sizes, codes and parts of codes.

On SQLite the answer comes from two FTS5 tables. `catalog_itemwords` has one row an item, whose
tokens are its words; `=tr095` for each of its codes; `@7` for each shop (by primary key) where it
is in stock, `@` if it is so anywhere; `#7` for its category; and `!`, which all have.
`catalog_itemcodes` finds inner parts of codes by trigrams.

FTS5 answers in the order of its row ids and so may stop early; ranking every match by bm25 would
cost a hundred times as much in a large catalogue. A row id is the account's key, then Lightspeed's
id of the item: a range of them is one account's items, and none is reached from another account.
Lightspeed numbers items as they are entered, so the sizes of a run stay in their order.

Other databases are asked plainly, with the same meaning but no folding of accents.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from salesfloor.words import compact, joined, words

if TYPE_CHECKING:
    from salesfloor.catalog.models import Category, Item, ItemQuerySet
    from salesfloor.staff.models import Shop

# So many of the items that fit are looked at more closely and put in order.
CANDIDATES = 200
# Before anything is typed more are looked through, to show each product only once.
BROWSED = 2000
# What is longer than this was not typed by a rep.
LONGEST_QUERY = 200
MOST_WORDS = 8

_ITEM_BITS = 40


def find(
    items: ItemQuerySet,
    query: str,
    *,
    shop: Shop,
    category: Category | None = None,
    enough: int = CANDIDATES,
) -> list[int]:
    """Lightspeed's ids of the items that fit, best first: exact code, then in stock in this shop,
    then in another, then none; among equals those whose description fits most closely.

    About `CANDIDATES` at most; the first `enough` are as if more had been asked for. Nothing that
    can be typed makes it fail.
    """
    query = query[:LONGEST_QUERY].replace("\0", " ").strip()
    wanted = list(dict.fromkeys(words(query)))[:MOST_WORDS]
    if query and not wanted:
        return []
    within = None
    if category is not None:
        within = list(category.subtree().values_list("pk", flat=True))
    if connection.vendor == "sqlite":
        return _find_in_index(query, wanted, shop.account_id, shop.pk, within, enough)
    return _find_in_tables(items, query, wanted, shop, within)


# --- SQLite -----------------------------------------------------------------------------


def _find_in_index(
    query: str,
    wanted: list[str],
    account_pk: int,
    shop_pk: int,
    categories: list[int] | None,
    enough: int,
) -> list[int]:
    fits = [f'"{word}"*' for word in wanted]
    within = []
    if categories is not None:
        within = ["(" + " OR ".join(f'"#{pk}"' for pk in categories) + ")"]
    found: dict[int, None] = {}
    if any(character.isdigit() for character in query):
        exact = " AND ".join([f'"={_same_code(query)}"', *within])
        found |= dict.fromkeys(_ranked(exact, wanted, account_pk))
    for stocked in (f'"@{shop_pk}"', '"@"', '"!"'):
        if len(found) >= enough:
            return list(found)
        match = " AND ".join([*fits, *within, stocked])
        found |= dict.fromkeys(_ranked(match, wanted, account_pk))
    if len(found) < enough and _looks_like_code(query):
        found |= dict.fromkeys(_with_code_part(query, account_pk, within))
    return list(found)


def _ranked(match: str, wanted: list[str], account_pk: int) -> list[int]:
    """Items that the FTS5 expression matches, those first whose description fits best."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rowid, title, product FROM catalog_itemwords"
            " WHERE catalog_itemwords MATCH %s AND rowid BETWEEN %s AND %s"
            " ORDER BY rowid LIMIT %s",
            [match, *_rowids_of(account_pk), CANDIDATES if wanted else BROWSED],
        )
        rows = cursor.fetchall()
    if wanted:
        rows.sort(key=lambda row: _distance(row[1], wanted))  # stable: equals stay in their order
        return [_item_id(rowid) for rowid, _, _ in rows]
    return [_item_id(rowid) for rowid in _one_of_each_product(rows)][:CANDIDATES]


def _distance(title: str, wanted: list[str]) -> tuple[int, int, bool]:
    """How far a folded description is from the words: 0 where it holds them all, whole."""
    own = title.split()
    begun = sum(any(word.startswith(begin) for word in own) for begin in wanted)
    whole = sum(word in own for word in wanted)
    return -begun, -whole, not title.startswith(wanted[0])


def _one_of_each_product(rows: Sequence[tuple[int, str, str]]) -> list[int]:
    """Row ids with the first of each product in front, products with a picture before others."""
    seen: set[str] = set()
    fronts: list[tuple[bool, int]] = []
    others: list[int] = []
    for rowid, _, product in rows:
        name, pictured = product.rsplit(" ", 1)
        if name in seen:
            others.append(rowid)
        else:
            seen.add(name)
            fronts.append((pictured == "0", rowid))
    return [rowid for _, rowid in sorted(fronts)] + others


def _looks_like_code(query: str) -> bool:
    # Trigrams need three characters. Sizes ("10.5") are shorter than any code worth typing.
    code = compact(query)
    return " " not in query and len(code) >= 4 and any(c.isdigit() for c in code)


def _with_code_part(query: str, account_pk: int, within: list[str]) -> list[int]:
    sql = (
        "SELECT rowid FROM catalog_itemcodes"
        " WHERE catalog_itemcodes MATCH %s AND rowid BETWEEN %s AND %s ORDER BY rowid LIMIT %s"
    )
    values: list[str | int] = [f'"{compact(query)}"', *_rowids_of(account_pk), CANDIDATES]
    if within:
        sql = (
            f"SELECT rowid FROM catalog_itemwords WHERE rowid IN ({sql})"  # noqa: S608 (no values)
            " AND catalog_itemwords MATCH %s"
        )
        values.append(" AND ".join(within))
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [_item_id(rowid) for (rowid,) in cursor.fetchall()]


def _same_code(code: str) -> str:
    """Equal for codes that differ in case, hyphens and, of a number, leading zeros."""
    key = compact(code)
    return key.lstrip("0") if key.isdigit() else key


def index(items: Iterable[Item]) -> None:
    """Make these items found as they are now, and the archived ones not found.

    To be called in the transaction that saves them or their stock. Reads category and
    manufacturer of each: select them along.
    """
    if connection.vendor != "sqlite":
        return
    items = list(items)
    shops = _shops_in_stock([item.pk for item in items])
    rowids = [(_rowid(item),) for item in items]
    live = [item for item in items if not item.archived]
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM catalog_itemwords WHERE rowid = %s", rowids)
        cursor.executemany("DELETE FROM catalog_itemcodes WHERE rowid = %s", rowids)
        cursor.executemany(
            "INSERT INTO catalog_itemwords (rowid, words, title, product) VALUES (%s, %s, %s, %s)",
            [
                (_rowid(item), _tokens(item, shops[item.pk]), _title(item), _product(item))
                for item in live
            ],
        )
        cursor.executemany(
            "INSERT INTO catalog_itemcodes (rowid, codes) VALUES (%s, %s)",
            [(_rowid(item), " ".join(map(compact, _codes(item)))) for item in live],
        )


def _shops_in_stock(item_pks: list[int]) -> dict[int, list[int]]:
    from salesfloor.catalog.models import ItemStock

    shops: dict[int, list[int]] = defaultdict(list)
    stocked = ItemStock.everywhere.filter(item__in=item_pks, sellable__gt=0)
    for item_pk, shop_pk in stocked.values_list("item_id", "shop_id"):
        shops[item_pk].append(shop_pk)
    return shops


def _tokens(item: Item, shops: list[int]) -> str:
    text = " ".join(
        [
            item.description,
            item.category.full_path_name if item.category else "",
            item.manufacturer.name if item.manufacturer else "",
            item.attribute1,
            item.attribute2,
            item.attribute3,
            item.tags,
            *_codes(item),
        ]
    )
    marks = ["!", *(f"={_same_code(code)}" for code in _codes(item))]
    marks += [f"@{shop}" for shop in shops] + ["@"] * bool(shops)
    if item.category_id:
        marks.append(f"#{item.category_id}")
    return " ".join(dict.fromkeys([*words(text), *joined(text), *marks]))


def _title(item: Item) -> str:
    return " ".join(words(item.description))


def _product(item: Item) -> str:
    """Names what the sizes and colours of a product share, and whether this one has a picture."""
    product = f"m{item.matrix_id}" if item.matrix_id else f"i{item.pk}"
    return f"{product} {int(item.has_picture)}"


def _codes(item: Item) -> Iterator[str]:
    codes = (item.system_sku, item.custom_sku, item.manufacturer_sku, item.upc, item.ean)
    return filter(None, codes)


def _rowid(item: Item) -> int:
    return item.account_id << _ITEM_BITS | item.lightspeed_id


def _item_id(rowid: int) -> int:
    return rowid & ((1 << _ITEM_BITS) - 1)


def _rowids_of(account_pk: int) -> tuple[int, int]:
    return account_pk << _ITEM_BITS, ((account_pk + 1) << _ITEM_BITS) - 1


# --- Other databases --------------------------------------------------------------------


def _find_in_tables(
    items: ItemQuerySet,
    query: str,
    wanted: list[str],
    shop: Shop,
    categories: list[int] | None,
) -> list[int]:
    from salesfloor.catalog.models import ItemStock

    found: QuerySet[Item] = items.for_sale()
    if categories is not None:
        found = found.filter(category__in=categories)
    exact = list(items.by_code(query).filter(pk__in=found).values_list("lightspeed_id", flat=True))
    for word in wanted:
        begins = rf"\y{re.escape(word)}" if connection.vendor == "postgresql" else re.escape(word)
        found = found.filter(
            Q(description__iregex=begins)
            | Q(category__full_path_name__iregex=begins)
            | Q(manufacturer__name__iregex=begins)
            | Q(attribute1__iregex=begins)
            | Q(attribute2__iregex=begins)
            | Q(tags__iregex=begins)
            | Q(custom_sku__icontains=word)
            | Q(manufacturer_sku__icontains=word)
            | Q(system_sku__contains=word)
            | Q(upc__contains=word)
            | Q(ean__contains=word)
        )
    stocked = ItemStock.everywhere.filter(item=OuterRef("pk"), sellable__gt=0)
    ordered = found.annotate(
        in_stock_here=Exists(stocked.filter(shop=shop)), in_stock=Exists(stocked)
    ).order_by("-in_stock_here", "-in_stock", "lightspeed_id")
    return list(
        dict.fromkeys([*exact, *ordered.values_list("lightspeed_id", flat=True)[:CANDIDATES]])
    )
