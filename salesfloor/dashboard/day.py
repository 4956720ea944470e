"""What a day sheet is made of: our payments of that day, and Lightspeed's, read when asked for."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any

from salesfloor.dashboard import day_sheet
from salesfloor.dashboard.day_sheet import Figure, Payment, Place
from salesfloor.lightspeed import records
from salesfloor.lightspeed.drafts import SOURCE
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.sales.models import Sale, SalePayment
from salesfloor.staff.connection import client_of
from salesfloor.staff.models import Account, Rep, Shop

# A sale paid at the end of a day may be completed at the beginning of the next.
LATE = timedelta(minutes=5)
# More sales in a day than fit on these is no shop; 1.4 drips a page.
MOST_PAGES = 50


@dataclass(frozen=True)
class Day:
    """From midnight to midnight by the clock on the shop's wall; the end is not part of it."""

    shop: Shop
    on: date

    @property
    def start(self) -> datetime:
        return datetime.combine(self.on, time(), self.shop.zone)

    @property
    def end(self) -> datetime:
        return datetime.combine(self.on + timedelta(days=1), time(), self.shop.zone)

    def payments(self) -> list[SalePayment]:
        """What was taken and given back for sales paid on this day, by the time of the sale."""
        payments = SalePayment.everywhere.filter(
            state=SalePayment.State.APPROVED,
            sale__account=self.shop.account_id,
            sale__register__shop=self.shop,
            sale__paid_at__gte=self.start,
            sale__paid_at__lt=self.end,
        )
        return list(
            payments.select_related(
                "payment_type", "sale__register", "sale__rep__employee", "sale__submission"
            ).order_by("sale__paid_at", "pk")
        )


def lightspeeds_sales(rep: Rep, days: Sequence[Day]) -> list[records.Sale]:
    """All that may belong to these days, whoever made it; ours have our reference. Raises
    LightspeedError."""
    client = client_of(rep.account, Right.LOOK_UP, rather=rep)
    since, until = min(day.start for day in days), max(day.end for day in days) + LATE
    sales = client.sales_completed(since, until, most_pages=MOST_PAGES)
    return _told_apart(rep.account, [s for s in sales if not (s.voided or s.archived)])


def _told_apart(account: Account, sales: Sequence[records.Sale]) -> list[records.Sale]:
    """A cart that was left to Lightspeed is a till's sale once it is completed there, though it
    goes by the reference that we gave it."""
    references = [sale.reference_number for sale in sales if _is_ours(sale)]
    left: Any = account.sales.filter(reference__in=references, state=Sale.State.KEPT)
    of_tills = set(left.values_list("reference", flat=True))
    return [
        replace(sale, reference_number="", reference_number_source="")
        if _is_ours(sale) and sale.reference_number in of_tills
        else sale
        for sale in sales
    ]


@dataclass(frozen=True)
class Row:
    """One payment type at one register, with our payments behind the figure."""

    name: str
    figure: Figure
    payments: Sequence[SalePayment]


@dataclass(frozen=True)
class RegisterRows:
    name: str
    rows: Sequence[Row]

    @property
    def total(self) -> Figure:
        return day_sheet.total([row.figure for row in self.rows])


@dataclass(frozen=True)
class Sheet:
    """A shop's day. `theirs` None: Lightspeed has not been asked."""

    day: Day
    payments: Sequence[SalePayment]
    theirs: Sequence[Payment] | None

    @property
    def ours(self) -> list[Payment]:
        return [
            Payment(
                payment.sale.reference,
                *_place(payment),
                payment.amount,
                payment.sale.ticket_number,
            )
            for payment in self.payments
        ]

    @cached_property
    def registers(self) -> list[RegisterRows]:
        """Those where anything was paid, on either side."""
        account = self.day.shop.account
        names = dict(account.registers.values_list("lightspeed_id", "name"))
        types = dict(account.payment_types.values_list("lightspeed_id", "name"))
        behind: dict[Place, list[SalePayment]] = defaultdict(list)
        for payment in self.payments:
            behind[_place(payment)].append(payment)
        figures = day_sheet.figures(self.ours, self.theirs)
        return [
            RegisterRows(
                names.get(register_id) or f"#{register_id}",
                [
                    Row(
                        types.get(figure.payment_type_id) or f"#{figure.payment_type_id}",
                        figure,
                        behind[figure.register_id, figure.payment_type_id],
                    )
                    for figure in of_register
                ],
            )
            for register_id, of_register in groupby(figures, lambda figure: figure.register_id)
        ]

    @property
    def total(self) -> Figure:
        return day_sheet.total([register.total for register in self.registers])

    @property
    def differences(self) -> list[day_sheet.Difference]:
        return [] if self.theirs is None else day_sheet.differences(self.ours, self.theirs)


def _place(payment: SalePayment) -> Place:
    return payment.sale.register.lightspeed_id, payment.payment_type.lightspeed_id


def sheet_of(day: Day, sales: Sequence[records.Sale] | None) -> Sheet:
    """`sales` as Lightspeed has them, of this shop and others; None where it was not asked."""
    payments = day.payments()
    if sales is None:
        return Sheet(day, payments, None)
    references = {payment.sale.reference for payment in payments}
    ours_of_other_days = _known(day.shop.account, sales) - references
    theirs = [
        _as_payment(sale, payment)
        for sale in sales
        if sale.shop_id == day.shop.lightspeed_id
        and _is_of(day, sale, references, ours_of_other_days)
        for payment in sale.live_payments
    ]
    return Sheet(day, payments, theirs)


def _known(account: Account, sales: Sequence[records.Sale]) -> set[str]:
    references = [sale.reference_number for sale in sales if _is_ours(sale)]
    known: Any = account.submissions.filter(reference__in=references)
    return set(known.values_list("reference", flat=True))


def _is_of(day: Day, sale: records.Sale, references: set[str], of_other_days: set[str]) -> bool:
    """Ours belong to the day on which they were paid, whenever they were completed."""
    if _is_ours(sale):
        if sale.reference_number in references:
            return True
        if sale.reference_number in of_other_days:
            return False
    return sale.complete_time is not None and day.start <= sale.complete_time < day.end


def _is_ours(sale: records.Sale) -> bool:
    return sale.reference_number_source == SOURCE


def _as_payment(sale: records.Sale, payment: records.SalePayment) -> Payment:
    return Payment(
        sale.reference_number if _is_ours(sale) else "",
        payment.register_id or sale.register_id,
        payment.payment_type_id,
        payment.amount,
        sale.ticket_number,
    )
