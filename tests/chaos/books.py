"""Are we sure? Three books side by side: the reps' diaries, the app's database, and Lightspeed's.

Nothing here uses the app's code, so it cannot share its mistakes.
"""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import requests

from tests.chaos.diary import Diary
from tests.chaos.floor import Floor

CENT = Decimal("0.01")
# So the board begins to tell that the database is one.
OLDER_COPY = "An older copy of salesfloor"

SALES = """
    SELECT sale.id, sale.reference, sale.state, submission.state, submission.reason
    FROM sales_sale sale
    LEFT JOIN outbox_submission submission ON submission.id = sale.submission_id
"""
APPROVED = """
    SELECT sale_id, SUM(amount) FROM sales_salepayment WHERE state = 'approved' GROUP BY sale_id
"""
LINES = """
    SELECT line.sale_id, item.lightspeed_id, line.unit_quantity, line.unit_price
    FROM sales_saleline line JOIN catalog_item item ON item.id = line.item_id
    WHERE line.removed_at IS NULL
"""


@dataclass
class Ours:
    state: str
    submission: str
    reason: str
    approved: Decimal = Decimal(0)
    lines: Counter[tuple[int, Decimal, Decimal]] = field(default_factory=Counter)

    @property
    def is_paid(self) -> bool:
        return self.state == "paid"


@dataclass
class Findings:
    """Each is told with its reference; `cents` is what all books differ by, together."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    cents: Decimal = Decimal(0)
    unflagged: list[str] = field(default_factory=list)
    forgotten: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)

    @property
    def all_is_well(self) -> bool:
        return not (self.lost or self.doubled or self.cents or self.unflagged)


def compare(floor: Floor, diary: Diary, board: str) -> Findings:
    """`board` is the manager's page, as the manager sees it."""
    floor.note_references()
    ours = _ours(floor)
    theirs = _theirs(floor)
    noted = _noted(floor, diary)
    findings = Findings()
    findings.doubled += _payments_twice(theirs)
    was_forgotten = {
        reference
        for (epoch, _), reference in floor.references.items()
        if epoch < floor.epoch and not (reference in ours and ours[reference].is_paid)
    }
    for reference in {*ours, *theirs, *noted}:
        completed = [sale for sale in theirs.get(reference, []) if sale["completed"]]
        on_board = reference in board
        if reference in was_forgotten:
            fate = _fate(completed, noted.get(reference), on_board, OLDER_COPY in board)
            findings.forgotten[fate] += 1
            if "told to nobody" in fate:
                findings.unflagged.append(f"{reference}: forgotten, {fate}")
            continue
        _judge(findings, reference, ours.get(reference), completed, noted.get(reference), on_board)
    return findings


def _judge(
    findings: Findings,
    reference: str,
    own: Ours | None,
    completed: list[dict[str, Any]],
    noted: Decimal | None,
    on_board: bool,
) -> None:
    """`noted` is what the rep kept: None where nobody is sure."""
    is_paid = bool(own and own.is_paid)
    findings.outcomes[_outcome(own, completed, on_board)] += 1
    if len([sale for sale in completed if _is_paid_with(sale, reference)]) > 1:
        findings.doubled.append(f"{reference}: completed {len(completed)} times")
    if (is_paid or noted) and not completed and not on_board:
        findings.lost.append(f"{reference}: {own}, noted {noted}")
    if on_board:
        return
    if own and is_paid and own.submission != "completed":
        findings.unflagged.append(f"{reference}: {own.submission}")
    if completed and not is_paid:
        findings.unflagged.append(f"{reference}: completed there, {own} here")
    if own and is_paid and completed:
        kept = sum(map(_kept, completed), Decimal(0))
        handed = sum(map(_handed, completed), Decimal(0))
        findings.cents += abs(kept - own.approved)
        if noted is not None:
            findings.cents += abs(handed - noted)
        if kept != own.approved or noted not in (None, handed):
            there = f"there {kept} ({handed} by hand)"
            findings.unflagged.append(f"{reference}: {there}, here {own.approved}, {noted}")
        if [_lines(sale) for sale in completed] != [own.lines]:
            findings.unflagged.append(f"{reference}: other lines")
    elif noted:
        findings.unflagged.append(f"{reference}: {noted} was taken, {own} here")


