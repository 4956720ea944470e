"""What can be sold: the account's items as Lightspeed last told them, and where they are."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from django.db import models
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from salesfloor.catalog import barcodes, search
from salesfloor.catalog.addresses import address, no_picture
from salesfloor.catalog.claims import Claim, claims_on
from salesfloor.catalog.images import Size
from salesfloor.staff import clock
from salesfloor.staff.models import Account, Mirrored, Rep, Shop
from salesfloor.staff.owned import Owned, OwnedManager
from salesfloor.staff.queries import fetched, places


class CategoryQuerySet(models.QuerySet["Category"]):
    def top(self) -> CategoryQuerySet:
        """Those at the root of the tree that are in use, in the order of Lightspeed's screens."""
        return self.filter(parent_lightspeed_id=0, archived=False).order_by("left_node")


class Category(Mirrored):
    """A node in the tree of categories, kept as a nested set like Lightspeed's."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="categories")
    name = models.CharField(max_length=255)
    full_path_name = models.CharField(max_length=1024)  # "Shoes/Trail"
    parent_lightspeed_id = models.BigIntegerField(default=0)  # 0 at the root
    left_node = models.IntegerField(default=0)
    right_node = models.IntegerField(default=0)

    objects = OwnedManager.from_queryset(CategoryQuerySet)()

    class Meta(Mirrored.Meta):
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name

    def subtree(self) -> models.QuerySet[Category]:
        """This category and all below it."""
        return self.account.categories.filter(
            left_node__gte=self.left_node, right_node__lte=self.right_node
        )


class Manufacturer(Mirrored):
    """A brand."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="manufacturers")
    name = models.CharField(max_length=255)

    def __str__(self) -> str:
        return self.name


class ItemAttributeSet(Mirrored):
    """What the attributes that tell variants apart are called: colour, size."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="item_attribute_sets")
    name = models.CharField(max_length=255)
    attribute1_name = models.CharField(max_length=255, blank=True)
    attribute2_name = models.CharField(max_length=255, blank=True)
    attribute3_name = models.CharField(max_length=255, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def attribute_names(self) -> list[str]:
        names = (self.attribute1_name, self.attribute2_name, self.attribute3_name)
        return [name for name in names if name]


class ItemMatrix(Mirrored):
    """What the sizes and colours of one product have in common, as its items tell of it."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="item_matrices")
    description = models.CharField(max_length=255)
    attribute_set = models.ForeignKey(
        ItemAttributeSet, models.SET_NULL, null=True, blank=True, related_name="matrices"
    )
    category = models.ForeignKey(
        Category, models.SET_NULL, null=True, blank=True, related_name="matrices"
    )
    manufacturer = models.ForeignKey(
        Manufacturer, models.SET_NULL, null=True, blank=True, related_name="matrices"
    )
    tags = models.TextField(blank=True)  # names, a comma and a space between them
    image_base_url = models.CharField(max_length=512, blank=True)
    image_public_id = models.CharField(max_length=255, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)  # Lightspeed's timeStamp

    class Meta(Mirrored.Meta):
        verbose_name_plural = "item matrices"

    def __str__(self) -> str:
        return self.description


class ItemQuerySet(models.QuerySet["Item"]):
    def for_sale(self) -> ItemQuerySet:
        return self.filter(archived=False)

    def search(self, query: str, *, shop: Shop, count: int = 24) -> list[Item]:
        """At most `count` items that fit the query, those of the best product first.

        Each has its stock (see `add_stock`). `search.find` tells the products themselves.
        """
        found = search.find(search.Wanted(shop, query), count=count).hits
        keys = search.items_of(found)[:count]
        by_pk = self.select_related("matrix").in_bulk(keys)
        items = [by_pk[pk] for pk in keys if pk in by_pk]
        add_stock(items, shop)
        return items


