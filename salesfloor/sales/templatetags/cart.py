"""The forms of the cart, of which it has dozens, and its lines, most of which stay as they are."""

import hashlib
from decimal import Decimal
from functools import lru_cache, partial

from django import template
from django.core.cache import caches
from django.db.models import Model
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from salesfloor.sales.models import SaleLine

register = template.Library()

_HIDDEN = '<input type="hidden" name="{}" value="{}">'
_PAYS = mark_safe(' hx-disabled-elt="#pay button" hx-indicator="#step" hx-sync="#pay:drop"')
# Where a line that is kept as it was drawn gets the fields of the answer that it is in.
_FIELDS_GO_HERE = mark_safe("<!--fields-->")


@register.simple_tag
@lru_cache(maxsize=1000)
def cart_form(view: str, *args: object) -> SafeString:
    """Attributes of a form that is sent there and answered with the cart."""
    return format_html(
        'method="post" action="{url}" hx-post="{url}" hx-target="#cart" hx-swap="outerHTML"',
        url=reverse(view, args=args),
    )


@register.simple_tag
def pay_form(view: str, *args: object) -> SafeString:
    """`cart_form` of a tap on a payment, which waits for none and lets none be tapped beside it."""
    return cart_form(view, *args) + _PAYS


@register.simple_tag(takes_context=True)
def cart_fields(context: Context) -> SafeString:
    """What each form that changes the cart sends along: the version that was seen, and an id by
    which the change is made only once."""
    if "cart_fields" in context:
        given: SafeString = context["cart_fields"]
        return given
    return format_html(
        _HIDDEN * 3,
        *("csrfmiddlewaretoken", context["csrf_token"]),
        *("action_id", context["action_id"]),
        *("version", context["sale"].version),
    )


@register.simple_tag(takes_context=True)
def pay_fields(context: Context) -> SafeString:
    """`cart_fields`, and what was due by the screen."""
    return cart_fields(context) + format_html(_HIDDEN, "expected_total", context["due"])


@register.simple_tag(takes_context=True)
def cart_line(context: Context, line: SaleLine) -> SafeString:
    """`sales/_cart_line.html`, which is told of nothing but the line, its item, the currency and
    whether it may be changed: where it was drawn with the same before, it is not drawn again.

    Whatever else it is to show has to be a part of `look`.
    """
    shown = {"currency": context["currency"], "editable": context.get("editable", False)}
    look = repr((_row(line), _row(line.item), line.image_url, shown, get_language()))
    drawn = str(
        caches["drawn"].get_or_set(
            hashlib.sha256(look.encode()).hexdigest(), partial(_draw, {"line": line} | shown)
        )
    )
    # Both were escaped when they were made.
    return mark_safe(drawn.replace(_FIELDS_GO_HERE, cart_fields(context)))  # noqa: S308


def _draw(shown: dict[str, object]) -> str:
    return render_to_string("sales/_cart_line.html", shown | {"cart_fields": _FIELDS_GO_HERE})


def _row(record: Model) -> list[object]:
    """Its values, the same whether they were read or have just been written."""
    values = (record.__dict__.get(column.attname) for column in record._meta.concrete_fields)
    return [value.normalize() if isinstance(value, Decimal) else value for value in values]
