"""Lines that look as before are not drawn again, and nobody can tell."""

import re

from tests.sales.test_views import cart, scan

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
