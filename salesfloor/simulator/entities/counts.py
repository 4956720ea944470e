"""Counting what is on the shelves (reference 6.24)."""

from ..description import (
    Entity,
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
)

COUNTS = rights("inventory_counts")

ENTITIES: tuple[Entity, ...] = (
    Entity(
        "InventoryCount",
        (
            key("inventoryCountID"),
            text("name", "CU"),
            changed(),
            flag("archived"),
            ref("shopID", "CU"),
        ),
        sort=("inventoryCountID", "timeStamp"),
        methods="GET POST PUT DELETE",
        archives=True,
        read=COUNTS,
    ),
    Entity(
        "InventoryCountItem",
        (
            key("inventoryCountItemID"),
            number("qty", "CU"),
            changed(),
            ref("inventoryCountID", "C"),
            ref("itemID", "CU"),
            ref("employeeID", "CU"),
        ),
        (ToOne("Item", "Item", by="itemID"),),
        sort=("inventoryCountItemID", "timeStamp"),
        methods="GET POST PUT DELETE",
        indexed=("inventoryCountID",),
        read=COUNTS,
    ),
    Entity(
        "InventoryCountCalc",
        (
            key("inventoryCountCalcID"),
            changed(),
            number("calcQoh"),
            number("countedQoh"),
            ref("inventoryCountID"),
            ref("itemID"),
        ),
        (ToOne("Item", "Item", by="itemID"),),
        sort=("inventoryCountCalcID", "timeStamp"),
        methods="GET",
        indexed=("inventoryCountID",),
        read=COUNTS,
    ),
    Entity(
        "InventoryCountReconcile",
        (
            key("inventoryCountReconcileID"),
            decimal("costChange"),
            number("qohChange"),
            created(),
            ref("inventoryCountID", "C"),
            ref("itemID", "C"),
        ),
        methods="GET",
        indexed=("inventoryCountID",),
        read=COUNTS,
    ),
)
