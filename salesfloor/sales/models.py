"""A sale from its first line to the moment when the shop has been paid.

From then on the outbox takes it to Lightspeed; `Sale.progress` tells how far it is.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from dataclasses import fields
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from operator import attrgetter

from django.conf import settings
from django.db import models, transaction
from django.db.models import (
    Exists,
    ExpressionWrapper,
    OuterRef,
    Prefetch,
    Q,
    Sum,
    prefetch_related_objects,
)
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from salesfloor.catalog import sold
from salesfloor.catalog.models import Item, ItemStock
from salesfloor.customers.models import Customer, Terms
from salesfloor.lightspeed import drafts
from salesfloor.lightspeed.drafts import DraftLine, SaleDraft, Tender
from salesfloor.money import to_cents
from salesfloor.outbox.models import Draft, Submission
from salesfloor.sales import totals
from salesfloor.sales.refusals import BeingPaid, CartChanged, Refused, Unpriced
from salesfloor.staff import clock
from salesfloor.staff.models import (
    Account,
    Discount,
    PaymentType,
    Register,
    Rep,
    Shop,
    TaxCategory,
)
from salesfloor.staff.owned import Owned, OwnedManager
from salesfloor.staff.queries import fetched
from salesfloor.terminals.models import Refund

# More units than this on one line is a slip of the finger or a barcode typed into the wrong field.
MOST_UNITS = 9999
# A cart that is being priced by a process that died is priced anew after this long: longer than
# waiting for a turn, renewing the sign-in and two calls may take together.
QUOTING_FOR_AT_MOST = timedelta(seconds=120)
# A rep waits no longer than this for a price before a payment: then nothing has happened.
WANTED_FOR_AT_MOST = timedelta(seconds=20)
# The done strip stays this long unless the next customer comes first.
DONE_SHOWS_FOR = timedelta(minutes=30)


LONGEST_SERIAL = 100
# What lies in a cart longer than this without a change is not kept for anybody: no rep is signed in
# for so long.
CARTS_CLAIM_FOR = timedelta(hours=12)
# Lightspeed changes a sale and the stock of what it sold within this.
STAMPED_WITHIN = timedelta(seconds=2)
# Changes of stock are read every minute. What has moved none so long after it was recorded moves
# none: a service, or a box that Lightspeed opened.
COUNTED_WITHIN = timedelta(minutes=30)
RELEASED_AT_ONCE = 500
REFERENCE_PREFIX = "SF-"
# On slips of what is kept for a customer: scanned, they lead there.
ORDER_PREFIX = "SK-"


_pk = attrgetter("pk")


def make_reference() -> str:
    """Names a sale for life, in Lightspeed's referenceNumber (28 characters at most)."""
    return f"{REFERENCE_PREFIX}{secrets.token_hex(10)}"


class SaleQuerySet(models.QuerySet["Sale"]):
    def current(self, rep: Rep) -> Sale | None:
        """The cart in this rep's hands, at the register where they stand.

        A payment that was begun goes with the rep, wherever they go. Asks for the cart alone: what
        else belongs to it is the rep's own, as a rule, or there is none of it.
        """
        carts = self.filter(
            Q(register=rep.register_id) | Q(state=Sale.State.TENDERING),
            rep=rep.pk,
            state__one_of=Sale.State.unfinished(),
        )
        sale = max(carts, key=_pk, default=None)
        if sale:
            sale.rep, sale.account = rep, rep.account
            if rep.register and sale.register_id == rep.register_id:
                sale.register = rep.register
                if sale.tax_category_id == rep.register.shop.tax_category_id:
                    sale.tax_category = rep.register.shop.tax_category
        return sale

    def to_show(self, rep: Rep) -> Sale | None:
        """`current`, with its payments as they were when it was.

        A worker may end what a sale waits for between the two readings; then both are read again,
        and no cart is shown that was paid in that moment.
        """
        sale = self.current(rep)
        waits = sale is not None and sale.state in (Sale.State.QUOTING, Sale.State.TENDERING)
        return self.current(rep) if waits and sale and not sale.pending_payment else sale

    def for_pricing(self) -> SaleQuerySet:
        """With all that Lightspeed is told of a cart."""
        return self.select_related(
            *("account", "rep__employee", "register__shop", "tax_category", "discount"),
            *("customer__look", "draft", "ship_to"),
        )

    def unfinished(self) -> SaleQuerySet:
        return self.filter(state__one_of=Sale.State.unfinished())

    def left_in_quoting(self, now: datetime) -> SaleQuerySet:
        """Carts whose price never came, as the process that asked for it ended."""
        lost = self.unfinished().filter(
            state=Sale.State.QUOTING, quoting_since__lt=now - QUOTING_FOR_AT_MOST
        )
        return lost.for_pricing()

    def just_done(self, rep: Rep, now: datetime) -> Sale | None:
        """The sale this rep was just paid for, to be followed on its way into Lightspeed.

        None as soon as the next customer's cart was begun.
        """
        last = self.filter(rep=rep).order_by("-pk").values("pk")[:1]
        return self.paid().filter(pk__in=last, paid_at__gt=now - DONE_SHOWS_FOR).first()

    def partly_paid(self, since_before: datetime) -> SaleQuerySet:
        """Some was `taken` and the rest was not, since before this moment; the oldest first."""
        is_taken = Q(payments__state=SalePayment.State.APPROVED, payments__is_load=False)
        taken = Sum("payments__amount", filter=is_taken)
        sales = self.unfinished().filter(state=Sale.State.TENDERING, changed_at__lt=since_before)
        return sales.annotate(taken=taken).exclude(taken=None).order_by("changed_at")

    def without_lightspeed(self) -> SaleQuerySet:
        """Sold at our own total, or being so, and not known to be in Lightspeed."""
        is_waiting = Q(state=Sale.State.PAID, submission__sale_lightspeed_id=None)
        is_waiting &= ~Q(submission__state__in=Submission.State.done())
        is_begun = Q(state=Sale.State.TENDERING)
        return self.filter(is_begun | is_waiting, is_provisional=True)

    def paid(self) -> SaleQuerySet:
        """Sales the shop has the money for, newest first, with their way into Lightspeed."""
        return (
            self.filter(state=Sale.State.PAID)
            .select_related("submission", "draft", "rep__employee", "register__shop", "account")
            .order_by("-paid_at")
        )

    def with_payments(self) -> SaleQuerySet:
        """With what their `approved_payments` would ask for one by one."""
        approved = SalePayment.everywhere.filter(state=SalePayment.State.APPROVED)
        payments = approved.select_related("payment_type").order_by("pk")
        kept = Prefetch("payments", payments, to_attr="approved_payments")
        # mypy's plugin takes the cached property for another field.
        return self.prefetch_related(kept)  # type: ignore[no-redef]


