"""A sale as Lightspeed has it now: what of it may still come back, and how it was paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from salesfloor.catalog.models import Item
from salesfloor.customers.models import Customer
from salesfloor.lightspeed import records
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.money import to_cents
from salesfloor.returns.shares import discount_share
from salesfloor.sales.models import OriginalPayment, SaleLine
from salesfloor.staff.connection import client_for
from salesfloor.staff.models import Account, PaymentType, Rep

ZERO = Decimal(0)


@dataclass(frozen=True)
class Back:
    """What came back of a line, or is about to: units and discount, both above zero."""

    units: int = 0
    discount: Decimal = ZERO

    def __add__(self, other: Back) -> Back:
        return Back(self.units + other.units, self.discount + other.discount)


@dataclass(frozen=True)
class OriginalLine:
    sold: records.SaleLine
    item: Item | None  # None where it is not in our mirror: then it cannot come back here
    discount: Decimal  # in prices' money: with the tax where they include it
    back: Back

    @property
    def description(self) -> str:
        return self.item.description if self.item else ""

    @property
    def units_sold(self) -> int:
        return int(self.sold.unit_quantity)

    @property
    def units_left(self) -> int:
        return max(0, self.units_sold - self.back.units) if self.item else 0

    @property
    def choices(self) -> range:
        return range(1, self.units_left + 1)

    @property
    def unit_price_paid(self) -> Decimal:
        """Less discount, as a receipt would say it of one unit."""
        return to_cents(self.sold.unit_price - self.discount / self.units_sold)

    def taken_back(self, units: int) -> SaleLine:
        """The line of a cart, not saved, by which so many come back at the price really paid."""
        sold = self.sold
        share = discount_share(
            units,
            sold=self.units_sold,
            left=self.units_left,
            given=self.discount,
            back=self.back.discount,
        )
        by_percent = to_cents(units * sold.unit_price * sold.discount_percent)
        line = SaleLine(
            item=self.item,
            description=self.description,
            unit_quantity=-units,
            unit_price=sold.unit_price,
            tax1_rate=sold.tax1_rate if sold.tax else ZERO,
            tax2_rate=sold.tax2_rate if sold.tax else ZERO,
            parent_lightspeed_id=sold.sale_line_id,
            original_lightspeed_id=sold.sale_id,
        )
        if share and share == by_percent:
            line.discount_percent = sold.discount_percent
        else:
            line.discount_amount = -share
        return line


@dataclass(frozen=True)
class Original:
    sale: records.Sale
    lines: list[OriginalLine]
    payments: list[OriginalPayment]  # less what was given back; not saved
    customer: Customer | None
    # By line, what our own carts were about to take back when this was read.
    in_our_carts: Mapping[int, Back]

    @property
    def is_returnable(self) -> bool:
        return any(line.units_left for line in self.lines)


def read(rep: Rep, sale_id: int) -> Original:
    """Raises NotFound where there is no completed sale of this number; LightspeedError."""
    account, client = rep.account, client_for(rep, Right.LOOK_UP)
    # Ours first: what is recorded meanwhile then counts twice rather than never.
    in_our_carts = in_carts_of(account, sale_id)
    sale = client.sale(sale_id)
    sold = [line for line in sale.sale_lines if line.unit_quantity > 0 and not line.line_type]
    taking_back = client.lines_taking_back([line.sale_line_id for line in sold])
    refunds = [
        refund
        for refund in client.sales_with_ids({line.sale_id for line in taking_back})
        if refund.completed and not (refund.voided or refund.archived)
    ]
    back = defaultdict(Back, in_our_carts)
    counted = {refund.sale_id: refund for refund in refunds}
    for line in taking_back:
        if refund := counted.get(line.sale_id):
            back[line.parent_sale_line_id] += Back(
                -int(line.unit_quantity), -_discount(line, refund)
            )
    return Original(
        sale,
        _lines(account, sale, sold, back),
        _payments(account, sale, refunds),
        account.customers.filter(lightspeed_id=sale.customer_id or -1).first(),
        in_our_carts,
    )


def in_carts_of(account: Account, sale_id: int) -> dict[int, Back]:
    """By line of the sale."""
    back: defaultdict[int, Back] = defaultdict(Back)
    coming = SaleLine.everywhere.coming_back(account).filter(original_lightspeed_id=sale_id)
    for line in coming:
        back[line.parent_lightspeed_id or 0] += Back(-line.unit_quantity, -line.discount)
    return dict(back)


def _lines(
    account: Account,
    sale: records.Sale,
    sold: Iterable[records.SaleLine],
    back: Mapping[int, Back],
) -> list[OriginalLine]:
    items = account.items.filter(lightspeed_id__in=[line.item_id for line in sold])
    by_id = {item.lightspeed_id: item for item in items}
    is_sold = sale.completed and not (sale.voided or sale.archived)
    return [
        OriginalLine(
            line,
            by_id.get(line.item_id) if is_sold else None,
            _discount(line, sale),
            back.get(line.sale_line_id, Back()),
        )
        for line in sold
    ]


def _discount(line: records.SaleLine, sale: records.Sale) -> Decimal:
    """All of it, its share of a discount on the sale too; below zero on what comes back."""
    if sale.is_tax_inclusive:
        return line.unit_quantity * line.unit_price - line.calc_total
    return line.calc_line_discount + line.calc_transaction_discount


def _payments(
    account: Account, sale: records.Sale, refunds: Collection[records.Sale]
) -> list[OriginalPayment]:
    """By payment type, and by card or account where Lightspeed keeps the money."""
    types = {each.lightspeed_id: each for each in account.payment_types.all()}
    left: defaultdict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for payment in sale.live_payments:
        if payment.amount > 0 and payment.payment_type_id in types:
            left[_way(types, payment)] += payment.amount
    for refund in refunds:
        for payment in refund.live_payments:
            if payment.amount < 0 and _way(types, payment) in left:
                left[_way(types, payment)] += payment.amount
    return [
        OriginalPayment(
            original_lightspeed_id=sale.sale_id,
            payment_type=types[type_id],
            credit_account_lightspeed_id=account_id or None,
            amount=amount,
            refunds_before=len(refunds),
        )
        for (type_id, account_id), amount in left.items()
    ]


def _way(types: Mapping[int, PaymentType], payment: records.SalePayment) -> tuple[int, int]:
    payment_type = types.get(payment.payment_type_id)
    is_stored = payment_type is not None and payment_type.kind in PaymentType.STORED
    return payment.payment_type_id, payment.credit_account_id if is_stored else 0
