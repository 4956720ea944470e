"""What becomes of a scanned code: what the rep sees, and what Lightspeed is told."""

import random
import re
from decimal import Decimal
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse

from salesfloor.catalog import search
from salesfloor.catalog.barcodes import InStore
from salesfloor.catalog.models import InStoreBarcodes
from salesfloor.outbox.courier import deliver
from salesfloor.sales import scanning
from salesfloor.sales.forms import LONGEST_CODE
from salesfloor.sales.models import Sale
from salesfloor.sales.refusals import Refused
from tests.conftest import pay_cash
from tests.sales.test_views import fields, scan

PRICE = InStore(item_digits=5, value_digits=4, decimals=2, checks_value=True)
KILOGRAMS = InStore(item_digits=5, value_digits=5, decimals=3)


def scan_text(screen, code, **data) -> str:
    return scan(screen, code, **data).content.decode()


def lines(rep) -> list[tuple[str, int, Decimal]]:
    sale = rep.account.sales.current(rep)
    if sale is None:
        return []
    return [(line.description, line.unit_quantity, line.unit_price) for line in sale.live_lines]


def make(account, lightspeed_id, description, **codes):
    return account.items.create(
        lightspeed_id=lightspeed_id, description=description, price=Decimal("12.90"), **codes
    )


@pytest.fixture
def cheese(account, simulator):
    """Sold by weight at 12.90, and meant by labels."""
    simulator.put({"Item": [{"itemID": 50, "description": "Cheese", "taxClassID": 1}]})
    return make(account, 50, "Cheese", custom_sku="212345")


@pytest.fixture
def price_labels(account):
    return labels(account, InStoreBarcodes.Holds.PRICE, PRICE)


@pytest.fixture
def weight_labels(account):
    return labels(account, InStoreBarcodes.Holds.KILOGRAMS, KILOGRAMS)


def labels(account, holds, layout: InStore) -> InStoreBarcodes:
    return InStoreBarcodes.everywhere.create(
        account=account,
        holds=holds,
        item_digits=layout.item_digits,
        value_digits=layout.value_digits,
        decimals=layout.decimals,
        checks_value=layout.checks_value,
    )


# --- Which item ---------------------------------------------------------------------------------


def test_item_with_a_upc_is_found_by_its_short_form_and_the_other_way_round(screen, rep, account):
    make(account, 51, "Gum", upc="042100005264")
    make(account, 52, "Mint", upc="01234565")
    for code in ("04252614", "0425261", "425261", "0012345000065", "]E0012345000065"):
        scan(screen, code)
    assert lines(rep) == [("Gum", 3, Decimal("12.90")), ("Mint", 2, Decimal("12.90"))]


def test_code_that_a_sku_has_too_is_the_system_skus(screen, rep, account, sock):
    make(account, 51, "Impostor", custom_sku=sock.system_sku)
    scan(screen, sock.system_sku)
    assert [name for name, *_ in lines(rep)] == ["Wool sock M"]


def test_code_exactly_is_before_a_number_that_may_be_written_so(screen, rep, account):
    """04252614 is the EAN-8 of one, and the UPC-E of the other."""
    make(account, 51, "Gum", upc="042100005264")
    make(account, 52, "Eight", ean="04252614")
    scan(screen, "04252614")
    assert [name for name, *_ in lines(rep)] == ["Eight"]


@pytest.mark.parametrize(
    "code",
    [
        "501234567890012345",  # with the price of a book beside it
        "(01)05012345678900(10)LOT7",
        "0105012345678900" + "17271231",
        "https://id.example/01/05012345678900/21/77?x=1",
    ],
)
def test_item_is_found_by_its_number_inside_of_more(screen, rep, code):
    scan(screen, code)
    assert [name for name, *_ in lines(rep)] == ["Wool sock M"]


def test_archived_item_is_named_and_not_sold(screen, rep, sock):
    sock.archived = True
    sock.save()
    answer = scan(screen, sock.ean)
    assert answer.status_code == 422
    assert "Wool sock M (5012345678900) is archived in Lightspeed" in answer.content.decode()
    assert lines(rep) == []


def test_archived_item_is_looked_at_among_the_archived_and_is_no_gift_card(screen, rep, sock):
    sock.archived = True
    sock.save()
    search.index([sock])
    assert "archivedItem" in scan(screen, sock.ean)["HX-Trigger"]
    scanned = {"code": sock.ean, "action_id": uuid4()}
    page = screen.post(reverse("sales:camera"), scanned).content.decode()
    [looked] = re.findall(r'href="([^"]*archived=1)"', page)
    assert "Wool sock M" in screen.get(unescape(looked)).content.decode()


