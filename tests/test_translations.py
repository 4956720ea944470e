"""Every word that a rep reads is there in Canadian French too."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from django.test import Client
from django.urls import reverse
from django.utils.translation.template import templatize

from salesfloor.catalog.models import Item
from salesfloor.sales.models import Sale
from salesfloor.staff.models import Rep
from tests.conftest import SERVICE, price_carts

ROOT = Path(__file__).parent.parent
MESSAGES = ROOT / "salesfloor/locale/fr_CA/LC_MESSAGES/django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]")
UPDATE = "run make messages, and translate what is new"


@pytest.fixture(scope="module")
def french() -> Catalog:
    return read_po(BytesIO(MESSAGES.read_bytes()), locale="fr_CA")


def messages_of(catalog: Catalog) -> list[Message]:
    """Without the first, which is the file's header."""
    return [message for message in catalog if message.id]


def forms(text: str | Sequence[str]) -> tuple[str, ...]:
    """The text, or its singular and its plural."""
    return (text,) if isinstance(text, str) else tuple(text)


def in_source() -> set[str | tuple[str, ...]]:
    """What the code and the templates ask gettext for. The simulator asks for nothing."""
    found = set()
    code = (path for path in ROOT.glob("salesfloor/**/*.py") if "simulator" not in path.parts)
    templates = (path for path in ROOT.glob("templates/**/*") if path.is_file())
    keywords = DEFAULT_KEYWORDS | {"gettext_lazy": None}
    for path in (*code, *templates):
        source = path.read_text()
        if path.suffix != ".py":
            source = f"({templatize(source)})"  # in brackets its indentation means nothing
        for _, text, *_ in extract("python", BytesIO(source.encode()), keywords=keywords):
            found.add(text)
    return found


def test_every_text_of_code_and_templates_is_in_the_catalog(french: Catalog) -> None:
    assert in_source() == {message.id for message in messages_of(french)}, UPDATE


def test_every_text_is_translated_and_none_is_a_guess(french: Catalog) -> None:
    unfinished = [
        message.id
        for message in messages_of(french)
        if message.fuzzy or not all(forms(message.string))
    ]
    assert not unfinished, UPDATE


def test_what_is_filled_in_is_the_same_in_both_languages(french: Catalog) -> None:
    for message in messages_of(french):
        for english, translated in zip(forms(message.id), forms(message.string), strict=True):
            wanted, given = (Counter(PLACEHOLDER.findall(text)) for text in (english, translated))
            assert wanted == given, english


def test_compiled_catalog_is_made_from_the_readable_one(french: Catalog) -> None:
    compiled = BytesIO()
    write_mo(compiled, french)
    compiled.seek(0)
    fresh, shipped = (
        {forms(message.id): message.string for message in messages_of(read_mo(file))}
        for file in (compiled, BytesIO(MESSAGES.with_suffix(".mo").read_bytes()))
    )
    assert shipped == fresh, UPDATE


@pytest.mark.parametrize("language", ["fr-CA", "fr-CA,fr;q=0.9,en;q=0.8", "fr"])
def test_browser_that_reads_french_is_asked_in_french_to_sign_in(
    client: Client, language: str
) -> None:
    answer = client.get(reverse("staff:sign_in"), headers={"Accept-Language": language})
    assert answer["Content-Language"] == "fr-ca"
    assert "Ouvrir une session avec Lightspeed" in answer.content.decode()


@pytest.fixture
def en_francais(rep: Rep) -> Client:
    """A rep whose iPad is set to French, with a fitting for 187.82 in the cart."""
    screen = Client(headers={"HX-Request": "true", "Accept-Language": "fr-CA"})
    screen.force_login(rep.user)
    fitting: Item = rep.account.items.get(lightspeed_id=SERVICE)
    fitting.price, fitting.prices = Decimal("187.82"), {}
    fitting.save()
    screen.post(
        reverse("sales:add_line"),
        {"item": fitting.pk, "action_id": "c5a5b2f4-33a0-4a10-9d11-0d6f3c6c4d20"},
    )
    return screen


def test_cart_counts_and_writes_money_as_in_quebec(en_francais: Client) -> None:
    cart = en_francais.get(reverse("sales:sell")).content.decode()
    assert "1 article<" in cart
    assert "Vider le panier" in cart
    assert "187,82\N{NO-BREAK SPACE}$" in cart
    assert 'data-key=",">,<' in cart


def test_refusal_is_told_in_french(en_francais: Client) -> None:
    answer = en_francais.post(
        reverse("sales:scan"),
        {"code": "4006381333931", "action_id": "0b6c2f0e-8f4c-4a39-8e35-6b43b2c1b3aa"},
    )
    assert "Aucun article n’a le code 4006381333931." in answer.content.decode()


def test_cart_paid_in_french_is_paid_to_the_cent(en_francais: Client, rep: Rep) -> None:
    sale = rep.account.sales.current(rep)
    en_francais.post(
        reverse("sales:pay_cash"),
        {
            "version": sale.version,
            "action_id": "5f6d8c3e-6d57-4b0c-93a5-57d7cb6c2f11",
            "expected_total": "187.82",
            "amount_tendered": "200,00",
        },
    )
    price_carts()
    answer = en_francais.get(reverse("sales:cart"))
    page = answer.content.decode()
    assert "Monnaie à rendre" in page
    assert "12,18\N{NO-BREAK SPACE}$" in page


def test_receipt_tells_date_and_time_as_in_quebec(en_francais: Client, paid: Sale) -> None:
    paid.paid_at = datetime(2026, 2, 3, 19, 5, tzinfo=ZoneInfo(paid.shop.time_zone))
    paid.save()
    receipt = en_francais.get(reverse("receipts:receipt", args=[paid.pk])).content.decode()
    assert "3 février 2026, 19\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}05" in receipt
