"""What is only ever found inside other records."""

from decimal import Decimal

from pydantic import Field
from pydantic.dataclasses import dataclass

from salesfloor.lightspeed.records.wire import (
    WIRE,
    Flag,
    Id,
    Many,
    MaybeMoment,
    Number,
    Record,
    Text,
)


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Note(Record):
    """A public one is printed on receipts."""

    note_id: Id = 0
    note: Text
    is_public: Flag = False
    time_stamp: MaybeMoment = None


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Currency(Record):
    """`code` as in ISO 4217; `rate` to the account's own currency, of a foreign one only."""

    code: Text
    symbol: Text = ""
    rate: Number = Decimal(0)


@dataclass(frozen=True, kw_only=True, config=WIRE)
class CustomFieldValue(Record):
    """`value` is blank, text, or for choices an object."""

    custom_field_value_id: Id = 0
    custom_field_id: Id
    name: Text = ""
    type: Text = ""


@dataclass(frozen=True, kw_only=True, config=WIRE)
class ContactAddress(Record):
    """`state` and `country` are names, their codes as in ISO 3166."""

    address1: Text = ""
    address2: Text = ""
    city: Text = ""
    state: Text = ""
    state_code: Text = ""
    zip: Text = ""
    country: Text = ""
    country_code: Text = ""


@dataclass(frozen=True, kw_only=True, config=WIRE)
class ContactPhone(Record):
    """One each of the use types Home, Work, Mobile, Pager and Fax."""

    number: Text
    use_type: Text = ""


@dataclass(frozen=True, kw_only=True, config=WIRE)
class ContactEmail(Record):
    """One each of the use types Primary and Secondary."""

    address: Text
    use_type: Text = ""


@dataclass(frozen=True, kw_only=True, config=WIRE)
class ContactWebsite(Record):
    url: Text


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Contact(Record):
    """How to reach a customer, an employee, a shop or a vendor, and how they do not want to be."""

    contact_id: Id = 0
    custom: Text = ""
    no_email: Flag = False
    no_phone: Flag = False
    no_mail: Flag = False
    addresses: Many[ContactAddress] = Field(default=(), validation_alias="Addresses")
    phones: Many[ContactPhone] = Field(default=(), validation_alias="Phones")
    emails: Many[ContactEmail] = Field(default=(), validation_alias="Emails")
    websites: Many[ContactWebsite] = Field(default=(), validation_alias="Websites")
    time_stamp: MaybeMoment = None

    @property
    def address(self) -> ContactAddress | None:
        """Lightspeed keeps one."""
        return next(iter(self.addresses), None)
