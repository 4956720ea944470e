"""What is asked and written about one customer, at a running Lightspeed."""

from decimal import Decimal

import pytest

from salesfloor.customers import exchange, search
from salesfloor.customers.exchange import NewCustomer
from salesfloor.lightspeed import errors
from salesfloor.outbox.models import Errand

ZOE = NewCustomer(
    first_name="Zoe", last_name="Park", email="zoe@example.com", phone="(514) 555-0123"
)
ANN = {"customerID": 88, "firstName": "Ann", "lastName": "Lee", "creditAccountID": 11}
ANNS_ACCOUNT = {"creditAccountID": 11, "customerID": 88, "balance": "-25", "creditLimit": "100"}


@pytest.fixture
def ann(account, simulator):
    simulator.put({"Customer": [ANN], "CreditAccount": [ANNS_ACCOUNT]})
    return account.customers.create(lightspeed_id=88, first_name="Ann")


def at_lightspeed(simulator):
    return simulator.client().records("Customer", load_relations=["Contact"])


def test_balance_and_limit_are_those_of_now_after_a_look(rep, simulator, ann):
    exchange.refresh(ann, rep)
    assert (ann.credit_balance, ann.credit_limit) == (25, 100)
    simulator.put({"CreditAccount": [ANNS_ACCOUNT | {"balance": "30.50"}]})
    exchange.refresh(ann, rep)
    assert (ann.credit_balance, ann.spendable) == (Decimal("-30.50"), Decimal("69.50"))
    assert search.find(rep.account, "ann lee") == [ann]


def test_balance_is_asked_for_where_the_customer_comes_without_it(rep, simulator):
    zoe = exchange.create(rep, ZOE)
    simulator.put({"CreditAccount": [ANNS_ACCOUNT]})
    simulator.put({"Customer": [{"customerID": zoe.lightspeed_id, "creditAccountID": 11}]})
    simulator.fault("Customer/{id}", "relation_missing")
    exchange.refresh(zoe, rep)
    assert (zoe.credit_balance, zoe.email) == (25, "zoe@example.com")


def test_nothing_is_changed_where_lightspeed_does_not_answer(rep, simulator, ann):
    exchange.refresh(ann, rep)
    simulator.fault("Customer/{id}", "503", times=10)
    with pytest.raises(errors.ServerError):
        exchange.refresh(ann, rep)
    ann.refresh_from_db()
    assert ann.credit_balance == 25


def test_new_customer_is_in_lightspeed_and_found_here_at_once(rep, simulator):
    zoe = exchange.create(rep, ZOE)
    (there,) = at_lightspeed(simulator)
    assert (there["customerID"], there["firstName"]) == (str(zoe.lightspeed_id), "Zoe")
    assert there["Contact"]["Phones"]["ContactPhone"]["number"] == "(514) 555-0123"
    assert search.find(rep.account, "0123") == [zoe]
    assert rep.account.errands.get().state == Errand.State.DONE


@pytest.mark.parametrize("may_email", [False, True])
def test_nobody_is_written_to_unless_they_said_so(rep, simulator, may_email):
    exchange.create(rep, NewCustomer(company="Quay Sports", may_email=may_email))
    contact = at_lightspeed(simulator)[0]["Contact"]
    assert contact["noEmail"] == str(not may_email).lower()
    assert (contact["noPhone"], contact["noMail"]) == ("true", "true")


def test_customer_whose_answer_was_lost_is_not_created_again(rep, simulator):
    simulator.fault("Customer", "reset_after", method="POST")
    with pytest.raises(errors.OutcomeUnknown):
        exchange.create(rep, ZOE)
    assert rep.account.errands.get().state == Errand.State.DOUBTFUL
    zoe = exchange.create(rep, ZOE)
    assert [each["customerID"] for each in at_lightspeed(simulator)] == [str(zoe.lightspeed_id)]
    assert rep.account.errands.get().state == Errand.State.DONE


def test_customer_that_never_arrived_is_created_when_asked_for_again(rep, simulator):
    simulator.fault("Customer", "reset", method="POST")
    with pytest.raises(errors.OutcomeUnknown):
        exchange.create(rep, ZOE)
    exchange.create(rep, ZOE)
    assert len(at_lightspeed(simulator)) == 1
    assert rep.account.errands.count() == 2


def test_namesake_with_another_email_is_somebody_else(rep, simulator):
    first = exchange.create(rep, ZOE)
    second = exchange.create(
        rep, NewCustomer(first_name="Zoe", last_name="Park", email="z@b.example")
    )
    assert first != second
    assert len(at_lightspeed(simulator)) == 2


def test_errand_is_in_the_journal_before_it_is_sent(rep, monkeypatch):
    journal = []

    def see(self, body):
        journal.extend(rep.account.errands.values_list("state", flat=True))
        raise errors.NotSent("nobody there")

    monkeypatch.setattr("salesfloor.lightspeed.client.Client.create_customer", see)
    with pytest.raises(errors.NotSent):
        exchange.create(rep, ZOE)
    assert journal == [Errand.State.SENT]
    assert rep.account.errands.get().state == Errand.State.NOT_DONE


def test_customer_is_given_one_account_however_often_it_is_asked_for(rep, simulator):
    zoe = exchange.create(rep, ZOE)
    simulator.fault("Customer/{id}", "reset_after", method="PUT")
    with pytest.raises(errors.OutcomeUnknown):
        exchange.open_account(zoe, rep)
    exchange.open_account(zoe, rep)
    assert zoe.credit_account_lightspeed_id
    assert simulator.state()["counts"]["CreditAccount"] == 1
