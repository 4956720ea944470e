"""Vendors, and what was ordered from them."""

from pydantic import Field
from pydantic.dataclasses import dataclass

from salesfloor.lightspeed.records.embedded import Contact, Currency, Note
from salesfloor.lightspeed.records.shops import Shop
from salesfloor.lightspeed.records.wire import (
    WIRE,
    ZERO,
    Flag,
    Id,
    Many,
    MaybeMoment,
    Number,
    One,
    Record,
    Text,
)


@dataclass(frozen=True, kw_only=True, config=WIRE)
class VendorRep(Record):
    first_name: Text = ""
    last_name: Text = ""


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Vendor(Record):
    vendor_id: Id
    name: Text = ""
    archived: Flag
    account_number: Text = ""
    price_level: Text = ""
    update_price: Flag = False
    update_cost: Flag = False
    update_description: Flag = False
    share_sell_through: Flag = False
    contact_id: Id = 0
    time_stamp: MaybeMoment = None
    purchasing_currency: One[Currency] = None
    contact: One[Contact] = Field(default=None, validation_alias="Contact")
    reps: Many[VendorRep] = Field(default=(), validation_alias="Reps")


@dataclass(frozen=True, kw_only=True, config=WIRE)
class OrderLine(Record):
    order_line_id: Id
    quantity: Number
    price: Number
    original_price: Number
    checked_in: Number
    num_received: Number
    total: Number = ZERO
    order_id: Id
    item_id: Id
    time_stamp: MaybeMoment = None


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Order(Record):
    """A purchase order. `arrival_date` is when it is expected."""

    order_id: Id
    ordered_date: MaybeMoment = None
    received_date: MaybeMoment = None
    arrival_date: MaybeMoment = None
    ship_instructions: Text = ""
    stock_instructions: Text = ""
    ship_cost: Number = ZERO
    other_cost: Number = ZERO
    complete: Flag
    archived: Flag
    discount: Number = ZERO
    total_discount: Number = ZERO
    total_quantity: Number = ZERO
    vendor_id: Id
    note_id: Id = 0
    shop_id: Id
    time_stamp: MaybeMoment = None
    vendor: One[Vendor] = Field(default=None, validation_alias="Vendor")
    shop: One[Shop] = Field(default=None, validation_alias="Shop")
    note: One[Note] = Field(default=None, validation_alias="Note")
    order_lines: Many[OrderLine] = Field(default=(), validation_alias="OrderLines")
