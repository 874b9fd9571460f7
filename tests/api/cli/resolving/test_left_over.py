"""What is left of an interrupted run is for the same question alone: nothing else goes on with it, or takes it away."""

import shutil
from pathlib import Path

import orjson
import pyarrow.parquet as pq
import pytest

from tests.api.cli.resolving.stepwise import AT, end, finish, left_over, terminal
from tests.api.cli.terminal import Terminal
from tests.fixtures.point_files import PLACES, write_points

__all__ = ["terminal"]


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
