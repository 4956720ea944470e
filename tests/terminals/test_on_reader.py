"""Payments on a reader, in every order of events: nobody is charged twice, nothing is silent."""

from contextlib import suppress
from decimal import Decimal

import pytest

from salesfloor.terminals import signals
from salesfloor.terminals.models import Charge
from salesfloor.terminals.on_reader import OnReader, terminal_at
from salesfloor.terminals.protocol import Card, Status
from tests.terminals.conftest import AMOUNT, look, some_time_later
from tests.terminals.fake_stripe import READER


def test_card_is_asked_for_then_taken_with_its_brand_and_last_digits(terminal, stripe):
    assert terminal.begin("SF-1-1", AMOUNT).status is Status.WAITING
    stripe.tap(last4="1881")
    standing = look(terminal)
    assert (standing.status, standing.card) == (Status.APPROVED, Card("visa", "1881"))
    assert dict(standing.receipt)["authorization_code"] == "123456"
    assert stripe.taken() == 4900


def test_register_without_a_reader_leaves_the_question_to_the_rep(account, register, stripe):
    terminal = terminal_at(register, "SF-1-1")
    assert terminal.begin("SF-1-1", AMOUNT).status is Status.ASK_THE_REP
    assert not stripe.calls


def test_beginning_again_charges_no_second_time(terminal, stripe):
    terminal.begin("SF-1-1", AMOUNT)
    terminal.begin("SF-1-1", AMOUNT)
    stripe.tap()
    assert terminal.begin("SF-1-1", AMOUNT).status is Status.APPROVED
    assert (len(stripe.intents), stripe.taken()) == (1, 4900)


def test_decline_ends_the_payment_at_stripe_and_another_card_is_another_payment(terminal, stripe):
    terminal.begin("SF-1-1", AMOUNT)
    stripe.decline("insufficient_funds")
    assert look(terminal).status is Status.DECLINED
    assert "Nothing was charged" in look(terminal).words
    assert stripe.only_intent()["status"] == "canceled"
    terminal.begin("SF-1-2", AMOUNT)
    stripe.tap()
    assert look(terminal, "SF-1-2").status is Status.APPROVED
    assert stripe.taken() == 4900


@pytest.mark.parametrize("code", ["terminal_reader_busy", "terminal_reader_offline"])
def test_reader_that_cannot_take_it_says_so_and_nothing_is_charged(terminal, stripe, code):
    stripe.fail("process_payment_intent", code)
    standing = terminal.begin("SF-1-1", AMOUNT)
    assert standing.status is Status.DECLINED
    assert "Nothing was charged" in standing.words
    assert stripe.only_intent()["status"] == "canceled"


def test_second_payment_waits_for_the_first_on_the_same_reader(terminal, stripe):
    terminal.begin("SF-1-1", AMOUNT)
    assert terminal.begin("SF-2-1", AMOUNT).status is Status.DECLINED
    stripe.tap()
    assert look(terminal).status is Status.APPROVED
    assert len(stripe.intents) == 1


# --- Answers that do not come -------------------------------------------------------------


@pytest.mark.parametrize("how", ["lost_after", "error_after", "error_before", "garbled"])
def test_payment_that_could_not_be_prepared_costs_nobody_anything(terminal, stripe, how):
    stripe.fail("payment_intents", how)
    standing = terminal.begin("SF-1-1", AMOUNT)
    assert (standing.status, stripe.readers[READER]["action"]) == (Status.DECLINED, None)
    assert stripe.taken() == stripe.held() == 0


@pytest.mark.parametrize("how", ["lost_after", "error_after", "timeout_after"])
def test_payment_goes_on_where_only_the_answer_of_the_reader_was_lost(terminal, stripe, how):
    stripe.fail("process_payment_intent", how)
    assert terminal.begin("SF-1-1", AMOUNT).status is Status.WAITING
    stripe.tap()
    assert look(terminal).status is Status.APPROVED
    assert stripe.taken() == 4900


