"""Sales, their lines and payments, and what else hangs on them."""

from decimal import Decimal

from pydantic import AliasChoices, Field
from pydantic.dataclasses import dataclass

from salesfloor.lightspeed.records.catalog import Item
from salesfloor.lightspeed.records.embedded import Contact, Note
from salesfloor.lightspeed.records.people import Customer
from salesfloor.lightspeed.records.prices import Discount, TaxCategory, TaxClass
from salesfloor.lightspeed.records.purchasing import OrderLine
from salesfloor.lightspeed.records.shops import Shop
from salesfloor.lightspeed.records.wire import (
    WIRE,
    ZERO,
    Flag,
    Id,
    Many,
    MaybeMoment,
    Moment,
    Number,
    One,
    Record,
    Text,
)


@dataclass(frozen=True, kw_only=True, config=WIRE)
class PaymentType(Record):
    """Tell them apart by `type` (`cash`, `credit card`, `gift card` …), never by name."""

    payment_type_id: Id
    name: Text
    type: Text
    require_customer: Flag
    archived: Flag
    internal_reserved: Flag
    refund_as_payment_type_id: Id
    code: Text = ""
    channel: Text = ""


@dataclass(frozen=True, kw_only=True, config=WIRE)
class SaleAccount(Record):
    """Ties a payment, or a line that loads a gift card, to a credit account."""

    sale_account_id: Id
    credit_account_id: Id
    sale_payment_id: Id
    sale_line_id: Id


@dataclass(frozen=True, kw_only=True, config=WIRE)
class CCCharge(Record):
    """A charge by a card terminal of Lightspeed's; `xnum` is the end of the card's number."""

    cc_charge_id: Id
    xnum: Text = ""
    card_type: Text = ""
    entry_method: Text = ""
    auth_code: Text = ""
    auth_only: Flag = False
    amount: Number
    refunded: Number = ZERO
    voided: Flag = False
    declined: Flag = False
    sale_id: Id
    time_stamp: MaybeMoment = None


@dataclass(frozen=True, kw_only=True, config=WIRE)
class ItemFee(Record):
    """What is charged along with some items, such as a deposit."""

    item_fee_id: Id
    name: Text
    calculation_method: Text = ""
    fee_value: Number
    taxable: Flag = False
    discountable: Flag = False
    non_refundable: Flag = False
    archived: Flag = False
    create_time: MaybeMoment = None
    time_stamp: MaybeMoment = Field(
        default=None, validation_alias=AliasChoices("timestamp", "timeStamp")
    )


@dataclass(frozen=True, kw_only=True, config=WIRE)
class InventorySale(Record):
    """Units that a line has reserved, or sold, out of one lot."""

    inventory_sale_id: Id
    quantity: Number
    sale_line_id: Id = 0


@dataclass(frozen=True, kw_only=True, config=WIRE)
class OrderOfLine(Record):
    """How far the goods of a line are that is on special order: `status` is `Not Ordered`,
    `Ordered`, `Ready For Pickup`, `Completed`, perhaps others."""

    special_order_id: Id
    unit_quantity: Number
    completed: Flag
    status: Text


@dataclass(frozen=True, kw_only=True, config=WIRE)
class SaleLine(Record):
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
    item_fee_id: Id = 0
    create_time: MaybeMoment = None
    time_stamp: Moment
    note: One[Note] = Field(default=None, validation_alias="Note")
    item: One[Item] = Field(default=None, validation_alias="Item")
    discount: One[Discount] = Field(default=None, validation_alias="Discount")
    tax_class: One[TaxClass] = Field(default=None, validation_alias="TaxClass")
    tax_category: One[TaxCategory] = Field(default=None, validation_alias="TaxCategory")
    sale_accounts: Many[SaleAccount] = Field(
        default=(), validation_alias=AliasChoices("SaleAccounts", "SalesAccounts")
    )
    inventory_sales: Many[InventorySale] = Field(default=(), validation_alias="InventorySales")
    special_order: One[OrderOfLine] = Field(default=None, validation_alias="SpecialOrder")

    @property
    def is_refund(self) -> bool:
        return self.parent_sale_line_id != 0 and self.line_type != "item_fee"

    @property
    def is_kept(self) -> bool:
        """Whether its goods are kept for a customer: outside any sale, or until it is paid."""
        return self.is_layaway or self.is_special_order

    @property
    def units_reserved(self) -> Decimal:
        return sum((sale.quantity for sale in self.inventory_sales), ZERO)


