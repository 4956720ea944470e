"""Sales as they are written: header, lines, payments and notes."""

from typing import Any

from . import carts, payments, wire
from .actions import Action
from .calculation import meta_data, show_taxes
from .completion import complete, stamp_completed
from .description import ZERO, ToMany, ref
from .entities import BY_NAME
from .errors import ApiError, not_found
from .relations import Tree
from .resources import Resource
from .sale_lines import RefusedParentError, SaleLineResource
from .store import Record
from .terms import check_discount

REFERS_TO = {
    "employeeID": "Employee",
    "tipEmployeeID": "Employee",
    "shopID": "Shop",
    "registerID": "Register",
    "customerID": "Customer",
    "taxCategoryID": "TaxCategory",
    "discountID": "Discount",
}
COMPULSORY = ("employeeID", "shopID", "registerID")
CUSTOMERS_OWN = ("taxCategoryID", "discountID")
# Records that a new sale may nest where it could name their ids.
NESTED = (
    ("Customer", "customerID"),
    ("Discount", "discountID"),
    ("Shop", "shopID"),
    ("TaxCategory", "taxCategoryID"),
)
PARTS = ("SaleLines", "SalePayments", "SaleNotes", "ShipTo", "Quote")
NOTE_KINDS = ("InternalNote", "PrintedNote")
# What a PUT may change on a completed sale (a choice; no source says which).
OPEN_AFTER_COMPLETION = {
    "SaleNotes",
    "referenceNumber",
    "referenceNumberSource",
    "completeTime",
    "customerID",
    "receiptPreference",
    "tipEmployeeID",
}


