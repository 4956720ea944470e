"""Tells the catalogue what is sold or in carts, and not yet off Lightspeed's count."""

from collections.abc import Collection, Iterator
from datetime import datetime

from salesfloor.catalog.claims import Claim
from salesfloor.outbox.models import Submission
from salesfloor.sales.models import CARTS_CLAIM_FOR, STAMPED_WITHIN, Sale
from salesfloor.staff import clock
from salesfloor.staff.queries import fetched, places

# The lines that may claim some of these items, which are few, and all that decides whether they do.
# Neither what comes back, which is there once Lightspeed counts it, nor what Lightspeed keeps for a
# customer, which it counts no more. The sign before the account keeps SQLite from looking through
# all that it ever sold.
_CLAIMING = """
    SELECT line.item_id, register.shop_id, line.unit_quantity, sale.state, sale.changed_at,
           submission.state, submission.recorded_at, stock.changed_at,
           rep.id, employee.first_name, employee.last_name
    FROM sales_saleline line
    JOIN sales_sale sale ON sale.id = line.sale_id
    JOIN staff_register register ON register.id = sale.register_id
    JOIN staff_rep rep ON rep.id = sale.rep_id
    JOIN staff_employee employee ON employee.id = rep.employee_id
    LEFT JOIN outbox_submission submission ON submission.id = sale.submission_id
    LEFT JOIN catalog_itemstock stock
        ON stock.item_id = line.item_id AND stock.shop_id = register.shop_id
    WHERE line.claims_stock AND line.item_id IN ({items}) AND +sale.account_id = %s
        AND line.unit_quantity > 0 AND line.removed_at IS NULL AND line.kept_lightspeed_id IS NULL
    ORDER BY line.id
"""


def claims(account_pk: int, item_pks: Collection[int]) -> Iterator[Claim]:
    """On these items, by shops and carts."""
    lines = fetched(_CLAIMING.format(items=places(item_pks)), [*item_pks, account_pk])
    if not lines:
        return
    now = clock.now()
    for (
        item,
        shop,
        units,
        state,
        changed_at,
        recording,
        recorded_at,
        counted_at,
        rep,
        *name,
    ) in lines:
        if state == Sale.State.PAID:
            is_owed = recording != Submission.State.SETTLED
            if is_owed and not _is_counted(recorded_at, counted_at):
                yield Claim(item_pk=item, shop_pk=shop, units=units)
        elif state in Sale.State.unfinished() and clock.aware(changed_at) > now - CARTS_CLAIM_FOR:
            holder = next(filter(None, name), "")
            yield Claim(item_pk=item, shop_pk=shop, units=units, rep_pk=rep, holder=holder)


def _is_counted(recorded_at: datetime | None, counted_at: datetime | None) -> bool:
    """As `SaleLineQuerySet.release` has it: the count has changed since Lightspeed recorded the
    sale, by its own clock."""
    if recorded_at is None or counted_at is None:
        return False
    return clock.aware(counted_at) >= clock.aware(recorded_at) - STAMPED_WITHIN
