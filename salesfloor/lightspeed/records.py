"""What Lightspeed answers, as frozen dataclasses; the one place that knows how the wire writes it.

On the wire every value is a string (`"true"`, `"19.9"`), one child is an object where several are
a list, an empty collection may be `""`, `false`, `null` or absent, and no foreign key is `"0"`.
Here:

* booleans, `int` ids (0 is "none"), `Decimal` money, aware UTC moments, tuples of children;
* names are Lightspeed's in snake_case: `systemSku` is `system_sku`, `itemID` is `item_id`;
* a relation that was not asked for looks like one that has nothing: both are `()` or `None`;
* fields that no recorded answer lacks are required, the others have a default, unknown ones go.

    >>> one({"Shop": {"shopID": "3", "name": "Quay", "timeZone": "Europe/Dublin"}}, Shop).shop_id
    3

https://developers.lightspeedhq.com/retail/endpoints/
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    AliasChoices,
    AliasPath,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
)
from pydantic.dataclasses import dataclass

T = TypeVar("T")

_BLANK = ("", None, False)
_lists: dict[type[Any], TypeAdapter[Any]] = {}  # made once each: making one is slow
_ODD_NAMES = {"base_image_url": "baseImageURL", "calc_fifo_cost": "calcFIFOCost"}


def many(body: object, entity: type[T]) -> list[T]:
    """The records of a list or single answer, in its order; empty where it has none.

    `body` is parsed JSON. ValueError if it is no answer at all or a record lacks what it must have.
    """
    if not isinstance(body, Mapping):
        raise ValueError(f"an answer about {entity.__name__} has to be an object")
    found = body.get(entity.__name__)
    if found in _BLANK:
        return []
    try:
        return _list_of(entity).validate_python(found if isinstance(found, list) else [found])
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        # Without what was found there: answers hold customers' names.
        raise ValueError(f"{entity.__name__} {place}: {first['msg']}") from None


def one(body: object, entity: type[T]) -> T:
    """The record of an answer about one. ValueError if there is none, or more than one.

    Session and a single Account come without a wrapper: their fields are the answer itself.
    """
    if isinstance(body, Mapping) and entity in (Session, Account) and entity.__name__ not in body:
        body = {entity.__name__: body}
    found = many(body, entity)
    if len(found) != 1:
        raise ValueError(f"expected one {entity.__name__}, got {len(found)}")
    return found[0]


def _list_of(entity: type[T]) -> TypeAdapter[list[T]]:
    if entity not in _lists:
        _lists[entity] = TypeAdapter(list[entity])  # type: ignore[valid-type]
    return _lists[entity]


def _wire_name(name: str) -> str:
    head, *rest = name.split("_")
    return _ODD_NAMES.get(name) or head + "".join(
        "ID" if word == "id" else word.capitalize() for word in rest
    )


def _or(default: object) -> Callable[[Any], Any]:
    return lambda value: default if value in _BLANK else value


def _children(name: str) -> Callable[[Any], Any]:
    """Unwraps `{"SaleLine": …}` of `SaleLines`, one or many, to a list."""

    def unwrap(value: Any) -> Any:
        if isinstance(value, Mapping):
            value = value.get(name)
        if value in _BLANK:
            return []
        return [value] if isinstance(value, Mapping) else value

    return unwrap


def _texts(value: Any) -> Any:
    return [] if value in _BLANK else [value] if isinstance(value, str) else value


def _tag_names(value: Any) -> Any:
    """Of `TagRelations`, records with a Tag each, or the older `Tags`, text between commas."""
    if isinstance(value, Mapping):
        value = value.get("TagRelation") or value.get("Tag") or value.get("tag")
    if value in _BLANK:
        return []
    if isinstance(value, str):
        return [name.strip() for name in value.split(",") if name.strip()]
    if isinstance(value, Mapping):
        value = [value]
    return [
        name if isinstance(name, str) else name["Tag"]["name"] if "Tag" in name else name["name"]
        for name in value
        # A relation whose Tag was not loaded has an id alone, and so no name to give.
        if isinstance(name, str) or "Tag" in name or "name" in name
    ]


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _no_negative_zero(value: Decimal) -> Decimal:
    return value or Decimal(0)  # "-0" is a balance that Lightspeed does report


Id = Annotated[int, BeforeValidator(_or(0))]
Count = Annotated[int, BeforeValidator(_or(0))]
Number = Annotated[Decimal, BeforeValidator(_or(0)), AfterValidator(_no_negative_zero)]
Flag = Annotated[bool, BeforeValidator(_or(False))]
Text = Annotated[str, BeforeValidator(_or(""))]
Moment = Annotated[datetime, AfterValidator(_utc)]
MaybeMoment = Annotated[Moment | None, BeforeValidator(_or(None))]
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]
TagNames = Annotated[tuple[str, ...], BeforeValidator(_tag_names)]
BLANK_IS_NONE = BeforeValidator(_or(None))

WIRE = ConfigDict(
    alias_generator=_wire_name,
    validate_by_name=True,
    validate_by_alias=True,
    extra="ignore",
    coerce_numbers_to_str=True,
    hide_input_in_errors=True,
)


@dataclass(frozen=True, kw_only=True, config=WIRE)
class SessionEmployee:
    employee_id: Id
    first_name: Text = ""
    last_name: Text = ""


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Session:
    """Who a token acts as. `rights` holds the names of those that are granted."""

    account_id: Id = Field(validation_alias=AliasChoices("systemCustomerID", "account_id"))
    employee_id: Id
    system_user_id: Id = 0
    shop_count: Count = 0
    employee: SessionEmployee = Field(validation_alias="Employee")
    rights: Annotated[frozenset[str], BeforeValidator(lambda value: _granted(value))] = Field(
        default=frozenset(), validation_alias="Rights"
    )

    @property
    def first_name(self) -> str:
        return self.employee.first_name

    @property
    def last_name(self) -> str:
        return self.employee.last_name


def _granted(rights: Any) -> Any:
    if isinstance(rights, Mapping):
        return {name for name, granted in rights.items() if str(granted).lower() == "true"}
    return rights or ()


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Account:
    """The retailer. `currency` is an ISO 4217 code, "" in the list form of the answer."""

    account_id: Id = Field(
        validation_alias=AliasChoices("accountID", AliasPath("@attributes", "systemCustomerID"))
    )
    name: Text
    currency: Text = Field(default="", validation_alias=AliasPath("defaultCurrency", "code"))


@dataclass(frozen=True, kw_only=True, config=WIRE)
class TaxClass:
    tax_class_id: Id
    name: Text
    class_type: Text = ""


@dataclass(frozen=True, kw_only=True, config=WIRE)
class TaxCategoryClass:
    """The rates, as fractions, that a tax category has for one tax class instead of its own."""

    tax_category_class_id: Id
    tax1_rate: Number
    tax2_rate: Number
    tax_category_id: Id
    tax_class_id: Id


@dataclass(frozen=True, kw_only=True, config=WIRE)
class TaxCategory:
    """What Lightspeed's screens call a sales tax. Rates are fractions: 0.05 is 5 %."""

    tax_category_id: Id
    is_tax_inclusive: Flag
    tax1_name: Text
    tax2_name: Text
    tax1_rate: Number
    tax2_rate: Number
    time_stamp: MaybeMoment = None
    tax_category_classes: Annotated[
        tuple[TaxCategoryClass, ...], BeforeValidator(_children("TaxCategoryClass"))
    ] = Field(default=(), validation_alias="TaxCategoryClasses")

    def rates_for(self, tax_class_id: int) -> tuple[Decimal, Decimal]:
        """Both rates for items of this tax class. Needs `tax_category_classes` to be loaded."""
        for override in self.tax_category_classes:
            if override.tax_class_id == tax_class_id:
                return override.tax1_rate, override.tax2_rate
        return self.tax1_rate, self.tax2_rate


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Register:
    register_id: Id
    name: Text
    open: Flag
    archived: Flag
    shop_id: Id
    open_employee_id: Id = 0
    open_time: MaybeMoment = None


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Shop:
    """`time_zone` is a tz name, `tax_category_id` the sales tax its sales have by default."""

    shop_id: Id
    name: Text
    time_zone: Text
    archived: Flag = False
    tax_category_id: Id = 0
    price_level_id: Id = 0
    time_stamp: MaybeMoment = None
    registers: Annotated[tuple[Register, ...], BeforeValidator(_children("Register"))] = Field(
        default=(), validation_alias="Registers"
    )


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Employee:
    employee_id: Id
    first_name: Text
    last_name: Text
    lock_out: Flag
    archived: Flag
    system_user_id: Id = 0
    employee_role_id: Id = 0
    limit_to_shop_id: Id = 0
    last_shop_id: Id = 0
    last_register_id: Id = 0
    time_stamp: MaybeMoment = None


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Category:
    """A node of the nested set: its sub-tree has `left_node` between its own left and right."""

    category_id: Id
    name: Text
    full_path_name: Text
    node_depth: Count
    left_node: Count
    right_node: Count
    parent_id: Id
    time_stamp: MaybeMoment = None


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Manufacturer:
    manufacturer_id: Id
    name: Text
    time_stamp: MaybeMoment = None


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Image:
    """The picture itself is at `url()`; Lightspeed asks clients to keep copies, not to hot-link."""

    image_id: Id
    base_image_url: Text
    public_id: Text
    description: Text = ""
    filename: Text = ""
    ordering: Count = 0
    item_id: Id = 0
    item_matrix_id: Id = 0
    time_stamp: MaybeMoment = None

    def url(self, width: int | None = None) -> str:
        """Where the picture is, at most `width` pixels wide if given, its shape kept."""
        settings = f"w_{width},c_limit/" if width else ""
        return f"{self.base_image_url.rstrip('/')}/{settings}{self.public_id}.jpg"


