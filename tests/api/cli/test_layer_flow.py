"""From files to an edition in force, in a real terminal: refusals first. Each command is a process, so they are few."""

import shutil
import zipfile
from pathlib import Path

import pytest

from tests.api.cli.terminal import Terminal
from tests.fixtures.disks import SMALL_DISK
from tests.fixtures.layer_files import write_geojson
from tests.fixtures.tiny_city import AREAS, CELLS, tiny_territory

LAYERS = (("areas", AREAS), ("cells", CELLS), ("segments", "STREET_LOCAL"))


def _import(layer: str, scheme: str, *more: str) -> tuple[str, ...]:
    return ("import", layer, f"{layer}.geojson", "--scheme", scheme, "--datum", "WGS84", *more)


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny city's files, and its layers in a draft; to be copied."""
    folder, city = tmp_path_factory.mktemp("imported"), tiny_territory()
    for layer, _ in LAYERS:
        write_geojson(folder / f"{layer}.geojson", getattr(city, layer))
    terminal = Terminal(folder)
    terminal.ok("db", "upgrade")
    for layer, scheme in LAYERS:
        terminal.ok(*_import(layer, scheme, "--commit"))
    return folder


@pytest.fixture
def terminal(tmp_path: Path, imported: Path) -> Terminal:
    return Terminal(Path(shutil.copytree(imported, tmp_path / "city")))


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "says"),
    [
        (("check",), {}, 3, "db upgrade"),
        (("db", "upgrade"), {"GRIDSVC_DATA_DIR": "/proc/nowhere"}, 3, "GRIDSVC_DATA_DIR"),
        (("check",), {"GRIDSVC_DATABASE_URL": "postgresql+psycopg://u:s3cret@127.0.0.1:1/x"}, 3, "reached"),
        (("serve",), {"GRIDSVC_PORT": "eighty"}, 2, "GRIDSVC_PORT"),
        (("chekc",), {}, 2, "check"),
    ],
)
def test_what_is_not_ready_or_not_meant_so(
    tmp_path: Path, arguments: tuple[str, ...], settings: dict[str, str], code: int, says: str
) -> None:
    result = Terminal(tmp_path, settings).run(*arguments)
    assert (result.returncode, result.stdout) == (code, "")
    assert says in result.stderr
    assert "Traceback" not in result.stderr
    assert "s3cret" not in result.stderr


def test_wrong_use_writes_nothing_and_says_what_is_right(terminal: Terminal) -> None:
    for arguments, code, says in (
        (("import", "grids", "cells.geojson", "--datum", "WGS84", "--commit"), 2, "cells"),
        (("import", "cells", "cells.geojson", "--scheme", CELLS, "--commit"), 1, "GCJ02"),
        (("publish", "--at", "2020-01-01T00:00:00+08:00", "--commit"), 2, "past"),
        (("publish", "--at", "2030-01-01T00:00:00", "--commit"), 2, "offset"),
        (("export", "cells", "out.geojson"), 3, "nothing is published yet"),
        (("bench",), 3, "edition"),
    ):
        result = terminal.run(*arguments)
        assert (result.returncode, result.stdout) == (code, ""), result.stderr
        assert says in result.stderr
        assert "Traceback" not in result.stderr
    assert not (terminal.folder / "out.geojson").exists()


def test_a_disk_that_is_full_while_a_zip_is_unpacked_is_told_in_one_line(terminal: Terminal, small_disk: Path) -> None:
    with zipfile.ZipFile(terminal.folder / "cells.zip", "w") as archive:
        archive.writestr("cells.geojson", bytes(2 * SMALL_DISK))
    full = Terminal(terminal.folder, {"TMPDIR": str(small_disk)})
    result = full.run("import", "cells", "cells.zip", "--scheme", CELLS, "--datum", "WGS84", "--commit")
    assert (result.returncode, result.stdout) == (3, "")
    assert result.stderr.splitlines() == ["gridsvc: no space left on device; make room, for temporary files too"]


def test_layers_go_from_files_to_an_edition_and_back_to_files(terminal: Terminal) -> None:
    report = terminal.json(*_import("cells", CELLS))
    assert isinstance(report, dict)
    assert (report["unchanged"], report["committed"]) == (9, False)
    assert terminal.run("publish").returncode == 0

    first = terminal.json("publish", "--commit", "--comment", "first")
    assert isinstance(first, dict)
    assert (first["number"], first["counts"]["cells"], first["counts"]["segments"]) == (1, 9, 3)
    assert first["effective_from"].endswith("+08:00")

    wrote = terminal.json("export", "cells", "out.geojson")
    assert wrote == {"layer": "cells", "rows": 9, "file": "out.geojson"}
    bench = terminal.json("bench", "--points", "1000")
    assert isinstance(bench, dict)
    assert [speed["places"] for speed in bench["speeds"]] == [1000, 1000]
    assert all(speed["per_second"] > 0 for speed in bench["speeds"])
    told = terminal.run("bench", "--points", "1000")
    assert (told.returncode, "as a batch" in told.stdout, told.stderr.count("Edition 1, 9 cells")) == (0, True, 1)
    again = terminal.json("import", "cells", "out.geojson", "--scheme", CELLS, "--datum", "WGS84")
    assert isinstance(again, dict)
    assert (again["unchanged"], again["added"], again["changed"]) == (9, 0, 0)

    restored = terminal.json("restore", "1", "--commit")
    assert isinstance(restored, dict)
    assert (restored["number"], restored["restored_from"], restored["digest"]) == (2, 1, first["digest"])
