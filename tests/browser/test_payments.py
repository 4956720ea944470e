"""Every way of paying, and what becomes of a payment that is interrupted at any of its steps."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Take
from tests.browser.rep import Rep
from tests.browser.running import MAYA, RunningSalesfloor, Ware

CASH, CHECK, CARD = 1, 2, 3
QUESTION = "Did it approve?"
CARD_BUTTON = re.compile("^Card")
# A sock is 32.14 with taxes.
TOTAL = "32.14"


@pytest.fixture
def sold(salesfloor: RunningSalesfloor) -> Callable[[], int]:
    """How many sales Lightspeed has completed since the test began."""
    before = salesfloor.completed_sales()
    return lambda: salesfloor.completed_sales() - before


@pytest.fixture
def paid(rep: Rep, salesfloor: RunningSalesfloor) -> Callable[[], list[tuple[int, str]]]:
    """Payment types and amounts of the last sale, once Lightspeed has it."""

    def payments() -> list[tuple[int, str]]:
        sale = salesfloor.completed_sale(rep.ticket_number())
        return [(each["paymentTypeID"], each["amount"]) for each in sale["payments"]]

    return payments


def pay_part(rep: Rep, kind: str, amount: str = "") -> None:
    """By what stands under More; all that is due where no amount is typed."""
    rep.cart.get_by_label("More", exact=True).tap()
    if amount:
        rep.page.get_by_label("Amount, all of it or a part").fill(amount)
    rep.page.locator(".pay__types").get_by_role("button", name=kind, exact=True).tap()


def due(rep: Rep, amount: str) -> None:
    expect(rep.page.locator("#due")).to_have_text(f"${amount}")


@pytest.mark.parametrize(("width", "height"), [(1180, 820), (1024, 768)])
def test_everything_under_more_is_seen_at_once(
    rep: Rep, salesfloor: RunningSalesfloor, sock: Ware, width: int, height: int
) -> None:
    rep.scan(sock)
    rep.choose(salesfloor.customer().name)
    rep.page.set_viewport_size({"width": width, "height": height})
    rep.cart.get_by_label("More", exact=True).tap()
    sheet = rep.cart.locator(".pay__more .menu__sheet")
    expect(sheet.get_by_role("textbox")).to_be_in_viewport(ratio=1)
    expect(sheet.get_by_role("button", name="Make a quote")).to_be_in_viewport(ratio=1)
    expect(sheet.get_by_role("button", name="Empty the cart")).to_be_in_viewport(ratio=1)


# --- Ways of paying -----------------------------------------------------------------------


def test_note_that_is_handed_over_is_one_touch_and_shows_the_change(
    rep: Rep, sock: Ware, paid
) -> None:
    rep.scan(sock)
    rep.button(re.compile(r"^Cash \$40\.00")).tap()
    expect(rep.done).to_contain_text("Change $7.86")
    assert paid() == [(CASH, TOTAL)]


def test_card_is_taken_in_parts_and_a_declined_part_does_not_count(
    rep: Rep, sock: Ware, paid
) -> None:
    rep.scan(sock)
    pay_part(rep, "Credit Card", "10")
    rep.button("Approved").tap()
    due(rep, "22.14")
    pay_part(rep, "Credit Card", "5,50")
    rep.button("Declined").tap()
    expect(rep.message).to_contain_text("Nothing was charged")
    due(rep, "22.14")
    rep.button(CARD_BUTTON).tap()
    rep.button("Approved").tap()
    assert paid() == [(CARD, "10"), (CARD, "22.14")]


def test_cheque_and_the_accounts_own_debit_card_pay_together(rep: Rep, sock: Ware, paid) -> None:
    rep.scan(sock)
    pay_part(rep, "Check", "12.14")
    rep.button("Yes").tap()
    due(rep, "20.00")
    pay_part(rep, "Debit Card")
    rep.button("Yes").tap()
    assert [amount for _, amount in paid()] == ["12.14", "20"]


def test_voucher_that_needs_a_customer_says_so_and_takes_nothing(rep: Rep, sock: Ware) -> None:
    rep.scan(sock)
    pay_part(rep, "Club Voucher")
    expect(rep.message).to_contain_text("needs a customer. Nothing was taken")
    expect(rep.button(CARD_BUTTON)).to_be_visible()


def test_more_than_is_due_by_card_is_refused(rep: Rep, sock: Ware) -> None:
    rep.scan(sock)
    pay_part(rep, "Credit Card", "321.40")
    expect(rep.message).to_contain_text("Nothing was taken")
    expect(rep.page.get_by_text(QUESTION)).to_have_count(0)


def test_part_in_cash_is_handed_back_and_counts_no_more(rep: Rep, sock: Ware, paid) -> None:
    rep.scan(sock)
    rep.button("$10.00 of it in cash").tap()
    due(rep, "22.14")
    rep.cart.get_by_text("Give back", exact=True).tap()
    rep.button("It is given back").tap()
    expect(rep.message).to_contain_text("was given back and does not count any more")
    rep.pay_exact_cash()
    assert paid() == [(CASH, TOTAL)]


def bring_back(rep: Rep, sock: Ware, *, paid_by_card: bool = False) -> None:
    """A sock that was just sold."""
    rep.scan(sock)
    if paid_by_card:
        rep.button(CARD_BUTTON).tap()
        rep.button("Approved").tap()
    else:
        rep.pay_exact_cash()
    rep.scan_code(rep.ticket_number())
    rep.tick(sock)
    rep.button("Return 1").tap()
    expect(rep.line(sock)).to_contain_text("1 comes back")


def test_even_exchange_is_completed_without_money(rep: Rep, sock: Ware, paid) -> None:
    bring_back(rep, sock)
    rep.scan_code(sock.barcode)
    rep.button("Complete, nothing is due").tap()
    assert paid() == []


def test_what_was_paid_by_card_goes_back_to_the_card(rep: Rep, sock: Ware, paid) -> None:
    bring_back(rep, sock, paid_by_card=True)
    rep.button(re.compile("^Back as Credit Card")).tap()
    expect(rep.page.get_by_text("Did it go through?")).to_be_visible()
    rep.button("Approved").tap()
    expect(rep.done).to_contain_text(f"Given back ${TOTAL}")
    assert paid() == [(CARD, f"-{TOTAL}")]


# --- When it is not known what became of it -----------------------------------------------


def test_unknown_outcome_is_called_checking_until_the_sale_is_found(
    rep: Rep, salesfloor: RunningSalesfloor, sock: Ware, sold
) -> None:
    salesfloor.simulator.fault("Sale/{id}", "reset_after", method="PUT")
    salesfloor.simulator.fault("Sale", "503", method="GET", times=3)
    salesfloor.simulator.fault("Sale/{id}", "503", method="GET", times=3)
    rep.scan(sock)
    rep.pay_exact_cash()
    expect(rep.done).to_contain_text("We could not confirm yet. Do not charge again.")
    rep.page.reload()
    expect(rep.done).to_contain_text("Do not charge again")
    rep.ticket_number()
    assert sold() == 1


# --- Session lost, Back and Reload, two tabs, a slow network --------------------------------


def reload(rep: Rep) -> None:
    rep.page.reload()


def leave_and_come_back(rep: Rep) -> None:
    rep.page.goto("/sales/")
    rep.page.go_back()


def lose_the_session(rep: Rep) -> None:
    """And find out by a tap on whatever is the next button to pay."""
    button = rep.cart.locator("#pay button:visible").last
    expect(button).to_be_visible()  # or the page finds out first, by a look of its own
    rep.page.context.clear_cookies()
    button.tap()
    expect(rep.page.get_by_text("the last tap did nothing")).to_be_visible()
    rep.sign_in(MAYA)


INTERRUPTIONS = pytest.mark.parametrize(
    "interrupt", [reload, leave_and_come_back, lose_the_session]
)


@INTERRUPTIONS
def test_cart_that_is_about_to_be_paid_outlives(
    rep: Rep, sock: Ware, sold, paid, interrupt: Callable[[Rep], None]
) -> None:
    rep.scan(sock)
    interrupt(rep)
    rep.pay_exact_cash()
    assert paid() == [(CASH, TOTAL)]
    assert sold() == 1


@INTERRUPTIONS
def test_question_about_the_card_outlives(
    rep: Rep, sock: Ware, sold, paid, interrupt: Callable[[Rep], None]
) -> None:
    rep.scan(sock)
    rep.button(CARD_BUTTON).tap()
    expect(rep.page.get_by_text(QUESTION)).to_be_visible()
    interrupt(rep)
    expect(rep.page.get_by_text(QUESTION)).to_be_visible()
    expect(rep.page.get_by_text("nothing was charged")).to_have_count(0)
    rep.button("Approved").tap()
    assert paid() == [(CARD, TOTAL)]
    assert sold() == 1


@INTERRUPTIONS
def test_part_that_was_paid_outlives(
    rep: Rep, sock: Ware, sold, paid, interrupt: Callable[[Rep], None]
) -> None:
    rep.scan(sock)
    rep.button("$20.00 of it in cash").tap()
    due(rep, "12.14")
    interrupt(rep)
    due(rep, "12.14")
    rep.pay_exact_cash()
    assert paid() == [(CASH, "20"), (CASH, "12.14")]
    assert sold() == 1


@pytest.mark.parametrize("interrupt", [reload, leave_and_come_back])
def test_payment_that_waits_for_the_price_is_made_once_over(
    rep: Rep,
    salesfloor: RunningSalesfloor,
    sock: Ware,
    sold,
    paid,
    interrupt: Callable[[Rep], None],
) -> None:
    salesfloor.simulator.fault("Sale", "late", method="POST", seconds=6)
    rep.scan(sock)
    rep.pay_exact_cash()
    expect(rep.page.get_by_text("Asking Lightspeed for the total")).to_be_visible()
    interrupt(rep)
    assert paid() == [(CASH, TOTAL)]
    assert sold() == 1


@pytest.mark.parametrize("interrupt", [reload, leave_and_come_back])
def test_paid_sale_is_told_and_not_asked_for_again_over(
    rep: Rep, sock: Ware, sold, interrupt: Callable[[Rep], None]
) -> None:
    rep.scan(sock)
    rep.pay_exact_cash()
    expect(rep.done).to_contain_text(f"Paid ${TOTAL}")
    interrupt(rep)
    expect(rep.done).to_contain_text(f"Paid ${TOTAL}")
    rep.ticket_number()
    expect(rep.button(re.compile("^Exact cash"))).to_have_count(0)
    assert sold() == 1


def test_cart_that_was_paid_in_one_tab_is_not_paid_in_another(
    rep: Rep, at_register: Take, sock: Ware, sold
) -> None:
    rep.scan(sock)
    other_tab = at_register(MAYA)
    rep.pay_exact_cash()
    rep.ticket_number()
    other_tab.pay_exact_cash()
    expect(other_tab.message).to_contain_text("The cart has changed meanwhile. Nothing was done")
    expect(other_tab.done).to_contain_text(f"Paid ${TOTAL}")
    assert sold() == 1


def test_card_that_is_asked_about_in_one_tab_is_not_charged_by_another(
    rep: Rep, at_register: Take, sock: Ware, sold, paid
) -> None:
    rep.scan(sock)
    other_tab = at_register(MAYA)
    rep.button(CARD_BUTTON).tap()
    expect(rep.page.get_by_text(QUESTION)).to_be_visible()
    other_tab.pay_exact_cash()
    expect(other_tab.page.get_by_text(QUESTION)).to_be_visible()
    other_tab.button("Approved").tap()
    expect(other_tab.done).to_contain_text("Paid")
    rep.button("Approved").tap()
    assert paid() == [(CARD, TOTAL)]
    assert sold() == 1


@pytest.fixture
def slow(rep: Rep) -> Iterator[None]:
    """A network on which each answer takes most of a second."""
    network = rep.page.context.new_cdp_session(rep.page)
    network.send("Network.enable")
    network.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 700,
            "downloadThroughput": 40_000,
            "uploadThroughput": 20_000,
        },
    )
    yield
    network.detach()


def tap_twice(rep: Rep, name: str | re.Pattern[str]) -> None:
    box = rep.button(name).bounding_box()
    assert box
    for _ in range(2):
        rep.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_the_second_of_two_quick_taps_cannot_approve_what_the_first_asks(
    rep: Rep, sock: Ware, paid
) -> None:
    rep.page.add_init_script("""
        new MutationObserver(() => {
          const button = document.querySelector("#pay [value=approved]");
          if (button) sessionStorage.approve ??= getComputedStyle(button).visibility;
        }).observe(document, { childList: true, subtree: true });
    """)
    rep.page.reload()
    rep.scan(sock)
    rep.button(CARD_BUTTON).tap()
    expect(rep.page.get_by_text(QUESTION)).to_be_visible()
    assert rep.page.evaluate("sessionStorage.approve") == "hidden"
    rep.button("Approved").tap()
    assert paid() == [(CARD, "32.14")]


@pytest.mark.usefixtures("slow")
def test_double_taps_on_a_slow_network_pay_each_part_once(rep: Rep, sock: Ware, sold, paid) -> None:
    rep.scan(sock)
    tap_twice(rep, "$10.00 of it in cash")
    due(rep, "22.14")
    tap_twice(rep, CARD_BUTTON)
    expect(rep.page.get_by_text(QUESTION)).to_be_visible()
    tap_twice(rep, "Approved")
    assert paid() == [(CASH, "10"), (CARD, "22.14")]
    assert sold() == 1


@pytest.mark.usefixtures("slow")
def test_two_ways_of_paying_tapped_at_once_on_a_slow_network_are_one_payment(
    rep: Rep, sock: Ware, sold, paid
) -> None:
    rep.scan(sock)
    exact = rep.button(re.compile("^Exact cash")).bounding_box()
    card = rep.button(CARD_BUTTON).bounding_box()
    assert exact
    assert card
    for box in (exact, card):
        rep.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert paid() == [(CASH, TOTAL)]
    assert sold() == 1
