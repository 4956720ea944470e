from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from salesfloor.lightspeed import records
from tests.lightspeed import recordings

SHOP = {"shopID": "1", "name": "Quay", "timeZone": "Europe/Dublin", "archived": "false"}


def register(key: int) -> dict[str, str]:
    fields = {"registerID": str(key), "name": f"Till {key}", "shopID": "1"}
    return fields | {"open": "true", "archived": "false", "ccTerminalID": ""}


@recordings.needs_recordings
@pytest.mark.parametrize(
    "row", recordings.index("SALES", "wire", "wire-body"), ids=lambda row: row["name"]
)
def test_a_recorded_sale_keeps_its_values(row: dict[str, str]) -> None:
    body = recordings.body(row["name"])
    sale = next(
        sale for sale in records.many(body, records.Sale) if str(sale.sale_id) == row["saleID"]
    )
    assert len(sale.sale_lines) == int(row["lines"])
    assert sale.calc_total == Decimal(row["calcTotal"])
    assert sale.balance == Decimal(row["balance"])
    assert sale.completed is (row["completed"] == "true")


@pytest.mark.parametrize(
    ("registers", "names"),
    [
        ({"Register": [register(1), register(2)]}, ["Till 1", "Till 2"]),
        ({"Register": register(1)}, ["Till 1"]),
        ("", []),
        (False, []),
        (None, []),
    ],
)
def test_children_are_one_many_or_none(registers: Any, names: list[str]) -> None:
    shop = records.one({"Shop": SHOP | {"Registers": registers}}, records.Shop)
    assert [register.name for register in shop.registers] == names


def test_an_empty_list_has_no_records() -> None:
    assert records.many({"@attributes": {"next": "", "previous": ""}}, records.Shop) == []
    assert records.many({"Shop": SHOP}, records.Shop)[0].registers == ()


@pytest.mark.parametrize("body", [None, [], "Shop", {"Shop": [SHOP, SHOP]}, {}, {"Shop": {}}])
def test_one_record_is_exactly_one(body: Any) -> None:
    with pytest.raises(ValueError, match="Shop"):
        records.one(body, records.Shop)


def test_a_record_that_makes_no_sense_is_not_quoted_in_the_error() -> None:
    with pytest.raises(ValueError, match="shopID") as caught:
        records.one({"Shop": SHOP | {"shopID": "Ann Lee"}}, records.Shop)
    assert "Ann Lee" not in str(caught.value)


def test_moments_are_in_utc_and_may_be_missing() -> None:
    opened = register(1) | {"openTime": "2026-05-04T09:00:00-04:00"}
    [one, two] = records.many({"Register": [opened, register(2)]}, records.Register)
    assert one.open_time == datetime(2026, 5, 4, 13, tzinfo=UTC)
    assert two.open_time is None


def test_a_day_that_does_not_exist_is_none_where_none_need_be() -> None:
    opened = register(1) | {"openTime": "2021-02-29T09:00:00+00:00"}
    assert records.one({"Register": opened}, records.Register).open_time is None
    with pytest.raises(ValueError, match="openTime"):
        records.one({"Register": register(1) | {"openTime": "soon"}}, records.Register)
    with pytest.raises(ValueError, match="timeStamp"):
        records.one({"ItemShop": STOCK | {"timeStamp": "2021-02-29"}}, records.ItemShop)


STOCK = {
    "itemShopID": "1",
    "itemID": "12",
    "shopID": "1",
    "qoh": "1",
    "timeStamp": "2026-05-04T09:00:00+00:00",
}


def test_stock_may_be_in_parts_of_a_unit() -> None:
    told = STOCK | {"qoh": "1.5", "sellable": "0.25", "backorder": "", "onTransferIn": "2"}
    stock = records.one({"ItemShop": told}, records.ItemShop)
    assert (stock.qoh, stock.sellable) == (Decimal("1.5"), Decimal("0.25"))
    assert (stock.backorder, stock.on_transfer_in) == (0, 2)


