"""Tables of text to CSV and XLSX, which open in a spreadsheet without a formula running."""

import csv
from pathlib import Path
from typing import BinaryIO

from geodata.formats.formulas import guard
from gridsvc.errors import InvalidInput

Columns = dict[str, list[str | None]]
LONGEST_CELL = 32_767
"""Characters in a cell of a workbook; what is longer would be cut off without a word."""


def write_csv(columns: Columns, file: Path, *, bom: bool = True) -> None:
    """UTF-8; without the byte order mark spreadsheets take Chinese text for another encoding."""
    with file.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows([guard(cell or "") for cell in row] for row in zip(*columns.values(), strict=True))


def write_xlsx(columns: Columns, file: Path | BinaryIO) -> None:
    """One sheet. Cells are marked as text, so that codes keep their zeros and nothing is a formula.

    InvalidInput for a text that no cell can hold, before anything is written.
    """
    from openpyxl import Workbook  # noqa: PLC0415 - only a workbook needs it
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    _check_cells(columns)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("gridsvc")
    sheet.append(list(columns))
    for row in zip(*columns.values(), strict=True):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value)
            if value is not None:
                cell.data_type, cell.number_format = "s", "@"
            cells.append(cell)
        sheet.append(cells)
    book.save(file)


def _check_cells(columns: Columns) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415

    for name, texts in columns.items():
        for number, text in enumerate(texts, start=2):
            if text is not None and (len(text) > LONGEST_CELL or ILLEGAL_CHARACTERS_RE.search(text)):
                msg = f"{name}, row {number}: a cell of a workbook holds {LONGEST_CELL} characters: use CSV."
                zh = f"第 {number} 行的 {name} 超出工作簿单元格的 {LONGEST_CELL} 字：请改用 CSV。"
                raise InvalidInput(msg, zh=zh)
