"""The lines of a sale: what is sold, at which price and discount."""

from decimal import Decimal

from .actions import Action
from .calculation import recalculate
from .errors import ApiError, not_found
from .resources import Resource
from .store import Record

ZERO = Decimal(0)
DEFAULT_PRICE_LEVEL = 1


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


RESOURCES: tuple[type[Resource], ...] = (SaleLineResource,)
ACTIONS: tuple[Action, ...] = ()
