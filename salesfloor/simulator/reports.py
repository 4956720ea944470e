"""The accounting reports: what completed sales came to, by the days of the shop's own clock."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from . import wire
from .actions import Action, Call
from .description import rights
from .errors import ApiError
from .money import round2
from .resources import Resource
from .store import Record

ZERO = Decimal(0)
# Recorded: money to the cent with its zeros, costs to nine places.
DAY = "%m/%d/%Y"

Rows = list[dict[str, str]]


def _day(call: Call, name: str) -> date:
    """Documented: anything of ISO 8601, so that a moment will do for its day."""
    zone = call.simulation.zone()
    try:
        return _date(ZoneInfo(zone), wire.moment(call.request.param(name), zone))
    except (ValueError, OverflowError) as error:
        raise ApiError(400, f"{name} must be a date such as 2026-05-04.") from error


def _sales(call: Call) -> Iterator[tuple[date, Record]]:
    """The sales completed from startDate to endDate, each with its day."""
    first, last = _day(call, "startDate"), _day(call, "endDate")
    store, zones = call.simulation.store, _zones(call)
    found = store.execute(
        # Wherever a shop is, its days lie within these; no day is far beyond the year 9999.
        "SELECT saleID FROM Sale WHERE completed AND NOT voided "
        "AND completeTime >= date(?, '-1 day') "
        "AND completeTime < coalesce(date(?, '+2 days'), 'A') ORDER BY completeTime, saleID",
        (str(first), str(last)),
    )
    for (key,) in found:
        sale = store.must("Sale", key)
        day = _date(zones[sale["shopID"]], sale["completeTime"])
        if first <= day <= last:
            yield day, sale


def _zones(call: Call) -> dict[int, ZoneInfo]:
    """Of each shop; of one that nobody knows, the first shop's."""
    default = ZoneInfo(call.simulation.zone())
    shops = call.simulation.store.find("Shop")
    return defaultdict(
        lambda: default, {shop["shopID"]: ZoneInfo(shop["timeZone"]) for shop in shops}
    )


def _date(zone: ZoneInfo, moment: str) -> date:
    return datetime.fromisoformat(moment).astimezone(zone).date()


def _listed(call: Call, name: str, rows: Rows, by: str = "date") -> Record:
    """Recorded: a list, even of one. `by`: what the rows are in the order of."""
    sort = call.request.param("sort") or by
    if sort.removeprefix("-") != by:
        raise ApiError(400, f"Sorting by '{sort}' is not supported. Sortable fields: {by}.")
    if sort.startswith("-"):
        rows.reverse()
    return {"@attributes": {"next": "", "previous": ""}, **({name: rows} if rows else {})}


def discounts(call: Call) -> Record:
    sums: dict[tuple[date, int], Decimal] = defaultdict(Decimal)
    for day, sale in _sales(call):
        sums[day, sale["shopID"]] += sale["calcDiscount"]
    rows = [
        {"date": day.strftime(DAY), "shopID": str(shop), "discount": str(round2(total))}
        for (day, shop), total in sorted(sums.items())
    ]
    return _listed(call, "Discounts", rows)


def payments(call: Call) -> Record:
    store = call.simulation.store
    sums: dict[tuple[date, int, int], Decimal] = defaultdict(Decimal)
    for day, sale in _sales(call):
        for payment in store.find("SalePayment", saleID=sale["saleID"], archived=0):
            sums[day, sale["shopID"], payment["paymentTypeID"]] += payment["amount"]
    rows = [
        {
            "date": day.strftime(DAY),
            "shopID": str(shop),
            "amount": str(round2(total)),
            "paymentTypeName": str(store.must("PaymentType", kind)["name"]),
            "paymentTypeID": str(kind),
        }
        for (day, shop, kind), total in sorted(sums.items())
    ]
    return _listed(call, "Payments", rows)


def taxes(call: Call) -> Record:
    store = call.simulation.store
    sums: dict[tuple[date, int, int], Decimal] = defaultdict(Decimal)
    for day, sale in _sales(call):
        if sale["taxCategoryID"]:
            sums[day, sale["shopID"], sale["taxCategoryID"]] += sale["taxTotal"]
    rows = [
        {
            "date": day.strftime(DAY),
            "shopID": str(shop),
            "taxCategoryID": str(category),
            "taxCategoryName": str((store.get("TaxCategory", category) or {}).get("tax1Name", "")),
            "tax": str(round2(total)),
        }
        for (day, shop, category), total in sorted(sums.items())
    ]
    return _listed(call, "Taxes", rows)


def tax_classes(call: Call) -> Record:
    """What was sold by tax class, before discounts and tax."""
    store = call.simulation.store
    sums: dict[tuple[date, int, int], list[Decimal]] = defaultdict(lambda: [ZERO] * 3)
    for day, sale in _sales(call):
        for line in store.find("SaleLine", saleID=sale["saleID"]):
            figures = sums[day, line["taxClassID"], sale["shopID"]]
            figures[0] += line["calcSubtotal"]
            figures[1] += line["unitQuantity"] * line["fifoCost"]
            figures[2] += line["unitQuantity"] * line["avgCost"]
    rows = [
        {
            "date": day.strftime(DAY),
            "taxClassID": str(tax_class),
            "taxClassName": str((store.get("TaxClass", tax_class) or {}).get("name", "")),
            "shopID": str(shop),
            "subtotal": str(round2(subtotal)),
            "fifoCost": f"{fifo_cost:.9f}",
            "avgCost": f"{avg_cost:.9f}",
        }
        for (day, tax_class, shop), (subtotal, fifo_cost, avg_cost) in sorted(sums.items())
    ]
    return _listed(call, "SalesDay", rows)


def orders(call: Call) -> Record:
    """What vendors' orders that came in had cost, by the tax class of the items."""
    store = call.simulation.store
    first, last, zones = _day(call, "startDate"), _day(call, "endDate"), _zones(call)
    rows: Rows = []
    for order in store.find("Order", archived=0):
        if not order["receivedDate"]:
            continue
        day = _date(zones[order["shopID"]], order["receivedDate"])
        if not first <= day <= last:
            continue
        vendor = store.get("Vendor", order["vendorID"]) or {}
        costs: dict[int, Decimal] = defaultdict(Decimal)
        for line in store.find("OrderLine", orderID=order["orderID"]):
            item = store.get("Item", line["itemID"]) or {}
            costs[item.get("taxClassID", 0)] += line["total"]
        rows += [
            {
                "date": day.strftime(DAY),
                "shopID": str(order["shopID"]),
                "taxClassID": str(tax_class),
                "taxClassName": str((store.get("TaxClass", tax_class) or {}).get("name", "")),
                "vendorID": str(order["vendorID"]),
                "vendorName": str(vendor.get("name", "")),
                "cost": f"{cost:.9f}",
                "orderID": str(order["orderID"]),
                "totalShipCost": str(round2(order["shipCost"])),
                "totalOtherCost": str(round2(order["otherCost"])),
            }
            for tax_class, cost in sorted(costs.items())
        ]
    return _listed(call, "Order", rows, by="orderID")


def _report(name: str, run: Callable[[Call], Record]) -> Action:
    return Action("GET", f"Reports/Accounting/{name}", run, "Report", rights=rights("reports"))


RESOURCES: tuple[type[Resource], ...] = ()
ACTIONS: tuple[Action, ...] = (
    _report("DiscountsByDay", discounts),
    _report("PaymentsByDay", payments),
    _report("TaxesByDay", taxes),
    _report("TaxClassSalesByDay", tax_classes),
    _report("OrdersByTaxClass", orders),
)
