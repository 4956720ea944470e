"""Receipts: by e-mail, as a page to print, and as the data that a receipt's template sees."""

from dataclasses import dataclass
from decimal import Decimal
from html import escape

from . import calculation, formats, money, tickets, wire
from .actions import Action, Call
from .description import rights
from .errors import ApiError
from .exchange import HTML, Answer
from .relations import Tree
from .resources import Resource
from .store import Record, Store
from .workshop import WORK

ZERO = Decimal(0)
KEPT_LINE: Tree = {"Item": {}, "Note": {}, "Shop": {}, "Employee": {}}
CONTACT: Tree = {"Contact": {}}
# A fixed, large set, whatever the request asks for.
TEMPLATE: Tree = {
    "Customer": {"Contact": {}, "Note": {}, "CreditAccount": {}},
    "Employee": {},
    "Register": {},
    "ShipTo": CONTACT,
    "Shop": {"Contact": {}, "ReceiptSetup": {}},
    "Discount": {},
    "TaxCategory": {},
    "SaleNotes": {},
    "Quote": {},
    "SaleLines": {
        "TaxClass": {},
        "TaxCategory": {},
        "Discount": {},
        "Employee": {},
        "Item": {"Category": {}},
        "Note": {},
        "Serialized": {},
    },
    "SalePayments": {"PaymentType": {}, "CCCharge": {}, "SaleAccounts": {}, "Signatures": {}},
}
# What is kept for a customer: the name it has below them, the flag of its lines, and the prefix of
# its sums in `m`.
KEPT = (
    ("Layaways", "isLayaway", "layaways"),
    ("SpecialOrders", "isSpecialOrder", "specialOrders"),
    ("Workorders", "isWorkorder", "workorders"),
)


@dataclass(frozen=True)
class Mail:
    """A receipt sent, where a test can read it."""

    address: str
    sale_id: int
    subject: str
    html: str
    sent_at: str


def email(call: Call) -> Record:
    address = str(call.body.get("emailAddress") or "").strip()
    if "@" not in address:
        raise ApiError(400, f"'{address}' is no e-mail address.")
    sale = _data(call)["Sale"]
    subject = f"Receipt {sale['ticketNumber']} from {sale['Shop']['name']}"
    sent_at = call.simulation.clock.stamp()
    mail = Mail(address, int(sale["saleID"]), subject, page(sale, {"email": "true"}), sent_at)
    call.simulation.mail.append(mail)
    return {"message": f"Receipt emailed to: {address}"}


def template(call: Call) -> Record | Answer:
    """The data of a receipt; the receipt itself where HTML is asked for."""
    data = _data(call)
    if formats.wanted(call.request, ("json", "xml", "html")) != "html":
        return data
    if not call.request.param("template"):
        raise ApiError(400, "An HTML display needs a template: ?template=SaleReceipt.")
    return Answer(200, page(data["Sale"], dict(call.request.params)).encode(), HTML)


def listed(call: Call) -> Record:
    """The data of one page of receipts."""
    answer = call.listed("Sale", TEMPLATE)
    for sale in wire.entries(answer, "Sale"):
        _complete(call, sale)
    return answer


def _data(call: Call) -> Record:
    found = tickets.sale_of(call.simulation.store, call.keys[0])
    answer = call.single("Sale", found["saleID"], TEMPLATE)
    _complete(call, answer["Sale"])
    return answer


def _complete(call: Call, sale: Record) -> None:
    """Adds what a sale has nowhere else."""
    # A name of receipts' templates alone; nothing here charges any.
    sale["calcSurcharges"] = "0"
    for line in wire.entries(sale.get("SaleLines"), "SaleLine"):
        line["taxCategoryID"] = sale["taxCategoryID"]
    if "Customer" in sale:
        _add_kept(call, sale["Customer"])


