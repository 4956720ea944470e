"""What is mirrored, in an order in which each kind of record finds those that it refers to.

A page is saved within the transaction that also keeps the feed's place, and leaves the same rows
however often it comes. A record may name another that has not come yet (made while we read): then
an archived row stands in for that one, and is filled when it comes.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple, Protocol

from django.db import connection, models, transaction
from django.db.models import Min, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from salesfloor.catalog import search, sold
from salesfloor.catalog.models import (
    Category,
    Item,
    ItemAttributeSet,
    ItemComponent,
    ItemMatrix,
    ItemStock,
    Manufacturer,
    StockCheck,
)
from salesfloor.customers import search as customer_search
from salesfloor.customers.models import Customer, CustomerType, columns
from salesfloor.lightspeed import errors, records
from salesfloor.lightspeed.client import Client, Page
from salesfloor.lightspeed.drafts import SOURCE
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.staff import clock
from salesfloor.staff.models import (
    Account,
    Discount,
    Employee,
    PaymentType,
    Register,
    Shop,
    TaxCategory,
    TaxClassRate,
)

# Older than any record. Asked for changes since then, rather than for everything, Lightspeed lists
# archived records too, and in the order of their changes: what changes meanwhile comes at the end.
THE_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
ITEM_RELATIONS = (
    "ItemAttributes.ItemAttributeSet",
    "Images",
    "TagRelations.Tag",
    "Note",
    "ItemComponents",
)
# The smallest of a currency, where it is not the cent, and so what cash may be rounded to. Anything
# else is not understood: then cash is taken to the cent, as cards are.
COINS = {Decimal(coin) for coin in ("0.05", "0.10", "0.20", "0.25", "0.50", "1")}
# Items whose words are indexed again in one transaction: it has to leave room for a sale's.
INDEXED_AT_ONCE = 100


class Pages(Protocol):
    def pages(self) -> Iterator[Page[Any]]: ...


def nothing(*args: Any) -> None:
    pass


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of record: how Lightspeed lists it and how we keep it.

    Those `followed` are listed by what has changed since a moment, and now and then as a whole.
    Others are listed whole each time. Rows (of `rows`) that a whole listing has no more become
    archived.
    """

    name: str
    title: str | Promise
    listing: Callable[[Client, datetime, str], Pages]  # since when, and the page to go on from
    key: Callable[[Any], int]
    save: Callable[[Account, Sequence[Any]], None]
    # What a page makes necessary elsewhere, in short transactions of its own, before it is saved.
    prepare: Callable[[Account, Sequence[Any]], None] = nothing
    # Told when a run that began at this moment has come to its end.
    finish: Callable[[Account, datetime], None] = nothing
    rows: Callable[[Account], models.QuerySet[Any]] | None = None
    followed: bool = False
    # Of those followed: all there are by id, from a page on; and what archived rows need besides.
    whole: Callable[[Client, str], Pages] | None = None
    index: Callable[[Iterable[Any]], None] = nothing
    # About how many there are, asked when there is more than one page. At most one drip.
    expected: Callable[[Account, Client], int] | None = None
    needed: bool = True  # nobody can sell before it has come
    right: Right = Right.CATALOGUE
    every: timedelta = timedelta(minutes=15)


# --- Saving -----------------------------------------------------------------------------


