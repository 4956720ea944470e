"""What an item sells for where nobody says otherwise."""

from decimal import Decimal

from .store import Record, Store

ZERO = Decimal(0)
DEFAULT_PRICE_LEVEL = 1


def price(store: Store, item: Record, shop_id: int) -> Decimal:
    """By the shop's price level, else the default price."""
    shop = store.get("Shop", shop_id)
    prices = {int(p["useTypeID"]): Decimal(p["amount"]) for p in item["Prices"] or []}
    wanted = shop["priceLevelID"] if shop else DEFAULT_PRICE_LEVEL
    return prices.get(wanted, prices.get(DEFAULT_PRICE_LEVEL, ZERO))
