"""Filters, sorting and paging, compared with what plain Python makes of all the records."""

import random
from decimal import Decimal
from fnmatch import fnmatchcase

import pytest

SEED = 20261125
QUERIES = 250
TEXTS = ("description", "customSku", "itemType")
NUMBERS = ("itemID", "defaultCost", "modelYear")
FLAGS = ("tax", "discountable")
DATES = ("timeStamp",)
WORDS = ("boot", "Boot", "wool", "Sock", "étoile", "x", "10.5")


def shop(dice):
    return [
        {
            "itemID": number,
            "description": " ".join(dice.choices(WORDS, k=3)),
            "customSku": dice.choice(("", f"S-{number}", "same")),
            "itemType": dice.choice(("default", "non_inventory")),
            "defaultCost": dice.choice(("0", "9.99", "10", "100.5", "-1")),
            "modelYear": dice.randrange(4),
            "tax": dice.random() < 0.5,
            "discountable": dice.random() < 0.5,
            "archived": dice.random() < 0.2,
            "timeStamp": f"2026-05-{1 + dice.randrange(4):02}T{dice.randrange(3):02}:00:00+00:00",
        }
        for number in range(1, 241)
    ]


def value_of(field, text):
    return Decimal(text) if field in NUMBERS else text.lower()


def matches(item, field, operator, operand):
    """Whether an answered item fits, in the words of the reference."""
    held = value_of(field, item[field])
    if operator in ("~", "!~"):
        pattern = operand if "%" in operand else operand + "%"
        return fnmatchcase(held, pattern.lower().replace("%", "*")) is (operator == "~")
    wanted = [value_of(field, part) for part in operand.split(",")]
    return {
        "=": held == wanted[0],
        "!=": held != wanted[0],
        ">": held > wanted[0],
        ">=": held >= wanted[0],
        "<": held < wanted[0],
        "<=": held <= wanted[0],
        "><": wanted[0] <= held <= wanted[-1],
        "IN": held in wanted,
    }[operator]


def clause(dice, items):
    field = dice.choice(TEXTS + NUMBERS + FLAGS + DATES)
    one, other = (dice.choice(items)[field] for _ in range(2))
    if field in TEXTS:
        operator = dice.choice(("=", "!=", "~", "!~", "IN"))
        one = one or "same"
        if "~" in operator:
            part = one[dice.randrange(len(one)) :] or "o"
            one = dice.choice((f"%{part}%", f"%{part}", one[:3]))
    elif field in FLAGS:
        operator = dice.choice(("=", "!="))
    else:
        operator = dice.choice(("=", "!=", ">", ">=", "<", "<=", "><", "IN"))
        if operator in ("><", "IN"):
            one = ",".join(sorted((one, other), key=lambda text: value_of(field, text)))
    return field, operator, one


def sorted_as(items, sort):
    field = sort.lstrip("-")
    return sorted(
        items,
        key=lambda item: (value_of(field, item[field]), int(item["itemID"])),
        reverse=sort.startswith("-"),
    )


@pytest.fixture(scope="module")
def seeded(running_simulator):
    """240 items and everything the API says about them."""
    dice = random.Random(SEED)
    running_simulator.reset()
    running_simulator.settings(rate_limits="off")
    running_simulator.put({"Item": shop(dice)})
    client = running_simulator.client()
    everything = walk(client, archived="true")
    assert len(everything) == 240
    return client, everything


def walk(client, **params):
    """All pages of a list, by the addresses they give."""
    answer = client.get("Item", **params).json()
    found = []
    while True:
        items = answer.get("Item", [])
        found += items if isinstance(items, list) else [items]
        if not answer["@attributes"]["next"]:
            return found
        answer = client.http.get(
            answer["@attributes"]["next"], headers=client.grant.headers, timeout=10
        ).json()


def ids(items):
    return [int(item["itemID"]) for item in items]


@pytest.mark.parametrize("number", range(QUERIES // 10))
def test_random_queries_find_what_plain_reading_finds(seeded, number):
    client, everything = seeded
    dice = random.Random(f"{SEED}/{number}")
    for _ in range(10):
        params = {"limit": dice.choice((7, 50, 100)), "archived": dice.choice(("false", "true"))}
        expected = [
            i for i in everything if params["archived"] == "true" or i["archived"] == "false"
        ]
        # By field, as a parameter can be given once.
        both = {found[0]: found for found in (clause(dice, everything), clause(dice, everything))}
        for field, operator, operand in both.values():
            params[field] = operand if operator == "=" else f"{operator},{operand}"
            expected = [item for item in expected if matches(item, field, operator, operand)]
        if dice.random() < 0.4:
            either = [clause(dice, everything) for _ in range(2)]
            params["or"] = "|".join(
                f"{field}={operand if operator == '=' else f'{operator},{operand}'}"
                for field, operator, operand in either
            )
            expected = [item for item in expected if any(matches(item, *c) for c in either)]
        sort = dice.choice(("", "itemID", "-itemID", "timeStamp", "-timeStamp", "-description"))
        if sort:
            params["sort"] = sort
            expected = sorted_as(expected, sort)
        assert ids(walk(client, **params)) == ids(expected), params
        counted = {n: v for n, v in params.items() if n not in ("limit", "sort")}
        count = client.get("Item", count=1, **counted).json()["@attributes"]["count"]
        assert count == str(len(expected)), params
