"""Goods come back: what may, at which price, and as what the money goes back."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from salesfloor.sales import checkout, refunds
from salesfloor.sales.models import Sale, SaleLine
from salesfloor.sales.refusals import Refused
from tests.conftest import SHOE, SOCK, pay_cash, price_carts, reread, sell, tapped
from tests.returns.conftest import CARD, cart_of, give_back, lines_of, recorded, take_back

SOCKS = {"itemID": SOCK, "unitQuantity": 3}


def page(screen, sale) -> str:
    return screen.get(reverse("returns:original", args=[sale["saleID"]])).content.decode()


def test_tills_sale_comes_back_and_is_recorded_as_its_refund(screen, rep, till, simulator):
    sale = till(SOCKS)
    take_back(screen, sale, 1)
    refund = recorded(simulator, give_back(rep))
    (line,) = lines_of(refund)
    sold = lines_of(sale)[0]["saleLineID"]
    assert (line["parentSaleLineID"], line["unitQuantity"]) == (sold, "-1")
    assert refund["calcTotal"] == "-11.49"


def test_own_sale_comes_back_by_its_reference_once_it_is_recorded(screen, rep, sock, simulator):
    sold = sell(rep, sock)
    url = f"{reverse('returns:find')}?number={sold.reference}"
    assert "on its way" in screen.get(url).content.decode()
    there = recorded(simulator, sold)
    assert screen.get(url).url == reverse("returns:original", args=[there["saleID"]])


def test_scanned_receipt_leads_to_its_sale_and_scanned_item_into_the_cart(screen, till, rep):
    sale = till(SOCKS)
    scanned = {"code": sale["ticketNumber"], "action_id": uuid4()}
    answer = screen.post(reverse("sales:scan"), scanned)
    found = screen.get(answer["HX-Redirect"])
    assert found.url == reverse("returns:original", args=[sale["saleID"]])
    assert "3 of 3 can come back" in screen.get(found.url).content.decode()


def test_line_that_came_back_does_not_come_back_twice(screen, rep, till, simulator):
    sale = till({"itemID": SOCK, "unitQuantity": 1})
    take_back(screen, sale, 1)
    assert "0 of 1 can come back" in page(screen, sale)
    recorded(simulator, give_back(rep))
    assert take_back(screen, sale, 1).status_code == 422
    assert "0 of 1 can come back" in page(screen, sale)


def test_units_in_a_colleagues_cart_cannot_come_back_here(screen, other_rep, browser_of, till):
    other_rep.rights = ["register_refund"]
    other_rep.save()
    sale = till(SOCKS)
    take_back(browser_of(other_rep), sale, 2)
    assert take_back(screen, sale, 2).status_code == 422
    assert take_back(screen, sale, 1).has_header("HX-Redirect")


def test_same_form_sent_twice_takes_back_once(screen, rep, till):
    sale, once = till(SOCKS), uuid4()
    take_back(screen, sale, 1, action_id=once)
    assert take_back(screen, sale, 1, action_id=once).has_header("HX-Redirect")
    assert [line.unit_quantity for line in cart_of(rep).live_lines] == [-1]


def test_shares_of_a_discount_add_up_over_partial_returns(screen, rep, till, simulator):
    sale = till(SOCKS | {"discountAmount": "10.00"})
    taken = []
    for _ in range(3):
        take_back(screen, sale, 1)
        taken.append(recorded(simulator, give_back(rep)))
    assert sum(Decimal(refund["calcDiscount"]) for refund in taken) == Decimal("-10.00")
    assert [refund["calcDiscount"] for refund in taken] == ["-3.33", "-3.33", "-3.34"]


def test_units_whose_share_of_a_discount_is_nothing_come_back_without_any(
    screen, rep, till, simulator
):
    sale = till(SOCKS | {"discountAmount": "0.01"})
    take_back(screen, sale, 2)
    take_back(screen, sale, 1)
    total = cart_of(rep).running_total
    refund = recorded(simulator, give_back(rep))
    assert Decimal(refund["calcDiscount"]) == Decimal("-0.01")
    assert Decimal(refund["calcTotal"]) == total


def test_percentage_comes_back_as_it_was_given(screen, rep, till, simulator):
    take_back(screen, till(SOCKS | {"discountPercent": "0.1"}), 2)
    refund = recorded(simulator, give_back(rep))
    assert refund["calcDiscount"] == "-2"  # of 19.98, to the cent
    assert refund["SalePayments"]["SalePayment"]["amount"] == refund["calcTotal"]


@pytest.mark.parametrize(
    ("bought", "due"), [({"shoe": 1}, "11.51"), ({"sock": 0}, "-11.49"), ({"sock": 1}, "0")]
)
def test_exchange_has_one_balance(screen, rep, till, simulator, sock, shoe, bought, due):
    take_back(screen, till(SOCKS), 1)
    for name, count in bought.items():
        if count:
            cart_of(rep).add_line({"sock": sock, "shoe": shoe}[name], count)
    sale = cart_of(rep)
    assert sale.due == Decimal(due)
    if sale.due > 0:
        sale = pay_cash(sale, sale.due)
    elif sale.due < 0:
        sale = give_back(rep)
    else:
        checkout.complete_even(sale, tapped(sale))
        price_carts()
    there = recorded(simulator, reread(sale))
    assert Decimal(there["calcTotal"]) == Decimal(due)


def test_goods_paid_by_card_go_back_to_the_card_unless_a_manager_does_it(
    screen, rep, till, manager, browser_of
):
    sale = till(SOCKS, payment_type=CARD)
    take_back(screen, sale, 1)
    (way,) = refunds.ways_back(cart_of(rep))
    assert way.payment_type.kind == "credit card"
    with pytest.raises(Refused, match="ask a manager"):
        checkout.pay_cash(cart_of(rep), tapped(cart_of(rep)), Decimal("11.49"))
    take_back(browser_of(manager), sale, 1)
    assert "cash" in [way.payment_type.kind for way in refunds.ways_back(cart_of(manager))]
    assert give_back(manager).state == Sale.State.PAID


def test_no_more_goes_back_in_a_way_than_was_paid_in_it(screen, rep, till):
    total = Decimal("34.46")
    payments = [
        {"paymentTypeID": 1, "amount": "10.00"},
        {"paymentTypeID": CARD, "amount": str(total - 10)},
    ]
    take_back(screen, till(SOCKS, payments=payments), 3)
    sale = cart_of(rep)
    assert [(way.payment_type.kind, way.amount) for way in refunds.ways_back(sale)] == [
        ("credit card", total - 10),
        ("cash", Decimal(10)),
    ]
    with pytest.raises(Refused):
        checkout.pay_cash(sale, tapped(sale), Decimal(11))


@pytest.mark.parametrize("payments", [["34.46"], ["10.00", "24.46"]])
def test_last_of_three_socks_goes_back_though_rounding_makes_them_dearer_one_by_one(
    screen, rep, till, simulator, payments
):
    kinds = zip([1, CARD], payments, strict=False)
    paid = [{"paymentTypeID": kind, "amount": amount} for kind, amount in kinds]
    sale = till(SOCKS, payments=paid)
    given_back = []
    for _ in range(3):
        take_back(screen, sale, 1)
        while cart := rep.account.sales.current(rep):
            refund = give_back(rep, refunds.ways_back(cart)[0].payment_type.kind)
            if payment := refund.pending_payment:
                payment.sale = refund
                checkout.answer_card(payment, approved=True)
        given_back.append(recorded(simulator, refund)["calcTotal"])
    assert given_back == ["-11.49", "-11.49", "-11.49"]


def test_change_of_a_gift_card_bought_for_goods_is_kept_from_lightspeed(
    browser_of, manager, till, simulator
):
    """Which would call cash above what is due an insufficient refund."""
    simulator.put(
        {"CreditAccount": [{"creditAccountID": 9, "code": "9000012345", "giftCard": True}]}
    )
    take_back(browser_of(manager), till(SOCKS), 1)
    cart = cart_of(manager)
    with transaction.atomic():
        checkout.load(
            cart,
            seen_version=cart.version,
            payment_type=manager.account.payment_types.get(kind="gift card"),
            amount=Decimal(50),
            credit=checkout.Credit(9, "9000012345"),
        )
    sale = pay_cash(cart_of(manager), Decimal(40))
    assert sale.change_due == Decimal("1.49")
    there = recorded(simulator, sale)
    assert there["calcTotal"] == there["calcPayments"] == "-11.49"
    assert simulator.client().record("CreditAccount/9")["balance"] == "-50"


def test_money_goes_back_as_what_lightspeed_has_it_given_back(
    screen, rep, till, simulator, account
):
    simulator.put({"PaymentType": [{"paymentTypeID": CARD, "refundAsPaymentTypeID": 1}]})
    card = account.payment_types.get(lightspeed_id=CARD)
    card.refund_as_lightspeed_id = 1
    card.save()
    take_back(screen, till(SOCKS, payment_type=CARD), 1)
    (way,) = refunds.ways_back(cart_of(rep))
    assert way.payment_type.kind == "cash"
    sale = give_back(rep)
    recorded(simulator, sale)
    assert reread(sale).progress == "recorded"


def test_nothing_is_offered_onto_an_account_that_nobody_has(screen, rep, till, account):
    store_credit = account.payment_types.get(kind="credit account")
    cash = account.payment_types.get(kind="cash")
    cash.refund_as_lightspeed_id = store_credit.lightspeed_id
    cash.save()
    take_back(screen, till(SOCKS), 1)
    assert refunds.ways_back(cart_of(rep)) == []
    assert "Ask a manager" in screen.get(reverse("sales:cart")).content.decode()


def test_line_that_lightspeed_leaves_out_is_named_and_nothing_given_back(
    screen, rep, till, simulator
):
    sale = till({"itemID": SOCK, "unitQuantity": 1}, {"itemID": SHOE, "unitQuantity": 1})
    take_back(screen, sale, 1, 1)
    client = simulator.client()
    back = {"parentSaleLineID": lines_of(sale)[0]["saleLineID"], "unitQuantity": -1}
    payment = {"SalePayments": {"SalePayment": {"paymentTypeID": 1}}}
    client.post(f"Sale/{sale['saleID']}/refund", payment | {"SaleLines": {"SaleLine": [back]}})
    refused = give_back(rep)
    assert refused.state == Sale.State.OPEN
    assert "Wool sock M" in str(refused.refusal_told.text)


def test_cart_may_change_after_lightspeed_has_priced_it(screen, rep, till, sock, simulator):
    take_back(screen, till({"itemID": SOCK, "unitQuantity": 1}), 1)
    checkout.ask_for_price(cart_of(rep))
    price_carts()
    cart_of(rep).add_line(sock)
    sale = cart_of(rep)
    checkout.complete_even(sale, tapped(sale))
    price_carts()
    assert recorded(simulator, reread(sale))["calcTotal"] == "0"


def test_goods_without_a_receipt_come_back_at_todays_price_by_right(screen, rep, sock, simulator):
    form = {"units": 2, "reason": "faulty", "set_aside": "on", "action_id": uuid4()}
    screen.post(reverse("returns:without_receipt", args=[sock.pk]), form)
    refund = recorded(simulator, give_back(rep))
    assert refund["calcTotal"] == "-22.97"
    (line,) = SaleLine.everywhere.set_aside(rep.account)
    assert line.note == "Faulty · not to be sold again"


def test_rep_without_the_right_takes_nothing_back(rep, screen, sock, till):
    rep.rights = ["register"]
    rep.save()
    sale = till(SOCKS)
    url = reverse("returns:without_receipt", args=[sock.pk])
    assert screen.get(url).status_code == 403
    assert take_back(screen, sale, 1).status_code == 403
    assert "does not let you" in page(screen, sale)


def test_lightspeed_away_loses_nothing(screen, rep, till, simulator):
    sale = till(SOCKS)
    simulator.fault("Sale/{id}", "503", method="GET", times=9)
    answer = take_back(screen, sale, 1)
    assert answer.status_code == 503
    assert "Nothing was changed" in answer.content.decode()
    assert rep.account.sales.current(rep) is None


def test_set_aside_goods_are_told_to_managers_alone(screen, browser_of, manager, rep, till):
    take_back(screen, till(SOCKS), 1, set_aside="on")
    give_back(rep)
    url = reverse("returns:set_aside")
    assert "Wrong size · not to be sold again" in browser_of(manager).get(url).content.decode()
    assert screen.get(url).status_code == 403


def test_other_needs_words(screen, rep, till):
    sale = till(SOCKS)
    assert take_back(screen, sale, 1, reason="other").status_code == 422
    take_back(screen, sale, 1, reason="other", words="Gift, twice")
    (line,) = cart_of(rep).live_lines
    assert line.note == "Other · Gift, twice"


def test_removed_return_comes_back_with_undo_unless_it_was_taken_meanwhile(screen, rep, till):
    sale = till({"itemID": SOCK, "unitQuantity": 1})
    take_back(screen, sale, 1)
    (line,) = cart_of(rep).live_lines
    line.remove()
    take_back(screen, sale, 1)
    with pytest.raises(Refused, match="meanwhile"):
        SaleLine.everywhere.select_related("sale__account").get(pk=line.pk).restore()


def test_what_a_gift_card_paid_goes_back_onto_it(screen, rep, till, simulator):
    simulator.put(
        {"CreditAccount": [{"creditAccountID": 9, "code": "9000012345", "giftCard": True}]}
    )
    load = {"paymentTypeID": 5, "creditAccountID": 9, "amount": "-50"}
    till(payments=[load, {"paymentTypeID": 1, "amount": "50"}])
    by_card = [{"paymentTypeID": 5, "creditAccountID": 9, "amount": "11.49"}]
    take_back(screen, till({"itemID": SOCK, "unitQuantity": 1}, payments=by_card), 1)
    sale = give_back(rep, "gift card")
    recorded(simulator, sale)
    assert reread(sale).progress == "recorded"
    assert simulator.client().record("CreditAccount/9")["balance"] == "-50"
