"""Why something a rep asked for was not done, in words for the rep. Nothing was changed by it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """`status` is the HTTP status of the answer, `kind` how loudly it is told."""

    status = 422
    kind = "error"
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


class TotalDiffers(Refused):
    status = 409
    kind = "warning"


class Away(Refused):
    """Lightspeed gave no price. Nothing was charged."""

    status = 503
