"""Custom fields: their definitions, the choices of some, and values of every type."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from . import wire
from .actions import Action
from .description import decimal, words
from .entities.custom_fields import OWNERS
from .errors import ApiError
from .relations import Tree
from .resources import Resource
from .store import Record, Store

CHOICES = ("single_choice", "multi_choice")
TYPES = (*words("string text url email datetime date boolean integer float"), *CHOICES)
LONGEST = {"string": 64, "text": 4096}
LONGEST_UNIT = 4
MOST_CHOICES = 64
PATTERNS = {"url": r"https?://\S+", "email": r"[^@\s]+@[^@\s]+\.[^@\s]+"}
# What is answered for a default that was never set; other types leave it out.
UNSET_DEFAULTS = {"boolean": "false", "multi_choice": ""}


class CustomFieldResource(Resource):
    """The definition of one field; `owner` is whose records have it."""

    @property
    def owner(self) -> str:
        return self.entity.name.removesuffix("CustomField")

    def create(self, body: Record, fixed: Record) -> int:
        given = wire.entries(body.get("CustomFieldChoices"), "CustomFieldChoice")
        if body.get("type") in CHOICES and not given:
            raise ApiError(400, "A choice field needs at least one CustomFieldChoice.")
        return super().create(body, fixed)

    def check(self, record: Record, done: str) -> None:
        super().check(record, done)
        if record["type"] not in TYPES:
            raise ApiError(400, f"Invalid type '{record['type']}'. Types: {', '.join(TYPES)}.")
        if len(record["uom"]) > LONGEST_UNIT:
            raise ApiError(400, f"uom has at most {LONGEST_UNIT} characters.")
        if record["decimalPrecision"] and record["type"] != "float":
            raise ApiError(400, "decimalPrecision can only be set on fields of type float.")

    def saved(self, key: int, *, new: bool) -> None:
        """Values carry the name and type of their field."""
        field = self.existing(key)
        for value in self.store.find(f"{self.owner}CustomFieldValue", customFieldID=key):
            named = {"name": field["name"], "type": field["type"]}
            self.store.change(f"{self.owner}CustomFieldValue", value["customFieldValueID"], named)

    def adorn(self, shown: list[Record], tree: Tree) -> None:
        for field in shown:
            if "default" not in field and field["type"] in UNSET_DEFAULTS:
                field["default"] = UNSET_DEFAULTS[field["type"]]


class CustomFieldChoiceResource(Resource):
    @property
    def owner(self) -> str:
        return self.entity.name.removesuffix("CustomFieldChoice")

    def create(self, body: Record, fixed: Record) -> int:
        field = self.store.must(f"{self.owner}CustomField", fixed["customFieldID"])
        if field["type"] not in CHOICES:
            raise ApiError(400, f"A field of type {field['type']} has no choices.")
        if len(self._choices(field["customFieldID"])) >= MOST_CHOICES:
            raise ApiError(400, f"A field has at most {MOST_CHOICES} choices.")
        return super().create(body, fixed)

    def _choices(self, field_id: int) -> list[Record]:
        return self.store.find(self.entity.name, customFieldID=field_id)

    def check(self, record: Record, done: str) -> None:
        super().check(record, done)
        for other in self._choices(record["customFieldID"]):
            same = (other["value"] or other["name"]) == (record["value"] or record["name"])
            if same and other["customFieldChoiceID"] != record["customFieldChoiceID"]:
                raise ApiError(400, f"The choice '{record['name']}' already exists.")

    def saved(self, key: int, *, new: bool) -> None:
        mark_choices(self.store, self.owner, self.existing(key)["customFieldID"])

    def delete(self, key: int) -> None:
        choice = self.existing(key)
        if not choice["canBeDeleted"]:
            raise ApiError(400, "The choice is in use, or the last of its field.")
        super().delete(key)
        mark_choices(self.store, self.owner, choice["customFieldID"])


class CustomFieldValueResource(Resource):
    """One record's value, written and removed inside that record only."""

    @property
    def owner(self) -> str:
        return self.entity.name.removesuffix("CustomFieldValue")

    def create(self, body: Record, fixed: Record) -> int:
        if wire.truth("deleted", body.get("deleted")):
            return 0
        field = self.store.get(f"{self.owner}CustomField", fixed.get("customFieldID", 0))
        if field is None:
            raise ApiError(400, "A CustomFieldValue needs the customFieldID of a custom field.")
        about = {name: field[name] for name in ("customFieldID", "name", "type")}
        value = self._value(field, body.get("value"))
        key = self.store.add(self.entity.name, {**fixed, **about, "value": value})
        mark_choices(self.store, self.owner, field["customFieldID"])
        return key

    def update(self, key: int, body: Record, fixed: Record | None = None) -> None:
        field_id = self.existing(key)["customFieldID"]
        if wire.truth("deleted", body.get("deleted")):
            self.store.remove(self.entity.name, key)
        elif "value" in body:
            field = self.store.must(f"{self.owner}CustomField", field_id)
            value = self._value(field, body["value"])
            self.store.change(self.entity.name, key, {"value": value})
        mark_choices(self.store, self.owner, field_id)

    def _value(self, field: Record, given: Any) -> str:
        """As it is kept: text; of choices, their ids."""
        if field["type"] in CHOICES:
            return self._chosen(field, given)
        if isinstance(given, dict | list):
            raise ApiError(400, f"{field['name']} must be a single value.")
        written = "" if given is None else str(given)
        try:
            return _checked(field, written, self.zone) if written else ""
        except (ValueError, InvalidOperation) as error:
            raise ApiError(400, f"Invalid value '{written}' for {field['name']}.") from error

    def _chosen(self, field: Record, given: Any) -> str:
        ids = [str(entry) for entry in _choice_ids(given)]
        choices = self.store.find(
            f"{self.owner}CustomFieldChoice", customFieldID=field["customFieldID"]
        )
        known = {str(choice["customFieldChoiceID"]) for choice in choices}
        if not known.issuperset(ids) or (field["type"] == "single_choice" and len(ids) > 1):
            raise ApiError(400, f"{field['name']} takes one of its own choices.")
        return ",".join(ids)


