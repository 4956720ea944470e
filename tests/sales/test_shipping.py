"""Goods that are sent to the customer, or to somebody else."""

from uuid import uuid4

import pytest
from django.urls import reverse

from salesfloor.elsewhere import keeping, there
from salesfloor.elsewhere.models import KeptCart
from salesfloor.mirror.sync import sync
from salesfloor.outbox.courier import deliver
from salesfloor.sales.models import Sale, ShipTo
from tests.conftest import pay_cash, price_carts, reread

BO = {
    "first_name": "Bo",
    "last_name": "Lind",
    "address1": "1 Quay",
    "city": "Cork",
    "zip": "T12",
    "country_code": "ie",
    "ship_note": "Ring twice",
}


@pytest.fixture
def cart(rep, sock) -> Sale:
    sale = Sale.start(rep)
    sale.add_line(sock)
    return sale


def send_to(screen, cart, **address):
    form = {"version": cart.version, "action_id": uuid4()} | BO | address
    return screen.post(reverse("sales:ship_to"), form)


def shipped(simulator, sale_id):
    """As Lightspeed has it."""
    relations = ["ShipTo", "ShipTo.Contact"]
    ship_to = simulator.client().record(f"Sale/{sale_id}", load_relations=relations)["ShipTo"]
    address = ship_to["Contact"]["Addresses"]["ContactAddress"]
    return ship_to["firstName"], ship_to["shipNote"], address["address1"], address["countryCode"]


def test_address_stands_on_the_cart_and_on_the_receipt(screen, cart):
    assert send_to(screen, cart)["HX-Redirect"].startswith(reverse("sales:sell"))
    shown = "Bo Lind, 1 Quay, Cork T12 IE, Ring twice"
    assert shown in screen.get(reverse("sales:cart")).content.decode()
    paid = pay_cash(reread(cart), 20)
    receipt = screen.get(reverse("receipts:receipt", args=[paid.pk])).content.decode()
    assert "Ship to" in receipt
    assert "1 Quay" in receipt


def test_recorded_sale_is_to_be_sent_there(screen, cart, account, simulator):
    send_to(screen, cart)
    paid = pay_cash(reread(cart), 20)
    deliver(account)
    submission = reread(paid).submission
    assert submission.state == "completed"
    there_as = shipped(simulator, submission.sale_lightspeed_id)
    assert there_as == ("Bo", "Ring twice", "1 Quay", "IE")


def test_address_that_is_changed_or_taken_off_is_forgotten(screen, cart):
    send_to(screen, cart)
    send_to(screen, reread(cart), address1="2 Quay")
    assert ShipTo.everywhere.get().address1 == "2 Quay"
    form = {"version": reread(cart).version, "action_id": uuid4()}
    screen.post(reverse("sales:remove_ship_to"), form)
    assert not ShipTo.everywhere.exists()


def test_change_of_the_address_is_told_before_money_is_taken(screen, cart, account, simulator):
    send_to(screen, cart)
    cart = reread(cart)
    cart.begin_quoting(cart.version)
    price_carts()
    send_to(screen, reread(cart), address1="2 Quay")
    paid = pay_cash(reread(cart), 20)
    deliver(account)
    assert shipped(simulator, reread(paid).submission.sale_lightspeed_id)[2] == "2 Quay"


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("country_code", "Ireland", "at most 2 characters"),
        ("country_code", "1!", "Two letters"),
        ("address1", "", "The street and number are missing"),
        ("city", "", "The city is missing"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(screen, cart, field, value, told):
    answer = send_to(screen, cart, **{field: value})
    page = answer.content.decode()
    assert (answer.status_code, f'id="ship-{field}-refusal"' in page) == (422, True)
    assert told in page
    assert reread(cart).ship_to is None


def test_parcel_is_for_somebody(screen, cart):
    answer = send_to(screen, cart, first_name="", last_name="")
    assert "To whom?" in answer.content.decode()
    assert reread(cart).ship_to is None


def test_address_is_taken_off_again(screen, cart, account, simulator):
    send_to(screen, cart)
    form = {"version": reread(cart).version, "action_id": uuid4()}
    assert "1 Quay" not in screen.post(reverse("sales:remove_ship_to"), form).content.decode()
    paid = pay_cash(reread(cart), 20)
    deliver(account)
    sale = simulator.client().record(f"Sale/{reread(paid).submission.sale_lightspeed_id}")
    assert sale["shipToID"] == "0"


def test_form_sent_for_an_older_cart_changes_nothing(screen, cart, shoe):
    seen = reread(cart)
    cart.add_line(shoe)
    assert send_to(screen, seen).status_code == 409
    assert reread(cart).ship_to is None


def test_customers_address_is_read_from_lightspeed(screen, cart, account, simulator):
    address = {"ContactAddress": {"address1": "9 Rue", "city": "Laval", "zip": "H7A"}}
    ann = {"customerID": 88, "firstName": "Ann", "Contact": {"Addresses": address}}
    simulator.put({"Customer": [ann]})
    sync(account, everything=True)
    cart.set_customer(account.customers.get(lightspeed_id=88), cart.version)
    page = screen.get(reverse("sales:ship_to")).content.decode()
    assert 'value="Ann"' in page
    url = reverse("sales:customers_address")
    assert f'href="{url}"' in screen.get(reverse("sales:ship_to")).content.decode()
    assert 'value="9 Rue"' in screen.get(url).content.decode()


def test_form_stays_where_lightspeed_does_not_tell_the_address(screen, cart, account, simulator):
    simulator.put({"Customer": [{"customerID": 88, "firstName": "Ann"}]})
    sync(account, everything=True)
    cart.set_customer(account.customers.get(lightspeed_id=88), cart.version)
    simulator.fault("Customer/{id}", "403", times=1)
    page = screen.get(reverse("sales:customers_address")).content.decode()
    assert "did not tell" in page
    assert 'value="Ann"' in page


def test_till_and_quote_know_the_address(screen, cart, simulator):
    send_to(screen, cart)
    cart = reread(cart)
    kept = keeping.keep(cart.rep, cart, cart.version, KeptCart.Kind.TILL)
    there.bring_on(kept.pk)
    kept = KeptCart.everywhere.for_work().get(pk=kept.pk)
    assert shipped(simulator, kept.sale_lightspeed_id)[2] == "1 Quay"
    assert (
        "1 Quay"
        in screen.get(
            reverse("elsewhere:kept_cart", args=[kept.pk]), headers={"HX-Request": "false"}
        ).content.decode()
    )
