"""The vocabulary in which Lightspeed's records are described."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Value = int | bool | Decimal | str
Kind = Literal["id", "int", "decimal", "bool", "text", "date", "address"]

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: Kind
    write: str = ""
    """C: settable on create, U: on update, CU: both, empty: read only."""
    default: Value = ""
    hidden: bool = False
    """Kept and filterable, never answered."""
    optional: bool = False
    """Left out of an answer while unset (empty, or 0 for a foreign key); every date is."""
    stamped: Literal["", "create", "change"] = ""
    """Set to the clock when the record is created, or whenever it changes."""
    generated: str = ""
    """SQL that works the value out of the record's other fields."""

    @property
    def secret(self) -> bool:
        """Only ever written, as a PIN is: a filter would tell it digit by digit."""
        return self.hidden and bool(self.write)


def key(name: str, *, hidden: bool = False) -> Field:
    return Field(name, "id", default=0, hidden=hidden)


def ref(name: str, write: str = "", *, hidden: bool = False) -> Field:
    """A foreign key; 0 means none, never null."""
    return Field(name, "id", write, 0, hidden)


def number(
    name: str, write: str = "", default: int = 0, *, generated: str = "", hidden: bool = False
) -> Field:
    return Field(name, "int", write, default, hidden, generated=generated)


def decimal(name: str, write: str = "", *, optional: bool = False) -> Field:
    return Field(name, "decimal", write, "" if optional else ZERO, optional=optional)


def flag(name: str, write: str = "", default: bool = False) -> Field:
    return Field(name, "bool", write, default)


def text(
    name: str, write: str = "", default: str = "", *, hidden: bool = False, generated: str = ""
) -> Field:
    return Field(name, "text", write, default, hidden, generated=generated)


def date(name: str, write: str = "", *, stamped: Literal["", "create", "change"] = "") -> Field:
    return Field(name, "date", write, optional=True, stamped=stamped)


def created(name: str = "createTime", write: str = "") -> Field:
    return date(name, write, stamped="create")


def changed(name: str = "timeStamp", *, hidden: bool = False) -> Field:
    return Field(name, "date", hidden=hidden, optional=True, stamped="change")


@dataclass(frozen=True, slots=True)
class ToOne:
    """`Category` of an item: the record whose key is in our field `by`.

    An owned one (a contact, a note) is written inside its parent.
    """

    name: str
    entity: str
    by: str
    owned: bool = False
    nested: tuple[str, ...] = ()
    """What may be loaded below it, dotted where deeper still."""
    only: tuple[str, ...] = ()
    """The fields shown here, where that is fewer than the entity has."""
    offered: bool = True
    """May be asked for; otherwise it only comes with the answer to a write."""
    many: bool = field(default=False, init=False)


@dataclass(frozen=True, slots=True)
class ToMany:
    """`SaleLines` of a sale: `{"SaleLine": [...]}`, the records whose field `by` is our key.

    A writable one may be posted inside the parent: with its key it updates, without it appends.
    """

    name: str
    entity: str
    by: str
    writable: bool = False
    nested: tuple[str, ...] = ()
    omit: tuple[str, ...] = ()
    """Fields the entity's own endpoint shows and this place does not."""
    match: str = ""
    """Field that names the child as well as its key does: `shopID` for an item's stock."""
    offered: bool = True
    """May be asked for; otherwise it only comes where an answer is put together from more."""
    many: bool = field(default=True, init=False)


@dataclass(frozen=True, slots=True)
class Embedded:
    """Kept inside the record, without keys: `Prices`, or a contact's `Phones`.

    A list is wrapped (`{"ItemPrice": [...]}`) and its entries are found again by `match`; without
    `match` the list is replaced whole. An object (`item` empty) has one value per field. What has
    no fields at all is kept and answered as it was given.
    """

    name: str
    item: str
    fields: tuple[Field, ...]
    match: tuple[str, ...] = ()
    alone: bool = False
    """A list of one entry at most, which is changed by whatever is written."""
    gone_without: str = ""
    """The field of an entry that takes the entry along when it is emptied."""
    always: bool = False
    """Answered without being asked for."""
    when_empty: str | None = None
    """What stands there when there is nothing; None: the key is absent."""
    writable: bool = True
    relations: tuple[ToOne, ...] = ()

    @property
    def many(self) -> bool:
        return bool(self.item)


