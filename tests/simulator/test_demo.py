"""The demo shop: would a rep, a scanner and a book-keeper believe it?"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice
from typing import Any
from xml.etree import ElementTree

import pytest

from salesfloor.simulator import assortment, demo, pictures
from salesfloor.simulator.stockroom import check_digit
from tests.simulator.running import RunningSimulator, start

Records = dict[str, list[dict[str, Any]]]

LAST_DAY = date(2026, 8, 31)
CODES = ("systemSku", "upc", "ean", "customSku", "manufacturerSku")
REFERENCES = {
    "Category": ("categoryID", "parentID"),
    "Customer": ("customerID",),
    "CreditAccount": ("creditAccountID",),
    "CustomerType": ("customerTypeID",),
    "Discount": ("discountID",),
    "Employee": ("employeeID", "openEmployeeID"),
    "EmployeeRole": ("employeeRoleID",),
    "Item": ("itemID",),
    "ItemAttributeSet": ("itemAttributeSetID",),
    "ItemMatrix": ("itemMatrixID",),
    "Manufacturer": ("manufacturerID",),
    "PaymentType": ("paymentTypeID",),
    "PriceLevel": ("priceLevelID", "useTypeID"),
    "Register": ("registerID", "lastRegisterID"),
    "Shop": ("shopID", "limitToShopID", "lastShopID"),
    "Tag": ("tagID",),
    "TaxCategory": ("taxCategoryID",),
    "TaxClass": ("taxClassID",),
    "Vendor": ("vendorID", "defaultVendorID"),
}


def collect(items: int, seed: int = 1) -> Records:
    records: Records = {}
    for entity, record in demo.records(items, seed, LAST_DAY):
        records.setdefault(entity, []).append(record)
    return records


@pytest.fixture(scope="module")
def shop() -> Records:
    return collect(2_000)


def everything_in(value: object) -> Iterator[tuple[str, Any]]:
    """Every field, however deeply nested."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name, inner
            yield from everything_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from everything_in(inner)


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


# --- What is on the shelves ---------------------------------------------------------------


def test_check_digit_is_that_of_known_barcodes() -> None:
    assert check_digit("501234567890") == 0
    assert check_digit("400638133393") == 1
    assert check_digit("03600029145") == 2