def test_reader_that_timed_out_without_getting_it_ends_as_declined(terminal, stripe):
    stripe.fail("process_payment_intent", "terminal_reader_timeout")
    assert terminal.begin("SF-1-1", AMOUNT).status is Status.WAITING
    some_time_later(terminal, seconds=30)
    assert look(terminal).status is Status.DECLINED
    assert stripe.only_intent()["status"] == "canceled"


@pytest.mark.parametrize("how", ["lost_after", "error_after", "error_before", "garbled"])
def test_money_is_taken_once_whatever_becomes_of_the_answer(terminal, stripe, how):
    terminal.begin("SF-1-1", AMOUNT)
    stripe.tap()
    stripe.fail("capture", how)
    look(terminal)
    assert look(terminal).status is Status.APPROVED
    assert stripe.taken() == 4900


def test_silent_stripe_is_unknown_until_it_answers_again(terminal, stripe):
    terminal.begin("SF-1-1", AMOUNT)
    stripe.tap()
    stripe.fail("pi_1", "error_before", times=9)
    look(terminal)
    some_time_later(terminal, seconds=30)
    assert look(terminal).status is Status.UNKNOWN
    assert "Do not charge again" in terminal.look("SF-1-1").words
    stripe.mend()
    assert look(terminal).status is Status.APPROVED


@pytest.mark.parametrize("call", ["create", "hand_over", "look", "take", "cancel"])
def test_worker_killed_before_any_call_leaves_one_payment(terminal, stripe, monkeypatch, call):
    with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
        patch.setattr(f"salesfloor.terminals.stripe_api.StripeApi.{call}", _killed)
        terminal.begin("SF-1-1", AMOUNT)
        stripe.tap()
        look(terminal)
    some_time_later(terminal, seconds=30)
    standing = look(terminal)
    if standing.status is Status.WAITING:
        stripe.tap()
        standing = look(terminal)
    assert standing.status.is_final
    assert stripe.taken() == 4900 * (standing.status is Status.APPROVED)


def _killed(*args, **kwargs):
    raise KeyboardInterrupt


# --- Giving up ----------------------------------------------------------------------------


def test_cancelled_payment_leaves_the_reader_and_can_never_be_paid(terminal, stripe):
    terminal.begin("SF-1-1", AMOUNT)
    assert terminal.cancel("SF-1-1").status is Status.CANCELLED
    assert stripe.readers[READER]["action"] is None
    assert stripe.only_intent()["status"] == "canceled"


def test_customer_cancels_on_the_reader(terminal, stripe):
    terminal.begin("SF-1-1", AMOUNT)
    stripe.action_fails("customer_canceled")
    standing = look(terminal)
    assert standing.status is Status.DECLINED
    assert "customer cancelled" in standing.words


def test_payment_cancelled_before_it_began_never_begins(terminal, stripe):
    terminal.cancel("SF-1-1")
    assert terminal.begin("SF-1-1", AMOUNT).status is Status.CANCELLED
    assert not stripe.intents


def test_cancelling_after_approval_says_that_it_was_approved(terminal, stripe):
    terminal.begin("SF-1-1", AMOUNT)
    stripe.tap()
    look(terminal)
    assert terminal.cancel("SF-1-1").status is Status.APPROVED
    assert stripe.taken() == 4900


def test_approval_that_loses_against_cancelling_is_let_go(terminal, stripe):
    terminal.begin("SF-1-1", AMOUNT)
    stripe.tap()
    assert terminal.cancel("SF-1-1").status is Status.CANCELLED
    assert stripe.taken() == stripe.held() == 0


def test_cancelling_waits_while_the_bank_is_asked(terminal, stripe):
    terminal.begin("SF-1-1", AMOUNT)
    intent = stripe.insert_card()
    assert terminal.cancel("SF-1-1").status is Status.WAITING
    stripe.approve(intent["id"])
    assert look(terminal).status is Status.CANCELLED
    assert stripe.taken() == stripe.held() == 0


