"""The iPad's camera as a scanner. What it sees is a film that the test draws itself."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, BrowserType, Locator, expect

from salesfloor.catalog.barcodes import check_digit
from tests.browser.conftest import LANDSCAPE, MUGS_CODE
from tests.browser.rep import Rep
from tests.browser.running import MAYA, RunningSalesfloor, Ware

WIDTH, HEIGHT, FRAMES_A_SECOND = 640, 480, 10
BAR = 4  # pixels of the narrowest
WHITE, BLACK, GREY = 235, 16, 128

# EAN-13: digits as seven modules, in set A; C is its opposite and B the mirror of that.
A = ["0001101", "0011001", "0010011", "0111101", "0100011"]
A += ["0110001", "0101111", "0111011", "0110111", "0001011"]
C = [digit.translate(str.maketrans("01", "10")) for digit in A]
B = [digit[::-1] for digit in C]
# The first digit is told by the sets in which the next six are written.
FIRST = ["AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB"]
FIRST += ["ABBAAB", "ABBBAA", "ABABAB", "ABABBA", "ABBABA"]


def bars(code: str) -> str:
    """The 95 modules of an EAN-13, 1 where it is black."""
    code = code.zfill(13)
    assert check_digit(code[:-1]) == code[-1]
    sets = zip(code[1:7], FIRST[int(code[0])], strict=True)
    left = "".join({"A": A, "B": B}[name][int(digit)] for digit, name in sets)
    right = "".join(C[int(digit)] for digit in code[7:])
    return f"101{left}01010{right}101"


def picture(code: str = "") -> bytes:
    """A frame in grey: a white wall, and before it a label with the barcode if there is one."""
    margin = bytes([WHITE]) * ((WIDTH - 95 * BAR) // 2)
    blank = bytes([WHITE]) * WIDTH
    lined = blank
    if code:
        shades = (BLACK if bar == "1" else WHITE for bar in bars(code))
        lined = margin + b"".join(bytes([shade]) * BAR for shade in shades) + margin
    quarter = HEIGHT // 4
    grey = bytes([GREY]) * (WIDTH * HEIGHT // 2)
    return blank * quarter + lined * (2 * quarter) + blank * quarter + grey


def film(path: Path, scenes: Iterable[tuple[str, float]]) -> Path:
    """Each scene a code, or none, for so many seconds; over and over."""
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_A_SECOND}:1 Ip A1:1 C420\n".encode())
        for code, seconds in scenes:
            frame = b"FRAME\n" + picture(code)
            for _ in range(int(seconds * FRAMES_A_SECOND)):
                file.write(frame)
    return path


Hold = Callable[..., Rep]


@pytest.fixture
def hold(
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    salesfloor: RunningSalesfloor,
    sessions: dict[int, requests.Session],
    tmp_path: Path,
) -> Iterator[Hold]:
    """Maya with an iPad whose camera sees the scenes, or has none, at the selling screen."""
    browsers: list[Browser] = []
    reps: list[Rep] = []

    def before(*scenes: tuple[str, float], allowed: bool = True) -> Rep:
        arguments = list(browser_type_launch_args["args"])
        if scenes:
            seen = film(tmp_path / "seen.y4m", scenes)
            arguments += ["--use-fake-device-for-media-stream"]
            arguments += [f"--use-file-for-fake-video-capture={seen}"]
        browsers.append(browser_type.launch(**browser_type_launch_args | {"args": arguments}))
        home = salesfloor.url
        context = browsers[-1].new_context(base_url=home, has_touch=True, viewport=LANDSCAPE)
        # Whatever is granted, all else is refused.
        context.grant_permissions(["camera" if allowed else "geolocation"], origin=home)
        session = sessions[MAYA]
        context.add_cookies(
            [{"name": name, "value": value, "url": home} for name, value in session.cookies.items()]
        )
        reps.append(Rep(context.new_page(), home))
        reps[-1].sell()
        return reps[-1]

    yield before
    complaints = [complaint for rep in reps for complaint in rep.unforgiven()]
    for browser in browsers:
        browser.close()
    salesfloor.empty_cart(sessions[MAYA])
    assert not complaints, complaints


def open_camera(rep: Rep) -> None:
    rep.page.get_by_role("link", name="Scan with the camera").tap()
    rep.page.wait_for_url("**/scan/camera/")


def scanned(rep: Rep) -> Locator:
    return rep.page.get_by_role("region", name="What was scanned")


def type_code(rep: Rep, code: str) -> None:
    rep.page.get_by_label("Type a code").fill(code)
    rep.button("Add").tap()


def test_barcode_before_the_camera_is_in_the_cart_once_as_long_as_it_stays(
    hold: Hold, sock: Ware
) -> None:
    rep = hold((sock.barcode, 1))
    open_camera(rep)
    expect(scanned(rep)).to_contain_text(sock.name, timeout=30_000)
    expect(scanned(rep)).to_contain_text("1 item")
    rep.page.wait_for_timeout(4000)
    expect(scanned(rep)).to_contain_text("1 item")
    rep.page.get_by_role("link", name="Done").tap()
    expect(rep.quantity(sock)).to_have_value("1")
    expect(rep.quantity(sock)).to_be_visible()


def test_what_comes_before_the_camera_again_counts_again(
    hold: Hold, sock: Ware, shoe: Ware
) -> None:
    """Two goods pass by turns, with a pause longer than it takes to be out of sight."""
    rep = hold((sock.barcode, 1), ("", 1.5), (shoe.barcode, 1), ("", 1.5))
    open_camera(rep)
    expect(scanned(rep)).to_contain_text("4 items", timeout=60_000)
    rep.page.get_by_role("link", name="Done").tap()
    for ware in (sock, shoe):
        expect(rep.quantity(ware)).to_have_value(re.compile("[23]"))


def test_one_more_of_what_was_read_is_a_tap(hold: Hold, sock: Ware) -> None:
    rep = hold((sock.barcode, 1))
    open_camera(rep)
    expect(scanned(rep)).to_contain_text("1 item", timeout=30_000)
    rep.button("One more").tap()
    expect(scanned(rep)).to_contain_text("2 items")


def test_detector_is_ours_and_loaded_only_when_the_camera_is_opened(hold: Hold, sock: Ware) -> None:
    rep = hold((sock.barcode, 1))
    asked: list[str] = []
    rep.page.context.on("request", lambda request: asked.append(request.url))
    rep.sell()
    rep.scan(sock)
    assert not [url for url in asked if "vendor" in url or "camera" in url]
    open_camera(rep)
    expect(scanned(rep)).to_contain_text("2 items", timeout=30_000)
    assert [url for url in asked if url.endswith(".wasm")]
    assert not [url for url in asked if not url.startswith((rep.home, "data:", "blob:"))]


def test_camera_is_let_go_when_the_page_is_left(hold: Hold, sock: Ware) -> None:
    rep = hold((sock.barcode, 1))
    rep.page.add_init_script(
        """const stop = MediaStreamTrack.prototype.stop;
        MediaStreamTrack.prototype.stop = function () {
            localStorage.setItem("stopped", this.kind);
            return stop.call(this);
        };"""
    )
    open_camera(rep)
    expect(rep.page.locator("#camera")).to_have_attribute("data-state", "running", timeout=30_000)
    assert rep.page.evaluate("localStorage.getItem('stopped')") is None
    rep.page.get_by_role("link", name="Done").tap()
    rep.page.wait_for_url("**/sell/*")
    assert rep.page.evaluate("localStorage.getItem('stopped')") == "video"


def test_refused_camera_says_how_to_allow_it_and_takes_typed_codes(hold: Hold, sock: Ware) -> None:
    rep = hold((sock.barcode, 1), allowed=False)
    open_camera(rep)
    expect(rep.page.locator("#camera-words")).to_contain_text("The camera is not allowed here")
    expect(rep.page.locator("#camera-words")).to_contain_text("Settings, Apps, Safari, Camera")
    expect(rep.page.get_by_text("Hold a barcode into the frame")).to_be_hidden()
    type_code(rep, sock.barcode)
    expect(scanned(rep)).to_contain_text(sock.name)
    rep.page.context.grant_permissions(["camera"], origin=rep.home)
    rep.button("Try again").tap()
    expect(rep.page.locator("#camera")).to_have_attribute("data-state", "running", timeout=30_000)


def test_page_without_https_says_where_the_camera_is_to_be_had(hold: Hold, sock: Ware) -> None:
    rep = hold((sock.barcode, 1))
    # To browsers this machine's own address is as good as https.
    rep.page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    open_camera(rep)
    expect(rep.page.locator("#camera-words")).to_contain_text("Ask your manager for the https")
    type_code(rep, sock.barcode)
    expect(scanned(rep)).to_contain_text(sock.name)


def test_device_without_a_camera_says_so_and_takes_typed_codes(hold: Hold, sock: Ware) -> None:
    rep = hold()
    open_camera(rep)
    expect(rep.page.locator("#camera-words")).to_contain_text("There is no camera")
    type_code(rep, sock.barcode)
    expect(scanned(rep)).to_contain_text(sock.name)


def test_code_of_several_items_lets_choose(hold: Hold, blue_mug: Ware) -> None:
    rep = hold((MUGS_CODE, 1))
    open_camera(rep)
    expect(scanned(rep)).to_contain_text("Which one is it?", timeout=30_000)
    scanned(rep).get_by_role("button", name=blue_mug.name).tap()
    expect(scanned(rep)).to_contain_text("1 item")
    expect(scanned(rep)).to_contain_text(blue_mug.name)


def test_unknown_code_is_said(hold: Hold) -> None:
    rep = hold(("9990000000012", 1))
    open_camera(rep)
    expect(scanned(rep)).to_contain_text("No item has the code 9990000000012", timeout=30_000)


def test_scanner_works_beside_the_camera(hold: Hold, sock: Ware, shoe: Ware) -> None:
    rep = hold((sock.barcode, 1))
    open_camera(rep)
    expect(scanned(rep)).to_contain_text("1 item", timeout=30_000)
    rep.scan_code(shoe.barcode)
    expect(scanned(rep)).to_contain_text("2 items")
