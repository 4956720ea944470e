"""Asking another shop, and answering: who was first has said it, the others are told what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from salesfloor.catalog.models import Item
from salesfloor.shelf.models import ANSWERED_WITHIN, Question
from salesfloor.shelf.words import said
from salesfloor.staff.models import Rep, Shop

# Questions from one shop to another in so long. More are no help to anybody who has to answer.
MOST_ASKED = 12
WITHIN = timedelta(minutes=10)
# Goods are offered to be held until a full hour, from two hours on unless chosen otherwise.
USUALLY_HELD_FOR = timedelta(hours=2)
LONGEST_HELD = timedelta(hours=24)
HOURS_OFFERED = 10


class Refused(Exception):
    """Nothing was changed; `text` says why. `status` is the HTTP status of the answer."""

    def __init__(self, text: str | Promise, status: int = 422) -> None:
        super().__init__(text)
        self.text = text
        self.status = status


def ask(rep: Rep, item: Item, shop: Shop, now: datetime) -> Question:
    """Have the screens of `shop` ask for the item. Where that was done already it is not done
    again: gives the question that is open.

    Raises Refused where that shop cannot be asked, or was asked too much. The rep has to stand at
    a register.
    """
    here = _shop_of(rep)
    if shop == here:
        raise Refused(_("This is the shop that you are in."))
    if not item.has_stock:
        raise Refused(_("%(item)s is nothing that lies on a shelf.") % {"item": item})
    questions = rep.account.questions
    same = questions.filter(item=item, shop=shop, asking_shop=here)
    lately = questions.filter(shop=shop, asking_shop=here, asked_at__gt=now - WITHIN)
    with transaction.atomic():
        same.end_overdue(now)
        if (open_one := same.open().first()) is not None:
            return _as_of(open_one, now)
        if lately.count() >= MOST_ASKED:
            raise Refused(
                _("%(shop)s was asked %(count)d times in the last minutes. Ring them instead.")
                % {"shop": shop, "count": MOST_ASKED}
            )
        try:
            with transaction.atomic():
                question = questions.create(
                    item=item,
                    shop=shop,
                    asking_shop=here,
                    asked_by=rep,
                    asked_at=now,
                    ends_at=now + ANSWERED_WITHIN,
                )
        except IntegrityError:  # a colleague asked in this moment
            question = same.open().get()
    return _as_of(question, now)


def say_one_moment(rep: Rep, question: Question, now: datetime) -> None:
    """Somebody has gone to look. Raises Refused where it is no longer to be answered."""
    _answer(
        rep,
        question,
        now,
        before=[Question.State.ASKED],
        state=Question.State.LOOKING,
        ends_at=now + ANSWERED_WITHIN,
    )


def say_held(rep: Rep, question: Question, until: datetime, now: datetime) -> None:
    """It was found, and is set aside until then. Raises Refused as above, and for a time that is
    over or further off than a day."""
    if not now < until <= now + LONGEST_HELD:
        raise Refused(_("It can be held until some time within a day."))
    _answer(
        rep,
        question,
        now,
        before=Question.State.unanswered(),
        state=Question.State.HELD,
        ends_at=until,
        is_news=True,
    )


def say_not_found(rep: Rep, question: Question, now: datetime) -> None:
    _answer(
        rep,
        question,
        now,
        before=Question.State.unanswered(),
        state=Question.State.NOT_FOUND,
        ends_at=now,
        is_news=True,
    )


def end(rep: Rep, question: Question, now: datetime) -> None:
    """Goods are no longer wanted, or what has ended is put out of sight. Where a colleague did it
    before, it is done. Raises Refused for a question that only the other shop may take back."""
    here = _shop_of(rep)
    standing = question.state_at(now)
    if standing in Question.State.unanswered() and here != question.asking_shop:
        raise Refused(_("Only the shop that asks can take a question back."))
    seen = rep.account.questions.filter(pk=question.pk, state=question.state)
    if standing in Question.State.unended():
        seen.filter(ends_at__gt=now).update(state=Question.State.RELEASED, ends_at=now)
    else:
        seen.update(state=Question.State.PUT_AWAY)


def see_answers(rep: Rep, questions: Iterable[int]) -> None:
    """The rep has looked at the answers to these; to others' questions that makes no difference."""
    rep.account.questions.filter(asked_by=rep, pk__in=questions).update(is_news=False)


def _answer(
    rep: Rep, question: Question, now: datetime, *, before: list[str], **to: object
) -> None:
    """Answer a question that is in one of the states `before`. Raises Refused."""
    if _shop_of(rep) != question.shop:
        raise Refused(_("Only %(shop)s can answer that.") % {"shop": question.shop}, status=403)
    questions = rep.account.questions.filter(pk=question.pk)
    still_so = questions.filter(state__in=before, ends_at__gt=now)
    if still_so.update(**to, answered_by=rep, answered_at=now):
        return
    current = _as_of(questions.told().get(), now)
    if current.answered_by_id == rep.pk and current.state == to["state"]:
        return  # the same tap came twice
    raise Refused(
        _("Too late, so nothing was changed. %(what)s") % {"what": said(current, question.shop)},
        status=409,
    )


def _as_of(question: Question, now: datetime) -> Question:
    question.standing = question.state_at(now)
    return question


def _shop_of(rep: Rep) -> Shop:
    assert rep.shop is not None  # noqa: S101 (access.selling saw to it)
    return rep.shop


# --- Until when ---------------------------------------------------------------------------

NO_TIME = gettext_lazy("Say until when it is held, such as 17:00.")
NO_ANSWER = gettext_lazy("Say whether it is held, was not found, or takes a moment.")


def hours_offered(now: datetime) -> list[datetime]:
    """The full hours until which something may be held, by the clock of the current time zone."""
    hour = timezone.localtime(now).replace(minute=0, second=0, microsecond=0)
    return [hour + timedelta(hours=count) for count in range(1, HOURS_OFFERED + 1)]


def usual_hour(now: datetime) -> datetime:
    return next(hour for hour in hours_offered(now) if hour >= now + USUALLY_HELD_FOR)


def next_time(text: str, now: datetime) -> datetime:
    """When it will be so late next, by the clock of the current time zone. Raises Refused."""
    try:
        at = time.fromisoformat(text)
    except ValueError:
        raise Refused(NO_TIME) from None
    if at.tzinfo is not None:
        raise Refused(NO_TIME)
    zone = timezone.get_current_timezone()
    today = timezone.localtime(now).date()
    moments = (datetime.combine(today + timedelta(days=days), at, tzinfo=zone) for days in range(3))
    return next(moment for moment in moments if moment > now)
