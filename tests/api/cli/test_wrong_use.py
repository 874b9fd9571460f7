"""Wrong use of the terminal: exit code 2, one line that says what is right, nothing written, no traceback."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli import main
from tests.fixtures.layer_files import write_geojson
from tests.fixtures.tiny_city import AREAS, tiny_territory

Run = Callable[..., tuple[int, str]]
IMPORT = ("import", "areas", "areas.geojson", "--scheme", AREAS, "--datum", "WGS84")


@pytest.fixture
def run(city_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """One command in this process, in a folder with a file of areas and the tiny city's database; code and stderr."""
    write_geojson(city_folder / "areas.geojson", tiny_territory().areas)
    (city_folder / "folder").mkdir()
    monkeypatch.chdir(city_folder)
    for name in [name for name in os.environ if name.startswith("GRIDSVC_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GRIDSVC_DATA_DIR", str(city_folder))

    def command(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["gridsvc", *arguments])
        try:
            main()
        except SystemExit as ended:
            return int(ended.code or 0), capsys.readouterr().err
        return 0, capsys.readouterr().err

    return command


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("import", "areas", "nowhere.geojson", "--scheme", AREAS, "--datum", "WGS84"), "nowhere.geojson"),
        (("import", "areas", "folder", "--scheme", AREAS, "--datum", "WGS84"), "folder"),
        (("import", "areas", "/dev/null", "--scheme", AREAS, "--datum", "WGS84"), "device"),
        (("import", "areas", "areas.docx", "--scheme", AREAS, "--datum", "WGS84"), "areas.docx"),
        ((*IMPORT, "--encoding", "KLINGON"), "GBK"),
        ((*IMPORT, "--map", "nothing"), "col=field"),
        ((*IMPORT, "--map", "code=a", "--map", "code=b"), "twice"),
        ((*IMPORT, "--map", "colour=a"), "no column colour"),
        ((*IMPORT, "--draft", "99"), "99"),
        ((*IMPORT, "--accept", "x"), "--reason"),
        (("import", "areas", "areas.geojson", "--scheme", AREAS, "--datum", "@nowhere.wkt"), "nowhere.wkt"),
        (("export", "areas", "folder"), "folder"),
        (("export", "areas", "areas.geojson"), "another file"),
        (("export", "areas", "out.geojson", "--edition", "99"), "99"),
        (("check", "--geojson", "nowhere/out.geojson"), "nowhere"),
        (("accept", "no-such-id", "--reason", "why not"), "no-such-id"),
        (("accept", "no-such-id", "--reason", " "), "reason"),
        (("publish",), "draft"),
        (("publish", "--draft", "99"), "99"),
        (("publish", "--at", "yesterday"), "--at"),
        (("restore", "99"), "99"),
        (("restore", "1", "--at", "soon"), "--at"),
        (("resolve", "nowhere.csv", "out.csv", "--datum", "WGS84"), "nowhere.csv"),
    ],
)
def test_what_was_named_wrong_is_code_2_with_one_line(run: Run, arguments: tuple[str, ...], says: str) -> None:
    code, err = run(*arguments)
    assert code == 2, err
    assert says in err
    assert "Traceback" not in err


def test_an_unreadable_file_is_code_2(run: Run, city_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "areas.geojson")

    monkeypatch.setattr(Path, "open", refuse)  # the tests may run as root, who may read everything
    code, err = run(*IMPORT)
    assert (code, "permission denied" in err) == (2, True)


def test_the_right_use_of_the_same_works(run: Run, city_folder: Path) -> None:
    code, err = run(*IMPORT)
    assert code == 0, err
    assert run("export", "areas", "out.geojson")[0] == 0
    assert (city_folder / "out.geojson").stat().st_size > 0
