"""One sale, from the sign-in page to Lightspeed."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LANDSCAPE, PORTRAIT, Take
from tests.browser.running import PRIYA, TOMAS, RunningSalesfloor, Ware


@pytest.mark.parametrize(
    ("viewport", "seller"),
    [(LANDSCAPE, PRIYA), (PORTRAIT, TOMAS)],
    ids=["landscape", "portrait"],
)
def test_sale_goes_from_sign_in_to_a_ticket_in_lightspeed(
    take_ipad: Take, salesfloor: RunningSalesfloor, shoe: Ware, sock: Ware, seller: int
) -> None:
    rep = take_ipad(salesfloor.url)
    shoes_before = salesfloor.simulator.stock(shoe.item_id)
    rep.sign_in(seller)
    rep.choose_register("Harbour Street", "Register 2")

    rep.search(shoe.name)
    rep.card(shoe).tap()
    expect(rep.line(shoe)).to_have_count(1)
    rep.scan(sock)
    rep.open_cart()
    # Shoes at 189.00 and socks at 27.95, with 5 % and 9.975 % on top.
    expect(rep.total).to_have_text("$249.44")
    rep.pay_cash("300")

    expect(rep.done).to_contain_text("$50.56")
    sale = salesfloor.completed_sale(rep.ticket_number())
    assert {line["itemID"] for line in sale["lines"]} == {shoe.item_id, sock.item_id}
    [payment] = sale["payments"]
    assert (payment["amount"], sale["change"], sale["employeeID"]) == ("249.44", "50.56", seller)
    assert salesfloor.simulator.stock(shoe.item_id)[1] == shoes_before[1] - 1