@dataclass(frozen=True, kw_only=True, config=WIRE)
class SalePayment(Record):
    """A tender. `amount` includes the tip; an archived one was cancelled and counts in no sum."""

    sale_payment_id: Id
    sale_id: Id
    amount: Number
    tip_amount: Number = ZERO
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
    payment_type: One[PaymentType] = Field(default=None, validation_alias="PaymentType")
    cc_charge: One[CCCharge] = Field(default=None, validation_alias="CCCharge")
    sale_accounts: Many[SaleAccount] = Field(
        default=(), validation_alias=AliasChoices("SaleAccounts", "SalesAccounts")
    )


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Tax(Record):
    """What one tax class comes to in a sale. Rates are in per cent; amounts are not rounded."""

    id: Id = Field(validation_alias=AliasChoices("id", "ID"))
    name: Text
    taxable: Number
    rate: Number
    amount: Number
    taxname: Text = ""
    subtotal: Number
    rate2: Number = ZERO
    amount2: Number = ZERO
    taxname2: Text = ""
    subtotal2: Number = ZERO


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Quote(Record):
    """`sale_id` changes with every edit of the quote."""

    quote_id: Id
    issue_date: MaybeMoment = None
    notes: Text = ""
    archived: Flag
    employee_id: Id
    sale_id: Id


@dataclass(frozen=True, kw_only=True, config=WIRE)
class ShipTo(Record):
    """Where and to whom a sale is sent."""

    ship_to_id: Id
    shipped: Flag
    ship_note: Text = ""
    first_name: Text = ""
    last_name: Text = ""
    company: Text = ""
    customer_id: Id
    contact_id: Id = 0
    sale_id: Id
    time_stamp: MaybeMoment = None
    contact: One[Contact] = Field(default=None, validation_alias="Contact")


@dataclass(frozen=True, kw_only=True, config=WIRE)
class SaleNotes(Record):
    """One of each for a sale; the printed one is on its receipt."""

    printed: One[Note] = Field(default=None, validation_alias="PrintedNote")
    internal: One[Note] = Field(default=None, validation_alias="InternalNote")


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Sale(Record):
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
    tip_enabled: Flag = False
    reference_number: Text
    reference_number_source: Text
    receipt_preference: Text = ""
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
    calc_tips: Number = ZERO
    calc_item_fees: Number = ZERO
    calc_avg_cost: Number
    calc_fifo_cost: Number
    total: Number
    total_due: Number
    tax_total: Number = ZERO
    displayable_subtotal: Number = ZERO
    displayable_total: Number
    balance: Number
    customer_id: Id
    discount_id: Id
    employee_id: Id
    tip_employee_id: Id = 0
    quote_id: Id
    register_id: Id
    ship_to_id: Id
    shop_id: Id
    tax_category_id: Id
    sale_lines: Many[SaleLine] = Field(default=(), validation_alias="SaleLines")
    sale_payments: Many[SalePayment] = Field(default=(), validation_alias="SalePayments")
    sale_notes: One[SaleNotes] = Field(default=None, validation_alias="SaleNotes")
    tax_class_totals: Many[Tax] = Field(default=(), validation_alias="TaxClassTotals")
    customer: One[Customer] = Field(default=None, validation_alias="Customer")
    discount: One[Discount] = Field(default=None, validation_alias="Discount")
    tax_category: One[TaxCategory] = Field(default=None, validation_alias="TaxCategory")
    shop: One[Shop] = Field(default=None, validation_alias="Shop")
    quote: One[Quote] = Field(default=None, validation_alias="Quote")
    ship_to: One[ShipTo] = Field(default=None, validation_alias="ShipTo")

    @property
    def live_payments(self) -> tuple[SalePayment, ...]:
        """The payments that count: those not archived."""
        return tuple(payment for payment in self.sale_payments if not payment.archived)


@dataclass(frozen=True, kw_only=True, config=WIRE)
class SaleVoid(Record):
    sale_void_id: Id
    create_time: MaybeMoment = None
    reason: Text = ""
    sale_id: Id
    employee_id: Id
    shop_id: Id


@dataclass(frozen=True, kw_only=True, config=WIRE)
class SpecialOrder(Record):
    """What is ordered for a customer. `status` is `Not Ordered`, `Ordered`, `Ready For Pickup` …"""

    special_order_id: Id
    unit_quantity: Number
    contacted: Flag
    completed: Flag
    status: Text
    customer_id: Id
    shop_id: Id
    sale_line_id: Id
    order_line_id: Id
    transfer_item_id: Id = 0
    time_stamp: MaybeMoment = None
    sale_line: One[SaleLine] = Field(default=None, validation_alias="SaleLine")
    order_line: One[OrderLine] = Field(default=None, validation_alias="OrderLine")
