"""A small shop at a simulated Lightspeed, mirrored here, with people who sell in it."""

import os
import shutil

# Playwright keeps an event loop running in the tests' thread, which Django would refuse to work in.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone, translation

from salesfloor.mirror.sync import sync
from salesfloor.sales import checkout
from salesfloor.sales.models import Sale, SalePayment
from salesfloor.staff.models import Account, Leave, PaymentType, Register, Rep, User
from salesfloor.staff.sign_in import enrol
from tests import running_redis
from tests.simulator import running
from tests.simulator.running import RunningSimulator

MANAGER, REP, OTHER_REP = 1, 2, 3
SOCK, SHOE, SERVICE = 12, 31, 40

# Taxed at 5 % and 9.975 %: socks and shoes together come to 34.48.
THE_SHOP = {
    "EmployeeRole": [
        {
            "employeeRoleID": 9,
            "name": "Sales rep",
            "EmployeeRights": {
                "EmployeeRight": [
                    {"employeeRightID": 4, "name": "allow_login"},
                    {"employeeRightID": 8, "name": "register"},
                    {"employeeRightID": 86, "name": "customers"},
                    {"employeeRightID": 51, "name": "inventory"},
                    {"employeeRightID": 116, "name": "inventory_base"},
                ]
            },
        }
    ],
    "Employee": [
        {"employeeID": REP, "firstName": "Maya", "lastName": "Rosen", "employeeRoleID": 9},
        {"employeeID": OTHER_REP, "firstName": "Ana", "lastName": "Duarte", "employeeRoleID": 9},
    ],
    "Shop": [{"shopID": 2, "name": "Harbour Street", "taxCategoryID": 1}],
    "Register": [{"registerID": 2, "name": "Register 2", "shopID": 2, "open": True}],
    "Category": [{"categoryID": 1, "name": "Shoes", "fullPathName": "Shoes"}],
    "Item": [
        {
            "itemID": SOCK,
            "systemSku": "210000000012",
            "description": "Wool sock M",
            "customSku": "SOCK-M",
            "ean": "5012345678900",
            "taxClassID": 1,
            "Prices": {"ItemPrice": [{"amount": "9.99", "useTypeID": 1, "useType": "Default"}]},
        },
        {
            "itemID": SHOE,
            "systemSku": "210000000031",
            "description": "Trail Runner Blue 9",
            "upc": "012345678905",
            "categoryID": 1,
            "taxClassID": 1,
            "Prices": {"ItemPrice": [{"amount": "20", "useTypeID": 1, "useType": "Default"}]},
        },
        {
            "itemID": SERVICE,
            "systemSku": "210000000040",
            "description": "Boot fitting",
            "itemType": "non_inventory",
            "tax": False,
            "taxClassID": 1,
            "Prices": {"ItemPrice": [{"amount": "15", "useTypeID": 1, "useType": "Default"}]},
        },
    ],
    "ItemShop": [
        {"itemID": SOCK, "shopID": 1, "qoh": 10},
        {"itemID": SOCK, "shopID": 2, "qoh": 4},
        {"itemID": SHOE, "shopID": 1, "qoh": 2},
        {"itemID": SHOE, "shopID": 2, "qoh": 0},
    ],
}


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis of the tests' own, which keeps nothing on disk."""
    yield from running_redis.served()


@pytest.fixture(scope="session")
def running_simulator() -> Iterator[RunningSimulator]:
    simulator = running.start("empty")
    yield simulator
    simulator.stop()


