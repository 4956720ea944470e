"""A rep's two tablets, and what is tapped on them: requests that may get lost."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from tests.chaos.diary import Customer
from tests.chaos.floor import Floor
from tests.chaos.screen import Form, Screen
from tests.chaos.tablet import Answer, Lost, Restored, SignedOut, Tablet

PATIENT_SECONDS = 120
RELOADED_SHARE = 0.1  # of looks at the cart: the whole page

Tap = tuple[Form, dict[str, str]]


class Hands:
    def __init__(self, floor: Floor, employee_id: int, seed: int) -> None:
        self.floor = floor
        self.random = random.Random(f"{seed} {employee_id}")
        self.tablet = Tablet(floor, employee_id, self.random, register=employee_id)
        self.other_tablet = Tablet(floor, employee_id, self.random, register=employee_id)
        self.customer = Customer(0)
        self.screen: Screen | None = None  # the last that came, where it is the cart as it is
        self.told: Counter[str] = Counter()

    def _look(self) -> Screen:
        """The cart as it is: what the last tap answered, or asked for anew."""
        if self.screen is None:
            path = "/sell/" if self.random.random() < RELOADED_SHARE else "/sale/cart/"
            self.screen = Screen.of(self._persist(lambda: self.tablet.get(path)).text)
        return self.screen

    def _form_of(self, action: str, path: str, fields: dict[str, str] | None = None) -> Form | None:
        """On a panel that opens beside the cart."""
        answer = self._asked(lambda: self.tablet.ask("POST" if fields else "GET", path, fields))
        return Screen.of(answer.text).form(action) if answer else None

    def _wait(self) -> None:
        time.sleep(0.1)
        self.screen = None

    def _persist(self, ask: Callable[[], Answer]) -> Answer:
        """Asked again until there is an answer; a page may be asked for as often as one likes."""
        give_up_at = time.monotonic() + PATIENT_SECONDS
        while time.monotonic() < give_up_at:
            answer = self._asked(ask)
            if answer and answer.status < 500:
                return answer
            time.sleep(0.1)
        raise Lost

    def _do(self, form: Form, fields: dict[str, str] | None = None) -> None:
        """Once. Where no answer comes, the next look tells."""
        sent = form.fields | (fields or {})
        answer = self._asked(lambda: self.tablet.post(form.action, sent))
        is_cart = answer and 'id="cart"' in answer.text
        self.screen = Screen.of(answer.text) if answer and is_cart else None

    def _asked(self, ask: Callable[[], Answer]) -> Answer | None:
        """None where no answer came. Raises Restored where what comes is of another history."""
        answer = None
        try:
            answer = ask()
            if answer.status >= 500:
                self.told[f"status {answer.status}"] += 1
        except SignedOut:
            self._sign_in()
        except Lost:
            self.told["no answer"] += 1
            time.sleep(0.2)
        if self.floor.epoch != self.customer.epoch:
            raise Restored
        return answer

    def _sign_in(self) -> None:
        self.told["signed in again"] += 1
        self.tablet.sign_in()
        self.other_tablet.come_in_as(self.tablet)
        self.screen = None

    def _note(self, words: str) -> None:
        self.customer.notes.append(words)

    def _at_once(self, *taps: tuple[Tablet, Tap]) -> None:
        self.screen = None
        fingers = [threading.Thread(target=press, args=each) for each in taps]
        for finger in fingers:
            finger.start()
        for finger in fingers:
            finger.join()


def press(tablet: Tablet, tap: Tap, drop_after: float = 0) -> None:
    form, fields = tap
    with suppress(Lost, SignedOut):
        tablet.post(form.action, form.fields | fields, drop_after=drop_after)
