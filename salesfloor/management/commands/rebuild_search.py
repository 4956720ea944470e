"""`manage.py rebuild_search`: builds the index of items anew, aside, while everybody sells on."""

from typing import Any

from django.core.management.base import BaseCommand

from salesfloor.catalog import search
from salesfloor.staff.locks import holding
from salesfloor.staff.models import Account


class Command(BaseCommand):
    help = "Builds the index of items anew, for all accounts, while everybody sells on."

    def handle(self, *args: Any, **options: Any) -> None:
        for account in Account.objects.order_by("pk"):
            # Whoever syncs may be building it too.
            with holding(f"sync-{account.pk}", wait_seconds=120.0) as held:
                if not held:
                    self.stderr.write(f"{account}: a sync is under way; try again.")
                    continue
                search.rebuild(account)
                self.stdout.write(f"{account}: done.")
