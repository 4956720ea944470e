"""A sale from its first line to the moment when the shop has been paid.

From then on the outbox takes it to Lightspeed; `Sale.progress` tells how far it is.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property

from django.db import models
from django.db.models import F, Prefetch, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from salesfloor.catalog.models import Item
from salesfloor.lightspeed.drafts import DraftLine, SaleDraft
from salesfloor.money import to_cents
from salesfloor.outbox.models import Draft, Submission
from salesfloor.sales import totals
from salesfloor.sales.refusals import BeingPaid, CartChanged, Refused
from salesfloor.staff.models import Account, PaymentType, Register, Rep, Shop, TaxCategory
from salesfloor.staff.owned import Owned, OwnedManager

# More units than this on one line is a slip of the finger or a barcode typed into the wrong field.
MOST_UNITS = 9999
# A cart that is being priced by a process that died is taken over after this long: longer than
# waiting for a turn, renewing the sign-in and two calls may take together.
QUOTING_FOR_AT_MOST = timedelta(seconds=120)
# The done strip stays this long unless the next customer comes first.
DONE_SHOWS_FOR = timedelta(minutes=30)


def make_reference() -> str:
    """Names a sale for life, in Lightspeed's referenceNumber (28 characters at most)."""
    return f"SF-{secrets.token_hex(10)}"


class SaleQuerySet(models.QuerySet["Sale"]):
    def current(self, rep: Rep) -> Sale | None:
        """The cart in this rep's hands, at the register where they stand.

        A payment that was begun goes with the rep, wherever they go.
        """
        return (
            self.filter(
                Q(register=rep.register) | Q(state=Sale.State.TENDERING),
                rep=rep,
                state__in=Sale.State.unfinished(),
            )
            .select_related("account", "rep__employee", "tax_category", "register__shop", "draft")
            .order_by("-pk")
            .first()
        )

    def just_done(self, rep: Rep, now: datetime) -> Sale | None:
        """The sale this rep was just paid for, to be followed on its way into Lightspeed.

        None as soon as the next customer's cart was begun.
        """
        last = self.filter(rep=rep).order_by("-pk").values("pk")[:1]
        return self.paid().filter(pk__in=last, paid_at__gt=now - DONE_SHOWS_FOR).first()

    def partly_paid(self, since_before: datetime) -> SaleQuerySet:
        """Some was `taken` and the rest was not, since before this moment; the oldest first."""
        taken = Sum("payments__amount", filter=Q(payments__state=SalePayment.State.APPROVED))
        sales = self.filter(state=Sale.State.TENDERING, changed_at__lt=since_before)
        return sales.annotate(taken=taken).exclude(taken=None).order_by("changed_at")

    def paid(self) -> SaleQuerySet:
        """Sales the shop has the money for, newest first, with their way into Lightspeed."""
        return (
            self.filter(state=Sale.State.PAID)
            .select_related("submission", "draft", "rep__employee", "register__shop", "account")
            .order_by("-paid_at")
        )

    def with_tenders(self) -> SaleQuerySet:
        """Adds `tenders`: the approved payments, each with its type."""
        approved = SalePayment.everywhere.filter(state=SalePayment.State.APPROVED)
        payments = approved.select_related("payment_type").order_by("pk")
        return self.prefetch_related(Prefetch("payments", payments, to_attr="tenders"))


