"""Whatever comes back in whatever parts, its discounts add up to the one that was given."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from salesfloor.returns.shares import discount_share

CENTS = st.decimals("0.01", "500", places=2)


@given(parts=st.lists(st.integers(1, 9), min_size=1, max_size=6), discount=CENTS)
def test_parts_add_up_to_the_discount_given(parts, discount):
    left = sold = sum(parts)
    back = Decimal(0)
    for units in parts:
        back += discount_share(units, sold=sold, left=left, given=discount, back=back)
        left -= units
    assert back == discount
