"""Things that have serial numbers: which of them is sold."""

import re
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.urls import reverse

from salesfloor.outbox.courier import deliver
from salesfloor.outbox.models import Submission
from salesfloor.sales.models import Sale
from tests.conftest import SOCK, price_carts, reread
from tests.sales.test_views import scan

BIKE = 71
BIKES_BARCODE = "4006381333931"


@pytest.fixture
def simulator(simulator):
    """With a bicycle, of which Lightspeed knows three units, one of them sold."""
    simulator.put(
        {
            "Item": [
                {
                    "itemID": BIKE,
                    "description": "Tourer 54",
                    "upc": BIKES_BARCODE,
                    "taxClassID": 1,
                    "serialized": True,
                    "Prices": {
                        "ItemPrice": [{"amount": "900", "useTypeID": 1, "useType": "Default"}]
                    },
                }
            ],
            "Serialized": [
                {"serializedID": 1, "itemID": BIKE, "serial": "TR-001"},
                {"serializedID": 2, "itemID": BIKE, "serial": "TR-002"},
                {"serializedID": 3, "itemID": BIKE, "serial": "TR-000", "saleLineID": 9},
            ],
        }
    )
    cache.clear()
    return simulator


@pytest.fixture
def bike(account):
    return account.items.get(lightspeed_id=BIKE)


@pytest.fixture
def cart(rep, bike) -> Sale:
    sale = Sale.start(rep)
    sale.add_line(bike)
    return sale


def tell(screen, cart, line=None, **fields):
    line = line or reread(cart).live_lines[0]
    form = {"version": reread(cart).version, "action_id": uuid4()} | fields
    return screen.post(reverse("sales:tell_serial", args=[line.pk]), form)


def serials(cart):
    return [(line.serial, line.asks_serial) for line in reread(cart).live_lines]


def pay(screen, cart):
    cart = reread(cart)
    form = {"version": cart.version, "action_id": uuid4(), "expected_total": cart.due}
    return screen.post(reverse("sales:pay_cash"), form | {"amount_tendered": cart.due})


def test_thing_with_a_serial_number_asks_for_it_as_soon_as_it_is_added(screen, bike):
    page = screen.post(reverse("sales:add_line"), {"item": bike.pk}).content.decode()
    assert "Serial number: scan or type it" in page
    known = re.search(r"<div[^>]*hx-get[^>]*>", page.split("serial__field")[1])
    assert known
    assert 'hx-target="this"' in known[0]  # else what is known would take the place of the cart


def test_the_next_scan_that_is_no_items_code_is_its_number(screen, rep):
    scan(screen, BIKES_BARCODE)
    page = scan(screen, "TR-002").content.decode()
    assert "Serial number TR-002" in page
    assert serials(rep.account.sales.current(rep)) == [("TR-002", False)]


def test_number_whose_answer_was_lost_and_is_sent_again_is_not_refused(screen, rep):
    scan(screen, BIKES_BARCODE)
    action_id = uuid4()
    scan(screen, "TR-002", action_id=action_id)
    again = scan(screen, "TR-002", action_id=action_id)
    assert again.status_code == 200
    assert "No item has the code" not in again.content.decode()
    assert serials(rep.account.sales.current(rep)) == [("TR-002", False)]


def test_items_scanned_in_between_are_added_as_ever(screen, rep):
    for code in (BIKES_BARCODE, "5012345678900", BIKES_BARCODE, "A1", "B2"):
        assert scan(screen, code).status_code == 200
    sale = rep.account.sales.current(rep)
    told = [(line.description, line.unit_quantity, line.serial) for line in sale.live_lines]
    assert told == [("Tourer 54", 1, "A1"), ("Wool sock M", 1, ""), ("Tourer 54", 1, "B2")]
    assert scan(screen, "C3").status_code == 422


def test_each_one_is_a_line_of_its_own(screen, cart, bike):
    page = screen.post(reverse("sales:add_line"), {"item": bike.pk}).content.decode()
    assert page.count("scan or type it") == 2
    line = reread(cart).live_lines[0]
    form = {"version": reread(cart).version, "action_id": uuid4(), "unit_quantity": 2}
    answer = screen.post(reverse("sales:change_line", args=[line.pk]), form)
    assert answer.status_code == 422
    assert "has a serial number of its own" in answer.content.decode()


