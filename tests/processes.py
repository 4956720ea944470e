"""Where processes that a test starts find its database, its simulator and its locks."""

import os

from django.conf import settings
from django.db import connection


def environment() -> dict[str, str]:
    """Of a worker or a web process beside the test's own."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        database = f"sqlite:///{name}"
    else:
        database = f"{os.environ['DATABASE_URL'].rsplit('/', 1)[0]}/{name}"
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "salesfloor.settings",
        "DATABASE_URL": database,
        "DATA_DIR": str(settings.DATA_DIR),
        "SIMULATOR_URL": settings.LIGHTSPEED_API_URL,
    }