class Sale(Owned):
    """What one customer buys. While open, reps call it the cart.

    Every change adds 1 to `version`, and is made only to the version that was seen.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")  # may be changed
        QUOTING = "quoting", _("pricing")  # its draft is being written to Lightspeed
        READY = "ready", _("ready")  # Lightspeed's total is known; a change opens it again
        TENDERING = "tendering", _("taking payment")  # a payment has begun; no changes
        PAID = "paid", _("paid")  # covered, and owed to Lightspeed; no way back
        ABANDONED = "abandoned", _("abandoned")  # ended without any money

        @classmethod
        def unfinished(cls) -> list[str]:
            return [cls.OPEN, cls.QUOTING, cls.READY, cls.TENDERING]

    account = models.ForeignKey(Account, models.CASCADE, related_name="sales")
    reference = models.CharField(max_length=28, default=make_reference)
    rep = models.ForeignKey(Rep, models.PROTECT, related_name="sales")
    register = models.ForeignKey(Register, models.PROTECT, related_name="sales")
    tax_category = models.ForeignKey(TaxCategory, models.PROTECT, null=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    paid_at = models.DateTimeField(null=True)
    # Where Lightspeed priced the cart as it is now; its total is the one to collect.
    draft = models.OneToOneField(Draft, models.PROTECT, null=True, related_name="sale")
    submission = models.OneToOneField(Submission, models.PROTECT, null=True, related_name="sale")

    objects = OwnedManager.from_queryset(SaleQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "reference"], name="one_sale_a_reference"),
            models.CheckConstraint(
                name="paid_is_owed_to_lightspeed",
                condition=~Q(state="paid")
                | Q(paid_at__isnull=False, draft__isnull=False, submission__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["rep", "register"],
                name="unfinished_sales",  # SaleQuerySet.current
                condition=Q(state__in=["open", "quoting", "ready", "tendering"]),
            ),
            models.Index(fields=["account", "-paid_at"], name="paid_sales"),  # SaleQuerySet.paid
        ]

    def __str__(self) -> str:
        return self.reference

    # --- The cart ----------------------------------------------------------------------

    @staticmethod
    def start(rep: Rep) -> Sale:
        """An empty cart at the rep's register, taxed as that shop does."""
        assert rep.register is not None  # noqa: S101 (access.selling saw to it)
        sale: Sale = rep.account.sales.create(
            rep=rep, register=rep.register, tax_category=rep.register.shop.tax_category
        )
        return sale

    @property
    def shop(self) -> Shop:
        return self.register.shop

    @cached_property
    def live_lines(self) -> list[SaleLine]:
        """The lines that count, in the order they came."""
        lines = self.lines.filter(removed_at=None).select_related("item").order_by("pk")
        return list(lines)

    @property
    def unit_count(self) -> int:
        return sum(line.unit_quantity for line in self.live_lines)

    @cached_property
    def totals(self) -> totals.Totals:
        """By our own arithmetic; what is collected is Lightspeed's `total`."""
        return totals.totals([line.priced for line in self.live_lines])

    @property
    def running_total(self) -> Decimal:
        """By our own arithmetic, to the cent; where prices include tax, an estimate."""
        if self.tax_category and self.tax_category.is_tax_inclusive:
            return totals.estimated_inclusive_total([line.priced for line in self.live_lines])
        return to_cents(self.totals.total)

    @property
    def total(self) -> Decimal:
        """Lightspeed's where it has priced the cart as it is, else our own running total."""
        if self.draft and self.draft.total is not None:
            return self.draft.total
        return self.running_total

    @property
    def lightspeed_differs(self) -> bool:
        """Whether Lightspeed priced this cart otherwise than we did. Its total is what is paid."""
        return self.total != self.running_total

    def add_line(self, item: Item, quantity: int = 1) -> SaleLine:
        """Put units of an item into the cart, at the price and tax that hold now."""
        self.open_for_change(self.version)
        line: SaleLine | None = self.lines.filter(
            item=item, removed_at=None, unit_price=item.price_at(self.shop)
        ).first()
        if line is None:
            line = SaleLine.of(self, item)
        line.set_quantity(line.unit_quantity + quantity)
        return line

    def open_for_change(self, seen_version: int) -> None:
        """Claim the cart for one change. A price that Lightspeed gave it no longer holds.

        Raises CartChanged where somebody else was faster, BeingPaid once a payment has begun.
        """
        self._advance(
            seen_version,
            Q(state__in=[self.State.OPEN, self.State.READY]) | self._quoting_was_left(),
            state=self.State.OPEN,
            draft=None,
        )

    def abandon(self, seen_version: int) -> None:
        """End the cart without a sale. Only while no payment has begun."""
        self.open_for_change(seen_version)
        self._advance(self.version, Q(state=self.State.OPEN), state=self.State.ABANDONED)
        self.account.drafts.leave(self.reference)

    def take_up_again(self) -> None:
        """Undo `abandon`."""
        self._advance(self.version, Q(state=self.State.ABANDONED), state=self.State.OPEN)

    @property
    def is_being_priced(self) -> bool:
        left = timezone.now() - self.changed_at > QUOTING_FOR_AT_MOST
        return self.state == self.State.QUOTING and not left

    @staticmethod
    def _quoting_was_left() -> Q:
        return Q(state=Sale.State.QUOTING, changed_at__lt=timezone.now() - QUOTING_FOR_AT_MOST)

    def _advance(self, seen_version: int, while_in: Q, **change: object) -> None:
        """Change the row only as it was seen and only from the right state: one wins, once."""
        now = timezone.now()
        claimed = Sale.everywhere.filter(while_in, pk=self.pk, version=seen_version).update(
            version=F("version") + 1, changed_at=now, **change
        )
        if not claimed:
            self.refresh_from_db()
            if self.version == seen_version:
                raise BeingPaid
            raise CartChanged
        self.version = seen_version + 1
        self.changed_at = now
        for name, value in change.items():
            setattr(self, name, value)
        self.forget_lines()

    def forget_lines(self) -> None:
        """Read the lines anew when next asked."""
        self.__dict__.pop("live_lines", None)
        self.__dict__.pop("totals", None)

    # --- Its way to Lightspeed ---------------------------------------------------------

    def as_draft(self) -> SaleDraft:
        """The cart as Lightspeed is told it, before and after it is paid."""
        return SaleDraft(
            reference_number=self.reference,
            employee_id=self.rep.employee.lightspeed_id,
            shop_id=self.shop.lightspeed_id,
            register_id=self.register.lightspeed_id,
            tax_category_id=self.tax_category.lightspeed_id if self.tax_category else 0,
            lines=[
                DraftLine(
                    item_id=line.item.lightspeed_id,
                    unit_quantity=line.unit_quantity,
                    unit_price=line.unit_price,
                )
                for line in self.live_lines
            ],
        )

    def begin_quoting(self, seen_version: int) -> None:
        """Keep the cart still while Lightspeed prices it."""
        self._advance(
            seen_version,
            Q(state=self.State.OPEN) | self._quoting_was_left(),
            state=self.State.QUOTING,
        )

    def be_ready(self, draft: Draft) -> None:
        self._advance(
            self.version, Q(state=self.State.QUOTING), state=self.State.READY, draft=draft
        )

    def be_open_again(self) -> None:
        """No price was to be had. Whoever took the cart over meanwhile keeps it."""
        with suppress(CartChanged):
            self._advance(self.version, Q(state=self.State.QUOTING), state=self.State.OPEN)

    def begin_tendering(self, seen_version: int) -> None:
        self._advance(seen_version, Q(state=self.State.READY), state=self.State.TENDERING)

    def end_tendering(self) -> None:
        """Nothing was taken: the cart is as ready as before."""
        self._advance(self.version, Q(state=self.State.TENDERING), state=self.State.READY)

    def be_paid(self, submission: Submission) -> None:
        self._advance(
            self.version,
            Q(state__in=[self.State.READY, self.State.TENDERING]),
            state=self.State.PAID,
            submission=submission,
            paid_at=submission.paid_at,
        )
        self.account.drafts.leave(self.reference, but=self.draft)

    # --- What people are told ----------------------------------------------------------

    @property
    def progress(self) -> str:
        """Of a paid sale, in one word: recording, checking, recorded or attention."""
        return _PROGRESS.get(self.submission.state, "recording") if self.submission else ""

    @property
    def ticket_number(self) -> str:
        return self.submission.ticket_number if self.submission else ""

    @property
    def change_due(self) -> Decimal:
        """What the customer gets back, of all payments together."""
        return totals.change_due(self.total, [pay.tender for pay in self.approved_payments])

    @property
    def approved_payments(self) -> list[SalePayment]:
        approved = self.payments.filter(state=SalePayment.State.APPROVED)
        return list(approved.select_related("payment_type"))


