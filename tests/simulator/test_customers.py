"""Customers, their contacts, accounts and types, and gift cards."""

import pytest


def contact(phones=(), emails=(), **parts):
    return {
        "Contact": {
            "Phones": {"ContactPhone": [{"number": n, "useType": use} for n, use in phones]},
            "Emails": {"ContactEmail": [{"address": a, "useType": use} for a, use in emails]},
            **parts,
        }
    }


def new_customer(owner, **body):
    answer = owner.post("Customer", {"firstName": "Ann", "lastName": "Lee", **body})
    assert answer.status_code == 200, answer.text
    return answer.json()["Customer"]


def path_of(customer):
    return f"Customer/{customer['customerID']}"


def contact_of(owner, customer):
    return owner.record(path_of(customer), load_relations=["Contact"])["Contact"]


# --- Customers ------------------------------------------------------------------------


def test_new_customer_is_answered_with_a_blank_contact_that_wants_nothing(owner):
    customer = new_customer(owner)
    made = customer["Contact"]
    assert (made["noEmail"], made["noPhone"], made["noMail"]) == ("true", "true", "true")
    assert set(made["Addresses"]["ContactAddress"].values()) == {""}
    assert (made["Phones"], made["Emails"], made["Websites"]) == ("", "", "")
    assert "dob" not in customer
    assert (customer["creditAccountID"], customer["archived"]) == ("0", "false")


def test_contact_parts_are_found_by_their_use_and_cleared_by_emptying_them(owner):
    phones = [("1", "Home"), ("2", "Mobile")]
    emails = [("a@example.com", "Primary"), ("b@example.com", "Secondary")]
    customer = new_customer(owner, **contact(phones, emails))
    owner.put(path_of(customer), contact([("", "Home")], [("c@example.com", "Primary")]))
    kept = contact_of(owner, customer)
    assert kept["Phones"] == {"ContactPhone": {"number": "2", "useType": "Mobile"}}
    assert [e["address"] for e in kept["Emails"]["ContactEmail"]] == [
        "c@example.com",
        "b@example.com",
    ]
    owner.put(path_of(customer), contact([("", "Mobile")]))
    assert contact_of(owner, customer)["Phones"] == ""


def test_address_and_website_change_line_by_line(owner):
    address = {"address1": "1 Quay", "city": "Cork", "countryCode": "IE"}
    customer = new_customer(
        owner,
        **contact(
            Addresses={"ContactAddress": address},
            Websites={"ContactWebsite": {"url": "https://example.com"}},
        ),
    )
    owner.put(path_of(customer), contact(Addresses={"ContactAddress": {"city": "Cobh"}}))
    kept = contact_of(owner, customer)
    lines = kept["Addresses"]["ContactAddress"]
    assert (lines["address1"], lines["city"], lines["zip"]) == ("1 Quay", "Cobh", "")
    owner.put(path_of(customer), contact(Websites={"ContactWebsite": {"url": ""}}))
    assert contact_of(owner, customer)["Websites"] == ""


def test_contact_without_a_use_is_at_home_and_primary(owner):
    body = {"Contact": {"Phones": {"ContactPhone": {"number": "1"}}}}
    body["Contact"]["Emails"] = {"ContactEmail": {"address": "a@example.com"}}
    kept = contact_of(owner, new_customer(owner, **body))
    assert kept["Phones"]["ContactPhone"]["useType"] == "Home"
    assert kept["Emails"]["ContactEmail"]["useType"] == "Primary"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "b@example.com"),
        ("phoneHome", "11"),
        ("phoneWork", "12"),
        ("mobile", "13"),
        ("pager", "14"),
        ("fax", "15"),
    ],
)
def test_customer_is_found_by_every_way_to_reach_them(owner, field, value):
    uses = ("Home", "Work", "Mobile", "Pager", "Fax")
    phones = [(str(11 + place), use) for place, use in enumerate(uses)]
    emails = [("a@example.com", "Primary"), ("b@example.com", "Secondary")]
    new_customer(owner)
    customer = new_customer(owner, **contact(phones, emails))
    found = owner.records("Customer", load_relations=["Contact"], **{f"Contact.{field}": value})
    assert [record["customerID"] for record in found] == [customer["customerID"]]
    assert owner.get("Customer", **{f"Contact.{field}": value}).status_code == 400


