"""The REST API: Session, Account and every described entity, under V3 and the older paths."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from . import formats, query, ratelimit, relations, rights, wire, xml_wire
from .actions import Action, Call, single
from .description import Entity
from .entities import BY_NAME, ENTITIES
from .errors import ApiError, OAuthError, not_found
from .exchange import Answer, Request
from .oauth import Granted, OAuth
from .simulation import ACTIONS, Simulation
from .store import Record

PATH = re.compile(r"/API(?P<v3>/V3)?/+(?P<rest>.+)")
# Parameters of a display, which pick no records.
TEMPLATES_OWN = ("load_relations", "template")
SUFFIX = re.compile(r"\.(json|xml|html|pdf)$")


@dataclass(frozen=True)
class Place:
    """Where an entity is served; `parent` and `by`: our field that names the parent above us."""

    entity: Entity
    parent: str = ""
    by: str = ""


def _places() -> dict[str, Place]:
    """Every list's path below the account, numbers as {id}."""
    places = {entity.served_at: Place(entity) for entity in ENTITIES if entity.methods}
    for entity in ENTITIES:
        for parent, by in entity.under:
            path = f"{BY_NAME[parent].served_at}/{{id}}/{entity.shown_as}"
            for spelling in (path, *entity.also_at):
                places[spelling] = Place(entity, parent, by)
    return places


PLACES = _places()


@dataclass(frozen=True)
class Target:
    """What a path below the account names."""

    entity: Entity
    key: int | None
    parent: tuple[str, str, int] | None
    """(parent entity, our field, its key) of `/Sale/120/SaleLine`."""
    legacy: bool
    route: str
    above: "Target | None" = None
    """The parent, where that is below another: the shipment of `/Order/3/Shipment/101/Item`."""


