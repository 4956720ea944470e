"""How far each part of Lightspeed's data has been read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models

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

    def troubled(self) -> FeedQuerySet:
        return self.exclude(error="")

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
    # In words for people; empty when the latest attempt went well.
    error = models.CharField(max_length=255, blank=True)
    failures = models.IntegerField(default=0)
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