def upsert(
    rows: Sequence[models.Model], *, unique: Sequence[str], ours: Collection[str] = ()
) -> None:
    """Leaves the fields that are `ours` as they are, where there is a row.

    One statement for each row, prepared once: Django's `bulk_create` takes as long to write its
    statement as the database to carry it out, and no sale gets in meanwhile.
    """
    if not rows:
        return
    fields = [field for field in rows[0]._meta.concrete_fields if not field.primary_key]
    values = [[_prepared(each, getattr(row, each.attname)) for each in fields] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(_upserting(type(rows[0]), (*unique,), frozenset(ours)), values)


def _prepared(field: "models.Field[Any, Any]", value: Any) -> Any:
    """For the database, as Django would, which takes its time where nothing is to be done."""
    if isinstance(field, _TAKEN_AS_THEY_ARE):
        # Lightspeed does not say how long its texts may be, and PostgreSQL takes no longer ones.
        return value[: field.max_length] if field.max_length else value
    return field.get_db_prep_save(value, connection)


_TAKEN_AS_THEY_ARE = (
    *(models.CharField, models.TextField, models.BooleanField),
    *(models.IntegerField, models.ForeignKey),
)


@cache
def _upserting(model: type[models.Model], unique: tuple[str, ...], ours: Collection[str]) -> str:
    quoted = connection.ops.quote_name
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    named = {field.name: quoted(field.column or field.attname) for field in fields}
    columns, keys = named.values(), [named[name] for name in unique]
    changed = [column for name, column in named.items() if name not in {*unique, *ours}]
    return (
        f"INSERT INTO {quoted(model._meta.db_table)} ({', '.join(columns)})"  # noqa: S608 (ours)
        f" VALUES ({', '.join(['%s'] * len(columns))}) ON CONFLICT ({', '.join(keys)})"
        f" DO UPDATE SET {', '.join(f'{column} = EXCLUDED.{column}' for column in changed)}"
    )


def upsert_mirrored(rows: Sequence[models.Model], *, ours: Collection[str] = ()) -> None:
    upsert(rows, unique=["account", "lightspeed_id"], ours=ours)


def pks(account: Account, model: type[models.Model], ids: Collection[int]) -> dict[int, int]:
    """Our primary keys by Lightspeed's ids; 0, its way of writing none, is not among them."""
    found = _known(account, model, ids)
    if missing := {key for key in ids if key} - found.keys():
        stand_ins = [model(account=account, lightspeed_id=key, archived=True) for key in missing]
        model._base_manager.bulk_create(stand_ins)
        found = _known(account, model, ids)
    return found


def _known(account: Account, model: type[models.Model], ids: Collection[int]) -> dict[int, int]:
    rows = model._base_manager.filter(account=account, lightspeed_id__in=ids)
    return dict(rows.values_list("lightspeed_id", "pk"))


def save_account(account: Account, page: Sequence[records.Account]) -> None:
    for record in page:
        account.name = record.name
        account.currency = record.currency or account.currency
        account.save(update_fields=["name", "currency"])


def save_locales(account: Account, page: Sequence[records.Locale]) -> None:
    own = [record for record in page if record.currency_code == account.currency] or page
    units = {record.cash_rounding_precision for record in own}
    if units:
        unit = units.pop()
        account.cash_rounding = unit if not units and unit in COINS else Decimal(0)
        account.save(update_fields=["cash_rounding"])


def save_tax_categories(account: Account, page: Sequence[records.TaxCategory]) -> None:
    upsert_mirrored(
        [
            TaxCategory(
                account=account,
                lightspeed_id=record.tax_category_id,
                name=record.tax1_name,
                tax1_name=record.tax1_name,
                tax2_name=record.tax2_name,
                tax1_rate=record.tax1_rate,
                tax2_rate=record.tax2_rate,
                is_tax_inclusive=record.is_tax_inclusive,
            )
            for record in page
        ]
    )
    keys = pks(account, TaxCategory, [record.tax_category_id for record in page])
    TaxClassRate.everywhere.filter(tax_category__in=keys.values()).delete()
    TaxClassRate.everywhere.bulk_create(
        TaxClassRate(
            tax_category_id=keys[record.tax_category_id],
            tax_class_lightspeed_id=rate.tax_class_id,
            tax1_rate=rate.tax1_rate,
            tax2_rate=rate.tax2_rate,
        )
        for record in page
        for rate in record.tax_category_classes
    )


def save_shops(account: Account, page: Sequence[records.Shop]) -> None:
    taxes = pks(account, TaxCategory, {record.tax_category_id for record in page})
    upsert_mirrored(
        [
            Shop(
                account=account,
                lightspeed_id=record.shop_id,
                archived=record.archived,
                name=record.name,
                time_zone=record.time_zone,
                tax_category_id=taxes.get(record.tax_category_id),
                price_level_lightspeed_id=record.price_level_id or 1,
                **_letterhead(record),
            )
            for record in page
        ]
    )


def _letterhead(record: records.Shop) -> dict[str, str]:
    contact = record.contact or records.Contact()
    phone = next((phone.number for phone in contact.phones if phone.use_type != "Fax"), "")
    setup = record.receipt_setup
    return {
        "address": _in_lines(contact.address) if contact.address else "",
        "phone": phone,
        "company_registration_number": record.company_registration_number,
        "vat_number": record.vat_number,
        "receipt_header": setup.header if setup else "",
        "receipt_message": setup.general_msg if setup else "",
    }


def _in_lines(address: records.ContactAddress) -> str:
    place = " ".join(filter(None, (address.city, address.state_code, address.zip)))
    return "\n".join(filter(None, (address.address1, address.address2, place)))


def save_registers(account: Account, page: Sequence[records.Register]) -> None:
    shops = pks(account, Shop, {record.shop_id for record in page})
    upsert_mirrored(
        [
            Register(
                account=account,
                lightspeed_id=record.register_id,
                archived=record.archived,
                shop_id=shops[record.shop_id],
                name=record.name,
                open=record.open,
            )
            for record in page
            if record.shop_id
        ]
    )


def save_employees(account: Account, page: Sequence[records.Employee]) -> None:
    upsert_mirrored(
        [
            Employee(
                account=account,
                lightspeed_id=record.employee_id,
                archived=record.archived,
                first_name=record.first_name,
                last_name=record.last_name,
                locked_out=record.lock_out,
            )
            for record in page
        ]
    )


def save_payment_types(account: Account, page: Sequence[records.PaymentType]) -> None:
    upsert_mirrored(
        [
            PaymentType(
                account=account,
                lightspeed_id=record.payment_type_id,
                archived=record.archived,
                name=record.name,
                kind=record.type,
                require_customer=record.require_customer,
                refund_as_lightspeed_id=record.refund_as_payment_type_id,
            )
            for record in page
        ]
    )


def save_discounts(account: Account, page: Sequence[records.Discount]) -> None:
    upsert_mirrored(
        [
            Discount(
                account=account,
                lightspeed_id=record.discount_id,
                archived=record.archived,
                name=record.name,
                percent=record.discount_percent,
                amount=record.discount_amount,
            )
            for record in page
        ]
    )


def save_customer_types(account: Account, page: Sequence[records.CustomerType]) -> None:
    upsert_mirrored(
        [
            CustomerType(
                account=account,
                lightspeed_id=record.customer_type_id,
                name=record.name,
                tax_category_lightspeed_id=record.tax_category_id,
                discount_lightspeed_id=record.discount_id,
            )
            for record in page
        ]
    )


def save_categories(account: Account, page: Sequence[records.Category]) -> None:
    upsert_mirrored(
        [
            Category(
                account=account,
                lightspeed_id=record.category_id,
                name=record.name,
                full_path_name=record.full_path_name,
                parent_lightspeed_id=record.parent_id,
                left_node=record.left_node,
                right_node=record.right_node,
            )
            for record in page
        ]
    )


def index_renamed_categories(account: Account, page: Sequence[records.Category]) -> None:
    names = {record.category_id: record.full_path_name for record in page}
    _index_renamed(account.items.all(), "category", account.categories, "full_path_name", names)


def save_manufacturers(account: Account, page: Sequence[records.Manufacturer]) -> None:
    upsert_mirrored(
        [
            Manufacturer(account=account, lightspeed_id=record.manufacturer_id, name=record.name)
            for record in page
        ]
    )


def index_renamed_manufacturers(account: Account, page: Sequence[records.Manufacturer]) -> None:
    names = {record.manufacturer_id: record.name for record in page}
    _index_renamed(account.items.all(), "manufacturer", account.manufacturers, "name", names)


def _index_renamed(
    items: models.QuerySet[Item],
    relation: str,
    rows: models.Manager[Any],
    attribute: str,
    names: Mapping[int, str],
) -> None:
    """Index the items again that are found by the name of one of these rows, if it changed."""
    known = rows.filter(lightspeed_id__in=names).values_list("pk", "lightspeed_id", attribute)
    renamed = {pk: names[key] for pk, key, name in known if name != names[key]}
    for batch in _in_batches(items.filter(**{f"{relation}__in": list(renamed)})):
        for item in batch:
            row = getattr(item, relation)
            setattr(row, attribute, renamed[row.pk])
        search.index(batch)


def _in_batches(items: models.QuerySet[Item]) -> Iterator[list[Item]]:
    """With category and manufacturer, each batch in a transaction of its own."""
    keys = list(items.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), INDEXED_AT_ONCE):
        with transaction.atomic():
            batch = keys[start : start + INDEXED_AT_ONCE]
            yield list(items.filter(pk__in=batch).select_related("category", "manufacturer"))