Images = Annotated[tuple[Image, ...], BeforeValidator(_children("Image"))]


@dataclass(frozen=True, kw_only=True, config=WIRE)
class ItemPrice:
    """The price at one price level: 1 is `Default`, 2 `MSRP`, others are the merchant's own."""

    amount: Number
    use_type_id: Id = 0
    use_type: Text = ""


Prices = Annotated[tuple[ItemPrice, ...], BeforeValidator(_children("ItemPrice"))]


@dataclass(frozen=True, kw_only=True, config=WIRE)
class ItemAttributes:
    """What tells a variant from its siblings, in the order of its attribute set."""

    attribute1: Text = ""
    attribute2: Text = ""
    attribute3: Text = ""
    item_attribute_set_id: Id = 0


@dataclass(frozen=True, kw_only=True, config=WIRE)
class ItemShop:
    """Stock of an item in one shop; in shop 0, their sum, which is never to be added to them."""

    item_shop_id: Id
    item_id: Id
    shop_id: Id
    qoh: Count
    backorder: Count = 0
    sellable: Annotated[int | None, BLANK_IS_NONE] = None
    component_qoh: Count = 0
    reorder_point: Count = 0
    reorder_level: Count = 0
    on_layaway: Count = 0
    on_special_order: Count = 0
    on_work_order: Count = Field(
        default=0, validation_alias=AliasChoices("onWorkOrder", "onWorkorder")
    )
    on_transfer_out: Count = 0
    on_transfer_in: Count = 0
    time_stamp: Moment


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Item:
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
    default_cost: Number
    avg_cost: Number
    category_id: Id
    tax_class_id: Id
    department_id: Id = 0
    item_matrix_id: Id
    manufacturer_id: Id
    season_id: Id = 0
    default_vendor_id: Id
    create_time: MaybeMoment = None
    time_stamp: Moment
    prices: Prices = Field(default=(), validation_alias="Prices")
    attributes: Annotated[ItemAttributes | None, BLANK_IS_NONE] = Field(
        default=None, validation_alias="ItemAttributes"
    )
    images: Images = Field(default=(), validation_alias="Images")
    item_shops: Annotated[tuple[ItemShop, ...], BeforeValidator(_children("ItemShop"))] = Field(
        default=(), validation_alias="ItemShops"
    )
    tags: TagNames = Field(default=(), validation_alias=AliasChoices("TagRelations", "Tags"))

    def price(self, price_level_id: int = 0) -> Decimal | None:
        """The price at this level, or the default one; None where the item has neither."""
        amounts = {price.use_type_id: price.amount for price in self.prices}
        default = next((p.amount for p in self.prices if p.use_type == "Default"), amounts.get(1))
        return amounts.get(price_level_id, default) if price_level_id else default


