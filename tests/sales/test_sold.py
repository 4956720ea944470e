"""What was sold lately, as Lightspeed tells it and as our own carts do at once."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from salesfloor.catalog import sold
from salesfloor.catalog.models import Item, Product, ShopSales, SoldLine
from salesfloor.lightspeed import records
from salesfloor.mirror import feeds
from salesfloor.mirror.sync import sync
from salesfloor.outbox import courier
from salesfloor.sales.models import Sale
from salesfloor.staff import clock
from salesfloor.staff.models import Account
from tests.conftest import SHOE, SOCK, sell
from tests.simulator.running import RunningSimulator

MANAGER = 1


@pytest.fixture
def lightspeed(simulator: RunningSimulator) -> Any:
    """A till of Lightspeed's own."""
    return simulator.client()


def sell_there(
    lightspeed: Any, units: dict[int, int], *, shop: int = 1, days_ago: float = 0, **sale: Any
) -> dict[str, Any]:
    """Items by their id, paid in cash at a till of Lightspeed's."""
    at = datetime.now(UTC) - timedelta(days=days_ago, minutes=1)
    lines = [{"itemID": item, "unitQuantity": count} for item, count in units.items()]
    body = {
        "employeeID": MANAGER,
        "shopID": shop,
        "registerID": shop,
        "SaleLines": {"SaleLine": lines},
    } | sale
    opened = lightspeed.post("Sale", body).json()["Sale"]
    payment = {"paymentTypeID": 1, "amount": opened["calcTotal"]}
    paid = {
        "completed": True,
        "completeTime": at.isoformat(timespec="seconds"),
        "SalePayments": {"SalePayment": [payment]},
    }
    done = lightspeed.put(f"Sale/{opened['saleID']}", paid).json()["Sale"]
    assert done["completed"] == "true"
    return dict(done)


def catch_up(account: Account) -> None:
    sync(account, everything=True)


def sums(account: Account) -> dict[tuple[str, int], int]:
    """Units by item and Lightspeed's id of the shop."""
    rows = ShopSales.everywhere.filter(item__account=account).exclude(units=0)
    names = rows.values_list("item__description", "shop__lightspeed_id", "units")
    return {(item, shop): units for item, shop, units in names}


def test_sales_of_lightspeeds_tills_count_by_shop(account: Account, lightspeed: Any) -> None:
    sell_there(lightspeed, {SOCK: 2, SHOE: 1})
    sell_there(lightspeed, {SOCK: 3})
    sell_there(lightspeed, {SOCK: 4}, shop=2)
    catch_up(account)
    assert sums(account) == {
        ("Wool sock M", 1): 5,
        ("Trail Runner Blue 9", 1): 1,
        ("Wool sock M", 2): 4,
    }


def test_page_that_comes_again_changes_nothing(account: Account, lightspeed: Any) -> None:
    sell_there(lightspeed, {SOCK: 2})
    catch_up(account)
    before = sums(account)
    account.feeds.filter(name="sold").update(high_water=None, resume_at="")
    catch_up(account)
    catch_up(account)
    assert sums(account) == before == {("Wool sock M", 1): 2}


def test_open_sales_do_not_count(account: Account, lightspeed: Any) -> None:
    line = {"itemID": SOCK, "unitQuantity": 2}
    body = {"employeeID": MANAGER, "shopID": 1, "registerID": 1, "SaleLines": {"SaleLine": [line]}}
    assert lightspeed.post("Sale", body).status_code == 200
    catch_up(account)
    assert sums(account) == {}


def test_return_counts_against(account: Account, lightspeed: Any) -> None:
    done = sell_there(lightspeed, {SOCK: 3})
    line = done["SaleLines"]["SaleLine"]
    line = line[0] if isinstance(line, list) else line
    back = {"parentSaleLineID": line["saleLineID"], "unitQuantity": -1}
    refund = {
        "employeeID": MANAGER,
        "registerID": 1,
        "shopID": 1,
        "SaleLines": {"SaleLine": [back]},
        "completed": False,
    }
    opened = lightspeed.post(f"Sale/{done['saleID']}/refund", refund).json()["Sale"]
    payment = {"paymentTypeID": 1, "amount": opened["calcTotal"]}
    paid = {"completed": True, "SalePayments": {"SalePayment": [payment]}}
    lightspeed.put(f"Sale/{opened['saleID']}", paid)
    catch_up(account)
    assert sums(account) == {("Wool sock M", 1): 2}


def test_sale_that_is_voided_later_counts_no_more(
    account: Account, lightspeed: Any, simulator: RunningSimulator
) -> None:
    done = sell_there(lightspeed, {SOCK: 2})
    catch_up(account)
    simulator.put({"Sale": [{"saleID": int(done["saleID"]), "voided": True}]})
    account.feeds.filter(name="sold").update(high_water=None)
    catch_up(account)
    assert sums(account) == {}


def test_what_was_sold_earlier_than_90_days_ago_is_not_counted(
    account: Account, lightspeed: Any
) -> None:
    sell_there(lightspeed, {SOCK: 2}, days_ago=91)
    sell_there(lightspeed, {SOCK: 3}, days_ago=89)
    catch_up(account)
    assert sums(account) == {("Wool sock M", 1): 3}