def test_every_barcode_passes_a_scanners_check(shop: Records) -> None:
    barcodes = [i[kind] for i in shop["Item"] for kind in ("upc", "ean") if i.get(kind)]
    assert len(barcodes) > 1_500
    for barcode in barcodes:
        digits = [int(digit) for digit in barcode.zfill(13)]
        assert len(digits) == 13
        assert (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0, barcode


def test_some_items_have_only_a_sku_of_the_shop_or_its_maker(shop: Records) -> None:
    uncoded = [i for i in shop["Item"] if not i.get("upc") and not i.get("ean")]
    assert any(i.get("customSku") and not i.get("manufacturerSku") for i in uncoded)
    assert any(i.get("manufacturerSku") and not i.get("customSku") for i in shop["Item"])
    assert len(uncoded) < len(shop["Item"]) / 10


def test_no_two_of_twenty_thousand_items_share_a_code_or_a_name() -> None:
    items = collect(20_000)["Item"]
    assert len(items) == 20_000
    for name in (*CODES, "description"):
        values = [item[name] for item in items if item.get(name)]
        assert len(values) == len(set(values)), name


def test_system_skus_look_like_lightspeeds(shop: Records) -> None:
    assert all(re.fullmatch(r"21\d{10}", item["systemSku"]) for item in shop["Item"])
    assert any(int(item["systemSku"][2:]) != item["itemID"] for item in shop["Item"])


def test_variants_are_named_after_matrix_colour_and_size(shop: Records) -> None:
    matrices = {matrix["itemMatrixID"]: matrix for matrix in shop["ItemMatrix"]}
    variants = [item for item in shop["Item"] if item["itemMatrixID"]]
    for item in variants:
        matrix, given = matrices[item["itemMatrixID"]], item["ItemAttributes"]
        values = [given[name] for name in ("attribute1", "attribute2") if name in given]
        assert item["description"] == " ".join([matrix["description"], *values])
        assert given["attribute1"] in matrix["attribute1Values"]
    assert any(item["description"].startswith("Trail Runner GTX ") for item in variants)


def test_a_search_for_trail_finds_a_handful_of_products_of_several_kinds(shop: Records) -> None:
    found = [item for item in shop["Item"] if "trail" in item["description"].lower()]
    products = {item["itemMatrixID"] or item["description"] for item in found}
    assert 10 <= len(products) <= 60
    assert len({item["categoryID"] for item in found}) > 5


def test_stock_of_all_shops_is_the_sum_and_some_of_it_is_awkward(shop: Records) -> None:
    on_hand: list[int] = []
    for item in shop["Item"]:
        rows = {row["shopID"]: row["qoh"] for row in item.get("ItemShops", {}).get("ItemShop", [])}
        assert rows.pop(0, 0) == sum(rows.values())
        assert not (item["archived"] and any(rows.values()))
        on_hand += rows.values()
    assert any(qoh < 0 for qoh in on_hand)
    assert 0.1 < on_hand.count(0) / len(on_hand) < 0.4


def test_middle_sizes_are_scarcer_than_the_ends(shop: Records) -> None:
    in_stock: dict[str, list[int]] = {}
    for item in shop["Item"]:
        size = item.get("ItemAttributes", {}).get("attribute2", "")
        if size in ("8", "10", "10.5", "13") and not item["archived"]:
            in_stock.setdefault(size, []).append(item["ItemShops"]["ItemShop"][0]["qoh"])
    mean = {size: sum(counts) / len(counts) for size, counts in in_stock.items()}
    assert mean["10.5"] < mean["13"]


def test_prices_are_labels_prices_never_above_the_makers(shop: Records) -> None:
    reduced = 0
    for item in shop["Item"]:
        prices = {p["useType"]: p["amount"] for p in item["Prices"]["ItemPrice"]}
        assert str(prices["Default"])[-2:] in {"00", "25", "50", "75", "95"}
        assert item["defaultCost"] < prices["Default"] <= prices["MSRP"]
        reduced += prices["Default"] < prices["MSRP"]
    assert 0 < reduced < len(shop["Item"]) / 2


def test_services_have_no_stock_and_some_items_are_archived(shop: Records) -> None:
    services = [item for item in shop["Item"] if item["itemType"] == "non_inventory"]
    assert "Boot fitting service" in {item["description"] for item in services}
    assert not any("ItemShops" in item for item in services)
    assert any(item["archived"] for item in shop["Item"])
    assert {item["Note"]["isPublic"] for item in shop["Item"] if "Note" in item} == {True, False}


# --- Who sells, who buys, what was bought ---------------------------------------------------


def test_reps_differ_in_what_they_may_do(shop: Records) -> None:
    rights = {
        role["employeeRoleID"]: {r["name"] for r in role["EmployeeRights"]["EmployeeRight"]}
        for role in shop["EmployeeRole"]
    }
    may = {e["firstName"]: rights[e["employeeRoleID"]] for e in shop["Employee"]}
    assert [name for name, allowed in may.items() if "admin" in allowed] == ["Ingrid"]
    assert [n for n, allowed in may.items() if "register_line_discount" not in allowed] == ["Tomás"]
    assert [n for n, allowed in may.items() if "register_refund" not in allowed] == ["Priya"]
    assert all({"allow_login", "register"} <= allowed for allowed in may.values())
    assert [e["firstName"] for e in shop["Employee"] if e["lockOut"]] == ["Colin"]
    assert [e["firstName"] for e in shop["Employee"] if e["limitToShopID"]] == ["Jonas"]


def test_past_sales_were_paid_to_the_cent(shop: Records) -> None:
    for sale in shop["Sale"]:
        subtotal = discount = tax1 = tax2 = Decimal(0)
        for line in sale["SaleLines"]["SaleLine"]:
            gross = line["unitQuantity"] * line["unitPrice"]
            off = cents(gross * line.get("discountPercent", 0)) + line.get("discountAmount", 0)
            subtotal, discount = subtotal + gross, discount + off
            tax1 += (gross - off) * line["tax1Rate"]
            tax2 += (gross - off) * line["tax2Rate"]
        total = subtotal - discount + cents(tax1) + cents(tax2)
        assert sum(p["amount"] for p in sale["SalePayments"]["SalePayment"]) == total
        assert 0 <= sale["change"] < 100


def test_lines_are_taxed_by_category_and_class(shop: Records) -> None:
    rates = {}
    for category in shop["TaxCategory"]:
        key = category["taxCategoryID"]
        rates[key, 0] = (category["tax1Rate"], category["tax2Rate"])
        for override in category["TaxCategoryClasses"]["TaxCategoryClass"]:
            both = (override.get("tax1Rate", 0), override.get("tax2Rate", 0))
            rates[key, override["taxClassID"]] = both
    seen = Counter[tuple[Decimal, Decimal]]()
    for sale in shop["Sale"]:
        for line in sale["SaleLines"]["SaleLine"]:
            charged = (line["tax1Rate"], line["tax2Rate"])
            own = (sale["taxCategoryID"], line["taxClassID"])
            assert charged == rates.get(own, rates[sale["taxCategoryID"], 0])
            seen[charged] += 1
    assert len(seen) == 3


def test_refunds_give_back_lines_that_were_sold(shop: Records) -> None:
    lines: dict[int, dict[str, Any]] = {}
    refunds = []
    for sale in shop["Sale"]:
        for line in sale["SaleLines"]["SaleLine"]:
            if line.get("parentSaleLineID"):
                refunds.append(line)
                sold = lines.pop(line["parentSaleLineID"])
                assert line["itemID"] == sold["itemID"]
                assert line["unitQuantity"] == -sold["unitQuantity"]
            lines[line["saleLineID"]] = line
    assert 5 < len(refunds) < 60


def test_the_last_two_months_have_best_sellers(shop: Records) -> None:
    recent = [s for s in shop["Sale"] if s["completeTime"] > "2026-07-02"]
    names = {i["itemID"]: i["itemMatrixID"] or i["description"] for i in shop["Item"]}
    sold = Counter[Any]()
    for sale in recent:
        for line in sale["SaleLines"]["SaleLine"]:
            sold[names[line["itemID"]]] += line["unitQuantity"]
    counts = [count for _, count in sold.most_common()]
    assert len(recent) > 300
    assert counts[0] > 5 * counts[len(counts) // 2]


def test_three_hundred_customers_can_be_told_apart(shop: Records) -> None:
    customers = shop["Customer"]
    mobiles = {c["Contact"]["Phones"]["ContactPhone"][0]["number"] for c in customers}
    assert len(customers) == len({(c["firstName"], c["lastName"]) for c in customers}) == 300
    assert len(mobiles) == 300
    assert any(c["customerTypeID"] for c in customers)
    assert any(c["discountID"] for c in customers)
    accounts = {a["customerID"]: a for a in shop["CreditAccount"] if a.get("customerID")}
    for customer in filter(lambda c: c["creditAccountID"], customers):
        mine = accounts[customer["customerID"]]["creditAccountID"]
        assert mine == customer["creditAccountID"]


def test_gift_cards_hold_what_is_left_of_them(shop: Records) -> None:
    cards = [account for account in shop["CreditAccount"] if account.get("giftCard")]
    assert len({card["code"] for card in cards}) == len(cards) > 20
    assert all(8 <= len(card["code"]) <= 32 and card["balance"] <= 0 for card in cards)
    assert any(card["balance"] < -20 for card in cards)


# --- The whole ------------------------------------------------------------------------------


def test_every_reference_leads_to_a_record(shop: Records) -> None:
    for entity, fields in REFERENCES.items():
        known = {record[fields[0]] for record in shop[entity]} | {0}
        for name, value in everything_in(list(shop.values())):
            assert name not in fields or value in known, f"{name} {value}"


def test_items_come_after_what_they_belong_to() -> None:
    matrices: set[int] = set()
    seen: list[str] = []
    for entity, record in demo.records(500, 1, LAST_DAY):
        seen.append(entity)
        if entity == "ItemMatrix":
            matrices.add(record["itemMatrixID"])  # type: ignore[arg-type]
        elif entity == "Item" and record["itemMatrixID"]:
            assert record["itemMatrixID"] in matrices
    order = list(dict.fromkeys(seen))
    assert order.index("Category") < order.index("Item") < order.index("Sale")
    assert order.index("Customer") < order.index("Sale")


def test_same_seed_gives_the_same_shop_another_seed_another() -> None:
    assert list(demo.records(300, 7, LAST_DAY)) == list(demo.records(300, 7, LAST_DAY))
    assert collect(300, seed=7)["Item"] != collect(300, seed=8)["Item"]


def test_another_day_moves_dates_and_nothing_else() -> None:
    def undated(last_day: date | None) -> str:
        shop = repr(list(demo.records(300, 1, last_day)))
        return re.sub(r"20\d\d-\d\d-\d\dT[\d:]{8}", "", shop)

    assert undated(LAST_DAY) == undated(date(2027, 1, 5)) == undated(None)


def test_a_larger_shop_begins_with_the_same_items(shop: Records) -> None:
    larger = (record for entity, record in demo.records(3_000, 1, LAST_DAY) if entity == "Item")
    assert list(islice(larger, 1_900)) == shop["Item"][:1_900]


@pytest.mark.parametrize("last_day", [LAST_DAY, date(2027, 1, 5)])
def test_nothing_is_dated_after_the_last_day(last_day: date) -> None:
    written = list(demo.records(300, 1, last_day))
    moments = [
        value
        for _, value in everything_in([record for _, record in written])
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]{8}\+00:00", value)
    ]
    assert max(moments)[:10] == last_day.isoformat()
    assert min(m for m in moments if m > "2020") < f"{last_day.year - 1}"


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSimulator]:
    running = start("demo", data=tmp_path_factory.mktemp("demo") / "simulator.sqlite3")
    yield running
    running.stop()