@dataclass(frozen=True, kw_only=True, config=WIRE)
class ItemMatrix:
    """What the variants of an item have in common; they name it in `item_matrix_id`."""

    item_matrix_id: Id
    description: Text
    item_type: Text
    tax: Flag
    archived: Flag
    default_cost: Number
    item_attribute_set_id: Id
    category_id: Id
    manufacturer_id: Id
    tax_class_id: Id
    time_stamp: Moment
    attribute1_values: Texts = ()
    attribute2_values: Texts = ()
    attribute3_values: Texts = ()
    prices: Prices = Field(default=(), validation_alias="Prices")
    images: Images = Field(default=(), validation_alias="Images")
    tags: TagNames = Field(default=(), validation_alias=AliasChoices("TagRelations", "Tags"))


@dataclass(frozen=True, kw_only=True, config=WIRE)
class PaymentType:
    """Tell them apart by `type` (`cash`, `credit card`, `gift card` …), never by name."""

    payment_type_id: Id
    name: Text
    type: Text
    require_customer: Flag
    archived: Flag
    internal_reserved: Flag
    refund_as_payment_type_id: Id
    code: Text = ""


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Discount:
    """Takes off an amount of money or a fraction, never both."""

    discount_id: Id
    name: Text
    discount_amount: Number
    discount_percent: Number
    require_customer: Flag
    archived: Flag
    source_id: Id = 0
    time_stamp: MaybeMoment = None


