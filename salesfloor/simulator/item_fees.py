"""Fees that come with items of some categories: a deposit on bottles, the recycling of tyres.

Each is a line of its own below the item's: as many units, the fee's price.
"""

from decimal import Decimal

from .calculation import FEE, FEE_REFUND
from .store import Record, Store


def charge(store: Store, sale: Record) -> None:
    """Brings the fee lines of an open sale in line with its items."""
    lines = store.find("SaleLine", saleID=sale["saleID"])
    charged = {
        (line["parentSaleLineID"], line["itemFeeID"]): line
        for line in lines
        if line["lineType"] in (FEE, FEE_REFUND)
    }
    due = _due(store, lines)
    for key in charged.keys() - due.keys():
        store.remove("SaleLine", charged[key]["saleLineID"])
    for key, values in due.items():
        if key not in charged:
            common = {name: sale[name] for name in ("saleID", "employeeID", "shopID")}
            store.add("SaleLine", common | values)
        elif charged[key]["unitQuantity"] != values["unitQuantity"]:
            quantity = {"unitQuantity": values["unitQuantity"]}
            store.change("SaleLine", charged[key]["saleLineID"], quantity)


def _due(store: Store, lines: list[Record]) -> dict[tuple[int, int], Record]:
    """The fee lines that a sale should have, by (parent line, fee)."""
    fees = {fee["itemFeeID"]: fee for fee in store.find("ItemFee")}
    due: dict[tuple[int, int], Record] = {}
    for line in lines if fees else ():
        if line["lineType"]:
            continue
        if line["parentSaleLineID"]:
            due |= _coming_back(store, line, fees)
        elif line["itemID"]:
            due |= _charged_with(store, line, fees)
    return due


def _charged_with(
    store: Store, line: Record, fees: dict[int, Record]
) -> dict[tuple[int, int], Record]:
    item = store.get("Item", line["itemID"])
    category_id = item["categoryID"] if item else 0
    rows = store.find("ItemFeeCategory", categoryID=category_id) if category_id else []
    return {
        (line["saleLineID"], row["itemFeeID"]): _fee_line(
            fees[row["itemFeeID"]], line["saleLineID"], line["unitQuantity"], FEE
        )
        for row in rows
        if not fees[row["itemFeeID"]]["archived"]
    }


def _coming_back(
    store: Store, line: Record, fees: dict[int, Record]
) -> dict[tuple[int, int], Record]:
    """The fees paid with a line that is refunded, save those that are kept."""
    paid = store.find("SaleLine", parentSaleLineID=line["parentSaleLineID"], lineType=FEE)
    return {
        (row["saleLineID"], row["itemFeeID"]): _fee_line(
            fees[row["itemFeeID"]], row["saleLineID"], line["unitQuantity"], FEE_REFUND
        )
        | {"unitPrice": row["unitPrice"], "tax": row["tax"]}
        for row in paid
        if row["itemFeeID"] in fees and not fees[row["itemFeeID"]]["nonRefundable"]
    }


def _fee_line(fee: Record, parent_id: int, quantity: int, line_type: str) -> Record:
    price: Decimal = fee["feeValue"]
    return {
        "lineType": line_type,
        "parentSaleLineID": parent_id,
        "itemFeeID": fee["itemFeeID"],
        "unitQuantity": quantity,
        "unitPrice": price,
        "tax": fee["taxable"],
    }
