"""The control door: state, records, faults, clock and switches, JSON in and out.

It belongs to the simulator alone; Lightspeed has nothing like it.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from . import rights, wire
from .description import words
from .entities import BY_NAME
from .errors import ApiError
from .exchange import Answer, Request, json_answer
from .faults import KINDS
from .oauth import OAuth
from .simulation import Simulation, load
from .store import TABLES, Record

if TYPE_CHECKING:
    from .server import Server

PREFIX = "/_simulator/"
BADLY_WRITTEN = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, sqlite3.Error)
SALE_FIELDS = words(
    "saleID ticketNumber referenceNumber referenceNumberSource completed archived voided "
    "completeTime calcSubtotal calcDiscount calcTax1 calcTax2 total change balance customerID "
    "employeeID registerID shopID"
)
LINE_FIELDS = words(
    "saleLineID itemID unitQuantity unitPrice discountPercent discountAmount calcLineDiscount tax "
    "calcTotal employeeID"
)
PAYMENT_FIELDS = words(
    "salePaymentID amount tipAmount paymentTypeID remoteReference archived creditAccountID "
    "employeeID registerID"
)
STOCK_FIELDS = words("itemShopID itemID shopID qoh timeStamp")


class Control:
    def __init__(self, simulation: Simulation, oauth: OAuth, server: "Server") -> None:
        self.simulation = simulation
        self.store = simulation.store
        self.oauth = oauth
        self.server = server
        self.doors: dict[tuple[str, str], Callable[[Request], Any]] = {
            ("GET", "state"): self.state,
            ("GET", "mail"): self.mail,
            ("POST", "reset"): self.reset,
            ("POST", "grants"): self.grants,
            ("POST", "records"): self.records,
            ("GET", "faults"): self.faults,
            ("POST", "faults"): self.add_fault,
            ("DELETE", "faults"): self.clear_faults,
            ("GET", "clock"): self.clock,
            ("POST", "clock"): self.set_clock,
            ("GET", "settings"): self.settings,
            ("POST", "settings"): self.turn,
            ("POST", "clients"): self.clients,
        }

    def answer(self, request: Request) -> Answer | None:
        if not request.path.startswith(PREFIX):
            return None
        door = self.doors.get((request.method, request.path.removeprefix(PREFIX)))
        if door is None:
            known = ", ".join(f"{method} {PREFIX}{name}" for method, name in self.doors)
            return json_answer({"error": f"No such door. Doors: {known}."}, 404)
        try:
            return json_answer(door(request))
        except ApiError as error:
            return json_answer({"error": error.message}, 400)
        except BADLY_WRITTEN as error:
            return json_answer({"error": f"{type(error).__name__}: {error}"}, 400)

    # --- State ------------------------------------------------------------------------

    def state(self, request: Request) -> Record:
        """Counts, calls, drips, sales and who may sign in; `referenceNumber` or `saleID` picks
        sales, `itemID` adds that item's stock."""
        with self.store.lock:
            picked = {
                name: request.param(name)
                for name in ("referenceNumber", "saleID")
                if request.param(name)
            }
            state: Record = {
                "now": self.simulation.clock.stamp(),
                "counts": {name: self.store.count(name) for name in BY_NAME},
                "calls": dict(self.simulation.calls),
                "drips": round(self.simulation.limiter.spent, 3),
                "sales": self._sales(picked),
                "people": [
                    {"employeeID": choice.employee_id, "name": choice.name, "role": choice.role}
                    for choice in self.oauth.sign_in_choices()
                    if choice.may_sign_in
                ],
            }
            if item_id := request.param("itemID"):
                rows = self.store.find("ItemShop", itemID=int(item_id))
                state["stock"] = [_plain(row, STOCK_FIELDS) for row in rows]
        return state

    def _sales(self, picked: dict[str, str]) -> list[Record]:
        sales = self.store.find("Sale", **picked)
        lines = self._of_sales("SaleLine", sales, LINE_FIELDS, whole=not picked)
        payments = self._of_sales("SalePayment", sales, PAYMENT_FIELDS, whole=not picked)
        return [
            _plain(sale, SALE_FIELDS)
            | {
                "lines": lines.get(sale["saleID"], []),
                "payments": payments.get(sale["saleID"], []),
            }
            for sale in sales
        ]

    def _of_sales(
        self, name: str, sales: list[Record], fields: tuple[str, ...], *, whole: bool
    ) -> dict[int, list[Record]]:
        rows = (
            self.store.find(name)
            if whole
            else [row for sale in sales for row in self.store.find(name, saleID=sale["saleID"])]
        )
        grouped: dict[int, list[Record]] = {}
        for row in rows:
            grouped.setdefault(row["saleID"], []).append(_plain(row, fields))
        return grouped

    def mail(self, request: Request) -> Record:
        """Receipts sent by e-mail, oldest first."""
        return {"mail": [asdict(mail) for mail in self.simulation.mail]}

    def reset(self, request: Request) -> Record:
        with self.store.lock:
            self.simulation.reset()
            self.server.redirected()
        return {"reset": True}

    # --- Putting things in ------------------------------------------------------------

    def grants(self, request: Request) -> Record:
        given = wire.loads(request.body)
        client_id = str(given.get("client_id", "salesfloor"))
        scope = str(given.get("scope", "employee:all"))
        with self.store.transaction():
            if self.store.get("Employee", given["employeeID"]) is None:
                raise ValueError(f"No employee {given['employeeID']}.")
            if not self.oauth.client_exists(client_id):
                raise ValueError(f"No client '{client_id}'.")
            if not rights.valid_scope(scope):
                raise ValueError(f"'{scope}' is not a scope.")
            return self.oauth.grant(int(given["employeeID"]), client_id, scope)

    def records(self, request: Request) -> dict[str, list[int]]:
        given = wire.loads(request.body)
        for name in given:
            if name not in TABLES:
                raise ValueError(f"There is no entity '{name}'.")
        pairs = [
            (name, record)
            for name, records in given.items()
            for record in (records if isinstance(records, list) else [records])
        ]
        with self.store.transaction():
            return load(self.simulation, pairs)

    def clients(self, request: Request) -> Record:
        """A further OAuth client, or a known one's new redirect_uri, secret, name or blocking."""
        given = wire.loads(request.body)
        with self.store.transaction():
            self.oauth.register(
                str(given["client_id"]),
                str(given.get("client_secret", "salesfloor-secret")),
                str(given.get("name", given["client_id"])),
                str(given["redirect_uri"]),
                public=bool(given.get("public", False)),
                blocked=bool(given.get("blocked", False)),
            )
        return {"client_id": given["client_id"], "redirect_uri": given["redirect_uri"]}

    # --- Faults, clock, switches ------------------------------------------------------

    def faults(self, request: Request) -> Record:
        return {
            "faults": [fault.described() for fault in self.simulation.faults.active],
            "kinds": {kind.name: kind.meaning for kind in KINDS.values()},
        }

    def add_fault(self, request: Request) -> Record:
        given = wire.loads(request.body)
        if given.get("fault") == "refused":
            seconds = float(given.get("seconds", 5))
            self.server.refuse_for(seconds)
            return {"fault": "refused", "seconds": seconds}
        return self.simulation.faults.add(given).described()

    def clear_faults(self, request: Request) -> Record:
        self.simulation.faults.clear()
        return {"faults": []}

    def clock(self, request: Request) -> Record:
        clock = self.simulation.clock
        return {"now": clock.now().isoformat(), "frozen": clock.frozen_at is not None}

    def set_clock(self, request: Request) -> Record:
        """`now` (ISO 8601), `advance` (seconds), `frozen`; an empty body returns to the real
        time."""
        given = wire.loads(request.body)
        clock = self.simulation.clock
        if not given:
            clock.freeze(False)
            clock.offset_seconds = 0.0
        if "frozen" in given:
            clock.freeze(bool(given["frozen"]))
        if "now" in given:
            moment = datetime.fromisoformat(str(given["now"]))
            clock.set(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
        if "advance" in given:
            clock.advance(float(given["advance"]))
        return self.clock(request)

    def settings(self, request: Request) -> Record:
        return self.simulation.switches.described()

    def turn(self, request: Request) -> Record:
        # Numbers arrive as text, so that no amount is ever a float.
        given = {
            name: float(value) if isinstance(value, str) and _is_number(value) else value
            for name, value in wire.loads(request.body).items()
        }
        # A fault may have them turned for one request of another thread: its turn comes first.
        with self.store.lock:
            if "redirect_uri" in given:
                self.oauth.redirect_to("salesfloor", str(given.pop("redirect_uri")))
            self.simulation.switches.turn(given)
            self.simulation.clock.skew_seconds = self.simulation.switches.clock_skew_seconds
            return self.simulation.switches.described()


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def _plain(record: Record, fields: tuple[str, ...]) -> Record:
    """Ids and quantities as numbers, flags as booleans, money as exact text."""
    return {
        name: wire.decimal_text(record[name]) if isinstance(record[name], Decimal) else record[name]
        for name in fields
    }