def _add_kept(call: Call, customer: Record) -> None:
    """All that is kept for a customer outside any sale, and what it comes to."""
    store = call.simulation.store
    key = int(customer["customerID"])
    lines = store.find("SaleLine", customerID=key, saleID=0)
    sums: list[tuple[str, Record]] = [("", _sums(lines))]
    for name, flag, prefix in KEPT:
        of_kind = [line for line in lines if line[flag]]
        if of_kind:
            shown = [_kept_line(call, line) for line in of_kind]
            customer[name] = wire.wrapped("SaleLine", shown)
        sums.append((prefix, _sums(of_kind)))
    customer["m"] = {
        (prefix + name[0].upper() + name[1:] if prefix else name): value
        for prefix, figures in sums
        for name, value in figures.items()
    }
    customer["m"]["getAmountToCompleteAll"] = customer["m"]["total"]


def _kept_line(call: Call, line: Record) -> Record:
    """A work order's own line has what all of the work comes to."""
    store = call.simulation.store
    shown: Record = call.single("SaleLine", line["saleLineID"], KEPT_LINE)["SaleLine"]
    if line["isWorkorder"]:
        for workorder in store.find("Workorder", saleLineID=line["saleLineID"]):
            shown["m"] = _work_sums(store, workorder)
    return shown


def _work_sums(store: Store, workorder: Record) -> Record:
    key = workorder["workorderID"]
    works = [work for name in WORK for work in store.find(name, workorderID=key)]
    lines = [store.get("SaleLine", work["saleLineID"]) for work in works]
    figures = _sums([line for line in lines if line])
    return {
        "workorderTax": figures["taxTotal"],
        "workorderLineDiscount": figures["lineDiscount"],
        # There is none before there is a sale.
        "workorderTransactionDiscount": "0",
        "workorderAllDiscounts": figures["allDiscounts"],
        "workorderSubtotal": figures["subtotal"],
        "workorderTotal": figures["total"],
        "workorderSystemSku": workorder["systemSku"],
    }


def _sums(lines: list[Record]) -> Record:
    """As published: `tax` sums the first tax, `tax1` the second, and `tax2` to `tax5` are 0."""

    def total(name: str) -> Decimal:
        return sum((line[name] for line in lines), ZERO)

    tax1, tax2 = total("calcTax1"), total("calcTax2")
    taxes = money.round2(tax1) + money.round2(tax2)
    net = total("calcSubtotal") - total("calcLineDiscount")
    figures = {
        "subtotal": net,
        "subtotalNoDiscount": total("calcSubtotal"),
        "tax": tax1,
        "tax1": tax2,
        **{f"tax{number}": ZERO for number in range(2, 6)},
        "lineDiscount": total("calcLineDiscount"),
        "allDiscounts": total("calcLineDiscount"),
        "taxTotal": taxes,
        "total": net + taxes,
    }
    return {name: wire.decimal_text(value) for name, value in figures.items()}


# --- The page -------------------------------------------------------------------------

STYLE = """
body { margin: 0 auto; padding: 1rem; max-width: 24rem; color: #000; background: #fff;
  font: 14px/1.4 system-ui, sans-serif; }
h1 { font-size: 1.1rem; text-align: center; } p { margin: .25rem 0; text-align: center; }
table { width: 100%; border-collapse: collapse; margin: .75rem 0; }
td:last-child { text-align: right; white-space: nowrap; } small { display: block; }
"""


def page(sale: Record, params: dict[str, str]) -> str:
    """`params`: gift_receipt leaves all money out; invoice_as_title, print."""
    gift = _on(params, "gift_receipt")
    setup = sale["Shop"].get("ReceiptSetup", {})
    body = [
        f"<h1>{escape(_title(sale, params))}</h1>",
        *(_paragraph(text) for text in (sale["Shop"]["name"], setup.get("header", ""))),
        _paragraph(_who(sale)),
        _paragraph(f"{sale['ticketNumber']} · {sale.get('completeTime', sale['createTime'])}"),
        _table(_lines(sale, gift=gift)),
        "" if gift else _table([*_totals(sale), *_payments(sale)]),
        _paragraph(sale.get("SaleNotes", {}).get("PrintedNote", {}).get("note", "")),
        _paragraph(setup.get("generalMsg", "")),
    ]
    onload = ' onload="window.print()"' if _on(params, "print") else ""
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{sale["ticketNumber"]}</title>'
        f"<style>{STYLE}</style></head><body{onload}>{''.join(body)}</body></html>"
    )


