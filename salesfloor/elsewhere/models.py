"""Carts that stay in Lightspeed as open sales: for its own till to finish, or as quotes."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from salesfloor.lightspeed import errors, records
from salesfloor.money import to_cents
from salesfloor.outbox.models import Draft
from salesfloor.outbox.paid_sale import same_lines
from salesfloor.sales.models import DONE_SHOWS_FOR, Sale
from salesfloor.staff import clock
from salesfloor.staff.models import Account, Rep
from salesfloor.staff.owned import Owned, OwnedManager

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Letters and digits that are heard and read as nothing else.
CODE_ALPHABET = "ACDEFHJKLMNPRTUVWXY3479"
CODE_LENGTH = 4
# After a try that did not succeed, doubled with each.
TRY_AGAIN_AFTER = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=5)
# What has come to its end stays in the lists for so long.
ENDED_SHOWS_FOR = timedelta(days=1)


class KeptCartQuerySet(models.QuerySet["KeptCart"]):
    def for_work(self) -> KeptCartQuerySet:
        """With all that is needed to tell Lightspeed of them, and people."""
        return self.select_related(
            *("account", "draft", "rep__account", "wanted_by__account", "sale__account"),
            *("sale__rep__employee", "sale__register__shop", "sale__tax_category"),
            *("sale__customer", "sale__ship_to"),
        )

    def due(self, now: datetime) -> KeptCartQuerySet:
        """Something is to be done about them in Lightspeed, now."""
        return self.filter(state__in=KeptCart.State.at_work(), due_at__lte=now).order_by("due_at")

    def there(self, kind: str) -> KeptCartQuerySet:
        """Open in Lightspeed when last seen, and anybody may have been at them since."""
        return self.filter(state=KeptCart.State.THERE, kind=kind).order_by("pk")

    def to_list(self, kind: str, rep: Rep, now: datetime) -> KeptCartQuerySet:
        """Those of the rep's shop that are not at their end, or came to it lately; the latest
        first."""
        lately = Q(changed_at__gt=now - ENDED_SHOWS_FOR)
        shown = self.filter(kind=kind, sale__register__shop=rep.shop)
        return shown.filter(lately | Q(state__in=KeptCart.State.live())).order_by("-kept_at")

    def just_kept(self, rep: Rep, now: datetime) -> KeptCart | None:
        """What this rep left to Lightspeed last, as long as no other cart was begun since."""
        begun_since = Sale.everywhere.filter(rep=rep, started_at__gt=OuterRef("kept_at"))
        kept = self.filter(rep=rep, kept_at__gt=now - DONE_SHOWS_FOR)
        kept = kept.exclude(state__in=[KeptCart.State.REOPENED, KeptCart.State.GIVEN_UP])
        return kept.exclude(Exists(begun_since)).order_by("-kept_at").first()


class KeptCart(Owned):
    """A cart that was left to Lightspeed as an open sale. Its `sale` changes no more until then.

    Everything that is done about it there is told by `state` before it is done. Nothing is ever
    completed or charged by us: whoever completes it there is not one of us.
    """

    class Kind(models.TextChoices):
        TILL = "till", _("for the till")
        QUOTE = "quote", _("quote")

    class State(models.TextChoices):
        WRITING = "writing", _("being written")  # may be in Lightspeed or not
        THERE = "there", _("in Lightspeed")
        WANTED_BACK = "wanted back", _("being taken back")  # is being archived there
        GIVING_UP = "giving up", _("being given up")  # the same, for nobody
        GONE = "gone", _("gone")  # others have archived or voided it there
        HERE = "here", _("back here")  # archived there; not a cart again yet
        REOPENED = "reopened", _("a cart again")
        GIVEN_UP = "given up", _("given up")
        FINISHED = "finished", _("finished")  # others have completed it there

        @classmethod
        def at_work(cls) -> list[str]:
            return [cls.WRITING, cls.WANTED_BACK, cls.GIVING_UP]

        @classmethod
        def may_be_taken_back(cls) -> list[str]:
            return [cls.WRITING, cls.THERE, cls.GONE]

        @classmethod
        def here(cls) -> list[str]:
            return [cls.HERE, cls.GIVEN_UP]

        @classmethod
        def live(cls) -> list[str]:
            return [*cls.at_work(), cls.THERE, cls.GONE, cls.HERE]

    class Trouble(models.TextChoices):
        """Why the last try came to nothing."""

        SILENT = "silent", _("Lightspeed does not answer. We keep trying.")
        FORBIDDEN = "forbidden", _("Lightspeed does not let you do this: ask a manager.")
        SIGNED_OUT = "signed out", _("Nobody is signed in to Lightspeed. Sign in; we keep trying.")
        REFUSED = "refused", _("Lightspeed refuses it.")
        BEING_PAID = "being paid", _("It is being paid there. Charge nothing for it here.")

    class Change(models.TextChoices):
        LINES = "lines", _("items or prices")
        CUSTOMER = "customer", _("customer")
        TAXES = "taxes", _("taxes")
        TOTAL = "total", _("total")

    account = models.ForeignKey(Account, models.CASCADE, related_name="kept_carts")
    sale = models.ForeignKey(Sale, models.CASCADE, related_name="keepings")
    rep = models.ForeignKey(Rep, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    # Quoted aloud, and written into the sale's note in Lightspeed.
    code = models.CharField(max_length=CODE_LENGTH)
    state = models.CharField(max_length=16, choices=State.choices, default=State.WRITING)
    kept_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(default=clock.now)
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=16, choices=Trouble.choices, blank=True)
    said = models.TextField(blank=True)  # by Lightspeed, of the trouble
    # The open sale, as it was last seen.
    draft = models.ForeignKey(Draft, models.PROTECT, null=True, related_name="+")
    ticket_number = models.CharField(max_length=32, blank=True)
    # Lightspeed's, as it was left there and as it was last seen.
    total = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    total_there = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    # Where it is not what was left there: codes of `Change`.
    changes: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    looked_at = models.DateTimeField(null=True)
    quote_lightspeed_id = models.BigIntegerField(null=True)
    # Who wants it back, or does not want it any more.
    wanted_by = models.ForeignKey(Rep, models.PROTECT, null=True, related_name="+")

    objects = OwnedManager.from_queryset(KeptCartQuerySet)()
    everywhere = models.Manager.from_queryset(KeptCartQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "code"],
                name="one_kept_cart_a_code",
                condition=~Q(state__in=["reopened", "given up", "finished"]),
            ),
            models.UniqueConstraint(
                fields=["sale"],
                name="a_cart_is_kept_once",
                condition=~Q(state__in=["reopened", "given up", "finished"]),
            ),
        ]
        indexes = [
            models.Index(fields=["account", "kind", "-kept_at"], name="kept_carts"),
            models.Index(
                fields=["due_at"],
                name="kept_carts_at_work",
                condition=Q(state__in=["writing", "wanted back", "giving up"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}: {self.state}"

    @staticmethod
    def unused_code(account: Account) -> str:
        live = account.kept_carts.filter(state__in=KeptCart.State.live())
        while True:
            code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
            if not live.filter(code=code).exists():
                return code

    # --- What a rep asks for -----------------------------------------------------------

    def want_back(self, rep: Rep) -> bool:
        """False where it is at its end, or somebody was faster."""
        return self._ask(self.State.WANTED_BACK, rep)

    def want_no_more(self, rep: Rep) -> bool:
        return self._ask(self.State.GIVING_UP, rep)

    def _ask(self, state: State, rep: Rep) -> bool:
        return self._move(
            self.State.may_be_taken_back(),
            state=state,
            wanted_by=rep,
            due_at=clock.now(),
            **_NO_TROUBLE,
        )

    # --- What is seen of it in Lightspeed ----------------------------------------------

    def be_there(self, draft: Draft) -> None:
        """It is this open sale there."""
        Draft.everywhere.filter(pk=draft.pk).update(kept_since=clock.now())
        self._note(draft=draft, total=draft.total if self.total is None else self.total)
        self._move([self.State.WRITING], state=self.State.THERE, **_NO_TROUBLE)

    def be_quote(self, quote_id: int) -> None:
        self._note(quote_lightspeed_id=quote_id)

    def follow(self, sale_id: int) -> None:
        """The sale of a quote has become another one."""
        if self.draft and self.draft.sale_lightspeed_id != sale_id:
            self.draft.sale_lightspeed_id = sale_id
            self.draft.save(update_fields=["sale_lightspeed_id"])

    def see(self, sale: records.Sale) -> None:
        """As it is now; `state` is told by other means."""
        is_being_paid = sale.live_payments and not sale.completed
        self._note(
            ticket_number=sale.ticket_number[:32],
            total_there=to_cents(sale.calc_total),
            changes=changes_of(self, sale),
            trouble=self.Trouble.BEING_PAID if is_being_paid else "",
            said="",
            looked_at=clock.now(),
        )

    def finish(self) -> None:
        """Others have completed it."""
        self._move(self.State.live(), state=self.State.FINISHED, **_NO_TROUBLE)

    def be_gone(self) -> None:
        self._move([self.State.THERE], state=self.State.GONE)

    def stay(self) -> None:
        """It has payments there, so that nobody takes it back."""
        wanted = [self.State.WANTED_BACK, self.State.GIVING_UP]
        self._move(wanted, state=self.State.THERE, trouble=self.Trouble.BEING_PAID, said="")

    def be_back(self) -> bool:
        """It is open in Lightspeed no more."""
        return self._move([self.State.WANTED_BACK], state=self.State.HERE, **_NO_TROUBLE)

    def be_reopened(self) -> bool:
        return self._move(self.State.here(), state=self.State.REOPENED)

    def be_given_up(self) -> bool:
        return self._move([self.State.GIVING_UP], state=self.State.GIVEN_UP, **_NO_TROUBLE)

    def fail(self, error: errors.LightspeedError) -> None:
        """This try came to nothing, as far as is known. There will be another."""
        pause = min(TRY_AGAIN_AFTER * 2 ** min(self.tries, 10), LONGEST_PAUSE)
        self._move(
            self.State.at_work(),
            tries=self.tries + 1,
            due_at=clock.now() + pause,
            trouble=_trouble(error),
            said=error.message if isinstance(error, errors.Rejected) else "",
        )

    def _note(self, **change: object) -> None:
        KeptCart.everywhere.filter(pk=self.pk).update(**change)
        for name, value in change.items():
            setattr(self, name, value)

    def _move(self, seen: Sequence[str], **change: object) -> bool:
        change |= {"changed_at": clock.now()} if "state" in change else {}
        moved = KeptCart.everywhere.filter(pk=self.pk, state__in=seen).update(**change)
        if moved:
            for name, value in change.items():
                setattr(self, name, value)
        return bool(moved)

    # --- What people are told ----------------------------------------------------------

    @property
    def sale_lightspeed_id(self) -> int:
        """0 as long as none is known."""
        return (self.draft and self.draft.sale_lightspeed_id) or 0

    @property
    def is_quote(self) -> bool:
        return self.kind == self.Kind.QUOTE

    @property
    def is_at_work(self) -> bool:
        return self.state in self.State.at_work()

    @property
    def is_live(self) -> bool:
        return self.state in self.State.live()

    @property
    def stands(self) -> bool:
        """Whether its slip is good: to pay it at a till, or as the offer that it is."""
        at_the_till = self.state in [self.State.WRITING, self.State.THERE]
        return self.is_live if self.is_quote else at_the_till

    @property
    def may_be_taken_back(self) -> bool:
        return self.state in self.State.may_be_taken_back()

    @property
    def may_be_reopened(self) -> bool:
        return self.state in self.State.here()

    @property
    def total_left(self) -> Decimal:
        """What it came to when it was left there: Lightspeed's, as soon as it has told it."""
        return self.sale.running_total if self.total is None else self.total

    @property
    def total_told(self) -> Decimal:
        """What it comes to now, so far as is known."""
        return self.total_left if self.total_there is None else self.total_there

    @property
    def number(self) -> str:
        """What a quote is called by: Lightspeed's number as soon as it has one."""
        return str(self.quote_lightspeed_id or self.code)

    @property
    def change_words(self) -> list[StrOrPromise]:
        return [self.Change(code).label for code in self.changes]

    @property
    def trouble_words(self) -> StrOrPromise:
        return self.Trouble(self.trouble).label if self.trouble else ""


def changes_of(kept: KeptCart, sale: records.Sale) -> list[str]:
    """Codes of `Change`. Who sells it, and where, is the till's business."""
    cart, change = kept.sale.as_draft(), KeptCart.Change
    is_so = {
        change.LINES: not same_lines(cart, sale),
        change.CUSTOMER: sale.customer_id != (cart.customer_id or 0),
        change.TAXES: sale.tax_category_id != cart.tax_category_id,
        change.TOTAL: kept.total is not None and kept.total != to_cents(sale.calc_total),
    }
    return [str(each.value) for each, found in is_so.items() if found]


_NO_TROUBLE = {"tries": 0, "trouble": "", "said": ""}


def _trouble(error: errors.LightspeedError) -> KeptCart.Trouble:
    match error:
        case errors.Forbidden():
            return KeptCart.Trouble.FORBIDDEN
        case errors.SignInLost():
            return KeptCart.Trouble.SIGNED_OUT
        case errors.Rejected():
            return KeptCart.Trouble.REFUSED
    return KeptCart.Trouble.SILENT
