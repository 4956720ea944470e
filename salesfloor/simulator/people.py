"""The people who work here, and their hours."""

from .actions import Action
from .errors import ApiError
from .resources import Resource
from .store import Record


class EmployeeResource(Resource):
    entity_name = "Employee"
    refers_to = {"employeeRoleID": "EmployeeRole", "limitToShopID": "Shop"}

    def create(self, body: Record, fixed: Record) -> int:
        # Recorded: every employee has a contact of their own, blank unless given.
        return super().create({"Contact": {}, **body}, fixed)


class EmployeeHoursResource(Resource):
    """Whose latest hours have no end yet is clocked in."""

    entity_name = "EmployeeHours"
    refers_to = {"employeeID": "Employee", "shopID": "Shop"}
    compulsory = frozenset({"employeeID"})

    def check(self, record: Record, done: str) -> None:
        super().check(record, done)
        if record["checkOut"] and record["checkOut"] < record["checkIn"]:
            raise ApiError(400, "checkOut cannot be before checkIn.")

    def update(self, key: int, body: Record, fixed: Record | None = None) -> None:
        before = self.existing(key)["employeeID"]
        super().update(key, body, fixed)
        self._clock(before)

    def saved(self, key: int, *, new: bool) -> None:
        self._clock(self.existing(key)["employeeID"])

    def delete(self, key: int) -> None:
        employee_id = self.existing(key)["employeeID"]
        super().delete(key)
        self._clock(employee_id)

    def _clock(self, employee_id: int) -> None:
        open_hours = self.store.find("EmployeeHours", employeeID=employee_id, checkOut="")
        clocked_in = open_hours[-1]["employeeHoursID"] if open_hours else 0
        self.store.change("Employee", employee_id, {"clockInEmployeeHoursID": clocked_in})


RESOURCES: tuple[type[Resource], ...] = (EmployeeResource, EmployeeHoursResource)
ACTIONS: tuple[Action, ...] = ()
