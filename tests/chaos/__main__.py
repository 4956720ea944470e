"""Sells through everything that can go wrong, and counts what was lost or doubled.

`python -m tests.chaos --sales 10000 --seed 1 --database sqlite` (`make chaos`). Real web, worker
and simulator processes; the same seed gives the same reps and the same troubles, though not the
same moments. Ends with 1 unless nothing is lost, doubled, a cent off, or wrong without a word.
"""

import argparse
import faulthandler
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import running_postgres, running_redis
from tests.chaos import report
from tests.chaos.databases import Postgres, Sqlite
from tests.chaos.floor import Floor, running_floor
from tests.chaos.run import Run


@contextmanager
def floor_on(database: str, folder: Path) -> Iterator[Floor]:
    """SQLite with two webs and two workers on one machine's files, or PostgreSQL and Redis."""
    if database == "sqlite":
        with running_floor(folder, Sqlite(folder), webs=2, workers=2) as floor:
            yield floor
        return
    with running_postgres.running() as url, contextmanager(running_redis.served)() as redis_url:
        on_postgres = Postgres(url, folder)
        with running_floor(folder, on_postgres, webs=2, workers=2, redis_url=redis_url) as floor:
            yield floor


def in_memory() -> str | None:
    """A folder that waits for no disk: processes are killed here, machines are not."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--sales", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    asked = parser.parse_args()
    # `kill -USR1` shows where every thread is.
    faulthandler.register(signal.SIGUSR1)
    # Who gives up sends SIGTERM: then too every process has to be ended.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix="salesfloor-chaos-", dir=in_memory()))
    print(f"Seed {asked.seed}, {asked.sales} sales on {asked.database}, in {folder}", flush=True)
    with floor_on(asked.database, folder) as floor:
        run = Run(floor, asked.sales, asked.seed)
        findings = run.until_settled()
        report.tell(run, findings)
    if findings.all_is_well:
        shutil.rmtree(folder)  # else its logs and databases may tell why
    sys.exit(0 if findings.all_is_well else 1)


if __name__ == "__main__":
    main()
