"""Gift cards and customers' accounts: sold, loaded, spent, and never spent twice."""

import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from salesfloor.outbox.courier import deliver
from salesfloor.outbox.sweep import sweep
from salesfloor.receipts import code128
from salesfloor.sales import checkout
from salesfloor.sales.models import Sale, SalePayment
from salesfloor.sales.refusals import Refused
from salesfloor.sales.stored_value import Credit
from salesfloor.sales.tasks import give_up_lost_prices
from salesfloor.staff.models import Account, PaymentType
from tests.conftest import price_carts, reread, sell

CODE = "90000012345"
CARD, ANN, ANNS_ACCOUNT = 9, 88, 11
CASH, CREDIT, GIFT = 1, 4, 5


@pytest.fixture
def card(simulator):
    """With 50 on it."""
    simulator.put({"CreditAccount": [gift_card("-50")]})


def gift_card(balance: str) -> dict:
    return {"creditAccountID": CARD, "code": CODE, "giftCard": True, "balance": balance}


@pytest.fixture
def ann(simulator, account):
    """A customer with 20 of store credit, who may owe 30."""
    simulator.put(
        {
            "Customer": [{"customerID": ANN, "firstName": "Ann", "creditAccountID": ANNS_ACCOUNT}],
            "CreditAccount": [
                {
                    "creditAccountID": ANNS_ACCOUNT,
                    "customerID": ANN,
                    "balance": "-20",
                    "creditLimit": "30",
                }
            ],
        }
    )
    return account.customers.create(
        lightspeed_id=ANN, first_name="Ann", credit_account_lightspeed_id=ANNS_ACCOUNT
    )


@pytest.fixture
def cart(rep, sock) -> Sale:
    """A sock for 11.49."""
    sale = Sale.start(rep)
    sale.add_line(sock)
    return sale


@pytest.fixture
def cart_of_ann(cart, ann) -> Sale:
    cart.set_customer(ann, cart.version)
    return cart


def look_up(screen, code: str = CODE):
    return screen.post(reverse("sales:look_up_card"), {"code": code})


def field(html: str, name: str) -> str:
    found = re.search(rf'name="{name}"\s+value="([^"]*)"', html)
    assert found, html
    return found[1]


def fields(html: str, *more: str) -> dict[str, str]:
    names = ("version", "action_id", "expected_total", *more)
    return {name: field(html, name) for name in names}


def pay_with(screen, panel, **data):
    """With the card that the panel shows, what it offers."""
    html = panel.content.decode()
    form = fields(html, "card", "amount") | data
    return followed(screen, screen.post(reverse("sales:pay_with_card"), form))


def pay_from_account(screen, **data):
    html = screen.get(reverse("sales:account")).content.decode()
    form = fields(html, "amount") | data
    return followed(screen, screen.post(reverse("sales:pay_from_account"), form))


def pay_cash(screen, amount: str):
    html = screen.get(reverse("sales:cart")).content.decode()
    form = fields(html) | {"amount_tendered": amount}
    return followed(screen, screen.post(reverse("sales:pay_cash"), form))


def followed(screen, answer) -> str:
    """The cart as it is once a worker has asked Lightspeed."""
    if "Asking Lightspeed for" not in answer.content.decode():
        return answer.content.decode()
    price_carts()
    return screen.get(reverse("sales:cart")).content.decode()


def load(screen, amount: str, url: str = "sales:load_card", **data):
    form = {"action_id": uuid4(), "amount": amount} | data
    return screen.post(reverse(url), form)


def recorded(account, simulator) -> dict:
    """The sale as Lightspeed has it, of which nothing is left to do for anybody."""
    deliver(account)
    submission = account.submissions.latest("pk")
    assert (submission.state, submission.detail) == ("completed", "")
    return next(
        sale for sale in simulator.sales() if sale["saleID"] == submission.sale_lightspeed_id
    )


def balance(simulator, key: int = CARD) -> Decimal:
    """What Lightspeed says can be spent."""
    return -Decimal(simulator.client().record(f"CreditAccount/{key}")["balance"])