@pytest.fixture
def simulator(running_simulator, settings) -> RunningSimulator:
    """Lightspeed with `THE_SHOP` in it, as it was, without faults."""
    running_simulator.reset()
    running_simulator.put(THE_SHOP)
    # Tests are quicker than people: what the limits do to us has tests of its own.
    running_simulator.settings(bucket_size=5000, burst_limit=1000)
    settings.LIGHTSPEED_API_URL = settings.LIGHTSPEED_LOGIN_URL = running_simulator.url
    settings.LIGHTSPEED_CONNECT_SECONDS, settings.LIGHTSPEED_CALL_SECONDS = 1.0, 3.0
    return running_simulator


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A request in French leaves its thread French, and the next test with it."""
    yield
    translation.deactivate()


@pytest.fixture
def account(simulator, db, settings) -> Account:
    """The retailer, connected by its manager, with everything mirrored."""
    # Each test begins with an empty database, which is no old copy of the one before.
    shutil.rmtree(settings.DATA_DIR / "high-water", ignore_errors=True)
    manager = sign_in(simulator, MANAGER, rights=["admin", "register"])
    manager.account.connect(timezone.now())
    sync(manager.account, everything=True)
    manager.account.refresh_from_db()
    return manager.account


def sign_in(simulator: RunningSimulator, employee_id: int, *, rights: list[str]) -> Rep:
    """What signing in through Lightspeed leaves behind, with tokens that work there."""
    grant = simulator.grant(employee_id)
    session = {
        "account_id": 4711,
        "employee_id": employee_id,
        "first_name": "",
        "last_name": "",
        "rights": rights,
    }
    employees = [
        employee for employee in THE_SHOP["Employee"] if employee["employeeID"] == employee_id
    ]
    for employee in employees:
        session |= {"first_name": employee["firstName"], "last_name": employee["lastName"]}
    user, _ = User.objects.get_or_create(username=f"lightspeed-4711-{employee_id}")
    return enrol(user, session, token_of(grant))


def token_of(grant):
    from allauth.socialaccount.models import SocialToken

    return SocialToken(
        token=grant.access_token,
        token_secret=grant.refresh_token,
        expires_at=timezone.now() + timedelta(seconds=grant.expires_in),
    )


@pytest.fixture
def register(account) -> Register:
    return account.registers.get(lightspeed_id=1)


@pytest.fixture
def manager(account, register) -> Rep:
    return _at(register, account.reps.get(employee__lightspeed_id=MANAGER))


@pytest.fixture
def rep(account, simulator, register) -> Rep:
    return _at(register, sign_in(simulator, REP, rights=["register"]))


@pytest.fixture
def other_rep(account, simulator, register) -> Rep:
    return _at(register, sign_in(simulator, OTHER_REP, rights=["register"]))


def _at(register: Register, rep: Rep) -> Rep:
    rep.register = register
    rep.save()
    return rep


@pytest.fixture
def sock(account):
    return account.items.get(lightspeed_id=SOCK)


@pytest.fixture
def shoe(account):
    return account.items.get(lightspeed_id=SHOE)


def price_carts() -> None:
    """What a worker does about carts that wait for Lightspeed's price."""
    for sale in Sale.everywhere.for_pricing().filter(state=Sale.State.QUOTING):
        checkout.price(sale)
    wanted = SalePayment.everywhere.filter(state=SalePayment.State.WANTED)
    for payment in wanted.exclude(credit_account_lightspeed_id=None):
        checkout.draw(payment)


def tapped(sale: Sale) -> checkout.Tap:
    """A tap of a rep who sees the cart as it is."""
    return checkout.Tap(version=sale.version, due=sale.due, action_id=uuid4())


def pay_cash(sale: Sale, amount_tendered) -> Sale:
    """As it is once Lightspeed has priced it."""
    checkout.pay_cash(sale, tapped(sale), amount_tendered)
    price_carts()
    return reread(sale)


def start_card(sale: Sale) -> Sale:
    """As it is once Lightspeed has priced it, with the question whether the terminal approved."""
    card = checkout.payment_type_of(sale.account, PaymentType.CREDIT_CARD)
    checkout.start_payment(sale, tapped(sale), card)
    price_carts()
    return reread(sale)


def reread(sale: Sale) -> Sale:
    return Sale.everywhere.for_pricing().select_related("submission").get(pk=sale.pk)


def give_leave(account: Account, **limits) -> None:
    """A manager allows to sell without Lightspeed: for an hour, up to 20 a sale."""
    usual = {"until": timezone.now() + timedelta(hours=1), "a_sale": 20, "sales": 5}
    account.give_leave(Leave(**usual | {"together": 100} | limits))


def sell(rep: Rep, item) -> Sale:
    """One unit, paid in cash with 9 too much; on its way to Lightspeed."""
    sale = Sale.start(rep)
    sale.add_line(item)
    return pay_cash(sale, sale.total + 9)


@pytest.fixture
def paid(rep, sock) -> Sale:
    """A sock for 11.49, paid with 20.49 and not yet delivered."""
    return sell(rep, sock)


@pytest.fixture
def browser_of():
    """A signed-in browser of a rep, as htmx sends its requests."""

    def open_browser(rep: Rep) -> Client:
        client = Client(headers={"HX-Request": "true"})
        client.force_login(rep.user)
        return client

    return open_browser
