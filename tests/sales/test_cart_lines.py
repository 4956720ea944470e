"""Lines that look as before are not drawn again, and nobody can tell."""

import re

import pytest
from django.utils.html import escape

from salesfloor.sales.models import SaleLine
from tests.conftest import price_carts
from tests.sales.test_views import cart, pay_cash, scan

SOCK = "5012345678900"
SHOE = "012345678905"


def line_of(html: str, name: str) -> str:
    lines = re.findall(r"<li class=\"line.*?</li>", html, re.DOTALL)
    return next(line for line in lines if name in line)


def test_every_form_is_of_the_answer_that_it_came_with(screen):
    first = scan(screen, SOCK).content.decode()
    second = scan(screen, SHOE).content.decode()
    for name in ("version", "action_id"):
        seen, shown = (
            set(re.findall(rf'name="{name}" value="([^"]+)"', h)) for h in (first, second)
        )
        assert len(shown) == 1
        assert shown != seen
    assert "<!--" not in second


def test_line_that_was_drawn_before_is_the_same_when_it_is_read_again(screen):
    drawn = line_of(scan(screen, SOCK).content.decode(), "Wool sock")
    hidden = re.compile(r'<input type="hidden"[^>]*>')
    assert hidden.sub("", drawn) == hidden.sub("", line_of(cart(screen), "Wool sock"))


def test_what_changes_about_a_line_is_seen(screen, account, sock):
    assert ">$9.99<" in line_of(scan(screen, SOCK).content.decode(), "Wool sock")
    assert 'data-quantity="2"' in scan(screen, SOCK).content.decode()
    account.items.filter(pk=sock.pk).update(image_public_id="wool-sock")
    assert f"/items/{sock.pk}/" in line_of(cart(screen), "Wool sock")
    screen.cookies["django_language"] = "fr-ca"
    assert "9,99" in line_of(cart(screen), "Wool sock")


def test_line_has_its_products_picture_as_soon_as_it_is_scanned(screen, account, sock):
    sock.matrix = account.item_matrices.create(
        lightspeed_id=5, description="Wool sock", image_public_id="wool-sock"
    )
    sock.save()
    scanned = line_of(scan(screen, SOCK).content.decode(), "Wool sock")
    assert "no-picture" not in scanned
    assert re.search(r'src="[^"]*"', scanned)[0] in line_of(cart(screen), "Wool sock")


def test_names_that_look_like_the_places_of_fields_stay_names(screen, account, sock):
    named = "Sock <!--cart_fields--> <!--pay_fields--> <!--due-->"
    account.items.filter(pk=sock.pk).update(description=named)
    account.payment_types.filter(name="Check").update(name=named)
    html = scan(screen, SOCK).content.decode()
    assert html.count(escape(named)) >= 2
    assert "<!--" not in html


def test_menu_of_the_payment_follows_the_cart(screen, simulator, account, rep):
    simulator.put({"Customer": [{"customerID": 88, "firstName": "Ann", "lastName": "Lee"}]})
    ann = account.customers.create(lightspeed_id=88, first_name="Ann", last_name="Lee")
    html = scan(screen, SOCK).content.decode()
    assert 'placeholder="11.49"' in html
    assert "Put on layaway" in html
    assert "Account of" not in html
    sale = account.sales.current(rep)
    sale.set_customer(ann, sale.version)
    assert f"Account of {ann}" in cart(screen)
    pay_cash(screen, "5")
    price_carts()
    html = cart(screen)
    assert 'placeholder="6.49"' in html
    assert "Put on layaway" not in html
    assert "Empty the cart" not in html
    screen.cookies["django_language"] = "fr-ca"
    assert f"Account of {ann}" not in cart(screen)


HOSTILE = '"><script>alert(1)</script>'


@pytest.mark.parametrize("language", ["en", "fr-ca"])
def test_what_lightspeed_says_of_an_item_is_text_and_nothing_else(screen, account, sock, language):
    screen.cookies["django_language"] = language
    matrix = account.item_matrices.create(lightspeed_id=5, description=HOSTILE)
    account.items.filter(pk=sock.pk).update(
        description=HOSTILE, matrix=matrix, attribute1=HOSTILE, serialized=True
    )
    account.tax_categories.update(tax1_name=HOSTILE, tax2_name=HOSTILE)
    scan(screen, SOCK)
    SaleLine.everywhere.update(serial=HOSTILE, note=HOSTILE)
    html = cart(screen).replace("&#34;", "&quot;")  # as Jinja2 writes it
    assert "<script>alert" not in html
    # Its name, what its buttons are called by, its size, serial number, note and both taxes.
    assert html.count(escape(HOSTILE)) >= 7


@pytest.mark.parametrize(
    ("language", "each", "one", "three"),
    [
        ("en", "$9.99 each", "1 comes back", "3 come back"),
        ("fr-ca", "9,99\xa0$\xa0US ch.", "1 est rendu", "3 sont rendus"),
    ],
)
def test_lines_tell_in_the_readers_language_what_comes_back_and_what_one_costs(
    screen, sock, language, each, one, three
):
    screen.cookies["django_language"] = language
    scan(screen, SOCK)
    scan(screen, SOCK)
    assert each in cart(screen)
    line = SaleLine.everywhere.get()
    SaleLine.everywhere.update(unit_quantity=-1, parent_lightspeed_id=1)
    assert one in line_of(cart(screen), line.description)
    SaleLine.everywhere.update(unit_quantity=-3)
    assert three in line_of(cart(screen), line.description)
