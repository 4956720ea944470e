"""Items, what they are sorted by, and what is there of them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, Field
from pydantic.dataclasses import dataclass

from salesfloor.lightspeed.records.embedded import CustomFieldValue, Note
from salesfloor.lightspeed.records.prices import ItemPrice, TaxClass
from salesfloor.lightspeed.records.wire import (
    BLANK,
    WIRE,
    ZERO,
    Count,
    Flag,
    Id,
    Many,
    MaybeMoment,
    Moment,
    Number,
    One,
    Record,
    Text,
    Texts,
)


def _tag_names(value: Any) -> Any:
    """Of `TagRelations`, records with a Tag each, or the older `Tags`, text between commas."""
    if isinstance(value, Mapping):
        value = value.get("TagRelation") or value.get("Tag") or value.get("tag")
    if value in BLANK:
        return []
    if isinstance(value, str):
        return [name.strip() for name in value.split(",") if name.strip()]
    relations = value if isinstance(value, list | tuple) else [value]
    # A relation whose Tag was not loaded has an id alone, and so no name to give.
    return [name for name in map(_tag_name, relations) if name is not None]


def _tag_name(relation: Any) -> Any:
    match relation:
        case {"Tag": {"name": name}} | {"name": name}:
            return name
        case Mapping():
            return None
    return relation


TagNames = Annotated[tuple[str, ...], BeforeValidator(_tag_names)]


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Category(Record):
    """A node of the nested set: its sub-tree has `left_node` between its own left and right."""

    category_id: Id
    name: Text
    full_path_name: Text
    node_depth: Count
    left_node: Count
    right_node: Count
    parent_id: Id
    create_time: MaybeMoment = None
    time_stamp: MaybeMoment = None


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Manufacturer(Record):
    manufacturer_id: Id
    name: Text
    create_time: MaybeMoment = None
    time_stamp: MaybeMoment = None


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Season(Record):
    """In old accounts only."""

    season_id: Id
    name: Text


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Tag(Record):
    """Lightspeed makes `newtag` of "New Tag"."""

    tag_id: Id
    name: Text


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Image(Record):
    """The picture itself is at `url()`; Lightspeed asks clients to keep copies, not to hot-link.

    `size` is in bytes.
    """

    image_id: Id
    base_image_url: Text
    public_id: Text
    description: Text = ""
    filename: Text = ""
    ordering: Count = 0
    size: Count = 0
    item_id: Id = 0
    item_matrix_id: Id = 0
    create_time: MaybeMoment = None
    time_stamp: MaybeMoment = None

    def url(self, width: int | None = None) -> str:
        """Where the picture is, at most `width` pixels wide if given, its shape kept."""
        settings = f"w_{width},c_limit/" if width else ""
        return f"{self.base_image_url.rstrip('/')}/{settings}{self.public_id}.jpg"


@dataclass(frozen=True, kw_only=True, config=WIRE)
class ItemAttributeSet(Record):
    """What the up to three attributes of variants are called: Colour, Size."""

    item_attribute_set_id: Id
    name: Text
    attribute_name1: Text
    attribute_name2: Text = ""
    attribute_name3: Text = ""
    system: Flag = False
    archived: Flag = False


@dataclass(frozen=True, kw_only=True, config=WIRE)
class ItemAttributes(Record):
    """What tells a variant from its siblings, in the order of its attribute set."""

    attribute1: Text = ""
    attribute2: Text = ""
    attribute3: Text = ""
    item_attribute_set_id: Id = 0
    item_attribute_set: One[ItemAttributeSet] = Field(
        default=None, validation_alias="ItemAttributeSet"
    )


@dataclass(frozen=True, kw_only=True, config=WIRE)
class ItemShop(Record):
    """Stock of an item in one shop; in shop 0, their sum, which is never to be added to them."""

    item_shop_id: Id
    item_id: Id
    shop_id: Id
    qoh: Number
    backorder: Number = ZERO
    sellable: Annotated[
        Decimal | None, BeforeValidator(lambda value: None if value == "" else value)
    ] = None
    component_qoh: Number = ZERO
    component_backorder: Number = ZERO
    reorder_point: Number = ZERO
    reorder_level: Number = ZERO
    on_layaway: Number = ZERO
    on_special_order: Number = ZERO
    on_work_order: Number = Field(
        default=ZERO, validation_alias=AliasChoices("onWorkOrder", "onWorkorder")
    )
    on_transfer_out: Number = ZERO
    on_transfer_in: Number = ZERO
    time_stamp: Moment


@dataclass(frozen=True, kw_only=True, config=WIRE)
class ItemVendorNum(Record):
    """A vendor's own number for an item, in `value`."""

    item_vendor_num_id: Id
    value: Text
    item_id: Id
    vendor_id: Id
    time_stamp: MaybeMoment = None


