"""Keeping an account's mirror equal to Lightspeed: all of it once, then what changes."""

import logging
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from salesfloor.catalog import search
from salesfloor.lightspeed import errors
from salesfloor.lightspeed.client import Client, Page
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.mirror.feeds import KINDS, THE_BEGINNING, Kind
from salesfloor.mirror.models import Feed
from salesfloor.staff import clock
from salesfloor.staff.connection import client_of
from salesfloor.staff.locks import holding
from salesfloor.staff.models import Account, Rep

logger = logging.getLogger(__name__)

# A worker's thread is given back after this long; the rest is another task's.
AT_A_TIME = timedelta(seconds=20)
LONGEST_BREAK = timedelta(minutes=30)
# Records of one and the same second may still be on their way into Lightspeed's lists so long.
SETTLED_AFTER = timedelta(minutes=10)
PAGE = 100
# So often everything is compared, for two or three drips a hundred records: a shop of 20,000 items
# spends a thousandth of its week on it.
WHOLE_EVERY = timedelta(days=7)
# After a whole reading that came to nothing. What changes is read all the same.
WHOLE_AGAIN_AFTER = timedelta(hours=1)
# No id of Lightspeed's is so high.
MOST_ID = 2**63 - 1
# What is found depends on these.
INDEXED = ("items", "stock")

# What Lightspeed may answer when the address of a page is too old for it.
_PLACE_LOST = (errors.Rejected, errors.NotFound, errors.GarbledAnswer)
# After these the next feed would fare no better.
_ALL_FEEDS = (errors.NotSent, errors.NoAnswer, errors.SignInLost, errors.ClientRefused)


class Paused(Exception):
    """The time for this task is over; the feed's place is kept."""


def compare_everything(account: Account) -> None:
    """Have all that is followed by its changes read whole as well, with the next sync."""
    account.feeds.update(whole_due_at=clock.now())


def sync(account: Account, *, everything: bool = False) -> bool:
    """Read what is due, or `everything` whether due or not. True where there is more to do at once.

    Does nothing while another process does the same. Failures are kept on the feeds, with the
    time of the next attempt.
    """
    with holding(f"sync-{account.pk}") as held:
        return _sync(account, everything) if held else False


def is_ready(account: Account) -> bool:
    """Whether all has come that selling needs."""
    needed = [kind.name for kind in KINDS if kind.needed]
    finished = account.feeds.filter(name__in=needed).exclude(finished_at=None)
    return finished.count() == len(needed)


def _sync(account: Account, everything: bool) -> bool:
    until = clock.now() + AT_A_TIME
    for kind in KINDS:
        feed, _ = account.feeds.get_or_create(name=kind.name)
        if not (everything or _is_due(kind, feed)):
            continue
        # Stock of items that have never been listed could be shown to nobody.
        if kind.name == "stock" and account.feeds.filter(name="items", finished_at=None).exists():
            continue
        if (goes_on := _attempt(kind, feed, until)) is not None:
            return goes_on
    # Where the changes have been read there is time to compare the rest.
    return any(_compare(kind, account.feeds.get(name=kind.name), until) for kind in KINDS)


def _attempt(kind: Kind, feed: Feed, until: datetime) -> bool | None:
    """Run it. None: on to the next; else what `sync` answers."""
    account = feed.account
    try:
        _run(kind, feed, _client(account, kind.right), until)
        _index(account, until)
    except Paused:
        return True
    except errors.RateLimited as error:
        # Reps come first. That is no trouble worth telling.
        _put_off(feed, timedelta(seconds=error.retry_after or 30))
        return False
    except errors.LightspeedError as error:
        logger.warning("%s of account %s: %s", kind.name, account.pk, error)
        _fail(feed, _trouble(error))
        if isinstance(error, _ALL_FEEDS):
            return False
    except Exception:
        logger.exception("%s of account %s", kind.name, account.pk)
        _fail(feed, Feed.Trouble.OURS)
    return None


def _index(account: Account, until: datetime) -> None:
    """Raises Paused. An index is built once all items have come, and once more with their stock,
    rather than with each page: the sizes of a run come on many. A feed in trouble is not waited
    for, as it may stay in it: stock that we may not see must not hide what else has changed."""
    coming = account.feeds.filter(finished_at=None, run_started_at__isnull=False, trouble="")
    if coming.filter(name__in=INDEXED).exists():
        return
    if account.feeds.filter(name="items").exclude(finished_at=None).exists() and not (
        search.make_ready(account, may_go_on=lambda: clock.now() < until)
    ):
        raise Paused


