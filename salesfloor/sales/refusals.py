"""Why something a rep asked for was not done, in words for the rep. Nothing was changed by it."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from salesfloor.lightspeed import errors


class Refused(Exception):
    """`status` is the HTTP status of the answer, `kind` how loudly it is told.

    `by_sign_in`: signing in to Lightspeed once more puts it right, so a link to that stands by.
    """

    status = 422
    kind = "error"
    by_sign_in = False
    text: str | Promise = ""

    def __init__(self, text: str | Promise | None = None) -> None:
        super().__init__(text or self.text)
        self.text = text or self.text


class AlreadyDone(Refused):
    """The same form came twice; what it asked for has been done."""

    status = 200
    kind = ""


class CartChanged(Refused):
    status = 409
    kind = "warning"
    text = _("The cart has changed meanwhile. Nothing was done: look at it and tap again.")


class BeingPaid(Refused):
    status = 409
    kind = "warning"
    text = _("This cart is being paid. Finish the payment first.")


class BeingPriced(Refused):
    """The same tap came before, and is still waiting for Lightspeed."""

    status = 409
    kind = "info"
    text = _("Lightspeed is being asked for the total. One moment, then look at the cart.")


class BeingGivenBack(Refused):
    status = 409
    kind = "warning"
    text = _(
        "It is not known yet whether the card got its money back. Take nothing more for this cart: "
        "we are checking."
    )


class TotalDiffers(Refused):
    status = 409
    kind = "warning"
    text = _("Lightspeed's total is not what the screen showed. Nothing was taken: look again.")


class Away(Refused):
    """Lightspeed gave no price. Nothing was charged."""

    status = 503


class SignedOut(Away):
    by_sign_in = True
    text = _("You are signed out of Lightspeed. Nothing was charged: sign in and tap again.")


class Unpriced(StrEnum):
    """Why a payment that was wanted did not begin. Nothing was taken."""

    SILENT = "silent"
    SIGNED_OUT = "signed_out"
    FORBIDDEN = "forbidden"
    BUSY = "busy"
    REJECTED = "rejected"
    DIFFERS = "differs"
    LINE_DIFFERS = "line_differs"
    CHANGED_THERE = "changed_there"
    SOLD_THERE = "sold_there"
    LEFT_OUT = "left_out"
    TOO_LITTLE = "too_little"
    OVER_LIMIT = "over_limit"
    GONE_ACCOUNT = "gone_account"
    NOT_KEPT = "not_kept"
    ADDRESS_LEFT_OUT = "address_left_out"
    BROKEN = "broken"
    # Lightspeed is away, and a manager's leave to do without it does not reach so far.
    BEYOND_LEAVE = "beyond_leave"
    ENOUGH_WAITS = "enough_waits"
    NEEDS_LIGHTSPEED = "needs_lightspeed"
    MAY_BE_SOLD = "may_be_sold"

    @classmethod
    def by(cls, error: errors.LightspeedError) -> "Unpriced":
        match error:
            case errors.SignInLost():
                return cls.SIGNED_OUT
            case errors.Forbidden():
                return cls.FORBIDDEN
            case errors.RateLimited():
                return cls.BUSY
            case errors.Rejected():
                return cls.REJECTED
        return cls.SILENT

    @property
    def is_away(self) -> bool:
        """Whether Lightspeed could not answer, rather than would not."""
        return self in (self.SILENT, self.BUSY)

    def told(self, detail: str) -> Refused:
        match self:
            case self.DIFFERS:
                return TotalDiffers()
            case self.LINE_DIFFERS:
                return TotalDiffers(_LINE_DIFFERS % {"item": detail})
            case self.CHANGED_THERE:
                return TotalDiffers(
                    _("Somebody changed this sale in Lightspeed. Nothing was taken: tap again.")
                )
            case self.SOLD_THERE:
                return TotalDiffers(_SOLD_THERE % {"ticket": detail})
            case self.LEFT_OUT:
                return Refused(_LEFT_OUT % {"item": detail})
            case self.TOO_LITTLE:
                return Refused(_TOO_LITTLE % {"available": detail})
            case self.OVER_LIMIT:
                return Refused(_OVER_LIMIT % {"available": detail})
            case self.GONE_ACCOUNT:
                return Refused(_GONE_ACCOUNT)
            case self.ADDRESS_LEFT_OUT:
                return Refused(
                    _(
                        "Lightspeed did not take the address to ship to. Nothing was charged: "
                        "change it, or take it off the cart."
                    )
                )
            case self.NOT_KEPT:
                return Refused(_NOT_KEPT % {"item": detail})
            case self.SIGNED_OUT:
                return SignedOut()
            case self.REJECTED:
                return Away(_REJECTED % {"said": detail})
        return Away(_AWAY[self])


_LINE_DIFFERS = _(
    "Lightspeed prices %(item)s differently, so the total has changed. "
    "Nothing was taken: look again."
)
_SOLD_THERE = _(
    "This cart has been paid already: it is ticket %(ticket)s in Lightspeed. Do not charge again. "
    "Nothing was taken now: empty the cart."
)
_LEFT_OUT = _(
    "Lightspeed does not take %(item)s back: perhaps it was returned at a till meanwhile. Nothing "
    "was given back or charged: take the line out, or ask a manager."
)
_TOO_LITTLE = _(
    "There is only %(available)s left on it now. Nothing was charged: take a part from it, or pay "
    "in another way."
)
_OVER_LIMIT = _(
    "No more than %(available)s may go on this account now. Nothing was charged: put a part on it, "
    "or pay in another way."
)
_GONE_ACCOUNT = _(
    "Lightspeed does not have this card or account for this customer any more. Nothing was "
    "charged: look it up again, or pay in another way."
)
_NOT_KEPT = _(
    "%(item)s is not kept for this customer any more as it was: perhaps it was picked up or "
    "cancelled at a till. Nothing was charged: take the line out, or look at what is kept."
)
_REJECTED = _("Lightspeed refused this cart. Nothing was charged. It said: %(said)s")
_AWAY: dict[Unpriced, Promise] = {
    Unpriced.SILENT: _(
        "Lightspeed did not answer. Nothing was charged and the cart is kept: tap again. If it "
        "stays so, a manager can allow to sell without it."
    ),
    Unpriced.FORBIDDEN: _("Lightspeed does not let you sell. Nothing was charged: ask a manager."),
    Unpriced.BUSY: _(
        "Lightspeed is busy with this shop. Nothing was charged: tap again in a moment."
    ),
    Unpriced.BEYOND_LEAVE: _(
        "Lightspeed is away, and this is more than a manager allows for a sale without it. Nothing "
        "was charged and the cart is kept: tap again later, or ask a manager."
    ),
    Unpriced.ENOUGH_WAITS: _(
        "Lightspeed is away, and as much waits for it as a manager allows. Nothing was charged and "
        "the cart is kept: tap again later, or ask a manager."
    ),
    Unpriced.NEEDS_LIGHTSPEED: _(
        "Lightspeed is away, and some things cannot be done without it: returns, pick-ups, gift "
        "cards, customers' accounts, prices that include tax. Nothing was charged; the cart is "
        "kept."
    ),
    Unpriced.MAY_BE_SOLD: _(
        "This cart is from before an older copy of the database was restored, and may have been "
        "paid since: only Lightspeed can tell, and it is away. Nothing was charged now; the cart "
        "is kept."
    ),
    Unpriced.BROKEN: _(
        "salesfloor failed at asking for the total. Nothing was charged: tap again, and tell a "
        "manager if that does not help."
    ),
}
