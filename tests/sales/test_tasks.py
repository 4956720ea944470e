"""What the worker does for carts by itself."""

from datetime import timedelta
from uuid import uuid4

from salesfloor.sales import tasks
from salesfloor.sales.models import Action
from salesfloor.staff import clock


def test_forms_sent_long_ago_are_forgotten_and_late_ones_kept(account):
    old = clock.now() - timedelta(days=31)
    account.actions.create(action_id=uuid4(), done_at=old)
    late = account.actions.create(action_id=uuid4(), done_at=old + timedelta(days=2))
    tasks.forget_old_actions.call_local()
    assert list(Action.everywhere.all()) == [late]
