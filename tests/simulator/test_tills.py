"""Shops and registers: opening, what a drawer should hold, counting and closing."""

import pytest

FLOAT = {"amount": "150", "paymentTypeID": "1", "notes": "float"}


@pytest.fixture
def closed(stocked):
    """Register 1, closed."""
    stocked.put({"Register": [{"registerID": 1, "open": False}]})


@pytest.fixture
def sell(open_sale, owner):
    def make(kind, tendered):
        sale = open_sale({"itemID": 12, "unitQuantity": 1})
        paid = {"SalePayments": {"SalePayment": {"paymentTypeID": kind, "amount": tendered}}}
        answer = owner.put(f"Sale/{sale['saleID']}", paid | {"completed": True})
        assert answer.status_code == 200, answer.text
        return answer.json()["Sale"]

    return make


def drawer(client, payment_type=1):
    """(put in, taken out, paid) of one kind of payment at register 1."""
    amounts = client.get("Register/1/calculated").json()["CalculatedAmount"]
    (row,) = (row for row in amounts if row["paymentTypeID"] == str(payment_type))
    return row["add"], row["withdraw"], row["payment"]


# --- Opening --------------------------------------------------------------------------


def test_opening_answers_the_float_and_opens_the_register(closed, owner):
    answer = owner.post("Register/1/open", FLOAT | {"employeeID": "1"}).json()
    register = owner.record("Register/1")
    assert answer["@attributes"] == {"count": "1"}
    float_ = answer["RegisterWithdraw"]
    assert (float_["amount"], float_["notes"], float_["registerID"]) == ("150", "float", "1")
    assert (register["open"], register["openEmployeeID"]) == ("true", "1")
    assert register["openTime"] == float_["createTime"]
    assert drawer(owner) == ("150", "0", "0")


def test_opening_takes_a_payment_type(closed, owner):
    answer = owner.post("Register/1/open", {"amount": "150"})
    assert answer.status_code == 400
    assert "paymentTypeID" in answer.json()["message"]
    assert owner.record("Register/1")["open"] == "false"


def test_open_register_cannot_be_opened_again(owner):
    answer = owner.post("Register/1/open", FLOAT)
    assert (answer.status_code, answer.json()["errorClass"]) == (400, "Exception")
    assert owner.records("RegisterWithdraw") == []


def test_unknown_register_cannot_be_opened_closed_or_calculated(owner):
    assert owner.post("Register/9/open", FLOAT).status_code == 404
    assert owner.post("Register/9/close", {}).status_code == 404
    assert owner.get("Register/9/calculated").status_code == 404


# --- What the drawer should hold ------------------------------------------------------


def test_calculated_has_no_attributes_and_a_row_for_every_payment_type(owner):
    body = owner.get("Register/1/calculated").json()
    assert list(body) == ["CalculatedAmount"]
    assert [row["paymentTypeID"] for row in body["CalculatedAmount"]] == list("123456")
    assert set(body["CalculatedAmount"][0]) == {"add", "withdraw", "payment", "paymentTypeID"}


def test_cash_counts_without_the_change_that_was_given(owner, sell):
    assert sell(1, "20")["change"] == "8.51"
    sell(3, "11.49")
    assert drawer(owner, 1) == ("0", "0", "11.49")
    assert drawer(owner, 3) == ("0", "0", "11.49")


def test_open_sale_with_a_payment_is_not_in_the_drawer_yet(owner, open_sale):
    sale = open_sale({"itemID": 12, "unitQuantity": 1})
    payment = {"SalePayments": {"SalePayment": {"paymentTypeID": 1, "amount": "11.49"}}}
    owner.put(f"Sale/{sale['saleID']}", payment)
    assert drawer(owner) == ("0", "0", "0")
    owner.put(f"Sale/{sale['saleID']}", {"completed": True})
    assert drawer(owner) == ("0", "0", "11.49")


def test_back_dated_sale_counts_in_the_drawer_its_money_went_into(owner, open_sale):
    sale = open_sale({"itemID": 12, "unitQuantity": 1})
    payment = {"SalePayments": {"SalePayment": {"paymentTypeID": 1, "amount": "11.49"}}}
    then = {"completed": True, "completeTime": "2023-05-04T15:00:00+00:00"}
    assert owner.put(f"Sale/{sale['saleID']}", payment | then).status_code == 200
    assert drawer(owner) == ("0", "0", "11.49")


