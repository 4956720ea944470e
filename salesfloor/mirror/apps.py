from functools import partial
from typing import Any

from django.apps import AppConfig
from django.db import transaction


class MirrorConfig(AppConfig):
    name = "salesfloor.mirror"

    def ready(self) -> None:
        from salesfloor.staff.signals import account_connected

        account_connected.connect(start_first_sync)


def start_first_sync(account: Any, **kwargs: Any) -> None:
    from salesfloor.mirror.tasks import sync_account

    transaction.on_commit(partial(sync_account, account.pk))
