"""Lightspeed Retail's records, as one table that reads like its reference.

Each entity lists its fields in the order Lightspeed answers them, with type, write rule and
default, then its relations, sort keys and methods. Tables, queries, answers, writes, rights and
drip costs are all made from these descriptions.

A **record** put into the store (a shop to start with, or `POST /_simulator/records`) is a dict
shaped exactly like Lightspeed's JSON, with native values: int ids, Decimal, bool, str, and dates
as `2026-05-04T15:02:11+00:00`. Every field may be given, read-only and hidden ones too; one left
out has its default, and an id left out is the next free one. Nested things are given where
Lightspeed shows them:

    ("Item", {"itemID": 12, "description": "Wool sock M", "taxClassID": 1,
              "Prices": {"ItemPrice": [{"amount": Decimal("9.99"), "useTypeID": 1}]},
              "ItemAttributes": {"attribute1": "Grey", "attribute2": "M", "itemAttributeSetID": 1},
              "ItemShops": {"ItemShop": [{"shopID": 1, "qoh": 4}]},
              "TagRelations": {"TagRelation": [{"tagID": 3}]},
              "Images": {"Image": [{"publicID": "sock", "ordering": 0}]}})
    ("Customer", {"customerID": 88, "firstName": "Ann", "Contact": {
              "Phones": {"ContactPhone": [{"number": "0215550100", "useType": "Mobile"}]},
              "Emails": {"ContactEmail": [{"address": "ann@example.com", "useType": "Primary"}]}}})
    ("EmployeeRole", {"employeeRoleID": 4, "name": "Owner",
              "EmployeeRights": {"EmployeeRight": [{"employeeRightID": 8, "name": "register"}]}})
    ("TaxCategory", {"taxCategoryID": 1, "tax1Name": "GST", "tax1Rate": Decimal("0.05"),
              "TaxCategoryClasses": {"TaxCategoryClass": [{"taxClassID": 2, "tax1Rate": 0}]}})
    ("Sale", {"saleID": 120, "completed": True, "completeTime": "2026-05-04T15:02:11+00:00", ...
              "SaleLines": {"SaleLine": [{"itemID": 12, "unitQuantity": 1, ...}]},
              "SalePayments": {"SalePayment": [{"paymentTypeID": 1, "amount": Decimal("11.49")}]}})
    ("PriceRule", {"percent": Decimal("0.1"), "categoryID": 2, "minimumQuantity": 3})
    ("ItemFee", {"name": "Bottle Deposit", "feeValue": Decimal("0.5"),
              "ItemFeeCategories": {"ItemFeeCategory": [{"categoryID": 2}]}})

Made by the store where a record leaves them out: the shop-0 row of an item's stock, its lots, what
they are worth and how many more could be built, a category's path, depth and node numbers, an
item's system SKU and price-level names, the name and type of a custom field's value, whose an
account is, and every calculated figure of a sale that comes without `calcTotal`. Putting in a
completed sale moves no stock.
"""

from ..description import Entity
from .catalogue import ENTITIES as CATALOGUE
from .counts import ENTITIES as COUNTS
from .custom_fields import ENTITIES as CUSTOM_FIELDS
from .customers import ENTITIES as CUSTOMERS
from .selling import ENTITIES as SELLING
from .settings import ENTITIES as SETTINGS
from .shops import ENTITIES as SHOPS
from .supply import ENTITIES as SUPPLY
from .taxonomy import ENTITIES as TAXONOMY
from .terms import ENTITIES as TERMS
from .workshop import ENTITIES as WORKSHOP

ENTITIES: tuple[Entity, ...] = (
    *SHOPS,
    *CATALOGUE,
    *TAXONOMY,
    *CUSTOMERS,
    *CUSTOM_FIELDS,
    *TERMS,
    *SELLING,
    *SETTINGS,
    *WORKSHOP,
    *COUNTS,
    *SUPPLY,
)
BY_NAME: dict[str, Entity] = {entity.name: entity for entity in ENTITIES}
