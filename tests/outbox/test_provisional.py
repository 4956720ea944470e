"""Sales made while Lightspeed was away are written and recorded afterwards, once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from salesfloor.lightspeed.client import Client
from salesfloor.lightspeed.drafts import DraftLine, SaleDraft, Tender
from salesfloor.outbox import courier, sweep
from salesfloor.outbox.models import Submission
from salesfloor.outbox.paid_sale import PaidSale
from salesfloor.sales.models import make_reference
from tests.conftest import SOCK

State = Submission.State


@pytest.fixture
def owed(rep):
    """Makes a sock, sold for so much without asking Lightspeed, owed to it."""

    def owe(total: str) -> Submission:
        reference, now = make_reference(), timezone.now()
        sock = DraftLine(item_id=SOCK, unit_quantity=1, unit_price=Decimal("9.99"))
        cash = Tender(payment_type_id=1, amount=Decimal(total), remote_reference=f"{reference}-1")
        place = {"employee_id": 2, "shop_id": 1, "register_id": 1, "tax_category_id": 1}
        paid_sale = PaidSale(
            draft_id=None,
            draft=SaleDraft(reference_number=reference, lines=[sock], **place),
            tenders=(cash,),
            total=Decimal(total),
            change=Decimal(0),
            completed_at=now,
        )
        owing = {"paid_at": now, "due_at": now, "total": total, "payload": paid_sale.as_json()}
        return rep.account.submissions.create(rep=rep, reference=reference, **owing)

    return owe


def deliver(submission: Submission) -> Submission:
    """By a courier that was there before the sale, coming back as often as it wants to."""
    time = [timezone.now()]
    at_work = courier.Courier(now=lambda: time[0], inherited={submission.account_id: 0})
    for _ in range(30):
        courier.deliver(submission.account, at_work)
        submission.refresh_from_db()
        if submission.state in (State.COMPLETED, State.SETTLED) or submission.ticket_number:
            break
        time[0] = max(time[0], submission.due_at)
    return submission


def completed(simulator) -> list[dict]:
    return [sale for sale in simulator.sales() if sale["completed"]]


def test_sale_of_lightspeeds_own_total_is_simply_recorded(owed, simulator):
    submission = deliver(owed("11.49"))
    (sale,) = completed(simulator)
    assert submission.state == State.COMPLETED
    assert sale["ticketNumber"] == submission.ticket_number


@pytest.mark.parametrize("collected", ["11.00", "12.00"])
def test_difference_is_a_line_of_its_own_and_the_managers_business(owed, simulator, collected):
    submission = deliver(owed(collected))
    (sale,) = completed(simulator)
    assert Decimal(sale["total"]) == Decimal(collected)
    assert (submission.state, submission.reason) == (State.ATTENTION, "provisional_differed")
    assert submission.detail == f"Lightspeed's total was 11.49, collected were {collected}"


def test_manager_accepts_the_difference(owed, manager):
    submission = deliver(owed("11.00"))
    assert submission.settle_by_hand(manager, "The price had changed.")
    assert not submission.account.submissions.undelivered().exists()


@pytest.mark.parametrize("fault", ["reset", "reset_after", "503", "cut_body", "timeout_after"])
@pytest.mark.parametrize("collected", ["11.49", "11.00"])
def test_draft_whose_answer_was_lost_is_written_again(owed, simulator, fault, collected):
    simulator.fault("Sale", fault, method="POST", times=1, seconds=4)
    submission = deliver(owed(collected))
    (sale,) = completed(simulator)
    assert Decimal(sale["total"]) == Decimal(collected)
    assert sale["saleID"] == submission.sale_lightspeed_id


@pytest.mark.parametrize("fault", ["reset", "reset_after", "503", "cut_body"])
def test_completion_whose_answer_was_lost_is_not_made_of_another_draft(owed, simulator, fault):
    simulator.fault("Sale/{id}", fault, method="PUT", times=1)
    deliver(owed("11.00"))
    assert len(completed(simulator)) == 1
    assert len(completed(simulator)[0]["payments"]) == 1


def test_manager_is_told_of_payments_on_another_open_sale_of_the_same_cart(owed, simulator):
    submission = owed("11.49")
    amount = {"paymentTypeID": 1, "amount": "11.49", "remoteReference": f"{submission.reference}-1"}
    simulator.client(1).post(
        "Sale",
        {
            "referenceNumber": submission.reference,
            "referenceNumberSource": "salesfloor",
            "employeeID": 2,
            "shopID": 1,
            "registerID": 1,
            "SaleLines": {"SaleLine": [{"itemID": SOCK, "unitQuantity": 1}]},
            "SalePayments": {"SalePayment": [amount]},
        },
    )
    submission.ask_for_look()
    courier.deliver(submission.account)
    submission.refresh_from_db()
    assert submission.reason == "paid_there"
    assert completed(simulator) == []


def test_drafts_that_were_of_no_use_are_archived(owed, simulator, rep):
    simulator.fault("Sale", "reset_after", method="POST", times=1)
    deliver(owed("11.00"))
    sweep.archive_strays(rep.account, timezone.now() + timedelta(minutes=5))
    assert [sale["archived"] for sale in simulator.sales() if not sale["completed"]] == [True, True]


def test_draft_whose_answer_is_on_its_way_is_not_taken_for_one_whose_answer_was_lost(
    owed, simulator, rep, monkeypatch
):
    submission, later = owed("11.49"), timezone.now() + timedelta(minutes=5)
    drafts = rep.account.drafts
    drafts.create(reference=submission.reference, started_at=timezone.now())
    drafts.leave(submission.reference)
    create = Client.create_sale

    def create_while_a_sweep_looks(client, body):
        sale = create(client, body)
        assert sweep.archive_strays(rep.account, later) == 0
        return sale

    monkeypatch.setattr(Client, "create_sale", create_while_a_sweep_looks)
    assert deliver(submission).state == State.COMPLETED
    (sale,) = simulator.sales()
    assert (sale["completed"], sale["archived"]) == (True, False)
    assert sweep.archive_strays(rep.account, later) == 1


def test_manager_is_told_of_a_cart_that_lightspeed_refuses(owed, simulator):
    simulator.put({"Item": [{"itemID": SOCK, "archived": True}]})
    simulator.settings(archived_items_refused=True)
    submission = deliver(owed("11.49"))
    assert submission.reason == "not_drafted"
    assert "is archived" in submission.detail
