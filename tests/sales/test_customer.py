"""The customer on the cart, as a rep's browser shows it and as Lightspeed is told."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from salesfloor.customers import search
from salesfloor.outbox.courier import deliver
from salesfloor.staff.models import Account
from tests.conftest import price_carts

ANN, BO, CAL, MIA, VAL = 88, 89, 90, 91, 92
PEOPLE = {
    "TaxCategory": [{"taxCategoryID": 7, "tax1Name": "Exempt", "tax1Rate": 0, "tax2Rate": 0}],
    "Discount": [
        {"discountID": 5, "name": "Member", "discountPercent": "0.05"},
        {"discountID": 6, "name": "Staff", "discountPercent": "0.3"},
        {"discountID": 7, "name": "Voucher", "discountAmount": "5"},
    ],
    "CustomerType": [{"customerTypeID": 1, "name": "Member", "discountID": 5, "taxCategoryID": 7}],
    "Customer": [
        {
            "customerID": ANN,
            "firstName": "Ann",
            "lastName": "Lee",
            "creditAccountID": 11,
            "Contact": {
                "Emails": {"ContactEmail": {"address": "ann@example.com", "useType": "Primary"}},
                "Phones": {"ContactPhone": {"number": "(514) 555-0134", "useType": "Mobile"}},
            },
        },
        {"customerID": BO, "firstName": "Bo", "lastName": "Larsen", "taxCategoryID": 7},
        {"customerID": CAL, "firstName": "Cal", "lastName": "Moreau", "discountID": 6},
        {"customerID": MIA, "firstName": "Mia", "lastName": "Young", "customerTypeID": 1},
        {"customerID": VAL, "firstName": "Val", "lastName": "Roy", "discountID": 7},
    ],
    "CreditAccount": [
        {"creditAccountID": 11, "customerID": ANN, "balance": "-25", "creditLimit": "100"}
    ],
}


@pytest.fixture
def simulator(simulator):
    simulator.put(PEOPLE)
    return simulator


@pytest.fixture
def ann(account):
    return account.customers.get(lightspeed_id=ANN)


@pytest.fixture
def bo(account):
    return account.customers.get(lightspeed_id=BO)


def scan(screen, code="5012345678900"):
    return screen.post(reverse("sales:scan"), {"code": code, "action_id": uuid4()})


def find(screen, words):
    return screen.post(reverse("sales:find_customer"), {"words": words}).content.decode()


def choose(screen, customer, **form):
    form = {"customer": customer.pk, "action_id": uuid4()} | form
    return screen.post(reverse("sales:choose_customer"), form)


def remove(screen, **form):
    cart = screen.get(reverse("sales:cart")).content.decode()
    version = re.search(r'data-version="(\d+)"', cart)[1]
    form = {"version": version, "action_id": uuid4()} | form
    return screen.post(reverse("sales:remove_customer"), form)


def pay_cash(screen, total, amount=None):
    cart = screen.get(reverse("sales:cart")).content.decode()
    form = {"version": re.search(r'data-version="(\d+)"', cart)[1], "action_id": uuid4()}
    form |= {"expected_total": total, "amount_tendered": amount or total}
    screen.post(reverse("sales:pay_cash"), form)
    price_carts()


def test_customer_is_found_and_chosen_and_goes_to_lightspeed_with_the_sale(
    screen, account, simulator, ann
):
    scan(screen)
    assert f'value="{ann.pk}"' in find(screen, "0134")
    assert "Ann Lee" in choose(screen, ann).content.decode()
    pay_cash(screen, "11.49")
    deliver(account)
    (sale,) = simulator.sales()
    assert (sale["completed"], sale["customerID"]) == (True, ANN)


def test_finding_shows_no_more_of_people_than_tells_them_apart(screen, ann):
    html = find(screen, "ann")
    assert "a…@example.com" in html
    assert "…0134" in html
    assert "ann@example.com" not in html
    assert "555" not in html


@pytest.mark.parametrize("words", ["", "a", "zz zz", "\x00", "'; DROP TABLE", "%", "9" * 5000])
def test_words_that_fit_nobody_say_so_or_how_to_begin(screen, ann, words):
    html = find(screen, words)
    assert "No customer fits" in html or "Type a part of the name" in html


def test_customer_may_come_before_the_first_item(screen, rep, ann):
    html = choose(screen, ann).content.decode()
    assert "Store credit $25.00" in html
    assert "Ann Lee" in scan(screen).content.decode()
    assert rep.account.sales.current(rep).customer == ann


def test_customer_taken_off_comes_back_with_undo(screen, rep, ann):
    scan(screen)
    choose(screen, ann)
    html = remove(screen).content.decode()
    assert "Ann Lee was taken off" in html
    assert rep.account.sales.current(rep).customer is None
    undo = re.search(r'name="customer" value="(\d+)"', html)[1]
    assert undo == str(ann.pk)
    choose(screen, ann)
    assert rep.account.sales.current(rep).customer == ann


def test_changing_the_customer_offers_the_one_before(screen, ann, bo):
    choose(screen, ann)
    html = choose(screen, bo).content.decode()
    assert "Bo Larsen" in html
    assert f'name="customer" value="{ann.pk}"' in html


def test_same_tap_twice_is_one_change(screen, rep, ann, bo):
    action_id = uuid4()
    choose(screen, ann, action_id=action_id)
    choose(screen, bo)
    choose(screen, ann, action_id=action_id)
    assert rep.account.sales.current(rep).customer == bo


def test_tax_follows_the_customer_and_the_change_is_told(screen, account, simulator, bo):
    scan(screen)
    html = choose(screen, bo).content.decode()
    assert "No tax" in html
    assert "$11.49 before, $9.99 now" in html
    pay_cash(screen, "9.99")
    deliver(account)
    (sale,) = simulator.sales()
    assert (sale["completed"], sale["total"]) == (True, "9.99")


def customer(account, lightspeed_id):
    return account.customers.get(lightspeed_id=lightspeed_id)


def test_discount_follows_the_customer_to_lightspeed_and_off_again(screen, account, simulator):
    scan(screen)
    html = choose(screen, customer(account, CAL)).content.decode()
    assert "30 % off (Staff)" in html
    assert "$11.49 before, $8.04 now" in html
    scan(screen)
    assert "$32.18" in scan(screen, "012345678905").content.decode()
    assert "$45.97" in remove(screen).content.decode()


@pytest.mark.parametrize("applied", [False, True], ids=["left to us", "applied by Lightspeed too"])
def test_discounted_sale_costs_in_lightspeed_what_the_screen_said(
    screen, account, simulator, applied
):
    simulator.settings(customer_defaults_applied=applied)
    scan(screen)
    scan(screen)
    scan(screen, "012345678905")
    choose(screen, customer(account, CAL))
    total = account.sales.get().running_total
    pay_cash(screen, total)
    deliver(account)
    (sale,) = simulator.sales()
    assert (sale["completed"], sale["customerID"], sale["total"]) == (True, CAL, str(total))
    assert sale["calcDiscount"] == "11.99"
    assert account.submissions.get().state == "completed"


def test_customer_has_tax_and_discount_of_their_type_where_they_have_none_of_their_own(
    screen, account
):
    scan(screen)
    html = choose(screen, customer(account, MIA)).content.decode()
    assert "5 % off (Member)" in html
    assert "No tax" in html
    assert "$9.49" in html


def test_item_that_may_not_be_discounted_keeps_its_price(screen, account, sock):
    sock.discountable = False
    sock.save()
    choose(screen, customer(account, CAL))
    assert "$11.49" in scan(screen).content.decode()


def test_units_added_later_join_the_line_with_the_customers_discount(screen, account, rep):
    choose(screen, customer(account, CAL))
    scan(screen)
    scan(screen)
    (line,) = rep.account.sales.current(rep).live_lines
    assert line.unit_quantity == 2


def test_discount_by_an_amount_is_none_of_a_whole_sale(screen, account):
    scan(screen)
    html = choose(screen, customer(account, VAL)).content.decode()
    assert "% off" not in html
    assert "$11.49" in html


def test_discount_that_lightspeed_gave_up_is_given_no_more(screen, account):
    account.discounts.filter(lightspeed_id=6).update(archived=True)
    scan(screen)
    assert "% off" not in choose(screen, customer(account, CAL)).content.decode()


def test_items_that_come_later_are_taxed_for_the_customer_too(screen, bo):
    choose(screen, bo)
    assert "$9.99" in scan(screen).content.decode()
    assert "$11.49" in remove(screen).content.decode()


def test_line_that_was_taken_out_comes_back_taxed_for_the_customer(screen, rep, bo):
    scan(screen)
    sale = rep.account.sales.current(rep)
    sale.open_for_change(sale.version)
    line = sale.live_lines[0]
    line.remove()
    choose(screen, bo)
    line.refresh_from_db()
    line.restore()
    assert rep.account.sales.current(rep).running_total == line.unit_price


def test_what_was_returned_keeps_its_tax_whoever_is_chosen(screen, rep, bo):
    scan(screen)
    sale = rep.account.sales.current(rep)
    sale.lines.update(unit_quantity=-1, parent_lightspeed_id=5, original_lightspeed_id=3)
    choose(screen, bo)
    sale = rep.account.sales.current(rep)
    assert (sale.customer, str(sale.running_total)) == (bo, "-11.49")


def test_archived_customer_is_refused_and_the_cart_stays(screen, rep, ann):
    scan(screen)
    ann.archived = True
    ann.save()
    answer = choose(screen, ann)
    assert answer.status_code == 422
    assert "archived in Lightspeed. Nothing was charged" in answer.content.decode()
    assert rep.account.sales.current(rep).customer is None
    assert "Wool sock M" in answer.content.decode()


def test_cart_of_a_customer_archived_meanwhile_is_not_paid(screen, rep, ann):
    scan(screen)
    choose(screen, ann)
    ann.archived = True
    ann.save()
    pay_cash(screen, "11.49")
    assert rep.account.sales.current(rep).state == "open"


def test_customer_of_another_account_is_not_found(screen, rep, db):
    other = Account.objects.create(lightspeed_id=99, name="Elsewhere")
    foreign = other.customers.create(lightspeed_id=ANN, first_name="Zoltan")
    search.index([foreign])
    assert "Zoltan" not in find(screen, "zoltan")[200:].replace("“zoltan”", "")
    assert choose(screen, foreign).status_code == 404
    assert rep.account.sales.current(rep) is None


def test_customer_stays_once_a_payment_has_begun(screen, rep, ann, bo):
    scan(screen)
    choose(screen, ann)
    pay_cash(screen, "11.49", "5")
    answer = choose(screen, bo)
    assert answer.status_code == 409
    assert "being paid" in answer.content.decode()
    assert rep.account.sales.current(rep).customer == ann


def test_payment_type_that_needs_a_customer_says_so_and_is_taken_with_one(screen, rep, ann):
    scan(screen)
    cash = rep.account.payment_types.get(kind="cash")
    cash.require_customer = True
    cash.save()
    pay_cash(screen, "11.49")
    assert rep.account.sales.current(rep).state == "open"
    choose(screen, ann)
    pay_cash(screen, "11.49")
    assert rep.account.sales.current(rep) is None


def test_receipt_is_offered_to_the_customers_own_address(screen, ann):
    scan(screen)
    choose(screen, ann)
    pay_cash(screen, "11.49")
    assert 'value="ann@example.com"' in screen.get(reverse("sales:cart")).content.decode()


def look(screen):
    return screen.post(reverse("sales:look_at_customer"))


def test_strip_looks_at_lightspeed_once_and_tells_balance_note_and_last_visit(
    screen, account, simulator, ann
):
    scan(screen)
    choose(screen, ann)
    pay_cash(screen, "11.49")
    deliver(account)
    account.submissions.get()
    screen.post(reverse("sales:add_line"), {"item": account.items.get(custom_sku="SOCK-M").pk})
    simulator.put(
        {
            "CreditAccount": [
                {"creditAccountID": 11, "customerID": ANN, "balance": "48.29", "creditLimit": "100"}
            ],
            "Customer": [{"customerID": ANN, "Note": {"note": "Wide feet"}}],
        }
    )
    assert 'hx-trigger="load" hx-target="this"' in choose(screen, ann).content.decode()
    html = look(screen).content.decode()
    assert "Owes $48.29 of at most $100.00" in html
    assert "Wide feet" in html
    assert "Last here" in html
    calls = simulator.state()["calls"]
    assert "hx-trigger" not in look(screen).content.decode()
    assert simulator.state()["calls"] == calls


@pytest.mark.parametrize("fault", ["503", "reset", "429", "401"])
def test_look_is_silent_where_lightspeed_is_away(screen, simulator, ann, fault):
    choose(screen, ann)
    simulator.fault("Customer/{id}", fault, times=20)
    answer = look(screen)
    assert answer.status_code == 200
    assert "Store credit $25.00" in answer.content.decode()


def test_look_of_a_rep_who_is_signed_out_is_silent(screen, rep, ann):
    choose(screen, ann)
    rep.account.grants.filter(rep=rep).delete()
    assert "Store credit $25.00" in look(screen).content.decode()


def test_cart_follows_what_the_look_told(screen, simulator, rep, ann):
    scan(screen)
    choose(screen, ann)
    simulator.put({"Customer": [{"customerID": ANN, "discountID": 6}]})
    html = look(screen).content.decode()
    assert "30 % off (Staff)" in html
    assert f'hx-get="{reverse("sales:cart")}"' in html
    assert str(rep.account.sales.current(rep).running_total) == "8.04"


def test_customer_who_is_gone_from_lightspeed_is_not_sold_to(screen, simulator, rep, ann):
    scan(screen)
    choose(screen, ann)
    simulator.fault("Customer/{id}", "404", times=20)
    assert "No longer in Lightspeed" in look(screen).content.decode()
    pay_cash(screen, "11.49")
    assert rep.account.sales.current(rep).state == "open"
    assert "No customer fits" in find(screen, "ann lee")


def test_without_a_customer_there_is_nothing_to_look_at(screen):
    assert look(screen).status_code == 204


ZOE = {"first_name": "Zoe", "last_name": "Park", "email": "zoe@b.example", "phone": "514 555-0199"}


def create(screen, **form):
    return screen.post(reverse("sales:create_customer"), ZOE | form)


def at_lightspeed(simulator, **filters):
    return simulator.client().records("Customer", load_relations=["Contact"], **filters)


@pytest.mark.parametrize(
    ("typed", "field"),
    [("zoe park", 'value="Zoe"'), ("514 555-0199", 'value="514 555-0199"'), ("z@b.ex", "z@b.ex")],
)
def test_what_was_searched_for_is_in_the_form_for_a_new_customer(screen, rep, typed, field):
    assert "New customer" in find(screen, typed)
    assert field in screen.post(reverse("sales:new_customer"), {"words": typed}).content.decode()


def test_new_customer_is_in_lightspeed_and_offered_to_the_cart_at_once(screen, simulator, account):
    html = create(screen).content.decode()
    (there,) = at_lightspeed(simulator, firstName="Zoe")
    assert (there["lastName"], there["Contact"]["noEmail"]) == ("Park", "true")
    zoe = account.customers.get(lightspeed_id=there["customerID"])
    assert f'name="customer" value="{zoe.pk}"' in html
    assert "Zoe Park" in choose(screen, zoe).content.decode()


def test_tapping_twice_makes_one_customer(screen, simulator, account):
    create(screen)
    create(screen, is_somebody_else="on")
    assert len(at_lightspeed(simulator, firstName="Zoe")) == 1


@pytest.mark.parametrize(
    "form", [{"phone": "+1 514-555-0134"}, {"email": "ANN@example.com"}], ids=["phone", "email"]
)
def test_who_is_known_already_is_asked_about_first(screen, simulator, ann, form):
    html = create(screen, **form).content.decode()
    assert "Is it this one?" in html
    assert f'value="{ann.pk}"' in html
    assert at_lightspeed(simulator, firstName="Zoe") == []
    create(screen, **form, is_somebody_else="on")
    assert len(at_lightspeed(simulator, firstName="Zoe")) == 1


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"first_name": "", "last_name": ""}, "What is the customer called?"),
        ({"email": "zoe at home"}, "That is no e-mail address."),
        ({"phone": "0199"}, "That is no whole phone number."),
        ({"phone": "call me maybe"}, "That is no whole phone number."),
    ],
)
def test_what_is_missing_or_wrong_stands_beside_its_field(screen, simulator, rep, form, told):
    answer = create(screen, **form)
    assert (answer.status_code, told in answer.content.decode()) == (422, True)
    assert at_lightspeed(simulator, firstName="Zoe") == []


def test_lost_answer_says_what_is_known_and_tapping_again_finds_the_customer(screen, simulator):
    simulator.fault("Customer", "reset_after", method="POST")
    answer = create(screen)
    assert answer.status_code == 503
    html = answer.content.decode()
    assert "may be there now" in html
    assert 'value="zoe@b.example"' in html
    assert "Zoe Park is in Lightspeed now." in create(screen).content.decode()
    assert len(at_lightspeed(simulator, firstName="Zoe")) == 1


@pytest.mark.parametrize(
    ("fault", "status", "told"),
    [
        ("403", 422, "does not let you add customers"),
        ("400", 422, "Lightspeed refused this customer"),
        ("429", 503, "Nobody was added"),
    ],
)
def test_refusal_of_lightspeed_is_told_in_words(screen, simulator, fault, status, told):
    simulator.fault("Customer", fault, method="POST", times=9)
    answer = create(screen)
    assert (answer.status_code, told in answer.content.decode()) == (status, True)


def test_rep_who_is_signed_out_of_lightspeed_is_led_to_sign_in(screen, rep):
    rep.account.grants.filter(rep=rep).delete()
    answer = create(screen)
    assert "Sign in again" in answer.content.decode()


def test_lightspeeds_text_is_shown_and_never_run(screen, account, ann):
    ann.first_name = "<script>alert(1)</script>"
    ann.save()
    search.index([ann])
    for html in (find(screen, "lee"), choose(screen, ann).content.decode()):
        assert "&lt;script&gt;" in html
        assert "<script>alert" not in html


def test_without_scripts_there_is_a_page_to_find_and_choose(rep, ann):
    browser = Client()
    browser.force_login(rep.user)
    assert "Type a part" in browser.get(reverse("sales:customer")).content.decode()
    found = browser.post(reverse("sales:find_customer"), {"words": "lee"}).content.decode()
    assert "<html" in found
    assert "Ann Lee" in found
    form = {"customer": ann.pk, "action_id": uuid4()}
    assert browser.post(reverse("sales:choose_customer"), form).url == reverse("sales:sell")
    assert "Ann Lee" in browser.get(reverse("sales:sell")).content.decode()
