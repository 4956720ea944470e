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

Made by the store where a record leaves them out: the shop-0 row of an item's stock, a category's
path, depth and node numbers, an item's system SKU and price-level names, and every calculated
figure of a sale that comes without `calcTotal`. Putting in a completed sale moves no stock.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Value = int | bool | Decimal | str
Kind = Literal["id", "int", "decimal", "bool", "text", "date", "address"]

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: Kind
    write: str = ""
    """C: settable on create, U: on update, CU: both, empty: read only."""
    default: Value = ""
    hidden: bool = False
    """Kept and filterable, never answered."""
    optional: bool = False
    """Left out of an answer while unset; every date is."""
    stamped: Literal["", "create", "change"] = ""
    """Set to the clock when the record is created, or whenever it changes."""
    generated: str = ""
    """SQL that works the value out of the record's other fields."""


def key(name: str, *, hidden: bool = False) -> Field:
    return Field(name, "id", default=0, hidden=hidden)


def ref(name: str, write: str = "", *, hidden: bool = False) -> Field:
    """A foreign key; 0 means none, never null."""
    return Field(name, "id", write, 0, hidden)


def number(
    name: str, write: str = "", default: int = 0, *, generated: str = "", hidden: bool = False
) -> Field:
    return Field(name, "int", write, default, hidden, generated=generated)


def decimal(name: str, write: str = "", *, optional: bool = False) -> Field:
    return Field(name, "decimal", write, "" if optional else ZERO, optional=optional)


def flag(name: str, write: str = "", default: bool = False) -> Field:
    return Field(name, "bool", write, default)


def text(
    name: str, write: str = "", default: str = "", *, hidden: bool = False, generated: str = ""
) -> Field:
    return Field(name, "text", write, default, hidden, generated=generated)


def date(name: str, write: str = "", *, stamped: Literal["", "create", "change"] = "") -> Field:
    return Field(name, "date", write, optional=True, stamped=stamped)


def created(name: str = "createTime", write: str = "") -> Field:
    return date(name, write, stamped="create")


def changed(name: str = "timeStamp") -> Field:
    return date(name, stamped="change")


@dataclass(frozen=True, slots=True)
class ToOne:
    """`Category` of an item: the record whose key is in our field `by`.

    An owned one (a contact, a note) is written inside its parent.
    """

    name: str
    entity: str
    by: str
    owned: bool = False
    nested: tuple[str, ...] = ()
    """What may be loaded below it, dotted where deeper still."""
    only: tuple[str, ...] = ()
    """The fields shown here, where that is fewer than the entity has."""
    offered: bool = True
    """May be asked for; otherwise it only comes with the answer to a write."""
    many: bool = field(default=False, init=False)


@dataclass(frozen=True, slots=True)
class ToMany:
    """`SaleLines` of a sale: `{"SaleLine": [...]}`, the records whose field `by` is our key.

    A writable one may be posted inside the parent: with its key it updates, without it appends.
    """

    name: str
    entity: str
    by: str
    writable: bool = False
    nested: tuple[str, ...] = ()
    omit: tuple[str, ...] = ()
    """Fields the entity's own endpoint shows and this place does not."""
    match: str = ""
    """Field that names the child as well as its key does: `shopID` for an item's stock."""
    nested_only: tuple[str, ...] = ()
    """Fields that are read only at the child's own endpoint and written here."""
    many: bool = field(default=True, init=False)


@dataclass(frozen=True, slots=True)
class Embedded:
    """Kept inside the record, without keys: `Prices`, or a contact's `Phones`.

    A list is wrapped (`{"ItemPrice": [...]}`) and its entries are found again by `match`; without
    `match` the list is replaced whole. An object (`item` empty) has one value per field. What has
    no fields at all is kept and answered as it was given.
    """

    name: str
    item: str
    fields: tuple[Field, ...]
    match: tuple[str, ...] = ()
    always: bool = False
    """Answered without being asked for."""
    when_empty: str | None = None
    """What stands there when there is nothing; None: the key is absent."""
    writable: bool = True
    relations: tuple[ToOne, ...] = ()

    @property
    def many(self) -> bool:
        return bool(self.item)


