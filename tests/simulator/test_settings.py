"""What an account is set to: itself, its options, locale, currencies and industries."""

import pytest

from salesfloor.simulator import stores


def account(client, method="GET", body=None):
    return client.http.request(
        method, f"{client.url}.json", json=body, headers=client.grant.headers, timeout=5
    )


def test_account_is_renamed_and_given_currencies_to_buy_in(owner):
    yuan = {"code": "CNY", "symbol": "¥", "rate": "0.5"}
    body = {"name": "Main", "status": "gone", "purchasingCurrencies": {"purchasingCurrency": yuan}}
    assert account(owner, "PUT", body).status_code == 200
    shown = account(owner).json()
    assert (shown["name"], shown["status"]) == ("Main", "customer")
    assert shown["purchasingCurrencies"] == {"purchasingCurrency": yuan}
    assert set(shown["defaultCurrency"]) == {"code", "symbol"}


@pytest.mark.parametrize("nothing", [None, "", {"code": None}, {"symbol": ""}])
def test_account_always_has_a_currency(owner, nothing):
    account(owner, "PUT", {"defaultCurrency": {"code": "EUR"}})
    assert account(owner, "PUT", {"defaultCurrency": nothing}).status_code == 200
    assert account(owner).json()["defaultCurrency"] == {"code": "EUR", "symbol": "$"}


def test_account_is_set_up_by_who_may_administer_it_and_never_removed(stocked, owner):
    seller = stocked.client(scope="employee:register")
    assert account(seller, "PUT", {"name": "Mine"}).status_code == 403
    assert account(owner, "DELETE").status_code == 405
    assert account(owner).json()["name"] == "Example Outfitters"


def test_options_name_what_a_till_should_know_and_are_empty_while_off(owner):
    options = {option["name"]: option["value"] for option in owner.records("Option")}
    assert (options["locale"], options["currency_code"]) == ("CA", "CAD")
    assert options["disable_giftcard_refunds"] == ""
    assert len(options) == 16


def test_locale_tells_money_and_its_coins(owner):
    locale = owner.get("Locale").json()["Locale"]
    assert (locale["currencyPrecision"], locale["cashRoundingPrecision"]) == ("2", "0")
    coins = locale["CurrencyDenominations"]["CurrencyDenomination"]
    assert [coin["value"] for coin in coins][:3] == ["0.05", "0.1", "0.25"]
    assert {"code": "QC"} in locale["states"]["state"]


def test_currency_rate_is_read_and_changed_but_keeps_its_currency(owner):
    changed = owner.put("CurrencyRate/1", {"rate": "0.41", "currencyCode": "GBP"}).json()
    assert changed["CurrencyRate"]["rate"] == "0.41"
    assert owner.record("CurrencyRate/1")["currencyCode"] == "USD"
    assert owner.delete("CurrencyRate/1").status_code == 405


def test_industry_is_enabled(owner):
    assert {industry["enabled"] for industry in owner.records("Industry")} == {"false"}
    assert owner.put("Industry/1", {"enabled": True}).json()["Industry"]["enabled"] == "true"


def test_demo_shop_has_the_same_settings_from_the_start():
    kinds = {}
    for name, record in stores.records("demo", 0, 1):
        kinds.setdefault(name, []).append(record)
    assert len(kinds["WorkorderStatus"]) == 5
    assert {"tax_pricing", "disable_email"} <= {option["name"] for option in kinds["Option"]}


def test_settings_are_listed_and_never_read_one_by_one(owner):
    assert owner.get("Option/1").status_code == 405
    assert owner.get("Locale/1").status_code == 405
    (option,) = owner.records("Option", name="cost_method")
    assert option == {"name": "cost_method", "value": "average"}


def test_options_are_no_money_in_xml(owner):
    answer = owner.http.get(f"{owner.url}/Option.xml", headers=owner.grant.headers, timeout=5)
    assert "<value>average</value>" in answer.text
    assert "currency=" not in answer.text


def test_every_store_has_roles_of_the_system(owner):
    role = owner.record("Employee/1", load_relations=["EmployeeRole"])["EmployeeRole"]
    assert (role["system"], role["archived"]) == ("true", "false")
