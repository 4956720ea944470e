import pytest


@pytest.fixture
def screen(rep, browser_of):
    """The rep's iPad."""
    return browser_of(rep)
