"""A run: reps sell, in calm and in trouble; then faults end, and the books are compared."""

import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from tests.chaos import books
from tests.chaos.books import Findings
from tests.chaos.diary import Diary
from tests.chaos.floor import Floor
from tests.chaos.rep import FIRST_GIFT_CARD, Rep
from tests.chaos.tablet import Answer, Lost, Tablet
from tests.chaos.trouble import Trouble

INGRID = 1  # who connects the shop
# Newcomers, with the rights of any sales rep.
REPS = [*range(21, 31)]
SALES_REP = 3
CONNECTED_WITHIN_SECONDS = 180
# What needs no person is finished this long after the last fault.
FINISHED_WITHIN_SECONDS = 300
CALM_SHARE, CALM_AT_MOST = 0.15, 75  # of the sales, at the beginning
AT_MOST_SOLD = 1.2  # times as many as were asked for

COMPARED = "SELECT looked_at FROM outbox_sweep"


@dataclass
class Run:
    floor: Floor
    sales: int
    seed: int
    diary: Diary = field(default_factory=Diary)
    began_at: float = field(default_factory=time.monotonic)
    calm_seconds: float = 0
    calm_sales: int = 0
    drips_a_sale: float = 0
    recorded_seconds: list[float] = field(default_factory=list)
    finished_after_seconds: float = 0
    seconds: float = 0

    def __post_init__(self) -> None:
        self.manager = Tablet(self.floor, INGRID, random.Random(self.seed))
        self.floor.simulator.put(
            {
                "Employee": [_newcomer(employee) for employee in REPS],
                "CreditAccount": [_gift_card(FIRST_GIFT_CARD + employee) for employee in REPS],
            }
        )
        self._connect()
        self.reps = [
            Rep(self.floor, self.diary, employee, self.seed, self._is_over) for employee in REPS
        ]
        self.trouble = Trouble(
            self.floor, self.diary, self.seed, restores=1 + self.sales // 500, sales=self.sales
        )
        for rep in self.reps:
            rep.begin()

    def until_settled(self) -> Findings:
        self.at_work = [threading.Thread(target=rep.sell, daemon=True) for rep in self.reps]
        for each in self.at_work:
            each.start()
        try:
            self._sell_calmly()
            self._sell_in_trouble()
        finally:
            self.trouble.leave()  # else it starts again what is ended after an interruption
        self._finish()
        findings = books.compare(self.floor, self.diary, self._board())
        self.seconds = time.monotonic() - self.began_at
        return findings

    @property
    def told(self) -> Counter[str]:
        return sum((rep.told for rep in self.reps), Counter())

    @property
    def broken(self) -> list[str]:
        return [*self.trouble.broken, *(each for rep in self.reps for each in rep.broken)]

    def _is_over(self) -> bool:
        """All is sold, and all that can go wrong has: or somewhat more is sold, and it has not."""
        served = self.diary.served
        return served >= self.sales and (
            not self.trouble.still_to_come or served >= self.sales * AT_MOST_SOLD
        )

    def _connect(self) -> None:
        self.manager.sign_in()
        give_up_at = time.monotonic() + CONNECTED_WITHIN_SECONDS
        while "Connected. " not in self.manager.get("/connection/").text:
            assert time.monotonic() < give_up_at, "The shop was not connected"
            time.sleep(0.3)

    def _sell_calmly(self) -> None:
        """Nothing goes wrong: what a sale costs, and how soon it is recorded."""
        began, drips = time.monotonic(), self._drips()
        calm = min(CALM_AT_MOST, round(self.sales * CALM_SHARE))
        self._wait_until(lambda: self.diary.served >= calm)
        self.calm_seconds, self.calm_sales = time.monotonic() - began, self.diary.served
        self.drips_a_sale = (self._drips() - drips) / max(self.calm_sales, 1)
        taken = "SELECT paid_at, completed_at FROM outbox_submission WHERE completed_at IS NOT NULL"
        self.recorded_seconds = sorted(
            _seconds_between(paid, completed) for paid, completed in self.floor.database.rows(taken)
        )

    def _sell_in_trouble(self) -> None:
        for rep in self.reps:
            rep.is_calm = False
        self.trouble.start()
        self._wait_until(self._is_over)
        self.trouble.leave()
        self.trouble.clear()
        for each in self.at_work:
            each.join(180)

    def _wait_until(self, is_so: Callable[[], bool]) -> None:
        said = self.diary.served
        while not is_so():
            time.sleep(0.2)
            self.floor.count_unfinished()
            if self.diary.served >= said + 500:
                said = self.diary.served
                print(f"{said} sales after {time.monotonic() - self.began_at:.0f} s", flush=True)

    def _finish(self) -> None:
        """The manager signs in again and has the two compared; the rest the couriers do."""
        self.trouble.clear()
        began = time.monotonic()
        self.manager.sign_in()
        _wait_until(lambda: not self.floor.count_unfinished())
        self.finished_after_seconds = time.monotonic() - began
        before = self.floor.database.rows(COMPARED)
        self._at_the_board("POST", "/manage/board/compare/")
        _wait_until(lambda: self.floor.database.rows(COMPARED) != before)

    def _board(self) -> str:
        return self._at_the_board("GET", "/manage/board/").text

    def _at_the_board(self, method: str, path: str) -> Answer:
        """A web that was killed is no reason not to look. Fails where nothing is to be seen."""
        give_up_at = time.monotonic() + FINISHED_WITHIN_SECONDS
        while time.monotonic() < give_up_at:
            with suppress(Lost):
                answer = self.manager.ask(method, path)
                if answer.status < 400:
                    return answer
            time.sleep(0.5)
        raise AssertionError(f"{path} is not answered")

    def _drips(self) -> float:
        return float(self.floor.simulator.state(referenceNumber="none")["drips"])


def _wait_until(is_so: Callable[[], bool]) -> None:
    """Or until it is clear that it will not be."""
    give_up_at = time.monotonic() + FINISHED_WITHIN_SECONDS
    while not is_so() and time.monotonic() < give_up_at:
        time.sleep(0.5)


def _newcomer(employee_id: int) -> dict[str, object]:
    name = {"firstName": "Rep", "lastName": str(employee_id)}
    return {"employeeID": employee_id, "employeeRoleID": SALES_REP, **name}


def _gift_card(code: int) -> dict[str, object]:
    """With more on it than anybody spends."""
    number = {"creditAccountID": code, "code": str(code), "giftCard": True}
    return number | {"balance": "-1000000"}


def _seconds_between(earlier: object, later: object) -> float:
    began, ended = (
        datetime.fromisoformat(re.sub(r"Z$", "+00:00", str(each))) for each in (earlier, later)
    )
    return (ended - began).total_seconds()
