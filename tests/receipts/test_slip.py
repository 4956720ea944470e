"""The receipt itself: what stands on it, and how sure of it we are."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from salesfloor.mirror.sync import sync
from salesfloor.outbox.courier import deliver
from salesfloor.outbox.models import Submission
from salesfloor.sales import checkout
from salesfloor.sales.models import Sale
from tests.conftest import pay_cash, start_card

LETTERHEAD = {
    "shopID": 1,
    "vatNumber": "R123456789",
    "companyRegistrationNumber": "1177 45",
    "Contact": {
        "Addresses": {
            "ContactAddress": [
                {"address1": "12 Quay Rd", "city": "Montréal", "stateCode": "QC", "zip": "H2Y 1A1"}
            ]
        },
        "Phones": {"ContactPhone": [{"number": "514 555 0101", "useType": "Work"}]},
    },
    "ReceiptSetup": {"header": "Boots & more", "generalMsg": "Returns within 30 days."},
}


def receipt(screen, sale) -> str:
    return screen.get(reverse("receipts:receipt", args=[sale.pk])).content.decode()


def barcode(screen, sale):
    return screen.get(reverse("receipts:barcode", args=[sale.pk]))


def missing(html: str, *texts: str) -> list[str]:
    return [text for text in texts if text not in html]


def test_receipt_shows_what_was_sold_taken_and_given_back(screen, paid):
    html = receipt(screen, paid)
    assert missing(html, "Wool sock M", "$9.99", "$11.49", "$20.49", "$9.00", "Maya R.") == []


def test_taxes_stand_by_name_and_rate(screen, paid):
    html = " ".join(receipt(screen, paid).split())
    assert missing(html, "GST 5 %", "$0.50", "PST 9.975 %", "$1.00") == []


def test_shop_is_told_as_lightspeed_has_it(screen, simulator, account, paid):
    simulator.put({"Shop": [LETTERHEAD]})
    sync(account, everything=True)
    html = receipt(screen, paid)
    letterhead = ("12 Quay Rd", "Montréal QC H2Y 1A1", "514 555 0101", "Boots &amp; more")
    numbers = ("R123456789", "1177 45", "Returns within 30 days.")
    assert missing(html, *letterhead, *numbers) == []


def test_receipt_of_a_sale_on_its_way_has_our_reference_and_no_barcode(screen, paid):
    html = receipt(screen, paid)
    assert missing(html, paid.reference, "recording") == []
    assert "not yet confirmed" not in html
    assert barcode(screen, paid).status_code == 404


@pytest.mark.parametrize("state", [Submission.State.CHECKING, Submission.State.ATTENTION])
def test_receipt_of_a_sale_in_doubt_says_so(screen, account, paid, state):
    account.submissions.update(state=state)
    assert missing(receipt(screen, paid), paid.reference, "not yet confirmed") == []


def test_receipt_of_a_recorded_sale_has_its_ticket_number_as_a_barcode(screen, account, paid):
    deliver(account)
    html = receipt(screen, paid)
    assert missing(html, "220000000001", reverse("receipts:barcode", args=[paid.pk])) == []
    assert paid.reference not in html
    assert barcode(screen, paid).content.startswith(b"<svg")


def test_slip_follows_the_sale_until_it_has_its_ticket_number(screen, account, paid):
    follow = 'hx-trigger="every 2s"'
    assert follow in receipt(screen, paid)
    deliver(account)
    slip = receipt(screen, paid)
    assert follow not in slip
    assert slip.strip().startswith("<article")


def test_total_is_lightspeeds_and_a_difference_has_a_row(screen, account, paid):
    account.drafts.update(total=Decimal("11.50"))
    html = " ".join(receipt(screen, paid).split())
    assert "Adjustment</dt> <dd> $0.01" in html
    assert "$11.50" in html


def test_taxes_that_prices_include_are_told_below_the_total(screen, account, paid):
    account.tax_categories.update(is_tax_inclusive=True)
    account.drafts.update(total=Decimal("9.99"))
    html = " ".join(receipt(screen, paid).split())
    assert html.index("Total</dt>") < html.index("includes GST 5 %")
    assert "Subtotal" not in html


def test_times_are_those_of_the_shop(screen, account, paid):
    account.shops.update(time_zone="America/Toronto")
    account.sales.update(paid_at=datetime(2026, 7, 1, 16, 0, tzinfo=UTC))
    assert "July 1, 2026, noon" in receipt(screen, paid)


def test_hostile_words_of_a_shop_stay_words(screen, account, paid):
    account.shops.update(receipt_message="<script>alert(1)</script>\nsecond")
    html = receipt(screen, paid)
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>second" in html


def test_unpaid_cart_has_no_receipt(screen, rep, sock):
    screen.post(reverse("sales:add_line"), {"item": sock.pk})
    cart = rep.account.sales.current(rep)
    assert screen.get(reverse("receipts:receipt", args=[cart.pk])).status_code == 404


def start(rep, *items) -> Sale:
    sale = Sale.start(rep)
    for item in items:
        sale.add_line(item)
    return sale


def test_payments_in_parts_stand_each_with_what_tells_it_from_others(screen, rep, sock):
    sale = pay_cash(start(rep, sock), Decimal("5"))
    sale = start_card(sale)
    checkout.answer_card(sale.pending_payment, approved=True)
    sale.payments.filter(payment_type__kind="credit card").update(
        card_brand="Visa", card_last4="4242"
    )
    html = " ".join(receipt(screen, sale).split())
    assert missing(html, "Cash", "$5.00", "Credit Card Visa ···· 4242", "$6.49") == []
    assert "Change" not in html


def test_total_that_cash_rounds_says_by_how_much(screen, rep, account, sock):
    account.cash_rounding = Decimal("0.05")
    account.save()
    rep.account.refresh_from_db()
    html = " ".join(receipt(screen, pay_cash(start(rep, sock), Decimal("20"))).split())
    assert "Adjustment · Cash</dt> <dd> $0.01" in html
    assert missing(html, "$11.49", "$20.00", "$8.50") == []


def test_gift_card_that_was_loaded_is_in_the_total(screen, account, paid):
    gift_card = account.payment_types.get(kind="gift card")
    paid.payments.create(
        payment_type=gift_card,
        remote_reference=f"{paid.reference}-9",
        amount=Decimal("-50"),
        amount_tendered=Decimal("-50"),
        is_load=True,
        credit_account_name="···· 7788",
        state="approved",
    )
    html = " ".join(receipt(screen, paid).split())
    assert missing(html, "Gift Card ···· 7788", "$50.00", "$61.49") == []
