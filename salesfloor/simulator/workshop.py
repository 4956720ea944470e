"""Work orders: what they take is kept on lines outside any sale until the sale they end in.

Recorded: a work order, a part and a piece of labour each name their line from the start, and no
sale. The work order's own costs nothing, and receipts' templates tell of it in sales too.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from .actions import Action, Call
from .description import rights
from .errors import ApiError, not_found
from .money import round2
from .pricing import price
from .resources import Resource
from .sale_lines import SaleLineResource
from .store import Record, Store

if TYPE_CHECKING:
    from .simulation import Simulation

WORKBENCH = rights("workbench")
WORK = ("WorkorderItem", "WorkorderLine")
OF_WORK = {"itemID": "Item", "employeeID": "Employee", "discountID": "Discount"}
FIRST_STATUS = 1
LABOUR = 2
MINUTES_PER_HOUR = 60


def is_closed(store: Store, workorder: Record) -> bool:
    """Archived, or a sale that was not dropped again."""
    sale = store.get("Sale", workorder["saleID"])
    return workorder["archived"] or (sale is not None and not sale["archived"])


class KeptResource(Resource):
    """Something that is kept on a line of its own until it is sold."""

    def line_of(self, record: Record) -> Record:
        """Where it is kept; anew, when somebody has deleted its line."""
        if self._line(record) is None:
            self.keep(record)
            record = self.existing(record[self.entity.key])
        return self.store.must("SaleLine", record["saleLineID"])

    def keep(self, record: Record) -> None:
        """Brings its line in step, which reserves as much as there is."""
        workorder = self.store.must("Workorder", record["workorderID"])
        body = {"employeeID": record["employeeID"], "note": record["note"]}
        body |= self.terms(record, workorder["shopID"])
        fixed = {"isSpecialOrder": bool(record.get("isSpecialOrder"))}
        if self._line(record) is not None:
            place = {name: workorder[name] for name in ("shopID", "customerID")}
            self._lines().update(record["saleLineID"], body | place)
        else:
            self._set_line(record, self._lines().keep_work(workorder, body, fixed))

    def drop(self, record: Record) -> None:
        """Gives up its line, unless that was sold."""
        line = self._line(record)
        if line and not line["saleID"]:
            self._lines().delete(record["saleLineID"])
            self._set_line(record, 0)

    def terms(self, record: Record, shop_id: int) -> Record:
        """What its line says of item, price, quantity and tax."""
        raise NotImplementedError

    def _line(self, record: Record) -> Record | None:
        return self.store.get("SaleLine", record["saleLineID"])

    def _lines(self) -> SaleLineResource:
        return cast(SaleLineResource, self.simulation.resource("SaleLine"))

    def _set_line(self, record: Record, key: int) -> None:
        self.store.change(self.entity.name, record[self.entity.key], {"saleLineID": key})


class WorkorderResource(KeptResource):
    entity_name = "Workorder"
    refers_to = {
        "shopID": "Shop",
        "employeeID": "Employee",
        "customerID": "Customer",
        "discountID": "Discount",
        "serializedID": "Serialized",
        "workorderStatusID": "WorkorderStatus",
    }
    compulsory = frozenset({"shopID", "employeeID"})

    def create(self, body: Record, fixed: Record) -> int:
        return super().create({"employeeID": self.employee_id, **body}, fixed)

    def _write_children(self, key: int, body: Record) -> None:
        """Its own line comes before those of what it takes, as recorded."""
        workorder = self.existing(key)
        if not is_closed(self.store, workorder):
            self.keep(workorder)
        super()._write_children(key, body)

    def saved(self, key: int, *, new: bool) -> None:
        """What it takes moves along to another shop or customer, or back to the shelf."""
        workorder = self.existing(key)
        closed = is_closed(self.store, workorder)
        for resource, record in kept(self.simulation, workorder):
            if workorder["archived"]:
                resource.drop(record)
            elif not closed:
                resource.keep(record)

    def delete(self, key: int) -> None:
        super().delete(key)
        self.saved(key, new=False)

    def terms(self, record: Record, shop_id: int) -> Record:
        """As recorded."""
        return {"unitPrice": 0, "unitQuantity": 1, "tax": False, "taxClassID": LABOUR}


def kept(simulation: "Simulation", workorder: Record) -> Iterator[tuple[KeptResource, Record]]:
    """The work order itself, and all that it takes."""
    yield cast(KeptResource, simulation.resource("Workorder")), workorder
    for name in WORK:
        resource = cast(KeptResource, simulation.resource(name))
        for work in simulation.store.find(name, workorderID=workorder["workorderID"]):
            yield resource, work


class WorkResource(KeptResource):
    """Something that a work order takes."""

    def create(self, body: Record, fixed: Record) -> int:
        workorder = self.workorder(fixed["workorderID"])
        return super().create({"employeeID": workorder["employeeID"], **body}, fixed)

    def update(self, key: int, body: Record, fixed: Record | None = None) -> None:
        self.workorder(self.existing(key)["workorderID"])
        super().update(key, body, fixed)

    def saved(self, key: int, *, new: bool) -> None:
        self.keep(self.existing(key))

    def delete(self, key: int) -> None:
        work = self.existing(key)
        self.workorder(work["workorderID"])
        self.drop(work)
        super().delete(key)

    def workorder(self, key: int) -> Record:
        """One that may still change."""
        workorder = self.store.get("Workorder", key)
        if workorder is None:
            raise not_found("Workorder", key)
        if is_closed(self.store, workorder):
            raise ApiError(400, f"{self.entity.name} not changed. Its work order is closed.")
        return workorder

    def terms(self, record: Record, shop_id: int) -> Record:
        shared = ("itemID", "unitQuantity", "tax", "discountID")
        return {name: record[name] for name in shared} | self.price_of(record, shop_id)

    def price_of(self, work: Record, shop_id: int) -> Record:
        """Of one unit, and what is only said of one kind of work."""
        raise NotImplementedError


class WorkorderItemResource(WorkResource):
    entity_name = "WorkorderItem"
    refers_to = OF_WORK
    compulsory = frozenset({"itemID"})

    def create(self, body: Record, fixed: Record) -> int:
        shop_id = self.workorder(fixed["workorderID"])["shopID"]
        item = self.store.get("Item", self.read(body, "C").get("itemID", 0))
        if item is not None:
            body = {"unitPrice": price(self.store, item, shop_id), "tax": item["tax"], **body}
        return super().create(body, fixed)

    def price_of(self, work: Record, shop_id: int) -> Record:
        return {"unitPrice": work["unitPrice"]}


class WorkorderLineResource(WorkResource):
    entity_name = "WorkorderLine"
    refers_to = {**OF_WORK, "taxClassID": "TaxClass"}

    def create(self, body: Record, fixed: Record) -> int:
        shop = self.store.must("Shop", self.workorder(fixed["workorderID"])["shopID"])
        return super().create({"tax": shop["taxLabor"], **body}, fixed)

    def price_of(self, work: Record, shop_id: int) -> Record:
        """What was agreed, else what its item costs, else its time at the shop's rate."""
        cost = {"avgCost": work["unitCost"], "fifoCost": work["unitCost"]}
        own = cost | {"taxClassID": work["taxClassID"]}
        item = self.store.get("Item", work["itemID"])
        if work["unitPriceOverride"]:
            return own | {"unitPrice": work["unitPriceOverride"]}
        if item is not None:
            return own | {"unitPrice": price(self.store, item, shop_id)}
        hours = Decimal(work["hours"]) + Decimal(work["minutes"]) / MINUTES_PER_HOUR
        rate = self.store.must("Shop", shop_id)["serviceRate"]
        return own | {"unitPrice": round2(hours * rate)}


