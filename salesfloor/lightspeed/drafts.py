"""What is written to Lightspeed about a sale, as JSON: made here once, stored, sent later.

>>> line = DraftLine(item_id=12, unit_quantity=Decimal(2), unit_price=Decimal("9.90"))
>>> line.body()
{'itemID': 12, 'unitQuantity': '2', 'unitPrice': '9.90'}

Numbers are plain decimals in strings; Lightspeed refuses thousands separators. What is None is left
out: an omitted field keeps its value or gets its default, an empty one would be emptied.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

Body = dict[str, Any]

SOURCE = "salesfloor"


@dataclass(frozen=True, kw_only=True)
class DraftLine:
    """`item_id` 0 is a miscellaneous line. `discount_percent` is a fraction, and goes not together
    with `discount_amount`, which is money off the line.

    `sale_line_id` is one that is kept for the customer: it moves into the sale as it is, and the
    rest only tells what it is. Without, a line is added, even if one like it is there.
    `parent_sale_line_id` is the line of a completed sale of which a negative quantity comes back;
    one that cannot come back is left out of the answer without a word.
    """

    item_id: int
    unit_quantity: Decimal | int
    unit_price: Decimal | None = None
    discount_id: int | None = None
    discount_percent: Decimal | None = None
    discount_amount: Decimal | None = None
    tax: bool | None = None
    tax_class_id: int | None = None
    employee_id: int | None = None
    note: str | None = None
    sale_line_id: int | None = None
    parent_sale_line_id: int | None = None

    def body(self) -> Body:
        if self.sale_line_id:
            return {"saleLineID": self.sale_line_id}
        return _known(
            parentSaleLineID=self.parent_sale_line_id,
            itemID=self.item_id,
            unitQuantity=_plain(self.unit_quantity),
            unitPrice=_plain(self.unit_price),
            discountID=self.discount_id,
            discountPercent=_plain(self.discount_percent),
            discountAmount=_plain(self.discount_amount),
            tax=self.tax,
            taxClassID=self.tax_class_id,
            employeeID=self.employee_id,
            Note={"note": self.note} if self.note else None,
        )


@dataclass(frozen=True, kw_only=True)
class ShipTo:
    """To whom and where a sale is sent. `country_code` has two letters."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    ship_note: str = ""
    address1: str = ""
    address2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country_code: str = ""
    phone: str = ""

    def body(self) -> Body:
        address = {name: getattr(self, name) for name in ("address1", "address2", "city", "state")}
        address |= {"zip": self.zip, "countryCode": self.country_code}
        contact: Body = {"Addresses": {"ContactAddress": address}}
        if self.phone:
            contact["Phones"] = {"ContactPhone": [{"number": self.phone, "useType": "Home"}]}
        return {
            "firstName": self.first_name,
            "lastName": self.last_name,
            "company": self.company,
            "shipNote": self.ship_note,
            "Contact": contact,
        }


@dataclass(frozen=True, kw_only=True)
class SaleDraft:
    """An open sale. `tax_category_id` None leaves the shop's own; 0 takes all tax off the sale.

    `discount_id` None leaves the customer's, if Lightspeed applies one; 0 is none on the whole.
    """

    reference_number: str
    employee_id: int
    shop_id: int
    register_id: int
    lines: Sequence[DraftLine]
    customer_id: int | None = None
    tax_category_id: int | None = None
    discount_id: int | None = None
    enable_promotions: bool = False
    reference_number_source: str = SOURCE
    ship_to: ShipTo | None = None

    def body(self) -> Body:
        return _known(
            referenceNumber=self.reference_number,
            referenceNumberSource=self.reference_number_source,
            employeeID=self.employee_id,
            shopID=self.shop_id,
            registerID=self.register_id,
            customerID=self.customer_id,
            taxCategoryID=self.tax_category_id,
            discountID=self.discount_id,
            enablePromotions=self.enable_promotions,
            completed=False,
            SaleLines={"SaleLine": [line.body() for line in self.lines]} if self.lines else None,
            ShipTo=self.ship_to.body() if self.ship_to else None,
        )


@dataclass(frozen=True, kw_only=True)
class Tender:
    """`remote_reference` is ours and unique: by it the payment is known again after a doubt.

    Cash goes in as it was handed over: Lightspeed cuts it to what was due and keeps the change.
    A negative `amount` is given back, or loads the gift card or account `credit_account_id`.
    `ref_payment_id` is the payment that is given back.
    """

    payment_type_id: int
    amount: Decimal
    remote_reference: str
    register_id: int | None = None
    employee_id: int | None = None
    credit_account_id: int | None = None
    ref_payment_id: int | None = None

    def body(self) -> Body:
        return _known(
            paymentTypeID=self.payment_type_id,
            amount=_plain(self.amount),
            remoteReference=self.remote_reference,
            registerID=self.register_id,
            employeeID=self.employee_id,
            creditAccountID=self.credit_account_id,
            refPaymentID=self.ref_payment_id,
        )


def completion(tenders: Sequence[Tender], completed_at: datetime | None = None) -> Body:
    """Completes an open sale. Tenders that it already has must not be among `tenders`: they add.

    `completed_at` may lie in the past, never in the future.
    """
    payments = [tender.body() for tender in tenders]
    return _known(
        completed=True,
        completeTime=completed_at.isoformat(timespec="seconds") if completed_at else None,
        SalePayments={"SalePayment": payments} if payments else None,
    )


def _known(**fields: Any) -> Body:
    return {name: value for name, value in fields.items() if value is not None}


def _plain(number: Decimal | int | None) -> str | None:
    return None if number is None else format(number, "f" if isinstance(number, Decimal) else "d")
