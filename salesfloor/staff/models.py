"""Who sells and where, and how the account takes payments and charges tax."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import starmap
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.functional import cached_property
from encrypted_fields.fields import EncryptedTextField

from salesfloor.staff import clock
from salesfloor.staff.owned import Owned, OwnedManager
from salesfloor.staff.queries import fetched

_ZONES = available_timezones()


class User(AbstractUser):
    """A sign-in. Who it is in the shop, the rep says."""


@dataclass(frozen=True, kw_only=True)
class Leave:
    """A manager's leave to take money for our own totals while Lightspeed is away.

    A sale may come to `a_sale`; as long as Lightspeed has not recorded them, there may be so many
    `sales`, and they may come to so much `together`.
    """

    until: datetime
    a_sale: Decimal
    sales: int
    together: Decimal


class Account(models.Model):
    """A retailer: one Lightspeed account."""

    lightspeed_id = models.BigIntegerField(unique=True)
    name = models.CharField(max_length=255)
    currency = models.CharField(max_length=3, default="USD")
    # The coin to which totals are rounded where they are paid in cash; 0 where they are not.
    cash_rounding = models.DecimalField(
        max_digits=6, decimal_places=2, default=Decimal(0), db_default=Decimal(0)
    )
    # A manager's `Leave`, the last that was given. Without `provisional_until` it has ended.
    provisional_until = models.DateTimeField(null=True, blank=True)
    provisional_limit = models.DecimalField(
        max_digits=12, decimal_places=2, default=Decimal(0), db_default=Decimal(0)
    )
    provisional_sales_limit = models.PositiveIntegerField(default=0, db_default=0)
    provisional_total_limit = models.DecimalField(
        max_digits=12, decimal_places=2, default=Decimal(0), db_default=Decimal(0)
    )
    # Set at the first sign-in of someone with the `admin` right; nobody sells before.
    connected_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    def leave_at(self, now: datetime) -> Leave | None:
        """What a manager allows at this moment where Lightspeed cannot price a cart."""
        if self.provisional_until is None or self.provisional_until <= now:
            return None
        return Leave(
            until=self.provisional_until,
            a_sale=self.provisional_limit,
            sales=self.provisional_sales_limit,
            together=self.provisional_total_limit,
        )

    def give_leave(self, leave: Leave) -> None:
        self.provisional_until = leave.until
        self.provisional_limit = leave.a_sale
        self.provisional_sales_limit = leave.sales
        self.provisional_total_limit = leave.together
        self.save(
            update_fields=[
                *("provisional_until", "provisional_limit"),
                *("provisional_sales_limit", "provisional_total_limit"),
            ]
        )

    def end_leave(self, now: datetime) -> bool:
        """False where it had ended."""
        in_force = Account.objects.filter(pk=self.pk, provisional_until__gt=now)
        return bool(in_force.update(provisional_until=None))

    def connect(self, now: datetime) -> bool:
        """Open the account for selling. False where that was done before."""
        return bool(Account.objects.filter(pk=self.pk, connected_at=None).update(connected_at=now))


class Mirrored(Owned):
    """A row kept equal to a Lightspeed record, found by its account and Lightspeed's id."""

    lightspeed_id = models.BigIntegerField()
    archived = models.BooleanField(default=False)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["account", "lightspeed_id"], name="one_%(class)s_for_each_lightspeed_id"
            )
        ]