def test_typed_number_can_be_told_anew_and_taken_back(screen, cart):
    tell(screen, cart, serial=" TR-777 ")
    assert serials(cart) == [("TR-777", False)]
    tell(screen, cart)
    assert serials(cart) == [("", True)]
    tell(screen, cart, has_none="on")
    assert serials(cart) == [("", False)]


def test_same_number_twice_in_a_cart_is_refused(screen, cart, bike):
    tell(screen, cart, serial="TR-1")
    reread(cart).add_line(bike)
    second = reread(cart).live_lines[1]
    answer = tell(screen, cart, second, serial="TR-1")
    assert "is in this cart already" in answer.content.decode()
    assert serials(cart) == [("TR-1", False), ("", True)]


def test_number_of_a_payment_card_is_refused_and_not_repeated_but_a_phones_is_not(screen, cart):
    answer = tell(screen, cart, serial="4242 4242 4242 4242")
    assert answer.status_code == 422
    assert "4242" not in answer.content.decode().split('id="cart-message"')[1].split("</p>")[0]
    assert serials(cart) == [("", True)]
    tell(screen, cart, serial="356938035643809")  # an IMEI, with the same kind of check digit
    assert serials(cart) == [("356938035643809", False)]


def test_numbers_that_lightspeed_has_of_it_can_be_tapped(screen, cart):
    url = reverse("sales:known_serials", args=[reread(cart).live_lines[0].pk])
    page = screen.get(url).content.decode()
    assert 'value="TR-001"' in page
    assert 'value="TR-002"' in page
    assert "TR-000" not in page
    tell(screen, cart, known="TR-002", serial="")
    assert serials(cart) == [("TR-002", False)]


def test_known_numbers_are_asked_for_once_a_minute(screen, cart, simulator):
    url = reverse("sales:known_serials", args=[reread(cart).live_lines[0].pk])
    screen.get(url)
    simulator.fault("Serialized", "503", method="GET", times=9)
    assert "TR-001" in screen.get(url).content.decode()


def test_lightspeed_that_is_away_leaves_the_number_to_be_typed(screen, cart, simulator):
    simulator.fault("Serialized", "503", method="GET", times=9)
    url = reverse("sales:known_serials", args=[reread(cart).live_lines[0].pk])
    answer = screen.get(url)
    assert answer.status_code == 200
    assert "<button" not in answer.content.decode()


def test_nothing_is_taken_until_the_number_is_told_or_said_to_be_missing(screen, cart):
    answer = pay(screen, cart)
    assert answer.status_code == 422
    assert "Which Tourer 54 is it? Nothing was taken" in answer.content.decode()
    tell(screen, cart, has_none="on")
    assert pay(screen, cart).status_code == 200


def test_number_is_on_the_receipt_and_on_the_line_in_lightspeed(
    screen, cart, account, simulator, rep
):
    tell(screen, cart, serial="TR-002")
    pay(screen, cart)
    price_carts()
    deliver(account)
    sale = reread(cart)
    assert sale.submission.state == Submission.State.COMPLETED
    receipt = screen.get(reverse("receipts:receipt", args=[sale.pk])).content.decode()
    assert "Serial number TR-002" in receipt
    there = simulator.client().record(
        f"Sale/{sale.submission.sale_lightspeed_id}",
        load_relations=["SaleLines", "SaleLines.Note"],
    )
    assert there["SaleLines"]["SaleLine"]["Note"]["note"] == "S/N TR-002"


def test_line_of_a_colleague_is_not_told(cart, other_rep, browser_of):
    theirs = browser_of(other_rep)
    assert tell(theirs, cart, serial="X1").status_code in (404, 409)
    url = reverse("sales:known_serials", args=[reread(cart).live_lines[0].pk])
    assert theirs.get(url).status_code == 404
    assert serials(cart) == [("", True)]


def test_what_has_no_serial_number_is_not_asked_for_one(screen, rep, sock):
    page = scan(screen, "5012345678900").content.decode()
    assert "erial number" not in page
    cart = rep.account.sales.current(rep)
    assert tell(screen, cart, serial="X1").status_code == 404
    assert sock.lightspeed_id == SOCK
