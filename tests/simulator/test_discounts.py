"""Money off: on a line by record, percentage or amount, and on the whole sale."""

import pytest

SHIRT = {"itemID": 0, "unitQuantity": 3, "unitPrice": "10"}


def line_of(sale):
    return sale["SaleLines"]["SaleLine"]


@pytest.fixture
def untaxed(open_sale):
    def make(*lines, **fields):
        return open_sale(*lines, taxCategoryID=0, **fields)

    return make


@pytest.mark.parametrize(("unit", "off"), [("line", "5"), ("unit", "15")])
def test_amount_is_off_the_line_or_off_each_unit_as_set(stocked, untaxed, unit, off):
    stocked.settings(discount_amount_per=unit)
    sale = untaxed({**SHIRT, "discountAmount": "5"})
    assert (line_of(sale)["calcLineDiscount"], sale["calcDiscount"]) == (off, off)


def test_line_takes_a_percentage_or_an_amount_and_the_newer_replaces_the_older(owner, untaxed):
    sale = untaxed({**SHIRT, "discountPercent": "0.1"})
    path = f"Sale/{sale['saleID']}/SaleLine/{line_of(sale)['saleLineID']}"
    both = {"discountPercent": "0.1", "discountAmount": "5"}
    assert owner.put(path, both).status_code == 400
    line = owner.put(path, {"discountAmount": "5"}).json()["SaleLine"]
    assert (line["discountPercent"], line["calcLineDiscount"]) == ("0", "5")


@pytest.mark.parametrize(
    ("fields", "off"), [({"discountPercent": "0.4"}, "12"), ({"discountAmount": "7.5"}, "7.5")]
)
def test_discount_of_a_record_is_copied_to_the_line_and_taken_off_by_zero(
    owner, stocked, untaxed, fields, off
):
    stocked.put({"Discount": [{"discountID": 34, "name": "Staff", **fields}]})
    sale = untaxed({**SHIRT, "discountID": 34})
    line = line_of(sale)
    assert (line["discountID"], line["calcLineDiscount"]) == ("34", off)
    path = f"Sale/{sale['saleID']}/SaleLine/{line['saleLineID']}"
    assert owner.put(path, {"discountID": "0"}).json()["SaleLine"]["calcLineDiscount"] == "0"


def test_archived_discount_is_given_no_more(owner, stocked, untaxed):
    stocked.put({"Discount": [{"discountID": 34, "name": "Staff", "archived": True}]})
    path = f"Sale/{untaxed()['saleID']}/SaleLine"
    assert owner.post(path, {**SHIRT, "discountID": 34}).status_code == 400


@pytest.mark.parametrize("by", [{"discountPercent": "0.15"}, {"discountID": 34}])
def test_discount_on_the_sale_is_off_after_those_on_its_lines(stocked, open_sale, by):
    stocked.put({"Discount": [{"discountID": 34, "name": "Staff", "discountPercent": "0.15"}]})
    sale = open_sale({**SHIRT, "discountPercent": "0.1"}, {**SHIRT, "unitPrice": "1.11"}, **by)
    lines = line_of(sale)
    assert [line["calcTransactionDiscount"] for line in lines] == ["4.05", "0.5"]
    assert (sale["calcDiscount"], sale["calcTaxable"]) == ("7.55", "25.78")


def test_discount_on_the_sale_does_nothing_where_so_set(stocked, untaxed):
    stocked.settings(sale_discounts=False)
    assert untaxed(SHIRT, discountPercent="0.1")["calcDiscount"] == "0"


def test_whole_price_off_leaves_nothing_to_pay(owner, open_sale):
    sale = open_sale({**SHIRT, "discountPercent": "1"})
    done = owner.put(f"Sale/{sale['saleID']}", {"completed": True}).json()["Sale"]
    assert (done["completed"], done["total"], done["calcDiscount"]) == ("true", "0", "30")


# --- Prices that include their tax ----------------------------------------------------


@pytest.fixture
def inclusive(stocked, open_sale):
    """A sale under 20 % VAT, of which class 2 is exempt."""
    exempt = {"taxClassID": 2, "tax1Rate": 0}
    category = {"taxCategoryID": 9, "isTaxInclusive": True, "tax1Name": "VAT", "tax1Rate": "0.2"}
    classes = {"TaxCategoryClasses": {"TaxCategoryClass": exempt}}
    stocked.put({"TaxCategory": [category | classes]})

    def make(*lines, **fields):
        return open_sale(*lines, taxCategoryID=9, **fields)

    return make


def test_inclusive_line_shows_gross_prices_and_net_sums(inclusive):
    sale = inclusive({**SHIRT, "unitPrice": "12", "discountPercent": "0.5"})
    line = line_of(sale)
    assert (line["unitPrice"], line["displayableSubtotal"], line["calcTotal"]) == ("12", "18", "18")
    assert (line["calcSubtotal"], line["calcLineDiscount"], line["calcTax1"]) == ("30", "15", "3")
    assert (sale["calcSubtotal"], sale["calcDiscount"], sale["calcTax1"], sale["total"]) == (
        "30",
        "15",
        "3",
        "18",
    )


def test_inclusive_total_is_what_the_prices_say_whatever_rounding_does(inclusive):
    lines = [{"itemID": 0, "unitQuantity": 1, "unitPrice": "9.99"} for _ in range(3)]
    sale = inclusive(*lines, {"itemID": 14, "unitQuantity": 1}, discountPercent="0.07")
    figures = {name: float(sale[name]) for name in ("calcSubtotal", "calcDiscount", "calcTax1")}
    total = figures["calcSubtotal"] - figures["calcDiscount"] + figures["calcTax1"]
    assert round(total, 2) == float(sale["total"]) == 55.77
    assert sale["calcNonTaxable"] == "27.9"


OUT_OF_RANGE = [{"discountPercent": "5"}, {"discountPercent": "-0.1"}, {"discountAmount": "-1"}]


@pytest.mark.parametrize("discount", OUT_OF_RANGE)
def test_line_takes_no_more_than_its_price_off_and_never_less_than_nothing(
    owner, open_sale, discount
):
    sale = open_sale({"itemID": 12, "unitQuantity": 1})
    lines = f"Sale/{sale['saleID']}/SaleLine"
    line_id = sale["SaleLines"]["SaleLine"]["saleLineID"]
    assert owner.put(f"{lines}/{line_id}", discount).status_code == 400
    posted = owner.post(lines, {"itemID": 12, "unitQuantity": 1, **discount})
    assert posted.status_code == 400
    assert owner.record(f"Sale/{sale['saleID']}")["calcTotal"] == sale["calcTotal"]


@pytest.mark.parametrize("percent", ["1.01", "-0.1"])
def test_sale_takes_no_more_than_its_price_off_and_never_less_than_nothing(
    owner, open_sale, percent
):
    sale = open_sale({"itemID": 12, "unitQuantity": 1})
    answer = owner.put(f"Sale/{sale['saleID']}", {"discountPercent": percent})
    assert answer.status_code == 400
    assert open_sale(discountPercent=1)["discountPercent"] == "1"
