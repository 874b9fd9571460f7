"""The rows of one roster file: columns, cells, geometry, validity. Whatever is wrong is a finding with its line."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np

from geodata.columns import list_columns, match_columns, validity_columns
from geodata.formats.delimited import Grid
from geodata.formats.table import geometry_array
from geodata.issues import Findings, found
from geodata.normalise.shapes import ShapeRules, normalise_shapes
from geodata.roster_files.cells import BadCell, field_types, parse_cell
from geodata.safety import LIMITS, FileLimits
from gridsvc.datum import parse_datum
from gridsvc.model.people import Shift
from gridsvc.model.roster import ROSTER_TABLES, Row, row_key
from gridsvc.model.territory import Layer
from gridsvc.roster.keys import is_addressable


@dataclass(frozen=True, slots=True)
class RosterRequest:
    """What to import and how. `columns` is our column → their field.

    Mode merge adds rows, and changes what the file's columns say of those that are there; replace puts its rows in
    their place, and takes back the rows that the file lacks, or ends them on `valid_from` where that is said.
    `valid_from` also fills empty cells of that column. `datum` is needed for geometry only. `accept` is issue id →
    reason. Rows may name what draft number `draft` brings.
    """

    table: str
    file: Path
    encoding: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    mode: Literal["merge", "replace"] = "merge"
    datum: str | None = None
    commit: bool = False
    valid_from: date | None = None
    accept: Mapping[str, str] = field(default_factory=dict)
    draft: int | None = None
    limits: FileLimits = LIMITS


@dataclass(frozen=True, slots=True)
class RosterRows:
    """Rows of a file by key, and the fields that the file says something of: it may lack columns."""

    rows: Mapping[str, Row]
    given: frozenset[str]

    def merged(self, key: str, old: Row | None) -> Row:
        """The file's row, or the old one with what the file says of it; an empty cell says that there is nothing."""
        row = self.rows[key]
        return row if old is None else replace(old, **{name: getattr(row, name) for name in self.given})


def list_roster_columns(table: str) -> dict[str, list[str]]:
    """Columns of a roster table with their aliases; dated tables have two more."""
    return list_columns(table) | ({} if ROSTER_TABLES[table] is Shift else validity_columns())


class RosterReading:
    """One file on its way to rows; `places` holds geometry by row until all of it is converted at once."""

    def __init__(self, request: RosterRequest, grid: Grid, now: datetime) -> None:
        self.request, self.grid, self.now = request, grid, now
        self.table, self.file = request.table, request.file.name
        self.row_type = ROSTER_TABLES[request.table]
        self.types = field_types(self.row_type)
        self.findings = Findings()
        self.findings.extend(grid.issues)
        wanted = list_roster_columns(self.table)
        header = [name for name in grid.header if name]
        matched = match_columns(self.table, header, request.columns, wanted, self.file)
        self.findings.extend(matched.issues)
        self.fields = dict(matched.fields)
        if matched.extra:
            listed = ", ".join(matched.extra)[:300]
            self.findings.add(found("COLUMNS_IGNORED", self.table, (), None, file=self.file, columns=listed))
        self.required = {f.name for f in fields(self.row_type) if f.default is MISSING and f.default_factory is MISSING}
        for name in sorted(self.required - set(self.fields)):
            self.findings.add(
                found(
                    "COLUMN_REQUIRED", self.table, (), None, file=self.file, column=name, fields=", ".join(header)[:300]
                )
            )

    def where(self, index: int) -> str:
        """A row, for a message."""
        return f"{self.file} #{self.grid.numbers[index]}"

    def place(self, index: int) -> dict[str, Any]:
        """A row, for a message and as the number that the file gives it."""
        return {"where": self.where(index), "row": self.grid.numbers[index]}

    def values(self, index: int) -> dict[str, Any] | None:
        """Fields of one row that the file fills; None where one of them is wrong."""
        row = self.grid.rows[index]
        values: dict[str, Any] = {}
        good = True
        for name, column in self.fields.items():
            cell = row[self.grid.header.index(column)]
            try:
                value = parse_cell(name, self.types[name], cell, self.now.tzinfo)
            except BadCell as bad:
                kinds = {"kind": bad.kind, "kind_zh": bad.kind_zh}
                self._tell("CELL_UNREADABLE", index, name, value=str(cell)[:60], example=bad.example, **kinds)
                good = False
                continue
            if value is not None:
                values[name] = value
            elif name in self.required:
                self._tell("VALUE_MISSING", index, name)
                good = False
        if self.request.valid_from is not None and "valid_from" in self.types:
            values.setdefault("valid_from", self.request.valid_from)
        return values if good else None

    def _tell(self, code: str, index: int, column: str, **values: Any) -> None:
        self.findings.add(found(code, self.table, (), None, **self.place(index), column=column, **values))

    def convert(self, values: dict[int, dict[str, Any]]) -> None:
        """Geometry of all rows from the said datum to WGS84; rows whose geometry is wrong drop out."""
        placed = [index for index, row in values.items() if row.get("geometry") is not None]
        if not placed:
            return
        if self.request.datum is None:
            self.findings.add(found("ROSTER_GEOMETRY_DATUM", self.table, (), None, file=self.file))
            return
        shapes = normalise_shapes(
            geometry_array([values[index]["geometry"] for index in placed]),
            ShapeRules(Layer.AREAS, parse_datum(self.request.datum)),
            self.file,
            lambda row: ((str(values[placed[row]].get("code", "")),), self.where(placed[row])),
        )
        self.findings.extend(replace(issue, layer=self.table) for issue in shapes.issues)
        for at in np.flatnonzero(~shapes.usable):
            del values[placed[int(at)]]
        for index, geometry in zip(placed, shapes.geometries, strict=True):
            if index in values:
                values[index]["geometry"] = geometry

    def rows(self) -> RosterRows:
        """All that are good; rows that something is wrong with are findings."""
        read = ((index, self.values(index)) for index in range(len(self.grid.rows)))
        parsed = {index: values for index, values in read if values is not None}
        self.convert(parsed)
        rows: dict[str, Row] = {}
        first: dict[str, str] = {}
        for index, values in parsed.items():
            row = self.row_type(**values)
            key = row_key(row)
            if key in rows:
                self.findings.add(found("ROW_TWICE", self.table, (key,), None, **self.place(index), first=first[key]))
                continue
            if not is_addressable(self.table, key):
                self.findings.add(found("ROW_CODE_UNFIT", self.table, (key,), None, **self.place(index)))
            if _is_inverted(row):
                self.findings.add(found("ROW_INVERTED", self.table, (key,), None, **self.place(index)))
            rows[key], first[key] = row, self.where(index)
        filled = {"valid_from"} & set(self.types) if self.request.valid_from is not None else set()
        return RosterRows(rows, frozenset(self.fields) | filled)


def _is_inverted(row: Row) -> bool:
    if isinstance(row, Shift):
        return row.ends_at <= row.starts_at
    return row.valid_from is not None and row.valid_to is not None and row.valid_to <= row.valid_from
