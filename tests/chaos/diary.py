"""What a rep notes on paper: which money changed hands, whatever any computer says."""

import threading
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass
class Customer:
    """One customer from coming to leaving; `epoch` is the floor's as they came."""

    epoch: int
    sale: int | None = None
    story: str = ""
    has_gift_card: bool = False
    # Cash that was put on the counter and not yet into the drawer.
    on_the_counter: Decimal = Decimal(0)
    in_the_drawer: Decimal = Decimal(0)
    parts_in_cash: int = 0
    # What the terminal approved, by the payment that the screen asked to take.
    charged: dict[int, Decimal] = field(default_factory=dict)
    refused: set[int] = field(default_factory=set)
    is_done: bool = False
    # Not where an older database came back meanwhile: nobody can say what became of the sale.
    is_sure: bool = True
    # What was tapped and read, for who wants to know how it came about.
    notes: list[str] = field(default_factory=list)

    @property
    def kept(self) -> Decimal:
        """The shop's money of this customer, all in all."""
        return self.in_the_drawer + sum(self.charged.values(), Decimal(0))

    def put_cash_away(self, change: Decimal = Decimal(0)) -> None:
        self.in_the_drawer += self.on_the_counter - change
        self.on_the_counter = Decimal(0)

    def give_everything_back(self) -> None:
        """The sale did not come about: charges are voided on the terminal, cash is returned."""
        self.on_the_counter = self.in_the_drawer = Decimal(0)
        self.charged.clear()


@dataclass
class Diary:
    customers: list[Customer] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, customer: Customer) -> None:
        with self.lock:
            self.customers.append(customer)

    def of(self, sale: tuple[int, int]) -> list[Customer]:
        """Who came for this sale, named by epoch and key: more than one where a cart was left."""
        return [each for each in self.customers if (each.epoch, each.sale) == sale]

    @property
    def served(self) -> int:
        return sum(customer.is_done for customer in self.customers)
