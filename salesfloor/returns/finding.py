"""The sale that goods come back from: by its receipt, or by who bought what and when."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from salesfloor.catalog.models import Item
from salesfloor.customers import search
from salesfloor.customers.models import Customer
from salesfloor.lightspeed import records, tickets
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.sales.models import REFERENCE_PREFIX
from salesfloor.sales.refusals import Refused
from salesfloor.staff.connection import client_for
from salesfloor.staff.models import Account, Rep


@dataclass(frozen=True)
class FoundSale:
    sale: records.Sale
    items: list[str]  # their names


@dataclass(frozen=True)
class Found:
    """None of what was not asked for."""

    customers: list[Customer] | None = None
    items: list[Item] | None = None
    sales: list[FoundSale] | None = field(default=None)


def sale_id_of(rep: Rep, number: str) -> int:
    """Lightspeed's id of the sale with this ticket number or reference. Raises Refused."""
    if sale_id := tickets.sale_id_of(number):
        return sale_id
    if not number.startswith(REFERENCE_PREFIX):
        raise Refused(_("That is no ticket number: 22 and ten more digits."))
    submission = rep.account.submissions.filter(reference=number).first()
    if submission is None:
        raise Refused(_("No sale has this reference here."))
    if submission.sale_lightspeed_id is None:
        raise Refused(_("This sale is still on its way to Lightspeed. Try again in a moment."))
    found: int = submission.sale_lightspeed_id
    return found


def find(rep: Rep, asked: dict[str, Any]) -> Found:
    """Sales are asked of Lightspeed, customers and items are ours. Raises LightspeedError."""
    account = rep.account
    if asked["of"]:
        return Found(sales=_sales_of(rep, get_object_or_404(account.customers, pk=asked["of"])))
    if asked["sold"] and asked["sold_on"]:
        item = get_object_or_404(account.items, pk=asked["sold"])
        return Found(sales=_sales_with(rep, item, asked["sold_on"]))
    if asked["customer"]:
        return Found(customers=search.find(account, asked["customer"]))
    if asked["item"] and rep.shop:
        by_code = list(Item.by_code(account, asked["item"]))
        return Found(items=by_code or account.items.search(asked["item"], shop=rep.shop))
    return Found()


def _sales_of(rep: Rep, customer: Customer) -> list[FoundSale]:
    sales = client_for(rep, Right.LOOK_UP).sales_of_customer(customer.lightspeed_id)
    return _named(rep.account, sales)


def _sales_with(rep: Rep, item: Item, sold_on: date) -> list[FoundSale]:
    """Of that day by the clock of the rep's shop."""
    client = client_for(rep, Right.LOOK_UP)
    zone = rep.shop.zone if rep.shop else None
    midnight = datetime.combine(sold_on, time(), zone)
    lines = client.lines_of_item(item.lightspeed_id, midnight, midnight + timedelta(days=1))
    sold = {line.sale_id for line in lines if line.sale_id and line.unit_quantity > 0}
    return _named(rep.account, client.sales_with_ids(sold))


def _named(account: Account, sales: Iterable[records.Sale]) -> list[FoundSale]:
    """Those that something may come back from."""
    kept = [sale for sale in sales if sale.completed and not (sale.voided or sale.archived)]
    sold = [
        (sale, [line.item_id for line in sale.sale_lines if line.unit_quantity > 0])
        for sale in kept
    ]
    wanted = {item_id for _sale, item_ids in sold for item_id in item_ids}
    names = dict(
        account.items.filter(lightspeed_id__in=wanted).values_list("lightspeed_id", "description")
    )
    return [
        FoundSale(sale, [names[item_id] for item_id in item_ids if item_id in names])
        for sale, item_ids in sold
        if item_ids
    ]
