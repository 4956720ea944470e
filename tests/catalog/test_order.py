"""Search against an oracle that reads every item: the demo shop, and shops made by chance."""

import random
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.utils import timezone

from salesfloor.catalog import search
from salesfloor.catalog.models import Item
from salesfloor.staff.models import Account, Shop
from tests.catalog.oracle import Asked, Oracle

WORDS = "trail runner wool sock fleece blue red tent sand navy gtx kids été 10 10.5 s m 3/8 750ml"


def found(asked: Asked) -> list[tuple[str, list[int]]]:
    wanted = search.Wanted(**vars(asked))
    hits = search.find(wanted, count=1000).hits
    return [(hit.name, search.items_of([hit])) for hit in hits]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_order_is_the_oracles_in_the_demo_shop(demo: Account, seed: int) -> None:
    choose = random.Random(seed)
    shops = list(demo.shops.filter(archived=False))
    oracle = Oracle(demo)
    for query in some_queries(demo, choose, 60):
        asked = Asked(choose.choice(shops), query, **some_filters(demo, choose))
        assert_same(oracle, asked)


def assert_same(oracle: Oracle, asked: Asked) -> None:
    expected = oracle.find(asked)
    if expected or not asked.text:  # else slips of the finger come in
        assert found(asked) == expected, asked


def some_queries(account: Account, choose: random.Random, count: int) -> list[str]:
    items = choose.sample(list(account.items.select_related("manufacturer")), count)
    makers: list[Callable[[Item], str]] = [
        lambda item: item.description,
        lambda item: " ".join(choose.sample(item.description.split(), 2)),
        lambda item: " ".join(word[: choose.randint(1, 4)] for word in item.description.split()),
        lambda item: item.description[: choose.randint(1, 6)],
        lambda item: item.system_sku[choose.randint(0, 6) :],
        lambda item: item.custom_sku,
        lambda item: f"{item.attribute2 or item.attribute1} {item.description.split()[0]}",
        lambda item: (item.manufacturer.name if item.manufacturer else "") + " " + item.attribute1,
        lambda item: choose.choice("abcdefghijklmnopqrstuvwxyz0123456789"),
        lambda item: "",
    ]
    return [choose.choice(makers)(item) for item in items]


def some_filters(account: Account, choose: random.Random) -> dict[str, object]:
    filters: dict[str, object] = {}
    if choose.random() < 0.2:
        filters["category"] = choose.choice(list(account.categories.filter(archived=False)))
    if choose.random() < 0.1:
        filters["tag"] = choose.choice(search.tags_of(account) or [""])
    if choose.random() < 0.2:
        filters["stock"] = choose.choice(["here", "any"])
    if choose.random() < 0.2:
        filters["price_from"] = Decimal(choose.choice([0, 10, 50, 120]))
    if choose.random() < 0.2:
        filters["price_to"] = Decimal(choose.choice([20, 60, 150, 400]))
    return filters


@pytest.mark.parametrize("seed", range(4))
def test_order_is_the_oracles_where_words_stocks_and_sales_are_mixed(
    account: Account, shop: Shop, other_shop: Shop, seed: int
) -> None:
    choose = random.Random(seed)
    make_shop(account, [shop, other_shop], choose, 350)
    oracle = Oracle(account)
    for _ in range(60):
        typed = choose.sample(WORDS.split(), choose.randint(1, 3))
        query = " ".join(word[: choose.randint(1, 6)] for word in typed)
        stock = choose.choice(["", "", "here", "any"])
        assert_same(oracle, Asked(choose.choice([shop, other_shop]), query, stock=stock))


def make_shop(account: Account, shops: list[Shop], choose: random.Random, count: int) -> None:
    """Items without any sense, some hundreds of which have a word in common."""
    brands = [
        account.manufacturers.create(lightspeed_id=n, name=name)
        for n, name in enumerate(("Trailhead", "Sandpiper", "Wren & Sons"), 1)
    ]
    matrices = [
        account.item_matrices.create(
            lightspeed_id=n, description=" ".join(choose.sample(WORDS.split(), 2))
        )
        for n in range(1, count // 10)
    ]
    items = []
    for number in range(1, count + 1):
        matrix = choose.choice([None, *matrices]) if choose.random() < 0.6 else None
        colour, size = (
            choose.choice(["Blue", "Red", "Sand"]),
            choose.choice(["S", "M", "10", "10.5"]),
        )
        name = matrix.description if matrix else " ".join(choose.sample(WORDS.split(), 3))
        items.append(
            account.items.create(
                lightspeed_id=number,
                matrix=matrix,
                description=f"{name} {colour} {size}" if matrix else name,
                attribute1=colour if matrix else "",
                attribute2=size if matrix else "",
                manufacturer=choose.choice(brands),
                custom_sku=f"SK-{number:04}-{choose.choice(['A', 'B'])}",
                price=choose.randint(1, 300),
                sold=choose.choice([0, 0, 0, 1, 2, 3, 9, 40]),
                archived=choose.random() < 0.05,
                item_type="non_inventory" if choose.random() < 0.05 else "default",
            )
        )
    now = timezone.now()
    for item in items:
        for shop in shops:
            if choose.random() < 0.4:
                units = choose.randint(0, 2)
                item.stock.create(shop=shop, qoh=units, sellable=units, changed_at=now, read_at=now)
    search.index(items)
