"""The stock of one product, asked of Lightspeed when somebody looks at it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import BoundedSemaphore

from django.core.cache import cache
from django.db import transaction

from salesfloor.catalog.models import Item, ItemStock, StockCheck
from salesfloor.lightspeed import errors, records
from salesfloor.lightspeed.client import Client
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.mirror.feeds import save_stock
from salesfloor.staff import clock
from salesfloor.staff.connection import client_of
from salesfloor.staff.locks import holding
from salesfloor.staff.models import Rep, Shop

logger = logging.getLogger(__name__)

# A count that is younger is as good as one that would be asked for.
STALE_AFTER = timedelta(minutes=1)
# Whatever came of it, the same product is not asked for again so soon.
LEFT_ALONE_SECONDS = 20
# The rep reads the sheet meanwhile; but a thread waits, of which there are few for selling.
ANSWER_WITHIN_SECONDS = 4.0
AT_ONCE = BoundedSemaphore(2)
# Locks to keep one product from being asked for twice at a time; two may share one.
LOCKS = 16


def refresh(item: Item, shop: Shop, rep: Rep) -> bool:
    """Have the counts of an item, or of all sizes and colours of it, as Lightspeed counts them now.

    False where they are young enough, Lightspeed does not answer, its budget is wanted for sales,
    or the same is being done already. Then what is known stays, with its age. Never waits for a
    turn. Costs 1 drip, or 1.4 of a product in several sizes.
    """
    if not _is_stale(item, shop, clock.now()):
        return False
    with _one_at_a_time(item) as may:
        if not may:
            return False
        try:
            client = client_of(
                item.account, Right.LOOK_UP, rather=rep, answer_within_seconds=ANSWER_WITHIN_SECONDS
            )
            stock = _stock_of_product(client, item)
        except errors.LightspeedError as error:
            logger.info("stock of item %s was not refreshed: %s", item.pk, error)
            return False
    with transaction.atomic():
        save_stock(item.account, stock)
    return True


def _is_stale(item: Item, shop: Shop, now: datetime) -> bool:
    """By the same measure as the age that is shown; also where it was never counted."""
    if not item.has_stock:
        return False
    check = StockCheck.everywhere.filter(account=item.account_id).first()
    if check and check.confirmed_at > now - STALE_AFTER:
        return False
    counted = ItemStock.everywhere.filter(item=item, shop=shop, read_at__gt=now - STALE_AFTER)
    return not counted.exists()


def _stock_of_product(client: Client, item: Item) -> list[records.ItemShop]:
    if item.matrix is None:
        return client.stock_of(item.lightspeed_id)
    return client.stock_of_matrix(item.matrix.lightspeed_id)


@contextmanager
def _one_at_a_time(item: Item) -> Iterator[bool]:
    """False where it is being refreshed, or was a moment ago."""
    product = f"m{item.matrix_id}" if item.matrix_id else f"i{item.pk}"
    number = (item.matrix_id or item.pk) % LOCKS
    if not AT_ONCE.acquire(blocking=False):
        yield False
        return
    try:
        with holding(f"stock-look-{item.account_id}-{number}") as held:
            key = f"stock-look-{item.account_id}-{product}"
            yield held and cache.add(key, True, timeout=LEFT_ALONE_SECONDS)
    finally:
        AT_ONCE.release()
