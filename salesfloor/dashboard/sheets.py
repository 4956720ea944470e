"""Tables as CSV for spreadsheets, in which no text may be taken for a formula."""

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.http import HttpResponse

# What spreadsheets take for the beginning of a formula.
_BEGIN_FORMULAS = ("=", "+", "-", "@", "\t", "\r")

Cell = str | Decimal | None


def csv_response(name: str, rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    writer = csv.writer(response)
    writer.writerows([_written(cell) for cell in row] for row in rows)
    return response


def _written(cell: Cell) -> str:
    """Amounts are plain numbers, below zero too; what others wrote is kept from being run."""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_BEGIN_FORMULAS) else cell
    return "" if cell is None else format(cell, "f")
