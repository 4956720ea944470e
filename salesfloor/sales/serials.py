"""Serial numbers that Lightspeed has of an item: a rep may tap one instead of typing it."""

import logging

from django.core.cache import cache

from salesfloor.catalog.models import Item
from salesfloor.lightspeed import errors
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.staff import clock
from salesfloor.staff.connection import bucket_of, client_for
from salesfloor.staff.models import Rep

log = logging.getLogger(__name__)

# The cart is shown anew with every change, and asks again each time.
KEPT_SECONDS = 60
MOST = 12


def unsold(rep: Rep, item: Item) -> list[str]:
    """At most `MOST`, the oldest first. Empty where Lightspeed does not tell, or has no time for
    it: then the number is scanned or typed."""
    key = f"serials-{item.account_id}-{item.pk}"
    known: list[str] | None = cache.get(key)
    if known is not None:
        return known
    bucket = bucket_of(rep.account).bucket()
    if bucket and bucket.level_at(clock.now()) > bucket.size / 2:
        return []
    try:
        units = client_for(rep, Right.LOOK_UP).unsold_units(item.lightspeed_id)
    except errors.LightspeedError as error:
        log.info("Serial numbers could not be looked up: %s", type(error).__name__)
        return []
    found = list(dict.fromkeys(unit.serial for unit in units if unit.serial))[:MOST]
    cache.set(key, found, KEPT_SECONDS)
    return found
