"""Has Lightspeed send the receipts that are wanted by e-mail, each once so far as can be known."""

import logging
from collections.abc import Callable
from datetime import datetime

from salesfloor.lightspeed import errors
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.receipts.models import EmailReceipt
from salesfloor.staff import clock
from salesfloor.staff.connection import client_of

log = logging.getLogger(__name__)


def send(wish: EmailReceipt, now: Callable[[], datetime] = clock.now) -> None:
    """One try, if it is due. What may have been sent is never sent again by itself."""
    if not EmailReceipt.everywhere.due(now()).filter(pk=wish.pk).exists():
        return
    if not wish.begin(now()):
        return
    try:
        _ask_lightspeed(wish)
    except errors.LightspeedError as error:
        log.warning("%s: %s", wish, type(error).__name__)  # its words may hold the address
        _not_sent(wish, error, now())
    else:
        wish.be_sent(now())


def _ask_lightspeed(wish: EmailReceipt) -> None:
    sale = wish.sale
    client = client_of(sale.account, Right.LOOK_UP, rather=sale.rep)
    assert sale.submission is not None  # noqa: S101 (it is due, so its sale is recorded)
    assert sale.submission.sale_lightspeed_id is not None  # noqa: S101
    client.email_receipt(sale.submission.sale_lightspeed_id, wish.address)


def _not_sent(wish: EmailReceipt, error: errors.LightspeedError, now: datetime) -> None:
    match error:
        case errors.Forbidden() | errors.Rejected() | errors.NotFound():
            wish.fail(str(error))
        case errors.OutcomeUnknown():
            wish.be_doubtful(str(error))
        case _:
            wish.be_tried_again(now, str(error))


def settle_cut_off(now: datetime) -> None:
    for wish in EmailReceipt.everywhere.cut_off(now):
        wish.be_doubtful("The worker was stopped while Lightspeed was asked.")