def test_date_of_birth_is_absent_until_set_and_again_when_emptied(owner):
    customer = new_customer(owner, dob="1980-05-05")
    assert customer["dob"].startswith("1980-05-05T04:00:00")
    assert "dob" not in owner.put(path_of(customer), {"dob": ""}).json()["Customer"]


def test_note_tags_and_custom_fields_belong_to_the_customer(owner):
    field = owner.post("Customer/CustomField", {"type": "boolean", "name": "Student"})
    field_id = field.json()["CustomField"]["customFieldID"]
    value = {"customFieldID": field_id, "value": True}
    customer = new_customer(
        owner,
        Note={"note": "Likes wool"},
        Tags={"tag": ["VIP"]},
        CustomFieldValues={"CustomFieldValue": [value]},
    )
    asked = ["Note", "Tags", "CustomFieldValues"]
    kept = owner.record(path_of(customer), load_relations=asked)
    assert (kept["Note"]["note"], kept["Tags"]) == ("Likes wool", {"tag": "vip"})
    assert kept["CustomFieldValues"]["CustomFieldValue"]["value"] == "true"
    gone = {"CustomFieldValue": [{"customFieldID": field_id, "deleted": True}]}
    owner.put(path_of(customer), {"Tags": "", "CustomFieldValues": gone})
    kept = owner.record(path_of(customer), load_relations=asked)
    assert kept["Tags"] == ""
    assert "CustomFieldValues" not in kept


def test_deleted_customer_is_archived_and_comes_back(owner):
    customer = new_customer(owner)
    assert owner.delete(path_of(customer)).json()["Customer"]["archived"] == "true"
    assert owner.records("Customer", customerID=customer["customerID"]) == []
    assert len(owner.records("Customer", customerID=customer["customerID"], archive=1)) == 1
    back = owner.put(path_of(customer), {"archived": False}).json()["Customer"]
    assert back["archived"] == "false"


@pytest.mark.parametrize("asked", ["DELETE", "PUT"])
def test_account_is_archived_and_comes_back_with_its_customer(owner, asked):
    customer = new_customer(owner, CreditAccount={"creditLimit": 5})
    account = f"CreditAccount/{customer['creditAccountID']}"
    owner.call(asked, path_of(customer), {"archived": True} if asked == "PUT" else None)
    assert owner.record(account)["archived"] == "true"
    owner.put(path_of(customer), {"archived": False})
    assert owner.record(account)["archived"] == "false"


def test_anonymized_customer_is_archived_and_nobody(owner):
    body = contact([("1", "Home")], [("a@example.com", "Primary")])
    body |= {"company": "Alder", "dob": "1980-05-05", "Note": {"note": "Likes wool"}}
    customer = new_customer(owner, CreditAccount={"name": "Ann Lee"}, **body)
    answer = owner.delete(f"{path_of(customer)}/Anonymize")
    assert answer.status_code == 200, answer.text
    nobody = answer.json()["Customer"]
    assert (nobody["firstName"], nobody["lastName"]) == ("Customer", f"[{customer['customerID']}]")
    assert (nobody["company"], nobody["archived"]) == ("", "true")
    assert "dob" not in nobody
    kept = owner.record(path_of(customer), load_relations=["Contact", "Note", "CreditAccount"])
    assert (kept["Contact"]["Phones"], kept["Contact"]["Emails"]) == ("", "")
    assert kept["Note"]["note"] == "Likes wool"
    account = owner.record(f"CreditAccount/{nobody['creditAccountID']}")
    assert (account["name"], account["archived"]) == ("", "true")


def test_customer_is_forgotten_once_and_never_another(owner):
    assert owner.delete("Customer/99/Anonymize").status_code == 404


