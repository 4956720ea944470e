"""The shop's records in SQLite, in one typed table for each entity.

Ids, numbers and flags are integers; decimals are text as Lightspeed shows them, so that an answer
needs no arithmetic; dates are UTC text, empty while unset; embedded lists are JSON.
"""

import json
import shutil
import sqlite3
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from . import wire
from .clock import Clock
from .description import Embedded, Entity, Field, ToMany, ToOne
from .entities import BY_NAME, ENTITIES

Record = dict[str, Any]
"""Field name → native value; embedded things as Lightspeed's JSON has them."""
Row = tuple[Any, ...]

COLUMN_TYPES = {
    "id": "INTEGER",
    "int": "INTEGER",
    "bool": "INTEGER",
    "decimal": "TEXT",
    # Lightspeed's database compares text without regard to case.
    "text": "TEXT COLLATE NOCASE",
    "address": "TEXT",
    "date": "TEXT",
}
BATCH_ROWS = 5000


class Table:
    """An entity's columns, worked out once."""

    def __init__(self, entity: Entity) -> None:
        self.entity = entity
        self.name = entity.name
        self.stored = [f for f in entity.fields if not f.generated]
        self.embedded = [r for r in entity.relations if isinstance(r, Embedded)]
        self.written = [f.name for f in self.stored] + [e.name for e in self.embedded]
        self.columns = [f.name for f in entity.fields] + [e.name for e in self.embedded]
        self.select = ", ".join(f't."{name}"' for name in self.columns)
        self.index = {name: position for position, name in enumerate(self.columns)}
        marks = ", ".join("?" * len(self.written))
        names = ", ".join(f'"{name}"' for name in self.written)
        self.insert = f'INSERT INTO "{self.name}" ({names}) VALUES ({marks})'  # noqa: S608
        self.decode: list[tuple[str, Callable[[Any], Any]]] = [
            (f.name, _decoder(f)) for f in entity.fields
        ] + [(e.name, _decode_json) for e in self.embedded]
        self.blank = {f.name: _encode(f, f.default) for f in self.stored} | {
            e.name: "" for e in self.embedded
        }

    def schema(self) -> str:
        columns = []
        for field in self.entity.fields:
            column = f'"{field.name}" {COLUMN_TYPES[field.kind]}'
            if field.name == self.entity.key:
                column += " PRIMARY KEY AUTOINCREMENT"
            elif field.generated:
                column += f" GENERATED ALWAYS AS ({field.generated}) VIRTUAL"
            else:
                column += " NOT NULL"
            columns.append(column)
        columns += [f'"{e.name}" TEXT NOT NULL' for e in self.embedded]
        return f'CREATE TABLE "{self.name}" ({", ".join(columns)})'

    def indexes(self) -> Iterator[str]:
        names = dict.fromkeys(
            (*self.entity.sortable[1:], *self.entity.indexed, *_parents(self.entity))
        )
        for name in names:
            # The key closes every index: pages are ordered by (value, key).
            yield (
                f'CREATE INDEX IF NOT EXISTS "{self.name}_{name}" '
                f'ON "{self.name}" ("{name}", "{self.entity.key}")'
            )

    def record(self, row: Row) -> Record:
        return {name: decode(value) for (name, decode), value in zip(self.decode, row, strict=True)}


def _parents(entity: Entity) -> Iterator[str]:
    """Our fields by which other entities list us."""
    for other in ENTITIES:
        for relation in other.relations:
            if isinstance(relation, ToMany) and relation.entity == entity.name:
                yield relation.by


def _decode_json(text: str) -> Any:
    return json.loads(text) if text else None


def _decoder(field: Field) -> Callable[[Any], Any]:
    if field.kind == "decimal":
        return lambda text: Decimal(text) if text != "" else ""
    return bool if field.kind == "bool" else lambda value: value


@lru_cache(maxsize=65536)
def _decimal(value: object) -> str:
    return "" if value == "" else wire.decimal_text(Decimal(str(value)))


@lru_cache(maxsize=65536)
def _date(value: str) -> str:
    return wire.moment(value, "UTC") if value else ""


