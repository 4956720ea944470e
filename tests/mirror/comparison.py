"""Whether our copy says what Lightspeed says, field by field.

Lightspeed's answers are read here as they come, without our client and its records: what those
misunderstand would look equal. Tells differences in words; none where all is equal.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models

from salesfloor.catalog.models import ItemComponent, ItemStock
from salesfloor.staff.models import Account, TaxClassRate
from tests.simulator.running import Client, RunningSimulator

Raw = dict[str, Any]
Rows = dict[Any, dict[str, Any]]
ITEM_RELATIONS = [
    "ItemAttributes.ItemAttributeSet",
    "Images",
    "TagRelations.Tag",
    "Note",
    "ItemComponents",
]


def differences(account: Account, simulator: RunningSimulator) -> list[str]:
    there = There(simulator.client())
    account.refresh_from_db()
    told: list[str] = []
    for name, (theirs, ours) in both(account, there).items():
        told += _differences(name, theirs, ours)
    return told


def _differences(name: str, theirs: Rows, ours: Rows) -> Iterator[str]:
    for key in sorted(theirs.keys() - ours.keys(), key=str):
        yield f"{name} {key} is missing"
    for key in sorted(ours.keys() - theirs.keys(), key=str):
        if not ours[key].get("archived"):
            yield f"{name} {key} is there no more"
    for key in theirs.keys() & ours.keys():
        for field, value in theirs[key].items():
            if ours[key][field] != value:
                yield f"{name} {key}: {field} is {ours[key][field]!r}, should be {value!r}"


def both(account: Account, there: "There") -> dict[str, tuple[Rows, Rows]]:
    items, stock = there.all("Item", load_relations=ITEM_RELATIONS), there.all("ItemShop")
    return {
        "account": (there.account(), {account.lightspeed_id: _columns(account, ["currency"])}),
        "category": (there.categories(), _ours(account.categories)),
        "brand": (there.brands(), _ours(account.manufacturers)),
        "item": (dict(map(_item, items)), dict(map(_our_item, _related(account.items)))),
        "matrix": (_matrices(items), dict(map(_our_matrix, _related(account.item_matrices)))),
        "attribute set": (_attribute_sets(items), _ours(account.item_attribute_sets)),
        "component": (_components(items), _our_components(account)),
        "stock": (dict(_stock(stock)), _our_stock(account)),
        "shop": (there.shops(), _our_shops(account)),
        "register": (there.registers(), _our_registers(account)),
        "employee": (there.employees(), _ours(account.employees)),
        "payment type": (there.payment_types(), _ours(account.payment_types)),
        "discount": (there.discounts(), _ours(account.discounts)),
        "tax": (there.taxes(), _ours(account.tax_categories)),
        "tax of a class": (there.class_taxes(), _our_class_taxes(account)),
        "customer type": (there.customer_types(), _ours(account.customer_types)),
        "customer": (there.customers(), _our_customers(account)),
    }


# --- As it came -------------------------------------------------------------------------


class OneOf(frozenset[int]):
    """Where variants were moved from matrix to matrix, Lightspeed leaves them what they had."""

    def __eq__(self, other: object) -> bool:
        return other in self

    def __ne__(self, other: object) -> bool:
        return other not in self

    __hash__ = frozenset.__hash__


class There:
    def __init__(self, client: Client) -> None:
        self.client = client

    def all(self, entity: str, **params: Any) -> list[Raw]:
        """Archived ones too, page after page."""
        answer = self.client.get(entity, limit=100, archived="true", **params)
        found: list[Raw] = []
        while True:
            assert answer.status_code == 200, answer.text
            body = answer.json()
            found += _many(body.get(entity))
            following = body["@attributes"]["next"]
            if not following:
                return found
            headers = self.client.grant.headers | {"Accept": "application/json"}
            answer = self.client.http.get(following, headers=headers, timeout=30)

    def account(self) -> Rows:
        url, _, key = self.client.url.rpartition("/")
        headers = self.client.grant.headers | {"Accept": "application/json"}
        found = self.client.http.get(f"{url}/{key}.json", headers=headers, timeout=30).json()
        return {int(key): {"currency": found["defaultCurrency"]["code"]}}

    def categories(self) -> Rows:
        return {
            int(raw["categoryID"]): {
                "name": raw["name"],
                "full_path_name": raw["fullPathName"],
                "parent_lightspeed_id": int(raw["parentID"]),
                "left_node": int(raw["leftNode"]),
                "right_node": int(raw["rightNode"]),
                "archived": False,
            }
            for raw in self.all("Category")
        }

    def brands(self) -> Rows:
        return {
            int(raw["manufacturerID"]): {"name": raw["name"], "archived": False}
            for raw in self.all("Manufacturer")
        }

    def shops(self) -> Rows:
        return {
            int(raw["shopID"]): {
                "name": raw["name"],
                "archived": _flag(raw["archived"]),
                "time_zone": raw["timeZone"],
                "tax_category": int(raw["taxCategoryID"]),
                "price_level_lightspeed_id": int(raw["priceLevelID"]) or 1,
            }
            for raw in self.all("Shop")
        }

    def registers(self) -> Rows:
        return {
            int(raw["registerID"]): {
                "name": raw["name"],
                "archived": _flag(raw["archived"]),
                "open": _flag(raw["open"]),
                "shop": int(raw["shopID"]),
            }
            for raw in self.all("Register")
        }

    def employees(self) -> Rows:
        return {
            int(raw["employeeID"]): {
                "first_name": raw["firstName"],
                "last_name": raw["lastName"],
                "locked_out": _flag(raw["lockOut"]),
                "archived": _flag(raw["archived"]),
            }
            for raw in self.all("Employee")
        }

    def payment_types(self) -> Rows:
        return {
            int(raw["paymentTypeID"]): {
                "name": raw["name"],
                "kind": raw["type"],
                "require_customer": _flag(raw["requireCustomer"]),
                "archived": _flag(raw["archived"]),
            }
            for raw in self.all("PaymentType")
        }

    def discounts(self) -> Rows:
        return {
            int(raw["discountID"]): {
                "name": raw["name"],
                "percent": Decimal(raw["discountPercent"]),
                "amount": Decimal(raw["discountAmount"]),
                "archived": _flag(raw["archived"]),
            }
            for raw in self.all("Discount")
        }

    def taxes(self) -> Rows:
        return {
            int(raw["taxCategoryID"]): {
                "tax1_name": raw["tax1Name"],
                "tax2_name": raw["tax2Name"],
                "tax1_rate": Decimal(raw["tax1Rate"]),
                "tax2_rate": Decimal(raw["tax2Rate"]),
                "is_tax_inclusive": _flag(raw["isTaxInclusive"]),
            }
            for raw in self.all("TaxCategory")
        }

    def class_taxes(self) -> Rows:
        return {
            (int(raw["taxCategoryID"]), int(rate["taxClassID"])): {
                "tax1_rate": Decimal(rate["tax1Rate"]),
                "tax2_rate": Decimal(rate["tax2Rate"]),
            }
            for raw in self.all("TaxCategory", load_relations=["TaxCategoryClasses"])
            for rate in _inside(raw, "TaxCategoryClasses", "TaxCategoryClass")
        }

    def customer_types(self) -> Rows:
        return {
            int(raw["customerTypeID"]): {
                "name": raw["name"],
                "tax_category_lightspeed_id": int(raw["taxCategoryID"]),
                "discount_lightspeed_id": int(raw["discountID"]),
            }
            for raw in self.all("CustomerType")
        }

    def customers(self) -> Rows:
        found = self.all("Customer", load_relations=["Contact", "CreditAccount"])
        return dict(map(_customer, found))


def _item(raw: Raw) -> tuple[int, dict[str, Any]]:
    prices = _inside(raw, "Prices", "ItemPrice")
    amounts = {int(price["useTypeID"]): Decimal(price["amount"]) for price in prices}
    note = raw.get("Note") or {}
    return int(raw["itemID"]), {
        "archived": _flag(raw["archived"]),
        "description": raw["description"],
        "system_sku": raw["systemSku"],
        "custom_sku": raw["customSku"],
        "manufacturer_sku": raw["manufacturerSku"],
        "upc": raw["upc"],
        "ean": raw["ean"],
        "price": amounts.get(1, Decimal(0)),
        "msrp": amounts.get(2, Decimal(0)),
        "prices": amounts,
        "tax": _flag(raw["tax"]),
        "tax_class_lightspeed_id": int(raw["taxClassID"]),
        "discountable": _flag(raw["discountable"]),
        "item_type": raw["itemType"],
        "serialized": _flag(raw["serialized"]),
        "category": int(raw["categoryID"]),
        "manufacturer": int(raw["manufacturerID"]),
        "matrix": int(raw["itemMatrixID"]),
        **_attributes(raw),
        "tags": _tags(raw),
        "note": note.get("note", ""),
        "note_is_public": _flag(note.get("isPublic", "false")),
        **_picture(raw),
        "changed_at": datetime.fromisoformat(raw["timeStamp"]),
    }


def _attributes(raw: Raw) -> dict[str, str]:
    told = raw.get("ItemAttributes") or {}
    return {f"attribute{place}": told.get(f"attribute{place}", "") for place in (1, 2, 3)}


def _tags(raw: Raw) -> set[str]:
    return {relation["Tag"]["name"] for relation in _inside(raw, "TagRelations", "TagRelation")}


def _picture(raw: Raw) -> dict[str, str]:
    images = sorted(_inside(raw, "Images", "Image"), key=lambda image: int(image["ordering"]))
    first = images[0] if images else {}
    return {
        "image_base_url": first.get("baseImageURL", ""),
        "image_public_id": first.get("publicID", ""),
    }


def _matrices(items: list[Raw]) -> Rows:
    """What their items tell of them: the first that is sold or, where none is, the first."""
    variants: dict[int, list[Raw]] = {}
    for raw in sorted(items, key=lambda raw: int(raw["itemID"])):
        variants.setdefault(int(raw["itemMatrixID"]), []).append(raw)
    variants.pop(0, None)
    return {key: _matrix(own) for key, own in variants.items()}


def _matrix(variants: list[Raw]) -> dict[str, Any]:
    sold = [raw for raw in variants if not _flag(raw["archived"])]
    first = (sold or variants)[0]
    values = " ".join(filter(None, _attributes(first).values()))
    pictured = [raw for raw in variants if _picture(raw)["image_public_id"]]
    sets = {(raw.get("ItemAttributes") or {}).get("itemAttributeSetID", "0") for raw in variants}
    return {
        "archived": not sold,
        "description": first["description"].removesuffix(f" {values}"),
        "attribute_set": OneOf(map(int, sets)),
        "category": int(first["categoryID"]),
        "manufacturer": int(first["manufacturerID"]),
        "tags": _tags(first),
        **_picture((pictured or [first])[0]),
    }


def _attribute_sets(items: list[Raw]) -> Rows:
    variants = [raw["ItemAttributes"] for raw in items if int(raw["itemMatrixID"])]
    told = [own["ItemAttributeSet"] for own in variants if "ItemAttributeSet" in own]
    return {
        int(raw["itemAttributeSetID"]): {
            "name": raw["name"],
            "attribute1_name": raw["attributeName1"],
            "attribute2_name": raw["attributeName2"],
            "attribute3_name": raw["attributeName3"],
        }
        for raw in told
    }


def _components(items: list[Raw]) -> Rows:
    return {
        (int(part["assemblyItemID"]), int(part["componentItemID"])): {
            "quantity": Decimal(part["quantity"])
        }
        for raw in items
        for part in _inside(raw, "ItemComponents", "ItemComponent")
    }


def _stock(rows: list[Raw]) -> Iterator[tuple[tuple[int, int], dict[str, Any]]]:
    for raw in rows:
        if int(raw["shopID"]):
            yield (
                (int(raw["itemID"]), int(raw["shopID"])),
                {
                    "qoh": int(raw["qoh"]),
                    "sellable": int(raw["sellable"]),
                    "component_qoh": int(raw["componentQoh"]),
                    "backorder": int(raw["backorder"]),
                    "on_layaway": int(raw["onLayaway"]),
                    "on_special_order": int(raw["onSpecialOrder"]),
                    "on_work_order": int(raw["onWorkorder"]),
                    "on_transfer_in": int(raw["onTransferIn"]),
                    "on_transfer_out": int(raw["onTransferOut"]),
                    "changed_at": datetime.fromisoformat(raw["timeStamp"]),
                },
            )


def _customer(raw: Raw) -> tuple[int, dict[str, Any]]:
    contact = raw["Contact"]
    emails = {e["useType"]: e["address"] for e in _inside(contact, "Emails", "ContactEmail")}
    phones = _inside(contact, "Phones", "ContactPhone")
    addresses = _inside(contact, "Addresses", "ContactAddress")
    held = raw.get("CreditAccount") or {}
    return int(raw["customerID"]), {
        "archived": _flag(raw["archived"]),
        "first_name": raw["firstName"],
        "last_name": raw["lastName"],
        "company": raw["company"],
        "email": emails.get("Primary", next(iter(emails.values()), "")),
        "phones": {re.sub(r"\D", "", phone["number"]) for phone in phones} - {""},
        "city": addresses[0].get("city", "") if addresses else "",
        "credit_account_lightspeed_id": int(raw["creditAccountID"]),
        "credit_balance": -Decimal(held.get("balance", "0")),
        "credit_limit": Decimal(held.get("creditLimit", "0")),
        "tax_category": int(raw["taxCategoryID"]),
        "discount_lightspeed_id": int(raw["discountID"]),
        "customer_type_lightspeed_id": int(raw["customerTypeID"]),
        "changed_at": datetime.fromisoformat(raw["timeStamp"]),
    }


def _flag(told: str) -> bool:
    return {"true": True, "false": False}[told]


def _many(value: Any) -> list[Raw]:
    return value if isinstance(value, list) else [value] if value else []


def _inside(raw: Raw, wrapper: str, name: str) -> list[Raw]:
    inside = raw.get(wrapper)
    return _many(inside.get(name)) if isinstance(inside, dict) else []


# --- As we have it ----------------------------------------------------------------------


def _related(rows: Any) -> models.QuerySet[Any]:
    owners = ["category", "manufacturer"]
    owners.append("matrix" if rows.model.__name__ == "Item" else "attribute_set")
    found: models.QuerySet[Any] = rows.select_related(*owners)
    return found


def _columns(row: models.Model, names: list[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _ours(rows: Any) -> Rows:
    return {row.lightspeed_id: _plain(row) for row in rows.all()}


def _plain(row: Any) -> dict[str, Any]:
    """Its own columns; of other rows Lightspeed's id, 0 for none."""
    columns: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if field.is_relation:
            if field.name != "account":
                other = getattr(row, field.name)
                columns[field.name] = other.lightspeed_id if other else 0
        else:
            columns[field.name] = getattr(row, field.attname)
    return columns


