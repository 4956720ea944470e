"""Payments: how they add up, what becomes of a failed completion, and what belongs to them."""

import json

import pytest

SOCK = {"itemID": 12, "unitQuantity": 1}
PDF = b"%PDF-1.4 signed"


def paying(*payments, **fields):
    return {"SalePayments": {"SalePayment": list(payments)}, "completed": True, **fields}


def cash(amount, **fields):
    return {"paymentTypeID": 1, "amount": amount, **fields}


def card(amount, **fields):
    return {"paymentTypeID": 3, "amount": amount, **fields}


def test_split_payment_gives_change_on_its_cash_alone(owner, open_sale):
    sale = open_sale(SOCK)
    body = paying(card("5", remoteReference="term-9f2c"), cash("20"))
    done = owner.put(f"Sale/{sale['saleID']}", body).json()["Sale"]
    amounts = [(p["amount"], p["remoteReference"]) for p in done["SalePayments"]["SalePayment"]]
    assert (amounts, done["change"]) == ([("5", "term-9f2c"), ("6.49", "")], "13.51")
    (found,) = owner.records("SalePayment", remoteReference="term-9f2c")
    assert found["saleID"] == sale["saleID"]


def test_tip_is_inside_the_amount_and_outside_the_total(owner, open_sale):
    sale = open_sale(SOCK, tipEnabled=True)
    done = owner.put(f"Sale/{sale['saleID']}", paying(card("13.49", tipAmount="2"))).json()["Sale"]
    assert (done["total"], done["calcTips"], done["balance"]) == ("11.49", "2", "0")
    assert (done["completed"], done["tipEmployeeID"]) == ("true", "1")


def test_archived_payment_is_shown_and_not_summed(owner, stocked, open_sale):
    sale = open_sale(SOCK)
    cancelled = {"saleID": sale["saleID"], "paymentTypeID": 3, "amount": "11.49", "archived": True}
    stocked.put({"SalePayment": [cancelled]})
    done = owner.put(f"Sale/{sale['saleID']}", paying(card("11.49"))).json()["Sale"]
    shown = [payment["archived"] for payment in done["SalePayments"]["SalePayment"]]
    assert (shown, done["calcPayments"], done["balance"]) == (["true", "false"], "11.49", "0")


@pytest.mark.parametrize(("kept", "payments"), [(True, 1), (False, 0)])
def test_payments_of_a_failed_completion_stay_attached_or_not_as_set(
    owner, stocked, open_sale, kept, payments
):
    stocked.settings(failed_put_kept=kept)
    sale = open_sale(SOCK)
    assert owner.put(f"Sale/{sale['saleID']}", paying(cash("5"))).status_code == 400
    (left,) = stocked.sales()
    assert (left["completed"], len(left["payments"])) == (False, payments)


@pytest.mark.parametrize(("kept", "sales"), [(True, 1), (False, 0)])
def test_sale_of_a_failed_completion_exists_or_not_as_set(owner, stocked, kept, sales):
    stocked.settings(failed_post_kept=kept)
    body = {"employeeID": 1, "shopID": 1, "registerID": 1, "SaleLines": {"SaleLine": SOCK}}
    answer = owner.post("Sale", body | paying(cash("5")))
    assert answer.json()["errorClass"] == "OutOfBalanceError"
    assert len(stocked.sales()) == sales


def test_nothing_leaves_the_shelf_when_a_completion_fails(owner, stocked, open_sale):
    sale = open_sale(SOCK)
    owner.put(f"Sale/{sale['saleID']}", paying(card("50")))
    assert stocked.stock(12)[1] == 5
    assert owner.records("InventoryLog") == []


def test_closed_register_sells_unless_so_set(owner, stocked, open_sale):
    stocked.put({"Register": [{"registerID": 1, "open": False}]})
    open_sale(SOCK)
    stocked.settings(closed_register_refused=True)
    body = {"employeeID": 1, "shopID": 1, "registerID": 1}
    assert owner.post("Sale", body).status_code == 400


def test_customer_brings_their_tax_category_and_discount_only_where_so_set(
    owner, stocked, open_sale
):
    stocked.put(
        {
            "TaxCategory": [{"taxCategoryID": 7, "tax1Rate": "0.1"}],
            "Discount": [{"discountID": 3, "name": "Club", "discountPercent": "0.1"}],
            "CustomerType": [{"customerTypeID": 5, "name": "Club", "discountID": 3}],
            "Customer": [{"customerID": 88, "taxCategoryID": 7, "customerTypeID": 5}],
        }
    )
    assert open_sale(SOCK, customerID=88)["calcTotal"] == "11.49"
    stocked.settings(customer_defaults_applied=True)
    sale = open_sale(SOCK, customerID=88)
    assert (sale["taxCategoryID"], sale["calcDiscount"], sale["calcTotal"]) == ("7", "1", "9.89")
    assert open_sale(SOCK, customerID=88, taxCategoryID=1, discountID=0)["calcTotal"] == "11.49"


