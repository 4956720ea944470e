"""Signing in: the consent page, codes, tokens, rotation, and what a token may do."""

import base64
import hashlib
import re
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests

CLIENT = {"client_id": "salesfloor", "client_secret": "salesfloor-secret"}
SCOPE = "employee:register employee:inventory_read"
VERIFIER = "a-verifier-of-more-than-forty-three-characters-0"
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)
AUTHORIZE = {
    "response_type": "code",
    "client_id": "salesfloor",
    "scope": SCOPE,
    "state": "kept as it is",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}
REP = {
    "employeeID": 2,
    "firstName": "Robin",
    "lastName": "Rep <b>",
    "EmployeeRights": {
        "EmployeeRight": [{"name": name} for name in ("allow_login", "register", "inventory_base")]
    },
}
LOCKED = {"employeeID": 3, "firstName": "Lou", "lastName": "Locked", "lockOut": True}


@pytest.fixture
def shop(simulator):
    simulator.put({"Employee": [REP, LOCKED]})
    return simulator


def sign_in(shop, choice, **changes):
    """Picks a button on the consent page; where it leads, and with what."""
    answer = requests.post(
        f"{shop.url}/auth/oauth/authorize",
        params=AUTHORIZE | changes,
        data=choice,
        allow_redirects=False,
        timeout=10,
    )
    assert answer.status_code == 302, answer.text
    address = urlsplit(answer.headers["Location"])
    return address, {name: values[0] for name, values in parse_qs(address.query).items()}


def exchange(shop, path="/auth/oauth/token", **body):
    return requests.post(f"{shop.url}{path}", json=CLIENT | body, timeout=10)


def code_of(shop):
    return sign_in(shop, {"employeeID": "2"})[1]["code"]


def tokens(shop):
    code = code_of(shop)
    return exchange(shop, grant_type="authorization_code", code=code, code_verifier=VERIFIER).json()


def refresh(shop, token):
    return exchange(shop, grant_type="refresh_token", refresh_token=token)


def session(shop, token, kind="Bearer"):
    return requests.get(
        f"{shop.url}/API/Session.json", headers={"Authorization": f"{kind} {token}"}, timeout=10
    )


def test_consent_page_offers_who_may_sign_in_and_a_way_out(shop):
    page = requests.get(f"{shop.url}/auth/oauth/authorize", params=AUTHORIZE, timeout=10).text
    assert re.search(r'value="2"><span>Robin Rep &lt;b&gt;', page)
    assert re.search(r'value="3" disabled>', page)
    assert 'value="refuse"' in page
    assert "<script" not in page


def test_signing_in_returns_to_the_registered_address_with_state_and_code(shop):
    address, returned = sign_in(shop, {"employeeID": "2"})
    assert f"{address.scheme}://{address.netloc}{address.path}" == (
        "http://127.0.0.1:8000/accounts/lightspeed/login/callback/"
    )
    assert returned["state"] == "kept as it is"
    assert returned["code"]


def test_refusing_returns_access_denied_and_no_code(shop):
    _, returned = sign_in(shop, {"decision": "refuse"})
    assert (returned["error"], "code" in returned) == ("access_denied", False)


def test_locked_out_employee_cannot_sign_in_even_by_force(shop):
    answer = requests.post(
        f"{shop.url}/auth/oauth/authorize", params=AUTHORIZE, data={"employeeID": "3"}, timeout=10
    )
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"client_id": "nobody"}, "invalid_client"),
        ({"scope": "employee:rule_the_world"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ],
)
def test_wrong_authorization_request_is_named(shop, change, error):
    answer = requests.get(f"{shop.url}/auth/oauth/authorize", params=AUTHORIZE | change, timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


@pytest.mark.parametrize("encoding", ["json", "data", "files"])
def test_code_becomes_tokens_whatever_the_encoding_of_the_body(shop, encoding):
    body = CLIENT | {"grant_type": "authorization_code", "code_verifier": VERIFIER}
    body["code"] = code_of(shop)
    if encoding == "files":
        body = {name: (None, value) for name, value in body.items()}
    answer = requests.post(f"{shop.url}/auth/oauth/token", **{encoding: body}, timeout=10)
    assert set(answer.json()) == {"token_type", "expires_in", "access_token", "refresh_token"}
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 3600)


