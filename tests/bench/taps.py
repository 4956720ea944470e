"""How long a tap on a payment takes while Lightspeed is slow or silent, which no rep may feel."""

import re
from collections.abc import Callable
from statistics import median

from tests.bench.rounds import PAY, RECORDED, Measures, Rep, p95

# In milliseconds, at the 95th percentile; a sale is to be recorded so soon where all is well.
TAP_GOAL, RECORDED_GOAL = 300, 3000
LONG_SECONDS = 60


def measure(rep: Rep, sales: int, say: Callable[[str], None]) -> bool:
    """Prints Markdown; False where an answer was wrong. Leaves Lightspeed answering as ever."""
    simulator = rep.running
    say("| Lightspeed answers | taps | p50 of the tap | p95 | goal | p95 until recorded | goal |")
    say("|---|---:|---:|---:|---:|---:|---:|")
    right = []
    for seconds, count in ((0.3, sales), (3.0, max(sales // 2, 1))):
        simulator.tell("settings", latency_seconds=seconds)
        right.append(_row(rep, f"in {seconds:g} s", count, rep.sell_by_scanner, say))
    simulator.tell("settings", latency_seconds=0)
    silence = {"fault": "timeout", "route": "Sale", "method": "POST", "times": 10 * sales}
    simulator.tell("faults", **silence, seconds=LONG_SECONDS)
    right.append(_row(rep, "not at all", sales, lambda: tap_in_vain(rep), say))
    simulator.forget_faults()
    say("")
    return all(right)


def tap_in_vain(rep: Rep) -> None:
    """The price does not come, and the rep gives up at once."""
    page = rep.fill_cart()
    answer = rep.tap_cash(page.text)
    cancel = re.search(r"/sale/payments/\d+/cancel/", answer.text)
    rep.measures.keep(PAY, answer.seconds, "" if cancel else "it does not wait for the price")
    if cancel:
        page = rep.tablet.post(cancel[0])
    rep.empty_cart(page.text)


def _row(
    rep: Rep, name: str, count: int, act: Callable[[], None], say: Callable[[str], None]
) -> bool:
    rep.measures = Measures()
    for _ in range(count):
        act()
    wrong = [*rep.measures.wrong[PAY], *rep.measures.wrong[RECORDED]]
    if wrong:
        say(f"| {name} | {count} | FAIL: {wrong[0]} | | | | |")
        return False
    taps, recorded = rep.measures.seconds[PAY], rep.measures.seconds[RECORDED]
    until = f"{1000 * p95(recorded):,.0f}" if recorded else ""
    goal = f"≤ {RECORDED_GOAL:,}" if name == "in 0.3 s" else ""
    say(
        f"| {name} | {count} | {1000 * median(taps):.0f} | {1000 * p95(taps):.0f} "
        f"| ≤ {TAP_GOAL} | {until} | {goal} |"
    )
    return True
