import doctest

import pytest

from salesfloor import money
from salesfloor.lightspeed import drafts, errors, ratelimit, records
from salesfloor.lightspeed.records import wire
from salesfloor.sales import totals


@pytest.mark.parametrize(
    "module", [drafts, errors, money, ratelimit, records, totals, wire], ids=str
)
def test_the_examples_in_the_documentation_are_true(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0
    assert result.failed == 0
