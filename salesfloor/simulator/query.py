"""Lightspeed's query language: filters, operators, `or`, sort, cursors, offsets."""

import base64
import binascii
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote, unquote, urlencode

from . import relations
from .description import Embedded, Entity, Field, ToMany, ToOne
from .entities import BY_NAME
from .errors import ApiError
from .store import TABLES, Row, Store
from .wire import moment, truth

Params = Sequence[tuple[str, str]]

OPERATORS = ("><", ">=", "<=", "!=", "!~", ">", "<", "~", "=", "IN")
RANGES = (">", ">=", "<", "<=", "><")
ENCODED_TWICE = re.compile(r"%(7C|2C|3D|25)", re.IGNORECASE)
OPERATOR = re.compile(r"(><|>=|<=|!=|!~|>|<|~|=|IN),(.*)", re.DOTALL)
MOST_VALUES_IN = 100
MOST_RECORDS = 100
COMMON = {"oauth_token", "load_relations", "archived", "archive", "limit", "or", "pretty_print"}
CURSOR_ONLY = {"sort", "after", "before", "count"}
OFFSET_ONLY = {"offset", "orderby", "orderby_desc"}
# An item's code is any of the numbers on its labels.
ITEM_CODES = ("itemID", "systemSku", "upc", "ean")
SHORTEST_BAR_CODE = 11
USED_CARD = (
    "(t.balance <> '0' OR EXISTS (SELECT 1 FROM SalePayment p JOIN Sale s USING (saleID) "
    "WHERE p.creditAccountID = t.creditAccountID AND s.completed))"
)
CONTACT_FIELDS = {
    "email": ("Emails", "address", ""),
    "phoneHome": ("Phones", "number", "Home"),
    "phoneWork": ("Phones", "number", "Work"),
    "mobile": ("Phones", "number", "Mobile"),
    "pager": ("Phones", "number", "Pager"),
    "fax": ("Phones", "number", "Fax"),
}


@dataclass(frozen=True)
class Condition:
    sql: str
    values: tuple[Any, ...]


@dataclass
class Query:
    entity: Entity
    legacy: bool
    conditions: list[Condition] = field(default_factory=list)
    tree: relations.Tree = field(default_factory=dict)
    sort: Field | None = None
    """None: by key alone."""
    descending: bool = False
    limit: int = MOST_RECORDS
    after: list[Any] | None = None
    before: list[Any] | None = None
    offset: int = 0
    count_only: bool = False
    or_cost: float = 0.0
    looks_up_card: bool = False
    """By its number, which is limited to once a second."""
    sorted_dearly: bool = False
    """The offset API, asked to order by what the cursor API does not sort by."""

    @property
    def cost(self) -> float:
        """Drips beyond the request itself."""
        if self.count_only:
            return 9.0 + self.or_cost
        drips = relations.cost(self.entity, self.tree, listed=True) + self.or_cost
        return drips + 0.0005 * self.offset + (4 if self.sorted_dearly else 0)


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    previous: list[Any] | None
    next: list[Any] | None


@dataclass(frozen=True)
class Dialect:
    """What reading a query takes besides the query."""

    zone: str
    exact_like: bool


def parse(entity: Entity, params: Params, dialect: Dialect, *, legacy: bool = False) -> Query:
    query = Query(entity, legacy)
    given = dict(params)
    query.tree = relations.wanted(entity, given.get("load_relations", ""))
    special = COMMON | (OFFSET_ONLY if legacy else CURSOR_ONLY)
    if entity.name == "CreditAccount":
        special |= {"giftCard"}
        _gift_cards(query, given)
    for name, value in params:
        if name == "or":
            condition, query.or_cost = _any_of(query, value, dialect)
            query.conditions.append(condition)
        elif name not in special:
            query.conditions.append(_filter(query, name, value, dialect))
    _archived(query, given.get("archived", given.get("archive", "false")))
    query.limit = _whole(given, "limit", MOST_RECORDS, MOST_RECORDS)
    if legacy:
        query.offset = _whole(given, "offset", 0, 10**9)
        _sort_legacy(query, given)
        return query
    if "count" in given:
        clashing = [name for name in ("limit", "sort", "after", "before") if name in given]
        if clashing:
            raise ApiError(400, f"count cannot be combined with {clashing[0]}.")
        query.count_only = truth("count", given["count"])
    _sort(query, given.get("sort", ""))
    if "after" in given and "before" in given:
        raise ApiError(400, "after and before cannot be combined.")
    query.after = _cursor(query, given.get("after"))
    query.before = _cursor(query, given.get("before"))
    return query