def payments(sale: dict) -> list[tuple[str, int]]:
    return [(pay["amount"], pay["paymentTypeID"]) for pay in sale["payments"]]


def test_card_is_told_by_its_last_digits_with_what_is_on_it(screen, card):
    html = look_up(screen, "9000 0012 345").content.decode()
    assert "···· 2345" in html
    assert "$50.00" in html
    assert re.search(r"on it at \d\d:\d\d:\d\d", html)


def test_card_pays_all_that_is_due(screen, cart, card, account, simulator):
    assert "Recording" in pay_with(screen, look_up(screen))
    assert payments(recorded(account, simulator)) == [("11.49", GIFT)]
    assert balance(simulator) == Decimal("38.51")


def test_card_with_less_pays_what_is_on_it_and_cash_the_rest(
    screen, cart, account, simulator, card
):
    simulator.put({"CreditAccount": [gift_card("-5")]})
    assert "$6.49" in pay_with(screen, look_up(screen))
    assert "Recording" in pay_cash(screen, "6.49")
    assert payments(recorded(account, simulator)) == [("5", GIFT), ("6.49", CASH)]
    assert balance(simulator) == 0


def test_card_pays_what_cash_left(screen, cart, card, account, simulator):
    pay_cash(screen, "10")
    assert "Recording" in pay_with(screen, look_up(screen))
    assert payments(recorded(account, simulator)) == [("10", CASH), ("1.49", GIFT)]


def test_new_card_is_sold_with_its_own_number(screen, account, simulator, rep):
    assert "no gift card with the number" in look_up(screen).content.decode()
    html = load(screen, "50", code=CODE).content.decode()
    assert "···· 2345" in html
    assert "Recording" in pay_cash(screen, "50")
    sale = recorded(account, simulator)
    assert (sale["total"], payments(sale)) == ("0", [("-50", GIFT), ("50", CASH)])
    assert "$50.00" in look_up(screen).content.decode()
    assert "$50.00" in screen.get(reverse("sales:recent")).content.decode()


def test_card_without_a_number_is_given_one_that_stands_on_the_receipt(screen, account, simulator):
    html = load(screen, "25").content.decode()
    (number,) = set(re.findall(r"\d{4} \d{4} \d{4} \d{4}", html))
    pay_cash(screen, "25")
    recorded(account, simulator)
    sale = account.sales.paid().get()
    assert number in screen.get(reverse("receipts:receipt", args=[sale.pk])).content.decode()
    assert "$25.00" in look_up(screen, number).content.decode()


def test_card_is_loaded_beside_goods_and_paid_with_them(screen, cart, card, account, simulator):
    load(screen, "20", card=field(look_up(screen).content.decode(), "card"))
    assert "$31.49" in screen.get(reverse("sales:cart")).content.decode()
    pay_cash(screen, "31.49")
    assert payments(recorded(account, simulator)) == [("-20", GIFT), ("31.49", CASH)]
    assert balance(simulator) == 70


def test_load_that_is_taken_out_is_not_paid(screen, cart, card, rep, account, simulator):
    html = load(screen, "20", card=field(look_up(screen).content.decode(), "card")).content.decode()
    (payment,) = account.sales.current(rep).loads
    form = {name: field(html, name) for name in ("version", "action_id")}
    screen.post(reverse("sales:remove_load", args=[payment.pk]), form)
    pay_cash(screen, "11.49")
    assert payments(recorded(account, simulator)) == [("11.49", CASH)]
    assert balance(simulator) == 50


def test_load_that_is_sent_twice_is_one(screen, rep, account, simulator):
    form = {"amount": "25", "action_id": uuid4()}
    for _ in range(2):
        load(screen, **form)
    assert account.sales.current(rep).due == 25
    assert len(simulator.client().records("CreditAccount", giftCard="true", archived="true")) == 1