def test_simulator_reckons_every_past_sale_as_paid(simulator: RunningSimulator) -> None:
    sales = simulator.sales()
    assert len(sales) == 900
    for sale in sales:
        paid = sum(Decimal(payment["amount"]) for payment in sale["payments"])
        assert paid == Decimal(sale["total"]), sale["saleID"]


def test_a_rep_finds_trail_shoes_with_stock_and_a_picture(simulator: RunningSimulator) -> None:
    url = f"{simulator.url}/API/V3/Account/4711/Item.json"
    wanted = {"description": "~,Trail Runner GTX Blue%", "load_relations": '["ItemShops","Images"]'}
    rep = simulator.grant(employee_id=2)
    found = simulator.http.get(url, params=wanted, headers=rep.headers, timeout=30).json()["Item"]
    assert {item["description"] for item in found} >= {"Trail Runner GTX Blue 9"}
    assert {row["shopID"] for row in found[0]["ItemShops"]["ItemShop"]} == {"0", "1", "2"}
    image = found[0]["Images"]["Image"]
    address = f"{image['baseImageURL']}w_300,c_fill/{image['publicID']}.jpg"
    assert b"#2f6db5" in simulator.http.get(address, timeout=30).content


# --- Pictures -------------------------------------------------------------------------------


def test_every_item_and_matrix_has_a_picture_of_its_kind(shop: Records) -> None:
    for record in (*shop["Item"], *shop["ItemMatrix"]):
        [image] = record["Images"]["Image"]
        assert pictures.PUBLIC_ID.fullmatch(image["publicID"])
    kinds = {line.picture for line in (*assortment.LINES, assortment.SERVICE_LINE)}
    assert kinds <= set(pictures.DRAWINGS)