def _gift_cards(query: Query, given: dict[str, str]) -> None:
    """They come when they are asked for, those never used only with the archived ones."""
    wanted = truth("giftCard", given.get("giftCard", "false"))
    query.conditions.append(Condition("t.giftCard = ?", (int(wanted),)))
    query.looks_up_card = wanted and "code" in given
    if wanted and "archived" not in given:
        query.conditions.append(Condition(USED_CARD, ()))


def _whole(given: dict[str, str], name: str, default: int, most: int) -> int:
    try:
        value = int(given.get(name, default))
    except ValueError:
        value = -1
    if not 0 <= value <= most:
        raise ApiError(400, f"{name} must be a number from 0 to {most}.")
    return value


def _archived(query: Query, value: str) -> None:
    if not query.entity.archivable:
        return
    match value:
        case "false" | "0" | "":
            query.conditions.append(Condition("NOT t.archived", ()))
        case "only":
            query.conditions.append(Condition("t.archived", ()))
        case "true" | "1":
            pass
        case _:
            raise ApiError(400, "archived must be true, false or only.")


def _sort(query: Query, given: str) -> None:
    if not given:
        return
    query.descending = given.startswith("-")
    allowed = query.entity.sortable
    field = query.entity.field(given.lstrip("-"))
    if field is None or field.name not in allowed:
        raise ApiError(
            400,
            f"Sorting by '{given.lstrip('-')}' is not supported. Sortable fields: "
            f"{', '.join(allowed)}.",
        )
    query.sort = None if field.name == query.entity.key else field


def _sort_legacy(query: Query, given: dict[str, str]) -> None:
    if name := given.get("orderby", ""):
        field = query.entity.field(name)
        if field is None:
            raise ApiError(400, f"{query.entity.name} has no field '{name}' to order by.")
        query.sort = None if field.name == query.entity.key else field
        query.sorted_dearly = field.name not in query.entity.sortable
    query.descending = given.get("orderby_desc", "0") == "1"


# --- Filters --------------------------------------------------------------------------


def _filter(query: Query, name: str, value: str, dialect: Dialect) -> Condition:
    operator, operand = _operator(value)
    return _condition(query, name, operator, operand, dialect)


def _operator(value: str) -> tuple[str, str]:
    match = OPERATOR.fullmatch(value)
    return (match[1], match[2]) if match else ("=", value)


def _condition(query: Query, name: str, operator: str, operand: str, dialect: Dialect) -> Condition:
    entity = query.entity
    if name == "itemCode" and entity.name == "Item":
        return _item_code(entity, operator, operand, dialect)
    if "." in name:
        return _related(query, name, operator, operand, dialect)
    field = entity.field(name)
    if field is None:
        raise ApiError(400, f"'{name}' is not a field of {entity.name}.")
    if entity.equality_only and operator != "=":
        raise ApiError(400, f"{entity.name} can only be asked for by =.")
    return compare(f't."{field.name}"', field, operator, operand, dialect)


def compare(column: str, field: Field, operator: str, operand: str, dialect: Dialect) -> Condition:
    numeric = f"CAST({column} AS REAL)" if field.kind == "decimal" else column
    if operator in ("~", "!~"):
        pattern = operand if "%" in operand or dialect.exact_like else operand + "%"
        return Condition(f"{column} {'NOT ' if operator == '!~' else ''}LIKE ?", (pattern,))
    if operator == "IN":
        values = _listed(operand)
        if len(values) > MOST_VALUES_IN:
            raise ApiError(400, f"IN takes at most {MOST_VALUES_IN} values.")
        marks = ", ".join("?" * len(values))
        return Condition(
            f"{numeric} IN ({marks})", tuple(_value(field, v, dialect) for v in values)
        )
    # A date not set is neither before nor after anything.
    set_only = f" AND {column} <> ''" if field.optional and operator in ("<", "<=", "><") else ""
    if operator == "><":
        bounds = operand.split(",")
        if len(bounds) != 2:
            raise ApiError(400, f"{field.name}: between takes two values.")
        values_between = tuple(_value(field, bound, dialect) for bound in bounds)
        return Condition(f"{numeric} BETWEEN ? AND ?{set_only}", values_between)
    return Condition(f"{numeric} {operator} ?{set_only}", (_value(field, operand, dialect),))


def _listed(operand: str) -> list[str]:
    """`[1,2]`, `1,2`, `['1', '2']` and even `["1,2"]`: clients write them all."""
    values = (value.strip(" \"'") for value in operand.strip("[]").split(","))
    return [value for value in values if value]


