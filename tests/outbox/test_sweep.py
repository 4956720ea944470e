"""Lightspeed's sales and ours are compared, and a manager is told what does not fit."""

from datetime import timedelta

import pytest
from django.utils import timezone

from salesfloor.outbox import courier, sweep
from salesfloor.outbox.comparison import Kind
from salesfloor.sales.models import Sale
from tests.conftest import MANAGER, SOCK
from tests.outbox.test_courier import draft_of

REFERENCE = "SF-0123456789abcdef0123"


def swept(account, *, after=timedelta(0), far_back=False):
    """What is unsettled once a sweep has been made, some time from now."""
    sweep.sweep(account, timezone.now() + after, far_back=far_back)
    return list(account.findings.unsettled())


@pytest.fixture
def recorded(paid, account, simulator) -> Sale:
    """A sock, paid and recorded, which a first sweep has found in order."""
    courier.deliver(account)
    paid.submission.refresh_from_db()
    assert swept(account) == []
    return paid


@pytest.fixture
def at_lightspeed(simulator):
    """A sale that bears our source and was not made here."""

    def make(*, completed=True, payments=(), **fields):
        body = {
            "referenceNumber": REFERENCE,
            "referenceNumberSource": "salesfloor",
            "employeeID": MANAGER,
            "shopID": 1,
            "registerID": 1,
            "completed": completed,
            "SaleLines": {"SaleLine": [{"itemID": SOCK, "unitQuantity": 1}]},
            "SalePayments": {"SalePayment": list(payments)},
        }
        answer = simulator.client().post("Sale", body | fields)
        assert answer.status_code == 200, answer.text
        return int(answer.json()["Sale"]["saleID"])

    return make


def change(simulator, sale_id, **fields):
    """As somebody with all rights does in Lightspeed."""
    simulator.put({"Sale": [simulator.client().record(f"Sale/{sale_id}") | fields]})


CASH = {"paymentTypeID": 1, "amount": "11.49", "remoteReference": f"{REFERENCE}-1"}


def test_sale_that_nobody_here_knows_is_found_with_amount_ticket_and_seller(account, at_lightspeed):
    at_lightspeed(payments=[CASH])
    (finding,) = swept(account)
    assert (finding.kind, str(finding.amount)) == (Kind.UNKNOWN, "11.49")
    assert finding.ticket_number.startswith("22")
    assert finding.employee.lightspeed_id == MANAGER


def test_sale_without_our_source_is_nobodys_business(account, at_lightspeed):
    at_lightspeed(payments=[CASH | {"remoteReference": ""}], referenceNumberSource="webshop")
    assert swept(account) == []


def test_second_sale_of_one_reference_is_found(recorded, account, at_lightspeed):
    at_lightspeed(
        payments=[CASH | {"remoteReference": f"{recorded.reference}-1"}],
        referenceNumber=recorded.reference,
    )
    (finding,) = swept(account)
    assert finding.kind == Kind.DOUBLED
    assert finding.ticket_number != recorded.submission.ticket_number


def test_open_sale_with_payments_of_one_that_is_recorded_is_found(recorded, account, at_lightspeed):
    at_lightspeed(
        completed=False,
        payments=[CASH | {"remoteReference": f"{recorded.reference}-1"}],
        referenceNumber=recorded.reference,
    )
    (finding,) = swept(account)
    assert finding.kind == Kind.PAID_OPEN


def test_recorded_sale_that_was_voided_is_found(recorded, account, simulator):
    change(simulator, recorded.submission.sale_lightspeed_id, voided=True)
    (finding,) = swept(account)
    assert (finding.kind, finding.detail) == (Kind.CHANGED, "it was voided or archived")


def test_recorded_sale_that_lost_our_source_is_found_when_looking_far_back(
    recorded, account, simulator
):
    change(simulator, recorded.submission.sale_lightspeed_id, referenceNumberSource="till")
    (finding,) = swept(account, after=timedelta(minutes=5), far_back=True)
    assert (finding.kind, finding.detail) == (Kind.CHANGED, "it has another reference")


def test_recorded_sale_that_is_gone_is_found_when_looking_far_back(recorded, account, simulator):
    recorded.submission.sale_lightspeed_id = 999_999
    recorded.submission.save()
    (gone,) = [
        finding
        for finding in swept(account, after=timedelta(minutes=5), far_back=True)
        if finding.sale_lightspeed_id == 999_999
    ]
    assert gone.kind == Kind.MISSING