def _is_due(kind: Kind, feed: Feed) -> bool:
    now = clock.now()
    if feed.retry_at and now < feed.retry_at:
        return False
    waits = feed.last_run_at and not feed.resume_at and now < feed.last_run_at + kind.every
    return not waits


def _compare(kind: Kind, feed: Feed, until: datetime) -> bool:
    """Where a whole reading is due, begin it or go on with it. True where there is more to do at
    once."""
    due_at = feed.whole_due_at or (feed.finished_at and feed.finished_at + WHOLE_EVERY)
    if not (kind.whole and feed.is_finished and due_at and due_at <= clock.now()):
        return False
    try:
        _run_whole(kind, feed, _client(feed.account, kind.right), until)
    except Paused:
        return True
    except Exception as error:
        pause = WHOLE_AGAIN_AFTER
        if isinstance(error, errors.RateLimited):
            pause = timedelta(seconds=error.retry_after or 30)
        elif isinstance(error, errors.LightspeedError):
            logger.warning("all %s of account %s: %s", kind.name, feed.account_id, error)
        else:
            logger.exception("all %s of account %s", kind.name, feed.account_id)
        feed.refresh_from_db()
        feed.whole_due_at = clock.now() + pause
        feed.save(update_fields=["whole_due_at"])
    return False


def _client(account: Account, right: Right) -> Client:
    """Acts as a manager if one is signed in: they may see what others may not."""
    grants = account.grants.live().select_related("rep")
    manager: Rep | None = next((grant.rep for grant in grants if grant.rep.is_manager), None)
    return client_of(account, right, rather=manager)


def _run(kind: Kind, feed: Feed, client: Client, until: datetime) -> None:
    """From the feed's place to the end. Raises Paused, LightspeedError."""
    if not feed.resume_at:
        _begin(kind, feed)
    seen: set[int] = set()
    for page in _pages(kind, feed, client):
        unique = {kind.key(record): record for record in page.records}
        if page.next_url and feed.rows_expected is None and not feed.is_finished:
            feed.rows_expected = _expected(kind, feed.account, client)
        kind.prepare(feed.account, list(unique.values()))
        with transaction.atomic():
            kind.save(feed.account, list(unique.values()))
            _advance(kind, feed, page)
        seen |= unique.keys()
        if kind.followed and page.next_url and clock.now() > until:
            raise Paused
    _finish(kind, feed, seen)


def _begin(kind: Kind, feed: Feed) -> None:
    now = clock.now()
    feed.run_started_at = now
    if feed.started_at is None and kind.name in INDEXED:
        search.hold(feed.account)
    feed.started_at = feed.started_at or now
    if not kind.followed and not feed.is_finished:
        feed.rows_done = 0
    feed.save_run()


def _expected(kind: Kind, account: Account, client: Client) -> int | None:
    """None where it cannot be known; nothing depends on it but what people are told."""
    try:
        return kind.expected(account, client) if kind.expected else None
    except errors.LightspeedError as error:
        logger.info("how many %s of account %s: %s", kind.name, account.pk, error)
        return None


def _run_whole(kind: Kind, feed: Feed, client: Client, until: datetime) -> None:
    """Everything once more, by id: what a page passes over is not there any more. Raises Paused,
    LightspeedError."""
    for page in _whole_pages(kind, feed, client):
        unique = {kind.key(record): record for record in page.records}
        if list(unique) != sorted(unique) or min(unique, default=MOST_ID) <= feed.whole_past:
            raise errors.GarbledAnswer("a list is not in the order that was asked for")
        kind.prepare(feed.account, list(unique.values()))
        with transaction.atomic():
            kind.save(feed.account, list(unique.values()))
            if unique or feed.whole_past:  # one empty answer is not believed
                _archive_passed_over(kind, feed, unique.keys(), is_last=not page.next_url)
            feed.whole_resume_at = page.next_url
            feed.whole_past = max(unique, default=feed.whole_past)
            feed.save(update_fields=["whole_resume_at", "whole_past"])
        if page.next_url and clock.now() > until:
            raise Paused
    feed.whole_past, feed.whole_due_at = 0, clock.now() + WHOLE_EVERY
    feed.save(update_fields=["whole_past", "whole_due_at"])