class Counted(Protocol):
    """An item, or what stands for one, to which `add_stock` adds."""

    here: int | None
    elsewhere: int | None
    in_carts: list[Claim]
    counted_at: datetime | None

    @property
    def pk(self) -> Any: ...


def add_stock(items: Sequence[Counted], shop: Shop) -> None:
    """Sets `here` and `elsewhere`, the units that can be sold in this shop and in all others
    together; `in_carts`, those of this shop that are in carts; and `counted_at`, when Lightspeed
    last confirmed the count of this shop.

    What was sold here and is not in Lightspeed's count yet, and what is in carts, is not there any
    more (see `claims`). What came back is there once Lightspeed counts it. `here` and `counted_at`
    are None where this shop never had the item, `elsewhere` where no other did. Costs two
    queries, however many items.
    """
    by_pk = {item.pk: item for item in items}
    claimed: dict[tuple[int, int], int] = defaultdict(int)
    for item in items:
        item.here = item.elsewhere = item.counted_at = None
        item.in_carts = []
    for claim in claims_on(shop.account_id, by_pk.keys()):
        claimed[claim.item_pk, claim.shop_pk] += claim.units
        if claim.rep_pk and claim.shop_pk == shop.pk:
            by_pk[claim.item_pk].in_carts.append(claim)
    for pk, shop_pk, sellable, read_at, confirmed_at in _counts(by_pk.keys()):
        item, units = by_pk[pk], max(sellable - claimed[pk, shop_pk], 0)
        if shop_pk == shop.pk:
            item.here = units
            # A count that did not change since is as fresh as the last look at all changes.
            item.counted_at = max(read_at, confirmed_at or read_at)
        else:
            item.elsewhere = (item.elsewhere or 0) + units


def _counts(
    item_pks: Collection[int],
) -> Iterator[tuple[int, int, int, datetime, datetime | None]]:
    """Of each in each shop: what can be sold, when it was read, and when all changes last were."""
    if not item_pks:
        return
    rows = fetched(
        "SELECT item_id, shop_id, sellable, read_at, confirmed_at"  # noqa: S608 (no values)
        " FROM catalog_itemstock stock"
        " JOIN staff_shop shop ON shop.id = stock.shop_id"
        " LEFT JOIN catalog_stockcheck checked ON checked.account_id = shop.account_id"
        f" WHERE item_id IN ({places(item_pks)})",
        [*item_pks],
    )
    for pk, shop_pk, sellable, read_at, confirmed_at in rows:
        confirmed_at = confirmed_at and clock.aware(confirmed_at)
        yield pk, shop_pk, sellable, clock.aware(read_at), confirmed_at


_SKUS = ("system_sku", "custom_sku", "manufacturer_sku")


