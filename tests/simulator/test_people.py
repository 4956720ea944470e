"""Employees, their hours, and what a role lets them do."""

import pytest

ANN = {"firstName": "Ann", "lastName": "Fisher", "accessPin": "4821", "employeeRoleID": 4}


@pytest.fixture
def ann(owner):
    return owner.post("Employee", ANN).json()["Employee"]


def hours(client, **fields):
    answer = client.post("EmployeeHours", {"employeeID": 1, "shopID": 1} | fields)
    assert answer.status_code == 200, answer.text
    return answer.json()["EmployeeHours"]


def session(simulator, client):
    url = f"{simulator.url}/API/V3/Session.json"
    return client.http.get(url, headers=client.grant.headers, timeout=30).json()


def test_new_employee_has_a_contact_and_keeps_their_pin_to_themselves(ann, owner):
    assert (ann["firstName"], ann["lockOut"], ann["archived"]) == ("Ann", "false", "false")
    assert ann["Contact"]["contactID"] == ann["contactID"]
    shown = owner.record(f"Employee/{ann['employeeID']}", load_relations="all")
    assert "accessPin" not in ann
    assert "accessPin" not in shown
    assert "systemUserID" not in shown


def test_pin_cannot_be_found_out_by_asking(simulator, ann, owner):
    assert owner.get("Employee", accessPin="~,4%").status_code == 400
    assert owner.get("Employee", sort="accessPin").status_code == 400
    through = {"load_relations": ["Employee"]}
    assert owner.get("Workorder", **through, **{"Employee.firstName": "Ann"}).status_code == 200
    assert owner.get("Workorder", **through, **{"Employee.accessPin": "~,4%"}).status_code == 400
    older = simulator.client(version="")
    assert older.get("Employee", orderby="accessPin").status_code == 400


def test_pin_that_was_set_shows_in_the_session_only_as_being_there(simulator, ann):
    client = simulator.client(int(ann["employeeID"]))
    assert session(simulator, client)["Employee"]["hasPin"] == "true"


def test_employee_shows_contact_role_and_its_rights(owner):
    owner.put("Employee/1", {"Contact": {"custom": "Keyholder"}})
    relations = ["Contact", "EmployeeRole", "EmployeeRole.EmployeeRights"]
    shown = owner.record("Employee/1", load_relations=relations)
    rights = shown["EmployeeRole"]["EmployeeRights"]["EmployeeRight"]
    assert shown["Contact"]["custom"] == "Keyholder"
    assert shown["EmployeeRole"]["name"] == "Owner"
    assert {"employeeRightID": "8", "name": "register"} in rights


def test_nobody_takes_rights_by_editing_an_employee(simulator, ann, owner):
    right = {"employeeRightID": 56, "name": "admin"}
    changed = {"employeeRoleID": 0, "EmployeeRights": {"EmployeeRight": [right]}}
    owner.put(f"Employee/{ann['employeeID']}", changed)
    shown = owner.record(f"Employee/{ann['employeeID']}", load_relations=["EmployeeRights"])
    assert "EmployeeRights" not in shown


@pytest.mark.parametrize("wrong", [{"employeeRoleID": 99}, {"limitToShopID": 99}])
def test_employee_of_no_such_role_or_shop_is_refused(ann, owner, wrong):
    answer = owner.put(f"Employee/{ann['employeeID']}", wrong)
    assert answer.status_code == 400
    assert owner.record(f"Employee/{ann['employeeID']}")["employeeRoleID"] == "4"


def test_deleted_employee_is_archived_and_signed_out(simulator, ann, owner):
    client = simulator.client(int(ann["employeeID"]))
    assert client.get("Shop").status_code == 200
    gone = owner.delete(f"Employee/{ann['employeeID']}").json()["Employee"]
    assert gone["archived"] == "true"
    assert client.get("Shop").status_code == 401
    assert [e["employeeID"] for e in owner.records("Employee")] == ["1"]


def test_locking_out_by_the_api_ends_the_tokens_at_once(simulator, ann, owner):
    client = simulator.client(int(ann["employeeID"]))
    owner.put(f"Employee/{ann['employeeID']}", {"lockOut": True, "limitToShopID": 1})
    assert client.get("Shop").status_code == 401
    assert owner.record(f"Employee/{ann['employeeID']}")["limitToShopID"] == "1"


def test_employees_are_changed_by_who_may_administer_them(simulator, ann, owner):
    seller = simulator.client(scope="employee:register")
    assert seller.put("Employee/1", {"firstName": "Eve"}).status_code == 403
    administrator = simulator.client(scope="employee:admin_employees")
    assert administrator.put("Employee/1", {"firstName": "Eve"}).status_code == 200


# --- Hours ----------------------------------------------------------------------------


def test_hours_without_an_end_leave_it_out_and_clock_the_employee_in(simulator, owner):
    open_hours = hours(owner, checkIn="2026-05-04T13:00:00+00:00", checkOut=None)
    assert list(open_hours) == ["employeeHoursID", "checkIn", "employeeID", "shopID"]
    employee = owner.record("Employee/1")
    assert employee["clockInEmployeeHoursID"] == open_hours["employeeHoursID"]
    assert session(simulator, owner)["Employee"]["isCheckedIn"] == "true"


def test_end_of_the_hours_clocks_the_employee_out(simulator, owner):
    open_hours = hours(owner, checkIn="2026-05-04T13:00:00+00:00")
    ended = {"checkOut": "2026-05-04T17:00:00+00:00"}
    answer = owner.put(f"EmployeeHours/{open_hours['employeeHoursID']}", ended).json()
    assert answer["EmployeeHours"]["checkOut"] == "2026-05-04T17:00:00+00:00"
    assert owner.record("Employee/1")["clockInEmployeeHoursID"] == "0"
    assert session(simulator, owner)["Employee"]["isCheckedIn"] == "false"


def test_hours_of_the_past_clock_nobody_in(owner):
    hours(owner, checkIn="2026-05-04T13:00:00+00:00", checkOut="2026-05-04T17:00:00+00:00")
    assert owner.record("Employee/1")["clockInEmployeeHoursID"] == "0"


def test_deleted_hours_are_gone_and_clock_the_employee_out(owner):
    open_hours = hours(owner)
    assert owner.delete(f"EmployeeHours/{open_hours['employeeHoursID']}").status_code == 200
    assert owner.records("EmployeeHours") == []
    assert owner.record("Employee/1")["clockInEmployeeHoursID"] == "0"


@pytest.mark.parametrize(
    "wrong",
    [
        {"employeeID": 99},
        {"shopID": 99},
        {"checkIn": "2026-05-04T13:00:00+00:00", "checkOut": "2026-05-04T12:00:00+00:00"},
    ],
)
def test_hours_that_cannot_have_been_worked_are_refused(owner, wrong):
    answer = owner.post("EmployeeHours", {"employeeID": 1, "shopID": 1} | wrong)
    assert (answer.status_code, owner.records("EmployeeHours")) == (400, [])


def test_hours_take_the_right_to_administer_employees(simulator, owner):
    hours(owner)
    assert simulator.client(scope="employee:register").get("EmployeeHours").status_code == 403
    administrator = simulator.client(scope="employee:admin_employees")
    assert len(administrator.records("EmployeeHours")) == 1