class WorkorderImageResource(Resource):
    entity_name = "WorkorderImage"

    def create(self, body: Record, fixed: Record) -> int:
        picture = self.files.get("image")
        if not picture:
            raise ApiError(400, "WorkorderImage not created. The request has no part named image.")
        named = picture.filename or str(body.get("filename") or "")
        return super().create(body, fixed | {"filename": named, "size": len(picture)})


class WorkorderStatusResource(Resource):
    entity_name = "WorkorderStatus"

    def delete(self, key: int) -> None:
        if self.existing(key)["systemValue"] or self.store.find("Workorder", workorderStatusID=key):
            raise ApiError(400, "WorkorderStatus not deleted. It is in use.")
        super().delete(key)


# --- Checkout, cloning, archiving -----------------------------------------------------


def _checkout(call: Call) -> Record:
    """An open sale of all that the work order took."""
    store = call.simulation.store
    workorder = call.simulation.resource("Workorder").existing(call.keys[0])
    if is_closed(store, workorder):
        raise ApiError(400, "Workorder not checked out. It is closed.")
    names = ("employeeID", "shopID", "customerID", "discountID")
    header = {name: workorder[name] for name in names if workorder[name]}
    header["registerID"] = _register(store, workorder)
    sale_id = call.simulation.resource("Sale").create(header | call.body, {})
    lines = cast(SaleLineResource, call.simulation.resource("SaleLine"))
    for resource, record in kept(call.simulation, workorder):
        lines.pick_up(resource.line_of(record), sale_id)
        store.change(resource.entity.name, record[resource.entity.key], {"saleID": sale_id})
    return {"Checkout": {"saleID": str(sale_id)}}


def _register(store: Store, workorder: Record) -> int:
    """Where the employee sold last, else the shop's first. Raises ApiError."""
    registers = store.find("Register", shopID=workorder["shopID"], archived=0)
    keys = [int(register["registerID"]) for register in registers]
    last = store.must("Employee", workorder["employeeID"])["lastRegisterID"]
    if not keys:
        raise ApiError(400, "Workorder not checked out. Its shop has no register.")
    return int(last) if last in keys else keys[0]


def _clone(call: Call) -> Record:
    """The same work once more: taken in now, nothing of it done or sold."""
    store = call.simulation.store
    workorders = call.simulation.resource("Workorder")
    model = workorders.existing(call.keys[0])
    now = store.clock.stamp()
    anew = {"timeIn": now, "etaOut": now, "workorderStatusID": FIRST_STATUS}
    key = workorders.create({**model, **workorders.read(call.body, "C"), **anew}, {})
    for name in WORK:
        for work in store.find(name, workorderID=model["workorderID"]):
            again = {**work, "done": False}
            call.simulation.resource(name).create(again, {"workorderID": key})
    return call.single("Workorder", key)


def _archive(call: Call) -> Record:
    """Documented: the answer is no record but the name and key of one."""
    call.simulation.resource("Workorder").delete(call.keys[0])
    return {"name": "Workorder", "primaryID": str(call.keys[0])}


RESOURCES: tuple[type[Resource], ...] = (
    WorkorderResource,
    WorkorderItemResource,
    WorkorderLineResource,
    WorkorderImageResource,
    WorkorderStatusResource,
)
ACTIONS: tuple[Action, ...] = (
    Action("POST", "Workorder/{id}/Checkout", _checkout, "Checkout", rights=WORKBENCH),
    Action(
        "POST", "Workorder/{id}/Clone", _clone, "Workorder", entity="Workorder", rights=WORKBENCH
    ),
    Action("DELETE", "Workorder/{id}", _archive, "Workorder", rights=WORKBENCH),
)
