"""Tells whether the database is an old copy, restored: what it says of what was sent is not all.

Beside the database, where no copy of it reaches, stands the number of the last attempt that was
journalled here. A database that has never heard of that one is older than it. What is not known
here, because another host sent it or this folder was restored along, cannot be told.
"""

import os
from pathlib import Path

from django.conf import settings

from salesfloor.outbox.models import Attempt
from salesfloor.staff.models import Account


def raise_to(attempt: Attempt, account: Account) -> None:
    """To be called before what the attempt stands for is done."""
    mark = _mark_of(account)
    written = mark.with_suffix(".new")
    written.write_text(str(max(attempt.pk, _read(mark))))
    os.replace(written, mark)


def is_above_journal_of(account: Account) -> bool:
    attempts = Attempt.everywhere.filter(submission__account=account)
    newest = attempts.order_by("-pk").values_list("pk", flat=True).first() or 0
    return _read(_mark_of(account)) > newest


def _mark_of(account: Account) -> Path:
    folder = Path(settings.DATA_DIR) / "high-water"
    folder.mkdir(exist_ok=True)
    return folder / str(account.pk)


def _read(mark: Path) -> int:
    try:
        return int(mark.read_text())
    except (FileNotFoundError, ValueError):
        return 0
