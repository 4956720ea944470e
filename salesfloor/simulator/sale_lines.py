"""Lines: what is sold, at which price and discount, in a cart or kept for a customer."""

from decimal import Decimal

from . import carts, refunds, reservations, wire
from .actions import Action
from .calculation import recalculate_line
from .description import ref, rights
from .errors import ApiError, not_found
from .pricing import price
from .relations import Renderer, Tree
from .resources import Resource
from .store import Record
from .terms import check_discount

ZERO = Decimal(0)
# Which kinds of lines are made at /SaleLine, and the right that lets a token make only those.
RESERVED = {"isLayaway": "register_layaway", "isSpecialOrder": "special_orders"}
AT_THE_REGISTER = rights("register cfd")
# Where these change, other units are reserved.
SHELVED = frozenset({"unitQuantity", "shopID", "itemID"})
COMPULSORY = ("employeeID", "shopID", "itemID", "customerID")
COSTLESS: Record = {"avgCost": ZERO, "fifoCost": ZERO}
"""A line that has no item any more keeps its price alone."""
PAYMENTS: Tree = {"SalePayments": {}}


class RefusedParentError(ApiError):
    """A line that takes back what cannot be taken back."""


class SaleLineResource(Resource):
    """At `/Sale/{id}/SaleLine` and in a sale's body, where `fixed` names the sale, a line of a
    cart; at `/SaleLine` one that is kept for a customer, outside any sale."""

    entity_name = "SaleLine"

    def create(self, body: Record, fixed: Record) -> int:
        if "saleID" not in fixed:
            return self._create_reserved(body)
        self._permit()
        key = self.append(self.open_sale(fixed["saleID"]), body, fixed)
        self._sale_changed(fixed["saleID"])
        return key

    def append(self, sale: Record, body: Record, fixed: Record) -> int:
        """Adds a line to an open sale, whose figures are still to be brought up to date.

        `fixed`: what the maker of the line has settled. Raises RefusedParentError.
        """
        body = self._with_note(body)
        values = self.read(body, "C")
        self._check_return(values)
        return self.store.add(
            "SaleLine",
            {
                **self._defaults_of(values, body, sale),
                **values,
                **self._discount(values),
                **self._write_owned({}, body),
                # Recorded: on an untaxed sale `tax: true` comes back as false.
                **({} if sale["taxCategoryID"] else {"tax": False}),
                **fixed,
            },
        )

    def update(self, key: int, body: Record, fixed: Record | None = None) -> None:
        line = self.existing(key)
        if fixed and "saleID" in fixed:
            self._update_in_cart(line, body)
        elif line["saleID"] and self._kinds(body):
            self._put_aside(line, body)
        else:
            update = self._update_in_cart if line["saleID"] else self._update_reserved
            update(line, body)
            sale_id = self._number("saleID", body)
            if sale_id not in (0, line["saleID"]):
                self.pick_up(self.existing(key), sale_id)

    def delete(self, key: int) -> None:
        line = self.existing(key)
        self._permit(line)
        if line["saleID"]:
            self.open_sale(line["saleID"])
        reservations.cancel(self.store, line)
        self.store.remove("SaleLine", key)
        if line["saleID"]:
            self._sale_changed(line["saleID"])

    def adorn(self, shown: list[Record], tree: Tree) -> None:
        """Published samples of this endpoint have these without asking."""
        renderer = Renderer(self.store, "")
        for line in shown:
            rows = self.store.find("SaleAccount", saleLineID=int(line["saleLineID"]))
            if rows:
                accounts = [{name: str(value) for name, value in row.items()} for row in rows]
                # So spelt here, and SaleAccounts below a payment.
                line["SalesAccounts"] = wire.wrapped("SaleAccount", accounts)
            if orders := self.store.find("SpecialOrder", saleLineID=int(line["saleLineID"])):
                key = orders[0]["specialOrderID"]
                line["SpecialOrder"] = renderer.single("SpecialOrder", key, {})
            if line["itemFeeID"] != "0":
                line["ItemFee"] = renderer.single("ItemFee", int(line["itemFeeID"]), {})

    def removed(self, shown: Record) -> None:
        """The sale comes along as it now is; without payments it shows "" for them."""
        if shown["saleID"] != "0":
            sale = Renderer(self.store, "").single("Sale", int(shown["saleID"]), PAYMENTS)
            shown["Sale"] = {**sale, "SalePayments": sale.get("SalePayments", "")}

    # --- In a cart --------------------------------------------------------------------

    def open_sale(self, sale_id: int) -> Record:
        sale = self.store.get("Sale", sale_id)
        if sale is None:
            raise not_found("Sale", sale_id)
        if sale["archived"] or (sale["completed"] and self.switches.completed_sales != "all"):
            state = "completed" if sale["completed"] else "archived"
            raise ApiError(400, f"The lines of a sale that is {state} cannot change.")
        return sale

    def _sale_changed(self, sale_id: int) -> None:
        self.store.change("Sale", sale_id, {})
        carts.refresh(self.simulation, sale_id)

    def _update_in_cart(self, line: Record, body: Record) -> None:
        self._permit()
        sale = self.open_sale(line["saleID"])
        values = self._changes(line, body)
        if values.get("tax") and not sale["taxCategoryID"]:
            values["tax"] = False
        self._check_return({**line, **values})
        self.store.change("SaleLine", line["saleLineID"], values)
        if reservations.counted(line) and not SHELVED.isdisjoint(values):
            self._reserve_again(line)
        self._sale_changed(line["saleID"])

    def _changes(self, line: Record, body: Record) -> Record:
        body = self._with_note(body)
        values = self.read(body, "U")
        if values.get("itemID", line["itemID"]) != line["itemID"]:
            item = self._item(values, body)
            shop_id = {**line, **values}["shopID"]
            values = (self._terms(item, shop_id) if item else COSTLESS) | values
        if values.get("unitPrice", line["unitPrice"]) != line["unitPrice"]:
            values |= {"priceRuleID": 0, "normalUnitPrice": values.get("normalUnitPrice", ZERO)}
        return values | self._discount(values) | self._write_owned(line, body)

    # --- Kept for a customer ----------------------------------------------------------

    def _create_reserved(self, body: Record) -> int:
        kinds = self._kinds(body)
        if not kinds:
            raise ApiError(400, "SaleLine not created. It must be a layaway or a special order.")
        self._permit(kinds)
        body = self._with_note(body)
        values = self.read(body, "C") | kinds | {"customerID": self._number("customerID", body)}
        self._check_reserved(values)
        values = {
            **self._defaults_of(values, body, values),
            **values,
            **self._discount(values),
            **self._write_owned({}, body),
        }
        key = self.store.add("SaleLine", values)
        self._reserve(self.existing(key), body)
        return key

    def _update_reserved(self, line: Record, body: Record) -> None:
        self._permit(line)
        values = self._changes(line, body)
        if "customerID" in body:
            values["customerID"] = self._number("customerID", body)
        self._check_reserved({**line, **values})
        self.store.change("SaleLine", line["saleLineID"], values)
        self._reserve_again(line, body)

    def _put_aside(self, line: Record, body: Record) -> None:
        """A line leaves its cart to be kept for the customer."""
        kinds = self._kinds(body)
        self._permit(kinds)
        sale = self.open_sale(line["saleID"])
        customer_id = self._number("customerID", body) or sale["customerID"]
        values = self._changes(line, body) | kinds | {"customerID": customer_id, "saleID": 0}
        self._check_reserved({**line, **values})
        self.store.change("SaleLine", line["saleLineID"], values)
        self._reserve(self.existing(line["saleLineID"]), body)
        self._sale_changed(sale["saleID"])

    def keep_work(self, workorder: Record, body: Record, fixed: Record) -> int:
        """A line for what a work order takes: a part, or labour that may have no item."""
        shop = self.store.must("Shop", workorder["shopID"])
        place = {name: workorder[name] for name in ("employeeID", "shopID")}
        own = {"isWorkorder": True, "saleID": 0, "customerID": workorder["customerID"]}
        key = self.append(place | {"taxCategoryID": shop["taxCategoryID"]}, body, fixed | own)
        self._reserve(self.existing(key), body)
        return key

    def pick_up(self, line: Record, sale_id: int) -> None:
        """Moves a line into an open sale; one that was kept, into a sale of the same customer."""
        sale = self.open_sale(sale_id)
        if line["saleID"]:
            self.open_sale(line["saleID"])
        elif line["customerID"] != sale["customerID"]:
            raise ApiError(400, "The line is kept for another customer than the sale's.")
        self.store.change("SaleLine", line["saleLineID"], {"saleID": sale_id})
        reservations.picked_up(self.store, line)
        for changed in {line["saleID"], sale_id} - {0}:
            self._sale_changed(changed)

    def put_back(self, line: Record) -> None:
        """Of a sale that is given up, what was picked up for it is kept again."""
        if not reservations.counted(line):
            return
        self.store.change("SaleLine", line["saleLineID"], {"saleID": 0})
        reservations.kept_again(self.store, line)
        recalculate_line(self.store, self.switches, line["saleLineID"])

    def _kinds(self, body: Record) -> Record:
        return {kind: True for kind in RESERVED if wire.truth(kind, body.get(kind, False))}

    def _check_reserved(self, line: Record) -> None:
        if line.get("isWorkorder"):
            # Its work order answers for it: labour has no item, and some have no customer.
            return
        missing = [name for name in COMPULSORY if not line.get(name)]
        if missing:
            raise ApiError(400, f"A line kept for a customer needs {', '.join(missing)}.")
        if line.get("unitQuantity", 0) <= 0:
            raise ApiError(400, "A line kept for a customer needs a unitQuantity above 0.")
        for name in ("employeeID", "shopID", "customerID"):
            if self.store.get(name.removesuffix("ID").capitalize(), line[name]) is None:
                raise ApiError(400, f"SaleLine has no valid {name}: '{line[name]}'.")

    def _reserve_again(self, line: Record, body: Record | None = None) -> None:
        """`line` as it was before the change."""
        reservations.release(self.store, line)
        self._reserve(self.existing(line["saleLineID"]), body or {})

    def _reserve(self, line: Record, body: Record) -> None:
        whole = wire.truth("requireFullReservation", body.get("requireFullReservation", False))
        reservations.reserve(self.store, line, whole=whole)
        if line["isSpecialOrder"]:
            reservations.order(self.store, line)
        if not line["saleID"]:
            recalculate_line(self.store, self.switches, line["saleLineID"])

    def _permit(self, kinds: Record | None = None) -> None:
        """`kinds`: a line, or what makes it one that is kept for a customer."""
        own = {right for kind, right in RESERVED.items() if kinds and kinds.get(kind)}
        needed = AT_THE_REGISTER | own
        if self.rights is not None and not self.rights & needed:
            raise ApiError(403, f"It takes one of: {', '.join(sorted(needed))}.", "ForbiddenError")

    # --- Reading a line ---------------------------------------------------------------

    def _number(self, name: str, body: Record) -> int:
        """A key that is read only, save for lines that are kept."""
        return int(wire.read(ref(name), body.get(name, 0), self.zone))

    def _with_note(self, body: Record) -> Record:
        """`"note": "…"` is short for `"Note": {"note": "…"}`."""
        if isinstance(body.get("note"), str):
            return {**body, "Note": {"note": body["note"]}}
        return body

    def _defaults_of(self, values: Record, body: Record, place: Record) -> Record:
        """What a new line has where its body is silent: from the line that it takes back or from
        its item, and from its `place`, which is a sale or the line itself."""
        people = {name: place[name] for name in ("employeeID", "shopID")}
        if values.get("parentSaleLineID"):
            return people | refunds.inherited(
                self.store,
                values["parentSaleLineID"],
                -values["unitQuantity"],
                per_unit=self.switches.discount_amount_per == "unit",
            )
        item = self._item(values, body)
        if item is not None:
            return people | self._terms(item, place["shopID"])
        if "unitPrice" not in values:
            raise ApiError(400, "A line needs an itemID, an itemCode or a unitPrice.")
        return people

    def _terms(self, item: Record, shop_id: int) -> Record:
        cost = item["avgCost"] or item["defaultCost"]
        return {
            "itemID": item["itemID"],
            "unitPrice": price(self.store, item, shop_id),
            "tax": item["tax"],
            "taxClassID": item["taxClassID"],
            "avgCost": cost,
            "fifoCost": cost,
        }

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

    def _discount(self, values: Record) -> Record:
        """A Discount record puts its own percentage or amount on the line; 0 takes it off."""
        check_discount(values)
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

    def _check_return(self, line: Record) -> None:
        """Of a line that takes back another. Raises RefusedParentError for one that was not sold,
        was another item, or has fewer units left."""
        quantity, parent_id = line.get("unitQuantity", 0), line.get("parentSaleLineID", 0)
        if quantity < 0 and line.get("unitPrice", ZERO) < 0:
            raise ApiError(400, "A refund has a negative quantity and no negative price.")
        if not parent_id or line.get("lineType"):
            return
        left = refunds.refundable(self.store, parent_id)
        if "saleLineID" in line:
            left -= self.existing(line["saleLineID"])["unitQuantity"]
        parent = self.store.get("SaleLine", parent_id)
        same = parent and line.get("itemID", parent["itemID"]) == parent["itemID"]
        if not same or not 0 < -quantity <= left:
            raise RefusedParentError(
                400, f"Line {parent_id} has not {-quantity} units to take back."
            )


RESOURCES: tuple[type[Resource], ...] = (SaleLineResource,)
ACTIONS: tuple[Action, ...] = ()
