"""A shop sells, takes parts of payments and takes goods back in any order, to the cent.

Whatever is done to a cart, the simulator's arithmetic makes the same of it as ours, and Lightspeed
records what was paid. `CENTS` is how many days in the shop to play, a second or so each.
"""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db.models import Q
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from salesfloor.outbox.courier import deliver
from salesfloor.returns import originals, taking
from salesfloor.returns.forms import ReturnForm
from salesfloor.sales import checkout, refunds
from salesfloor.sales.models import Sale, SaleLine, SalePayment
from salesfloor.simulator import money
from salesfloor.staff.models import PaymentType, Rep
from tests.conftest import price_carts, reread, tapped
from tests.sales.carts import PERCENTAGES
from tests.simulator.running import Client, RunningSimulator

D = Decimal
ZERO, CENT = D(0), D("0.01")
DAYS = int(os.environ.get("CENTS", 12))

# Prices whose taxes end in all sorts of digits, some half way between two cents.
PRICES = ["0.10", "0.99", "3.50", "9.99", "14.10", "20", "33.33", "149.95", "1234.56"]
# By tax class: the category's own rates, those of an exception, and none.
RATES = {1: (D("0.05"), D("0.09975")), 3: (D("0.08875"), ZERO), 0: (ZERO, ZERO)}
GIFT_CARDS = [901, 902]
CASH = "1"  # Lightspeed's id of it

GOODS = {
    "TaxClass": [{"taxClassID": 3, "name": "Exception"}],
    "TaxCategoryClass": [
        {"taxCategoryID": 1, "taxClassID": 3, "tax1Rate": "0.08875", "tax2Rate": "0"}
    ],
    "Item": [
        {
            "itemID": 100 * (tax_class + 1) + number,
            "systemSku": f"2100000{100 * (tax_class + 1) + number:05}",
            "description": f"{price} of class {tax_class}",
            "tax": tax_class > 0,
            "taxClassID": tax_class or 1,
            "Prices": {"ItemPrice": [{"amount": price, "useTypeID": 1, "useType": "Default"}]},
        }
        for tax_class in RATES
        for number, price in enumerate(PRICES)
    ],
    "CreditAccount": [
        {"creditAccountID": number, "code": f"9000000{number}", "giftCard": True}
        for number in GIFT_CARDS
    ],
}


@pytest.fixture
def simulator(simulator: RunningSimulator) -> RunningSimulator:
    simulator.put(GOODS)
    return simulator


@dataclass
class Sold:
    """What Lightspeed recorded, and what has come back of it since."""

    sale_id: int
    paid: Decimal
    net: Decimal  # of what was sold, without taxes
    left: dict[int, int]  # units by Lightspeed's line
    net_back: Decimal = ZERO
    refunded: list[Decimal] = field(default_factory=list)  # the totals of refunds of it alone
    is_plain: bool = True  # paid in full with money, and taken back by itself

    @property
    def may_be_off(self) -> Decimal:
        """Half a cent for each of two taxes, rounded by each refund and once by the sale."""
        return CENT * (len(self.refunded) + 1) if len(self.refunded) > 1 else ZERO


