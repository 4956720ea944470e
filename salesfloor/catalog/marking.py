"""Which letters of a text were typed: marked in the original, found in the folded text."""

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe

from salesfloor.words import compact, fold

_WORD = re.compile(r"\d+(?:[./]\d+)+|[^\W_]+")
_JOINED = re.compile(r"[^\W_]+(?:[-'._/][^\W_]+)+")


def marked(text: str, beginnings: Sequence[str]) -> SafeString:
    """HTML, in which the beginnings of words are in `<mark>`. They are folded, the text is not."""
    folded, places = _folded(text)
    spans = [
        (places[start], places[end])
        for start, end in _spans(folded, tuple(beginnings))
        if end > start
    ]
    parts, done = [], 0
    for start, end in _apart(spans):
        parts += [escape(text[done:start]), "<mark>", escape(text[start:end]), "</mark>"]
        done = end
    return mark_safe("".join([*parts, escape(text[done:])]))  # noqa: S308 (every part is escaped)


@lru_cache(maxsize=4096)
def _folded(text: str) -> tuple[str, list[int] | range]:
    """And for each place in it, and its end, the place in the text that it comes from. An accent
    that is a character of its own leaves nothing, and so belongs to the letter before it.
    """
    if text.isascii():
        return fold(text), range(len(text) + 1)
    folded = ""
    places: list[int] = []
    for place, character in enumerate(text):
        letters = fold(character)
        folded += letters
        places += [place] * len(letters)
    # A comma between figures is folded together with them only.
    folded = re.sub(r"(?<=\d),(?=\d)", ".", folded)
    return folded, [*places, len(text)]


def _spans(folded: str, beginnings: tuple[str, ...]) -> list[tuple[int, int]]:
    if not beginnings:
        return []
    spans = []
    for match in _WORD.finditer(folded):
        length = max((len(b) for b in beginnings if match[0].startswith(b)), default=0)
        spans.append((match.start(), match.start() + length))
    for match in _JOINED.finditer(folded):
        together = compact(match[0])
        length = max((len(b) for b in beginnings if together.startswith(b)), default=0)
        spans.append((match.start(), match.start() + _reach(match[0], length)))
    return spans


def _reach(joined: str, letters: int) -> int:
    """Where in "t-shirt" so many letters and digits end."""
    for place, character in enumerate(joined):
        if not letters:
            return place
        letters -= character.isalnum()
    return len(joined) if not letters else 0


def _apart(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """In order, with those that overlap or touch made one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(span for span in spans if span[1] > span[0]):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found
