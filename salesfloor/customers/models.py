"""Whom the account sells to, as Lightspeed last told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from salesfloor.lightspeed import records
from salesfloor.money import to_cents
from salesfloor.staff import clock
from salesfloor.staff.models import Account, Discount, Mirrored, TaxCategory
from salesfloor.staff.owned import Owned, OwnedManager

LOOKED_AT_MOST_EVERY = timedelta(minutes=1)
# What was told of somebody who does not come back is forgotten.
LOOKS_KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Terms:
    """How a customer buys by default; None as anybody does."""

    tax_category: TaxCategory | None = None
    discount: Discount | None = None


class CustomerType(Mirrored):
    """Customers of a type have its sales tax and its discount, unless they have their own."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="customer_types")
    name = models.CharField(max_length=255)
    # 0 where it has none.
    tax_category_lightspeed_id = models.BigIntegerField(default=0)
    discount_lightspeed_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class Customer(Mirrored):
    """A person or a company that the account knows.

    What stands here may be some minutes old, a balance older. Before money depends on it, it is
    read again.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="customers")
    first_name = models.CharField(max_length=255, blank=True)
    last_name = models.CharField(max_length=255, blank=True)
    company = models.CharField(max_length=255, blank=True)
    email = models.CharField(max_length=255, blank=True)  # the primary one
    phones = models.CharField(max_length=255, blank=True)  # digits alone, a space between two
    city = models.CharField(max_length=255, blank=True)
    # 0 where the customer has no account with the shop.
    credit_account_lightspeed_id = models.BigIntegerField(default=0)
    # What can be paid with; below zero it is what the customer owes.
    credit_balance = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    # 0 where there is none: then any sum may be owed.
    credit_limit = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    tax_category = models.ForeignKey(
        TaxCategory, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    discount_lightspeed_id = models.BigIntegerField(default=0)
    customer_type_lightspeed_id = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField(null=True, blank=True)  # Lightspeed's timeStamp
    read_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name or self.company or self.email or _("Customer without a name")

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def terms(self) -> Terms:
        """Lightspeed's tills apply them to a sale by themselves; its API leaves that to us.

        A discount by an amount cannot be one of a whole sale, so it is none of theirs.
        """
        types = self.account.customer_types.filter(archived=False)
        of_type = (
            types.filter(lightspeed_id=self.customer_type_lightspeed_id).first() or CustomerType()
        )
        taxes = self.account.tax_categories.filter(archived=False)
        own_tax = taxes.filter(pk=self.tax_category_id or 0).first()
        taxes_of_type = taxes.filter(lightspeed_id=of_type.tax_category_lightspeed_id)
        discounts = self.account.discounts.filter(
            lightspeed_id=self.discount_lightspeed_id or of_type.discount_lightspeed_id,
            archived=False,
            percent__gt=0,
        )
        return Terms(own_tax or taxes_of_type.first(), discounts.first())

    @property
    def masked_email(self) -> str:
        """Enough to tell two people apart, and no more: "a…@example.com"."""
        name, at, host = self.email.partition("@")
        return f"{name[:1]}…{at}{host}" if at else ""

    @property
    def phone_end(self) -> str:
        """The last four digits of the first phone number, if any."""
        first = self.phones.partition(" ")[0]
        return first[-4:]

    @property
    def is_look_due(self) -> bool:
        """Whether Lightspeed has not been asked about them for a while. Needs `look`."""
        look: Look | None = getattr(self, "look", None)
        return look is None or look.is_over(clock.now())

    @property
    def owed(self) -> Decimal:
        return -self.credit_balance

    def owns(self, record: records.CreditAccount) -> bool:
        return record.customer_id == self.lightspeed_id

    @property
    def spendable(self) -> Decimal | None:
        """How much may go on the account: the credit, and what may be owed besides it. None where
        that has no limit."""
        return self.credit_balance + self.credit_limit if self.credit_limit else None


class Look(Owned):
    """What Lightspeed told of a customer when a rep last had them before them, beside what its
    lists tell of everybody."""

    customer = models.OneToOneField(Customer, models.CASCADE, related_name="look")
    # Whether it answered or not: nobody asks again at once.
    asked_at = models.DateTimeField(default=clock.now)
    note = models.TextField(blank=True)
    last_bought_at = models.DateTimeField(null=True)

    objects = OwnedManager()
    everywhere: models.Manager[Look] = models.Manager()

    def __str__(self) -> str:
        return f"Look at {self.customer_id}"

    @classmethod
    def begin(cls, customer: Customer) -> Look | None:
        """To be called before Lightspeed is asked. None where somebody asked a moment ago."""
        now = clock.now()
        look, is_new = cls.everywhere.get_or_create(customer=customer, defaults={"asked_at": now})
        due = cls.everywhere.filter(pk=look.pk, asked_at__lt=now - LOOKED_AT_MOST_EVERY)
        return look if is_new or due.update(asked_at=now) else None

    @classmethod
    def forget_old(cls, now: datetime) -> None:
        cls.everywhere.filter(asked_at__lt=now - LOOKS_KEPT_FOR).delete()

    def is_over(self, now: datetime) -> bool:
        return now - self.asked_at > LOOKED_AT_MOST_EVERY


def columns(record: records.Customer, read_at: datetime) -> dict[str, Any]:
    """What a customer's row says of this record, but for account and tax category.

    Where Lightspeed left the account's figures out they are taken for nothing; where it left out
    how to reach the customer, nothing is said of that.
    """
    held = record.credit_account
    reached_by = _reached_by(record.contact) if record.contact else {}
    return reached_by | {
        "lightspeed_id": record.customer_id,
        "archived": record.archived,
        "first_name": _fitting(record.first_name),
        "last_name": _fitting(record.last_name),
        "company": _fitting(record.company),
        "credit_account_lightspeed_id": record.credit_account_id,
        "credit_balance": to_cents(held.available) if held else Decimal(0),
        "credit_limit": to_cents(held.credit_limit) if held else Decimal(0),
        "discount_lightspeed_id": record.discount_id,
        "customer_type_lightspeed_id": record.customer_type_id,
        "changed_at": record.time_stamp,
        "read_at": read_at,
    }


def _reached_by(contact: records.Contact) -> dict[str, Any]:
    return {
        "email": _fitting(_primary_email(contact)),
        "phones": _fitting(" ".join(_phones(contact))),
        "city": _fitting(contact.address.city if contact.address else ""),
    }


def _fitting(text: str) -> str:
    """Lightspeed does not say how long its texts may be."""
    return text.strip()[:255]


def _primary_email(contact: records.Contact) -> str:
    addresses = {email.use_type: email.address for email in contact.emails if email.address}
    return addresses.get("Primary", next(iter(addresses.values()), ""))


def _phones(contact: records.Contact) -> list[str]:
    """Digits alone; mobile phones first."""
    phones = sorted(contact.phones, key=lambda phone: phone.use_type != "Mobile")
    numbers = [re.sub(r"\D", "", phone.number) for phone in phones]
    return list(dict.fromkeys(filter(None, numbers)))
