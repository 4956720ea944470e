"""Lightspeed's faults: every kind that the simulator knows, each in its turn."""

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.chaos.floor import CALL_SECONDS, Floor


class Call(NamedTuple):
    """As the simulator counts them."""

    route: str
    method: str


COMPLETING = Call("Sale/{id}", "PUT")
DRAFTING = Call("Sale", "POST")
READING = Call("Sale/{id}", "GET")
LOOKING = Call("Sale", "GET")
SIGNING_IN = Call("token", "POST")
STRUCK_IN_STORMS = (*[COMPLETING] * 3, *[DRAFTING] * 2, READING, LOOKING, Call("*", "*"))

# Seconds are longer or shorter than we wait.
LONG, SHORT = CALL_SECONDS + 0.5, CALL_SECONDS / 3
SECONDS = {
    "timeout": LONG,
    "timeout_after": LONG,
    "late": SHORT,
    "slow_drip": SHORT,
    "lagging_list": CALL_SECONDS,
    "clock_skew": 30.0,
}
REFUSED_SECONDS = 1.0
# Other hands leave lasting traces, so each strikes once; at the place where it can do most.
BY_OTHER_HANDS = {
    **dict.fromkeys(("second_writer", "line_removed", "sale_completed"), COMPLETING),
    **dict.fromkeys(("sale_voided", "record_archived", "register_closed"), COMPLETING),
    **dict.fromkeys(("item_archived", "price_changed", "tax_changed"), DRAFTING),
    **dict.fromkeys(("token_expired", "token_revoked", "employee_locked_out"), COMPLETING),
    "rotation_race": SIGNING_IN,
}
# Each doubles the tax, or takes goods off the shelves: a few are enough.
AT_MOST = {"tax_changed": 2, "item_archived": 10, "price_changed": 20}
STRUCK_WITHIN_SECONDS = 6.0


@dataclass
class Faults:
    floor: Floor
    random: random.Random
    struck: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.kinds = list(self.floor.simulator.control("GET", "faults")["kinds"])

    @property
    def never_struck(self) -> list[str]:
        return [f"fault {kind}" for kind in self.kinds if not self.struck[kind]]

    def set_storm(self) -> None:
        """Several kinds at once, the rarest so far, each on a share of some calls."""
        kinds = [kind for kind in self.kinds if kind not in BY_OTHER_HANDS and kind != "refused"]
        for kind in self._rarest(self.random.randint(5, 9), among=kinds):
            calls = STRUCK_IN_STORMS if self.struck[kind] else (COMPLETING, DRAFTING)
            self.set(
                kind,
                self.random.choice(calls),
                times=self.random.randint(1, 4),
                share=self.random.choice((0.3, 0.6, 1.0)),
                seed=self.random.randint(1, 10**6),
            )

    def meddle(self) -> bool:
        """What other people do in the shop meanwhile."""
        allowed = [kind for kind in BY_OTHER_HANDS if self.struck[kind] < AT_MOST.get(kind, 10**9)]
        kinds = self._rarest(3, among=allowed)
        if "rotation_race" in kinds:  # needs somebody who renews a sign-in
            kinds.append("token_expired")
        set_now = [self.set(kind, BY_OTHER_HANDS[kind], times=1) for kind in kinds]
        return bool([fault for fault in set_now if self.strikes(fault)])

    def refuse(self) -> bool:
        """Nobody listens, not even the door for faults."""
        self.floor.simulator.fault("*", "refused", seconds=REFUSED_SECONDS)
        self.struck["refused"] += 1
        time.sleep(REFUSED_SECONDS + 0.2)
        return True

    def set(self, kind: str, call: Call, **how: float) -> int:
        """Its id. What concerns renewed sign-ins strikes no first ones."""
        fault = self.floor.simulator.fault(
            call.route,
            kind,
            method=call.method,
            containing="refresh_token" if call == SIGNING_IN else "",
            seconds=SECONDS.get(kind, 1.0),
            **how,
        )
        return int(fault["id"])

    def strikes(self, fault_id: int) -> bool:
        """Wait until it does, for some seconds."""
        give_up_at = time.monotonic() + STRUCK_WITHIN_SECONDS
        while time.monotonic() < give_up_at:
            for fault in self._set_now():
                if fault["id"] == fault_id and fault["struck"]:
                    return True
            time.sleep(0.005)
        return False

    def clear(self) -> None:
        for fault in self._set_now():
            self.struck[fault["fault"]] += fault["struck"]
        self.floor.simulator.clear_faults()

    def _set_now(self) -> list[dict[str, Any]]:
        faults: list[dict[str, Any]] = self.floor.simulator.control("GET", "faults")["faults"]
        return faults

    def _rarest(self, how_many: int, *, among: list[str]) -> list[str]:
        drawn = self.random.sample(among, len(among))
        return sorted(drawn, key=lambda kind: self.struck[kind])[:how_many]
