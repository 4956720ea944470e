"""Carts written to Lightspeed as open sales, so that its total is known before money is taken."""

from collections.abc import Callable
from datetime import datetime

from salesfloor.lightspeed import errors, records
from salesfloor.lightspeed.client import Client
from salesfloor.lightspeed.drafts import DraftLine, SaleDraft
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.money import to_cents
from salesfloor.outbox.models import Draft
from salesfloor.outbox.paid_sale import is_line, same_lines
from salesfloor.staff import clock
from salesfloor.staff.connection import client_for
from salesfloor.staff.models import Account, Rep


class DraftChanged(Exception):
    """Somebody else has changed or archived the draft in Lightspeed."""


class LeftOut(Exception):
    """Lightspeed takes no units of this line of another sale back, and does not say why."""

    def __init__(self, parent_sale_line_id: int) -> None:
        super().__init__(parent_sale_line_id)
        self.parent_sale_line_id = parent_sale_line_id


class AddressLeftOut(errors.GarbledAnswer):
    """Lightspeed wrote the cart without the address that its goods are to be sent to."""


class NotKept(Exception):
    """A line that was kept for the customer is not free for this sale any more: it was picked up or
    changed at a till, or cancelled."""

    def __init__(self, sale_line_id: int) -> None:
        super().__init__(sale_line_id)
        self.sale_line_id = sale_line_id


class AlreadySold(Exception):
    """The cart is a completed sale in Lightspeed, by another hand than our courier's or before an
    older copy of our database was restored. No money may be taken for it again."""

    def __init__(self, ticket_number: str) -> None:
        super().__init__(ticket_number)
        self.ticket_number = ticket_number


def write(rep: Rep, cart: SaleDraft, *, begun_at: datetime) -> tuple[Draft, records.Sale]:
    """Have Lightspeed price the cart, begun at that moment: the draft, and the sale as Lightspeed
    answered it.

    Raises AlreadySold; LeftOut; NotKept; LightspeedError: nothing was charged, try again. Where the
    answer is lost, an open sale may be left behind; it is archived once the cart is finished.
    """
    _refuse_sold(rep, cart.reference_number, begun_at)
    if any(line.parent_sale_line_id or line.sale_line_id for line in cart.lines):
        _give_up_earlier(rep, cart.reference_number)
    _refuse_not_kept(rep, cart)
    return write_as(lambda: client_for(rep, Right.QUOTE), rep.account, cart)


def write_as(
    sign_in: Callable[[], Client], account: Account, cart: SaleDraft
) -> tuple[Draft, records.Sale]:
    """The same, by whoever `sign_in` finds."""
    draft: Draft = account.drafts.create(reference=cart.reference_number, started_at=clock.now())
    try:
        sale = sign_in().create_sale(cart.body())
        _refuse_left_out(cart, sale)
        if cart.ship_to and not sale.ship_to_id:
            raise AddressLeftOut("Lightspeed's draft has no address to ship to")
        if sale.reference_number != cart.reference_number or not same_lines(cart, sale):
            raise errors.GarbledAnswer("Lightspeed's draft is not the cart that was sent")
    except (errors.LightspeedError, LeftOut) as error:
        draft.outcome = str(error)
        draft.save(update_fields=["outcome"])
        raise
    draft.sale_lightspeed_id = sale.sale_id
    draft.outcome = "written"
    _keep_reading(draft, sale)
    return draft, sale


def adopt(account: Account, sale: records.Sale) -> Draft:
    """The draft of an open sale that was found: the answer to its write may have been lost."""
    draft = account.drafts.filter(sale_lightspeed_id=sale.sale_id).first() or Draft(
        account=account,
        reference=sale.reference_number,
        started_at=clock.now(),
        sale_lightspeed_id=sale.sale_id,
        outcome="found",
    )
    draft.total, draft.read_at = to_cents(sale.calc_total), clock.now()
    draft.save()
    return draft


