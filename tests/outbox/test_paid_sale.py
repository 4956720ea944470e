"""What was sold is held to what Lightspeed has completed, to the cent and to the line."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import timezone

from salesfloor.lightspeed.drafts import DraftLine, SaleDraft, ShipTo, Tender
from salesfloor.lightspeed.ratelimit import Right
from salesfloor.money import to_cents
from salesfloor.outbox.paid_sale import PaidSale
from salesfloor.sales.models import make_reference
from salesfloor.staff.connection import client_for
from tests.conftest import SHOE, SOCK

CASH, GIFT_CARD, CARD = 1, 5, 3


@pytest.fixture
def client(rep):
    return client_for(rep, Right.COMPLETE)


def draft_of(*lines: DraftLine, **more) -> SaleDraft:
    return SaleDraft(
        reference_number=make_reference(),
        employee_id=2,
        shop_id=1,
        register_id=1,
        tax_category_id=1,
        lines=lines,
        **more,
    )


def tender(amount, payment_type_id=CASH, number=1, **more) -> Tender:
    reference = f"{number}-{make_reference()}"
    return Tender(
        payment_type_id=payment_type_id,
        amount=Decimal(amount),
        remote_reference=reference,
        **more,
    )


def recorded(client, draft, *tenders, change="0", lines_added=0):
    """What was paid, and the sale that it is completed as."""
    opened = client.create_sale(draft.body())
    total = to_cents(opened.calc_total)
    tenders = tenders or (tender(total),)
    paid = PaidSale(
        draft_id=opened.sale_id,
        draft=draft,
        tenders=tenders,
        total=total,
        change=Decimal(change),
        completed_at=timezone.now(),
        expected_lines_added=lines_added,
    )
    body = paid.completion(frozenset(), timezone.now())
    return paid, client.update_sale(opened.sale_id, body)


SOCKS = DraftLine(item_id=SOCK, unit_quantity=2, unit_price=Decimal("9.9900"))
SHOES = DraftLine(item_id=SHOE, unit_quantity=1, unit_price=Decimal(20))


def test_cash_and_card_with_change_are_what_was_taken(client):
    card = tender("20", CARD)
    cash = tender("30", number=2)
    paid, sale = recorded(client, draft_of(SOCKS, SHOES), cash, card, change="4.03")
    assert paid.differences(sale) == []
    other = replace(paid, tenders=(cash, replace(card, payment_type_id=2)))
    assert other.differences(sale) == ["its payments are not those that were taken"]


def test_card_that_was_kept_for_less_is_noticed(client):
    card = tender("20", CARD)
    cash = tender("25.97", number=2)
    paid, sale = recorded(client, draft_of(SOCKS, SHOES), cash, card)
    shifted = (replace(cash, amount=Decimal("24.97")), replace(card, amount=Decimal(21)))
    assert replace(paid, tenders=shifted).differences(sale) == [
        "its payments are not those that were taken"
    ]


@pytest.mark.parametrize(
    "discount", [{"discount_percent": Decimal("0.1")}, {"discount_amount": Decimal("1.50")}]
)
def test_discount_belongs_to_the_line(client, discount):
    paid, sale = recorded(client, draft_of(replace(SOCKS, **discount)))
    assert paid.differences(sale) == []
    undiscounted = replace(paid, draft=replace(paid.draft, lines=(SOCKS,)))
    assert undiscounted.differences(sale) == ["its lines are not those that were sold"]


def test_goods_come_back_to_the_line_they_were_sold_on(client):
    _, sold = recorded(client, draft_of(replace(SOCKS, discount_percent=Decimal("0.1"))))
    back = replace(SOCKS, unit_quantity=-1, parent_sale_line_id=sold.sale_lines[0].sale_line_id)
    paid, refund = recorded(client, draft_of(back))
    assert refund.calc_total == Decimal("-10.34")
    assert paid.differences(refund) == []
    loose = replace(back, parent_sale_line_id=None)
    assert replace(paid, draft=replace(paid.draft, lines=(loose,))).differences(refund)


def test_loading_a_gift_card_adds_a_line_that_was_expected(client, simulator):
    card = {"creditAccountID": 9, "code": "90000012345", "name": "Gift Card", "giftCard": True}
    simulator.put({"CreditAccount": [card]})
    load = tender("-50", GIFT_CARD, credit_account_id=9)
    paid_in = tender("61.49", CARD, number=2)
    one = replace(SOCKS, unit_quantity=1)
    paid, sale = recorded(client, draft_of(one), load, paid_in, lines_added=1)
    assert paid.differences(sale) == []
    assert replace(paid, expected_lines_added=0).differences(sale) == [
        "its lines are not those that were sold"
    ]


def test_fee_that_lightspeed_charges_with_an_item_is_no_other_line(client, simulator):
    simulator.put(
        {
            "ItemFee": [{"itemFeeID": 1, "name": "Recycling", "feeValue": "2"}],
            "ItemFeeCategory": [{"itemFeeID": 1, "categoryID": 1}],
        }
    )
    paid, sale = recorded(client, draft_of(SHOES))
    assert len(sale.sale_lines) == 2
    assert paid.differences(sale) == []


def test_another_customer_is_another_sale(client, simulator):
    simulator.put({"Customer": [{"customerID": 88, "firstName": "Ann", "lastName": "Lee"}]})
    paid, sale = recorded(client, draft_of(SOCKS, customer_id=88))
    assert paid.differences(sale) == []
    nobody = replace(paid, draft=replace(paid.draft, customer_id=None))
    assert nobody.differences(sale) == ["it is another customer's"]


def test_what_is_stored_says_the_same_later(client):
    address = ShipTo(first_name="Ann", address1="1 Quay", city="Cork", country_code="IE")
    paid, _ = recorded(client, draft_of(SOCKS, SHOES, ship_to=address))
    again = PaidSale.from_json(paid.as_json())
    assert again.draft.body() == paid.draft.body()
    assert again.tenders == paid.tenders


def test_payload_of_an_earlier_release_can_be_read(client):
    paid, sale = recorded(client, draft_of(SOCKS))
    stored = paid.as_json()
    del stored["expected_lines_added"], stored["draft"]["ship_to"]
    del stored["tenders"][0]["ref_payment_id"], stored["draft"]["lines"][0]["parent_sale_line_id"]
    assert PaidSale.from_json(stored).differences(sale) == []
