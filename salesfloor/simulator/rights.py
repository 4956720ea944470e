"""What a token may do: the scopes it was granted, and of those what its employee may do now."""

from collections.abc import Iterable

from .description import rights, words
from .store import Record, Store

SESSION_RIGHTS = words(
    "admin admin_employees admin_inventory admin_purchases admin_shops admin_void_sale all_read "
    "allow_login categories customers customers_credit_limit customers_read ecom inventory_base "
    "inventory_counts inventory_import inventory_read manufacturers product_cost product_edit "
    "purchase_orders register register_catalogs register_close register_layaway "
    "register_line_discount register_open register_price register_read register_refund "
    "register_transaction_discount register_withdraw reports special_orders tags transfers "
    "vendor_returns vendors vr_reasons workbench"
)

# As an owner's role was recorded, with the newer names of `Session` after it.
EMPLOYEE_RIGHTS = (
    (4, "allow_login"), (8, "register"), (12, "register_refund"), (16, "register_open"),
    (20, "register_withdraw"), (24, "register_close"), (27, "register_price"),
    (31, "register_reopen"), (35, "register_catalogs"), (39, "register_layaway"),
    (43, "register_line_discount"), (47, "register_transaction_discount"), (51, "inventory"),
    (54, "reports"), (56, "admin"), (58, "admin_shops"), (60, "admin_employees"),
    (62, "admin_purchases"), (64, "admin_void_sale"), (66, "admin_inventory"),
    (70, "workbench"), (74, "change_password"), (78, "messages_read"), (82, "messages_send"),
    (86, "customers"), (88, "inventory_import"), (91, "customers_credit_limit"),
    (116, "inventory_base"), (117, "product_cost"), (118, "product_edit"),
    (119, "purchase_orders"), (120, "special_orders"), (121, "transfers"),
    (122, "inventory_counts"), (123, "vendor_returns"), (126, "vendors"),
    (127, "inventory_taxonomy"), (130, "inventory_read"), (131, "customers_read"),
    (132, "register_read"), (133, "categories"), (134, "manufacturers"), (135, "tags"),
    (136, "all_read"), (137, "ecom"), (138, "vr_reasons"),
)  # fmt: skip

SCOPE_PREFIX = "employee:"
EVERYTHING = "all"
SCOPES = rights(
    "all admin admin_employees admin_inventory admin_purchases admin_shops admin_void_sale "
    "categories customers customers_read customers_view_gift_card_numbers inventory "
    "inventory_read inventory_counts inventory_counts_reconcile manufacturers tags vendors "
    "product_cost product_edit purchase_orders transfers vendor_returns register "
    "register_read register_refund register_layaway special_orders reports workbench "
    # Named by endpoint pages, not by the public list.
    "cfd inventory_base inventory_log register_open register_close register_withdraw all_read"
)

# Scopes and rights are one vocabulary, save where holding one right amounts to another.
AMOUNTS_TO = {
    "register": ("cfd", "register_read"),
    "customers": ("customers_read", "customers_view_gift_card_numbers"),
    "inventory": ("inventory_base", "inventory_read"),
    "inventory_base": ("inventory_read", "inventory_log"),
    "admin_inventory": ("vendors", "manufacturers"),
    "inventory_counts": ("inventory_counts_reconcile",),
}
# What follows from an employee's right, and from no scope but its own.
BY_SCOPE_ALONE = rights("customers_view_gift_card_numbers")
READ_ONLY = ("customers_read", "inventory_read", "register_read", "all_read")


def valid_scope(scope: str) -> bool:
    names = scope.split()
    return bool(names) and all(
        name.startswith(SCOPE_PREFIX) and name.removeprefix(SCOPE_PREFIX) in SCOPES
        for name in names
    )


def held(store: Store, employee: Record) -> frozenset[str]:
    """The employee's rights: their role's, or their own where they have no role."""
    holder = store.get("EmployeeRole", employee["employeeRoleID"]) or employee
    return frozenset(right["name"] for right in holder["EmployeeRights"] or [])


def may_sign_in(store: Store, employee: Record) -> bool:
    return not (employee["lockOut"] or employee["archived"]) and "allow_login" in held(
        store, employee
    )


def effective(scope: str, employee_rights: Iterable[str]) -> frozenset[str]:
    own = _widened(employee_rights)
    granted = {name.removeprefix(SCOPE_PREFIX) for name in scope.split()}
    return own if EVERYTHING in granted else own & (_widened(granted) - BY_SCOPE_ALONE | granted)


def _widened(names: Iterable[str]) -> frozenset[str]:
    wide = set(names)
    for name in names:
        wide.update(AMOUNTS_TO.get(name, ()))
    return frozenset(wide)


def allowed(effective_rights: frozenset[str], needed: frozenset[str], *, reading: bool) -> bool:
    """Any one of the needed rights is enough; none needed, all may."""
    if not needed:
        return True
    if reading:
        return bool(effective_rights & needed) or "all_read" in effective_rights
    return bool(effective_rights & (needed - frozenset(READ_ONLY)))
