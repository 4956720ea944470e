"""What the digits of a barcode say. Pure: knows no items.

A barcode's number, the GTIN, has 8, 12, 13 or 14 digits, of which the last checks the others; with
zeros in front it is the same number. UPC-A has 12, EAN-13 one more; UPC-E writes some UPC-A in 8,
of which scanners may leave out the last, and the first too. 14 digits that begin with 1 to 8 are on
a case, and all but the first and the last are those of what is in it.

Numbers that begin with 2 (as EAN-13 with 02 or 20 to 29) are free for use inside a shop. Scales and
label printers put an item's number and a price or a weight into them, in digits that each shop
agrees on with itself: `InStore`.

Rules: GS1 General Specifications 2.1.11 (numbers inside a company), 5.2.2.4 (UPC-E), 7.9 (check
digits). https://www.gs1.org/standards/barcodes-epcrfid-id-keys/gs1-general-specifications
"""

import re
from dataclasses import dataclass
from decimal import Decimal

# Scanners may be set to say first which kind of barcode it was: "]E0", "]C1" (ISO/IEC 15424).
_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9A-Fa-f]")
_LENGTHS = (8, 12, 13, 14)
# Lightspeed's own numbers have 12 digits and no check digit: system SKUs, tickets, work orders.
_LIGHTSPEEDS = re.compile(r"2[125][0-9]{10}")


class Misread(ValueError):
    """A check digit does not fit the others."""


def bare(code: str) -> str:
    """As it is printed, without what scanners and keyboards put around it."""
    code = code.replace("\0", " ").strip()  # PostgreSQL takes no NUL
    found = _SYMBOLOGY.match(code)
    return code[found.end() :].strip() if found else code


# --- Check digits -----------------------------------------------------------------------------


def check_digit(digits: str) -> str:
    """Of a GTIN without its last digit.

    >>> check_digit("03600029145")
    '2'
    """
    threes = sum(int(digit) for digit in digits[::-2])
    ones = sum(int(digit) for digit in digits[-2::-2])
    return str(-(3 * threes + ones) % 10)


def is_checked(code: str) -> bool:
    """Whether it is a number with a check digit that fits."""
    return _is_number(code) and len(code) in _LENGTHS and check_digit(code[:-1]) == code[-1]


def is_misread(code: str) -> bool:
    """Whether it looks like a GTIN and cannot be one."""
    if not _is_number(code) or len(code) not in _LENGTHS or _LIGHTSPEEDS.fullmatch(code):
        return False
    return not (is_checked(code) or from_upc_e(code))


# By the names that the specification gives these products of a digit.
_2_MINUS, _3, _5_PLUS, _5_MINUS = "0246891357", "0369258147", "0516273849", "0594837261"


def price_check_digit(digits: str) -> str:
    """Of a price or weight of 4 or 5 digits inside a barcode.

    >>> price_check_digit("2875"), price_check_digit("14685")
    ('9', '6')
    """
    if len(digits) == 4:
        return str(3 * _products(digits, (_2_MINUS, _2_MINUS, _3, _5_MINUS)) % 10)
    total = _products(digits, (_5_PLUS, _2_MINUS, _5_MINUS, _5_PLUS, _2_MINUS))
    return str(_5_MINUS.index(str(-total % 10)))


def _products(digits: str, tables: tuple[str, ...]) -> int:
    return sum(int(table[int(digit)]) for digit, table in zip(digits, tables, strict=True))


# --- The same number, written otherwise -------------------------------------------------------


def spellings(code: str) -> set[str]:
    """All ways of writing this number as a barcode; empty where it is none."""
    written = _with_zeros(code)
    if not written:
        return written
    if upc_a := from_upc_e(code):
        written |= _with_zeros(upc_a)
    elif upc_e := to_upc_e(code):
        written.add(upc_e)
    return written


def same_number(one: str, other: str) -> bool:
    """Whether they differ in leading zeros alone."""
    return one in _with_zeros(other)


def _with_zeros(code: str) -> set[str]:
    number = code.lstrip("0")
    if not (_is_number(code) and 6 <= len(number) <= 14):
        return set()
    return {number} | {number.zfill(length) for length in _LENGTHS}


def from_upc_e(code: str) -> str:
    """The UPC-A that these 8 digits stand for; "" where they are no UPC-E.

    >>> from_upc_e("04252614")
    '042100005264'
    """
    if not (_is_number(code) and len(code) == 8 and code[0] in "01"):
        return ""
    upc_a = _expanded(code[:7]) + code[7]
    return upc_a if is_checked(upc_a) else ""


def from_short_upc_e(code: str) -> str:
    """The UPC-A of a UPC-E that was read without its check digit, and perhaps without its first
    digit too; "" where there is none. Nothing tells whether it was read right."""
    if len(code) == 6:
        code = f"0{code}"
    if not (_is_number(code) and len(code) == 7 and code[0] in "01"):
        return ""
    upc_a = _expanded(code)
    return upc_a + check_digit(upc_a)


def _expanded(code: str) -> str:
    """Without check digits."""
    system, digits, kind = code[0], code[1:6], code[6]
    if kind in "012":
        return f"{system}{digits[:2]}{kind}0000{digits[2:]}"
    if kind == "3":
        return f"{system}{digits[:3]}00000{digits[3:]}"
    if kind == "4":
        return f"{system}{digits[:4]}00000{digits[4]}"
    return f"{system}{digits}0000{kind}"