def test_nothing_is_loaded_where_lightspeed_loads_no_cards(screen, register, rep, account):
    register.name = "eCom"
    register.save()
    answer = load(screen, "25")
    assert (answer.status_code, account.sales.current(rep)) == (422, None)
    assert "Change the register" in answer.content.decode()


@pytest.mark.parametrize("amount", ["", "0", "-5", "many"])
def test_load_of_no_amount_is_refused(screen, amount, rep, account):
    assert load(screen, amount).status_code == 422
    assert account.sales.current(rep) is None


@pytest.mark.parametrize("code", ["", "1234567", "9" * 33, "☕" * 9, "=,90000012345", "9000%12345"])
def test_number_that_no_card_can_have_is_refused(screen, code):
    answer = look_up(screen, code)
    assert answer.status_code == 422
    assert "8 to 32" in answer.content.decode()


def test_number_of_a_payment_card_is_neither_sent_nor_kept(screen, account, simulator):
    assert (
        "looks like the number of a payment card"
        in look_up(screen, "4111 1111 1111 1111").content.decode()
    )
    load(screen, "25", code="4111111111111111")
    assert not account.errands.exists()
    assert not simulator.client().records("CreditAccount", giftCard="true", archived="true")


def test_archived_card_is_neither_paid_with_nor_loaded(screen, cart, simulator, rep, account):
    simulator.put({"CreditAccount": [gift_card("-50") | {"archived": True}]})
    assert "does not have this card" in look_up(screen).content.decode()
    assert "does not have this card" in load(screen, "50", code=CODE).content.decode()
    assert not account.sales.current(rep).loads


def test_account_of_a_customer_is_no_gift_card(screen, cart_of_ann):
    assert "no gift card with the number" in look_up(screen, "00000011").content.decode()


def test_card_that_was_not_looked_up_cannot_be_paid_with(screen, cart, card):
    panel = look_up(screen)
    html = pay_with(screen, panel, card="x" + field(panel.content.decode(), "card"))
    assert "Nothing was charged" in html
    assert cart.live_payments == []


def test_card_of_another_retailer_cannot_be_paid_with(screen, cart, card):
    elsewhere = Account.objects.create(lightspeed_id=99, name="Elsewhere")
    theirs = Credit(CARD, "···· 2345").sealed(elsewhere)
    assert "Nothing was charged" in pay_with(screen, look_up(screen), card=theirs)
    assert cart.live_payments == []


@pytest.mark.parametrize("amount", ["0", "11.50", "-1", "99999"])
def test_card_pays_no_more_than_is_due(screen, cart, card, account, amount):
    pay_with(screen, look_up(screen), amount=amount)
    assert cart.live_payments == []


def test_nothing_is_paid_where_nothing_is_due(screen, cart, card, shoe, account, rep):
    sealed = field(look_up(screen).content.decode(), "card")
    cart.live_lines[0].remove()
    shoe.price, shoe.prices = 0, {"1": "0"}
    shoe.save()
    cart.add_line(shoe)
    html = screen.get(reverse("sales:cart")).content.decode()
    form = fields(html) | {"card": sealed, "amount": "5"}
    answer = screen.post(reverse("sales:pay_with_card"), form)
    assert "not between nothing and what is due" in answer.content.decode()


def test_more_than_is_on_the_card_is_refused_before_it_counts(screen, cart, card, simulator):
    panel = look_up(screen)
    simulator.put({"CreditAccount": [gift_card("-5")]})  # spent at a till meanwhile
    html = pay_with(screen, panel)
    assert "only 5.00 left on it now. Nothing was charged" in html
    assert "Exact cash" in html


def test_two_reps_do_not_spend_one_card_twice(
    screen, cart, simulator, other_rep, browser_of, sock, account
):
    simulator.put({"CreditAccount": [gift_card("-15")]})
    theirs = browser_of(other_rep)
    theirs.post(reverse("sales:add_line"), {"item": sock.pk})
    panels = look_up(screen), look_up(theirs)
    assert "Recording" in pay_with(screen, panels[0])
    assert "only 3.51 left on it now" in pay_with(theirs, panels[1])
    recorded(account, simulator)
    assert "only 3.51 left on it now" in pay_with(theirs, look_up(theirs), amount="11.49")


