"""The forms of the cart, of which it has dozens, and its lines, most of which stay as they are."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from django import template
from django.template.context import Context
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext

from salesfloor.catalog.addresses import address
from salesfloor.sales.models import SaleLine
from salesfloor.staff.templatetags.money import money

register = template.Library()

# What the templates of parts that are kept name, and is put in when they are shown.
_GIVEN = ("cart_fields", "pay_fields", "due", "due_told", "in_cash", "in_cash_told")
_PAYS = mark_safe(' hx-disabled-elt="#pay button" hx-indicator="#step" hx-sync="#pay:drop"')


@register.simple_tag
@lru_cache(maxsize=1000)
def known_url(view: str, *args: object) -> str:
    """As Django's `url`, for what stands on each cart: put together once."""
    return reverse(view, args=args)


@register.simple_tag
@lru_cache(maxsize=1000)
def cart_form(view: str, pk: int | None = None) -> SafeString:
    """Attributes of a form that is sent there and answered with the cart."""
    return format_html(
        'method="post" action="{url}" hx-post="{url}" hx-target="#cart" hx-swap="outerHTML"',
        url=reverse(view) if pk is None else address(view, pk),
    )


@register.simple_tag
def pay_form(view: str) -> SafeString:
    """`cart_form` of a tap on a payment, which waits for none and lets none be tapped beside it."""
    return cart_form(view) + _PAYS


@register.simple_tag(takes_context=True)
def cart_fields(context: Context) -> SafeString:
    """What each form that changes the cart sends along: the version that was seen, and an id by
    which the change is made only once."""
    if "cart_fields" in context:
        given: SafeString = context["cart_fields"]
        return given
    return _hidden(
        ("csrfmiddlewaretoken", str(context["csrf_token"])),
        ("action_id", context["action_id"]),
        ("version", context["sale"].version),
    )


@register.simple_tag(takes_context=True)
def pay_fields(context: Context) -> SafeString:
    """`cart_fields`, and what was due by the screen."""
    if "pay_fields" in context:
        given: SafeString = context["pay_fields"]
        return given
    return cart_fields(context) + _hidden(("expected_total", context["due"]))


@lru_cache(maxsize=100)  # the same in all forms of a page
def _hidden(*fields: tuple[str, object]) -> SafeString:
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', fields)


@dataclass(frozen=True)
class ShownLine:
    """All that `sales/_cart_line.html` is told: where none of it has changed, nor the language, a
    line is not drawn again."""

    pk: int
    image_url: str
    description: str
    variant: str  # "" where it cannot be swapped for another
    note: str
    serial: str
    amount: Decimal
    unit_quantity: int
    unit_price: Decimal
    percentage_off: Decimal
    currency: str
    is_editable: bool
    is_return: bool
    is_kept: bool
    is_serialized: bool
    asks_serial: bool
    has_discount_of_customer: bool

    @classmethod
    def of(cls, line: SaleLine, currency: str, *, is_editable: bool) -> "ShownLine":
        return cls(
            pk=line.pk,
            image_url=line.image_url,
            description=line.description,
            variant=line.item.variant if is_editable and line.may_become_another else "",
            note=line.note,
            serial=line.serial,
            amount=line.priced.net if line.is_return else line.subtotal,
            unit_quantity=line.unit_quantity,
            unit_price=line.unit_price,
            percentage_off=line.percentage_off,
            currency=currency,
            is_editable=is_editable,
            is_return=line.is_return,
            is_kept=line.is_kept,
            is_serialized=line.item.serialized,
            asks_serial=line.asks_serial,
            has_discount_of_customer=bool(line.discount_lightspeed_id),
        )