def _our_item(item: Any) -> tuple[int, dict[str, Any]]:
    prices = {int(level): Decimal(amount) for level, amount in item.prices.items()}
    tags = set(filter(None, item.tags.split(", ")))
    return item.lightspeed_id, _plain(item) | {"prices": prices, "tags": tags}


def _our_matrix(matrix: Any) -> tuple[int, dict[str, Any]]:
    plain = _plain(matrix)
    tags = set(filter(None, matrix.tags.split(", ")))
    return matrix.lightspeed_id, plain | {"tags": tags}


def _our_components(account: Account) -> Rows:
    parts = ItemComponent.everywhere.filter(assembly__account=account)
    found = parts.values_list("assembly__lightspeed_id", "component__lightspeed_id", "quantity")
    return {(assembly, part): {"quantity": quantity} for assembly, part, quantity in found}


def _our_stock(account: Account) -> Rows:
    rows = ItemStock.everywhere.filter(item__account=account)
    columns = [f.name for f in ItemStock._meta.concrete_fields if not f.is_relation]
    found = rows.values("item__lightspeed_id", "shop__lightspeed_id", *columns)
    return {(row["item__lightspeed_id"], row["shop__lightspeed_id"]): row for row in found}


def _our_shops(account: Account) -> Rows:
    return _ours(account.shops.select_related("tax_category"))


def _our_registers(account: Account) -> Rows:
    return _ours(account.registers.select_related("shop"))


def _our_class_taxes(account: Account) -> Rows:
    rates = TaxClassRate.everywhere.filter(tax_category__account=account)
    return {
        (rate.tax_category.lightspeed_id, rate.tax_class_lightspeed_id): _columns(
            rate, ["tax1_rate", "tax2_rate"]
        )
        for rate in rates.select_related("tax_category")
    }


def _our_customers(account: Account) -> Rows:
    return {
        customer.lightspeed_id: _plain(customer) | {"phones": set(customer.phones.split())}
        for customer in account.customers.select_related("tax_category")
    }


def told(found: list[str], most: int = 20) -> str:
    """For people, who read no thousand of them."""
    return json.dumps(found[:most], indent=1, ensure_ascii=False) + f"\n{len(found)} differences"
