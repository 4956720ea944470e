"""A small turn of what `python -m tests.mirror.killing` does at full size."""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from salesfloor.mirror.sync import sync
from salesfloor.staff.models import Account
from tests.mirror.changes import BackOffice
from tests.mirror.comparison import differences, told
from tests.mirror.conftest import SMALL
from tests.mirror.connected import connect
from tests.mirror.killing import Killing, item_ids, read_changes
from tests.processes import environment
from tests.simulator.running import RunningSimulator


@pytest.mark.parametrize("seed", [1])
@pytest.mark.django_db(transaction=True)
def test_worker_killed_anywhere_in_a_first_sync_leaves_nothing_out(
    simulator: RunningSimulator, settings: Any, tmp_path: Path, seed: int
) -> None:
    account = connect(simulator, settings)
    simulator.settings(latency_seconds=0.05)
    pages = 3 * SMALL // 100
    killing = Killing(account, environment(), tmp_path / "worker.log", Random(seed), pages)
    assert killing.kill(3) >= 2
    killing.finish()
    assert not (found := differences(account, simulator)), told(found)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_hundred_random_changes_arrive_in_one_delta(
    account: Account, simulator: RunningSimulator, seed: int
) -> None:
    sync(account)
    BackOffice(simulator, Random(seed), item_ids(account)).make(100)
    read_changes(account)
    assert not (found := differences(account, simulator)), told(found)
