"""A worker that is killed again and again in a first sync, and what its mirror comes to.

`python -m tests.mirror.killing --items 20000 --kills 50 --changes 1000 --seed 1` does it at full
size, in a folder of its own: SIGKILL at so many random moments, then so many random changes at
Lightspeed and one delta; each time the mirror has to equal Lightspeed field by field. Ends with 1
where it does not. `test_killing.py` does it small, with the other tests.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salesfloor.staff.models import Account
    from tests.simulator.running import RunningSimulator

ROOT = Path(__file__).resolve().parents[2]
# Of one page: within this it is fetched, saved and committed, so any moment of it may be hit.
A_PAGE_SECONDS = 0.15
# Longer than it takes to index 20,000 items, in which no rows come.
NO_PROGRESS_SECONDS = 300.0


@dataclass
class Killing:
    """Kills workers of an account that has only just been connected."""

    account: "Account"
    environment: Mapping[str, str]
    log: Path
    dice: Random
    pages: int
    """About how many the first sync has."""

    def kill(self, times: int) -> int:
        """How often it came to that before all was copied."""
        pages_a_life = max(1, 2 * self.pages // (times + times // 10 + 1))
        for done in range(times):
            worker = self.start()
            try:
                self._wait_for_rows(100 * self.dice.randint(0, pages_a_life))
                time.sleep(self.dice.random() * A_PAGE_SECONDS)
            finally:
                worker.send_signal(signal.SIGKILL)
                worker.wait()
            if self.is_finished():
                return done
        return times

    def finish(self) -> None:
        """Let a worker live until all has come."""
        worker = self.start()
        try:
            until(self.is_finished, self.rows)
        finally:
            worker.send_signal(signal.SIGINT)  # finish the task, and end
            worker.wait(60)

    def start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "manage.py", "run_huey", "--quiet"],
                cwd=ROOT,
                env=dict(self.environment),
                stdout=log,
                stderr=log,
            )

    def is_finished(self) -> bool:
        from salesfloor.mirror.feeds import KINDS

        return self.account.feeds.exclude(finished_at=None).count() == len(KINDS)

    def rows(self) -> int:
        return sum(self.account.feeds.values_list("rows_done", flat=True))

    def _wait_for_rows(self, more: int) -> None:
        before = self.rows()
        until(lambda: self.rows() > before + more or self.is_finished(), self.rows)


def until(has_come: Callable[[], bool], rows: Callable[[], int]) -> None:
    """Fails where nothing more is copied for long."""
    seen, seen_at = rows(), time.monotonic()
    while not has_come():
        time.sleep(0.005)
        if (now := rows()) != seen:
            seen, seen_at = now, time.monotonic()
        assert time.monotonic() - seen_at < NO_PROGRESS_SECONDS, f"nothing comes after {seen} rows"


def read_changes(account: "Account") -> None:
    """One delta of all kinds, however many tasks it takes."""
    from salesfloor.mirror.sync import sync

    account.feeds.update(last_run_at=None)  # so that each is due
    while sync(account):
        pass


def item_ids(account: "Account") -> list[int]:
    return list(account.items.order_by("pk").values_list("lightspeed_id", flat=True))


def prove(simulator: "RunningSimulator", data: Path, asked: argparse.Namespace) -> bool:
    """Django has been set up over an empty database."""
    from django.conf import settings

    from tests.mirror.changes import BackOffice
    from tests.mirror.comparison import differences, told
    from tests.mirror.connected import connect
    from tests.processes import environment

    dice = Random(asked.seed)
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {text}", flush=True)

    account = connect(simulator, settings)
    pages = 3 * asked.items // 100
    killing = Killing(account, environment(), data / "worker.log", dice, pages)
    killed = killing.kill(asked.kills)
    say(f"killed {killed} times, the last after {killing.rows():,} rows")
    killing.finish()
    say(f"all copied: {killing.rows():,} rows")
    found = differences(account, simulator)
    say(f"after the kills: {told(found)}")
    office = BackOffice(simulator, dice, item_ids(account))
    office.make(asked.changes)
    say(f"changed at Lightspeed: {dict(office.made)}")
    read_changes(account)
    say("one delta read")
    changed = differences(account, simulator)
    say(f"after the changes: {told(changed)}")
    return killed == asked.kills and not found and not changed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--changes", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    data = Path(tempfile.mkdtemp(prefix="salesfloor-killing-"))
    os.environ |= {"DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "salesfloor.settings"}
    os.environ.setdefault("LOG_LEVEL", "WARNING")

    import django

    django.setup()
    from django.core.management import call_command

    from tests.simulator import running

    call_command("migrate", verbosity=0)
    simulator = running.start("demo", items=asked.items, seed=asked.seed)
    try:
        is_right = prove(simulator, data, asked)
    finally:
        simulator.stop()
    if is_right:
        shutil.rmtree(data)
    else:
        print(f"What was left is in {data}")
    sys.exit(0 if is_right else 1)


if __name__ == "__main__":
    main()
