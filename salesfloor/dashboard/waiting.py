"""What waits for a person, all of it: nothing else decides what the board and its count show."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Exists, Prefetch, QuerySet

from salesfloor.orders.models import Order
from salesfloor.outbox.models import Attempt, Finding, Submission
from salesfloor.sales import checkout, provisional
from salesfloor.sales.models import Sale, SalePayment
from salesfloor.staff.models import Account, Grant, Leave, Rep
from salesfloor.terminals.models import Charge, Refund

# Money taken and not in Lightspeed is the manager's business after this long.
ON_ITS_OWN_FOR = timedelta(seconds=60)
# Who has a sale in hand, and where.
HERE = ("rep__employee", "register__shop")


@dataclass(frozen=True)
class Waiting:
    """`lost` are the sign-ins that Lightspeed has refused; they wait for a manager only where
    nobody else's is left, or where it is the manager's own. That Lightspeed `is_silent`, and what
    `leave` there is to sell without it, is told beside all that."""

    unanswered: Sequence[SalePayment]
    charges: Sequence[Charge]
    refunds: Sequence[Refund]
    partly_paid: Sequence[Sale]
    stuck: Sequence[Submission]
    findings: Sequence[Finding]
    orders: Sequence[Order]
    lost: Sequence[Grant]
    nobody_signed_in: bool
    signed_out: bool
    is_silent: bool
    leave: Leave | None

    @property
    def count(self) -> int:
        rows = (
            *(self.unanswered, self.charges, self.refunds),
            *(self.partly_paid, self.stuck, self.findings, self.orders),
        )
        return sum(map(len, rows)) + (self.nobody_signed_in or self.signed_out)

    @property
    def digest(self) -> str:
        """Another one as soon as the board would show anything else, but for the time."""
        shown = [
            *((payment.pk, payment.state) for payment in self.unanswered),
            *((charge.pk, charge.state) for charge in self.charges),
            *((refund.pk, refund.state) for refund in self.refunds),
            *((sale.pk, sale.version) for sale in self.partly_paid),
            *((each.pk, each.state, each.reason, each.detail) for each in self.stuck),
            *((finding.pk, finding.kind, finding.detail) for finding in self.findings),
            *((order.pk, order.trouble) for order in self.orders),
            *((grant.pk, grant.lost_at) for grant in self.lost),
            self.nobody_signed_in,
            self.signed_out,
            self.is_silent,
            self.leave,
        ]
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def waiting(rep: Rep, now: datetime) -> Waiting:
    """For this manager."""
    account: Account = rep.account
    found = _rows(account, now)
    lost = account.grants.exclude(lost_at=None).select_related("rep__employee")
    live = set(account.grants.live().values_list("rep", flat=True))
    return Waiting(
        unanswered=list(found.unanswered),
        charges=list(found.charges),
        refunds=list(found.refunds),
        partly_paid=list(found.partly_paid.select_related(*HERE, "account")),
        stuck=list(
            found.stuck.select_related(
                *("rep__employee", "sale__register__shop", "sale__draft", "sale__tax_category")
            ).prefetch_related(Prefetch("attempts", Attempt.everywhere.order_by("pk")))
        ),
        findings=list(found.findings.select_related("employee", "register__shop")),
        orders=list(found.orders.select_related("rep__employee", "shop", "customer", "draft")),
        lost=[grant for grant in lost.order_by("lost_at") if not grant.rep.is_dismissed],
        nobody_signed_in=not live,
        signed_out=rep.pk not in live,
        is_silent=provisional.is_silent(account, now),
        leave=account.leave_at(now),
    )


def count_waiting(rep: Rep, now: datetime) -> int:
    """`waiting(rep, now).count`, by one question to the database: every page asks it."""
    signed_in = rep.account.grants.live().filter(rep=rep)
    signed_out = Rep.everywhere.filter(~Exists(signed_in), pk=rep.pk)
    rows = (signed_out, *_rows(rep.account, now))
    first, *others = [each.order_by().values("pk") for each in rows]
    return first.union(*others, all=True).count()


class _Rows(NamedTuple):
    unanswered: QuerySet[SalePayment]
    charges: QuerySet[Charge]
    refunds: QuerySet[Refund]
    partly_paid: QuerySet[Sale]
    stuck: QuerySet[Submission]
    findings: QuerySet[Finding]
    orders: QuerySet[Order]


def _rows(account: Account, now: datetime) -> _Rows:
    return _Rows(
        checkout.unanswered_payments(account),
        account.charges.for_a_person(now),
        Refund.everywhere.filter(charge__account=account).for_a_person(now),
        account.sales.partly_paid(now - checkout.ANSWERED_WITHIN),
        account.submissions.stuck(paid_before=now - ON_ITS_OWN_FOR).order_by("paid_at"),
        account.findings.for_a_person(),
        account.orders.for_a_person(now),
    )
