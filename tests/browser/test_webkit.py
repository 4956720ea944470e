"""The same sale in WebKit, which every browser of an iPad is made of."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import ActionChains, WebKitGTK, WebKitGTKOptions
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait
from selenium.webdriver.webkitgtk.service import Service

from tests.browser.running import JONAS, NAMES, RunningSalesfloor, Ware

DRIVER = shutil.which("WebKitWebDriver")
BROWSERS = sorted(Path("/usr/lib").glob("*/webkit2gtk-*/MiniBrowser"))
INSTALLED_BY = "apt-get install webkit2gtk-driver xvfb"
PATIENCE_SECONDS = 60
SEARCH = "//input[@type='search']"


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A screen that nobody looks at, with a number of its own choosing."""
    if not shutil.which("Xvfb"):
        pytest.skip(f"No Xvfb. This installs it: {INSTALLED_BY}")
    screen = ["-displayfd", "1", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]
    xvfb = subprocess.Popen(["Xvfb", *screen], stdout=subprocess.PIPE, text=True)
    assert xvfb.stdout
    number = xvfb.stdout.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    xvfb.terminate()
    xvfb.wait(timeout=20)


@pytest.fixture
def webkit(display: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebKitGTK]:
    if not DRIVER or not BROWSERS:
        pytest.skip(f"No WebKit driver. This installs it: {INSTALLED_BY}")
    monkeypatch.setenv("DISPLAY", display)
    # Root in a container has no namespaces to build a sandbox of.
    monkeypatch.setenv("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1")
    monkeypatch.setenv("LIBGL_ALWAYS_SOFTWARE", "1")
    options = WebKitGTKOptions()
    options.binary_location = str(BROWSERS[-1])
    options.add_argument("--automation")
    options.set_capability("browserName", "MiniBrowser")
    browser = WebKitGTK(options=options, service=Service(executable_path=DRIVER))
    browser.set_window_size(1180, 858)
    yield browser
    browser.quit()


def shown(browser: WebKitGTK, xpath: str) -> WebElement:
    """Once it is on the page and may be tapped."""

    def find(_: WebKitGTK) -> WebElement | None:
        found = browser.find_elements(By.XPATH, xpath)
        ready = [each for each in found if each.is_displayed() and each.is_enabled()]
        return ready[0] if ready else None

    patience = WebDriverWait(
        browser, PATIENCE_SECONDS, ignored_exceptions=[StaleElementReferenceException]
    )
    element = patience.until(find, f"Not shown: {xpath}")
    assert element
    return element


def button(words: str) -> str:
    return f"//button[contains(normalize-space(), '{words}')]"


@pytest.fixture
def till(webkit: WebKitGTK, salesfloor: RunningSalesfloor) -> WebKitGTK:
    """Jonas at a register, which he is asked for when he first comes, with nothing in his cart."""
    webkit.get(f"{salesfloor.url}/sign-in/")
    shown(webkit, button("Sign in with Lightspeed")).click()
    shown(webkit, button(NAMES[JONAS])).click()
    register = "//section[h2='Mile End']" + button("Register 1")
    if shown(webkit, f"{register} | {SEARCH}").tag_name == "button":
        shown(webkit, register).click()
    shown(webkit, SEARCH)
    return webkit


def test_sale_ends_with_a_ticket_in_webkit(
    till: WebKitGTK, salesfloor: RunningSalesfloor, shoe: Ware
) -> None:
    shown(till, SEARCH).send_keys(shoe.name)
    shown(till, f"//button[b/mark][normalize-space(b)='{shoe.name}']").click()
    shown(till, button("Exact cash")).click()
    done = shown(till, "//*[@id='done'][contains(., 'Recorded. Ticket')]")
    ticket = re.search(r"Ticket (\d+)", done.text)
    assert ticket
    assert salesfloor.completed_sale(ticket[1])["lines"][0]["itemID"] == shoe.item_id


def test_scans_one_upon_the_other_are_units_in_the_cart_in_webkit(
    till: WebKitGTK, sock: Ware, shoe: Ware
) -> None:
    scanner = ActionChains(till, duration=0)
    for code in [sock.barcode, shoe.barcode] * 3:
        scanner.send_keys(code, Keys.ENTER)
    scanner.perform()
    shown(till, "//*[@id='cart'][contains(., '6 items')]")
    quantities = till.find_elements(By.XPATH, "//input[starts-with(@id, 'quantity-')]")
    assert [each.get_attribute("value") for each in quantities] == ["3", "3"]
    names = till.find_elements(By.CLASS_NAME, "line__name")
    assert [each.get_attribute("textContent") for each in names] == [sock.name, shoe.name]
    shown(till, button("Exact cash")).click()
    shown(till, "//*[@id='done'][contains(., 'Recorded. Ticket')]")
