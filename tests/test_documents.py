"""README says what is true."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_readme_lists_every_environment_variable():
    settings = (ROOT / "salesfloor" / "settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings))
    listed = set(re.findall(r"`([A-Z_]{4,})`", (ROOT / "README.md").read_text()))
    assert read <= listed
