"""Finding customers as a rep types: names, beginnings of names, e-mail, the end of a phone number.

The table `customers_customerwords` has one row a customer, whose tokens are the words of name and
company; the e-mail address without its punctuation (`annlee@examplecom`); and each phone number
twice: `#5145550134`, and from its end, `~4310555415`, so that its last digits are a beginning.

On SQLite it is an FTS5 table, on PostgreSQL the tokens are a `tsvector`. A row id is the account's
key, then Lightspeed's id of the customer: a range of them is one account's customers, and none is
reached from another account.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from django.db import connection

from salesfloor.staff.queries import fetched
from salesfloor.words import compact, fold, joined, words

if TYPE_CHECKING:
    from salesfloor.customers.models import Customer
    from salesfloor.staff.models import Account

# So many of those that fit are looked at more closely and put in order, the newest ones.
CANDIDATES = 200
# What is longer than this was not typed by a rep.
LONGEST_QUERY = 200
MOST_WORDS = 8
# Fewer letters or digits would list customers rather than find one.
FEWEST_CHARACTERS = 2
FEWEST_DIGITS = 3
# Half a town's numbers begin alike: fewer digits are the end of one, not its beginning.
FEWEST_FIRST_DIGITS = 6
# Numbers are compared in so many of their last digits: what goes before, a country's code or a
# zero, some write and others do not.
COMPARED_DIGITS = 9

_CUSTOMER_BITS = 40

# Any of these; in each, all of the words, of which "smi*" stands for those that begin so.
Wanted = Sequence[Sequence[str]]


def find(account: Account, query: str, *, count: int = 20) -> list[Customer]:
    """At most `count` customers that fit, the best ones first: those whose names hold the words
    whole, then those with words that begin so, in the order of their names.

    Nothing that can be typed makes it fail.
    """
    query = query[:LONGEST_QUERY].replace("\0", " ").strip()
    if len(compact(query)) < FEWEST_CHARACTERS:
        return []
    typed = words(query)[:MOST_WORDS]
    whole, begun = [typed], [[f"{word}*" for word in typed]]
    if "@" in query:
        rows = _rows(account, [[f"{_address(query)}*"]])
    elif digits := phone_digits(query):
        beginnings = [[f"#{digits}*"]] if len(digits) >= FEWEST_FIRST_DIGITS else []
        rows = _rows(account, [*begun, [f"~{_end(digits)}*"], *beginnings])
    else:
        rows = _rows(account, whole)
        if len(rows) < count:
            rows |= _rows(account, begun)
    ranked = sorted(rows, key=lambda rowid: (_distance(rows[rowid], typed), rows[rowid]))
    return _customers(account, ranked[:count])


def known(account: Account, *, email: str = "", phone: str = "") -> list[Customer]:
    """Those who have this e-mail address or this phone number already."""
    wanted = []
    if compact(email):
        wanted.append([_address(email)])
    if len(digits := re.sub(r"\D", "", phone)) >= FEWEST_DIGITS:
        wanted.append([f"~{_end(digits)}*"])
    rows = _rows(account, wanted) if wanted else {}
    return _customers(account, list(rows))


def phone_digits(query: str) -> str:
    """Of what may be a phone number or a part of one; "" where it is none."""
    digits = re.sub(r"\D", "", query)
    written_as_one = re.fullmatch(r"[\d\s()+./-]+", query) is not None
    return digits if written_as_one and len(digits) >= FEWEST_DIGITS else ""


def _rows(account: Account, wanted: Wanted) -> dict[int, str]:
    """Row ids and folded names."""
    if connection.vendor == "sqlite":
        matches = "customers_customerwords MATCH %s"
    else:
        matches = "words @@ %s::tsquery"
    first = account.pk << _CUSTOMER_BITS
    rows = fetched(
        "SELECT rowid, title FROM customers_customerwords"  # noqa: S608 (no values)
        f" WHERE {matches} AND rowid BETWEEN %s AND %s ORDER BY rowid DESC LIMIT %s",
        [_expression(wanted), first, first + (1 << _CUSTOMER_BITS) - 1, CANDIDATES],
    )
    return dict(rows)


def _expression(wanted: Wanted) -> str:
    """In the language of FTS5 or of PostgreSQL. Tokens are letters, digits, `@`, `#` and `~`."""
    if connection.vendor == "sqlite":
        also, instead, quote, begins = " AND ", " OR ", '"', "*"
    else:
        also, instead, quote, begins = " & ", " | ", "'", ":*"

    def term(word: str) -> str:
        return f"{quote}{word.rstrip('*')}{quote}{begins if word.endswith('*') else ''}"

    return instead.join(f"({also.join(map(term, every))})" for every in wanted)


def _distance(title: str, typed: list[str]) -> tuple[int, int]:
    """How far a folded name is from the words: lowest where it holds them all, whole."""
    own = title.split()
    begun = sum(any(word.startswith(begin) for word in own) for begin in typed)
    return -begun, -sum(word in own for word in typed)


def _customers(account: Account, rowids: list[int]) -> list[Customer]:
    ids = [rowid & ((1 << _CUSTOMER_BITS) - 1) for rowid in rowids]
    found = account.customers.filter(lightspeed_id__in=ids, archived=False)
    by_id: dict[int, Customer] = {customer.lightspeed_id: customer for customer in found}
    return [by_id[key] for key in ids if key in by_id]


def index(customers: Iterable[Customer]) -> None:
    """Make these customers found as they are now, and the archived ones not found.

    To be called in the transaction that saves them.
    """
    customers = list(customers)
    tokens = (
        "%s" if connection.vendor == "sqlite" else "array_to_tsvector(string_to_array(%s, ' '))"
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "DELETE FROM customers_customerwords WHERE rowid = %s",
            [(_rowid(customer),) for customer in customers],
        )
        cursor.executemany(
            "INSERT INTO customers_customerwords (rowid, words, title)"  # noqa: S608 (no values)
            f" VALUES (%s, {tokens}, %s)",
            [
                (_rowid(each), " ".join(dict.fromkeys(_tokens(each))), _title(each))
                for each in customers
                if not each.archived
            ],
        )


def _rowid(customer: Customer) -> int:
    return customer.account_id << _CUSTOMER_BITS | customer.lightspeed_id


def _tokens(customer: Customer) -> Iterator[str]:
    text = f"{customer.name} {customer.company} {customer.email.partition('@')[0]}"
    yield from words(text)
    yield from joined(text)
    if customer.email:
        yield _address(customer.email)
    for number in customer.phones.split():
        yield f"#{number}"
        yield f"~{number[::-1]}"


def _title(customer: Customer) -> str:
    return " ".join(words(f"{customer.name} {customer.company}"))


def _address(email: str) -> str:
    return "".join(re.findall(r"[^\W_]|@", fold(email)))


def _end(digits: str) -> str:
    return digits[::-1][:COMPARED_DIGITS]
