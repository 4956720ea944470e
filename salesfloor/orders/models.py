"""Goods that a shop keeps for a customer: on layaway, or on special order."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from salesfloor.catalog.models import Item
from salesfloor.customers.models import Customer
from salesfloor.lightspeed.drafts import DraftLine, SaleDraft
from salesfloor.money import to_cents
from salesfloor.outbox.models import Draft
from salesfloor.sales import totals
from salesfloor.sales.models import ORDER_PREFIX, Sale, SaleLine, SalePayment
from salesfloor.staff import clock
from salesfloor.staff.models import Account, Register, Rep, Shop, TaxCategory
from salesfloor.staff.owned import Owned, OwnedManager

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# After a try that did not come to its end. Each may be made again: none can keep anything twice.
TRY_AGAIN_AFTER = [timedelta(seconds=seconds) for seconds in (3, 10, 30, 60, 300)]
# Then a manager is told.
ON_ITS_OWN_FOR = timedelta(seconds=60)


class Kind(models.TextChoices):
    """What Lightspeed calls them: a layaway's units are taken off the shelf, a special order's are
    still to come."""

    LAYAWAY = "layaway", _("Layaway")
    SPECIAL_ORDER = "special order", _("Special order")

    @property
    def flag(self) -> str:
        """The field of Lightspeed's SaleLine that makes it one."""
        return "isLayaway" if self is Kind.LAYAWAY else "isSpecialOrder"


def make_reference() -> str:
    """Names an order for life: on its slip, and in Lightspeed where it is written."""
    return f"{ORDER_PREFIX}{secrets.token_hex(5).upper()}"


class OrderQuerySet(models.QuerySet["Order"]):
    def due(self, now: datetime) -> OrderQuerySet:
        """Those that Lightspeed does not keep yet and is to be asked to now."""
        return self.filter(state=Order.State.WRITING, due_at__lte=now).order_by("due_at")

    def for_a_person(self, now: datetime) -> OrderQuerySet:
        """What Lightspeed did not take in good time; the oldest first."""
        late = self.filter(state=Order.State.WRITING, made_at__lt=now - ON_ITS_OWN_FOR)
        return late.order_by("made_at")


class Order(Owned):
    """What left one cart to be kept for its customer: the wish, and what became of it.

    Lightspeed keeps goods line by line, outside any sale. So the lines are written as an open sale
    first (`draft`), where they cost nothing and can be doubled without harm, and taken out of it
    one by one, which done twice is done once. What becomes of a line later Lightspeed alone knows.
    """

    class State(models.TextChoices):
        WRITING = "writing", _("being written")  # Lightspeed keeps none of it yet, or a part
        KEPT = "kept", _("kept")  # all of it; read back
        GIVEN_UP = "given up", _("given up")  # a manager has seen to it; never written again

    account = models.ForeignKey(Account, models.CASCADE, related_name="orders")
    reference = models.CharField(max_length=28, default=make_reference)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    rep = models.ForeignKey(Rep, models.PROTECT, related_name="orders")
    register = models.ForeignKey(Register, models.PROTECT, related_name="+")
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="orders")
    tax_category = models.ForeignKey(TaxCategory, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=16, choices=State.choices, default=State.WRITING)
    made_at = models.DateTimeField(default=clock.now)
    kept_at = models.DateTimeField(null=True)
    # Where Lightspeed priced it, and from which its lines are taken to be kept.
    draft = models.ForeignKey(Draft, models.PROTECT, null=True, related_name="+")
    # What the customer pays in advance, and how it is put on their account.
    deposit = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    deposit_load = models.OneToOneField(
        SalePayment, models.PROTECT, null=True, related_name="order"
    )
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=clock.now)
    trouble = models.TextField(blank=True)  # what the last try met with

    objects = OwnedManager.from_queryset(OrderQuerySet)()
    everywhere = models.Manager.from_queryset(OrderQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "reference"], name="one_order_a_reference")
        ]
        indexes = [
            models.Index(fields=["due_at"], name="unwritten_orders", condition=Q(state="writing"))
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.state}"

    @property
    def is_writing(self) -> bool:
        return self.state == self.State.WRITING

    @property
    def is_layaway(self) -> bool:
        return self.kind == Kind.LAYAWAY

    @cached_property
    def kept_lines(self) -> list[OrderLine]:
        return list(self.lines.select_related("item").order_by("pk"))

    @property
    def total(self) -> Decimal:
        """Lightspeed's as soon as it has told, tax included; until then our own."""
        if self.draft and self.draft.total is not None:
            return self.draft.total
        priced = [line.priced for line in self.kept_lines]
        if self.tax_category and self.tax_category.is_tax_inclusive:
            return totals.estimated_inclusive_total(priced)
        return to_cents(totals.totals(priced).total)

    @property
    def paid(self) -> Decimal:
        """Of the deposit, what the customer has paid."""
        load = self._live_load
        return self.deposit if load and load.sale.state == Sale.State.PAID else Decimal(0)

    @property
    def owed(self) -> Decimal:
        return self.total - self.paid

    @property
    def is_deposit_open(self) -> bool:
        """Whether it is still to be paid, with the rest of the rep's cart."""
        load = self._live_load
        return load is not None and load.sale.state in Sale.State.unfinished()

    @property
    def _live_load(self) -> SalePayment | None:
        """None where it was taken out of the cart again."""
        load = self.deposit_load
        return load if load and load.state == SalePayment.State.APPROVED else None

    @property
    def words(self) -> StrOrPromise:
        return _WORDS[self.state]

    def as_draft(self) -> SaleDraft:
        return SaleDraft(
            reference_number=self.reference,
            employee_id=self.rep.employee.lightspeed_id,
            shop_id=self.shop.lightspeed_id,
            register_id=self.register.lightspeed_id,
            customer_id=self.customer.lightspeed_id,
            tax_category_id=self.tax_category.lightspeed_id if self.tax_category else 0,
            lines=[line.as_draft() for line in self.kept_lines],
        )

    def be_kept(self) -> None:
        self._leave_writing(state=self.State.KEPT, kept_at=clock.now(), trouble="")

    def give_up(self) -> bool:
        """False where it came to its end meanwhile."""
        return self._leave_writing(state=self.State.GIVEN_UP)

    def try_again_later(self, trouble: str) -> None:
        pause = TRY_AGAIN_AFTER[min(self.tries, len(TRY_AGAIN_AFTER) - 1)]
        self._move(tries=F("tries") + 1, due_at=clock.now() + pause, trouble=trouble)

    def _leave_writing(self, **change: object) -> bool:
        """What its lines were taken out of is wanted no more."""
        left = self._move(**change)
        if left:
            self.account.drafts.leave(self.reference)
        return left

    def _move(self, **change: object) -> bool:
        writing = Order.everywhere.filter(pk=self.pk, state=self.State.WRITING)
        moved = writing.update(**change)
        self.refresh_from_db()
        return bool(moved)


