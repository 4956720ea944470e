import json
from datetime import UTC, datetime
from decimal import Decimal

from salesfloor.lightspeed.drafts import DraftLine, SaleDraft, Tender, completion


def test_a_draft_says_what_is_sold_by_whom_and_where() -> None:
    draft = SaleDraft(
        reference_number="SF-01HZX3",
        employee_id=7,
        shop_id=1,
        register_id=3,
        customer_id=88,
        lines=[DraftLine(item_id=12, unit_quantity=Decimal(2), unit_price=Decimal("18.50"))],
    )
    assert draft.body() == {
        "referenceNumber": "SF-01HZX3",
        "referenceNumberSource": "salesfloor",
        "employeeID": 7,
        "shopID": 1,
        "registerID": 3,
        "customerID": 88,
        "enablePromotions": False,
        "completed": False,
        "SaleLines": {"SaleLine": [{"itemID": 12, "unitQuantity": "2", "unitPrice": "18.50"}]},
    }


def test_no_tax_is_said_and_not_left_out() -> None:
    line = DraftLine(item_id=0, unit_quantity=1, tax=False, discount_percent=Decimal("0.1"))
    draft = SaleDraft(
        reference_number="SF-1",
        employee_id=7,
        shop_id=1,
        register_id=3,
        tax_category_id=0,
        lines=[line],
    )
    body = draft.body()
    assert body["taxCategoryID"] == 0
    assert body["SaleLines"]["SaleLine"] == [
        {"itemID": 0, "unitQuantity": "1", "discountPercent": "0.1", "tax": False}
    ]


def test_numbers_are_plain_however_python_writes_them() -> None:
    line = DraftLine(item_id=12, unit_quantity=Decimal("1E+3"), unit_price=Decimal("1E-7"))
    assert line.body() == {"itemID": 12, "unitQuantity": "1000", "unitPrice": "0.0000001"}


def test_a_completion_carries_its_tenders_and_when_the_last_was_approved() -> None:
    card = Tender(payment_type_id=3, amount=Decimal("20.00"), remote_reference="SF-1-1")
    cash = Tender(payment_type_id=1, amount=Decimal("20.00"), remote_reference="SF-1-2")
    body = completion([card, cash], datetime(2026, 5, 4, 15, 2, 11, tzinfo=UTC))
    assert body["completed"] is True
    assert body["completeTime"] == "2026-05-04T15:02:11+00:00"
    assert [tender["remoteReference"] for tender in body["SalePayments"]["SalePayment"]] == [
        "SF-1-1",
        "SF-1-2",
    ]


def test_a_completion_without_tenders_adds_none() -> None:
    assert completion([]) == {"completed": True}


def test_a_body_is_the_same_after_it_was_stored() -> None:
    tender = Tender(payment_type_id=1, amount=Decimal("34.48"), remote_reference="SF-1-1")
    body = completion([tender], datetime(2026, 5, 4, tzinfo=UTC))
    assert json.loads(json.dumps(body)) == body
