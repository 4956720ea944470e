"""What others wrote and we serve: whole, with version and licence, and from here alone."""

import hashlib
import re
from pathlib import Path

import pytest

VENDOR = Path(__file__).parent.parent / "static/vendor"
PACKAGES = sorted(VENDOR.iterdir())


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_package_is_named_by_its_version_and_has_its_licence(package):
    assert re.fullmatch(r"[a-z-]+-\d+\.\d+\.\d+", package.name)
    assert "MIT License" in (package / "LICENSE").read_text()


def test_no_script_names_a_source_map():
    """Which would not be there: collectstatic refuses that."""
    for script in VENDOR.glob("**/*.js"):
        assert "sourceMappingURL" not in script.read_text()


def test_wasm_is_the_one_that_the_detector_was_built_with():
    (wasm,) = VENDOR.glob("zxing-wasm-*/zxing_reader.wasm")
    (detector,) = VENDOR.glob("barcode-detector-*/ponyfill.js")
    assert hashlib.sha256(wasm.read_bytes()).hexdigest() in detector.read_text()
    assert wasm.parent.name.removeprefix("zxing-wasm-") in detector.read_text()
