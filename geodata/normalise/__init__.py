"""Tables of files to features of a layer. Whatever is wrong with a row is a finding; nothing is raised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from geodata.columns import list_columns, match_columns
from geodata.formats.table import Geometries, SourceTable, geometry_array
from geodata.issues import Findings, found, gather_notes, list_blocking
from geodata.normalise.codes_of_rows import CodeReader, RowCode
from geodata.normalise.datums import choose_datum
from geodata.normalise.rows import Row, build_feature, has_geometry
from geodata.normalise.shapes import ShapeRules, Shapes, normalise_shapes
from geodata.normalise.values import BadValue, geometry_from_text, text_or_none
from geodata.schemes import Schemes
from gridsvc.model.issue import Issue
from gridsvc.model.territory import Feature, Layer
from gridsvc.ports import Progress


@dataclass(frozen=True, slots=True)
class Rules:
    """How files become a layer; the fields are those of an import request."""

    layer: Layer
    schemes: Schemes
    scheme: str | None = None
    datum: str | None = None
    code_from_filename: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    repair: bool = False


@dataclass(frozen=True, slots=True)
class Incoming:
    """A feature with the attributes that its file had a column for: a merge leaves the others as they were."""

    feature: Feature
    given: frozenset[str]
    where: str


class _Reading:
    """One table on its way through the stages."""

    def __init__(self, table: SourceTable, rules: Rules, findings: Findings) -> None:
        self.table, self.rules, self.findings = table, rules, findings
        self.layer = rules.layer
        aliases = list_columns(rules.layer.value)
        matched = match_columns(rules.layer.value, list(table.columns), rules.columns, aliases, table.file)
        findings.extend(matched.issues)
        self.fields = dict(matched.fields)
        if matched.extra:
            listed = ", ".join(matched.extra)
            findings.add(found("COLUMNS_IGNORED", rules.layer, (), None, file=table.file, columns=listed[:300]))

    def column(self, name: str) -> list[Any] | None:
        """The cells of one of our columns."""
        return self.table.columns[self.fields[name]] if name in self.fields else None

    def codes(self) -> list[RowCode | None] | None:
        """Codes by row; None (with a finding) where the file has no column for them."""
        codes = None if self.rules.code_from_filename else self.column("code")
        if codes is None and not self.rules.code_from_filename:
            names = ", ".join(self.table.columns) or "–"
            self.findings.add(
                found("COLUMN_REQUIRED", self.layer, (), None, file=self.table.file, column="code", fields=names[:300])
            )
            return None
        reader = CodeReader(self.rules.schemes, self.layer, self.rules.scheme, self.findings)
        return reader.read(self.table, codes, self.column("scheme"))

    def raw_geometries(self) -> Geometries | None:
        """Geometries as the file has them, also from a column of text or two columns of numbers."""
        texts, xs, ys = self.column("geometry"), self.column("x"), self.column("y")
        if self.table.geometry is not None:
            return self.table.geometry
        if texts is not None:
            return geometry_array([self._from_text(row, text) for row, text in enumerate(texts)])
        if xs is not None and ys is not None:
            return geometry_array([self._from_pair(row, x, y) for row, (x, y) in enumerate(zip(xs, ys, strict=True))])
        return None

    def _from_text(self, row: int, text: Any) -> Any:
        try:
            return geometry_from_text(text)
        except BadValue as bad:
            self.findings.add(found(bad.issue, self.layer, (), None, where=self.table.where(row), **bad.values))
            return None

    def _from_pair(self, row: int, x: Any, y: Any) -> Any:
        try:
            return shapely.Point(float(x), float(y)) if x is not None and y is not None else None
        except (TypeError, ValueError):
            self.findings.add(
                found("GEOMETRY_TEXT", self.layer, (), None, where=self.table.where(row), why="x or y is no number")
            )
            return None

    def shapes(self, codes: Sequence[RowCode | None]) -> Shapes | None:
        """Geometries in WGS84; None (with a finding) where their datum is not known."""
        raw = self.raw_geometries() if has_geometry(self.layer) else None
        count = len(self.table.numbers)
        if raw is None:
            raw = geometry_array([None] * count)
        if not has_geometry(self.layer):
            return Shapes(raw, np.ones(count, dtype=bool))
        datum: str | None = "WGS84"
        if not shapely.is_missing(raw).all():
            datum, issues = choose_datum(self.table, self.rules.datum, self.layer.value)
            self.findings.extend(issues)
        if datum is None:
            return None

        def describe(row: int) -> tuple[tuple[str, ...], str]:
            code = codes[row]
            return ((code.code,) if code is not None else ()), self.table.where(row)

        rules = ShapeRules(self.layer, datum, self.rules.repair, self.table.outer_rings_ccw)
        shapes = normalise_shapes(raw, rules, self.table.file, describe)
        self.findings.extend(shapes.issues)
        return shapes

    def given(self) -> frozenset[str]:
        """Attributes that the file speaks about."""
        place = self.table.geometry is not None or {"geometry", "x"} & set(self.fields)
        return frozenset(self.fields) - {"scheme", "code", "x", "y"} | ({"geometry"} if place else set())

    def features(self, codes: Sequence[RowCode | None], shapes: Shapes) -> list[Incoming]:
        """The rows that can be built."""
        given, names = self.given(), self.column("name")
        columns = {name: self.table.columns[field] for name, field in self.fields.items()}
        built, nameless = [], 0
        for row, code in enumerate(codes):
            if code is None or not shapes.usable[row]:
                continue
            values = {name: cells[row] for name, cells in columns.items()}
            where = self.table.where(row)
            source = Row(self.rules.schemes, code.said, code.kept, code.code, values, shapes.geometries[row])
            try:
                built.append(Incoming(build_feature(self.layer, source), given, where))
            except BadValue as bad:
                self.findings.add(found(bad.issue, self.layer, (code.code,), None, where=where, **bad.values))
                continue
            nameless += names is None or text_or_none(names[row]) is None
        if nameless:
            self.findings.add(found("NAME_MISSING", self.layer, (), None, file=self.table.file, count=nameless))
        return built


def _list_unique(incoming: Sequence[Incoming], layer: Layer) -> tuple[list[Incoming], list[Issue]]:
    """Area codes stand alone, so they are unique whatever their scheme; others are unique with it."""
    first: dict[tuple[str, str], Incoming] = {}
    issues = []
    for item in incoming:
        scheme = "" if layer is Layer.AREAS else item.feature.scheme
        other = first.setdefault((scheme, item.feature.code), item)
        if other is not item:
            issues.append(found("CODE_TWICE", layer, (item.feature.code,), None, where=item.where, first=other.where))
    return list(first.values()), issues


def normalise(tables: Sequence[SourceTable], rules: Rules, progress: Progress) -> tuple[list[Incoming], list[Issue]]:
    """Features of all tables with everything that was found; a row that cannot be used is in the findings only."""
    findings = Findings()
    incoming: list[Incoming] = []
    for done, table in enumerate(tables, start=1):
        findings.extend(table.issues)
        reading = _Reading(table, rules, findings)
        codes = reading.codes()
        shapes = reading.shapes(codes if codes is not None else [None] * len(table.numbers))
        if codes is not None and shapes is not None:
            incoming += reading.features(codes, shapes)
        progress(done, len(tables))
    unique, issues = _list_unique(incoming, rules.layer)
    findings.extend(issues)
    told = gather_notes(findings.as_list())
    if not unique and not list_blocking(told):
        told.append(found("LAYER_EMPTY", rules.layer))
    return unique, told
