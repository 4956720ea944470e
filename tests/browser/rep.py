"""A rep with an iPad in hand: what they do with it, and what it shows them."""

import asyncio
import re
import time
from collections.abc import Iterable, Mapping
from typing import Any

from playwright.sync_api import CDPSession, ConsoleMessage, Locator, Page, expect

from tests.browser.running import NAMES, Ware

# Answers made to be shown to the rep; Chromium and htmx write them into the console all the same.
REFUSALS = re.compile(r"(with a status of|Response Status Error Code) (409|422|503)")
# What htmx says of requests that end with the page they belong to; of others it says more.
LEAVING = re.compile(r"htmx:(sendAbort|afterRequest)")
NO_NETWORK = re.compile(r"ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_RESET|htmx:sendError")

SCANNER_GAP_SECONDS = 0.007
SHIFT = 8
# What a French keyboard gives for the keys of 1 to 9 and 0, and for some others.
AZERTY = dict(zip("1234567890", "&é\"'(-è_çà", strict=True)) | dict(
    zip("QAZWM-", "AQWZ?)", strict=True)
)
# On an Arabic one the keys of digits may write the digits of the language.
ARABIC = dict(zip("1234567890", "١٢٣٤٥٦٧٨٩٠", strict=True))
END_KEYS = {
    "Enter": {"key": "Enter", "code": "Enter", "text": "\r", "windowsVirtualKeyCode": 13},
    "Tab": {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9},
}


