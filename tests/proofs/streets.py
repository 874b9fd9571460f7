"""Nearest segments on real street networks: distances to 1e-6 m, winners where the runner-up is 1 mm farther.

The independent answer is shapely's: its tree finds every line within the radius and its distance measures them, on
lines projected here by pyproj. For tracks with a known route, the share of fixes whose chosen segment lies on
the true route is held against plain nearest, computed in the same run.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyogrio
import pyproj
import shapely
from numpy.typing import NDArray

from gridsvc.datum.plane import default_crs
from gridsvc.index.compile import compile_territory
from gridsvc.index.compiled import CompiledEdition
from gridsvc.index.territory.segments import near_segments
from gridsvc.model.places import BoundingBox
from gridsvc.model.territory import Segment, SegmentKind, Territory
from tests.fixtures.real_layers import Track, read_beijing_streets, read_futian_streets, read_track
from tests.proofs.choices import compare_choices
from tests.proofs.row import Row

RADIUS_M, EQUAL_M, APART_M = 50.0, 1e-6, 1e-3
Points = NDArray[np.float64]


def prove_streets(real_data: Callable[[str], Path], *, sample: bool) -> list[Row]:
    """Three rows per network, and one for the share of fixes on the true route."""
    count, in_bulk = (2_000, 2_000) if sample else (100_000, 2_500_000)
    rows = []
    for name, segments in _networks(real_data):
        edition = _edition(segments)
        rows.append(compare(name, edition, _random(segments, count)))
        rows += compare_choices(name, edition, _random(segments, in_bulk), RADIUS_M)
    folders = sorted(path for path in real_data("mapmatch_truth").iterdir() if path.is_dir())
    return rows + _tracks(folders[:2] if sample else folders, 2_000 if sample else 1_000_000)


def compare(name: str, edition: CompiledEdition, points: Points) -> Row:
    """Ours against shapely on one network, by arrays."""
    ours = _ours(edition, points)
    truth = _shapely(edition.crs, edition.segments.items, points)
    remark = f"{len(edition.segments)} segments"
    return Row(f"nearest segment, {name}", "shapely", len(points), _differences(ours, truth), remark)


def _networks(real_data: Callable[[str], Path]) -> Iterator[tuple[str, Sequence[Segment]]]:
    yield "Beijing", read_beijing_streets(real_data("beijing_sparsetaxi"))
    yield "Futian", read_futian_streets(real_data("shenzhen_shanghai_tbd"))
    for place in ("portland-central", "oslo-east"):
        yield place.split("-")[0].title(), _osm(real_data("osm_pbf_named_streets") / f"{place}-filtered.osm.pbf")


def _osm(file: Path) -> Sequence[Segment]:
    pyogrio.set_gdal_config_options({"OSM_USE_CUSTOM_INDEXING": "NO"})
    frame = pyogrio.read_dataframe(file, layer="lines", columns=["osm_id", "name"])
    named = frame[frame["name"].notna()]
    rows = zip(named["osm_id"], named["name"], named.geometry, strict=True)
    return tuple(Segment("STREET_LOCAL", code, name, SegmentKind.STREET, line) for code, name, line in rows)


def _random(segments: Sequence[Segment], count: int) -> Points:
    """Half anywhere in the network's box, half a few metres beside its vertices, where ties are."""
    rng = np.random.default_rng(11)
    vertices = shapely.get_coordinates([segment.geometry for segment in segments])
    anywhere = rng.uniform(vertices.min(axis=0), vertices.max(axis=0), (count // 2, 2))
    beside = vertices[rng.integers(0, len(vertices), count - len(anywhere))]
    return np.concatenate([anywhere, beside + rng.normal(0, 1e-4, beside.shape)])


def _tracks(folders: Sequence[Path], limit: int) -> list[Row]:
    cases = differences = ours_on_route = plain_on_route = matched = 0
    for folder in folders:
        track = read_track(folder)
        edition, fixes = _edition(track.arcs), track.fixes[:limit]
        ours, truth = _ours(edition, fixes), _shapely(edition.crs, edition.segments.items, fixes)
        differences += _differences(ours, truth)
        on_route = _on_route(track, edition)
        ours_on_route += int(np.count_nonzero(on_route[ours[0]]))
        plain_on_route += int(np.count_nonzero(on_route[truth[0]]))
        cases, matched = cases + len(fixes), matched + int(np.count_nonzero(truth[0] >= 0))
    share, plain = ours_on_route / matched, plain_on_route / matched
    remark = f"{share:.2%} of the fixes within {RADIUS_M:.0f} m lie on the true route; plain nearest {plain:.2%}"
    return [
        Row(f"nearest segment, {len(folders)} tracks", "shapely", cases, differences),
        Row("segment on the true route", "plain nearest", matched, max(0, plain_on_route - ours_on_route), remark),
    ]


def _on_route(track: Track, edition: CompiledEdition) -> NDArray[np.bool_]:
    """Per segment (and False for "none"): the true route uses it or the arc of the same street the other way."""
    ends = {tuple(sorted(arc.geometry.coords)) for arc in track.arcs if arc.code in track.route}
    return np.array([*(tuple(sorted(segment.geometry.coords)) in ends for segment in edition.segments.items), False])


def _edition(segments: Sequence[Segment]) -> CompiledEdition:
    west, south, east, north = shapely.total_bounds([segment.geometry for segment in segments])
    crs = default_crs(BoundingBox(west, south, east, north))
    return compile_territory(1, datetime(2026, 1, 1, tzinfo=UTC), Territory(crs, segments=tuple(segments)))


def _ours(edition: CompiledEdition, points: Points) -> tuple[NDArray[np.int64], Points, Points]:
    near = near_segments(edition, points[:, 0], points[:, 1], RADIUS_M)
    return _best(near.point, near.segment, near.distance_m, len(points))


def _shapely(crs: str, segments: Sequence[Segment], points: Points) -> tuple[NDArray[np.int64], Points, Points]:
    project = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform
    shapes = np.array([segment.geometry for segment in segments], dtype=object)
    lines = shapely.transform(shapes, lambda xy: np.column_stack(project(xy[:, 0], xy[:, 1])))
    places = shapely.points(*project(points[:, 0], points[:, 1]))
    rows, found = shapely.STRtree(lines).query(places, predicate="dwithin", distance=RADIUS_M)
    return _best(rows, found, shapely.distance(places[rows], lines[found]), len(points))


def _best(
    point: NDArray[np.int64], segment: NDArray[np.int64], distance: Points, count: int
) -> tuple[NDArray[np.int64], Points, Points]:
    """Per point: nearest segment (lowest index among equals, -1 none), its distance, the runner-up's distance."""
    order = np.lexsort((segment, np.round(distance, 6), point))
    point, segment, distance = point[order], segment[order], distance[order]
    winner, least, second = np.full(count, -1), np.full(count, np.inf), np.full(count, np.inf)
    owners, first = np.unique(point, return_index=True)
    winner[owners], least[owners] = segment[first], distance[first]
    follows = first + 1 < np.append(first[1:], len(point))
    second[owners[follows]] = distance[first[follows] + 1]
    return winner, least, second


def _differences(
    ours: tuple[NDArray[np.int64], Points, Points], truth: tuple[NDArray[np.int64], Points, Points]
) -> int:
    both = np.isfinite(ours[1]) & np.isfinite(truth[1])
    with np.errstate(invalid="ignore"):  # ∞ - ∞ where neither found anything
        apart, lead = np.abs(ours[1] - truth[1]), truth[2] - truth[1]
    distance_differs = both & (apart > EQUAL_M)
    # On the rim of the radius the last bit decides who sees a segment at all.
    rim = np.minimum(ours[1], truth[1]) > RADIUS_M - EQUAL_M
    found_differs = (np.isfinite(ours[1]) != np.isfinite(truth[1])) & ~rim
    winner_differs = both & (ours[0] != truth[0]) & (lead >= APART_M)
    return int(np.count_nonzero(distance_differs | found_differs | winner_differs))
