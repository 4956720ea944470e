"""What goes wrong meanwhile: Lightspeed's answers, other hands, dying processes, lost disks."""

import random
import signal
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable

from tests.chaos.diary import Diary
from tests.chaos.floor import CALL_SECONDS, Floor, Member

COMPLETING = ("Sale/{id}", "PUT")
DRAFTING = ("Sale", "POST")
READING = ("Sale/{id}", "GET")
LOOKING = ("Sale", "GET")
ROUTES = (COMPLETING, COMPLETING, DRAFTING, READING, LOOKING, ("*", "*"))

# Struck at random on a share of the calls. Seconds are longer or shorter than we wait.
LONG, SHORT = CALL_SECONDS + 0.5, CALL_SECONDS / 3
SECONDS = {
    "timeout": LONG,
    "timeout_after": LONG,
    "late": SHORT,
    "slow_drip": SHORT,
    "lagging_list": CALL_SECONDS,
    "clock_skew": 30.0,
    "429": 1.0,
    "refused": 1.0,
}
# Other hands leave lasting traces, so they strike once.
BY_OTHER_HANDS = (
    *("second_writer", "line_removed", "sale_completed", "sale_voided", "record_archived"),
    *("item_archived", "price_changed", "tax_changed", "register_closed"),
    *("token_expired", "token_revoked", "employee_locked_out", "rotation_race"),
)
# Each doubles the tax, or takes goods off the shelves: a few are enough.
AT_MOST = {"tax_changed": 2, "item_archived": 10, "price_changed": 20}
MOST_SALES_BETWEEN = 8
SOLD_WITHIN_SECONDS = 15.0
STRUCK_WITHIN_SECONDS = 6.0