def read_again(rep: Rep, draft: Draft, cart: SaleDraft) -> None:
    """Make sure that a draft of some age is open, unpaid and still the same cart.

    Raises AlreadySold where it is completed, DraftChanged where it is not the same for another
    reason, LightspeedError where it cannot be read.
    """
    assert draft.sale_lightspeed_id is not None  # noqa: S101 (it was priced)
    sale = client_for(rep, Right.QUOTE).sale(draft.sale_lightspeed_id)
    if sale.completed and not sale.voided:
        raise AlreadySold(sale.ticket_number)
    touched = sale.archived or sale.voided or sale.live_payments
    if touched or not same_lines(cart, sale):
        raise DraftChanged
    _keep_reading(draft, sale)


def _refuse_sold(rep: Rep, reference: str, begun_at: datetime) -> None:
    """By what the sweep has found; and by a look at Lightspeed for a cart that was left to others,
    or that is from before this process and may come from a restored copy that no sweep has seen."""
    if found := rep.account.findings.already_sold(reference):
        raise AlreadySold(found.ticket_number)
    was_kept = rep.account.drafts.filter(reference=reference, kept_since__isnull=False)
    if begun_at >= clock.process_began_at() and not was_kept.exists():
        return
    for sale in client_for(rep, Right.QUOTE).sales_by_reference(reference):
        if sale.completed and not sale.voided:
            raise AlreadySold(sale.ticket_number)


def _give_up_earlier(rep: Rep, reference: str) -> None:
    """Archive what was written of this cart before: what an open sale takes back cannot come back a
    second time, and what was kept and is in it is in no other, not even for the same cart."""
    if not rep.account.drafts.filter(reference=reference, archived_at=None).exists():
        return
    client = client_for(rep, Right.QUOTE)
    for sale in client.sales_by_reference(reference):
        if not (sale.completed or sale.archived or sale.sale_payments):
            client.archive_sale(sale.sale_id)
    rep.account.drafts.filter(reference=reference).update(archived_at=clock.now())


def _refuse_not_kept(rep: Rep, cart: SaleDraft) -> None:
    """Lines kept for the customer must be as they were promised, and in no other sale. One that is
    in a cart of ours that was given up is let go of first."""
    wanted = [line.sale_line_id for line in cart.lines if line.sale_line_id]
    if not wanted:
        return
    client = client_for(rep, Right.QUOTE)
    there = {line.sale_line_id: line for line in client.kept_lines(wanted)}
    if holders := {line.sale_id for line in there.values()} - {0}:
        for holder in holders:
            _let_go(client, rep.account, holder)
        there = {line.sale_line_id: line for line in client.kept_lines(wanted)}
    for line in cart.lines:
        if line.sale_line_id and not _is_kept(line, there.get(line.sale_line_id), cart):
            raise NotKept(line.sale_line_id)


def _let_go(client: Client, account: Account, sale_id: int) -> None:
    """Archive the sale if it is a stray of ours: then what was kept is kept again."""
    sale = client.sale(sale_id)
    drafts = account.drafts.filter(reference=sale.reference_number)
    is_stray = drafts.exists() and not drafts.filter(stray_since=None).exists()
    if is_stray and not (sale.completed or sale.archived or sale.sale_payments):
        client.archive_sale(sale_id)


def _is_kept(drafted: DraftLine, line: records.SaleLine | None, cart: SaleDraft) -> bool:
    return (
        line is not None
        and line.is_kept
        and line.sale_id == 0
        and line.customer_id == cart.customer_id
        and is_line(drafted, line)
    )


def _refuse_left_out(cart: SaleDraft, sale: records.Sale) -> None:
    there = {line.parent_sale_line_id for line in sale.sale_lines}
    for line in cart.lines:
        if line.parent_sale_line_id and line.parent_sale_line_id not in there:
            raise LeftOut(line.parent_sale_line_id)


def _keep_reading(draft: Draft, sale: records.Sale) -> None:
    draft.total = to_cents(sale.calc_total)
    draft.read_at = clock.now()
    draft.save(update_fields=["sale_lightspeed_id", "total", "read_at", "outcome"])