def _save_attribute_sets(account: Account, page: Sequence[records.Item]) -> dict[int, int]:
    """Our keys of those that variants tell along, by Lightspeed's ids of the variants."""
    variants = [record for record in page if record.item_matrix_id and record.attributes]
    own = {each.item_id: each.attributes.item_attribute_set for each in variants if each.attributes}
    named = {each.item_attribute_set_id: each for each in own.values() if each}
    upsert_mirrored(
        [
            ItemAttributeSet(
                account=account,
                lightspeed_id=key,
                archived=record.archived,
                name=record.name,
                attribute1_name=record.attribute_name1,
                attribute2_name=record.attribute_name2,
                attribute3_name=record.attribute_name3,
            )
            for key, record in named.items()
        ]
    )
    sets = pks(account, ItemAttributeSet, named)
    return {key: sets[each.item_attribute_set_id] for key, each in own.items() if each}


def _describe_matrices(
    account: Account,
    matrix_pks: Collection[int],
    page: Sequence[records.Item],
    sets: Mapping[int, int],
) -> None:
    """As their items tell of them: the first that is still sold or, where none is, the first.

    Lightspeed lists matrices, and the names of what its sets tell apart, only for those who may see
    costs, which is more than selling needs.
    """
    firsts = {
        row["matrix"]: row
        for row in Item.everywhere.filter(account__also=account, matrix__in=matrix_pks)
        .values("matrix")
        .annotate(
            sold=Min("lightspeed_id", filter=Q(archived=False)),
            any=Min("lightspeed_id"),
            with_picture=Min("lightspeed_id", filter=~Q(image_public_id="")),
        )
    }
    wanted = {row[name] for row in firsts.values() for name in ("sold", "any", "with_picture")}
    told_by = account.items.filter(lightspeed_id__in=wanted).only(*_TELL_OF_MATRIX)
    items = {item.lightspeed_id: item for item in told_by}
    # A variant that was moved here may still have the set of where it was.
    others = {each.item_matrix_id: sets[each.item_id] for each in page if each.item_id in sets}
    changed = []
    for matrix in account.item_matrices.filter(pk__in=matrix_pks):
        told: dict[str, Any] = {"archived": True}
        if row := firsts.get(matrix.pk):
            first = row["sold"] or row["any"]
            told = _told_of_matrix(items[first], items[row["with_picture"] or first])
            told["archived"] = row["sold"] is None
            told["attribute_set_id"] = (
                sets.get(first) or matrix.attribute_set_id or others.get(matrix.lightspeed_id)
            )
        if any(getattr(matrix, name) != value for name, value in told.items()):
            for name, value in told.items():
                setattr(matrix, name, value)
            changed.append(matrix)
    upsert_mirrored(changed)


