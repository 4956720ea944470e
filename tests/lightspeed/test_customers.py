"""Customers, their accounts and gift cards, at a running Lightspeed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from salesfloor.lightspeed import errors
from salesfloor.lightspeed.client import Client
from tests.conftest import REP
from tests.lightspeed.conftest import Keeper
from tests.simulator.running import RunningSimulator

MakeClient = Callable[..., Client]
CODE = "90000012345"
ANN = {
    "firstName": "Ann",
    "lastName": "Lee",
    "Contact": {
        "noEmail": True,
        "Emails": {"ContactEmail": {"address": "ann@example.com", "useType": "Primary"}},
        "Phones": {"ContactPhone": {"number": "514 555-0134", "useType": "Mobile"}},
    },
}


@pytest.fixture
def client(simulator: RunningSimulator) -> Client:
    """Maya's, who may not see the numbers of gift cards."""
    token = simulator.grant(REP, scope="employee:register employee:customers").access_token
    return Client(4711, Keeper(token), base_url=simulator.url)


def test_created_customer_is_read_back_with_contact(client: Client) -> None:
    created = client.create_customer(ANN)
    read = client.customer(created.customer_id)
    assert (read.first_name, read.last_name) == ("Ann", "Lee")
    assert read.contact
    assert read.contact.emails[0].address == "ann@example.com"
    assert read.contact.no_email
    assert read.credit_account is None


def test_customer_is_given_an_account(client: Client) -> None:
    ann = client.create_customer(ANN)
    body = {"CreditAccount": {"name": "Ann Lee", "creditLimit": "100"}}
    account_id = client.update_customer(ann.customer_id, body).credit_account_id
    account = client.credit_account(account_id)
    assert (account.customer_id, account.credit_limit, account.available) == (
        ann.customer_id,
        100,
        0,
    )
    assert client.customer(ann.customer_id).credit_account_id == account_id


def test_customers_are_followed_by_their_changes(client: Client) -> None:
    client.create_customer(ANN)
    changed = list(client.customers(datetime(2000, 1, 1, tzinfo=UTC)))
    assert [customer.last_name for customer in changed] == ["Lee"]
    assert changed[0].contact
    assert changed[0].contact.phones[0].number == "514 555-0134"


def test_gift_card_is_found_by_its_number_though_that_is_masked(client: Client) -> None:
    made = client.create_gift_card(CODE)
    client.create_gift_card("80000012345")
    card = client.gift_card(CODE)
    assert (card.credit_account_id, card.available) == (made.credit_account_id, 0)
    assert card.code == "*******2345"


@pytest.mark.parametrize(
    "code", [CODE, "", "123", "!=,12345678", "~,%00000000", "IN,[90000012345]"]
)
def test_no_other_card_answers_for_an_unknown_number(client: Client, code: str) -> None:
    client.create_gift_card("90000054321")
    with pytest.raises(errors.NotFound):
        client.gift_card(code)


def test_account_of_a_customer_is_no_gift_card(client: Client, simulator: RunningSimulator) -> None:
    account: dict[str, Any] = {"creditAccountID": 11, "code": CODE, "giftCard": False}
    simulator.put({"CreditAccount": [account]})
    with pytest.raises(errors.NotFound):
        client.gift_card(CODE)


def test_second_gift_card_of_one_number_is_refused(client: Client) -> None:
    client.create_gift_card(CODE)
    with pytest.raises(errors.Rejected, match="already exists"):
        client.create_gift_card(CODE)