def test_old_paths_still_lead_to_tokens(shop):
    answer = requests.post(
        f"{shop.url}/oauth/authorize.php",
        params=AUTHORIZE,
        data={"employeeID": "2"},
        allow_redirects=False,
        timeout=10,
    )
    code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
    body = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER}
    assert exchange(shop, "/oauth/access_token.php", **body).status_code == 200


def test_code_works_once(shop):
    code = code_of(shop)
    body = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER}
    assert exchange(shop, **body).status_code == 200
    assert exchange(shop, **body).json()["error"] == "invalid_grant"


def test_code_is_too_old_after_a_minute(shop):
    code = code_of(shop)
    shop.clock(advance=61)
    body = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER}
    assert exchange(shop, **body).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "verifier", [None, "short", "another-verifier-of-more-than-forty-three-characters"]
)
def test_code_is_worthless_without_its_verifier(shop, verifier):
    body = {"grant_type": "authorization_code", "code": code_of(shop)}
    if verifier:
        body["code_verifier"] = verifier
    assert exchange(shop, **body).status_code == 400


def test_plain_challenge_is_its_own_verifier(shop):
    plain = {"code_challenge": VERIFIER, "code_challenge_method": "plain"}
    code = sign_in(shop, {"employeeID": "2"}, **plain)[1]["code"]
    body = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER}
    assert exchange(shop, **body).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, 400, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, 400, "invalid_grant"),
        ({"grant_type": "authorization_code", "code": "x"}, 400, "invalid_grant"),
    ],
)
def test_wrong_token_request_is_named(shop, body, status, error):
    answer = exchange(shop, **body)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_token_endpoint_takes_nothing_but_post(shop):
    answer = requests.get(f"{shop.url}/auth/oauth/token", timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (405, "invalid_request")


def test_access_token_is_signed_and_says_who_where_and_what(shop):
    token = tokens(shop)["access_token"]
    (key,) = requests.get(f"{shop.url}/.well-known/jwks", timeout=10).json()["keys"]
    assert jwt.get_unverified_header(token)["kid"] == key["kid"]
    claims = jwt.decode(token, jwt.PyJWK(key), algorithms=["RS256"], audience="salesfloor")
    assert (claims["acct"], claims["scope"]) == ("4711", SCOPE)
    assert claims["iss"] == "https://cloud.lightspeedapp.com"
    assert isinstance(claims["exp"], float)
    assert session(shop, token).json()["systemUserID"] == claims["sub"] != "2"


def test_session_tells_employee_account_and_rights(shop):
    answer = session(shop, tokens(shop)["access_token"]).json()
    assert (answer["employeeID"], answer["systemCustomerID"]) == ("2", "4711")
    assert (answer["Rights"]["register"], answer["Rights"]["admin"]) == ("true", "false")
    assert "@attributes" not in answer


def test_session_tells_since_when_one_is_clocked_in_by_the_shops_clock(shop):
    hours = {"employeeHoursID": 7, "employeeID": 2, "checkIn": "2026-05-04T13:00:00+00:00"}
    clocked_in = {"employeeID": 2, "clockInEmployeeHoursID": 7}
    shop.put({"EmployeeHours": [hours], "Employee": [clocked_in]})
    employee = session(shop, tokens(shop)["access_token"]).json()["Employee"]
    assert (employee["isCheckedIn"], employee["checkedInAt"]) == (
        "true",
        "2026-05-04T09:00:00-04:00",
    )


def test_old_authorization_header_is_still_read(shop):
    assert session(shop, tokens(shop)["access_token"], kind="OAuth").status_code == 200


def test_refresh_rotates_and_kills_the_access_token_in_use(shop):
    old = tokens(shop)
    new = refresh(shop, old["refresh_token"]).json()
    assert new["refresh_token"] != old["refresh_token"]
    assert session(shop, old["access_token"]).json()["hint"] == "Access token has been revoked"
    assert session(shop, new["access_token"]).status_code == 200


def test_used_refresh_token_lives_until_the_new_access_token_is_used(shop):
    old = tokens(shop)
    assert refresh(shop, old["refresh_token"]).status_code == 200
    again = refresh(shop, old["refresh_token"]).json()
    assert session(shop, again["access_token"]).status_code == 200
    assert refresh(shop, old["refresh_token"]).json()["error"] == "invalid_grant"


def test_strict_rotation_kills_the_used_refresh_token_at_once(shop):
    shop.settings(strict_rotation=True)
    old = tokens(shop)
    assert refresh(shop, old["refresh_token"]).status_code == 200
    assert refresh(shop, old["refresh_token"]).status_code == 400


def test_sixth_refresh_in_a_minute_is_refused(shop):
    token = tokens(shop)["refresh_token"]
    statuses = [refresh(shop, token).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    shop.clock(advance=61)
    assert refresh(shop, token).status_code == 200


def test_refresh_with_a_scope_is_refused(shop):
    token = tokens(shop)["refresh_token"]
    answer = exchange(shop, grant_type="refresh_token", refresh_token=token, scope=SCOPE)
    assert answer.json()["error"] == "invalid_scope"


def test_access_token_ends_with_its_hour_and_refresh_token_with_its_month(shop):
    old = tokens(shop)
    shop.clock(advance=3601)
    assert session(shop, old["access_token"]).status_code == 401
    shop.clock(advance=30 * 86400)
    assert refresh(shop, old["refresh_token"]).json()["error"] == "invalid_grant"


def test_revoking_kills_both_tokens(shop):
    pair = tokens(shop)
    body = CLIENT | {"refresh_token": pair["refresh_token"]}
    assert requests.post(f"{shop.url}/auth/oauth/revoke", json=body, timeout=10).ok
    assert session(shop, pair["access_token"]).status_code == 401
    assert refresh(shop, pair["refresh_token"]).status_code == 400


def test_introspection_returns_the_claims(shop):
    token = tokens(shop)["access_token"]
    answer = requests.get(
        f"{shop.url}/auth/oauth/introspect",
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    )
    assert (answer.json()["scope"], answer.json()["acct"]) == (SCOPE, "4711")


@pytest.mark.parametrize("token", ["", "nonsense", "eyJhbGciOiJub25lIn0.eyJqdGkiOiIxIn0."])
def test_call_without_a_true_token_is_denied(shop, token):
    answer = session(shop, token)
    assert (answer.status_code, answer.json()["error"]) == (401, "access_denied")


def test_old_shape_of_401_is_there_for_the_asking(shop):
    shop.settings(old_error_bodies=True)
    assert session(shop, "x").json()["errorClass"] == "BadAuthenticationRequestError"


def test_locking_an_employee_out_ends_their_tokens_at_once(shop):
    pair = tokens(shop)
    assert session(shop, pair["access_token"]).status_code == 200
    shop.put({"Employee": [{"employeeID": 2, "lockOut": True}]})
    assert session(shop, pair["access_token"]).status_code == 401
    assert refresh(shop, pair["refresh_token"]).status_code == 400


@pytest.mark.parametrize(
    ("scope", "method", "path", "status"),
    [
        ("employee:register", "GET", "Sale", 200),
        ("employee:register", "GET", "ItemShop", 403),
        ("employee:inventory_read", "GET", "ItemShop", 200),
        ("employee:inventory_read", "PUT", "ItemShop/1", 403),
        ("employee:inventory_read", "GET", "Sale", 403),
        ("employee:register_read", "POST", "Sale", 403),
        ("employee:customers", "GET", "Customer", 403),
        ("employee:register", "GET", "Category", 200),
        ("employee:all", "POST", "Category", 403),
        ("employee:all", "PUT", "Item/12", 403),
    ],
)
def test_token_may_do_what_its_scope_and_its_employee_both_may(
    shop, stocked, scope, method, path, status
):
    # The rep's own rights: register and inventory_base, but neither customers nor categories.
    client = stocked.client(employee_id=2, scope=scope)
    assert client.call(method, path, {} if method != "GET" else None).status_code == status


def test_taking_a_right_away_works_at_once(shop):
    client = shop.client(employee_id=2)
    assert client.get("Sale").status_code == 200
    shop.put(
        {
            "Employee": [
                {"employeeID": 2, "EmployeeRights": {"EmployeeRight": [{"name": "allow_login"}]}}
            ]
        }
    )
    assert client.get("Sale").status_code == 403


def test_token_reaches_its_own_account_only(shop):
    client = shop.client()
    url = client.url.replace("4711", "4712")
    answer = requests.get(f"{url}/Item.json", headers=client.grant.headers, timeout=10)
    assert answer.status_code == 403


def test_redirect_address_can_be_set_by_the_control_door(shop):
    shop.settings(redirect_uri="http://127.0.0.1:9/elsewhere/")
    address, _ = sign_in(shop, {"employeeID": "2"})
    assert address.netloc == "127.0.0.1:9"


# --- The ways of before -------------------------------------------------------------------

OLD = "/oauth/access_token.php"


def test_old_path_answers_with_scope_and_who_granted_it(shop):
    code = sign_in(shop, {"employeeID": "2"})[1]["code"]
    body = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER}
    answer = exchange(shop, OLD, **body).json()
    assert (answer["token_type"], answer["scope"]) == ("bearer", f"{SCOPE} systemuserid:508402")
    assert isinstance(answer["expires_in"], int)


def test_old_path_refreshes_without_a_new_refresh_token(shop):
    held = tokens(shop)
    body = {"grant_type": "refresh_token", "refresh_token": held["refresh_token"]}
    assert exchange(shop, OLD, **body).json()["access_token"] == held["access_token"]
    for _ in range(2):
        shop.clock(advance=4000)
        renewed = exchange(shop, OLD, **body).json()
        assert "refresh_token" not in renewed
        assert session(shop, renewed["access_token"]).status_code == 200


def test_one_refresh_at_the_new_path_migrates_an_old_token(shop):
    held = tokens(shop)["refresh_token"]
    shop.clock(advance=4000)
    exchange(shop, OLD, grant_type="refresh_token", refresh_token=held)
    assert refresh(shop, held).json()["refresh_token"] != held


def test_old_path_can_answer_as_the_new_one(shop):
    shop.settings(old_token_answers=False)
    body = {"grant_type": "refresh_token", "refresh_token": tokens(shop)["refresh_token"]}
    answer = exchange(shop, OLD, **body).json()
    assert sorted(answer) == ["access_token", "expires_in", "refresh_token", "token_type"]


def test_token_in_the_query_or_as_an_api_key_counts_only_when_that_is_switched_on(shop):
    token = tokens(shop)["access_token"]
    url = f"{shop.url}/API/Session.json"

    def asked():
        return [
            requests.get(url, params={"oauth_token": token}, timeout=5).status_code,
            requests.get(url, auth=(token, "apikey"), timeout=5).status_code,
            requests.get(url, auth=(token, "secret"), timeout=5).status_code,
        ]

    assert asked() == [401, 401, 401]
    shop.settings(old_authorization=True)
    assert asked() == [200, 200, 401]


def test_blocked_client_is_refused_like_a_wrong_secret(shop):
    held = tokens(shop)
    client = {
        "client_id": "salesfloor",
        "redirect_uri": "https://salesfloor.test/",
        "blocked": True,
    }
    shop.control("POST", "clients", client)
    answer = refresh(shop, held["refresh_token"])
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
