"""Rules that keep money right, broken on purpose: the suite's own checks catch each of them.

The courier's rules are broken in `tests/outbox/test_virtual_time.py`.
"""

from decimal import Decimal

import pytest

from salesfloor.sales import checkout, totals
from tests.sales import test_agreement, test_views


def test_form_that_is_carried_out_twice_is_caught(screen, rep, monkeypatch):
    monkeypatch.setattr(checkout, "do_once", lambda *_: None)
    with pytest.raises(AssertionError):
        test_views.test_scan_sent_twice_counts_once(screen, rep)


def in_floats(value: Decimal) -> Decimal:
    return Decimal(str(round(float(value), 2)))


def test_money_in_floats_is_caught(monkeypatch):
    monkeypatch.setattr(totals, "to_cents", in_floats)
    with pytest.raises(AssertionError, match="CARTS_SEED"):
        test_agreement.test_carts_by_chance_come_to_the_same_cent()