class Api:
    def __init__(self, simulation: Simulation, oauth: OAuth) -> None:
        self.simulation = simulation
        self.store = simulation.store
        self.oauth = oauth

    def route(self, path: str) -> str:
        """What calls and faults count a path as: `Sale/{id}`, `Session`, `token`."""
        if not (match := PATH.fullmatch(path)):
            return path.strip("/").removeprefix("auth/oauth/").removeprefix("oauth/")
        parts = _parts(match["rest"])
        if parts[0] == "Account":
            parts = parts[2:] or ["Account"]
        return _route(parts)

    def answer(self, request: Request) -> Answer | None:
        """None when the path is not the API's. Raises ApiError and OAuthError."""
        match = PATH.fullmatch(request.path)
        if match is None:
            return None
        # In a transaction of its own: a call that fails has used its token all the same.
        with self.store.transaction():
            granted = self._granted(request)
            headers = {
                "X-LS-Acct-Id": str(self._account_id()),
                "X-LS-OAuth-Client-Id": granted.client_id,
            }
        try:
            with self.store.transaction():
                answer = self._served(request, match, granted, headers)
        except ApiError as error:
            error.headers = headers | error.headers
            raise
        answer.headers = headers | answer.headers
        return answer

    def _account_id(self) -> int:
        account_id = int(self.simulation.account()["accountID"])
        return account_id + self.simulation.switches.another_account

    def _granted(self, request: Request) -> Granted:
        try:
            return self.oauth.authenticate(request)
        except OAuthError as error:
            if self.simulation.switches.old_error_bodies:
                raise ApiError(
                    401,
                    "Invalid access token.",
                    "BadAuthenticationRequestError",
                    headers={"WWW-Authenticate": 'Basic realm="MerchantOS API"'},
                ) from error
            raise

    def _served(
        self, request: Request, match: re.Match[str], granted: Granted, headers: dict[str, str]
    ) -> Answer:
        parts = _parts(match["rest"])
        legacy = not match["v3"]
        if parts == ["Session"]:
            self._charge(granted, 1, headers)
            self._only_get(request)
            return self._shown(request, self._session(granted), "Session")
        account = self.simulation.account()
        if parts == ["Account"]:
            self._charge(granted, 1, headers)
            self._only_get(request)
            return self._shown(request, self._accounts(account, legacy), "Accounts")
        with self._at_least(1, granted, headers):
            if parts[0] != "Account":
                raise ApiError(404, "Unknown resource.")
            self._check_account(parts[1], account)
        if len(parts) == 2:
            return self._itself(request, granted, headers)
        if action := ACTIONS.get((request.method, _route(parts[2:]))):
            return self._act(request, action, parts[2:], granted, headers, legacy=legacy)
        with self._at_least(1, granted, headers):
            target = self._target(parts[2:], legacy)
        if request.method == "GET":
            return self._read(request, target, granted, headers)
        return self._write(request, target, granted, headers)

    def _shown(self, request: Request, body: Record, root: str) -> Answer:
        return formats.answer(request, body, root, currency=self.simulation.currency())

    def _only_get(self, request: Request) -> None:
        if request.method != "GET":
            raise ApiError(405, f"{request.method} is not allowed here.")

    def _check_account(self, given: str, account: Record) -> None:
        if given != str(account["accountID"]):
            raise ApiError(403, f"This token does not reach account {given}.", "ForbiddenError")

    # --- Limits and rights ------------------------------------------------------------

    def _charge(
        self, granted: Granted, cost: float, headers: dict[str, str], *, writing: bool = False
    ) -> None:
        switches = self.simulation.switches
        if switches.rate_limits in ratelimit.OLD_REGIMES:
            cost = ratelimit.OLD_WRITE_COST if writing else 1
        limiter, allowance = self.simulation.limiter, self.simulation.allowance()
        if switches.rate_limits == "off":
            verdict = limiter.admit_all(cost, allowance)
        else:
            now = self.simulation.clock.seconds()
            verdict = limiter.admit(granted.client_id, cost, now, allowance)
        headers.update(verdict.headers)
        if not verdict.refused:
            return
        if switches.rate_limits == "oldest":
            raise ApiError(503, "Rate limit exceeded.", "RateLimitedException")
        burst = verdict.refused == "api-burst-limiter"
        message = "burst rate limit exceeded" if burst else "Rate limit exceeded."
        raise ApiError(429, message, "RateLimitedException")

    def _check_look_up(self, granted: Granted) -> None:
        """Gift cards cannot be guessed in a hurry."""
        limiter, now = self.simulation.limiter, self.simulation.clock.seconds()
        if self.simulation.switches.rate_limits == "off":
            return
        if not limiter.may_look_up(granted.client_id, now):
            raise ApiError(
                429,
                "Gift cards can be looked up once a second.",
                "RateLimitedException",
                headers={"Retry-After": "1"},
            )

    @contextmanager
    def _at_least(
        self, cost: float, granted: Granted, headers: dict[str, str], *, writing: bool = False
    ) -> Iterator[None]:
        """What cannot even be understood is paid for all the same, and tells of the bucket."""
        try:
            yield
        except ApiError:
            self._charge(granted, cost, headers, writing=writing)
            raise

    def _permit(self, entity: Entity, granted: Granted, *, reading: bool) -> None:
        needed = entity.read if reading else entity.change or entity.read
        if reading and entity.name == "Employee" and self.simulation.switches.employees_need_right:
            needed = entity.change
        if not rights.allowed(granted.rights, needed, reading=reading):
            verb = "read" if reading else "change"
            raise ApiError(
                403,
                f"The access token may not {verb} {entity.name}. It takes one of: "
                f"{', '.join(sorted(needed))}.",
                "ForbiddenError",
            )

    # --- Session and Account ----------------------------------------------------------

    def _session(self, granted: Granted) -> Record:
        employee = granted.employee
        held = rights.held(self.store, employee)
        hours = self.store.get("EmployeeHours", employee["clockInEmployeeHoursID"])
        shops = self.store.execute("SELECT count(*) FROM Shop WHERE NOT archived")[0][0]
        return {
            "sessionID": "",
            "sessionCookie": "PHPSESSID=; path=/",
            "employeeID": str(employee["employeeID"]),
            "systemCustomerID": str(self._account_id()),
            "systemUserID": str(self.oauth.system_user(employee["employeeID"])),
            "systemAPIClientID": "1",
            "systemAPIKeyID": str(granted.connection_id),
            "shopCount": str(shops),
            "Employee": {
                "employeeID": str(employee["employeeID"]),
                "firstName": employee["firstName"],
                "lastName": employee["lastName"],
                "singleShop": str(employee["limitToShopID"]),
                "hasPin": "true" if employee["accessPin"] else "false",
                "isCheckedIn": "true" if hours else "false",
                **({"checkedInAt": self._local(hours["checkIn"])} if hours else {}),
            },
            "Rights": {name: "true" if name in held else "false" for name in rights.SESSION_RIGHTS},
        }

    def _local(self, moment: str) -> str:
        """Alone among all times, this one is told in the shop's zone."""
        zone = ZoneInfo(self.simulation.zone())
        return datetime.fromisoformat(moment).astimezone(zone).isoformat(timespec="seconds")

    def _itself(self, request: Request, granted: Granted, headers: dict[str, str]) -> Answer:
        """The account, read or set up."""
        writing = request.method == "PUT"
        self._charge(granted, 1, headers, writing=writing)
        if writing:
            self._permit(BY_NAME["Account"], granted, reading=False)
            key = int(self.simulation.account()["accountID"])
            body = formats.body(request, "Account")
            self.simulation.resource("Account").update(key, body)
        else:
            self._only_get(request)
        return self._shown(request, self._account(self.simulation.account()), "Account")

    def _accounts(self, account: Record, legacy: bool) -> Record:
        account_id = str(self._account_id())
        version = "" if legacy else "/V3"
        return {
            "@attributes": {"count": "1"},
            "Account": {
                "accountID": account_id,
                "name": account["name"],
                "link": {"@attributes": {"href": f"/API{version}/Account/{account_id}"}},
            },
        }

    def _account(self, account: Record) -> Record:
        currency = account["defaultCurrency"] or {"code": self.simulation.currency(), "symbol": "$"}
        others = account["purchasingCurrencies"]
        purchasing = wire.wrapped("purchasingCurrency", others) if others else None
        return {
            "@attributes": {"systemCustomerID": str(self._account_id())},
            "status": account["status"],
            "name": account["name"],
            "employeeCount": str(account["employeeCount"] or self.store.count("Employee")),
            "employeeLimit": str(account["employeeLimit"]),
            "uniqueSubscriptionIdentifier": account["uniqueSubscriptionIdentifier"],
            "defaultCurrency": currency,
            **({"purchasingCurrencies": purchasing} if purchasing else {}),
        }

    # --- Entities ---------------------------------------------------------------------

    def _target(self, parts: list[str], legacy: bool) -> Target:
        route = _route(parts)
        for path, key in ((route, None), (route.removesuffix("/{id}"), parts[-1])):
            if place := PLACES.get(path):
                over = parts[: -2 if key else -1]
                numbers = [int(part) for part in over if is_number(part)]
                parent = (place.parent, place.by, numbers[-1]) if place.by else None
                above = self._target(over, legacy) if len(numbers) > 1 else None
                return Target(place.entity, int(key) if key else None, parent, legacy, route, above)
        if len(parts) == 2 and parts[0] in PLACES:
            raise not_found(parts[0], parts[1])
        raise ApiError(404, f"There is no resource '{'/'.join(parts)}'.")

    def _dialect(self) -> query.Dialect:
        return query.Dialect(self.simulation.zone(), self.simulation.switches.exact_like)

    def _renderer(self, request: Request, granted: Granted) -> relations.Renderer:
        images_url = self.simulation.switches.images_url or f"{request.base_url}/images/"
        return relations.Renderer(
            self.store,
            images_url,
            masked=not granted.sees_gift_card_numbers,
            bare=self.simulation.switches.relations_missing,
        )

    def _read(
        self, request: Request, target: Target, granted: Granted, headers: dict[str, str]
    ) -> Answer:
        if target.key is None:
            return self._read_list(request, target, granted, headers)
        entity = target.entity
        with self._at_least(1, granted, headers):
            tree = relations.wanted(entity, request.param("load_relations"))
        self._charge(granted, 1 + relations.cost(entity, tree, listed=False), headers)
        if entity.listed_only:
            raise ApiError(405, f"GET is not allowed on {target.route}.")
        self._permit(entity, granted, reading=True)
        self._check_under(target, target.key)
        renderer = self._renderer(request, granted)
        record = self._single(entity, target.key, tree, renderer)
        return self._shown(request, record, entity.shown_as)

    def _read_list(
        self, request: Request, target: Target, granted: Granted, headers: dict[str, str]
    ) -> Answer:
        entity = target.entity
        with self._at_least(1, granted, headers):
            asked = query.parse(entity, request.params, self._dialect(), legacy=target.legacy)
        self._charge(granted, 1 + asked.cost, headers)
        self._permit(entity, granted, reading=True)
        if asked.looks_up_card:
            self._check_look_up(granted)
        self._check_parent(target)
        if target.parent:
            _, field, parent_key = target.parent
            asked.conditions.append(query.Condition(f't."{field}" = ?', (parent_key,)))
        if lag := self.simulation.switches.lists_lag_seconds:
            moment = self.simulation.clock.now() - timedelta(seconds=lag)
            query.leave_out_since(asked, moment.isoformat(timespec="seconds"))
        return self._shown(
            request, self._list(request, asked, granted), xml_wire.plural(entity.shown_as)
        )

    def _list(self, request: Request, asked: query.Query, granted: Granted) -> Record:
        if asked.count_only:
            return {"@attributes": {"count": str(query.count(self.store, asked))}}
        if asked.legacy:
            rows = query.offset_page(self.store, asked)
            attributes = {
                "count": str(query.count(self.store, asked)),
                "offset": str(asked.offset),
                "limit": str(asked.limit),
            }
        else:
            page = query.page(self.store, asked, overlap=self.simulation.switches.pages_overlap)
            rows = page.rows
            url = f"{request.base_url}{request.path}"
            drop = self.simulation.switches.next_drops_relations
            attributes = {
                "next": query.page_url(
                    url, request.params, "after", page.next, drop_relations=drop
                ),
                "previous": query.page_url(
                    url, request.params, "before", page.previous, drop_relations=drop
                ),
            }
        entity = asked.entity
        shown = self._renderer(request, granted).records(entity.name, rows, asked.tree)
        self.simulation.resource(entity.name).adorn(shown, asked.tree)
        body: Record = {"@attributes": attributes} if entity.attributes else {}
        if shown:
            body[entity.shown_as] = wire.one_or_many(shown)
        return body

    def _single(
        self, entity: Entity, key: int, tree: relations.Tree, renderer: relations.Renderer
    ) -> Record:
        if self.simulation.switches.another_record:
            other = self.store.execute(
                f'SELECT "{entity.key}" FROM "{entity.name}" WHERE "{entity.key}" <> ? '  # noqa: S608
                f'ORDER BY "{entity.key}" DESC LIMIT 1',
                (key,),
            )
            key = int(other[0][0]) if other else key
        return single(self.simulation, renderer, entity.name, key, tree)

    def _check_parent(self, target: Target) -> None:
        if target.parent and self.store.get(target.parent[0], target.parent[2]) is None:
            raise not_found(BY_NAME[target.parent[0]].shown_as, target.parent[2])
        self._check_above(target)

    def _check_above(self, target: Target) -> None:
        if target.above and target.above.key is not None:
            self._check_under(target.above, target.above.key)

    def _check_under(self, target: Target, key: int) -> None:
        """A line is only found below its own sale."""
        if not target.parent:
            return
        record = self.store.get(target.entity.name, key)
        if record is None or record[target.parent[1]] != target.parent[2]:
            raise not_found(target.entity.shown_as, key)
        self._check_above(target)

    def _act(
        self,
        request: Request,
        action: Action,
        parts: list[str],
        granted: Granted,
        headers: dict[str, str],
        *,
        legacy: bool,
    ) -> Answer:
        entity = BY_NAME.get(action.entity)
        with self._at_least(action.cost, granted, headers, writing=True):
            body = formats.body(request, action.root) if request.method != "GET" else {}
            asked = request.param("load_relations")
            tree = relations.wanted(entity, asked) if entity else {}
        cost = action.cost
        if entity:
            cost += ratelimit.nested_cost(entity, body)
            cost += relations.cost(entity, tree, listed=False)
        self._charge(granted, cost, headers, writing=request.method != "GET")
        if not rights.allowed(granted.rights, action.rights, reading=request.method == "GET"):
            raise ApiError(
                403,
                f"The access token may not do {action.route}. It takes one of: "
                f"{', '.join(sorted(action.rights))}.",
                "ForbiddenError",
            )
        renderer = self._renderer(request, granted)
        keys = tuple(int(part) for part in parts if is_number(part))

        def listed(name: str, shown: relations.Tree) -> Record:
            params = [(key, value) for key, value in request.params if key not in TEMPLATES_OWN]
            asked = query.parse(BY_NAME[name], params, self._dialect(), legacy=legacy)
            asked.tree = shown
            return self._list(request, asked, granted)

        call = Call(self.simulation, request, granted, renderer, keys, body, listed, tree)
        done = action.run(call)
        return done if isinstance(done, Answer) else self._shown(request, done, action.root)

    def _write(
        self, request: Request, target: Target, granted: Granted, headers: dict[str, str]
    ) -> Answer:
        entity, key = target.entity, target.key
        with self._at_least(entity.write_cost, granted, headers, writing=True):
            body = formats.body(request, entity.shown_as) if request.method != "DELETE" else {}
            tree = relations.wanted(entity, request.param("load_relations"))
        cost = ratelimit.write_cost(entity, request.method, body)
        cost += relations.cost(entity, tree, listed=False)
        self._charge(granted, cost, headers, writing=True)
        methods = entity.under_methods if target.parent else entity.methods
        fits = (request.method == "POST") == (key is None)
        if request.method not in methods.split() or not fits:
            raise ApiError(405, f"{request.method} is not allowed on {target.route}.")
        self._permit(entity, granted, reading=False)
        self._check_parent(target)
        resource = self.simulation.resource(entity.name)
        resource.files = request.parts
        resource.employee_id = granted.employee["employeeID"]
        resource.rights = granted.rights
        renderer = self._renderer(request, granted)

        def shown(key: int) -> Record:
            return self._single(entity, key, tree, renderer)

        fixed = {target.parent[1]: target.parent[2]} if target.parent else {}
        if key is None:
            key = resource.create(body, fixed)
        else:
            self._check_under(target, key)
            before = shown(key)
            if request.method == "DELETE":
                resource.delete(key)
                # An archived record is answered as it now is, a removed one as it was.
                if entity.archives:
                    for name in entity.after_archiving:
                        tree.setdefault(name, {})
                    return self._shown(request, shown(key), entity.shown_as)
                resource.removed(before[entity.shown_as])
                return self._shown(request, before, entity.shown_as)
            resource.update(key, body, fixed)
        for name in entity.after_write:
            tree.setdefault(name, {})
        return self._shown(request, shown(key), entity.shown_as)


def _parts(rest: str) -> list[str]:
    """A path below /API in its pieces; what follows a doubled or closing slash is not one."""
    return [part for part in SUFFIX.sub("", rest.rstrip("/")).split("/") if part] or [""]


# Clients have been seen to write `Itemmatrix`.
SPELLINGS = {
    name.lower(): name for path in (*PLACES, *(r for _, r in ACTIONS)) for name in path.split("/")
}


def is_number(part: str) -> bool:
    """Of a path; digits of other scripts are none of Lightspeed's."""
    return part.isascii() and part.isdigit()


def _route(parts: list[str]) -> str:
    return "/".join(
        "{id}" if is_number(part) else SPELLINGS.get(part.lower(), part) for part in parts
    )
