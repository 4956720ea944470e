"""Texts as they are compared when somebody looks for them. Imports nothing of ours."""

import re
import unicodedata

_WORD = re.compile(r"\d+(?:[./]\d+)+|[^\W_]+")
# "t-shirt" is looked for as "tshirt" too, "TR-GTX-095" as "trgtx095".
_JOINED = re.compile(r"[^\W_]+(?:[-'._/][^\W_]+)+")
_MARKS = re.compile(r"[\u0300-\u036f]")


def fold(text: str) -> str:
    """Without accents and case: "Été" is "ete", "10,5" is "10.5", "½" is "1/2"."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    plain = plain.replace("\u2044", "/").replace("\u2019", "'")
    return re.sub(r"(?<=\d),(?=\d)", ".", plain).casefold()


def words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def joined(text: str) -> list[str]:
    """The words that are written with hyphens and the like, in one: "o'brien" is "obrien"."""
    return [compact(part) for part in _JOINED.findall(fold(text))]


def compact(code: str) -> str:
    """A code as it is compared in parts: letters and digits alone."""
    return "".join(re.findall(r"[^\W_]", fold(code)))