# --- Misread ------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["5012345678901", "012345678906", "15012345678908", "96385075"])
def test_wrong_check_digit_is_told_as_misread(screen, rep, code):
    answer = scan(screen, code)
    assert answer.status_code == 422
    assert f"misread, its digits do not fit: {code}" in answer.content.decode()
    assert lines(rep) == []


def test_item_that_carries_a_wrong_check_digit_is_sold_all_the_same(screen, rep, account):
    make(account, 51, "Odd", ean="5012345678901")
    scan(screen, "5012345678901")
    assert [name for name, *_ in lines(rep)] == ["Odd"]


@pytest.mark.parametrize("code", ["210000000099", "4006381333931", "SOCK-L"])
def test_code_without_fault_that_nothing_has_is_only_unknown(screen, code):
    html = scan_text(screen, code)
    assert f"No item has the code {code}" in html
    assert "misread" not in html


# --- Several ------------------------------------------------------------------------------------


def test_several_items_with_a_code_are_offered_and_nothing_is_added(screen, rep, account, sock):
    other = make(account, 51, "Wool sock L", upc=sock.ean)
    html = scan_text(screen, sock.ean)
    assert "Several items have the code 5012345678900" in html
    assert "Wool sock M" in html
    assert "Wool sock L" in html
    assert lines(rep) == []
    action_id = re.search(r'name="action_id" value="([^"]+)"', html)[1]
    for _ in range(2):  # a form sent twice counts once
        scan(screen, sock.ean, item=other.pk, action_id=action_id)
    assert lines(rep) == [("Wool sock L", 1, Decimal("12.90"))]


def test_only_what_was_offered_can_be_chosen(screen, rep, shoe):
    assert scan(screen, "5012345678900", item=shoe.pk).status_code == 404
    assert lines(rep) == []


def test_case_asks_before_a_unit_of_what_is_in_it_is_added(screen, rep, sock):
    html = scan_text(screen, "15012345678907")
    assert "the code of a case" in html
    assert lines(rep) == []
    scan(screen, "15012345678907", item=sock.pk)
    assert [name for name, *_ in lines(rep)] == ["Wool sock M"]


def test_case_that_is_an_item_of_its_own_is_added(screen, rep, account):
    make(account, 51, "Box of socks", upc="15012345678907")
    scan(screen, "15012345678907")
    assert [name for name, *_ in lines(rep)] == ["Box of socks"]


def test_rep_without_scripts_chooses_on_a_page(client, rep, account, sock):
    client.force_login(rep.user)
    make(account, 51, "Wool sock L", upc=sock.ean)
    page = client.post(reverse("sales:scan"), {"code": sock.ean, "action_id": uuid4()})
    assert "<h1>Which one is it?</h1>" in page.content.decode()
    chosen = {"code": sock.ean, "item": sock.pk, "action_id": uuid4()}
    assert client.post(reverse("sales:scan"), chosen).url == reverse("sales:sell")
    assert [name for name, *_ in lines(rep)] == ["Wool sock M"]


# --- Labels with a price ------------------------------------------------------------------------


def test_label_adds_its_item_at_the_price_it_says(screen, rep, cheese, price_labels):
    code = PRICE.label("12345", Decimal("7.99"))
    scan(screen, code)
    scan(screen, f"0{code}")  # the same, read as EAN-13
    scan(screen, PRICE.label("12345", Decimal("3.10")))
    assert lines(rep) == [("Cheese", 2, Decimal("7.99")), ("Cheese", 1, Decimal("3.10"))]


@pytest.mark.parametrize("code", ["212345000007", "0212345000007", "212345000000", "212345"])
def test_item_of_a_label_may_carry_any_of_its_codes(screen, rep, account, price_labels, code):
    make(account, 51, "Ham", upc=code)
    scan(screen, PRICE.label("12345", Decimal("7.99")))
    assert lines(rep) == [("Ham", 1, Decimal("7.99"))]