@dataclass(frozen=True, kw_only=True, config=WIRE)
class ContactPhone:
    number: Text
    use_type: Text = ""


@dataclass(frozen=True, kw_only=True, config=WIRE)
class ContactEmail:
    address: Text
    use_type: Text = ""


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Contact:
    no_email: Flag = False
    no_phone: Flag = False
    no_mail: Flag = False
    phones: Annotated[tuple[ContactPhone, ...], BeforeValidator(_children("ContactPhone"))] = Field(
        default=(), validation_alias="Phones"
    )
    emails: Annotated[tuple[ContactEmail, ...], BeforeValidator(_children("ContactEmail"))] = Field(
        default=(), validation_alias="Emails"
    )


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Customer:
    customer_id: Id
    first_name: Text
    last_name: Text
    company: Text
    archived: Flag
    customer_type_id: Id
    discount_id: Id
    tax_category_id: Id
    credit_account_id: Id
    time_stamp: Moment
    contact: Annotated[Contact | None, BLANK_IS_NONE] = Field(
        default=None, validation_alias="Contact"
    )


@dataclass(frozen=True, kw_only=True, config=WIRE)
class SaleLine:
    """`discount_percent` is a fraction; `calc_tax1`, `calc_tax2`, `calc_total` are not rounded."""

    sale_line_id: Id
    sale_id: Id
    item_id: Id
    unit_quantity: Number
    unit_price: Number
    normal_unit_price: Number
    discount_amount: Number
    discount_percent: Number
    discount_id: Id
    avg_cost: Number
    fifo_cost: Number
    tax: Flag
    tax1_rate: Number
    tax2_rate: Number
    tax_class_id: Id
    tax_category_id: Id = 0
    calc_subtotal: Number
    calc_line_discount: Number
    calc_transaction_discount: Number
    calc_tax1: Number
    calc_tax2: Number
    calc_total: Number
    displayable_subtotal: Number
    displayable_unit_price: Number
    is_layaway: Flag
    is_special_order: Flag
    is_workorder: Flag
    line_type: Text = ""
    customer_id: Id
    employee_id: Id
    shop_id: Id
    note_id: Id
    parent_sale_line_id: Id
    create_time: MaybeMoment = None
    time_stamp: Moment
    note: Text = Field(default="", validation_alias=AliasPath("Note", "note"))
    item: Annotated[Item | None, BLANK_IS_NONE] = Field(default=None, validation_alias="Item")

    @property
    def is_refund(self) -> bool:
        return self.parent_sale_line_id != 0 and self.line_type != "item_fee"


