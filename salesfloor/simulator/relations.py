"""Which relations a request asks for, and records shown with them."""

import json
from typing import Any

from . import wire
from .description import Embedded, Entity, Names, Relation, ToMany, ToOne
from .entities import BY_NAME
from .errors import ApiError, not_found
from .store import TABLES, Row, Store

Tree = dict[str, "Tree"]
"""Relation name → what is loaded below it."""

NEVER_IN_ALL = "CustomFieldValues"


def wanted(entity: Entity, load_relations: str) -> Tree:
    """From the parameter: a JSON list of names, dotted for nested ones, or `all`."""
    if not load_relations:
        return {}
    known = _offered(entity)
    if load_relations.strip('"') == "all":
        names: Any = [name for name in known if _in_all(entity, name)]
    else:
        try:
            names = json.loads(load_relations)
        except ValueError as error:
            raise ApiError(400, "load_relations must be a JSON array or 'all'.") from error
        if isinstance(names, str):
            names = [names]
        if not isinstance(names, list):
            raise ApiError(400, "load_relations must be a JSON array or 'all'.")
    tree: Tree = {}
    for name in names:
        if name not in known:
            raise ApiError(
                400, f"'{name}' is not a relation of {entity.name}. Relations: {', '.join(known)}."
            )
        branch = tree
        for part in name.split("."):
            branch = branch.setdefault(part, {})
    return tree


def _offered(entity: Entity) -> list[str]:
    names = []
    for relation in entity.relations:
        if isinstance(relation, ToOne | ToMany) and not relation.offered:
            continue
        if isinstance(relation, Embedded) and relation.always:
            continue
        names.append(relation.name)
        names += [f"{relation.name}.{below}" for below in below_names(relation)]
    return names


def _in_all(entity: Entity, name: str) -> bool:
    name = name.partition(".")[0]
    relation = entity.relation(name)
    return name != NEVER_IN_ALL and not (isinstance(relation, Names) and not relation.in_all)


def below_names(relation: Relation) -> tuple[str, ...]:
    if isinstance(relation, Embedded):
        return tuple(below.name for below in relation.relations)
    return () if isinstance(relation, Names) else relation.nested


def cost(entity: Entity, tree: Tree, *, listed: bool) -> float:
    """Drips: 0.1 for a to-one, 0.2 for a to-many, doubled on lists and below a to-many."""
    return _cost(entity, tree, 2 if listed else 1)


def _cost(entity: Entity | None, tree: Tree, factor: int) -> float:
    drips = 0.0
    for name, below in tree.items():
        relation = entity.relation(name) if entity else None
        many = relation.many if relation else False
        drips += (0.2 if many else 0.1) * factor
        target = BY_NAME[relation.entity] if isinstance(relation, ToOne | ToMany) else None
        drips += _cost(target, below, factor * 2 if many else factor)
    return drips