def test_lightspeed_is_told_the_price_of_the_label(screen, rep, account, simulator, cheese):
    labels(account, InStoreBarcodes.Holds.PRICE, PRICE)
    scan(screen, PRICE.label("12345", Decimal("7.99")))
    pay_cash(Sale.everywhere.for_pricing().get(), Decimal(20))
    deliver(account)
    (sale,) = simulator.sales()
    assert sale["completed"]
    assert [(line["itemID"], line["unitPrice"]) for line in sale["lines"]] == [(50, "7.99")]


def test_price_in_a_label_is_not_taken_for_an_item_that_no_label_is_made_for(
    screen, rep, account, price_labels
):
    """Its number alone may be anybody's SKU, and digits can be typed."""
    make(account, 51, "Jacket", custom_sku="12345")
    html = scan_text(screen, PRICE.label("12345", Decimal("0.01")))
    assert "No item has the code" in html
    assert lines(rep) == []


def test_item_that_carries_the_very_code_keeps_its_own_price(screen, rep, account, price_labels):
    code = PRICE.label("12345", Decimal("7.99"))
    make(account, 51, "Own label", ean=code)
    scan(screen, code)
    assert lines(rep) == [("Own label", 1, Decimal("12.90"))]


def test_system_sku_is_no_label(screen, rep, account, price_labels):
    make(account, 51, "Ham", upc="210000")
    make(account, 53, "Boot", system_sku="210000000434")
    scan(screen, "210000000434")
    assert [name for name, *_ in lines(rep)] == ["Boot"]


def test_label_that_was_misread_adds_nothing(screen, rep, account, price_labels):
    make(account, 51, "Ham", upc="201234")
    right = PRICE.label("1234", Decimal("7.99"))
    assert "misread" in scan_text(screen, right[:-1] + str((int(right[-1]) + 1) % 10))
    other_layout = InStore(item_digits=5, value_digits=5, decimals=2)
    assert "misread" in scan_text(screen, other_layout.label("1234", Decimal("107.99")))
    assert lines(rep) == []
    scan(screen, right)
    assert lines(rep) == [("Ham", 1, Decimal("7.99"))]


def test_label_that_says_zero_adds_nothing(screen, rep, cheese, price_labels):
    answer = scan(screen, PRICE.label("12345", Decimal(0)))
    assert answer.status_code == 422
    assert lines(rep) == []


def test_labels_mean_nothing_where_no_manager_said_how_they_are_made(screen, rep, cheese):
    assert scan(screen, PRICE.label("12345", Decimal("7.99"))).status_code == 422
    assert lines(rep) == []


def test_another_accounts_setting_is_not_mine(screen, rep, cheese):
    from salesfloor.staff.models import Account

    other = Account.objects.create(lightspeed_id=9, name="Other")
    labels(other, InStoreBarcodes.Holds.PRICE, PRICE)
    scan(screen, PRICE.label("12345", Decimal("7.99")))
    assert lines(rep) == []


# --- Labels with a weight -----------------------------------------------------------------------


def test_weight_is_one_unit_at_the_price_for_it_with_the_sum_on_cart_receipt_and_in_lightspeed(
    screen, rep, account, simulator, cheese, weight_labels
):
    cheese.custom_sku = "2112345"
    cheese.save()
    html = scan_text(screen, KILOGRAMS.label("12345", Decimal("0.425"), "21"))
    assert lines(rep) == [("Cheese", 1, Decimal("5.48"))]  # 5.4825
    assert "0.425 kg × 12.90" in html
    sale = pay_cash(Sale.everywhere.for_pricing().get(), Decimal(20))
    assert (
        "0.425 kg × 12.90"
        in screen.get(reverse("receipts:receipt", args=[sale.pk])).content.decode()
    )
    deliver(account)
    (sold,) = simulator.sales()
    assert sold["completed"]
    assert [(line["unitQuantity"], line["unitPrice"]) for line in sold["lines"]] == [(1, "5.48")]


def test_two_of_another_weight_are_two_lines(screen, rep, cheese, weight_labels):
    for grams in ("0.425", "0.425", "0.425", "0.426"):
        scan(screen, KILOGRAMS.label("12345", Decimal(grams), "2"))
    assert [(quantity, str(price)) for _, quantity, price in lines(rep)] == [
        (3, "5.4800"),
        (1, "5.5000"),
    ]


# --- Papers and cards ---------------------------------------------------------------------------


