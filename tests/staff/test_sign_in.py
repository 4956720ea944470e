"""Signing in through Lightspeed, step by step as a browser does it."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.db import connection
from django.test import Client
from django.urls import reverse

from salesfloor.staff.models import Account, Grant, Rep
from tests.conftest import MANAGER, REP

pytestmark = pytest.mark.django_db


def ask_to_sign_in(browser: Client) -> str:
    """The address at Lightspeed that the button leads to."""
    return browser.post(f"{reverse('lightspeed_login')}?process=login")["Location"]


def sign_in_as(browser: Client, simulator, employee_id: int):
    """Choose a person on Lightspeed's page and come back; the answer to coming back."""
    address = ask_to_sign_in(browser)
    page = requests.get(address, timeout=10).text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    back = requests.post(
        address, data=hidden | {"employeeID": employee_id}, allow_redirects=False, timeout=10
    )
    there = urlsplit(back.headers["Location"])
    assert there.path == reverse("lightspeed_callback")
    return browser.get(f"{there.path}?{there.query}")


def test_lightspeed_is_asked_with_state_and_pkce_and_without_redirect_uri(simulator):
    address = urlsplit(ask_to_sign_in(Client()))
    asked = parse_qs(address.query)
    assert asked["code_challenge_method"] == ["S256"]
    assert set(asked) == {
        *("response_type", "client_id", "scope", "state"),
        *("code_challenge", "code_challenge_method"),
    }


def test_rep_before_any_manager_is_told_to_fetch_one(simulator):
    browser = Client()
    sign_in_as(browser, simulator, REP)
    assert "fetch a manager" in browser.get(reverse("staff:home")).content.decode()
    assert Account.objects.get().connected_at is None


def test_first_manager_connects_the_account(simulator):
    browser = Client()
    sign_in_as(browser, simulator, MANAGER)
    assert Account.objects.get().connected_at is not None
    assert browser.get(reverse("staff:home"))["Location"] == reverse("mirror:connection")


def test_name_and_rights_are_those_that_lightspeed_gave(simulator):
    sign_in_as(Client(), simulator, REP)
    rep = Rep.everywhere.get()
    assert str(rep) == "Maya Rosen"
    assert rep.may("register")
    assert not rep.is_manager


def test_tokens_are_encrypted_at_rest(simulator):
    sign_in_as(Client(), simulator, REP)
    grant = Grant.everywhere.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_token, refresh_token FROM staff_grant")
        stored = cursor.fetchone()
    assert grant.access_token.count(".") == 2  # a JWT
    assert grant.access_token not in stored
    assert grant.refresh_token not in stored


def test_refusing_at_lightspeed_leads_back_to_a_page_that_says_so(simulator):
    browser = Client()
    asked = parse_qs(urlsplit(ask_to_sign_in(browser)).query)
    callback = reverse("lightspeed_callback")
    answer = browser.get(f"{callback}?error=access_denied&state={asked['state'][0]}", follow=True)
    assert answer.status_code == 200
    assert "Try again" in answer.content.decode()
    assert Rep.everywhere.count() == 0


def test_made_up_state_signs_nobody_in(simulator):
    browser = Client()
    browser.get(f"{reverse('lightspeed_callback')}?code=x&state=invented")
    assert Rep.everywhere.count() == 0


def test_signing_in_again_brings_the_rights_up_to_date(simulator):
    sign_in_as(Client(), simulator, REP)
    simulator.put({"Employee": [{"employeeID": REP, "employeeRoleID": 4}]})
    sign_in_as(Client(), simulator, REP)
    assert Rep.everywhere.get().is_manager


def test_next_page_outside_is_not_followed(simulator):
    html = Client().get(reverse("staff:sign_in") + "?next=https://evil.example/").content.decode()
    assert "evil.example" not in html


@pytest.mark.parametrize(
    "name", ["sales:sell", "sales:recent", "catalog:item_search", "mirror:connection"]
)
def test_nothing_is_shown_without_signing_in(name, db):
    answer = Client().get(reverse(name))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("staff:sign_in"))


def test_signed_in_pages_are_kept_in_no_cache(rep):
    browser = Client()
    browser.force_login(rep.user)
    assert "no-store" in browser.get(reverse("sales:sell"))["Cache-Control"]


def test_register_is_chosen_once_and_remembered(rep, account):
    rep.register = None
    rep.save()
    browser = Client()
    browser.force_login(rep.user)
    assert browser.get(reverse("sales:sell"))["Location"] == reverse("staff:home")
    chosen = account.registers.get(lightspeed_id=2)
    browser.post(reverse("staff:choose_register"), {"register": chosen.pk})
    assert "Harbour Street" in browser.get(reverse("sales:sell")).content.decode()


@pytest.mark.parametrize("wanted", ["", "0", "99999", "-1", "x", "9" * 30])
def test_register_that_is_not_ours_is_not_found(rep, wanted):
    browser = Client()
    browser.force_login(rep.user)
    answer = browser.post(reverse("staff:choose_register"), {"register": wanted})
    assert answer.status_code == 404


@pytest.mark.parametrize("change", [{"locked_out": True}, {"archived": True}])
def test_employee_whom_lightspeed_no_longer_lets_in_is_signed_out(rep, account, change):
    browser = Client()
    browser.force_login(rep.user)
    account.employees.filter(pk=rep.employee.pk).update(**change)
    answer = browser.get(reverse("sales:sell"))
    assert answer["Location"].startswith(reverse("staff:sign_in"))
    assert "_auth_user_id" not in browser.session


def test_register_that_was_archived_is_chosen_anew(rep, account):
    browser = Client()
    browser.force_login(rep.user)
    account.registers.update(archived=True)
    assert browser.get(reverse("sales:sell"))["Location"] == reverse("staff:home")