@pytest.fixture
def waiting_in_vain(screen, cart, card) -> SalePayment:
    """What is on the card was to be asked by a worker that ended, of a cart that had its price."""
    panel = look_up(screen)
    screen.post(reverse("sales:ask_ahead"), {"version": cart.version})
    for sale in Sale.everywhere.for_pricing().filter(state=Sale.State.QUOTING):
        checkout.price(sale)
    form = fields(screen.get(reverse("sales:cart")).content.decode())
    form |= {name: field(panel.content.decode(), name) for name in ("card", "amount")}
    screen.post(reverse("sales:pay_with_card"), form)
    wanted = cart.payments.get(state=SalePayment.State.WANTED)
    assert reread(cart).state == Sale.State.READY
    cart.payments.update(started_at=timezone.now() - timedelta(seconds=30))
    return wanted


def test_card_that_no_worker_asked_about_is_given_up_on_the_screen(screen, waiting_in_vain):
    html = screen.get(reverse("sales:cart"), {"waiting": waiting_in_vain.pk}).content.decode()
    assert "did not answer. Nothing was charged" in html
    assert "Exact cash" in html


def test_card_that_no_worker_asked_about_is_given_up_though_nobody_looks(screen, waiting_in_vain):
    give_up_lost_prices.call_local()
    waiting_in_vain.refresh_from_db()
    assert waiting_in_vain.state == SalePayment.State.CANCELLED
    assert "Exact cash" in screen.get(reverse("sales:cart")).content.decode()


def test_payment_that_began_meanwhile_is_not_given_up(cart, card):
    started = cart.payments.create(
        payment_type=checkout.payment_type_of(cart.account, PaymentType.CREDIT_CARD),
        remote_reference="late",
        amount=Decimal("11.49"),
        amount_tendered=Decimal("11.49"),
    )
    assert not started.cancel(timezone.now())
    started.refresh_from_db()
    assert started.state == SalePayment.State.STARTED


def test_lightspeed_silent_keeps_the_cart_and_takes_nothing(screen, cart, card, simulator, account):
    simulator.fault("CreditAccount", "503", method="GET", times=9)
    answer = look_up(screen)
    assert answer.status_code == 503
    assert "did not answer. Nothing was charged" in answer.content.decode()
    simulator.clear_faults()
    panel = look_up(screen)
    simulator.fault("CreditAccount/{id}", "503", method="GET", times=9)
    assert "did not answer. Nothing was charged" in pay_with(screen, panel)
    assert account.submissions.count() == 0


def test_card_whose_making_is_in_doubt_is_found_by_asking_again(screen, simulator, rep, account):
    simulator.fault("CreditAccount", "500_after", method="POST")
    form = {"amount": "25", "action_id": uuid4(), "code": CODE}
    answer = load(screen, **form)
    assert "Nothing was charged" in answer.content.decode()
    assert "···· 2345" in load(screen, **form).content.decode()
    assert len(simulator.client().records("CreditAccount", giftCard="true", archived="true")) == 1


def test_account_tells_credit_and_limit_as_they_are_now(screen, cart_of_ann):
    html = screen.get(reverse("sales:account")).content.decode()
    assert "Account of Ann" in html
    assert "$20.00" in html
    assert "may owe up to $30.00" in html


def test_store_credit_pays(screen, cart_of_ann, account, simulator):
    assert "Recording" in pay_from_account(screen)
    assert payments(recorded(account, simulator)) == [("11.49", CREDIT)]
    assert balance(simulator, ANNS_ACCOUNT) == Decimal("8.51")


def test_credit_that_fell_meanwhile_becomes_no_debt(screen, cart_of_ann, simulator, account):
    html = screen.get(reverse("sales:account")).content.decode()
    simulator.put({"CreditAccount": [{"creditAccountID": ANNS_ACCOUNT, "balance": "-2"}]})
    form = fields(html, "amount")
    html = followed(screen, screen.post(reverse("sales:pay_from_account"), form))
    assert "only 2.00 left on it now" in html
    assert account.submissions.count() == 0


