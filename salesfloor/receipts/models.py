"""Receipts that customers want by e-mail. Lightspeed sends them, once it has the sale."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from salesfloor.outbox.models import Submission
from salesfloor.sales.models import Sale
from salesfloor.staff import clock
from salesfloor.staff.owned import Owned, OwnedManager

# After a try that had no effect; then it is given up.
TRY_AGAIN_AFTER = [timedelta(seconds=seconds) for seconds in (10, 30, 120, 600)]
# A call that was begun longer ago was cut off: longer than waiting for a turn and a call may take.
SENT_WITHIN = timedelta(minutes=2)
# Then the address is forgotten.
ADDRESS_KEPT_FOR = timedelta(days=30)


class EmailReceiptQuerySet(models.QuerySet["EmailReceipt"]):
    def due(self, now: datetime) -> EmailReceiptQuerySet:
        """To be sent now: wanted, and of a sale that is in Lightspeed as it was sold."""
        return self.filter(
            state=EmailReceipt.State.WANTED,
            due_at__lte=now,
            sale__submission__state=Submission.State.COMPLETED,
        )

    def cut_off(self, now: datetime) -> EmailReceiptQuerySet:
        """Begun by a process that died: nobody knows what became of them."""
        return self.filter(state=EmailReceipt.State.SENDING, started_at__lt=now - SENT_WITHIN)

    def forget_addresses(self, now: datetime) -> None:
        """Of what was settled long ago."""
        settled = self.exclude(state__in=EmailReceipt.State.unsettled())
        old = settled.filter(wanted_at__lt=now - ADDRESS_KEPT_FOR).exclude(address="")
        old.update(address="", outcome="")


class EmailReceipt(Owned):
    """A receipt for one address: the wish, and the journal of what was done about it.

    Every change of state is made by whoever finds the row in the state before.
    """

    class State(models.TextChoices):
        WANTED = "wanted", _("wanted")  # nothing that counts has been sent
        SENDING = "sending", _("being sent")  # Lightspeed has been told, and has not answered
        SENT = "sent", _("sent")
        FAILED = "failed", _("not sent")
        DOUBTFUL = "doubtful", _("perhaps sent")  # Lightspeed never answered
        WITHDRAWN = "withdrawn", _("withdrawn")  # another address was given before it was sent

        @classmethod
        def unsettled(cls) -> list[str]:
            return [cls.WANTED, cls.SENDING]

    sale = models.ForeignKey(Sale, models.CASCADE, related_name="email_receipts")
    address = models.CharField(max_length=254, blank=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.WANTED)
    wanted_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(default=clock.now)
    tries = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)

    objects = OwnedManager.from_queryset(EmailReceiptQuerySet)()
    everywhere = models.Manager.from_queryset(EmailReceiptQuerySet)()

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                name="unsettled_emails",
                condition=Q(state__in=["wanted", "sending"]),
            )
        ]

    def __str__(self) -> str:
        return f"Receipt of {self.sale_id}: {self.state}"

    @classmethod
    def want(cls, sale: Sale, address: str) -> EmailReceipt:
        """In the caller's transaction. What still waits for another address is withdrawn."""
        waiting = sale.email_receipts.filter(state=cls.State.WANTED)
        waiting.update(state=cls.State.WITHDRAWN)
        wish: EmailReceipt = sale.email_receipts.create(address=address)
        return wish

    @property
    def is_unsettled(self) -> bool:
        return self.state in self.State.unsettled()

    def begin(self, now: datetime) -> bool:
        """Commit to one try, before it is made. False where somebody else was faster."""
        wanted = EmailReceipt.everywhere.filter(pk=self.pk, state=self.State.WANTED)
        return self._become(wanted, state=self.State.SENDING, started_at=now, tries=F("tries") + 1)

    def be_sent(self, now: datetime) -> None:
        self._end(self.State.SENT, "", sent_at=now)

    def be_doubtful(self, outcome: str) -> None:
        self._end(self.State.DOUBTFUL, outcome)

    def fail(self, outcome: str) -> None:
        self._end(self.State.FAILED, outcome)

    def be_tried_again(self, now: datetime, outcome: str) -> None:
        """Nothing was sent. Wait a little, unless it was tried often enough."""
        if self.tries > len(TRY_AGAIN_AFTER):
            self.fail(outcome)
        elif self.sale.email_receipts.filter(pk__gt=self.pk).exists():
            self._end(self.State.WITHDRAWN, outcome)
        else:
            due_at = now + TRY_AGAIN_AFTER[self.tries - 1]
            self._end(self.State.WANTED, outcome, due_at=due_at)

    def _end(self, state: State, outcome: str, **change: object) -> None:
        sending = EmailReceipt.everywhere.filter(pk=self.pk, state=self.State.SENDING)
        self._become(sending, state=state, outcome=outcome, **change)

    def _become(self, rows: EmailReceiptQuerySet, **change: object) -> bool:
        changed = rows.update(**change)
        self.refresh_from_db()
        return bool(changed)