_WORDS: dict[str, StrOrPromise] = {
    Order.State.WRITING: _("Being written in Lightspeed"),
    Order.State.KEPT: _("Kept in Lightspeed"),
    Order.State.GIVEN_UP: _("Not kept: a manager has seen to it"),
}


class OrderLine(Owned):
    """Units of one item, at the price that was promised."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    description = models.CharField(max_length=255)
    unit_quantity = models.PositiveIntegerField()
    unit_price = models.DecimalField(max_digits=14, decimal_places=4)
    tax1_rate = models.DecimalField(max_digits=12, decimal_places=8)
    tax2_rate = models.DecimalField(max_digits=12, decimal_places=8)
    # Off the whole line: a fraction of it or an amount, not both.
    discount_percent = models.DecimalField(max_digits=7, decimal_places=6, default=Decimal(0))
    discount_amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    note = models.CharField(max_length=255, blank=True)
    # Lightspeed's SaleLine; known once the draft is written.
    lightspeed_id = models.BigIntegerField(null=True)
    is_put_aside = models.BooleanField(default=False)  # out of the draft, and kept
    units_reserved = models.PositiveIntegerField(null=True)  # as last read back

    objects: OwnedManager[OrderLine] = OwnedManager()
    everywhere: models.Manager[OrderLine] = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["lightspeed_id"], name="order_lines_by_lightspeed_id")]

    def __str__(self) -> str:
        return f"{self.unit_quantity} × {self.description}"

    @classmethod
    def of(cls, line: SaleLine) -> OrderLine:
        """Not saved yet; the cart's own line goes."""
        shared = (
            *("item", "description", "unit_quantity", "unit_price", "tax1_rate", "tax2_rate"),
            *("discount_percent", "discount_amount", "note"),
        )
        return cls(**{name: getattr(line, name) for name in shared})

    @property
    def priced(self) -> totals.Line:
        return totals.Line(
            unit_quantity=Decimal(self.unit_quantity),
            unit_price=self.unit_price,
            tax1_rate=self.tax1_rate,
            tax2_rate=self.tax2_rate,
            discount_percent=self.discount_percent,
            discount_amount=self.discount_amount,
        )

    @property
    def units_missing(self) -> int:
        """Of a layaway, those that were not there to be reserved."""
        if self.units_reserved is None or not self.item.has_stock:
            return 0
        return self.unit_quantity - self.units_reserved

    def as_draft(self) -> DraftLine:
        return DraftLine(
            item_id=self.item.lightspeed_id,
            unit_quantity=self.unit_quantity,
            unit_price=self.unit_price,
            discount_percent=self.discount_percent or None,
            discount_amount=self.discount_amount or None,
            note=self.note or None,
        )