def _whole_pages(kind: Kind, feed: Feed, client: Client) -> Iterator[Page[Any]]:
    assert kind.whole is not None  # noqa: S101 (see `_compare`)
    if not feed.whole_resume_at:
        feed.whole_past = 0
    try:
        yield from kind.whole(client, feed.whole_resume_at).pages()
    except _PLACE_LOST:
        if not feed.whole_resume_at:
            raise
        feed.whole_resume_at, feed.whole_past = "", 0
        yield from kind.whole(client, "").pages()


def _archive_passed_over(kind: Kind, feed: Feed, listed: Collection[int], *, is_last: bool) -> None:
    assert kind.rows is not None  # noqa: S101 (those that are listed whole have rows)
    rows = kind.rows(feed.account).filter(archived=False, lightspeed_id__gt=feed.whole_past)
    if not is_last:
        rows = rows.filter(lightspeed_id__lt=max(listed, default=0))
    gone = list(rows.exclude(lightspeed_id__in=listed))
    for row in gone:
        row.archived = True
    if gone:
        kind.rows(feed.account).filter(pk__in=[row.pk for row in gone]).update(archived=True)
        kind.index(gone)


def _pages(kind: Kind, feed: Feed, client: Client) -> Iterator[Page[Any]]:
    try:
        yield from kind.listing(client, _since(feed), feed.resume_at).pages()
    except _PLACE_LOST:
        if not feed.resume_at:
            raise
        yield from kind.listing(client, _since(feed), "").pages()


def _since(feed: Feed) -> datetime:
    """Everything changed from here on is read: what has exactly this timeStamp is read again.

    Unless those are many, as after an import, and old enough that there can be no more of them.
    """
    if feed.high_water is None:
        return THE_BEGINNING
    settled = feed.run_started_at and feed.run_started_at - feed.high_water > SETTLED_AFTER
    if feed.is_finished and settled and feed.at_high_water > PAGE:
        return feed.high_water + timedelta(seconds=1)
    return feed.high_water


def _advance(kind: Kind, feed: Feed, page: Page[Any]) -> None:
    if kind.followed:
        feed.resume_at = page.next_url
        for moment in sorted(record.time_stamp for record in page.records):
            if feed.high_water is None or moment > feed.high_water:
                feed.high_water, feed.at_high_water = moment, 0
            feed.at_high_water += moment == feed.high_water
    if not feed.is_finished:
        feed.rows_done += len(page.records)
    feed.save_run()


@transaction.atomic
def _finish(kind: Kind, feed: Feed, seen: set[int]) -> None:
    assert feed.run_started_at is not None  # noqa: S101 (set when the run began)
    # One empty answer is not believed: without registers or payment types nobody could sell.
    if kind.rows and not kind.followed and seen:
        kept = kind.rows(feed.account).filter(archived=False).values_list("lightspeed_id", "pk")
        gone = [pk for lightspeed_id, pk in kept if lightspeed_id not in seen]
        kind.rows(feed.account).filter(pk__in=gone).update(archived=True)
    kind.finish(feed.account, feed.run_started_at)
    feed.resume_at = ""
    feed.finished_at = feed.finished_at or clock.now()
    feed.last_run_at = feed.run_started_at
    feed.trouble, feed.failures, feed.retry_at = "", 0, None
    feed.save_run()


def _trouble(error: errors.LightspeedError) -> Feed.Trouble:
    if isinstance(error, errors.SignInLost | errors.ClientRefused):
        return Feed.Trouble.SIGNED_OUT
    if isinstance(error, errors.Forbidden):
        return Feed.Trouble.FORBIDDEN
    if isinstance(error, errors.NotSent | errors.NoAnswer | errors.ServerError):
        return Feed.Trouble.AWAY
    return Feed.Trouble.ODD


def _fail(feed: Feed, trouble: Feed.Trouble) -> None:
    """What was saved page by page stays; what was read and not saved is read again."""
    feed.refresh_from_db()
    feed.trouble = trouble
    feed.failures += 1
    _put_off(feed, min(timedelta(minutes=1) * 2 ** min(feed.failures - 1, 10), LONGEST_BREAK))


def _put_off(feed: Feed, pause: timedelta) -> None:
    feed.retry_at = clock.now() + pause
    feed.save(update_fields=["trouble", "failures", "retry_at"])
