"""Rows of a CSV that are far too wide are refused before a list of their cells is made; all others read as ever."""

import csv
import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.formats import csv_lines
from geodata.formats.csv_lines import MOST_CELLS, CsvLines
from geodata.formats.delimited import read_grid
from gridsvc.errors import LayerRefused

WIDE = 3
texts = st.text(alphabet='a,"\n\r;', max_size=40)
rows = st.lists(st.lists(st.text(alphabet='a,"\n\r;', max_size=6), min_size=1, max_size=7), max_size=5)


@pytest.mark.parametrize(
    "text",
    [
        "code,name\n" + "," * 15_000_000,
        "code,name\n" + "aa," * 5_000_000,
        "," * 15_000_000,
        'code,name\n"' + "," * 15_000_000 + '",' + "," * 20_000,
        "code,name\n" + "," * 150 + ('"\n",' + "," * 150) * 20_000,
        'code,name\n1,"\n' + '",' * 2_000_000,
    ],
    ids=["commas", "cells", "header", "behind a quoted cell", "over many lines", "behind a broken line"],
)
def test_a_row_of_far_too_many_cells_is_refused_in_little_memory(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text)
    tracemalloc.start()
    try:
        with pytest.raises(LayerRefused) as caught:
            read_grid(path, "people", None)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [issue.code for issue in caught.value.issues] == ["FILE_TOO_LARGE"]
    assert peak < 3.2 * path.stat().st_size + 4_000_000, "the file, its text, and the line that is looked at"


def test_commas_inside_of_a_cell_are_none_of_the_row(tmp_path: Path) -> None:
    outline = f"POLYGON(({', '.join(['1 2'] * (2 * MOST_CELLS))}))"
    path = tmp_path / "a.csv"
    path.write_text(f'code,outline\n1,"{outline}"\n2,"a\n{outline}"\n')
    assert [row[1] for row in read_grid(path, "people", None).rows] == [outline, f"a\n{outline}"]


def _read(text: str, *, looked_at: bool) -> list[list[str]] | str:
    lines = CsvLines(text, ",", "people", "a.csv") if looked_at else io.StringIO(text, newline="")
    reader, found = csv.reader(lines, strict=True), []
    try:
        for row in reader:
            found.append(row)
            if isinstance(lines, CsvLines):
                lines.row_has_ended = True
    except csv.Error as error:
        return str(error)
    except LayerRefused:
        return "refused"
    return found


@given(texts)
def test_what_is_not_too_wide_reads_as_it_does_without_being_looked_at(text: str) -> None:
    assert _read(text, looked_at=True) == _read(text, looked_at=False)


@given(rows)
def test_just_the_rows_of_too_many_cells_are_refused(table: list[list[str]]) -> None:
    written = io.StringIO()
    csv.writer(written).writerows(table)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_lines, "MOST_CELLS", WIDE)
        found = _read(written.getvalue(), looked_at=True)
    assert (found == "refused") == any(len(row) > WIDE + 1 for row in table)


@given(texts)
def test_no_row_of_too_many_cells_passes_however_broken_the_text(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_lines, "MOST_CELLS", WIDE)
        found = _read(text, looked_at=True)
    assert isinstance(found, str) or all(len(row) <= WIDE + 1 for row in found)
