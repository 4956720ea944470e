"""The number on a receipt, which its barcode says too.

>>> sale_id_of("220000000107")
107
"""

import re

_TICKET = re.compile(r"22([0-9]{10})")


def sale_id_of(ticket_number: str) -> int | None:
    """Lightspeed's id of the sale; None for what cannot be a ticket number."""
    found = _TICKET.fullmatch(ticket_number.strip())
    return int(found[1]) if found else None