class Item(Mirrored):
    """Something the account sells: one size and colour where it comes in several."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="items")
    description = models.CharField(max_length=255)
    system_sku = models.CharField(max_length=64, blank=True)
    custom_sku = models.CharField(max_length=255, blank=True)
    manufacturer_sku = models.CharField(max_length=255, blank=True)
    upc = models.CharField(max_length=255, blank=True)
    ean = models.CharField(max_length=255, blank=True)
    price = models.DecimalField(max_digits=14, decimal_places=4, default=Decimal(0))
    msrp = models.DecimalField(max_digits=14, decimal_places=4, default=Decimal(0))
    # Amounts as text by Lightspeed's price level id: {"1": "149", "2": "169"}.
    prices = models.JSONField(default=dict)
    tax = models.BooleanField(default=True)
    tax_class_lightspeed_id = models.BigIntegerField(default=0)
    discountable = models.BooleanField(default=True)
    item_type = models.CharField(max_length=32, default="default")
    serialized = models.BooleanField(default=False)
    category = models.ForeignKey(
        Category, models.SET_NULL, null=True, blank=True, related_name="items"
    )
    manufacturer = models.ForeignKey(
        Manufacturer, models.SET_NULL, null=True, blank=True, related_name="items"
    )
    # None where it comes in one kind only.
    matrix = models.ForeignKey(
        ItemMatrix, models.SET_NULL, null=True, blank=True, related_name="items"
    )
    attribute1 = models.CharField(max_length=255, blank=True)
    attribute2 = models.CharField(max_length=255, blank=True)
    attribute3 = models.CharField(max_length=255, blank=True)
    tags = models.TextField(blank=True)  # names, a comma and a space between them
    note = models.TextField(blank=True)
    note_is_public = models.BooleanField(default=False)  # customers may see it
    image_base_url = models.CharField(max_length=512, blank=True)
    image_public_id = models.CharField(max_length=255, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)  # Lightspeed's timeStamp
    # Units sold in the last 90 days in all shops, as last counted. Lightspeed does not tell it.
    sold = models.IntegerField(default=0)

    # Set by `add_stock`.
    here: int | None
    elsewhere: int | None
    in_carts: list[Claim]
    counted_at: datetime | None

    objects = OwnedManager.from_queryset(ItemQuerySet)()

    class Meta(Mirrored.Meta):
        indexes = [
            # Each serves one branch of `carrying`.
            models.Index(fields=["account", "upc"], name="item_by_upc"),
            models.Index(fields=["account", "ean"], name="item_by_ean"),
            models.Index(fields=["account", "system_sku"], name="item_by_system_sku"),
            models.Index(fields=["account", "custom_sku"], name="item_by_custom_sku"),
            models.Index(fields=["account", "manufacturer_sku"], name="item_by_manufacturer_sku"),
        ]

    def __str__(self) -> str:
        return self.description

    @classmethod
    def by_code(cls, account: Account, *codes: str) -> ItemQuerySet:
        """Those for sale that carry exactly one of these barcodes or SKUs; codes are not always
        unique. A barcode written otherwise is the same code: see `barcodes.spellings`.
        """
        return cls.carrying(account, *codes).for_sale()

    @classmethod
    def carrying(cls, account: Account, *codes: str) -> ItemQuerySet:
        """As `by_code`, archived ones too."""
        items: ItemQuerySet = account.items.select_related("matrix")
        bare = list(filter(None, map(barcodes.bare, codes)))
        if not bare:  # most items lack one code or another, and no code is none in common
            return items.none()
        written = {*bare, *(code.upper() for code in bare)}
        numbers = written.union(*map(barcodes.spellings, bare))
        columns = {"upc": numbers, "ean": numbers} | dict.fromkeys(_SKUS, written)
        # A union, as SQLite does not look into five indexes for one OR; written out, as Django
        # would take longer to put it together than the database to answer.
        union = " UNION ".join(
            f"SELECT id FROM catalog_item WHERE account_id = %s AND {column} IN ({places(values)})"  # noqa: S608 (no values)
            for column, values in columns.items()
        )
        asked = [each for values in columns.values() for each in (account.pk, *values)]
        return items.filter(pk__in=RawSQL(union, asked))  # noqa: S611 (values are parameters)

    @property
    def codes(self) -> list[str]:
        """All that it may be scanned or typed by."""
        codes = (self.system_sku, self.custom_sku, self.manufacturer_sku, self.upc, self.ean)
        return [code for code in codes if code]

    def price_at(self, shop: Shop) -> Decimal:
        """What this shop charges: its price level's amount, or the default where that has none."""
        amount = self.prices.get(str(shop.price_level_lightspeed_id))
        return self.price if amount is None else Decimal(amount)

    @property
    def variant(self) -> str:
        """What tells it from its siblings: "Blue / 9"; else its whole name."""
        own = filter(None, [self.attribute1, self.attribute2, self.attribute3])
        return " / ".join(own) or self.description

    @property
    def product_key(self) -> tuple[int | None, int | None]:
        """The same for all sizes and colours of one product, and for nothing else."""
        return self.matrix_id, None if self.matrix_id else self.pk

    @property
    def product_name(self) -> str:
        """Without size and colour. Read the item with `select_related("matrix")`."""
        return (self.matrix.description if self.matrix else "") or self.description

    @property
    def has_stock(self) -> bool:
        """Whether it is counted at all; services and the like are not."""
        return self.item_type != "non_inventory"

    @property
    def pictured(self) -> Item | ItemMatrix:
        """Whose picture shows it: its own or, if it has none, that of its product. Which is not
        asked for here: read items that are shown with `select_related("matrix")`."""
        is_read = "matrix" in self._state.fields_cache
        return self.matrix if is_read and self.matrix and not self.image_public_id else self

    @property
    def has_picture(self) -> bool:
        return bool(self.pictured.image_public_id)

    @property
    def image_version(self) -> str:
        """Changes whenever the picture does, so that browsers may keep one for ever."""
        pictured = self.pictured
        return version_of_image(pictured.image_base_url, pictured.image_public_id)

    @property
    def image_url(self) -> str:
        """Our own copy of the picture, small, or the drawing that stands for none."""
        return self._image_url(address("catalog:item_image", self.pk))

    @property
    def large_image_url(self) -> str:
        """As `image_url`, for the item's sheet."""
        return self._image_url(reverse("catalog:item_image", args=[self.pk, Size.SHEET]))

    def _image_url(self, path: str) -> str:
        if not self.has_picture:
            return no_picture()
        return f"{path}?v={self.image_version}"


