"""The receipt for whom it is given to: what it is, and not what it cost."""

import re

import pytest
from django.urls import reverse

from salesfloor.outbox.courier import deliver


@pytest.fixture
def gift(screen, account, paid) -> str:
    deliver(account)
    return screen.get(reverse("receipts:gift", args=[paid.pk])).content.decode()


def test_gift_receipt_names_the_items_and_no_price(gift):
    slip = gift[gift.index("<article") : gift.index("</article>")]
    assert "Wool sock M" in slip
    assert not re.search(r"\d\.\d\d", slip)


def test_gift_receipt_has_the_tickets_barcode(gift, paid):
    assert reverse("receipts:barcode", args=[paid.pk]) in gift
    assert "220000000001" in gift


def test_each_line_can_be_left_out(gift):
    assert gift.count('type="checkbox"') == 1
