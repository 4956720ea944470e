"""Settings of the test run: the usual ones over a folder of its own."""

import os
import tempfile
from pathlib import Path

TEST_DATA = Path(tempfile.mkdtemp(prefix="salesfloor-tests-"))
os.environ["DATA_DIR"] = str(TEST_DATA)
os.environ.setdefault("LOG_LEVEL", "WARNING")

from salesfloor.settings import *  # noqa: E402, F403
from salesfloor.settings import DATABASES, MIDDLEWARE, STORAGES  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in production: one in memory locks otherwise and has no journal.
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_DATA / "test.sqlite3")}
# Static files as they are, without collecting them first.
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
}
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]
