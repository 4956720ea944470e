"""However many sales an account has made, none of what is asked again and again looks through
them."""

import pytest
from django.urls import reverse

from salesfloor.orders.tasks import let_go_of_given_up
from salesfloor.outbox.tasks import deliver_all
from salesfloor.sales.tasks import follow_readers, give_up_lost_prices, release_stock
from tests import plans
from tests.conftest import sell
from tests.plans import sqlite_alone
from tests.sales.test_views import scan

GROWING = "sales_sale|sales_saleline|sales_salepayment|outbox_submission"

pytestmark = sqlite_alone


def looking_through_none():
    return plans.looking_through_none(GROWING, "account_id=?")


def test_what_every_tablet_asks(browser_of, rep, sock):
    sell(rep, sock)
    screen = browser_of(rep)
    with looking_through_none():
        for page in ("sell", "cart", "status", "recent"):
            assert screen.get(reverse(f"sales:{page}")).status_code == 200
        assert screen.get(reverse("catalog:item_search"), {"q": "s"}).status_code == 200
        assert scan(screen, "5012345678900").status_code == 200
        assert screen.post(reverse("sales:add_line"), {"item": sock.pk}).status_code == 200


def test_every_page_of_a_manager(browser_of, manager, sock):
    sell(manager, sock)
    with looking_through_none():
        assert browser_of(manager).get(reverse("dashboard:board")).status_code == 200


@pytest.mark.parametrize(
    "task",
    [deliver_all, follow_readers, give_up_lost_prices, let_go_of_given_up, release_stock],
    ids=lambda task: task.task_class.__name__,
)
def test_what_workers_ask_every_minute(task, paid):
    with looking_through_none():
        task.call_local()
