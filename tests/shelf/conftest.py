"""Two shops of one account, with a rep at a register in each and a third beside the second."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from salesfloor.catalog.models import Item
from salesfloor.staff.models import Account, Rep, Shop
from tests.mirror.connected import make_rep

Open = Callable[..., Client]


@pytest.fixture
def account(db: None) -> Account:
    return Account.objects.create(lightspeed_id=1, name="Shoes & Co", connected_at=timezone.now())


@pytest.fixture
def harbour(account: Account) -> Shop:
    return make_shop(account, 1, "Harbour Street")


@pytest.fixture
def mill(account: Account) -> Shop:
    return make_shop(account, 2, "Mill Lane")


def make_shop(account: Account, number: int, name: str) -> Shop:
    shop: Shop = account.shops.create(lightspeed_id=number, name=name)
    account.registers.create(shop=shop, lightspeed_id=number, name="Register 1")
    return shop


def make_rep_in(shop: Shop, number: int, name: str) -> Rep:
    rep = make_rep(shop.account, number, rights=["register"])
    rep.employee.first_name, _, rep.employee.last_name = name.partition(" ")
    rep.employee.save()
    rep.register = shop.registers.get()
    rep.save()
    return rep


@pytest.fixture
def maya(harbour: Shop) -> Rep:
    """At Harbour Street."""
    return make_rep_in(harbour, 7, "Maya Rosen")


@pytest.fixture
def ana(mill: Shop) -> Rep:
    """At Mill Lane."""
    return make_rep_in(mill, 8, "Ana Duarte")


@pytest.fixture
def jonas(mill: Shop) -> Rep:
    """At Mill Lane too."""
    return make_rep_in(mill, 9, "Jonas Weber")


@pytest.fixture
def sock(account: Account, harbour: Shop, mill: Shop) -> Item:
    """None at Harbour Street, five at Mill Lane."""
    sock: Item = account.items.create(
        lightspeed_id=12, description="Wool sock M", custom_sku="SOCK-M"
    )
    for shop, units in ((harbour, 0), (mill, 5)):
        now = timezone.now()
        counts: dict[str, Any] = {"qoh": units, "sellable": units}
        sock.stock.create(shop=shop, changed_at=now, read_at=now, **counts)
    return sock


@pytest.fixture
def screen() -> Open:
    """A signed-in browser of a rep, as htmx sends its requests unless it is `plain`."""

    def open_browser(rep: Rep, *, plain: bool = False) -> Client:
        client = Client() if plain else Client(headers={"HX-Request": "true"})
        client.force_login(rep.user, backend="salesfloor.staff.sign_in.SignInBackend")
        return client

    return open_browser