def _value(field: Field, given: str, dialect: Dialect) -> Any:
    try:
        match field.kind:
            case "id" | "int":
                return int(given)
            case "decimal":
                return float(given)
            case "bool":
                return int(truth(field.name, given))
            case "date":
                return moment(given, dialect.zone) if given else ""
    except ValueError as error:
        raise ApiError(400, f"Invalid value '{given}' for {field.name}.") from error
    return given


def _item_code(entity: Entity, operator: str, operand: str, dialect: Dialect) -> Condition:
    if operator not in ("=", "IN"):
        raise ApiError(400, "itemCode can only be compared with = and IN.")
    given = [operand] if operator == "=" else _listed(operand)
    parts: list[Condition] = []
    for label in entity.fields:
        if label.name not in ITEM_CODES:
            continue
        # A bar code is longer than any id, and some have letters.
        values = [v for v in given if label.kind != "id" or (v.isascii() and v.isdigit())]
        values = [v for v in values if label.kind != "id" or len(v) < SHORTEST_BAR_CODE]
        if values:
            found = compare(f'i."{label.name}"', label, "IN", ",".join(values), dialect)
            sql = f"SELECT i.itemID FROM Item i WHERE {found.sql}"  # noqa: S608
            parts.append(Condition(sql, found.values))
    # One look into each index; joined by OR they would all be passed over.
    union = _joined(parts, " UNION ALL ")
    return Condition(f"t.itemID IN {union.sql}", union.values)


def _joined(parts: list[Condition], word: str) -> Condition:
    return Condition(
        "(" + word.join(part.sql for part in parts) + ")",
        tuple(value for part in parts for value in part.values),
    )


def _related(query: Query, name: str, operator: str, operand: str, dialect: Dialect) -> Condition:
    relation_name, _, field_name = name.partition(".")
    relation = query.entity.relation(relation_name)
    if relation is None or "." in field_name:
        raise ApiError(400, f"Cannot filter {query.entity.name} by '{name}'.")
    if relation_name not in query.tree:
        raise ApiError(400, f"To filter by '{name}', {relation_name} must be in load_relations.")
    if (
        isinstance(relation, ToOne)
        and relation.entity == "Contact"
        and field_name in CONTACT_FIELDS
    ):
        return _contact(field_name, operator, operand, dialect)
    if isinstance(relation, Embedded) and not relation.item:
        field = next((f for f in relation.fields if f.name == field_name), None)
        if field is not None:
            column = f"json_extract(NULLIF(t.\"{relation.name}\", ''), '$.{field.name}')"
            return compare(column, field, operator, operand, dialect)
    if isinstance(relation, ToOne | ToMany):
        target = BY_NAME[relation.entity]
        field = target.field(field_name)
        if field is not None:
            link = (
                f'r."{target.key}" = t."{relation.by}"'
                if isinstance(relation, ToOne)
                else f'r."{relation.by}" = t."{query.entity.key}"'
            )
            inner = compare(f'r."{field.name}"', field, operator, operand, dialect)
            sql = f'EXISTS (SELECT 1 FROM "{target.name}" r WHERE {link} AND {inner.sql})'  # noqa: S608
            return Condition(sql, inner.values)
    raise ApiError(400, f"'{field_name}' is not a field of {relation_name}.")


def _contact(name: str, operator: str, operand: str, dialect: Dialect) -> Condition:
    column, key, use_type = CONTACT_FIELDS[name]
    inner = compare(
        f"json_extract(e.value, '$.{key}')", Field(name, "text"), operator, operand, dialect
    )
    use = " AND json_extract(e.value, '$.useType') = ?" if use_type else ""
    sql = (
        "EXISTS (SELECT 1 FROM Contact r, "  # noqa: S608
        f"json_each(CASE r.{column} WHEN '' THEN '[]' ELSE r.{column} END) e "
        f"WHERE r.contactID = t.contactID AND {inner.sql} COLLATE NOCASE{use})"
    )
    return Condition(sql, (*inner.values, use_type) if use_type else inner.values)


def _any_of(query: Query, given: str, dialect: Dialect) -> tuple[Condition, float]:
    parts: list[Condition] = []
    fields: list[str] = []
    ranges = 0
    for clause in given.split("|"):
        # What is special here comes encoded once more, at least inside values.
        plain = ENCODED_TWICE.sub(lambda match: unquote(match[0]), clause)
        name, equals, value = plain.partition("=")
        if not equals:
            raise ApiError(400, f"Cannot read '{clause}' in or.")
        operator, operand = _operator(value)
        ranges += operator in RANGES
        fields.append(name)
        parts.append(_condition(query, name, operator, operand, dialect))
    return _joined(parts, " OR "), _or_cost(fields, ranges)