_TELL_OF_MATRIX = (
    *("account", "lightspeed_id", "description", "attribute1", "attribute2", "attribute3"),
    *("category", "manufacturer", "tags", "image_base_url", "image_public_id", "changed_at"),
)


def _told_of_matrix(item: Item, pictured: Item) -> dict[str, Any]:
    return {
        "description": _name_of_matrix(item),
        "category_id": item.category_id,
        "manufacturer_id": item.manufacturer_id,
        "tags": item.tags,
        "image_base_url": pictured.image_base_url,
        "image_public_id": pictured.image_public_id,
        "changed_at": item.changed_at,
    }


def _name_of_matrix(item: Item) -> str:
    """Lightspeed calls a variant by its matrix and its attributes, one after the other."""
    attributes = filter(None, (item.attribute1, item.attribute2, item.attribute3))
    return item.description.removesuffix(" " + " ".join(attributes)) or item.description


def _picture(images: Sequence[records.Image]) -> dict[str, str]:
    """The first of them, as columns."""
    first = min(images, key=lambda image: image.ordering, default=None)
    return {
        "image_base_url": first.base_image_url if first else "",
        "image_public_id": first.public_id if first else "",
    }


def save_items(account: Account, page: Sequence[records.Item]) -> None:
    categories = pks(account, Category, {record.category_id for record in page})
    manufacturers = pks(account, Manufacturer, {record.manufacturer_id for record in page})
    sets = _save_attribute_sets(account, page)
    matrices = pks(account, ItemMatrix, {record.item_matrix_id for record in page})
    listed = account.items.filter(lightspeed_id__in=[record.item_id for record in page])
    left = listed.exclude(matrix=None).values_list("matrix", flat=True).distinct()
    concerned = {*matrices.values(), *left}
    upsert_mirrored(
        [
            _item(
                account,
                record,
                category_id=categories.get(record.category_id),
                manufacturer_id=manufacturers.get(record.manufacturer_id),
                matrix_id=matrices.get(record.item_matrix_id),
            )
            for record in page
        ],
        ours=["sold"],
    )
    _save_components(account, page)
    _describe_matrices(account, concerned, page, sets)
    search.index(listed.select_related("category", "manufacturer"), left=concerned)


