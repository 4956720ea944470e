"""The page where a shop's employee signs in and lets a client in. Plain HTML, no script."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from itertools import groupby

from .store import Record

MEANINGS = {
    "all": "do everything you may do",
    "register": "make and read sales",
    "register_read": "read sales",
    "register_refund": "make refunds",
    "register_layaway": "make layaways",
    "special_orders": "make special orders",
    "customers": "see and change customers",
    "customers_read": "see customers",
    "inventory": "see and change items and stock",
    "inventory_read": "see items and stock",
    "customers_view_gift_card_numbers": "see whole gift card numbers",
}

STYLE = """
:root { color-scheme: light dark; --paper: #f4f4f1; --card: #fff; --ink: #1c1d1f;
  --soft: #63666b; --line: #dcdcd6; --accent: #c8102e; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #17181a; --card: #222427; --ink: #eeeeea; --soft: #a3a6ab; --line: #3a3d41;
    --accent: #ff5a6e; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 17px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 34rem; margin: 0 auto; padding: max(1.5rem, 6vh) 1rem 3rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 16px;
  padding: 1.5rem; }
.shop { margin: 0; color: var(--soft); font-size: .9rem; }
h1 { margin: .15rem 0 0; font-size: 1.5rem; line-height: 1.2; }
h2 { margin: 1.5rem 0 .5rem; font-size: .8rem; font-weight: 600; letter-spacing: .06em;
  text-transform: uppercase; color: var(--soft); }
ul { margin: 0; padding-left: 1.2rem; }
button { display: flex; align-items: center; justify-content: space-between; gap: 1rem; width: 100%;
  min-height: 52px; margin: 0 0 .5rem; padding: .5rem 1rem; border: 1px solid var(--line);
  border-radius: 12px; background: var(--paper); color: inherit; font: inherit; text-align: left;
  cursor: pointer; }
button:hover, button:focus-visible { border-color: var(--accent); outline: none;
  box-shadow: 0 0 0 1px var(--accent); }
button[disabled] { opacity: .55; cursor: not-allowed; border-color: var(--line); box-shadow: none; }
button small { color: var(--soft); }
.permissions { margin-top: 1.5rem; padding-top: 1rem; border-top: 1px solid var(--line);
  color: var(--soft); font-size: .9rem; }
.permissions p { margin: 0 0 .25rem; }
.refuse { justify-content: center; margin-top: 1.25rem; background: none; color: var(--accent); }
footer { margin-top: 1rem; color: var(--soft); font-size: .8rem; text-align: center; }
"""


@dataclass(frozen=True)
class Choice:
    employee_id: int
    name: str
    role: str
    may_sign_in: bool


def page(client: str, scope: str, choices: Iterable[Choice], account: Record) -> str:
    """Posts `employeeID`, or `decision=refuse`, to its own address."""
    ordered = sorted(choices, key=lambda choice: (choice.role, choice.name))
    groups = "".join(
        f"<h2>{escape(role)}</h2>{''.join(_button(choice) for choice in people)}"
        for role, people in groupby(ordered, key=lambda choice: choice.role)
    )
    permissions = "".join(f"<li>{escape(_meaning(name))}</li>" for name in scope.split())
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<title>Sign in to {escape(str(account["name"]))}</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<form class="card" method="post">
<p class="shop">{escape(str(account["name"]))}</p>
<h1>Sign in as</h1>
{groups}
<div class="permissions">
<p>{escape(client)} will be able to</p>
<ul>{permissions}</ul>
</div>
<button class="refuse" name="decision" value="refuse">Do not sign in</button>
</form>
<footer>A simulated Lightspeed Retail: no password, no real shop.</footer>
</main>
</body>
</html>
"""


def _button(choice: Choice) -> str:
    disabled = "" if choice.may_sign_in else " disabled"
    note = "" if choice.may_sign_in else "<small>cannot sign in</small>"
    return (
        f'<button name="employeeID" value="{choice.employee_id}"{disabled}>'
        f"<span>{escape(choice.name)}</span>{note}</button>"
    )


def _meaning(scope: str) -> str:
    name = scope.removeprefix("employee:")
    return MEANINGS.get(name, name.replace("_", " "))
