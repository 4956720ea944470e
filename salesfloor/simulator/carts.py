"""What follows from any change of a sale that is still open: promotions, fees and its figures."""

from typing import TYPE_CHECKING

from . import item_fees, price_rules
from .calculation import recalculate
from .money import Totals

if TYPE_CHECKING:
    from .simulation import Simulation


def refresh(simulation: "Simulation", sale_id: int) -> Totals:
    store = simulation.store
    sale = store.must("Sale", sale_id)
    if sale["enablePromotions"] and not sale["completed"]:
        price_rules.apply(store, sale)
    if not sale["completed"]:
        item_fees.charge(store, sale)
    return recalculate(store, simulation.switches, sale_id)
