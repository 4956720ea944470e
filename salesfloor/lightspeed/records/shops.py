"""The account, its shops and their registers."""

from pydantic import AliasChoices, AliasPath, Field
from pydantic.dataclasses import dataclass

from salesfloor.lightspeed.records.embedded import Contact, Currency
from salesfloor.lightspeed.records.prices import PriceLevel, TaxCategory
from salesfloor.lightspeed.records.wire import (
    WIRE,
    ZERO,
    Count,
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
class Account(Record):
    """The retailer. Its list form knows no more than id and name."""

    account_id: Id = Field(
        validation_alias=AliasChoices("accountID", AliasPath("@attributes", "systemCustomerID"))
    )
    name: Text
    status: Text = ""
    default_currency: One[Currency] = None

    @property
    def currency(self) -> str:
        """An ISO 4217 code, "" in the list form of the answer."""
        return self.default_currency.code if self.default_currency else ""


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Locale(Record):
    """How money is written and counted. `cash_rounding_precision` is the coin to which totals are
    rounded where they are paid in cash, 0 where they are not."""

    name: Text = ""
    currency_code: Text = ""
    cash_rounding_precision: Number = ZERO


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Register(Record):
    register_id: Id
    name: Text
    open: Flag
    archived: Flag
    shop_id: Id
    open_employee_id: Id = 0
    cc_terminal_id: Id = 0
    tip_enabled: Flag = False
    open_time: MaybeMoment = None


@dataclass(frozen=True, kw_only=True, config=WIRE)
class ReceiptSetup(Record):
    """`logo` is the address of a picture."""

    receipt_setup_id: Id
    general_msg: Text = ""
    workorder_agree: Text = ""
    creditcard_agree: Text = ""
    has_logo: Flag = False
    logo: Text = ""
    logo_width: Count = 0
    logo_height: Count = 0
    header: Text = ""


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Shop(Record):
    """`time_zone` is a tz name, `tax_category_id` the sales tax its sales have by default."""

    shop_id: Id
    name: Text
    time_zone: Text
    archived: Flag = False
    service_rate: Number = ZERO
    tax_labor: Flag = False
    label_title: Text = ""
    label_msrp: Flag = False
    company_registration_number: Text = ""
    vat_number: Text = ""
    contact_id: Id = 0
    tax_category_id: Id = 0
    receipt_setup_id: Id = 0
    cc_gateway_id: Id = 0
    price_level_id: Id = 0
    time_stamp: MaybeMoment = None
    contact: One[Contact] = Field(default=None, validation_alias="Contact")
    tax_category: One[TaxCategory] = Field(default=None, validation_alias="TaxCategory")
    receipt_setup: One[ReceiptSetup] = Field(default=None, validation_alias="ReceiptSetup")
    price_level: One[PriceLevel] = Field(default=None, validation_alias="PriceLevel")
    registers: Many[Register] = Field(default=(), validation_alias="Registers")


@dataclass(frozen=True, kw_only=True, config=WIRE)
class RegisterWithdraw(Record):
    """Money put into a register's drawer or, where `amount` is negative, taken out of it."""

    register_withdraw_id: Id
    amount: Number
    create_time: MaybeMoment = None
    notes: Text = ""
    employee_id: Id
    payment_type_id: Id
    register_id: Id


@dataclass(frozen=True, kw_only=True, config=WIRE)
class RegisterCountAmount(Record):
    """What should have been there of one payment type, and what was."""

    register_count_amount_id: Id
    calculated: Number
    actual: Number
    register_count_id: Id
    payment_type_id: Id


@dataclass(frozen=True, kw_only=True, config=WIRE)
class RegisterCount(Record):
    """The closing of a register; `create_time` is when."""

    register_count_id: Id
    create_time: MaybeMoment = None
    open_time: MaybeMoment = None
    notes: Text = ""
    register_id: Id
    open_employee_id: Id
    close_employee_id: Id
    amounts: Many[RegisterCountAmount] = Field(default=(), validation_alias="RegisterCountAmounts")


@dataclass(frozen=True, kw_only=True, config=WIRE)
class CalculatedAmount(Record):
    """What a register should hold of one payment type: put in, taken out, and from payments."""

    add: Number
    withdraw: Number
    payment: Number
    payment_type_id: Id
