"""Everything one simulated account consists of."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from . import (
    calculation,
    catalogue,
    counts,
    custom_fields,
    customers,
    images,
    lots,
    payments,
    people,
    quotes,
    receipts,
    refunds,
    reports,
    sale_lines,
    sales,
    supply,
    taxonomy,
    terms,
    tills,
    upkeep,
    workshop,
)
from .actions import Action
from .clock import Clock
from .entities import BY_NAME
from .faults import Faults
from .ratelimit import Allowance, Limiter
from .resources import Resource
from .store import Record, Store
from .switches import Switches

PARTS = (
    catalogue,
    counts,
    custom_fields,
    customers,
    images,
    payments,
    people,
    quotes,
    receipts,
    refunds,
    reports,
    sale_lines,
    sales,
    supply,
    taxonomy,
    terms,
    tills,
    workshop,
)
# The entities whose records have rules of their own, and requests that are more than records.
SPECIAL: dict[str, type[Resource]] = {
    resource.entity_name: resource for part in PARTS for resource in part.RESOURCES
}
ACTIONS: dict[tuple[str, str], Action] = {
    (action.method, action.route): action for part in PARTS for action in part.ACTIONS
}
DEFAULT_ZONE = "America/Toronto"


@dataclass
class Simulation:
    store: Store
    clock: Clock
    switches: Switches = field(default_factory=Switches)
    limiter: Limiter = field(default_factory=Limiter)
    faults: Faults = field(default_factory=Faults)
    calls: Counter[str] = field(default_factory=Counter)
    """By method and route, `PUT Sale/{id}`."""
    mail: list[receipts.Mail] = field(default_factory=list)
    """Receipts sent, oldest first."""

    def resource(self, name: str) -> Resource:
        return SPECIAL.get(name, Resource)(self, BY_NAME[name])

    def zone(self) -> str:
        """Where a time without an offset is meant."""
        rows = self.store.execute("SELECT timeZone FROM Shop ORDER BY shopID LIMIT 1")
        return str(rows[0][0]) if rows else DEFAULT_ZONE

    def account(self) -> Record:
        return self.store.find("Account")[0]

    def currency(self) -> str:
        """ISO 4217."""
        currency = self.account()["defaultCurrency"] or {}
        return str(currency.get("code") or "USD")

    def allowance(self) -> Allowance:
        rows = self.store.execute("SELECT count(*) FROM Register WHERE NOT archived")
        return Allowance.of(self.switches, int(rows[0][0]))

    @contextmanager
    def turned(self, switch: str, seconds: float) -> Iterator[None]:
        """One switch turned for one request, to `seconds` where it is a time; others wait."""
        if not switch:
            yield
            return
        with self.store.lock:
            usual = self.switches
            values: Record = {switch: seconds if switch.endswith("_seconds") else True}
            self.switches = replace(usual, **values)
            self.clock.skew_seconds = self.switches.clock_skew_seconds
            try:
                yield
            finally:
                self.switches = usual
                self.clock.skew_seconds = usual.clock_skew_seconds

    def reset(self) -> None:
        """Back to the store this was started with, and to every default."""
        with self.store.lock:
            self.store.reset()
            self.switches = Switches()
            self.limiter = Limiter()
            self.faults.clear()
            self.calls.clear()
            self.mail.clear()
            self.clock.freeze(False)
            self.clock.offset_seconds = self.clock.skew_seconds = 0.0


def load(simulation: Simulation, records: Iterable[tuple[str, Record]]) -> dict[str, list[int]]:
    """Puts records in as given and works out what follows from them; the ids, by entity."""
    store = simulation.store
    filling = store.filling
    levels = {} if filling else {r["priceLevelID"]: r["name"] for r in store.find("PriceLevel")}
    ids: dict[str, list[int]] = {}
    uncalculated = []
    stocked = set()
    for name, record in upkeep.with_price_levels(records, levels):
        if name == "Sale":
            record = _with_defaults_of_sale(record)
        key = store.put(name, record)
        if name == "Sale" and "calcTotal" not in record:
            uncalculated.append(key)
        if not filling:
            ids.setdefault(name, []).append(key)
            if name == "Item":
                stocked.add(key)
            elif name == "ItemShop":
                stocked.add(record["itemID"])
    if filling:
        store.flush()
    if filling or "Item" in ids:
        upkeep.number_items(store)
    upkeep.roll_up(store, None if filling else stocked)
    if filling:
        lots.open_all(store)
    for item_id in stocked:
        lots.settle(store, item_id)
    made = {part["assemblyItemID"] for part in store.find("ItemComponent")} if filling else stocked
    for item_id in made:
        upkeep.count_buildable(store, item_id)
    if filling or "Category" in ids:
        upkeep.number_categories(store)
    if filling or ids.keys() & {"Customer", "CreditAccount"}:
        customers.tie_accounts(store)
    if filling or ids.keys() & {"Customer", "Item"}:
        custom_fields.name_values(store)
    for key in uncalculated:
        calculation.recalculate(store, simulation.switches, key)
    return ids


def _with_defaults_of_sale(sale: Record) -> Record:
    """Lines and payments take shop, register and employee from their sale."""
    sale = dict(sale)
    for wrapper, item, names in (
        ("SaleLines", "SaleLine", ("employeeID", "shopID")),
        ("SalePayments", "SalePayment", ("employeeID", "registerID")),
    ):
        inner = (sale.get(wrapper) or {}).get(item) or []
        entries = inner if isinstance(inner, list) else [inner]
        defaults = {name: sale[name] for name in names if name in sale}
        if entries:
            sale[wrapper] = {item: [{**defaults, **entry} for entry in entries]}
    if sale.get("completed") and "completeTime" in sale:
        sale.setdefault("timeStamp", sale["completeTime"])
        sale.setdefault("updateTime", sale["completeTime"])
        sale.setdefault("createTime", sale["completeTime"])
    return sale
