"""Sales as a rep makes them, each answer timed and looked at.

The floor is asked between them with the same words, so that whatever disturbs the machine
disturbs both.
"""

import html
import math
import random
import re
import time
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import uuid4

from tests.bench.catalogue import Catalogue, Item, typed_for
from tests.bench.running import Salesfloor
from tests.bench.tablet import Answer, Tablet

LINES_A_SALE = 5
# The floor and a page of results show so many, where so many fit.
ROWS = 20
RECORDED_WITHIN_SECONDS = 60

FLOOR = "the floor"
SEARCH = "search as you type"
SCAN = "scan into the cart"
ADD = "add a line"
PAY = "pay in cash"
RECORDED = "from paid to recorded"
SCREEN = "the selling screen"


@dataclass
class Measures:
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    drips: list[float] = field(default_factory=list)

    def keep(self, name: str, seconds: float, problem: str = "") -> None:
        self.seconds[name].append(seconds)
        if problem:
            self.wrong[name].append(problem)


@dataclass
class Rep:
    tablet: Tablet
    running: Salesfloor
    catalogue: Catalogue
    choose: random.Random
    measures: Measures = field(default_factory=Measures)

    def sell(self) -> None:
        """One ordinary sale: some items looked up and tapped, others scanned, paid exactly."""
        self.open_screen()
        items = self.choose.sample(self.catalogue.items, LINES_A_SALE)
        for number, item in enumerate(items, 1):
            add = self.look_up_and_add if number % 2 else self.scan
            page = add(item, items[:number])
        self.pay(page, items)

    def sell_by_scanner(self) -> None:
        """The same, found by barcode alone."""
        items = self.choose.sample(self.catalogue.items, LINES_A_SALE)
        self.pay(self.fill_cart(items), items)

    def fill_cart(self, items: Sequence[Item] = ()) -> Answer:
        """As it is then; with any items where none are given."""
        items = list(items) or self.choose.sample(self.catalogue.items, LINES_A_SALE)
        return [self.scan(item, items[:number]) for number, item in enumerate(items, 1)][-1]

    def empty_cart(self, page: str) -> None:
        answer = self.tablet.post(
            "/sale/empty/", version=_value(page, "version"), action_id=_value(page, "action_id")
        )
        if answer.status != 200:
            self.measures.wrong[PAY].append(f"the cart cannot be emptied: {_message(answer)}")

    def open_screen(self) -> None:
        answer = self.tablet.get("/sell/", htmx=False)
        shown = len(_cards(answer.text))
        self.measures.keep(SCREEN, answer.seconds, "" if shown >= ROWS else f"{shown} items")

    def look_up_and_add(self, item: Item, cart: list[Item]) -> Answer:
        cards: dict[str, str] = {}
        for kind, typed in typed_for(item, self.choose):
            self.ask_floor(typed)
            cards = self.search(typed, f"… {kind}")
        if not cards.get(item.description):
            self.measures.wrong[SEARCH].append(f"{item.description!r} is not found")
            return self.scan(item, cart)
        answer = self.tablet.post("/sale/lines/", item=cards[item.description])
        self.measures.keep(ADD, answer.seconds, _problem_of_cart(answer, cart))
        return answer

    def ask_floor(self, typed: str) -> None:
        answer = self.tablet.get("/bench/search/", q=typed)
        shown = re.findall(r"<b>([^<]*)</b>", answer.text)
        fitting = self.catalogue.named.fitting(typed)
        numbers = [self.catalogue.number.get(name) for name in map(html.unescape, shown)]
        self.measures.keep(FLOOR, answer.seconds, _problem(typed, shown, numbers, fitting))

    def search(self, typed: str, kind: str) -> dict[str, str]:
        """The keys of the items shown by their names; "" where a tap opens the sheet instead."""
        answer = self.tablet.get("/items/", q=typed, category="")
        cards = _cards(answer.text)
        products = [self.catalogue.product_named.get(name) for name in cards]
        problem = _problem(typed, list(cards), products, self.catalogue.products(typed))
        self.measures.keep(SEARCH, answer.seconds, problem)
        self.measures.keep(kind, answer.seconds, problem)
        return cards

    def scan(self, item: Item, cart: list[Item]) -> Answer:
        answer = self.tablet.post("/sale/scan/", code=item.ean, action_id=str(uuid4()))
        self.measures.keep(SCAN, answer.seconds, _problem_of_cart(answer, cart))
        return answer

    def pay(self, cart_page: Answer, cart: list[Item]) -> None:
        page = cart_page.text
        if 'name="expected_total"' not in page:
            self.measures.wrong[PAY].append(f"the cart cannot be paid: {_message(cart_page)}")
            return
        spent = self.running.drips()
        total = _value(page, "expected_total")
        answer = self.tap_cash(page)
        paid = time.perf_counter()
        done = self._priced(answer)
        sale = re.search(r"/sales/(\d+)/receipt/", done.text)
        if not sale or 'id="done"' not in done.text:
            self.measures.keep(PAY, answer.seconds, f"not paid: {_message(done)}")
            return
        self.measures.keep(PAY, answer.seconds)
        ticket = self._ticket(f"/sales/{sale[1]}/done/", done.text)
        seconds = time.perf_counter() - paid
        problem = self._problem_at_lightspeed(ticket, Decimal(total), cart)
        self.measures.keep(RECORDED, seconds, problem)
        self.measures.drips.append(self.running.drips() - spent)

    def tap_cash(self, page: str) -> Answer:
        """All that is due, and no more: what the tap answers, before there is a price."""
        total = _value(page, "expected_total")
        return self.tablet.post(
            "/sale/cash/",
            version=_value(page, "version"),
            action_id=_value(page, "action_id"),
            expected_total=total,
            amount_tendered=total,
        )

    def _priced(self, answer: Answer) -> Answer:
        """The cart once the worker has had its price, which the tap does not wait for."""
        give_up_at = time.perf_counter() + RECORDED_WITHIN_SECONDS
        while 'class="asking"' in answer.text and time.perf_counter() < give_up_at:
            time.sleep(0.02)
            answer = self.tablet.get("/sale/cart/")
        return answer

    def _ticket(self, path: str, page: str) -> str:
        give_up_at = time.perf_counter() + RECORDED_WITHIN_SECONDS
        while not (ticket := re.search(r"Recorded\. Ticket (\w+)", page)):
            if time.perf_counter() > give_up_at:
                return ""
            time.sleep(0.02)
            page = self.tablet.get(path).text
        return str(ticket[1])

    def _problem_at_lightspeed(self, ticket: str, total: Decimal, cart: list[Item]) -> str:
        sales = self.running.lightspeed()["sales"]
        sale = next((sale for sale in sales if sale["ticketNumber"] == ticket), None)
        if sale is None or not sale["completed"]:
            return f"ticket {ticket!r} is not a completed sale in Lightspeed"
        if Decimal(sale["total"]) != total:
            return f"Lightspeed took {sale['total']}, the screen said {total}"
        prices = sorted(Decimal(line["unitPrice"]) for line in sale["lines"])
        if prices != sorted(item.price for item in cart):
            return f"Lightspeed has lines at {prices}"
        return ""


