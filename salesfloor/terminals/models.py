"""Card readers, and the journal of what was asked of them: each row is committed before its call.

Never a card number: brand and last four digits are what Stripe gives.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from salesfloor.staff import clock
from salesfloor.staff.models import Account, Register
from salesfloor.staff.owned import Owned, OwnedManager
from salesfloor.terminals import signals
from salesfloor.terminals.protocol import Card, Standing, Status
from salesfloor.terminals.words import GIVEN_BACK, refund_words_of, words_of

if TYPE_CHECKING:
    from salesfloor.terminals.stripe_api import Sight

# Stripe may fail to answer for so long before the rep is told that the outcome is unknown.
UNKNOWN_AFTER = timedelta(seconds=10)
# A customer takes less time to pay; what takes longer is a manager's business.
SETTLED_WITHIN = timedelta(minutes=3)
# And so is a Stripe that has not answered for so long.
ANSWERED_WITHIN = timedelta(seconds=60)


class Reader(Owned):
    """A card reader at a register, connected through Stripe Terminal."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="readers")
    register = models.ForeignKey(Register, models.PROTECT, related_name="readers")
    stripe_id = models.CharField(max_length=64)
    label = models.CharField(max_length=64)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["register"], name="one_reader_a_register", condition=Q(removed_at=None)
            ),
            models.UniqueConstraint(
                fields=["stripe_id"], name="one_register_a_reader", condition=Q(removed_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_busy(self) -> bool:
        return self.charges.filter(state__in=Charge.State.live()).exists()

    def remove(self) -> None:
        self.removed_at = clock.now()
        self.save(update_fields=["removed_at"])


class ChargeQuerySet(models.QuerySet["Charge"]):
    def live(self) -> ChargeQuerySet:
        """Not known to have ended: looked up until they are."""
        return self.filter(state__in=Charge.State.live())

    def for_a_person(self, now: datetime) -> ChargeQuerySet:
        """Money that no sale counts on, or perhaps taken and long not known; the oldest first."""
        late = Q(begun_at__lt=now - SETTLED_WITHIN)
        silent = Q(unanswered_since__lt=now - ANSWERED_WITHIN)
        waits = Q(state__in=Charge.State.live()) & (late | silent)
        stray = Q(state=Charge.State.STRAY)
        return self.filter(waits | stray).select_related("reader__register__shop").order_by("pk")


class Charge(Owned):
    """One payment on a reader: what was asked of Stripe, and what is known of it."""

    class State(models.TextChoices):
        CREATING = "creating", _("being prepared")  # no reader knows of it: no money can move
        ON_READER = "on_reader", _("on the reader")  # it may be paid, which holds the money
        TAKING = "taking", _("being taken")  # nobody may give it up any more
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")  # ended at Stripe too; nothing was taken
        CANCELLED = "cancelled", _("cancelled")  # likewise, because we gave it up
        STRAY = "stray", _("taken, but not for a sale")  # until a manager gives it back

        @classmethod
        def live(cls) -> list[str]:
            return [cls.CREATING, cls.ON_READER, cls.TAKING]

    account = models.ForeignKey(Account, models.CASCADE, related_name="charges")
    reader = models.ForeignKey(Reader, models.PROTECT, related_name="charges")
    reference = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=16, choices=State.choices, default=State.CREATING)
    intent_id = models.CharField(max_length=64, blank=True, db_index=True)
    begun_at = models.DateTimeField(default=clock.now)
    handed_over_at = models.DateTimeField(null=True)
    # By whom it was given up, `code` says: empty for the rep, else Stripe's or our word for why.
    given_up_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=64, blank=True)
    # Since when Stripe has not answered.
    unanswered_since = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    taken = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    card_brand = models.CharField(max_length=32, blank=True)
    card_last4 = models.CharField(max_length=4, blank=True)
    receipt: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)

    objects = OwnedManager.from_queryset(ChargeQuerySet)()
    everywhere = models.Manager.from_queryset(ChargeQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "reference"], name="one_charge_a_reference"),
            models.UniqueConstraint(
                fields=["reader"],
                name="one_live_charge_a_reader",
                condition=Q(state__in=["creating", "on_reader", "taking"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.state}"

    @property
    def is_live(self) -> bool:
        return self.state in self.State.live()

    @property
    def age(self) -> timedelta:
        return clock.now() - self.begun_at

    def hand_over(self, intent_id: str, now: datetime) -> bool:
        """Say so before the reader is told. False where it was given up meanwhile."""
        self._update(
            Q(state=self.State.CREATING),
            state=self.State.ON_READER,
            intent_id=intent_id,
            handed_over_at=now,
        )
        return self.given_up_at is None

    def take(self) -> bool:
        """Claim what is held, before it is taken. False where it was given up first."""
        on_reader = Q(state__in=[self.State.ON_READER, self.State.TAKING], given_up_at=None)
        return self._update(on_reader, state=self.State.TAKING)

    def give_up(self, now: datetime, code: str = "") -> bool:
        """Whether the money will now not be taken; False once it is being taken, or ended."""
        open_ = Q(state__in=[self.State.CREATING, self.State.ON_READER], given_up_at=None)
        return self._update(open_, given_up_at=now, code=code[:64])

    def settle(self, state: State, now: datetime, sight: Sight | None = None) -> None:
        """It has ended, and selling is told so."""
        change: dict[str, object] = {"state": state, "settled_at": now, "unanswered_since": None}
        if sight:
            change |= {"taken": sight.amount, "receipt": sight.receipt}
            change |= {"card_brand": sight.card.brand, "card_last4": sight.card.last4}
        if self._update(Q(state__in=self.State.live()), **change):
            self._tell()

    def be_stray(self) -> None:
        """No sale counts on what was taken."""
        self._update(Q(state=self.State.APPROVED), state=self.State.STRAY)

    def be_given_back(self) -> None:
        """A manager has given a stray back: it is as if it had been declined."""
        if self._update(Q(state=self.State.STRAY), state=self.State.DECLINED, code=GIVEN_BACK):
            self._tell()

    def _tell(self) -> None:
        signals.settled.send_robust(
            type(self), account=self.account, reference=self.reference, standing=self.standing
        )

    def close(self, now: datetime) -> None:
        """Nothing was taken, and nothing will be."""
        self.settle(self.State.DECLINED if self.code else self.State.CANCELLED, now)

    def note_answer(self) -> None:
        self._update(Q(unanswered_since__isnull=False), unanswered_since=None)

    def note_silence(self, now: datetime) -> None:
        self._update(Q(unanswered_since=None), unanswered_since=now)

    def _update(self, while_: Q, **change: object) -> bool:
        """Change the row only while it is so; then know it as it is."""
        changed = Charge.everywhere.filter(while_, pk=self.pk).update(**change)
        self.refresh_from_db()
        return bool(changed)

    @property
    def is_stray(self) -> bool:
        return self.state == self.State.STRAY

    @property
    def standing(self) -> Standing:
        return Standing(
            self._status,
            words=words_of(self._status, self.code),
            card=Card(self.card_brand, self.card_last4),
            terminal_reference=self.intent_id,
            receipt=tuple(self.receipt.items()),
        )

    @property
    def _status(self) -> Status:
        if not self.is_live:
            return Status(self.state)
        silent = self.unanswered_since and clock.now() - self.unanswered_since > UNKNOWN_AFTER
        return Status.UNKNOWN if silent else Status.WAITING


class RefundQuerySet(models.QuerySet["Refund"]):
    def live(self) -> RefundQuerySet:
        return self.filter(state=Refund.State.SENDING)

    def for_a_person(self, now: datetime) -> RefundQuerySet:
        """Money perhaps given back, and long not known."""
        late = self.live().filter(begun_at__lt=now - ANSWERED_WITHIN)
        return late.select_related("charge__reader__register__shop").order_by("pk")


class Refund(Owned):
    """Money of a charge given back to the card that paid."""

    class State(models.TextChoices):
        SENDING = "sending", _("being given back")  # it may have been given back
        APPROVED = "approved", _("given back")
        DECLINED = "declined", _("refused")  # nothing was given back

    charge = models.ForeignKey(Charge, models.PROTECT, related_name="refunds")
    reference = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    state = models.CharField(max_length=16, choices=State.choices, default=State.SENDING)
    code = models.CharField(max_length=64, blank=True)
    refund_id = models.CharField(max_length=64, blank=True)
    begun_at = models.DateTimeField(default=clock.now)
    sends = models.PositiveIntegerField(default=0)
    unanswered_since = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    objects = OwnedManager.from_queryset(RefundQuerySet)()
    everywhere = models.Manager.from_queryset(RefundQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["charge", "reference"], name="one_refund_a_reference")
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.state}"

    @property
    def is_live(self) -> bool:
        return self.state == self.State.SENDING

    def note_send(self) -> None:
        self.sends += 1
        self.save(update_fields=["sends"])

    def note_silence(self, now: datetime) -> None:
        self.unanswered_since = self.unanswered_since or now
        self.save(update_fields=["unanswered_since"])

    def settle(self, state: State, now: datetime, *, code: str = "", refund_id: str = "") -> None:
        self.state, self.settled_at, self.unanswered_since = state, now, None
        self.code, self.refund_id = code[:64], refund_id
        self.save()
        signals.settled.send_robust(
            type(self),
            account=self.charge.account,
            reference=self.reference,
            standing=self.standing,
        )
        if state == self.State.APPROVED and self.amount == self.charge.taken:
            self.charge.be_given_back()

    @property
    def standing(self) -> Standing:
        return Standing(
            self._status,
            words=refund_words_of(self._status, self.code),
            card=Card(self.charge.card_brand, self.charge.card_last4),
            terminal_reference=self.refund_id,
        )

    @property
    def _status(self) -> Status:
        if not self.is_live:
            return Status(self.state)
        return Status.UNKNOWN if self.unanswered_since else Status.WAITING
