"""How the index is kept up with items, and made anew."""

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction

from salesfloor.catalog.search import tables
from salesfloor.catalog.search.entries import VERSION, Entry, Source, entry

if TYPE_CHECKING:
    from salesfloor.catalog.models import Item, SearchIndex
    from salesfloor.staff.models import Account

# In one transaction of a rebuild: it has to leave room for a sale's.
REBUILT_AT_ONCE = 40

_COLUMNS = (
    "pk", "lightspeed_id", "matrix_id", "archived", "description", "system_sku", "custom_sku",
    "manufacturer_sku", "upc", "ean", "price", "item_type", "attribute1", "attribute2",
    "attribute3", "tags", "sold", "category_id", "manufacturer_id",
)  # fmt: skip
_OTHERS = (
    "prices", "image_base_url", "image_public_id", "category__full_path_name",
    "manufacturer__name", "matrix__description", "matrix__image_base_url",
    "matrix__image_public_id",
)  # fmt: skip
_NAMES = tuple(f"attribute_set__attribute{number}_name" for number in (1, 2, 3))


def index(items: Iterable["Item"], *, left: Collection[int] = ()) -> None:
    """Make the products of these items found as they are now; `left` are (the keys of) matrices
    that items may have left.

    To be called in the transaction that saves them, their stock or what they sold. Whatever of the
    same product is in the database is read again, except the names of categories and
    manufacturers that these items carry with them: those count.
    """
    by_account: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        by_account[item.account_id].append(item)
    for account_pk, some in by_account.items():
        with transaction.atomic():
            state = _locked(account_pk)
            if state.is_held:
                continue
            matrices = {item.matrix_id for item in some if item.matrix_id} | set(left)
            singles = {item.pk for item in some}
            sources = _sources(
                account_pk,
                matrices,
                singles,
                _carried(some, "category"),
                _carried(some, "manufacturer"),
            )
            for generation in state.generations:
                _replace(account_pk, generation, sources, matrices, singles)


def _locked(account_pk: int) -> "SearchIndex":
    """Two who index the same product would each leave an entry; a rebuild must miss nothing."""
    from salesfloor.catalog.models import SearchIndex

    rows = SearchIndex.everywhere.select_for_update().filter(account_id=account_pk)
    state: SearchIndex | None = rows.first()
    if state is None:
        SearchIndex.everywhere.get_or_create(account_id=account_pk, defaults={"version": VERSION})
        state = rows.get()
    return state


def _carried(items: Iterable["Item"], relation: str) -> dict[int, str]:
    found = {}
    for item in items:
        if relation in item._state.fields_cache and (row := getattr(item, relation)):
            found[row.pk] = row.full_path_name if relation == "category" else row.name
    return found


def _sources(
    account_pk: int,
    matrices: Collection[int],
    singles: Collection[int],
    categories: Mapping[int, str] = {},
    manufacturers: Mapping[int, str] = {},
) -> list[Source]:
    from salesfloor.catalog.models import Item, version_of_image

    of_account = Item.everywhere.filter(account__also=account_pk)
    found = list(of_account.filter(pk__in=singles, matrix=None).values_list(*_COLUMNS, *_OTHERS))
    if matrices:
        found += of_account.filter(matrix__in=matrices).values_list(*_COLUMNS, *_OTHERS)
    names = _attribute_names(matrices)
    return [
        Source(
            **dict(zip(_COLUMNS, own, strict=True)),
            prices=tuple(others[0].items()),
            picture=next((version_of_image(*i) for i in (others[1:3], others[6:8]) if i[1]), ""),
            # Its parts are words of their own, not joined ones.
            category=categories.get(own[-2], others[3] or "").replace("/", " / "),
            manufacturer=manufacturers.get(own[-1], others[4] or ""),
            matrix_description=others[5] or "",
            attribute_names=names.get(own[2], ()),
        )
        for row in found
        for own, others in [(row[: len(_COLUMNS)], row[len(_COLUMNS) :])]
    ]


def _attribute_names(matrices: Collection[int]) -> dict[int | None, tuple[str, ...]]:
    from salesfloor.catalog.models import ItemMatrix

    named = ItemMatrix.everywhere.filter(pk__in=matrices, attribute_set__isnull=False)
    rows = named.values_list("pk", *_NAMES)
    return {pk: tuple(names) for pk, *names in rows}


def _replace(
    account_pk: int,
    generation: int,
    sources: Iterable[Source],
    matrices: Collection[int],
    singles: Collection[int],
) -> None:
    """Only what differs is written: most changes of an item concern nothing that is searched."""
    from salesfloor.catalog.models import Product

    sources = list(sources)
    shops = _shops_in_stock([source.pk for source in sources])
    of_account = Product.everywhere.filter(account__also=account_pk, generation=generation)
    before = {
        product.key: product
        for product in [
            *of_account.filter(item__in=singles),
            *(of_account.filter(matrix__in=matrices) if matrices else []),
        ]
    }
    by_key = _by_key(sources)
    fresh: list[tuple[Product, Entry]] = []
    for (matrix_id, item_pk, archived), some in by_key.items():
        space = tables.space(account_pk, generation, archived=archived)
        made = entry(space, some, shops)
        old = before.get((matrix_id, item_pk, archived))
        if old and old.rank == made.row.rank and old.digest == made.digest:
            del before[old.key]
            continue
        product = Product(
            rank=made.row.rank,
            account_id=account_pk,
            generation=generation,
            archived=archived,
            matrix_id=matrix_id,
            item_id=item_pk,
            digest=made.digest,
            card=made.card,
            variants=made.variants,
        )
        fresh.append((product, made))
    _remove([product.rank for product in before.values()])
    Product.everywhere.bulk_create(product for product, _ in fresh)
    tables.write([made.row for _, made in fresh])
    known = {pair for _, made in fresh for pair in made.known}
    tables.know(tables.space(account_pk, generation), sorted(known))


