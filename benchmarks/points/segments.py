"""The nearest of many segments within 50 m of each place, places already projected: ours and shapely's tree."""

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import shapely

from benchmarks.points.ground import Floats, Shapes
from benchmarks.points.timing import Answer, Ask, Contestant
from gridsvc.index import plain_kernels
from gridsvc.index.compile import compile_territory
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.engine import engine
from gridsvc.index.layout import Places
from gridsvc.index.territory.segment_choice import choose_segments
from gridsvc.model.territory import Segment, SegmentKind, Territory

CRS, RADIUS_M = "EPSG:32650", 50.0


def compile_streets(lines: Shapes) -> CompiledEdition:
    """An edition of nothing but segments, in the order given."""
    segments = tuple(
        Segment("STREET_LOCAL", f"{number:08d}", "", SegmentKind.STREET, line) for number, line in enumerate(lines)
    )
    return compile_territory(1, datetime(2026, 1, 1, tzinfo=UTC), Territory(CRS, segments=segments))


def segment_contestants(edition: CompiledEdition, most: int) -> Iterator[Contestant]:
    """Ours by its kernels; by numpy from degrees on, which it projects itself; and shapely."""

    def ours(lon: Floats, lat: Floats) -> Ask:
        x, y = edition.plane.project(lon, lat)
        nowhere = np.full(len(lon), -1, np.int32)
        places = Places(x, y, nowhere, nowhere)

        def ask() -> Answer:
            found = engine().choose_segments(edition.segments.arrays, places, RADIUS_M)
            if found.is_doubtful.any():
                raise AssertionError("random places are on no line, and no place has hundreds of segments around it")
            return found.segment.astype(np.int64)

        return ask

    def by_numpy(lon: Floats, lat: Floats) -> Ask:
        nowhere = np.full(len(lon), -1, np.int32)
        return lambda: choose_segments(edition, lon, lat, nowhere, RADIUS_M).chosen.segment.astype(np.int64)

    lines = _projected(edition)
    tree = shapely.STRtree(lines)

    def by_shapely(lon: Floats, lat: Floats) -> Ask:
        points = shapely.points(*edition.plane.project(lon, lat))

        def ask() -> Answer:
            point, line = tree.query_nearest(points, max_distance=RADIUS_M, all_matches=False)
            winner = np.full(len(points), -1)
            winner[point] = line
            return winner

        return ask

    yield Contestant("gridsvc", most, ours)
    yield Contestant("gridsvc, numpy kernels, with projecting", most // 50, by_numpy, kernels=plain_kernels)
    yield Contestant("shapely query_nearest", most // 50, by_shapely)


def _projected(edition: CompiledEdition) -> Shapes:
    def project(xy: Floats) -> Floats:
        return np.column_stack(edition.plane.project(xy[:, 0], xy[:, 1]))

    lines: Shapes = shapely.transform(np.array([item.geometry for item in edition.segments.items], object), project)
    return lines


def clear_places(edition: CompiledEdition, lon: Floats, lat: Floats, compared: int) -> tuple[Floats, Floats]:
    """The places without those, among the first ones that may be compared, whose nearest segment does not lead by 2 mm:
    gridsvc compares in millimetres, shapely in doubles.
    """
    points, lines = shapely.points(*edition.plane.project(lon[:compared], lat[:compared])), _projected(edition)
    near = shapely.STRtree(lines).query_nearest(points, max_distance=RADIUS_M + 1.0, all_matches=False)
    least = np.full(len(points), np.inf)
    least[near[0]] = shapely.distance(points[near[0]], lines[near[1]])
    reach = np.where(np.isfinite(least), least + 0.002, 0.0)
    point, _ = shapely.STRtree(lines).query(points, predicate="dwithin", distance=reach)
    is_kept = np.ones(len(lon), np.bool_)
    is_kept[:compared] = (np.bincount(point, minlength=len(points)) <= 1) & (np.abs(least - RADIUS_M) > 0.002)
    return lon[is_kept], lat[is_kept]
