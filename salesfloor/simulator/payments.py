"""The payments of a sale, and the signatures given for them."""

import base64
from typing import TYPE_CHECKING

from . import stored_value
from .actions import Action, Call
from .calculation import CREDIT_ACCOUNT, GIFT_CARD
from .description import rights
from .errors import ApiError, not_found
from .exchange import Answer
from .resources import Resource
from .store import Record, Store

if TYPE_CHECKING:
    from .simulation import Simulation

PDF = "application/pdf"


def add(simulation: "Simulation", sale_id: int, body: Record) -> None:
    """One more payment, every time; those of a sale accumulate."""
    store = simulation.store
    sale = store.must("Sale", sale_id)
    values = simulation.resource("SalePayment").read(body, "C")
    kind = _payment_type(store, sale, values)
    values = {"registerID": sale["registerID"], "employeeID": sale["employeeID"], **values}
    values |= {"saleID": sale_id, "paymentTypeID": kind["paymentTypeID"]}
    original = values.get("refPaymentID", 0)
    if original and store.get("SalePayment", original) is None:
        raise not_found("SalePayment", original)
    holds_value = kind["type"] in (GIFT_CARD, CREDIT_ACCOUNT)
    if holds_value:
        values["creditAccountID"] = stored_value.account_of(store, sale, values, kind["type"])
    payment = store.must("SalePayment", store.add("SalePayment", values))
    if holds_value:
        stored_value.record(simulation, sale, payment, kind["type"])


def _payment_type(store: Store, sale: Record, values: Record) -> Record:
    """The type named; what is paid back is paid back as the merchant has that type paid back."""
    kind = store.get("PaymentType", values.get("paymentTypeID", 0))
    if kind is None:
        raise ApiError(400, f"Unknown payment type '{values.get('paymentTypeID', '')}'.")
    instead = store.get("PaymentType", kind["refundAsPaymentTypeID"])
    lines = store.find("SaleLine", saleID=sale["saleID"])
    taking_back = any(line["parentSaleLineID"] and line["unitQuantity"] < 0 for line in lines)
    if instead and taking_back and values.get("amount", 0) < 0:
        return instead
    return kind


class SignatureResource(Resource):
    entity_name = "SalePaymentSignature"

    def create(self, body: Record, fixed: Record) -> int:
        if self.store.find("SalePaymentSignature", **fixed):
            raise ApiError(400, "The payment already has a signature.")
        if not (document := self.files.get("binary")):
            raise ApiError(400, "A signature comes with its PDF, in the part 'binary'.")
        kept = {"document": base64.b64encode(document).decode()}
        return self.store.add("SalePaymentSignature", {**fixed, **kept})

    def update(self, key: int, body: Record, fixed: Record | None = None) -> None:
        raise ApiError(405, "PUT is not allowed on a signature.")

    def delete(self, key: int) -> None:
        raise ApiError(405, "DELETE is not allowed on a signature.")


def signature(call: Call) -> Record | Answer:
    """What is known of a signature, or the document itself where `.pdf` is asked for."""
    payment_id, key = call.keys
    store = call.simulation.store
    kept = store.find("SalePaymentSignature", salePaymentSignatureID=key, salePaymentID=payment_id)
    if not kept:
        raise not_found("SalePaymentSignature", key)
    if call.request.path.endswith(".pdf"):
        return Answer(200, base64.b64decode(kept[0]["document"]), PDF)
    return call.single("SalePaymentSignature", key)


RESOURCES: tuple[type[Resource], ...] = (SignatureResource,)
ACTIONS: tuple[Action, ...] = (
    Action(
        "GET",
        "SalePayment/{id}/SalePaymentSignature/{id}",
        signature,
        root="SalePaymentSignature",
        entity="SalePaymentSignature",
        rights=rights("register register_read"),
    ),
)
