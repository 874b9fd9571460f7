"""Places inside a layer that belong to nobody: holes of the union, and narrow gaps that are open at one end."""

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

from geodata.checks.context import CheckContext, polygons_of
from geodata.checks.measure import NOISE_M, SLIVER_M, rounded
from geodata.checks.sheets import Sheet
from gridsvc.model.issue import Issue
from gridsvc.model.territory import Layer

NARROW_GAP_M = 1.0
"""Up to this width a gap that is open at one end is looked for; wider ones are taken for the city's outline."""


def check_gaps(context: CheckContext, sheet: Sheet) -> Iterator[Issue]:
    """Holes with area and width; those that may be meant (a lake, an enclave) are accepted one by one."""
    holes = sheet.faces[sheet.depth == 0]
    gaps = context.local.unscale(np.concatenate([holes, _open_gaps(sheet, holes)]))
    areas, widths = context.ruler.measure(gaps)
    covered = _covered_by_areas(context, sheet, gaps)
    for gap, area, width, by_area in zip(gaps, areas, widths, covered, strict=True):
        if width <= NOISE_M:
            continue
        around = sheet.coverage.tree.query(context.local.scale(gap), predicate="dwithin", distance=SLIVER_M)
        yield context.found(
            _code(sheet, width, by_area),
            sheet.scheme,
            sheet.layer.value,
            (),
            gap,
            area_m2=rounded(area),
            width_m=rounded(width),
            between=", ".join(sheet.codes(np.sort(around))[:6]),
        )


def _code(sheet: Sheet, width: float, by_area: bool) -> str:
    if width <= SLIVER_M:
        return "GAP_SLIVER"
    if sheet.layer is Layer.AREAS:
        return "AREA_GAP"
    return "GAP_WITH_AREA" if by_area else "GAP"


def _covered_by_areas(context: CheckContext, sheet: Sheet, gaps: NDArray[np.object_]) -> NDArray[np.bool_]:
    drawn = [area for area in context.territory.areas if area.geometry is not None]
    if sheet.layer is Layer.AREAS or not drawn or len(gaps) == 0:
        return np.zeros(len(gaps), dtype=bool)
    tree = shapely.STRtree(polygons_of(drawn))
    gap, _ = tree.query(shapely.point_on_surface(gaps), predicate="intersects")
    return np.isin(np.arange(len(gaps)), gap)


def _open_gaps(sheet: Sheet, holes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Gaps up to `NARROW_GAP_M` wide that the outline of the layer runs into; `holes` are known already."""
    edges = _gap_edges(sheet.coverage.polygons)
    places = shapely.get_parts(shapely.buffer(edges, 2 * NARROW_GAP_M, quad_segs=2))
    if len(places) == 0:
        return np.empty(0, dtype=object)
    known = shapely.union_all(holes)
    return np.array([gap for place in places for gap in _closed_up(sheet, place, edges, known)], dtype=object)


def _gap_edges(polygons: NDArray[np.object_]) -> Geometry:
    """Edges along narrow gaps: those that are invalid only once narrow gaps are forbidden."""
    invalid = shapely.coverage_invalid_edges(polygons, gap_width=NARROW_GAP_M)
    where = ~shapely.is_missing(invalid) & ~shapely.is_empty(invalid)
    otherwise = shapely.coverage_invalid_edges(polygons[where])
    return shapely.difference(shapely.union_all(invalid[where]), shapely.union_all(otherwise))


def _closed_up(sheet: Sheet, place: Geometry, edges: Geometry, known: Geometry) -> Iterator[Geometry]:
    """What a closing by the width of a narrow gap would fill, where it lies between two features."""
    tree, polygons = sheet.coverage.tree, sheet.coverage.polygons
    near = polygons[tree.query(place, predicate="intersects")]
    ground = shapely.union_all(shapely.intersection(near, shapely.buffer(place, 2 * NARROW_GAP_M)))
    closed = shapely.buffer(shapely.buffer(ground, NARROW_GAP_M / 2), -NARROW_GAP_M / 2)
    for gap in shapely.get_parts(shapely.difference(closed, shapely.union(ground, known))):
        along = shapely.length(shapely.intersection(edges, shapely.buffer(gap, SLIVER_M)))
        if along > NARROW_GAP_M and len(tree.query(gap, predicate="intersects")) > 1:
            yield gap
