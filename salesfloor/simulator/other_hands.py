"""What somebody else does in the shop between a client's last look and its next request."""

import re
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from urllib.parse import parse_qs

from . import wire
from .errors import ApiError, OAuthError
from .exchange import Request
from .oauth import OAuth
from .simulation import Simulation, load
from .store import Record

RECORD = re.compile(r"/Account/\d+/(?P<entity>[A-Za-z]+)/(?P<key>\d+)")

Hand = Callable[[Simulation, OAuth, Request], None]


def meddle(
    simulation: Simulation,
    oauth: OAuth,
    name: str,
    request: Request,
    records: dict[str, list[Record]],
) -> None:
    """`records`, where given, are put in instead. What Lightspeed refuses them has not happened."""
    with suppress(ApiError, LookupError), simulation.store.transaction():
        if records:
            load(simulation, [(entity, r) for entity, found in records.items() for r in found])
        else:
            HANDS[name](simulation, oauth, request)


def _record(request: Request) -> tuple[str, int]:
    """The entity and key in the path; ("", 0) where there is none."""
    match = RECORD.search(request.path)
    return (match["entity"], int(match["key"])) if match else ("", 0)


def _sale(simulation: Simulation, request: Request) -> Record | None:
    entity, key = _record(request)
    return simulation.store.get("Sale", key) if entity == "Sale" else None


def _lines(simulation: Simulation, request: Request) -> list[Record]:
    sale = _sale(simulation, request)
    return simulation.store.find("SaleLine", saleID=sale["saleID"]) if sale else []


def _items(simulation: Simulation, request: Request) -> list[int]:
    """The items of the sale in the path, of the lines in the body, or the one in the path."""
    entity, key = _record(request)
    if entity == "Item":
        return [key]
    found = [line["itemID"] for line in _lines(simulation, request)]
    with suppress(ValueError, KeyError):
        lines = wire.entries(wire.loads(request.body).get("SaleLines"), "SaleLine")
        found += [int(line["itemID"]) for line in lines]
    return [item for item in dict.fromkeys(found) if item]


def change_sale(simulation: Simulation, oauth: OAuth, request: Request) -> None:
    for line in _lines(simulation, request)[:1]:
        more = {"unitQuantity": line["unitQuantity"] + 1}
        simulation.resource("SaleLine").update(line["saleLineID"], more)


def remove_line(simulation: Simulation, oauth: OAuth, request: Request) -> None:
    for line in _lines(simulation, request)[:1]:
        simulation.resource("SaleLine").delete(line["saleLineID"])


def complete_sale(simulation: Simulation, oauth: OAuth, request: Request) -> None:
    sale = _sale(simulation, request)
    if sale and not sale["completed"]:
        payment = {"paymentTypeID": 1, "amount": wire.decimal_text(sale["balance"])}
        paid = {"SalePayments": {"SalePayment": payment}} if sale["balance"] else {}
        simulation.resource("Sale").update(sale["saleID"], {"completed": True, **paid})


def void_sale(simulation: Simulation, oauth: OAuth, request: Request) -> None:
    if sale := _sale(simulation, request):
        simulation.store.change("Sale", sale["saleID"], {"voided": True})


def archive_record(simulation: Simulation, oauth: OAuth, request: Request) -> None:
    entity, key = _record(request)
    if entity and simulation.store.get(entity, key):
        simulation.store.change(entity, key, {"archived": True})


def archive_items(simulation: Simulation, oauth: OAuth, request: Request) -> None:
    for item in _items(simulation, request):
        simulation.resource("Item").delete(item)


def raise_prices(simulation: Simulation, oauth: OAuth, request: Request) -> None:
    for key in _items(simulation, request):
        item = simulation.store.must("Item", key)
        prices = [
            {**price, "amount": Decimal(price["amount"]) + 1} for price in item["Prices"] or []
        ]
        simulation.store.change("Item", key, {"Prices": {"ItemPrice": prices}})


def double_tax(simulation: Simulation, oauth: OAuth, request: Request) -> None:
    for tax in simulation.store.find("TaxCategory"):
        rate = {"tax1Rate": tax["tax1Rate"] * 2}
        simulation.store.change("TaxCategory", tax["taxCategoryID"], rate)


def close_registers(simulation: Simulation, oauth: OAuth, request: Request) -> None:
    for register in simulation.store.find("Register", open=1):
        simulation.store.change("Register", register["registerID"], {"open": False})


def expire_token(simulation: Simulation, oauth: OAuth, request: Request) -> None:
    with suppress(OAuthError):
        oauth.expire(oauth.authenticate(request).jti)


def revoke_token(simulation: Simulation, oauth: OAuth, request: Request) -> None:
    with suppress(OAuthError):
        oauth.disconnect(oauth.authenticate(request).connection_id)
    if token := _refresh_token(request):
        oauth.disconnect(oauth.connection_of(token))


def lock_employee_out(simulation: Simulation, oauth: OAuth, request: Request) -> None:
    with suppress(OAuthError):
        employee = oauth.authenticate(request).employee["employeeID"]
        simulation.store.change("Employee", employee, {"lockOut": True})


def refresh_first(simulation: Simulation, oauth: OAuth, request: Request) -> None:
    if token := _refresh_token(request):
        oauth.refresh_and_use(oauth.connection_of(token))


def _refresh_token(request: Request) -> str:
    with suppress(ValueError, AttributeError):
        if request.body.lstrip().startswith(b"{"):
            return str(wire.loads(request.body).get("refresh_token") or "")
        return parse_qs(request.body.decode()).get("refresh_token", [""])[0]
    return ""


HANDS: dict[str, Hand] = {
    hand.__name__: hand
    for hand in (
        change_sale,
        remove_line,
        complete_sale,
        void_sale,
        archive_record,
        archive_items,
        raise_prices,
        double_tax,
        close_registers,
        expire_token,
        revoke_token,
        lock_employee_out,
        refresh_first,
    )
}
