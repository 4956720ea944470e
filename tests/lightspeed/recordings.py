"""Lightspeed's recorded answers: third-party test data that lies beside the project, not in it."""

import csv
import json
import os
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

DIRECTORY = Path(
    os.environ.get("LIGHTSPEED_RECORDINGS")
    or Path(__file__).resolve().parents[3] / "shared" / "recorded"
)

needs_recordings = pytest.mark.skipif(
    not DIRECTORY.is_dir(), reason=f"no recorded answers in {DIRECTORY} (LIGHTSPEED_RECORDINGS)"
)


def index(table: str, *fidelities: str) -> list[dict[str, str]]:
    """The rows of INDEX.tsv or SALES.tsv with one of these fidelities; none where it is absent."""
    if not DIRECTORY.is_dir():
        return []
    with (DIRECTORY / f"{table}.tsv").open(encoding="utf-8", newline="") as rows:
        return [
            row for row in csv.DictReader(rows, delimiter="\t") if row["fidelity"] in fidelities
        ]


@cache
def response(name: str) -> Any:
    """`status`, `headers` and `body` of a recorded answer, JSON as the client parses it."""
    text = (DIRECTORY / f"{name}.json").read_text(encoding="utf-8")
    return json.loads(text, parse_float=Decimal)["response"]


def body(name: str) -> Any:
    return response(name)["body"]