def test_a_text_that_is_a_number_is_kept() -> None:
    names = [records.one({"Shop": SHOP | {"name": told}}, records.Shop).name for told in (0, 7)]
    assert names == ["0", "7"]


def test_numbers_have_no_negative_zero_and_no_lost_digits() -> None:
    prices = {"ItemPrice": [{"amount": amount} for amount in ("-0", "1.0E-8", "11.4860025")]}
    matrix = records.many({"ItemMatrix": MATRIX | {"Prices": prices}}, records.ItemMatrix)[0]
    assert [str(price.amount) for price in matrix.prices] == ["0", "1.0E-8", "11.4860025"]


MATRIX = {
    "itemMatrixID": "2",
    "description": "T-Shirt",
    "itemType": "default",
    "tax": "true",
    "archived": "false",
    "defaultCost": "0",
    "itemAttributeSetID": "2",
    "categoryID": "4",
    "manufacturerID": "6",
    "taxClassID": "2",
    "timeStamp": "2026-05-04T09:00:00+00:00",
}


@pytest.mark.parametrize(
    ("relations", "tags"),
    [
        ({"TagRelations": {"TagRelation": {"tagID": "8", "Tag": {"name": "newest"}}}}, ("newest",)),
        ({"TagRelations": {"TagRelation": [{"tagID": "8"}]}}, ()),
        ({"Tags": {"tag": "sale, winter"}}, ("sale", "winter")),
        ({"Tags": {"tag": ["sale", "winter"]}}, ("sale", "winter")),
        ({"Tags": False}, ()),
        ({}, ()),
    ],
)
def test_tags_are_names_however_they_come(relations: Any, tags: tuple[str, ...]) -> None:
    assert records.one({"ItemMatrix": MATRIX | relations}, records.ItemMatrix).tags == tags


def test_a_session_tells_the_account_the_employee_and_the_rights_that_are_granted() -> None:
    session = records.one(
        {
            "systemCustomerID": "4711",
            "employeeID": "7",
            "Employee": {"employeeID": "7", "firstName": "Maya", "lastName": "Rao"},
            "Rights": {"register": "true", "admin": "false"},
        },
        records.Session,
    )
    assert (session.account_id, session.employee_id, session.first_name) == (4711, 7, "Maya")
    assert session.rights == {"register"}


@pytest.mark.parametrize(
    "body",
    [
        {"Account": {"accountID": "4711", "name": "Quay"}},
        {"@attributes": {"systemCustomerID": "4711"}, "name": "Quay", "defaultCurrency": ""},
    ],
)
def test_an_account_comes_in_two_shapes(body: Any) -> None:
    account = records.one(body, records.Account)
    assert (account.account_id, account.name, account.currency) == (4711, "Quay", "")


def test_a_tax_category_has_other_rates_for_some_tax_classes() -> None:
    override = {"taxCategoryClassID": "1", "taxCategoryID": "1", "taxClassID": "5"}
    category = {
        "taxCategoryID": "1",
        "isTaxInclusive": "false",
        "tax1Name": "GST",
        "tax2Name": "",
        "tax1Rate": "0.05",
        "tax2Rate": "0",
        "TaxCategoryClasses": {"TaxCategoryClass": override | {"tax1Rate": "0", "tax2Rate": "0"}},
    }
    tax = records.one({"TaxCategory": category}, records.TaxCategory)
    assert tax.rates_for(1) == (Decimal("0.05"), Decimal(0))
    assert tax.rates_for(5) == (Decimal(0), Decimal(0))


def test_a_picture_is_fetched_no_wider_than_needed() -> None:
    image = records.Image(image_id=1, base_image_url="https://pictures.test/up/", public_id="boot")
    assert image.url() == "https://pictures.test/up/boot.jpg"
    assert image.url(width=300) == "https://pictures.test/up/w_300,c_limit/boot.jpg"