def test_receipt_that_may_be_a_label_too_is_asked_about(screen, rep, account, price_labels):
    """A ticket number of twelve digits beginning with 22, whose last fits by chance."""
    make(account, 51, "Ham", upc="220000")
    code = PRICE.label("20000", Decimal("0.01"))
    html = scan_text(screen, code)
    assert "may be a label or a receipt" in html
    assert f"{reverse('returns:find')}?number={code}" in html
    assert lines(rep) == []


def test_receipt_opens_its_sale_with_and_without_scripts(screen, client, rep, price_labels):
    opened = f"{reverse('returns:find')}?number=220000000107"
    assert scan(screen, "220000000107")["HX-Redirect"] == opened
    client.force_login(rep.user)
    answer = client.post(reverse("sales:scan"), {"code": "220000000107", "action_id": uuid4()})
    assert answer.url == opened


def test_number_of_a_gift_card_that_we_made_is_known_as_one(screen):
    answer = scan(screen, "9123456789012345")
    assert "is the number of a gift card" in answer.content.decode()
    assert "giftCard" in answer["HX-Trigger"]


# --- Anything -----------------------------------------------------------------------------------

PIECES = [
    "(01)",
    "01",
    "]C1",
    "https://x/01/",
    "2",
    "22",
    "SK-",
    "SF-",
    "\0",
    "\x1d",
    "'",
    "%",
    "*",
]
PIECES += ['"', "😀", "٤٢", "\u202e", " ", "0", "5012345678900", "012345678905", "212345", "é"]


def test_nothing_that_can_be_scanned_or_typed_is_an_error(rep, cheese, price_labels):
    chance = random.Random(7)
    for _ in range(300):
        digits = "".join(chance.choices("0123456789", k=chance.randrange(20)))
        pieces = chance.choices(PIECES, k=chance.randrange(4))
        code = "".join(chance.sample([digits, *pieces], k=len(pieces) + 1))[:LONGEST_CODE]
        try:
            meant = scanning.meaning(rep, code)
        except Refused:
            continue
        assert meant.offers or meant.paper


# --- The camera ---------------------------------------------------------------------------------


def test_page_of_the_camera_alone_may_run_wasm(screen, rep):
    page = screen.get(reverse("sales:camera"))
    assert "'wasm-unsafe-eval'" in page["Content-Security-Policy"]
    assert "'unsafe-eval'" not in page["Content-Security-Policy"]
    assert "camera=(self)" in page["Permissions-Policy"]
    assert "wasm" not in screen.get(reverse("sales:sell"))["Content-Security-Policy"]


def camera(screen, code, **data) -> str:
    form = {"code": code, "action_id": uuid4()} | data
    return screen.post(reverse("sales:camera"), form).content.decode()


def test_camera_says_what_was_added_and_what_the_cart_comes_to(screen, rep, sock):
    html = camera(screen, sock.ean)
    assert "Wool sock M" in html
    assert "1 item<" in html
    assert "$11.49" in html
    assert "2 items<" in camera(screen, sock.ean)


def test_camera_says_what_is_unknown_and_keeps_the_cart(screen, rep, sock):
    camera(screen, sock.ean)
    html = camera(screen, "4006381333931")
    assert "No item has the code 4006381333931" in html
    assert "1 item<" in html


def test_camera_lets_choose(screen, rep, account, sock):
    other = make(account, 51, "Wool sock L", upc=sock.ean)
    assert "Several items" in camera(screen, sock.ean)
    assert "Wool sock L" in camera(screen, sock.ean, item=other.pk)
    assert lines(rep) == [("Wool sock L", 1, Decimal("12.90"))]


def test_camera_opens_a_receipt(screen, rep):
    form = {"code": "220000000107", "action_id": uuid4()}
    answer = screen.post(reverse("sales:camera"), form)
    assert answer["HX-Redirect"] == f"{reverse('returns:find')}?number=220000000107"


def test_code_is_typed_without_scripts_too(client, rep, sock):
    client.force_login(rep.user)
    form = {"code": sock.ean, "action_id": uuid4()}
    html = client.post(reverse("sales:camera"), form).content.decode()
    assert "<html" in html
    assert lines(rep) == [("Wool sock M", 1, Decimal("9.99"))]


def test_cart_that_is_being_paid_takes_no_more(screen, rep, sock):
    html = scan(screen, sock.ean).content.decode()
    screen.post(reverse("sales:start_card"), fields(html) | {"expected_total": "11.49"})
    assert "being" in camera(screen, sock.ean)
    assert lines(rep) == [("Wool sock M", 1, Decimal("9.99"))]
