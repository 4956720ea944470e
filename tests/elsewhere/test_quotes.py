"""A cart that is offered before it is sold."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from salesfloor.customers.models import Customer
from salesfloor.elsewhere import hands, keeping, there
from salesfloor.elsewhere.models import KeptCart
from salesfloor.mirror.sync import sync
from salesfloor.outbox.courier import deliver
from salesfloor.sales.models import Sale
from salesfloor.staff.models import Rep
from tests.conftest import SHOE, SOCK, pay_cash
from tests.conftest import reread as sale_as_it_is
from tests.elsewhere.conftest import brought_on, keep, reread

State = KeptCart.State


def look(kept: KeptCart) -> KeptCart:
    there.look(kept.account, kept.kind)
    return reread(kept)


def sell(kept: KeptCart, rep: Rep) -> Sale:
    """Back in the rep's hands."""
    keeping.want_back(rep, kept)
    brought_on(kept)
    cart = rep.account.sales.current(rep)
    assert cart == kept.sale
    return cart


def shown(screen, query: str) -> str:
    return screen.post(reverse("elsewhere:quotes"), {"q": query}).content.decode()


# --- Making it ------------------------------------------------------------------------------


def test_quote_is_one_of_the_open_sale_in_lightspeed(quote, till):
    (there_too,) = till.client.records("Quote")
    assert (quote.state, there_too["quoteID"]) == (State.THERE, quote.number)
    (sale,) = till.open_sales(quote.sale.reference)
    assert int(there_too["saleID"]) == sale["saleID"]


@pytest.mark.parametrize("route", ["Sale", "Sale/{id}", "Quote"])
@pytest.mark.parametrize("fault", ["reset_after", "502_after"])
def test_lost_answer_leaves_one_quote_and_one_open_sale(cart, till, simulator, route, fault):
    method = "PUT" if route == "Sale/{id}" else "POST"
    simulator.fault(route, fault, method=method, times=1)
    kept = keep(cart, KeptCart.Kind.QUOTE)
    assert kept.state == State.WRITING
    assert brought_on(kept).state == State.THERE
    assert len(till.client.records("Quote", archived="true")) == 1
    assert len(till.open_sales(cart.reference)) == 1


def test_rep_without_the_right_is_told(cart, simulator):
    simulator.fault("Quote", "403", method="POST", times=1)
    kept = keep(cart, KeptCart.Kind.QUOTE)
    assert "ask a manager" in str(kept.trouble_words)


def test_quote_is_made_by_one_tap_and_printed(screen, cart, rep):
    form = {"version": cart.version, "action_id": uuid4()}
    screen.post(reverse("elsewhere:make_quote"), form)
    kept = brought_on(rep.account.kept_carts.get())
    page = reverse("elsewhere:kept_cart", args=[kept.pk])
    words = screen.get(page, headers={"HX-Request": "false"}).content.decode()
    assert f"Quote {kept.number}" in words
    assert "nothing has been paid" in words
    assert "$34.48" in words


# --- Finding it -----------------------------------------------------------------------------


def test_quote_is_found_by_number_code_ticket_and_customer(cart, screen, simulator, account):
    cart.set_customer(_customer(account, simulator), cart.version)
    kept = keep(cart, KeptCart.Kind.QUOTE)
    url = reverse("elsewhere:kept_cart", args=[kept.pk])
    for query in (kept.number, kept.code.lower(), kept.ticket_number, "okafor"):
        assert url in shown(screen, query), query
    assert url not in shown(screen, "somebody else")


def _customer(account, simulator) -> Customer:
    simulator.put({"Customer": [{"customerID": 88, "firstName": "Ben", "lastName": "Okafor"}]})
    sync(account, everything=True)
    return account.customers.get(lightspeed_id=88)


def test_nothing_that_can_be_typed_makes_it_fail(quote, screen):
    assert "No quote like this" in shown(screen, "a\0b")
    assert screen.get(reverse("elsewhere:scanned"), {"number": "a\0b"}).status_code == 302


def test_what_is_looked_for_stands_in_no_url(quote, screen):
    page = screen.get(reverse("elsewhere:quotes")).content.decode()
    assert '<form class="kept-find" method="post"' in page
    searched = screen.get(reverse("elsewhere:quotes"), {"q": "okafor"}).content.decode()
    assert reverse("elsewhere:kept_cart", args=[quote.pk]) in searched


def test_quotes_that_stand_are_listed_and_what_is_for_the_till_is_not(quote, screen):
    page = screen.get(reverse("elsewhere:quotes")).content.decode()
    assert reverse("elsewhere:kept_cart", args=[quote.pk]) in page
    listed = screen.get(reverse("elsewhere:tills")).content.decode()
    assert quote.code not in listed


