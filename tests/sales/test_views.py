"""What a rep's browser gets."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from salesfloor.mirror.sync import sync
from salesfloor.outbox.courier import deliver
from salesfloor.sales import checkout
from salesfloor.sales.models import Sale, SalePayment, SaleQuerySet
from tests.conftest import SHOE, SOCK, give_leave, price_carts, reread, sell


def scan(screen, code, **data):
    data = {"code": code, "action_id": uuid4()} | data
    return screen.post(reverse("sales:scan"), data)


def fields(html: str) -> dict[str, str]:
    """The hidden fields that every form of the cart carries."""
    return {
        name: re.search(rf'name="{name}" value="([^"]*)"', html)[1]
        for name in ("version", "action_id")
    }


def cart(screen) -> str:
    return screen.get(reverse("sales:sell")).content.decode()


def pay_cash(screen, amount: str, *, total: str = "11.49", **data):
    data = fields(cart(screen)) | {"expected_total": total, "amount_tendered": amount} | data
    return tap(screen, "pay_cash", data)


def start_card(screen, total: str = "11.49"):
    return tap(screen, "start_card", fields(cart(screen)) | {"expected_total": total})


def tap(screen, url: str, form):
    """The answer to a tap on a payment, or the cart that follows it once it is priced."""
    answer = screen.post(reverse(f"sales:{url}"), form)
    if "Asking Lightspeed" not in answer.content.decode():
        return answer
    price_carts()
    return screen.get(reverse("sales:cart"))


def test_scanned_item_is_in_the_cart_with_its_price_and_taxes(screen):
    html = scan(screen, "5012345678900").content.decode()
    assert "Wool sock M" in html
    assert "$11.49" in html


def test_upc_is_found_by_its_thirteen_digits_too(screen):
    assert "Trail Runner" in scan(screen, "0012345678905").content.decode()


def test_unknown_barcode_is_named_and_the_cart_kept(screen):
    scan(screen, "5012345678900")
    answer = scan(screen, "4006381333931")
    assert answer.status_code == 422
    assert "4006381333931" in answer.content.decode()
    assert "Wool sock M" in answer.content.decode()


def test_scan_sent_twice_counts_once(screen, rep):
    action_id = uuid4()
    scan(screen, "5012345678900", action_id=action_id)
    scan(screen, "5012345678900", action_id=action_id)
    assert rep.account.sales.current(rep).unit_count == 1


def test_item_tapped_twice_is_two_units_on_one_line(screen, sock, rep):
    for _ in range(2):
        screen.post(reverse("sales:add_line"), {"item": sock.pk})
    (line,) = rep.account.sales.current(rep).live_lines
    assert line.unit_quantity == 2


@pytest.mark.parametrize("quantity", ["0", "-3", "10000", "99999999999999999999", "two", "1.5", ""])
def test_absurd_quantity_is_refused_and_the_line_kept(screen, rep, quantity):
    html = scan(screen, "5012345678900").content.decode()
    line = rep.account.sales.current(rep).live_lines[0]
    answer = screen.post(
        reverse("sales:change_line", args=[line.pk]), fields(html) | {"unit_quantity": quantity}
    )
    assert answer.status_code == 422
    assert rep.account.sales.current(rep).unit_count == 1


@pytest.mark.parametrize("item", ["", "0", "-1", "x", "9" * 30])
def test_item_that_does_not_exist_leaves_the_cart_alone(screen, rep, item):
    assert screen.post(reverse("sales:add_line"), {"item": item}).status_code in (404, 422)
    assert rep.account.sales.current(rep) is None


@pytest.mark.parametrize("code", ["", "\x00", "'; DROP TABLE", "9" * 101, "☕", "٤٢"])
def test_code_that_is_none_leaves_the_cart_alone(screen, rep, code):
    assert scan(screen, code).status_code == 422
    assert rep.account.sales.current(rep) is None


@pytest.mark.parametrize("version", ["", "0", "-1", "x", "9" * 30])
def test_version_that_was_never_shown_changes_nothing(screen, rep, version):
    html = scan(screen, "5012345678900").content.decode()
    line = rep.account.sales.current(rep).live_lines[0]
    form = fields(html) | {"unit_quantity": "5", "version": version}
    answer = screen.post(reverse("sales:change_line", args=[line.pk]), form)
    assert answer.status_code in (409, 422)
    assert rep.account.sales.current(rep).unit_count == 1


def test_item_that_costs_nothing_is_recorded_without_a_payment(screen, simulator, account, shoe):
    shoe.price, shoe.prices = 0, {"1": "0"}
    shoe.save()
    screen.post(reverse("sales:add_line"), {"item": shoe.pk})
    pay_cash(screen, "0", total="0")
    deliver(account)
    (sale,) = simulator.sales()
    assert (sale["completed"], sale["payments"]) == (True, [])


def test_removed_line_comes_back_with_undo(screen, rep):
    html = scan(screen, "5012345678900").content.decode()
    line = rep.account.sales.current(rep).live_lines[0]
    html = screen.post(reverse("sales:remove_line", args=[line.pk]), fields(html)).content.decode()
    assert "removed" in html
    screen.post(reverse("sales:restore_line", args=[line.pk]), fields(html))
    assert rep.account.sales.current(rep).unit_count == 1


def test_change_of_an_old_version_shows_the_cart_as_it_is(screen, rep):
    html = scan(screen, "5012345678900").content.decode()
    scan(screen, "5012345678900")
    line = rep.account.sales.current(rep).live_lines[0]
    answer = screen.post(
        reverse("sales:change_line", args=[line.pk]), fields(html) | {"unit_quantity": "9"}
    )
    assert answer.status_code == 409
    assert rep.account.sales.current(rep).unit_count == 2


def test_cash_with_a_note_too_large_shows_the_change(screen, simulator):
    scan(screen, "5012345678900")
    html = pay_cash(screen, "20").content.decode()
    assert "$8.51" in html
    assert "Recording" in html


def test_done_strip_shows_the_ticket_number_once_recorded(screen, rep, account):
    scan(screen, "5012345678900")
    pay_cash(screen, "20")
    deliver(account)
    done = account.sales.just_done(rep, now=account.sales.paid().first().paid_at)
    answer = screen.get(reverse("sales:done", args=[done.pk]))
    assert answer.status_code == 286  # htmx stops asking
    assert done.ticket_number in answer.content.decode()


def test_sale_lowers_the_stock_in_lightspeed(screen, simulator, account):
    scan(screen, "5012345678900")
    pay_cash(screen, "20")
    deliver(account)
    (sale,) = simulator.sales()
    assert sale["completed"]
    assert (sale["total"], sale["change"]) == ("11.49", "8.51")
    assert [(p["amount"], p["paymentTypeID"]) for p in sale["payments"]] == [("11.49", 1)]
    assert simulator.stock(SOCK) == {0: 13, 1: 9, 2: 4}


def test_cash_below_the_total_is_a_part_of_it(screen, rep, account):
    scan(screen, "5012345678900")
    html = pay_cash(screen, "10").content.decode()
    assert "Still to pay" in html
    assert "$1.49" in html
    assert account.submissions.count() == 0
    assert "Recording" in pay_cash(screen, "1.49", total="1.49").content.decode()


def test_absurd_cash_takes_nothing(screen, rep):
    scan(screen, "5012345678900")
    answer = pay_cash(screen, "99999")
    assert answer.status_code == 422
    assert "too much change" in answer.content.decode()
    assert rep.account.submissions.count() == 0


@pytest.mark.parametrize("amount", ["", "twenty", "1,200", "-20", "1e9", "٢٠"])
def test_cash_that_is_no_amount_takes_nothing(screen, rep, amount):
    scan(screen, "5012345678900")
    answer = pay_cash(screen, amount)
    assert answer.status_code == 422
    assert rep.account.submissions.count() == 0


def test_second_tap_on_pay_shows_the_first_result(screen, rep, simulator, account):
    scan(screen, "5012345678900")
    form = fields(cart(screen)) | {"expected_total": "11.49", "amount_tendered": "20"}
    for _ in range(2):
        answer = screen.post(reverse("sales:pay_cash"), form)
        assert "Asking Lightspeed" in answer.content.decode()
    assert "$8.51" in tap(screen, "pay_cash", form).content.decode()
    assert "$8.51" in tap(screen, "pay_cash", form).content.decode()
    assert account.submissions.count() == 1


def test_total_that_lightspeed_sees_otherwise_is_shown_before_money_is_taken(
    screen, simulator, rep
):
    scan(screen, "5012345678900")
    # The tax was raised in Lightspeed and has not come here yet.
    simulator.put({"TaxCategory": [{"taxCategoryID": 1, "tax1Rate": "0.10", "tax2Rate": "0"}]})
    answer = pay_cash(screen, "20")
    assert "$10.99" in answer.content.decode()
    assert rep.account.submissions.count() == 0


def test_line_that_lightspeed_prices_differently_is_named(screen, simulator, shoe):
    scan(screen, "5012345678900")
    scan(screen, "012345678905")
    # Lightspeed gave the sock's tax class a rate of its own, which has not come here yet.
    simulator.put({"Item": [{"itemID": SHOE, "taxClassID": 2}]})
    simulator.put(
        {
            "TaxCategoryClass": [
                {"taxCategoryID": 1, "taxClassID": 2, "tax1Rate": "0.01", "tax2Rate": "0"}
            ]
        }
    )
    answer = pay_cash(screen, "50", total="34.48")
    assert "prices Trail Runner Blue 9 differently" in answer.content.decode()


def test_cart_that_changed_in_another_tab_is_not_paid_as_it_was(screen, rep, shoe):
    """Not even where the total is the same and Lightspeed knows the new cart."""
    scan(screen, "5012345678900")
    old = fields(cart(screen)) | {"expected_total": "11.49", "amount_tendered": "20"}
    start_card(screen)
    payment = rep.account.sales.current(rep).payments.get()
    screen.post(reverse("sales:answer_card", args=[payment.pk]), {"answer": "declined"})
    assert screen.post(reverse("sales:pay_cash"), old).status_code == 409
    assert rep.account.submissions.count() == 0


def test_second_tap_while_lightspeed_is_asked_is_told_to_wait(screen, account):
    scan(screen, "5012345678900")
    form = fields(cart(screen)) | {"expected_total": "11.49", "amount_tendered": "20"}
    screen.post(reverse("sales:pay_cash"), form)
    answer = screen.post(reverse("sales:pay_cash"), form | {"action_id": uuid4()})
    assert answer.status_code == 409
    assert "being asked for the total" in answer.content.decode()
    price_carts()
    assert account.submissions.count() == 1


def test_cart_that_was_priced_ahead_is_paid_with_the_tap(screen, rep):
    html = scan(screen, "5012345678900").content.decode()
    assert screen.post(reverse("sales:ask_ahead"), fields(html)).status_code == 204
    price_carts()
    form = fields(cart(screen)) | {"expected_total": "11.49", "amount_tendered": "20"}
    assert "$8.51" in screen.post(reverse("sales:pay_cash"), form).content.decode()


def test_cart_is_changed_while_its_price_is_asked_ahead(screen, rep):
    html = scan(screen, "5012345678900").content.decode()
    screen.post(reverse("sales:ask_ahead"), fields(html))
    scan(screen, "5012345678900")
    price_carts()
    sale = rep.account.sales.current(rep)
    assert (sale.state, sale.unit_count) == ("open", 2)


def test_payment_that_waits_for_a_price_is_cancelled_and_nothing_taken(screen, rep, account):
    scan(screen, "5012345678900")
    form = fields(cart(screen)) | {"expected_total": "11.49", "amount_tendered": "20"}
    screen.post(reverse("sales:pay_cash"), form)
    payment = rep.account.sales.current(rep).payments.get()
    html = screen.post(reverse("sales:cancel_payment", args=[payment.pk])).content.decode()
    assert "Nothing was taken" in html
    price_carts()
    assert account.submissions.count() == 0
    assert "Exact cash" in cart(screen)


def test_price_that_never_comes_is_told_after_20_seconds(screen, rep):
    scan(screen, "5012345678900")
    form = fields(cart(screen)) | {"expected_total": "11.49", "amount_tendered": "20"}
    screen.post(reverse("sales:pay_cash"), form)
    payment = rep.account.sales.current(rep).payments.get()
    waiting = {"waiting": payment.pk}
    assert screen.get(reverse("sales:cart"), waiting).status_code == 204
    SalePayment.everywhere.update(started_at=timezone.now() - timedelta(seconds=21))
    html = screen.get(reverse("sales:cart"), waiting).content.decode()
    assert "Lightspeed did not answer. Nothing was charged" in html


def test_price_that_was_lost_with_its_worker_is_asked_for_once_more_at_the_next_tap(screen, rep):
    scan(screen, "5012345678900")
    form = fields(cart(screen)) | {"expected_total": "11.49", "amount_tendered": "20"}
    screen.post(reverse("sales:pay_cash"), form)
    lost = Sale.everywhere.for_pricing().get()
    SalePayment.everywhere.update(started_at=timezone.now() - timedelta(seconds=21))
    html = screen.get(reverse("sales:cart")).content.decode()
    form = fields(html) | {"expected_total": "11.49", "amount_tendered": "20"}
    screen.post(reverse("sales:pay_cash"), form)
    price_carts()
    paid = rep.account.sales.get()
    checkout.price(lost)  # it was only late
    assert (paid.state, reread(paid).draft) == (Sale.State.PAID, paid.draft)


def test_price_of_an_earlier_asking_is_not_taken_for_the_later_one(screen, rep):
    scan(screen, "5012345678900")
    form = fields(cart(screen)) | {"expected_total": "11.49", "amount_tendered": "20"}
    screen.post(reverse("sales:pay_cash"), form)
    late = Sale.everywhere.for_pricing().get()
    SalePayment.everywhere.update(started_at=timezone.now() - timedelta(seconds=21))
    html = screen.get(reverse("sales:cart")).content.decode()
    form = fields(html) | {"expected_total": "11.49", "amount_tendered": "20"}
    screen.post(reverse("sales:pay_cash"), form)
    checkout.price(late)
    assert rep.account.sales.get().state == Sale.State.QUOTING


def test_price_that_comes_after_the_rep_stopped_waiting_takes_nothing(screen, account):
    scan(screen, "5012345678900")
    form = fields(cart(screen)) | {"expected_total": "11.49", "amount_tendered": "20"}
    screen.post(reverse("sales:pay_cash"), form)
    SalePayment.everywhere.update(started_at=timezone.now() - timedelta(seconds=21))
    price_carts()
    assert account.submissions.count() == 0
    assert (
        "Lightspeed did not answer. Nothing was charged"
        in screen.get(reverse("sales:cart")).content.decode()
    )


def test_cart_that_is_paid_while_it_is_read_is_shown_as_paid(screen, monkeypatch):
    scan(screen, "5012345678900")
    form = fields(cart(screen)) | {"expected_total": "11.49", "amount_tendered": "20"}
    screen.post(reverse("sales:pay_cash"), form)
    read, reads = SaleQuerySet.current, []

    def then_the_worker_ends_it(sales, rep):
        sale = read(sales, rep)
        reads.append(sale)
        if len(reads) == 2:  # the one that is shown
            price_carts()
        return sale

    monkeypatch.setattr(SaleQuerySet, "current", then_the_worker_ends_it)
    html = screen.get(reverse("sales:cart")).content.decode()
    assert "$8.51" in html
    assert "nothing is due" not in html


def test_rep_who_is_signed_out_sells_nothing_on_a_managers_leave(screen, rep):
    give_leave(rep.account)
    scan(screen, "5012345678900")
    rep.grant.lose()
    pay_cash(screen, "20")
    assert rep.account.submissions.count() == 0


def test_part_in_cash_and_the_rest_by_card(screen, rep, simulator, account):
    scan(screen, "5012345678900")
    pay_cash(screen, "5")
    start_card(screen, "6.49")
    payment = rep.account.sales.current(rep).pending_payment
    answer = {"answer": "approved", "card_brand": "Visa", "card_last4": "4242"}
    screen.post(reverse("sales:answer_card", args=[payment.pk]), answer)
    deliver(account)
    (sale,) = simulator.sales()
    assert [(p["amount"], p["paymentTypeID"]) for p in sale["payments"]] == [("5", 1), ("6.49", 3)]
    assert account.sales.paid().get().progress == "recorded"


def test_part_that_is_given_back_leaves_the_whole_to_pay(screen, rep, account):
    scan(screen, "5012345678900")
    pay_cash(screen, "5")
    payment = rep.account.sales.current(rep).payments.get()
    html = screen.post(reverse("sales:give_back", args=[payment.pk])).content.decode()
    assert "was given back" in html
    assert "$8.51" in pay_cash(screen, "20").content.decode()


def test_cart_cannot_be_emptied_with_money_in_it(screen, rep):
    scan(screen, "5012345678900")
    html = pay_cash(screen, "5").content.decode()
    assert screen.post(reverse("sales:empty_cart"), fields(html)).status_code == 409
    assert rep.account.sales.current(rep).unit_count == 1


def test_cheque_is_asked_for_before_it_counts(screen, rep, account, simulator):
    scan(screen, "5012345678900")
    cheque = account.payment_types.get(name="Check")
    form = fields(cart(screen)) | {"expected_total": "11.49", "payment_type": cheque.pk}
    assert "Do you have it?" in tap(screen, "start_payment", form).content.decode()
    payment = rep.account.sales.current(rep).pending_payment
    screen.post(reverse("sales:answer_card", args=[payment.pk]), {"answer": "approved"})
    deliver(account)
    (sale,) = simulator.sales()
    assert [(p["amount"], p["paymentTypeID"]) for p in sale["payments"]] == [("11.49", 2)]


def test_total_in_cash_is_rounded_to_coins_where_there_are_no_cents(
    screen, rep, account, simulator
):
    simulator.put({"Locale": [{"localeID": 1, "cashRoundingPrecision": "0.05"}]})
    sync(account, everything=True)
    html = scan(screen, "5012345678900").content.decode()
    assert "$11.50" in html
    assert "$8.50" in pay_cash(screen, "20").content.decode()
    deliver(account)
    (sale,) = simulator.sales()
    assert (sale["payments"][0]["amount"], sale["change"]) == ("11.49", "8.5")
    (there,) = simulator.client().records("Sale")
    assert there["balance"] == "0"
    assert there["MetaData"]["cash_rounding_delta"] == "-0.01"
    assert account.sales.paid().get().progress == "recorded"


def test_while_lightspeed_is_away_a_manager_may_allow_our_own_total(screen, rep, simulator):
    give_leave(rep.account)
    scan(screen, "5012345678900")
    simulator.fault("Sale", "503", method="POST", times=9)
    assert "$8.51" in pay_cash(screen, "20").content.decode()
    scan(screen, "012345678905")
    html = pay_cash(screen, "23", total="23.00").content.decode()
    assert "Nothing was charged" in html


def test_begun_card_payment_follows_the_rep_to_another_register(screen, rep, account):
    scan(screen, "5012345678900")
    start_card(screen)
    other = account.registers.get(lightspeed_id=2)
    screen.post(reverse("staff:choose_register"), {"register": other.pk})
    assert "Did it approve?" in cart(screen)


def test_card_is_committed_before_it_is_charged_and_paid_when_approved(screen, rep, account):
    scan(screen, "5012345678900")
    form = fields(cart(screen)) | {"expected_total": "11.49"}
    html = tap(screen, "start_card", form).content.decode()
    assert "Did it approve?" in html
    payment = rep.account.sales.current(rep).payments.get()
    screen.post(reverse("sales:answer_card", args=[payment.pk]), {"answer": "approved"})
    assert account.sales.paid().get().total == payment.amount


def test_declined_card_leaves_the_cart_to_be_paid_otherwise(screen, rep, account):
    scan(screen, "5012345678900")
    start_card(screen)
    payment = rep.account.sales.current(rep).payments.get()
    answer = screen.post(reverse("sales:answer_card", args=[payment.pk]), {"answer": "declined"})
    assert "Nothing was charged" in answer.content.decode()
    assert "$8.51" in pay_cash(screen, "20").content.decode()


def test_cart_cannot_be_changed_while_a_card_is_on_the_terminal(screen, rep):
    scan(screen, "5012345678900")
    start_card(screen)
    answer = scan(screen, "5012345678900")
    assert answer.status_code == 409
    assert "being paid" in answer.content.decode()


def test_lightspeed_away_keeps_the_cart_and_says_nothing_was_charged(screen, simulator, rep):
    scan(screen, "5012345678900")
    simulator.fault("Sale", "503", method="POST")
    answer = pay_cash(screen, "20")
    assert "Nothing was charged" in answer.content.decode()
    assert "$8.51" in pay_cash(screen, "20").content.decode()


def test_rep_signed_out_of_lightspeed_is_told_before_money(screen, rep):
    scan(screen, "5012345678900")
    rep.grant.lose()
    answer = pay_cash(screen, "20")
    assert "signed out of Lightspeed" in answer.content.decode()


def test_expired_session_leads_to_the_sign_in_page(screen):
    screen.logout()
    answer = scan(screen, "5012345678900")
    assert answer["HX-Redirect"] == reverse("staff:sign_in") + "?over=1"
    assert "the last tap did nothing" in screen.get(answer["HX-Redirect"]).content.decode()


def test_page_from_before_a_new_sign_in_is_told_that_its_tap_did_nothing(rep):
    screen = Client(enforce_csrf_checks=True, headers={"HX-Request": "true"})
    screen.force_login(rep.user)
    answer = scan(screen, "5012345678900")
    page = screen.get(answer["HX-Redirect"], follow=True)
    assert "you signed in anew meanwhile" in page.content.decode()
    assert rep.account.sales.current(rep) is None


def test_colleague_has_a_cart_of_their_own(screen, other_rep, browser_of):
    scan(screen, "5012345678900")
    assert "Wool sock M" not in cart(browser_of(other_rep)).split('id="cart"')[1]


def test_colleague_cannot_answer_my_card_payment(screen, rep, other_rep, browser_of):
    scan(screen, "5012345678900")
    start_card(screen)
    payment = rep.account.sales.current(rep).payments.get()
    url = reverse("sales:answer_card", args=[payment.pk])
    assert browser_of(other_rep).post(url, {"answer": "approved"}).status_code == 404


def test_sold_shoe_was_the_last_but_one(screen, simulator, account):
    scan(screen, "012345678905")
    pay_cash(screen, "40", total="23.00")
    deliver(account)
    assert simulator.stock(SHOE)[1] == 1


def test_change_of_the_last_customer_is_gone_once_the_next_cart_was_begun(screen, rep):
    scan(screen, "5012345678900")
    assert "$8.51" in pay_cash(screen, "20").content.decode()
    html = scan(screen, "5012345678900").content.decode()
    screen.post(reverse("sales:empty_cart"), fields(html))
    assert "$8.51" not in cart(screen)


def test_emptied_cart_comes_back_with_undo(screen, rep):
    html = scan(screen, "5012345678900").content.decode()
    sale = rep.account.sales.current(rep)
    html = screen.post(reverse("sales:empty_cart"), fields(html)).content.decode()
    assert "Undo" in html
    screen.post(reverse("sales:restore_cart", args=[sale.pk]))
    assert rep.account.sales.current(rep).unit_count == 1
    assert "$8.51" in pay_cash(screen, "20").content.decode()


def test_emptied_cart_stays_empty_once_the_next_was_begun(screen, rep):
    html = scan(screen, "5012345678900").content.decode()
    emptied = rep.account.sales.current(rep)
    screen.post(reverse("sales:empty_cart"), fields(html))
    scan(screen, "012345678905")
    assert screen.post(reverse("sales:restore_cart", args=[emptied.pk])).status_code == 409
    assert rep.account.sales.current(rep).pk != emptied.pk


def test_rep_is_warned_that_the_register_is_closed(screen, account):
    assert "closed in Lightspeed" not in cart(screen)
    account.registers.update(open=False)
    assert "closed in Lightspeed" in cart(screen)


def test_recent_sales_tell_how_they_were_paid_and_lead_to_the_receipt(screen, paid):
    html = screen.get(reverse("sales:recent")).content.decode()
    wanted = ("$11.49", "Cash", "Maya R.", reverse("receipts:receipt", args=[paid.pk]))
    assert [text for text in wanted if text not in html] == []


def test_recent_sales_are_the_shops_or_mine(screen, other_rep, browser_of, paid):
    theirs = browser_of(other_rep)
    assert "$11.49" in theirs.get(reverse("sales:recent")).content.decode()
    mine = theirs.get(reverse("sales:recent"), {"by": "me"}).content.decode()
    assert "$11.49" not in mine
    assert "You have sold nothing here" in mine


def test_list_of_recent_sales_costs_no_more_queries_when_it_is_longer(screen, rep, sock, paid):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            screen.get(reverse("sales:recent"))
        return len(captured)

    before = queries()
    sell(rep, sock)
    sell(rep, sock)
    assert queries() == before