def _save_components(account: Account, page: Sequence[records.Item]) -> None:
    listed = {record.item_id for record in page}
    known = account.items.filter(lightspeed_id__in=listed)
    ItemComponent.everywhere.filter(assembly__in=known).delete()
    parts = [part for record in page for part in record.item_components]
    parts = [part for part in parts if part.assembly_item_id in listed and part.component_item_id]
    if not parts:
        return
    named = {part.component_item_id for part in parts} | {part.assembly_item_id for part in parts}
    items = pks(account, Item, named)
    quantities: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for part in parts:
        quantities[items[part.assembly_item_id], items[part.component_item_id]] += part.quantity
    ItemComponent.everywhere.bulk_create(
        ItemComponent(assembly_id=assembly, component_id=component, quantity=quantity)
        for (assembly, component), quantity in quantities.items()
    )


def _item(account: Account, record: records.Item, **owners: int | None) -> Item:
    """`owners`: the keys of its category, manufacturer and matrix."""
    variant = record.attributes or records.ItemAttributes()
    msrp = next((price.amount for price in record.prices if price.use_type == "MSRP"), None)
    return Item(
        account=account,
        lightspeed_id=record.item_id,
        archived=record.archived,
        description=record.description,
        system_sku=record.system_sku,
        custom_sku=record.custom_sku,
        manufacturer_sku=record.manufacturer_sku,
        upc=record.upc,
        ean=record.ean,
        price=record.price() or Decimal(0),
        msrp=msrp or Decimal(0),
        prices={str(price.use_type_id): str(price.amount) for price in record.prices},
        tax=record.tax,
        tax_class_lightspeed_id=record.tax_class_id,
        discountable=record.discountable,
        item_type=record.item_type,
        serialized=record.serialized,
        attribute1=variant.attribute1,
        attribute2=variant.attribute2,
        attribute3=variant.attribute3,
        tags=", ".join(record.tags),
        note=record.note.note if record.note else "",
        note_is_public=record.note.is_public if record.note else False,
        changed_at=record.time_stamp,
        **_picture(record.images),
        **owners,
    )


def save_stock(account: Account, page: Sequence[records.ItemShop]) -> None:
    """Keeps a count that is newer than in `page`: that item may have been looked at meanwhile.

    In a transaction. Who saves counts of the same items in this moment is waited for.
    """
    # Shop 0 is the sum of the others.
    page = [record for record in page if record.shop_id and record.item_id]
    items = pks(account, Item, {record.item_id for record in page})
    shops = pks(account, Shop, {record.shop_id for record in page})
    known = _known_stock(items.values())
    rows: dict[tuple[int, int], ItemStock] = {}
    now = clock.now()
    for record in page:
        place = items[record.item_id], shops[record.shop_id]
        before = known.get(place)
        if before is None or before.changed_at <= record.time_stamp:
            rows[place] = _stock(record, *place, now)
    moved = {
        item_pk
        for (item_pk, shop_pk), row in rows.items()
        if (row.sellable > 0) != _is_in_stock(known.get((item_pk, shop_pk)))
    }
    # In one order, as those that are new are locked by nobody yet.
    upsert([rows[place] for place in sorted(rows)], unique=["item", "shop"])
    if moved:
        search.index(account.items.filter(pk__in=moved).select_related("category", "manufacturer"))


class _KnownStock(NamedTuple):
    sellable: int
    changed_at: datetime


def _known_stock(item_pks: Collection[int]) -> dict[tuple[int, int], _KnownStock]:
    rows = ItemStock.everywhere.filter(item__in=item_pks).order_by("item", "shop")
    known = rows.values_list("item_id", "shop_id", "sellable", "changed_at")
    known = known.select_for_update(no_key=True)
    return {(item, shop): _KnownStock(*counted) for item, shop, *counted in known}