class SaleResource(Resource):
    entity_name = "Sale"

    def create(self, body: Record, fixed: Record) -> int:
        """Also for a sale that is made of something else, a refund or a finished work order."""
        values = self.read(body, "C") | fixed | self._attached(body)
        completing = bool(values.pop("completed", False))
        complete_time = self._complete_time(values)
        for name in COMPULSORY:
            self._check_reference(name, values.get(name, 0), compulsory=True)
        shop = self.store.must("Shop", values["shopID"])
        values = {
            "taxCategoryID": shop["taxCategoryID"],
            **self._customer_defaults(values),
            **self._tip_defaults(values),
            **values,
        }
        self._check_references(values)
        self._check_register(values)
        key = self.store.add("Sale", values)
        self._write_parts(key, body)
        if completing:
            kept = self.switches.failed_post_kept
            complete(self.simulation, key, complete_time, keep=kept)
        return key

    def update(self, key: int, body: Record, fixed: Record | None = None) -> None:
        sale = self.existing(key)
        values = self.read(body, "U")
        if sale["completed"]:
            self._check_completed(sale, values, body)
        elif sale["archived"]:
            raise ApiError(400, "Sale not updated. It is archived.")
        completing = bool(values.pop("completed", False)) and not sale["completed"]
        complete_time = self._complete_time(values)
        for name in COMPULSORY:
            if name in values:
                self._check_reference(name, values[name], compulsory=True)
        if not sale["completed"]:
            values = self._customer_defaults(values) | values
        self._check_references(values)
        self._check_register({**sale, **values})
        if sale["completed"] and complete_time:
            values["completeTime"] = complete_time
        self.store.change("Sale", key, values)
        self._write_parts(key, body)
        if completing:
            kept = self.switches.failed_put_kept
            complete(self.simulation, key, complete_time, keep=kept)
        elif sale["completed"]:
            stamp_completed(self.store, key)

    def delete(self, key: int) -> None:
        if self.existing(key)["completed"]:
            raise ApiError(400, "Sale not archived. It is completed.")
        for line in self.store.find("SaleLine", saleID=key):
            self._lines().put_back(line)
        carts.refresh(self.simulation, key)
        self.store.change("Sale", key, {"archived": True})

    def adorn(self, shown: list[Record], tree: Tree) -> None:
        locale = next(iter(self.store.find("Locale")), None)
        for sale in shown:
            sale["MetaData"] = meta_data(sale, locale["cashRoundingPrecision"] if locale else ZERO)
        if "TaxClass" in tree.get("SaleLines", {}):
            show_taxes(self.store, shown)

    # --- Checks -----------------------------------------------------------------------

    def _check_reference(self, name: str, key: Any, *, compulsory: bool = False) -> None:
        if not key and not compulsory:
            return
        if not key or self.store.get(REFERS_TO[name], key) is None:
            raise ApiError(400, f"Sale has no valid {name}: '{key}'.")

    def _check_references(self, values: Record) -> None:
        for name in ("customerID", "taxCategoryID", "discountID", "tipEmployeeID"):
            self._check_reference(name, values.get(name, 0))
        check_discount(values)

    def _check_register(self, sale: Record) -> None:
        register = self.store.get("Register", sale["registerID"])
        if register and register["shopID"] != sale["shopID"]:
            raise ApiError(400, "The register is not one of the sale's shop.")
        if register and not register["open"] and self.switches.closed_register_refused:
            raise ApiError(400, f"Register '{register['name']}' is closed.")

    def _complete_time(self, values: Record) -> str:
        """Takes it out of `values`; the past is fine."""
        complete_time = str(values.pop("completeTime", ""))
        if complete_time > self.store.clock.stamp():
            raise ApiError(400, "completeTime cannot be in the future.")
        return complete_time

    def _check_completed(self, sale: Record, values: Record, body: Record) -> None:
        if self.switches.completed_sales == "all":
            return
        changed = {name for name, value in values.items() if sale[name] != value}
        touched = changed | {name for name in PARTS if body.get(name)}
        allowed = OPEN_AFTER_COMPLETION if self.switches.completed_sales == "some" else set()
        if refused := touched - allowed:
            raise ApiError(400, f"Sale not updated. It is completed: {', '.join(sorted(refused))}.")

    def _customer_defaults(self, values: Record) -> Record:
        """The tax category and discount of a newly attached customer, or of customers' of that
        type."""
        customer = self.store.get("Customer", values.get("customerID", 0))
        if customer is None or not self.switches.customer_defaults_applied:
            return {}
        of_type = self.store.get("CustomerType", customer["customerTypeID"]) or {}
        defaults = {name: customer[name] or of_type.get(name, 0) for name in CUSTOMERS_OWN}
        return {name: value for name, value in defaults.items() if value}

    def _tip_defaults(self, values: Record) -> Record:
        """Published samples: where tips are taken they are the seller's."""
        register = self.store.get("Register", values["registerID"]) or {}
        enabled = values.get("tipEnabled", register.get("tipEnabled", False))
        whose = {"tipEmployeeID": values["employeeID"]} if enabled else {}
        return {"tipEnabled": enabled, **whose}

    def _key(self, name: str, body: Record) -> int:
        return int(wire.read(ref(name), body.get(name), self.zone))

    # --- Parts ------------------------------------------------------------------------

    def _attached(self, body: Record) -> Record:
        """What is nested instead of named by id: `Customer: {"customerID": 88}`.

        A choice: what has no id is ignored, where the real API may name somebody else.
        """
        keys = {
            by: self._key(by, body[name])
            for name, by in NESTED
            if isinstance(body.get(name), dict) and by not in body
        }
        return {by: key for by, key in keys.items() if key}

    def _write_parts(self, key: int, body: Record) -> None:
        self._write_children(key, body)
        self._write_notes(key, body.get("SaleNotes"))
        self._write_beside(key, body)
        # What was sold keeps the figures it was sold at, whatever became of its taxes.
        if not self.existing(key)["completed"] or self.switches.completed_sales == "all":
            carts.refresh(self.simulation, key)

    def write_child(self, relation: ToMany, key: int, child: Record) -> None:
        """Lines and payments with their id change; without, they are appended, every time."""
        if relation.entity == "SaleLine":
            self._write_line(key, child)
        elif relation.entity == "SalePayment" and not self._key("salePaymentID", child):
            payments.add(self.simulation, key, child)
        else:
            super().write_child(relation, key, child)

    def _lines(self) -> SaleLineResource:
        return SaleLineResource(self.simulation, BY_NAME["SaleLine"])

    def _write_line(self, key: int, child: Record) -> None:
        lines = self._lines()
        sale = lines.open_sale(key)
        line_id = self._key("saleLineID", child)
        line = self.store.get("SaleLine", line_id)
        if not line_id:
            try:
                lines.append(sale, child, {"saleID": key})
            except RefusedParentError:
                # Documented: such a line is silently missing from the answer.
                if self.switches.bad_refund_refused:
                    raise
        elif line and not line["saleID"]:
            lines.pick_up(line, key)
            lines.update(line["saleLineID"], child, {"saleID": key})
        elif line and line["saleID"] == key:
            lines.update(line["saleLineID"], child, {"saleID": key})
        else:
            raise not_found("SaleLine", line_id)

    def _write_notes(self, key: int, given: Any) -> None:
        """One internal and one printed note, each replaced by its content."""
        if not isinstance(given, dict):
            return
        notes = dict(self.existing(key)["SaleNotes"] or {})
        for kind in NOTE_KINDS:
            if isinstance(given.get(kind), dict):
                text = str(given[kind].get("note") or "")
                note_id = notes.get(kind, {}).get("noteID") or str(
                    self.store.add("Note", {"note": text})
                )
                self.store.change("Note", int(note_id), {"note": text})
                notes[kind] = {"noteID": note_id, "note": text}
        self.store.change("Sale", key, {"SaleNotes": notes})

    def _write_beside(self, key: int, body: Record) -> None:
        """Where the goods are sent, and the quote that the sale is, each a record of its own."""
        sale = self.existing(key)
        for name, by in (("ShipTo", "shipToID"), ("Quote", "quoteID")):
            given = body.get(name)
            if not isinstance(given, dict):
                continue
            resource = self.simulation.resource(name)
            if sale[by]:
                resource.update(sale[by], given, {"saleID": key})
                continue
            whose = {"customerID": sale["customerID"], "employeeID": sale["employeeID"]}
            made = resource.create({**whose, **given}, {"saleID": key})
            self.store.change("Sale", key, {by: made})


RESOURCES: tuple[type[Resource], ...] = (SaleResource,)
ACTIONS: tuple[Action, ...] = ()
