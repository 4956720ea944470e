"""Days of trouble in virtual time: no sale is lost or doubled, and each is broken on purpose.

`SALES` is how many sales to play, `SEED` another first day than the usual one.
"""

import os
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from salesfloor.outbox import next_action as rules
from salesfloor.outbox.next_action import Entry, Facts, Outcome, Record
from tests.outbox.virtual_time.books import play
from tests.outbox.virtual_time.courier import Attempt, Owed, Turn, Worker
from tests.outbox.virtual_time.day import Day
from tests.outbox.virtual_time.lightspeed import LOOKED, SENT, Fate, Tender

SALES = int(os.environ.get("SALES", 100_000))
SEED = int(os.environ.get("SEED", 1))
# Within so many a broken rule has to show. Most show within a hundred.
SALES_UNTIL_CAUGHT = 100_000


def test_no_sale_is_lost_doubled_a_cent_off_or_left_without_a_word():
    books = play(SALES, seed=SEED)
    assert books.wrong == []
    assert books.sales >= SALES


def test_days_are_full_of_trouble_of_every_kind():
    happened = play(2000, seed=SEED).done
    calls = {fate.name for fate in (*SENT, *LOOKED)}
    assert calls < happened.keys()
    assert len(happened) == len(calls) + 11
    assert min(happened.values()) >= 5


# --- Broken on purpose ------------------------------------------------------------------


class TwoCouriersAtOnce(Day):
    has_lock = False


class RepeatsAfterTimeOut(Day):
    """What was not answered was not done."""

    def outcome(self, fate: Fate) -> Outcome:
        outcome = super().outcome(fate)
        return Outcome.NOT_SENT if outcome is Outcome.DOUBT else outcome


class DoesNotLetDoubtSettle(Day):
    def facts(self, worker: Worker) -> Facts:
        return replace(super().facts(worker), settle_for=timedelta(0))


class SendsAllTendersAgain(Day):
    """A blind PUT, though some of the payments may be there."""

    def tenders_to_send(self, owed: Owed, record: Record) -> list[Tender]:
        return list(owed.tenders)


class SendsBeforeItIsJournalled(Day):
    def open_attempt(self, owed: Owed, kind: type[Entry], turn: Turn) -> Attempt:
        attempt = super().open_attempt(owed, kind, turn)
        owed.under_way.remove(attempt)
        return attempt


class DoesNotNoticeRestore(Day):
    def be_in_doubt(self, owed: Owed) -> None:
        pass


class TrustsLooksUntilTheirEnd(Day):
    """As if what a look tells were true of the moment when the answer came."""

    def noticed_at(self, attempt: Attempt, outcome: Outcome) -> datetime:
        return self.at(attempt.turn.worker)


@pytest.mark.parametrize(
    "day",
    [
        TwoCouriersAtOnce,
        RepeatsAfterTimeOut,
        DoesNotLetDoubtSettle,
        SendsAllTendersAgain,
        SendsBeforeItIsJournalled,
        DoesNotNoticeRestore,
        TrustsLooksUntilTheirEnd,
    ],
)
def test_courier_without_a_rule_is_caught_doubling_a_sale(day):
    assert play(SALES_UNTIL_CAUGHT, day=day).doubled


since_doubt = rules._since_doubt


def refusal_clears_doubt(record: Record) -> object:
    refused = (Outcome.BUSY, Outcome.FORBIDDEN, Outcome.NOT_SENT, Outcome.TOKEN_REFUSED)
    is_refused = record.journal and record.journal[-1].outcome in refused
    return None if is_refused else since_doubt(record)


@pytest.mark.parametrize(
    ("rule", "broken"),
    [("_must_look_first", lambda *_: False), ("_since_doubt", refusal_clears_doubt)],
)
def test_decision_without_a_rule_is_caught_doubling_a_sale(monkeypatch, rule, broken):
    monkeypatch.setattr(rules, rule, broken)
    assert play(SALES_UNTIL_CAUGHT).doubled