def _is_in_stock(known: _KnownStock | None) -> bool:
    return known is not None and known.sellable > 0


def _stock(record: records.ItemShop, item_pk: int, shop_pk: int, now: datetime) -> ItemStock:
    # Of what is sold by length or weight, the whole units.
    qoh = int(record.qoh)
    return ItemStock(
        item_id=item_pk,
        shop_id=shop_pk,
        qoh=qoh,
        sellable=max(qoh, 0) if record.sellable is None else int(record.sellable),
        component_qoh=int(record.component_qoh),
        backorder=int(record.backorder),
        on_layaway=int(record.on_layaway),
        on_special_order=int(record.on_special_order),
        on_work_order=int(record.on_work_order),
        on_transfer_in=int(record.on_transfer_in),
        on_transfer_out=int(record.on_transfer_out),
        changed_at=record.time_stamp,
        read_at=now,
    )


def confirm_stock(account: Account, as_of: datetime) -> None:
    StockCheck.everywhere.update_or_create(account=account, defaults={"confirmed_at": as_of})


def save_sold(account: Account, page: Sequence[records.Sale]) -> None:
    known = [sale for sale in page if sale.sale_lines or not sale.calc_subtotal]
    since = clock.now() - sold.COUNTED_FOR
    sales = [sale for sale in known if _counts_as_sold(sale, since)]
    lines = [line for sale in sales for line in sale.sale_lines]
    items = pks(account, Item, {line.item_id for line in lines})
    shops = pks(account, Shop, {sale.shop_id for sale in sales})
    sold.count(
        account,
        [sale.sale_id for sale in known],
        [
            sold.Sold(
                lightspeed_id=sale.sale_id,
                reference=sale.reference_number if sale.reference_number_source == SOURCE else "",
                shop_pk=shops[sale.shop_id],
                at=sale.complete_time or sale.time_stamp,
                units=_units_sold(sale, items),
            )
            for sale in sales
        ],
    )


def _counts_as_sold(sale: records.Sale, since: datetime) -> bool:
    is_sold = sale.completed and not (sale.voided or sale.archived)
    return bool(is_sold and sale.shop_id and (sale.complete_time or sale.time_stamp) > since)


def _units_sold(sale: records.Sale, items: Mapping[int, int]) -> dict[int, int]:
    """By our primary key; below zero where more came back. Fees are no goods."""
    units: dict[int, int] = defaultdict(int)
    for line in sale.sale_lines:
        if line.item_id and not line.line_type:
            # Of what is sold by length or weight, the whole units.
            units[items[line.item_id]] += int(line.unit_quantity)
    return {item: count for item, count in units.items() if count}


def save_customers(account: Account, page: Sequence[records.Customer]) -> None:
    if any(record.contact_id and not record.contact for record in page):
        # Known to happen. What we have of them must not be emptied by it.
        raise errors.GarbledAnswer("customers came without their contacts")
    taxes = pks(account, TaxCategory, {record.tax_category_id for record in page})
    now = clock.now()
    customers = [
        Customer(
            account=account,
            tax_category_id=taxes.get(record.tax_category_id),
            **columns(record, now),
        )
        for record in page
    ]
    upsert_mirrored(customers)
    customer_search.index(customers)


# --- The table --------------------------------------------------------------------------


@dataclass(frozen=True)
class _OnePage:
    """What Lightspeed answers at once, as if it were a list of pages."""

    read: Callable[[], list[Any]]

    def pages(self) -> Iterator[Page[Any]]:
        yield Page(self.read(), "")


