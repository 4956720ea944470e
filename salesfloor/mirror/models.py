"""How far each part of Lightspeed's data has been read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from salesfloor.staff.models import Account
from salesfloor.staff.owned import Owned, OwnedManager


@dataclass(frozen=True)
class Progress:
    """Of the first sync: records read so far and, where that can be known, of about how many."""

    done: int
    expected: int
    time_left: timedelta | None

    @property
    def percent(self) -> int:
        return min(100 * self.done // self.expected, 100) if self.expected else 0


class FeedQuerySet(models.QuerySet["Feed"]):
    def unfinished(self) -> FeedQuerySet:
        """Those that have never been read to their end."""
        return self.filter(finished_at=None)

    def progress(self, now: datetime) -> Progress:
        """Of the feeds of which is known how long they are, together."""
        feeds = list(self.exclude(rows_expected=None))
        left = [feed.time_left(now) for feed in feeds]
        return Progress(
            done=sum(feed.rows_done for feed in feeds),
            expected=sum(feed.rows_in_all for feed in feeds),
            time_left=sum(filter(None, left), timedelta()) if any(left) else None,
        )


class Feed(Owned):
    """One kind of record of one account, and how far its mirror has come.

    A run reads page after page; each page is saved in one transaction with the place to go on
    from, so a run may be killed anywhere and resumed. The first run reads everything, later ones
    what has changed since `high_water`. Now and then everything is read once more, for what went
    without a word, or changed without Lightspeed calling it a change.
    """

    class Trouble(models.TextChoices):
        AWAY = (
            "away",
            _("Lightspeed could not be reached. We try again by ourselves; nothing is lost."),
        )
        SIGNED_OUT = (
            "signed out",
            _("Lightspeed ended the connection. A manager has to sign in there again."),
        )
        FORBIDDEN = (
            "forbidden",
            _("Lightspeed does not let us read this. It needs a manager with the right to see it."),
        )
        ODD = "odd", _("Lightspeed gave an answer that we could not use. We try again.")
        OURS = "ours", _("Something went wrong on our side. We try again.")

    account = models.ForeignKey(Account, models.CASCADE, related_name="feeds")
    name = models.CharField(max_length=32)
    # The next page's address while a run is under way.
    resume_at = models.TextField(blank=True)
    # The latest timeStamp read, and how many records carry exactly that one.
    high_water = models.DateTimeField(null=True, blank=True)
    at_high_water = models.IntegerField(default=0)
    # Of the first run, and about how many there are.
    rows_done = models.IntegerField(default=0)
    rows_expected = models.IntegerField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # The latest run: its beginning, and the beginning of the latest that came to its end.
    run_started_at = models.DateTimeField(null=True, blank=True)
    last_run_at = models.DateTimeField(null=True, blank=True)
    # A whole reading compares all there is, page after page in the order of ids: when the next is
    # due, where to go on, and the highest id compared.
    whole_due_at = models.DateTimeField(null=True, blank=True)
    whole_resume_at = models.TextField(blank=True, default="", db_default="")
    whole_past = models.BigIntegerField(default=0, db_default=0)
    # Why the latest attempt came to nothing; empty when it went well.
    trouble = models.CharField(max_length=16, blank=True, choices=Trouble.choices)
    failures = models.IntegerField(default=0)  # one after another
    retry_at = models.DateTimeField(null=True, blank=True)

    objects = OwnedManager.from_queryset(FeedQuerySet)()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["account", "name"], name="one_feed_of_each_name")
        ]

    def __str__(self) -> str:
        return self.name

    def save_run(self) -> None:
        """Without what whole readings are told by others meanwhile."""
        fields = [field.name for field in self._meta.concrete_fields if not field.primary_key]
        self.save(update_fields=[name for name in fields if not name.startswith("whole_")])

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    @property
    def rows_in_all(self) -> int:
        """About, before all have come: what was expected, or as many as there were more."""
        return self.rows_done if self.is_finished else max(self.rows_expected or 0, self.rows_done)

    def time_left(self, now: datetime) -> timedelta | None:
        """Of the first run, at its pace so far; None where that cannot be known."""
        if self.is_finished or not (self.started_at and self.rows_expected and self.rows_done):
            return None
        pace = (now - self.started_at) / self.rows_done
        return pace * (self.rows_in_all - self.rows_done)
