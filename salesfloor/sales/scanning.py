"""What a scanned code means to the rep who scanned it.

In this order: the item that carries it (a system SKU before any other code), a label of the shop's
own with a price or a weight in it, a receipt or slip, the serial number that the cart asks for, a
number inside of more, a case. A code that leaves a doubt is answered with what it may mean, and the
rep chooses.

A price in a label is taken only for an item that carries a code made for such labels, beginning
with 2: whoever may edit items in Lightspeed has said so. Any other price is the shop's. Lightspeed
counts whole units alone: what was weighed is one unit, at the price for its weight.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from salesfloor.catalog import barcodes
from salesfloor.catalog.models import InStoreBarcodes, Item
from salesfloor.money import to_cents
from salesfloor.sales import papers, stored_value
from salesfloor.sales.papers import Paper
from salesfloor.sales.refusals import Refused
from salesfloor.staff.models import Rep

# More than these with one code cannot be told apart in a short list.
MOST_OFFERS = 12


@dataclass(frozen=True)
class Offer:
    """An item that may be meant. `price` is by its label, or None for the shop's own."""

    item: Item
    price: Decimal | None = None
    note: str = ""

    @property
    def details(self) -> str:
        """What tells it from others of its name."""
        return " · ".join(filter(None, [self.note, self.item.custom_sku, self.item.system_sku]))


@dataclass(frozen=True)
class Meaning:
    """Offers, or a paper, or both, or the serial number that the cart asks for. `question` is for
    the rep, "" where there is no doubt."""

    code: str
    offers: list[Offer] = field(default_factory=list)
    paper: Paper | None = None
    question: str = ""
    is_serial: bool = False

    def offer_of(self, item_pk: int | None) -> Offer | None:
        """The one that was chosen, or the only one that can be meant."""
        if item_pk is None:
            return self.offers[0] if self.offers and not self.question else None
        return next((offer for offer in self.offers if offer.item.pk == item_pk), None)


class Known(Refused):
    """It is known what the code is of, though a scan cannot add it. `event` tells the screen."""

    event = "knownCode"


class GiftCard(Known):
    """The number of a gift card: Lightspeed is asked what is on it."""

    kind = "info"
    event = "giftCard"


class Archived(Known):
    """An item that is not sold any more, but may be looked at."""

    event = "archivedItem"


def meaning(rep: Rep, code: str) -> Meaning:
    """Raises Refused, with words for the rep, where it means nothing here."""
    code = barcodes.bare(code)
    if papers.is_order_slip(code):
        return Meaning(code, paper=papers.paper(rep, code))
    for meant_by in (_items, _label, _paper, _serial, _inner, _case):
        if meant := meant_by(rep, code):
            return meant
    raise _refusal(rep, code)


def _items(rep: Rep, code: str) -> Meaning | None:
    found = _nearest(Item.by_code(rep.account, code)[:MOST_OFFERS], code)
    if not found:
        return None
    question = _("Several items have the code %(code)s. Which one is it?") if len(found) > 1 else ""
    return Meaning(code, [Offer(item) for item in found], question=question % {"code": code})


def _nearest(items: Iterable[Item], code: str) -> list[Item]:
    """Without those that are meant only if no other is."""
    items = list(items)
    if len(items) < 2:
        return items
    return (
        _those(items, lambda item: item.system_sku == code)
        # A UPC-E may be an EAN-8 or a SKU just as well.
        or _those(items, lambda item: any(_is_same(code, each) for each in item.codes))
        or items
    )


def _those(items: list[Item], is_meant: Callable[[Item], bool]) -> list[Item]:
    return [item for item in items if is_meant(item)]


def _is_same(code: str, other: str) -> bool:
    return code.upper() == other.upper() or barcodes.same_number(code, other)


def _label(rep: Rep, code: str) -> Meaning | None:
    labels = InStoreBarcodes.of(rep.account)
    layout = labels.layout
    try:
        label = layout.read(code) if layout else None
    except barcodes.Misread:
        return None
    if label is None:
        return None
    items = list(Item.by_code(rep.account, *label.item_codes)[:MOST_OFFERS])
    if not items:
        return None
    if not label.value:
        raise Known(
            _("The label says nothing but zero: %(code)s. Nothing was added.") % {"code": code}
        )
    offers = [_labelled(rep, labels, item, label.value) for item in items]
    paper = papers.paper(rep, code)  # a ticket number may look just like a label
    question = ""
    if len(offers) > 1:
        question = _("Several items have the number %(number)s. Which one is it?")
    elif paper:
        question = _("%(code)s may be a label or a receipt. Which is it?")
    told = {"number": label.item_number, "code": code}
    return Meaning(code, offers, paper, question % told)


def _labelled(rep: Rep, labels: InStoreBarcodes, item: Item, value: Decimal) -> Offer:
    if not labels.is_weight:
        return Offer(item, value)
    each = item.price_at(rep.shop) if rep.shop else item.price
    # Of the price as it is, not in the reader's way of writing: it goes to Lightspeed too.
    return Offer(item, to_cents(value * each), f"{value} {labels.holds} × {to_cents(each)}")


def _paper(rep: Rep, code: str) -> Meaning | None:
    paper = papers.paper(rep, code)
    return Meaning(code, paper=paper) if paper else None


def _serial(rep: Rep, code: str) -> Meaning | None:
    sale = rep.account.sales.current(rep)
    return Meaning(code, is_serial=True) if sale and sale.asking_line else None


def _inner(rep: Rep, code: str) -> Meaning | None:
    for number in barcodes.inner_numbers(code):
        if meant := _items(rep, number):
            return meant
    return None


def _case(rep: Rep, code: str) -> Meaning | None:
    number = barcodes.in_the_case(code)
    meant = _items(rep, number) if number else None
    if meant is None:
        return None
    question = _("This is the code of a case. Tap to add one unit of what is in it.")
    return Meaning(code, meant.offers, question=question)


def _refusal(rep: Rep, code: str) -> Refused:
    told = {"code": code}
    if stored_value.number_of_new(code):
        return GiftCard(_("%(code)s is the number of a gift card.") % told)
    archived = Item.carrying(rep.account, code).filter(archived=True).first()
    if archived:
        told["item"] = archived.description
        return Archived(_("%(item)s (%(code)s) is archived in Lightspeed and not sold.") % told)
    if _is_misread(rep, code):
        text = _("This code was misread, its digits do not fit: %(code)s. Please scan it again.")
        return Refused(text % told)
    return Refused(_("No item has the code %(code)s.") % told)


def _is_misread(rep: Rep, code: str) -> bool:
    if barcodes.is_misread(code):
        return True
    layout = InStoreBarcodes.of(rep.account).layout
    try:
        if layout:
            layout.read(code)
    except barcodes.Misread:
        # By the digit of its price, or with 12 digits a system SKU: those have no check digit.
        return barcodes.is_checked(code)
    return False