KINDS = (
    Kind(
        name="account",
        title=_("Account"),
        listing=lambda client, since, at: _OnePage(lambda: [client.account()]),
        key=lambda record: record.account_id,
        save=save_account,
    ),
    Kind(
        name="locales",
        title=_("Currency"),
        listing=lambda client, since, at: _OnePage(client.locales),
        key=id,  # they have no ids of their own
        save=save_locales,
        needed=False,  # without it cash is taken to the cent
    ),
    Kind(
        name="tax_categories",
        title=_("Sales taxes"),
        listing=lambda client, since, at: client.tax_categories(),
        key=lambda record: record.tax_category_id,
        save=save_tax_categories,
        rows=lambda account: account.tax_categories.all(),
    ),
    Kind(
        name="shops",
        title=_("Shops"),
        listing=lambda client, since, at: client.shops(),
        key=lambda record: record.shop_id,
        save=save_shops,
        rows=lambda account: account.shops.all(),
    ),
    Kind(
        name="registers",
        title=_("Registers"),
        listing=lambda client, since, at: client.registers(),
        key=lambda record: record.register_id,
        save=save_registers,
        rows=lambda account: account.registers.all(),
    ),
    Kind(
        name="payment_types",
        title=_("Payment types"),
        listing=lambda client, since, at: client.payment_types(),
        key=lambda record: record.payment_type_id,
        save=save_payment_types,
        rows=lambda account: account.payment_types.all(),
    ),
    Kind(
        name="employees",
        title=_("Employees"),
        listing=lambda client, since, at: client.employees(),
        key=lambda record: record.employee_id,
        save=save_employees,
        rows=lambda account: account.employees.all(),
        needed=False,  # may be forbidden; who signs in is known without it
    ),
    Kind(
        name="categories",
        title=_("Categories"),
        listing=lambda client, since, at: client.categories(),
        key=lambda record: record.category_id,
        prepare=index_renamed_categories,
        save=save_categories,
        rows=lambda account: account.categories.all(),
    ),
    Kind(
        name="manufacturers",
        title=_("Brands"),
        listing=lambda client, since, at: client.manufacturers(),
        key=lambda record: record.manufacturer_id,
        prepare=index_renamed_manufacturers,
        save=save_manufacturers,
        rows=lambda account: account.manufacturers.all(),
    ),
    Kind(
        name="items",
        title=_("Items"),
        listing=lambda client, since, at: client.items(
            since, relations=ITEM_RELATIONS, resume_at=at
        ),
        key=lambda record: record.item_id,
        save=save_items,
        rows=lambda account: account.items.select_related("category", "manufacturer"),
        followed=True,
        whole=lambda client, at: client.items(
            relations=ITEM_RELATIONS, archived_too=True, resume_at=at
        ),
        index=search.index,
        expected=lambda account, client: client.highest_id(
            records.Item, "itemID", lambda record: record.item_id
        ),
        every=timedelta(seconds=50),
    ),
    Kind(
        name="stock",
        title=_("Stock"),
        # Of a shop's rows and their sums only the rows are kept: fewer pages without these.
        listing=lambda client, since, at: client.stock(since, with_sums=False, resume_at=at),
        key=lambda record: record.item_shop_id,
        save=save_stock,
        finish=confirm_stock,
        followed=True,
        expected=lambda account, client: account.items.count() * account.shops.count(),
        needed=False,
        right=Right.STOCK,
        every=timedelta(seconds=50),
    ),
    Kind(
        name="discounts",
        title=_("Discounts"),
        listing=lambda client, since, at: client.discounts(),
        key=lambda record: record.discount_id,
        save=save_discounts,
        rows=lambda account: account.discounts.all(),
        needed=False,
    ),
    Kind(
        name="customer_types",
        title=_("Customer types"),
        listing=lambda client, since, at: client.customer_types(),
        key=lambda record: record.customer_type_id,
        save=save_customer_types,
        rows=lambda account: account.customer_types.all(),
        needed=False,
    ),
    Kind(
        name="customers",
        title=_("Customers"),
        listing=lambda client, since, at: client.customers(since, resume_at=at),
        key=lambda record: record.customer_id,
        save=save_customers,
        rows=lambda account: account.customers.all(),
        followed=True,
        whole=lambda client, at: client.customers(archived_too=True, resume_at=at),
        index=customer_search.index,
        expected=lambda account, client: client.highest_id(
            records.Customer, "customerID", lambda record: record.customer_id
        ),
        needed=False,  # one can sell to anybody
        every=timedelta(minutes=2),
    ),
    Kind(
        name="sold",  # last: everything else is wanted sooner
        title=_("Sold lately"),
        listing=lambda client, since, at: client.sold(
            max(since, clock.now() - sold.COUNTED_FOR), resume_at=at
        ),
        key=lambda record: record.sale_id,
        save=save_sold,
        followed=True,
        needed=False,
        every=timedelta(minutes=5),
    ),
)
