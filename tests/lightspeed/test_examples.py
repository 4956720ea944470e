import doctest
from types import ModuleType
from typing import Any

import pytest

from salesfloor import money
from salesfloor.lightspeed import client, drafts, errors, oauth, ratelimit, records, transport
from salesfloor.lightspeed.records import wire
from salesfloor.sales import totals
from tests.conftest import REP
from tests.lightspeed.conftest import Keeper
from tests.simulator.running import RunningSimulator

MODULES = [drafts, errors, money, oauth, ratelimit, records, totals, transport, wire]


def run_examples(module: ModuleType, **names: Any) -> doctest.TestResults:
    return doctest.testmod(
        module, extraglobs=names, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    )


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_the_examples_in_the_documentation_are_true(module: ModuleType) -> None:
    result = run_examples(module)
    assert result.attempted > 0
    assert result.failed == 0


def test_the_examples_of_the_client_are_true_at_a_lightspeed(simulator: RunningSimulator) -> None:
    tokens = Keeper(simulator.grant(REP).access_token)
    result = run_examples(client, tokens=tokens, base_url=simulator.url)
    assert result.attempted >= 5
    assert result.failed == 0
