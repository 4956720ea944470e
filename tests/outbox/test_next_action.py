"""The courier's decisions, one rule after another."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from salesfloor.outbox import next_action as rules
from salesfloor.outbox.next_action import (
    Act,
    Draft,
    Entry,
    Facts,
    Look,
    Outcome,
    Reason,
    Record,
    Send,
    next_action,
)

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
FACTS = Facts()


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


def test_sale_that_was_owed_before_the_courier_came_is_looked_up_first():
    owed = replace(record(), is_inherited=True)
    assert next_action(owed, FACTS, at(6)).act is Act.LOOK
    looked = replace(record(not_found(7)), is_inherited=True)
    assert next_action(looked, FACTS, at(8)).act is Act.SEND


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


def test_look_that_was_wanted_has_to_tell_something_before_the_first_send():
    failed = record(Look(at(2), Outcome.NO_ANSWER))
    assert next_action(failed, FACTS, at(4)).act is Act.LOOK


def by(courier: str, *entries: Send | Look) -> list[Send | Look]:
    return [replace(entry, courier=courier) for entry in entries]


SECOND = Facts(courier="second")


def test_courier_that_takes_over_looks_at_once_and_goes_on_counting():
    looks = by("first", doubt(1), not_found(3), not_found(95))
    assert next_action(record(*looks), SECOND, at(101)).act is Act.LOOK
    counted_on = by("second", not_found(101), not_found(170))
    assert next_action(record(*looks, *counted_on), SECOND, at(170)).act is not Act.SEND
    counted_on = by("second", not_found(101), not_found(187))
    assert next_action(record(*looks, *counted_on), SECOND, at(188)).act is Act.SEND


@pytest.mark.parametrize("skew", [-600, 600])
def test_two_couriers_clocks_need_not_agree(skew):
    first = by("first", doubt(1), not_found(3))
    second = by("second", not_found(5 + skew), not_found(8 + skew))
    journal = record(*first, *second)
    for second_later in range(8, 100, 7):
        action = next_action(journal, SECOND, at(second_later + skew))
        assert action.act is not Act.SEND


def test_doubt_ends_although_couriers_are_stopped_again_and_again():
    journal, now, name = by("first", doubt(1)), 1.0, 0
    while now < 400:
        name += 1
        facts = Facts(courier=str(name))
        for _ in range(8):  # looks at once, after two seconds, four, eight; then it is stopped
            action = next_action(record(*journal), facts, at(now))
            if action.act is Act.SEND:
                return
            now = max(now, (action.at - NOON).total_seconds())
            journal += by(str(name), not_found(now))
    pytest.fail("never settled")


@pytest.mark.parametrize("trouble", [Reason.CHANGED_THERE, Reason.GONE_THERE, Reason.PAID_THERE])
def test_open_sale_that_is_not_what_was_paid_for_is_never_completed(trouble):
    look = replace(not_found(65), trouble=trouble)
    for second in range(66, 2000, 7):
        action = next_action(record(look), FACTS, at(second))
        assert action.act is not Act.SEND
        assert action.reason is trouble


def test_open_sale_that_was_put_right_is_completed():
    journal = record(replace(not_found(65), trouble=Reason.CHANGED_THERE), not_found(365))
    assert next_action(journal, FACTS, at(366)).act is Act.SEND


def test_look_after_a_refusal_tells_why_at_once():
    journal = record(doubt(1), replace(not_found(3), trouble=Reason.CHANGED_THERE))
    assert next_action(journal, FACTS, at(4)).reason is Reason.CHANGED_THERE


def test_looking_ends_after_two_days_and_the_manager_is_told_so():
    journal = record(doubt(1), Look(at(172_000), Outcome.NO_ANSWER))
    action = next_action(journal, FACTS, at(172_900))
    assert (action.act, action.reason) == (Act.WAIT, Reason.GIVEN_UP)


def test_sign_in_that_was_refused_is_left_for_another_before_anybody_is_told():
    refused = [Send(at(n), Outcome.TOKEN_REFUSED) for n in (1, 3, 6)]
    assert next_action(record(*refused[:1]), FACTS, at(2)).act is Act.SEND
    assert next_action(record(*refused[:2]), FACTS, at(4)).reason is None
    assert next_action(record(*refused), FACTS, at(7)).reason is Reason.SIGN_IN_REFUSED


def provisional(*journal: Entry) -> Record:
    return Record(NOON, journal, is_provisional=True)


def test_sale_made_while_lightspeed_was_away_is_written_before_it_is_sent():
    assert next_action(provisional(), FACTS, at(1)).act is Act.DRAFT
    drafted = provisional(Draft(at(2), Outcome.DRAFTED))
    assert next_action(drafted, FACTS, at(3)).act is Act.SEND


def test_draft_of_another_total_is_written_anew():
    unequal = Draft(at(2), Outcome.UNEQUAL)
    assert next_action(provisional(unequal), FACTS, at(2)).act is Act.DRAFT


def test_manager_is_told_of_a_cart_that_lightspeed_does_not_take():
    refused = [Draft(at(n), Outcome.DOUBT) for n in (1, 5, 9)]
    action = next_action(provisional(*refused), FACTS, at(10))
    assert (action.act, action.reason) == (Act.WAIT, Reason.NOT_DRAFTED)


def test_no_other_draft_is_written_once_one_was_sent():
    journal = provisional(Draft(at(2), Outcome.DRAFTED), doubt(3))
    for second in range(4, 2000, 7):
        assert next_action(journal, FACTS, at(second)).act is not Act.DRAFT
