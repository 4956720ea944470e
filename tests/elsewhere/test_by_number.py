"""Numbers of receipts, quotes and slips, typed where items are looked for."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from salesfloor.elsewhere.models import KeptCart
from tests.elsewhere.conftest import keep


@pytest.fixture
def found(screen):
    """What the search answers."""

    def search(words: str) -> str:
        return screen.get(reverse("catalog:item_search"), {"q": words}).content.decode()

    return search


def page_of(kept: KeptCart) -> str:
    return f'href="{reverse("elsewhere:kept_cart", args=[kept.pk])}"'


def test_ticket_number_opens_what_a_scan_of_the_receipt_would(found):
    html = found(" 220000004711 ")
    assert "Open ticket 220000004711" in html
    assert f'href="{reverse("returns:find")}?number=220000004711"' in html
    assert "Try fewer words" not in html


def test_number_of_an_order_slip_opens_it(found):
    html = found("sk-0a1b2c3d4e")
    assert "Open slip sk-0a1b2c3d4e" in html
    assert f'href="{reverse("orders:find")}?slip=sk-0a1b2c3d4e"' in html


def test_till_slip_opens_by_its_code_and_its_ticket_number(handed_over, found):
    for number in (handed_over.code, handed_over.code.lower(), handed_over.ticket_number):
        html = found(number)
        assert f"Open till slip {number}" in html
        assert page_of(handed_over) in html


def test_quote_opens_by_its_number(cart, simulator, found):
    quote = keep(cart, KeptCart.Kind.QUOTE)
    KeptCart.everywhere.update(quote_lightspeed_id=70707)
    html = found("70707")
    assert "Open quote 70707" in html
    assert page_of(quote) in html


def test_item_that_is_found_is_shown_alone(handed_over, sock, found):
    KeptCart.everywhere.update(quote_lightspeed_id=int(sock.system_sku))
    html = found(sock.system_sku)
    assert sock.description in html
    assert "Open till slip" not in html


@pytest.mark.parametrize("words", ["zzzzzz", "9" * 30, "22\0000000004711", "٢٢٠٠"])
def test_other_words_that_find_nothing_open_nothing(handed_over, words, found):
    html = found(words)
    assert "Try fewer words" in html
    assert "Open " not in html


def test_numbers_are_no_markup(found):
    html = found('SK-"><b>')
    assert "<b>" not in html
    assert urlencode({"slip": 'SK-"><b>'}) in html
