"""What Lightspeed keeps for customers now, and whether it may leave here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from salesfloor.catalog.models import Item
from salesfloor.customers.models import Customer
from salesfloor.lightspeed import records
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.money import to_cents
from salesfloor.orders.models import Kind, OrderLine
from salesfloor.outbox.models import Submission
from salesfloor.sales.models import Sale, SaleLine
from salesfloor.staff.connection import client_for
from salesfloor.staff.models import Account, Rep, Shop

ZERO = Decimal(0)
# Of a special order, once its goods have come in.
READY = "Ready For Pickup"


@dataclass(frozen=True)
class Kept:
    """A line, with what the mirror and our own rows know of it; None where they know nothing."""

    line: records.SaleLine
    item: Item | None
    customer: Customer | None
    shop: Shop | None
    own: OrderLine | None
    cart: Sale | None  # of ours, which picks it up or did and is not recorded yet
    is_free: bool  # in no sale, or in one of ours that was given up

    @property
    def line_id(self) -> int:
        return self.line.sale_line_id

    @property
    def kind(self) -> Kind:
        return Kind.LAYAWAY if self.line.is_layaway else Kind.SPECIAL_ORDER

    @property
    def description(self) -> str:
        return self.item.description if self.item else ""

    @property
    def units(self) -> int:
        return int(self.line.unit_quantity)

    @property
    def units_missing(self) -> int:
        """Of a layaway, those that are not reserved."""
        if not self.line.is_layaway or (self.item and not self.item.has_stock):
            return 0
        return max(0, self.units - int(self.line.units_reserved))

    @property
    def status(self) -> str:
        """Of a special order, as Lightspeed says it; "" where it does not."""
        return self.line.special_order.status if self.line.special_order else ""

    @property
    def has_come(self) -> bool:
        return self.line.is_layaway or self.status == READY

    def may_leave(self, shop: Shop) -> bool:
        """Whether a rep of this shop can put it into a cart."""
        here = self.shop == shop and self.item is not None
        return here and self.is_free and self.cart is None and self.has_come

    @property
    def may_be_cancelled(self) -> bool:
        return self.is_free and self.cart is None

    @property
    def net(self) -> Decimal:
        """Less discounts, as a cart shows a line: before a tax that prices do not include."""
        line = self.line
        return to_cents(
            line.calc_subtotal - line.calc_line_discount - line.calc_transaction_discount
        )

    @property
    def total(self) -> Decimal:
        """Of this line alone; what several come to together is rounded once (`total_of_order`)."""
        return to_cents(self.line.calc_total)

    def picked_up(self, sale: Sale) -> SaleLine:
        """The line of a cart, not saved, at the price that was promised."""
        line, rates = self.line, (ZERO, ZERO)
        if line.tax and sale.tax_category:
            rates = sale.tax_category.rates_for(line.tax_class_id)
        picked = SaleLine(
            item=self.item,
            description=self.description,
            unit_quantity=self.units,
            unit_price=line.unit_price,
            tax1_rate=rates[0],
            tax2_rate=rates[1],
            note=line.note.note[:255] if line.note else "",
            kept_lightspeed_id=line.sale_line_id,
        )
        by_percent = to_cents(line.calc_subtotal * line.discount_percent)
        if line.calc_line_discount and line.calc_line_discount == by_percent:
            picked.discount_percent = line.discount_percent
        else:
            picked.discount_amount = line.calc_line_discount
        return picked


def kept_for(rep: Rep, customer: Customer) -> list[Kept]:
    """All of it, in whatever shop, that no sale has taken away. Raises LightspeedError."""
    lines = client_for(rep, Right.LOOK_UP).lines_kept_for(customer.lightspeed_id)
    return _of(rep.account, lines)


def total_of_order(found: Sequence[Kept]) -> Decimal | None:
    """With tax, of lines that were kept together: each tax is rounded over all of them, as in the
    sale that they came from. None for lines of several orders, as no sum fits all of their slips.
    """
    if len({each.own.order_id if each.own else -each.line_id for each in found}) != 1:
        return None
    tax1 = sum((each.line.calc_tax1 for each in found), ZERO)
    tax2 = sum((each.line.calc_tax2 for each in found), ZERO)
    before_tax = sum((each.line.calc_total for each in found), ZERO) - tax1 - tax2
    return to_cents(before_tax + to_cents(tax1) + to_cents(tax2))


def kept_in(rep: Rep, shop: Shop) -> list[Kept]:
    """Raises LightspeedError."""
    return _of(rep.account, client_for(rep, Right.LOOK_UP).lines_kept_in(shop.lightspeed_id))


def _of(account: Account, lines: Iterable[records.SaleLine]) -> list[Kept]:
    lines = [line for line in lines if line.is_kept]
    ids = [line.sale_line_id for line in lines]
    given_up = _given_up(account, {line.sale_id for line in lines} - {0})
    items = account.items.filter(lightspeed_id__in={line.item_id for line in lines})
    customers = account.customers.filter(lightspeed_id__in={line.customer_id for line in lines})
    own = OrderLine.everywhere.filter(order__account=account, lightspeed_id__in=ids)
    in_carts = SaleLine.everywhere.picked_up(account).filter(kept_lightspeed_id__in=ids)
    in_carts = in_carts.exclude(sale__submission__state__in=Submission.State.done())
    by_item = {item.lightspeed_id: item for item in items}
    by_customer = {customer.lightspeed_id: customer for customer in customers}
    by_shop = {shop.lightspeed_id: shop for shop in account.shops.all()}
    by_line = {line.lightspeed_id: line for line in own.select_related("order")}
    carts = {
        line.kept_lightspeed_id: line.sale
        for line in in_carts.select_related("sale__rep__employee")
    }
    return [
        Kept(
            line,
            by_item.get(line.item_id),
            by_customer.get(line.customer_id),
            by_shop.get(line.shop_id),
            by_line.get(line.sale_line_id),
            carts.get(line.sale_line_id),
            line.sale_id in given_up | {0},
        )
        for line in lines
        if line.sale_id in given_up | {0} or line.sale_line_id in carts
    ]


def _given_up(account: Account, sale_ids: Collection[int]) -> set[int]:
    """Open sales that our carts left behind: what they hold is kept again once they are archived,
    which the next pick-up sees to."""
    drafts = account.drafts.filter(sale_lightspeed_id__in=sale_ids)
    wanted = drafts.filter(stray_since=None).values_list("sale_lightspeed_id", flat=True)
    strays = drafts.exclude(stray_since=None).values_list("sale_lightspeed_id", flat=True)
    return set(filter(None, strays)) - set(wanted)
