"""A rep at work: carts as they come, payments as people pay, and fingers as they slip."""

import random
import re
import time
import traceback
from collections.abc import Callable
from decimal import Decimal

from tests.chaos.diary import Customer, Diary
from tests.chaos.floor import Floor
from tests.chaos.hands import Hands, Tap, press
from tests.chaos.screen import Done, Form, Screen, change_in
from tests.chaos.tablet import Lost, Restored, SignedOut

FIRST_GIFT_CARD = 990_000_000
MOST_TRIES = 40
MOST_TRIES_TO_PAY = 12
# Ten people tap faster than one courier records: shops have no such queues.
MOST_UNFINISHED = 20
# So long a rep waits for a price before they cancel and change the cart.
WAITS_FOR_PRICE_SECONDS = 5
# How a customer's payment goes, and how often.
STORIES = {
    "plainly": 45,
    "a double tap": 12,
    "on two tablets": 8,
    "reloaded half way": 10,
    "changed meanwhile": 5,
    "an old form again": 8,
    "left unanswered for a while": 6,
    "walks away": 6,
}
APPROVED_SHARE, PART_SHARE, OTHER_TYPE_SHARE = 0.85, 0.2, 0.1
WITH_NAME_SHARE, SOLD_GIFT_CARD_SHARE, GIFT_CARD_SHARE = 0.2, 0.05, 0.08


