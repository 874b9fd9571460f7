"""XLSX: the first sheet as a table. A workbook is a zip of XML, so both are checked before it is opened."""

import zipfile
from datetime import datetime, time
from pathlib import Path
from typing import Any

from geodata.formats.delimited import Grid, check_header, check_size
from geodata.formats.ogr import READ_ERRORS
from geodata.safe_xml import check_xml
from geodata.safety import LIMITS, ZIP_ERRORS, FileLimits, check_file, check_zip, refuse, refuse_unread

MAX_ROW = 1_048_576
"""A sheet has no more; a row may say that it is number two thousand million."""
_SHEETS = 3
"""Looked at for the first table: charts may stand before it. The size of each is read as it is opened."""


def _check(path: Path, layer: str, limits: FileLimits) -> None:
    check_file(path, "XLSX", layer)
    try:
        with zipfile.ZipFile(path) as archive:
            check_zip(archive, layer, path.name, limits.workbook_bytes)
            names = archive.namelist()
            if "[Content_Types].xml" not in names:
                refuse("FILE_IS_NOT", layer, path.name, kind="XLSX", seen="zip")
            for name in names:
                if name.lower().endswith((".xml", ".rels", ".vml")):
                    with archive.open(name) as stream:
                        check_xml(stream, layer, path.name, limits)
    except ZIP_ERRORS as error:
        refuse_unread("ZIP_DAMAGED", layer, path.name, error)


def _plain(value: Any) -> Any:
    """Midnight is a day; everything else stays what the cell holds."""
    if isinstance(value, datetime) and value.time() == time(0):
        return value.date()
    return value.strip() if isinstance(value, str) else value


def _open(path: Path) -> Any:
    from openpyxl.reader.excel import ExcelReader  # noqa: PLC0415  only a workbook needs it
    from openpyxl.workbook.defined_name import DefinedNameList  # noqa: PLC0415

    class FirstSheets(ExcelReader):
        def read_workbook(self) -> None:
            super().read_workbook()
            self.parser.sheets = self.parser.sheets[:_SHEETS]
            self.parser.defined_names = DefinedNameList()  # type: ignore[attr-defined]  # the stubs lack it

    reader = FirstSheets(path, read_only=True, data_only=True, keep_links=False)
    reader.read()
    return reader.wb


def read_workbook(path: Path, layer: str, limits: FileLimits = LIMITS) -> Grid:
    """Header and rows of the first sheet; formulas count with their last computed value.

    What a sheet says of its own size is not believed: some programs write "A1" there, and their rows would be lost.
    """
    _check(path, layer, limits)
    header: list[str] = []
    rows: list[list[Any]] = []
    numbers: list[int] = []
    try:
        book = _open(path)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        width = limits.columns + 1
        for number, line in enumerate(sheet.iter_rows(max_col=width, values_only=True), start=1):
            if number > MAX_ROW:
                refuse("FILE_TOO_LARGE", layer, path.name, size=f"row {number}", limit=f"{MAX_ROW} rows")
            said = line[: len(header) or width]
            if said.count(None) == len(said):
                continue
            cells = [_plain(value) for value in said]
            if all(value in {None, ""} for value in cells):
                continue
            if not header:
                names = ["" if value is None else str(value).strip() for value in cells]
                header = names[: max((at for at, name in enumerate(names, 1) if name), default=0)]
                check_header(header, layer, path.name, limits)
                continue
            rows.append([*cells, *[None] * (len(header) - len(cells))])
            numbers.append(number)
            check_size(len(rows), len(header), layer, path.name, limits)
        book.close()
    except (*READ_ERRORS, *ZIP_ERRORS, IndexError, AttributeError) as error:
        refuse_unread("FILE_UNREADABLE", layer, path.name, error)
    if not header:
        refuse("HEADER_MISSING", layer, path.name)
    return Grid(header, rows, numbers, [])
