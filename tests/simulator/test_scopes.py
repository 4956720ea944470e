"""Which scopes open which endpoint, as its documentation lists them."""

import pytest

# Any one of the scopes is enough; "" needs none beyond a token.
TILL = "cfd register inventory_base reports workbench customers admin"
LISTED = {
    "Sale": "cfd register register_read",
    "SaleLine": "cfd register register_read",
    "SalePayment": "cfd register register_read",
    "CCCharge": "register",
    "RegisterCount": "register",
    "RegisterCountAmount": "register",
    "SaleVoid": "admin_void_sale",
    "Item": "cfd register product_cost reports workbench customers admin inventory inventory_read",
    "ItemShop": "inventory inventory_read product_cost",
    "ItemMatrix": "product_cost",
    "ItemAttributeSet": "inventory_base",
    "Serialized": "inventory_base",
    "Item/CustomField": "inventory_base",
    "InventoryLog": "inventory_log product_cost all_read",
    "Customer": TILL + " customers_read",
    "Shop": TILL,
    "Register": TILL,
    "PaymentType": TILL,
    "Image": TILL,
    "Option": TILL,
    "Locale": TILL,
    "TagGroup": TILL,
    "CustomerType": "customers",
    "Quote": "customers",
    "ShipTo": "customers",
    "CreditAccount": "customers",
    "SpecialOrder": "special_orders",
    "RegisterWithdraw": "reports register register_withdraw",
    "Workorder": "workbench",
    "WorkorderStatus": "workbench",
    "InventoryCount": "inventory_counts",
    "InventoryCountItem": "inventory_counts",
    "EmployeeHours": "admin_employees",
    "Order": "purchase_orders",
    "OrderLine": "purchase_orders",
    "Shipment": "purchase_orders",
    "Inventory/Transfer": "transfers",
    "Transfer": "transfers",
    "TransferItem": "transfers",
    "VendorReturn": "vendor_returns",
    "Employee": "",
    "Category": "",
    "Manufacturer": "",
    "Vendor": "",
    "Tag": "",
    "Season": "",
    "PriceLevel": "",
    "Discount": "",
    "TaxCategory": "",
    "TaxCategoryClass": "",
    "TaxClass": "",
    "CurrencyRate": "",
    "ProcessingFee": "",
}


@pytest.mark.parametrize("endpoint", LISTED)
def test_each_listed_scope_opens_the_endpoint_and_another_does_not(simulator, endpoint):
    def status(scope):
        return simulator.client(scope=f"employee:{scope}").get(endpoint).status_code

    scopes = LISTED[endpoint].split()
    assert {scope: status(scope) for scope in scopes} == dict.fromkeys(scopes, 200)
    assert status("tags") == (403 if scopes else 200)


@pytest.mark.parametrize(
    ("scope", "endpoint"),
    [("register_read", "Sale"), ("customers_read", "Customer"), ("inventory_read", "Item")],
)
def test_a_scope_for_reading_writes_nothing(simulator, scope, endpoint):
    client = simulator.client(scope=f"employee:{scope}")
    assert client.get(endpoint).status_code == 200
    assert client.post(endpoint, {}).status_code == 403
