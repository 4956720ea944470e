"""Carts written to Lightspeed as open sales, so that its total is known before money is taken."""

from salesfloor.lightspeed import errors, records
from salesfloor.lightspeed.drafts import SaleDraft
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.money import to_cents
from salesfloor.outbox.models import Draft
from salesfloor.outbox.paid_sale import same_lines
from salesfloor.staff import clock
from salesfloor.staff.connection import client_for
from salesfloor.staff.models import Rep


class DraftChanged(Exception):
    """Somebody else has changed, completed or archived the draft in Lightspeed."""


def write(rep: Rep, cart: SaleDraft) -> tuple[Draft, records.Sale]:
    """Have Lightspeed price the cart: the draft, and the sale as Lightspeed answered it.

    Raises LightspeedError: nothing was charged, try again. Where the answer is lost, an open sale
    may be left behind; it is archived once the cart is finished.
    """
    draft: Draft = rep.account.drafts.create(
        reference=cart.reference_number, started_at=clock.now()
    )
    try:
        sale = client_for(rep, Right.QUOTE).create_sale(cart.body())
        if sale.reference_number != cart.reference_number or not same_lines(cart, sale):
            raise errors.GarbledAnswer("Lightspeed's draft is not the cart that was sent")
    except errors.LightspeedError as error:
        draft.outcome = str(error)
        draft.save(update_fields=["outcome"])
        raise
    draft.sale_lightspeed_id = sale.sale_id
    draft.outcome = "written"
    _keep_reading(draft, sale)
    return draft, sale


def read_again(rep: Rep, draft: Draft, cart: SaleDraft) -> None:
    """Make sure that a draft of some age is open, unpaid and still the same cart.

    Raises DraftChanged where it is not, LightspeedError where it cannot be read.
    """
    assert draft.sale_lightspeed_id is not None  # noqa: S101 (it was priced)
    sale = client_for(rep, Right.QUOTE).sale(draft.sale_lightspeed_id)
    touched = sale.completed or sale.archived or sale.voided or sale.live_payments
    if touched or not same_lines(cart, sale):
        raise DraftChanged
    _keep_reading(draft, sale)


def _keep_reading(draft: Draft, sale: records.Sale) -> None:
    draft.total = to_cents(sale.calc_total)
    draft.read_at = clock.now()
    draft.save(update_fields=["sale_lightspeed_id", "total", "read_at", "outcome"])
