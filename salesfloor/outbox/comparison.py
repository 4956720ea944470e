"""What is wrong with a sale in Lightspeed that bears our source, by what we know of it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from salesfloor.lightspeed import records
from salesfloor.outbox.paid_sale import PaidSale


class Kind(StrEnum):
    UNKNOWN = "unknown"  # completed there, and we know nothing of it
    ELSEWHERE = "elsewhere"  # our cart, completed by another hand than our courier's
    DOUBLED = "doubled"  # completed there, though recorded as another sale before
    CHANGED = "changed"  # recorded once, and not any more what it was
    MISSING = "missing"  # recorded once, and gone
    MISPLACED = "misplaced"  # has a payment of another sale of ours
    PAID_OPEN = "paid_open"  # not completed and yet with payments, and no cart of ours waits for it
    OVERDRAWN = "overdrawn"  # paid from a card or an account that did not hold as much
    STRAY = "stray"  # open, without payments, of no cart: one that was forgotten, paid or not
    RESTORED = "restored"  # no sale, but our own database, which is an older copy of itself


@dataclass(frozen=True)
class Known:
    """What we have of one reference. `paid_sale` and `recorded_id` are of the submission."""

    drafted: bool = False
    paid_sale: PaidSale | None = None
    # Lightspeed's id of the sale that it was recorded as; None as long as it is not.
    recorded_id: int | None = None
    # A manager has accepted this one as it is.
    accepted_id: int | None = None
    # Left open there for others to complete: they are not one of us.
    kept_id: int | None = None


@dataclass(frozen=True)
class Wrong:
    kind: Kind
    detail: str = ""  # what differs, in a manager's words


def what_is_wrong(sale: records.Sale, known: Known) -> Wrong | None:
    """None where all is as it should be, or the courier is still at it."""
    if known.recorded_id == sale.sale_id and known.paid_sale:
        differences = known.paid_sale.differences(sale)
        if not sale.completed:
            differences.append("it is open again")
        return Wrong(Kind.CHANGED, "; ".join(differences)) if differences else None
    if sale.voided or sale.archived or sale.sale_id == known.accepted_id:
        return None
    if foreign := _foreign_payments(sale):
        return Wrong(Kind.MISPLACED, ", ".join(foreign))
    if sale.completed:
        return _completed(sale, known)
    if known.recorded_id and sale.live_payments:
        return Wrong(Kind.PAID_OPEN)  # its cart is recorded as another sale
    if known.drafted or known.paid_sale or sale.quote_id:
        return None
    return Wrong(Kind.PAID_OPEN if sale.live_payments else Kind.STRAY)


def is_overdrawn(accounts: Iterable[records.CreditAccount]) -> Wrong | None:
    """Whether more was paid from these cards and accounts than they may give: Lightspeed does not
    promise to refuse it. An account without a limit may owe any sum."""
    for account in accounts:
        left = account.available + account.credit_limit
        if left < 0 and (account.gift_card or account.credit_limit):
            return Wrong(Kind.OVERDRAWN, f"{account.name}: {-left} more than it may give")
    return None


def _completed(sale: records.Sale, known: Known) -> Wrong | None:
    if known.recorded_id or known.accepted_id:
        return Wrong(Kind.DOUBLED)
    if known.paid_sale:
        return None  # the courier finds it
    # The sale of a quote is another one after every edit in Lightspeed.
    if known.kept_id and (known.kept_id == sale.sale_id or sale.quote_id):
        return None
    return Wrong(Kind.ELSEWHERE if known.drafted else Kind.UNKNOWN)


def _foreign_payments(sale: records.Sale) -> list[str]:
    """Remote references of payments that belong to another reference: ours are `reference-number`.

    Payments by other hands have other references, or none.
    """
    return [
        payment.remote_reference
        for payment in sale.live_payments
        if payment.remote_reference.startswith("SF-")
        and payment.remote_reference.rpartition("-")[0] != sale.reference_number
    ]
