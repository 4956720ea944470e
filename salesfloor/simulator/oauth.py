"""Lightspeed's OAuth: codes, signed access tokens, rotating refresh tokens."""

import base64
import hashlib
import json
import re
import secrets
import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from . import consent, rights
from .errors import OAuthError
from .exchange import HTML, Answer, Request, json_answer
from .store import Record

if TYPE_CHECKING:
    from .simulation import Simulation

CLIENT_ID = "salesfloor"
CLIENT_SECRET = "salesfloor-secret"  # noqa: S105 (the simulator's, known to all)
REDIRECT_URI = "http://127.0.0.1:8000/accounts/lightspeed/login/callback/"
ISSUER = "https://cloud.lightspeedapp.com"
# Documented examples: 3600 s after a sign-in, 1800 s after a refresh.
REFRESHED_LIFE_SHARE = 0.5
VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}")

AUTHORIZE_PATHS = ("/auth/oauth/authorize", "/oauth/authorize.php")
OLD_TOKEN_PATH = "/oauth/access_token.php"  # noqa: S105 (a path)
TOKEN_PATHS = ("/auth/oauth/token", "/oauth/token", OLD_TOKEN_PATH)

SCHEMA = (
    "CREATE TABLE oauth_key (pem TEXT, kid TEXT)",
    "CREATE TABLE oauth_client (client_id TEXT PRIMARY KEY, secret TEXT, name TEXT, "
    "redirect_uri TEXT, public INTEGER, blocked INTEGER)",
    "CREATE TABLE oauth_code (code TEXT PRIMARY KEY, client_id TEXT, employee_id INTEGER, "
    "scope TEXT, challenge TEXT, challenge_method TEXT, expires_at REAL)",
    # A connection is one sign-in and all the tokens that came of it.
    "CREATE TABLE oauth_connection (id INTEGER PRIMARY KEY, client_id TEXT, "
    "employee_id INTEGER, scope TEXT, revoked INTEGER DEFAULT 0)",
    "CREATE TABLE oauth_access (jti TEXT PRIMARY KEY, connection_id INTEGER, expires_at REAL, "
    "token TEXT, revoked INTEGER DEFAULT 0, used INTEGER DEFAULT 0)",
    # jti: the access token it was issued with.
    "CREATE TABLE oauth_refresh (token TEXT PRIMARY KEY, connection_id INTEGER, jti TEXT, "
    "expires_at REAL, revoked INTEGER DEFAULT 0)",
    "CREATE TABLE oauth_attempt (connection_id INTEGER, at REAL)",
)


@dataclass(frozen=True)
class Granted:
    """Who is calling, and what they may do at this moment."""

    client_id: str
    employee: Record
    scope: str
    rights: frozenset[str]
    jti: str
    connection_id: int

    @property
    def sees_gift_card_numbers(self) -> bool:
        return "customers_view_gift_card_numbers" in self.rights


