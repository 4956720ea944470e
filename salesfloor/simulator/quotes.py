"""Quotes: sales that are offered before they are made."""

from .actions import Action
from .errors import ApiError, not_found
from .resources import Resource
from .store import Record

# What a copied sale has of its own.
NOT_COPIED = ("saleID", "ticketNumber", "createTime", "archived", "quoteID", "shipToID")
LINE_NOT_COPIED = ("saleLineID", "createTime", "saleID")


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

        A choice: a copy of the one before, which is archived, unless the body names one.
        """
        before = self.existing(key)["saleID"]
        named = bool(fixed) or "saleID" in body
        super().update(key, body, fixed if named else {"saleID": self._copied(before)})

    def saved(self, key: int, *, new: bool) -> None:
        self.store.change("Sale", self.existing(key)["saleID"], {"quoteID": key})

    def _copied(self, sale_id: int) -> int:
        sale = self.store.must("Sale", sale_id)
        copy = {name: value for name, value in sale.items() if name not in NOT_COPIED}
        key = self.store.add("Sale", copy)
        for line in self.store.find("SaleLine", saleID=sale_id):
            values = {name: v for name, v in line.items() if name not in LINE_NOT_COPIED}
            self.store.add("SaleLine", {**values, "saleID": key})
        self.store.change("Sale", sale_id, {"archived": True, "quoteID": 0})
        return key


RESOURCES: tuple[type[Resource], ...] = (QuoteResource,)
ACTIONS: tuple[Action, ...] = ()
