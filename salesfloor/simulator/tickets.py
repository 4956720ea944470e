"""The number printed on a sale's receipt, which stands for its id in some places."""

from .errors import not_found
from .store import Record, Store

PREFIX = 22 * 10**10


def sale_of(store: Store, number: int) -> Record:
    """By its id or by the number on its receipt. Raises ApiError."""
    sale = store.get("Sale", number) or store.get("Sale", number - PREFIX)
    if sale is None:
        raise not_found("Sale", number)
    return sale