def test_on_account_goes_as_far_as_the_limit(screen, cart_of_ann, simulator, account):
    simulator.put({"CreditAccount": [{"creditAccountID": ANNS_ACCOUNT, "balance": "20"}]})
    html = screen.get(reverse("sales:account")).content.decode()
    assert "$20.00" in html
    assert "owed at" in html
    assert "No more than 10.00 may go on this account" in pay_from_account(
        screen, amount="11.49", may_owe="on"
    )
    assert "$1.49" in pay_from_account(screen, may_owe="on")
    pay_cash(screen, "1.49")
    assert payments(recorded(account, simulator)) == [("10", CREDIT), ("1.49", CASH)]
    assert balance(simulator, ANNS_ACCOUNT) == -30


def test_customer_without_a_limit_may_owe(screen, cart_of_ann, simulator, account):
    nothing = {"creditAccountID": ANNS_ACCOUNT, "balance": "0", "creditLimit": "0"}
    simulator.put({"CreditAccount": [nothing]})
    assert "then owes $11.49" in screen.get(reverse("sales:account")).content.decode()
    assert "Recording" in pay_from_account(screen, may_owe="on")
    recorded(account, simulator)
    assert balance(simulator, ANNS_ACCOUNT) == Decimal("-11.49")


def test_account_is_opened_for_a_customer_without_one(screen, cart, account, simulator):
    simulator.put({"Customer": [{"customerID": 90, "firstName": "Bo"}]})
    bo = account.customers.create(lightspeed_id=90, first_name="Bo")
    cart.set_customer(bo, cart.version)
    assert "has no account" in screen.get(reverse("sales:account")).content.decode()
    refused = load(screen, "30", "sales:deposit")
    assert "no account with the shop yet" in refused.content.decode()
    assert "$0.00" in screen.post(reverse("sales:open_account")).content.decode()
    assert load(screen, "30", "sales:deposit").status_code == 200


def test_deposit_is_put_on_the_account_and_spent_later(
    screen, cart_of_ann, rep, sock, account, simulator, ann
):
    assert "$41.49" in load(screen, "30", "sales:deposit").content.decode()
    pay_cash(screen, "41.49")
    assert payments(recorded(account, simulator)) == [("-30", CREDIT), ("41.49", CASH)]
    assert balance(simulator, ANNS_ACCOUNT) == 50
    later = Sale.start(rep)
    later.add_line(sock)
    later.set_customer(ann, later.version)
    pay_from_account(screen)
    recorded(account, simulator)
    assert balance(simulator, ANNS_ACCOUNT) == Decimal("38.51")


def test_deposit_alone_is_a_sale_without_lines(screen, rep, ann, account, simulator):
    empty = Sale.start(rep)
    empty.set_customer(ann, empty.version)
    load(screen, "30", "sales:deposit")
    pay_cash(screen, "30")
    sale = recorded(account, simulator)
    assert (sale["total"], sale["lines"]) == ("0", [])


def test_customer_whose_account_is_loaded_is_not_changed(screen, cart_of_ann, rep, account):
    load(screen, "30", "sales:deposit")
    sale = account.sales.current(rep)
    with pytest.raises(Refused, match="Take that out"):
        sale.set_customer(None, sale.version)


def test_account_without_a_customer_says_so(screen, cart):
    answer = screen.get(reverse("sales:account"))
    assert answer.status_code == 422
    assert "choose one first" in answer.content.decode()
    assert "choose one first" in load(screen, "30", "sales:deposit").content.decode()


def test_panels_are_pages_where_no_script_asks_for_them(client, rep, cart):
    client.force_login(rep.user)
    answer = client.get(reverse("sales:gift_card"))
    html = answer.content.decode()
    assert "HX-Request" in answer["Vary"]
    assert "<!DOCTYPE html>" in html
    assert "Scan the card" in html