def _encode(field: Field, value: Any) -> Any:
    if value is None:
        value = field.default
    match field.kind:
        case "decimal":
            return _decimal(value)
        case "bool":
            return int(value if isinstance(value, bool) else wire.truth(field.name, value))
        case "id" | "int":
            return int(value)
        case "date":
            return _date(str(value))
        case _:
            return str(value)


def _encode_embedded(relation: Embedded, value: Any) -> str:
    """As wire JSON: a list of dicts of texts, or one dict."""
    if not value:
        return ""
    if not relation.fields:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if relation.item:
        shown: Any = [_texts(relation, entry) for entry in wire.entries(value, relation.item)]
    else:
        shown = _texts(relation, value)
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":")) if shown else ""


def _texts(relation: Embedded, entry: Record) -> dict[str, str]:
    return {
        field.name: wire.shown(field.kind, entry[field.name])
        if field.kind != "decimal"
        else _decimal(entry[field.name])
        for field in relation.fields
        if field.name in entry
    }


TABLES = {entity.name: Table(entity) for entity in ENTITIES}


def _statements(schema: Sequence[str]) -> tuple[str, ...]:
    return (*(table.schema() for table in TABLES.values()), *schema)


def _fingerprint(statements: Sequence[str]) -> int:
    """31 bits, as SQLite's user_version has them."""
    return zlib.crc32("\n".join(statements).encode()) >> 1