class Renderer:
    """Rows as Lightspeed's JSON, relations loaded in one query each."""

    def __init__(
        self, store: Store, images_url: str, *, masked: bool = True, bare: bool = False
    ) -> None:
        """`masked`: gift card numbers are; `bare`: no relation is loaded, whoever asks."""
        self.store = store
        self.images_url = images_url
        self.masked = masked
        self.bare = bare

    def records(self, name: str, rows: list[Row], tree: Tree) -> list[dict[str, Any]]:
        table = TABLES[name]
        entity = table.entity
        fields = [
            (field.name, table.index[field.name], field.kind, field.optional)
            for field in entity.fields
            if not field.hidden
        ]
        shown = []
        for row in rows:
            record: dict[str, Any] = {}
            for field_name, at, kind, optional in fields:
                value = row[at]
                if kind == "bool":
                    record[field_name] = "true" if value else "false"
                elif kind == "address":
                    record[field_name] = self.images_url
                elif not optional or value not in ("", 0):
                    record[field_name] = str(value)
            shown.append(record)
        if name == "CreditAccount" and self.masked:
            for record in shown:
                record["code"] = _mask(record["code"])
        for relation in entity.relations:
            self._load(relation, table.index, rows, shown, tree)
        return shown

    def single(self, name: str, key: int, tree: Tree) -> dict[str, Any]:
        """Raises ApiError when there is none."""
        rows = self._rows(name, BY_NAME[name].key, [key])
        if not rows:
            raise not_found(BY_NAME[name].shown_as, key)
        return self.records(name, rows, tree)[0]

    def _load(
        self,
        relation: Relation,
        index: dict[str, int],
        rows: list[Row],
        shown: list[dict[str, Any]],
        tree: Tree,
    ) -> None:
        if isinstance(relation, Embedded):
            if relation.always or (relation.name in tree and not self.bare):
                self._load_embedded(
                    relation, index[relation.name], rows, shown, tree.get(relation.name, {})
                )
        elif self.bare or relation.name not in tree:
            return
        elif isinstance(relation, ToOne):
            self._load_one(relation, index[relation.by], rows, shown, tree[relation.name])
        elif isinstance(relation, ToMany):
            self._load_many(relation, rows, shown, tree[relation.name])
        elif isinstance(relation, Names):
            self._load_names(relation, rows, shown)

    def _load_embedded(
        self,
        relation: Embedded,
        at: int,
        rows: list[Row],
        shown: list[dict[str, Any]],
        below: Tree,
    ) -> None:
        for row, record in zip(rows, shown, strict=True):
            if row[at]:
                value = json.loads(row[at])
                record[relation.name] = (
                    wire.wrapped(relation.item, value)
                    if relation.item and isinstance(value, list)
                    else value
                )
            elif relation.when_empty is not None:
                record[relation.name] = relation.when_empty
        for one in relation.relations:
            if one.name in below:
                inner = [record[relation.name] for record in shown if relation.name in record]
                found = self._by_key(one, {int(i.get(one.by) or 0) for i in inner}, below[one.name])
                for entry in inner:
                    if (key := int(entry.get(one.by) or 0)) in found:
                        entry[one.name] = found[key]

    def _load_one(
        self, relation: ToOne, at: int, rows: list[Row], shown: list[dict[str, Any]], below: Tree
    ) -> None:
        found = self._by_key(relation, {row[at] for row in rows}, below)
        for row, record in zip(rows, shown, strict=True):
            if row[at] in found:
                record[relation.name] = found[row[at]]

    def _by_key(self, relation: ToOne, keys: set[int], below: Tree) -> dict[int, dict[str, Any]]:
        table = TABLES[relation.entity]
        rows = self._rows(relation.entity, table.entity.key, sorted(keys - {0}))
        records = self.records(relation.entity, rows, below)
        if relation.only:
            records = [{name: r[name] for name in relation.only if name in r} for r in records]
        at = table.index[table.entity.key]
        return {row[at]: record for row, record in zip(rows, records, strict=True)}

    def _load_many(
        self, relation: ToMany, rows: list[Row], shown: list[dict[str, Any]], below: Tree
    ) -> None:
        table = TABLES[relation.entity]
        # Our key is always a record's first column.
        children = self._rows(relation.entity, relation.by, [row[0] for row in rows])
        records = self.records(relation.entity, children, below)
        parent_at = table.index[relation.by]
        grouped: dict[int, list[dict[str, Any]]] = {}
        for child, record in zip(children, records, strict=True):
            for name in relation.omit:
                record.pop(name, None)
            grouped.setdefault(child[parent_at], []).append(record)
        for row, record in zip(rows, shown, strict=True):
            if row[0] in grouped:
                record[relation.name] = wire.wrapped(
                    BY_NAME[relation.entity].shown_as, grouped[row[0]]
                )

    def _load_names(self, relation: Names, rows: list[Row], shown: list[dict[str, Any]]) -> None:
        grouped: dict[int, list[str]] = {}
        tied = self._rows(relation.through, relation.by, [row[0] for row in rows])
        at, key = (
            TABLES[relation.through].index[name]
            for name in (relation.by, BY_NAME[relation.entity].key)
        )
        names = {
            row[0]: str(row[TABLES[relation.entity].index["name"]])
            for row in self._rows(
                relation.entity, BY_NAME[relation.entity].key, sorted({row[key] for row in tied})
            )
        }
        for row in tied:
            if row[key] in names:
                grouped.setdefault(row[at], []).append(names[row[key]])
        for row, record in zip(rows, shown, strict=True):
            if row[0] in grouped:
                record[relation.name] = wire.wrapped(relation.item, grouped[row[0]])
            elif relation.when_empty is not None:
                record[relation.name] = relation.when_empty

    def _rows(self, name: str, column: str, values: list[int]) -> list[Row]:
        if not values:
            return []
        table = TABLES[name]
        marks = ", ".join("?" * len(values))
        return self.store.execute(
            f'SELECT {table.select} FROM "{name}" t '  # noqa: S608
            f'WHERE t."{column}" IN ({marks}) ORDER BY t."{table.entity.key}"',
            values,
        )


def _mask(code: str) -> str:
    """A gift card's number, all but its last four."""
    return "*" * (len(code) - 4) + code[-4:] if len(code) > 4 else code