class OAuth:
    def __init__(self, simulation: "Simulation") -> None:
        self.simulation = simulation
        self.store = simulation.store
        self.clock = simulation.clock

    def prepare(self, redirect_uri: str) -> None:
        """The signing key and the one client known from the start."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        self.store.execute(
            "INSERT INTO oauth_key VALUES (?, ?)", (pem.decode(), secrets.token_hex(8))
        )
        self.register(CLIENT_ID, CLIENT_SECRET, "salesfloor", redirect_uri)

    def register(
        self,
        client_id: str,
        secret: str,
        name: str,
        redirect_uri: str,
        *,
        public: bool = False,
        blocked: bool = False,
    ) -> None:
        """A new client, or new particulars of one. A blocked one is refused like a wrong secret."""
        self.store.execute(
            "INSERT OR REPLACE INTO oauth_client VALUES (?, ?, ?, ?, ?, ?)",
            (client_id, secret, name, redirect_uri, int(public), int(blocked)),
        )

    def redirect_to(self, client_id: str, redirect_uri: str) -> None:
        self.store.execute(
            "UPDATE oauth_client SET redirect_uri = ? WHERE client_id = ?",
            (redirect_uri, client_id),
        )

    # --- Endpoints --------------------------------------------------------------------

    def answer(self, request: Request) -> Answer | None:
        """None when the path is not one of OAuth's."""
        path = request.path.rstrip("/")
        if path in AUTHORIZE_PATHS:
            return self._authorize(request)
        if path in TOKEN_PATHS:
            return self._token(request)
        if path == "/auth/oauth/revoke":
            return self._revoke(request)
        if path == "/auth/oauth/introspect":
            return self._introspect(request)
        if path in ("/.well-known/jwks", "/.well-known/jwks.json"):
            return json_answer({"keys": [self._jwk()]})
        return None

    def _authorize(self, request: Request) -> Answer:
        params = dict(request.params)
        client = self._client(params.get("client_id", ""))
        if client is None:
            raise OAuthError(400, "invalid_client", "Client authentication failed")
        if params.get("response_type") != "code":
            raise OAuthError(
                400,
                "unsupported_response_type",
                "The authorization grant type is not supported by the authorization server.",
                "Check that response_type is code",
            )
        scope = params.get("scope", "")
        if not rights.valid_scope(scope):
            raise OAuthError(
                400,
                "invalid_scope",
                "The requested scope is invalid, unknown, or malformed",
                "Check the `scope` parameter",
            )
        challenge = params.get("code_challenge", "")
        method = params.get("code_challenge_method", "plain" if challenge else "")
        if (client["public"] and not challenge) or method not in ("", "plain", "S256"):
            raise OAuthError(400, "invalid_request", "Code challenge must be provided")
        if request.method == "GET":
            page = consent.page(
                str(client["name"]), scope, self.sign_in_choices(), self.simulation.account()
            )
            return Answer(200, page.encode(), HTML, {"Cache-Control": "no-store"})
        form = dict(parse_qsl(request.body.decode(errors="replace"), keep_blank_values=True))
        returned = {"state": params["state"]} if "state" in params else {}
        employee = self.store.get("Employee", form.get("employeeID", 0))
        if form.get("decision") == "refuse":
            returned["error"] = "access_denied"
            returned["error_description"] = "The resource owner denied the request."
        elif employee is None or not rights.may_sign_in(self.store, employee):
            raise OAuthError(400, "invalid_request", "This employee cannot sign in.")
        else:
            returned["code"] = self._new_code(
                str(client["client_id"]), employee["employeeID"], scope, challenge, method
            )
        redirect_uri = str(client["redirect_uri"])
        separator = "&" if "?" in redirect_uri else "?"
        location = f"{redirect_uri}{separator}{urlencode(returned)}"
        return Answer(302, b"", HTML, {"Location": location, "Cache-Control": "no-store"})

    def sign_in_choices(self) -> list[consent.Choice]:
        roles = {role["employeeRoleID"]: role["name"] for role in self.store.find("EmployeeRole")}
        return [
            consent.Choice(
                employee["employeeID"],
                f"{employee['firstName']} {employee['lastName']}".strip(),
                str(roles.get(employee["employeeRoleID"], "No role")),
                rights.may_sign_in(self.store, employee),
            )
            for employee in self.store.find("Employee", archived=0)
        ]

    def _token(self, request: Request) -> Answer:
        if request.method != "POST":
            raise OAuthError(405, "invalid_request", "Only POST is allowed here")
        body = _form(request)
        client_id = body.get("client_id", "")
        client = self._client(client_id)
        switches = self.simulation.switches
        old = switches.old_token_answers and request.path.rstrip("/") == OLD_TOKEN_PATH
        if not client_id:
            raise _missing("client_id")
        if client is None or not self._authentic(client, body.get("client_secret", "")):
            raise OAuthError(401, "invalid_client", "Client authentication failed")
        match body.get("grant_type", ""):
            case "authorization_code":
                issued = self._from_code(client_id, body)
            case "refresh_token":
                issued = self._from_refresh(client_id, body, old=old)
            case "":
                raise _missing("grant_type")
            case _:
                raise OAuthError(
                    400,
                    "unsupported_grant_type",
                    "The authorization grant type is not supported by the authorization server.",
                    "Check that all required parameters have been provided",
                )
        return json_answer(self._in_old_words(issued) if old else issued)

    def _in_old_words(self, issued: dict[str, Any]) -> dict[str, Any]:
        """Recorded: the scope stood in the answer, and who had granted it."""
        claims = jwt.decode(issued["access_token"], options={"verify_signature": False})
        scope = f"{claims['scope']} systemuserid:{claims['sub']}"
        return issued | {"token_type": "bearer", "scope": scope}

    def _from_code(self, client_id: str, body: dict[str, str]) -> dict[str, Any]:
        if not body.get("code"):
            raise _missing("code")
        found = self.store.execute(
            "DELETE FROM oauth_code WHERE code = ? AND client_id = ? RETURNING employee_id, scope, "
            "challenge, challenge_method, expires_at",
            (body["code"], client_id),
        )
        if not found or found[0][4] < self.clock.seconds():
            raise _invalid_grant("Authorization code has expired or is not valid")
        employee_id, scope, challenge, method, _ = found[0]
        if challenge:
            _verify(challenge, method, body.get("code_verifier", ""))
        self.store.execute(
            "INSERT INTO oauth_connection (client_id, employee_id, scope) VALUES (?, ?, ?)",
            (client_id, employee_id, scope),
        )
        connection_id = int(self.store.execute("SELECT max(id) FROM oauth_connection")[0][0])
        return self._issue(connection_id, self.simulation.switches.access_token_seconds)

    def _from_refresh(self, client_id: str, body: dict[str, str], *, old: bool) -> dict[str, Any]:
        if "scope" in body:
            raise OAuthError(
                400,
                "invalid_scope",
                "The requested scope is invalid, unknown, or malformed",
                "A refresh keeps its scopes",
            )
        if not body.get("refresh_token"):
            raise _missing("refresh_token")
        now = self.clock.seconds()
        found = self.store.execute(
            "SELECT c.id, c.employee_id FROM oauth_refresh r "
            "JOIN oauth_connection c ON c.id = r.connection_id WHERE r.token = ? "
            "AND c.client_id = ? AND NOT r.revoked AND NOT c.revoked AND r.expires_at >= ?",
            (body["refresh_token"], client_id, now),
        )
        if not found or not self._may_sign_in(found[0][1]):
            raise _invalid_grant("The refresh token is invalid, expired or revoked")
        connection_id = int(found[0][0])
        self._count_attempt(connection_id, now)
        if old:
            return self._refreshed_as_of_old(connection_id, body["refresh_token"], now)
        # The access token in use dies with the refresh; the old server handed it out again.
        self.store.execute(
            "UPDATE oauth_access SET revoked = 1 WHERE connection_id = ?", (connection_id,)
        )
        if self.simulation.switches.strict_rotation:
            self.store.execute(
                "UPDATE oauth_refresh SET revoked = 1 WHERE connection_id = ?", (connection_id,)
            )
        life = self.simulation.switches.access_token_seconds * REFRESHED_LIFE_SHARE
        return self._issue(connection_id, life)

    def _refreshed_as_of_old(
        self, connection_id: int, refresh_token: str, now: float
    ) -> dict[str, Any]:
        """The refresh token stays, and so does the access token while it lives."""
        living = self.store.execute(
            "SELECT token, expires_at FROM oauth_access WHERE connection_id = ? AND NOT revoked "
            "AND expires_at > ? ORDER BY expires_at DESC LIMIT 1",
            (connection_id, now),
        )
        if living:
            token, expires_at = living[0]
            return {"expires_in": int(expires_at - now), "access_token": token}
        life = self.simulation.switches.access_token_seconds
        issued = self._issue(connection_id, life)
        # Tokens of a connection die with those issued after them; the one that stays must not.
        self.store.execute(
            "UPDATE oauth_refresh SET jti = (SELECT jti FROM oauth_refresh WHERE token = ?) "
            "WHERE token = ?",
            (issued["refresh_token"], refresh_token),
        )
        return {name: issued[name] for name in ("expires_in", "access_token")}

    def _count_attempt(self, connection_id: int, now: float) -> None:
        self.store.execute(
            "DELETE FROM oauth_attempt WHERE connection_id = ? AND at <= ?",
            (connection_id, now - 60),
        )
        self.store.execute("INSERT INTO oauth_attempt VALUES (?, ?)", (connection_id, now))
        attempts = self.store.execute(
            "SELECT count(*) FROM oauth_attempt WHERE connection_id = ?", (connection_id,)
        )
        if attempts[0][0] > self.simulation.switches.refreshes_per_minute:
            raise OAuthError(429, "invalid_request", "Too many refresh attempts")

    def _revoke(self, request: Request) -> Answer:
        if request.method != "POST":
            raise OAuthError(405, "invalid_request", "Only POST is allowed here")
        body = _form(request)
        client = self._client(body.get("client_id", ""))
        if client is None or not self._authentic(client, body.get("client_secret", "")):
            raise OAuthError(401, "invalid_client", "Client authentication failed")
        if not body.get("refresh_token"):
            raise _missing("refresh_token")
        self.store.execute(
            "UPDATE oauth_connection SET revoked = 1 WHERE client_id = ? AND id IN "
            "(SELECT connection_id FROM oauth_refresh WHERE token = ?)",
            (body["client_id"], body["refresh_token"]),
        )
        return json_answer({})

    def _introspect(self, request: Request) -> Answer:
        granted = self.authenticate(request)
        claims = jwt.decode(self._token_of(request), options={"verify_signature": False})
        return json_answer({"active": True, "client_id": granted.client_id, **claims})

    # --- Tokens -----------------------------------------------------------------------

    def grant(self, employee_id: int, client_id: str, scope: str) -> dict[str, Any]:
        """A code and a token pair without the consent page."""
        self.store.execute(
            "INSERT INTO oauth_connection (client_id, employee_id, scope) VALUES (?, ?, ?)",
            (client_id, employee_id, scope),
        )
        connection_id = int(self.store.execute("SELECT max(id) FROM oauth_connection")[0][0])
        life = self.simulation.switches.access_token_seconds
        code = self._new_code(client_id, employee_id, scope, "", "")
        return {"code": code, **self._issue(connection_id, life)}

    def expire(self, jti: str) -> None:
        self.store.execute(
            "UPDATE oauth_access SET expires_at = ? WHERE jti = ?", (self.clock.seconds() - 1, jti)
        )

    def disconnect(self, connection_id: int) -> None:
        self.store.execute("UPDATE oauth_connection SET revoked = 1 WHERE id = ?", (connection_id,))

    def connection_of(self, refresh_token: str) -> int:
        """0 for a token that was never given out."""
        found = self.store.execute(
            "SELECT connection_id FROM oauth_refresh WHERE token = ?", (refresh_token,)
        )
        return int(found[0][0]) if found else 0

    def refresh_and_use(self, connection_id: int) -> None:
        """What another holder of the same refresh token did first."""
        if connection_id:
            issued = self._issue(connection_id, self.simulation.switches.access_token_seconds)
            claims = jwt.decode(issued["access_token"], options={"verify_signature": False})
            self._first_use(claims["jti"], connection_id)

    def authenticate(self, request: Request) -> Granted:
        """Raises OAuthError 401."""
        token = self._token_of(request)
        try:
            claims = jwt.decode(
                token,
                self._public_key,
                algorithms=["RS256"],
                options={
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                    "verify_aud": False,
                },
            )
        except jwt.InvalidTokenError as error:
            raise _denied("Access token could not be verified") from error
        found = self.store.execute(
            "SELECT a.connection_id, a.expires_at, a.revoked OR c.revoked, a.used, c.client_id, "
            "c.employee_id, c.scope FROM oauth_access a JOIN oauth_connection c "
            "ON c.id = a.connection_id WHERE a.jti = ?",
            (claims["jti"],),
        )
        if not found:
            raise _denied("Access token has been revoked")
        connection_id, expires_at, revoked, used, client_id, employee_id, scope = found[0]
        if expires_at < self.clock.seconds():
            raise _denied("Access token could not be verified")
        employee = self.store.get("Employee", employee_id)
        # Locking an employee out, or archiving them, ends their tokens at once.
        if revoked or employee is None or not rights.may_sign_in(self.store, employee):
            raise _denied("Access token has been revoked")
        if not used:
            self._first_use(claims["jti"], connection_id)
        held = rights.held(self.store, employee)
        return Granted(
            client_id, employee, scope, rights.effective(scope, held), claims["jti"], connection_id
        )

    def _token_of(self, request: Request) -> str:
        if self.simulation.switches.old_authorization:
            if token := request.param("oauth_token"):
                return token
            if token := _api_key(request):
                return token
        return _bearer(request)

    def _first_use(self, jti: str, connection_id: int) -> None:
        """Only now do the connection's earlier refresh tokens die."""
        self.store.execute("UPDATE oauth_access SET used = 1 WHERE jti = ?", (jti,))
        self.store.execute(
            "UPDATE oauth_refresh SET revoked = 1 WHERE connection_id = ? AND jti <> ?",
            (connection_id, jti),
        )

    def _issue(self, connection_id: int, life: float) -> dict[str, Any]:
        connection = self.store.execute(
            "SELECT client_id, employee_id, scope FROM oauth_connection WHERE id = ?",
            (connection_id,),
        )
        client_id, employee_id, scope = connection[0]
        now = self.clock.seconds()
        jti = uuid.uuid4().hex
        pem, kid = self._key
        access_token = jwt.encode(
            {
                "jti": jti,
                "iss": ISSUER,
                "aud": client_id,
                "sub": str(self.system_user(employee_id)),
                "acct": str(self.simulation.account()["accountID"]),
                "scope": scope,
                "iat": now,
                "nbf": now,
                "exp": now + life,
            },
            pem,
            algorithm="RS256",
            headers={"kid": kid},
        )
        refresh_token = "def50200" + secrets.token_hex(160)
        self.store.execute(
            "INSERT INTO oauth_access (jti, connection_id, expires_at, token) VALUES (?, ?, ?, ?)",
            (jti, connection_id, now + life, access_token),
        )
        self.store.execute(
            "INSERT INTO oauth_refresh (token, connection_id, jti, expires_at) VALUES (?, ?, ?, ?)",
            (
                refresh_token,
                connection_id,
                jti,
                now + self.simulation.switches.refresh_token_seconds,
            ),
        )
        return {
            "token_type": "Bearer",
            "expires_in": round(life),
            "access_token": access_token,
            "refresh_token": refresh_token,
        }

    def _new_code(
        self, client_id: str, employee_id: int, scope: str, challenge: str, method: str
    ) -> str:
        code = "def502" + secrets.token_hex(100)
        self.store.execute(
            "INSERT INTO oauth_code VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                code,
                client_id,
                employee_id,
                scope,
                challenge,
                method,
                self.clock.seconds() + self.simulation.switches.code_seconds,
            ),
        )
        return code

    def system_user(self, employee_id: int) -> int:
        """The global login's id, which is not the employee's."""
        employee = self.store.get("Employee", employee_id)
        return int(employee["systemUserID"] if employee else 0) or 508400 + employee_id

    def _may_sign_in(self, employee_id: int) -> bool:
        employee = self.store.get("Employee", employee_id)
        return employee is not None and rights.may_sign_in(self.store, employee)

    def _client(self, client_id: str) -> Record | None:
        rows = self.store.execute(
            "SELECT client_id, secret, name, redirect_uri, public FROM oauth_client "
            "WHERE client_id = ? AND NOT blocked",
            (client_id,),
        )
        names = ("client_id", "secret", "name", "redirect_uri", "public")
        return dict(zip(names, rows[0], strict=True)) if rows else None

    def client_exists(self, client_id: str) -> bool:
        return self._client(client_id) is not None

    def _authentic(self, client: Record, secret: str) -> bool:
        if client["public"] and not secret:
            return True
        return secrets.compare_digest(str(client["secret"]).encode(), secret.encode())

    @cached_property
    def _key(self) -> tuple[str, str]:
        pem, kid = self.store.execute("SELECT pem, kid FROM oauth_key")[0]
        return str(pem), str(kid)

    @cached_property
    def _public_key(self) -> rsa.RSAPublicKey:
        private = serialization.load_pem_private_key(self._key[0].encode(), password=None)
        if not isinstance(private, rsa.RSAPrivateKey):
            raise TypeError("The signing key is not RSA.")
        return private.public_key()

    def _jwk(self) -> dict[str, Any]:
        jwk: dict[str, Any] = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._public_key))
        return jwk | {"kid": self._key[1], "alg": "RS256", "use": "sig"}


