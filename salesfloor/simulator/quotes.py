"""Quotes: sales that are offered before they are made."""

from . import carts
from .actions import Action
from .entities import BY_NAME
from .errors import ApiError, not_found
from .resources import Resource
from .store import Record

# What a sale that takes another's place has of its own.
NOT_TAKEN_OVER = ("saleID", "ticketNumber", "createTime", "archived")
# What belongs to a sale and goes with it.
MOVED = ("SaleLine", "SalePayment", "ShipTo", "Workorder")
LEFT: Record = {"archived": True, "quoteID": 0, "shipToID": 0, "SaleNotes": {}}


class QuoteResource(Resource):
    entity_name = "Quote"

    def check(self, record: Record, done: str) -> None:
        sale = self.store.get("Sale", record["saleID"])
        if sale is None:
            raise not_found("Sale", record["saleID"])
        if sale["completed"]:
            raise ApiError(400, f"Quote not {done}. Its sale is completed.")

    def update(self, key: int, body: Record, fixed: Record | None = None) -> None:
        """Documented: the sale of a quote is another one after every edit.

        A choice: unless the body names one, all of the one before moves to a new one, and what
        is left is archived.
        """
        before = self.existing(key)["saleID"]
        named = bool(fixed) or "saleID" in body
        super().update(key, body, fixed if named else {"saleID": self._moved(before)})

    def saved(self, key: int, *, new: bool) -> None:
        self.store.change("Sale", self.existing(key)["saleID"], {"quoteID": key})

    def _moved(self, sale_id: int) -> int:
        sale = self.store.must("Sale", sale_id)
        header = {name: value for name, value in sale.items() if name not in NOT_TAKEN_OVER}
        key = self.store.add("Sale", header)
        for entity in MOVED:
            for part in self.store.find(entity, saleID=sale_id):
                self.store.change(entity, part[BY_NAME[entity].key], {"saleID": key}, stamp=False)
        self.store.change("Sale", sale_id, LEFT)
        carts.refresh(self.simulation, sale_id)
        return key


RESOURCES: tuple[type[Resource], ...] = (QuoteResource,)
ACTIONS: tuple[Action, ...] = ()