# --- What becomes of it ---------------------------------------------------------------------


def test_quote_is_followed_though_its_sale_is_another_after_an_edit(quote, till):
    before = quote.sale_lightspeed_id
    till.client.put(f"Quote/{quote.number}", {"notes": "Two months"})
    edited = look(quote)
    assert (edited.state, edited.changes) == (State.THERE, [])
    assert edited.sale_lightspeed_id != before
    till.complete(edited)
    assert look(edited).state == State.FINISHED


def test_what_was_changed_in_lightspeed_is_said_before_it_is_sold(quote, rep, till, screen):
    till.add(quote, SHOE)
    cart = sell(quote, rep)
    page = screen.get(reverse("elsewhere:kept_cart", args=[quote.pk]))
    assert page["HX-Redirect"].startswith(reverse("sales:sell"))
    told = screen.get(reverse("sales:sell")).content.decode()
    assert "In Lightspeed it was changed: items or prices, total" in told
    assert str(cart.running_total) == "34.48"


def test_quote_archived_in_lightspeed_is_gone_and_can_still_be_sold(quote, rep, till):
    till.client.delete(f"Quote/{quote.number}")
    assert look(quote).state == State.GONE
    sell(reread(quote), rep)
    assert till.open_sales(quote.sale.reference) == []


# --- Selling it -----------------------------------------------------------------------------


def test_quote_is_sold_at_the_prices_that_were_promised(quote, rep, account, simulator, till):
    till.client.put(
        f"Item/{SOCK}", {"Prices": {"ItemPrice": {"amount": "99", "useType": "Default"}}}
    )
    paid = pay_cash(sell(quote, rep), 40)
    assert (paid.state, str(paid.total)) == (Sale.State.PAID, "34.48")
    deliver(account)
    completed = [sale for sale in simulator.sales() if sale["completed"]]
    assert [sale["referenceNumber"] for sale in completed] == [paid.reference]


def test_quote_that_is_sold_in_another_shop_is_taxed_as_that_one_does(quote, rep, account):
    there = account.tax_categories.create(lightspeed_id=77, name="There", tax1_rate="0.05")
    shop = account.shops.create(lightspeed_id=77, name="There", tax_category=there)
    rep.register = shop.registers.create(account=account, lightspeed_id=77, name="There 1")
    rep.save()
    keeping.want_no_more(rep, quote)
    hands.reopen(rep, brought_on(quote))
    cart = sale_as_it_is(quote.sale)
    assert (cart.shop, cart.tax_category) == (shop, there)
    assert {line.tax1_rate for line in cart.live_lines} == {Decimal("0.05")}
    assert [line.unit_price for line in cart.live_lines] == [
        line.unit_price for line in quote.sale.live_lines
    ]


def test_sold_quote_is_archived_in_lightspeed(quote, rep, till):
    sell(quote, rep)
    assert till.client.records("Quote") == []
    assert till.open_sales(quote.sale.reference) == []


def test_quote_sold_at_a_till_is_not_sold_again(quote, rep, till):
    till.complete(quote)
    keeping.want_back(rep, quote)
    assert brought_on(quote).state == State.FINISHED
    assert rep.account.sales.current(rep) is None


def test_lost_answer_to_archiving_the_quote_is_looked_into(quote, rep, till, simulator):
    simulator.fault("Quote/{id}", "reset_after", method="DELETE", times=1)
    keeping.want_back(rep, quote)
    assert brought_on(quote).state == State.WANTED_BACK
    assert brought_on(quote).state == State.REOPENED
    assert till.client.records("Quote") == []


def test_quote_that_is_not_there_any_more_keeps_no_cart_back(quote, rep, simulator):
    simulator.fault("Quote/{id}", "404", method="DELETE", times=9)
    keeping.want_back(rep, quote)
    assert brought_on(quote).state == State.REOPENED


def test_quote_given_up_by_mistake_can_be_opened_again(quote, rep, screen, till):
    keeping.want_no_more(rep, quote)
    assert brought_on(quote).state == State.GIVEN_UP
    assert till.client.records("Quote") == []
    screen.post(reverse("elsewhere:reopen", args=[quote.pk]))
    assert rep.account.sales.current(rep) == quote.sale
    assert sale_as_it_is(quote.sale).state == Sale.State.OPEN


def test_scanned_it_opens_as_long_as_it_stands(quote, rep, screen, till):
    def scan() -> str:
        form = {"code": quote.ticket_number, "action_id": uuid4()}
        page = screen.post(reverse("sales:scan"), form)["HX-Redirect"]
        return screen.get(page)["Location"]

    assert scan() == reverse("elsewhere:kept_cart", args=[quote.pk])
    till.complete(quote)
    look(quote)
    assert scan().startswith(reverse("returns:find"))