def version_of_image(base_url: str, public_id: str) -> str:
    return hashlib.sha256(f"{base_url}\n{public_id}".encode()).hexdigest()[:8]


class Product(Owned):
    """What search finds at once: a matrix with all its live variants, or all its archived ones, or
    an item that comes in one kind only.

    `search.entries` makes these rows, and with them those of `search.tables`, from items and their
    stock; nothing else changes them.
    """

    # Of the account, then of how it is to be shown: see `search.tables`.
    rank = models.BigIntegerField(primary_key=True)
    account = models.ForeignKey(Account, models.CASCADE, related_name="products", db_index=False)
    generation = models.PositiveSmallIntegerField()  # of the index
    archived = models.BooleanField()
    # One or the other.
    matrix = models.ForeignKey(
        ItemMatrix, models.CASCADE, null=True, related_name="products", db_index=False
    )
    item = models.ForeignKey(
        Item, models.CASCADE, null=True, related_name="products", db_index=False
    )
    digest = models.CharField(max_length=32)  # of all that the index says
    # JSON, read by `search.finding` alone: what all variants together are, and each of them.
    card = models.TextField()
    variants = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matrix", "generation", "archived"], name="one_product_for_a_matrix"
            ),
            models.UniqueConstraint(
                fields=["item", "generation", "archived"], name="one_product_for_an_item"
            ),
        ]
        indexes = [
            # For clearing a generation of the index.
            models.Index(fields=["account", "generation", "rank"], name="product_by_generation")
        ]

    def __str__(self) -> str:
        return f"{self.matrix or self.item}"

    @property
    def key(self) -> tuple[int | None, int | None, bool]:
        return self.matrix_id, self.item_id, self.archived


class SearchIndex(Owned):
    """An account's index of products: which of two generations is asked, and by what it was made.

    Both are kept up while one is `building`, of which all items up to a key are in it.
    """

    account = models.OneToOneField(Account, models.CASCADE, related_name="search_index")
    generation = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    building = models.BooleanField(default=False)
    built_up_to = models.BigIntegerField(default=0)
    # A manager's, one line for words of the same meaning: "sneaker = running shoe".
    synonyms = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"generation {self.generation}"

    @property
    def generations(self) -> list[int]:
        return [0, 1] if self.building else [self.generation]

    @property
    def is_held(self) -> bool:
        """Whether all is going to be read for a rebuild that has not begun."""
        return self.version == 0 and not self.building


