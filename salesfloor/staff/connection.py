"""A Lightspeed client that acts as one of the account's people."""

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet, Sum
from redis import Redis, RedisError

from salesfloor.lightspeed import errors, oauth
from salesfloor.lightspeed.client import Client
from salesfloor.lightspeed.ratelimit import (
    FIGURES_KEPT,
    HOUR,
    Bucket,
    BucketStore,
    Call,
    Figures,
    Pacer,
    Right,
)
from salesfloor.lightspeed.redis_store import RedisStore
from salesfloor.staff import clock, locks
from salesfloor.staff.models import Account, Grant, HourOfCalls, RateLimit, Rep

log = logging.getLogger(__name__)

# Tokens are renewed this long before they end, so that none ends on its way.
REFRESH_EARLY = timedelta(minutes=2)
# Longer than one renewal may take.
RENEWED_WITHIN_SECONDS = 30.0
# A rep waits for these, and the page gives up after 20 seconds.
ASKED_BY_REPS = (Right.QUOTE, Right.LOOK_UP)
REP_WAITS_SECONDS = 15.0
# No longer than this where a manager allows to sell without Lightspeed's answer.
LEAVE_WAITS_SECONDS = 5.0
# A Redis that takes longer than this counts as away.
REDIS_SECONDS = 1.0


def changing_tokens_of(rep_pk: int) -> AbstractContextManager[bool]:
    """Held by whoever replaces the tokens of this rep; False where another takes too long."""
    return locks.holding(f"grant-of-{rep_pk}", wait_seconds=RENEWED_WITHIN_SECONDS)


class GrantTokens:
    """The tokens of one grant, renewed under a lock and committed before they are used.

    Lightspeed gives a new refresh token each time and lets the old one die once the new access
    token has been used; two renewals at once can end the connection for good.
    """

    def __init__(self, grant: Grant) -> None:
        self.grant = grant

    def access_token(self) -> str:
        token: str = self.grant.access_token
        ends_soon = self.grant.expires_at - REFRESH_EARLY <= clock.now()
        return self.replace(token) if ends_soon else token

    def replace(self, rejected: str) -> str:
        """A token other than the rejected one.

        Raises SignInLost where none is to be had, NotSent where Lightspeed cannot say just now,
        ClientRefused, Forbidden or RateLimited where it refuses: the call that it was wanted for
        has had no effect, and the same write may be sent again.
        """
        with changing_tokens_of(self.grant.rep_id) as held:
            if not held:
                raise errors.NotSent("another process takes long to renew the sign-in")
            self.grant.refresh_from_db()
            kept: str = self.grant.access_token
            if kept != rejected:
                return kept  # another process was faster
            if self.grant.lost_at:
                raise errors.SignInLost("this sign-in was refused by Lightspeed before")
            return self._renew()

    def _renew(self) -> str:
        """Both tokens are committed before the new one is used, as that ends the old ones."""
        try:
            pair = oauth.refresh(
                self.grant.refresh_token,
                client_id=settings.LIGHTSPEED_CLIENT_ID,
                client_secret=settings.LIGHTSPEED_CLIENT_SECRET,
                login_url=settings.LIGHTSPEED_LOGIN_URL,
                now=clock.now,
            )
        except errors.SignInLost:
            self.grant.lose()
            raise
        except errors.OutcomeUnknown as error:
            raise errors.NotSent(f"the sign-in could not be renewed: {error}") from error
        with transaction.atomic(durable=True):
            self.grant.access_token = pair.access_token
            self.grant.refresh_token = pair.refresh_token
            self.grant.expires_at = pair.expires_at
            self.grant.save(update_fields=["access_token", "refresh_token", "expires_at"])
        return pair.access_token


