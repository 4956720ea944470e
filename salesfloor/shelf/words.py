"""What is said of a question in one of the two shops: on its screens, and as a live message."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from salesfloor.shelf.models import Question
from salesfloor.staff.models import Shop


def said(question: Question, shop: Shop) -> str:
    """How the question stands, in a sentence for the reps of `shop`. The item is named beside it.

    Of a question from `told` that has its `standing`.
    """
    words = _in_the_asked_shop if question.shop == shop else _in_the_asking_shop
    return words(question)


def _in_the_asking_shop(question: Question) -> str:
    names = _names(question)
    match question.standing:
        case Question.State.ASKED:
            return _("%(shop)s is asked to look.") % names
        case Question.State.LOOKING:
            return _("%(name)s at %(shop)s is looking.") % names
        case Question.State.HELD:
            return _("%(name)s at %(shop)s holds it until %(time)s.") % names
        case Question.State.NOT_FOUND:
            return _("%(name)s at %(shop)s did not find it.") % names
        case Question.State.UNANSWERED:
            return _("Nobody at %(shop)s answered in half an hour.") % names
        case Question.State.OVER:
            return _("%(shop)s held it until %(time)s.") % names
    if question.answered_by:
        return _("%(shop)s no longer holds it.") % names
    return _("The question to %(shop)s was taken back.") % names


def _in_the_asked_shop(question: Question) -> str:
    names = _names(question)
    match question.standing:
        case Question.State.ASKED:
            return _("%(asking)s asks whether it is here.") % names
        case Question.State.LOOKING:
            return _("%(name)s is looking, for %(asking)s.") % names
        case Question.State.HELD:
            return _("%(name)s holds it for %(asking)s until %(time)s.") % names
        case Question.State.NOT_FOUND:
            return _("%(name)s did not find it for %(asking)s.") % names
        case Question.State.UNANSWERED:
            return _("Nobody here answered %(asking)s in half an hour.") % names
        case Question.State.OVER:
            return _("It was held for %(asking)s until %(time)s: put it back.") % names
    if question.answered_by:
        return _("No longer held for %(asking)s: put it back.") % names
    return _("%(asking)s took the question back.") % names


def _names(question: Question) -> dict[str, str]:
    by = question.answered_by
    return {
        "shop": question.shop.name,
        "asking": question.asking_shop.name,
        "name": by.employee.short_name if by else "",
        "time": clock_time(question.ends_at),
    }


def clock_time(at: datetime) -> str:
    return date_format(timezone.localtime(at), "H:i")