def p95(seconds: list[float]) -> float:
    return sorted(seconds)[math.ceil(0.95 * len(seconds)) - 1]


def _cards(page: str) -> dict[str, str]:
    cards = page.split('<div class="item-card')[1:]
    named = [re.sub(r"</?mark>", "", re.findall(r"<b>(.*?)</b>", card)[0]) for card in cards]
    keys = [re.search(r'name="item" value="(\d+)"', card) for card in cards]
    return {html.unescape(n): key[1] if key else "" for n, key in zip(named, keys, strict=True)}


def _problem(
    typed: str, names: Sequence[str], shown: Sequence[int | None], fitting: Collection[int]
) -> str:
    """`shown` are the numbers of what has these names, `fitting` those of all that may be shown."""
    if len(shown) < min(len(fitting), ROWS):
        return f"{typed!r}: {len(shown)} of {len(fitting)}"
    strange = [name for name, number in zip(names, shown, strict=True) if number not in fitting]
    return f"{typed!r}: {strange[0]!r} does not fit" if strange else ""


def _problem_of_cart(answer: Answer, cart: list[Item]) -> str:
    names = re.findall(r'class="line__name">([^<]*)<', answer.text)
    if sorted(map(html.unescape, names)) != sorted(item.description for item in cart):
        return f"{cart[-1].description!r} scanned or tapped, then in the cart: {names}"
    return ""


def _value(page: str, name: str) -> str:
    return str(re.findall(rf'name="{name}"\s+value="([^"]*)"', page)[0])


def _message(answer: Answer) -> str:
    said = re.search(r'id="cart-message"[^>]*>([^<]*)<', answer.text)
    return html.unescape(said[1]) if said else f"status {answer.status}"
