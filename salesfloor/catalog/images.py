"""Pictures of items, fetched from Lightspeed once and then kept on this machine's disk.

What is a photograph is kept as WebP in two sizes: small for cards and lines, large for the item's
sheet. A drawing (SVG) has no size and is kept as it came.
"""

from __future__ import annotations

import io
import logging
import os
import tempfile
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import BoundedSemaphore
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import requests
from django.conf import settings
from PIL import Image, ImageOps

if TYPE_CHECKING:
    from salesfloor.catalog.models import Item

logger = logging.getLogger(__name__)

LIGHTSPEEDS_HOST = "https://res.cloudinary.com"
# Large enough for both sizes, and never larger than the original.
FETCHED = "w_1200,h_1200,c_limit"
WEBP, SVG = "image/webp", "image/svg+xml"
# What we can read, as a browser and as Pillow calls it.
READABLE = {"image/jpeg": "JPEG", "image/png": "PNG", WEBP: "WEBP"}
LARGEST_BYTES = 2 * 1024 * 1024
# Few bytes may stand for very many pixels, which all have to be held in memory.
MOST_PIXELS = 12_000_000
FETCH_SECONDS = 4.0
# A page shows dozens of pictures, and selling must find threads free beside them.
AT_ONCE = BoundedSemaphore(3)
# A picture that failed is left alone so long: a page shows dozens, and each holds a thread.
RETRY_SECONDS = 300.0
# Copies of so many items lie in one folder.
IN_A_FOLDER = 1000


class Size(StrEnum):
    CARD = "card"  # a square, cut out of the middle
    SHEET = "sheet"  # the whole picture


PIXELS = {Size.CARD: 300, Size.SHEET: 900}


@dataclass(frozen=True)
class Picture:
    content: bytes
    content_type: str


class UnfitError(Exception):
    """What was fetched is not a picture that we would hand on."""


def picture_of(item: Item, size: Size = Size.CARD) -> Picture | None:
    """From the disk, or else from where Lightspeed keeps it; None where there is none to be had."""
    if not item.has_picture:
        return None
    copies = _Copies.of(item)
    kept = copies.kept(size)
    if kept or copies.failed_lately():
        return kept
    if not AT_ONCE.acquire(timeout=2.0):
        return None
    try:
        fetched = fetch(address(item))
        pictures = {each: resized(fetched, each) for each in Size}
    except (requests.RequestException, UnfitError) as error:
        logger.warning("no picture for item %s: %s", item.pk, error)
        copies.fail()
        return None
    finally:
        AT_ONCE.release()
    copies.keep(pictures)
    return pictures[size]


def address(item: Item) -> str:
    pictured = item.pictured
    base = pictured.image_base_url.rstrip("/")
    return f"{base}/{FETCHED}/{quote(pictured.image_public_id, safe='/')}.jpg"


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
        if content_type not in READABLE and content_type != SVG:
            raise UnfitError("not a picture")
        content = b""
        for chunk in response.iter_content(64 * 1024):
            content += chunk
            if len(content) > LARGEST_BYTES or time.monotonic() > deadline:
                raise UnfitError("too large or too slow")
    return Picture(content, content_type)


def resized(picture: Picture, size: Size) -> Picture:
    """As WebP, no larger than it was; a drawing as it is. Raises UnfitError."""
    if picture.content_type == SVG:
        return picture
    try:
        return Picture(_webp(picture, PIXELS[size], square=size is Size.CARD), WEBP)
    except UnfitError:
        raise
    except Exception as error:
        # It came from outside, and Pillow documents no end to what broken files make it raise.
        raise UnfitError(f"cannot be read: {type(error).__name__}: {error}") from error


def _webp(picture: Picture, pixels: int, *, square: bool) -> bytes:
    # Pillow tries no other format than the one that the answer named.
    formats = [READABLE[picture.content_type]]
    with Image.open(io.BytesIO(picture.content), formats=formats) as image:
        if image.width * image.height > MOST_PIXELS:  # so far only its head was read
            raise UnfitError(f"{image.width} by {image.height} pixels")
        image.draft("RGB", (pixels, pixels))  # of a JPEG no more is decoded than is needed
        upright = ImageOps.exif_transpose(image)
        upright = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
        if square:
            side = min(pixels, upright.width, upright.height)
            upright = ImageOps.fit(upright, (side, side))
        else:
            upright.thumbnail((pixels, pixels))
        file = io.BytesIO()
        upright.save(file, "WEBP", quality=80)
        return file.getvalue()


def _allowed_hosts() -> set[str]:
    return {LIGHTSPEEDS_HOST} | ({settings.SIMULATOR_URL} if settings.SIMULATED else set())


@dataclass(frozen=True)
class _Copies:
    """Those of one version of one item's picture."""

    folder: Path
    item_pk: int
    version: str

    @classmethod
    def of(cls, item: Item) -> _Copies:
        folder = settings.DATA_DIR / "images" / str(item.account_id) / str(item.pk // IN_A_FOLDER)
        return cls(folder, item.pk, item.image_version)

    def kept(self, size: Size) -> Picture | None:
        for name, content_type in ((f"{size}.webp", WEBP), ("drawing.svg", SVG)):
            try:
                return Picture(self._path(name).read_bytes(), content_type)
            except FileNotFoundError:
                continue
        return None

    def keep(self, pictures: dict[Size, Picture]) -> None:
        for size, picture in pictures.items():
            is_drawing = picture.content_type == SVG
            self._write("drawing.svg" if is_drawing else f"{size}.webp", picture.content)
        for path in self.folder.glob(f"{self.item_pk}-*"):
            if not path.name.startswith(f"{self.item_pk}-{self.version}-"):
                path.unlink(missing_ok=True)

    def fail(self) -> None:
        self._write("none.failed", b"")

    def failed_lately(self) -> bool:
        try:
            return time.time() - self._path("none.failed").stat().st_mtime < RETRY_SECONDS
        except FileNotFoundError:
            return False

    def _path(self, name: str) -> Path:
        return self.folder / f"{self.item_pk}-{self.version}-{name}"

    def _write(self, name: str, content: bytes) -> None:
        """Whole or not at all, whoever else writes the same."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
            file.write(content)
        os.replace(file.name, self._path(name))
