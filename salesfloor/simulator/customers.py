"""Customers, their accounts and gift cards."""

from .actions import Action
from .errors import ApiError
from .resources import Resource
from .store import Record


class CustomerResource(Resource):
    entity_name = "Customer"

    def saved(self, key: int, *, new: bool) -> None:
        customer = self.existing(key)
        if account := customer["creditAccountID"]:
            owned = {"customerID": key, "giftCard": False}
            self.store.change("CreditAccount", account, owned, stamp=False)

    def delete(self, key: int) -> None:
        super().delete(key)
        if account := self.existing(key)["creditAccountID"]:
            self.store.change("CreditAccount", account, {"archived": True})


class CreditAccountResource(Resource):
    entity_name = "CreditAccount"

    def create(self, body: Record, fixed: Record) -> int:
        """By itself a gift card; a customer's account is created inside the customer."""
        if not body.get("code"):
            return super().create(body, fixed)
        code = str(body["code"])
        if not 8 <= len(code) <= 32:
            raise ApiError(400, "A gift card code must have 8 to 32 characters.")
        if self.store.find("CreditAccount", code=code):
            raise ApiError(400, f"A gift card with code '{code}' already exists.")
        return super().create(body, fixed | {"giftCard": True})


RESOURCES: tuple[type[Resource], ...] = (
    CustomerResource,
    CreditAccountResource,
)
ACTIONS: tuple[Action, ...] = ()
