"""Every fault of the simulated Lightspeed, met by a paid sale: it becomes of it what
`docs/reliability.md` says, and the rep is told nothing else than what is known."""

from datetime import timedelta

import pytest
from django.urls import reverse

from salesfloor.outbox.models import Attempt, Submission
from tests.outbox.test_courier import Clock, completed_sales, deliver, deliver_until_quiet
from tests.test_documents import what_becomes_of_a_sale

pytestmark = pytest.mark.filterwarnings("ignore:No directory")

State = Submission.State
# Longer than a call may take, where the fault is silence.
SECONDS = {"refused": 0.5, "429": 1, "429_burst": 1, "clock_skew": 30}
WORDS = {
    State.WAITING: "Paid. Recording in Lightspeed",
    State.CHECKING: "We could not confirm yet. Do not charge again.",
    State.COMPLETED: "Recorded. Ticket",
    State.ATTENTION: "Paid, but a manager is needed. Do not charge again.",
}


@pytest.fixture
def another_sale(simulator) -> None:
    """So that answers can be mixed up."""
    place = {"employeeID": 1, "shopID": 1, "registerID": 1}
    assert simulator.client(1).post("Sale", place).status_code == 200


@pytest.mark.usefixtures("another_sale")
@pytest.mark.parametrize(("fault", "said"), what_becomes_of_a_sale().items())
def test_paid_sale_that_meets_a_fault_is_recorded_once_or_told_to_a_manager(
    paid, simulator, browser_of, fault, said
):
    clock, done = Clock(), reverse("sales:done", args=[paid.pk])
    simulator.fault("Sale/{id}", fault, method="PUT", seconds=SECONDS.get(fault, 4))
    first, began_at = deliver(paid, clock).state, clock.time
    assert WORDS[first] in browser_of(paid.rep).get(done).content.decode()
    told = paid.submission.reason
    last = deliver_until_quiet(paid, clock)
    assert what_became_of(last, first, told) == said
    assert len(completed_sales(simulator)) <= 1
    if said == "sent again":
        assert clock.time - began_at >= timedelta(seconds=180)
    if last.state == State.COMPLETED:
        [sale] = completed_sales(simulator)
        assert [payment["amount"] for payment in sale["payments"]] == ["11.49"]
    else:
        assert WORDS[State.ATTENTION] in browser_of(paid.rep).get(done).content.decode()


def what_became_of(last: Submission, first: str, told: str) -> str:
    if told or last.state == State.ATTENTION:
        return "a manager"
    assert last.state == State.COMPLETED
    if first == State.CHECKING:
        sends = last.attempts.filter(kind=Attempt.Kind.SEND).count()
        return "after a look" if sends == 1 else "sent again"
    return "at once" if first == State.COMPLETED else "after a pause"
