"""What the documents say is true."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from salesfloor.simulator.faults import KINDS

ROOT = Path(__file__).resolve().parent.parent
RELIABILITY = (ROOT / "docs" / "reliability.md").read_text()


def test_readme_lists_every_environment_variable():
    settings = (ROOT / "salesfloor" / "settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings))
    listed = set(re.findall(r"`([A-Z_]{4,})`", (ROOT / "README.md").read_text()))
    assert read <= listed


def rows_of_faults() -> Iterator[tuple[list[str], str]]:
    """The faults of each row of the table, and what becomes of a paid sale that meets one."""
    for faults, said in re.findall(r"^\| (`.+?`) \| \*\*(.+?)\*\*", RELIABILITY, re.MULTILINE):
        yield re.findall(r"`(\w+)`", faults), said


def what_becomes_of_a_sale() -> dict[str, str]:
    return {fault: said for faults, said in rows_of_faults() for fault in faults}


def test_every_fault_of_the_simulator_has_its_row_in_the_table():
    told = [fault for faults, _ in rows_of_faults() for fault in faults]
    assert sorted(told) == sorted(KINDS)


@pytest.mark.parametrize(
    "named", sorted(set(re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", RELIABILITY)))
)
def test_every_test_that_is_named_exists(named):
    path, _, name = named.partition("::")
    assert f"def {name}(" in (ROOT / path).read_text() if name else (ROOT / path).exists()
