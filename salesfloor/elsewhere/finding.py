"""Quotes found again, as a customer asks for them."""

from django.db.models import Q

from salesfloor.customers import search
from salesfloor.elsewhere.models import (
    CODE_ALPHABET,
    CODE_LENGTH,
    KeptCart,
    KeptCartQuerySet,
)
from salesfloor.lightspeed import tickets
from salesfloor.staff import clock
from salesfloor.staff.models import Rep

MOST_SHOWN = 100


def quotes(rep: Rep, query: str) -> KeptCartQuerySet:
    """Of this account by what is on them or whose they are; without a query the latest of this
    shop that stand."""
    found: KeptCartQuerySet = rep.account.kept_carts.for_work()
    if query:
        found = found.filter(_is_asked_for(rep, query), kind=KeptCart.Kind.QUOTE)
        return found.order_by("-kept_at")[:MOST_SHOWN]
    return found.to_list(KeptCart.Kind.QUOTE, rep, clock.now())[:MOST_SHOWN]


def by_number(rep: Rep, number: str) -> KeptCart | None:
    """The one of this account that is not at its end and is called so: by the ticket number of its
    open sale, the number of the quote or the code that is said at the till."""
    live = rep.account.kept_carts.filter(state__in=KeptCart.State.live())
    if tickets.sale_id_of(number):
        called = Q(ticket_number=number)
    elif len(number) == CODE_LENGTH and set(number.upper()) <= set(CODE_ALPHABET):
        called = Q(code=number.upper())
    else:
        called = Q(pk=None)
    if number.isascii() and number.isdigit() and len(number) < 19:
        called |= Q(quote_lightspeed_id=int(number))
    found: KeptCart | None = live.filter(called).first()
    return found


def _is_asked_for(rep: Rep, query: str) -> Q:
    asked = Q(code=query.upper()) | Q(sale__customer__in=search.find(rep.account, query))
    if query.isascii() and query.isdigit() and len(query) < 19:
        asked |= Q(quote_lightspeed_id=int(query))
    if tickets.sale_id_of(query):
        asked |= Q(ticket_number=query)
    return asked
