"""A line of the cart that becomes another size or colour."""

import re
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from salesfloor.outbox.courier import deliver
from salesfloor.outbox.models import Submission
from salesfloor.sales.models import Sale
from tests.conftest import pay_cash, reread

NINE, TEN, DEAR, OTHER = 61, 62, 63, 64


def _item(item_id, size, price, **fields):
    return {
        "itemID": item_id,
        "description": f"Boot Tan {size}",
        "taxClassID": 1,
        "itemMatrixID": 5,
        "ItemAttributes": {"attribute1": "Tan", "attribute2": size, "itemAttributeSetID": 1},
        "Prices": {"ItemPrice": [{"amount": price, "useTypeID": 1, "useType": "Default"}]},
    } | fields


@pytest.fixture
def simulator(simulator):
    """With boots in three sizes, of which the largest costs more, and with a hat."""
    simulator.put(
        {
            "ItemMatrix": [{"itemMatrixID": 5, "description": "Boot", "itemAttributeSetID": 1}],
            "Item": [
                _item(NINE, "9", "20"),
                _item(TEN, "10", "20"),
                _item(DEAR, "13", "25"),
                _item(OTHER, "M", "8", description="Hat M", itemMatrixID=0),
            ],
        }
    )
    return simulator


@pytest.fixture
def items(account):
    return {key: account.items.get(lightspeed_id=key) for key in (NINE, TEN, DEAR, OTHER)}


@pytest.fixture
def cart(rep, items, sock) -> Sale:
    """Two boots in 9 before a sock."""
    sale = Sale.start(rep)
    sale.add_line(items[NINE], 2)
    sale.add_line(sock)
    return sale


def form_of(cart, **fields):
    return {"version": reread(cart).version, "action_id": uuid4()} | fields


def swap(screen, cart, item, **fields):
    url = reverse("sales:swap_variant", args=[cart.live_lines[0].pk])
    return screen.post(url, form_of(cart, item=item.pk) | fields)


def undo(screen, cart, **fields):
    url = reverse("sales:swap_back", args=[cart.live_lines[0].pk])
    return screen.post(url, form_of(cart) | fields)


def lines(cart):
    return [
        (line.description, line.unit_quantity, line.unit_price) for line in reread(cart).live_lines
    ]


def test_size_on_the_line_opens_the_grid_with_that_size_marked(screen, cart, items):
    page = screen.get(reverse("sales:cart")).content.decode()
    url = reverse("sales:line_variants", args=[cart.live_lines[0].pk])
    link = re.search(rf'<a [^>]*href="{url}"[^>]*>(.*?)<', page, re.DOTALL)
    assert link
    assert link[1].strip() == "Tan / 9"
    sheet = screen.get(url).content.decode()
    current = re.search(r"<button[^>]*aria-current[^>]*>", sheet)
    assert current
    assert f'value="{items[NINE].pk}"' in current[0]
    assert reverse("sales:swap_variant", args=[cart.live_lines[0].pk]) in sheet
    assert f'action="{reverse("sales:add_line")}"' not in sheet


def test_swap_keeps_place_and_quantity_and_takes_the_new_price(screen, cart, items):
    answer = swap(screen, cart, items[DEAR])
    assert answer.status_code == 200
    assert lines(cart) == [("Boot Tan 13", 2, 25), ("Wool sock M", 1, Decimal("9.99"))]
    assert "Now Boot Tan 13." in answer.content.decode()


def test_swap_works_without_scripts(screen, cart, items):
    url = reverse("sales:line_variants", args=[cart.live_lines[0].pk])
    page = screen.get(url, headers={"HX-Request": ""}).content.decode()
    form = dict(re.findall(r'name="(version|action_id)" value="([^"]*)"', page))
    swap_url = reverse("sales:swap_variant", args=[cart.live_lines[0].pk])
    answer = screen.post(swap_url, form | {"item": items[TEN].pk}, headers={"HX-Request": ""})
    assert answer.status_code == 302
    assert lines(cart)[0] == ("Boot Tan 10", 2, 20)


def test_swap_is_undone_at_the_price_of_before(screen, cart, items):
    swap(screen, cart, items[TEN])
    items[NINE].price = Decimal(99)
    items[NINE].prices = {}
    items[NINE].save()
    assert undo(screen, cart).status_code == 200
    assert lines(cart)[0] == ("Boot Tan 9", 2, 20)
    assert undo(screen, cart).status_code == 404


