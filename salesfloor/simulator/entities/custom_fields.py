"""Fields that a shop adds to its items and customers (reference 6.13)."""

from ..description import (
    Entity,
    Field,
    ToMany,
    changed,
    flag,
    key,
    number,
    ref,
    rights,
    text,
)

OWNERS = {"Item": rights("inventory_base"), "Customer": rights("customers")}
"""Whose records may have custom fields, and the right that their definition takes."""


def custom_field_values(owner: str) -> ToMany:
    return ToMany(
        "CustomFieldValues",
        f"{owner}CustomFieldValue",
        by=f"{owner.lower()}ID",
        writable=True,
        match="customFieldID",
        nested=("value",),
    )


def _entities(owner: str) -> tuple[Entity, ...]:
    """Each owner numbers its custom fields, choices and values by itself."""
    return (
        Entity(
            f"{owner}CustomField",
            (
                key("customFieldID"),
                text("type", "CU"),
                text("name", "CU"),
                text("uom", "CU"),
                number("decimalPrecision", "CU"),
                flag("archived", "U"),
                Field("default", "text", "CU", optional=True),
                changed(hidden=True),
            ),
            (
                ToMany(
                    "CustomFieldChoices",
                    f"{owner}CustomFieldChoice",
                    by="customFieldID",
                    writable=True,
                ),
            ),
            sort=("customFieldID", "timeStamp", "name"),
            methods="GET POST PUT DELETE",
            archives=True,
            read=OWNERS[owner],
            required=(("name", "name cannot be blank."), ("type", "type cannot be blank.")),
            path=f"{owner}/CustomField",
            label="CustomField",
        ),
        Entity(
            f"{owner}CustomFieldChoice",
            (
                key("customFieldChoiceID"),
                text("name", "CU"),
                text("value", "CU"),
                flag("canBeDeleted", default=True),
                ref("customFieldID"),
                changed(hidden=True),
            ),
            sort=("customFieldChoiceID", "timeStamp"),
            read=OWNERS[owner],
            required=(("name", "name cannot be blank."),),
            label="CustomFieldChoice",
            under=((f"{owner}CustomField", "customFieldID"),),
            # The documentation writes the path in these ways too.
            also_at=(
                f"{owner}/{{id}}/CustomFieldChoice",
                f"{owner}/{{id}}/CustomField/CustomFieldChoice",
            ),
        ),
        Entity(
            f"{owner}CustomFieldValue",
            (
                key("customFieldValueID"),
                ref("customFieldID", "CU"),
                text("name"),
                text("type"),
                text("value", "CU"),
                ref(f"{owner.lower()}ID", hidden=True),
                changed(hidden=True),
            ),
            indexed=("customFieldID",),
            label="CustomFieldValue",
        ),
    )


ENTITIES: tuple[Entity, ...] = tuple(entity for owner in OWNERS for entity in _entities(owner))
