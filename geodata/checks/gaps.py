"""Places inside a layer that belong to nobody: holes of the union, and narrow gaps that are open at one end."""

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

from geodata.checks.context import CheckContext
from geodata.checks.measure import NOISE_M, SLIVER_M, rounded
from geodata.checks.sheets import Sheet
from gridsvc.model.issue import Issue
from gridsvc.model.territory import Layer

NARROW_GAP_M = 1.0
"""Up to this width a gap that is open at one end is looked for; wider ones are taken for the city's outline."""


def check_gaps(context: CheckContext, sheet: Sheet) -> Iterator[Issue]:
    """Gaps with area and width; those that may be meant (a lake, an enclave) are accepted one by one.

    Slivers are told together: layers whose sides were digitised apart have one along every edge.
    """
    holes = sheet.faces[sheet.depth == 0]
    gaps = context.local.unscale(np.concatenate([holes, _open_gaps(sheet, holes)]))
    areas, widths = context.ruler.measure(gaps)
    thin = (widths > NOISE_M) & (widths <= SLIVER_M)
    if thin.any():
        told = {"area_m2": rounded(areas[thin].sum()), "width_m": rounded(widths[thin].max()), "count": int(thin.sum())}
        place = shapely.MultiPolygon(list(gaps[thin]))
        yield context.found("GAP_SLIVER", sheet.scheme, sheet.layer.value, (), place, **told)
    wide = np.flatnonzero(widths > SLIVER_M)
    for index, by_area in zip(wide, _covered_by_areas(context, sheet, gaps[wide]), strict=True):
        around = sheet.coverage.tree.query(context.local.scale(gaps[index]), predicate="dwithin", distance=SLIVER_M)
        yield context.found(
            _code(sheet, by_area),
            sheet.scheme,
            sheet.layer.value,
            (),
            gaps[index],
            area_m2=rounded(areas[index]),
            width_m=rounded(widths[index]),
            between=", ".join(sheet.codes(np.sort(around))[:6]),
        )


def _code(sheet: Sheet, by_area: bool) -> str:
    if sheet.layer is Layer.AREAS:
        return "AREA_GAP"
    return "GAP_WITH_AREA" if by_area else "GAP"


def _covered_by_areas(context: CheckContext, sheet: Sheet, gaps: NDArray[np.object_]) -> NDArray[np.bool_]:
    drawn = [area for area in context.territory.areas if area.geometry is not None]
    if sheet.layer is Layer.AREAS or not drawn or len(gaps) == 0:
        return np.zeros(len(gaps), dtype=bool)
    tree = shapely.STRtree(context.polygons_of(drawn))
    gap, _ = tree.query(shapely.point_on_surface(gaps), predicate="intersects")
    return np.isin(np.arange(len(gaps)), gap)


def _open_gaps(sheet: Sheet, holes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Gaps up to `NARROW_GAP_M` wide that the outline of the layer runs into; `holes` are known already."""
    edges = _gap_edges(sheet.coverage.polygons)
    known = shapely.STRtree(holes)
    beside_hole, _ = known.query(shapely.line_interpolate_point(edges, 0.5, normalized=True), "dwithin", SLIVER_M)
    edges = np.delete(edges, beside_hole)
    places = shapely.get_parts(shapely.union_all(shapely.buffer(edges, 2 * NARROW_GAP_M, quad_segs=2)))
    found = [gap for place in places for gap in _closed_up(sheet, place, edges, holes[known.query(place)])]
    return np.array(found, dtype=object)


def _gap_edges(polygons: NDArray[np.object_]) -> NDArray[np.object_]:
    """Edges along narrow gaps: those that are invalid only once narrow gaps are forbidden."""
    invalid = shapely.coverage_invalid_edges(polygons, gap_width=NARROW_GAP_M)
    where = ~shapely.is_missing(invalid) & ~shapely.is_empty(invalid)
    edges, otherwise = (_segments(lines) for lines in (invalid[where], shapely.coverage_invalid_edges(polygons[where])))
    both = np.concatenate([edges, otherwise])
    _, number = np.unique(both[:, :, 0] + 1j * both[:, :, 1], return_inverse=True)
    name = number.reshape(-1, 2) @ np.array([len(both) * 2, 1])
    alone = edges[~np.isin(name[: len(edges)], name[len(edges) :])]
    return np.atleast_1d(np.asarray(shapely.linestrings(alone), dtype=object))


def _segments(lines: NDArray[np.object_]) -> NDArray[np.float64]:
    """(n, 2, 2): start and end of every straight piece."""
    xy, line = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    follows = line[1:] == line[:-1]
    return np.stack([xy[:-1][follows], xy[1:][follows]], axis=1)


def _closed_up(
    sheet: Sheet, place: Geometry, edges: NDArray[np.object_], holes: NDArray[np.object_]
) -> Iterator[Geometry]:
    """What a closing by the width of a narrow gap would fill, where it lies between two features."""
    tree, polygons = sheet.coverage.tree, sheet.coverage.polygons
    near = polygons[tree.query(place, predicate="intersects")]
    ground = shapely.union_all(shapely.intersection(near, shapely.buffer(place, 2 * NARROW_GAP_M)))
    closed = shapely.buffer(shapely.buffer(ground, NARROW_GAP_M / 2), -NARROW_GAP_M / 2)
    gaps = shapely.get_parts(shapely.difference(closed, shapely.union_all([ground, *holes])))
    gap, edge = shapely.STRtree(edges).query(gaps, predicate="dwithin", distance=SLIVER_M)
    along = np.bincount(gap, shapely.length(edges)[edge], minlength=len(gaps))
    for index in np.flatnonzero(along > NARROW_GAP_M):
        if len(tree.query(gaps[index], predicate="intersects")) > 1:
            yield gaps[index]
