"""Patches (park, river, railway strip, campus) and two remembered joint decisions."""

from datetime import date, timedelta

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon

from geodata.sample_city.bodies import INVENTED, category_keys
from geodata.sample_city.tract import Ground, Tract
from geodata.sample_city.warp import to_lonlat
from gridsvc.model.departments import Determination, Part, Patch
from gridsvc.model.places import Key
from gridsvc.model.territory import Component

RIVER_MATTERS = "E0102 E0105 E0111 E0114 C0208 C0603 C0604 C0606"
RAIL_HALF_WIDTH_M = 13.0
DECIDED = "E0102 E0103 E0507"


def build_patches(tract: Tract, polygons: list[Polygon], districts: list[str], city: shapely.Geometry) -> list[Patch]:
    """Park and river along their cells, in each district its own; railway across them, campus within a block."""
    kinds = tract.ground[tract.block]
    patches = []
    for kind, code, name, body, matters in (
        (Ground.PARK, "PARK", "杏影公园", "PK", ""),
        (Ground.RIVER, "RIVER", "月牙河", "WA", RIVER_MATTERS),
    ):
        for district in sorted({districts[i] for i in np.flatnonzero(kinds == kind).tolist()}):
            parts = [polygons[i] for i in np.flatnonzero(kinds == kind).tolist() if districts[i] == district]
            patches.append(
                Patch(
                    code=f"{code}-{district}",
                    name=name,
                    geometry=_polygonal(shapely.coverage_union_all(parts)),
                    department=f"{body}-{district}",
                    categories=category_keys(matters),
                    basis=INVENTED,
                )
            )
    railway = Patch(
        code="RAILWAY",
        name="环城铁路",
        geometry=_railway(tract, city),
        department="CO-RAIL",
        part=Part.LEAD,
        basis=INVENTED,
    )
    campus = Patch(
        code="CAMPUS",
        name="示例大学校园",
        geometry=_campus(tract, polygons),
        department="CO-CAMPUS",
        categories=category_keys("E0102 E0104 E0106 E0507"),
        basis=INVENTED,
    )
    return sorted([*patches, railway, campus], key=lambda patch: patch.code)


def build_determinations(
    tract: Tract, polygons: list[Polygon], components: list[Component], districts: list[str], today: date
) -> list[Determination]:
    """A rubbish corner between two bodies, and a cover that nobody owned."""
    old = np.flatnonzero(tract.ground[tract.block] == Ground.OLD)
    cell = int(old[len(old) // 2]) if len(old) else 0
    corner, district = polygons[cell], districts[cell]
    west, south, east, north = corner.bounds
    yard = shapely.box(west, south, (west + east) / 2, (south + north) / 2).intersection(corner)
    rows = [
        Determination(
            code="DET-0001",
            department=f"CM-{district}",
            geometry=_polygonal(yard),
            categories=category_keys(DECIDED),
            basis=f"现场会商定责 joint decision on site; {INVENTED}",
            decided_on=today - timedelta(days=75),
            valid_from=today - timedelta(days=75),
        )
    ]
    ownerless = next((c for c in components if c.category.code == "0114" and c.code.startswith(district)), None)
    if ownerless:
        rows.append(
            Determination(
                code="DET-0002",
                department="CO-DRAIN",
                component=Key(ownerless.scheme, ownerless.code),
                basis=f"无主井盖认领 an ownerless cover is taken over; {INVENTED}",
                decided_on=today - timedelta(days=40),
                valid_from=today - timedelta(days=40),
            )
        )
    return rows


def _railway(tract: Tract, city: shapely.Geometry) -> Polygon | MultiPolygon:
    """A strip about 26 m wide through the south-east, in a curve over cells and streets, from rim to rim."""
    half = np.array([tract.lattice.width_m, tract.lattice.height_m]) / 2
    south, bend, east = np.array([[0.22, -1.05], [0.45, -0.2], [1.08, 0.08]]) * half
    t = np.linspace(0, 1, 60)[:, None]
    way = tract.warp.metres((1 - t) ** 2 * south + 2 * t * (1 - t) * bend + t**2 * east)
    strip = LineString(way).buffer(RAIL_HALF_WIDTH_M, cap_style="flat", quad_segs=4)
    return _polygonal(shapely.transform(strip, to_lonlat).intersection(city))


def _campus(tract: Tract, polygons: list[Polygon]) -> Polygon | MultiPolygon:
    """All cells of one block, west of the middle, drawn back a little from its streets."""
    blocks = np.flatnonzero(tract.ground != Ground.RIVER)
    middle = tract.blocks.corners(tract.plan)[blocks].mean(axis=1)
    place = np.array([-0.3, 0.05]) * [tract.lattice.width_m, tract.lattice.height_m]
    block = int(blocks[np.argmin(np.hypot(*(middle - place).T))])
    whole = shapely.coverage_union_all([polygons[i] for i in np.flatnonzero(tract.block == block).tolist()])
    inner = whole.buffer(-0.00012)
    return _polygonal(inner if Point(inner.centroid).within(whole) else whole)


def _polygonal(shape: shapely.Geometry) -> Polygon | MultiPolygon:
    if not isinstance(shape, Polygon | MultiPolygon) or shape.is_empty:
        raise TypeError("a patch needs a polygon")
    return shape
