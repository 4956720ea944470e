"""Sales: their lines and payments, what they come to, and completing them."""

from decimal import Decimal
from typing import Any

from . import money, upkeep, wire
from .actions import Action
from .description import ToMany
from .errors import ApiError, not_found
from .relations import Tree
from .resources import Resource
from .store import Record, Store
from .switches import Switches

ZERO = Decimal(0)
DEFAULT_PRICE_LEVEL = 1
STORED_VALUE_TYPES = ("gift card", "credit account")
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


def recalculate(store: Store, switches: Switches, sale_id: int) -> money.Totals:
    """Works out and stores every calculated figure of a sale and its lines."""
    sale = store.must("Sale", sale_id)
    category = store.get("TaxCategory", sale["taxCategoryID"])
    overrides = {
        row["taxClassID"]: row
        for row in store.find("TaxCategoryClass", taxCategoryID=sale["taxCategoryID"])
    }
    lines = store.find("SaleLine", saleID=sale_id)
    worked = []
    for line in lines:
        # No tax category on the sale, no tax on its lines.
        rates = overrides.get(line["taxClassID"], category) if line["tax"] else None
        line["tax1Rate"] = rates["tax1Rate"] if category and rates else ZERO
        line["tax2Rate"] = rates["tax2Rate"] if category and rates else ZERO
        worked.append(
            money.Line(
                unit_quantity=line["unitQuantity"],
                unit_price=line["unitPrice"],
                tax1_rate=line["tax1Rate"],
                tax2_rate=line["tax2Rate"],
                discount_percent=line["discountPercent"],
                discount_amount=line["discountAmount"],
                avg_cost=line["avgCost"],
                fifo_cost=line["fifoCost"],
            )
        )
    totals = money.totals(
        worked,
        [payment for _, payment in live_payments(store, sale_id)],
        inclusive=bool(category and category["isTaxInclusive"]),
        sale_discount_percent=_sale_discount(store, switches, sale),
        discount_per_unit=switches.discount_amount_per == "unit",
    )
    for line, figures in zip(lines, totals.lines, strict=True):
        store.change(
            "SaleLine",
            line["saleLineID"],
            {
                "tax1Rate": line["tax1Rate"],
                "tax2Rate": line["tax2Rate"],
                "taxCategoryID": sale["taxCategoryID"],
                "displayableSubtotal": figures.displayable_subtotal,
                "displayableUnitPrice": line["unitPrice"],
                "calcLineDiscount": figures.line_discount,
                "calcTransactionDiscount": figures.transaction_discount,
                "calcSubtotal": figures.subtotal,
                "calcTax1": figures.tax1,
                "calcTax2": figures.tax2,
                "calcTotal": figures.total,
            },
            stamp=False,
        )
    store.change(
        "Sale",
        sale_id,
        {
            "isTaxInclusive": bool(category and category["isTaxInclusive"]),
            "tax1Rate": category["tax1Rate"] if category else ZERO,
            "tax2Rate": category["tax2Rate"] if category else ZERO,
            "displayableSubtotal": totals.displayable_subtotal,
            "calcSubtotal": totals.subtotal,
            "calcDiscount": totals.discount,
            "calcTaxable": totals.taxable,
            "calcNonTaxable": totals.non_taxable,
            "calcTax1": totals.tax1,
            "calcTax2": totals.tax2,
            "taxTotal": totals.tax1 + totals.tax2,
            "calcTotal": totals.total,
            "total": totals.total,
            "calcPayments": totals.payments,
            "calcTips": totals.tips,
            "totalDue": totals.total_due,
            "displayableTotal": totals.displayable_total,
            "balance": totals.balance,
            "calcAvgCost": totals.avg_cost,
            "calcFIFOCost": totals.fifo_cost,
        },
        stamp=False,
    )
    return totals


def live_payments(store: Store, sale_id: int) -> list[tuple[Record, money.Payment]]:
    """A sale's payments that are not archived, oldest first."""
    types = {row["paymentTypeID"]: row["type"] for row in store.find("PaymentType")}
    return [
        (
            row,
            money.Payment(
                amount=row["amount"],
                cash=types.get(row["paymentTypeID"]) == "cash",
                stored_value=types.get(row["paymentTypeID"]) in STORED_VALUE_TYPES,
                tip=row["tipAmount"],
            ),
        )
        for row in store.find("SalePayment", saleID=sale_id, archived=0)
    ]


def _sale_discount(store: Store, switches: Switches, sale: Record) -> Decimal:
    if not switches.sale_discounts:
        return ZERO
    if sale["discountID"] and (discount := store.get("Discount", sale["discountID"])):
        return Decimal(discount["discountPercent"])
    return Decimal(sale["discountPercent"])