def test_open_cart_that_a_till_completed_is_found(rep, sock, account, simulator):
    sale = Sale.start(rep)
    sale.add_line(sock)
    draft_of(sale)
    simulator.client().put(
        f"Sale/{sale.draft.sale_lightspeed_id}",
        {
            "completed": True,
            "SalePayments": {"SalePayment": [{"paymentTypeID": 1, "amount": "11.49"}]},
        },
    )
    (finding,) = swept(account)
    assert (finding.kind, finding.reference) == (Kind.ELSEWHERE, sale.reference)


def test_payment_of_ours_on_a_sale_of_others_is_found(recorded, account, at_lightspeed):
    at_lightspeed(
        payments=[CASH | {"remoteReference": f"{recorded.reference}-1"}],
        referenceNumberSource="till",
    )
    (finding,) = swept(account)
    assert (finding.kind, finding.detail) == (Kind.MISPLACED, f"{recorded.reference}-1")


def test_open_sale_with_payments_that_nobody_here_knows_is_found(account, at_lightspeed):
    at_lightspeed(completed=False, payments=[CASH])
    (finding,) = swept(account)
    assert finding.kind == Kind.PAID_OPEN


def test_finding_that_is_no_longer_so_closes_itself(recorded, account, simulator):
    sale_id = recorded.submission.sale_lightspeed_id
    change(simulator, sale_id, voided=True)
    (finding,) = swept(account)
    change(simulator, sale_id, voided=False)
    assert swept(account, after=timedelta(minutes=5)) == []
    finding.refresh_from_db()
    assert (finding.settled_by, finding.note) == (None, "It is no longer so.")


def test_finding_that_a_manager_has_seen_to_is_told_again_only_if_something_else_is_wrong(
    recorded, account, simulator, manager
):
    sale_id = recorded.submission.sale_lightspeed_id
    change(simulator, sale_id, voided=True)
    (finding,) = swept(account)
    finding.settle(timezone.now(), "Customer came back", by=manager)
    assert swept(account) == []
    change(simulator, sale_id, voided=True, registerID=2)
    (other,) = swept(account)
    assert "another shop, register" in other.detail


def test_forgotten_open_sale_is_told_and_left_alone_as_it_may_have_been_paid(
    account, at_lightspeed, simulator
):
    at_lightspeed(completed=False)
    swept(account)
    swept(account, after=timedelta(days=2))
    (finding,) = account.findings.for_a_person()
    assert (finding.kind, str(finding.amount)) == (Kind.STRAY, "11.49")
    assert [sale["archived"] for sale in simulator.sales()] == [False]


def test_of_a_forgotten_cart_only_the_last_price_is_told_and_settled_once(
    account, at_lightspeed, manager
):
    at_lightspeed(completed=False)
    last = at_lightspeed(completed=False)
    assert len(swept(account)) == 2
    (finding,) = account.findings.for_a_person()
    assert finding.sale_lightspeed_id == last
    finding.settle(timezone.now(), "Not paid", by=manager)
    assert swept(account) == []


def test_forgotten_open_sale_that_is_discarded_in_lightspeed_is_told_no_more(
    account, at_lightspeed, simulator
):
    sale_id = at_lightspeed(completed=False)
    swept(account)
    change(simulator, sale_id, archived=True)
    assert swept(account, after=timedelta(minutes=5)) == []


def test_forgotten_open_sale_that_is_paid_meanwhile_is_told_as_that(
    account, at_lightspeed, simulator
):
    sale_id = at_lightspeed(completed=False)
    swept(account)
    simulator.client().put(f"Sale/{sale_id}", {"SalePayments": {"SalePayment": [CASH]}})
    (finding,) = swept(account, after=timedelta(hours=25))
    assert finding.kind == Kind.PAID_OPEN
    assert [sale["archived"] for sale in simulator.sales()] == [False]


def test_list_that_lags_finds_nothing_wrong_with_what_was_just_recorded(paid, account, simulator):
    courier.deliver(account)
    simulator.fault("Sale", "lagging_list", method="GET", times=1, seconds=60)
    assert swept(account, far_back=True) == []


def test_sweep_of_a_quiet_shop_costs_three_drips(recorded, account, simulator):
    before = simulator.state()["drips"]
    swept(account)
    assert simulator.state()["drips"] - before < 3


def test_sweep_goes_on_where_it_was_put_off(account, at_lightspeed, simulator):
    at_lightspeed(payments=[CASH])
    simulator.fault("Sale", "503", method="GET", times=4)
    assert swept(account) == []
    assert "503" in account.sweep.trouble
    (finding,) = swept(account)
    account.sweep.refresh_from_db()
    assert (finding.kind, account.sweep.trouble) == (Kind.UNKNOWN, "")