_PROGRESS: dict[str, str] = {
    Submission.State.CHECKING: "checking",
    Submission.State.COMPLETED: "recorded",
    Submission.State.ATTENTION: "attention",
}


class SaleLine(Owned):
    """Units of one item, with price and tax as they were when it came into the cart."""

    sale = models.ForeignKey(Sale, models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    description = models.CharField(max_length=255)
    unit_quantity = models.PositiveIntegerField(default=0)
    unit_price = models.DecimalField(max_digits=14, decimal_places=4)
    tax1_rate = models.DecimalField(max_digits=12, decimal_places=8)
    tax2_rate = models.DecimalField(max_digits=12, decimal_places=8)
    # Kept, so that taking it out can be undone.
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_line_has_units", condition=Q(unit_quantity__range=(1, MOST_UNITS))
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_quantity} × {self.description}"

    @classmethod
    def of(cls, sale: Sale, item: Item) -> SaleLine:
        """A line without units yet, not saved."""
        rates = Decimal(0), Decimal(0)
        if item.tax and sale.tax_category:
            rates = sale.tax_category.rates_for(item.tax_class_lightspeed_id)
        return cls(
            sale=sale,
            item=item,
            description=item.description,
            unit_price=item.price_at(sale.shop),
            tax1_rate=rates[0],
            tax2_rate=rates[1],
        )

    def set_quantity(self, unit_quantity: int) -> None:
        """Raises Refused, with the cart as it was, where nobody can mean so many."""
        if not 1 <= unit_quantity <= MOST_UNITS:
            raise Refused(
                _("A line holds 1 to %(most)s units. Nothing was changed.") % {"most": MOST_UNITS}
            )
        self.unit_quantity = unit_quantity
        self.save()
        self.sale.forget_lines()

    def remove(self) -> None:
        self.removed_at = timezone.now()
        self.save(update_fields=["removed_at"])
        self.sale.forget_lines()

    def restore(self) -> None:
        self.removed_at = None
        self.save(update_fields=["removed_at"])
        self.sale.forget_lines()

    @property
    def priced(self) -> totals.Line:
        return totals.Line(
            unit_quantity=Decimal(self.unit_quantity),
            unit_price=self.unit_price,
            tax1_rate=self.tax1_rate,
            tax2_rate=self.tax2_rate,
        )

    @property
    def subtotal(self) -> Decimal:
        return self.unit_quantity * self.unit_price

    @property
    def image_url(self) -> str:
        return self.item.image_url