def tax_class_totals(store: Store, sale_id: int) -> dict[str, Any] | None:
    """`TaxClassTotals` of a taxed sale: by tax class, rates in per cent, amounts unrounded."""
    sale = store.get("Sale", sale_id)
    category = store.get("TaxCategory", sale["taxCategoryID"]) if sale else None
    if not category:
        return None
    taxes: dict[int, dict[str, Any]] = {}
    for line in store.find("SaleLine", saleID=sale_id):
        if not line["tax1Rate"] and not line["tax2Rate"]:
            continue
        tax = taxes.setdefault(
            line["taxClassID"],
            {
                "rate": line["tax1Rate"] * 100,
                "rate2": line["tax2Rate"] * 100,
                "amount": ZERO,
                "amount2": ZERO,
                "subtotal": ZERO,
            },
        )
        tax["amount"] += line["calcTax1"]
        tax["amount2"] += line["calcTax2"]
        tax["subtotal"] += line["calcTotal"] - line["calcTax1"] - line["calcTax2"]
    shown = []
    for class_id, tax in taxes.items():
        tax_class = store.get("TaxClass", class_id)
        figures = {name: wire.decimal_text(value) for name, value in tax.items()}
        entry = {
            "id": str(class_id),
            "name": tax_class["name"] if tax_class else "",
            "taxable": figures["subtotal"],
            "rate": figures["rate"],
            "amount": figures["amount"],
            "taxname": category["tax1Name"],
            "subtotal": figures["subtotal"],
        }
        if tax["rate2"]:
            entry |= {
                "rate2": figures["rate2"],
                "amount2": figures["amount2"],
                "taxname2": category["tax2Name"],
                "subtotal2": figures["subtotal"],
            }
        shown.append(entry)
    return wire.wrapped("Tax", shown) if shown else None


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
                self._complete(key, complete_time)
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
                self._complete(key, complete_time)
        except OutOfBalanceError as error:
            error.keep = self.switches.failed_completion_kept
            raise
        if sale["completed"]:
            self._stamp_completed(key)

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

    # --- Completion -------------------------------------------------------------------

    def _complete(self, key: int, complete_time: str) -> None:
        totals = recalculate(self.store, self.switches, key)
        payments = live_payments(self.store, key)
        settled = money.settle(totals.total, [payment for _, payment in payments])
        if isinstance(settled, money.OutOfBalance):
            raise OutOfBalanceError(key, settled.reason, totals.balance)
        self._move_stored_value(payments)
        for (row, payment), amount in zip(payments, settled.amounts, strict=True):
            if amount != payment.amount:
                self.store.change("SalePayment", row["salePaymentID"], {"amount": amount})
        sale = self.existing(key)
        for line in self.store.find("SaleLine", saleID=key):
            self.store.change("SaleLine", line["saleLineID"], {})
            self._move_stock(line, sale)
        values: Record = {
            "completed": True,
            "completeTime": complete_time or self.store.clock.stamp(),
        }
        if settled.change:
            values["change"] = settled.change
        self.store.change("Sale", key, values)
        recalculate(self.store, self.switches, key)
        self._stamp_completed(key)

    def _stamp_completed(self, key: int) -> None:
        """timeStamp of a completed sale is when it was completed; updateTime goes on."""
        complete_time = self.existing(key)["completeTime"]
        self.store.change("Sale", key, {"timeStamp": complete_time}, stamp=False)

    def _move_stock(self, line: Record, sale: Record) -> None:
        item = self.store.get("Item", line["itemID"])
        if item and item["itemType"] != "non_inventory" and line["unitQuantity"]:
            shop_id = line["shopID"] or sale["shopID"]
            upkeep.move_stock(self.store, line["itemID"], shop_id, -line["unitQuantity"])

    def _move_stored_value(self, payments: list[tuple[Record, money.Payment]]) -> None:
        """Paying from a gift card or account raises its balance towards what is owed."""
        for row, payment in payments:
            account = self.store.get("CreditAccount", row["creditAccountID"])
            if not payment.stored_value or account is None:
                continue
            balance = account["balance"] + payment.amount
            if account["giftCard"] and balance > 0 and not self.switches.gift_card_overdraw:
                raise ApiError(400, "The gift card does not hold enough.")
            self.store.change("CreditAccount", row["creditAccountID"], {"balance": balance})


class OutOfBalanceError(ApiError):
    def __init__(self, sale_id: int, reason: str, balance: Decimal) -> None:
        super().__init__(
            400,
            f"Cannot complete an out of balance sale. {reason}",
            "OutOfBalanceError",
            extra={"saleID": str(sale_id), "balance": wire.decimal_text(balance)},
        )


