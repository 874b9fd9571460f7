"""A disk that takes no more ends a run in one line that says what to do, and what was done is not done again."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import pytest

from api.cli.resolving.run import Run as Work
from tests.api.cli.resolving.in_process import Run, done, run
from tests.fixtures.disks import files_of_at_most
from tests.fixtures.point_files import write_points

__all__ = ["run"]
ROWS = 200


@pytest.fixture
def source() -> Path:
    return _write(ROWS)


def _write(rows: int) -> Path:
    columns = {"id": [f"{row}" for row in range(rows)], "lon": [116.4005] * rows, "lat": [39.9013] * rows}
    return write_points(Path("in.csv"), columns)


def _fill(disk: Path) -> Path:
    """All of it but a page."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass
    with filler.open("rb+") as file:
        file.truncate(filler.stat().st_size - 4096)
    return filler


@pytest.mark.parametrize("ending", [".csv", ".arrow", ".parquet", ".geojson", ".gpkg"])
def test_a_disk_that_is_full_when_the_file_is_put_together(
    run: Run, source: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    out, resolve = small_disk / f"out{ending}", Work.resolve

    def resolve_and_fill(work: Work, progress: Any) -> int:
        count = resolve(work, progress)
        _fill(small_disk)
        return count

    monkeypatch.setattr(Work, "resolve", resolve_and_fill)
    arguments = (str(source), str(out), "--datum", "WGS84")
    code, _, err = run(*arguments)
    assert (code, err.count("\n")) == (3, 1), err
    assert (
        f"{ROWS} of {ROWS} rows are kept in out{ending}.part; make room there, then say the same with --resume" in err
    )
    assert sorted(place.name for place in small_disk.iterdir()) == ["filler", f"out{ending}.part"]
    monkeypatch.setattr(Work, "resolve", resolve)
    (small_disk / "filler").unlink()
    assert orjson.loads(done(run, *arguments, "--resume", "--json"))["resumed_rows"] == ROWS
    done(run, str(source), f"whole{ending}", "--datum", "WGS84")
    assert ending == ".gpkg" or out.read_bytes() == Path(f"whole{ending}").read_bytes()
    assert [place.name for place in small_disk.iterdir()] == [out.name]


def test_a_disk_that_is_full_from_the_beginning(run: Run, source: Path, small_disk: Path) -> None:
    filler = _fill(small_disk)
    arguments = (str(source), str(small_disk / "out.csv"), "--datum", "WGS84")
    code, _, err = run(*arguments)
    assert (code, err.count("\n")) == (3, 1), err
    assert "o space left" in err
    assert "--resume" in err
    filler.unlink()
    assert orjson.loads(done(run, *arguments, "--resume", "--json"))["rows"] == ROWS


def test_a_limit_on_the_size_of_files_is_told_as_a_full_disk_is(run: Run) -> None:
    source = str(_write(3000))
    with files_of_at_most(128 * 1024):
        code, _, err = run(source, "out.csv", "--datum", "WGS84")
    assert (code, err.count("\n")) == (3, 1), err
    assert "3000 of 3000 rows are kept" in err
    told = orjson.loads(done(run, source, "out.csv", "--datum", "WGS84", "--resume", "--json"))
    assert told["rows"] == told["resumed_rows"] == 3000
