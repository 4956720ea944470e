"""Customers, what belongs to them, their accounts and gift cards."""

from typing import Any

from . import wire
from .actions import Action, Call
from .custom_fields import show_choices
from .description import AT_THE_TILL, words
from .entities import BY_NAME
from .errors import ApiError
from .relations import Tree
from .resources import Resource
from .store import Record, Store
from .taxonomy import TaggedResource

SHORTEST_CODE, LONGEST_CODE = 8, 32
REACHED_BY = words("custom Addresses Phones Emails Websites")
PERSONAL = words("title company companyRegistrationNumber vatNumber dob")


class CustomerResource(TaggedResource):
    entity_name = "Customer"

    def create(self, body: Record, fixed: Record) -> int:
        """Everyone has a contact, opted out of everything unless it says otherwise."""
        return super().create({"Contact": {}, **body}, fixed)

    def saved(self, key: int, *, new: bool) -> None:
        tie_accounts(self.store, key)

    def adorn(self, shown: list[Record], tree: Tree) -> None:
        show_choices(self.store, "Customer", shown, tree)

    def _write_owned(self, before: Record, body: Record) -> Record:
        account = body.get("CreditAccount")
        others = {name: value for name, value in body.items() if name != "CreditAccount"}
        keys = super()._write_owned(before, others)
        if isinstance(account, dict):
            keys["creditAccountID"] = self._write_account(before.get("creditAccountID", 0), account)
        return keys

    def _write_account(self, key: int, given: Record) -> int:
        """An account is made here, not at its own endpoint, and so is its limit set."""
        accounts = self.simulation.resource("CreditAccount")
        values = accounts.read(given, "U")
        for field in accounts.entity.fields:
            if field.name == "creditLimit" and field.name in given:
                values[field.name] = wire.read(field, given[field.name], self.zone)
        if not key:
            return self.store.add("CreditAccount", values)
        self.store.change("CreditAccount", key, values)
        return key

    def update(self, key: int, body: Record, fixed: Record | None = None) -> None:
        archived = self.existing(key)["archived"]
        super().update(key, body, fixed)
        if self.existing(key)["archived"] != archived:
            self._archive_account(key)

    def delete(self, key: int) -> None:
        super().delete(key)
        self._archive_account(key)

    def _archive_account(self, key: int) -> None:
        """An account comes and goes with its customer."""
        customer = self.existing(key)
        if account := customer["creditAccountID"]:
            self.store.change("CreditAccount", account, {"archived": customer["archived"]})

    def anonymize(self, key: int) -> None:
        """Archives and forgets who it was; notes, custom fields and the account's money stay."""
        customer = self.existing(key)
        self.delete(key)
        nobody = {"firstName": "Customer", "lastName": f"[{key}]"}
        self.store.change("Customer", key, dict.fromkeys(PERSONAL, "") | nobody)
        self.store.change("Contact", customer["contactID"], dict.fromkeys(REACHED_BY, ""))
        self.store.change("CreditAccount", customer["creditAccountID"], {"name": ""})


def tie_accounts(store: Store, customer_id: int | None = None) -> None:
    """Customers' accounts know whose they are, and the contact; with None, those of all."""
    one = " AND c.customerID = ?" if customer_id else ""
    store.execute(
        "UPDATE CreditAccount SET customerID = c.customerID, contactID = c.contactID "  # noqa: S608
        "FROM Customer c WHERE c.creditAccountID = CreditAccount.creditAccountID "
        f"AND NOT giftCard{one}",
        (customer_id,) if customer_id else (),
    )


def anonymize(call: Call) -> Record:
    (key,) = call.keys
    CustomerResource(call.simulation, BY_NAME["Customer"]).anonymize(key)
    return call.single("Customer", key)


class ContactResource(Resource):
    entity_name = "Contact"

    def create(self, body: Record, fixed: Record) -> int:
        # Recorded: a contact without an address has one whose lines are blank.
        return super().create({"Addresses": "", **body}, fixed)


class CustomerTypeResource(Resource):
    entity_name = "CustomerType"

    def delete(self, key: int) -> None:
        super().delete(key)
        for customer in self.store.find("Customer", customerTypeID=key):
            self.store.change("Customer", customer["customerID"], {"customerTypeID": 0})


class CreditAccountResource(Resource):
    entity_name = "CreditAccount"

    def create(self, body: Record, fixed: Record) -> int:
        """A gift card; a customer's account is created inside the customer."""
        code = self._code(body.get("code"))
        key = super().create(body, fixed | {"code": code, "giftCard": True})
        customer = self.store.get("Customer", self.existing(key)["customerID"])
        if customer:
            contact = {"contactID": customer["contactID"]}
            self.store.change("CreditAccount", key, contact, stamp=False)
        return key

    def _code(self, given: Any) -> str:
        code = str(given or "")
        if not SHORTEST_CODE <= len(code) <= LONGEST_CODE:
            raise ApiError(
                400,
                f"A gift card code must have {SHORTEST_CODE} to {LONGEST_CODE} characters.",
            )
        if self.store.find("CreditAccount", code=code):
            raise ApiError(400, f"A gift card with code '{code}' already exists.")
        return code


RESOURCES: tuple[type[Resource], ...] = (
    ContactResource,
    CreditAccountResource,
    CustomerResource,
    CustomerTypeResource,
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "DELETE",
        "Customer/{id}/Anonymize",
        anonymize,
        root="Customer",
        entity="Customer",
        rights=AT_THE_TILL,
    ),
)
