"""Gift cards and customers' accounts: money that the shop holds for somebody."""

import pytest

CARD = {"creditAccountID": 9, "code": "90000012345", "giftCard": True, "name": "Gift Card"}
ACCOUNT = {"creditAccountID": 11, "name": "Ann Lee", "customerID": 88}
SOCK = {"itemID": 12, "unitQuantity": 1}


@pytest.fixture
def holder(stocked, owner):
    """Sells and pays in one POST; the card is 9, Ann's account 11."""
    stocked.put(
        {
            "CreditAccount": [CARD, ACCOUNT],
            "Customer": [{"customerID": 88, "firstName": "Ann", "creditAccountID": 11}],
        }
    )

    def sell(*payments, lines=(), **fields):
        body = {"employeeID": 1, "shopID": 1, "registerID": 1, "completed": True, **fields}
        body["SaleLines"] = {"SaleLine": list(lines)}
        body["SalePayments"] = {"SalePayment": list(payments)}
        return owner.post(
            "Sale", body, load_relations=["SaleLines.Note", "SalePayments.SaleAccounts"]
        )

    return sell


def card(amount):
    return {"paymentTypeID": 5, "creditAccountID": 9, "amount": amount}


def on_account(amount):
    return {"paymentTypeID": 4, "creditAccountID": 11, "amount": amount}


def cash(amount):
    return {"paymentTypeID": 1, "amount": amount}


def balance(client, key=9):
    return client.record(f"CreditAccount/{key}")["balance"]


def test_loaded_card_holds_the_money_and_a_line_tells_of_it(owner, holder):
    sale = holder(card("-100"), cash("100")).json()["Sale"]
    assert (sale["total"], sale["totalDue"], sale["displayableTotal"]) == ("0", "100", "100")
    line = sale["SaleLines"]["SaleLine"]
    assert (line["unitQuantity"], line["unitPrice"], line["tax"]) == ("1", "0", "false")
    assert line["Note"]["note"].startswith("Gift Card Purchase")
    tied = sale["SalePayments"]["SalePayment"][0]["SaleAccounts"]["SaleAccount"]
    assert (tied["creditAccountID"], tied["saleLineID"]) == ("9", line["saleLineID"])
    assert balance(owner) == "-100"
    alone = owner.record(f"SaleLine/{line['saleLineID']}")
    assert alone["SalesAccounts"]["SaleAccount"] == tied


def test_card_pays_for_goods_and_leaves_nothing_due(owner, holder):
    holder(card("-100"), cash("100"))
    sale = holder(card("11.49"), lines=[SOCK]).json()["Sale"]
    assert (sale["total"], sale["totalDue"], sale["displayableTotal"]) == ("11.49", "0", "11.49")
    assert balance(owner) == "-88.51"


def test_card_pays_no_more_than_it_holds_unless_so_set(owner, stocked, holder):
    assert holder(card("11.49"), lines=[SOCK]).status_code == 400
    assert balance(owner) == "0"
    stocked.settings(gift_card_overdraw=True)
    assert holder(card("11.49"), lines=[SOCK]).status_code == 200
    assert balance(owner) == "11.49"


def test_register_called_ecom_loads_no_card_but_takes_one(stocked, owner, holder):
    holder(card("-100"), cash("100"))
    stocked.put({"Register": [{"registerID": 2, "shopID": 1, "name": "eCom"}]})
    assert holder(card("-100"), cash("100"), registerID=2).status_code == 400
    assert holder(card("11.49"), lines=[SOCK], registerID=2).status_code == 200
    assert balance(owner) == "-88.51"


def test_refund_to_a_card_is_no_purchase_of_one(owner, holder):
    goods = {"itemID": 12, "unitQuantity": -1}
    sale = holder(card("-11.49"), lines=[goods]).json()["Sale"]
    assert sale["SaleLines"]["SaleLine"]["itemID"] == "12"
    assert (sale["totalDue"], balance(owner)) == ("0", "-11.49")