def _by_key(
    sources: Iterable[Source],
) -> dict[tuple[int | None, int | None, bool], list[Source]]:
    found: dict[tuple[int | None, int | None, bool], list[Source]] = defaultdict(list)
    for source in sources:
        item_pk = None if source.matrix_id else source.pk
        found[source.matrix_id, item_pk, source.archived].append(source)
    return found


def _shops_in_stock(item_pks: list[int]) -> dict[int, list[int]]:
    from salesfloor.catalog.models import ItemStock

    shops: dict[int, list[int]] = defaultdict(list)
    stocked = ItemStock.everywhere.filter(item__in=item_pks, sellable__gt=0)
    for item_pk, shop_pk in stocked.values_list("item_id", "shop_id").order_by("shop_id"):
        shops[item_pk].append(shop_pk)
    return shops


def _remove(ranks: Sequence[int]) -> None:
    from salesfloor.catalog.models import Product

    if ranks:
        tables.delete(ranks)
        Product.everywhere.filter(rank__in=ranks).delete()


def synonyms_of(account: "Account") -> str:
    """As a manager wrote them: see `query.synonyms_in`."""
    from salesfloor.catalog.models import SearchIndex

    state: SearchIndex | None = SearchIndex.everywhere.filter(account=account).first()
    return state.synonyms if state else ""


def set_synonyms(account: "Account", text: str) -> None:
    with transaction.atomic():
        state = _locked(account.pk)
        state.synonyms = text
        state.save(update_fields=["synonyms"])


# --- Anew -------------------------------------------------------------------------------


def hold(account: "Account") -> None:
    """Index nothing until the next rebuild: so much is about to come that each product would be
    written many times. What was indexed before is found meanwhile, as it was."""
    with transaction.atomic():
        state = _locked(account.pk)
        state.version = 0
        state.save(update_fields=["version"])


def make_ready(
    account: "Account", *, may_go_on: Callable[[], bool] = lambda: True, is_alone: bool = False
) -> bool:
    """Rebuild an index that was held, or made by another version; True when that is done."""
    with transaction.atomic():
        state = _locked(account.pk)
    if state.version == VERSION:
        return True
    return rebuild(account, may_go_on=may_go_on, is_alone=is_alone)


def rebuild(
    account: "Account", *, may_go_on: Callable[[], bool] = lambda: True, is_alone: bool = False
) -> bool:
    """Build the account's index aside and put it in the place of the one there is.

    In short transactions, with pauses in which anybody may sell and sync, unless it `is_alone`;
    until the last of them all is found by the old index. What is indexed meanwhile goes into both.
    Stops when it may not go on, and then returns False; the next call goes on from there. To be
    called by one process at a time.
    """
    from salesfloor.catalog.models import SearchIndex

    row = SearchIndex.everywhere.filter(account=account)
    while may_go_on():
        with _turn(is_alone=is_alone):
            state = _locked(account.pk)
            aside = 1 - state.generation
            if not state.building:
                if _clear(account.pk, aside):
                    row.update(building=True, built_up_to=0)
                continue
            reached = _build_on(account.pk, aside, state.built_up_to)
            if reached is not None:
                row.update(built_up_to=reached)
                continue
            row.update(generation=aside, building=False, version=VERSION)
            break
    else:
        return False
    cleared = False
    while not cleared and may_go_on():
        with _turn(is_alone=is_alone):
            cleared = _clear(account.pk, 1 - _locked(account.pk).generation)
    return True


@contextmanager
def _turn(*, is_alone: bool) -> Iterator[None]:
    """A transaction, and as long a pause. SQLite lets one write at a time, and whoever waits looks
    again now and then: one who takes the next turn at once would keep all others waiting."""
    began = time.monotonic()
    with transaction.atomic():
        yield
    if not is_alone:
        time.sleep(time.monotonic() - began)


def _clear(account_pk: int, generation: int) -> bool:
    """Some at a time; True when there are none left."""
    from salesfloor.catalog.models import Product

    left = Product.everywhere.filter(account=account_pk, generation=generation)
    ranks = list(left.order_by("rank").values_list("rank", flat=True)[:REBUILT_AT_ONCE])
    _remove(ranks)
    if not ranks:
        tables.forget(tables.space(account_pk, generation))
    return not ranks


def _build_on(account_pk: int, generation: int, after: int) -> int | None:
    """The next products in the order of their items' keys; None where there are no more.

    A matrix is written with each batch that has one of its items, mostly one.
    """
    from salesfloor.catalog.models import Item

    rest = Item.everywhere.filter(account=account_pk, pk__gt=after).order_by("pk")
    batch = list(rest.values_list("pk", "matrix_id")[:REBUILT_AT_ONCE])
    if not batch:
        return None
    matrices = {matrix for _, matrix in batch if matrix}
    singles = {pk for pk, matrix in batch if not matrix}
    _replace(account_pk, generation, _sources(account_pk, matrices, singles), matrices, singles)
    reached: int = batch[-1][0]
    return reached