_SHORT = (
    (re.compile(r"([01])([0-9]{4}[1-9])0000([5-9])"), r"\1\2\3"),
    (re.compile(r"([01])([0-9]{3}[1-9])00000([0-9])"), r"\1\2\g<3>4"),
    (re.compile(r"([01])([0-9]{2})([0-2])0000([0-9]{3})"), r"\1\2\4\3"),
    (re.compile(r"([01])([0-9]{2}[3-9])00000([0-9]{2})"), r"\1\2\g<3>3"),
)


def to_upc_e(code: str) -> str:
    """The 8 digits that stand for this UPC-A, which may have zeros in front; "" where none do."""
    number = code.lstrip("0").zfill(12)
    if len(number) != 12 or not is_checked(number):
        return ""
    for pattern, short in _SHORT:
        if found := pattern.fullmatch(number[:-1]):
            return found.expand(short) + number[-1]
    return ""


# --- A number inside of more ------------------------------------------------------------------


_WITH_ADD_ON = re.compile(r"([0-9]{12,13})(?:[0-9]{2}|[0-9]{5})")
_ELEMENTS = re.compile(r"(?:\(01\)|01)([0-9]{14})(?:\D|$|[0-9]{2}).*", re.DOTALL)
_LINK = re.compile(r"https?://[^?#]*/01/([0-9]{8}|[0-9]{12,14})(?:[/?#].*)?", re.DOTALL)


def inner_numbers(code: str) -> list[str]:
    """Numbers of items that are part of what was scanned, and leave no doubt which item it is.

    A book or a magazine has two or five digits more beside its barcode. A code for more than a
    number (GS1 elements, or a link to the maker) has the number behind "01".

    >>> inner_numbers("978020137962454995"), inner_numbers("https://x.org/01/9780201379624/10/A1")
    (['9780201379624'], ['9780201379624'])
    """
    patterns = (_LINK, _ELEMENTS) if is_checked(code) else (_LINK, _ELEMENTS, _WITH_ADD_ON)
    found = [pattern.fullmatch(code) for pattern in patterns]
    numbers = [match[1] for match in found if match and is_checked(match[1])]
    return [*numbers, *filter(None, [from_short_upc_e(code)])]


def in_the_case(code: str) -> str:
    """The GTIN of what is in a case with this number; "" where it is not a case's.

    How much is in it, the number does not say.

    >>> in_the_case("15012345678907")
    '5012345678900'
    """
    if len(code) != 14 or code[0] not in "12345678" or not is_checked(code):
        return ""
    return code[1:-1] + check_digit(code[1:-1])


# --- Numbers inside a shop --------------------------------------------------------------------


@dataclass(frozen=True)
class Label:
    """An item's number and a price or weight. `item_codes` are the codes that the item may carry:
    the barcode with zeros for the value, or the number with what stands before it."""

    item_codes: tuple[str, ...]
    item_number: str
    value: Decimal


@dataclass(frozen=True, kw_only=True)
class InStore:
    """How a shop's own labels are made. Seen as EAN-13, two digits are in front (02 where it is a
    UPC-A), ten are the item's number and the value, and one checks them all.

    Where they leave one of the ten over it stands between the two, and checks the value if
    `checks_value`. The last `decimals` digits of the value are behind the point.

    >>> InStore(item_digits=5, value_digits=4, decimals=2, checks_value=True).read("212345307991")
    Label(item_codes=(...), item_number='12345', value=Decimal('7.99'))
    """

    item_digits: int
    value_digits: int
    decimals: int
    checks_value: bool = False

    def __post_init__(self) -> None:
        between = 10 - self.item_digits - self.value_digits
        if between not in (0, 1) or not 0 <= self.decimals <= self.value_digits:
            raise ValueError("an item's number and its value have nine or ten digits together")
        if self.checks_value and not (between and self.value_digits in (4, 5)):
            raise ValueError("only values of four or five digits have a check digit")

    def read(self, code: str) -> Label | None:
        """None for what is no such number. Raises Misread."""
        whole = self._as_ean_13(code)
        if not whole:
            return None
        number = whole[2 : 2 + self.item_digits]
        between = whole[2 + self.item_digits : -1 - self.value_digits]
        value = whole[-1 - self.value_digits : -1]
        if not is_checked(whole) or (self.checks_value and between != price_check_digit(value)):
            raise Misread(code)
        return Label(
            self._item_codes(whole[:2], number), number, Decimal(value).scaleb(-self.decimals)
        )

    def label(self, number: str, value: Decimal, front: str = "2") -> str:
        """The barcode for so much of an item: a UPC-A where `front` is 2, else an EAN-13."""
        digits = f"{int(value.scaleb(self.decimals)):0{self.value_digits}d}"
        between = "0" * (10 - self.item_digits - self.value_digits)
        if self.checks_value:
            between = price_check_digit(digits)
        code = front + number.zfill(self.item_digits) + between + digits
        return code + check_digit(code)

    @staticmethod
    def _as_ean_13(code: str) -> str:
        if not _is_number(code):
            return ""
        whole = code.zfill(13) if len(code) == 12 else code
        if len(whole) == 14 and whole[0] == "0":
            whole = whole[1:]
        return whole if len(whole) == 13 and re.match("02|2", whole) else ""

    def _item_codes(self, front: str, number: str) -> tuple[str, ...]:
        without_value = (front + number).ljust(12, "0")
        codes = [without_value + check_digit(without_value), f"{without_value}0", front + number]
        # A UPC-A begins with 2, and the 0 before it is only EAN-13's.
        codes += [code[1:] for code in codes if code[0] == "0"]
        return tuple(dict.fromkeys(codes))


def _is_number(code: str) -> bool:
    return code.isascii() and code.isdigit()
