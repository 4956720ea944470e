"""Photographs as they come from Lightspeed, and as they leave us."""

import io
import json
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from salesfloor.catalog.models import Item
from salesfloor.staff.models import Rep
from tests.catalog.conftest import MakeItem
from tests.simulator.running import RunningSimulator

RED, BLUE = (200, 30, 30), (30, 30, 200)


@pytest.fixture
def browser(client: Client, rep: Rep) -> Client:
    client.force_login(rep.user, backend="salesfloor.staff.sign_in.SignInBackend")
    return client


@pytest.fixture
def photographed(
    make_item: MakeItem, demo_simulator: RunningSimulator, settings: Any, tmp_path: Path
) -> Any:
    """Makes an item whose picture at Lightspeed is this file."""
    settings.DATA_DIR, settings.SIMULATOR_URL = tmp_path, demo_simulator.url
    owner = demo_simulator.client()

    def make(file: bytes) -> Item:
        answer = owner.http.post(
            f"{owner.url}/Item/1/Image.json",
            data={"data": json.dumps({})},
            files={"image": ("boot.jpg", file, "image/jpeg")},
            headers=owner.grant.headers,
            timeout=5,
        )
        image = answer.json()["Image"]
        return make_item(
            "Boot", image_base_url=image["baseImageURL"], image_public_id=image["publicID"]
        )

    return make


def file_of(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def served(browser: Client, url: str) -> Image.Image:
    answer = browser.get(url)
    assert answer["Content-Type"] == "image/webp"
    return Image.open(io.BytesIO(answer.content))


def test_photograph_is_served_small_for_cards_and_large_for_the_sheet(
    browser: Client, photographed: Any
) -> None:
    item = photographed(file_of(Image.new("RGB", (2000, 1000), RED), "JPEG"))
    assert served(browser, item.image_url).size == (300, 300)
    assert served(browser, item.large_image_url).size == (900, 450)
    assert item.image_url != item.large_image_url
    assert "immutable" in browser.get(item.large_image_url)["Cache-Control"]


def test_both_sizes_cost_one_fetch(browser: Client, photographed: Any, settings: Any) -> None:
    item = photographed(file_of(Image.new("RGB", (640, 480), RED), "PNG"))
    served(browser, item.image_url)
    settings.SIMULATOR_URL = "http://127.0.0.1:9"  # no more to be had from there
    assert served(browser, item.large_image_url).size == (640, 480)


def test_card_shows_the_middle_of_a_picture_and_never_a_blown_up_one(
    browser: Client, photographed: Any
) -> None:
    wide = Image.new("RGB", (300, 100), BLUE)
    wide.paste(RED, (100, 0, 200, 100))
    shown = served(browser, photographed(file_of(wide, "PNG")).image_url)
    assert shown.size == (100, 100)
    assert shown.convert("RGB").getpixel((50, 50))[0] > 150


def test_photograph_taken_with_the_camera_on_its_side_stands_upright(
    browser: Client, photographed: Any
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it by a quarter to show it
    picture = file_of(Image.new("RGB", (400, 200), RED), "JPEG", exif=exif)
    shown = served(browser, photographed(picture).large_image_url)
    assert shown.size == (200, 400)
    assert not shown.getexif()  # where and with what it was taken is nobody's business


def test_ground_that_can_be_seen_through_stays_so(browser: Client, photographed: Any) -> None:
    glass = Image.new("RGBA", (50, 50), (*RED, 0))
    shown = served(browser, photographed(file_of(glass, "PNG")).image_url)
    assert shown.mode == "RGBA"
    assert shown.getpixel((25, 25))[3] == 0


def bomb(side: int) -> bytes:
    """A PNG of few bytes that would be a square of so many pixels a side."""

    def chunk(name: bytes, data: bytes) -> bytes:
        checked = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checked)

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "file",
    [
        bomb(5_000),
        bomb(60_000),
        bomb(2**31 - 1),
        b"\xff\xd8\xff\xe0 no photograph",
        file_of(Image.new("RGB", (640, 480), RED), "PNG")[:-60],
        b"\x89PNG" + file_of(Image.new("RGB", (9, 9), RED), "GIF"),
    ],
    ids=["large", "huge", "largest", "broken", "cut off", "another format"],
)
def test_file_that_is_too_much_or_no_picture_is_not_shown(
    browser: Client, photographed: Any, file: bytes
) -> None:
    item = photographed(file)
    answer = browser.get(item.image_url)
    assert answer.status_code == 302
    assert answer["Location"].endswith("/catalog/no-picture.svg")


def test_copies_of_a_former_picture_go_with_it(
    browser: Client, photographed: Any, tmp_path: Path
) -> None:
    item = photographed(file_of(Image.new("RGB", (64, 48), RED), "PNG"))
    served(browser, item.image_url)
    newer = photographed(file_of(Image.new("RGB", (32, 24), RED), "PNG"))
    item.image_public_id = newer.image_public_id
    item.save()
    assert served(browser, item.large_image_url).size == (32, 24)
    kept = [path for path in (tmp_path / "images").rglob(f"{item.pk}-*") if path.is_file()]
    assert len(kept) == 2
    assert all(item.image_version in path.name for path in kept)


def test_size_that_there_is_not_is_not_found(browser: Client, photographed: Any) -> None:
    item = photographed(file_of(Image.new("RGB", (64, 48), RED), "PNG"))
    assert browser.get(item.large_image_url.replace("sheet", "poster")).status_code == 404


def test_size_without_a_picture_is_shown_by_that_of_its_product(
    browser: Client, photographed: Any, make_item: MakeItem
) -> None:
    sibling = photographed(file_of(Image.new("RGB", (64, 48), RED), "PNG"))
    matrix = sibling.account.item_matrices.create(
        lightspeed_id=1,
        description="Boot",
        image_base_url=sibling.image_base_url,
        image_public_id=sibling.image_public_id,
    )
    make_item("Boot 39", matrix=matrix, attribute1="39")
    item = Item.everywhere.select_related("matrix").get(attribute1="39")
    assert served(browser, item.image_url).size == (48, 48)
    assert item.large_image_url in browser.get(f"/items/{item.pk}/").content.decode()