def test_card_that_was_emptied_after_it_paid_is_on_the_board_with_what_lightspeed_said(
    screen, cart, card, simulator, account, manager, browser_of
):
    pay_with(screen, look_up(screen))
    simulator.put({"CreditAccount": [gift_card("0")]})  # spent at a till in the same seconds
    deliver(account)
    account.submissions.update(paid_at=timezone.now() - timedelta(seconds=61))
    html = browser_of(manager).get(reverse("dashboard:board")).content.decode()
    assert "Lightspeed said: The gift card does not hold enough." in html
    assert "checking 1" in screen.get(reverse("sales:status")).content.decode()


def test_card_that_lightspeed_lets_two_spend_is_on_the_board(
    screen, cart, card, simulator, account, manager, browser_of
):
    simulator.settings(gift_card_overdraw=True)
    pay_with(screen, look_up(screen))
    simulator.put({"CreditAccount": [gift_card("0")]})
    recorded(account, simulator)
    sweep(account, timezone.now())
    html = browser_of(manager).get(reverse("dashboard:board")).content.decode()
    assert "Was it spent twice?" in html
    simulator.put({"CreditAccount": [gift_card("0")]})  # put right
    sweep(account, timezone.now())
    assert not account.findings.unsettled().exists()


def test_who_may_not_see_cards_compares_the_rest_and_settles_nothing(
    screen, cart, card, simulator, account
):
    simulator.settings(gift_card_overdraw=True)
    pay_with(screen, look_up(screen))
    simulator.put({"CreditAccount": [gift_card("0")]})
    recorded(account, simulator)
    simulator.fault("CreditAccount/{id}", "403", method="GET", times=1)
    sweep(account, timezone.now())
    assert (account.sweep.trouble, account.findings.count()) == ("", 0)
    sweep(account, timezone.now())
    simulator.fault("CreditAccount/{id}", "403", method="GET", times=9)
    sweep(account, timezone.now())
    assert account.findings.unsettled().get().kind == "overdrawn"


def test_card_that_holds_enough_is_nobodys_business(screen, cart, card, simulator, account):
    pay_with(screen, look_up(screen))
    recorded(account, simulator)
    sweep(account, timezone.now())
    assert not account.findings.exists()


def test_loads_and_what_was_paid_with_them_agree_on_the_day_sheet(
    screen, card, cart, simulator, account, manager, browser_of
):
    load(screen, "20", card=field(look_up(screen).content.decode(), "card"))
    pay_with(screen, look_up(screen), amount="10")
    pay_cash(screen, "21.49")
    recorded(account, simulator)
    url = reverse("dashboard:day", args=[timezone.now().date()])
    html = browser_of(manager).get(url, {"compare": 1}).content.decode()
    assert "is in Lightspeed as it was paid" in html


def test_load_that_stays_unrecorded_is_on_the_board_with_what_was_paid(
    screen, simulator, account, manager, browser_of
):
    load(screen, "25")
    pay_cash(screen, "25")
    account.submissions.update(paid_at=timezone.now() - timedelta(seconds=61))
    assert "$25.00" in browser_of(manager).get(reverse("dashboard:board")).content.decode()


def test_load_that_is_half_paid_is_on_the_board_with_what_was_taken(
    screen, account, manager, browser_of
):
    load(screen, "25")
    pay_cash(screen, "20")
    account.sales.update(changed_at=timezone.now() - timedelta(minutes=5))
    assert "$20.00" in browser_of(manager).get(reverse("dashboard:board")).content.decode()


def test_cart_with_a_load_alone_can_be_emptied_and_taken_up_again(screen, rep, account):
    html = load(screen, "25").content.decode()
    form = {name: field(html, name) for name in ("version", "action_id")}
    html = screen.post(reverse("sales:empty_cart"), form).content.decode()
    (emptied,) = account.sales.filter(state=Sale.State.ABANDONED)
    html = screen.post(reverse("sales:restore_cart", args=[emptied.pk])).content.decode()
    assert "$25.00" in html


