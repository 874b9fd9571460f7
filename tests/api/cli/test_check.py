"""`gridsvc check`: the roster's findings are told with those of the map, and what was looked at."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.settings import Settings
from gridsvc.model.people import Assignment
from gridsvc.model.roster import RosterChange
from gridsvc.store import open_store
from tests.api.cli.terminal import Terminal

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def terminal(tmp_path: Path, city_folder: Path) -> Terminal:
    """A terminal before a city whose subdistrict has had two chiefs on one post for long."""
    second = Assignment(code="N", post="CHIEF-WEST", person="P03")
    with closing(open_store(Settings(data_dir=city_folder).store_url)) as store:
        store.append_roster([RosterChange("assignments", "N", second)], NOW)
    return Terminal(tmp_path, {"GRIDSVC_DATA_DIR": str(city_folder)})


def test_an_edition_is_checked_with_all_that_the_roster_page_finds(terminal: Terminal) -> None:
    told = terminal.run("check")
    assert (told.returncode, "TWO_HOLDERS" in told.stderr) == (1, True), told.stderr
    assert told.stderr.splitlines()[-1] == "Looked at edition 1 with the roster, revision 2."


def test_a_draft_is_checked_as_publishing_will_and_says_where_the_rest_is(
    terminal: Terminal, city_folder: Path
) -> None:
    with closing(open_store(Settings(data_dir=city_folder).store_url)) as store:
        number = store.create_draft(NOW).number
    told = terminal.run("check", "--geojson", "found.geojson")
    assert (told.returncode, "TWO_HOLDERS" in told.stderr) == (0, False), told.stderr
    assert told.stderr.splitlines()[-1].startswith(f"Looked at draft {number}, as publishing will; ")
    assert "/api/v1/roster/issues" in told.stderr.splitlines()[-1]
    assert f"to {terminal.folder / 'found.geojson'}." in told.stderr