def test_swaps_are_undone_one_after_the_other(screen, cart, items):
    swap(screen, cart, items[TEN])
    swap(screen, cart, items[DEAR])
    undo(screen, cart)
    assert lines(cart)[0][0] == "Boot Tan 10"
    undo(screen, cart)
    assert lines(cart)[0][0] == "Boot Tan 9"


def test_what_a_line_was_before_counts_nowhere_and_cannot_be_put_back_beside_it(
    screen, cart, items
):
    swap(screen, cart, items[TEN])
    former = cart.lines.exclude(removed_at=None).get()
    answer = screen.post(reverse("sales:restore_line", args=[former.pk]), form_of(cart))
    assert answer.status_code == 404
    assert reread(cart).unit_count == 3


def test_old_version_and_form_sent_twice_change_nothing_more(screen, cart, items):
    answer = swap(screen, cart, items[TEN], version=1)
    assert answer.status_code == 409
    once = uuid4()
    swap(screen, cart, items[TEN], action_id=once)
    swap(screen, cart, items[DEAR], action_id=once)
    assert lines(cart)[0][0] == "Boot Tan 10"


@pytest.mark.parametrize("key", [OTHER])
def test_only_another_size_of_the_same_product_takes_its_place(screen, cart, items, key):
    assert swap(screen, cart, items[key]).status_code == 422
    assert lines(cart)[0][0] == "Boot Tan 9"


def test_archived_size_does_not(screen, cart, items):
    items[TEN].archived = True
    items[TEN].save()
    assert swap(screen, cart, items[TEN]).status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"unit_quantity": -1, "parent_lightspeed_id": 7, "original_lightspeed_id": 3},
        {"kept_lightspeed_id": 7},
    ],
    ids=["comes back", "kept"],
)
def test_what_comes_back_or_is_kept_stays_as_it_is(screen, cart, items, fields):
    line = cart.live_lines[0]
    cart.lines.filter(pk=line.pk).update(**fields)
    answer = swap(screen, cart, items[TEN])
    assert answer.status_code == 422
    assert "stays as it is" in answer.content.decode()
    assert lines(cart)[0][0] == "Boot Tan 9"
    assert screen.get(reverse("sales:line_variants", args=[line.pk])).status_code == 404


def test_customers_discount_follows_and_one_of_its_own_stays(screen, cart, items, account):
    staff = account.discounts.create(
        lightspeed_id=77, name="Club", percent=Decimal("0.1"), amount=Decimal(0)
    )
    Sale.everywhere.filter(pk=cart.pk).update(discount=staff)
    items[DEAR].discountable = False
    items[DEAR].save()
    swap(screen, cart, items[TEN])
    assert reread(cart).live_lines[0].discount_percent == Decimal("0.1")
    swap(screen, cart, items[DEAR])
    assert reread(cart).live_lines[0].discount_percent == 0
    cart.lines.filter(item=items[DEAR]).update(discount_percent=Decimal("0.2"))
    swap(screen, cart, items[NINE])
    assert reread(cart).live_lines[0].discount_percent == Decimal("0.2")
    refused = swap(screen, cart, items[DEAR])
    assert "may not be discounted" in refused.content.decode()
    assert lines(cart)[0][0] == "Boot Tan 9"


def test_line_of_a_colleague_is_as_unknown_as_none(cart, items, other_rep, browser_of):
    theirs = browser_of(other_rep)
    url = reverse("sales:line_variants", args=[cart.live_lines[0].pk])
    assert theirs.get(url).status_code == 404
    assert swap(theirs, cart, items[TEN]).status_code in (404, 409)
    assert lines(cart)[0][0] == "Boot Tan 9"


def test_cart_that_is_being_paid_is_not_changed(screen, cart, items):
    Sale.everywhere.filter(pk=cart.pk).update(state=Sale.State.TENDERING)
    assert swap(screen, cart, items[TEN]).status_code == 409
    assert lines(cart)[0][0] == "Boot Tan 9"


def test_lightspeed_records_the_size_that_was_taken(screen, cart, items, account, simulator):
    swap(screen, cart, items[DEAR])
    paid = pay_cash(reread(cart), 100)
    deliver(account)
    submission = reread(paid).submission
    assert submission.state == Submission.State.COMPLETED
    [sale] = [s for s in simulator.sales() if s["saleID"] == submission.sale_lightspeed_id]
    sold = [(line["itemID"], line["unitQuantity"]) for line in sale["lines"]]
    assert sorted(sold) == [(12, 1), (DEAR, 2)]