class DatabaseBucket(BucketStore):
    """Keeps an account's leaky bucket in its database row, for all processes to share."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def update(self, change: Callable[[Bucket | None], Bucket], call: Call | None = None) -> None:
        with transaction.atomic():
            rows = RateLimit.everywhere.filter(account=self.account)
            stored = _bucket_of(rows.select_for_update())
            changed = change(stored)
            if stored is None:
                columns = asdict(changed)
                RateLimit.everywhere.update_or_create(account=self.account, defaults=columns)
            elif changed != stored:
                rows.update(**asdict(changed))
            if call:
                self._add(call)

    def _add(self, call: Call) -> None:
        """Where the bucket has a row, it is held, and nobody else adds at the same time."""
        hours = HourOfCalls.everywhere.filter(account=self.account)
        figures = asdict(Figures.of(call))
        added = {name: F(name) + value for name, value in figures.items() if value}
        if not hours.filter(began_at=call.hour, right=call.right.name).update(**added):
            hours.filter(began_at__lte=call.hour - FIGURES_KEPT).delete()
            HourOfCalls.everywhere.create(
                account=self.account, began_at=call.hour, right=call.right.name, **figures
            )

    def bucket(self) -> Bucket | None:
        return _bucket_of(RateLimit.everywhere.filter(account=self.account))

    def figures(self, since: datetime) -> Mapping[Right, Figures]:
        hours = HourOfCalls.everywhere.filter(account=self.account, began_at__gt=since - HOUR)
        sums = {field.name: Sum(field.name) for field in fields(Figures)}
        return {
            Right[row.pop("right")]: Figures(**row)
            for row in hours.values("right").annotate(**sums)
            if row["right"] in Right.__members__  # another release may have others
        }


def _bucket_of(rows: QuerySet[RateLimit]) -> Bucket | None:
    stored = rows.values(*(field.name for field in fields(Bucket))).first()
    return Bucket(**stored) if stored else None


class BucketOnRedis(BucketStore):
    """Keeps it in Redis and, while that is away, in the database: sales go on, a little unsure of
    how full the bucket is until the next answer tells."""

    def __init__(self, account: Account) -> None:
        self._redis = RedisStore(_redis(settings.REDIS_URL), f"lightspeed:{account.lightspeed_id}")
        self._database = DatabaseBucket(account)

    def update(self, change: Callable[[Bucket | None], Bucket], call: Call | None = None) -> None:
        try:
            self._redis.update(change, call)
        except RedisError as error:
            log.warning("Pacing by the database, as Redis is away: %s", error)
            self._database.update(change, call)

    def bucket(self) -> Bucket | None:
        try:
            return self._redis.bucket()
        except RedisError:
            return self._database.bucket()

    def figures(self, since: datetime) -> Mapping[Right, Figures]:
        try:
            return self._redis.figures(since)
        except (RedisError, ValueError):
            return self._database.figures(since)


@cache
def _redis(url: str) -> Redis:
    return Redis.from_url(url, socket_connect_timeout=REDIS_SECONDS, socket_timeout=REDIS_SECONDS)


def bucket_of(account: Account) -> BucketStore:
    """Where all processes share this account's leaky bucket and what its calls came to."""
    return BucketOnRedis(account) if settings.REDIS_URL else DatabaseBucket(account)


def client_for(rep: Rep, right: Right) -> Client:
    """Acts as this rep. Raises SignInLost where the rep must sign in to Lightspeed again."""
    grant = rep.account.grants.live().filter(rep=rep).first()
    if grant is None:
        raise errors.SignInLost("You are signed out of Lightspeed.")
    return _client(rep.account, grant, right)


def client_of(
    account: Account,
    right: Right,
    *,
    rather: Rep | None = None,
    answer_within_seconds: float | None = None,
) -> Client:
    """Acts as anyone of the account whose grant lives, this rep if possible.

    With `answer_within_seconds` a call is tried once, and only if it is its turn at once. Raises
    SignInLost where nobody's grant lives.
    """
    grants = list(account.grants.live())
    if not grants:
        raise errors.SignInLost("Nobody of this account is signed in to Lightspeed.")
    grant = next((grant for grant in grants if rather and grant.rep_id == rather.pk), grants[0])
    return _client(account, grant, right, answer_within_seconds)


def _client(
    account: Account, grant: Grant, right: Right, answer_within_seconds: float | None = None
) -> Client:
    call_seconds = settings.LIGHTSPEED_CALL_SECONDS
    if answer_within_seconds is not None:
        call_seconds = min(call_seconds, answer_within_seconds)
    if right in ASKED_BY_REPS:
        call_seconds = min(call_seconds, REP_WAITS_SECONDS)
    if right is Right.QUOTE and account.leave_at(clock.now()):
        call_seconds = min(call_seconds, LEAVE_WAITS_SECONDS)
    return Client(
        account.lightspeed_id,
        GrantTokens(grant),
        base_url=settings.LIGHTSPEED_API_URL,
        right=right,
        pacer=Pacer(bucket_of(account)),
        make_sure=locks.make_sure,
        now=clock.now,
        connect_seconds=settings.LIGHTSPEED_CONNECT_SECONDS,
        call_seconds=call_seconds,
        patience_seconds=None if answer_within_seconds is None else 0.0,
    )