def test_approval_after_the_reader_timed_out_is_found_and_taken_once(terminal, stripe):
    terminal.begin("SF-1-1", AMOUNT)
    intent = stripe.insert_card()
    stripe.action_fails("terminal_reader_timeout")
    assert look(terminal).status is Status.WAITING
    stripe.approve(intent["id"])
    assert look(terminal).status is Status.APPROVED
    assert stripe.taken() == 4900


def test_interac_taken_after_giving_up_is_a_stray_until_a_manager_gives_it_back(terminal, stripe):
    terminal.begin("SF-1-1", AMOUNT)
    intent = stripe.insert_card()
    terminal.cancel("SF-1-1")
    stripe.approve(intent["id"], interac=True)
    assert look(terminal).status is Status.STRAY
    assert terminal.refund("SF-1-1-back", AMOUNT, of="SF-1-1").status is Status.APPROVED
    assert stripe.taken() == 0


def test_hold_of_another_amount_is_never_taken(terminal, stripe):
    terminal.begin("SF-1-1", AMOUNT)
    stripe.tap(units=4999)
    assert look(terminal).status is Status.DECLINED
    assert stripe.taken() == stripe.held() == 0


def test_taking_of_another_amount_is_a_managers_business(terminal, stripe):
    terminal.begin("SF-1-1", AMOUNT)
    stripe.tap(interac=True, units=4999)
    assert look(terminal).status is Status.STRAY
    assert terminal.account.charges.get().taken == Decimal("49.99")


# --- Refunds ------------------------------------------------------------------------------


@pytest.fixture
def approved(terminal, stripe) -> OnReader:
    terminal.begin("SF-1-1", AMOUNT)
    stripe.tap()
    look(terminal)
    return terminal


def test_part_is_given_back_to_the_card_that_paid(approved, stripe):
    standing = approved.refund("SF-2-1", Decimal("9.00"), of="SF-1-1")
    assert (standing.status, standing.card.last4) == (Status.APPROVED, "4242")
    assert stripe.taken() == 4000


@pytest.mark.parametrize("how", ["lost_after", "error_after", "error_before"])
def test_refund_is_given_once_whatever_becomes_of_the_answer(approved, stripe, how):
    stripe.fail("refunds", how)
    assert approved.refund("SF-2-1", AMOUNT, of="SF-1-1").status is Status.UNKNOWN
    assert approved.refund("SF-2-1", AMOUNT, of="SF-1-1").status is Status.APPROVED
    assert (len(stripe.refunds), stripe.taken()) == (1, 0)


def test_no_more_is_given_back_than_was_taken(approved, stripe):
    approved.refund("SF-2-1", Decimal("40.00"), of="SF-1-1")
    standing = approved.refund("SF-3-1", Decimal("9.01"), of="SF-1-1")
    assert standing.status is Status.DECLINED
    assert stripe.taken() == 900


def test_refund_that_stripe_refuses_gives_nothing_back(approved, stripe):
    stripe.fail("refunds", "charge_not_refundable")
    standing = approved.refund("SF-2-1", AMOUNT, of="SF-1-1")
    assert standing.status is Status.DECLINED
    assert "Nothing was given back" in standing.words


def test_payment_taken_elsewhere_is_given_back_by_hand(terminal, stripe):
    assert terminal.refund("SF-2-1", AMOUNT, of="SF-1-1").status is Status.ASK_THE_REP
    assert not stripe.calls


# --- Who is told, and who is not ----------------------------------------------------------


def test_selling_is_told_once_what_came_of_it(terminal, stripe):
    told = []

    def hear(**news):
        told.append(news["standing"].status)

    signals.settled.connect(hear)
    terminal.begin("SF-1-1", AMOUNT)
    stripe.tap()
    look(terminal)
    look(terminal)
    signals.settled.disconnect(hear)
    assert told == [Status.APPROVED]


def test_stripe_account_of_one_retailer_serves_no_other(terminal, stripe, settings):
    settings.STRIPE_LIGHTSPEED_ACCOUNT_ID = 12
    assert terminal.begin("SF-1-1", AMOUNT).status is Status.DECLINED
    assert not stripe.calls
    assert Charge.everywhere.get().code == "not_prepared"