class Trouble(threading.Thread):
    """Makes one trouble after another in spells, until it is told to stop."""

    def __init__(self, floor: Floor, diary: Diary, seed: int, *, restores: int, sales: int) -> None:
        super().__init__(name="trouble", daemon=True)
        self.floor, self.diary = floor, diary
        self.random = random.Random(f"trouble {seed}")
        self.restores, self.sales = restores, sales
        self.done: Counter[str] = Counter()
        self.broken: list[str] = []
        self.is_calm = False
        self.stopped = threading.Event()
        self.people = [
            person
            for person in floor.simulator.client().records("Employee")
            if person["lockOut"] != "true"
        ]
        kinds = floor.simulator.control("GET", "faults")["kinds"]
        self.by_share = [kind for kind in kinds if kind not in (*BY_OTHER_HANDS, "refused")]

    def run(self) -> None:
        acts: dict[Callable[[], None], int] = {
            self._storm: 10,
            self._other_hand: 8,
            self._refuse: 2,
            self._kill_worker_mid_send: 8,
            self._kill_web: 5,
            self._kill_web_mid_quote: 3,
            self._stop_worker: 4,
            self._stop_web: 3,
            self._end_and_start: 3,
            self._restart_lightspeed: 2,
        }
        restored = 0
        while not self.stopped.is_set():
            act = self.random.choices(list(acts), list(acts.values()))[0]
            try:
                if self._is_time_to_restore(restored):
                    restored += 1
                    self._restore()
                act()
            except Exception:
                self.broken.append(traceback.format_exc())
            self._see_that_all_run()
            # What starts anew needs its time on a busy machine.
            self._let_sell(self.random.randint(1, MOST_SALES_BETWEEN))

    def _is_time_to_restore(self, restored: int) -> bool:
        """Spread over the run."""
        due_at = self.sales * (restored + 0.5) / self.restores
        return restored < self.restores and self.diary.served > due_at

    def _let_sell(self, sales: int) -> None:
        """Until so many more are sold, or it takes too long."""
        served, until = self.diary.served, time.monotonic() + SOLD_WITHIN_SECONDS
        while self.diary.served < served + sales and time.monotonic() < until:
            if self.stopped.wait(0.1):
                return

    def stop(self) -> None:
        """All faults over, all processes up, everybody let in again."""
        self.stopped.set()
        self.join(120)
        self.clear()

    def clear(self) -> None:
        self.floor.simulator.clear_faults()
        self._see_that_all_run()
        self._let_everybody_in()

    # --- Lightspeed -------------------------------------------------------------------

    def _storm(self) -> None:
        """Several faults at once, each on a share of some calls."""
        for _ in range(self.random.randint(2, 6)):
            kind = self.random.choice(self.by_share)
            route, method = self.random.choice(ROUTES)
            share = self.random.choice((0.02, 0.05, 0.2, 0.5))
            seed = self.random.randint(1, 10**6)
            self._fault(kind, route, method, share=share, seed=seed)
        self._let_sell(self.random.randint(4, 20))
        for fault in self.floor.simulator.control("GET", "faults")["faults"]:
            if fault["struck"]:
                self.done[f"fault {fault['fault']}"] += fault["struck"]
        self.floor.simulator.clear_faults()

    def _other_hand(self) -> None:
        kind = self.random.choice(BY_OTHER_HANDS)
        if self.done[f"fault {kind}"] >= AT_MOST.get(kind, 10**9):
            return
        route, method = self.random.choice((COMPLETING, COMPLETING, READING, DRAFTING))
        self._fault(kind, route, method, times=1)
        if self._struck():
            self.done[f"fault {kind}"] += 1
        self.floor.simulator.clear_faults()
        self._let_everybody_in()

    def _refuse(self) -> None:
        self.floor.simulator.fault("*", "refused", seconds=1.0)
        self.done["fault refused"] += 1
        time.sleep(1.2)

    def _restart_lightspeed(self) -> None:
        self.floor.restart_simulator()
        self.done["Lightspeed killed and started"] += 1

    def _fault(self, kind: str, route: str, method: str, **how: float) -> None:
        seconds = SECONDS.get(kind, 1.0)
        self.floor.simulator.fault(route, kind, method=method, seconds=seconds, **how)

    def _struck(self) -> bool:
        """Wait until the one fault that is set has struck."""
        give_up_at = time.monotonic() + STRUCK_WITHIN_SECONDS
        while time.monotonic() < give_up_at and not self.stopped.is_set():
            if self.floor.simulator.control("GET", "faults")["faults"][0]["struck"]:
                return True
            time.sleep(0.01)
        return False

    def _let_everybody_in(self) -> None:
        """Who was locked out is an employee again, and what was archived is for sale."""
        self.floor.simulator.put({"Employee": self.people})

    # --- Processes --------------------------------------------------------------------

    def _kill_worker_mid_send(self) -> None:
        """At one of the points where a sale could get lost or doubled."""
        point, kind = self.random.choice(
            (
                ("before the send had its effect", "timeout"),
                ("after the effect, before the answer", "timeout_after"),
                ("while the answer came in", "slow_drip"),
                ("after the answer, before our commit", "late"),
            )
        )
        self._kill_at(point, kind, COMPLETING, self.floor.workers, "worker")

    def _kill_web_mid_quote(self) -> None:
        point, kind = self.random.choice(
            (
                ("before the draft was written", "timeout"),
                ("after the draft was written", "timeout_after"),
                ("after its answer, before our commit", "late"),
            )
        )
        members = self.random.choice((self.floor.webs, self.floor.workers))
        self._kill_at(
            point, kind, DRAFTING, members, "web" if members is self.floor.webs else "worker"
        )

    def _kill_at(
        self, point: str, kind: str, at: tuple[str, str], members: list[Member], name: str
    ) -> None:
        self._fault(kind, *at, times=1)
        if not self._struck():
            self.floor.simulator.clear_faults()
            return
        if kind == "late":  # nobody can commit: the answer arrives and its row does not
            with self.floor.database.held():
                time.sleep(SHORT + 0.2)
                self._kill(members)
        else:
            time.sleep(SHORT * self.random.random() * 0.8)
            self._kill(members)
        self.done[f"{name} killed {point}"] += 1
        self._start(members)

    def _kill_web(self) -> None:
        """Anywhere, or with commits held up, so that some tap is just about to be saved."""
        web = self.random.choice(self.floor.webs)
        if self.random.random() < 0.5:
            with self.floor.database.held():
                time.sleep(0.2)
                web.kill()
            self.done["web killed before a commit"] += 1
        else:
            web.kill()
            self.done["web killed anywhere"] += 1
        web.start()

    def _kill(self, members: list[Member]) -> None:
        """All of them: which one is at it cannot be seen from outside."""
        for member in members:
            member.kill()

    def _start(self, members: list[Member]) -> None:
        for member in members:
            member.start()

    def _stop_worker(self) -> None:
        """Longer than a doubt takes to settle, with a send under way."""
        self._fault("late", *COMPLETING, times=1)
        if self._struck():
            self._pause(self.floor.workers, 1 + 6 * self.random.random())
            self.done["workers stopped and continued"] += 1
        self.floor.simulator.clear_faults()

    def _stop_web(self) -> None:
        self._pause([self.random.choice(self.floor.webs)], 0.5 + 2 * self.random.random())
        self.done["web stopped and continued"] += 1

    def _pause(self, members: list[Member], seconds: float) -> None:
        for member in members:
            member.signal(signal.SIGSTOP)
        time.sleep(seconds)
        for member in members:
            member.signal(signal.SIGCONT)

    def _end_and_start(self) -> None:
        """As a new release is put out."""
        member = self.random.choice(self.floor.members)
        member.end()
        member.start()
        self.done[f"{member.name.split('-')[0]} ended and started"] += 1

    def _restore(self) -> None:
        """A copy of some seconds ago comes back, while Lightspeed has moved on."""
        self.floor.database.copy()
        self.stopped.wait(3 + 5 * self.random.random())
        self.floor.put_database_back()
        self.done["older database put back"] += 1

    def _see_that_all_run(self) -> None:
        for member in self.floor.members:
            if member.process is None or member.process.poll() is not None:
                member.start()