class SaleLineResource(Resource):
    entity_name = "SaleLine"

    def create(self, body: Record, fixed: Record) -> int:
        sale = self._open_sale(fixed["saleID"])
        body = self._with_note(body)
        values = self.read(body, "C")
        item = self._item(values, body)
        if item is None and "unitPrice" not in values:
            raise ApiError(400, "A line needs an itemID, an itemCode or a unitPrice.")
        defaults: Record = {"employeeID": sale["employeeID"], "shopID": sale["shopID"]}
        if item is not None:
            cost = item["avgCost"] or item["defaultCost"]
            defaults |= {
                "unitPrice": self._price(item, sale),
                "tax": item["tax"],
                "taxClassID": item["taxClassID"],
                "avgCost": cost,
                "fifoCost": cost,
            }
            values["itemID"] = item["itemID"]
        values = {
            **defaults,
            **values,
            **fixed,
            **self._discount(values),
            **self._write_owned({}, body),
        }
        if not sale["taxCategoryID"]:
            # Recorded: on an untaxed sale `tax: true` comes back as false.
            values["tax"] = False
        self._check_parent(values)
        key = self.store.add("SaleLine", values)
        self._sale_changed(sale["saleID"])
        return key

    def update(self, key: int, body: Record, fixed: Record | None = None) -> None:
        line = self.existing(key)
        sale = self._open_sale(line["saleID"])
        body = self._with_note(body)
        values = self.read(body, "U")
        if "itemID" in values and values["itemID"] != line["itemID"]:
            item = self._item(values, body)
            if item is not None and "unitPrice" not in values:
                values["unitPrice"] = self._price(item, sale)
        values |= self._discount(values)
        if values.get("tax") and not sale["taxCategoryID"]:
            values["tax"] = False
        self.store.change("SaleLine", key, {**values, **self._write_owned(line, body)})
        self._sale_changed(sale["saleID"])

    def delete(self, key: int) -> None:
        sale = self._open_sale(self.existing(key)["saleID"])
        self.store.remove("SaleLine", key)
        self._sale_changed(sale["saleID"])

    def _open_sale(self, sale_id: int) -> Record:
        sale = self.store.get("Sale", sale_id)
        if sale is None:
            raise not_found("Sale", sale_id)
        if sale["archived"] or (sale["completed"] and self.switches.completed_sales != "all"):
            state = "completed" if sale["completed"] else "archived"
            raise ApiError(400, f"The lines of a sale that is {state} cannot change.")
        return sale

    def _sale_changed(self, sale_id: int) -> None:
        self.store.change("Sale", sale_id, {})
        recalculate(self.store, self.switches, sale_id)

    def _with_note(self, body: Record) -> Record:
        """`"note": "…"` is short for `"Note": {"note": "…"}`."""
        if isinstance(body.get("note"), str):
            return {**body, "Note": {"note": body["note"]}}
        return body

    def _item(self, values: Record, body: Record) -> Record | None:
        """The item sold, by id or any code on its label; None for a miscellaneous line."""
        if values.get("itemID"):
            item = self.store.get("Item", values["itemID"])
            shown = str(values["itemID"])
        elif shown := str(body.get("itemCode") or ""):
            item = self._by_code(shown)
        else:
            return None
        if item is None:
            raise ApiError(400, f"SaleLine not created. Unknown item '{shown}'.")
        if item["archived"] and self.switches.archived_items_refused:
            raise ApiError(400, f"SaleLine not created. Item '{shown}' is archived.")
        return item

    def _by_code(self, code: str) -> Record | None:
        for name in ("systemSku", "upc", "ean"):
            if found := self.store.find("Item", **{name: code}):
                return found[0]
        return self.store.get("Item", int(code)) if code.isascii() and code.isdigit() else None

    def _price(self, item: Record, sale: Record) -> Decimal:
        """By the shop's price level, else the default price."""
        shop = self.store.get("Shop", sale["shopID"])
        prices = {int(p["useTypeID"]): Decimal(p["amount"]) for p in item["Prices"] or []}
        wanted = shop["priceLevelID"] if shop else DEFAULT_PRICE_LEVEL
        return prices.get(wanted, prices.get(DEFAULT_PRICE_LEVEL, ZERO))

    def _discount(self, values: Record) -> Record:
        """A Discount record puts its own percentage or amount on the line; 0 takes it off."""
        if "discountID" not in values:
            if values.get("discountPercent") and values.get("discountAmount"):
                raise ApiError(400, "A line takes discountPercent or discountAmount, not both.")
            if values.get("discountPercent"):
                return {"discountAmount": ZERO}
            return {"discountPercent": ZERO} if values.get("discountAmount") else {}
        if not values["discountID"]:
            return {"discountPercent": ZERO, "discountAmount": ZERO} | {
                name: values[name]
                for name in ("discountPercent", "discountAmount")
                if name in values
            }
        discount = self.store.get("Discount", values["discountID"])
        if discount is None or discount["archived"]:
            raise ApiError(400, f"Unknown discount '{values['discountID']}'.")
        return {name: discount[name] for name in ("discountPercent", "discountAmount")}

    def _check_parent(self, values: Record) -> None:
        parent_id = values.get("parentSaleLineID", 0)
        if parent_id and self.store.get("SaleLine", parent_id) is None:
            raise not_found("SaleLine", parent_id)


RESOURCES: tuple[type[Resource], ...] = (SaleResource, SaleLineResource)
ACTIONS: tuple[Action, ...] = ()
