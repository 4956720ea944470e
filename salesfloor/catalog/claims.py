"""Units that Lightspeed still counts, and that are gone or about to go: sold here and not in its
count yet, or in somebody's cart.

Whoever sells tells them through `tell`, from its AppConfig: this package knows no carts.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """`rep_pk` and `holder` (a name) say in whose cart the units are; None and "" if sold."""

    item_pk: int
    shop_pk: int
    units: int
    rep_pk: int | None = None
    holder: str = ""


# Of an account (its key) the claims on these items, in one query and the clock.
Teller = Callable[[int, Collection[int]], Iterable[Claim]]

_tellers: list[Teller] = []


def tell(teller: Teller) -> None:
    _tellers.append(teller)


def claims_on(account_pk: int, item_pks: Collection[int]) -> list[Claim]:
    """In all shops of the account."""
    if not item_pks:
        return []
    return [claim for teller in _tellers for claim in teller(account_pk, item_pks)]
