"""The page that a customer takes along: opened by a signed link, by nobody else, for a while."""

import re
import time
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import segno
from django.core.cache import cache
from django.core.signing import TimestampSigner
from django.db import connection
from django.test import Client
from django.urls import reverse

from salesfloor.receipts import links


@pytest.fixture
def phone(db) -> Client:
    """A customer's, signed in nowhere."""
    cache.clear()
    return Client()


def path_of(token: str) -> str:
    return reverse("receipts:taken_away", args=[token])


def test_customer_sees_the_receipt_without_signing_in(phone, paid):
    answer = phone.get(path_of(links.token_of(paid)))
    html = answer.content.decode()
    assert [text for text in ("Wool sock M", "$11.49", "Print or save") if text not in html] == []
    assert not answer.cookies


def test_page_is_kept_by_nobody_and_told_to_nobody(phone, paid):
    headers = phone.get(path_of(links.token_of(paid))).headers
    assert "no-store" in headers["Cache-Control"]
    assert (headers["X-Robots-Tag"], headers["Referrer-Policy"]) == (
        "noindex, nofollow",
        "no-referrer",
    )


def test_page_leads_nowhere_into_the_app(phone, paid):
    html = phone.get(path_of(links.token_of(paid))).content.decode()
    addresses = re.findall(r'(?:href|src|action|hx-\w+)="([^"]+)"', html)
    assert [address for address in addresses if not address.startswith(("/static/", "/r/"))] == []
    assert f"/{paid.pk}/" not in html


def test_rep_who_opens_it_sees_what_the_customer_sees(screen, paid):
    html = screen.get(path_of(links.token_of(paid))).content.decode()
    assert "top-bar" not in html
    assert "Wool sock M" in html


def spoilt_tokens(sale) -> list[str]:
    good = links.token_of(sale)
    return [
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        good.replace("SF-", "SF-0", 1),
        TimestampSigner(sep=".").sign(sale.reference),  # of another salt
        links._signer.sign("SF-00000000000000000000"),  # of no sale
        sale.reference,
        str(sale.pk),
        "☕",
    ]


def test_every_token_that_is_none_gets_the_same_answer(phone, paid, settings):
    answers = [phone.get(path_of(token)) for token in spoilt_tokens(paid)]
    token = links.token_of(paid)
    settings.RECEIPT_LINK_FOR = timedelta(seconds=-1)
    answers.append(phone.get(path_of(token)))
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert "does not open a receipt any more" in answers[0].content.decode()


@pytest.mark.parametrize(("days", "status"), [(6, 200), (8, 404)])
def test_link_is_good_for_a_week(phone, paid, monkeypatch, days, status):
    token = links.token_of(paid)
    later = time.time() + timedelta(days=days).total_seconds()
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert phone.get(path_of(token)).status_code == status


def test_whoever_tries_many_tokens_has_to_wait(phone, paid, monkeypatch):
    monkeypatch.setattr(links, "OPENED_A_MINUTE", 3)
    tried = [phone.get(path_of(f"guess-{number}")).status_code for number in range(3)]
    assert tried == [404, 404, 404]
    assert phone.get(path_of(links.token_of(paid))).status_code == 429


def test_barcode_of_the_page_needs_the_token_too(phone, account, paid):
    account.submissions.update(ticket_number="220000000107")
    token = links.token_of(paid)
    path = reverse("receipts:taken_away_barcode", args=[token])
    assert phone.get(path).content.startswith(b"<svg")
    assert phone.get(path.replace(token, token[:-1])).status_code == 404


def test_address_in_the_qr_code_opens_the_receipt(screen, phone, paid, monkeypatch, settings):
    settings.SITE_URL = "https://floor.example.com"
    written: list[str] = []
    draw = segno.make
    monkeypatch.setattr(
        segno, "make", lambda address, **how: written.append(address) or draw(address, **how)
    )
    screen.get(reverse("receipts:qr", args=[paid.pk]))
    [address] = written
    assert address.startswith("https://floor.example.com/r/")
    assert "Wool sock M" in phone.get(urlsplit(address).path).content.decode()


def test_qr_code_is_a_picture_that_the_page_policy_lets_in(screen, paid):
    answer = screen.get(reverse("receipts:qr", args=[paid.pk]))
    assert answer["Content-Type"] == "image/svg+xml"
    assert "no-store" in answer["Cache-Control"]
    assert b"<svg" in answer.content
    assert b"style" not in answer.content


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads a plan as SQLite writes it")
def test_link_finds_its_sale_without_reading_all_sales(paid):
    plan = links.accounts_with(paid.reference).explain()
    assert "SEARCH U0" in plan