def _checked(field: Record, written: str, zone: str) -> str:
    """Raises ValueError and InvalidOperation."""
    kind = field["type"]
    if len(written) > LONGEST.get(kind, len(written)):
        raise ValueError(written)
    if kind in PATTERNS and not re.fullmatch(PATTERNS[kind], written):
        raise ValueError(written)
    match kind:
        case "datetime":
            return wire.moment(written, zone)
        case "date":
            return date.fromisoformat(written[:10]).isoformat()
        case "boolean":
            return "true" if wire.truth(field["name"], written) else "false"
        case "integer":
            return str(int(Decimal(wire.read(decimal(field["name"]), written, zone))))
        case "float":
            places = field["decimalPrecision"]
            amount = Decimal(wire.read(decimal(field["name"]), written, zone))
            return wire.decimal_text(round(amount, places) if places else amount)
    return written


def _choice_ids(given: Any) -> Iterable[Any]:
    """Out of an id, a choice, a list of choices, or such a list in its wrapper."""
    if isinstance(given, dict) and "CustomFieldChoice" in given:
        given = given["CustomFieldChoice"]
    for entry in given if isinstance(given, list) else [given]:
        chosen = entry.get("customFieldChoiceID") if isinstance(entry, dict) else entry
        if chosen:
            yield chosen


def mark_choices(store: Store, owner: str, field_id: int) -> None:
    """A choice in use cannot be deleted, nor the last one of its field."""
    values = store.find(f"{owner}CustomFieldValue", customFieldID=field_id)
    used = {chosen for value in values for chosen in str(value["value"]).split(",")}
    choices = store.find(f"{owner}CustomFieldChoice", customFieldID=field_id)
    for choice in choices:
        free = len(choices) > 1 and str(choice["customFieldChoiceID"]) not in used
        if choice["canBeDeleted"] != free:
            key = choice["customFieldChoiceID"]
            store.change(f"{owner}CustomFieldChoice", key, {"canBeDeleted": free}, stamp=False)


def name_values(store: Store) -> None:
    """Values put in as records have the name and type of their field."""
    for owner in OWNERS:
        store.execute(
            f"UPDATE {owner}CustomFieldValue AS v SET name = f.name, type = f.type "  # noqa: S608
            f"FROM {owner}CustomField f WHERE f.customFieldID = v.customFieldID AND v.name = ''"
        )


def show_choices(store: Store, owner: str, shown: list[Record], tree: Tree) -> None:
    """A chosen value is an object, or several, and comes only with `CustomFieldValues.value`."""
    if "CustomFieldValues" not in tree:
        return
    loaded = "value" in tree["CustomFieldValues"]
    for record in shown:
        for value in wire.entries(record.get("CustomFieldValues"), "CustomFieldValue"):
            if value["type"] not in CHOICES:
                continue
            ids = value.pop("value").split(",")
            choices = [_shown(store, owner, chosen) for chosen in ids if chosen]
            if loaded:
                value["value"] = wire.one_or_many(choices) or ""


def _shown(store: Store, owner: str, key: str) -> Record:
    choice = store.must(f"{owner}CustomFieldChoice", key)
    del choice["timeStamp"]
    return {
        name: wire.shown("bool" if name == "canBeDeleted" else "text", value)
        for name, value in choice.items()
    }


class ItemCustomField(CustomFieldResource):
    entity_name = "ItemCustomField"


class CustomerCustomField(CustomFieldResource):
    entity_name = "CustomerCustomField"


class ItemCustomFieldChoice(CustomFieldChoiceResource):
    entity_name = "ItemCustomFieldChoice"


class CustomerCustomFieldChoice(CustomFieldChoiceResource):
    entity_name = "CustomerCustomFieldChoice"


class ItemCustomFieldValue(CustomFieldValueResource):
    entity_name = "ItemCustomFieldValue"


class CustomerCustomFieldValue(CustomFieldValueResource):
    entity_name = "CustomerCustomFieldValue"


RESOURCES: tuple[type[Resource], ...] = (
    ItemCustomField,
    CustomerCustomField,
    ItemCustomFieldChoice,
    CustomerCustomFieldChoice,
    ItemCustomFieldValue,
    CustomerCustomFieldValue,
)
ACTIONS: tuple[Action, ...] = ()
