"""A cart that is back from Lightspeed goes into the hands of the rep who wanted it, if free."""

from django.db import transaction
from django.utils.translation import gettext as _

from salesfloor.elsewhere.models import KeptCart
from salesfloor.sales.models import Sale
from salesfloor.sales.refusals import CartChanged, Refused
from salesfloor.staff.models import Rep


def reopen(rep: Rep, kept: KeptCart) -> None:
    """Raises Refused where the rep is not free, or somebody was faster."""
    with transaction.atomic():
        make_free(rep)
        if not kept.be_reopened():
            raise CartChanged
        kept.sale.reopen(rep)


def make_free(rep: Rep) -> None:
    """In the caller's transaction: an empty cart is let go. Raises Refused where it is not."""
    if not rep.is_at_a_register:
        raise Refused(_("Choose a register first. Nothing was changed."))
    in_hand = Sale.in_hand(rep)
    if in_hand and in_hand.has_contents:
        raise Refused(
            _("You have a cart already. Finish or empty it first; nothing was changed here.")
        )
    if in_hand:
        in_hand.abandon(in_hand.version)