class ItemComponent(Owned):
    """How many of one item are in a box or an assembly."""

    assembly = models.ForeignKey(Item, models.CASCADE, related_name="components")
    component = models.ForeignKey(Item, models.CASCADE, related_name="assemblies")
    quantity = models.DecimalField(max_digits=12, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assembly", "component"], name="one_row_of_each_component"
            )
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.component}"


class ItemStock(Owned):
    """Lightspeed's ItemShop: the units of an item in one shop.

    The sum over all shops, which Lightspeed lists as shop 0, is not kept.
    """

    item = models.ForeignKey(Item, models.CASCADE, related_name="stock")
    shop = models.ForeignKey(Shop, models.CASCADE, related_name="stock")
    qoh = models.IntegerField(default=0)  # on hand; below zero where more was sold than counted
    sellable = models.IntegerField(default=0)
    component_qoh = models.IntegerField(default=0)  # could be built of its components
    backorder = models.IntegerField(default=0)  # on purchase orders
    on_layaway = models.IntegerField(default=0)
    on_special_order = models.IntegerField(default=0)
    on_work_order = models.IntegerField(default=0)
    on_transfer_in = models.IntegerField(default=0)
    on_transfer_out = models.IntegerField(default=0)
    changed_at = models.DateTimeField()  # Lightspeed's timeStamp
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "shop"], name="one_stock_for_item_and_shop")
        ]

    def __str__(self) -> str:
        return f"{self.qoh} of {self.item} at {self.shop}"


class StockCheck(Owned):
    """When all changes of stock at Lightspeed had last been read: no count is older than this."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="stock_check")
    confirmed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.confirmed_at:%Y-%m-%d %H:%M}"


class InStoreBarcodes(Owned):
    """How the account's own labels are made, which carry a price or a weight; see `InStore`."""

    class Holds(models.TextChoices):
        NOTHING = "", _("Nothing, or we have no such labels")
        PRICE = "price", _("The price")
        KILOGRAMS = "kg", _("The weight in kilograms")
        POUNDS = "lb", _("The weight in pounds")

    account = models.OneToOneField(Account, models.CASCADE, related_name="in_store_barcodes")
    holds = models.CharField(max_length=8, choices=Holds.choices, blank=True)
    item_digits = models.PositiveSmallIntegerField(default=5)
    value_digits = models.PositiveSmallIntegerField(default=4)
    checks_value = models.BooleanField(default=True)
    decimals = models.PositiveSmallIntegerField(default=2)

    def __str__(self) -> str:
        return f"{self.holds or 'none'} {self.item_digits}+{self.value_digits}"

    @classmethod
    def of(cls, account: Account) -> InStoreBarcodes:
        """As the account has them; unsaved and holding nothing where it never said."""
        found: InStoreBarcodes | None = cls.everywhere.filter(account=account).first()
        return found or cls(account=account)

    @property
    def is_weight(self) -> bool:
        return self.holds in (self.Holds.KILOGRAMS, self.Holds.POUNDS)

    @property
    def layout(self) -> barcodes.InStore | None:
        """None where they hold nothing."""
        if not self.holds:
            return None
        return barcodes.InStore(
            item_digits=self.item_digits,
            value_digits=self.value_digits,
            decimals=self.decimals,
            checks_value=self.checks_value,
        )


class FavouriteQuerySet(models.QuerySet["Favourite"]):
    def of_product(self, item: Item) -> FavouriteQuerySet:
        """Whichever of its sizes and colours they name."""
        return (
            self.filter(item__matrix=item.matrix_id) if item.matrix_id else self.filter(item=item)
        )

    def of_everybody(self, shop: Shop | None) -> FavouriteQuerySet:
        """A manager's list: for one shop, or None for all shops."""
        return self.filter(rep=None, shop=shop)

    def shown_to(self, rep: Rep) -> FavouriteQuerySet:
        """A manager's for the rep's shop, then for all shops, then the rep's own."""
        mine = models.Q(rep=rep)
        for_all = models.Q(rep=None, shop=None)
        for_shop = models.Q(rep=None, shop=rep.shop)
        place = models.Case(
            models.When(for_shop & ~for_all, then=0), models.When(for_all, then=1), default=2
        )
        return self.filter(mine | for_all | for_shop).order_by(place, "position", "pk")


