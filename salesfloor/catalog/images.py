"""Pictures of items, fetched from Lightspeed once and then kept on this machine's disk."""

from __future__ import annotations

import logging
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import requests
from django.conf import settings

if TYPE_CHECKING:
    from salesfloor.catalog.models import Item

logger = logging.getLogger(__name__)

LIGHTSPEEDS_HOST = "https://res.cloudinary.com"
SIZE = "w_300,h_300,c_fill"
# The types a browser may get from us as a picture, each with the suffix of its copy.
SUFFIXES = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "image/svg+xml": ".svg",
}
LARGEST_BYTES = 2 * 1024 * 1024
FETCH_SECONDS = 4.0
# A page shows dozens of pictures, and selling must find threads free beside them.
AT_ONCE = BoundedSemaphore(3)
# A picture that failed is left alone so long: a page shows dozens, and each holds a thread.
RETRY_SECONDS = 300.0


@dataclass(frozen=True)
class Picture:
    content: bytes
    content_type: str


class UnfitError(Exception):
    """What was fetched is not a picture that we would hand on."""


def picture_of(item: Item) -> Picture | None:
    """From the disk, or else from where Lightspeed keeps it; None where there is none to be had."""
    if not item.has_picture:
        return None
    folder = settings.DATA_DIR / "images" / str(item.account_id)
    stem = f"{item.pk}-{item.image_version}"
    for content_type, suffix in SUFFIXES.items():
        try:
            return Picture((folder / f"{stem}{suffix}").read_bytes(), content_type)
        except FileNotFoundError:
            continue
    if _failed_lately(folder / f"{stem}.failed"):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    if not AT_ONCE.acquire(timeout=2.0):
        return None
    try:
        picture = fetch(address(item))
    except (requests.RequestException, UnfitError) as error:
        logger.warning("no picture for item %s: %s", item.pk, error)
        _keep(folder / f"{stem}.failed", b"")
        return None
    finally:
        AT_ONCE.release()
    _keep(folder / f"{stem}{SUFFIXES[picture.content_type]}", picture.content)
    return picture


def address(item: Item) -> str:
    base = item.image_base_url.rstrip("/")
    return f"{base}/{SIZE}/{quote(item.image_public_id, safe='/')}.jpg"


def fetch(url: str) -> Picture:
    """Raises UnfitError, or what requests raises. Goes to Lightspeed's host of pictures alone."""
    parts = urlsplit(url)
    if f"{parts.scheme}://{parts.netloc}" not in _allowed_hosts():
        raise UnfitError("not at Lightspeed's host of pictures")
    deadline = time.monotonic() + FETCH_SECONDS
    with requests.get(
        url, stream=True, allow_redirects=False, timeout=(3.0, FETCH_SECONDS)
    ) as response:
        if response.status_code != 200:
            raise UnfitError(f"answered {response.status_code}")
        content_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if content_type not in SUFFIXES:
            raise UnfitError("not a picture")
        content = b""
        for chunk in response.iter_content(64 * 1024):
            content += chunk
            if len(content) > LARGEST_BYTES or time.monotonic() > deadline:
                raise UnfitError("too large or too slow")
    return Picture(content, content_type)


def _allowed_hosts() -> set[str]:
    return {LIGHTSPEEDS_HOST} | ({settings.SIMULATOR_URL} if settings.SIMULATED else set())


def _failed_lately(mark: Path) -> bool:
    try:
        return time.time() - mark.stat().st_mtime < RETRY_SECONDS
    except FileNotFoundError:
        return False


def _keep(path: Path, content: bytes) -> None:
    """Whole or not at all, whoever else writes the same."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    os.replace(file.name, path)
