"""Lightspeed's JSON: every scalar a string, one child bare, several in a list, none left out."""

import json
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from .description import Field, Kind, Value
from .errors import ApiError

# Lightspeed runs on PHP, whose floats show 14 significant digits and turn to 1.0E-5 notation.
SIGNIFICANT_DIGITS = 14
SMALLEST_PLAIN = Decimal("0.0001")
TOO_LARGE = Decimal(10) ** 12
TINIEST = Decimal(10) ** -30


@lru_cache(maxsize=65536)
def decimal_text(value: Decimal) -> str:
    """`19.9`, `20`, `0`, `11.4860025`, `1.0E-8`: no zeros at the end, never `20.00`."""
    if not value:
        return "0"
    if len(value.as_tuple().digits) > SIGNIFICANT_DIGITS:
        shift = value.adjusted() - SIGNIFICANT_DIGITS + 1
        value = value.quantize(Decimal(1).scaleb(shift))
    if abs(value) < SMALLEST_PLAIN:
        exponent = value.adjusted()
        mantissa = value.scaleb(-exponent).normalize()
        shown = format(mantissa, "f")
        return f"{shown if '.' in shown else shown + '.0'}E{exponent}"
    shown = format(value, "f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def shown(kind: Kind, value: Value) -> str:
    """A native value as Lightspeed writes it."""
    if kind == "bool":
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return decimal_text(value)
    return str(value)


def moment(given: str, zone: str) -> str:
    """ISO 8601 in, UTC to the second out. A bare date or a time without offset is the shop's."""
    parsed = datetime.fromisoformat(given.strip())
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=ZoneInfo(zone))
    try:
        return parsed.astimezone(UTC).isoformat(timespec="seconds")
    except OverflowError as error:
        raise ValueError(f"{given} is before or after all time.") from error


def read(field: Field, given: object, zone: str) -> Value:
    """A value out of a written body. Null and "" empty the field."""
    if isinstance(given, dict | list):
        raise ApiError(400, f"{field.name} must be a single value.")
    if field.kind == "bool":
        return truth(field.name, given)
    written = "" if given is None else str(given).strip()
    if field.kind in ("text", "address"):
        return "" if given is None else str(given)
    if not written:
        return "" if field.kind == "date" else Decimal(0) if field.kind == "decimal" else 0
    try:
        if field.kind == "date":
            return moment(written, zone)
        amount = Decimal(written)
        if not amount.is_finite() or abs(amount) >= TOO_LARGE:
            raise InvalidOperation
        if field.kind == "decimal":
            # What is smaller than any figure is 0.
            return amount if abs(amount) > TINIEST else Decimal(0)
        if amount != int(amount):
            raise InvalidOperation
    except (ValueError, ArithmeticError) as error:
        # Recorded: a quantity of "1,000.00" answers 422, an amount of "4,900.00" 400.
        status = 422 if field.name == "unitQuantity" else 400
        raise ApiError(status, f"Invalid value '{written}' for {field.name}.") from error
    return int(amount)


def truth(name: str, given: object) -> bool:
    match str(given).strip().lower():
        case "true" | "1":
            return True
        case "false" | "0" | "" | "none":
            return False
    raise ApiError(400, f"Invalid value '{given}' for {name}.")


def entries(given: object, item: str) -> list[dict[str, Any]]:
    """The records of a nested list, in any shape Lightspeed takes:
    `{"X": [{..}]}`, `{"X": {..}}` or `[{"X": {..}}]`. Raises ApiError."""
    if not given:
        return []
    if isinstance(given, dict):
        inner = given.get(item) or []
        found = inner if isinstance(inner, list) else [inner]
    elif isinstance(given, list):
        found = [entry.get(item) if isinstance(entry, dict) else entry for entry in given]
    else:
        found = [given]
    if not all(isinstance(entry, dict) for entry in found):
        raise ApiError(400, f"{item} must be an object or a list of objects.")
    return found


def one_or_many(records: list[Any]) -> Any:
    return records[0] if len(records) == 1 else records


def wrapped(item: str, records: list[Any]) -> dict[str, Any]:
    return {item: one_or_many(records)}


def dumps(body: object, *, pretty: bool = False) -> bytes:
    if pretty:
        return json.dumps(body, ensure_ascii=False, indent=2).encode()
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def loads(body: bytes) -> dict[str, Any]:
    """A written body; it may be a mapping only. Raises ApiError."""
    if not body.strip():
        return {}
    try:
        value = json.loads(body, parse_float=str, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ApiError(400, "Unable to parse the JSON of the request.") from error
    if value == []:  # PHP's empty object
        return {}
    if not isinstance(value, dict):
        raise ApiError(400, "The body of a request must be one JSON object.")
    return value


def _refuse(constant: str) -> object:
    raise ValueError(constant)
