"""Our arithmetic and the simulator's, written apart from each other, agree to the cent.

`CARTS` is how many carts to compare, `CARTS_SEED` another seed than the usual one.
"""

import os
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesfloor.lightspeed import records
from salesfloor.lightspeed.client import Client
from salesfloor.lightspeed.drafts import DraftLine, SaleDraft
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.sales.totals import totals
from salesfloor.simulator import money
from tests.conftest import MANAGER
from tests.lightspeed.conftest import Keeper
from tests.sales.carts import PERCENTAGES, RATES, Cart, CartLine, cart_by_chance
from tests.simulator.running import RunningSimulator

COUNT = int(os.environ.get("CARTS", 20_000))
SEED = int(os.environ.get("CARTS_SEED", 4711))
OVER_HTTP = 300

HEADER = ("subtotal", "discount", "taxable", "non_taxable", "tax1", "tax2", "total")
LINE = ("subtotal", "line_discount", "net", "tax1", "tax2", "total")


def carts(count: int) -> Iterator[tuple[str, Cart]]:
    """Each with its name, which finds it again."""
    dice = Random(SEED)
    for number in range(count):
        yield f"cart {number} of CARTS_SEED={SEED}", cart_by_chance(dice)


def differences(cart: Cart) -> list[str]:
    ours, theirs = totals(cart.ours()), money.totals(cart.simulators())
    compared = [(name, ours, theirs) for name in HEADER]
    lines = zip(cart.ours(), theirs.lines, strict=True)
    compared += [(name, our, their) for our, their in lines for name in LINE]  # type: ignore[misc]
    return [
        f"{name}: ours {getattr(our, name)}, the simulator's {getattr(their, name)}"
        for name, our, their in compared
        if getattr(our, name) != getattr(their, name)
    ]


def test_carts_by_chance_come_to_the_same_cent() -> None:
    for name, cart in carts(COUNT):
        assert not differences(cart), f"{name}: {cart}"


def test_carts_by_chance_are_of_every_mean_kind() -> None:
    kinds = Counter(kind for _, cart in carts(2000) for kind in cart.kinds)
    assert len(kinds) == 11
    assert min(kinds.values()) >= 5


CENTS = st.integers(1, 500_000).map(lambda cents: cents * Decimal("0.01"))
QUANTITIES = st.integers(-99, 99).filter(bool) | st.integers(10_000, 99_999)


@st.composite
def lines(draw: st.DrawFn) -> CartLine:
    line = CartLine(draw(QUANTITIES), draw(CENTS), draw(st.sampled_from([0, 1, 2])))
    percent = draw(st.sampled_from([Decimal(0), *PERCENTAGES]))
    amount = draw(st.sampled_from([Decimal(0), Decimal("0.01"), abs(line.gross)]))
    return CartLine(
        line.unit_quantity,
        line.unit_price,
        line.tax_class,
        discount_percent=percent,
        discount_amount=Decimal(0) if percent else amount,
    )


CART = st.builds(
    Cart,
    category=st.integers(0, len(RATES) - 1),
    exception=st.integers(0, len(RATES) - 1),
    lines=st.lists(lines(), min_size=1, max_size=6).map(tuple),
)


@settings(max_examples=300, deadline=None)
@given(CART)
def test_any_cart_comes_to_the_same_cent(cart: Cart) -> None:
    assert differences(cart) == []


# --- Over HTTP -------------------------------------------------------------------------


@pytest.fixture
def client(simulator: RunningSimulator) -> Client:
    """The manager's, at a Lightspeed that has all pairs of rates as tax categories."""
    pairs = [(one, other) for one in range(len(RATES)) for other in range(len(RATES))]
    simulator.put(
        {
            "TaxCategory": [tax_category(*pair) for pair in pairs],
            "TaxCategoryClass": [tax_exception(*pair) for pair in pairs],
        }
    )
    keeper = Keeper(simulator.grant(MANAGER).access_token)
    return Client(4711, keeper, base_url=simulator.url, right=Right.COMPLETE)


def category_id(category: int, exception: int) -> int:
    return 1000 + category * len(RATES) + exception


def tax_category(category: int, exception: int) -> dict[str, Any]:
    tax1, tax2 = map(str, RATES[category])
    key = category_id(category, exception)
    return {"taxCategoryID": key, "tax1Name": "A", "tax1Rate": tax1, "tax2Rate": tax2}


def tax_exception(category: int, exception: int) -> dict[str, Any]:
    tax1, tax2 = map(str, RATES[exception])
    key = category_id(category, exception)
    return {"taxCategoryID": key, "taxClassID": 2, "tax1Rate": tax1, "tax2Rate": tax2}


def draft(cart: Cart, reference: str) -> SaleDraft:
    return SaleDraft(
        reference_number=reference,
        employee_id=MANAGER,
        shop_id=1,
        register_id=1,
        tax_category_id=category_id(cart.category, cart.exception),
        lines=[
            DraftLine(
                item_id=0,
                unit_quantity=line.unit_quantity,
                unit_price=line.unit_price,
                tax=line.tax_class > 0,
                tax_class_id=line.tax_class or 1,
                discount_percent=line.discount_percent or None,
                discount_amount=line.discount_amount or None,
            )
            for line in cart.lines
        ],
    )


def answered(sale: records.Sale) -> list[Decimal]:
    return [
        sale.calc_subtotal,
        sale.calc_discount,
        sale.calc_taxable,
        sale.calc_non_taxable,
        sale.calc_tax1,
        sale.calc_tax2,
        sale.calc_total,
    ]


def test_carts_that_are_posted_come_to_the_same_cent(client: Client) -> None:
    for number, (name, cart) in enumerate(carts(OVER_HTTP)):
        sale = client.create_sale(draft(cart, f"SF-{number}").body())
        ours = totals(cart.ours())
        assert answered(sale) == [getattr(ours, part) for part in HEADER], f"{name}: {cart}"
        by_line = [[line.calc_subtotal, line.calc_total] for line in sale.sale_lines]
        assert by_line == [[line.subtotal, line.total] for line in cart.ours()], f"{name}: {cart}"