def test_money_put_in_and_paid_out_is_kept_apart(owner):
    moved = {"paymentTypeID": "1", "registerID": "1", "employeeID": "1"}
    assert owner.post("RegisterWithdraw", moved | {"amount": "321"}).status_code == 200
    paid_out = owner.post("RegisterWithdraw", moved | {"amount": "-21.5", "notes": "Window"})
    shown = paid_out.json()["RegisterWithdraw"]
    assert (shown["amount"], shown["notes"]) == ("-21.5", "Window")
    assert drawer(owner) == ("321", "-21.5", "0")


def test_payment_at_another_register_is_not_in_this_drawer(stocked, owner, open_sale):
    stocked.put({"Register": [{"registerID": 2, "name": "Register 2", "shopID": 1}]})
    sale = open_sale({"itemID": 12, "unitQuantity": 1}, registerID=2)
    payment = {"SalePayments": {"SalePayment": {"paymentTypeID": 1, "amount": "11.49"}}}
    owner.put(f"Sale/{sale['saleID']}", payment | {"completed": True})
    assert drawer(owner) == ("0", "0", "0")


def test_withdrawal_is_made_by_who_asks_unless_it_says_otherwise(stocked, owner):
    stocked.put({"Employee": [{"employeeID": 2, "employeeRoleID": 4}]})
    body = {"amount": "1", "paymentTypeID": "1", "registerID": "1"}
    made = stocked.client(2).post("RegisterWithdraw", body).json()["RegisterWithdraw"]
    told = owner.post("RegisterWithdraw", body | {"employeeID": 2}).json()["RegisterWithdraw"]
    assert (made["employeeID"], told["employeeID"]) == ("2", "2")


@pytest.mark.parametrize("name", ["registerID", "paymentTypeID", "employeeID"])
def test_withdrawal_names_what_it_does_not_find(owner, name):
    body = {"amount": "1", "paymentTypeID": "1", "registerID": "1", "employeeID": "1"}
    answer = owner.post("RegisterWithdraw", body | {name: "99"})
    assert answer.status_code == 400
    assert name in answer.json()["message"]


# --- Closing --------------------------------------------------------------------------


def test_closing_answers_a_count_with_expected_and_counted_amounts(closed, owner, sell):
    owner.post("Register/1/open", FLOAT)
    opened = owner.record("Register/1")["openTime"]
    sell(1, "20")
    counted = {"RegisterCountAmounts": {"RegisterCountAmount": [
        {"paymentTypeID": "1", "actual": "161.40"}, {"paymentTypeID": "3", "actual": "0"},
    ]}}  # fmt: skip
    answer = owner.post("Register/1/close", counted | {"closeEmployeeID": "1", "notes": "Tired"})
    count = answer.json()["RegisterCount"]
    assert (count["notes"], count["openTime"], count["closeEmployeeID"]) == ("Tired", opened, "1")
    cash, *others = count["RegisterCountAmounts"]["RegisterCountAmount"]
    assert (cash["calculated"], cash["actual"], cash["paymentTypeID"]) == ("161.49", "161.4", "1")
    assert {(row["calculated"], row["actual"]) for row in others} == {("0", "0")}
    assert owner.record("Register/1")["open"] == "false"


def test_closing_without_counted_amounts_counts_nothing(owner, sell):
    sell(1, "11.49")
    count = owner.post("Register/1/close", {"closeEmployeeID": "1"}).json()["RegisterCount"]
    cash = count["RegisterCountAmounts"]["RegisterCountAmount"][0]
    assert (cash["calculated"], cash["actual"]) == ("11.49", "0")


def test_closed_register_cannot_be_closed_again(closed, owner):
    answer = owner.post("Register/1/close", {"closeEmployeeID": "1"})
    assert (answer.status_code, owner.records("RegisterCount")) == (400, [])


@pytest.mark.parametrize(
    "wrong",
    [
        {"closeEmployeeID": "99"},
        {"RegisterCountAmounts": {"RegisterCountAmount": {"paymentTypeID": "99", "actual": 1}}},
    ],
)
def test_closing_that_names_the_unknown_leaves_the_register_open(owner, wrong):
    assert owner.post("Register/1/close", {"closeEmployeeID": "1"} | wrong).status_code == 400
    assert owner.record("Register/1")["open"] == "true"
    assert owner.records("RegisterCount") == []


def test_drawer_begins_anew_with_the_next_opening_even_in_the_same_second(stocked, owner, sell):
    stocked.clock(frozen=True)
    sell(1, "11.49")
    owner.post("Register/1/close", {})
    owner.post("Register/1/open", FLOAT)
    assert drawer(owner) == ("150", "0", "0")


