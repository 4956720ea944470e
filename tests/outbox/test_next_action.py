"""The courier's decisions, in virtual time against a model of Lightspeed."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from salesfloor.outbox import next_action as rules
from salesfloor.outbox.next_action import (
    Act,
    Facts,
    Look,
    Outcome,
    Reason,
    Record,
    Send,
    next_action,
)

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
FACTS = Facts(courier_started_at=NOON - timedelta(hours=1))


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def record(*journal: Send | Look, look_wanted: bool = False) -> Record:
    return Record(NOON, journal, look_wanted)


def doubt(seconds: float) -> Send:
    return Send(at(seconds), Outcome.DOUBT)


def not_found(seconds: float) -> Look:
    return Look(at(seconds), Outcome.NOT_FOUND)


def test_fresh_sale_is_sent_at_once():
    assert next_action(record(), FACTS, at(1)).act is Act.SEND


def test_sale_paid_before_the_courier_started_is_looked_up_first():
    facts = Facts(courier_started_at=at(5))
    assert next_action(record(), facts, at(6)).act is Act.LOOK
    assert next_action(record(not_found(7)), facts, at(8)).act is Act.SEND


def test_sale_that_waited_for_over_a_minute_is_looked_up_first():
    assert next_action(record(), FACTS, at(61)).act is Act.LOOK


def test_doubt_is_never_answered_by_sending_before_it_has_settled():
    journal = [doubt(1), not_found(3), not_found(7), not_found(15), not_found(31), not_found(61)]
    for second in range(62, 181):
        assert next_action(record(*journal), FACTS, at(second)).act is not Act.SEND


def test_doubt_is_looked_into_after_two_six_and_fourteen_seconds():
    assert next_action(record(doubt(1)), FACTS, at(2)).at == at(3)
    assert next_action(record(doubt(1), not_found(3)), FACTS, at(3)).at == at(7)
    assert next_action(record(doubt(1), not_found(3), not_found(7)), FACTS, at(8)).at == at(15)


def test_settled_doubt_is_sent_again():
    journal = record(doubt(1), not_found(3), not_found(182))
    assert next_action(journal, FACTS, at(183)).act is Act.SEND


def test_one_look_does_not_settle_a_doubt_however_late_it_came():
    action = next_action(record(doubt(1), not_found(400)), FACTS, at(401))
    assert action.act is Act.WAIT
    assert action.at == at(402)


def test_failed_looks_tell_nothing():
    failed = [Look(at(second), Outcome.NO_ANSWER) for second in (3, 7, 15, 31, 61, 91, 181)]
    assert next_action(record(doubt(1), *failed), FACTS, at(300)).act is Act.LOOK


def test_refusal_of_the_second_send_leaves_the_first_in_doubt():
    journal = record(doubt(1), Send(at(2), Outcome.BUSY))
    assert next_action(journal, FACTS, at(10)).act is Act.LOOK


def test_busy_lightspeed_is_left_alone_as_long_as_it_asks():
    busy = Send(at(1), Outcome.BUSY, retry_after=timedelta(seconds=7))
    assert next_action(record(busy), FACTS, at(5)).act is Act.WAIT
    assert next_action(record(busy), FACTS, at(8)).act is Act.SEND


def test_pauses_grow_while_lightspeed_cannot_be_reached():
    failed = [Send(at(second), Outcome.NOT_SENT) for second in (1, 2, 4, 8)]
    pauses = [
        next_action(record(*failed[:n]), FACTS, failed[n - 1].at).at - failed[n - 1].at
        for n in (1, 2, 3, 4)
    ]
    assert pauses == [timedelta(seconds=seconds) for seconds in (1, 2, 4, 8)]


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [(Outcome.FORBIDDEN, Reason.FORBIDDEN), (Outcome.SIGNED_OUT, Reason.SIGNED_OUT)],
)
def test_manager_is_told_of_a_refusal_that_people_must_mend(outcome, reason):
    assert next_action(record(Send(at(1), outcome)), FACTS, at(2)).reason is reason


def test_manager_is_told_after_ten_minutes_of_doubt():
    looks = [not_found(seconds) for seconds in (3, 7, 15, 31, 61)]
    assert next_action(record(doubt(1), *looks), FACTS, at(100)).reason is None
    failed = [Look(at(seconds), Outcome.NO_ANSWER) for seconds in range(100, 600, 20)]
    assert next_action(record(doubt(1), *failed), FACTS, at(602)).reason is Reason.UNCONFIRMED


def test_after_five_doubtful_sends_it_only_looks():
    journal: list[Send | Look] = []
    for n in range(rules.MOST_SENDS):
        journal += [doubt(n * 400), not_found(n * 400 + 5), not_found(n * 400 + 200)]
    action = next_action(record(*journal), FACTS, at(10_000))
    assert (action.act, action.reason) == (Act.LOOK, Reason.TOO_MANY_SENDS)


def test_completed_sale_is_never_sent_again_even_if_it_differs():
    journal = record(Send(at(1), Outcome.FOUND))
    for second in range(2, 10_000, 7):
        assert next_action(journal, FACTS, at(second)).act is not Act.SEND


def test_manager_may_have_it_looked_up_at_once():
    asked = record(doubt(1), not_found(3), look_wanted=True)
    assert next_action(asked, FACTS, at(4)).act is Act.LOOK
    assert next_action(record(doubt(1), not_found(3)), FACTS, at(4)).act is Act.WAIT


def test_courier_that_takes_over_counts_a_doubt_from_then_on():
    journal = record(doubt(1), not_found(3), not_found(182))
    facts = Facts(courier_started_at=at(150))
    assert next_action(journal, facts, at(183)).act is not Act.SEND
    settled = record(doubt(1), not_found(3), not_found(182), not_found(330))
    assert next_action(settled, facts, at(331)).act is Act.SEND


# --- A model of Lightspeed in which everything that can happen to a call happens ------------


@dataclass
class Model:
    """One sale at a Lightspeed that loses requests and answers, delays effects and refuses."""

    random: random.Random
    trouble: float
    completed_at: list[float] = field(default_factory=list)
    late_effects: list[float] = field(default_factory=list)

    def pass_time(self, now: float) -> None:
        for due in [due for due in self.late_effects if due <= now]:
            self.late_effects.remove(due)
            self.complete(due)

    def complete(self, now: float) -> None:
        # The real one appends the payments again; here a second completion is what must not be.
        self.completed_at.append(now)

    def send(self, now: float) -> Outcome:
        if self.random.random() >= self.trouble:
            self.complete(now)
            return Outcome.FOUND
        kind = self.random.choice(["lost", "answer lost", "late", "busy", "not sent", "forbidden"])
        if kind == "answer lost":
            self.complete(now)
        elif kind == "late":
            self.late_effects.append(now + self.random.uniform(1, 170))
        return {
            "busy": Outcome.BUSY,
            "not sent": Outcome.NOT_SENT,
            "forbidden": Outcome.FORBIDDEN,
        }.get(kind, Outcome.DOUBT)

    def look(self, now: float) -> Outcome:
        if self.random.random() < self.trouble:
            return Outcome.NO_ANSWER
        return Outcome.FOUND if self.completed_at else Outcome.NOT_FOUND


def run_one_sale(seed: int, trouble: float) -> tuple[Model, list[Send | Look], bool]:
    """Play one sale until it is found or two days are over; couriers are replaced on the way."""
    chance = random.Random(seed)
    model = Model(chance, trouble)
    journal: list[Send | Look] = []
    now, started = 0.0, -3600.0
    while now < timedelta(hours=47).total_seconds():
        model.pass_time(now)
        if chance.random() < 0.02:
            started = now
        facts = Facts(courier_started_at=at(started), jitter=chance.random())
        action = next_action(Record(NOON, tuple(journal)), facts, at(now))
        if action.act is Act.WAIT:
            now = max(now + 0.001, (action.at - NOON).total_seconds())
            continue
        took = chance.uniform(0.05, 25)
        outcome = model.send(now) if action.act is Act.SEND else model.look(now)
        now += took
        entry = Send if action.act is Act.SEND else Look
        journal.append(entry(at(now), outcome))
        if outcome is Outcome.FOUND:
            return model, journal, True
        if len([e for e in journal if isinstance(e, Send)]) > 60:
            break
    return model, journal, False


@pytest.mark.parametrize("trouble", [0.0, 0.1, 0.4, 0.8])
def test_no_sale_is_doubled_or_lost_whatever_happens_to_the_calls(trouble):
    for seed in range(3_000):
        model, journal, found = run_one_sale(seed, trouble)
        assert len(model.completed_at) <= 1, (seed, journal)
        assert found or trouble > 0.4, (seed, journal)


def test_this_model_catches_a_courier_that_sends_again_without_settling(monkeypatch):
    monkeypatch.setattr(rules, "_unsettled", lambda record, facts: None)
    doubled = sum(len(run_one_sale(seed, 0.4)[0].completed_at) > 1 for seed in range(300))
    assert doubled > 0
