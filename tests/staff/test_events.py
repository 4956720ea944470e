"""What managers did about money stays as it was written."""

import pytest
from django.db import DatabaseError, transaction

from salesfloor.staff.models import Event


@pytest.fixture
def event(manager):
    return manager.account.events.create(
        rep=manager, act="acknowledged", reference="SF-1", amount="11.49", note="Voided at the till"
    )


def test_event_cannot_be_changed(event):
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Event.everywhere.filter(pk=event.pk).update(note="")
    event.refresh_from_db()
    assert event.note == "Voided at the till"


def test_event_cannot_be_deleted(event):
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        event.delete()
    assert Event.everywhere.count() == 1