@dataclass(frozen=True)
class ShownWays:
    """All that `sales/_pay_more.html` is told, but for the fields of its forms and what is due."""

    payment_types: tuple[tuple[int, str], ...]  # keys and names
    customer_pk: int | None
    customer: str
    is_anything_due: bool
    is_nothing_taken: bool
    may_wait: bool  # for the rest of its way, in Lightspeed

    @classmethod
    def of(cls, context: Context) -> "ShownWays":
        customer, due, taken = context["sale"].customer, context["due"], context["taken"]
        return cls(
            payment_types=tuple((each.pk, each.name) for each in context["payment_types"]),
            customer_pk=customer and customer.pk,
            customer=str(customer or ""),
            is_anything_due=bool(due),
            is_nothing_taken=not taken,
            may_wait=bool(context["lines"]) and due > 0 and not taken,
        )


@dataclass(frozen=True)
class ShownNotes:
    """All that `sales/_pay_cash.html` is told, but for the fields of its forms and the amounts that
    are of this cart alone."""

    count: int  # of sums in notes that may be handed over for all of it
    part_notes: tuple[Decimal, ...]
    currency: str

    @property
    def places(self) -> list[tuple[SafeString, SafeString]]:
        """Of each sum, and of how it is told."""
        return [(_place(f"note{n}"), _place(f"note{n}_told")) for n in range(self.count)]


@register.filter
def coming_back(unit_quantity: int) -> str:
    """Of a line of what comes back, whose quantity is below zero."""
    units = -unit_quantity
    return ngettext("%(units)s comes back", "%(units)s come back", units) % {"units": units}


@register.simple_tag(takes_context=True)
def cart_lines(context: Context) -> SafeString:
    fields, currency = cart_fields(context), context["currency"]
    is_editable = bool(context.get("editable"))
    shown = (ShownLine.of(line, currency, is_editable=is_editable) for line in context["lines"])
    drawn = [_drawn("sales/_cart_line.html", line, cart_fields=fields) for line in shown]
    return mark_safe("".join(drawn))  # noqa: S308 (each is safe)


@register.simple_tag(takes_context=True)
def cart_sums(context: Context) -> SafeString:
    template = get_template("sales/_sum_rows.html", using="jinja2")
    names = ("totals", "loads", "loaded", "to_collect", "currency", "tax1_name", "tax2_name")
    return mark_safe(template.render({name: context[name] for name in names}))  # noqa: S308 (Jinja2 has escaped it)


@register.simple_tag(takes_context=True)
def pay_more(context: Context) -> SafeString:
    return _drawn(
        "sales/_pay_more.html",
        ShownWays.of(context),
        cart_fields=cart_fields(context),
        pay_fields=pay_fields(context),
        due=str(abs(context["due"])),
    )


@register.simple_tag(takes_context=True)
def pay_cash(context: Context) -> SafeString:
    currency, in_cash, notes = context["currency"], context["in_cash"], context["notes"][:3]
    amounts = {"in_cash": in_cash} | {f"note{n}": note for n, note in enumerate(notes)}
    told = {f"{name}_told": money(amount, currency) for name, amount in amounts.items()}
    return _drawn(
        "sales/_pay_cash.html",
        ShownNotes(len(notes), tuple(context["part_notes"]), currency),
        pay_fields=pay_fields(context),
        due_told=money(context["due"], currency),
        **{name: str(amount) for name, amount in amounts.items()},
        **told,
    )


def _drawn(
    template_name: str, shown: ShownLine | ShownWays | ShownNotes, **values: str
) -> SafeString:
    """As it was drawn before where `shown` is the same, with what differs from answer to answer."""
    drawn = _kept(template_name, shown, get_language())
    for name, value in values.items():
        drawn = drawn.replace(_place(name), conditional_escape(value))
    return mark_safe(drawn)  # noqa: S308 (all of it is escaped)


@lru_cache(maxsize=500)
def _kept(
    template_name: str, shown: ShownLine | ShownWays | ShownNotes, _language: str | None
) -> str:
    places = {name: _place(name) for name in _GIVEN}
    return render_to_string(template_name, {"shown": shown} | places)


@cache
def _place(name: str) -> SafeString:
    """Where a part that is kept as it was drawn gets what is of this answer alone."""
    return mark_safe(f"<!--{name}-->")  # noqa: S308 (names are our own)