class Sale(Owned):
    """What one customer buys. While open, reps call it the cart.

    Every change adds 1 to `version`, and is made only to the version that was seen.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")  # may be changed
        QUOTING = "quoting", _("pricing")  # its draft is being written to Lightspeed, or read again
        READY = "ready", _("ready")  # Lightspeed's total is known; a change opens it again
        TENDERING = "tendering", _("taking payment")  # a payment has begun; no changes
        PAID = "paid", _("paid")  # covered, and owed to Lightspeed; no way back
        ABANDONED = "abandoned", _("abandoned")  # ended without any money
        VOIDED = "voided", _("voided")  # ended; what had been taken was given back
        # Left open in Lightspeed, for a till to finish or as a quote: the package `elsewhere`
        # follows it. May become a cart again.
        KEPT = "kept", _("kept in Lightspeed")

        @classmethod
        def unfinished(cls) -> list[str]:
            return [cls.OPEN, cls.QUOTING, cls.READY, cls.TENDERING]

    account = models.ForeignKey(Account, models.CASCADE, related_name="sales")
    reference = models.CharField(max_length=28, default=make_reference)
    rep = models.ForeignKey(Rep, models.PROTECT, related_name="sales")
    register = models.ForeignKey(Register, models.PROTECT, related_name="sales")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="sales")
    tax_category = models.ForeignKey(TaxCategory, models.PROTECT, null=True)
    # What the customer gets off by default; it stands on each line that may have it.
    discount = models.ForeignKey(Discount, models.PROTECT, null=True, related_name="+")
    ship_to = models.ForeignKey("ShipTo", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)
    paid_at = models.DateTimeField(null=True)
    # Where Lightspeed priced the cart as it is now; its total is the one to collect.
    draft = models.OneToOneField(Draft, models.PROTECT, null=True, related_name="sale")
    # Lightspeed was away and a manager had given leave: our own total is the one to collect.
    is_provisional = models.BooleanField(default=False, db_default=False)
    quoting_since = models.DateTimeField(null=True)
    # Why the last payment that was wanted did not begin: a code of refusals.Unpriced, and what
    # it was about. Gone with the next change.
    refusal = models.CharField(max_length=32, blank=True, db_default="")
    refusal_detail = models.TextField(blank=True, db_default="")
    submission = models.OneToOneField(Submission, models.PROTECT, null=True, related_name="sale")

    # Of one that this transaction began: until its first change nobody else knows of it.
    is_unseen = False

    objects = OwnedManager.from_queryset(SaleQuerySet)()
    everywhere = models.Manager.from_queryset(SaleQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "reference"], name="one_sale_a_reference"),
            models.CheckConstraint(
                name="paid_is_owed_to_lightspeed",
                condition=~Q(state="paid")
                | Q(paid_at__isnull=False, submission__isnull=False)
                & (Q(draft__isnull=False) | Q(is_provisional=True)),
            ),
        ]
        indexes = [
            # See `OneOf`: SaleQuerySet.current, unfinished; SalePaymentQuerySet.unanswered.
            models.Index(
                fields=["rep"],
                name="unfinished_sales_of_a_rep",
                condition=Q(state__in=["open", "quoting", "ready", "tendering"]),
            ),
            models.Index(
                fields=["account"],
                name="unfinished_sales",
                condition=Q(state__in=["open", "quoting", "ready", "tendering"]),
            ),
            models.Index(fields=["account", "-paid_at"], name="paid_sales"),  # SaleQuerySet.paid
            models.Index(
                fields=["account"],
                name="provisional_sales",  # SaleQuerySet.without_lightspeed
                condition=Q(is_provisional=True),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    # --- The cart ----------------------------------------------------------------------

    @staticmethod
    def start(rep: Rep) -> Sale:
        """An empty cart at the rep's register, taxed as that shop does.

        Nothing is read of it, nor is it claimed, for the first change, which is to be made in the
        same transaction.
        """
        assert rep.register is not None  # noqa: S101 (access.selling saw to it)
        sale: Sale = rep.account.sales.create(
            rep=rep, register=rep.register, tax_category=rep.register.shop.tax_category
        )
        sale.is_unseen, sale.live_lines, sale.live_payments = True, [], []
        return sale

    @staticmethod
    def in_hand(rep: Rep) -> Sale | None:
        """The rep's cart, if any; nobody changes it or begins another until the transaction
        ends."""
        carts = rep.account.sales.select_for_update(no_key=True, of=("self",))
        sale: Sale | None = carts.current(rep)
        if sale is None:  # or one that is being begun at this moment
            Rep.everywhere.select_for_update(no_key=True).values_list("pk").get(pk=rep.pk)
            sale = carts.current(rep)
        return sale

    @staticmethod
    def cart_of(rep: Rep) -> Sale:
        """The rep's cart, begun if there is none; one tap at a time, so that two do not begin
        two."""
        return Sale.in_hand(rep) or Sale.start(rep)

    @property
    def shop(self) -> Shop:
        return self.register.shop

    @property
    def is_editable(self) -> bool:
        return not (self.pending_payment or self.state == self.State.TENDERING)

    @property
    def is_taxed_otherwise(self) -> bool:
        """Than this shop taxes whom it does not know."""
        return self.tax_category_id != self.shop.tax_category_id

    @cached_property
    def live_lines(self) -> list[SaleLine]:
        """The lines that count, in the order they came."""
        lines = self.lines.filter(removed_at=None).select_related("item__matrix")
        # By us, as Django takes longer to have few rows sorted than all else of the query.
        return sorted(lines, key=_pk)

    @property
    def returned_lines(self) -> list[SaleLine]:
        return [line for line in self.live_lines if line.is_return]

    def description_of(self, parent_lightspeed_id: int) -> str:
        """Of what comes back of this line of another sale."""
        return next(
            line.description
            for line in self.returned_lines
            if line.parent_lightspeed_id == parent_lightspeed_id
        )

    @property
    def asking_line(self) -> SaleLine | None:
        """The first of which it is not told yet which unit is sold."""
        return next((line for line in self.live_lines if line.asks_serial), None)

    @property
    def unit_count(self) -> int:
        """Those that go and those that come back."""
        return sum(abs(line.unit_quantity) for line in self.live_lines)

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

    @cached_property
    def live_payments(self) -> list[SalePayment]:
        """Those that count and the one that may come to, read together, so that a payment which
        comes to its end meanwhile is found once."""
        if not fetched("SELECT 1 FROM sales_salepayment WHERE sale_id = %s LIMIT 1", [self.pk]):
            return []
        states = [SalePayment.State.APPROVED, *SalePayment.State.pending()]
        live = self.payments.filter(state__in=states)
        return sorted(live.select_related("payment_type"), key=_pk)

    @cached_property
    def approved_payments(self) -> list[SalePayment]:
        """In the order in which they were made: what was taken, given back, or put on a card."""
        return [pay for pay in self.live_payments if pay.state == SalePayment.State.APPROVED]

    @property
    def taken_payments(self) -> list[SalePayment]:
        """Of the approved ones those by which something was handed over, either way."""
        return [payment for payment in self.approved_payments if not payment.is_load]

    @property
    def loads(self) -> list[SalePayment]:
        """What is put on gift cards and customers' accounts, to be paid like goods."""
        return [payment for payment in self.approved_payments if payment.is_load]

    @property
    def due(self) -> Decimal:
        """What is still to be collected; below zero what is still to be given back."""
        return self.total - sum((pay.amount for pay in self.approved_payments), Decimal(0))

    @property
    def to_collect(self) -> Decimal:
        """The whole of it, before anything was taken: goods, and what is put on cards."""
        return self.total - sum((load.amount for load in self.loads), Decimal(0))

    @property
    def has_contents(self) -> bool:
        return bool(self.live_lines or self.loads)

    @property
    def is_giving_back_to_a_card(self) -> bool:
        """Whether it is not known yet if a part payment has gone back."""
        references = self.payments.filter(on_reader=True).values("remote_reference")
        refunds = Refund.everywhere.live()
        return refunds.filter(
            charge__account=self.account_id, charge__reference__in=references
        ).exists()

    @property
    def pending_payment(self) -> SalePayment | None:
        """The payment that was tapped and has not come to its end."""
        pending = SalePayment.State.pending()
        return next((pay for pay in self.live_payments if pay.state in pending), None)

    def add_line(
        self, item: Item, quantity: int = 1, *, price: Decimal | None = None, note: str = ""
    ) -> SaleLine:
        """Put units of an item into the cart, at the price and tax that hold now.

        `price` is what the shop's own label says, where the unit has one; `note` what it weighs.
        """
        self.open_for_change(self.version)
        if price is None:
            price = item.price_at(self.shop)
        line = next(
            (line for line in self.live_lines if line.has_room_for(item, price, note)), None
        )
        if line is None:
            line = SaleLine.of(self, item, price, note)
        line.set_quantity(line.unit_quantity + quantity)
        if line not in self.live_lines:
            self.live_lines.append(line)
        return line

    def add_returns(self, lines: list[SaleLine], paid: list[OriginalPayment]) -> None:
        """Take goods back: lines below zero, and how the sale was `paid` that they are of.

        In the caller's transaction, which has made sure that so many may come back.
        """
        self.open_for_change(self.version)
        for line in lines:
            line.sale = self
            line.save()
        originals = [payment.original_lightspeed_id for payment in paid]
        self.original_payments.filter(original_lightspeed_id__in=originals).delete()
        for payment in paid:
            payment.sale = self
            payment.save()
        self.forget_lines()

    def add_kept(self, lines: list[SaleLine]) -> None:
        """Pick up goods that Lightspeed keeps for the cart's customer, at the price promised.

        In the caller's transaction, which has made sure that they are in no other cart.
        """
        self.open_for_change(self.version)
        for line in lines:
            line.sale = self
            line.save()
        self.forget_lines()

    def follows(self, customer: Customer) -> bool:
        """Whether tax and discount are those of the customer, as `set_customer` would have them."""
        terms = customer.terms
        is_taxed = self._keeps_its_tax or self.tax_category == self._taxed_by(terms)
        return is_taxed and self.discount == terms.discount

    @property
    def _keeps_its_tax(self) -> bool:
        """What comes back with its receipt is taxed as it was sold, and all of a sale alike."""
        return any(line.parent_lightspeed_id for line in self.live_lines)

    def _taxed_by(self, terms: Terms) -> TaxCategory | None:
        return terms.tax_category or self.shop.tax_category

    def set_customer(self, customer: Customer | None, seen_version: int) -> None:
        """Tax and discount follow the customer: Lightspeed is told them, and leaves them to us.

        What comes back with its receipt is taxed as it was sold, and all of a sale by one category:
        then the tax stays. Raises Refused for a customer who is not to be sold to any more, and
        while money is put on another's account or the cart has goods that are kept for another.
        """
        if customer:
            self.refuse_archived(customer)
        if customer != self.customer and any(line.is_kept for line in self.live_lines):
            raise Refused(
                _("What is kept for %(name)s is in this cart. Nothing was changed: take it out.")
                % {"name": self.customer}
            )
        self.open_for_change(seen_version)
        deposits = [load for load in self.loads if load.payment_type.is_customers_account]
        if deposits and customer != self.customer:
            raise Refused(
                _("Money is put on this customer's account. Take that out of the cart first.")
            )
        terms = customer.terms if customer else Terms()
        self.customer, self.discount = customer, terms.discount
        if not self._keeps_its_tax:
            self.tax_category = self._taxed_by(terms)
        self.save(update_fields=["customer", "tax_category", "discount"])
        self._price_lines_anew()

    @staticmethod
    def refuse_archived(customer: Customer) -> None:
        if customer.archived:
            raise Refused(
                _(
                    "%(name)s is archived in Lightspeed. Nothing was charged: choose another "
                    "customer."
                )
                % {"name": customer}
            )

    def _price_lines_anew(self) -> None:
        """Those taken out too: they may come back."""
        own = self.lines.filter(parent_lightspeed_id=None, kept_lightspeed_id=None)
        lines = own.select_related("item")
        for line in lines:
            line.sale = self
            line.follow_sale()
        SaleLine.everywhere.bulk_update(lines, SaleLine.FOLLOWS_SALE)
        self.forget_lines()

    def send_to(self, ship_to: ShipTo | None, seen_version: int) -> None:
        """Where the goods are sent; None where the customer takes them along. Where they were to be
        sent before is forgotten. In the caller's transaction."""
        self.open_for_change(seen_version)
        former, self.ship_to = self.ship_to, ship_to
        self.save(update_fields=["ship_to"])
        if former:
            former.delete()

    def open_for_change(self, seen_version: int) -> None:
        """Claim the cart for one change. A price that Lightspeed gave it no longer holds.

        Raises CartChanged where somebody else was faster, BeingPaid once a payment has begun. The
        first change of a cart that this transaction began claims nothing: see `start`.
        """
        nobody_else = self.is_unseen and transaction.get_connection().in_atomic_block
        self.is_unseen = False
        if nobody_else and seen_version == self.version:
            return
        with transaction.atomic(savepoint=False):
            self._advance(
                seen_version,
                Q(state__in=[self.State.OPEN, self.State.QUOTING, self.State.READY]),
                state=self.State.OPEN,
                draft=None,
                is_provisional=False,
                **_NOTHING_REFUSED,
            )
            # Now that the row is ours: nobody begins a payment before we are done.
            if self.pending_payment:
                raise BeingPaid

    def abandon(self, seen_version: int) -> None:
        """End the cart without a sale. Only while no payment has begun."""
        self.open_for_change(seen_version)
        was_paid = self.payments.filter(state=SalePayment.State.REVERSED).exists()
        end = self.State.VOIDED if was_paid else self.State.ABANDONED
        self._advance(self.version, Q(state=self.State.OPEN), state=end)
        self.account.drafts.leave(self.reference)

    def keep(self, seen_version: int) -> None:
        """Leave the cart to Lightspeed. Only while no payment has begun, and there is none left."""
        self.open_for_change(seen_version)
        self._advance(self.version, Q(state=self.State.OPEN), state=self.State.KEPT)

    def reopen(self, rep: Rep) -> None:
        """Undo `keep`, or `give_up` after it, in the hands of whoever wants it.

        At the prices that were promised, taxed as the shop does where it is sold now. In the
        caller's transaction.
        """
        kept_in = self.shop
        self._advance(
            self.version,
            Q(state__in=[self.State.KEPT, self.State.ABANDONED]),
            state=self.State.OPEN,
            rep=rep,
            register=rep.register,
        )
        self.lines.update(claims_stock=True)
        if self.shop != kept_in:
            self.tax_category = self._taxed_by(self.customer.terms if self.customer else Terms())
            self.save(update_fields=["tax_category"])
            self._price_lines_anew()

    def give_up(self) -> None:
        """Neither kept nor a cart again."""
        self._advance(self.version, Q(state=self.State.KEPT), state=self.State.ABANDONED)

    def take_up_again(self) -> None:
        """Undo `abandon`."""
        for line in self.live_lines:
            line.refuse_twice()
        self._advance(self.version, Q(state=self.State.ABANDONED), state=self.State.OPEN)
        self.lines.update(claims_stock=True)

    def hold(self) -> None:
        """See the cart as it is, and let nobody else at it until the transaction ends.

        SQLite lets transactions wait for each other as it is, PostgreSQL only where they are asked.
        """
        self.refresh_from_db(
            fields=["state", "version", "draft", "is_provisional", "quoting_since"],
            from_queryset=Sale.everywhere.select_for_update(no_key=True),
        )
        self.forget_lines()

    def _advance(self, seen_version: int, while_in: Q, **change: object) -> None:
        """Change the row only as it was seen and only from the right state: one wins, once."""
        now = clock.now()
        change |= {"version": seen_version + 1, "changed_at": now}
        if not self._move(seen_version, while_in, **change):
            self.refresh_from_db(fields=["state", "version", "draft"])
            if self.version == seen_version:
                raise BeingPaid
            raise CartChanged

    def _move(self, seen_version: int, while_in: Q, **change: object) -> bool:
        """Without a change of what is in the cart or was paid, as far as `change` names none."""
        moved = Sale.everywhere.filter(while_in, pk=self.pk, version=seen_version).update(**change)
        if moved:
            for name, value in change.items():
                setattr(self, name, value)
            self.forget_lines()
        return bool(moved)

    def forget_sums(self) -> None:
        """Add up anew when next asked."""
        self.__dict__.pop("totals", None)

    def forget_lines(self) -> None:
        """Read the lines anew when next asked."""
        for kept in ("live_lines", "totals", "live_payments", "approved_payments"):
            self.__dict__.pop(kept, None)

    # --- Its way to Lightspeed ---------------------------------------------------------

    def as_draft(self) -> SaleDraft:
        """The cart as Lightspeed is told it, before and after it is paid."""
        return SaleDraft(
            reference_number=self.reference,
            employee_id=self.rep.employee.lightspeed_id,
            shop_id=self.shop.lightspeed_id,
            register_id=self.register.lightspeed_id,
            customer_id=self.customer.lightspeed_id if self.customer else None,
            tax_category_id=self.tax_category.lightspeed_id if self.tax_category else 0,
            # It stands on the lines: Lightspeed must not take it off the whole once more.
            discount_id=0 if self.discount else None,
            lines=[line.as_draft() for line in self.live_lines],
            ship_to=self.ship_to.as_draft() if self.ship_to else None,
        )

    def begin_quoting(self, seen_version: int, *, ahead: bool = False) -> bool:
        """Have Lightspeed asked for the price of the cart as it is. False where that is under way,
        or the cart is not as it was seen. `ahead` of a tap: what the last one came to is kept."""
        now = clock.now()
        told = {} if ahead else _NOTHING_REFUSED
        return self._move(
            seen_version,
            Q(state__in=[self.State.OPEN, self.State.READY])
            | Q(state=self.State.QUOTING, quoting_since__lt=now - QUOTING_FOR_AT_MOST),
            state=self.State.QUOTING,
            quoting_since=now,
            **told,
        )

    def be_ready(self, draft: Draft | None) -> bool:
        """Priced by Lightspeed, or provisionally without a draft. False if it changed meanwhile."""
        return self._move(
            self.version,
            self._is_asked_as_seen,
            state=self.State.READY,
            draft=draft,
            is_provisional=draft is None,
            **_NOTHING_REFUSED,
        )

    def be_open_again(self, refusal: Unpriced, detail: str = "") -> bool:
        """No price was to be had; a payment that waited for it is not made, and told why."""
        with transaction.atomic():
            reopened = self._move(
                self.version,
                self._is_asked_as_seen,
                state=self.State.OPEN,
                draft=None,
                is_provisional=False,
            )
            return reopened and self.refuse_wanted(refusal, detail)

    @property
    def _is_asked_as_seen(self) -> Q:
        """Its price is waited for, and was not given up and asked for once more since."""
        return Q(state=self.State.QUOTING, quoting_since=self.quoting_since)

    def refuse_wanted(self, refusal: Unpriced, detail: str = "") -> bool:
        """Let go of the payment that waits for a price, or for what is on a card. False where none
        does, as it began meanwhile."""
        wanted = self.payments.filter(state=SalePayment.State.WANTED).first()
        if wanted is None or not wanted.cancel(clock.now()):
            return False
        self._move(self.version, Q(), refusal=refusal, refusal_detail=detail)
        return True

    @property
    def is_freshly_priced(self) -> bool:
        """Whether money may be taken for `total` now, without asking Lightspeed again."""
        if self.state == self.State.TENDERING:
            return True  # agreed when the first payment began; nothing changes until the last
        if self.state != self.State.READY:
            return False
        now = clock.now()
        if self.is_provisional:
            return self.quoting_since is not None and (
                now - self.quoting_since <= settings.QUOTE_FRESH_FOR
            )
        return self.draft is not None and not self.draft.is_stale(now)

    def begin_tendering(self) -> None:
        self._advance(
            self.version,
            Q(state__in=[self.State.READY, self.State.TENDERING]),
            state=self.State.TENDERING,
            **_NOTHING_REFUSED,
        )

    def end_tendering(self) -> None:
        """A payment came to nothing or was given back. As ready as before if no other is left."""
        left = self.payments.filter(is_load=False, state=SalePayment.State.APPROVED)
        self._advance(
            self.version,
            Q(state=self.State.TENDERING),
            state=self.State.TENDERING if left.exists() else self.State.READY,
        )

    def be_paid(self, submission: Submission) -> None:
        self._advance(
            self.version,
            Q(state__in=[self.State.READY, self.State.TENDERING]),
            state=self.State.PAID,
            submission=submission,
            paid_at=submission.paid_at,
        )
        self.account.drafts.leave(self.reference, but=self.draft)
        self._count_as_sold(submission.paid_at)

    def _count_as_sold(self, at: datetime) -> None:
        units: dict[int, int] = defaultdict(int)
        for line in self.live_lines:
            units[line.item_id] += line.unit_quantity
        sold.count_own(self.account, self.reference, self.shop, units, at)
        transaction.on_commit(partial(sold.sum_up, list(units)), robust=True)

    # --- What people are told ----------------------------------------------------------

    @property
    def progress(self) -> str:
        """Of a paid sale, in one word: recording, checking, recorded, attention or settled."""
        return _PROGRESS.get(self.submission.state, "recording") if self.submission else ""

    @property
    def ticket_number(self) -> str:
        return self.submission.ticket_number if self.submission else ""

    @property
    def change_due(self) -> Decimal:
        """What the customer gets back, of all payments together."""
        return sum((payment.change for payment in self.approved_payments), Decimal(0))

    @property
    def given_back(self) -> Decimal:
        """What the customer got, where more came back than was bought."""
        return -sum((payment.amount_tendered for payment in self.taken_payments), Decimal(0))

    @property
    def refusal_told(self) -> Refused | None:
        """Why the last tap on a payment came to nothing, if nothing has changed since."""
        return Unpriced(self.refusal).told(self.refusal_detail) if self.refusal else None