def test_first_run_asks_for_90_days_and_not_for_all(account: Account, monkeypatch: Any) -> None:
    asked: list[datetime] = []
    kind = next(kind for kind in feeds.KINDS if kind.name == "sold")

    class Asked:
        def sold(self, since: datetime, *, resume_at: str) -> None:
            asked.append(since)

    kind.listing(Asked(), feeds.THE_BEGINNING, "")  # type: ignore[arg-type]
    assert clock.now() - asked[0] < timedelta(days=90, seconds=5)


def test_sale_without_its_lines_leaves_what_is_known(account: Account, lightspeed: Any) -> None:
    done = sell_there(lightspeed, {SOCK: 2})
    catch_up(account)
    cut = {key: value for key, value in done.items() if key != "SaleLines"}
    feeds.save_sold(account, [records.one({"Sale": cut}, records.Sale)])
    assert sums(account) == {("Wool sock M", 1): 2}


# --- Our own ----------------------------------------------------------------------------


def test_our_own_sale_counts_at_once_and_once(
    rep: Any, sock: Item, django_capture_on_commit_callbacks: Any
) -> None:
    account = rep.account
    with django_capture_on_commit_callbacks(execute=True):
        sale = sell(rep, sock)
    assert sale.state == "paid"
    assert sums(account) == {("Wool sock M", 1): 1}

    courier.deliver(account)
    catch_up(account)
    assert sums(account) == {("Wool sock M", 1): 1}
    line = SoldLine.everywhere.get()
    sale.refresh_from_db()
    assert line.sale_lightspeed_id == sale.submission.sale_lightspeed_id
    assert line.reference == sale.reference


def test_another_account_counts_only_its_own(rep: Any, sock: Item) -> None:
    other = Account.objects.create(lightspeed_id=2, name="Other")
    sell(rep, sock)
    sold.sum_up([sock.pk])
    assert sums(rep.account) == {("Wool sock M", 1): 1}
    assert sums(other) == {}


# --- In the worker ----------------------------------------------------------------------


@pytest.fixture
def shop(account: Account) -> Any:
    return account.shops.get(lightspeed_id=1)


def count(account: Account, item: Item, shop: Any, units: int, *, days_ago: float = 1) -> None:
    number = uuid4().int % 10**9
    at = clock.now() - timedelta(days=days_ago)
    read = sold.Sold(
        lightspeed_id=number, reference="", shop_pk=shop.pk, at=at, units={item.pk: units}
    )
    sold.count(account, [number], [read])


def test_items_know_what_was_sold_of_them_in_all_shops(
    account: Account, sock: Item, shoe: Item, shop: Any
) -> None:
    count(account, sock, shop, 5)
    count(account, sock, account.shops.get(lightspeed_id=2), 7)
    count(account, shoe, shop, -2)
    sold.look_after(account, clock.now())
    sock.refresh_from_db()
    shoe.refresh_from_db()
    assert (sock.sold, shoe.sold) == (12, 0)


def test_what_becomes_older_than_90_days_is_dropped(
    account: Account, sock: Item, shoe: Item, shop: Any
) -> None:
    count(account, sock, shop, 5, days_ago=80)
    count(account, sock, shop, 1, days_ago=1)
    count(account, shoe, shop, 4, days_ago=80)
    sold.look_after(account, clock.now() + timedelta(days=11))
    assert sums(account) == {("Wool sock M", 1): 1}
    sock.refresh_from_db()
    assert sock.sold == 1
    assert SoldLine.everywhere.count() == ShopSales.everywhere.count() == 1


def test_items_are_synced_without_losing_what_was_sold(
    account: Account, sock: Item, shop: Any, simulator: RunningSimulator
) -> None:
    count(account, sock, shop, 5)
    sold.look_after(account, clock.now())
    simulator.put({"Item": [{"itemID": SOCK, "description": "Wool sock, size M"}]})
    catch_up(account)
    sock.refresh_from_db()
    assert (sock.description, sock.sold) == ("Wool sock, size M", 5)


def test_index_is_made_anew_only_for_items_of_another_rank(
    account: Account, sock: Item, shoe: Item, shop: Any, monkeypatch: Any
) -> None:
    count(account, sock, shop, 4)
    count(account, shoe, shop, 4)
    sold.look_after(account, clock.now())
    indexed: list[list[Item]] = []
    monkeypatch.setattr(sold.search, "index", indexed.append)
    count(account, sock, shop, 2)  # 6: between 4 and 7 as before
    count(account, shoe, shop, 5)
    sold.look_after(account, clock.now())
    assert indexed == [[shoe]]


def test_product_ranks_by_what_all_its_sizes_sold(
    account: Account, sock: Item, shoe: Item, shop: Any
) -> None:
    matrix = account.item_matrices.create(lightspeed_id=5, description="Trail Runner")
    account.items.filter(pk__in=[sock.pk, shoe.pk]).update(matrix=matrix)
    count(account, sock, shop, 4)
    count(account, shoe, shop, 1)
    sold.look_after(account, clock.now())
    before = Product.everywhere.get(matrix=matrix).rank
    count(account, sock, shop, 3)  # 7, no rank of its own, but 8 together
    sold.look_after(account, clock.now())
    assert Product.everywhere.get(matrix=matrix).rank < before


def test_unpaid_cart_counts_nothing(rep: Any, sock: Item) -> None:

    Sale.start(rep).add_line(sock)
    assert not SoldLine.everywhere.exists()
