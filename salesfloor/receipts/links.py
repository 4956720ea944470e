"""Links to a receipt that its customer takes along: signed, for some days, and naming no row."""

import time
from io import BytesIO

import segno
from django.conf import settings
from django.core.cache import cache
from django.core.signing import BadSignature, TimestampSigner
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from salesfloor.sales.models import Sale
from salesfloor.staff.models import Account

_signer = TimestampSigner(sep=".", salt="salesfloor.receipts.links")

# More from one address within a minute are of a machine that tries tokens.
OPENED_A_MINUTE = 60


def token_of(sale: Sale) -> str:
    """Another one each second; each is good for `RECEIPT_LINK_FOR` from now on."""
    return _signer.sign(sale.reference)


def sale_of(token: str) -> Sale | None:
    """None for a token that is not ours, is over, or whose sale has no receipt any more."""
    try:
        reference = _signer.unsign(token, max_age=settings.RECEIPT_LINK_FOR)
    except BadSignature:
        return None
    account = accounts_with(reference).first()
    if account is None:
        return None
    found = account.sales.paid().select_related("tax_category").filter(reference=reference)
    sale: Sale | None = found.first()
    return sale


def accounts_with(reference: str) -> QuerySet[Account]:
    """References are indexed below their account: looked up there, not among all sales."""
    sales = Sale.everywhere.filter(account=OuterRef("pk"), reference=reference)
    return Account.objects.filter(Exists(sales))


def qr_of(sale: Sale) -> bytes:
    """The link as SVG, black on white with the margin that cameras need."""
    path = reverse("receipts:taken_away", args=[token_of(sale)])
    drawn = BytesIO()
    code = segno.make(f"{settings.SITE_URL}{path}", error="m", micro=False)
    code.save(drawn, kind="svg", xmldecl=False, omitsize=True, light="#fff", border=4)
    return drawn.getvalue()


def is_too_much(address: str) -> bool:
    """Whether a client has opened more links than people do. Counts this one."""
    key = f"receipt-links-{address}-{int(time.time()) // 60}"
    cache.add(key, 0, timeout=120)
    try:
        return cache.incr(key) > OPENED_A_MINUTE
    except ValueError:  # gone from the cache at this moment
        return False