@dataclass(frozen=True, slots=True)
class Unkept:
    """A relation of Lightspeed's that never has anything here: asked for, it is absent."""

    name: str
    many: bool = True
    nested: tuple[str, ...] = ()


Relation = ToOne | ToMany | Embedded | Unkept


@dataclass(frozen=True, slots=True)
class Entity:
    name: str
    fields: tuple[Field, ...]
    relations: tuple[Relation, ...] = ()
    sort: tuple[str, ...] = ()
    methods: str = ""
    """Methods of `/Entity` and `/Entity/{id}`; empty for what is only ever embedded."""
    archives: bool = False
    """DELETE archives; otherwise it removes the record for good."""
    indexed: tuple[str, ...] = ()
    read: frozenset[str] = frozenset()
    """Rights of which any one lets a token read; empty: every token may."""
    change: frozenset[str] = frozenset()
    """Rights of which any one lets a token write; empty: those of `read`."""
    write_cost: float = 1
    under: tuple[tuple[str, str], ...] = ()
    """(parent, our field): also served at `/Parent/{id}/Entity`, here with all methods."""
    attributes: bool = True
    """Lists carry `@attributes`."""
    required: tuple[tuple[str, str], ...] = ()
    """(field, what Lightspeed says when it is blank)."""
    after_write: tuple[str, ...] = ()
    """Relations in the answer to a POST or PUT without being asked for."""

    @property
    def key(self) -> str:
        return self.fields[0].name

    def field(self, name: str) -> Field | None:
        """By name; Lightspeed itself wavers between updatetime and updateTime."""
        lowered = name.lower()
        return next((f for f in self.fields if f.name.lower() == lowered), None)

    def relation(self, name: str) -> Relation | None:
        return next((r for r in self.relations if r.name == name), None)

    @property
    def archivable(self) -> bool:
        return any(f.name == "archived" for f in self.fields)

    @property
    def sortable(self) -> tuple[str, ...]:
        return (self.key, *(name for name in self.sort if name != self.key))


def words(names: str) -> tuple[str, ...]:
    return tuple(names.split())


def rights(names: str) -> frozenset[str]:
    return frozenset(words(names))


# What the reference lists for most of what a till reads: any one of these will do.
AT_THE_TILL = rights("cfd register inventory_base reports workbench customers admin")

CONTACT = ToOne("Contact", "Contact", by="contactID", owned=True)
NOTE = ToOne("Note", "Note", by="noteID", owned=True)
EMPLOYEE_RIGHTS = Embedded(
    "EmployeeRights", "EmployeeRight", (number("employeeRightID"), text("name")), match=("name",)
)
PRICES = Embedded(
    "Prices",
    "ItemPrice",
    (decimal("amount"), number("useTypeID"), text("useType")),
    match=("useTypeID", "useType"),
    always=True,
)
LINE_RELATIONS = ("Discount", "TaxClass", "Note", "Item", "InventorySales")