@dataclass(frozen=True, kw_only=True, config=WIRE)
class SalePayment:
    """A tender. `amount` includes the tip; an archived one was cancelled and counts in no sum."""

    sale_payment_id: Id
    sale_id: Id
    amount: Number
    tip_amount: Number = Decimal(0)
    payment_type_id: Id
    register_id: Id
    employee_id: Id
    credit_account_id: Id
    cc_charge_id: Id
    ref_payment_id: Id
    archived: Flag
    remote_reference: Text = ""
    payment_id: Text = ""
    create_time: Moment
    payment_type: Annotated[PaymentType | None, BLANK_IS_NONE] = Field(
        default=None, validation_alias="PaymentType"
    )


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Sale:
    """A cart, a receipt or a refund; `completed` tells the first from the others.

    `calc_total` is what the goods come to, `total_due` what is left to collect in money once gift
    cards and credit accounts had their part. `balance` is the total less the live payments.
    """

    sale_id: Id
    ticket_number: Text = ""
    completed: Flag
    archived: Flag
    voided: Flag
    enable_promotions: Flag
    is_tax_inclusive: Flag = False
    reference_number: Text
    reference_number_source: Text
    create_time: MaybeMoment = None
    complete_time: MaybeMoment = None
    update_time: MaybeMoment = Field(
        default=None, validation_alias=AliasChoices("updateTime", "updatetime")
    )
    time_stamp: Moment
    tax1_rate: Number
    tax2_rate: Number
    discount_percent: Number
    change: Number
    calc_subtotal: Number
    calc_discount: Number
    calc_taxable: Number
    calc_non_taxable: Number
    calc_tax1: Number
    calc_tax2: Number
    calc_total: Number
    calc_payments: Number
    calc_tips: Number = Decimal(0)
    calc_item_fees: Number = Decimal(0)
    calc_avg_cost: Number
    calc_fifo_cost: Number
    total: Number
    total_due: Number
    displayable_total: Number
    balance: Number
    customer_id: Id
    discount_id: Id
    employee_id: Id
    quote_id: Id
    register_id: Id
    ship_to_id: Id
    shop_id: Id
    tax_category_id: Id
    sale_lines: Annotated[tuple[SaleLine, ...], BeforeValidator(_children("SaleLine"))] = Field(
        default=(), validation_alias="SaleLines"
    )
    sale_payments: Annotated[tuple[SalePayment, ...], BeforeValidator(_children("SalePayment"))] = (
        Field(default=(), validation_alias="SalePayments")
    )
    customer: Annotated[Customer | None, BLANK_IS_NONE] = Field(
        default=None, validation_alias="Customer"
    )
    tax_category: Annotated[TaxCategory | None, BLANK_IS_NONE] = Field(
        default=None, validation_alias="TaxCategory"
    )

    @property
    def live_payments(self) -> tuple[SalePayment, ...]:
        """The payments that count: those not archived."""
        return tuple(payment for payment in self.sale_payments if not payment.archived)