@dataclass(frozen=True, slots=True)
class Names:
    """`Tags`: `{"tag": ["sale", "wool"]}`, the names of the records that others tie to ours."""

    name: str
    item: str
    through: str
    """The entity that ties: `TagRelation`."""
    by: str
    """Its field that is our key."""
    entity: str
    """What is tied to us, whose key it has too."""
    in_all: bool = True
    """Loaded with `all`, not only when it is named."""
    when_empty: str | None = None
    many: bool = field(default=True, init=False)


@dataclass(frozen=True, slots=True)
class Unkept:
    """A relation of Lightspeed's that never has anything here: asked for, it is absent."""

    name: str
    many: bool = True
    nested: tuple[str, ...] = ()


Relation = ToOne | ToMany | Embedded | Names | Unkept


@dataclass(frozen=True, slots=True)
class Entity:
    name: str
    fields: tuple[Field, ...]
    relations: tuple[Relation, ...] = ()
    sort: tuple[str, ...] = ()
    methods: str = ""
    """Methods of `/Entity` and `/Entity/{id}`; empty for what is only ever embedded."""
    archives: bool = False
    """DELETE archives; otherwise it removes the record for good."""
    indexed: tuple[str, ...] = ()
    read: frozenset[str] = frozenset()
    """Rights of which any one lets a token read; empty: every token may."""
    change: frozenset[str] = frozenset()
    """Rights of which any one lets a token write; empty: those of `read`."""
    write_cost: float = 1
    under: tuple[tuple[str, str], ...] = ()
    """(parent, our field): also served at `/Parent/{id}/Entity`."""
    under_methods: str = "GET POST PUT DELETE"
    """Methods there."""
    attributes: bool = True
    """Lists carry `@attributes`."""
    equality_only: bool = False
    """Its fields can be asked for by `=` and nothing else."""
    listed_only: bool = False
    """Read as a list, never one by one."""
    required: tuple[tuple[str, str], ...] = ()
    """(field, what Lightspeed says when it is blank)."""
    after_write: tuple[str, ...] = ()
    """Relations in the answer to a POST or PUT without being asked for."""
    after_archiving: tuple[str, ...] = ()
    """And to a DELETE that archives."""
    path: str = ""
    """Where it is served below the account, where that is not its name: `Item/CustomField`."""
    label: str = ""
    """What it is called in bodies, where that is not its name: `CustomField`."""
    also_at: tuple[str, ...] = ()
    """Further paths of what is served under a parent: `Item/{id}/CustomFieldChoice`."""

    @property
    def served_at(self) -> str:
        return self.path or self.name

    @property
    def shown_as(self) -> str:
        return self.label or self.name

    @property
    def key(self) -> str:
        return self.fields[0].name

    def field(self, name: str) -> Field | None:
        """What may be asked for by this name; Lightspeed itself wavers between updatetime and
        updateTime."""
        lowered = name.lower()
        return next((f for f in self.fields if f.name.lower() == lowered and not f.secret), None)

    def relation(self, name: str) -> Relation | None:
        return next((r for r in self.relations if r.name == name), None)

    @property
    def archivable(self) -> bool:
        return any(f.name == "archived" for f in self.fields)

    @property
    def sortable(self) -> tuple[str, ...]:
        return (self.key, *(name for name in self.sort if name != self.key))


def words(names: str) -> tuple[str, ...]:
    return tuple(names.split())


def rights(names: str) -> frozenset[str]:
    return frozenset(words(names))


# What the reference lists for most of what a till reads: any one of these will do.
AT_THE_TILL = rights("cfd register inventory_base reports workbench customers admin")

CONTACT = ToOne("Contact", "Contact", by="contactID", owned=True)
NOTE = ToOne("Note", "Note", by="noteID", owned=True)