def _or_cost(fields: list[str], ranges: int) -> float:
    if len(set(fields)) == 1:
        return 0.0
    entities = {name.rpartition(".")[0] for name in fields}
    if len(entities) == 1 and ranges <= 1:
        return float(len(fields))
    return 10.0 * len(entities) + (len(fields) - len(entities))


# --- Pages ----------------------------------------------------------------------------


def encode_cursor(values: list[Any]) -> str:
    return base64.b64encode(json.dumps(values).encode()).decode()


def _cursor(query: Query, given: str | None) -> list[Any] | None:
    if given is None:
        return None
    wrong = ApiError(400, "The cursor is not one of this list.")
    try:
        values = json.loads(base64.b64decode(given, validate=True))
    except (binascii.Error, ValueError) as error:
        raise wrong from error
    if not isinstance(values, list) or len(values) != (1 if query.sort is None else 2):
        raise wrong
    if not all(isinstance(value, int | str) for value in values):
        raise wrong
    return values


def where(query: Query) -> tuple[str, list[Any]]:
    sql = " AND ".join(condition.sql for condition in query.conditions) or "1"
    return sql, [value for condition in query.conditions for value in condition.values]


def count(store: Store, query: Query) -> int:
    sql, values = where(query)
    rows = store.execute(f'SELECT count(*) FROM "{query.entity.name}" t WHERE {sql}', values)  # noqa: S608
    return int(rows[0][0])


def leave_out_since(query: Query, moment: str) -> None:
    """Only what was created earlier; entities that keep no such time are whole."""
    created = next((f for f in query.entity.fields if f.stamped == "create"), None)
    if created:
        query.conditions.append(Condition(f't."{created.name}" <= ?', (moment,)))


def page(store: Store, query: Query, *, overlap: bool = False) -> Page:
    """One page by cursor; a cursor is the sort values of the record beside the page, which is not
    part of it unless pages `overlap`."""
    backwards = query.before is not None
    cursor = query.before if backwards else query.after
    sql, values = where(query)
    columns = ([query.sort.name] if query.sort else []) + [query.entity.key]
    down = query.descending != backwards
    if cursor is not None:
        names = ", ".join(f't."{column}"' for column in columns)
        marks = ", ".join("?" * len(columns))
        sql += f" AND ({names}) {'<' if down else '>'}{'=' if overlap else ''} ({marks})"
        values += cursor
    rows = _select(store, query, sql, columns, down, values, query.limit + 1, 0)
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    if backwards:
        rows.reverse()
    index = TABLES[query.entity.name].index

    def beside(row: Row) -> list[Any]:
        return [row[index[column]] for column in columns]

    if not rows:
        return Page([], None, None)
    has_previous = more if backwards else cursor is not None
    has_next = True if backwards else more
    return Page(
        rows,
        beside(rows[0]) if has_previous else None,
        beside(rows[-1]) if has_next else None,
    )


def offset_page(store: Store, query: Query) -> list[Row]:
    sql, values = where(query)
    columns = ([query.sort.name] if query.sort else []) + [query.entity.key]
    return _select(store, query, sql, columns, query.descending, values, query.limit, query.offset)


def _select(
    store: Store,
    query: Query,
    sql: str,
    columns: list[str],
    down: bool,
    values: list[Any],
    limit: int,
    offset: int,
) -> list[Row]:
    table = TABLES[query.entity.name]
    order = ", ".join(f't."{column}"{" DESC" if down else ""}' for column in columns)
    return store.execute(
        f'SELECT {table.select} FROM "{table.name}" t WHERE {sql} '  # noqa: S608
        f"ORDER BY {order} LIMIT ? OFFSET ?",
        [*values, limit, offset],
    )


def page_url(
    url: str,
    params: Params,
    direction: Literal["after", "before"],
    cursor: list[Any] | None,
    *,
    drop_relations: bool,
) -> str:
    """The absolute address of the next or previous page, with every parameter of this one."""
    if cursor is None:
        return ""
    dropped = {"after", "before"} | ({"load_relations"} if drop_relations else set())
    kept = [(name, value) for name, value in params if name not in dropped]
    return f"{url}?{urlencode([*kept, (direction, encode_cursor(cursor))], quote_via=quote)}"