class Rep:
    def __init__(self, page: Page, home: str) -> None:
        self.page = page
        self.home = home
        self.complaints: list[str] = []
        self.forgiven: list[re.Pattern[str]] = [REFUSALS, LEAVING]
        self._keyboard: CDPSession | None = None
        self._typed_until = 0.0
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))

    def _listen(self, message: ConsoleMessage) -> None:
        source = message.location["url"]
        lightspeeds = source.startswith("http") and not source.startswith(self.home)
        if message.type in ("error", "warning") and not lightspeeds:
            self.complaints.append(f"{message.type}: {message.text} ({source})")

    def forgive(self, complaint: re.Pattern[str]) -> None:
        """Of a console that has to complain in this test."""
        self.forgiven.append(complaint)

    def unforgiven(self) -> list[str]:
        return [
            complaint
            for complaint in self.complaints
            if not any(pattern.search(complaint) for pattern in self.forgiven)
        ]

    # --- What the screen shows ---------------------------------------------------------

    @property
    def cart(self) -> Locator:
        return self.page.locator("#cart")

    @property
    def total(self) -> Locator:
        return self.page.locator("#total")

    @property
    def message(self) -> Locator:
        """What the cart has to say about the last tap."""
        return self.page.locator("#cart-message")

    @property
    def alert(self) -> Locator:
        """The page's own, for when no answer came."""
        return self.page.locator("#page-alert")

    @property
    def scan_note(self) -> Locator:
        return self.page.locator("#scan-note")

    @property
    def choices(self) -> Locator:
        """What codes may mean that were scanned and mean more than one thing."""
        return self.page.locator("#scan-choices [data-choice]")

    @property
    def toast(self) -> Locator:
        return self.page.locator(".toast")

    @property
    def done(self) -> Locator:
        return self.page.locator("#done")

    @property
    def customer(self) -> Locator:
        """The strip on top of the cart."""
        return self.page.locator("#customer")

    @property
    def finder(self) -> Locator:
        """Of customers, over the cart."""
        return self.page.locator("#customer-finder")

    def person(self, name: str) -> Locator:
        return self.finder.get_by_role("button", name=re.compile(f"^{re.escape(name)}"))

    @property
    def heading(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    @property
    def search_field(self) -> Locator:
        return self.page.get_by_role("searchbox", name="Search items")

    def line(self, ware: Ware) -> Locator:
        lines = self.cart.get_by_role("listitem", include_hidden=True)
        return lines.filter(has=self.page.get_by_text(ware.name, exact=True))

    def card(self, ware: Ware) -> Locator:
        """Among the items found."""
        cards = self.page.get_by_role("region", name="Items", exact=True).get_by_role("button")
        return cards.filter(has=self.page.get_by_text(ware.name, exact=True))

    def quantity(self, ware: Ware) -> Locator:
        return self.cart.get_by_label(f"Quantity of {ware.name}", exact=True)

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name)

    def tick(self, ware: Ware) -> None:
        """On the page of a receipt: this item comes back."""
        self.page.get_by_role("list", name="Items of this sale").get_by_text(ware.name).tap()

    def link(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("link", name=name)

    def more(self) -> Locator:
        """What opens the other ways of paying."""
        return self.cart.locator("#pay summary")

    def ticket_number(self) -> str:
        """Once Lightspeed has recorded the sale."""
        expect(self.done).to_contain_text("Recorded. Ticket", timeout=60_000)
        ticket = re.search(r"Ticket (\d+)", self.done.inner_text())
        assert ticket
        return ticket[1]

    # --- What the rep does -------------------------------------------------------------

    def sign_in(self, employee_id: int) -> None:
        """Through Lightspeed's own page, where people say who they are."""
        self.page.goto("/sign-in/")
        self.button("Sign in with Lightspeed").tap()
        self.button(re.compile(f"^{NAMES[employee_id]}")).tap()

    def choose_register(self, shop: str, register: str) -> None:
        self.page.get_by_role("region", name=shop).get_by_role(
            "button", name=re.compile(f"^{register}")
        ).tap()
        self.page.wait_for_url("**/sell/")  # and until its scripts are there

    def sign_out(self, short_name: str) -> None:
        self.page.get_by_text(short_name, exact=True).tap()
        self.button("Sign out").tap()
        expect(self.button("Sign in with Lightspeed")).to_be_visible()

    def sell(self) -> None:
        self.page.goto("/sell/")

    def search(self, words: str) -> None:
        self.search_field.fill(words)

    def add(self, ware: Ware) -> None:
        """Find it by its name and tap its card."""
        self.search(ware.name)
        self.card(ware).tap()
        expect(self.line(ware)).to_have_count(1)

    def scan(self, ware: Ware) -> None:
        """And see it in the cart."""
        before = self.cart.get_attribute("data-version")
        self.scan_code(ware.barcode)
        expect(self.cart).not_to_have_attribute("data-version", before or "")
        expect(self.line(ware)).to_be_visible()

    def scan_code(
        self, code: str, *, end: str = "Enter", keyboard: Mapping[str, str] | None = None
    ) -> None:
        self.scan_codes([code], end=end, keyboard=keyboard)

    def scan_codes(
        self,
        codes: Iterable[str],
        *,
        end: str = "Enter",
        keyboard: Mapping[str, str] | None = None,
    ) -> None:
        """Real keys as a scanner sends them, timed by its own clock: the machine may be busy.

        `keyboard` tells what the keys of digits write where they do not write the digits.
        """
        at = max(time.time(), self._typed_until)
        strokes = []
        for code in codes:
            for sign in code:
                strokes += _stroke(at, _key(sign, (keyboard or {}).get(sign, sign)))
                at += SCANNER_GAP_SECONDS
            strokes += _stroke(at, END_KEYS[end])
            at += SCANNER_GAP_SECONDS
        self._typed_until = at
        self._strike(strokes)

    def _strike(self, strokes: list[dict[str, Any]]) -> None:
        self._keyboard = self._keyboard or self.page.context.new_cdp_session(self.page)
        send = self._keyboard._impl_obj.send

        async def strike() -> None:
            await asyncio.gather(*(send("Input.dispatchKeyEvent", each, None) for each in strokes))

        # Handed over all at once, which only the private interface can do: one by one, a busy
        # machine puts pauses between them that no scanner makes.
        self._keyboard._sync(strike())

    def open_finder(self) -> None:
        self.page.locator("#find-customer").tap()
        expect(self.page.locator("#customer-words")).to_be_focused()

    def choose(self, name: str) -> None:
        """A customer, by name."""
        self.open_finder()
        self.page.locator("#customer-words").fill(name)
        self.person(name).tap()
        expect(self.customer).to_contain_text(name)

    def open_cart(self) -> None:
        """Held upright, the iPad shows items or cart."""
        link = self.page.get_by_role("navigation").get_by_role("link", name="Cart")
        if link.is_visible():
            link.tap()

    def open_items(self) -> None:
        link = self.page.get_by_role("navigation").get_by_role("link", name="Items")
        if link.is_visible():
            link.tap()

    def pay_exact_cash(self) -> None:
        self.button(re.compile("^Exact cash")).tap()

    def pay_cash(self, amount: str) -> None:
        """By the keypad."""
        self.cart.locator("label").filter(has_text="Other").tap()
        self.type_on_keypad(amount, "Take cash")

    def type_on_keypad(self, amount: str, enter: str) -> None:
        keypad = self.page.get_by_role("dialog")
        for key in amount:
            keypad.get_by_role("button", name=key, exact=True).tap()
        keypad.get_by_role("button", name=enter).tap()


def _key(sign: str, written: str) -> dict[str, Any]:
    """The key of an American keyboard that writes this sign; here it is `written`."""
    if sign == "-":
        key = {"code": "Minus", "windowsVirtualKeyCode": 189}
    else:
        kind = "Digit" if sign.isdigit() else "Key"
        key = {"code": f"{kind}{sign.upper()}", "windowsVirtualKeyCode": ord(sign.upper())}
    return key | {"key": written, "text": written, "modifiers": SHIFT if sign.isupper() else 0}


def _stroke(at: float, key: dict[str, Any]) -> list[dict[str, Any]]:
    down = {"type": "keyDown" if "text" in key else "rawKeyDown", "timestamp": at}
    up = {"type": "keyUp", "timestamp": at + SCANNER_GAP_SECONDS / 2}
    return [key | down, {name: key[name] for name in key if name != "text"} | up]
