"""Cells and areas as features; an area is the exact union of its cells, with the same doubles."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

from geodata.sample_city.hierarchy import Hierarchy
from geodata.sample_city.names import Names
from geodata.sample_city.plan import Floats, Ints
from geodata.sample_city.tract import Ground, Tract
from gridsvc.model.territory import Area, Cell, Level

Shapes = NDArray[np.object_]

CELL_SCHEME = "GRID_DB11_2157"
AREA_SCHEME = "ADMIN_GB2260"
LAND_USE = {Ground.NEW: "R2", Ground.OLD: "R3", Ground.OUTER: "R2", Ground.PARK: "G1", Ground.RIVER: "E1"}
GRADE = {Ground.NEW: "2", Ground.OLD: "1", Ground.OUTER: "3", Ground.PARK: "1", Ground.RIVER: "2"}


def cell_polygons(tract: Tract, lonlat: Floats) -> list[Polygon]:
    """The polygon of each cell, counterclockwise, in the numbering of the mesh."""
    mesh = tract.mesh
    sizes = np.diff(mesh.offsets)
    closed = np.insert(mesh.ring, mesh.offsets[1:], mesh.ring[mesh.offsets[:-1]])
    rings = shapely.linearrings(lonlat[closed], indices=np.repeat(np.arange(len(mesh)), sizes + 1))
    polygons: list[Polygon] = np.asarray(shapely.polygons(rings)).tolist()
    return polygons


def cell_codes(hierarchy: Hierarchy) -> list[str]:
    """15 digits for each cell."""
    codes = hierarchy.community_codes
    return [
        f"{codes[c]}{n:03d}" for c, n in zip(hierarchy.community.tolist(), hierarchy.sequence.tolist(), strict=True)
    ]


def build_cells(tract: Tract, hierarchy: Hierarchy, polygons: list[Polygon], names: list[str]) -> list[Cell]:
    """Cells in the numbering of the mesh; `names` are those of the communities."""
    ground = [Ground(g) for g in tract.ground[tract.block].tolist()]
    rows = zip(
        cell_codes(hierarchy), polygons, hierarchy.community.tolist(), hierarchy.sequence.tolist(), ground, strict=True
    )
    communities = hierarchy.community_codes
    return [
        Cell(CELL_SCHEME, code, f"{names[c]}{n:03d}网格", polygon, communities[c], None, LAND_USE[kind], GRADE[kind])
        for code, polygon, c, n, kind in rows
    ]


def build_areas(hierarchy: Hierarchy, polygons: list[Polygon], names: Names) -> tuple[list[Area], list[str]]:
    """Districts, subdistricts and communities by code, and the short names of the communities."""
    community = _unions(_shapes(polygons), hierarchy.community)
    subdistrict = _unions(community, hierarchy.subdistrict)
    above = np.zeros(len(hierarchy.subdistrict_codes), np.int64)
    above[hierarchy.subdistrict] = hierarchy.district
    district = _unions(subdistrict, above)
    areas = [
        Area(AREA_SCHEME, code, names.district(i), Level.DISTRICT, None, district[i])
        for i, code in enumerate(hierarchy.district_codes)
    ]
    areas += [
        Area(AREA_SCHEME, code, names.subdistrict(i), Level.SUBDISTRICT, code[:6], subdistrict[i])
        for i, code in enumerate(hierarchy.subdistrict_codes)
    ]
    short = [names.community(i) for i in range(len(hierarchy.community_codes))]
    areas += [
        Area(AREA_SCHEME, code, short[i], Level.COMMUNITY, code[:9], community[i])
        for i, code in enumerate(hierarchy.community_codes)
    ]
    return sorted(areas, key=lambda area: area.code), short


def _unions(parts: Shapes, label: Ints) -> Shapes:
    """The union of the parts of each label; edges that two parts share vanish, all others stay as they are."""
    order = np.argsort(label, kind="stable")
    cuts = np.flatnonzero(np.diff(label[order])) + 1
    return _shapes([_plain(shapely.coverage_union_all(group)) for group in np.split(parts[order], cuts)])


def _shapes(polygons: Sequence[Polygon | MultiPolygon]) -> Shapes:
    return np.array(polygons, object)


def _plain(union: shapely.Geometry) -> Polygon | MultiPolygon:
    if not isinstance(union, Polygon | MultiPolygon):
        raise TypeError("cells of an area do not form a polygon")
    return union.geoms[0] if isinstance(union, MultiPolygon) and len(union.geoms) == 1 else union
