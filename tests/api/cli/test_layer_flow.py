"""From files to an edition in force, in a real terminal: refusals first."""

from pathlib import Path

import pytest

from tests.api.cli.terminal import Terminal
from tests.fixtures.layer_files import write_geojson
from tests.fixtures.tiny_city import AREAS, CELLS, tiny_territory


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    terminal = Terminal(tmp_path, {"GRIDSVC_CRS": "EPSG:4548"})
    terminal.ok("db", "upgrade")
    return terminal


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    city = tiny_territory()
    layers = {"areas": city.areas, "cells": city.cells, "segments": city.segments}
    return {name: str(write_geojson(tmp_path / f"{name}.geojson", rows)) for name, rows in layers.items()}


def _import_all(terminal: Terminal, files: dict[str, str]) -> None:
    for layer, scheme in (("areas", AREAS), ("cells", CELLS), ("segments", "STREET_LOCAL")):
        terminal.ok("import", layer, files[layer], "--scheme", scheme, "--datum", "WGS84", "--commit")


def test_commands_say_what_to_do_before_there_is_a_schema(tmp_path: Path) -> None:
    result = Terminal(tmp_path).run("check")
    assert result.returncode == 3
    assert "db upgrade" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_unknown_layer_is_wrong_use(terminal: Terminal, files: dict[str, str]) -> None:
    result = terminal.run("import", "grids", files["cells"], "--scheme", CELLS, "--datum", "WGS84")
    assert result.returncode == 2
    assert "cells" in result.stderr


def test_a_missing_datum_is_wrong_use_and_says_what_is_accepted(terminal: Terminal, files: dict[str, str]) -> None:
    result = terminal.run("import", "cells", files["cells"], "--scheme", CELLS, "--commit")
    assert result.returncode in (1, 2)
    assert "--datum" in result.stderr
    assert "GCJ02" in result.stderr


def test_import_without_commit_writes_nothing(terminal: Terminal, files: dict[str, str]) -> None:
    report = terminal.json("import", "cells", files["cells"], "--scheme", CELLS, "--datum", "WGS84")
    assert isinstance(report, dict)
    assert (report["added"], report["committed"]) == (9, False)
    assert terminal.run("publish").returncode != 0


def test_publish_without_commit_publishes_nothing(terminal: Terminal, files: dict[str, str]) -> None:
    _import_all(terminal, files)
    assert terminal.run("publish").returncode == 0
    assert terminal.run("export", "cells", "out.geojson").returncode != 0


def test_layers_go_from_files_to_an_edition_and_back_to_files(terminal: Terminal, files: dict[str, str]) -> None:
    _import_all(terminal, files)
    assert terminal.run("check").returncode == 0
    edition = terminal.json("publish", "--commit", "--comment", "first")
    assert isinstance(edition, dict)
    assert (edition["number"], edition["counts"]["cells"], edition["counts"]["segments"]) == (1, 9, 3)
    assert edition["crs"] == "EPSG:4548"
    terminal.ok("export", "cells", "out.geojson")
    again = terminal.json("import", "cells", "out.geojson", "--scheme", CELLS, "--datum", "WGS84")
    assert isinstance(again, dict)
    assert (again["unchanged"], again["added"], again["changed"]) == (9, 0, 0)


def test_a_restored_edition_has_the_same_digest(terminal: Terminal, files: dict[str, str]) -> None:
    _import_all(terminal, files)
    first = terminal.json("publish", "--commit")
    again = terminal.json("restore", "1", "--commit")
    assert isinstance(first, dict)
    assert isinstance(again, dict)
    assert (again["number"], again["restored_from"], again["digest"]) == (2, 1, first["digest"])
