"""Tables of text to CSV and XLSX, which open in a spreadsheet without a formula running."""

import csv
from pathlib import Path

from geodata.formats.formulas import guard

Columns = dict[str, list[str | None]]


def write_csv(columns: Columns, file: Path, *, bom: bool = True) -> None:
    """UTF-8; without the byte order mark spreadsheets take Chinese text for another encoding."""
    with file.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows([guard(cell or "") for cell in row] for row in zip(*columns.values(), strict=True))


def write_xlsx(columns: Columns, file: Path) -> None:
    """One sheet. Cells are marked as text, so that codes keep their zeros and nothing is a formula."""
    from openpyxl import Workbook  # noqa: PLC0415 - only a workbook needs it
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

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
