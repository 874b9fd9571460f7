"""A roster table as a file: in what media types it comes and goes, how large it may be, and its rows written out."""

import csv
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import fields
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO, cast
from zoneinfo import ZoneInfo

from api.schemas.documents import row_texts
from api.schemas.openapi import CSV, XLSX
from geodata.formats.formulas import guard
from geodata.safety import FileLimits
from geodata.table_writers import write_xlsx
from gridsvc.errors import TooLarge
from gridsvc.model.roster import ROSTER_TABLES, Row

SUFFIXES = {CSV: ".csv", XLSX: ".xlsx"}
CONTENT_TYPES = {CSV: "text/csv; charset=utf-8; header=present", XLSX: XLSX}
LIMITS = {
    ".csv": FileLimits(rows=100_000, cells=3_000_000, columns=200),
    ".xlsx": FileLimits(rows=100_000, cells=300_000, columns=200, workbook_bytes=32 * 1024 * 1024),
}
"""What is read or written beside the answers of others: 5 to 17 s of a core and 120 MB where all of it is used, in
pieces of less than 0.1 s. A cell of a workbook costs twenty times that of a CSV.
"""


def check_size(table: str, rows: int, kind: str) -> None:
    """Raise TooLarge for more rows than a request writes into such a file."""
    limits, columns = LIMITS[SUFFIXES[kind]], len(fields(ROSTER_TABLES[table]))
    most = min(limits.rows, limits.cells // columns)
    if rows > most:
        command = f"`gridsvc export {table} {table}{SUFFIXES[kind]}`"
        other = "ask for CSV, or " if kind == XLSX else ""
        msg = f"{rows} rows: a file of {table} has {most} at most; {other}run {command} at the terminal."
        other_zh = "存为 CSV，或" if kind == XLSX else ""
        zh = f"共 {rows} 行，一个文件最多 {most} 行：请{other_zh}在命令行运行 {command}。"
        raise TooLarge(msg, zh=zh, limit_rows=most)


def write_csv(table: str, rows: Iterable[Row], zone: ZoneInfo, stream: TextIO) -> None:
    """The names of the fields, then a line for each row; no cell starts a formula."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(field.name for field in fields(ROSTER_TABLES[table]))
    writer.writerows([guard(text) for text in row_texts(row, zone)] for row in rows)


def make_file(table: str, rows: Sequence[Row], zone: ZoneInfo, kind: str, folder: Path) -> BinaryIO:
    """Rows in a file that vanishes when it is closed, at its start. InvalidInput for what no cell can hold."""
    file = cast("BinaryIO", tempfile.TemporaryFile(dir=folder))  # noqa: SIM115  the caller closes it
    try:
        if kind == XLSX:
            names = [field.name for field in fields(ROSTER_TABLES[table])]
            texts = [[text or None for text in row_texts(row, zone)] for row in rows]
            write_xlsx({name: [line[at] for line in texts] for at, name in enumerate(names)}, file)
        else:
            text = TextIOWrapper(file, "utf-8", newline="")
            write_csv(table, rows, zone, text)
            text.detach()
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file
