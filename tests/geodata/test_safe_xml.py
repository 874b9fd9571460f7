"""Workbooks and XML of few bytes that would take a reader minutes are refused; ordinary large ones are read."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from geodata.formats.delimited import read_grid
from geodata.formats.workbook import read_workbook
from geodata.safe_xml import SHEET_NAMES, check_xml
from geodata.safety import FileLimits
from gridsvc.errors import LayerRefused

LIMITS = FileLimits(rows=1000, cells=3000, columns=200)


def _workbook(path: Path, sheet: str) -> Path:
    """A workbook whose first sheet has these rows below a header."""
    book = openpyxl.Workbook()
    book.active.append(["key", "name"])
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        parts: Mapping[str, bytes] = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            here = name == "xl/worksheets/sheet1.xml"
            archive.writestr(name, data.replace(b"</sheetData>", f"{sheet}</sheetData>".encode()) if here else data)
    return path


@pytest.mark.parametrize(
    "sheet",
    [
        "<row/>" * 20_000,
        "<row>" + "<c/>" * 40_000 + "</row>",
        "<row>" + "<a/>" * 30_000 + "</row>",
        "<!---->" * 30_000,
        "<?a?>" * 30_000,
        '<row r="2"><c t="inlineStr"><is><t>' + "<![CDATA[]]>" * 30_000 + "</t></is></c></row>",
        "<row>" + "<a>" * 900 + "</a>" * 900 + "</row>",
        "<row " + " ".join(f'a{n}=""' for n in range(50_000)) + "/>",
        "<!--" + "x" * 1_000_000 + "-->",
        '<row r="2000000000"/>',
        '<row r="2000000000"><c><v>1</v></c></row>',
    ],
    ids=[
        "rows",
        "cells",
        "others",
        "comments",
        "instructions",
        "marked text",
        "deep",
        "attributes",
        "a comment",
        "far",
        "far with a cell",
    ],
)
def test_a_small_workbook_that_takes_long_is_refused(tmp_path: Path, sheet: str) -> None:
    with pytest.raises(LayerRefused) as caught:
        read_workbook(_workbook(tmp_path / "a.xlsx", sheet), "people", LIMITS)
    assert [issue.code for issue in caught.value.issues] == ["FILE_TOO_LARGE"]


def test_rows_beyond_the_size_that_a_sheet_says_are_read(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "a.xlsx", '<row r="7"><c r="A7" t="str"><v>P7</v></c><c r="B7"><v>1</v></c></row>')
    with zipfile.ZipFile(path) as archive:
        assert b'<dimension ref="A1:B1"' in archive.read("xl/worksheets/sheet1.xml")
    grid = read_workbook(path, "people")
    assert (grid.rows, grid.numbers) == ([["P7", 1]], [7])


def test_many_sheets_of_one_part_are_not_read_one_by_one(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["key"])
    book.active.append(["P1"])
    for number in range(40):
        book.create_sheet(f"s{number}")
    book.save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        read = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert len(read) == 41
    assert read_workbook(tmp_path / "a.xlsx", "people").rows == [["P1"]]


def test_a_sheet_of_a_hundred_thousand_rows_passes() -> None:
    """As spreadsheet programs write it: numbers, styles and heights of rows, texts with a note on their sound."""
    limits = FileLimits(rows=100_000, cells=300_000)
    row = '<row r="{0}" spans="1:3" s="2" customFormat="1" ht="15" customHeight="1">{1}</row>'
    cells = '<c r="A1" s="1" t="s"><v>1</v></c>' * 3
    sheet = "".join(row.format(number, cells) for number in range(1, 100_002))
    check_xml(BytesIO(f'<worksheet xmlns="{SHEET_NAMES}">{sheet}</worksheet>'.encode()), "people", "a.xlsx", limits)
    text = '<si><t xml:space="preserve">a</t><phoneticPr fontId="1" type="noConversion"/></si>'
    check_xml(BytesIO(f'<sst xmlns="{SHEET_NAMES}">{text * 300_000}</sst>'.encode()), "people", "a.xlsx", limits)


@pytest.mark.parametrize("lines", ["\n" * 2000, ",\n" * 2000, "1,2,3\n" * 2000, "1,2\n" * 2000])
def test_every_line_of_a_csv_counts(tmp_path: Path, lines: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"key,name\n{lines}")
    with pytest.raises(LayerRefused) as caught:
        read_grid(path, "people", None, LIMITS)
    assert [issue.code for issue in caught.value.issues] == ["FILE_TOO_LARGE"]


def test_a_csv_of_all_the_rows_that_are_allowed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("key,name\n" + "1,2\n" * LIMITS.rows)
    assert len(read_grid(path, "people", None, LIMITS).rows) == LIMITS.rows
