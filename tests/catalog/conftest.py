from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from salesfloor.catalog import search
from salesfloor.catalog.models import Item
from salesfloor.mirror.sync import sync
from salesfloor.staff.models import Account, Rep, Shop
from tests.mirror.connected import connect, make_rep
from tests.simulator import running
from tests.simulator.running import RunningSimulator

MakeItem = Callable[..., Item]


@pytest.fixture
def account(db: None) -> Account:
    return Account.objects.create(lightspeed_id=1, name="Shoes & Co", connected_at=timezone.now())


@pytest.fixture
def shop(account: Account) -> Shop:
    shop: Shop = account.shops.create(lightspeed_id=1, name="Harbour Street")
    return shop


@pytest.fixture
def other_shop(account: Account) -> Shop:
    shop: Shop = account.shops.create(lightspeed_id=2, name="Mill Lane")
    return shop


@pytest.fixture
def rep(account: Account, shop: Shop) -> Rep:
    rep = make_rep(account, 7, rights=["register"])
    rep.register = account.registers.create(shop=shop, lightspeed_id=1, name="Register 1")
    rep.save()
    return rep


@pytest.fixture
def make_item(account: Account) -> MakeItem:
    """Makes an item that can be found; `stock` is units by shop."""

    def make(
        description: str,
        *,
        of: Account = account,
        stock: dict[Shop, int] | None = None,
        **fields: Any,
    ) -> Item:
        item: Item = of.items.create(
            lightspeed_id=Item.everywhere.count() + 1, description=description, **fields
        )
        for shop, units in (stock or {}).items():
            item.stock.create(
                shop=shop,
                qoh=units,
                sellable=max(units, 0),
                changed_at=timezone.now(),
                read_at=timezone.now(),
            )
        search.index([item])
        return item

    return make


@pytest.fixture(scope="module")
def demo_simulator() -> Iterator[RunningSimulator]:
    simulator = running.start("demo", items=2000)
    yield simulator
    simulator.stop()


@pytest.fixture(scope="module")
def demo(
    demo_simulator: RunningSimulator, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Account]:
    """The demo shop's whole catalogue, read from the simulator once for all tests of a module."""
    from django.conf import settings as now
    from django.test import override_settings

    addresses = {name: getattr(now, name) for name in ("LIGHTSPEED_API_URL", "SIMULATOR_URL")}
    with django_db_blocker.unblock(), override_settings(**addresses):
        account = connect(demo_simulator, now)
        while sync(account):  # a slow machine needs more than one of its turns
            pass
        account.refresh_from_db()
    yield account
    with django_db_blocker.unblock():
        for rep in account.reps.all():
            rep.user.delete()
        account.delete()