class Day(RuleBasedStateMachine):
    """One rep's carts, with what they should hold beside them."""

    def __init__(self, rep: Rep, lightspeed: Client) -> None:
        super().__init__()
        self.rep, self.lightspeed = rep, lightspeed
        self.items = {item.lightspeed_id: item for item in rep.account.items.all()}
        self.sold: list[Sold] = []
        self.on_cards = dict.fromkeys(GIFT_CARDS, ZERO)  # besides what is left of earlier days
        self.left_over = {card: self._there_is_on(card) for card in GIFT_CARDS}
        self.coin = ZERO
        self.begin_anew()

    def begin_anew(self) -> None:
        self.lines: dict[int, money.Line] = {}
        self.payments: dict[int, money.Payment] = {}
        self.loads: dict[int, int] = {}  # which gift card, by payment
        self.change = ZERO
        self.coming_back: set[int] = set()  # numbers of what was sold
        self.is_refund_alone = True

    @initialize(coin=st.sampled_from([ZERO, ZERO, D("0.05"), D("0.10")]))
    def open_the_shop(self, coin: Decimal) -> None:
        unfinished = Q(state__in=Sale.State.unfinished())
        Sale.everywhere.filter(unfinished).update(state=Sale.State.ABANDONED)
        self.rep.account.cash_rounding = self.coin = coin
        self.rep.account.save()

    # --- What is there ------------------------------------------------------------------

    @property
    def sale(self) -> Sale | None:
        found: Sale | None = self.rep.account.sales.current(self.rep)
        return found

    @property
    def cart(self) -> Sale:
        found = self.sale
        assert found
        return found

    @property
    def theirs(self) -> money.Totals:
        """The second arithmetic, of what should be in the cart."""
        return money.totals(list(self.lines.values()), list(self.payments.values()))

    @property
    def taken(self) -> list[int]:
        return [pk for pk in self.payments if pk not in self.loads]

    def may_change(self) -> bool:
        return not self.taken

    def has_lines(self) -> bool:
        return bool(self.lines) and not self.taken

    def may_pay(self) -> bool:
        """Not to put on a card what goes back as it was paid: that takes a manager."""
        return bool(self.lines or self.loads) and not (self.loads and self.theirs.total < 0)

    def is_owed(self) -> bool:
        return self.may_pay() and self.theirs.balance > 0

    def owes(self) -> bool:
        return self.may_pay() and self.theirs.balance < 0

    def is_even(self) -> bool:
        return self.may_pay() and self.theirs.balance == 0

    def returnable(self) -> list[int]:
        return [n for n, sold in enumerate(self.sold) if any(self._left_of(sold).values())]

    def _left_of(self, sold: Sold) -> dict[int, int]:
        """By line, without what is in the cart already."""
        in_cart = Counter[int | None]()
        for line in self.cart.returned_lines if self.lines else []:
            in_cart[line.parent_lightspeed_id] += line.units_back  # in parts, perhaps
        return {line: units - in_cart[line] for line, units in sold.left.items()}

    # --- The cart -----------------------------------------------------------------------

    @precondition(may_change)
    @rule(
        price=st.sampled_from(PRICES), tax_class=st.sampled_from([*RATES]), units=st.integers(1, 7)
    )
    def add(self, price: str, tax_class: int, units: int) -> None:
        item = self.items[100 * (tax_class + 1) + PRICES.index(price)]
        line = Sale.cart_of(self.rep).add_line(item, units)
        before = self.lines.get(line.pk, money.Line(0, D(price), *RATES[tax_class]))
        self.lines[line.pk] = replace(before, unit_quantity=before.unit_quantity + units)
        self.is_refund_alone = False

    @precondition(has_lines)
    @rule(data=st.data(), units=st.integers(1, 99))
    def count(self, data: st.DataObject, units: int) -> None:
        bought = [line for line in self.cart.live_lines if not line.is_return]
        if bought:
            line = self._opened(data.draw(st.sampled_from([line.pk for line in bought])))
            if line.discount_amount <= units * line.unit_price:
                line.set_quantity(units)
                self.lines[line.pk] = replace(self.lines[line.pk], unit_quantity=units)

    @precondition(has_lines)
    @rule(data=st.data(), percent=st.sampled_from([ZERO, *PERCENTAGES]))
    def take_a_percentage_off(self, data: st.DataObject, percent: Decimal) -> None:
        self._discount(data, lambda line: {"discount_percent": percent, "discount_amount": ZERO})

    @precondition(has_lines)
    @rule(data=st.data(), share=st.decimals("0.01", 1, places=2))
    def take_an_amount_off(self, data: st.DataObject, share: Decimal) -> None:
        def amount(line: money.Line) -> dict[str, Decimal]:
            off = money.round2(line.unit_quantity * line.unit_price * share)
            return {"discount_percent": ZERO, "discount_amount": off}

        self._discount(data, amount)

    def _discount(
        self, data: st.DataObject, off: Callable[[money.Line], dict[str, Decimal]]
    ) -> None:
        bought = [line for line in self.cart.live_lines if not line.is_return]
        if bought:
            line = self._opened(data.draw(st.sampled_from([line.pk for line in bought])))
            values = off(self.lines[line.pk])
            self.lines[line.pk] = replace(self.lines[line.pk], **values)
            for name, value in values.items():
                setattr(line, name, value)
            line.save()

    @precondition(has_lines)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        line = self._opened(data.draw(st.sampled_from([*self.lines])))
        line.remove()
        del self.lines[line.pk]

    def _opened(self, pk: int) -> SaleLine:
        cart = self.cart
        cart.open_for_change(cart.version)
        return cart.lines.get(pk=pk)

    @precondition(may_change)
    @rule(card=st.sampled_from(GIFT_CARDS), cents=st.integers(1, 20_000))
    def load_a_gift_card(self, card: int, cents: int) -> None:
        cart = Sale.cart_of(self.rep)
        kind = checkout.payment_type_of(self.rep.account, PaymentType.GIFT_CARD)
        credit = checkout.Credit(card, str(card))
        checkout.load(
            cart,
            seen_version=cart.version,
            payment_type=kind,
            amount=cents * CENT,
            credit=credit,
        )
        (load,) = [load for load in cart.loads if load.pk not in self.loads]
        self.payments[load.pk] = money.Payment(-cents * CENT, stored_value=True)
        self.loads[load.pk] = card
        self.is_refund_alone = False

    @precondition(lambda self: self.may_change() and self.loads)
    @rule()
    def take_a_load_out(self) -> None:
        pk, _ = self.loads.popitem()
        load = SalePayment.everywhere.get(pk=pk)
        checkout.remove_load(self.cart, seen_version=self.cart.version, payment=load)
        del self.payments[pk]

    # --- Goods that come back -----------------------------------------------------------

    @precondition(lambda self: self.may_change() and self.returnable())
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(self.returnable()))
        self._take_back(number, data)

    @precondition(lambda self: not self.lines and not self.loads and self.returnable())
    @rule(data=st.data())
    def take_everything_back_in_parts(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(self.returnable()))
        while any(self.sold[number].left.values()):
            self._take_back(number, data, at_once=3)
            while self.lines:
                self.there_is_a_way_back_for_every_cent()
                if self.is_even():
                    self.complete_even()
                elif ways := refunds.ways_back(self.cart):
                    self._give_back(data.draw(st.sampled_from(ways)))
                else:
                    return  # a manager's business

    def _take_back(self, number: int, data: st.DataObject, at_once: int = 1) -> None:
        """Some units of some lines; of many units at least a few `at_once`."""
        sold = self.sold[number]
        left = self._left_of(sold)
        first = next(line for line, most in left.items() if most)
        units = {
            line: data.draw(st.integers(1, most) | st.just(-(-most // at_once)))
            for line, most in left.items()
            if most and (line == first or data.draw(st.booleans()))
        }
        seen = originals.read(self.rep, sold.sale_id)
        goods = [line for line in seen.lines if line.item]  # not what tells of a gift card
        assert {line.sold.sale_line_id: line.units_left for line in goods} == left
        form = {"line": [*units], "reason": "size", "action_id": uuid4()}
        form |= {f"units-{line}": count for line, count in units.items()}
        returned = ReturnForm(form, line_ids=[*left])
        assert returned.is_valid()
        taking.take_back(self.rep, seen, returned)
        self.is_refund_alone &= not self.lines and not self.loads
        self.coming_back.add(number)
        for line in self.cart.returned_lines:
            if line.pk not in self.lines:
                self.lines[line.pk] = money.Line(
                    line.unit_quantity,
                    line.unit_price,
                    line.tax1_rate,
                    line.tax2_rate,
                    line.discount_percent,
                    abs(line.discount_amount),
                )

    # --- Paying -------------------------------------------------------------------------

    @precondition(is_owed)
    @rule(share=st.decimals("0.01", "0.99", places=2))
    def pay_a_part_in_cash(self, share: Decimal) -> None:
        due = self.theirs.balance
        part = money.round2(due * share)
        if 0 < part < min(due, self._in_coins(due)):
            checkout.pay_cash(self.cart, tapped(self.cart), part)
            self._follow(money.Payment(part, cash=True))

    @precondition(is_owed)
    @rule(more=st.integers(0, 500) | st.sampled_from([0, 0, 0]))
    def pay_the_rest_in_cash(self, more: int) -> None:
        due = self.theirs.balance
        in_coins = self._in_coins(due)
        checkout.pay_cash(self.cart, tapped(self.cart), in_coins + more)
        self.change += more
        self._follow(money.Payment(due, cash=True))

    @precondition(is_owed)
    @rule(share=st.decimals("0.01", 1, places=2), approved=st.sampled_from([True, True, False]))
    def pay_by_card(self, share: Decimal, approved: bool) -> None:
        part = max(CENT, money.round2(self.theirs.balance * share))
        card = checkout.payment_type_of(self.rep.account, PaymentType.CREDIT_CARD)
        checkout.start_payment(self.cart, tapped(self.cart), card, part)
        price_carts()
        payment = self.cart.pending_payment
        assert payment
        assert payment.amount == part
        checkout.answer_card(self._read(payment.pk), approved=approved)
        if approved:
            self._follow(money.Payment(part))

    @precondition(lambda self: self.is_owed() and any(self.on_cards.values()))
    @rule(data=st.data(), share=st.decimals("0.01", 1, places=2))
    def pay_with_a_gift_card(self, data: st.DataObject, share: Decimal) -> None:
        card = data.draw(st.sampled_from([card for card, on_it in self.on_cards.items() if on_it]))
        used = sum(p.amount for pk, p in self.payments.items() if p.stored_value and p.amount > 0)
        there = min(self.theirs.balance, self.on_cards[card] - used)
        part = money.round2(there * share)
        if part > 0:
            kind = checkout.payment_type_of(self.rep.account, PaymentType.GIFT_CARD)
            credit = checkout.Credit(card, str(card))
            checkout.pay_from_account(self.cart, tapped(self.cart), kind, part, credit)
            self._follow(money.Payment(part, stored_value=True))

    @precondition(lambda self: self.taken)
    @rule(data=st.data())
    def give_a_part_back(self, data: st.DataObject) -> None:
        pk = data.draw(st.sampled_from(self.taken))
        checkout.give_back(self._read(pk))
        del self.payments[pk]

    @precondition(owes)
    @rule(data=st.data())
    def give_back_what_is_owed(self, data: st.DataObject) -> None:
        if ways := refunds.ways_back(self.cart):
            self._give_back(data.draw(st.sampled_from(ways)))

    def _give_back(self, way: refunds.Way) -> None:
        checkout.pay_back(self.cart, tapped(self.cart), way.key)
        price_carts()
        if payment := self.sale and self.sale.pending_payment:
            checkout.answer_card(self._read(payment.pk), approved=True)
        kind = way.payment_type.kind
        is_stored = kind == PaymentType.GIFT_CARD
        self._follow(money.Payment(-way.amount, kind == PaymentType.CASH, is_stored))

    @precondition(is_even)
    @rule()
    def complete_even(self) -> None:
        checkout.complete_even(self.cart, tapped(self.cart))
        self._follow(money.Payment(ZERO, cash=True))

    def _there_is_on(self, card: int) -> Decimal:
        return -D(self.lightspeed.record(f"CreditAccount/{card}")["balance"])

    def _in_coins(self, amount: Decimal) -> Decimal:
        return money.to_nearest(self.coin, amount) if self.coin else amount

    def _read(self, pk: int) -> SalePayment:
        payment = SalePayment.everywhere.select_related("payment_type").get(pk=pk)
        payment.sale = Sale.everywhere.for_pricing().get(pk=payment.sale_id)
        return payment

    def _follow(self, made: money.Payment) -> None:
        """The payment that was just made; if it was the last, the sale on its way to Lightspeed."""
        price_carts()
        payment = SalePayment.everywhere.filter(sale__rep=self.rep).latest("pk")
        assert payment.state == SalePayment.State.APPROVED
        assert payment.amount == made.amount
        self.payments[payment.pk] = made
        if self.theirs.balance == 0:
            self._record(reread(payment.sale))

    def _record(self, sale: Sale) -> None:
        assert sale.state == Sale.State.PAID
        deliver(sale.account)
        sale = reread(sale)
        assert sale.progress == "recorded", sale.submission and sale.submission.reason_words
        there = self.lightspeed.record(
            f"Sale/{sale.submission.sale_lightspeed_id}",
            load_relations=["SaleLines", "SalePayments"],
        )
        theirs = self.theirs
        assert D(there["calcTotal"]) == theirs.total == sale.total
        rows = _rows(there, "SalePayment")
        paid = [(row["paymentTypeID"] == CASH, D(row["amount"])) for row in rows]
        ours = [(made.cash, made.amount) for made in self.payments.values() if made.amount]
        assert len(paid) == len(ours)
        assert _in_cash_and_else(paid) == _in_cash_and_else(ours)
        assert sale.change_due == self.change
        assert D(there.get("change") or 0) == self.change
        for pk, payment in self.payments.items():
            if payment.stored_value:
                card = SalePayment.everywhere.get(pk=pk).credit_account_lightspeed_id
                self.on_cards[card] -= payment.amount
        for card, on_it in self.on_cards.items():
            assert self._there_is_on(card) - self.left_over[card] == on_it
        self._file(sale, there)
        self.begin_anew()

    def _file(self, sale: Sale, there: dict[str, object]) -> None:
        """What came back is written off what was sold, and what was sold may come back later."""
        by_line = {line: sold for sold in self.sold for line in sold.left}
        for line in sale.returned_lines:
            sold = by_line[line.parent_lightspeed_id]
            sold.left[line.parent_lightspeed_id] += line.unit_quantity
            sold.net_back -= line.priced.net
        for number in self.coming_back:
            sold = self.sold[number]
            sold.is_plain &= self.is_refund_alone and len(self.coming_back) == 1
            sold.refunded.append(-sale.total)
            if not any(sold.left.values()):
                assert sold.net_back == sold.net
                if sold.is_plain:
                    assert abs(sum(sold.refunded) - sold.paid) <= sold.may_be_off
        rows = [row for row in _rows(there, "SaleLine") if D(row["unitQuantity"]) > 0]
        goods = {
            int(row["saleLineID"]): int(row["unitQuantity"]) for row in rows if row["itemID"] != "0"
        }
        if goods:
            nets = [D(row["calcSubtotal"]) - D(row["calcLineDiscount"]) for row in rows]
            is_plain = not sale.returned_lines and not self.loads
            sale_id = int(str(there["saleID"]))
            self.sold.append(Sold(sale_id, sale.total, sum(nets, ZERO), goods, is_plain=is_plain))

    # --- What must hold -----------------------------------------------------------------

    @invariant()
    def both_arithmetics_agree(self) -> None:
        sale, theirs = self.sale, self.theirs
        if sale is None:
            assert not self.lines
            return
        ours = sale.totals
        for name in ("subtotal", "discount", "taxable", "non_taxable", "tax1", "tax2", "total"):
            assert getattr(ours, name) == getattr(theirs, name), name
        assert sale.total == sale.running_total == theirs.total
        assert sale.due == theirs.balance

    @invariant()
    def parts_and_rest_are_the_whole(self) -> None:
        if sale := self.sale:
            parts = sum((payment.amount for payment in sale.taken_payments), ZERO)
            assert parts + sale.due == sale.to_collect

    @invariant()
    def there_is_a_way_back_for_every_cent(self) -> None:
        """Where all goods come back of sales that were paid in full, each taken back by itself."""
        sale = self.sale
        plain = all(self.sold[number].is_plain for number in self.coming_back)
        if sale and self.owes() and plain and len(self.coming_back) == 1:
            back = sum((way.amount for way in refunds.ways_back(sale)), ZERO)
            assert back >= -sale.due


def _in_cash_and_else(payments: list[tuple[bool, Decimal]]) -> tuple[Decimal, list[Decimal]]:
    """Cash as a whole, as Lightspeed cuts change from the oldest of it first."""
    cash = sum((amount for is_cash, amount in payments if is_cash), ZERO)
    return cash, sorted(amount for is_cash, amount in payments if not is_cash)


def _rows(there: dict[str, object], name: str) -> list[dict[str, str]]:
    found = there.get(f"{name}s") or {}
    rows = found.get(name, []) if isinstance(found, dict) else []
    return rows if isinstance(rows, list) else [rows]


def test_nothing_that_a_rep_does_with_a_cart_loses_a_cent(
    rep: Rep, simulator: RunningSimulator
) -> None:
    rep.rights = ["register", "register_refund"]
    rep.save()
    run_state_machine_as_test(
        lambda: Day(rep, simulator.client()),
        settings=settings(
            max_examples=DAYS,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
            # To find the shortest day with the same fault would take minutes.
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
        ),
    )
