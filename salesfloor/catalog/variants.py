"""The sizes and colours of one product set out as a grid, and which of them a rep means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from salesfloor.catalog import size_runs
from salesfloor.catalog.models import Item, ItemMatrix, add_stock
from salesfloor.staff.models import Shop
from salesfloor.words import words

ATTRIBUTES = ("attribute1", "attribute2", "attribute3")


@dataclass(frozen=True)
class Cell:
    """What a combination of values is sold as. Empty where it is not made; more than one where
    Lightspeed has several items for it."""

    value: str  # in its row
    variants: tuple[Item, ...]


@dataclass(frozen=True)
class Row:
    value: str
    cells: tuple[Cell, ...]

    @property
    def pictured(self) -> Item | None:
        """One that shows what the row looks like."""
        variants = [variant for cell in self.cells for variant in cell.variants]
        return next((variant for variant in variants if variant.has_picture), None)


@dataclass(frozen=True)
class Section:
    value: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Grid:
    """The names are the attribute set's, empty where there is no such attribute or no name for it.

    With one attribute there is one row, with two one section.
    """

    column_name: str
    row_name: str
    section_name: str
    columns: tuple[str, ...]
    sections: tuple[Section, ...]

    @property
    def variants(self) -> list[Item]:
        return [
            variant
            for section in self.sections
            for row in section.rows
            for cell in row.cells
            for variant in cell.variants
        ]

    def named(self) -> Iterator[tuple[str, str, Item]]:
        """Those for sale, each with what its row is called and what it is in the row."""
        for section in self.sections:
            for row in section.rows:
                name = " / ".join(filter(None, [section.value, row.value]))
                for cell in row.cells:
                    for variant in cell.variants:
                        if not variant.archived:
                            yield name, cell.value or variant.description, variant

    @property
    def are_rows_pictured(self) -> bool:
        """Whether the pictures tell one row from another."""
        rows = [row for section in self.sections for row in section.rows]
        pictures = {row.pictured.image_public_id for row in rows if row.pictured}
        return len(rows) > 1 and len(pictures) > 1


def variants_of(matrix: ItemMatrix, shop: Shop) -> list[Item]:
    """All, archived ones too, with their stock, in the order in which Lightspeed numbers them."""
    variants = list(matrix.items.order_by("lightspeed_id"))
    add_stock([variant for variant in variants if not variant.archived], shop)
    return variants


def grid(variants: Sequence[Item], names: Sequence[str], *, chosen: Item) -> Grid:
    """`names` are those of the attributes. Values of which all is archived are left out, unless
    `chosen` is one of them."""
    kept = _without_values_that_are_gone(variants, chosen)
    values = {name: [getattr(item, name) for item in kept] for name in ATTRIBUTES}
    used = [name for name in ATTRIBUTES if any(values[name])] or [ATTRIBUTES[0]]
    column, row, section = _places(used, values)
    named = dict(zip(ATTRIBUTES, names, strict=False))
    columns = tuple(size_runs.in_order(values[column]))

    places: dict[tuple[str, str, str], list[Item]] = defaultdict(list)
    for item in kept:
        of_section, of_row, value = (getattr(item, n) if n else "" for n in (section, row, column))
        places[of_section, of_row, value].append(item)
    # Where values were entered as free text, most combinations are none.
    made = {(of_section, of_row) for of_section, of_row, _ in places}

    def in_order(attribute: str) -> list[str]:
        return size_runs.in_order(values[attribute]) if attribute else [""]

    def cell(of_section: str, of_row: str, value: str) -> Cell:
        found = places.get((of_section, of_row, value), [])
        # One that was made anew stands for the one that is gone.
        living = [item for item in found if not item.archived]
        return Cell(value, tuple(living or found[:1]))

    rows = in_order(row)
    sections = tuple(
        Section(
            of_section,
            tuple(
                Row(of_row, tuple(cell(of_section, of_row, value) for value in columns))
                for of_row in rows
                if (of_section, of_row) in made
            ),
        )
        for of_section in in_order(section)
    )
    return Grid(
        named.get(column, ""), named.get(row, ""), named.get(section, ""), columns, sections
    )


def _without_values_that_are_gone(variants: Sequence[Item], chosen: Item) -> list[Item]:
    living = [item for item in variants if not item.archived or item.pk == chosen.pk]
    there = {name: {getattr(item, name) for item in living} for name in ATTRIBUTES}
    return [
        item for item in variants if all(getattr(item, name) in there[name] for name in ATTRIBUTES)
    ]


def _places(used: Sequence[str], values: dict[str, list[str]]) -> tuple[str, str, str]:
    """Which attribute goes into columns, rows and sections; "" where there is none for it.

    Sizes lie side by side, the longest run of them where there are several; of the two others the
    one with fewer values parts the sections.
    """
    many = {name: len(set(values[name])) for name in used}
    runs = [name for name in used if size_runs.sizes(values[name])]
    column = max(runs, key=many.__getitem__) if runs else used[min(1, len(used) - 1)]
    others = [name for name in used if name != column]
    others.sort(key=many.__getitem__, reverse=True)  # stable: the later one of two alike
    row, section = (*others, "", "")[:2]
    return column, row, section


def meant(variants: Sequence[Item], query: str) -> set[int]:
    """The primary keys of those that fit the words by which they were searched more closely than
    their siblings; empty where the words mean all alike."""
    code = query.strip().upper()
    if coded := {item.pk for item in variants if code and code in _codes(item)}:
        return coded
    asked = words(query)
    fits = {item.pk: _fit(item, asked) for item in variants if not item.archived}
    best = max(fits.values(), default=0)
    found = {pk for pk, fit in fits.items() if fit == best}
    return found if len(found) < len(fits) else set()


def _fit(item: Item, asked: Sequence[str]) -> int:
    """A whole word counts twice: of "10" and "10.5" the first is meant by "10"."""
    own = [word for name in ATTRIBUTES for word in words(getattr(item, name))]
    whole = sum(word in own for word in asked)
    begun = sum(any(each.startswith(word) for each in own) for word in asked)
    return whole + begun


def _codes(item: Item) -> set[str]:
    codes = (item.upc, item.ean, item.system_sku, item.custom_sku, item.manufacturer_sku)
    return {code.upper() for code in codes if code}
