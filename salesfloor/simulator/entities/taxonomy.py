"""What items are grouped, named and priced by, and who supplies them (reference 6.7, 6.8, 6.10)."""

from ..description import (
    CONTACT,
    Embedded,
    Entity,
    Names,
    ToOne,
    changed,
    created,
    decimal,
    flag,
    key,
    number,
    ref,
    rights,
    text,
    words,
)

NAMED = (("name", "name cannot be blank."),)


def tags(by: str, *, in_all: bool = True, when_empty: str | None = None) -> Names:
    return Names(
        "Tags",
        "tag",
        through="TagRelation",
        by=by,
        entity="Tag",
        in_all=in_all,
        when_empty=when_empty,
    )


ENTITIES: tuple[Entity, ...] = (
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
        required=NAMED,
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
        required=NAMED,
    ),
    # Departments and seasons are of old accounts, and without an endpoint page of their own.
    Entity(
        "Department",
        (key("departmentID"), text("name", "CU")),
        methods="GET POST PUT DELETE",
        change=rights("admin_inventory"),
        required=NAMED,
    ),
    Entity(
        "Season",
        (key("seasonID"), text("name", "CU")),
        methods="GET POST PUT DELETE",
        change=rights("admin_inventory"),
        required=NAMED,
    ),
    Entity(
        "Manufacturer",
        (key("manufacturerID"), text("name", "CU"), created(), changed()),
        sort=("manufacturerID", "timeStamp", "name"),
        methods="GET POST PUT",
        change=rights("manufacturers admin_inventory"),
        required=NAMED,
    ),
    Entity(
        "Vendor",
        (
            key("vendorID"),
            # Recorded: may be blank.
            text("name", "CU"),
            flag("archived", "U"),
            text("accountNumber", "CU"),
            text("priceLevel", "CU"),
            flag("updatePrice", "CU"),
            flag("updateCost", "CU"),
            flag("updateDescription", "CU"),
            flag("shareSellThrough", "CU"),
            changed(),
            text("b2bSellerUID", "CU"),
            ref("contactID", hidden=True),
        ),
        (
            CONTACT,
            Embedded("Reps", "VendorRep", (text("firstName"), text("lastName"))),
            Embedded(
                "purchasingCurrency",
                "",
                (text("code"), text("symbol"), decimal("rate")),
                always=True,
                writable=False,
            ),
        ),
        sort=("vendorID", "timeStamp", "name"),
        methods="GET POST PUT DELETE",
        archives=True,
        change=rights("vendors admin_inventory"),
    ),
    # What a vendor's own catalogue offers.
    Entity(
        "CatalogVendorItem",
        (
            key("catalogVendorItemID"),
            *map(text, words("vendorNumber description category model")),
            decimal("retailUnit"),
            text("unitOfMeasurement"),
            *map(decimal, words("cost costLevel2 costLevel3 costLevel4 msrp breakQty breakPrice")),
            *map(text, words("manufacturerNumber brand upc ean ean2 status year replacement")),
            text("replacementDescription"),
            *map(decimal, words("breakQty2 breakPrice2 breakQty3 breakPrice3")),
            *map(text, words("colorName sizeName")),
            flag("archived"),
            number("lastQoh"),
            changed(),
            ref("catalogVendorID"),
        ),
        methods="GET",
        indexed=("upc", "ean"),
    ),
    Entity(
        "Tag",
        (key("tagID"), text("name", "CU")),
        sort=("tagID", "name"),
        methods="GET POST PUT DELETE",
        change=rights("tags"),
        required=NAMED,
    ),
    Entity(
        "TagRelation",
        (
            key("tagRelationID", hidden=True),
            ref("tagID", "CU"),
            ref("itemID", hidden=True),
            ref("itemMatrixID", hidden=True),
            ref("customerID", hidden=True),
        ),
        (ToOne("Tag", "Tag", by="tagID"),),
        indexed=("tagID", "customerID"),
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
        required=NAMED,
    ),
)
