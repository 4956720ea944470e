"""Tells the catalogue what is sold or in carts, and not yet off Lightspeed's count."""

from collections.abc import Collection, Iterator

from django.db import connection

from salesfloor.catalog.claims import Claim
from salesfloor.sales.models import Sale, SaleLine
from salesfloor.staff import clock


def claims(account_pk: int, item_pks: Collection[int]) -> Iterator[Claim]:
    """On these items, by shops and carts."""
    keys = _marked(item_pks)
    if not keys:
        return
    lines = SaleLine.everywhere.claiming(clock.now())
    found = lines.filter(sale__account=account_pk, pk__in=keys).order_by("pk")
    for item_pk, shop_pk, units, state, rep_pk, first_name, last_name in found.values_list(
        *("item", "sale__register__shop", "unit_quantity", "sale__state", "sale__rep"),
        *("sale__rep__employee__first_name", "sale__rep__employee__last_name"),
    ):
        if state == Sale.State.PAID:
            yield Claim(item_pk=item_pk, shop_pk=shop_pk, units=units)
        else:
            holder = first_name or last_name
            yield Claim(item_pk=item_pk, shop_pk=shop_pk, units=units, rep_pk=rep_pk, holder=holder)


def _marked(item_pks: Collection[int]) -> list[int]:
    """Mostly there are none, and then all else would be asked for in vain: by Django, who takes
    longer to put it together than the database to answer."""
    places = ", ".join(["%s"] * len(item_pks))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM sales_saleline"  # noqa: S608 (no values)
            f" WHERE claims_stock AND item_id IN ({places})",
            [*item_pks],
        )
        return [pk for (pk,) in cursor.fetchall()]
