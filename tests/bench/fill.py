"""`python -m tests.bench.fill [hold|COUNT]`: a large mirror without the hours of a first sync.

`hold`, before anyone has signed in, keeps the worker from copying items and stock; it copies the
rest as usual. COUNT then saves that many items, with their matrices and stock, as the sync would
have left them: the rows and the search index are made by the app's own code. Prints the seconds it
took.
"""

import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from salesfloor.catalog import search  # noqa: E402
from salesfloor.catalog.models import (  # noqa: E402
    Item,
    ItemAttributeSet,
    ItemMatrix,
    ItemStock,
    StockCheck,
)
from salesfloor.mirror.feeds import pks, upsert, upsert_mirrored  # noqa: E402
from salesfloor.simulator import stores  # noqa: E402
from salesfloor.staff.models import Account  # noqa: E402
from tests.bench.catalogue import SIMULATOR_SEED  # noqa: E402

ACCOUNT = 4711  # the simulator's
HELD = ("items", "stock")
AT_ONCE = 500


def hold() -> None:
    account = Account.objects.create(lightspeed_id=ACCOUNT, name="")
    for name in HELD:
        account.feeds.create(name=name, retry_at=timezone.now() + timedelta(days=1))


def fill(count: int) -> None:
    account = Account.objects.get(lightspeed_id=ACCOUNT)
    shops = {shop.lightspeed_id: shop.pk for shop in account.shops.all()}
    owners = Owners(
        categories=dict(account.categories.values_list("lightspeed_id", "pk")),
        manufacturers=dict(account.manufacturers.values_list("lightspeed_id", "pk")),
        attribute_set=_attribute_set(account),
    )
    search.hold(account)
    large = stores.records("large", count, SIMULATOR_SEED)
    wares = ((name, record) for name, record in large if name in ("Item", "ItemMatrix"))
    while batch := list(islice(wares, AT_ONCE)):
        matrices = [record for name, record in batch if name == "ItemMatrix"]
        records = [record for name, record in batch if name == "Item"]
        with transaction.atomic():
            upsert_mirrored([_matrix(account, each, owners) for each in matrices])
            runs = {each["itemMatrixID"] for each in records if "itemMatrixID" in each}
            owners.matrices = pks(account, ItemMatrix, runs)
            upsert_mirrored([_item(account, each, owners) for each in records])
            keys = pks(account, Item, [each["itemID"] for each in records])
            upsert(list(_stock(records, keys, shops)), unique=["item", "shop"])
    search.make_ready(account, is_alone=True)
    _finish(account, count)


@dataclass
class Owners:
    """Our keys by Lightspeed's."""

    categories: dict[int, int]
    manufacturers: dict[int, int]
    attribute_set: int
    matrices: dict[int, int] = field(default_factory=dict)

    def of(self, record: dict[str, Any]) -> dict[str, int]:
        return {
            "category_id": self.categories[record["categoryID"]],
            "manufacturer_id": self.manufacturers[record["manufacturerID"]],
        }


def _attribute_set(account: Account) -> int:
    made, _ = ItemAttributeSet.everywhere.get_or_create(
        account=account,
        lightspeed_id=stores.COLOUR_AND_SIZE,
        name="Color/Size",
        attribute1_name="Color",
        attribute2_name="Size",
    )
    return made.pk


def _matrix(account: Account, record: dict[str, Any], owners: Owners) -> ItemMatrix:
    return ItemMatrix(
        account=account,
        lightspeed_id=record["itemMatrixID"],
        description=record["description"],
        attribute_set_id=owners.attribute_set,
        changed_at=datetime.fromisoformat(record["timeStamp"]),
        **owners.of(record),
    )


def _item(account: Account, record: dict[str, Any], owners: Owners) -> Item:
    amounts: dict[int, Decimal] = {
        price["useTypeID"]: price["amount"] for price in record["Prices"]["ItemPrice"]
    }
    attributes = record.get("ItemAttributes", {})
    return Item(
        account=account,
        lightspeed_id=record["itemID"],
        description=record["description"],
        system_sku=record["systemSku"],
        custom_sku=record["customSku"],
        ean=record["ean"],
        price=amounts[1],
        msrp=amounts[2],
        prices={str(key): str(amount) for key, amount in amounts.items()},
        matrix_id=owners.matrices.get(record.get("itemMatrixID", 0)),
        attribute1=attributes.get("attribute1", ""),
        attribute2=attributes.get("attribute2", ""),
        changed_at=datetime.fromisoformat(record["timeStamp"]),
        **owners.of(record),
    )


def _stock(
    records: Iterable[dict[str, Any]], items: dict[int, int], shops: dict[int, int]
) -> Iterator[ItemStock]:
    now = timezone.now()
    for record in records:
        for stock in record["ItemShops"]["ItemShop"]:
            yield ItemStock(
                item_id=items[record["itemID"]],
                shop_id=shops[stock["shopID"]],
                qoh=stock["qoh"],
                sellable=stock["qoh"],
                changed_at=datetime.fromisoformat(stock["timeStamp"]),
                read_at=now,
            )


def _finish(account: Account, count: int) -> None:
    """Let the worker go on from here, with what changes."""
    now = timezone.now()
    StockCheck.everywhere.update_or_create(account=account, defaults={"confirmed_at": now})
    account.feeds.filter(name__in=HELD).update(
        rows_done=count,
        high_water=datetime(2026, 1, 1, tzinfo=UTC),  # after all that the simulator begins with
        started_at=now,
        finished_at=now,
        last_run_at=now,
        retry_at=None,
    )


if __name__ == "__main__":
    began = time.monotonic()
    if sys.argv[1] == "hold":
        hold()
    else:
        fill(int(sys.argv[1]))
    print(time.monotonic() - began)
