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
    """Of the first sync: records read so far and, where Lightspeed has said it, of how many."""

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
        """Of the feeds that are counted beforehand, together."""
        feeds = list(self.exclude(rows_expected=None))
        left = [feed.time_left(now) for feed in feeds]
        return Progress(
            done=sum(feed.rows_shown for feed in feeds),
            expected=sum(feed.rows_expected or 0 for feed in feeds),
            time_left=sum(filter(None, left), timedelta()) if any(left) else None,
        )


class Feed(Owned):
    """One kind of record of one account, and how far its mirror has come.

    A run reads page after page; each page is saved in one transaction with the place to go on
    from, so a run may be killed anywhere and resumed. The first run reads everything, later ones
    what has changed since `high_water`.
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
    # Of the first run; Lightspeed is asked for the number only where it is worth its price.
    rows_done = models.IntegerField(default=0)
    rows_expected = models.IntegerField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # The latest run: its beginning, and the beginning of the latest that came to its end.
    run_started_at = models.DateTimeField(null=True, blank=True)
    last_run_at = models.DateTimeField(null=True, blank=True)
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

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    @property
    def rows_shown(self) -> int:
        """Never more than expected: a resumed run may read some rows twice."""
        if self.rows_expected is None:
            return self.rows_done
        return self.rows_expected if self.is_finished else min(self.rows_done, self.rows_expected)

    def time_left(self, now: datetime) -> timedelta | None:
        """Of the first run, at its pace so far; None where that cannot be known."""
        if self.is_finished or not (self.started_at and self.rows_expected and self.rows_done):
            return None
        pace = (now - self.started_at) / self.rows_done
        return pace * (self.rows_expected - self.rows_shown)
