"""The shapes of recorded and published answers, asked of the simulator over HTTP."""

from salesfloor.simulator.description import words

SEEN_LINE = {"itemID": 12, "unitQuantity": 1}


# --- Golden shapes --------------------------------------------------------------------

SALE_KEYS = words(
    "saleID timeStamp discountPercent completed archived voided enablePromotions isTaxInclusive "
    "tipEnabled createTime updateTime completeTime referenceNumber referenceNumberSource tax1Rate "
    "tax2Rate change receiptPreference displayableSubtotal ticketNumber calcDiscount calcTotal "
    "calcSubtotal calcTaxable calcNonTaxable calcAvgCost calcFIFOCost calcTax1 calcTax2 "
    "calcPayments calcTips calcItemFees total totalDue displayableTotal balance customerID "
    "discountID employeeID quoteID registerID shipToID shopID taxCategoryID tipEmployeeID "
    "SaleLines SalePayments MetaData taxTotal"
)
LINE_KEYS = words(
    "saleLineID createTime timeStamp unitQuantity unitPrice normalUnitPrice discountAmount "
    "discountPercent avgCost fifoCost tax tax1Rate tax2Rate isLayaway isWorkorder isSpecialOrder "
    "displayableSubtotal displayableUnitPrice lineType calcLineDiscount calcTransactionDiscount "
    "calcTotal calcSubtotal calcTax1 calcTax2 taxClassID customerID discountID employeeID itemID "
    "noteID parentSaleLineID shopID saleID itemFeeID"
)
PAYMENT_KEYS = words(
    "salePaymentID amount tipAmount createTime archived remoteReference paymentID saleID "
    "paymentTypeID ccChargeID refPaymentID registerID employeeID creditAccountID "
    "PaymentType"
)
ITEM_KEYS = words(
    "itemID systemSku defaultCost avgCost discountable tax archived itemType laborDurationMinutes "
    "serialized description modelYear upc ean customSku manufacturerSku createTime timeStamp "
    "publishToEcom categoryID taxClassID departmentID itemMatrixID itemAttributesID manufacturerID "
    "noteID seasonID defaultVendorID Prices"
)


def scalars(value):
    if isinstance(value, dict):
        for inner in value.values():
            yield from scalars(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from scalars(inner)
    else:
        yield value


def test_completed_sale_has_the_golden_keys_and_figures(owner, open_sale):
    sale = open_sale(SEEN_LINE, {"itemID": 13, "unitQuantity": 1}, referenceNumber="SF-01HZX3")
    paid = {"SalePayments": {"SalePayment": {"paymentTypeID": "1", "amount": "40"}}}
    owner.put(f"Sale/{sale['saleID']}", paid | {"completed": True})
    asked = ["SaleLines", "SalePayments", "SalePayments.PaymentType"]
    golden = owner.record(f"Sale/{sale['saleID']}", load_relations=asked)
    assert sorted(golden) == sorted(SALE_KEYS)
    for line in golden["SaleLines"]["SaleLine"]:
        assert sorted(line) == sorted(LINE_KEYS)
    assert sorted(golden["SalePayments"]["SalePayment"]) == sorted(PAYMENT_KEYS)
    assert (golden["change"], golden["taxTotal"], golden["calcFIFOCost"]) == ("5.52", "4.49", "14")
    line = golden["SaleLines"]["SaleLine"][0]
    assert (line["calcTotal"], line["calcTax2"]) == ("11.4860025", "0.9965025")
    assert all(isinstance(value, str) for value in scalars(golden))


def test_item_has_the_golden_keys_all_of_them_strings(owner):
    item = owner.record("Item/12")
    assert sorted(item) == sorted((*ITEM_KEYS, "itemECommerceID"))
    assert item["Prices"]["ItemPrice"] == [
        {"amount": "9.99", "useTypeID": "1", "useType": "Default"},
        {"amount": "12", "useTypeID": "2", "useType": "MSRP"},
    ]
    assert all(isinstance(value, str) for value in scalars(item))


# --- Recorded refusals ----------------------------------------------------------------


def envelope(message, status="400", phrase="Bad Request"):
    return {
        "httpCode": status,
        "httpMessage": phrase,
        "message": message,
        "errorClass": "Exception",
    }


def test_category_without_a_name_is_refused_as_recorded(owner):
    answer = owner.post("Category", {"name": ""})
    assert (answer.status_code, answer.json()) == (400, envelope("name cannot be blank."))


def test_item_without_a_description_is_refused_as_recorded(owner):
    created = owner.post("Item", {"description": ""})
    updated = owner.put("Item/12", {"description": ""})
    assert created.json() == envelope("Item not created. An Item must have a description.")
    assert updated.json() == envelope("Item not updated. An Item must have a description.")


def test_unknown_id_is_refused_as_recorded_in_a_body_that_calls_itself_html(owner):
    answer = owner.get("Employee/2")
    assert answer.json() == envelope(
        "Object of type 'Employee' not found with primary ID '2'.", "404", "Not Found"
    )
    assert answer.headers["Content-Type"] == "text/html; charset=UTF-8"