class Store:
    """One connection behind one lock: requests take turns, each in its own transaction."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self.clock = clock
        self.lock = threading.RLock()
        self.snapshot_path = path.with_name(path.name + ".start")
        path.parent.mkdir(parents=True, exist_ok=True)
        self.connection = self._open()
        self._batches: dict[str, list[Row]] | None = None
        self._next: dict[str, int] = {}

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None)
        # A killed process loses nothing; only the machine's own crash could.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -65536")
        return connection

    def close(self) -> None:
        with self.lock:
            self.connection.close()

    def built(self, schema: Sequence[str]) -> bool:
        """Whether a shop is kept here, in just the tables that `create` would make."""
        query = "SELECT 1 FROM sqlite_master WHERE name = 'built'"
        version = self.connection.execute("PRAGMA user_version").fetchone()[0]
        return self.connection.execute(query).fetchone() is not None and version == _fingerprint(
            _statements(schema)
        )

    def create(self, schema: Sequence[str]) -> None:
        """The tables; `schema` makes those of the parts that keep something beside the records."""
        statements = _statements(schema)
        for statement in statements:
            self.connection.execute(statement)
        self.connection.execute(f"PRAGMA user_version = {_fingerprint(statements)}")

    @contextmanager
    def bulk(self) -> Iterator[None]:
        """The first filling: rows go in by the thousand, until `flush` makes the indexes."""
        self.connection.execute("BEGIN")
        self._batches = {name: [] for name in TABLES}
        self._next = dict.fromkeys(TABLES, 1)
        yield
        self.connection.execute("COMMIT")

    @property
    def filling(self) -> bool:
        return self._batches is not None

    def flush(self) -> None:
        for name in TABLES:
            self._flush(name)
        self._batches = None
        for table in TABLES.values():
            for statement in table.indexes():
                self.connection.execute(statement)

    def seal(self) -> None:
        """From here on the store is built, and `reset` comes back to this."""
        with self.lock:
            self.connection.execute("CREATE TABLE built (at TEXT)")
            self.connection.execute("ANALYZE")
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copyfile(self.path, self.snapshot_path)

    def reset(self) -> None:
        with self.lock:
            self.connection.close()
            for suffix in ("-wal", "-shm"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
            shutil.copyfile(self.snapshot_path, self.path)
            self.connection = self._open()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """An error undoes everything, unless it says that its effects are kept."""
        with self.lock:
            self.connection.execute("BEGIN")
            try:
                yield
            except BaseException as error:
                keep = getattr(error, "keep", False)
                self.connection.execute("COMMIT" if keep else "ROLLBACK")
                raise
            self.connection.execute("COMMIT")

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        return self.connection.execute(sql, parameters).fetchall()

    # --- Reading ----------------------------------------------------------------------

    def get(self, name: str, key: object) -> Record | None:
        rows = self.find(name, **{BY_NAME[name].key: key})
        return rows[0] if rows else None

    def must(self, name: str, key: object) -> Record:
        """A record that the caller has reason to count on."""
        record = self.get(name, key)
        if record is None:
            raise LookupError(f"{name} {key} is gone.")
        return record

    def find(self, name: str, /, **equal: Any) -> list[Record]:
        """Records whose fields equal these, in order of their ids."""
        table = TABLES[name]
        where = " AND ".join(f't."{field}" = ?' for field in equal) or "1"
        sql = (
            f'SELECT {table.select} FROM "{name}" t WHERE {where} '  # noqa: S608
            f'ORDER BY t."{table.entity.key}"'
        )
        return [table.record(row) for row in self.execute(sql, tuple(equal.values()))]

    def count(self, name: str) -> int:
        return int(self.execute(f'SELECT count(*) FROM "{name}"')[0][0])  # noqa: S608

    # --- Writing ----------------------------------------------------------------------

    def add(self, name: str, values: Record) -> int:
        """A new record; what is left out has its default. Its id."""
        table = TABLES[name]
        now = self.clock.stamp()
        row = dict(table.blank)
        for field in table.stored:
            if field.name in values:
                row[field.name] = _encode(field, values[field.name])
            elif field.stamped:
                row[field.name] = now
        for relation in table.embedded:
            if relation.name in values:
                row[relation.name] = _encode_embedded(relation, values[relation.name])
        key = table.entity.key
        if self._batches is None:
            row[key] = row[key] or None
            cursor = self.connection.execute(table.insert, [row[c] for c in table.written])
            return int(cursor.lastrowid or 0)
        row[key] = row[key] or self._next[name]
        self._next[name] = max(self._next[name], row[key] + 1)
        batch = self._batches[name]
        batch.append(tuple(row.values()))
        if len(batch) >= BATCH_ROWS:
            self._flush(name)
        return int(row[key])

    def _flush(self, name: str) -> None:
        if self._batches:
            self.connection.executemany(TABLES[name].insert, self._batches[name])
            self._batches[name].clear()

    def change(self, name: str, key: int, values: Record, *, stamp: bool = True) -> None:
        table = TABLES[name]
        changes: Record = {}
        for field in table.stored:
            if field.name in values:
                changes[field.name] = _encode(field, values[field.name])
            elif stamp and field.stamped == "change":
                changes[field.name] = self.clock.stamp()
        for relation in table.embedded:
            if relation.name in values:
                changes[relation.name] = _encode_embedded(relation, values[relation.name])
        if changes:
            columns = ", ".join(f'"{column}" = ?' for column in changes)
            sql = f'UPDATE "{name}" SET {columns} WHERE "{table.entity.key}" = ?'  # noqa: S608
            self.connection.execute(sql, [*changes.values(), key])

    def remove(self, name: str, key: int) -> None:
        sql = f'DELETE FROM "{name}" WHERE "{BY_NAME[name].key}" = ?'  # noqa: S608
        self.connection.execute(sql, (key,))

    # --- Records put in as given ------------------------------------------------------

    def put(self, name: str, record: Record) -> int:
        """A record in the shape of `entities`, nested things and all. Of one that is already
        there only the given fields change. Its id."""
        entity = BY_NAME[name]
        values = dict(record)
        there = None if self._batches is not None else self.get(name, record.get(entity.key, 0))
        for relation in entity.relations:
            if isinstance(relation, ToOne) and relation.owned and relation.name in values:
                owned = dict(values.pop(relation.name))
                owned_key = BY_NAME[relation.entity].key
                if there and there[relation.by]:
                    owned.setdefault(owned_key, there[relation.by])
                values[relation.by] = self.put(relation.entity, owned)
        if there:
            key = int(there[entity.key])
            self.change(name, key, values)
        else:
            key = self.add(name, values)
        for relation in entity.relations:
            if isinstance(relation, ToMany) and relation.name in record:
                for child in wire.entries(record[relation.name], BY_NAME[relation.entity].shown_as):
                    self._put_child(relation, key, dict(child), bool(there))
        return key

    def _put_child(self, relation: ToMany, key: int, child: Record, look: bool) -> None:
        child[relation.by] = key
        if look and relation.match in child:
            same = self.find(
                relation.entity, **{relation.by: key, relation.match: child[relation.match]}
            )
            if same:
                child_key = BY_NAME[relation.entity].key
                child.setdefault(child_key, same[0][child_key])
        self.put(relation.entity, child)