@pytest.mark.parametrize("kind", pictures.DRAWINGS)
def test_picture_is_small_square_and_only_a_drawing(kind: str) -> None:
    for style in range(3):
        picture = pictures.svg(f"{kind}-2f6db5-e8e4da-{style:04d}")
        root = ElementTree.fromstring(picture)
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        names = {name for element in root.iter() for name in element.attrib}
        assert 900 < len(picture) < 3_000
        assert root.get("viewBox") == "0 0 200 200"
        assert not tags & {"script", "style", "text", "foreignObject", "image", "a"}
        assert not any(name.startswith("on") for name in names)
        assert b"#2f6db5" in picture


def test_colour_and_style_change_the_picture() -> None:
    blue = pictures.svg("running-shoe-2f6db5-e8e4da-0001")
    assert blue != pictures.svg("running-shoe-c0392f-e8e4da-0001")
    assert blue != pictures.svg("running-shoe-2f6db5-e8e4da-0002")
    assert blue == pictures.svg("running-shoe-2f6db5-e8e4da-0004")


@pytest.mark.parametrize("public_id", ["", "nonsense", "car-2f6db5-e8e4da-1", "jacket-<svg>-1-1"])
def test_unknown_picture_is_a_plain_box(public_id: str) -> None:
    assert pictures.svg(public_id) == pictures.svg("box-b98a5a-7a5236-0000")