_NOTHING_REFUSED = {"refusal": "", "refusal_detail": ""}

_PROGRESS: dict[str, str] = {
    Submission.State.CHECKING: "checking",
    Submission.State.COMPLETED: "recorded",
    Submission.State.ATTENTION: "attention",
    Submission.State.SETTLED: "settled",
}


class SaleLineQuerySet(models.QuerySet["SaleLine"]):
    def coming_back(self, account: Account) -> SaleLineQuerySet:
        """What our carts take back of other sales and Lightspeed does not count as returned yet."""
        is_cart = Q(sale__state__in=Sale.State.unfinished())
        is_paid = Q(sale__state=Sale.State.PAID)
        is_recorded = Q(sale__submission__state=Submission.State.COMPLETED)
        lines = self.filter(is_cart | is_paid & ~is_recorded, sale__account=account)
        return lines.filter(removed_at=None, parent_lightspeed_id__isnull=False)

    def picked_up(self, account: Account) -> SaleLineQuerySet:
        """What our carts have of goods that Lightspeed keeps for customers, paid for or not."""
        ended = [Sale.State.ABANDONED, Sale.State.VOIDED]
        lines = self.filter(sale__account=account, removed_at=None).exclude(sale__state__in=ended)
        return lines.filter(kept_lightspeed_id__isnull=False)

    def release(self, now: datetime) -> int:
        """Mark lines that claim no stock any more; how many."""
        is_over = ~Q(sale__state__in=[*Sale.State.unfinished(), Sale.State.KEPT, Sale.State.PAID])
        # Given back, abandoned, or counted; and what moved no count of this item in all that time.
        is_over |= Q(sale__submission__state=Submission.State.SETTLED)
        is_over |= Q(sale__submission__completed_at__lt=now - COUNTED_WITHIN)
        is_counted = Q(self._is_counted, sale__state=Sale.State.PAID)
        lines = self.filter(is_over | is_counted, claims_stock=True)
        # By key: what an update may join, databases do not agree on.
        keys = list(lines.values_list("pk", flat=True)[:RELEASED_AT_ONCE])
        return self.filter(pk__in=keys).update(claims_stock=False)

    @property
    def _is_counted(self) -> Exists:
        """Whether the count of the shop has changed, by Lightspeed's clock, since it recorded the
        sale. `claims` asks the same of each line."""
        recorded_at = OuterRef("sale__submission__recorded_at")
        return Exists(
            ItemStock.everywhere.filter(
                item=OuterRef("item"),
                shop=OuterRef("sale__register__shop"),
                changed_at__gte=ExpressionWrapper(
                    recorded_at - STAMPED_WITHIN, output_field=models.DateTimeField()
                ),
            )
        )

    def set_aside(self, account: Account) -> SaleLineQuerySet:
        """What came back and is not to be sold again, the latest first."""
        lines = self.filter(is_restocked=False, removed_at=None, sale__account=account)
        paid = lines.filter(sale__state=Sale.State.PAID).order_by("-sale__paid_at", "pk")
        return paid.select_related(
            *("item", "sale__submission", "sale__register__shop", "sale__rep__employee")
        )


