"""Geometries of a file to WGS84 geometries of a layer. Doubles that are WGS84 or CGCS2000 already are not touched."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from shapely import Geometry, MultiPolygon, Point, Polygon

from geodata.formats.table import Geometries
from geodata.issues import found
from gridsvc.datum import reasons, to_wgs84
from gridsvc.model.issue import Issue
from gridsvc.model.territory import Layer, Polygonal

_POINT, _LINE, _POLYGON, _MULTIPOINT, _MULTILINE, _MULTIPOLYGON, _COLLECTION = 0, 1, 3, 4, 5, 6, 7
_WANTED = {
    Layer.AREAS: (_POLYGON, _MULTIPOLYGON),
    Layer.CELLS: (_POLYGON, _MULTIPOLYGON),
    Layer.SEGMENTS: (_LINE, _MULTILINE),
    Layer.COMPONENTS: (_POINT,),
    Layer.PLACES: (_POINT,),
}
_UNTOUCHED = {"WGS84", "CGCS2000"}
_REASON = re.compile(r"^(?P<why>[^\[]+)(?:\[(?P<x>[-+.\deE]+) (?P<y>[-+.\deE]+)\])?")
_GEOD = pyproj.Geod(ellps="WGS84")
Describe = Callable[[int], tuple[tuple[str, ...], str]]


@dataclass(slots=True)
class Shapes:
    """Geometries by row (None where there is none or it cannot be used), with what was found.

    `usable` is false for rows whose geometry was there and is wrong: they cannot become features.
    """

    geometries: Geometries
    usable: NDArray[np.bool_]
    issues: list[Issue] = field(default_factory=list)


class _Stage:
    """The checks in their order; each looks at the rows that are still good."""

    def __init__(self, geometries: Geometries, layer: Layer, file: str, describe: Describe) -> None:
        self.shapes = Shapes(geometries.copy(), np.ones(len(geometries), dtype=bool))
        self.layer, self.file, self.describe = layer, file, describe
        empty = shapely.is_empty(geometries)
        self.shapes.geometries[empty] = None
        self.present = ~(shapely.is_missing(geometries) | empty)

    def spoil(self, rows: Iterable[Any], code: str, **values: Any) -> None:
        """These rows cannot be used."""
        for row in rows:
            features, where = self.describe(int(row))
            self.shapes.issues.append(found(code, self.layer, features, None, where=where, **values))
            self.shapes.usable[row] = self.present[row] = False
            self.shapes.geometries[row] = None

    def note(self, code: str, count: int) -> None:
        """Tell how many rows something was done to."""
        if count:
            self.shapes.issues.append(found(code, self.layer, (), None, file=self.file, count=count))

    def rows(self) -> NDArray[np.intp]:
        """Rows that still have a geometry."""
        return np.flatnonzero(self.present)


def _check_types(stage: _Stage) -> None:
    if stage.layer is Layer.AREAS:
        missing: NDArray[np.intp] = np.empty(0, dtype=np.intp)
    else:
        missing = np.flatnonzero(~stage.present)
    stage.spoil(missing, "GEOMETRY_MISSING")
    geometries = stage.shapes.geometries
    types = shapely.get_type_id(geometries)
    if _WANTED[stage.layer] == (_POINT,):
        single = np.flatnonzero((types == _MULTIPOINT) & (shapely.get_num_geometries(geometries) == 1))
        geometries[single] = shapely.get_geometry(geometries[single], 0)
        types[single] = _POINT
    stage.spoil(np.flatnonzero(stage.present & (types == _COLLECTION)), "GEOMETRY_COLLECTION")
    wrong = np.flatnonzero(stage.present & ~np.isin(types, _WANTED[stage.layer]))
    for row in wrong:
        stage.spoil([row], "GEOMETRY_WRONG_TYPE", seen=geometries[row].geom_type)


def _drop_height(stage: _Stage) -> None:
    geometries = stage.shapes.geometries
    high = np.flatnonzero(stage.present & (shapely.has_z(geometries) | shapely.has_m(geometries)))
    geometries[high] = shapely.force_2d(geometries[high])
    stage.note("HEIGHT_DROPPED", len(high))


def _check_places(stage: _Stage, datum: str) -> None:
    """Numbers must be numbers, lie where the datum is defined, and be degrees after conversion."""
    rows = stage.rows()
    coordinates, index = shapely.get_coordinates(stage.shapes.geometries[rows], return_index=True)
    owner = rows[index]
    stage.spoil(np.unique(owner[~np.isfinite(coordinates).all(axis=1)]), "COORDINATES_NOT_FINITE")
    good = stage.present[owner]
    coordinates, owner = coordinates[good], owner[good]
    lon, lat = coordinates[:, 0], coordinates[:, 1]
    if datum not in _UNTOUCHED:
        lon, lat = to_wgs84(coordinates[:, 0], coordinates[:, 1], datum)
    with np.errstate(invalid="ignore"):
        inside = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    rows_out, first = np.unique(owner[~inside], return_index=True)
    for row, pair in zip(rows_out, coordinates[~inside][first], strict=True):
        why = reasons(pair[:1], pair[1:], datum)[0]
        stage.spoil([row], "COORDINATES_OUT_OF_RANGE", x=float(pair[0]), y=float(pair[1]), datum=datum[:40], why=why)
    if datum not in _UNTOUCHED:
        kept = stage.present[owner]
        pairs = np.column_stack((lon[kept], lat[kept]))
        rows = stage.rows()
        stage.shapes.geometries[rows] = shapely.set_coordinates(stage.shapes.geometries[rows], pairs)


def place_of(reason: str) -> tuple[str, Point | None]:
    """GEOS says "Self-intersection[116.4 39.9]": the words and the place."""
    match = _REASON.match(reason)
    if match is None or match["x"] is None:
        return reason.strip(), None
    return match["why"].strip(), Point(float(match["x"]), float(match["y"]))


def area_m2(geometry: Geometry) -> float:
    """Area on the ellipsoid, without sign."""
    return abs(float(_GEOD.geometry_area_perimeter(shapely.normalize(geometry))[0]))


def mend(geometry: Geometry) -> Polygonal | None:
    """A valid polygon of the same ground, None where nothing of it is left; lines are not mended."""
    if shapely.get_dimensions(geometry) != 2:
        return None
    pieces = shapely.get_parts(shapely.make_valid(geometry, method="structure", keep_collapsed=False))
    kept = [part for piece in pieces for part in shapely.get_parts(piece) if isinstance(part, Polygon)]
    kept = [part for part in kept if not part.is_empty]
    return kept[0] if len(kept) == 1 else MultiPolygon(kept) if kept else None


def _check_validity(stage: _Stage, repair: bool) -> None:
    geometries = stage.shapes.geometries
    for row in np.flatnonzero(stage.present & ~shapely.is_valid(geometries)):
        features, where = stage.describe(int(row))
        old = geometries[row]
        why, place = place_of(str(shapely.is_valid_reason(old)))
        mended = mend(old) if repair else None
        if mended is None:
            is_line = stage.layer is Layer.SEGMENTS and shapely.length(old) == 0
            code = "SEGMENT_ZERO_LENGTH" if is_line else "INVALID_OUTLINE"
            stage.shapes.issues.append(found(code, stage.layer, features, place, where=where, reason=why))
            continue
        geometries[row] = mended
        change = round(area_m2(mended) - area_m2(old), 2)
        stage.shapes.issues.append(
            found("GEOMETRY_REPAIRED", stage.layer, features, place, where=where, reason=why, area_change_m2=change)
        )


def _note_winding(stage: _Stage) -> None:
    polygons = stage.shapes.geometries[stage.rows()]
    rings = shapely.get_exterior_ring(shapely.get_parts(polygons))
    stage.note("WINDING_UNUSUAL", int((~shapely.is_ccw(rings[~shapely.is_missing(rings)])).sum()))


@dataclass(frozen=True, slots=True)
class ShapeRules:
    """What the geometries are measured by.

    `ccw`: the format asks for outer rings against the clock (RFC 7946); others are told, never turned.
    """

    layer: Layer
    datum: str
    repair: bool = False
    ccw: bool = False


def normalise_shapes(geometries: Geometries, rules: ShapeRules, file: str, describe: Describe) -> Shapes:
    """Check and convert the geometries of one file; `describe(row)` gives its code, if known, and its place in it."""
    stage = _Stage(geometries, rules.layer, file, describe)
    _check_types(stage)
    _drop_height(stage)
    _check_places(stage, rules.datum)
    _check_validity(stage, rules.repair)
    if rules.ccw and rules.layer in {Layer.AREAS, Layer.CELLS}:
        _note_winding(stage)
    return stage.shapes