@dataclass(frozen=True, kw_only=True, config=WIRE)
class ItemComponent(Record):
    """How many of one item are in a box or an assembly."""

    item_component_id: Id
    quantity: Number
    component_group: Count = 0
    assembly_item_id: Id
    component_item_id: Id


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Item(Record):
    item_id: Id
    system_sku: Text
    description: Text
    item_type: Text
    custom_sku: Text
    manufacturer_sku: Text
    upc: Text
    ean: Text
    discountable: Flag
    tax: Flag
    archived: Flag
    serialized: Flag = False
    publish_to_ecom: Flag = False
    model_year: Count = 0
    labor_duration_minutes: Count = 0
    default_cost: Number
    avg_cost: Number
    category_id: Id
    tax_class_id: Id
    department_id: Id = 0
    item_matrix_id: Id
    item_attributes_id: Id = 0
    manufacturer_id: Id
    note_id: Id = 0
    season_id: Id = 0
    default_vendor_id: Id
    item_e_commerce_id: Id = 0
    create_time: MaybeMoment = None
    time_stamp: Moment
    prices: Many[ItemPrice] = Field(default=(), validation_alias="Prices")
    attributes: One[ItemAttributes] = Field(default=None, validation_alias="ItemAttributes")
    images: Many[Image] = Field(default=(), validation_alias="Images")
    item_shops: Many[ItemShop] = Field(default=(), validation_alias="ItemShops")
    item_vendor_nums: Many[ItemVendorNum] = Field(default=(), validation_alias="ItemVendorNums")
    item_components: Many[ItemComponent] = Field(default=(), validation_alias="ItemComponents")
    category: One[Category] = Field(default=None, validation_alias="Category")
    tax_class: One[TaxClass] = Field(default=None, validation_alias="TaxClass")
    manufacturer: One[Manufacturer] = Field(default=None, validation_alias="Manufacturer")
    note: One[Note] = Field(default=None, validation_alias="Note")
    custom_field_values: Many[CustomFieldValue] = Field(
        default=(), validation_alias="CustomFieldValues"
    )
    tags: TagNames = Field(
        default=(), validation_alias=AliasChoices("TagRelations", "Tags"), exclude=True
    )

    def price(self, price_level_id: int = 0) -> Decimal | None:
        """The price at this level, or the default one; None where the item has neither."""
        amounts = {price.use_type_id: price.amount for price in self.prices}
        default = next((p.amount for p in self.prices if p.use_type == "Default"), amounts.get(1))
        return amounts.get(price_level_id, default) if price_level_id else default


@dataclass(frozen=True, kw_only=True, config=WIRE)
class ItemMatrix(Record):
    """What the variants of an item have in common; they name it in `item_matrix_id`."""

    item_matrix_id: Id
    description: Text
    item_type: Text
    tax: Flag
    archived: Flag
    serialized: Flag = False
    model_year: Count = 0
    default_cost: Number
    item_attribute_set_id: Id
    category_id: Id
    manufacturer_id: Id
    default_vendor_id: Id = 0
    tax_class_id: Id
    season_id: Id = 0
    department_id: Id = 0
    item_e_commerce_id: Id = 0
    time_stamp: Moment
    attribute1_values: Texts = ()
    attribute2_values: Texts = ()
    attribute3_values: Texts = ()
    prices: Many[ItemPrice] = Field(default=(), validation_alias="Prices")
    images: Many[Image] = Field(default=(), validation_alias="Images")
    items: Many[Item] = Field(default=(), validation_alias="Items")
    category: One[Category] = Field(default=None, validation_alias="Category")
    tax_class: One[TaxClass] = Field(default=None, validation_alias="TaxClass")
    manufacturer: One[Manufacturer] = Field(default=None, validation_alias="Manufacturer")
    item_attribute_set: One[ItemAttributeSet] = Field(
        default=None, validation_alias="ItemAttributeSet"
    )
    tags: TagNames = Field(
        default=(), validation_alias=AliasChoices("TagRelations", "Tags"), exclude=True
    )


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Inventory(Record):
    """A lot of one item that came in together."""

    inventory_id: Id
    item_id: Id
    item: One[Item] = Field(default=None, validation_alias="Item")


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Serialized(Record):
    """One thing with a serial number; sold where `sale_line_id` is not 0."""

    serialized_id: Id
    color_name: Text = ""
    size_name: Text = ""
    serial: Text
    description: Text = ""
    time_stamp: MaybeMoment = None
    item_id: Id
    sale_line_id: Id
    customer_id: Id
    item: One[Item] = Field(default=None, validation_alias="Item")
