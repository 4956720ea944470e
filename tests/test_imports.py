"""The packages import each other in one direction only."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent / "salesfloor"

# What each package may import of ours, besides itself.
MAY_IMPORT = {
    "money": set(),
    "words": set(),
    "lightspeed": {"money"},
    "lightspeed_login": {"lightspeed"},
    "staff": {"lightspeed", "money"},
    "catalog": {"staff", "lightspeed", "money", "words"},
    "shelf": {"catalog", "staff", "lightspeed", "money", "words"},
    "outbox": {"staff", "lightspeed", "money"},
    "terminals": {"staff", "lightspeed", "money"},
    "customers": {"outbox", "staff", "lightspeed", "money", "words"},
    "mirror": {"catalog", "customers", "staff", "lightspeed", "money"},
    "sales": {
        "catalog",
        "customers",
        "mirror",
        "outbox",
        "shelf",
        "terminals",
        "staff",
        "lightspeed",
        "money",
    },
    "receipts": {"sales", "catalog", "customers", "outbox", "staff", "lightspeed", "money"},
    "returns": {
        "receipts",
        "sales",
        "catalog",
        "customers",
        "outbox",
        "staff",
        "lightspeed",
        "money",
    },
    "orders": {
        "receipts",
        "sales",
        "catalog",
        "customers",
        "outbox",
        "staff",
        "lightspeed",
        "money",
    },
    "elsewhere": {
        "receipts",
        "sales",
        "catalog",
        "customers",
        "outbox",
        "staff",
        "lightspeed",
        "money",
    },
    "dashboard": {
        "orders",
        "returns",
        "receipts",
        "sales",
        "mirror",
        "catalog",
        "customers",
        "outbox",
        "terminals",
        "staff",
        "lightspeed",
        "money",
    },
    "simulator": set(),
}


def imported_by(package: str) -> set[str]:
    path = ROOT / package
    files = [path.with_suffix(".py")] if not path.is_dir() else path.rglob("*.py")
    names: set[str] = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "salesfloor":
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names.add(_package_of(node.module or ""))
            elif isinstance(node, ast.Import):
                names |= {_package_of(alias.name) for alias in node.names}
    return names - {"", package}


def _package_of(module: str) -> str:
    head, _, rest = module.partition(".")
    return rest.split(".")[0] if head == "salesfloor" else ""


@pytest.mark.parametrize(
    "package", [p for p in MAY_IMPORT if (ROOT / p).exists() or p in ("money", "words")]
)
def test_package_imports_only_what_lies_below_it(package):
    assert imported_by(package) <= MAY_IMPORT[package]


def test_every_package_has_its_place_in_the_order():
    packages = {path.name for path in ROOT.iterdir() if (path / "__init__.py").exists()}
    assert packages - {"management", "locale"} <= set(MAY_IMPORT)


def test_nobody_imports_the_simulator():
    importers = [
        file
        for file in ROOT.rglob("*.py")
        if "simulator" not in file.parts and "salesfloor.simulator" in _imports(file)
    ]
    assert importers == []


def _imports(file: Path) -> str:
    tree = ast.parse(file.read_text())
    return " ".join(
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    )
