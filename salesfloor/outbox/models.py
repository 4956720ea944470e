"""Everything we write to Lightspeed: what is owed, and a journal of every attempt."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from salesfloor.lightspeed import records
from salesfloor.money import to_cents
from salesfloor.outbox.comparison import Kind, Wrong
from salesfloor.outbox.next_action import Outcome, Reason
from salesfloor.staff import clock
from salesfloor.staff.models import Account, Employee, Register, Rep
from salesfloor.staff.owned import Owned, OwnedManager

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class DraftQuerySet(models.QuerySet["Draft"]):
    def leave(self, reference: str, *, but: Draft | None = None) -> None:
        """The cart is finished: of its drafts only the one it was paid with is still wanted."""
        drafts = self.filter(reference=reference, stray_since=None)
        if but:
            drafts = drafts.exclude(pk=but.pk)
        drafts.update(stray_since=clock.now())

    def kept(self) -> DraftQuerySet:
        """Left open in Lightspeed on purpose: others may complete them, and we do not."""
        return self.filter(kept_since__isnull=False, stray_since=None)

    def strays(self, left_before: datetime) -> DraftQuerySet:
        """Drafts nobody wants, left before this moment and still to be archived."""
        return self.filter(stray_since__lt=left_before, archived_at=None).order_by("stray_since")


class Draft(Owned):
    """A cart written to Lightspeed as an open sale, to have it priced there.

    The row is committed before the write, so it is that write's journal too. Doubled or forgotten
    drafts cost nothing; once their cart is finished they are strays, and archived.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="drafts")
    reference = models.CharField(max_length=28)
    started_at = models.DateTimeField()
    # Empty until Lightspeed has answered.
    sale_lightspeed_id = models.BigIntegerField(null=True)
    total = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    read_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)
    # Since it was left there for a till to finish, or as a quote.
    kept_since = models.DateTimeField(null=True)
    # Since its cart was finished without it: given up, or paid with a later draft.
    stray_since = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)

    objects = OwnedManager.from_queryset(DraftQuerySet)()

    class Meta:
        indexes = [
            models.Index(fields=["account", "reference"], name="drafts_of_a_sale"),
            models.Index(
                fields=["account", "stray_since"],
                name="stray_drafts",
                condition=Q(stray_since__isnull=False, archived_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.outcome or 'no answer yet'}"

    def is_stale(self, now: datetime) -> bool:
        """Whether it was last read so long ago that it must be read again before money.

        Or before this process: an older copy of the database may have been restored since.
        """
        if self.read_at is None or self.read_at < clock.process_began_at():
            return True
        return now - self.read_at > settings.QUOTE_FRESH_FOR


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def undelivered(self) -> SubmissionQuerySet:
        """Money taken and not yet known to be in Lightspeed."""
        return self.exclude(state__one_of=Submission.State.done())

    def recorded(self) -> SubmissionQuerySet:
        """Known to be in Lightspeed, and as which sale."""
        completed = self.filter(state=Submission.State.COMPLETED)
        return completed.exclude(sale_lightspeed_id=None)

    def due(self, now: datetime) -> SubmissionQuerySet:
        """What a courier should look at now, the longest waiting first."""
        return self.undelivered().filter(due_at__lte=now).order_by("due_at", "pk")

    def stuck(self, paid_before: datetime) -> SubmissionQuerySet:
        """What a manager must see: needs a person, or was paid before this and is not recorded."""
        return self.undelivered().filter(
            Q(state=Submission.State.ATTENTION) | ~Q(reason="") | Q(paid_at__lt=paid_before)
        )


class Submission(Owned):
    """A sale that is owed to Lightspeed: the money is taken, its draft waits to be completed.

    `payload` is frozen when the sale is paid; whatever is sent, is sent from it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("on its way")  # nothing that counts has been sent
        SUBMITTING = "submitting", _("being sent")  # the courier is writing
        CHECKING = "checking", _("checking")  # the outcome is unknown: reads only
        COMPLETED = "completed", _("recorded")  # read back and equal
        ATTENTION = "attention", _("needs a manager")  # `reason` says why; reads go on
        SETTLED = "settled", _("settled by hand")  # a manager has seen to it; never sent again

        @classmethod
        def done(cls) -> list[str]:
            return [cls.COMPLETED, cls.SETTLED]

    account = models.ForeignKey(Account, models.CASCADE, related_name="submissions")
    rep = models.ForeignKey(Rep, models.PROTECT, related_name="submissions")
    reference = models.CharField(max_length=28)
    payload: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    total = models.DecimalField(max_digits=12, decimal_places=2)
    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING)
    # A code of next_action.Reason: why a person must act. Kept while the courier goes on reading.
    reason = models.CharField(max_length=32, blank=True)
    detail = models.TextField(blank=True)
    paid_at = models.DateTimeField()
    due_at = models.DateTimeField()
    look_wanted = models.BooleanField(default=False)  # before anything else
    completed_at = models.DateTimeField(null=True)
    sale_lightspeed_id = models.BigIntegerField(null=True)
    ticket_number = models.CharField(max_length=32, blank=True)
    # Lightspeed's time of the sale as it was found completed: what was sold has left its stock.
    recorded_at = models.DateTimeField(null=True)
    # By whom, when and why it was settled by hand.
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Rep, models.PROTECT, null=True, related_name="+")
    settled_note = models.TextField(blank=True)

    objects = OwnedManager.from_queryset(SubmissionQuerySet)()
    everywhere = models.Manager.from_queryset(SubmissionQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "reference"], name="one_submission_a_reference"
            )
        ]
        indexes = [
            models.Index(
                fields=["account", "due_at"],
                name="undelivered_submissions",
                condition=~Q(state__in=["completed", "settled"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.state}"

    def be_in_doubt(self, now: datetime) -> None:
        """An older copy of the database was restored: it may have been sent since that was made."""
        self.attempts.create(
            kind=Attempt.Kind.SEND,
            started_at=now,
            finished_at=now,
            outcome=Outcome.DOUBT,
            detail="An older copy of the database was restored. It may have been sent before.",
        )

    def ask_for_look(self) -> None:
        """Have the courier look it up at once, whatever its schedule says."""
        self.look_wanted, self.due_at = True, clock.now()
        self.save(update_fields=["look_wanted", "due_at"])

    def change(self, **values: Any) -> bool:
        """What the courier has to say of it. False, and nothing is changed, once it was settled."""
        rows = Submission.everywhere.filter(pk=self.pk).exclude(state=self.State.SETTLED)
        if not rows.update(**values):
            self.refresh_from_db()
            return False
        for name, value in values.items():
            setattr(self, name, value)
        return True

    def settle_by_hand(self, manager: Rep, note: str, ticket_number: str = "") -> bool:
        """A manager has entered it in Lightspeed, paid it back, or accepted what is there.

        It leaves the board and is never sent again. False, and nothing is changed, where it was
        recorded or settled meanwhile, or is being sent at this moment.
        """
        with transaction.atomic():
            # SQLite lets no other write in; PostgreSQL holds the row for the checks that follow.
            row = Submission.everywhere.select_for_update().get(pk=self.pk)
            sending = row.attempts.exclude(kind=Attempt.Kind.LOOK).filter(finished_at=None)
            if row.state in self.State.done() or sending.exists():
                return False
            return self.change(
                state=self.State.SETTLED,
                reason="",
                settled_at=clock.now(),
                settled_by=manager,
                settled_note=note,
                ticket_number=ticket_number[:32] or row.ticket_number,
            )

    @property
    def reason_words(self) -> StrOrPromise:
        """Why a person must act, and what is known, for that person."""
        return _REASON_WORDS.get(self.reason, "")


_REASON_WORDS: dict[str, StrOrPromise] = {
    Reason.UNCONFIRMED: _(
        "Lightspeed has not confirmed this sale. We keep looking. Do not charge again."
    ),
    Reason.TOO_MANY_SENDS: _(
        "Lightspeed did not take this sale in several tries. Enter it there by hand."
    ),
    Reason.FORBIDDEN: _("Lightspeed does not let this rep complete sales. Check the rep's rights."),
    Reason.SIGNED_OUT: _(
        "Nobody is signed in to Lightspeed any more. Sign in, and it is recorded by itself."
    ),
    Reason.SIGN_IN_REFUSED: _(
        "Lightspeed refuses our sign-ins, though it has not ended them. Sign in again; we keep "
        "trying."
    ),
    Reason.CLIENT_REFUSED: _(
        "Lightspeed refuses salesfloor itself: its client id or secret is no longer good. "
        "Whoever runs salesfloor must see to it."
    ),
    Reason.CHANGED_THERE: _(
        "The open sale was changed in Lightspeed after it was paid here, so it was not recorded. "
        "Put it right there, or enter the sale by hand. Do not charge again."
    ),
    Reason.GONE_THERE: _(
        "The open sale was taken away in Lightspeed after it was paid here. Enter it there by hand."
    ),
    Reason.PAID_THERE: _(
        "It has payments in Lightspeed that were not taken here. Did the customer pay twice?"
    ),
    Reason.NOT_DRAFTED: _(
        "It was sold while Lightspeed was away, and Lightspeed has not taken it yet. We keep "
        "trying."
    ),
    Reason.PROVISIONAL_DIFFERED: _(
        "It was sold while Lightspeed was away, at another total than Lightspeed's. It is recorded "
        "with a line for the difference."
    ),
    Reason.DIFFERENT: _("It is in Lightspeed, but not as it was sold. Compare the two."),
    Reason.GIVEN_UP: _(
        "It was not found in Lightspeed in two days, and we look no more by ourselves. Look there, "
        "then settle it by hand."
    ),
    Reason.BROKEN: _("salesfloor fails at recording this sale. Enter it in Lightspeed by hand."),
}


class Attempt(Owned):
    """One call made for a submission: committed before it is sent, closed by its outcome.

    An attempt that is still open when another courier comes was cut off: its outcome is unknown.
    """

    class Kind(models.TextChoices):
        DRAFT = "draft", _("write the sale")  # which was sold while Lightspeed was away
        SEND = "send", _("complete the sale")
        LOOK = "look", _("look the sale up")

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="attempts")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    # Whose clock its times are of; see next_action.Entry.
    courier = models.CharField(max_length=32, blank=True, db_default="")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, blank=True)  # a word of next_action.Outcome
    # Our payments that a look saw on the sale while it was still open.
    tenders_there: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    # A code of next_action.Reason: what is wrong with the sale that was seen.
    trouble = models.CharField(max_length=32, blank=True, db_default="")
    # Of a draft: the open sale, its total there, and how much of it is the line that makes it what
    # was collected.
    sale_lightspeed_id = models.BigIntegerField(null=True)
    total = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    difference = models.DecimalField(
        max_digits=12, decimal_places=2, default=Decimal(0), db_default=Decimal(0)
    )
    status = models.PositiveSmallIntegerField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    detail = models.TextField(blank=True)
    # What Lightspeed asked for in a 429, in seconds.
    retry_after_seconds = models.FloatField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.outcome or 'open'}"

    @property
    def outcome_words(self) -> StrOrPromise:
        return _OUTCOME_WORDS.get(self.outcome, _("not known yet"))


_OUTCOME_WORDS: dict[str, StrOrPromise] = {
    Outcome.FOUND: _("It is completed in Lightspeed."),
    Outcome.NOT_FOUND: _("It is not completed in Lightspeed."),
    Outcome.NO_ANSWER: _("Lightspeed could not be asked."),
    Outcome.NOT_SENT: _("Lightspeed could not be reached: nothing was sent."),
    Outcome.BUSY: _("Lightspeed was busy and did nothing."),
    Outcome.FORBIDDEN: _("Lightspeed refused it for lack of a right, and did nothing."),
    Outcome.SIGNED_OUT: _("Nobody was signed in to Lightspeed: nothing was sent."),
    Outcome.TOKEN_REFUSED: _("Lightspeed refused the sign-in, and did nothing."),
    Outcome.CLIENT_REFUSED: _("Lightspeed refused salesfloor, and did nothing."),
    Outcome.DRAFTED: _("It is open in Lightspeed, at the total that was collected."),
    Outcome.UNEQUAL: _("Lightspeed came to another total than was collected."),
    Outcome.DOUBT: _("No answer that tells whether it was done."),
}


class Sweep(Owned):
    """How far Lightspeed's sales with our source have been compared with what we know.

    `changed_through` is in Lightspeed's time, so that no clock of ours is held against it; a copy
    of the database that is restored knows the moment from which on it has to look again.
    """

    account = models.OneToOneField(Account, models.CASCADE, related_name="sweep")
    changed_through = models.DateTimeField()
    payment_id_through = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)  # when a comparison last came to its end
    looked_far_back_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)  # why the last try did not

    def __str__(self) -> str:
        return f"through {self.changed_through}"


class FindingQuerySet(models.QuerySet["Finding"]):
    def unsettled(self) -> FindingQuerySet:
        return self.filter(settled_at=None)

    def for_a_person(self) -> FindingQuerySet:
        """What a manager must see, the oldest first; of a forgotten cart only its last price."""
        later = self.unsettled().filter(
            kind=Kind.STRAY,
            account=OuterRef("account"),
            reference=OuterRef("reference"),
            sale_lightspeed_id__gt=OuterRef("sale_lightspeed_id"),
        )
        earlier = Q(kind=Kind.STRAY) & Exists(later)
        return self.unsettled().exclude(earlier).order_by("found_at", "pk")

    def of_old_copies(self) -> FindingQuerySet:
        """One for each time that an older copy of the database was restored."""
        return self.filter(kind=Kind.RESTORED)

    def that_hold(self) -> FindingQuerySet:
        """All but what is no longer so: unsettled, or seen to by a manager."""
        return self.filter(Q(settled_at=None) | Q(settled_by__isnull=False))

    def that_hold_of(self, sale_ids: Collection[int]) -> FindingQuerySet:
        return self.that_hold().filter(sale_lightspeed_id__in=sale_ids).order_by("pk")

    def already_sold(self, reference: str) -> Finding | None:
        """A sale completed in Lightspeed that this cart, though still open here, has become."""
        found = self.filter(reference=reference, kind__in=(Kind.UNKNOWN, Kind.ELSEWHERE))
        return found.that_hold().order_by("pk").first()


class Finding(Owned):
    """A sale in Lightspeed that does not fit what we know. Closed when it is no longer so, or when
    a manager has seen to it; found anew only if something else is wrong with the sale then.

    Of no sale, but an older copy of our own database, where its kind is RESTORED."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="findings")
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in Kind])
    reference = models.CharField(max_length=64)
    sale_lightspeed_id = models.BigIntegerField()
    ticket_number = models.CharField(max_length=32, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    detail = models.TextField(blank=True)
    sold_at = models.DateTimeField(null=True)
    employee = models.ForeignKey(Employee, models.SET_NULL, null=True, related_name="+")
    register = models.ForeignKey(Register, models.SET_NULL, null=True, related_name="+")
    found_at = models.DateTimeField()
    looked_at = models.DateTimeField()  # when the sale was last read by itself
    settled_at = models.DateTimeField(null=True)
    # Nobody where it was no longer so by itself.
    settled_by = models.ForeignKey(Rep, models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)

    objects = OwnedManager.from_queryset(FindingQuerySet)()
    everywhere = models.Manager.from_queryset(FindingQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "sale_lightspeed_id"],
                name="one_open_finding_a_sale",
                condition=Q(settled_at=None),
            )
        ]
        indexes = [
            models.Index(fields=["account", "reference"], name="findings_of_a_reference"),
            models.Index(fields=["account", "sale_lightspeed_id"], name="findings_of_a_sale"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.reference}"

    @classmethod
    def about(cls, account: Account, sale: records.Sale, wrong: Wrong) -> Finding:
        """Not saved yet."""
        return cls(
            account=account,
            kind=wrong.kind,
            detail=wrong.detail,
            reference=sale.reference_number[:64],
            sale_lightspeed_id=sale.sale_id,
            ticket_number=sale.ticket_number[:32],
            amount=to_cents(sale.calc_total),
            sold_at=sale.complete_time,
            employee=account.employees.filter(lightspeed_id=sale.employee_id).first(),
            register=account.registers.filter(lightspeed_id=sale.register_id).first(),
        )

    @classmethod
    def of_missing(cls, submission: Submission, sale_id: int) -> Finding:
        """Not saved yet. `sale_id` is what it was recorded as."""
        return cls(
            account=submission.account,
            kind=Kind.MISSING,
            reference=submission.reference,
            sale_lightspeed_id=sale_id,
            ticket_number=submission.ticket_number,
            amount=submission.total,
            sold_at=submission.paid_at,
            employee=submission.rep.employee,
        )

    @classmethod
    def tell_of_old_copy(cls, account: Account, now: datetime) -> None:
        """In the caller's transaction. What was told of an earlier one is told by this."""
        earlier = account.findings.unsettled().of_old_copies()
        earlier.update(settled_at=now, note="Another older copy was restored.")
        newest = account.submissions.order_by("-paid_at").first()
        account.findings.create(
            kind=Kind.RESTORED,
            sale_lightspeed_id=0,
            amount=Decimal(0),
            sold_at=newest.paid_at if newest else None,
            found_at=now,
            looked_at=now,
        )

    @property
    def is_of_a_sale(self) -> bool:
        return self.kind != Kind.RESTORED

    def says(self, wrong: Wrong | Finding | None) -> bool:
        """Whether all that is wrong has been told by this; if nothing is, whether it is settled."""
        if wrong is None:
            return self.settled_at is not None
        return (self.kind, self.detail) == (wrong.kind, wrong.detail)

    def look_at(self, now: datetime) -> None:
        self.looked_at = now
        self.save(update_fields=["looked_at"])

    def settle(self, now: datetime, note: str, by: Rep | None = None) -> bool:
        """False where it was settled before. What a manager says of a forgotten cart holds of its
        earlier prices too."""
        same = Q(pk=self.pk)
        if by and self.kind == Kind.STRAY:
            same |= Q(account=self.account_id, kind=self.kind, reference=self.reference)
        unsettled = Finding.everywhere.filter(same, settled_at=None)
        return bool(unsettled.update(settled_at=now, settled_by=by, note=note))

    @property
    def words(self) -> StrOrPromise:
        """What is wrong and what can be done, for a manager."""
        return _FINDING_WORDS.get(self.kind, "")


_FINDING_WORDS: dict[str, StrOrPromise] = {
    Kind.UNKNOWN: _(
        "Lightspeed has a completed sale that salesfloor knows nothing of, as after an older copy "
        "of its database was restored. The money is recorded there. Do not charge again."
    ),
    Kind.ELSEWHERE: _(
        "A cart of salesfloor was completed in Lightspeed by another hand, at a till for example. "
        "It is paid there. Do not charge again."
    ),
    Kind.DOUBLED: _(
        "The same sale is in Lightspeed a second time. Void or refund one of the two there."
    ),
    Kind.CHANGED: _("A sale that was recorded has been changed in Lightspeed since."),
    Kind.MISSING: _("A sale that was recorded is no longer in Lightspeed. Enter it there by hand."),
    Kind.MISPLACED: _("A payment of one sale stands on another sale in Lightspeed."),
    Kind.OVERDRAWN: _(
        "More was paid from a gift card or an account than was on it. Was it spent twice? Look at "
        "it in Lightspeed, and ask the customer for the rest."
    ),
    Kind.PAID_OPEN: _(
        "An open sale in Lightspeed has payments, and no cart of salesfloor waits for it. If that "
        "money was really taken, complete it there; else take the payments out."
    ),
    Kind.STRAY: _(
        "An open sale in Lightspeed that salesfloor has forgotten, as after an older copy of its "
        "database was restored. If the customer paid, complete it there; else discard it there."
    ),
    Kind.RESTORED: _(
        "An older copy of salesfloor's database was restored. What was paid after it was made may "
        "be missing here: compare drawers and card slips with the day's figures, and ask the reps "
        "whether the carts that they have open were paid."
    ),
}


class ErrandQuerySet(models.QuerySet["Errand"]):
    def perhaps_done(self, kind: str, body: dict[str, Any], since: datetime) -> ErrandQuerySet:
        """Those sent with the same words since then of which one may have had its effect."""
        same = self.filter(kind=kind, started_at__gte=since).exclude(state=Errand.State.NOT_DONE)
        return same.filter(pk__in=[errand.pk for errand in same if errand.body == body])


class Errand(Owned):
    """A small write to Lightspeed beside the sales: a new customer, an account, a gift card.

    Committed before it is sent. None is sent again by itself; somebody who asks for the same once
    more has it looked for first.
    """

    class Kind(models.TextChoices):
        CUSTOMER = "customer", _("new customer")
        CREDIT_ACCOUNT = "credit account", _("account for a customer")
        GIFT_CARD = "gift card", _("new gift card")
        KEPT_LINE = "kept line", _("goods kept for a customer")
        CANCELLED_LINE = "cancelled line", _("goods kept no longer")
        QUOTE = "quote", _("new quote")

    class State(models.TextChoices):
        SENT = "sent", _("sent")  # and if nobody is at it any more: doubtful
        DONE = "done", _("done")
        NOT_DONE = "not done", _("not done")  # it has had no effect
        DOUBTFUL = "doubtful", _("doubtful")

    account = models.ForeignKey(Account, models.CASCADE, related_name="errands")
    rep = models.ForeignKey(Rep, models.PROTECT, related_name="errands")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    body: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    state = models.CharField(max_length=16, choices=State.choices, default=State.SENT)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    detail = models.TextField(blank=True)

    objects = OwnedManager.from_queryset(ErrandQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["account", "kind", "started_at"], name="recent_errands")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.state}"

    def end(self, state: Errand.State, detail: str = "") -> None:
        self.state, self.detail, self.finished_at = state, detail, clock.now()
        self.save(update_fields=["state", "detail", "finished_at"])
