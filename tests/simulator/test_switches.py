"""What is turned by the control door, and what a client then sees."""

import pytest
import requests

CLIENT = {"client_id": "salesfloor", "client_secret": "salesfloor-secret"}


@pytest.fixture
def ask_token(simulator):
    def ask(**body):
        url = f"{simulator.url}/auth/oauth/token"
        return requests.post(url, json=CLIENT | body, timeout=10).status_code

    return ask


def test_a_code_and_a_refresh_token_live_as_long_as_they_are_told(simulator, ask_token):
    simulator.settings(code_seconds=5, refresh_token_seconds=10)
    grant = simulator.grant()
    simulator.clock(advance=7)
    assert ask_token(grant_type="authorization_code", code=grant.code) == 400
    assert ask_token(grant_type="refresh_token", refresh_token=grant.refresh_token) == 200
    simulator.clock(advance=7)
    assert ask_token(grant_type="refresh_token", refresh_token=grant.refresh_token) == 400


def test_refreshes_a_minute_may_be_fewer(simulator, ask_token):
    simulator.settings(refreshes_per_minute=1)
    token = simulator.grant().refresh_token
    statuses = [ask_token(grant_type="refresh_token", refresh_token=token) for _ in range(2)]
    assert statuses == [200, 429]


def test_employees_may_take_a_right_to_read(simulator):
    rep = simulator.client(scope="employee:register")
    assert rep.get("Employee").status_code == 200
    simulator.settings(employees_need_right=True)
    assert rep.get("Employee").status_code == 403


def test_an_archived_item_may_be_sold_after_all(stocked, owner):
    owner.delete("Item/12")
    lines = {"SaleLine": [{"itemID": 12, "unitQuantity": 1}]}
    body = {"employeeID": 1, "shopID": 1, "registerID": 1, "SaleLines": lines}
    assert owner.post("Sale", body).status_code == 400
    stocked.settings(archived_items_refused=False)
    assert owner.post("Sale", body).status_code == 200


def test_a_pattern_may_be_taken_as_it_is(stocked, owner):
    found = len(owner.records("Item", description="~,Wool"))
    stocked.settings(exact_like=True)
    assert (found, owner.records("Item", description="~,Wool")) == (1, [])


def test_pictures_may_be_said_to_be_elsewhere(stocked, owner):
    stocked.put({"Image": [{"itemID": 12, "publicID": "sock"}]})
    stocked.settings(images_url="https://pictures.test/up/")
    (image,) = owner.records("Image")
    assert image["baseImageURL"] == "https://pictures.test/up/"


@pytest.mark.parametrize(
    "wrong",
    [{"rate_limit": "off"}, {"rate_limits": "none"}, {"strict_rotation": 1}, {"burst_limit": True}],
)
def test_a_setting_that_makes_no_sense_is_refused_and_nothing_turns(simulator, wrong):
    before = simulator.control("GET", "settings")
    body = {"latency_seconds": 3, **wrong}
    answer = requests.post(f"{simulator.url}/_simulator/settings", json=body, timeout=5)
    assert answer.status_code == 400
    assert simulator.control("GET", "settings") == before


def test_every_setting_tells_what_it_means(simulator):
    settings = simulator.control("GET", "settings")
    assert all(setting["meaning"].endswith(".") for setting in settings.values())
