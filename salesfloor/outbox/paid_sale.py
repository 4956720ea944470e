"""A sale as it was paid, frozen: what the courier sends, and what it holds Lightspeed's answer to.

Submissions keep it as JSON, so that what is sent next week by another version is what was sold.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from salesfloor.lightspeed import records
from salesfloor.lightspeed.drafts import SaleDraft, Tender, completion
from salesfloor.money import to_cents

TOLD_WHEN_LATER_THAN = timedelta(seconds=60)


@dataclass(frozen=True)
class PaidSale:
    """`draft_id` is Lightspeed's id of the open sale that `draft` was written as.

    The tenders are as they were handed over; `change` of them went back.
    """

    draft_id: int
    draft: SaleDraft
    tenders: tuple[Tender, ...]
    total: Decimal
    change: Decimal
    completed_at: datetime

    @property
    def reference(self) -> str:
        return self.draft.reference_number

    def as_json(self) -> dict[str, Any]:
        stored: dict[str, Any] = TypeAdapter(PaidSale).dump_python(self, mode="json")
        return stored

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> PaidSale:
        return TypeAdapter(PaidSale).validate_python(stored)

    def completion(self, tenders_there: frozenset[str], now: datetime) -> dict[str, Any]:
        """The body of the one PUT that completes the draft, without tenders it already has.

        The time of the sale is told only when it is sent late: Lightspeed refuses a time that is
        seconds ahead of its own clock, and else takes the moment of the call.
        """
        missing = [
            tender for tender in self.tenders if tender.remote_reference not in tenders_there
        ]
        is_late = now - self.completed_at > TOLD_WHEN_LATER_THAN
        return completion(missing, self.completed_at if is_late else None)

    def is_in(self, sale: records.Sale) -> bool:
        ours = (self.draft.reference_number, self.draft.reference_number_source)
        return (sale.reference_number, sale.reference_number_source) == ours

    def differences(self, sale: records.Sale) -> list[str]:
        """Where the completed sale is not what was sold, in a manager's words; empty if nowhere."""
        found = []
        if sale.voided or sale.archived:
            found.append("it was voided or archived")
        if to_cents(sale.calc_total) != self.total:
            found.append(f"its total is {sale.calc_total}, not {self.total}")
        kept = sum((payment.amount for payment in sale.live_payments), Decimal(0))
        if kept != self.total:
            found.append(f"its payments come to {kept}, not {self.total}")
        if sale.change != self.change:
            found.append(f"its change is {sale.change}, not {self.change}")
        ours = Counter(tender.remote_reference for tender in self.tenders)
        theirs = Counter(payment.remote_reference for payment in sale.live_payments)
        if ours != theirs:
            found.append("its payments are not those that were taken")
        if not same_lines(self.draft, sale):
            found.append("its lines are not those that were sold")
        place = (sale.shop_id, sale.register_id, sale.employee_id)
        if place != (self.draft.shop_id, self.draft.register_id, self.draft.employee_id):
            found.append("it is booked to another shop, register or employee")
        return found


def same_lines(draft: SaleDraft, sale: records.Sale) -> bool:
    """Whether the sale has the lines of the draft and no others: items, quantities, prices."""
    drafted = Counter(
        (line.item_id, Decimal(line.unit_quantity), line.unit_price) for line in draft.lines
    )
    kept = Counter((line.item_id, line.unit_quantity, line.unit_price) for line in sale.sale_lines)
    return drafted == kept
