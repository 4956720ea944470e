"""Who sells, and to whom."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, Field
from pydantic.dataclasses import dataclass

from salesfloor.lightspeed.records.embedded import Contact, CustomFieldValue, Note
from salesfloor.lightspeed.records.prices import Discount, TaxCategory
from salesfloor.lightspeed.records.wire import (
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
)


def _granted(rights: Any) -> Any:
    if isinstance(rights, Mapping):
        return {name for name, granted in rights.items() if str(granted).lower() == "true"}
    return rights or ()


@dataclass(frozen=True, kw_only=True, config=WIRE)
class SessionEmployee(Record):
    employee_id: Id
    first_name: Text = ""
    last_name: Text = ""


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Session(Record):
    """Who a token acts as. `rights` holds the names of those that are granted."""

    account_id: Id = Field(validation_alias=AliasChoices("systemCustomerID", "account_id"))
    employee_id: Id
    system_user_id: Id = 0
    shop_count: Count = 0
    employee: SessionEmployee = Field(validation_alias="Employee")
    rights: Annotated[frozenset[str], BeforeValidator(_granted)] = Field(
        default=frozenset(), validation_alias="Rights", exclude=True
    )

    @property
    def first_name(self) -> str:
        return self.employee.first_name

    @property
    def last_name(self) -> str:
        return self.employee.last_name


@dataclass(frozen=True, kw_only=True, config=WIRE)
class EmployeeRight(Record):
    employee_right_id: Id
    name: Text


@dataclass(frozen=True, kw_only=True, config=WIRE)
class EmployeeRole(Record):
    employee_role_id: Id
    name: Text
    employee_rights: Many[EmployeeRight] = Field(default=(), validation_alias="EmployeeRights")


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Employee(Record):
    """`limit_to_shop_id` other than 0 restricts to one shop."""

    employee_id: Id
    first_name: Text
    last_name: Text
    lock_out: Flag
    archived: Flag
    system_user_id: Id = 0
    contact_id: Id = 0
    clock_in_employee_hours_id: Id = 0
    employee_role_id: Id = 0
    limit_to_shop_id: Id = 0
    last_shop_id: Id = 0
    last_register_id: Id = 0
    last_sale_id: Id = 0
    time_stamp: MaybeMoment = None
    contact: One[Contact] = Field(default=None, validation_alias="Contact")
    employee_role: One[EmployeeRole] = Field(default=None, validation_alias="EmployeeRole")


@dataclass(frozen=True, kw_only=True, config=WIRE)
class EmployeeHours(Record):
    """One stretch of work; `check_out` is None as long as it lasts."""

    employee_hours_id: Id
    check_in: Moment
    check_out: MaybeMoment = None
    employee_id: Id
    shop_id: Id


@dataclass(frozen=True, kw_only=True, config=WIRE)
class CustomerType(Record):
    """Customers of a type have its discount and its sales tax by default."""

    customer_type_id: Id
    name: Text
    tax_category_id: Id
    discount_id: Id
    discount: One[Discount] = Field(default=None, validation_alias="Discount")
    tax_category: One[TaxCategory] = Field(default=None, validation_alias="TaxCategory")


@dataclass(frozen=True, kw_only=True, config=WIRE)
class CreditAccount(Record):
    """A customer's account, or a gift card, whose number is `code`, masked where we may not know.

    `credit_limit` 0 is none. Inside a Customer it has little more than id and balance.
    """

    credit_account_id: Id
    name: Text = ""
    code: Text = ""
    description: Text = ""
    credit_limit: Number = ZERO
    gift_card: Flag = False
    archived: Flag = False
    customer_id: Id = 0
    balance: Number
    time_stamp: MaybeMoment = None
    contact: One[Contact] = Field(default=None, validation_alias="Contact")

    @property
    def available(self) -> Number:
        """What can be paid with it: Lightspeed's balance is what is owed, so turned round."""
        return -self.balance


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Customer(Record):
    customer_id: Id
    first_name: Text
    last_name: Text
    title: Text = ""
    company: Text
    company_registration_number: Text = ""
    vat_number: Text = ""
    dob: MaybeMoment = None
    archived: Flag
    customer_type_id: Id
    discount_id: Id
    tax_category_id: Id
    credit_account_id: Id
    contact_id: Id = 0
    employee_id: Id = 0
    note_id: Id = 0
    create_time: MaybeMoment = None
    time_stamp: Moment
    contact: One[Contact] = Field(default=None, validation_alias="Contact")
    note: One[Note] = Field(default=None, validation_alias="Note")
    customer_type: One[CustomerType] = Field(default=None, validation_alias="CustomerType")
    discount: One[Discount] = Field(default=None, validation_alias="Discount")
    tax_category: One[TaxCategory] = Field(default=None, validation_alias="TaxCategory")
    credit_account: One[CreditAccount] = Field(default=None, validation_alias="CreditAccount")
    custom_field_values: Many[CustomFieldValue] = Field(
        default=(), validation_alias="CustomFieldValues"
    )
