"""A run that was killed goes on with `--resume`, and its file is the one that it would have been."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import orjson
import pyarrow.parquet as pq
import pytest

from tests.api.cli.resolving.stepwise import AT, end, finish, left_over, start
from tests.api.cli.terminal import Terminal
from tests.fixtures.point_files import PLACES, write_points

ENDINGS = (".csv", ".arrow", ".parquet", ".geojson", ".gpkg")
KILLED = -9


@pytest.fixture
def terminal(city_folder: Path, tmp_path: Path) -> Terminal:
    folder = tmp_path / "here"
    folder.mkdir()
    for ending in ENDINGS:
        write_points(folder / f"in{ending}")
    return Terminal(folder, {"GRIDSVC_DATA_DIR": str(city_folder)})


def _content(file: Path) -> object:
    """Bytes; of a GeoPackage, which holds the time it was made, its rows."""
    if file.suffix != ".gpkg":
        return file.read_bytes()
    with closing(sqlite3.connect(file)) as database:
        tables = ("answers", "gpkg_metadata", "gpkg_geometry_columns")
        return [database.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in tables]


def test_killed_at_any_step_it_goes_on_and_gives_the_same_bytes(terminal: Terminal) -> None:
    """Before the manifest is there, within and between chunks, before the whole file is in its place, and after it."""
    finish(terminal, "in.csv", "whole.csv", "--at", AT)
    whole, resumed = (terminal.folder / "whole.csv").read_bytes(), []
    for step in (2, 4, 6, 7, 8, 12, 15, 16, 17, 20):
        code, err = end(terminal, "in.csv", "out.csv", "--at", AT, kill_before=step)
        assert code == KILLED, err
        out = orjson.loads(finish(terminal, "in.csv", "out.csv", "--at", AT, "--resume", "--overwrite", "--json"))
        resumed.append(out["resumed_rows"])
        assert (terminal.folder / "out.csv").read_bytes() == whole
        assert not left_over(terminal.folder)
        (terminal.folder / "out.csv").unlink()
    assert resumed == [0, 0, 0, 2, 2, 4, 6, 6, 6, 0]


@pytest.mark.parametrize(("source", "target"), list(zip(ENDINGS, (*ENDINGS[1:], ENDINGS[0]), strict=True)))
def test_every_format_goes_on_from_a_chunk_in_the_middle(terminal: Terminal, source: str, target: str) -> None:
    names = f"in{source}", f"out{target}"
    finish(terminal, names[0], f"whole{target}", "--at", AT)
    for step in (8, 14):
        code, err = end(terminal, *names, "--at", AT, kill_before=step)
        assert code == KILLED, err
        # Once more, a few steps further.
        assert end(terminal, *names, "--at", AT, "--resume", kill_before=3)[0] == KILLED
        finish(terminal, *names, "--at", AT, "--resume")
        assert _content(terminal.folder / names[1]) == _content(terminal.folder / f"whole{target}")
        (terminal.folder / names[1]).unlink()
        assert not left_over(terminal.folder)


def test_what_is_left_is_told_and_never_thrown_away_unsaid(terminal: Terminal) -> None:
    end(terminal, "in.csv", "out.csv", kill_before=9)
    result = terminal.run("resolve", "in.csv", "out.csv", "--datum", "WGS84")
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert "out.csv.part is there from an interrupted run: say --resume to go on, or --overwrite" in result.stderr
    assert left_over(terminal.folder)
    told = orjson.loads(finish(terminal, "in.csv", "out.csv", "--overwrite", "--json"))
    assert (told["rows"], told["resumed_rows"]) == (6, 0)
    assert not left_over(terminal.folder)


def test_going_on_where_nothing_was_begun_is_a_first_run(terminal: Terminal) -> None:
    told = orjson.loads(finish(terminal, "in.csv", "out.csv", "--resume", "--json"))
    assert (told["rows"], told["resumed_rows"]) == (6, 0)


def test_rows_of_after_and_before_answer_for_the_same_instant_edition_and_roster(terminal: Terminal) -> None:
    end(terminal, "in.csv", "out.geojson", kill_before=9)
    begun = orjson.loads((terminal.folder / "out.geojson.part" / "manifest.json").read_bytes())
    terminal.ok("restore", "1", "--commit")
    (terminal.folder / "people.csv").write_text("code,name\nP-NEW,新来的人\n", "utf-8")
    terminal.ok("import", "people", "people.csv", "--commit")
    told = orjson.loads(finish(terminal, "in.csv", "out.geojson", "--resume", "--json"))
    assert {name: told[name] for name in ("edition", "roster", "at")} == {
        name: begun[name] for name in ("edition", "roster", "at")
    }
    assert told["resumed_rows"] == 2
    answered = orjson.loads((terminal.folder / "out.geojson").read_bytes())
    assert (answered["edition"], answered["at"]) == (1, begun["at"])
    finish(terminal, "in.csv", "new.geojson")
    newer = orjson.loads((terminal.folder / "new.geojson").read_bytes())
    assert newer["edition"] == 2
    assert newer["roster"] > answered["roster"]


@pytest.mark.parametrize(
    ("said", "says"),
    [
        (("--at", "2026-11-22T09:00:00+08:00"), "another --at"),
        (("--datum", "GCJ02"), "another --datum"),
    ],
)
def test_going_on_with_something_else_is_refused(terminal: Terminal, said: tuple[str, ...], says: str) -> None:
    end(terminal, "in.csv", "out.csv", "--at", AT, kill_before=9)
    _refused(*end(terminal, "in.csv", "out.csv", "--resume", *said, datum="--datum" not in said), says)
    assert left_over(terminal.folder)


def test_going_on_with_another_content_of_the_file_is_refused(terminal: Terminal) -> None:
    end(terminal, "in.csv", "out.csv", kill_before=9)
    write_points(terminal.folder / "in.csv", {**PLACES, "lat": [39.9014, *PLACES["lat"][1:]]})
    _refused(*end(terminal, "in.csv", "out.csv", "--resume"), "another content of IN")


def test_a_copy_of_the_file_under_another_name_is_the_same(terminal: Terminal) -> None:
    end(terminal, "in.csv", "out.csv", kill_before=9)
    (terminal.folder / "in.csv").rename(terminal.folder / "moved.csv")
    told = orjson.loads(finish(terminal, "moved.csv", "out.csv", "--resume", "--json"))
    assert told["resumed_rows"] == 2


def test_going_on_with_other_settings_is_refused(terminal: Terminal) -> None:
    end(terminal, "in.csv", "out.csv", kill_before=9)
    other = Terminal(terminal.folder, {**terminal.settings, "GRIDSVC_TOLERANCE_M": "5"})
    _refused(*end(other, "in.csv", "out.csv", "--resume"), "other settings")


def test_going_on_in_another_city_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    end(terminal, "in.csv", "out.csv", kill_before=9)
    other = Terminal(terminal.folder, {"GRIDSVC_DATA_DIR": str(tmp_path / "other")})
    other.ok("sample", "--cells", "60", "--commit")
    _refused(*end(other, "in.csv", "out.csv", "--resume"), "another edition, or another database")


def _refused(code: int, err: str, says: str) -> None:
    assert (code, err.count("\n")) == (2, 1), err
    assert says in err
    assert "--overwrite" in err
    assert "Traceback" not in err


def test_a_manifest_that_cannot_be_read_is_refused(terminal: Terminal) -> None:
    end(terminal, "in.csv", "out.csv", kill_before=9)
    (terminal.folder / "out.csv.part" / "manifest.json").write_bytes(b"{")
    _refused(*end(terminal, "in.csv", "out.csv", "--resume"), "damaged")


def test_a_chunk_that_cannot_be_read_is_resolved_again(terminal: Terminal) -> None:
    finish(terminal, "in.csv", "whole.parquet", "--at", AT)
    end(terminal, "in.csv", "out.parquet", "--at", AT, kill_before=13)
    chunks = sorted((terminal.folder / "out.parquet.part").glob("*.arrow"))
    assert len(chunks) == 3
    chunks[0].write_bytes(b"")
    chunks[1].write_bytes(chunks[2].read_bytes()[:-100])
    finish(terminal, "in.csv", "out.parquet", "--at", AT, "--resume")
    assert pq.read_table(terminal.folder / "out.parquet") == pq.read_table(terminal.folder / "whole.parquet")


def test_a_folder_of_somebody_else_is_left_alone(terminal: Terminal) -> None:
    folder = terminal.folder / "out.csv.part"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    (folder / "000000.arrow").write_text("mine too")
    for said in ((), ("--resume",), ("--overwrite",)):
        result = terminal.run("resolve", "in.csv", "out.csv", "--datum", "WGS84", *said)
        assert (result.returncode, "notes.txt" in result.stderr) == (2, True)
    assert len(list(folder.iterdir())) == 2
    shutil.rmtree(folder)


def test_ctrl_c_says_how_to_go_on(terminal: Terminal) -> None:
    code, err = end(terminal, "in.csv", "out.csv", kill_before=8, signal="SIGINT")
    assert code == 130, err
    assert "2 of 6 rows are kept in out.csv.part; say the same with --resume" in err
    assert "Traceback" not in err
    assert orjson.loads(finish(terminal, "in.csv", "out.csv", "--resume", "--json"))["resumed_rows"] == 2


def test_ctrl_c_while_a_geopackage_is_written_says_how_to_go_on(terminal: Terminal) -> None:
    finish(terminal, "in.csv", "whole.gpkg", "--at", AT)
    code, err = end(terminal, "in.csv", "out.gpkg", "--at", AT, kill_before=14, signal="SIGINT")
    assert (code, "6 of 6 rows are kept" in err) == (130, True), err
    finish(terminal, "in.csv", "out.gpkg", "--at", AT, "--resume")
    assert _content(terminal.folder / "out.gpkg") == _content(terminal.folder / "whole.gpkg")


def test_two_runs_into_one_file_are_one_too_many(terminal: Terminal) -> None:
    first = start(terminal, "in.csv", "out.csv", kill_before=9, signal="SIGSTOP")
    folder = terminal.folder / "out.csv.part"
    while not (folder / "000000.arrow").exists():
        assert first.poll() is None, first.texts()
    for said in ((), ("--resume",), ("--overwrite",)):
        result = terminal.run("resolve", "in.csv", "out.csv", "--datum", "WGS84", *said)
        assert (result.returncode, "Another process is writing out.csv" in result.stderr) == (2, True), result.stderr
    first.kill()
    first.communicate()
    assert orjson.loads(finish(terminal, "in.csv", "out.csv", "--resume", "--json"))["rows"] == 6
