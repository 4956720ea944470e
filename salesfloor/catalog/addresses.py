"""Addresses of what is shown dozens of times on a page."""

from functools import lru_cache

from django.templatetags.static import static
from django.urls import reverse


def address(view: str, pk: int) -> str:
    """Django takes longer to put an address together than SQLite to find what it is of."""
    before, after = _around_the_key(view)
    return f"{before}{pk}{after}"


@lru_cache
def _around_the_key(view: str) -> tuple[str, str]:
    before, _, after = reverse(view, args=[0]).rpartition("0")
    return before, after


@lru_cache
def no_picture() -> str:
    """The drawing that stands for an item without a picture."""
    return static("catalog/no-picture.svg")