class Rep(Hands):
    def __init__(
        self, floor: Floor, diary: Diary, employee_id: int, seed: int, is_over: Callable[[], bool]
    ) -> None:
        super().__init__(floor, employee_id, seed)
        self.diary, self.is_over = diary, is_over
        self.items: list[str] = []
        self.gift_card = f"{FIRST_GIFT_CARD + employee_id}"
        self.is_calm = True
        self.old_taps: list[Tap] = []
        self.broken: list[str] = []

    def begin(self) -> None:
        self.tablet.sign_in()
        self.other_tablet.sign_in()
        for words in ("", "?q=a", "?q=s", "?q=t"):
            page = self.tablet.get(f"/items/{words}").text
            self.items += [part.split('"')[0] for part in page.split('name="item" value="')[1:]]
        assert self.items, "Nothing to sell"

    def sell(self) -> None:
        while not self.is_over():
            if self.floor.unfinished > MOST_UNFINISHED:
                time.sleep(0.2)
                continue
            if self.customer.epoch != self.floor.epoch:
                self.screen = None  # of another history
            self.customer = Customer(self.floor.epoch)
            self.customer.has_gift_card = self.random.random() < GIFT_CARD_SHARE
            try:
                self._serve(self.customer)
            except (Restored, Lost):
                self.told["interrupted"] += 1
                self.customer.is_sure, self.screen = False, None
            except Exception:
                self.broken.append(traceback.format_exc())
                self.customer.is_sure, self.screen = False, None
                time.sleep(0.5)
            if not self.customer.is_done:
                self.customer.give_everything_back()
            self.diary.add(self.customer)

    # --- One customer -----------------------------------------------------------------

    def _serve(self, customer: Customer) -> None:
        if not self._clear():
            return
        self._fill()
        screen = self._look()
        if not screen.lines:
            return
        customer.sale = screen.sale
        customer.story = "plainly" if self.is_calm else _drawn(self.random, STORIES)
        if customer.story == "walks away":
            self.screen = None
            return
        for _ in range(MOST_TRIES_TO_PAY):
            screen = self._look()
            if screen.sale != customer.sale or not screen.lines:
                self._is_paid()  # by a tap that was on its way when the cart was looked at last
                break
            self._pay(screen)
            self._see_through()
            if self._is_paid():
                break
            self._read(self._look().message)
        if customer.story == "an old form again" and self.old_taps:
            self._do(*self.random.choice(self.old_taps))

    def _read(self, message: str) -> None:
        """Why the customer has not paid yet."""
        self.told[
            re.sub("prices .* differently", "prices … differently", message) or "no word"
        ] += 1
        if "Sign in" in message or "sign in" in message:
            self._sign_in()
        time.sleep(0.1 * self.random.random())

    def _clear(self) -> bool:
        """What an earlier customer left behind is finished with: nothing of it was kept.

        A cart that cannot be emptied yet, as it is being priced, may have been paid for already,
        before an older database came back: nobody may pay for it again.
        """
        for _ in range(MOST_TRIES):
            screen = self._look()
            back = next((form for form in screen.forms if "give-back" in form.action), None)
            if screen.question:
                self._do(screen.question.form, {"answer": "declined"})
            elif screen.asking:
                self._do(_cancelling(screen.asking))
            elif back:
                self._do(back)
            elif screen.lines and (empty := screen.form("/sale/empty/")):
                self._do(empty)
            elif screen.lines:
                self._wait()
            else:
                return True
            if self._look().lines:
                self._wait()
        return False

    def _fill(self) -> None:
        for _ in range(min(8, 1 + int(self.random.expovariate(0.45)))):
            self._do(*self._one_more())
        screen = self._look()
        if screen.lines and self.random.random() < 0.4:
            line = screen.form(f"/sale/lines/{self.random.choice(screen.lines)}/")
            if line:
                self._do(line, {"unit_quantity": str(self.random.randint(2, 9))})
        if screen.lines and self.random.random() < WITH_NAME_SHARE:
            self._add_name()
        if screen.lines and self.random.random() < SOLD_GIFT_CARD_SHARE:
            self._add_gift_card()

    def _add_name(self) -> None:
        words = {"words": self.random.choice(("an", "er", "ma", "li"))}
        people = self._form_of("/sale/customer/choose/", "/sale/customer/find/", words)
        if people and people.buttons:
            self._do(people, {"customer": self.random.choice(people.values("customer"))})

    def _add_gift_card(self) -> None:
        """A new one, to be paid like goods."""
        cards = self._form_of("/sale/gift-card/load/", "/sale/gift-card/")
        if cards and cards.buttons:
            self._do(cards, {"amount": self.random.choice(cards.values("amount"))})

    # --- Paying -----------------------------------------------------------------------

    def _pay(self, screen: Screen) -> None:
        tap = self._tender(screen)
        if not tap:
            self._wait()
            return
        self.old_taps = [*self.old_taps[-4:], tap]
        self._note(f"taps {tap[0].action} {tap[1]} for {tap[0].fields.get('expected_total')}")
        match self.customer.story:
            case "a double tap":
                self._at_once((self.tablet, tap), (self.tablet.twin(), tap))
            case "on two tablets":
                self._pay_on_both(tap)
            case "changed meanwhile":
                self._at_once((self.tablet, tap), (self.tablet.twin(), self._one_more()))
            case "reloaded half way":
                press(self.tablet, tap, drop_after=0.001 + self.random.random() / 9)
                self.screen = None
            case _:
                self._do(*tap)

    def _pay_on_both(self, tap: Tap) -> None:
        """Both tablets show the same cart, and on each somebody takes the payment."""
        try:
            theirs = self._tender(Screen.of(self.other_tablet.get("/sell/").text))
        except (Lost, SignedOut):
            theirs = None
        if theirs:
            self._at_once((self.tablet, tap), (self.other_tablet, theirs))

    def _tender(self, screen: Screen) -> Tap | None:
        """What the rep taps and what is sent with it. Cash is put on the counter."""
        card, cash = screen.form("/sale/card/"), screen.form("/sale/cash/")
        other = screen.form("/sale/payments/")
        if even := screen.form("/sale/complete/"):
            return even, {}
        if other and self.random.random() < OTHER_TYPE_SHARE:
            payment_type = self.random.choice(other.values("payment_type"))
            part = str(self._part(Decimal(other.fields["expected_total"])))
            return other, {"payment_type": payment_type, "amount": part}
        if self.customer.has_gift_card:  # and lays no cash on the counter
            return self._by_gift_card() or ((card, {}) if card else None)
        if card and self.random.random() < 0.5:
            return card, {}
        if not cash or not cash.buttons:
            return None
        if not self.customer.on_the_counter:
            self.customer.on_the_counter = self._handed(cash, in_parts=bool(other))
        return cash, {"amount_tendered": str(self.customer.on_the_counter)}

    def _by_gift_card(self) -> Tap | None:
        """The whole or a part; of the customer's money nothing is taken."""
        code = {"code": self.gift_card}
        form = self._form_of("/sale/gift-card/pay/", "/sale/gift-card/look-up/", code)
        if not form or not form.buttons:
            return None
        amount = Decimal(form.values("amount")[0])
        if self.random.random() < PART_SHARE:
            amount = self._part(amount)
        return form, {"amount": str(amount)}

    def _handed(self, cash: Form, *, in_parts: bool) -> Decimal:
        exact, *more = [Decimal(value) for value in cash.values("amount_tendered")]
        if in_parts and self.random.random() < PART_SHARE:
            return self._part(exact)
        if self.random.random() < 0.2:
            return exact + self.random.randint(0, 2000) / Decimal(100)
        return self.random.choice([exact, *more])

    def _part(self, due: Decimal) -> Decimal:
        part = (due * self.random.randint(20, 80) / 100).quantize(Decimal("0.01"))
        return part if part > 0 else due

    def _see_through(self) -> None:
        """Until no payment waits for anything."""
        for _ in range(MOST_TRIES * 5):
            screen = self._look()
            self._note_taken(screen)
            if screen.asking:
                self._wait_for_price(screen.asking)
            elif screen.taken and screen.due == 0:  # it is just being paid
                self._wait()
            elif screen.question:
                self._take_card(screen)
            else:
                return

    def _wait_for_price(self, payment: int) -> None:
        """Ask as the page does, until there is something new to show or patience is over."""
        give_up_at = time.monotonic() + WAITS_FOR_PRICE_SECONDS
        while time.monotonic() < give_up_at:
            time.sleep(0.15)
            answer = self._persist(lambda: self.tablet.get(f"/sale/cart/?waiting={payment}"))
            if answer.status != 204:
                self.screen = Screen.of(answer.text)
                return
        self.told["(cancelled, as no price came)"] += 1
        self._do(_cancelling(payment))
        screen = self._look()
        if screen.sale == self.customer.sale and screen.lines and not screen.question:
            self._do(*self._one_more())

    def _one_more(self) -> Tap:
        return Form("/sale/lines/", {}, []), {"item": self.random.choice(self.items)}

    def _note_taken(self, screen: Screen) -> None:
        """A part in cash is in the drawer once the screen counts it among what was taken."""
        in_cash = screen.taken_in_cash - self.customer.parts_in_cash
        if self.customer.on_the_counter and in_cash > 0 and screen.due != 0:
            self._note(f"sees {screen.taken} taken")
            self.customer.parts_in_cash += 1
            self.customer.put_cash_away()

    def _take_card(self, screen: Screen) -> None:
        """The terminal approves or not, once for each payment that the screen asks to take."""
        question, customer = screen.question, self.customer
        assert question
        if customer.story == "left unanswered for a while" and self.random.random() < 0.5:
            self._do(*self._one_more())
            return
        customer.on_the_counter = Decimal(0)
        if question.payment not in customer.charged and question.payment not in customer.refused:
            if self.random.random() < APPROVED_SHARE:
                customer.charged[question.payment] = question.amount
            else:
                customer.refused.add(question.payment)
        answer = "approved" if question.payment in customer.charged else "declined"
        tap = question.form, {"answer": answer}
        self._note(f"answers {answer} to {question.payment}, {question.amount}")
        if customer.story == "a double tap":
            self._at_once((self.tablet, tap), (self.other_tablet, tap))
        else:
            self._do(*tap)

    def _is_paid(self) -> bool:
        """By what the screen says of this customer's sale, or its page where that has moved on."""
        screen = self._look()
        said = screen.done if screen.done and screen.done.sale == self.customer.sale else None
        if said is None and screen.sale != self.customer.sale:
            said = self._done()
        if said is None:
            return False
        if self.customer.on_the_counter:
            self.customer.put_cash_away(said.change)
        self.customer.is_done = True
        self._note(f"reads {said}")
        return True

    def _done(self) -> Done | None:
        answer = self._persist(lambda: self.tablet.get(f"/sales/{self.customer.sale}/done/"))
        if answer.status >= 300:
            return None
        return Done(self.customer.sale or 0, change_in(answer.text))


def _cancelling(payment: int) -> Form:
    return Form(f"/sale/payments/{payment}/cancel/", {}, [])


def _drawn(generator: random.Random, weights: dict[str, int]) -> str:
    return generator.choices(list(weights), list(weights.values()))[0]
