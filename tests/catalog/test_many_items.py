"""However many items an account has, none of what is asked of some looks through all of them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from salesfloor.catalog import browsing, search
from salesfloor.catalog.browsing import View
from salesfloor.catalog.cards import cards_of
from salesfloor.catalog.models import Item
from salesfloor.mirror import feeds
from salesfloor.staff.models import Account, Rep, Shop
from tests import plans
from tests.catalog.conftest import MakeItem

pytestmark = plans.sqlite_alone

GROWING = "catalog_item|catalog_itemmatrix|catalog_itemstock|catalog_product"


@contextmanager
def looking_through_none() -> Iterator[None]:
    owners = ("account_id=?", "account_id=? AND generation=?", "generation=?")
    with plans.looking_through_none(GROWING, *owners):
        yield


@pytest.fixture
def some(account: Account, make_item: MakeItem) -> list[Item]:
    """Five products in two sizes each, and two in one."""
    runs = [
        account.item_matrices.create(lightspeed_id=number, description=f"Runner {number}")
        for number in range(1, 6)
    ]
    sizes = [make_item(f"{run} {size}", matrix=run) for run in runs for size in (8, 9)]
    return [*sizes, make_item("Boot"), make_item("Sandal")]


@pytest.mark.parametrize("count", [1, None], ids=["one", "several"])
def test_items_that_changed_are_indexed(some: list[Item], count: int | None) -> None:
    with looking_through_none():
        search.index(some[-1:] if count else some)


def test_index_is_made_anew(account: Account, some: list[Item]) -> None:
    # The old one goes by generations, some at a time in the order of an index.
    with plans.looking_through_none(GROWING, "account_id=?"):
        assert search.rebuild(account)


@pytest.mark.parametrize("count", [1, 5])
def test_matrices_of_a_page_are_told_of_by_their_items(
    account: Account, some: list[Item], count: int
) -> None:
    matrices = list(account.item_matrices.values_list("pk", flat=True))[:count]
    with looking_through_none():
        feeds._describe_matrices(account, matrices, [], {})


def test_what_stands_before_anything_is_typed(rep: Rep, shop: Shop, some: list[Item]) -> None:
    for item in some:
        rep.account.favourites.create(rep=rep, item=item)
    with looking_through_none():
        for view in View:
            cards_of(browsing.shown_in(view, rep), rep, search.Wanted(shop, ""))
