"""Sales as they are written: header, lines, payments and notes."""

from typing import Any

from .actions import Action
from .calculation import recalculate, tax_class_totals
from .completion import OutOfBalanceError, complete, stamp_completed
from .description import ToMany
from .errors import ApiError
from .relations import Tree
from .resources import Resource
from .store import Record

REFERS_TO = {
    "employeeID": "Employee",
    "tipEmployeeID": "Employee",
    "shopID": "Shop",
    "registerID": "Register",
    "customerID": "Customer",
    "taxCategoryID": "TaxCategory",
    "discountID": "Discount",
}
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
        values = self.read(body, "C") | fixed
        completing = bool(values.pop("completed", False))
        complete_time = str(values.pop("completeTime", ""))
        self._check_time(complete_time)
        for name in ("employeeID", "shopID", "registerID"):
            self._check_reference(name, values.get(name, 0), compulsory=True)
        self._check_register(values)
        if "taxCategoryID" not in values:
            values["taxCategoryID"] = self.store.must("Shop", values["shopID"])["taxCategoryID"]
        values |= self._customer_defaults(values)
        self._check_references(values)
        key = self.store.add("Sale", values)
        try:
            self._write_parts(key, body)
            if completing:
                complete(self.simulation, key, complete_time)
        except OutOfBalanceError as error:
            error.keep = self.switches.failed_completion_kept
            raise
        return key

    def update(self, key: int, body: Record, fixed: Record | None = None) -> None:
        sale = self.existing(key)
        values = self.read(body, "U")
        if sale["completed"]:
            self._check_completed(sale, values, body)
        elif sale["archived"]:
            raise ApiError(400, "Sale not updated. It is archived.")
        completing = bool(values.pop("completed", False)) and not sale["completed"]
        complete_time = str(values.pop("completeTime", ""))
        self._check_time(complete_time)
        for name in ("employeeID", "shopID", "registerID"):
            if name in values:
                self._check_reference(name, values[name], compulsory=True)
        self._check_register({**sale, **values})
        values |= self._customer_defaults(values)
        self._check_references(values)
        if sale["completed"] and complete_time:
            values["completeTime"] = complete_time
        self.store.change("Sale", key, values)
        try:
            self._write_parts(key, body)
            if completing:
                complete(self.simulation, key, complete_time)
        except OutOfBalanceError as error:
            error.keep = self.switches.failed_completion_kept
            raise
        if sale["completed"]:
            stamp_completed(self.store, key)

    def delete(self, key: int) -> None:
        if self.existing(key)["completed"]:
            raise ApiError(400, "Sale not archived. It is completed.")
        self.store.change("Sale", key, {"archived": True})

    def adorn(self, shown: list[Record], tree: Tree) -> None:
        for sale in shown:
            sale["MetaData"] = {"tipOption1": "10", "tipOption2": "15", "tipOption3": "20"}
            if "TaxClass" in tree.get("SaleLines", {}):
                by_class = tax_class_totals(self.store, int(sale["saleID"]))
                if by_class:
                    sale["TaxClassTotals"] = by_class

    # --- Checks -----------------------------------------------------------------------

    def _check_reference(self, name: str, key: Any, *, compulsory: bool = False) -> None:
        if not key and not compulsory:
            return
        if not key or self.store.get(REFERS_TO[name], key) is None:
            raise ApiError(400, f"Sale has no valid {name}: '{key}'.")

    def _check_references(self, values: Record) -> None:
        for name in ("customerID", "taxCategoryID", "discountID", "tipEmployeeID"):
            self._check_reference(name, values.get(name, 0))

    def _check_register(self, sale: Record) -> None:
        register = self.store.get("Register", sale["registerID"])
        if register and register["shopID"] != sale["shopID"]:
            raise ApiError(400, "The register is not one of the sale's shop.")
        if register and not register["open"] and self.switches.closed_register_refused:
            raise ApiError(400, f"Register '{register['name']}' is closed.")

    def _check_time(self, complete_time: str) -> None:
        if complete_time > self.store.clock.stamp():
            raise ApiError(400, "completeTime cannot be in the future.")

    def _check_completed(self, sale: Record, values: Record, body: Record) -> None:
        if self.switches.completed_sales == "all":
            return
        unchanged = {name for name, value in values.items() if sale[name] == value}
        touched = (set(values) - unchanged) | {
            relation.name
            for relation in self.entity.relations
            if body.get(relation.name) and relation.name != "Customer"
        }
        allowed = OPEN_AFTER_COMPLETION if self.switches.completed_sales == "some" else set()
        if refused := touched - allowed:
            raise ApiError(400, f"Sale not updated. It is completed: {', '.join(sorted(refused))}.")

    def _customer_defaults(self, values: Record) -> Record:
        if not self.switches.customer_defaults_applied or not values.get("customerID"):
            return {}
        customer = self.store.get("Customer", values["customerID"]) or {}
        names = ("taxCategoryID", "discountID")
        return {name: customer[name] for name in names if customer.get(name)}

    # --- Parts ------------------------------------------------------------------------

    def _write_parts(self, key: int, body: Record) -> None:
        self._write_children(key, body)
        self._write_notes(key, body.get("SaleNotes"))
        recalculate(self.store, self.switches, key)

    def write_child(self, relation: ToMany, key: int, child: Record) -> None:
        """Lines and payments with their id change; without, they are appended, every time."""
        if relation.entity == "SaleLine" and not child.get("saleLineID"):
            self.simulation.resource("SaleLine").create(child, {"saleID": key})
        elif relation.entity == "SalePayment" and not child.get("salePaymentID"):
            self._add_payment(key, child)
        else:
            super().write_child(relation, key, child)

    def _add_payment(self, sale_id: int, body: Record) -> None:
        sale = self.existing(sale_id)
        resource = self.simulation.resource("SalePayment")
        values = resource.read(body, "C")
        if self.store.get("PaymentType", values.get("paymentTypeID", 0)) is None:
            raise ApiError(400, f"Unknown payment type '{body.get('paymentTypeID', '')}'.")
        defaults = {"registerID": sale["registerID"], "employeeID": sale["employeeID"]}
        self.store.add("SalePayment", {**defaults, **values, "saleID": sale_id})

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


RESOURCES: tuple[type[Resource], ...] = (SaleResource,)
ACTIONS: tuple[Action, ...] = ()
