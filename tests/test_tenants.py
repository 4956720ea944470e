"""No account sees another's data: what is foreign is as unknown as what does not exist."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from salesfloor.catalog import favourites, sold
from salesfloor.catalog.models import Favourite, Item, SoldLine
from salesfloor.elsewhere.keeping import keep
from salesfloor.elsewhere.models import KeptCart
from salesfloor.outbox.models import Submission
from salesfloor.sales.models import Sale
from salesfloor.shelf import asking
from salesfloor.shelf.models import Question
from salesfloor.staff.models import Account, Employee, Register, Rep, Shop, User
from salesfloor.staff.owned import Unscoped


@pytest.fixture
def stranger(db) -> Client:
    """A rep and manager of another retailer, signed in."""
    account = Account.objects.create(
        lightspeed_id=99, name="Elsewhere", connected_at=timezone.now()
    )
    shop = Shop.everywhere.create(account=account, lightspeed_id=1, name="Far Away")
    register = Register.everywhere.create(account=account, shop=shop, lightspeed_id=1, name="1")
    rep = Rep.everywhere.create(
        account=account,
        user=User.objects.create(username="stranger"),
        employee=Employee.everywhere.create(account=account, lightspeed_id=1),
        rights=["admin", "register"],
        register=register,
    )
    browser = Client(headers={"HX-Request": "true"})
    browser.force_login(rep.user)
    return browser


@pytest.mark.parametrize(
    "name",
    [
        "receipts:receipt",
        "receipts:gift",
        "receipts:barcode",
        "receipts:qr",
        "sales:done",
    ],
)
def test_foreign_sale_is_not_found(stranger, paid, name):
    assert stranger.get(reverse(name, args=[paid.pk])).status_code == 404


def test_foreign_item_cannot_be_sold_searched_or_scanned(stranger, sock):
    assert stranger.post(reverse("sales:add_line"), {"item": sock.pk}).status_code == 404
    found = stranger.get(reverse("catalog:item_search"), {"q": "sock"}).content.decode()
    assert sock.description not in found
    scanned = stranger.post(
        reverse("sales:scan"), {"code": sock.ean, "action_id": uuid4()}
    ).content.decode()
    assert sock.description not in scanned


def test_foreign_goods_do_not_come_back(stranger, sock, paid):
    url = reverse("returns:without_receipt", args=[sock.pk])
    form = {"units": 1, "reason": "size", "action_id": uuid4()}
    assert stranger.post(url, form).status_code == 404
    found = stranger.get(reverse("returns:find"), {"number": paid.reference})
    assert found.status_code == 422


@pytest.mark.parametrize("name", ["kept_cart", "strip", "barcode"])
def test_foreign_cart_that_is_kept_in_lightspeed_is_not_found(stranger, rep, sock, name):
    sale = Sale.start(rep)
    sale.add_line(sock)
    kept = keep(rep, sale, sale.version, KeptCart.Kind.QUOTE)
    assert stranger.get(reverse(f"elsewhere:{name}", args=[kept.pk])).status_code == 404
    assert stranger.post(reverse("elsewhere:take_back", args=[kept.pk])).status_code == 404
    listed = stranger.post(reverse("elsewhere:quotes"), {"q": kept.code}).content.decode()
    assert reverse("elsewhere:kept_cart", args=[kept.pk]) not in listed


def test_foreign_line_is_not_swapped_looked_at_or_given_a_serial_number(stranger, rep, sock):
    sale = Sale.start(rep)
    line = sale.add_line(sock)
    for name in ("line_variants", "known_serials"):
        assert stranger.get(reverse(f"sales:{name}", args=[line.pk])).status_code == 404
    form = {"version": 1, "action_id": uuid4(), "item": sock.pk, "serial": "X1"}
    for name in ("swap_variant", "swap_back", "tell_serial"):
        answer = stranger.post(reverse(f"sales:{name}", args=[line.pk]), form)
        assert answer.status_code in (404, 409)
    line.refresh_from_db()
    assert (line.item_id, line.serial) == (sock.pk, "")


def test_foreign_sheet_is_not_found(stranger, sock):
    for name in ("item_sheet", "item_stock"):
        assert stranger.get(reverse(f"catalog:{name}", args=[sock.pk])).status_code == 404


def test_foreign_picture_is_not_found(stranger, sock):
    assert stranger.get(reverse("catalog:item_image", args=[sock.pk])).status_code == 404


def test_foreign_favourites_and_sales_are_not_shown_or_changed(stranger, rep, manager, sock):
    favourites.put(manager, sock, favourites.Whose.ALL)
    sold.count_own(rep.account, "SF-1", rep.shop, {sock.pk: 1}, timezone.now())
    sold.sum_up([sock.pk])
    for view in ("", "favourites", "best-sellers", "recently-sold"):
        shown = stranger.get(reverse("catalog:item_search"), {"view": view}).content.decode()
        assert sock.description not in shown
    star = reverse("catalog:favourite", args=[sock.pk])
    assert stranger.get(star).status_code == 404
    assert stranger.post(star, {"take": "all"}).status_code == 404
    one = rep.account.favourites.get()
    move = reverse("catalog:move_favourite", args=[one.pk])
    assert stranger.post(move, {"to": "out"}).status_code == 404
    page = reverse("catalog:favourites")
    assert sock.description not in stranger.get(page).content.decode()
    assert stranger.get(page, {"shop": rep.shop.pk}).status_code == 404


def test_foreign_question_between_shops_is_not_found(stranger, rep, sock):
    mill = rep.account.shops.get(lightspeed_id=2)
    question = asking.ask(rep, sock, mill, timezone.now())
    for name in ("answer", "end"):
        url = reverse(f"shelf:{name}", args=[question.pk])
        assert stranger.post(url, {"answer": "not_found"}).status_code == 404
    rep.account.questions.update(is_news=True)
    stranger.post(reverse("shelf:see_answers"), {"question": question.pk})
    question.refresh_from_db()
    assert question.is_news
    assert sock.description not in stranger.get(reverse("shelf:questions")).content.decode()
    own_shop = Shop.everywhere.get(name="Far Away")
    for shop in (mill, own_shop):
        asked = stranger.post(reverse("shelf:ask", args=[sock.pk, shop.pk]))
        assert asked.status_code == 404
    assert stranger.get(reverse("shelf:of_item", args=[sock.pk])).status_code == 404


def test_foreign_customers_goods_are_not_kept_here(stranger, account):
    customer = account.customers.create(lightspeed_id=88, first_name="Ann")
    url = reverse("orders:of_customer", args=[customer.pk])
    assert stranger.get(url).status_code == 404
    for name in ("pick_up", "cancel"):
        form = {"line": [1], "action_id": uuid4()}
        url = reverse(f"orders:{name}", args=[customer.pk])
        assert stranger.post(url, form).status_code == 404


def test_foreign_slip_is_not_found(stranger, rep, register):
    order = rep.account.orders.create(
        kind="layaway",
        rep=rep,
        register=register,
        shop=register.shop,
        customer=rep.account.customers.create(lightspeed_id=88, first_name="Ann"),
    )
    for name in ("orders:slip", "orders:barcode"):
        assert stranger.get(reverse(name, args=[order.pk])).status_code == 404
    found = stranger.get(reverse("orders:find"), {"slip": order.reference})
    assert found.status_code == 422


def test_foreign_register_cannot_be_taken(stranger, register):
    answer = stranger.post(reverse("staff:choose_register"), {"register": register.pk})
    assert answer.status_code == 404


def test_foreign_trouble_is_on_no_board_of_mine(stranger, paid):
    Submission.everywhere.update(state=Submission.State.ATTENTION, reason="unconfirmed")
    assert paid.reference not in stranger.get(reverse("dashboard:board")).content.decode()
    url = reverse("dashboard:look_again", args=[paid.submission_id])
    assert stranger.post(url).status_code == 404


def test_status_counts_only_my_account(stranger, paid):
    assert "recorded" in stranger.get(reverse("sales:status")).content.decode()


@pytest.mark.parametrize("model", [Item, Favourite, SoldLine, Sale, Submission, Rep, Question])
def test_query_without_an_account_is_refused(model, db):
    with pytest.raises(Unscoped):
        model.objects.all()
