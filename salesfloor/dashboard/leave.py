"""What a manager sees of selling without Lightspeed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Prefetch, Q

from salesfloor.mirror.models import Feed
from salesfloor.outbox.models import Attempt
from salesfloor.outbox.next_action import Outcome
from salesfloor.sales import provisional
from salesfloor.sales.models import Sale, SalePayment
from salesfloor.sales.refusals import Unpriced
from salesfloor.staff.models import Account, Event, Leave

GAVE, ENDED = "gave_leave", "ended_leave"
# What a rep could not begin so long ago tells nothing of now.
TELLS_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class Standing:
    """`latest` is what managers did about it last, `sold` what was sold so, the newest first."""

    leave: Leave | None
    is_silent: bool
    waiting: provisional.Waiting
    latest: Sequence[Event]
    sold: Sequence[Sale]


def standing(account: Account, now: datetime) -> Standing:
    events = account.events.filter(act__in=(GAVE, ENDED)).select_related("rep__employee")
    differing = Attempt.everywhere.filter(outcome=Outcome.DRAFTED).exclude(difference=0)
    sold = account.sales.paid().filter(is_provisional=True)
    return Standing(
        leave=account.leave_at(now),
        is_silent=is_silent(account, now),
        waiting=provisional.waiting(account),
        latest=list(events[:10]),
        sold=list(
            sold.prefetch_related(
                Prefetch("submission__attempts", differing, to_attr="that_differ")
            )[:30]
        ),
    )


def is_silent(account: Account, now: datetime) -> bool:
    """Whether Lightspeed did not answer when it was asked last, by the mirror or for a price."""
    is_away = Q(trouble=Feed.Trouble.AWAY)
    runs = account.feeds.aggregate(
        well=Max("last_run_at"), in_vain=Max("run_started_at", filter=is_away)
    )
    if runs["in_vain"] and (runs["well"] is None or runs["in_vain"] > runs["well"]):
        return True
    payments = SalePayment.everywhere.filter(sale__account=account, is_load=False)
    last = payments.exclude(state=SalePayment.State.WANTED).select_related("sale").last()
    if last is None or last.sale.refusal != Unpriced.SILENT:
        return False
    return now - last.started_at < TELLS_FOR