def test_load_is_priced_ahead_like_goods(screen, account, simulator):
    html = load(screen, "25").content.decode()
    screen.post(reverse("sales:ask_ahead"), {"version": field(html, "version")})
    price_carts()
    form = fields(screen.get(reverse("sales:cart")).content.decode()) | {"amount_tendered": "25"}
    assert "Recording" in screen.post(reverse("sales:pay_cash"), form).content.decode()


def test_load_needs_lightspeed_whatever_a_manager_allowed(screen, account, simulator):
    account.provisional_until = timezone.now() + timedelta(hours=1)
    account.provisional_limit = Decimal("200")
    account.save()
    load(screen, "25")
    simulator.fault("Sale", "503", method="POST", times=9)
    assert "Nothing was charged" in pay_cash(screen, "25")


@pytest.fixture
def take_back(rep, sock, account, simulator, browser_of):
    """Has the sock that was just sold, for cash if not otherwise, come back to this person."""

    def take(by, sold=None) -> Client:
        if sold is None:
            sell(rep, sock)
            sold = recorded(account, simulator)
        by.rights = [*by.rights, "register_refund"]
        by.save()
        screen = browser_of(by)
        (line,) = sold["lines"]
        form = {"line": line["saleLineID"], "reason": "size", "action_id": uuid4()}
        screen.post(reverse("returns:take_back", args=[sold["saleID"]]), form)
        return screen

    return take


def test_goods_that_come_back_are_not_turned_into_a_gift_card_by_a_rep(take_back, rep, account):
    screen = take_back(rep)
    assert field(screen.get(reverse("sales:gift_card")).content.decode(), "amount") == "11.49"
    html = load(screen, "11.49").content.decode()
    answer = screen.post(reverse("sales:complete_even"), fields(html))
    assert "Money goes back as it was paid" in answer.content.decode()
    assert account.submissions.count() == 1


def test_manager_gives_back_onto_a_new_gift_card(take_back, manager, account, simulator):
    screen = take_back(manager)
    html = load(screen, "11.49", code=CODE).content.decode()
    answer = followed(screen, screen.post(reverse("sales:complete_even"), fields(html)))
    assert "Recording" in answer
    assert payments(recorded(account, simulator)) == [("-11.49", GIFT)]
    assert "$11.49" in look_up(screen).content.decode()


def test_what_a_card_paid_goes_back_onto_it(screen, cart, card, take_back, account, simulator, rep):
    pay_with(screen, look_up(screen))
    screen = take_back(rep, recorded(account, simulator))
    html = screen.get(reverse("sales:cart")).content.decode()
    answer = screen.post(reverse("sales:pay_back"), fields(html, "way"))
    assert "Recording" in followed(screen, answer)
    assert payments(recorded(account, simulator)) == [("-11.49", GIFT)]
    assert balance(simulator) == 50


def test_receipt_of_a_card_without_plastic_has_its_barcode_and_nothing_else(
    screen, rep, account, simulator
):
    load(screen, "25")
    sale = pay_cash(screen, "25") and account.sales.latest("pk")
    number = sale.loads[0].credit_account_name
    html = screen.get(reverse("receipts:receipt", args=[sale.pk])).content.decode()
    assert "Gift card, worth $25.00" in html
    assert number in html
    assert code128.svg(number.replace(" ", "")) in html
    assert "Subtotal" not in html
    assert "receipt__lines" not in html
    assert "Gift receipt" not in html


def test_number_of_a_card_of_plastic_stays_hidden_on_the_receipt(screen, cart, card, account):
    load(screen, "20", card=field(look_up(screen).content.decode(), "card"))
    pay_cash(screen, "31.49")
    url = reverse("receipts:receipt", args=[account.sales.latest("pk").pk])
    html = screen.get(url).content.decode()
    assert "Gift card, worth" not in html
    assert "Subtotal" in html
    assert CODE not in html
