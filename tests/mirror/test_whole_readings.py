"""Everything is read once more now and then: for what went without a word, or changed unnoticed."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from salesfloor.catalog import search
from salesfloor.catalog.models import Item
from salesfloor.mirror.models import Feed
from salesfloor.mirror.sync import WHOLE_EVERY, compare_everything, sync
from salesfloor.staff import clock
from salesfloor.staff.models import Account
from tests.mirror.comparison import differences, told
from tests.mirror.conftest import SMALL
from tests.mirror.test_sync import Killed, calls
from tests.mirror.test_views import signed_in
from tests.simulator.running import RunningSimulator


@pytest.fixture
def synced(account: Account, simulator: RunningSimulator) -> Account:
    sync(account)
    return account


def forgotten(account: Account, lightspeed_id: int) -> Item:
    """Mirrored once, and there no more."""
    item: Item = account.items.create(lightspeed_id=lightspeed_id, description="Vanished boot")
    search.index([item])
    return item


def test_item_that_lightspeed_lists_no_more_is_sold_no_more(
    synced: Account, simulator: RunningSimulator
) -> None:
    simulator.put({"Item": [{"itemID": 10**5, "description": "Far boot"}]})
    # Before another, and after the last.
    items = [forgotten(synced, key) for key in (SMALL + 7, 10**6)]
    compare_everything(synced)
    sync(synced)
    shop = synced.shops.earliest("pk")
    assert synced.items.search("vanished", shop=shop) == []
    assert not synced.items.filter(pk__in=[item.pk for item in items], archived=False).exists()
    assert not (found := differences(synced, simulator)), told(found)


def test_tag_renamed_at_lightspeed_is_renamed_here(
    synced: Account, simulator: RunningSimulator
) -> None:
    """Items do not change by it, as far as Lightspeed says."""
    owner = simulator.client()
    item = synced.items.filter(archived=False).exclude(tags="").earliest("pk")
    tag = next(tag for tag in owner.records("Tag") if tag["name"] in item.tags.split(", "))
    owner.put(f"Tag/{tag['tagID']}", {"name": "quxware"})
    compare_everything(synced)
    sync(synced)
    item.refresh_from_db()
    assert "quxware" in item.tags
    found = synced.items.search("quxware", shop=synced.shops.earliest("pk"), count=200)
    assert item.pk in {each.pk for each in found}


def test_customer_that_was_merged_away_is_offered_no_more(
    synced: Account, simulator: RunningSimulator
) -> None:
    customer = synced.customers.create(lightspeed_id=10**6, first_name="Merged", last_name="Away")
    compare_everything(synced)
    sync(synced)
    customer.refresh_from_db()
    assert customer.archived


def test_everything_is_read_once_a_week_and_costs_what_its_pages_cost(
    synced: Account, simulator: RunningSimulator
) -> None:
    before = calls(simulator, "Item")
    sync(synced)
    assert calls(simulator, "Item") == before
    then = clock.now() - WHOLE_EVERY
    Feed.everywhere.filter(account=synced).update(finished_at=then)
    sync(synced)
    assert calls(simulator, "Item") == before + 3
    sync(synced)
    assert calls(simulator, "Item") == before + 3
    due_at = synced.feeds.get(name="items").whole_due_at
    assert due_at - clock.now() > WHOLE_EVERY - timedelta(minutes=5)


def test_whole_reading_killed_between_two_pages_goes_on_there(
    synced: Account, simulator: RunningSimulator, monkeypatch: Any
) -> None:
    gone = forgotten(synced, SMALL + 7)
    compare_everything(synced)
    from salesfloor.mirror import sync as module

    passed_over = module._archive_passed_over

    def die(kind: Any, feed: Any, *args: Any, **options: Any) -> None:
        if feed.whole_past:
            raise Killed
        passed_over(kind, feed, *args, **options)

    monkeypatch.setattr(module, "_archive_passed_over", die)
    with pytest.raises(Killed):
        sync(synced)
    monkeypatch.undo()
    before = calls(simulator, "Item")
    sync(synced)
    gone.refresh_from_db()
    assert gone.archived
    assert calls(simulator, "Item") == before + 2
    assert not (found := differences(synced, simulator)), told(found)


def test_whole_reading_that_fails_stops_no_changes(
    synced: Account, simulator: RunningSimulator
) -> None:
    compare_everything(synced)
    simulator.fault("Item", "malformed_json", times=9)
    sync(synced)
    simulator.clear_faults()
    feed = synced.feeds.get(name="items")
    assert (feed.trouble, feed.retry_at) == ("", None)
    assert clock.now() < feed.whole_due_at < clock.now() + timedelta(hours=2)


def test_manager_can_have_everything_compared(
    client: Client, synced: Account, simulator: RunningSimulator
) -> None:
    gone = forgotten(synced, SMALL + 7)
    page = signed_in(client, synced.reps.get()).get("/connection/").content.decode()
    assert "Compare everything" in page
    client.post("/connection/again/", {"whole": "1"})
    sync(synced)
    gone.refresh_from_db()
    assert gone.archived