class SalePaymentQuerySet(models.QuerySet["SalePayment"]):
    def unanswered(self, started_before: datetime) -> SalePaymentQuerySet:
        """Reps were told to take these, and did not say what came of it."""
        return self.filter(
            state=SalePayment.State.STARTED, started_at__lt=started_before
        ).select_related(
            *("sale__account", "sale__draft", "sale__tax_category"),
            *("sale__rep__employee", "sale__register__shop"),
        )


class SalePayment(Owned):
    """One payment of a sale, committed before the rep is told to take the money."""

    class State(models.TextChoices):
        STARTED = "started", _("started")  # the rep was told to take it; unanswered
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")  # nothing was taken

    sale = models.ForeignKey(Sale, models.CASCADE, related_name="payments")
    payment_type = models.ForeignKey(PaymentType, models.PROTECT, related_name="+")
    # Known in Lightspeed by this, so that it is never written there twice.
    remote_reference = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    amount_tendered = models.DecimalField(max_digits=12, decimal_places=2)
    state = models.CharField(max_length=16, choices=State.choices, default=State.STARTED)
    started_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)

    objects = OwnedManager.from_queryset(SalePaymentQuerySet)()
    everywhere = models.Manager.from_queryset(SalePaymentQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sale", "remote_reference"], name="one_payment_a_reference"
            ),
            models.UniqueConstraint(
                fields=["sale"], name="one_started_payment_a_sale", condition=Q(state="started")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_type} {self.amount}"

    @property
    def tender(self) -> totals.Tender:
        return totals.Tender(
            amount=self.amount_tendered, is_cash=self.payment_type.kind == PaymentType.CASH
        )

    def answer(self, state: SalePayment.State, now: datetime) -> bool:
        """Close a started payment. False where it was answered before."""
        answered = SalePayment.everywhere.filter(pk=self.pk, state=self.State.STARTED).update(
            state=state, answered_at=now
        )
        self.state, self.answered_at = state, now
        return bool(answered)


class Action(Owned):
    """A form that was sent and carried out. The same form sent again does nothing more."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="actions")
    action_id = models.UUIDField()
    done_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "action_id"], name="an_action_is_done_once")
        ]

    def __str__(self) -> str:
        return str(self.action_id)
