"""Static files that are sent as one: what each of them is made of, in this order.

A page waits for every file that it asks for. The selling screen asks for one sheet of styles and
two scripts, while there is still a file for each subject to read and to change.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage

BUNDLES = {
    "css/selling.css": (
        *("css/base.css", "css/sell.css", "css/offers.css", "css/customer.css"),
        *("css/stored.css", "css/elsewhere.css", "css/shelf.css"),
    ),
    "js/page.js": ("django_htmx/htmx-2.min.js", "js/base.js"),
    "js/selling.js": ("js/scanner.js", "js/sell.js", "js/customer.js", "js/shelf.js"),
}


class BundleFinder(finders.BaseFinder):
    """Makes the bundles when they are looked for, so that `collectstatic` takes them along."""

    def __init__(self) -> None:
        self.storage = FileSystemStorage(location=settings.DATA_DIR / "bundles")

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = [self._made(path)] if path in BUNDLES else []
        return found if find_all else next(iter(found), None)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        for name in BUNDLES:
            self._made(name)
            yield name, self.storage

    def _made(self, name: str) -> str:
        whole = b"\n".join(map(_content, BUNDLES[name]))
        bundle = Path(self.storage.path(name))
        if not bundle.exists() or bundle.read_bytes() != whole:  # else it is as new as its copy
            bundle.parent.mkdir(parents=True, exist_ok=True)
            bundle.write_bytes(whole)
        return str(bundle)


def _content(part: str) -> bytes:
    path = finders.find(part)
    if path is None:
        raise FileNotFoundError(part)
    return Path(path).read_bytes()