def _bearer(request: Request) -> str:
    """`Bearer`, or `OAuth` as it was called until 2016."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() not in ("bearer", "oauth") or not token.strip():
        raise _denied('Missing "Authorization" header')
    return token.strip()


def _api_key(request: Request) -> str:
    """The user name of Basic, if the password is the word `apikey`."""
    kind, _, credentials = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        user, _, password = base64.b64decode(credentials).decode().partition(":")
    except ValueError:
        return ""
    return user if password == "apikey" else ""  # noqa: S105 (the word itself)


def _form(request: Request) -> dict[str, str]:
    """A body as JSON, multipart or form. Raises OAuthError."""
    try:
        if request.parts:
            return {name: part.decode().strip("\r\n") for name, part in request.parts.items()}
        if request.body.lstrip().startswith(b"{"):
            given = json.loads(request.body)
            return {str(name): str(value) for name, value in given.items() if value is not None}
        return dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    except (ValueError, AttributeError, KeyError) as error:
        raise OAuthError(400, "invalid_request", "The request body cannot be read") from error


def _verify(challenge: str, method: str, verifier: str) -> None:
    if not VERIFIER.fullmatch(verifier):
        raise OAuthError(
            400,
            "invalid_request",
            "The request is missing a required parameter or it is malformed",
            "Check the `code_verifier` parameter",
        )
    made = verifier
    if method == "S256":
        digest = hashlib.sha256(verifier.encode()).digest()
        made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    if not secrets.compare_digest(made, challenge):
        raise _invalid_grant("Failed to verify `code_verifier`.")


def _missing(name: str) -> OAuthError:
    return OAuthError(
        400,
        "invalid_request",
        "The request is missing a required parameter, includes an invalid parameter value, "
        "includes a parameter more than once, or is otherwise malformed.",
        f"Check the `{name}` parameter",
    )


def _invalid_grant(hint: str) -> OAuthError:
    return OAuthError(
        400,
        "invalid_grant",
        "The provided authorization grant (e.g., authorization code, resource owner credentials) "
        "or refresh token is invalid, expired, revoked, does not match the redirection URI used "
        "in the authorization request, or was issued to another client.",
        hint,
    )


def _denied(hint: str) -> OAuthError:
    return OAuthError(
        401,
        "access_denied",
        "The resource owner or authorization server denied the request.",
        hint,
    )