def _fate(
    completed: list[dict[str, Any]], noted: Decimal | None, on_board: bool, copy_is_told_of: bool
) -> str:
    """Of a sale that an older database knows nothing of, or not that it was paid."""
    if not completed and not noted:
        return "nothing was taken"
    there = "recorded in Lightspeed" if completed else "open in Lightspeed"
    if on_board:
        return f"{there}, on the board"
    # A cart that the copy believes unpaid: who has it in hand is asked.
    told = copy_is_told_of and not completed
    return f"{there}, {'told of by the copy' if told else 'told to nobody'}"


def _outcome(own: Ours | None, completed: list[dict[str, Any]], on_board: bool) -> str:
    state = own.state if own else "unknown here"
    if own and own.is_paid:
        state = f"paid, {own.submission}{f' ({own.reason})' if own.reason else ''}"
    as_expected = len(completed) == (1 if own and own.is_paid else 0)
    there = "" if as_expected else f", {len(completed)} there"
    return f"{state}{there}{', on the board' if on_board else ''}"


def _ours(floor: Floor) -> dict[str, Ours]:
    by_key: dict[int, Ours] = {}
    by_reference: dict[str, Ours] = {}
    for key, reference, state, submission, reason in floor.database.rows(SALES):
        by_key[key] = by_reference[reference] = Ours(state, submission or "", reason or "")
    for key, approved in floor.database.rows(APPROVED):
        by_key[key].approved = Decimal(str(approved)).quantize(CENT)
    for key, item, quantity, price in floor.database.rows(LINES):
        by_key[key].lines[item, Decimal(quantity), Decimal(str(price)).normalize()] += 1
    return by_reference


def _theirs(floor: Floor) -> dict[str, list[dict[str, Any]]]:
    by_reference: dict[str, list[dict[str, Any]]] = {}
    for sale in _state(floor)["sales"]:
        if sale["referenceNumberSource"] == "salesfloor" and not sale["archived"]:
            by_reference.setdefault(sale["referenceNumber"], []).append(sale)
    return by_reference


def _state(floor: Floor) -> dict[str, Any]:
    """All there is, which takes its time after many sales."""
    url = f"{floor.simulator.url}/_simulator/state"
    state: dict[str, Any] = requests.get(url, timeout=600).json()
    return state


def _noted(floor: Floor, diary: Diary) -> dict[str, Decimal | None]:
    noted: dict[str, Decimal | None] = {}
    for customer in diary.customers:
        if customer.sale is None:
            continue
        reference = floor.references.get((customer.epoch, customer.sale))
        if reference is None:
            reference = f"sale {customer.sale} of epoch {customer.epoch}"
        if not customer.is_sure:
            noted[reference] = None
        elif noted.get(reference, Decimal(0)) is not None:
            noted[reference] = (noted.get(reference) or Decimal(0)) + customer.kept
    return noted


def _payments_twice(theirs: dict[str, list[dict[str, Any]]]) -> list[str]:
    counted = Counter(
        payment["remoteReference"]
        for sales in theirs.values()
        for sale in sales
        for payment in _live(sale)
        if sale["completed"] and payment["remoteReference"]
    )
    return [f"{reference}: {times} payments" for reference, times in counted.items() if times > 1]


def _live(sale: dict[str, Any]) -> list[dict[str, Any]]:
    return [payment for payment in sale["payments"] if not payment["archived"]]


def _kept(sale: dict[str, Any]) -> Decimal:
    return sum((Decimal(payment["amount"]) for payment in _live(sale)), Decimal(0))


def _handed(sale: dict[str, Any]) -> Decimal:
    """What the customer gave: also for gift cards, and nothing where one was spent."""
    payments = [payment for payment in _live(sale) if not payment["creditAccountID"]]
    return sum((Decimal(payment["amount"]) for payment in payments), Decimal(0))


def _is_paid_with(sale: dict[str, Any], reference: str) -> bool:
    """Whether it holds a payment of ours: other hands may complete our drafts too."""
    return any(payment["remoteReference"].startswith(reference) for payment in _live(sale))


def _lines(sale: dict[str, Any]) -> Counter[tuple[int, Decimal, Decimal]]:
    return Counter(
        (
            line["itemID"],
            Decimal(str(line["unitQuantity"])),
            Decimal(line["unitPrice"]).normalize(),
        )
        for line in sale["lines"]
        if line["itemID"]  # else it tells of a gift card that was sold
    )