def test_customer_pays_on_account_and_by_deposit(owner, holder):
    assert holder(on_account("11.49"), lines=[SOCK], customerID=88).status_code == 200
    assert balance(owner, 11) == "11.49"
    deposit = holder(on_account("-50"), cash("50"), customerID=88).json()["Sale"]
    assert (deposit["totalDue"], deposit["displayableTotal"]) == ("50", "50")
    assert balance(owner, 11) == "-38.51"


def test_store_credit_is_a_negative_line_put_on_the_account(owner, holder):
    credit = {"itemID": 0, "note": "Store Credit", "unitQuantity": 1, "unitPrice": -100}
    sale = holder(on_account("-100"), lines=[credit], customerID=88, taxCategoryID=0)
    assert (sale.status_code, balance(owner, 11)) == (200, "-100")


def test_account_of_the_customer_is_taken_where_none_is_named(owner, holder):
    holder({"paymentTypeID": 4, "amount": "11.49"}, lines=[SOCK], customerID=88)
    assert balance(owner, 11) == "11.49"


def test_account_is_of_use_to_its_customer_only_and_up_to_its_limit(owner, stocked, holder):
    assert holder(on_account("11.49"), lines=[SOCK]).status_code == 400
    stocked.put({"CreditAccount": [{"creditAccountID": 11, "creditLimit": "20"}]})
    assert holder(on_account("11.49"), lines=[SOCK], customerID=88).status_code == 200
    assert holder(on_account("11.49"), lines=[SOCK], customerID=88).status_code == 400
    assert balance(owner, 11) == "11.49"


@pytest.mark.parametrize("payment", [{"paymentTypeID": 5}, {**on_account(0), "paymentTypeID": 5}])
def test_card_payment_must_name_a_card(holder, payment):
    assert holder({**payment, "amount": "11.49"}, lines=[SOCK]).status_code == 400


@pytest.mark.parametrize(
    "payment", [card("11.49"), on_account("11.49")], ids=["card too small", "another's account"]
)
def test_sale_refused_by_a_card_or_account_stays_open_with_its_payment(owner, holder, payment):
    answer = holder(payment, lines=[SOCK])
    assert (answer.status_code, answer.json()["balance"]) == (400, "0")
    sale = owner.record(f"Sale/{answer.json()['saleID']}", load_relations=["SalePayments"])
    assert (sale["completed"], sale["calcPayments"]) == ("false", "11.49")
    assert (balance(owner), balance(owner, 11)) == ("0", "0")


def test_open_sale_refused_by_a_card_keeps_what_it_was_paid_in_full(owner, stocked, open_sale):
    stocked.put({"CreditAccount": [CARD]})
    sale = open_sale(SOCK)
    payments = {"SalePayment": [cash("5"), card("10")]}
    answer = owner.put(f"Sale/{sale['saleID']}", {"completed": True, "SalePayments": payments})
    assert answer.status_code == 400
    kept = owner.record(f"Sale/{sale['saleID']}", load_relations=["SalePayments"])
    assert [row["amount"] for row in kept["SalePayments"]["SalePayment"]] == ["5", "10"]
    assert (kept["completed"], kept["change"], balance(owner)) == ("false", "0", "0")


def test_nothing_of_a_sale_refused_by_a_card_stays_where_so_set(owner, stocked, holder, open_sale):
    stocked.settings(failed_post_kept=False, failed_put_kept=False)
    assert holder(card("11.49"), lines=[SOCK]).status_code == 400
    assert stocked.sales() == []
    sale = open_sale(SOCK)
    paid = {"completed": True, "SalePayments": {"SalePayment": card("11.49")}}
    assert owner.put(f"Sale/{sale['saleID']}", paid).status_code == 400
    assert owner.record(f"Sale/{sale['saleID']}")["calcPayments"] == "0"


def test_two_payments_of_one_card_come_to_no_more_than_it_holds(owner, holder):
    holder(card("-10"), cash("10"))
    assert holder(card("6"), card("5.49"), lines=[SOCK]).status_code == 400
    holder(card("-10"), cash("10"))
    assert holder(card("6"), card("5.49"), lines=[SOCK]).status_code == 200
    assert balance(owner) == "-8.51"
