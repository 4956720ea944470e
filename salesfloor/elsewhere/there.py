"""What is done in Lightspeed about carts that were left to it, in a worker.

A cart is one open sale there, found by its reference: before it is written, before it is taken
back, and whenever an answer was lost, Lightspeed is looked at first. A cart is taken back by
archiving its open sale, which Lightspeed does to none that is completed: from then on no till can
sell it. What has payments there, or is completed, is never taken back.
"""

import logging
from collections.abc import Iterable
from contextlib import suppress

from django.db import transaction

from salesfloor.elsewhere import hands
from salesfloor.elsewhere.models import KeptCart, changes_of
from salesfloor.lightspeed import errors, records
from salesfloor.lightspeed.client import Client
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.outbox import errands, quotes
from salesfloor.outbox.models import Draft, Errand
from salesfloor.sales.refusals import Refused
from salesfloor.staff.connection import client_of
from salesfloor.staff.locks import holding
from salesfloor.staff.models import Account

log = logging.getLogger(__name__)

# As many as Lightspeed tells of in one answer.
LOOKED_AT_TOGETHER = 100


def bring_on(pk: int) -> None:
    """Do what its state says is to be done. One worker at a time; what fails is tried again."""
    with holding(f"kept-cart-{pk}") as alone:
        if not alone:
            return
        kept: KeptCart = KeptCart.everywhere.for_work().get(pk=pk)
        try:
            match kept.state:
                case KeptCart.State.WRITING:
                    _write(kept)
                case KeptCart.State.WANTED_BACK | KeptCart.State.GIVING_UP:
                    _take_away(kept)
        except errors.LightspeedError as error:
            log.info("%s is put off: %s", kept, error)
            kept.fail(error)


def look(account: Account, kind: KeptCart.Kind) -> None:
    """See what others have made of those that are there. Raises LightspeedError."""
    waiting = list(account.kept_carts.there(kind).for_work())
    if not waiting:
        return
    client = client_of(account, Right.LOOK_UP)
    for first in range(0, len(waiting), LOOKED_AT_TOGETHER):
        _look_at(client, waiting[first : first + LOOKED_AT_TOGETHER])


# --- Writing it ----------------------------------------------------------------------------


def _write(kept: KeptCart) -> None:
    client = _client(kept)
    there = client.sales_by_reference(kept.sale.reference)
    if sold := _sold(there):
        _finish(kept, sold)
        return
    sale, draft = _adopted(kept, there) or _written(kept)
    for other in there:
        if other.sale_id != sale.sale_id and not (other.archived or other.live_payments):
            client.archive_sale(other.sale_id)
    note = f"salesfloor {kept.code} · {kept.rep.employee.short_name}"
    client.update_sale(sale.sale_id, {"SaleNotes": {"InternalNote": {"note": note}}})
    if kept.is_quote:
        _quote(kept, client, sale)
    with transaction.atomic():
        kept.be_there(draft)
        kept.see(sale)
        kept.account.drafts.leave(kept.sale.reference, but=draft)


def _adopted(kept: KeptCart, there: list[records.Sale]) -> tuple[records.Sale, Draft] | None:
    """What is there already of this cart as it is: written to price it, or by a try whose answer
    was lost."""
    live = [sale for sale in there if not (sale.archived or sale.voided)]
    # Whether an address is the same is not told: one that is written anew is sure to be.
    fits = [
        sale
        for sale in live
        if sale.live_payments or not (kept.sale.ship_to or changes_of(kept, sale))
    ]
    return (fits[-1], quotes.adopt(kept.account, fits[-1])) if fits else None


def _written(kept: KeptCart) -> tuple[records.Sale, Draft]:
    draft, sale = quotes.write_as(lambda: _client(kept), kept.account, kept.sale.as_draft())
    return sale, draft


def _quote(kept: KeptCart, client: Client, sale: records.Sale) -> None:
    """Make the open sale a quote, unless it is one."""
    body = {
        "saleID": sale.sale_id,
        "employeeID": kept.rep.employee.lightspeed_id,
        "notes": f"salesfloor {kept.code}",
    }

    def look() -> int | None:
        return client.sale(sale.sale_id).quote_id or None

    quote_id = errands.carry_out(
        kept.rep,
        Errand.Kind.QUOTE,
        body,
        send=lambda: look() or client.create_quote(body).quote_id,
        look=look,
    )
    kept.be_quote(quote_id)


