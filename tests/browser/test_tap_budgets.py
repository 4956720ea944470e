"""How many touches a job costs, counted by the browser itself."""

import re

from playwright.sync_api import expect

from tests.browser.rep import Rep
from tests.browser.running import RunningSalesfloor, Ware

COUNT_TOUCHES = """
    window.touches = 0;
    addEventListener("pointerup", () => (window.touches += 1), { capture: true });
"""


def test_one_item_is_scanned_and_paid_with_one_touch(
    rep: Rep, salesfloor: RunningSalesfloor, sock: Ware
) -> None:
    rep.page.add_init_script(COUNT_TOUCHES)
    rep.page.reload()
    rep.scan(sock)
    rep.pay_exact_cash()
    expect(rep.done).to_contain_text("Paid")
    assert rep.page.evaluate("window.touches") == 1
    assert salesfloor.completed_sale(rep.ticket_number())["lines"][0]["itemID"] == sock.item_id


def test_fifty_in_cash_and_the_rest_by_card_are_two_touches_until_the_terminal_has_it(
    rep: Rep, salesfloor: RunningSalesfloor, shoe: Ware
) -> None:
    """One more tells what the terminal said, which nobody but the rep can."""
    rep.page.add_init_script(COUNT_TOUCHES)
    rep.page.reload()
    rep.scan(shoe)
    rep.button("$50.00 of it in cash").tap()
    rep.button(re.compile(r"^Card \$167\.30")).tap()
    expect(rep.page.get_by_text("Take $167.30 on the shop's terminal")).to_be_visible()
    assert rep.page.evaluate("window.touches") == 2
    rep.button("Approved").tap()
    payments = salesfloor.completed_sale(rep.ticket_number())["payments"]
    assert [each["amount"] for each in payments] == ["50", "167.3"]


def test_the_next_customer_is_one_scan_away(rep: Rep, sock: Ware, shoe: Ware) -> None:
    rep.scan(sock)
    rep.pay_exact_cash()
    rep.ticket_number()
    rep.scan(shoe)
    expect(rep.done).to_have_count(0)
    expect(rep.cart.get_by_role("listitem")).to_have_count(1)


def test_five_items_and_a_known_customer_cost_three_touches_and_four_keys(
    rep: Rep, salesfloor: RunningSalesfloor, sock: Ware, shoe: Ware
) -> None:
    known = salesfloor.customer()
    rep.page.add_init_script(COUNT_TOUCHES)
    rep.page.reload()
    for ware in (sock, shoe, sock, shoe, sock):
        rep.scan(ware)
    rep.open_finder()
    for key in known.phone[-4:]:
        rep.page.keyboard.press(key, delay=90)
    rep.person(known.name).tap()
    expect(rep.customer).to_contain_text(known.name)
    rep.pay_exact_cash()
    expect(rep.done).to_contain_text("Paid")
    assert rep.page.evaluate("window.touches") == 3
    sale = salesfloor.completed_sale(rep.ticket_number())
    assert sale["customerID"] == known.customer_id
    assert sum(line["unitQuantity"] for line in sale["lines"]) == 5
