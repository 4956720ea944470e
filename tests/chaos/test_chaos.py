"""Sales through every trouble on the suite's database; `make chaos SALES=10000` sells more."""

import os
import subprocess
import sys

SEED = os.environ.get("CHAOS_SEED", "1")
# Fewer where the rest of the money's tests run a second time.
SALES = {"sqlite": 500, "postgres": 200}


def test_nothing_is_lost_doubled_a_cent_off_or_wrong_without_a_word():
    url = os.environ.get("DATABASE_URL", "")
    database = "postgres" if url.startswith("postgres") else "sqlite"
    command = [sys.executable, "-m", "tests.chaos", "--sales", str(SALES[database])]
    done = subprocess.run(
        [*command, "--seed", SEED, "--database", database],
        capture_output=True,
        text=True,
        timeout=1200,
    )
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
