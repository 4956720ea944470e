"""Archives what finished carts have left open in Lightspeed: earlier drafts, and lost answers."""

import logging
from datetime import datetime, timedelta

from salesfloor.lightspeed import errors, records
from salesfloor.lightspeed.client import Client
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.outbox.models import Draft
from salesfloor.staff.connection import client_of
from salesfloor.staff.models import Account

log = logging.getLogger(__name__)

# A write whose answer was lost may still be on its way for as long as a call may take.
LEFT_ALONE_FOR = timedelta(seconds=60)


def archive_strays(account: Account, now: datetime) -> int:
    """How many stray drafts are gone. Stops quietly where Lightspeed is away: there is no hurry."""
    gone = 0
    try:
        client = client_of(account, Right.CATALOGUE)
        for draft in account.drafts.strays(left_before=now - LEFT_ALONE_FOR):
            _archive(client, account, draft)
            draft.archived_at = now
            draft.save(update_fields=["archived_at"])
            gone += 1
    except errors.LightspeedError as error:
        log.info("Strays of %s stay for now: %s", account, error)
    return gone


def _archive(client: Client, account: Account, draft: Draft) -> None:
    """Archive the sale of a stray, or all that its lost answer may have left behind."""
    for sale in client.sales_by_reference(draft.reference):
        its_own = draft.sale_lightspeed_id in (None, sale.sale_id)
        if its_own and _is_untouched(sale) and not _is_paid_for(account, sale):
            client.archive_sale(sale.sale_id)


def _is_paid_for(account: Account, sale: records.Sale) -> bool:
    """Whether it is the draft that the courier is about to complete."""
    kept = account.drafts.filter(sale_lightspeed_id=sale.sale_id, stray_since=None)
    return kept.exists()


def _is_untouched(sale: records.Sale) -> bool:
    return not (sale.completed or sale.archived or sale.sale_payments)
