"""What is asked of Lightspeed, and written there, about one customer while a rep waits."""

import logging
import re
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from salesfloor.customers import search
from salesfloor.customers.models import Customer, Look, columns
from salesfloor.lightspeed import errors, records
from salesfloor.lightspeed.client import Client
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.outbox import errands
from salesfloor.outbox.models import Errand
from salesfloor.staff import clock
from salesfloor.staff.connection import client_for
from salesfloor.staff.models import Account, Rep

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class NewCustomer:
    """As typed. Nobody is written to unless they said that they may be."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    email: str = ""
    phone: str = ""
    may_email: bool = False

    def body(self) -> dict[str, Any]:
        emails = [{"address": self.email, "useType": "Primary"}] if self.email else []
        phones = [{"number": self.phone, "useType": "Mobile"}] if self.phone else []
        return {
            "firstName": self.first_name,
            "lastName": self.last_name,
            "company": self.company,
            "Contact": {
                "noEmail": not self.may_email,
                "noPhone": True,
                "noMail": True,
                "Emails": {"ContactEmail": emails},
                "Phones": {"ContactPhone": phones},
            },
        }

    def is_told_by(self, record: records.Customer) -> bool:
        contact = record.contact or records.Contact()
        addresses = [email.address.casefold() for email in contact.emails]
        numbers = [_digits(phone.number) for phone in contact.phones]
        return (not self.email or self.email.casefold() in addresses) and (
            not self.phone or _digits(self.phone) in numbers
        )


def refresh(customer: Customer, rep: Rep) -> None:
    """Read this customer again, so that balance and limit are those of now.

    Raises LightspeedError: what is known then is as old as `read_at` says.
    """
    client = client_for(rep, Right.LOOK_UP)
    _keep(customer.account, _whole(client, client.customer(customer.lightspeed_id)))
    customer.refresh_from_db()


def look_at(customer: Customer, rep: Rep) -> None:
    """What a rep wants to know who has the customer before them, unless it was asked a moment ago.

    Where Lightspeed is away, what is known stays as old as it is.
    """
    look = Look.begin(customer)
    if look is None:
        return
    try:
        client = client_for(rep, Right.LOOK_UP)
        record = _read(client, customer)
        if record is None:
            return
        _keep(customer.account, _whole(client, record))
        last = client.last_sale_of_customer(customer.lightspeed_id)
    except errors.LightspeedError as error:
        log.info("A customer could not be looked at: %s", type(error).__name__)
    else:
        look.note = record.note.note.strip() if record.note else ""
        look.last_bought_at = last.complete_time if last else None
        look.save(update_fields=["note", "last_bought_at"])


def _read(client: Client, customer: Customer) -> records.Customer | None:
    """None where there is no such customer any more: deleted, or merged with another."""
    try:
        return client.customer(customer.lightspeed_id)
    except errors.NotFound:
        _be_gone(customer)
        return None


@transaction.atomic
def _be_gone(customer: Customer) -> None:
    customer.archived = True
    customer.save(update_fields=["archived"])
    Look.everywhere.filter(customer=customer).update(note="", last_bought_at=None)
    search.index([customer])


def address_of(customer: Customer, rep: Rep) -> records.ContactAddress:
    """As Lightspeed has it now, empty where it has none. Raises LightspeedError."""
    record = client_for(rep, Right.LOOK_UP).customer(customer.lightspeed_id)
    return (record.contact and record.contact.address) or records.ContactAddress()


def create(rep: Rep, new: NewCustomer) -> Customer:
    """Raises LightspeedError, of which OutcomeUnknown means that the customer may be there now.

    To ask for the same once more finds that one, if it is.
    """
    client, body = client_for(rep, Right.LOOK_UP), new.body()

    def look() -> records.Customer | None:
        named = client.customers_called(
            first_name=new.first_name, last_name=new.last_name, company=new.company
        )
        return next(filter(new.is_told_by, named), None)

    record = errands.carry_out(
        rep, Errand.Kind.CUSTOMER, body, send=lambda: client.create_customer(body), look=look
    )
    return _keep(rep.account, record)


def open_account(customer: Customer, rep: Rep) -> None:
    """Give the customer an account with the shop, with nothing on it. Raises as `create` does."""
    client = client_for(rep, Right.LOOK_UP)
    key = customer.lightspeed_id
    body = {"CreditAccount": {"name": str(customer)}}

    def look() -> records.Customer | None:
        record = client.customer(key)
        return record if record.credit_account_id else None

    errands.carry_out(
        rep,
        Errand.Kind.CREDIT_ACCOUNT,
        {"customerID": key, **body},
        send=lambda: look() or client.update_customer(key, body),
        look=look,
    )
    refresh(customer, rep)


def _whole(client: Client, record: records.Customer) -> records.Customer:
    """With the account, where Lightspeed left it out."""
    if record.credit_account is None and record.credit_account_id:
        account = client.credit_account(record.credit_account_id)
        return replace(record, credit_account=account)
    return record


@transaction.atomic
def _keep(account: Account, record: records.Customer) -> Customer:
    taxes = account.tax_categories.filter(lightspeed_id=record.tax_category_id)
    values = columns(record, clock.now()) | {"tax_category": taxes.first()}
    key = values.pop("lightspeed_id")
    customer, _ = account.customers.update_or_create(lightspeed_id=key, defaults=values)
    search.index([customer])
    return customer


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)
