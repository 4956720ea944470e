"""Promotions: rules that lower the price of what is in a cart.

They are no discounts: the price before them is kept in `normalUnitPrice`, and calcDiscount is 0.
"""

from decimal import Decimal

from . import money
from .pricing import price
from .store import Record, Store

ZERO = Decimal(0)
UNRULED = {"priceRuleID": 0, "normalUnitPrice": ZERO}


def apply(store: Store, sale: Record) -> None:
    """Gives every line of an open sale the best price that a rule allows it.

    A choice: a price that is not the item's own (a rep's, a refund's) is left alone.
    """
    rules = [rule for rule in store.find("PriceRule", archived=0) if _for_sale(store, rule, sale)]
    lines = store.find("SaleLine", saleID=sale["saleID"])
    items = {line["itemID"]: store.get("Item", line["itemID"]) for line in lines if line["itemID"]}
    for line in lines:
        item = items.get(line["itemID"])
        usual = line["normalUnitPrice"] if line["priceRuleID"] else line["unitPrice"]
        if item is None or line["unitQuantity"] < 0 or usual != price(store, item, line["shopID"]):
            continue
        allowed = [
            (_reduced(rule, usual), rule["priceRuleID"])
            for rule in rules
            if _covers(store, rule, item) and _enough(store, rule, lines, items)
        ]
        best, rule_id = min(allowed, default=(usual, 0))
        ruled = {"priceRuleID": rule_id, "normalUnitPrice": usual} if best < usual else UNRULED
        if ruled["priceRuleID"] != line["priceRuleID"] or line["unitPrice"] != min(best, usual):
            values = {**ruled, "unitPrice": min(best, usual)}
            store.change("SaleLine", line["saleLineID"], values, stamp=False)


def _for_sale(store: Store, rule: Record, sale: Record) -> bool:
    if rule["shopID"] not in (0, sale["shopID"]):
        return False
    customer = store.get("Customer", sale["customerID"]) or {"customerTypeID": 0}
    return rule["customerTypeID"] in (0, customer["customerTypeID"])


def _covers(store: Store, rule: Record, item: Record) -> bool:
    """Each condition that is set must hold."""
    if rule["itemID"] not in (0, item["itemID"]) or rule["categoryID"] not in (
        0,
        item["categoryID"],
    ):
        return False
    tagged = {"itemID": item["itemID"], "tagID": rule["tagID"]}
    return not rule["tagID"] or bool(store.find("TagRelation", **tagged))


def _enough(
    store: Store, rule: Record, lines: list[Record], items: dict[int, Record | None]
) -> bool:
    """Are there as many units in the cart as the rule asks, of whatever items it covers?"""
    covered = {key for key, item in items.items() if item and _covers(store, rule, item)}
    units = sum(line["unitQuantity"] for line in lines if line["itemID"] in covered)
    return bool(units >= rule["minimumQuantity"])


def _reduced(rule: Record, usual: Decimal) -> Decimal:
    if rule["fixedPrice"] != "":
        return Decimal(rule["fixedPrice"])
    reduced: Decimal = money.round2(usual * (1 - rule["percent"])) - rule["amountOff"]
    return max(reduced, ZERO)
