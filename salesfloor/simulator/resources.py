"""Creating, changing and deleting any entity as its description says, and where some differ."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from . import wire
from .description import Embedded, Entity, ToMany, ToOne
from .entities import BY_NAME
from .errors import ApiError, not_found
from .exchange import Part
from .relations import Tree
from .store import Record

if TYPE_CHECKING:
    from .simulation import Simulation


class Resource:
    """One entity's writes; subclasses are for entities whose records have rules of their own."""

    entity_name: ClassVar[str] = ""
    refers_to: ClassVar[Mapping[str, str]] = {}
    """Field → entity: what it names must be there; 0 names nothing."""
    compulsory: ClassVar[frozenset[str]] = frozenset()
    """Those that have to name something."""

    def __init__(self, simulation: "Simulation", entity: Entity) -> None:
        self.simulation = simulation
        self.store = simulation.store
        self.switches = simulation.switches
        self.entity = entity
        self.files: dict[str, Part] = {}
        """What came beside the record in a multipart body, by the name of its part."""
        self.employee_id = 0
        """Who asks; 0: the simulator itself."""
        self.rights: frozenset[str] | None = None
        """What the token may do; None: the simulator itself writes."""
        self.zone = simulation.zone()

    def existing(self, key: int) -> Record:
        record = self.store.get(self.entity.name, key)
        if record is None:
            raise not_found(self.entity.shown_as, key)
        return record

    # --- What the API calls -----------------------------------------------------------

    def create(self, body: Record, fixed: Record) -> int:
        """`fixed`: fields the URL has settled. The new record's id."""
        values = self.read(body, "C") | fixed
        self._check_references(dict.fromkeys(self.compulsory, 0) | values)
        self.check({**self._defaults(), **values}, "created")
        for relation in self.entity.relations:
            if isinstance(relation, Embedded) and relation.writable and relation.name in body:
                values[relation.name] = self._merged(relation, None, body[relation.name])
        values |= self._write_owned({}, body)
        key = self.store.add(self.entity.name, values)
        self._write_children(key, body)
        self.saved(key, new=True)
        return key

    def update(self, key: int, body: Record, fixed: Record | None = None) -> None:
        before = self.existing(key)
        values = self.read(body, "U") | (fixed or {})
        self._check_references(values)
        self.check({**before, **values}, "updated")
        for relation in self.entity.relations:
            if isinstance(relation, Embedded) and relation.writable and relation.name in body:
                current = before[relation.name]
                values[relation.name] = self._merged(relation, current, body[relation.name])
        values |= self._write_owned(before, body)
        self.store.change(self.entity.name, key, values, stamp=self.touched(body))
        self._write_children(key, body)
        self.saved(key, new=False)

    def delete(self, key: int) -> None:
        self.existing(key)
        if self.entity.archives:
            self.store.change(self.entity.name, key, {"archived": True})
        else:
            self.store.remove(self.entity.name, key)

    # --- What subclasses add to -------------------------------------------------------

    def check(self, record: Record, done: str) -> None:
        """Refuses a record, as it would be after the write."""
        for name, message in self.entity.required:
            if not str(record[name]).strip():
                raise ApiError(400, message.format(done=done))

    def touched(self, body: Record) -> bool:
        """Whether this write is a change of the record itself, which moves its timeStamp."""
        return True

    def saved(self, key: int, *, new: bool) -> None:
        """Follows up a write."""

    def removed(self, shown: Record) -> None:
        """Adds to the answer about a record that is gone."""

    def adorn(self, shown: list[Record], tree: Tree) -> None:
        """Adds to answered records what is neither a field nor a relation of theirs."""

    def _check_references(self, written: Record) -> None:
        """What is not written may well name something that is gone."""
        for name, entity in self.refers_to.items():
            named = name in written and (written[name] or name in self.compulsory)
            if named and self.store.get(entity, written[name]) is None:
                label = self.entity.shown_as
                raise ApiError(400, f"{label} has no valid {name}: '{written[name]}'.")

    # --- Reading a body ---------------------------------------------------------------

    def read(self, body: Record, rule: str) -> Record:
        """The body's fields that may be written; others are ignored, as Lightspeed does."""
        return {
            field.name: wire.read(field, body[field.name], self.zone)
            for field in self.entity.fields
            if rule in field.write and field.name in body
        }

    def _defaults(self) -> Record:
        return {field.name: field.default for field in self.entity.fields}

    def _merged(self, relation: Embedded, current: Any, given: Any) -> Any:
        """An embedded thing after a write. Entries of a list are found again by `match`."""
        if not relation.fields:
            return given
        if not relation.item:
            return self._object(relation, current or {}, given)
        entries = [self._entry(relation, entry) for entry in wire.entries(given, relation.item)]
        if relation.alone:
            blank = {field.name: field.default for field in relation.fields}
            entries = [blank | (current or [{}])[0] | (entries or [{}])[0]]
        if relation.match:
            entries = self._matched(relation, current or [], entries)
        gone = relation.gone_without
        return {relation.item: [entry for entry in entries if not gone or entry.get(gone)]}

    def _object(self, relation: Embedded, current: Record, given: Any) -> Record | None:
        """None: it is emptied, which cannot be where its fields have defaults."""
        usual = {field.name: field.default for field in relation.fields if field.default}
        if given in (None, ""):
            return {**usual, **current} if usual else None
        entry = self._entry(relation, given)
        kept = {name: value for name, value in entry.items() if value or name not in usual}
        return {**usual, **current, **kept}

    def _matched(
        self, relation: Embedded, current: list[Record], entries: list[Record]
    ) -> list[Record]:
        merged = [dict(entry) for entry in current]
        for entry in entries:
            same = next((old for old in merged if self._same(relation, old, entry)), None)
            if same is None:
                merged.append(dict(entry))
            else:
                same.update(entry)
        return merged

    def _entry(self, relation: Embedded, given: Any) -> Record:
        if not isinstance(given, dict):
            raise ApiError(400, f"{relation.name} must be an object.")
        # Found again by what it is used for, an entry that does not say has the usual use.
        usual = {f.name: f.default for f in relation.fields if f.name in relation.match}
        return {name: value for name, value in usual.items() if value} | {
            field.name: wire.read(field, given[field.name], self.zone)
            for field in relation.fields
            if field.name in given
        }

    def _same(self, relation: Embedded, old: Record, new: Record) -> bool:
        return any(
            name in old and name in new and str(old[name]) == str(new[name])
            for name in relation.match
        )

    def _write_owned(self, before: Record, body: Record) -> Record:
        """Writes nested records that live inside this one; the keys to keep of them."""
        keys: Record = {}
        for relation in self.entity.relations:
            if not isinstance(relation, ToOne) or not relation.owned:
                continue
            given = body.get(relation.name)
            if not isinstance(given, dict):
                continue
            owned = self.simulation.resource(relation.entity)
            if key := before.get(relation.by):
                owned.update(int(key), given)
            else:
                keys[relation.by] = owned.create(given, {})
        return keys

    def _write_children(self, key: int, body: Record) -> None:
        for relation in self.entity.relations:
            if isinstance(relation, ToMany) and relation.writable and relation.name in body:
                for child in wire.entries(body[relation.name], BY_NAME[relation.entity].shown_as):
                    self.write_child(relation, key, child)

    def write_child(self, relation: ToMany, key: int, child: Record) -> None:
        """With its key, or what `match` says is as good, a child is changed; else appended."""
        resource = self.simulation.resource(relation.entity)
        entity = resource.entity
        child_key = wire.read(entity.fields[0], child.get(entity.key), self.zone)
        named = {
            field.name: wire.read(field, child[field.name], self.zone)
            for field in entity.fields
            if field.name == relation.match and field.name in child
        }
        wanted = {entity.key: child_key} if child_key else named
        same = self.store.find(relation.entity, **wanted, **{relation.by: key}) if wanted else []
        if same:
            resource.update(int(same[0][entity.key]), child)
        elif child_key:
            raise not_found(entity.shown_as, child_key)
        else:
            resource.create(child, {**named, relation.by: key})
