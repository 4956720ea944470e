"""The same answers as XML, which was Lightspeed's first format and still is its default.

Made from the JSON: what is a list there is a repeated element here, `@attributes` are attributes,
and amounts of money name their currency.
"""

import re
from typing import Any
from xml.etree import ElementTree

from .description import Value
from .entities import ENTITIES
from .errors import ApiError

CONTENT_TYPE = "application/vnd.merchantos.pos-v1+xml; charset=utf-8"
NOT_MONEY = re.compile(r".*(Rate|Percent|rate|rate2)$")
FIELDS = [
    field
    for entity in ENTITIES
    for field in (
        *entity.fields,
        *(f for relation in entity.relations for f in getattr(relation, "fields", ())),
    )
]
# What is a text or a count elsewhere (a custom field's value) says nothing of a currency.
MONEY = {
    field.name
    for field in FIELDS
    if field.kind == "decimal" and not NOT_MONEY.fullmatch(field.name)
} - {field.name for field in FIELDS if field.kind != "decimal"}
# A document type could make a small body a huge one.
DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


def plural(name: str) -> str:
    """The element around a list of these: `Items`, `Categories`, `ItemMatrices`."""
    if name.endswith("Hours"):
        return f"{name}List"
    if name.endswith("y"):
        return f"{name[:-1]}ies"
    if name.endswith("ix"):
        return f"{name[:-2]}ices"
    return f"{name}es" if name.endswith(("s", "x")) else f"{name}s"


def dumps(body: dict[str, Any], root: str, currency: str) -> bytes:
    """`root` names the one record in the body, or else what is around all of it."""
    element = _element(root, body.get(root, body), currency)
    ElementTree.indent(element)
    written: bytes = ElementTree.tostring(element, encoding="UTF-8", xml_declaration=True)
    return written


def _element(name: str, value: Any, currency: str) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(value, dict):
        element.attrib.update({k: str(v) for k, v in value.get("@attributes", {}).items()})
        for child, inner in value.items():
            if child == "@attributes":
                continue
            for each in inner if isinstance(inner, list) else [inner]:
                element.append(_element(child, each, currency))
        return element
    if name in MONEY:
        element.attrib["currency"] = currency
    # What XML 1.0 has no way to write.
    element.text = re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", str(value))
    return element


def loads(body: bytes, root: str) -> dict[str, Any]:
    """A written record. Raises ApiError."""
    if DOCTYPE.search(body):
        raise ApiError(400, "Unable to parse the XML of the request.")
    try:
        element = ElementTree.fromstring(body)  # noqa: S314 (no entities: see DOCTYPE)
        value = _value(element)
    except (ElementTree.ParseError, RecursionError) as error:
        raise ApiError(400, "Unable to parse the XML of the request.") from error
    if element.tag != root:
        raise ApiError(400, f"XML object name (root) does not match the endpoint type ({root}).")
    return value if isinstance(value, dict) else {}


def _value(element: ElementTree.Element) -> Value | dict[str, Any]:
    if not len(element):
        return (element.text or "").strip()
    found: dict[str, Any] = {}
    for child in element:
        value = _value(child)
        if child.tag in found:
            several = found[child.tag]
            found[child.tag] = [*several, value] if isinstance(several, list) else [several, value]
        else:
            found[child.tag] = value
    return found