def test_counts_and_their_amounts_are_listed(owner, sell):
    sell(1, "11.49")
    owner.post("Register/1/close", {"closeEmployeeID": "1"})
    relations = ["RegisterCountAmounts", "RegisterCountAmounts.PaymentType"]
    (count,) = owner.records("RegisterCount", load_relations=relations)
    amounts = count["RegisterCountAmounts"]["RegisterCountAmount"]
    assert [amount["PaymentType"]["name"] for amount in amounts][:2] == ["Cash", "Check"]
    assert len(owner.records("RegisterCountAmount")) == 6
    assert owner.post("RegisterCount", {}).status_code == 405


# --- Who may --------------------------------------------------------------------------


def test_opening_and_closing_take_their_own_rights(closed, stocked):
    opener = stocked.client(scope="employee:register_open")
    assert opener.post("Register/1/open", FLOAT).status_code == 200
    assert opener.post("Register/1/close", {}).status_code == 403
    assert opener.get("Register/1/calculated").status_code == 403
    assert stocked.client(scope="employee:register_close").post("Register/1/close", {}).ok


def test_right_taken_from_the_role_is_gone_at_the_next_call(closed, stocked, owner):
    owner_right = {"EmployeeRights": {"EmployeeRight": [{"name": "allow_login"}]}}
    stocked.put({"EmployeeRole": [{"employeeRoleID": 4, **owner_right}]})
    assert owner.post("Register/1/open", FLOAT).status_code == 403


# --- Shops and registers themselves ---------------------------------------------------


def test_new_shop_comes_with_a_contact_and_a_receipt_of_its_own(owner):
    shop = owner.post("Shop", {"name": "Harbour", "timeZone": "US/Pacific"}).json()["Shop"]
    assert (shop["timeZone"], shop["gatewayConfigID"]) == ("US/Pacific", "")
    assert shop["Contact"]["noEmail"] == "true"
    assert "0" not in (shop["contactID"], shop["receiptSetupID"])


def test_shop_shows_all_that_belongs_to_it(stocked, owner):
    gateway = {"ccGatewayID": 1, "visaPaymentTypeID": 3, "debitPaymentTypeID": 6}
    shop = {"shopID": 1, "ccGatewayID": 1, "gatewayConfigID": "2x4-91", "Contact": {"custom": "x"}}
    stocked.put({"CCGateway": [gateway], "Shop": [shop | {"ReceiptSetup": {"header": "Hello"}}]})
    shown = owner.record("Shop/1", load_relations="all")
    assert shown["gatewayConfigID"] == "2x4-91"
    assert shown["CCGateway"]["visaPaymentTypeID"] == "3"
    assert shown["ReceiptSetup"]["header"] == "Hello"
    assert shown["Registers"]["Register"]["registerID"] == "1"
    assert shown["PriceLevel"]["name"] == "Default"


@pytest.mark.parametrize(
    "wrong",
    [
        {"timeZone": "Mars/Base"},
        {"timeZone": ""},
        {"taxCategoryID": 99},
        {"priceLevelID": 99},
        {"contactID": 99},
        {"labelTitle": "Nonsense"},
    ],
)
def test_shop_that_names_what_is_not_there_is_refused(owner, wrong):
    before = owner.record("Shop/1")
    (name,) = wrong
    for answer in (owner.put("Shop/1", wrong), owner.post("Shop", {"name": "New"} | wrong)):
        assert (answer.status_code, name in answer.json()["message"]) == (400, True)
    assert owner.record("Shop/1") == before
    assert len(owner.records("Shop")) == 1


def test_shop_is_changed_with_its_address_and_receipt(owner):
    body = {
        "name": "Quay",
        "priceLevelID": 2,
        "labelTitle": "No Title",
        "archived": True,
        "Contact": {"custom": "Gate 3"},
        "ReceiptSetup": {"generalMsg": "Thank you"},
    }
    shop = owner.put("Shop/1", body, load_relations="all").json()["Shop"]
    assert (shop["name"], shop["priceLevelID"], shop["archived"]) == ("Quay", "2", "false")
    assert shop["Contact"]["custom"] == "Gate 3"
    assert shop["ReceiptSetup"]["generalMsg"] == "Thank you"


def test_shop_may_share_a_contact_that_there_is(owner):
    first = owner.post("Shop", {"name": "Quay"}).json()["Shop"]
    second = owner.post("Shop", {"name": "Pier", "contactID": first["contactID"]}).json()["Shop"]
    assert second["contactID"] == first["contactID"]


def test_shop_cannot_be_deleted(owner):
    assert owner.delete("Shop/1").status_code == 405


def test_register_is_renamed_and_nothing_else(owner):
    changed = owner.put("Register/1", {"name": "Front", "open": "false", "shopID": "7"})
    register = changed.json()["Register"]
    assert (register["name"], register["open"], register["shopID"]) == ("Front", "true", "1")
    assert owner.post("Register", {"name": "Second"}).status_code == 405
