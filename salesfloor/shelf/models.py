"""What one shop asks another to look for on its shelf, and what was answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from salesfloor.catalog.models import Item
from salesfloor.staff import clock
from salesfloor.staff.models import Account, Rep, Shop
from salesfloor.staff.owned import Owned, OwnedManager

# Who has not answered by then will not; from "one moment" on the time begins anew.
ANSWERED_WITHIN = timedelta(minutes=30)
# How long both shops go on seeing what has ended, unless somebody puts it away.
TOLD_FOR = timedelta(minutes=15)
KEPT_FOR = timedelta(days=30)


class QuestionQuerySet(models.QuerySet["Question"]):
    def open(self) -> QuestionQuerySet:
        """Those that still may be answered, and goods still held; see `Question.standing`."""
        return self.filter(state__in=Question.State.unended())

    def between(self, shop: Shop | None) -> QuestionQuerySet:
        """Those that this shop asks or is asked."""
        return self.filter(Q(shop=shop) | Q(asking_shop=shop))

    def shown_to(self, shop: Shop, now: datetime) -> list[Question]:
        """What the screens of this shop show, asked by it or of it: the open ones, and those that
        ended within `TOLD_FOR`. The oldest first. Each has its `standing` of now."""
        of_shop = self.between(shop).filter(ends_at__gt=now - TOLD_FOR)
        questions = list(of_shop.exclude(state=Question.State.PUT_AWAY).order_by("asked_at", "pk"))
        for question in questions:
            question.standing = question.state_at(now)
        return questions

    def told(self) -> QuestionQuerySet:
        """With all that is told of them."""
        return self.select_related(
            *("item", "shop", "asking_shop"),
            *("asked_by__employee", "answered_by__employee"),
        )

    def end_overdue(self, now: datetime) -> None:
        """Write down of those that ended by themselves that they did."""
        for before, after in Question.ENDS_AS.items():
            self.filter(state=before, ends_at__lte=now).update(state=after)

    def forget_old(self, now: datetime) -> None:
        self.filter(ends_at__lt=now - KEPT_FOR).delete()


class Question(Owned):
    """Whether an item really is on the shelf of another shop, asked for a customer who waits.

    It ends by itself: `ends_at` is when the present state will end or, of what has ended, when it
    did. Rows follow that only when somebody looks after them, so ask `state_at`.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        LOOKING = "looking", _("looking")  # somebody there said: one moment
        HELD = "held", _("held")  # set aside for the asking shop until `ends_at`
        NOT_FOUND = "not found", _("not found")
        UNANSWERED = "unanswered", _("not answered")  # nobody did in time
        OVER = "over", _("no longer held")  # the time for which it was held has passed
        RELEASED = "released", _("no longer wanted")  # one of the shops ended it
        PUT_AWAY = "put away", _("put away")  # ended, and nobody needs to see it any more

        @classmethod
        def unanswered(cls) -> list[str]:
            return [cls.ASKED, cls.LOOKING]

        @classmethod
        def unended(cls) -> list[str]:
            return [cls.ASKED, cls.LOOKING, cls.HELD]

        @classmethod
        def answered(cls) -> list[str]:
            return [cls.HELD, cls.NOT_FOUND, cls.OVER]

    ENDS_AS = {
        State.ASKED: State.UNANSWERED,
        State.LOOKING: State.UNANSWERED,
        State.HELD: State.OVER,
    }

    account = models.ForeignKey(Account, models.CASCADE, related_name="questions")
    item = models.ForeignKey(Item, models.CASCADE, related_name="+")
    shop = models.ForeignKey(Shop, models.CASCADE, related_name="+")  # the one that is asked
    asking_shop = models.ForeignKey(Shop, models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(Rep, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=16, choices=State.choices, default=State.ASKED)
    answered_by = models.ForeignKey(Rep, models.CASCADE, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    # From the answer until whoever asked has opened the list that it stands in.
    is_news = models.BooleanField(default=False, db_default=False)
    ends_at = models.DateTimeField()

    # Set by `shown_to`.
    standing: str
    # Set where they are shown: see the template tag `questions_of`.
    said: str
    is_to_us: bool
    is_told: bool

    objects = OwnedManager.from_queryset(QuestionQuerySet)()
    everywhere = models.Manager.from_queryset(QuestionQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "shop", "asking_shop"],
                name="one_open_question_of_an_item",
                condition=Q(state__in=["asked", "looking", "held"]),
            )
        ]
        indexes = [
            # QuestionQuerySet.shown_to, which every selling screen asks every few seconds
            models.Index(fields=["shop", "ends_at"], name="questions_to_a_shop"),
            models.Index(fields=["asking_shop", "ends_at"], name="questions_of_a_shop"),
        ]

    def __str__(self) -> str:
        return f"{self.item} at {self.shop}: {self.state}"

    def state_at(self, now: datetime) -> str:
        """The state as it is, whether or not a row that has run out was touched since."""
        if self.ends_at <= now:
            return self.ENDS_AS.get(self.State(self.state), self.state)
        return self.state

    @property
    def is_unanswered(self) -> bool:
        return self.standing in self.State.unanswered()

    @property
    def is_held(self) -> bool:
        return self.standing == self.State.HELD

    def is_news_to(self, rep: Rep) -> bool:
        """Whether this rep asked, and has not looked yet at what was found there or was not."""
        is_answered = self.standing in self.State.answered()
        return self.is_news and is_answered and self.asked_by_id == rep.pk


def version_of(questions: Iterable[Question], now: datetime) -> str:
    """Differs whenever a screen that shows these questions, ages to the minute, has become old."""
    minute = timedelta(minutes=1)
    return "_".join(
        f"{question.pk}-{question.standing.replace(' ', '')}{'-new' * question.is_news}"
        f"-{(now - question.asked_at) // minute}"
        for question in questions
    )
