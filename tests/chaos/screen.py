"""What a rep reads off the cart, as the server sent it."""

import re
from dataclasses import dataclass
from decimal import Decimal
from html import unescape

FORM = re.compile(r'<form\b[^>]*?\baction="([^"]*)"[^>]*>(.*?)</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
BUTTON = re.compile(r'<button\b[^>]*?\bname="(\w+)"\s+value="([^"]*)"')
TAKEN = re.compile(r"taken__payment.*?</li>", re.DOTALL)
AMOUNT = re.compile(r"-?[^\d<>-]*(\d[\d,]*\.\d\d)")


@dataclass(frozen=True)
class Form:
    action: str
    fields: dict[str, str]
    buttons: list[tuple[str, str]]

    def values(self, name: str) -> list[str]:
        return [value for button, value in self.buttons if button == name]


@dataclass(frozen=True)
class Question:
    """The rep is to take a card payment, and to say what came of it."""

    form: Form
    payment: int
    amount: Decimal


@dataclass(frozen=True)
class Done:
    sale: int
    change: Decimal


@dataclass(frozen=True)
class Screen:
    sale: int | None
    lines: list[int]
    asking: int | None  # the payment that waits for Lightspeed's total
    question: Question | None
    done: Done | None
    taken: list[Decimal]  # payments of this cart that came before
    taken_in_cash: int  # how many of them
    due: Decimal | None
    message: str
    forms: list[Form]

    @classmethod
    def of(cls, text: str) -> "Screen":
        forms = [
            Form(unescape(action), _hidden(body), BUTTON.findall(body))
            for action, body in FORM.findall(text)
        ]
        return cls(
            sale=_number(r'data-sale="(\d+)"', text),
            lines=[int(line) for line in re.findall(r'data-line="(\d+)"', text)],
            asking=_number(r"\?waiting=(\d+)", text),
            question=_question(text, forms),
            done=_done(text),
            taken=[amount(each) for each in TAKEN.findall(text)],
            taken_in_cash=sum("<span>Cash</span>" in each for each in TAKEN.findall(text)),
            due=_due(forms),
            message=_words(r'id="cart-message"[^>]*>([^<]*)<', text),
            forms=forms,
        )

    def form(self, action: str) -> Form | None:
        return next((form for form in self.forms if form.action == action), None)


def change_in(text: str) -> Decimal:
    change = re.search(r"Change\s*<strong.*?</strong>", text, re.DOTALL)
    return amount(change[0]) if change else Decimal(0)


def _done(text: str) -> Done | None:
    """The strip, and what is offered below it."""
    strip = re.search(r'id="done".*?/sales/(\d+)/receipt/', text, re.DOTALL)
    return Done(int(strip[1]), change_in(strip[0])) if strip else None


def amount(text: str) -> Decimal:
    found = AMOUNT.search(text)
    assert found, f"No amount in {text}"
    return Decimal(found[1].replace(",", ""))


def _hidden(body: str) -> dict[str, str]:
    """Without the CSRF token: tablets send their own as a header, as htmx does."""
    found = dict(HIDDEN.findall(body))
    found.pop("csrfmiddlewaretoken", None)
    return found


def _due(forms: list[Form]) -> Decimal | None:
    asked = (form.fields.get("expected_total") for form in forms)
    return next((Decimal(total) for total in asked if total), None)


def _question(text: str, forms: list[Form]) -> Question | None:
    shown = re.search(r"card-question__amount.*?</p>", text, re.DOTALL)
    if not shown:
        return None
    form = next(form for form in forms if re.fullmatch(r"/sale/payments/\d+/", form.action))
    return Question(form, int(form.action.split("/")[3]), amount(shown[0]))


def _number(pattern: str, text: str) -> int | None:
    found = re.search(pattern, text)
    return int(found[1]) if found else None


def _words(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.DOTALL)
    return unescape(found[1].strip()) if found else ""