def test_removed_customer_type_leaves_its_customers_without_one(owner):
    kind = owner.post("CustomerType", {"name": "Loyalty", "discountID": 1}).json()["CustomerType"]
    assert set(kind) == {"customerTypeID", "name", "taxCategoryID", "discountID"}
    customer = new_customer(owner, customerTypeID=kind["customerTypeID"])
    path = f"CustomerType/{kind['customerTypeID']}"
    assert owner.put(path, {"name": "Club"}).json()["CustomerType"]["name"] == "Club"
    shown = owner.record(path_of(customer), load_relations=["CustomerType"])
    assert shown["CustomerType"]["name"] == "Club"
    assert owner.delete(path).json()["CustomerType"]["name"] == "Club"
    assert owner.record(path_of(customer))["customerTypeID"] == "0"


@pytest.mark.parametrize("sort", ["customerID", "-timeStamp", "firstName", "-lastName"])
def test_customers_are_sorted_by_four_keys(owner, sort):
    assert owner.get("Customer", sort=sort).status_code == 200
    assert owner.get("Customer", sort="company").status_code == 400


# --- Accounts -------------------------------------------------------------------------


@pytest.fixture
def account(owner):
    """Of a customer with an e-mail address, who may owe 100."""
    body = contact(emails=[("a@example.com", "Primary")])
    customer = new_customer(owner, CreditAccount={"name": "Ann Lee", "creditLimit": 100}, **body)
    return owner.record(f"CreditAccount/{customer['creditAccountID']}")


def test_account_is_made_inside_its_customer_and_shows_four_fields_there(owner, account):
    assert (account["giftCard"], account["code"], account["balance"]) == ("false", "", "0")
    customer = owner.record(f"Customer/{account['customerID']}", load_relations=["CreditAccount"])
    assert set(customer["CreditAccount"]) == {
        "creditAccountID", "balance", "creditLimit", "timeStamp",
    }  # fmt: skip
    assert customer["CreditAccount"]["creditLimit"] == "100"


def test_limit_of_an_account_is_set_inside_the_customer_only(owner, account):
    path = f"CreditAccount/{account['creditAccountID']}"
    owner.put(path, {"creditLimit": 900, "balance": -50, "description": "Regular"})
    changed = owner.record(path)
    assert (changed["creditLimit"], changed["balance"]) == ("100", "0")
    assert changed["description"] == "Regular"
    owner.put(f"Customer/{account['customerID']}", {"CreditAccount": {"creditLimit": 250}})
    again = owner.record(path)
    assert (again["creditLimit"], again["name"]) == ("250", "Ann Lee")


def test_code_inside_a_customer_makes_no_gift_card(owner):
    customer = new_customer(owner, CreditAccount={"name": "Ann", "code": "90000012345"})
    made = owner.record(f"CreditAccount/{customer['creditAccountID']}")
    assert (made["giftCard"], made["code"]) == ("false", "")


def test_account_knows_its_holders_contact_and_its_payments(owner, stocked, account, open_sale):
    sale = open_sale({"itemID": 12, "unitQuantity": 1}, customerID=account["customerID"])
    paid = {"paymentTypeID": 4, "amount": "11.49", "creditAccountID": account["creditAccountID"]}
    answer = owner.put(
        f"Sale/{sale['saleID']}", {"completed": True, "SalePayments": {"SalePayment": paid}}
    )
    assert answer.status_code == 200, answer.text
    path = f"CreditAccount/{account['creditAccountID']}"
    kept = owner.record(path, load_relations=["Contact", "WithdrawalPayments"])
    assert kept["Contact"]["Emails"]["ContactEmail"]["address"] == "a@example.com"
    assert kept["WithdrawalPayments"]["SalePayment"]["amount"] == "11.49"
    # Owed by the customer: positive.
    assert kept["balance"] == "11.49"


def test_account_is_archived_with_its_money(owner, stocked):
    stocked.put({"CreditAccount": [{"creditAccountID": 9, "name": "Ann", "balance": "-20"}]})
    archived = owner.delete("CreditAccount/9").json()["CreditAccount"]
    assert (archived["archived"], archived["balance"]) == ("true", "-20")


