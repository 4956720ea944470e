"""Clients that others wrote for the real Lightspeed, run against the simulated one over HTTP."""

from datetime import UTC, datetime

import pytest
from plaw import InvalidGrant, InvalidToken, Plaw

HIRED = [{"employeeID": number, "firstName": f"Rep {number}"} for number in range(2, 232)]


@pytest.fixture
def connect(simulator):
    """Plaw as its documentation has it used, pointed at the simulator."""

    class Pointed(Plaw):
        AUTH_URL = f"{simulator.url}/oauth/access_token.php"
        BASE_URL = f"{simulator.url}/"

    def make(**kept):
        return Pointed("salesfloor", "salesfloor-secret", **kept)

    return make


@pytest.fixture
def plaw(connect, simulator):
    client = connect()
    client.get_tokens(simulator.grant().code)
    client.fetch_account_id()
    return client


def numbers(pages, entity="Employee", key="employeeID"):
    found = [page.get(entity, []) for page in pages]
    return [
        int(record[key])
        for page in found
        for record in (page if isinstance(page, list) else [page])
    ]


def test_a_code_becomes_tokens_and_they_lead_to_the_account(connect, simulator):
    client = connect()
    access_token, refresh_token = client.get_tokens(simulator.grant().code)
    assert (client.access_token, client.refresh_token) == (access_token, refresh_token)
    assert client.fetch_account_id() == client.account_id == "4711"
    account = client.account()["Account"]
    assert (account["name"], account["link"]["@attributes"]["href"]) == (
        "Example Outfitters",
        "/API/Account/4711",
    )


def test_shops_come_in_one_page_with_count_offset_and_limit(plaw):
    (page,) = plaw.shop()
    assert page["@attributes"] == {"count": "1", "offset": "0", "limit": "100"}
    assert (page["Shop"]["shopID"], page["Shop"]["timeZone"]) == ("1", "America/Toronto")


def test_employees_are_walked_page_by_page_with_their_contacts(plaw, simulator):
    simulator.put({"Employee": [{**hired, "Contact": {"custom": "x"}} for hired in HIRED]})
    pages = list(plaw.employee(load_contact=True))
    assert len(pages) == 3
    assert numbers(pages) == list(range(1, 232))
    assert pages[2]["Employee"][0]["Contact"]["custom"] == "x"


def test_hours_are_found_between_two_moments(plaw, simulator):
    hours = [
        {"employeeID": 1, "shopID": 1, "checkIn": f"2026-05-0{day}T09:00:00+00:00"}
        for day in (3, 4, 5)
    ]
    simulator.put({"EmployeeHours": hours})
    begin, end = datetime(2026, 5, 4, tzinfo=UTC), datetime(2026, 5, 5, tzinfo=UTC)
    between = list(plaw.employee_hours({"checkIn": ["><", begin, end]}))
    since = list(plaw.employee_hours({"checkIn": [">", end]}))
    assert len(numbers(between, "EmployeeHours", "employeeHoursID")) == 1
    assert since[0]["EmployeeHours"]["checkIn"] == "2026-05-05T09:00:00+00:00"


def test_an_ended_token_is_renewed_on_the_way(plaw, simulator):
    ended = plaw.access_token
    for _ in range(2):
        simulator.clock(advance=4000)
        assert next(plaw.shop())["Shop"]["shopID"] == "1"
    assert plaw.access_token != ended


def test_a_kept_refresh_token_is_enough_to_begin_with(connect, simulator):
    client = connect(
        account_id="4711", access_token="ended", refresh_token=simulator.grant().refresh_token
    )
    assert client.account()["Account"]["accountID"] == "4711"


def test_a_revoked_sign_in_is_known_for_what_it_is(connect):
    client = connect(account_id="4711", access_token="ended", refresh_token="revoked")
    with pytest.raises(InvalidGrant):
        client.account()


def test_a_malformed_query_is_an_error_that_a_new_token_does_not_help(plaw):
    with pytest.raises(InvalidToken):
        list(plaw.employee({"limit": "1000"}))
