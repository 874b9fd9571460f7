"""Points of GeoJSON: a row of plain values for each feature, and why one that has no point cannot be answered."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geodata.formats.geojson import named_crs, why_no_feature
from geodata.points.geojson_blocks import read_collection, read_lines
from geodata.points.layer import ATTRIBUTES, CHUNK_ROWS, Passed
from geodata.points.wkb import EMPTY, NO_SHAPE

BY_LINE = frozenset({".geojsonl", ".geojsons", ".ndjson"})

Rows = list[dict[str, Any]]


@dataclass(slots=True)
class GeoJsonPoints:
    """A file that may be read any number of times; `crs` and `passed_by` are known when it was once read to its end.

    `crs` is what an old "crs" member says, which binds nobody: writers put one there without thinking.
    """

    path: Path
    passed_by: Passed
    crs: str | None = None

    def read(self) -> Iterator[tuple[Rows, dict[int, str]]]:
        """Rows of `lon`, `lat` and ATTRIBUTES in parts of CHUNK_ROWS, with what is wrong with some of them."""
        rows: Rows = []
        faults: dict[int, str] = {}
        for feature in self._features():
            row, fault = self._row(feature)
            if fault is not None:
                faults[len(rows)] = fault
            rows.append(row)
            if len(rows) == CHUNK_ROWS:
                yield rows, faults
                rows, faults = [], {}
        if rows:
            yield rows, faults

    def _features(self) -> Iterator[Any]:
        reader: Callable[..., Iterator[Any]] = read_lines if self.path.suffix.lower() in BY_LINE else read_collection
        with self.path.open("rb") as file:
            for block in reader(file, self.path.name):
                if isinstance(block, dict):
                    self.crs = named_crs(block)
                else:
                    yield from block

    def _row(self, feature: Any) -> tuple[dict[str, Any], str | None]:
        fault = why_no_feature(feature)
        if fault is not None:
            return {}, fault
        properties: dict[str, Any] = feature.get("properties") or {}
        row = {name: properties[name] for name in ATTRIBUTES if name in properties}
        if len(row) < len(properties):
            self.passed_by.note(properties)
        if "id" not in row and "id" in feature:
            row["id"] = feature["id"]
        place = _find_place(feature["geometry"])
        if isinstance(place, str):
            return row, place
        row["lon"], row["lat"] = place
        return row, None


def _find_place(geometry: dict[str, Any] | None) -> tuple[float, float] | str:
    """Both coordinates of a Point, or of the one point of a MultiPoint; a text says why there are none."""
    if geometry is None:
        return NO_SHAPE
    kind, position = geometry.get("type"), geometry.get("coordinates")
    if kind == "MultiPoint" and isinstance(position, list) and len(position) == 1:
        position = position[0]
    elif kind != "Point":
        return f"its geometry is {str(kind)[:40]}: Point is wanted"
    if not isinstance(position, list):
        return "its coordinates are no list of numbers"
    if not position:
        return EMPTY
    if len(position) < 2 or not {type(position[0]), type(position[1])} <= {float, int}:
        return "its coordinates are not two numbers"
    return position[0], position[1]
