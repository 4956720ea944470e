"""What Lightspeed answers, as frozen dataclasses; the one place that knows how the wire writes it.

Here, whatever the wire does (`wire`):

* booleans, `int` ids (0 is "none"), `Decimal` money, aware UTC moments, tuples of children;
* names are Lightspeed's in snake_case: `systemSku` is `system_sku`, `itemID` is `item_id`;
* a relation that was not asked for looks like one that has nothing: both are `()` or `None`;
* fields that no recorded answer lacks are required, the others have a default;
* what has no field here is kept in `unknown`, as it came.

    >>> one({"Shop": {"shopID": "3", "name": "Quay", "timeZone": "Europe/Dublin"}}, Shop).shop_id
    3

https://developers.lightspeedhq.com/retail/endpoints/
"""

from salesfloor.lightspeed.records.catalog import (
    Category,
    Image,
    Inventory,
    Item,
    ItemAttributes,
    ItemAttributeSet,
    ItemComponent,
    ItemMatrix,
    ItemShop,
    ItemVendorNum,
    Manufacturer,
    Season,
    Serialized,
    Tag,
)
from salesfloor.lightspeed.records.embedded import (
    Contact,
    ContactAddress,
    ContactEmail,
    ContactPhone,
    ContactWebsite,
    Currency,
    CustomFieldValue,
    Note,
)
from salesfloor.lightspeed.records.people import (
    CreditAccount,
    Customer,
    CustomerType,
    Employee,
    EmployeeHours,
    EmployeeRight,
    EmployeeRole,
    Session,
    SessionEmployee,
)
from salesfloor.lightspeed.records.prices import (
    Discount,
    ItemPrice,
    PriceLevel,
    TaxCategory,
    TaxCategoryClass,
    TaxClass,
)
from salesfloor.lightspeed.records.purchasing import (
    Order,
    OrderLine,
    Vendor,
    VendorRep,
)
from salesfloor.lightspeed.records.sales import (
    CCCharge,
    ItemFee,
    PaymentType,
    Quote,
    Sale,
    SaleAccount,
    SaleLine,
    SaleNotes,
    SalePayment,
    SaleVoid,
    ShipTo,
    SpecialOrder,
    Tax,
)
from salesfloor.lightspeed.records.shops import (
    Account,
    CalculatedAmount,
    Locale,
    ReceiptSetup,
    Register,
    RegisterCount,
    RegisterCountAmount,
    RegisterWithdraw,
    Shop,
)
from salesfloor.lightspeed.records.wire import Record, many, one, to_wire

__all__ = [
    "Account",
    "CCCharge",
    "CalculatedAmount",
    "Category",
    "Contact",
    "ContactAddress",
    "ContactEmail",
    "ContactPhone",
    "ContactWebsite",
    "CreditAccount",
    "Currency",
    "CustomFieldValue",
    "Customer",
    "CustomerType",
    "Discount",
    "Employee",
    "EmployeeHours",
    "EmployeeRight",
    "EmployeeRole",
    "Image",
    "Inventory",
    "Item",
    "ItemAttributeSet",
    "ItemAttributes",
    "ItemComponent",
    "ItemFee",
    "ItemMatrix",
    "ItemPrice",
    "ItemShop",
    "ItemVendorNum",
    "Locale",
    "Manufacturer",
    "Note",
    "Order",
    "OrderLine",
    "PaymentType",
    "PriceLevel",
    "Quote",
    "ReceiptSetup",
    "Record",
    "Register",
    "RegisterCount",
    "RegisterCountAmount",
    "RegisterWithdraw",
    "Sale",
    "SaleAccount",
    "SaleLine",
    "SaleNotes",
    "SalePayment",
    "SaleVoid",
    "Season",
    "Serialized",
    "Session",
    "SessionEmployee",
    "ShipTo",
    "Shop",
    "SpecialOrder",
    "Tag",
    "Tax",
    "TaxCategory",
    "TaxCategoryClass",
    "TaxClass",
    "Vendor",
    "VendorRep",
    "many",
    "one",
    "to_wire",
]