class TaxCategory(Mirrored):
    """A sales tax: up to two rates (fractions) that a sale's lines pay unless overridden."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="tax_categories")
    name = models.CharField(max_length=255, blank=True)
    tax1_name = models.CharField(max_length=255, blank=True)
    tax2_name = models.CharField(max_length=255, blank=True)
    tax1_rate = models.DecimalField(max_digits=12, decimal_places=8, default=Decimal(0))
    tax2_rate = models.DecimalField(max_digits=12, decimal_places=8, default=Decimal(0))
    is_tax_inclusive = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.tax1_name

    @cached_property
    def overrides(self) -> dict[int, tuple[Decimal, Decimal]]:
        """Rates by Lightspeed's tax class id, where they differ from this category's own."""
        return {
            rate.tax_class_lightspeed_id: (rate.tax1_rate, rate.tax2_rate)
            for rate in self.class_rates.all()
        }

    @property
    def is_exemption(self) -> bool:
        rates = [(self.tax1_rate, self.tax2_rate), *self.overrides.values()]
        return not any(map(any, rates))

    def rates_for(self, tax_class_lightspeed_id: int) -> tuple[Decimal, Decimal]:
        """The two rates, as fractions, of an item of this tax class."""
        return self.overrides.get(tax_class_lightspeed_id, (self.tax1_rate, self.tax2_rate))


class TaxClassRate(Owned):
    """Lightspeed's TaxCategoryClass: the rates of one tax class under one tax category."""

    tax_category = models.ForeignKey(TaxCategory, models.CASCADE, related_name="class_rates")
    tax_class_lightspeed_id = models.BigIntegerField()
    tax1_rate = models.DecimalField(max_digits=12, decimal_places=8)
    tax2_rate = models.DecimalField(max_digits=12, decimal_places=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tax_category", "tax_class_lightspeed_id"], name="one_rate_for_each_class"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tax_category} / {self.tax_class_lightspeed_id}"


class Discount(Mirrored):
    """A price cut that the account has given a name: by a fraction or by an amount, not both."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="discounts")
    name = models.CharField(max_length=255)
    percent = models.DecimalField(max_digits=7, decimal_places=6, default=Decimal(0))  # a fraction
    amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))

    def __str__(self) -> str:
        return self.name

    @property
    def percentage(self) -> Decimal:
        return self.percent * 100


class Shop(Mirrored):
    """A shop of the retailer."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="shops")
    name = models.CharField(max_length=255)
    time_zone = models.CharField(max_length=64, default="UTC")
    # The default sales tax of this shop; none means that it charges no tax.
    tax_category = models.ForeignKey(TaxCategory, models.SET_NULL, null=True, blank=True)
    # Lightspeed's PriceLevel whose prices this shop charges; 1 is the default price.
    price_level_lightspeed_id = models.BigIntegerField(default=1)
    # What stands on its receipts, so far as Lightspeed has it. Rows are also made by processes of
    # the release before these columns.
    address = models.TextField(blank=True, default="", db_default="")  # in lines, as on a letter
    phone = models.CharField(max_length=64, blank=True, default="", db_default="")
    company_registration_number = models.CharField(
        max_length=255, blank=True, default="", db_default=""
    )
    vat_number = models.CharField(max_length=255, blank=True, default="", db_default="")
    # Above and below everything else; below stands the return policy, as a rule.
    receipt_header = models.TextField(blank=True, default="", db_default="")
    receipt_message = models.TextField(blank=True, default="", db_default="")

    class Meta(Mirrored.Meta):
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """Times are told as the clock on the shop's wall tells them."""
        return ZoneInfo(self.time_zone if self.time_zone in _ZONES else "UTC")


class Register(Mirrored):
    """A till inside a shop, to which sales are booked."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="registers")
    shop = models.ForeignKey(Shop, models.CASCADE, related_name="registers")
    name = models.CharField(max_length=255)
    open = models.BooleanField(default=True)

    class Meta(Mirrored.Meta):
        ordering = ["lightspeed_id"]

    def __str__(self) -> str:
        return self.name


class PaymentTypeQuerySet(models.QuerySet["PaymentType"]):
    def taken_elsewhere(self) -> list[PaymentType]:
        """Those that a rep takes outside of salesfloor, on a terminal or by hand; cards first."""
        return _taken_elsewhere(self.filter(archived=False).order_by())


class PaymentButton(NamedTuple):
    """Of a payment type what its button shows, and by what it stands in its place."""

    pk: int
    name: str
    kind: str


def payment_buttons(account: Account) -> list[PaymentButton]:
    """As `PaymentTypeQuerySet.taken_elsewhere`, for the buttons of a cart, at each tap."""
    rows = fetched(
        "SELECT id, name, kind FROM staff_paymenttype WHERE account_id = %s AND NOT archived",
        [account.pk],
    )
    return _taken_elsewhere(starmap(PaymentButton, rows))


_ByKind = TypeVar("_ByKind", "PaymentType", PaymentButton)


def _taken_elsewhere(types: Iterable[_ByKind]) -> list[_ByKind]:
    by_ways_of_their_own = {*PaymentType.AT_ONCE, PaymentType.ECOM, PaymentType.ADJUSTMENT}
    taken = [each for each in types if each.kind not in by_ways_of_their_own]
    return sorted(taken, key=lambda each: (each.kind != PaymentType.CREDIT_CARD, each.pk))


class PaymentType(Mirrored):
    """A way of paying that the account knows. Told apart by `kind`, never by name."""

    # Words of Lightspeed's `type`.
    CASH = "cash"
    CREDIT_CARD = "credit card"
    CREDIT_ACCOUNT = "credit account"
    GIFT_CARD = "gift card"
    ECOM = "ecom"
    ADJUSTMENT = "adjustment"
    # Nobody has to look at a terminal or into an envelope to know that these were paid.
    AT_ONCE = (CASH, CREDIT_ACCOUNT, GIFT_CARD)
    # Lightspeed keeps the money itself, on a card or an account to which it goes back.
    STORED = (CREDIT_ACCOUNT, GIFT_CARD)

    account = models.ForeignKey(Account, models.CASCADE, related_name="payment_types")
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=32)  # Lightspeed's `type`
    require_customer = models.BooleanField(default=False)
    # What was paid this way is given back in that way; 0 where in any.
    refund_as_lightspeed_id = models.BigIntegerField(default=0, db_default=0)

    objects = OwnedManager.from_queryset(PaymentTypeQuerySet)()

    class Meta(Mirrored.Meta):
        ordering = ["lightspeed_id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_customers_account(self) -> bool:
        return self.kind == self.CREDIT_ACCOUNT

    @property
    def is_given_back_as_itself(self) -> bool:
        return self.refund_as_lightspeed_id in (0, self.lightspeed_id)


class Employee(Mirrored):
    """A person in Lightspeed's list of employees."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="employees")
    first_name = models.CharField(max_length=255, blank=True)
    last_name = models.CharField(max_length=255, blank=True)
    locked_out = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def short_name(self) -> str:
        """As colleagues say it: "Maya R."."""
        initial = f"{self.last_name[:1]}." if self.last_name else ""
        return f"{self.first_name} {initial}".strip()


class Rep(Owned):
    """An employee who has signed in here, with the rights that Lightspeed gave."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="reps")
    user = models.OneToOneField(User, models.CASCADE, related_name="rep")
    employee = models.OneToOneField(Employee, models.PROTECT, related_name="rep")
    rights = models.JSONField(default=list)
    register = models.ForeignKey(
        Register, models.SET_NULL, null=True, blank=True, related_name="reps"
    )

    def __str__(self) -> str:
        return str(self.employee)

    @property
    def is_manager(self) -> bool:
        return self.may("admin")

    def may(self, right: str) -> bool:
        """Whether Lightspeed gave this right (its names); an unknown one is denied."""
        return right in self.rights

    @property
    def may_refund(self) -> bool:
        """Lightspeed leaves it to us to heed this right: its API does not."""
        return self.is_manager or self.may("register_refund")

    @property
    def shop(self) -> Shop | None:
        return self.register.shop if self.register else None

    @property
    def is_dismissed(self) -> bool:
        """Whether Lightspeed no longer lets this employee in, as far as the mirror knows."""
        return self.employee.locked_out or self.employee.archived

    @property
    def is_at_a_register(self) -> bool:
        register = self.register
        return register is not None and not (register.archived or register.shop.archived)


class GrantQuerySet(models.QuerySet["Grant"]):
    def live(self) -> GrantQuerySet:
        """Those that Lightspeed has not refused, the ones with most time left first."""
        return self.filter(lost_at=None).order_by("-expires_at")


class Grant(Owned):
    """What one rep allowed us at Lightspeed: a token pair, encrypted at rest."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="grants")
    rep = models.OneToOneField(Rep, models.CASCADE, related_name="grant")
    access_token = EncryptedTextField()
    refresh_token = EncryptedTextField()
    expires_at = models.DateTimeField()
    # When Lightspeed refused it for good: this rep must sign in again.
    lost_at = models.DateTimeField(null=True, blank=True)

    objects = OwnedManager.from_queryset(GrantQuerySet)()

    def __str__(self) -> str:
        return f"Grant of {self.rep}"

    def lose(self) -> None:
        self.lost_at = clock.now()
        self.save(update_fields=["lost_at"])


class RateLimit(Owned):
    """The account's leaky bucket at Lightspeed as last known, shared by all our processes.

    The columns are those of `lightspeed.ratelimit.Bucket`.
    """

    account = models.OneToOneField(Account, models.CASCADE, related_name="rate_limit")
    level = models.FloatField()
    size = models.FloatField()
    drip_rate = models.FloatField()
    read_at = models.DateTimeField()
    in_flight = models.FloatField(default=0.0)
    burst_size = models.PositiveIntegerField(null=True)
    sent_this_second = models.PositiveIntegerField(default=0)
    # Also for rows that a process of the release before this column makes.
    closed_seconds = models.FloatField(default=0.0, db_default=0.0)

    def __str__(self) -> str:
        return f"{self.level:g} of {self.size:g}"


class HourOfCalls(Owned):
    """What the calls to Lightspeed of one class of right came to in one full hour.

    The columns are those of `lightspeed.ratelimit.Figures`.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="hours_of_calls")
    began_at = models.DateTimeField()
    right = models.CharField(max_length=16)  # the name of a `lightspeed.ratelimit.Right`
    calls = models.PositiveIntegerField(default=0)
    drips = models.FloatField(default=0.0)
    waited = models.PositiveIntegerField(default=0)
    waited_seconds = models.FloatField(default=0.0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "began_at", "right"], name="one_row_for_each_hour_and_right"
            )
        ]

    def __str__(self) -> str:
        return f"{self.calls} calls for {self.right}"


class Event(Owned):
    """What somebody did about money that a sale's own rows do not tell. Never changed or deleted:
    triggers of the database see to it. A correction is another row."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="events")
    rep = models.ForeignKey(Rep, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    act = models.CharField(max_length=32)  # a code, such as `answered_approved`
    reference = models.CharField(max_length=64)  # of the sale, as Lightspeed knows it
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["account", "-at"], name="events_of_an_account")]

    def __str__(self) -> str:
        return f"{self.act}: {self.reference}"