ENTITIES: tuple[Entity, ...] = (
    Entity(
        "Account",
        (
            key("accountID"),
            text("name", "U"),
            text("status", default="customer"),
            number("employeeCount"),
            number("employeeLimit"),
            text("uniqueSubscriptionIdentifier"),
        ),
        (
            Embedded(
                "defaultCurrency", "", (text("code", default="USD"), text("symbol", default="$"))
            ),
        ),
        methods="GET",
    ),
    Entity(
        "Shop",
        (
            key("shopID"),
            text("name", "CU"),
            decimal("serviceRate", "CU"),
            text("timeZone", "CU", default="America/Toronto"),
            flag("taxLabor", "CU"),
            text("labelTitle", "CU", default="Shop Name"),
            flag("labelMsrp", "CU"),
            flag("archived"),
            changed(),
            text("companyRegistrationNumber", "CU"),
            text("vatNumber", "CU"),
            flag("zebraBrowserPrint"),
            ref("contactID"),
            ref("taxCategoryID", "CU"),
            ref("receiptSetupID", "CU"),
            ref("vendorID"),
            ref("ccGatewayID", "CU"),
            ref("gatewayConfigID", "CU"),
            Field("priceLevelID", "id", "CU", 1),
        ),
        (
            CONTACT,
            ToOne("ReceiptSetup", "ReceiptSetup", by="receiptSetupID", owned=True),
            ToOne("TaxCategory", "TaxCategory", by="taxCategoryID"),
            Unkept("ShelfLocations"),
            ToMany("Registers", "Register", by="shopID"),
            Unkept("CCGateway", many=False),
            ToOne("PriceLevel", "PriceLevel", by="priceLevelID"),
        ),
        methods="GET POST PUT",
        read=AT_THE_TILL,
        change=rights("admin_shops"),
    ),
    Entity(
        "ReceiptSetup",
        (
            key("receiptSetupID"),
            text("generalMsg", "CU"),
            text("workorderAgree", "CU"),
            text("creditcardAgree", "CU"),
            flag("hasLogo"),
            text("logo", "CU"),
            text("logoHeight", "CU"),
            text("logoWidth", "CU"),
            text("header", "CU"),
        ),
    ),
    Entity(
        "Register",
        (
            key("registerID"),
            text("name", "U"),
            flag("open", default=True),
            date("openTime"),
            flag("archived"),
            flag("tipEnabled"),
            ref("openEmployeeID"),
            ref("shopID"),
            ref("ccTerminalID"),
        ),
        (ToOne("Shop", "Shop", by="shopID"),),
        methods="GET PUT",
        read=AT_THE_TILL,
        change=rights("admin_shops"),
    ),
    Entity(
        "Employee",
        (
            key("employeeID"),
            text("firstName", "CU"),
            text("lastName", "CU"),
            text("accessPin", "CU", hidden=True),
            flag("lockOut", "CU"),
            flag("archived", "CU"),
            changed(),
            ref("contactID"),
            ref("clockInEmployeeHoursID", "CU"),
            ref("employeeRoleID", "CU"),
            ref("limitToShopID", "CU"),
            ref("lastShopID", "CU"),
            ref("lastSaleID", "CU"),
            ref("lastRegisterID", "CU"),
            number("systemUserID", hidden=True),
        ),
        (
            CONTACT,
            ToOne("EmployeeRole", "EmployeeRole", by="employeeRoleID", nested=("EmployeeRights",)),
            EMPLOYEE_RIGHTS,
        ),
        sort=("employeeID", "timeStamp"),
        methods="GET POST PUT DELETE",
        archives=True,
        change=rights("admin_employees"),
    ),
    Entity("EmployeeRole", (key("employeeRoleID"), text("name")), (EMPLOYEE_RIGHTS,)),
    Entity(
        "Item",
        (
            key("itemID"),
            text("systemSku"),
            decimal("defaultCost", "CU"),
            decimal("avgCost"),
            flag("discountable", "CU", default=True),
            flag("tax", "CU", default=True),
            flag("archived", "U"),
            text("itemType", "CU", default="default"),
            number("laborDurationMinutes"),
            flag("serialized", "CU"),
            text("description", "CU"),
            number("modelYear", "CU"),
            text("upc", "CU"),
            text("ean", "CU"),
            text("customSku", "CU"),
            text("manufacturerSku", "CU"),
            created(),
            changed(),
            flag("publishToEcom", "CU"),
            ref("categoryID", "CU"),
            Field("taxClassID", "id", "CU", 1),
            ref("departmentID", "CU"),
            ref("itemMatrixID", "CU"),
            ref("itemAttributesID"),
            ref("manufacturerID", "CU"),
            ref("noteID"),
            ref("seasonID", "CU"),
            ref("defaultVendorID", "CU"),
            ref("itemECommerceID"),
        ),
        (
            ToOne("Category", "Category", by="categoryID"),
            ToOne("TaxClass", "TaxClass", by="taxClassID"),
            Embedded(
                "ItemAttributes",
                "",
                (
                    text("attribute1"),
                    text("attribute2"),
                    text("attribute3"),
                    ref("itemAttributeSetID"),
                ),
                relations=(ToOne("ItemAttributeSet", "ItemAttributeSet", by="itemAttributeSetID"),),
            ),
            ToOne("Manufacturer", "Manufacturer", by="manufacturerID"),
            NOTE,
            ToMany(
                "ItemShops",
                "ItemShop",
                by="itemID",
                writable=True,
                match="shopID",
                nested_only=("qoh",),
            ),
            Unkept("ItemVendorNums"),
            Unkept("ItemComponents"),
            Unkept("ItemECommerce", many=False),
            ToMany("Images", "Image", by="itemID"),
            ToMany(
                "TagRelations",
                "TagRelation",
                by="itemID",
                writable=True,
                match="tagID",
                nested=("Tag",),
            ),
            Unkept("CustomFieldValues", nested=("value",)),
            Unkept("ItemPrices"),
            PRICES,
        ),
        sort=("itemID", "timeStamp", "description"),
        methods="GET POST PUT DELETE",
        archives=True,
        indexed=(
            "systemSku",
            "upc",
            "ean",
            "customSku",
            "manufacturerSku",
            "itemMatrixID",
            "categoryID",
            "manufacturerID",
        ),
        read=rights(
            "cfd register product_cost reports workbench customers admin inventory inventory_read"
        ),
        change=rights("product_edit inventory admin"),
        required=(("description", "Item not {done}. An Item must have a description."),),
        after_write=("ItemShops",),
    ),
    Entity(
        "ItemShop",
        (
            key("itemShopID"),
            number("qoh"),
            number("sellable", generated="max(qoh, 0)"),
            number("backorder"),
            number("componentQoh"),
            number("componentBackorder"),
            number("onLayaway"),
            number("onSpecialOrder"),
            number("onWorkorder"),
            number("onTransferOut"),
            number("onTransferIn"),
            decimal("averageCost", optional=True),
            ref("nextFifoLotID"),
            decimal("nextFifoLotCost"),
            ref("lastReceivedLotID"),
            decimal("lastReceivedCost"),
            decimal("totalValueFifo"),
            decimal("totalValueAvgCost"),
            decimal("totalValueNegativeInventory"),
            number("reorderPoint", "U"),
            number("reorderLevel", "U"),
            changed(),
            ref("itemID"),
            # 0 is the roll-up of all shops.
            ref("shopID"),
        ),
        sort=("itemShopID", "timeStamp"),
        methods="GET PUT",
        read=rights("inventory inventory_read product_cost"),
        change=rights("inventory product_edit"),
    ),
    Entity(
        "ItemMatrix",
        (
            key("itemMatrixID"),
            text("description", "CU"),
            flag("tax", "CU", default=True),
            decimal("defaultCost", "CU"),
            text("itemType", "CU", default="default"),
            flag("serialized", "CU"),
            number("modelYear", "CU"),
            flag("archived", "U"),
            changed(),
            ref("itemAttributeSetID", "CU"),
            ref("manufacturerID", "CU"),
            ref("categoryID", "CU"),
            ref("defaultVendorID", "CU"),
            Field("taxClassID", "id", "CU", 1),
            ref("seasonID", "CU"),
            ref("departmentID", "CU"),
            ref("itemECommerceID"),
        ),
        (
            ToOne("Category", "Category", by="categoryID"),
            ToOne("TaxClass", "TaxClass", by="taxClassID"),
            Unkept("Department", many=False),
            ToOne("ItemAttributeSet", "ItemAttributeSet", by="itemAttributeSetID"),
            ToOne("Manufacturer", "Manufacturer", by="manufacturerID"),
            Unkept("Season", many=False),
            ToMany("Images", "Image", by="itemMatrixID"),
            ToMany("Items", "Item", by="itemMatrixID"),
            Unkept("ItemECommerce", many=False),
            ToMany(
                "TagRelations",
                "TagRelation",
                by="itemMatrixID",
                writable=True,
                match="tagID",
                nested=("Tag",),
            ),
            PRICES,
            Embedded("attribute1Values", "", (), always=True, when_empty=""),
            Embedded("attribute2Values", "", (), always=True, when_empty=""),
            Embedded("attribute3Values", "", (), always=True, when_empty=""),
        ),
        sort=("itemMatrixID", "timeStamp", "description"),
        methods="GET POST PUT DELETE",
        archives=True,
        read=rights("product_cost"),
        change=rights("product_edit"),
    ),
    Entity(
        "ItemAttributeSet",
        (
            key("itemAttributeSetID"),
            text("name", "CU"),
            text("attributeName1", "CU"),
            text("attributeName2", "CU"),
            text("attributeName3", "CU"),
            flag("system"),
            flag("archived", "U"),
        ),
        methods="GET POST PUT",
        read=rights("inventory_base"),
        required=(("name", "name cannot be blank."),),
    ),
    Entity(
        "Category",
        (
            key("categoryID"),
            text("name", "CU"),
            number("nodeDepth"),
            text("fullPathName"),
            number("leftNode"),
            number("rightNode"),
            created(),
            changed(),
            ref("parentID", "CU"),
        ),
        (ToOne("Parent", "Category", by="parentID"),),
        sort=("categoryID", "timeStamp", "leftNode", "rightNode"),
        methods="GET POST PUT DELETE",
        change=rights("categories"),
        write_cost=10,
        required=(("name", "name cannot be blank."),),
    ),
    Entity(
        "Manufacturer",
        (key("manufacturerID"), text("name", "CU"), created(), changed()),
        sort=("manufacturerID", "timeStamp", "name"),
        methods="GET POST PUT",
        change=rights("manufacturers admin_inventory"),
        required=(("name", "name cannot be blank."),),
    ),
    Entity(
        "Tag",
        (key("tagID"), text("name", "CU")),
        methods="GET POST PUT DELETE",
        change=rights("tags"),
        required=(("name", "name cannot be blank."),),
    ),
    Entity(
        "TagRelation",
        (
            key("tagRelationID", hidden=True),
            ref("tagID", "CU"),
            ref("itemID", hidden=True),
            ref("itemMatrixID", hidden=True),
        ),
        (ToOne("Tag", "Tag", by="tagID"),),
        indexed=("tagID",),
    ),
    Entity(
        "Image",
        (
            key("imageID"),
            text("description", "CU"),
            text("filename"),
            number("ordering", "CU"),
            text("publicID"),
            Field("baseImageURL", "address"),
            number("size"),
            created(),
            changed(),
            ref("itemID", "C"),
            ref("itemMatrixID", "C"),
        ),
        sort=("imageID", "timeStamp"),
        methods="GET PUT DELETE",
        read=AT_THE_TILL,
        change=rights("product_edit inventory admin"),
        under=(("Item", "itemID"), ("ItemMatrix", "itemMatrixID")),
    ),
    Entity(
        "PriceLevel",
        (
            key("priceLevelID"),
            text("name", "U"),
            flag("archived"),
            flag("canBeArchived"),
            text("type", default="fixed"),
        ),
        (Embedded("Calculation", "", (), always=True, when_empty="", writable=False),),
        methods="GET PUT",
        change=rights("admin_purchases"),
    ),
    Entity(
        "Customer",
        (
            key("customerID"),
            text("firstName", "CU"),
            text("lastName", "CU"),
            flag("archived", "U"),
            text("title", "CU"),
            text("company", "CU"),
            text("companyRegistrationNumber", "CU"),
            text("vatNumber", "CU"),
            date("dob", "CU"),
            created(),
            changed(),
            ref("contactID"),
            ref("creditAccountID"),
            ref("customerTypeID", "CU"),
            ref("discountID", "CU"),
            ref("employeeID"),
            ref("noteID"),
            ref("taxCategoryID", "CU"),
            ref("measurementID"),
        ),
        (
            CONTACT,
            ToOne("CustomerType", "CustomerType", by="customerTypeID"),
            ToOne("Discount", "Discount", by="discountID"),
            NOTE,
            ToOne("TaxCategory", "TaxCategory", by="taxCategoryID"),
            ToOne(
                "CreditAccount",
                "CreditAccount",
                by="creditAccountID",
                owned=True,
                only=("creditAccountID", "creditLimit", "timeStamp", "balance"),
            ),
            Unkept("Tags"),
            Unkept("CustomFieldValues", nested=("value",)),
        ),
        sort=("customerID", "timeStamp", "firstName", "lastName"),
        methods="GET POST PUT DELETE",
        archives=True,
        read=AT_THE_TILL | rights("customers_read"),
        change=AT_THE_TILL,
        after_write=("Contact",),
    ),
    Entity(
        "Contact",
        (
            key("contactID"),
            text("custom", "CU"),
            # A new contact is opted out unless it says otherwise.
            flag("noEmail", "CU", default=True),
            flag("noPhone", "CU", default=True),
            flag("noMail", "CU", default=True),
            changed(),
        ),
        (
            Embedded(
                "Addresses",
                "ContactAddress",
                (
                    text("address1"),
                    text("address2"),
                    text("city"),
                    text("state"),
                    text("stateCode"),
                    text("zip"),
                    text("country"),
                    text("countryCode"),
                ),
                always=True,
                when_empty="",
            ),
            Embedded(
                "Phones",
                "ContactPhone",
                (text("number"), text("useType")),
                match=("useType",),
                always=True,
                when_empty="",
            ),
            Embedded(
                "Emails",
                "ContactEmail",
                (text("address"), text("useType")),
                match=("useType",),
                always=True,
                when_empty="",
            ),
            Embedded("Websites", "ContactWebsite", (text("url"),), always=True, when_empty=""),
        ),
    ),
    Entity("Note", (key("noteID"), text("note", "CU"), flag("isPublic", "CU"), changed())),
    Entity(
        "CustomerType",
        (
            key("customerTypeID"),
            text("name", "CU"),
            ref("taxCategoryID", "CU"),
            ref("discountID", "CU"),
        ),
        (
            ToOne("Discount", "Discount", by="discountID"),
            ToOne(
                "TaxCategory",
                "TaxCategory",
                by="taxCategoryID",
                nested=("TaxCategoryClasses", "TaxCategoryClasses.TaxClass"),
            ),
        ),
        methods="GET POST PUT DELETE",
        read=rights("customers"),
    ),
    Entity(
        "CreditAccount",
        (
            key("creditAccountID"),
            text("name", "CU"),
            text("code", "C"),
            decimal("creditLimit", "CU"),
            text("description", "CU"),
            flag("giftCard"),
            flag("archived"),
            changed(),
            ref("customerID", "C"),
            # Negative: money the holder can spend. Positive: owed by the customer.
            decimal("balance"),
        ),
        (Unkept("Contact", many=False), Unkept("WithdrawalPayments")),
        sort=("creditAccountID", "timeStamp", "customerID"),
        methods="GET POST PUT DELETE",
        archives=True,
        indexed=("code",),
        read=rights("customers"),
    ),
    Entity(
        "Discount",
        (
            key("discountID"),
            text("name", "CU"),
            decimal("discountAmount", "CU"),
            decimal("discountPercent", "CU"),
            flag("requireCustomer", "CU"),
            flag("archived"),
            number("sourceID"),
            created(),
            changed(),
        ),
        sort=("discountID", "timeStamp"),
        methods="GET POST PUT DELETE",
        archives=True,
        change=rights("admin_purchases"),
        required=(("name", "name cannot be blank."),),
    ),
    Entity(
        "TaxCategory",
        (
            key("taxCategoryID"),
            flag("isTaxInclusive", "CU"),
            text("tax1Name", "CU"),
            text("tax2Name", "CU"),
            decimal("tax1Rate", "CU"),
            decimal("tax2Rate", "CU"),
            changed(),
        ),
        (
            ToMany(
                "TaxCategoryClasses",
                "TaxCategoryClass",
                by="taxCategoryID",
                writable=True,
                match="taxClassID",
                nested=("TaxClass",),
            ),
        ),
        sort=("taxCategoryID", "timeStamp"),
        methods="GET POST PUT DELETE",
        change=rights("admin_purchases"),
    ),
    Entity(
        "TaxCategoryClass",
        (
            key("taxCategoryClassID"),
            decimal("tax1Rate", "CU"),
            decimal("tax2Rate", "CU"),
            changed(),
            ref("taxCategoryID"),
            ref("taxClassID", "CU"),
        ),
        (ToOne("TaxClass", "TaxClass", by="taxClassID"),),
        methods="GET DELETE",
        change=rights("admin_purchases"),
    ),
    Entity(
        "TaxClass",
        (key("taxClassID"), text("name", "CU"), changed(), text("classType", default="item")),
        sort=("taxClassID", "timeStamp"),
        methods="GET POST PUT DELETE",
        change=rights("admin_purchases"),
        required=(("name", "name cannot be blank."),),
    ),
    Entity(
        "PaymentType",
        (
            key("paymentTypeID"),
            text("code"),
            text("name", "CU"),
            flag("requireCustomer", "CU"),
            flag("archived"),
            flag("internalReserved"),
            text("type", default="user defined"),
            text("channel"),
            ref("refundAsPaymentTypeID", "CU"),
        ),
        methods="GET POST PUT DELETE",
        archives=True,
        read=AT_THE_TILL,
        change=rights("admin_purchases"),
        required=(("name", "name cannot be blank."),),
    ),
    Entity(
        "Sale",
        (
            key("saleID"),
            changed(),
            decimal("discountPercent", "CU"),
            flag("completed", "CU"),
            flag("archived"),
            flag("voided"),
            flag("enablePromotions", "C"),
            flag("isTaxInclusive"),
            flag("tipEnabled", "CU"),
            created(),
            changed("updateTime"),
            date("completeTime", "CU"),
            text("referenceNumber", "CU"),
            text("referenceNumberSource", "CU"),
            decimal("tax1Rate"),
            decimal("tax2Rate"),
            decimal("change", "CU"),
            text("receiptPreference", "CU", default="printed"),
            decimal("displayableSubtotal"),
            text("ticketNumber", generated="'22' || printf('%010d', saleID)"),
            decimal("calcDiscount"),
            decimal("calcTotal"),
            decimal("calcSubtotal"),
            decimal("calcTaxable"),
            decimal("calcNonTaxable"),
            decimal("calcAvgCost"),
            decimal("calcFIFOCost"),
            decimal("calcTax1"),
            decimal("calcTax2"),
            decimal("calcPayments"),
            decimal("calcTips"),
            decimal("calcItemFees"),
            decimal("total"),
            decimal("totalDue"),
            decimal("displayableTotal"),
            decimal("balance"),
            ref("customerID", "CU"),
            ref("discountID", "CU"),
            ref("employeeID", "CU"),
            ref("quoteID", "CU"),
            ref("registerID", "CU"),
            ref("shipToID", "CU"),
            ref("shopID", "CU"),
            ref("taxCategoryID", "CU"),
            ref("tipEmployeeID", "CU"),
            decimal("taxTotal"),
        ),
        (
            ToOne("Shop", "Shop", by="shopID", offered=False),
            ToOne("Customer", "Customer", by="customerID", nested=("Contact",)),
            ToOne("Discount", "Discount", by="discountID"),
            ToOne(
                "TaxCategory",
                "TaxCategory",
                by="taxCategoryID",
                nested=("TaxCategoryClasses", "TaxCategoryClasses.TaxClass"),
            ),
            ToMany(
                "SaleLines",
                "SaleLine",
                by="saleID",
                writable=True,
                nested=LINE_RELATIONS,
                omit=("taxCategoryID",),
            ),
            ToMany(
                "SalePayments",
                "SalePayment",
                by="saleID",
                writable=True,
                nested=("PaymentType", "CCCharge", "SaleAccounts", "Signatures"),
            ),
            Embedded("SaleNotes", "", ()),
            Unkept("ShipTo", many=False, nested=("Contact",)),
            Unkept("Quote", many=False),
        ),
        sort=("saleID", "timeStamp", "completeTime", "updateTime"),
        methods="GET POST PUT DELETE",
        archives=True,
        indexed=("referenceNumber", "customerID", "employeeID"),
        read=rights("cfd register register_read"),
        change=rights("cfd register"),
        write_cost=2,
        after_write=("Shop", "TaxCategory", "Customer", "SaleLines", "SalePayments"),
    ),
    Entity(
        "SaleLine",
        (
            key("saleLineID"),
            created(write="C"),
            changed(),
            number("unitQuantity", "CU"),
            decimal("unitPrice", "CU"),
            decimal("normalUnitPrice", "CU"),
            decimal("discountAmount", "CU"),
            decimal("discountPercent", "CU"),
            decimal("avgCost", "C"),
            decimal("fifoCost", "C"),
            flag("tax", "CU", default=True),
            decimal("tax1Rate"),
            decimal("tax2Rate"),
            flag("isLayaway"),
            flag("isWorkorder"),
            flag("isSpecialOrder"),
            decimal("displayableSubtotal"),
            decimal("displayableUnitPrice"),
            text("lineType"),
            decimal("calcLineDiscount"),
            decimal("calcTransactionDiscount"),
            decimal("calcTotal"),
            decimal("calcSubtotal"),
            decimal("calcTax1"),
            decimal("calcTax2"),
            ref("taxClassID", "CU"),
            ref("customerID"),
            ref("discountID", "CU"),
            ref("employeeID", "CU"),
            ref("itemID", "CU"),
            ref("noteID"),
            ref("parentSaleLineID", "CU"),
            ref("shopID", "CU"),
            ref("taxCategoryID"),
            ref("saleID"),
            ref("itemFeeID"),
        ),
        (
            ToOne("Discount", "Discount", by="discountID"),
            ToOne("TaxClass", "TaxClass", by="taxClassID"),
            ToOne("TaxCategory", "TaxCategory", by="taxCategoryID"),
            NOTE,
            ToOne("Item", "Item", by="itemID"),
            Unkept("InventorySales"),
        ),
        sort=("saleLineID", "timeStamp", "saleID"),
        methods="GET PUT DELETE",
        indexed=("itemID",),
        read=rights("cfd register register_read"),
        change=rights("cfd register"),
        write_cost=2,
        under=(("Sale", "saleID"),),
    ),
    Entity(
        "SalePayment",
        (
            key("salePaymentID"),
            decimal("amount", "C"),
            decimal("tipAmount", "C"),
            created(),
            flag("archived"),
            text("remoteReference", "C"),
            text("paymentID"),
            ref("saleID"),
            ref("paymentTypeID", "C"),
            ref("ccChargeID"),
            ref("refPaymentID", "C"),
            ref("registerID", "C"),
            ref("employeeID", "C"),
            ref("creditAccountID", "C"),
            Field("timeStamp", "date", optional=True, hidden=True, stamped="change"),
        ),
        (
            ToOne("PaymentType", "PaymentType", by="paymentTypeID"),
            Unkept("CCCharge", many=False),
            Unkept("SaleAccounts"),
            Unkept("Signatures"),
            Unkept("ProcessingFees"),
        ),
        sort=("salePaymentID", "timeStamp", "saleID"),
        methods="GET",
        indexed=("remoteReference",),
        read=rights("cfd register register_read"),
    ),
    Entity(
        "Option",
        (key("optionID", hidden=True), text("name"), text("value")),
        methods="GET",
        read=AT_THE_TILL,
        attributes=False,
    ),
    Entity(
        "Locale",
        (
            key("localeID", hidden=True),
            text("name"),
            text("country"),
            text("countryCode"),
            text("currencySymbol"),
            text("currencyCode"),
            number("currencyPrecision", default=2),
            decimal("cashRoundingPrecision"),
            flag("includeTaxOnLabels"),
            text("languageTag"),
            text("dateFormat"),
            text("datetimeFormat"),
            text("taxName1"),
            text("taxName2"),
        ),
        methods="GET",
        read=AT_THE_TILL,
        attributes=False,
    ),
)

BY_NAME: dict[str, Entity] = {entity.name: entity for entity in ENTITIES}
