"""Whom the account sells to, as Lightspeed last told."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext as _

from salesfloor.staff.models import Account, Mirrored, TaxCategory


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
    def spendable(self) -> Decimal | None:
        """How much may go on the account: the credit, and what may be owed besides it. None where
        that has no limit."""
        return self.credit_balance + self.credit_limit if self.credit_limit else None
