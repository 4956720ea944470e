from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

from salesfloor.bundles import BUNDLES
from tests.bench.weight import Loads


@pytest.mark.parametrize("name", BUNDLES)
def test_bundle_holds_its_parts_in_their_order(name):
    whole = Path(finders.find(name)).read_text()
    places = [whole.index(Path(finders.find(part)).read_text()) for part in BUNDLES[name]]
    assert places == sorted(places)


def test_bundles_are_collected_as_any_other_file(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    assert all((tmp_path / name).stat().st_size for name in BUNDLES)


def test_first_visit_to_the_selling_screen_takes_six_requests_at_most(rep, browser_of):
    page = browser_of(rep).get("/sell/", headers={"HX-Request": ""}).content.decode()
    assert 1 + len(Loads(page).files) <= 6


def test_no_page_loads_a_file_a_second_time_beside_a_bundle_that_holds_it(rep, browser_of):
    page = browser_of(rep).get("/sell/", headers={"HX-Request": ""}).content.decode()
    loaded = {path.removeprefix("/static/") for path in Loads(page).files}
    for name in loaded & set(BUNDLES):
        assert not loaded & set(BUNDLES[name])
