"""Code 128, the barcode that tills' scanners read from a receipt.

A symbol is a start, characters, a check character and a stop. Each is drawn as bars and gaps of 1
to 4 modules, eleven modules together; the stop has one more bar. Digits go in pairs (set C), all
else one by one (set B).

ISO/IEC 15417, https://en.wikipedia.org/wiki/Code_128
"""

import re
from collections.abc import Iterator

# By value, 0 to 105: bar, gap, bar, gap, bar, gap.
PATTERNS = re.findall(
    r"[1-4]{6}",
    """
    212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232
    122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122
    321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311
    211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113
    213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422
    121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111
    241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121
    412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412
    211214 211232
    """,
)
STOP = "2331112"
TO_C, TO_B, START_B, START_C = 99, 100, 104, 105
# The light margin that scanners need on either side, in modules.
QUIET = 10
HEIGHT = 40


def values(text: str) -> list[int]:
    """The characters of `text`, start and check character included. ValueError for what is not
    printable ASCII.

    >>> values("220000000107")
    [105, 22, 0, 0, 0, 1, 7, 71]
    """
    if not re.fullmatch(r"[ -~]+", text):
        raise ValueError(f"Code 128 cannot write {text!r}")
    found = list(_characters(text))
    check = found[0] + sum(place * value for place, value in enumerate(found))
    return [*found, check % 103]


def _characters(text: str) -> Iterator[int]:
    """Set C for a text of digit pairs and for four digits or more in a row, else set B."""
    in_c = None
    for run in re.findall(r"(?:\d\d){2,}|^\d\d$|.", text):
        wants_c = len(run) > 1
        if in_c is None:
            yield START_C if wants_c else START_B
        elif wants_c != in_c:
            yield TO_C if wants_c else TO_B
        in_c = wants_c
        if wants_c:
            yield from (int(pair) for pair in re.findall("..", run))
        else:
            yield ord(run) - 32


def bars(text: str) -> list[tuple[int, int]]:
    """Where each bar begins and how wide it is, in modules from the first."""
    widths = "".join(PATTERNS[value] for value in values(text)) + STOP
    found, at = [], 0
    for index, width in enumerate(map(int, widths)):
        if index % 2 == 0:
            found.append((at, width))
        at += width
    return found


def svg(text: str) -> str:
    """Black on white, margins included, to be stretched as wide as there is room."""
    drawn = bars(text)
    width = sum(drawn[-1]) + 2 * QUIET
    path = "".join(f"M{at + QUIET} 0h{wide}v{HEIGHT}h-{wide}z" for at, wide in drawn)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" '
        'preserveAspectRatio="none" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{width}v{HEIGHT}H0z"/><path d="{path}"/></svg>'
    )
