"""A sale as it was paid, frozen: what the courier sends, and what it holds Lightspeed's answer to.

Submissions keep it as JSON, so that what is sent next week by another version is what was sold.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from salesfloor.lightspeed import records
from salesfloor.lightspeed.drafts import DraftLine, SaleDraft, ShipTo, Tender, completion
from salesfloor.money import to_cents

TOLD_WHEN_LATER_THAN = timedelta(seconds=60)
# Lines that Lightspeed puts below those of items for which it charges a fee.
FEES = ("item_fee", "item_fee_refund")


@dataclass(frozen=True)
class PaidSale:
    """`draft_id` is Lightspeed's id of the open sale that `draft` was written as; None where it was
    away and the total is our own: its draft is still to be written.

    The tenders are as they were handed over, negative where money was given back or put on a card
    or an account; `change` of them went back. `expected_lines_added` is how many lines Lightspeed
    adds for cards that are loaded, each of price 0.
    """

    draft_id: int | None
    draft: SaleDraft
    tenders: tuple[Tender, ...]
    total: Decimal
    change: Decimal
    completed_at: datetime
    expected_lines_added: int = 0

    @property
    def reference(self) -> str:
        return self.draft.reference_number

    def as_json(self) -> dict[str, Any]:
        stored: dict[str, Any] = _STORED.dump_python(self, mode="json")
        return stored

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> PaidSale:
        return _STORED.validate_python(stored)

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

    def with_difference(self, amount: Decimal) -> PaidSale:
        """The same with a line that makes Lightspeed's total what was collected without it."""
        if not amount:
            return self
        line = DraftLine(
            item_id=0,
            unit_quantity=1,
            unit_price=amount,
            tax=False,
            tax_class_id=0,
            note="Difference to what was collected while Lightspeed was away",
        )
        return replace(self, draft=replace(self.draft, lines=(*self.draft.lines, line)))

    def differences(self, sale: records.Sale) -> list[str]:
        """Where the completed sale is not what was sold, in a manager's words; empty if nowhere."""
        found = self.changes(sale)
        if sale.voided or sale.archived:
            found.append("it was voided or archived")
        kept = sum((payment.amount for payment in sale.live_payments), Decimal(0))
        if kept != self.total:
            found.append(f"its payments come to {kept}, not {self.total}")
        if sale.change != self.change:
            found.append(f"its change is {sale.change}, not {self.change}")
        if not self.has_payments_of(sale):
            found.append("its payments are not those that were taken")
        return found

    def changes(self, sale: records.Sale) -> list[str]:
        """Where the sale, be it still open, is not what was sold, whoever paid."""
        found = []
        if not self.is_in(sale):
            found.append("it has another reference")
        if to_cents(sale.calc_total) != self.total:
            found.append(f"its total is {sale.calc_total}, not {self.total}")
        if not same_lines(self.draft, sale, lines_added=self.expected_lines_added):
            found.append("its lines are not those that were sold")
        if sale.customer_id != (self.draft.customer_id or 0):
            found.append("it is another customer's")
        place = (sale.shop_id, sale.register_id, sale.employee_id)
        if place != (self.draft.shop_id, self.draft.register_id, self.draft.employee_id):
            found.append("it is booked to another shop, register or employee")
        if not _is_shipped_there(self.draft.ship_to, sale):
            found.append("it is not shipped to where it was to be")
        return found

    def strange_payments(self, sale: records.Sale) -> list[records.SalePayment]:
        """Payments of the open sale that are not ours, or are ours once more."""
        ours = {tender.remote_reference for tender in self.tenders}
        strange = []
        for payment in sale.live_payments:
            if payment.remote_reference not in ours:
                strange.append(payment)
            ours.discard(payment.remote_reference)
        return strange

    def has_payments_of(self, sale: records.Sale) -> bool:
        """Each tender once, by its type and account. Cash is kept less the change, so that only
        the sum tells whether its amount is right."""
        ours = {tender.remote_reference: tender for tender in self.tenders}
        theirs = {payment.remote_reference: payment for payment in sale.live_payments}
        each_once = len(sale.live_payments) == len(self.tenders) and ours.keys() == theirs.keys()
        return each_once and all(
            self._is_kept(tender, theirs[name]) for name, tender in ours.items()
        )

    def _is_kept(self, tender: Tender, payment: records.SalePayment) -> bool:
        account_id = tender.credit_account_id
        return (
            payment.payment_type_id == tender.payment_type_id
            and (account_id is None or payment.credit_account_id == account_id)
            and 0 <= tender.amount - payment.amount <= self.change
        )


# Made once: it costs far more than to read a sale with it.
_STORED = TypeAdapter(PaidSale)


def _is_shipped_there(ship_to: ShipTo | None, sale: records.Sale) -> bool:
    """So far as the answer tells: it has all of the address only where that was asked for."""
    if ship_to is None:
        return True
    there = sale.ship_to
    if there is None or there.contact is None or there.contact.address is None:
        return bool(sale.ship_to_id)
    address = there.contact.address
    return (there.first_name, there.last_name, address.address1, address.zip) == (
        ship_to.first_name,
        ship_to.last_name,
        ship_to.address1,
        ship_to.zip,
    )


def same_lines(draft: SaleDraft, sale: records.Sale, *, lines_added: int = 0) -> bool:
    """Whether the sale has the lines of the draft and no others: items, quantities, prices,
    discounts, and what they take back.

    Of others it may have fees, which Lightspeed charges with some items and which are in its total,
    and up to so many `lines_added` that cost nothing and have no item.
    """
    kept = [line for line in sale.sale_lines if line.line_type not in FEES]
    # First those that are known by their id: another may be like them.
    for drafted in sorted(draft.lines, key=lambda line: line.sale_line_id is None):
        found = next((line for line in kept if is_line(drafted, line)), None)
        if found is None:
            return False
        kept.remove(found)
    return len(kept) <= lines_added and all(_tells_of_a_card(line) for line in kept)


def is_line(drafted: DraftLine, line: records.SaleLine) -> bool:
    return (
        drafted.sale_line_id in (None, line.sale_line_id)
        and line.item_id == drafted.item_id
        and line.unit_quantity == drafted.unit_quantity
        and drafted.unit_price in (None, line.unit_price)
        and line.parent_sale_line_id == (drafted.parent_sale_line_id or 0)
        and _has_discount(drafted, line)
    )


def _has_discount(drafted: DraftLine, line: records.SaleLine) -> bool:
    if drafted.sale_line_id:
        return True  # its own, be it of a kind that it does not tell; the total shows a change
    if drafted.discount_id:
        return line.discount_id == drafted.discount_id
    if drafted.discount_percent:
        return line.discount_percent == drafted.discount_percent
    if drafted.discount_amount is not None:
        return line.discount_amount == drafted.discount_amount
    # What comes back has its share of the discount it was sold at, unless we say which.
    return bool(drafted.parent_sale_line_id) or not line.calc_line_discount


def _tells_of_a_card(line: records.SaleLine) -> bool:
    return line.item_id == 0 and line.unit_price == 0 and line.unit_quantity == 1
