"""Everything we write to Lightspeed: what is owed, and a journal of every attempt."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from salesfloor.outbox.next_action import Reason
from salesfloor.staff.models import Account, Rep
from salesfloor.staff.owned import Owned, OwnedManager

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class DraftQuerySet(models.QuerySet["Draft"]):
    def leave(self, reference: str, *, but: Draft | None = None) -> None:
        """The cart is finished: of its drafts only the one it was paid with is still wanted."""
        drafts = self.filter(reference=reference)
        if but:
            drafts = drafts.exclude(pk=but.pk)
        drafts.update(stray_since=timezone.now())

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
        """Whether it was last read so long ago that it must be read again before money."""
        return self.read_at is None or now - self.read_at > settings.QUOTE_FRESH_FOR


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def undelivered(self) -> SubmissionQuerySet:
        """Money taken and not yet known to be in Lightspeed."""
        return self.exclude(state=Submission.State.COMPLETED)

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
    look_wanted = models.BooleanField(default=False)  # by a manager, at once
    completed_at = models.DateTimeField(null=True)
    sale_lightspeed_id = models.BigIntegerField(null=True)
    ticket_number = models.CharField(max_length=32, blank=True)

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
                condition=~Q(state="completed"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.state}"

    def ask_for_look(self) -> None:
        """Have the courier look it up at once, whatever its schedule says."""
        self.look_wanted, self.due_at = True, timezone.now()
        self.save(update_fields=["look_wanted", "due_at"])

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
    Reason.DIFFERENT: _("It is in Lightspeed, but not as it was sold. Compare the two."),
    Reason.BROKEN: _("salesfloor fails at recording this sale. Enter it in Lightspeed by hand."),
}


class Attempt(Owned):
    """One call made for a submission: committed before it is sent, closed by its outcome.

    An attempt that is still open when another courier comes was cut off: its outcome is unknown.
    """

    class Kind(models.TextChoices):
        SEND = "send", _("complete the sale")
        LOOK = "look", _("look the sale up")

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="attempts")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, blank=True)  # a word of next_action.Outcome
    # Our payments that a look saw on the sale while it was still open.
    tenders_there: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    status = models.PositiveSmallIntegerField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    detail = models.TextField(blank=True)
    # What Lightspeed asked for in a 429, in seconds.
    retry_after_seconds = models.FloatField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.outcome or 'open'}"
