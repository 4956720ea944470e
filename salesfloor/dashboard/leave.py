"""What a manager sees of selling without Lightspeed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from salesfloor.outbox.models import Attempt
from salesfloor.outbox.next_action import Outcome
from salesfloor.sales import provisional
from salesfloor.sales.models import Sale
from salesfloor.staff.models import Account, Event, Leave

GAVE, ENDED = "gave_leave", "ended_leave"


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
        is_silent=provisional.is_silent(account, now),
        waiting=provisional.waiting(account),
        latest=list(events[:10]),
        sold=list(
            sold.prefetch_related(
                Prefetch("submission__attempts", differing, to_attr="that_differ")
            )[:30]
        ),
    )
