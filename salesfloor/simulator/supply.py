"""Purchase orders: what a line comes to."""

from .actions import Action
from .resources import Resource


class OrderLineResource(Resource):
    entity_name = "OrderLine"

    def saved(self, key: int, *, new: bool) -> None:
        line = self.existing(key)
        values = {"total": line["quantity"] * line["price"]}
        if new and not line["originalPrice"]:
            values["originalPrice"] = line["price"]
        self.store.change("OrderLine", key, values, stamp=False)


RESOURCES: tuple[type[Resource], ...] = (OrderLineResource,)
ACTIONS: tuple[Action, ...] = ()
