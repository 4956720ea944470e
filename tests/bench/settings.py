"""The app's own settings, and the bench's bare view beside its pages."""

from salesfloor.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.floor"
