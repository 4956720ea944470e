"""Queries and codes as nobody should type them, ten thousand: no error, and none is slow."""

import random
import time

from django.db import connection

from salesfloor.catalog import search
from salesfloor.catalog.models import Item
from salesfloor.staff.models import Account, Shop
from tests.catalog.test_order import make_shop

SEED = 5
# Each query of a search takes a way to PostgreSQL and back.
COUNT = 10_000 if connection.vendor == "sqlite" else 2_000
SECONDS = 1.0

OPERATORS = """
    " ' "" * ^ : ( ) { } - + % _ \\ ~ $ # @ ! ? = /* -- & | <-> AND OR NOT a* {words}:x -text:a
    !:* 'a':* ::tsquery %s %(a)s =x @1 #1 trail runner 10.5 3/8 10,5 SK-0001-A 0001
"""
FOREIGN = """
    🥾 👩\u200d👩\u200d👧 שלום مرحبا ﷺ 日本語 ไทย ½ ß Ǆ İ ı ٣ ﬁ
    e\u0301 \u202e \u200f \ufeff \u0301 \ufffe
"""
OTHERS = ["NEAR(a b)", "; DROP TABLE catalog_item; --", "\0", "\U0010ffff", "\r\n", "1" * 40]
PIECES = [*OPERATORS.split(), *FOREIGN.split(), *OTHERS, "e" * 300]


def typed(choose: random.Random) -> str:
    match choose.randrange(8):
        case 0:
            return "".join(chr(choose.randrange(1, 0xD800)) for _ in range(choose.randrange(20)))
        case 1:
            return "".join(chr(choose.randrange(32, 127)) for _ in range(choose.randrange(40)))
        case 2:
            return choose.choice(PIECES) * choose.randrange(1, 60)
        case 3 if choose.random() < 0.05:
            return (choose.choice(PIECES) * 10_000)[:10_240]
    joint = choose.choice(["", " ", " ", " OR ", "  "])
    return joint.join(choose.choices(PIECES, k=choose.randrange(1, 9)))


def test_thousands_of_odd_queries_and_codes_neither_fail_nor_take_long(
    account: Account, shop: Shop, other_shop: Shop
) -> None:
    choose = random.Random(SEED)
    make_shop(account, [shop, other_shop], choose, 60)
    search.set_synonyms(account, "trail = % ' \" = runner\n* = 10.5")
    slow = []
    for _ in range(COUNT):
        query = typed(choose)
        began = time.thread_time()
        if choose.random() < 0.3:
            list(Item.by_code(account, query))
        else:
            search.find(search.Wanted(shop, query, tag=choose.choice(["", "", query])), count=21)
        if time.thread_time() - began > SECONDS:
            slow.append(query)
    assert slow == []
