"""Wrong use of the terminal: exit code 2, one line that says what is right, nothing written, no traceback."""

import os
import shutil
import socket
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
        (("nonsense",), "gridsvc --help"),
        (("import",), "gridsvc import --help"),
        (("check", "--nonsense"), "--nonsense"),
        (("db", "nonsense"), "gridsvc db --help"),
        (("user", "add", "wang", "--role", "KING"), "'KING' is not one of 'VISITOR'"),
        (("user", "revoke", "collector"), "`gridsvc user tokens LOGIN`"),
        (("user", "token", "wang", "--name", "gate"), "'--action'"),
        (("sample", "--cells", "many"), "a whole number is wanted"),
        (("sample", "--cells", "3"), "50"),
    ],
)
def test_what_was_named_wrong_is_code_2_with_one_line(run: Run, arguments: tuple[str, ...], says: str) -> None:
    code, err = run(*arguments)
    assert code == 2, err
    assert says in err
    assert "Traceback" not in err
    assert err.startswith("gridsvc: ")
    assert err.count("\n") == 1


def test_a_setting_that_is_no_number_is_said_in_plain_words(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDSVC_TOLERANCE_M", "abc")
    assert run("doctor") == (2, "gridsvc: GRIDSVC_TOLERANCE_M: a number is wanted\n")


def test_an_unreadable_file_is_code_2(run: Run, city_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "areas.geojson")

    monkeypatch.setattr(Path, "open", refuse)  # the tests may run as root, who may read everything
    code, err = run(*IMPORT)
    assert (code, "permission denied" in err) == (2, True)


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_that_is_taken_is_said_before_anything_is_done(
    run: Run, city_folder: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("GRIDSVC_PORT", str(port))
        monkeypatch.setenv("GRIDSVC_DATA_DIR", str(city_folder / "new"))
        code, err = run(command)
    assert (code, err) == (
        3,
        f"gridsvc: port {port} is taken; stop what listens there, or set GRIDSVC_PORT to another\n",
    )
    assert not (city_folder / "new").exists()


def test_an_address_of_another_machine_is_code_3(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDSVC_HOST", "192.0.2.1")
    code, err = run("serve")
    assert (code, "GRIDSVC_HOST" in err) == (3, True)


@pytest.mark.parametrize("arguments", [("export", "areas", "out.geojson"), ("check",), ("tiles",)])
def test_where_nothing_is_published_it_says_what_comes_first(
    run: Run, tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "gridsvc.db")
    monkeypatch.setenv("GRIDSVC_DATA_DIR", str(tmp_path))
    code, err = run(*arguments)
    assert (code, err) == (3, "gridsvc: nothing is published yet: import layers, then `gridsvc publish --commit`\n")


def test_serving_says_where_to_look_and_what_is_still_missing(
    run: Run, tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "gridsvc.db")
    monkeypatch.setenv("GRIDSVC_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("GRIDSVC_PORT", "65001")
    monkeypatch.setattr("api.cli.service.check_port", lambda _: None)
    monkeypatch.setattr("api.cli.service.run_server", lambda _: None)
    code, err = run("serve")
    assert code == 0
    assert [line.partition(" ")[0] for line in err.splitlines()] == ["No", "Nobody", "Open"]
    assert "http://127.0.0.1:65001/ (desk)" in err


@pytest.mark.parametrize(("command", "says"), [("serve", "no account of an ADMIN"), ("demo", "would show the demo")])
def test_an_address_that_is_refused_is_not_offered_first(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: str, says: str
) -> None:
    monkeypatch.setenv("GRIDSVC_HOST", "0.0.0.0")
    monkeypatch.setattr("api.cli.service.check_port", lambda _: None)
    code, err = run(command)
    assert (code, err.count("\n"), says in err) == (2, 1, True), err


def test_a_dry_run_of_publishing_says_what_has_to_be_mended_first(run: Run) -> None:
    write_geojson(Path("areas.geojson"), tiny_territory().areas[1:])
    assert run(*IMPORT, "--commit")[0] == 0
    code, err = run("publish")
    assert code == 1, err
    last = err.splitlines()[-1]
    assert "block" in last
    assert "gridsvc accept" in last
    assert "--commit" not in last


def test_the_right_use_of_the_same_works(run: Run, city_folder: Path) -> None:
    code, err = run(*IMPORT)
    assert code == 0, err
    assert run("export", "areas", "out.geojson")[0] == 0
    assert (city_folder / "out.geojson").stat().st_size > 0