def test_serialized_unit_is_tied_to_its_line_and_free_when_it_comes_back(owner, stocked, open_sale):
    stocked.put(
        {
            "Item": [{"itemID": 12, "serialized": True}],
            "Serialized": [{"serializedID": 5, "itemID": 12, "serial": "YL-123456"}],
            "Customer": [{"customerID": 88, "firstName": "Ann"}],
        }
    )
    sale = open_sale({**SOCK, "unitQuantity": 2}, customerID=88)
    owner.put(f"Sale/{sale['saleID']}", paying(cash("50")))
    line_id = sale["SaleLines"]["SaleLine"]["saleLineID"]
    tied = owner.records("Serialized")
    assert [(row["saleLineID"], row["customerID"]) for row in tied] == [(line_id, "88")] * 2
    owner.post(f"Sale/{sale['saleID']}/refund", paying({"paymentTypeID": 1}))
    assert {row["saleLineID"] for row in owner.records("Serialized")} == {"0"}


def test_customer_nested_in_a_new_sale_is_attached_to_it(stocked, open_sale):
    stocked.put({"Customer": [{"customerID": 88, "firstName": "Ann"}]})
    assert open_sale(SOCK, Customer={"customerID": 88})["Customer"]["firstName"] == "Ann"


# --- What belongs to a payment --------------------------------------------------------


@pytest.fixture
def signed(owner, open_sale):
    """Posts a signature to a payment; the path, and the answer."""

    def sign(path):
        return owner.http.post(
            f"{owner.url}/{path}.json",
            files={
                "data": (None, json.dumps({}), "application/json"),
                "binary": ("signature.pdf", PDF, "application/pdf"),
            },
            headers=owner.grant.headers,
            timeout=5,
        )

    return sign


def test_payment_is_signed_once_and_the_signature_can_be_fetched(owner, open_sale, signed):
    sale = open_sale(SOCK)
    done = owner.put(f"Sale/{sale['saleID']}", paying(card("11.49"))).json()["Sale"]
    path = f"SalePayment/{done['SalePayments']['SalePayment']['salePaymentID']}"
    answer = signed(f"{path}/SalePaymentSignature")
    assert answer.status_code == 200, answer.text
    signature = answer.json()["SalePaymentSignature"]
    assert signed(f"{path}/SalePaymentSignature").status_code == 400
    own = f"{path}/SalePaymentSignature/{signature['salePaymentSignatureID']}"
    assert owner.record(own) == signature
    file = owner.http.get(f"{owner.url}/{own}.pdf", headers=owner.grant.headers, timeout=5)
    assert (file.content, file.headers["Content-Type"]) == (PDF, "application/pdf")
    assert owner.record(path, load_relations=["Signatures"])["Signatures"] == {
        "SalePaymentSignature": signature
    }
    assert owner.delete(own).status_code == 405


def test_charges_and_fees_of_a_payment_are_read_with_it(owner, stocked):
    stocked.put(
        {
            "CCCharge": [{"ccChargeID": 2, "xnum": "3539", "amount": "565", "saleID": 141}],
            "SalePayment": [{"salePaymentID": 1, "paymentTypeID": 3, "ccChargeID": 2}],
            "ProcessingFee": [{"salePaymentID": 1, "processor": "STRIPE", "fixedFee": "0.01"}],
        }
    )
    payment = owner.record("SalePayment/1", load_relations=["CCCharge", "ProcessingFees"])
    assert payment["CCCharge"]["xnum"] == "3539"
    fee = payment["ProcessingFees"]["ProcessingFee"]
    assert owner.records("ProcessingFee", salePaymentID="1") == [fee]


def test_removed_line_is_answered_with_its_sale_as_it_now_is(owner, open_sale):
    sale = open_sale(SOCK, {"itemID": 13, "unitQuantity": 1})
    line_id = sale["SaleLines"]["SaleLine"][0]["saleLineID"]
    line = owner.delete(f"Sale/{sale['saleID']}/SaleLine/{line_id}").json()["SaleLine"]
    assert (line["Sale"]["calcSubtotal"], line["Sale"]["SalePayments"]) == ("20", "")


def test_card_charge_tells_the_terminals_answer_and_what_else_it_said(stocked, owner):
    terminal = {"response": "APPROVED", "MetaData": {"aid": "A000"}}
    stocked.put({"CCCharge": [{"xnum": "4242", **terminal}, {"xnum": "1111"}]})
    charge, plain = owner.records("CCCharge")
    assert {name: charge[name] for name in terminal} == terminal
    assert (plain["response"], "MetaData" in plain) == ("", False)
