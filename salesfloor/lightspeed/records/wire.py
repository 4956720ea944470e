"""How Lightspeed writes values, records and lists of them, and how ours are made of that.

On the wire every value is a string (`"true"`, `"19.9"`), one child is an object where several are
a list, an empty collection may be `""`, `false`, `null` or absent, and no foreign key is `"0"`.
"""

import dataclasses
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    AliasChoices,
    BeforeValidator,
    ConfigDict,
    TypeAdapter,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)
from pydantic.dataclasses import dataclass
from pydantic.fields import FieldInfo

T = TypeVar("T")

BLANK = ("", None, False)
ZERO = Decimal(0)
_ODD_NAMES = {"base_image_url": "baseImageURL", "calc_fifo_cost": "calcFIFOCost"}


def _wire_name(name: str) -> str:
    head, *rest = name.split("_")
    return _ODD_NAMES.get(name) or head + "".join(
        "ID" if word == "id" else word.capitalize() for word in rest
    )


WIRE = ConfigDict(
    alias_generator=_wire_name,
    validate_by_name=True,
    validate_by_alias=True,
    extra="ignore",
    coerce_numbers_to_str=True,
    hide_input_in_errors=True,
)


@dataclass(frozen=True, kw_only=True, config=WIRE)
class Record:
    """What all records share.

    `unknown` keeps, as it came, whatever has no field here, out of the way of repr and comparison.
    A field marked `exclude` is our reading of something that stays there whole.
    """

    unknown: Mapping[str, Any] = dataclasses.field(default_factory=dict, repr=False, compare=False)

    @model_validator(mode="before")
    @classmethod
    def _keep_unknown(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values  # made by us, by keywords
        known = _known_names(cls)  # type: ignore[arg-type]
        if values.keys() <= known:
            return values
        unknown = {name: value for name, value in values.items() if name not in known}
        return {**values, "unknown": unknown}


# --- Reading ---------------------------------------------------------------------------


def many(body: object, entity: type[T]) -> list[T]:
    """The records of a list or single answer, in its order; empty where it has none.

    `body` is parsed JSON. ValueError if it is no answer at all or a record lacks what it must have.
    """
    if not isinstance(body, Mapping):
        raise ValueError(f"an answer about {entity.__name__} has to be an object")
    found = body.get(entity.__name__)
    if found in BLANK:
        return []
    try:
        lists: TypeAdapter[list[T]] = _list_of(entity)  # type: ignore[arg-type]
        return lists.validate_python(found if isinstance(found, list) else [found])
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        # Without what was found there: answers hold customers' names.
        raise ValueError(f"{entity.__name__} {place}: {first['msg']}") from None


def one(body: object, entity: type[T]) -> T:
    """The record of an answer about one. ValueError if there is none, or more than one.

    Session and a single Account come without a wrapper: their fields are the answer itself.
    """
    name = entity.__name__
    if isinstance(body, Mapping) and name in ("Session", "Account") and name not in body:
        body = {name: body}
    found = many(body, entity)
    if len(found) != 1:
        raise ValueError(f"expected one {name}, got {len(found)}")
    return found[0]


@cache  # making one is slow
def _list_of(entity: type[Any]) -> TypeAdapter[list[Any]]:
    return TypeAdapter(list[entity])  # type: ignore[valid-type]


# --- Writing ---------------------------------------------------------------------------


def to_wire(record: Record) -> dict[str, Any]:
    """The record as Lightspeed's JSON has it, without the envelope around it.

    What is None or an empty collection is left out, as Lightspeed mostly does; a field that the
    answer lacked has its default now, and is written as `"0"`, `""` or `"false"`.

    >>> from salesfloor.lightspeed.records import ItemMatrix, ItemPrice
    >>> to_wire(ItemPrice(amount=Decimal("19.90"), use_type_id=1, use_type="Default"))
    {'amount': '19.9', 'useTypeID': '1', 'useType': 'Default'}
    """
    written = dict(record.unknown)
    for name, wire_name in _written_names(type(record)):  # type: ignore[arg-type]
        value = _written(getattr(record, name))
        if value is not None:
            written[wire_name] = value
    return written


def _written(value: Any) -> Any:
    match value:
        case None | ():
            return None
        case bool():
            return str(value).lower()
        case Decimal():
            return plain(value)
        case datetime():
            return value.isoformat()
        case Record():
            return to_wire(value)
        case (Record(), *_):
            return {type(value[0]).__name__: _one_or_many([to_wire(child) for child in value])}
        case tuple():
            return _one_or_many(list(value))
    return str(value)


def _one_or_many(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def plain(number: Decimal) -> str:
    """Without exponent and without zeros at its end.

    >>> plain(Decimal("1.0E-8")), plain(Decimal("20.00")), plain(Decimal("100"))
    ('0.00000001', '20', '100')
    """
    written = format(number, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


# --- Names -----------------------------------------------------------------------------


def _fields(entity: type[Any]) -> dict[str, FieldInfo]:
    fields: dict[str, FieldInfo] = entity.__pydantic_fields__
    return {name: field for name, field in fields.items() if name != "unknown"}


def _spellings(field: FieldInfo) -> list[Any]:
    """What a field may be called, first what we call it; paths into other fields among them."""
    alias = field.validation_alias
    return list(alias.choices) if isinstance(alias, AliasChoices) else [alias]


@cache
def _known_names(entity: type[Any]) -> frozenset[str]:
    """What a record's field is read from and nothing else, in all spellings."""
    fields = {name: field for name, field in _fields(entity).items() if not field.exclude}
    spellings = [spelling for field in fields.values() for spelling in _spellings(field)]
    return frozenset([*fields, *(name for name in spellings if isinstance(name, str))])


@cache
def _written_names(entity: type[Any]) -> list[tuple[str, str]]:
    return [
        (name, _spellings(field)[0]) for name, field in _fields(entity).items() if not field.exclude
    ]


# --- Kinds of values -------------------------------------------------------------------


def _or(default: object) -> Callable[[Any], Any]:
    return lambda value: default if value in BLANK else value


def _children(value: Any) -> Any:
    """Unwraps `{"SaleLine": …}` of `SaleLines`, one or many, to a list."""
    if isinstance(value, Mapping):
        value = next((held for name, held in value.items() if name != "@attributes"), None)
    if value in BLANK:
        return []
    return [value] if isinstance(value, Mapping) else value


def _texts(value: Any) -> Any:
    return [] if value in BLANK else [value] if isinstance(value, str) else value


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        raise ValueError("a moment outside of the calendar") from None


def _none_if_no_such_day(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
    """Lightspeed's own samples tell of the 29th of February 2021."""
    try:
        return read(value)
    except ValidationError:
        if isinstance(value, str) and re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            return None
        raise


def _usual(value: Decimal) -> Decimal:
    """Zero without a sign, since "-0" is a balance that Lightspeed does report.

    ValueError for what is no amount, quantity or rate of any shop: it would take long to write out.
    """
    if not value:
        return ZERO
    if not -30 < value.adjusted() < 18:
        raise ValueError("a number far too large or too small")
    return value


Id = Annotated[int, BeforeValidator(_or(0))]
Count = Annotated[int, BeforeValidator(_or(0))]
Number = Annotated[Decimal, BeforeValidator(_or(0)), AfterValidator(_usual)]
Flag = Annotated[bool, BeforeValidator(_or(False))]
# A number stays one, though 0 equals False.
Text = Annotated[
    str, BeforeValidator(lambda value: "" if value is None or value is False else value)
]
Moment = Annotated[datetime, AfterValidator(_utc)]
MaybeMoment = Annotated[
    Moment | None, WrapValidator(_none_if_no_such_day), BeforeValidator(_or(None))
]
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]
One = Annotated[T | None, BeforeValidator(_or(None))]
Many = Annotated[tuple[T, ...], BeforeValidator(_children)]