# --- Taking it back ------------------------------------------------------------------------


def _take_away(kept: KeptCart) -> None:
    client = _client(kept)
    there = client.sales_by_reference(kept.sale.reference)
    there += _under_another_reference(kept, client, there)
    if sold := _sold(there):
        _finish(kept, sold)
        return
    left = [sale for sale in there if not sale.voided]
    if not any(sale.live_payments for sale in left):
        live = [sale for sale in left if not sale.archived]
        for sale in live:
            kept.see(sale)
        left = [client.archive_sale(sale.sale_id) for sale in live]
    if any(sale.live_payments or not sale.archived for sale in left):
        kept.stay()
        return
    if kept.quote_lightspeed_id:
        with suppress(errors.NotFound):  # somebody has deleted it
            client.archive_quote(kept.quote_lightspeed_id)
    _be_taken_away(kept)


def _under_another_reference(
    kept: KeptCart, client: Client, there: list[records.Sale]
) -> list[records.Sale]:
    """What somebody has given another reference, or edited as a quote: which makes another sale."""
    ids = {kept.sale_lightspeed_id}
    if kept.quote_lightspeed_id:
        ids |= {quote.sale_id for quote in client.quotes_with_ids([kept.quote_lightspeed_id])}
    ids -= {sale.sale_id for sale in there} | {0}
    return client.sales_with_ids(ids)


def _be_taken_away(kept: KeptCart) -> None:
    with transaction.atomic():
        kept.account.drafts.leave(kept.sale.reference)
        if kept.be_given_up():
            kept.sale.give_up()
        kept.be_back()
    if kept.state == KeptCart.State.HERE and kept.wanted_by:
        with suppress(Refused):  # the rep has begun another cart since: this one waits
            hands.reopen(kept.wanted_by, kept)


# --- Seeing what became of it ---------------------------------------------------------------


def _look_at(client: Client, waiting: list[KeptCart]) -> None:
    archived_quotes = _follow_quotes(client, waiting)
    ids = {kept.sale_lightspeed_id for kept in waiting} - {0}
    sales = {sale.sale_id: sale for sale in client.sales_with_ids(ids)}
    for kept in waiting:
        if sale := sales.get(kept.sale_lightspeed_id):
            _heed(kept, sale, is_gone=kept.quote_lightspeed_id in archived_quotes)
        # A price that was on its way when it was left may have come since: the sweep archives that.
        kept.account.drafts.leave(kept.sale.reference, but=kept.draft)


def _follow_quotes(client: Client, waiting: list[KeptCart]) -> set[int]:
    """Lightspeed's ids of those that are archived."""
    by_id = {kept.quote_lightspeed_id: kept for kept in waiting if kept.quote_lightspeed_id}
    found = client.quotes_with_ids(by_id.keys())
    for quote in found:
        by_id[quote.quote_id].follow(quote.sale_id)
    return {quote.quote_id for quote in found if quote.archived}


def _heed(kept: KeptCart, sale: records.Sale, *, is_gone: bool) -> None:
    if sale.completed and not sale.voided:
        _finish(kept, sale)
        return
    kept.see(sale)
    if sale.archived or sale.voided or is_gone:
        kept.be_gone()


def _finish(kept: KeptCart, sale: records.Sale) -> None:
    draft = quotes.adopt(kept.account, sale)
    with transaction.atomic():
        kept.be_there(draft)
        kept.see(sale)
        kept.finish()
        kept.account.drafts.leave(kept.sale.reference, but=draft)


# --- What they share ------------------------------------------------------------------------


def _client(kept: KeptCart) -> Client:
    return client_of(kept.account, Right.QUOTE, rather=kept.wanted_by or kept.rep)


def _sold(sales: Iterable[records.Sale]) -> records.Sale | None:
    return next((sale for sale in sales if sale.completed and not sale.voided), None)
