"""Purchase orders and what their lines come to; transfers that are not on their way yet."""

from decimal import Decimal

from .actions import Action
from .errors import ApiError
from .resources import Resource
from .store import Record

ZERO = Decimal(0)


class OrderResource(Resource):
    entity_name = "Order"
    refers_to = {"vendorID": "Vendor", "shopID": "Shop"}

    def create(self, body: Record, fixed: Record) -> int:
        """Recorded: a new order has a shop and a note of its own, blank unless given.

        A choice: the shop where who asks was last.
        """
        employee = self.store.get("Employee", self.employee_id) or {}
        shop = {"shopID": employee.get("lastShopID") or self.store.find("Shop")[0]["shopID"]}
        return super().create({"Note": {}, **shop, **body}, fixed)


class OrderLineResource(Resource):
    entity_name = "OrderLine"
    refers_to = {"orderID": "Order", "itemID": "Item"}
    compulsory = frozenset(refers_to)

    def update(self, key: int, body: Record, fixed: Record | None = None) -> None:
        before = self.existing(key)["orderID"]
        super().update(key, body, fixed)
        self._add_up(before)

    def saved(self, key: int, *, new: bool) -> None:
        line = self.existing(key)
        values = {"total": line["quantity"] * line["price"]}
        if new and not line["originalPrice"]:
            values["originalPrice"] = line["price"]
        self.store.change("OrderLine", key, values, stamp=False)
        self._add_up(line["orderID"])

    def delete(self, key: int) -> None:
        order_id = self.existing(key)["orderID"]
        super().delete(key)
        self._add_up(order_id)

    def _add_up(self, order_id: int) -> None:
        lines = self.store.find("OrderLine", orderID=order_id)
        off = [line["quantity"] * (line["originalPrice"] - line["price"]) for line in lines]
        totals = {
            "totalQuantity": sum(line["quantity"] for line in lines),
            "totalDiscount": sum((discount for discount in off if discount > 0), ZERO),
        }
        self.store.change("Order", order_id, totals, stamp=False)


class TransferResource(Resource):
    entity_name = "Transfer"
    refers_to = {"sendingShopID": "Shop", "receivingShopID": "Shop"}
    compulsory = frozenset(refers_to)

    def create(self, body: Record, fixed: Record) -> int:
        return super().create(body, fixed | {"createdByEmployeeID": self.employee_id})

    def update(self, key: int, body: Record, fixed: Record | None = None) -> None:
        if self.existing(key)["status"] != "open":
            raise ApiError(400, "Transfer not updated. It has been sent.")
        super().update(key, body, fixed)

    def saved(self, key: int, *, new: bool) -> None:
        """It is also read where transfers were before."""
        old = {"transferID": key, "transferFromID": key, "transferToID": key}
        self.store.put("OldTransfer", old | {"note": self.existing(key)["note"]})


RESOURCES: tuple[type[Resource], ...] = (OrderResource, OrderLineResource, TransferResource)
ACTIONS: tuple[Action, ...] = ()
