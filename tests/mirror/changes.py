"""Random changes of a shop's assortment, made at Lightspeed as its back office would."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any

from tests.simulator.running import RunningSimulator

COLOURS = ("Ochre", "Petrol", "Sienna")


class BackOffice:
    """Knows by heart what was there when it began, and what it made."""

    def __init__(self, simulator: RunningSimulator, dice: Random, items: list[int]) -> None:
        self.simulator = simulator
        self.client = simulator.client()
        self.dice = dice
        self.items = items
        self.matrices = self._ids("ItemMatrix")
        self.brands = self._ids("Manufacturer")
        self.categories = self._ids("Category")
        self.customers = self._ids("Customer")
        self.tags = self._ids("Tag")
        self.shops = self._ids("Shop")
        self.made: Counter[str] = Counter()

    def _ids(self, entity: str) -> list[int]:
        """Of the first page."""
        key = f"{entity[0].lower()}{entity[1:]}ID"
        return [int(record[key]) for record in self.client.records(entity)]

    @property
    def acts(self) -> dict[str, tuple[int, Callable[[], Any]]]:
        """How often, and how."""
        return {
            "price": (25, self.price),
            "stock": (25, self.stock),
            "archive": (8, self.archive),
            "un-archive": (6, self.unarchive),
            "new item": (8, self.new_item),
            "new size": (5, self.new_size),
            "rename an item": (6, self.rename),
            "barcode": (4, self.barcode),
            "tag": (4, self.tag),
            "note": (3, self.note),
            "another brand": (3, self.other_brand),
            "rename a brand": (2, self.rename_brand),
            "rename a category": (2, self.rename_category),
            "delete a category": (1, self.delete_category),
            "move to another matrix": (5, self.move),
            "rename a matrix": (2, self.rename_matrix),
            "delete a matrix": (1, self.delete_matrix),
            "customer": (4, self.customer),
            "sale": (6, self.sale),
        }

    def make(self, count: int) -> None:
        names = list(self.acts)
        weights = [weight for weight, _ in self.acts.values()]
        for name in self.dice.choices(names, weights, k=count):
            self.acts[name][1]()
            self.made[name] += 1

    def _put(self, path: str, body: Any) -> None:
        answer = self.client.put(path, body)
        assert answer.status_code == 200, answer.text

    def _change(self, **fields: Any) -> None:
        self._put(f"Item/{self.dice.choice(self.items)}", fields)

    def _amount(self) -> str:
        return f"{self.dice.randrange(100, 40_000) / 100:.2f}"

    def price(self) -> None:
        levels = self.dice.choice([(1, "Default"), (2, "MSRP")])
        price = {"amount": self._amount(), "useTypeID": levels[0], "useType": levels[1]}
        self._change(Prices={"ItemPrice": [price]})

    def stock(self) -> None:
        """As a delivery changes it: of the item itself nothing changes."""
        place = {"itemID": self.dice.choice(self.items), "shopID": self.dice.choice(self.shops)}
        for row in self.client.records("ItemShop", **place):
            now = datetime.now(UTC).isoformat(timespec="seconds")
            counted = {"qoh": self.dice.randrange(-2, 30), "timeStamp": now}
            self.simulator.put({"ItemShop": [row | counted]})

    def archive(self) -> None:
        assert self.client.delete(f"Item/{self.dice.choice(self.items)}").status_code == 200

    def unarchive(self) -> None:
        self._change(archived=False)

    def new_item(self) -> None:
        body = {
            "description": f"Novelty {self.dice.randrange(10**6)}",
            "customSku": f"N-{self.dice.randrange(10**6)}",
            "manufacturerID": self.dice.choice(self.brands),
            "Prices": {"ItemPrice": [{"amount": self._amount(), "useTypeID": 1}]},
        }
        self._create("Item", body)

    def new_size(self) -> None:
        attributes = {
            "attribute1": self.dice.choice(COLOURS),
            "attribute2": str(self.dice.random()),
        }
        matrix = self.dice.choice(self.matrices)
        self._create("Item", {"itemMatrixID": matrix, "ItemAttributes": attributes})

    def _create(self, entity: str, body: Any) -> None:
        answer = self.client.post(entity, body)
        assert answer.status_code == 200, answer.text
        self.items.append(int(answer.json()["Item"]["itemID"]))

    def rename(self) -> None:
        self._change(description=f"Renamed {self.dice.randrange(10**6)}")

    def barcode(self) -> None:
        self._change(upc=str(self.dice.randrange(10**11, 10**12)), ean="")

    def tag(self) -> None:
        relation = {"tagID": self.dice.choice(self.tags)}
        self._change(TagRelations={"TagRelation": [relation]})

    def note(self) -> None:
        words = f"Runs small, says {self.dice.choice(COLOURS)}"
        self._change(Note={"note": words, "isPublic": self.dice.random() < 0.5})

    def other_brand(self) -> None:
        self._change(manufacturerID=self.dice.choice(self.brands))

    def rename_brand(self) -> None:
        name = f"Brand {self.dice.randrange(10**6)}"
        self._put(f"Manufacturer/{self.dice.choice(self.brands)}", {"name": name})

    def rename_category(self) -> None:
        name = f"Kind {self.dice.randrange(10**6)}"
        self._put(f"Category/{self.dice.choice(self.categories)}", {"name": name})

    def delete_category(self) -> None:
        """Lightspeed refuses it where there are others below."""
        key = self.dice.choice(self.categories)
        if self.client.delete(f"Category/{key}").status_code == 200:
            self.categories.remove(key)

    def move(self) -> None:
        attributes = {
            "attribute1": self.dice.choice(COLOURS),
            "attribute2": str(self.dice.random()),
        }
        matrix = self.dice.choice([0, *self.matrices])
        self._change(itemMatrixID=matrix, ItemAttributes=attributes if matrix else {})

    def rename_matrix(self) -> None:
        name = f"Line {self.dice.randrange(10**6)}"
        self._put(f"ItemMatrix/{self.dice.choice(self.matrices)}", {"description": name})

    def delete_matrix(self) -> None:
        path = f"ItemMatrix/{self.dice.choice(self.matrices)}"
        assert self.client.delete(path).status_code == 200

    def customer(self) -> None:
        phone = {"number": f"514-555-{self.dice.randrange(1000, 9999)}", "useType": "Mobile"}
        body = {
            "lastName": f"Moved {self.dice.randrange(10**6)}",
            "Contact": {"Phones": {"ContactPhone": [phone]}},
        }
        self._put(f"Customer/{self.dice.choice(self.customers)}", body)

    def sale(self) -> None:
        """Lightspeed refuses to sell what is archived."""
        line = {"itemID": self.dice.choice(self.items), "unitQuantity": self.dice.randrange(1, 3)}
        body = {"employeeID": 1, "shopID": 1, "registerID": 1, "SaleLines": {"SaleLine": [line]}}
        answer = self.client.post("Sale", body)
        if answer.status_code == 400 and "is archived" in answer.text:
            return
        assert answer.status_code == 200, answer.text
        sale = answer.json()["Sale"]
        payment = {"paymentTypeID": 1, "amount": sale["calcTotal"]}
        done = {"completed": True, "SalePayments": {"SalePayment": [payment]}}
        self._put(f"Sale/{sale['saleID']}", done)
