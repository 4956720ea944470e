"""Every case of what may be written and seen."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from itertools import product

from salesfloor.terminals.next_step import Record, Seen, Step, next_step

NOW = datetime(2026, 11, 25, 12, tzinfo=timezone.utc)  # noqa: UP017 (reads better)
CASES = [
    (Record(Decimal(49), NOW - timedelta(seconds=age), given_up), seen, Decimal(amount))
    for age, given_up, seen, amount in product([0, 60], [False, True], Seen, [49, 50])
]


def steps(**wanted):
    return [
        (record, seen, amount, next_step(record, seen, amount, NOW))
        for record, seen, amount in CASES
        if all(getattr(record, name) == value for name, value in wanted.items())
    ]


def test_money_is_taken_only_where_it_is_held_as_asked_for_and_wanted():
    took = [(r.is_given_up, seen, amount) for r, seen, amount, step in steps() if step is Step.TAKE]
    assert set(took) == {(False, Seen.HELD, Decimal(49))}


def test_nothing_is_approved_that_was_not_taken_as_asked_for_and_wanted():
    approved = [
        (r.is_given_up, seen, amount) for r, seen, amount, step in steps() if step is Step.APPROVE
    ]
    assert set(approved) == {(False, Seen.TAKEN, Decimal(49))}


def test_money_taken_is_never_closed_as_nothing_nor_waited_for():
    ends = {step for _, seen, _, step in steps() if seen is Seen.TAKEN}
    assert ends == {Step.APPROVE, Step.STRAY}


def test_what_was_given_up_is_waited_for_no_more():
    assert Step.WAIT not in {step for *_, step in steps(is_given_up=True)}


def test_nothing_is_closed_before_stripe_has_ended_it():
    assert {seen for _, seen, _, step in steps() if step is Step.CLOSE} == {Seen.GONE}