class SaleLine(Owned):
    """Units of one item, with price and tax as they were when it came into the cart."""

    sale = models.ForeignKey(Sale, models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    description = models.CharField(max_length=255)
    # Below zero for what comes back.
    unit_quantity = models.IntegerField(default=0)
    unit_price = models.DecimalField(max_digits=14, decimal_places=4)
    tax1_rate = models.DecimalField(max_digits=12, decimal_places=8)
    tax2_rate = models.DecimalField(max_digits=12, decimal_places=8)
    # Off the whole line: a fraction of it or an amount, not both. Below zero on what comes back.
    discount_percent = models.DecimalField(
        max_digits=7, decimal_places=6, default=Decimal(0), db_default=Decimal(0)
    )
    discount_amount = models.DecimalField(
        max_digits=14, decimal_places=2, default=Decimal(0), db_default=Decimal(0)
    )
    # Lightspeed's Discount, where it is the customer's own.
    discount_lightspeed_id = models.BigIntegerField(default=0, db_default=0)
    # Printed on the receipt.
    note = models.CharField(max_length=255, blank=True, db_default="")
    # Of what comes back with its receipt: Lightspeed's SaleLine and Sale by which it was sold.
    parent_lightspeed_id = models.BigIntegerField(null=True)
    original_lightspeed_id = models.BigIntegerField(null=True)
    # Lightspeed's SaleLine that keeps these goods for the customer: picked up with this sale.
    kept_lightspeed_id = models.BigIntegerField(null=True)
    # Of what comes back: whether it may be sold again.
    is_restocked = models.BooleanField(default=True, db_default=True)
    # Kept, so that taking it out can be undone.
    removed_at = models.DateTimeField(null=True)
    # The line that has its units now, as another size: kept too, to be turned back to.
    became = models.ForeignKey(
        "self", models.CASCADE, null=True, related_name="former", db_index=False
    )
    # The number of the one thing that is sold, where its item has such numbers.
    serial = models.CharField(max_length=LONGEST_SERIAL, blank=True, db_default="")
    asks_serial = models.BooleanField(default=False, db_default=False)
    # May have units that Lightspeed still counts; False once that can be no more (`release`). Of
    # lines that are claimed by none are very many, and only the others are looked through.
    claims_stock = models.BooleanField(default=True, db_default=False)

    objects = OwnedManager.from_queryset(SaleLineQuerySet)()
    everywhere = models.Manager.from_queryset(SaleLineQuerySet)()

    FOLLOWS_SALE = ("tax1_rate", "tax2_rate", "discount_percent", "discount_lightspeed_id")
    OF_ITEM = (*("item", "description", "unit_price", "serial", "asks_serial"), *FOLLOWS_SALE)

    class Meta:
        indexes = [
            models.Index(
                fields=["parent_lightspeed_id"],
                name="lines_coming_back",  # SaleLineQuerySet.coming_back
                condition=Q(parent_lightspeed_id__isnull=False),
            ),
            models.Index(
                fields=["kept_lightspeed_id"],
                name="lines_picked_up",  # SaleLineQuerySet.picked_up
                condition=Q(kept_lightspeed_id__isnull=False),
            ),
            models.Index(
                fields=["sale"],
                name="lines_set_aside",  # SaleLineQuerySet.set_aside
                condition=Q(is_restocked=False),
            ),
            models.Index(
                fields=["became"],
                name="lines_that_became_others",  # SaleLine.former
                condition=Q(became__isnull=False),
            ),
            models.Index(
                fields=["item"],
                name="lines_claiming_stock",  # claims.claims
                condition=Q(claims_stock=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_line_has_units",
                condition=Q(unit_quantity__range=(1, MOST_UNITS))
                | Q(unit_quantity__range=(-MOST_UNITS, -1)),
            ),
            models.CheckConstraint(
                name="one_discount_a_line", condition=Q(discount_percent=0) | Q(discount_amount=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_quantity} × {self.description}"

    @classmethod
    def of(cls, sale: Sale, item: Item, price: Decimal | None = None, note: str = "") -> SaleLine:
        """A line without units yet, not saved; at the shop's price, where none is given."""
        if price is None:
            price = item.price_at(sale.shop)
        line = cls(
            sale=sale,
            item=item,
            description=item.description,
            unit_price=price,
            note=note,
            asks_serial=item.serialized,
        )
        line.follow_sale()
        return line

    def follow_sale(self) -> None:
        """Be taxed as the sale is now, and have what its customer gets off. Not saved.

        A discount of another origin stays.
        """
        category = self.sale.tax_category if self.item.tax else None
        self.tax1_rate, self.tax2_rate = (
            category.rates_for(self.item.tax_class_lightspeed_id)
            if category
            else (Decimal(0), Decimal(0))
        )
        if not self.has_discount_of_its_own:
            discount = self.sale.discount if self.item.discountable else None
            self.discount_lightspeed_id = discount.lightspeed_id if discount else 0
            self.discount_percent = discount.percent if discount else Decimal(0)

    def as_draft(self) -> DraftLine:
        # Lightspeed counts it below zero by itself where the quantity is.
        discount_amount = abs(self.discount_amount)
        # What comes back without any says so: else Lightspeed takes a share of what was given.
        says_none = self.is_return and not (self.discount_percent or self.discount_lightspeed_id)
        return DraftLine(
            item_id=self.item.lightspeed_id,
            unit_quantity=self.unit_quantity,
            unit_price=self.unit_price,
            discount_id=self.discount_lightspeed_id or None,
            discount_percent=(not self.discount_lightspeed_id and self.discount_percent) or None,
            discount_amount=discount_amount if discount_amount or says_none else None,
            note=self.told_note or None,
            parent_sale_line_id=self.parent_lightspeed_id,
            sale_line_id=self.kept_lightspeed_id,
        )

    def has_room_for(self, item: Item, price: Decimal, note: str = "") -> bool:
        """Whether more units of the item at this price are counted here, not on another line."""
        is_same = (self.item_id, self.unit_price, self.note) == (item.pk, price, note)
        is_alone = item.serialized or self.is_return or self.is_kept
        return is_same and not (is_alone or self.has_discount_of_its_own)

    @property
    def told_note(self) -> str:
        """The line's note in Lightspeed, which prints it. The API has no other way to tell which
        unit is sold."""
        return " · ".join(filter(None, [self.serial and f"S/N {self.serial}", self.note]))

    @property
    def may_become_another(self) -> bool:
        """Whether it may be swapped for another size or colour of its product."""
        return self.item.matrix_id is not None and not (self.is_return or self.is_kept)

    def become(self, item: Item) -> None:
        """Be another size or colour, at the price that it has now; how many there are, the note and
        a discount that is not the customer's stay. In the caller's transaction.

        Raises Refused for what comes back or is kept, whose price is promised.
        """
        if not self.may_become_another or self.item.matrix_id != item.matrix_id:
            raise Refused(
                _(
                    "%(item)s comes back or is kept for the customer, and stays as it is. Nothing "
                    "was changed."
                )
                % {"item": self.description}
            )
        if self.has_discount_of_its_own and not item.discountable:
            raise Refused(
                _("%(item)s may not be discounted. Nothing was changed.")
                % {"item": item.description}
            )
        as_before = {name: getattr(self, name) for name in self.OF_ITEM}
        self.former.create(
            sale=self.sale,
            unit_quantity=self.unit_quantity,
            removed_at=clock.now(),
            claims_stock=False,
            **as_before,
        )
        self.item, self.description = item, item.description
        self.unit_price = item.price_at(self.sale.shop)
        self.serial, self.asks_serial = "", item.serialized
        self.follow_sale()
        self.save()
        self.sale.forget_sums()

    def turn_back(self, former: SaleLine) -> None:
        """Undo `become`, at the price of then. In the caller's transaction."""
        for name in self.OF_ITEM:
            setattr(self, name, getattr(former, name))
        self.save()
        former.delete()
        self.sale.forget_sums()

    def tell_serial(self, serial: str) -> None:
        """Which unit it is; "" where that cannot be told."""
        self.serial, self.asks_serial = serial, False
        self.save(update_fields=["serial", "asks_serial"])

    def ask_serial(self) -> None:
        self.serial, self.asks_serial = "", True
        self.save(update_fields=["serial", "asks_serial"])

    @property
    def has_discount_of_its_own(self) -> bool:
        """Not the customer's."""
        return bool(
            (self.discount_percent or self.discount_amount) and not self.discount_lightspeed_id
        )

    @property
    def percentage_off(self) -> Decimal:
        return self.discount_percent * 100

    def set_quantity(self, unit_quantity: int) -> None:
        """Raises Refused, with the cart as it was, where nobody can mean so many."""
        if self.is_return:
            raise Refused(
                _("What comes back is not counted here. Take it out and return it again.")
            )
        if self.is_kept:
            raise Refused(
                _("So many are kept for the customer. Nothing was changed: add others beside them.")
            )
        if not 1 <= unit_quantity <= MOST_UNITS:
            raise Refused(
                _("A line holds 1 to %(most)s units. Nothing was changed.") % {"most": MOST_UNITS}
            )
        if self.item.serialized and unit_quantity > 1:
            raise Refused(
                _(
                    "Each %(item)s has a serial number of its own. Nothing was changed: add the "
                    "next one as a line by itself."
                )
                % {"item": self.description}
            )
        self.unit_quantity = unit_quantity
        self.save(update_fields=["unit_quantity"] if self.pk else None)
        self.sale.forget_sums()

    def remove(self) -> None:
        self.removed_at = clock.now()
        self.save(update_fields=["removed_at"])
        self.sale.forget_lines()

    def restore(self) -> None:
        """Raises Refused where what comes back, or was kept, would be in two carts."""
        self.refuse_twice()
        self.removed_at = None
        self.save(update_fields=["removed_at"])
        self.sale.forget_lines()

    def refuse_twice(self) -> None:
        """Raises Refused where another cart took the same units back, or up, meanwhile."""
        if self.is_kept:
            picked_up = SaleLine.everywhere.picked_up(self.sale.account)
            if picked_up.filter(kept_lightspeed_id=self.kept_lightspeed_id).exists():
                raise Refused(
                    _("%(item)s was picked up meanwhile. Nothing was changed.")
                    % {"item": self.description}
                )
        if self.parent_lightspeed_id is None:
            return
        coming_back = SaleLine.everywhere.coming_back(self.sale.account)
        if coming_back.filter(parent_lightspeed_id=self.parent_lightspeed_id).exists():
            raise Refused(
                _("%(item)s was returned again meanwhile. Nothing was changed: scan the receipt.")
                % {"item": self.description}
            )

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
    def subtotal(self) -> Decimal:
        """Before its discount and without tax."""
        return self.unit_quantity * self.unit_price

    @property
    def discount(self) -> Decimal:
        return self.priced.discount

    @property
    def is_return(self) -> bool:
        return self.unit_quantity < 0

    @property
    def is_kept(self) -> bool:
        """Whether Lightspeed keeps it for the customer: neither units nor price change here."""
        return self.kept_lightspeed_id is not None

    @property
    def units_back(self) -> int:
        return -self.unit_quantity

    @property
    def image_url(self) -> str:
        """Its item's picture or, if that has none, its product's."""
        if not self.item.image_public_id:  # an item may have come by itself, as by a swap
            prefetch_related_objects([self.item], "matrix")
        return self.item.image_url


class ShipTo(Owned):
    """To whom and where the goods of a sale are sent. A change is another row."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    company = models.CharField(max_length=100, blank=True)
    address1 = models.CharField(max_length=200)
    address2 = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100)
    state = models.CharField(max_length=100, blank=True)
    zip = models.CharField(max_length=20, blank=True)
    country_code = models.CharField(max_length=2, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    ship_note = models.CharField(max_length=255, blank=True)

    def __str__(self) -> str:
        return ", ".join(filter(None, [*self.lines, self.ship_note]))

    @property
    def lines(self) -> list[str]:
        """As on an envelope, and then the phone number."""
        name = f"{self.first_name} {self.last_name}".strip()
        place = " ".join(filter(None, [self.city, self.state, self.zip, self.country_code]))
        told = [name, self.company, self.address1, self.address2, place, self.phone]
        return [line for line in told if line]

    def as_draft(self) -> drafts.ShipTo:
        names = [field.name for field in fields(drafts.ShipTo)]
        return drafts.ShipTo(**{name: getattr(self, name) for name in names})


class OriginalPayment(Owned):
    """How a sale was paid of which goods come back: what is left of it to be given back so."""

    sale = models.ForeignKey(Sale, models.CASCADE, related_name="original_payments")
    original_lightspeed_id = models.BigIntegerField()  # the Sale that was paid
    payment_type = models.ForeignKey(PaymentType, models.PROTECT, related_name="+")
    credit_account_lightspeed_id = models.BigIntegerField(null=True)
    # May be below zero: the parts of a refund are each rounded by themselves.
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    refunds_before = models.PositiveIntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return f"{self.payment_type} {self.amount}"


class SalePaymentQuerySet(models.QuerySet["SalePayment"]):
    def promised(self, account: Account, credit_account_id: int) -> SalePaymentQuerySet:
        """What was paid from a card or an account, and Lightspeed has not taken off it yet."""
        is_cart = Q(sale__state__in=Sale.State.unfinished())
        is_owed = Q(sale__state=Sale.State.PAID) & ~Q(
            sale__submission__state__in=Submission.State.done()
        )
        return self.filter(
            is_cart | is_owed,
            sale__account=account,
            credit_account_lightspeed_id=credit_account_id,
            state=SalePayment.State.APPROVED,
            amount__gt=0,
        )

    def pending(self) -> SalePaymentQuerySet:
        return self.filter(state__one_of=SalePayment.State.pending())

    def on_readers(self) -> SalePaymentQuerySet:
        """Readers were told to take these, and what came of it is not known yet."""
        told = self.pending().exclude(state=SalePayment.State.WANTED)
        return told.filter(on_reader=True)

    def overdue(self, now: datetime) -> SalePaymentQuerySet:
        """Wishes that came to nothing, as the process that was to see to them ended."""
        wanted = self.pending().filter(state=SalePayment.State.WANTED)
        return wanted.filter(started_at__lt=now - WANTED_FOR_AT_MOST)

    def unanswered(self, started_before: datetime) -> SalePaymentQuerySet:
        """Reps were told to take these, and nobody knows what came of it."""
        told = self.pending().exclude(state=SalePayment.State.WANTED)
        unanswered = told.filter(
            on_reader=False,
            started_at__lt=started_before,
            sale__state__one_of=Sale.State.unfinished(),
        )
        return unanswered.select_related(
            *("sale__account", "sale__draft", "sale__tax_category"),
            *("sale__rep__employee", "sale__register__shop"),
        )


class SalePayment(Owned):
    """One payment of a sale, committed before anybody is told to take the money.

    `amount` is what counts against the total: below zero where the customer gets money back, and
    where a gift card or an account is loaded (`is_load`), which is paid for like goods.
    """

    class State(models.TextChoices):
        WANTED = "wanted", _("wanted")  # tapped; waits for Lightspeed's total, and moves nothing
        STARTED = "started", _("started")  # somebody was told to take it; unanswered
        DOUBTFUL = "doubtful", _("not known")  # the terminal may have taken it
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")  # nothing was taken
        CANCELLED = "cancelled", _("cancelled")  # nothing was taken, nor tried
        REVERSED = "reversed", _("given back")  # was approved, and given back before the sale was

        @classmethod
        def pending(cls) -> list[str]:
            return [cls.WANTED, cls.STARTED, cls.DOUBTFUL]

    sale = models.ForeignKey(Sale, models.CASCADE, related_name="payments")
    payment_type = models.ForeignKey(PaymentType, models.PROTECT, related_name="+")
    # Known in Lightspeed by this, so that it is never written there twice.
    remote_reference = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    amount_tendered = models.DecimalField(max_digits=12, decimal_places=2)
    change = models.DecimalField(
        max_digits=12, decimal_places=2, default=Decimal(0), db_default=Decimal(0)
    )
    is_load = models.BooleanField(default=False, db_default=False)
    # Whether a customer's account may come to owe by it, as far as its limit.
    may_owe = models.BooleanField(default=False, db_default=False)
    # What was due by the screen on which it was tapped.
    expected_due = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    # The gift card or account that is paid with or loaded, and how it is told to people.
    credit_account_lightspeed_id = models.BigIntegerField(null=True)
    credit_account_name = models.CharField(max_length=64, blank=True, db_default="")
    card_brand = models.CharField(max_length=32, blank=True, db_default="")
    card_last4 = models.CharField(max_length=4, blank=True, db_default="")
    terminal_reference = models.CharField(max_length=64, blank=True, db_default="")
    # Whether the register's reader takes it, and says what came of it, instead of the rep.
    on_reader = models.BooleanField(default=False, db_default=False)
    state = models.CharField(max_length=16, choices=State.choices, default=State.STARTED)
    started_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True)

    objects = OwnedManager.from_queryset(SalePaymentQuerySet)()
    everywhere = models.Manager.from_queryset(SalePaymentQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sale", "remote_reference"], name="one_payment_a_reference"
            ),
            models.UniqueConstraint(
                fields=["sale"],
                name="one_pending_payment_a_sale",
                condition=Q(state__in=["wanted", "started", "doubtful"]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["credit_account_lightspeed_id"],
                name="payments_from_accounts",  # SalePaymentQuerySet.promised
                condition=Q(credit_account_lightspeed_id__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.payment_type} {self.amount}"

    def as_tender(self, *, with_change: bool) -> Tender:
        """Of cash `with_change` Lightspeed keeps what was due, and calls the rest change."""
        return Tender(
            payment_type_id=self.payment_type.lightspeed_id,
            amount=self.amount + self.change if with_change else self.amount,
            remote_reference=self.remote_reference,
            credit_account_id=self.credit_account_lightspeed_id,
        )

    @property
    def amount_asked(self) -> Decimal:
        """What somebody is told to take or to give back."""
        return abs(self.amount)

    @property
    def amount_loaded(self) -> Decimal:
        return -self.amount

    @property
    def rounding(self) -> Decimal:
        """What cash kept or gave more than it counts, as there are no smaller coins."""
        return self.amount_tendered - self.change - self.amount

    @property
    def is_refund(self) -> bool:
        return self.amount < 0 and not self.is_load

    @property
    def is_from_account(self) -> bool:
        """Whether it takes off a gift card or a customer's account what is on it."""
        return self.credit_account_lightspeed_id is not None and self.amount > 0

    @property
    def asks_a_terminal(self) -> bool:
        """Whether somebody has to take it elsewhere before it can be called approved."""
        return self.payment_type.kind not in PaymentType.AT_ONCE

    @property
    def is_overdue(self) -> bool:
        """Wanted for so long that the rep has been told that it came to nothing."""
        return (
            self.state == self.State.WANTED and clock.now() - self.started_at > WANTED_FOR_AT_MOST
        )

    @property
    def is_given_back(self) -> bool:
        return self.state == self.State.REVERSED

    @property
    def is_closed_without_money(self) -> bool:
        return self.state in (self.State.DECLINED, self.State.CANCELLED)

    def begin(self) -> bool:
        """From a wish to a payment. False where it was cancelled meanwhile."""
        state = self.State.STARTED if self.asks_a_terminal else self.State.APPROVED
        return self._move([self.State.WANTED], state, on_reader=self._goes_to_reader)

    @property
    def _goes_to_reader(self) -> bool:
        is_card = self.payment_type.kind == PaymentType.CREDIT_CARD
        readers = self.sale.register.readers.filter(removed_at=None)
        return is_card and self.amount > 0 and readers.exists()

    def leave_reader(self) -> None:
        """The reader was taken away before it was told: the rep takes it by hand."""
        self._move([self.State.STARTED], self.State.STARTED, on_reader=False)

    def be_doubtful(self) -> None:
        """Money was taken, but not as it was asked for: a manager decides."""
        self._move([self.State.STARTED], self.State.DOUBTFUL)

    def answer(self, state: SalePayment.State, now: datetime) -> bool:
        """Close a payment that has not come to its end. False where it was closed before."""
        return self._move(self.State.pending(), state, answered_at=now)

    def cancel(self, now: datetime) -> bool:
        """Only a wish can be: once somebody was told to take it, it has to be answered."""
        return self._move([self.State.WANTED], self.State.CANCELLED, answered_at=now)

    def give_back(self, now: datetime) -> bool:
        return self._move([self.State.APPROVED], self.State.REVERSED, answered_at=now)

    def _move(self, seen: list[str], state: SalePayment.State, **change: object) -> bool:
        change |= {"state": state}
        moved = SalePayment.everywhere.filter(pk=self.pk, state__in=seen).update(**change)
        if moved:
            for name, value in change.items():
                setattr(self, name, value)
        return bool(moved)


class Action(Owned):
    """A form that was sent and carried out. The same form sent again does nothing more."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="actions")
    action_id = models.UUIDField()
    done_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "action_id"], name="an_action_is_done_once")
        ]

    def __str__(self) -> str:
        return str(self.action_id)