@pytest.mark.parametrize(
    "asked", [{"balance": "<,0"}, {"name": "~,Ann%"}, {"customerID": "IN,[1]"}]
)
def test_accounts_are_asked_for_by_equality_only(owner, account, asked):
    assert owner.get("CreditAccount", **asked).status_code == 400
    assert len(owner.records("CreditAccount", name="Ann Lee", sort="customerID")) == 1


# --- Gift cards -----------------------------------------------------------------------

CODE = "2312345678904"
LOOK_UP = {"giftCard": "true", "archived": "true", "code": CODE}


def new_card(owner, code=CODE):
    body = {"code": code, "name": "Gift Card", "description": "Gift Card"}
    answer = owner.post("CreditAccount", body)
    assert answer.status_code == 200, answer.text
    return answer.json()["CreditAccount"]


def test_new_card_is_found_by_its_code_among_archived_ones_only(owner):
    card = new_card(owner)
    assert (card["giftCard"], card["balance"], card["customerID"]) == ("true", "0", "0")
    assert owner.records("CreditAccount") == []
    assert owner.records("CreditAccount", giftCard="true") == []
    assert owner.records("CreditAccount", **LOOK_UP) == [card]
    assert owner.records("CreditAccount", archived="true", code=CODE) == []


def test_loaded_card_is_worth_a_negative_balance_and_is_listed(owner, open_sale):
    card = new_card(owner)
    load = {"paymentTypeID": 5, "amount": "-100", "creditAccountID": card["creditAccountID"]}
    cash = {"paymentTypeID": 1, "amount": "100"}
    sale = open_sale()
    answer = owner.put(
        f"Sale/{sale['saleID']}",
        {"completed": True, "SalePayments": {"SalePayment": [load, cash]}},
    )
    assert answer.status_code == 200, answer.text
    (listed,) = owner.records("CreditAccount", giftCard="true")
    assert listed["balance"] == "-100"


@pytest.mark.parametrize("code", ["", "1234567", "1" * 33])
def test_code_has_eight_to_thirty_two_characters(owner, code):
    assert owner.post("CreditAccount", {"code": code, "name": "Card"}).status_code == 400


def test_code_is_given_once_and_stays(owner):
    card = new_card(owner)
    again = owner.post("CreditAccount", {"code": CODE})
    assert (again.status_code, "already exists" in again.json()["message"]) == (400, True)
    changed = owner.put(f"CreditAccount/{card['creditAccountID']}", {"code": "99999999"})
    assert changed.json()["CreditAccount"]["code"] == CODE


def test_code_is_masked_without_the_scope_for_it(stocked, owner):
    new_card(owner)
    cashier = stocked.client(scope="employee:customers")
    unmasked = stocked.client(scope="employee:customers employee:customers_view_gift_card_numbers")
    assert cashier.records("CreditAccount", **LOOK_UP)[0]["code"] == "*********8904"
    assert unmasked.records("CreditAccount", **LOOK_UP)[0]["code"] == CODE


def test_cards_are_looked_up_once_a_second(stocked, owner):
    new_card(owner)
    stocked.settings(rate_limits="current")
    stocked.clock(frozen=True)
    assert owner.get("CreditAccount", **LOOK_UP).status_code == 200
    hasty = owner.get("CreditAccount", **LOOK_UP)
    assert (hasty.status_code, hasty.headers["Retry-After"]) == (429, "1")
    assert owner.get("CreditAccount", giftCard="true").status_code == 200
    stocked.clock(advance=1)
    assert owner.get("CreditAccount", **LOOK_UP).status_code == 200


def test_archived_card_keeps_what_it_holds(owner, stocked):
    card = {"creditAccountID": 9, "code": CODE, "giftCard": True, "balance": "-30"}
    stocked.put({"CreditAccount": [card]})
    assert owner.delete("CreditAccount/9").json()["CreditAccount"]["archived"] == "true"
    assert owner.records("CreditAccount", giftCard="true") == []
    assert owner.records("CreditAccount", **LOOK_UP)[0]["balance"] == "-30"
