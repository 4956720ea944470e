"""Two reps ask or answer in the same moment."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from salesfloor.catalog.models import Item
from salesfloor.shelf import asking
from salesfloor.shelf.models import Question
from salesfloor.staff.models import Rep, Shop

pytestmark = pytest.mark.django_db(transaction=True)

# Long enough for the second to come to where it waits for the first.
HEAD_START_SECONDS = 0.5


def while_open(first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """`second` comes in a session of its own, when `first` is done and not yet committed."""
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            first()
            ended = other.submit(_alone, second)
            time.sleep(HEAD_START_SECONDS)
        return ended.result()


def _alone(act: Callable[[], Any]) -> Any:
    try:
        return act()
    finally:
        connection.close()


def test_two_who_ask_for_the_same_ask_once(maya: Rep, sock: Item, mill: Shop) -> None:
    now = timezone.now()

    def ask() -> Question:
        return asking.ask(Rep.everywhere.get(pk=maya.pk), sock, mill, now)

    while_open(ask, ask)
    assert Question.everywhere.get().state_at(now) == Question.State.ASKED


def test_two_who_answer_are_not_both_believed(
    maya: Rep, ana: Rep, jonas: Rep, sock: Item, mill: Shop
) -> None:
    now = timezone.now()
    question = asking.ask(maya, sock, mill, now)
    with pytest.raises(asking.Refused, match=r"Ana D\. did not find it for Harbour Street"):
        while_open(
            lambda: asking.say_not_found(ana, question, now),
            lambda: asking.say_one_moment(jonas, question, now),
        )
    question.refresh_from_db()
    assert (question.state, question.answered_by) == (Question.State.NOT_FOUND, ana)


def test_question_that_is_taken_back_while_it_is_answered_stays_answered(
    maya: Rep, ana: Rep, sock: Item, mill: Shop
) -> None:
    now = timezone.now()
    question = asking.ask(maya, sock, mill, now)
    while_open(
        lambda: asking.say_not_found(ana, question, now), lambda: asking.end(maya, question, now)
    )
    question.refresh_from_db()
    assert question.state == Question.State.NOT_FOUND