class Favourite(Owned):
    """What is within reach before anything is typed: put there by a manager for everybody in one
    shop or in all of them, or by a rep for themselves.

    An item that has a matrix stands for the product in all its sizes and colours. Of one product
    there may be several, from before that was so; they count as the first.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="favourites")
    item = models.ForeignKey(Item, models.CASCADE, related_name="favourites")
    # Of a manager's: None for all shops.
    shop = models.ForeignKey(Shop, models.CASCADE, null=True, blank=True, related_name="favourites")
    # Whose own it is; None for a manager's.
    rep = models.ForeignKey(Rep, models.CASCADE, null=True, blank=True, related_name="favourites")
    position = models.PositiveIntegerField(default=0)  # in its list; equals as they were added

    is_for_sale: bool  # set by `favourites.of_everybody`

    objects = OwnedManager.from_queryset(FavouriteQuerySet)()
    everywhere = models.Manager.from_queryset(FavouriteQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "rep"],
                name="once_among_a_reps_favourites",
                condition=models.Q(rep__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["item", "shop"],
                name="once_among_a_shops_favourites",
                condition=models.Q(rep__isnull=True, shop__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["item"],
                name="once_among_the_favourites_of_all",
                condition=models.Q(rep__isnull=True, shop__isnull=True),
            ),
            models.CheckConstraint(
                name="of_a_rep_or_of_a_shop",
                condition=models.Q(rep__isnull=True) | models.Q(shop__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}"


class SoldLine(Owned):
    """What one sale sold of one item in the last 90 days: below zero where more came back.

    `catalog.sold` writes them, from Lightspeed's sales, whoever made them, and from ours at once.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="sold_lines", db_index=False)
    # Lightspeed's Sale; None for a sale of ours that was not read there yet.
    sale_lightspeed_id = models.BigIntegerField(null=True)
    reference = models.CharField(max_length=28, blank=True)  # of a sale of ours
    item = models.ForeignKey(Item, models.CASCADE, related_name="+", db_index=False)
    shop = models.ForeignKey(Shop, models.CASCADE, related_name="+", db_index=False)
    units = models.IntegerField()
    sold_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "sale_lightspeed_id", "item"],
                name="sold_once_by_a_sale",
                condition=models.Q(sale_lightspeed_id__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["account", "reference", "item"],
                name="sold_once_by_a_sale_of_ours",
                condition=models.Q(sale_lightspeed_id__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["item", "shop"], name="sold_of_an_item"),  # the sums
            models.Index(fields=["account", "sold_at"], name="sold_by_age"),  # what is dropped
        ]

    def __str__(self) -> str:
        return f"{self.units} of {self.item}"


class ShopSales(Owned):
    """What one shop sold of one item in the last 90 days: the sum of its `SoldLine`s.

    Where none are left it stays with 0 units until the item has been told.
    """

    item = models.ForeignKey(Item, models.CASCADE, related_name="sales_by_shop")
    shop = models.ForeignKey(Shop, models.CASCADE, related_name="sales_by_item", db_index=False)
    units = models.IntegerField()
    last_sold_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "shop"], name="one_sum_for_item_and_shop")
        ]
        indexes = [
            # The order is all in them: a shop's thousands of items that sold once are not read.
            models.Index(fields=["shop", "-units", "-last_sold_at"], name="best_sellers_of_a_shop"),
            models.Index(fields=["shop", "-last_sold_at"], name="recently_sold_in_a_shop"),
        ]

    def __str__(self) -> str:
        return f"{self.units} of {self.item} at {self.shop}"