def _on(params: dict[str, str], name: str) -> bool:
    return params.get(name, "").lower() not in ("", "0", "false")


def _title(sale: Record, params: dict[str, str]) -> str:
    if _on(params, "gift_receipt"):
        return "Gift Receipt"
    if sale["completed"] != "true":
        return "Quote" if sale["quoteID"] != "0" else "Open Sale"
    if sale["calcTotal"].startswith("-"):
        return "Refund Receipt"
    return "Invoice" if _on(params, "invoice_as_title") else "Sales Receipt"


def _who(sale: Record) -> str:
    customer, employee = sale.get("Customer", {}), sale.get("Employee", {})
    names = [
        f"{person.get('firstName', '')} {person.get('lastName', '')}".strip()
        for person in (customer, employee)
    ]
    return " · ".join(name for name in names if name)


def _lines(sale: Record, *, gift: bool) -> list[tuple[str, str]]:
    rows = []
    for line in wire.entries(sale.get("SaleLines"), "SaleLine"):
        note = line.get("Note", {}).get("note", "")
        unnamed = "Work order" if line["isWorkorder"] == "true" else "Miscellaneous"
        what = line.get("Item", {}).get("description", "") or note or unnamed
        small = f"<small>{escape(note)}</small>" if note not in ("", what) else ""
        price = "" if gift else _money(line["displayableSubtotal"])
        rows.append((f"{line['unitQuantity']} × {escape(what)}{small}", price))
    return rows


def _totals(sale: Record) -> list[tuple[str, str]]:
    taxes = wire.entries(sale.get("TaxClassTotals"), "Tax")
    first, second = (
        next((tax[name] for tax in taxes if tax.get(name)), otherwise)
        for name, otherwise in (("taxname", "Tax"), ("taxname2", "Tax 2"))
    )
    rows = [
        ("Subtotal", sale["calcSubtotal"]),
        ("Discounts", sale["calcDiscount"]),
        (escape(first), sale["calcTax1"]),
        (escape(second), sale["calcTax2"]),
        ("Tips", sale["calcTips"]),
    ]
    shown = [(name, _money(amount)) for name, amount in rows if amount != "0"]
    delta = Decimal(sale["MetaData"].get("cash_rounding_delta", "0"))
    return [*shown, ("<b>Total</b>", _money(Decimal(sale["calcTotal"]) - delta))]


def _payments(sale: Record) -> list[tuple[str, str]]:
    """Cash as it was handed over, so with the change."""
    change = Decimal(sale["change"])
    rows = []
    for payment in wire.entries(sale.get("SalePayments"), "SalePayment"):
        kind = payment["PaymentType"]
        amount = Decimal(payment["amount"])
        if payment["archived"] == "true":
            continue
        if kind["type"] == calculation.CASH and amount > 0:
            amount, change = amount + change, ZERO
        rows.append((escape(kind["name"]), _money(amount)))
    return [*rows, *([("Change", _money(sale["change"]))] if sale["change"] != "0" else [])]


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>" if text else ""


def _table(rows: list[tuple[str, str]]) -> str:
    return f"<table>{''.join(f'<tr><td>{a}</td><td>{b}</td></tr>' for a, b in rows)}</table>"


def _money(amount: str | Decimal) -> str:
    return f"{money.round2(Decimal(amount)):.2f}"


RESOURCES: tuple[type[Resource], ...] = ()
ACTIONS: tuple[Action, ...] = (
    Action(
        "POST",
        "Sale/{id}/EmailReceipt",
        email,
        root="EmailReceipt",
        cost=5,
        rights=rights("cfd register"),
    ),
    Action(
        "GET",
        "DisplayTemplate/Sale/{id}",
        template,
        root="Sale",
        rights=rights("register register_read"),
    ),
    Action(
        "GET",
        "DisplayTemplate/Sale",
        listed,
        root="Sale",
        rights=rights("register register_read"),
    ),
)
