"""Processes that die, stand still or are replaced, at named points."""

import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tests.chaos.faults import COMPLETING, DRAFTING, SHORT, SIGNING_IN, Call, Faults
from tests.chaos.floor import SETTLE_SECONDS, Floor, Member

NEWEST_SEND = "SELECT MAX(id) FROM outbox_attempt WHERE kind = 'send'"
NEWEST_LOOK = "SELECT MAX(id) FROM outbox_attempt WHERE kind = 'look'"
NEWEST_PAID = "SELECT MAX(id) FROM outbox_submission"
WAITING_TO_BE_SENT = """
    SELECT COUNT(*) FROM outbox_submission WHERE state = 'waiting' AND reason = ''
    AND NOT EXISTS (SELECT 1 FROM outbox_attempt WHERE finished_at IS NULL)
"""
COMES_WITHIN_SECONDS = 8.0

Act = Callable[[], bool]


@dataclass
class Killing:
    floor: Floor
    faults: Faults
    random: random.Random

    @property
    def acts(self) -> dict[str, Act]:
        """By what has happened then; False where it did not come to that."""
        workers, webs = self.floor.workers, self.floor.webs
        acts: dict[str, Act] = {}
        for doing, call in (("completing", COMPLETING), ("pricing", DRAFTING)):
            named = f"worker killed at {doing} a sale,"
            acts |= {
                f"{named} before the effect": partial(self._kill_at, "timeout", call),
                f"{named} after the effect": partial(self._kill_at, "timeout_after", call),
                f"{named} while the answer came": partial(self._kill_at, "slow_drip", call),
                f"{named} before its commit": partial(self._kill_before_commit, call),
            }
        return acts | {
            "worker killed before a send was journalled": self._kill_before_journal,
            "worker killed once a send was journalled": partial(
                self._kill_once, NEWEST_SEND, workers
            ),
            "worker killed while it looked for a sale in doubt": self._kill_looking,
            "worker killed while it renewed a sign-in": self._kill_renewing,
            "webs killed once a sale was paid": partial(self._kill_once, NEWEST_PAID, webs),
            "webs killed before their commits": self._kill_webs_before_commits,
            "web killed anywhere": self._kill_a_web,
            "all killed at once, Lightspeed too": self._cut_power,
            "workers stopped and continued": self._stop_workers,
            "web stopped and continued": self._stop_a_web,
            "worker replaced": partial(self._replace, workers),
            "web replaced": partial(self._replace, webs),
            "Lightspeed killed": self._kill_lightspeed,
        }

    # --- Workers ----------------------------------------------------------------------

    def _kill_at(self, kind: str, call: Call) -> bool:
        struck = self.faults.strikes(self.faults.set(kind, call, times=1))
        if struck:
            time.sleep(SHORT * self.random.random() * 0.8)
            self._kill(self.floor.workers)
        return struck

    def _kill_before_commit(self, call: Call) -> bool:
        """The answer arrives and cannot be kept."""
        struck = self.faults.strikes(self.faults.set("late", call, times=1))
        if struck:
            with self.floor.database.held():
                time.sleep(SHORT + 0.2)
                self._kill(self.floor.workers)
        return struck

    def _kill_before_journal(self) -> bool:
        with self.floor.database.held():
            time.sleep(0.3)
            waiting = self.floor.database.number(WAITING_TO_BE_SENT)
            self._kill(self.floor.workers)
        return bool(waiting)

    def _kill_once(self, newest: str, members: list[Member]) -> bool:
        """As soon as a newer row is there."""
        has_come = self.floor.database.grows(newest, COMES_WITHIN_SECONDS)
        if has_come:
            self._kill(members)
        return has_come

    def _kill_looking(self) -> bool:
        reset = self.faults.set("reset", COMPLETING, times=1)
        return self.faults.strikes(reset) and self._kill_once(NEWEST_LOOK, self.floor.workers)

    def _kill_renewing(self) -> bool:
        """The new tokens are given out and nobody has them."""
        self.faults.set("token_expired", COMPLETING, times=1)
        struck = self.faults.strikes(self.faults.set("timeout_after", SIGNING_IN, times=1))
        if struck:
            self._kill(self.floor.workers)
        return struck

    def _stop_workers(self) -> bool:
        """Some longer than a doubt takes to settle, with a send under way."""
        struck = self.faults.strikes(self.faults.set("late", COMPLETING, times=1))
        if struck:
            self._pause(self.floor.workers, 1 + (SETTLE_SECONDS + 1) * self.random.random())
        return struck

    # --- Webs, and everything ---------------------------------------------------------

    def _kill_webs_before_commits(self) -> bool:
        with self.floor.database.held():
            time.sleep(0.2)
            self._kill(self.floor.webs)
        return True

    def _kill_a_web(self) -> bool:
        self._kill([self.random.choice(self.floor.webs)])
        return True

    def _stop_a_web(self) -> bool:
        self._pause([self.random.choice(self.floor.webs)], 0.5 + 2 * self.random.random())
        return True

    def _cut_power(self) -> bool:
        self._kill(self.floor.members)
        self.floor.restart_simulator()
        return True

    def _kill_lightspeed(self) -> bool:
        self.floor.restart_simulator()
        return True

    def _replace(self, members: list[Member]) -> bool:
        """As a new release is put out."""
        self.random.choice(members).end()
        return True

    def _kill(self, members: list[Member]) -> None:
        """All of them, where it cannot be seen from outside which one is at it. They are started
        again once the act is over."""
        for member in members:
            member.kill()

    def _pause(self, members: list[Member], seconds: float) -> None:
        for member in members:
            member.signal(signal.SIGSTOP)
        time.sleep(seconds)
        for member in members:
            member.signal(signal.SIGCONT)
