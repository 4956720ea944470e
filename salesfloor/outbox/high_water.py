"""Tells whether the database is an older copy, restored: what it says of what was sent is not all.

Beside the database, where no copy of it reaches, stand the numbers of the last attempt and of the
last restore that it has known. A database that has never heard of them is older than they are.
What is not known here, because another host sent it or this folder was restored along, cannot be
told.
"""

import os
from pathlib import Path

from django.conf import settings
from django.db.models import Max

from salesfloor.outbox.models import Attempt
from salesfloor.staff.models import Account


def raise_to(attempt: Attempt, account: Account) -> None:
    """To be called before what the attempt stands for is done."""
    attempt_pk, restore_pk = _read(account)
    _write(account, max(attempt.pk, attempt_pk), restore_pk)


def is_above(account: Account) -> bool:
    return any(
        marked > known for marked, known in zip(_read(account), _known(account), strict=True)
    )


def level_with(account: Account) -> None:
    """To be called once the restore is known."""
    _write(account, *_known(account))


def _known(account: Account) -> tuple[int, int]:
    attempts = Attempt.everywhere.filter(submission__account=account)
    newest_attempt = attempts.aggregate(newest=Max("pk"))["newest"]
    newest_restore = account.findings.of_old_copies().aggregate(newest=Max("pk"))["newest"]
    return newest_attempt or 0, newest_restore or 0


def _mark_of(account: Account) -> Path:
    folder = Path(settings.DATA_DIR) / "high-water"
    folder.mkdir(exist_ok=True)
    return folder / str(account.pk)


def _read(account: Account) -> tuple[int, int]:
    try:
        attempt_pk, restore_pk, *_ = (*map(int, _mark_of(account).read_text().split()), 0, 0)
    except (FileNotFoundError, ValueError):
        return 0, 0
    return attempt_pk, restore_pk


def _write(account: Account, attempt_pk: int, restore_pk: int) -> None:
    mark = _mark_of(account)
    written = mark.with_suffix(".new")
    written.write_text(f"{attempt_pk} {restore_pk}")
    os.replace(written, mark)
