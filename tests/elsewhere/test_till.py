"""A cart that Lightspeed's own till is to finish."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from salesfloor.elsewhere import keeping, there
from salesfloor.elsewhere.models import KeptCart
from salesfloor.outbox import sweep
from salesfloor.sales.models import Sale
from salesfloor.sales.refusals import Refused
from salesfloor.staff import clock
from tests.conftest import SHOE, pay_cash, price_carts
from tests.conftest import reread as sale_as_it_is
from tests.elsewhere.conftest import brought_on, keep, reread

State = KeptCart.State


def look(kept: KeptCart) -> KeptCart:
    """What is known once the worker has looked what became of it."""
    there.look(kept.account, kept.kind)
    return reread(kept)


def take_back(kept: KeptCart) -> KeptCart:
    keeping.want_back(kept.rep, kept)
    return brought_on(kept)


# --- Handing it over ------------------------------------------------------------------------


def test_till_finds_one_open_sale_with_the_code_in_its_note(handed_over, till):
    (sale,) = till.open_sales(handed_over.sale.reference)
    assert (handed_over.state, handed_over.ticket_number) == (State.THERE, sale["ticketNumber"])
    assert handed_over.code in till.note(handed_over)
    assert str(handed_over.total) == "34.48"


def test_rep_is_free_for_the_next_customer_at_once(handed_over, rep, sock):
    assert rep.account.sales.current(rep) is None
    assert Sale.cart_of(rep) != handed_over.sale


def test_tap_waits_for_nobody_and_shows_the_code_to_say(screen, cart, rep, simulator):
    simulator.fault("Sale", "reset", method="GET", times=-1)
    form = {"version": cart.version, "action_id": uuid4()}
    shown = screen.post(reverse("elsewhere:hand_over"), form).content.decode()
    kept = rep.account.kept_carts.get()
    assert kept.code in shown
    assert "Being written to Lightspeed" in shown


def test_same_form_sent_twice_hands_over_once(screen, cart, rep):
    form = {"version": cart.version, "action_id": uuid4()}
    for _ in range(2):
        assert screen.post(reverse("elsewhere:hand_over"), form).status_code == 200
    assert rep.account.kept_carts.count() == 1


def test_open_sale_that_was_written_to_price_the_cart_is_the_one(cart, till):
    cart.begin_quoting(cart.version)
    price_carts()
    priced = sale_as_it_is(cart)
    written = priced.draft.sale_lightspeed_id
    assert keep(priced).sale_lightspeed_id == written
    assert len(till.open_sales(cart.reference)) == 1


def test_earlier_open_sale_of_another_cart_is_archived(cart, till, sock):
    cart.begin_quoting(cart.version)
    price_carts()
    changed = sale_as_it_is(cart)
    changed.add_line(sock)
    kept = keep(changed)
    (left,) = till.open_sales(cart.reference)
    assert (left["saleID"], str(kept.total)) == (kept.sale_lightspeed_id, "45.97")


@pytest.mark.parametrize("fault", ["reset_after", "500_after", "cut_body"])
def test_lost_answer_leaves_one_open_sale(cart, till, simulator, fault):
    simulator.fault("Sale", fault, method="POST", times=1)
    kept = keep(cart)
    assert kept.state == State.WRITING
    assert brought_on(kept).state == State.THERE
    assert len(till.open_sales(cart.reference)) == 1


def test_lost_answer_to_the_note_leaves_one_open_sale(cart, till, simulator):
    simulator.fault("Sale/{id}", "reset_after", method="PUT", times=1)
    kept = brought_on(keep(cart))
    assert kept.state == State.THERE
    assert len(till.open_sales(cart.reference)) == 1


def test_trouble_is_told_and_tried_again_later(cart, simulator):
    simulator.fault("Sale", "reset", method="GET", times=-1)
    kept = keep(cart)
    assert "does not answer" in str(kept.trouble_words)
    assert kept.due_at > clock.now()
    simulator.clear_faults()
    assert brought_on(kept).trouble == ""


def test_cart_under_payment_cannot_be_handed_over(screen, cart, rep):
    pay_cash(cart, cart.total - 10)
    part_paid = sale_as_it_is(cart)
    form = {"version": part_paid.version, "action_id": uuid4()}
    answer = screen.post(reverse("elsewhere:hand_over"), form)
    assert (answer.status_code, rep.account.kept_carts.count()) == (409, 0)


# --- What becomes of it ---------------------------------------------------------------------


def test_sale_that_the_till_completed_is_seen_as_finished(handed_over, till):
    ticket = till.complete(handed_over)
    finished = look(handed_over)
    assert (finished.state, finished.ticket_number) == (State.FINISHED, ticket)
    assert finished.changes == []


def test_sale_that_the_till_completed_is_no_finding_for_the_board(handed_over, till, account):
    till.complete(handed_over)
    sweep.sweep(account, clock.now())
    assert list(account.findings.for_a_person()) == []


def test_what_the_till_changed_is_named(handed_over, till):
    till.add(handed_over, SHOE)
    changed = look(handed_over)
    assert [str(each) for each in changed.change_words] == ["items or prices", "total"]
    till.complete(changed)
    finished = look(changed)
    assert (finished.state, finished.changes) == (State.FINISHED, ["lines", "total"])
    assert (str(finished.total), str(finished.total_there)) == ("34.48", "57.48")


def test_sale_that_the_till_archived_can_be_taken_back(handed_over, till):
    till.archive(handed_over)
    gone = look(handed_over)
    assert gone.state == State.GONE
    assert take_back(gone).state == State.REOPENED


def test_open_sale_is_no_stray_for_the_sweep(handed_over, till, account):
    sweep.sweep(account, clock.now())
    sweep.archive_strays(account, clock.now() + timedelta(days=2))
    assert len(till.open_sales(handed_over.sale.reference)) == 1


# --- Taking it back -------------------------------------------------------------------------


def test_taken_back_it_is_a_cart_here_and_open_there_no_more(handed_over, rep, till):
    assert take_back(handed_over).state == State.REOPENED
    cart = rep.account.sales.current(rep)
    assert (cart, cart.state) == (handed_over.sale, Sale.State.OPEN)
    assert till.open_sales(cart.reference) == []


def test_taken_back_it_can_be_sold_here(handed_over, rep, simulator):
    take_back(handed_over)
    paid = pay_cash(rep.account.sales.current(rep), 40)
    assert paid.state == Sale.State.PAID


def test_what_the_till_has_completed_is_not_taken_back(handed_over, rep, till):
    ticket = till.complete(handed_over)
    finished = take_back(handed_over)
    assert (finished.state, finished.ticket_number) == (State.FINISHED, ticket)
    assert rep.account.sales.current(rep) is None


def test_what_the_till_completes_while_it_is_taken_back_stays_there(handed_over, rep, simulator):
    simulator.fault("Sale/{id}", "sale_completed", method="DELETE", times=1)
    assert take_back(handed_over).state == State.WANTED_BACK
    assert brought_on(handed_over).state == State.FINISHED
    assert rep.account.sales.current(rep) is None


def test_what_is_being_paid_at_the_till_is_not_taken_back(handed_over, rep, till):
    till.take_part(handed_over, "10")
    staying = take_back(handed_over)
    assert (staying.state, staying.trouble) == (State.THERE, KeptCart.Trouble.BEING_PAID)
    assert len(till.open_sales(handed_over.sale.reference)) == 1


def test_lost_answer_to_taking_it_back_is_looked_into(handed_over, rep, till, simulator):
    simulator.fault("Sale/{id}", "reset_after", method="DELETE", times=1)
    assert take_back(handed_over).state == State.WANTED_BACK
    assert rep.account.sales.current(rep) is None
    assert brought_on(handed_over).state == State.REOPENED
    assert till.open_sales(handed_over.sale.reference) == []


def test_sale_completed_there_after_all_is_not_charged_again(handed_over, rep, simulator):
    take_back(handed_over)
    path = f"Sale/{handed_over.sale_lightspeed_id}"
    there_again = simulator.client().record(path) | {"archived": False, "completed": True}
    simulator.put({"Sale": [there_again]})
    cart = pay_cash(rep.account.sales.current(rep), 40)
    assert cart.state == Sale.State.OPEN
    assert "paid already" in str(cart.refusal_told.text)


def test_rep_with_a_cart_in_hand_finishes_that_first(handed_over, rep, sock):
    Sale.cart_of(rep).add_line(sock)
    with pytest.raises(Refused, match="Finish or empty it first"):
        keeping.want_back(rep, handed_over)
    assert reread(handed_over).state == State.THERE


def test_cart_begun_meanwhile_keeps_the_other_waiting(handed_over, rep, screen, sock):
    keeping.want_back(rep, handed_over)
    begun = Sale.cart_of(rep)
    begun.add_line(sock)
    waiting = brought_on(handed_over)
    assert (waiting.state, rep.account.sales.current(rep)) == (State.HERE, begun)
    begun.abandon(begun.version)
    screen.post(reverse("elsewhere:reopen", args=[waiting.pk]))
    assert rep.account.sales.current(rep) == handed_over.sale


def test_colleague_who_takes_it_back_has_it_in_hand(handed_over, other_rep, rep):
    keeping.want_back(other_rep, handed_over)
    brought_on(handed_over)
    assert other_rep.account.sales.current(other_rep) == handed_over.sale
    assert rep.account.sales.current(rep) is None


def test_given_up_it_is_open_nowhere(handed_over, rep, till):
    keeping.want_no_more(rep, handed_over)
    assert brought_on(handed_over).state == State.GIVEN_UP
    assert till.open_sales(handed_over.sale.reference) == []
    assert sale_as_it_is(handed_over.sale).state == Sale.State.ABANDONED


def test_taken_back_it_may_be_handed_over_again(handed_over, rep, till):
    take_back(handed_over)
    again = keep(rep.account.sales.current(rep))
    assert again.state == State.THERE
    assert len(till.open_sales(handed_over.sale.reference)) == 1


# --- Pages ----------------------------------------------------------------------------------


def test_list_tells_what_became_of_each(handed_over, screen, till):
    page = reverse("elsewhere:tills")
    assert "Waits for the till" in screen.get(page).content.decode()
    ticket = till.complete(handed_over)
    look(handed_over)
    assert f"Paid at the till, ticket {ticket}" in screen.get(page).content.decode()


def pages_of(kept: KeptCart, screen) -> list[str]:
    """Its own, and the strip on the empty cart."""
    names = ["elsewhere:kept_cart", "elsewhere:strip"]
    urls = [reverse(name, args=[kept.pk]) for name in names]
    return [screen.get(url, headers={"HX-Request": "false"}).content.decode() for url in urls]


def offers_to_pay(page: str, kept: KeptCart) -> bool:
    ways = [kept.code, "Not paid yet", "Say at the till", "barcode", "Print", "receipt.js"]
    return any(way in page for way in ways)


def test_what_is_paid_at_the_till_offers_no_way_to_pay_it_again(handed_over, screen, till):
    shown = pages_of(handed_over, screen)
    assert all(handed_over.code in page for page in shown)
    ticket = till.complete(handed_over)
    look(handed_over)
    shown = pages_of(handed_over, screen)
    assert all(f"Paid at the till, ticket {ticket}" in page for page in shown)
    assert not any(offers_to_pay(page, handed_over) for page in shown)


def test_what_was_taken_back_or_given_up_is_not_to_be_paid_at_the_till(handed_over, rep, screen):
    keeping.want_no_more(rep, handed_over)
    for kept in (reread(handed_over), brought_on(handed_over)):
        shown = pages_of(kept, screen)
        assert not any(offers_to_pay(page, kept) for page in shown)
        assert "Not to be paid at the till any more" in shown[0]


def test_open_page_is_told_anew_once_the_till_has_finished(handed_over, screen, till):
    page = reverse("elsewhere:kept_cart", args=[handed_over.pk])
    assert "HX-Refresh" not in screen.get(page, {"seen": State.THERE})
    till.complete(handed_over)
    look(handed_over)
    assert screen.get(page, {"seen": State.THERE})["HX-Refresh"] == "true"


def test_barcode_is_there_once_lightspeed_has_a_number(cart, screen, simulator):
    simulator.fault("Sale", "reset", method="GET", times=-1)
    kept = keep(cart)
    url = reverse("elsewhere:barcode", args=[kept.pk])
    assert screen.get(url).status_code == 404
    simulator.clear_faults()
    brought_on(kept)
    assert screen.get(url)["Content-Type"] == "image/svg+xml"


def test_page_leads_to_the_cart_once_it_is_back(handed_over, screen):
    keeping.want_back(handed_over.rep, handed_over)
    page = reverse("elsewhere:kept_cart", args=[handed_over.pk])
    assert "Being taken back" in screen.get(page).content.decode()
    brought_on(handed_over)
    assert screen.get(page)["HX-Redirect"].startswith(reverse("sales:sell"))
