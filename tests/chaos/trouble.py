"""What goes wrong meanwhile: Lightspeed's answers, other hands, dying processes, lost disks."""

import random
import threading
import time
import traceback
from collections import Counter

from tests.chaos.diary import Diary
from tests.chaos.faults import Faults
from tests.chaos.floor import Floor
from tests.chaos.killing import Act, Killing

# In one round, beside every named point once.
STORMS, MEDDLINGS = 8, 5
MOST_SALES_BETWEEN, MOST_IN_LONG_RUNS = 5, 20
LONG_RUN = 2000
SOLD_WITHIN_SECONDS = 15.0


class Trouble(threading.Thread):
    """Makes one trouble after another, in rounds of all of them, until it is told to stop."""

    def __init__(self, floor: Floor, diary: Diary, seed: int, *, restores: int, sales: int) -> None:
        super().__init__(name="trouble", daemon=True)
        self.floor, self.diary = floor, diary
        self.random = random.Random(f"trouble {seed}")
        self.restores, self.sales = restores, sales
        self.faults = Faults(floor, self.random)
        self.acts: dict[str, Act] = {
            "storm": self._storm,
            "other hands": self.faults.meddle,
            "Lightspeed refused all connections": self.faults.refuse,
            **Killing(floor, self.faults, self.random).acts,
        }
        self.done: Counter[str] = Counter()
        self.restored = 0
        self.most_between = MOST_SALES_BETWEEN if sales < LONG_RUN else MOST_IN_LONG_RUNS
        self.broken: list[str] = []
        self.stopped = threading.Event()
        self.people = [
            person
            for person in floor.simulator.client().records("Employee")
            if person["lockOut"] != "true"
        ]

    @property
    def still_to_come(self) -> list[str]:
        """What has not come about yet, of all that can go wrong."""
        acts = [name for name in self.acts if not self.done[name]]
        return acts + self.faults.never_struck

    def run(self) -> None:
        deck: list[str] = []
        while not self.stopped.is_set():
            deck = deck or self._round()
            name = deck.pop()
            try:
                if self._is_time_to_restore():
                    self._restore()
                has_come_about = self.acts[name]()
                self.faults.clear()
            except Exception:
                has_come_about = False
                self.broken.append(traceback.format_exc())
            if has_come_about:
                self.done[name] += 1
            else:
                deck.insert(0, name)
            self._see_that_all_run()
            self._let_everybody_in()
            # What starts anew needs its time on a busy machine.
            self._let_sell(self.random.randint(1, self.most_between))

    def leave(self) -> None:
        self.stopped.set()
        if self.is_alive():
            self.join(120)

    def clear(self) -> None:
        """All faults over, all processes up, everybody let in again."""
        self.faults.clear()
        self._see_that_all_run()
        self._let_everybody_in()

    def _round(self) -> list[str]:
        """Everything, in any order."""
        often = {"storm": STORMS, "other hands": MEDDLINGS}
        names = [name for name in self.acts for _ in range(often.get(name, 1))]
        return self.random.sample(names, len(names))

    def _storm(self) -> bool:
        self.faults.set_storm()
        self._let_sell(self.random.randint(5, 14))
        return True

    def _let_sell(self, sales: int) -> None:
        """Until so many more are sold, or it takes too long."""
        served, until = self.diary.served, time.monotonic() + SOLD_WITHIN_SECONDS
        while self.diary.served < served + sales and time.monotonic() < until:
            if self.stopped.wait(0.1):
                return

    def _is_time_to_restore(self) -> bool:
        """Spread over the run."""
        due_at = self.sales * (self.restored + 0.5) / self.restores
        return self.restored < self.restores and self.diary.served > due_at

    def _restore(self) -> None:
        """A copy of some seconds ago comes back, while Lightspeed has moved on."""
        self.restored += 1
        self.floor.database.copy()
        self.stopped.wait(3 + 5 * self.random.random())
        self.floor.put_database_back()
        self.done["older database put back"] += 1

    def _let_everybody_in(self) -> None:
        """Who was locked out is an employee again."""
        self.floor.simulator.put({"Employee": self.people})

    def _see_that_all_run(self) -> None:
        for member in self.floor.members:
            if member.process is None or member.process.poll() is not None:
                member.start()
