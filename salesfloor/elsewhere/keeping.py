"""What reps ask for: to leave a cart to Lightspeed, to have it back, to give it up.

Nothing here waits for Lightspeed: `there` sees to it in a worker.
"""

from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from salesfloor.elsewhere import hands, tasks
from salesfloor.elsewhere.models import KeptCart
from salesfloor.sales.models import Sale
from salesfloor.sales.refusals import CartChanged, Refused
from salesfloor.staff.models import Rep


class KeptCartChanged(CartChanged):
    text = gettext_lazy("It has changed meanwhile. Nothing was done: look at it again.")


def keep(rep: Rep, sale: Sale, seen_version: int, kind: KeptCart.Kind) -> KeptCart:
    """In the caller's transaction. The rep is free for the next customer. Raises Refused."""
    if not sale.has_contents:
        raise Refused(_("The cart is empty."))
    if sale.loads:
        raise Refused(
            _("What is put on a gift card or an account is paid here. Nothing was changed.")
        )
    if sale.returned_lines:
        raise Refused(_("What comes back is taken back here. Nothing was changed."))
    if any(line.kept_lightspeed_id for line in sale.live_lines):
        raise Refused(_("What is kept for a customer is picked up here. Nothing was changed."))
    sale.keep(seen_version)
    kept: KeptCart = rep.account.kept_carts.create(
        sale=sale, rep=rep, kind=kind, code=KeptCart.unused_code(rep.account)
    )
    _nudge(kept)
    return kept


def want_back(rep: Rep, kept: KeptCart) -> None:
    """Raises Refused where the rep's hands are full, or it came to its end meanwhile."""
    with transaction.atomic():
        hands.make_free(rep)
        if not kept.want_back(rep):
            raise KeptCartChanged
        _nudge(kept)


def want_no_more(rep: Rep, kept: KeptCart) -> None:
    with transaction.atomic():
        if not kept.want_no_more(rep):
            raise KeptCartChanged
        _nudge(kept)


def _nudge(kept: KeptCart) -> None:
    transaction.on_commit(partial(tasks.bring_on, kept.pk), robust=True)
