"""CSV: code lists without geometry, roster tables, and layers whose geometry stands in a column as text."""

import codecs
import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geodata.formats.csv_lines import CsvLines
from geodata.formats.encoding import find_codec, guess_encoding
from geodata.formats.formulas import unguard
from geodata.formats.table import SourceTable
from geodata.issues import found
from geodata.safety import LIMITS, FileLimits, check_file, clean_message, refuse
from gridsvc.model.issue import Issue

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Grid:
    """A header and rows of cells, whatever they were written in; `numbers` are the lines of the rows."""

    header: list[str]
    rows: list[list[Any]]
    numbers: list[int]
    issues: list[Issue]


def _decode(data: bytes, said: str | None, layer: str, file: str) -> tuple[str, list[Issue]]:
    marked = next((encoding for bom, encoding in _BOMS if data.startswith(bom)), None)
    encoding = (find_codec(said) if said is not None else None) or marked
    if said is not None and find_codec(said) is None:
        refuse("ENCODING_UNKNOWN_NAME", layer, file, encoding=said)
    issues = []
    if encoding is None:
        if b"\x00" in data:
            refuse("ENCODING_NOT_SAID", layer, file)
        guess = guess_encoding([data])
        if guess is None:
            refuse("ENCODING_NOT_SAID", layer, file)
        encoding = guess.name
        if not guess.sure:
            sample = next((t for t in data.decode(encoding, "replace").split() if not t.isascii()), "")
            issues = [found("ENCODING_GUESSED", layer, (), None, file=file, encoding="GBK", sample=sample[:40])]
    try:
        return data.decode(encoding).removeprefix("\ufeff"), issues
    except UnicodeError:
        refuse("ENCODING_WRONG", layer, file, encoding=said or encoding)


def check_header(header: list[str], layer: str, file: str, limits: FileLimits = LIMITS) -> None:
    """Refuse a header that cannot name columns: empty, the same name twice, or more than any table has."""
    if len(header) > limits.columns:
        refuse("FILE_TOO_LARGE", layer, file, size=f"{len(header)} columns", limit=f"{limits.columns} columns")
    named = [name for name in header if name]
    if not named:
        refuse("HEADER_MISSING", layer, file)
    twice = sorted(name for name, times in Counter(named).items() if times > 1)
    if twice:
        refuse("HEADER_TWICE", layer, file, columns=", ".join(twice)[:200])


def check_size(rows: int, columns: int, layer: str, file: str, limits: FileLimits = LIMITS) -> None:
    """Refuse more than fit in memory: short lines of a wide table take a few bytes and become whole rows."""
    if rows > limits.rows:
        refuse("FILE_TOO_LARGE", layer, file, size=f"{rows} rows", limit=f"{limits.rows} rows")
    if rows * columns > limits.cells:
        refuse("FILE_TOO_LARGE", layer, file, size=f"{rows * columns} cells", limit=f"{limits.cells} cells")


def _delimiter(text: str) -> str:
    """Comma, tab or semicolon, whichever the first line has most of."""
    end = text.find("\n")
    return max(",\t;", key=lambda mark: text.count(mark, 0, end if end >= 0 else len(text)))


def read_grid(path: Path, layer: str, encoding: str | None, limits: FileLimits = LIMITS) -> Grid:
    """The cells of a CSV as text; blank lines are left out, short lines are filled, longer ones are findings. All of
    them count: each costs time, and the longer ones a finding.
    """
    check_file(path, "CSV", layer)
    text, issues = _decode(path.read_bytes(), encoding, layer, path.name)
    csv.field_size_limit(LIMITS.cell_characters)
    delimiter = _delimiter(text)
    looked_at = CsvLines(text, delimiter, layer, path.name)
    lines = csv.reader(looked_at, delimiter=delimiter, strict=True)
    rows: list[list[Any]] = []
    numbers: list[int] = []
    header: list[str] = []
    try:
        for seen, line in enumerate(lines):
            looked_at.row_has_ended = True
            check_size(seen, len(header), layer, path.name, limits)
            if not any(cell.strip() for cell in line):
                continue
            if not header:
                header = [cell.strip() for cell in line]
                check_header(header, layer, path.name, limits)
                continue
            if len(line) > len(header) and any(cell.strip() for cell in line[len(header) :]):
                where = f"{path.name} #{lines.line_num}"
                issues.append(found("ROW_TOO_LONG", layer, (), None, where=where, cells=len(line), columns=len(header)))
                continue
            rows.append([*map(unguard, line), *[""] * (len(header) - len(line))])
            numbers.append(lines.line_num)
    except csv.Error as error:
        refuse("FILE_UNREADABLE", layer, path.name, why=f"line {lines.line_num}: {clean_message(error)}")
    if not header:
        refuse("HEADER_MISSING", layer, path.name)
    return Grid(header, rows, numbers, issues)


def grid_to_table(grid: Grid, file: str) -> SourceTable:
    """The same as a table; empty cells are None."""
    columns = {
        name: [row[i] if row[i] not in {"", None} else None for row in grid.rows]
        for i, name in enumerate(grid.header)
        if name
    }
    return SourceTable(file, columns, grid.numbers, issues=list(grid.issues))
