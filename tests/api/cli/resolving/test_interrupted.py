"""A run that was killed goes on with `--resume`, and its file is the one that it would have been."""

import orjson
import pytest

from tests.api.cli.resolving.stepwise import AT, ENDINGS, content_of, end, finish, left_over, start, terminal
from tests.api.cli.terminal import Terminal

__all__ = ["terminal"]
KILLED = -9


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
    code, err = end(terminal, *names, "--at", AT, kill_before=8)
    assert code == KILLED, err
    # Once more: in the last chunk, and while the whole file is put together.
    assert end(terminal, *names, "--at", AT, "--resume", kill_before=5)[0] == KILLED
    assert end(terminal, *names, "--at", AT, "--resume", kill_before=5)[0] == KILLED
    assert len(list((terminal.folder / f"{names[1]}.part").glob("00*.arrow"))) == 3
    finish(terminal, *names, "--at", AT, "--resume")
    assert content_of(terminal.folder / names[1]) == content_of(terminal.folder / f"whole{target}")
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
    assert content_of(terminal.folder / "out.gpkg") == content_of(terminal.folder / "whole.gpkg")


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
